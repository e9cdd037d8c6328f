//! A whole store in one file, taken while the daemon runs, and back.
//!
//! ```text
//! "tearsbak" · format u8 · { name length u16 LE · name · length u64 LE · bytes }… · 0 u16 · SHA-256 of all before
//! ```
//! It holds the journal alone: the index is made again from it. A file that is cut, changed or newer is refused before a byte is restored.

use std::{
    fs::{self, File},
    io::{self, BufReader, Read},
    path::{Path, PathBuf},
};

use sha2::{Digest, Sha256};

use super::{
    Error, Shared, Store,
    disk::{Disk, DiskFile, RealDisk},
    journal,
    open::JOURNAL,
};

const MAGIC: &[u8; 8] = b"tearsbak";
const FORMAT: u8 = 1;
/// Bytes of the hash at the end.
const TRAILER: u64 = 32;
/// Where a restored journal grows before it gets its name.
const RESTORING: &str = "journal.restoring";

/// Passes bytes on, remembers their hash and how many they were.
struct Hashed {
    to: Box<dyn DiskFile>,
    hash: Sha256,
    bytes: u64,
}

impl Hashed {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.to.append(bytes)?;
        self.hash.update(bytes);
        self.bytes += bytes.len() as u64;
        Ok(())
    }
}

impl Store {
    /// Writes everything acknowledged so far to the file `to`, while visits go on. The file gets its name once it is whole; how many
    /// bytes it has is returned. An earlier backup of that name is replaced then; no other file is.
    ///
    /// # Errors
    /// [`Error::Full`] and [`Error::Io`] where the file cannot be written, [`Error::Refused`] where something else has its name.
    pub fn backup(&self, to: &Path) -> Result<u64, Error> {
        if !is_free(to)? {
            let text = format!("{} is there already and is no backup: name another file", to.display());
            return Err(Error::Refused(text));
        }
        self.shared.backup(to)
    }

    /// Makes a store in `dir`, which must hold none, from a backup.
    ///
    /// # Errors
    /// [`Error::Refused`] where there is a store already or the file is cut or damaged, [`Error::Newer`] where a newer program wrote it.
    pub fn restore(from: &Path, dir: &Path) -> Result<(), Error> {
        let (file, length) = reader(from)?;
        check(file, length, from)?;
        fs::create_dir_all(dir).map_err(|e| Error::io("make", dir, e))?;
        let _lock = super::lock(dir)?;
        let journal = dir.join(JOURNAL);
        // A copy that was left would be taken for what its journal lost.
        let left = [journal.clone(), journal::folder_of_copies(&journal), dir.join(super::open::INDEX)];
        if left.iter().any(|folder| folder.exists()) {
            let text = format!("{} holds a store already: restore into an empty folder", dir.display());
            return Err(Error::Refused(text));
        }
        let growing = dir.join(RESTORING);
        if growing.exists() {
            fs::remove_dir_all(&growing).map_err(|e| Error::io("remove", &growing, e))?;
        }
        fs::create_dir(&growing).map_err(|e| Error::io("make", &growing, e))?;
        let disk = RealDisk::default();
        let (file, _) = reader(from)?;
        let unpacked = unpack(file, from, &disk, &growing).and_then(|()| {
            let found = journal::read_all(&disk, &growing, 0, &mut |_, _| Ok(()))?;
            match found.damage.first() {
                Some(damage) => Err(Error::Damaged(format!("the backed up journal: {damage}"))),
                None => Ok(()),
            }
        });
        if let Err(error) = unpacked {
            let _ = fs::remove_dir_all(&growing);
            return Err(error);
        }
        sync(&growing)?;
        fs::rename(&growing, &journal).map_err(|e| Error::io("rename", &growing, e))?;
        sync(dir)
    }
}

/// Whether a backup may take the name: nothing has it, or an earlier backup does, or a file without content.
fn is_free(to: &Path) -> Result<bool, Error> {
    let io = |e| Error::io("read", to, e);
    let mut file = match File::open(to) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(io(error)),
    };
    let about = file.metadata().map_err(io)?;
    let mut magic = [0; MAGIC.len()];
    Ok(about.is_file() && (about.len() == 0 || (file.read_exact(&mut magic).is_ok() && &magic == MAGIC)))
}

fn sync(dir: &Path) -> Result<(), Error> {
    File::open(dir).and_then(|dir| dir.sync_all()).map_err(|e| Error::io("sync", dir, e))
}

impl Shared {
    pub(super) fn backup(&self, to: &Path) -> Result<u64, Error> {
        // Files that are sealed stay as they are meanwhile, and of the one being written only what is acknowledged is taken.
        let _still = self.still();
        self.mend_first()?;
        let extent = match &self.lock_writer().journal {
            Some(journal) => journal.extent(),
            None => {
                let dir = self.dir.join(JOURNAL);
                let files = journal::files(&*self.disk, &dir)?;
                files.into_iter().map(|(number, bytes)| (dir.join(journal::name(number)), bytes)).collect()
            }
        };
        write(&*self.disk, &extent, to)
    }
}

/// Writes the files of `extent`, each as far as it says, to the file `to`, which gets its name once it is whole.
pub(super) fn write(disk: &dyn Disk, extent: &[(PathBuf, u64)], to: &Path) -> Result<u64, Error> {
    let mut partial = to.as_os_str().to_owned();
    partial.push(".partial");
    let partial = PathBuf::from(partial);
    let written = pack(disk, extent, &partial).and_then(|bytes| {
        disk.rename(&partial, to).map_err(|e| Error::io("rename", &partial, e))?;
        let dir = to.parent().filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."));
        disk.sync_dir(dir).map_err(|e| Error::io("sync", dir, e)).map(|()| bytes)
    });
    if written.is_err() {
        let _ = disk.remove(&partial);
    }
    written
}

fn pack(disk: &dyn Disk, extent: &[(PathBuf, u64)], to: &Path) -> Result<u64, Error> {
    let io = |e| Error::io("write", to, e);
    let mut out = Hashed { to: disk.create(to).map_err(io)?, hash: Sha256::new(), bytes: 0 };
    out.append(MAGIC).and_then(|()| out.append(&[FORMAT])).map_err(io)?;
    for (path, length) in extent {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let mut head = u16::try_from(name.len()).unwrap_or(0).to_le_bytes().to_vec();
        head.extend_from_slice(name.as_bytes());
        head.extend_from_slice(&length.to_le_bytes());
        out.append(&head).map_err(io)?;
        let bytes = disk.read(path).map_err(|e| Error::io("read", path, e))?;
        let taken = usize::try_from(*length).ok().and_then(|length| bytes.get(..length));
        let taken = taken.ok_or_else(|| Error::Damaged(format!("the journal ({name} is shorter than it was)")))?;
        out.append(taken).map_err(io)?;
    }
    out.append(&[0, 0]).map_err(io)?;
    let Hashed { mut to, hash, bytes } = out;
    to.append(&hash.finalize()).and_then(|()| to.sync()).map_err(io)?;
    Ok(bytes + TRAILER)
}

fn reader(from: &Path) -> Result<(BufReader<File>, u64), Error> {
    let file = File::open(from).map_err(|e| Error::io("open", from, e))?;
    let length = file.metadata().map_err(|e| Error::io("read", from, e))?.len();
    Ok((BufReader::new(file), length))
}

/// Whether the `length` bytes of `file` are a whole backup of a format that is known; `from` names it.
pub(super) fn check(mut file: impl Read, length: u64, from: &Path) -> Result<(), Error> {
    let io = |e| Error::io("read", from, e);
    let refused = |why: &str| Error::Refused(format!("{} {why}: take another backup", from.display()));
    let mut head = [0; 9];
    if length < TRAILER + 11 || file.read_exact(&mut head).is_err() {
        return Err(refused("is no whole backup"));
    }
    let [magic @ .., format] = head;
    if &magic != MAGIC {
        return Err(refused("is no backup of this program"));
    }
    let mut hash = Sha256::new();
    hash.update(head);
    let mut body = file.by_ref().take(length - TRAILER - 9);
    let mut block = vec![0; 1 << 16];
    loop {
        let read = body.read(&mut block).map_err(io)?;
        if read == 0 {
            break;
        }
        hash.update(block.get(..read).unwrap_or_default());
    }
    let mut trailer = [0; 32];
    file.read_exact(&mut trailer).map_err(io)?;
    if hash.finalize().as_slice() != trailer {
        return Err(refused("is cut or damaged"));
    }
    if format > FORMAT {
        return Err(Error::Newer { what: format!("the backup {}", from.display()), found: format, known: FORMAT });
    }
    Ok(())
}

/// Writes the journal files of a checked backup into `dir`.
pub(super) fn unpack(mut file: impl Read, from: &Path, disk: &dyn Disk, dir: &Path) -> Result<(), Error> {
    let io = |e| Error::io("read", from, e);
    let mut head = [0; 9];
    file.read_exact(&mut head).map_err(io)?;
    loop {
        let mut size = [0; 2];
        file.read_exact(&mut size).map_err(io)?;
        let size = u16::from_le_bytes(size);
        if size == 0 {
            return Ok(());
        }
        let mut name = vec![0; usize::from(size)];
        let mut length = [0; 8];
        file.read_exact(&mut name).and_then(|()| file.read_exact(&mut length)).map_err(io)?;
        let name = String::from_utf8_lossy(&name).into_owned();
        let Some(number) = journal::number_of(&name) else {
            return Err(Error::Refused(format!("{} holds a file that is none of the journal's", from.display())));
        };
        let path = dir.join(journal::name(number));
        let write = |e| Error::io("write", &path, e);
        let mut bytes = Vec::new();
        file.by_ref().take(u64::from_le_bytes(length)).read_to_end(&mut bytes).map_err(io)?;
        let mut to = disk.create(&path).map_err(write)?;
        to.append(&bytes).and_then(|()| to.sync()).map_err(write)?;
    }
}
