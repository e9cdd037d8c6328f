//! The file layer under the journal: [`Disk`], [`DiskFile`] and [`DiskReader`], and [`RealDisk`], the one that programs use.
//!
//! The journal touches files through it alone, so that a test can put a disk under it that forgets what was never synced.

use std::{
    fmt::Debug,
    fs::{self, File, OpenOptions},
    io::{self, Write},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU64, Ordering},
};

/// An open file that is only ever appended to.
pub(super) trait DiskFile: Send + Debug {
    /// Writes at the end.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;
    /// Returns when everything appended is on the disk.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts the file.
    fn cut(&mut self, len: u64) -> io::Result<()>;
}

/// An open file that is read in pieces. It stays readable when its name is removed or given to another file.
pub(super) trait DiskReader: Send + Sync + Debug {
    /// The `len` bytes from `at` on; fewer where the file ends.
    fn piece(&self, at: u64, len: usize) -> io::Result<Vec<u8>>;
    /// All bytes.
    fn whole(&self) -> io::Result<Vec<u8>>;
}

impl DiskReader for Vec<u8> {
    fn piece(&self, at: u64, len: usize) -> io::Result<Vec<u8>> {
        let rest = usize::try_from(at).ok().and_then(|at| self.get(at..)).unwrap_or_default();
        Ok(rest.get(..len).unwrap_or(rest).to_vec())
    }

    fn whole(&self) -> io::Result<Vec<u8>> {
        Ok(self.clone())
    }
}

/// A file system, as far as the journal needs one.
pub(super) trait Disk: Send + Sync + Debug {
    /// Creates an empty file; replaces one that is there.
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Opens an existing file to append.
    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>>;
    /// Reads a whole file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;
    /// Opens a file to read pieces of it.
    fn reader(&self, path: &Path) -> io::Result<Box<dyn DiskReader>> {
        Ok(Box::new(self.read(path)?))
    }
    /// Reads up to `len` first bytes of a file.
    fn head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>>;
    /// File names in a folder with their sizes.
    fn list(&self, dir: &Path) -> io::Result<Vec<(String, u64)>>;
    /// Gives a file another name, replacing what had it.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Returns when names made, changed and removed in a folder are on the disk.
    fn sync_dir(&self, dir: &Path) -> io::Result<()>;
    /// Bytes that may still be written.
    fn free(&self, dir: &Path) -> io::Result<u64>;
    /// How often a file or folder was synced.
    fn syncs(&self) -> u64;
}

/// The system's own file system.
#[derive(Debug, Default)]
pub(super) struct RealDisk {
    syncs: std::sync::Arc<AtomicU64>,
}

#[derive(Debug)]
struct RealFile {
    file: File,
    syncs: std::sync::Arc<AtomicU64>,
}

impl DiskFile for RealFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        self.file.sync_data()
    }

    fn cut(&mut self, len: u64) -> io::Result<()> {
        self.file.set_len(len)
    }
}

impl DiskReader for File {
    fn piece(&self, at: u64, len: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; len];
        let mut have = 0;
        while let Some(rest) = bytes.get_mut(have..).filter(|rest| !rest.is_empty()) {
            match self.read_at(rest, at.saturating_add(have as u64)) {
                Ok(0) => break,
                Ok(more) => have += more,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        bytes.truncate(have);
        Ok(bytes)
    }

    fn whole(&self) -> io::Result<Vec<u8>> {
        let len = self.metadata()?.len();
        self.piece(0, usize::try_from(len).unwrap_or(usize::MAX))
    }
}

impl Disk for RealDisk {
    fn create(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().create(true).truncate(true).write(true).open(path)?;
        drop(file);
        self.open(path)
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = OpenOptions::new().append(true).open(path)?;
        Ok(Box::new(RealFile { file, syncs: self.syncs.clone() }))
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn reader(&self, path: &Path) -> io::Result<Box<dyn DiskReader>> {
        Ok(Box::new(File::open(path)?))
    }

    fn head(&self, path: &Path, len: usize) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(len);
        io::Read::read_to_end(&mut io::Read::take(File::open(path)?, len as u64), &mut bytes)?;
        Ok(bytes)
    }

    fn list(&self, dir: &Path) -> io::Result<Vec<(String, u64)>> {
        let mut found = Vec::new();
        for entry in fs::read_dir(dir)? {
            let entry = entry?;
            if let (Ok(name), Ok(meta)) = (entry.file_name().into_string(), entry.metadata())
                && meta.is_file()
            {
                found.push((name, meta.len()));
            }
        }
        Ok(found)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn sync_dir(&self, dir: &Path) -> io::Result<()> {
        self.syncs.fetch_add(1, Ordering::Relaxed);
        File::open(dir)?.sync_all()
    }

    fn free(&self, dir: &Path) -> io::Result<u64> {
        let found = rustix::fs::statvfs(dir)?;
        Ok(found.f_bavail.saturating_mul(found.f_frsize))
    }

    fn syncs(&self) -> u64 {
        self.syncs.load(Ordering::Relaxed)
    }
}

/// Bytes of all files under a folder; what cannot be read counts nothing.
pub(super) fn folder_bytes(dir: &Path) -> u64 {
    let mut open: Vec<PathBuf> = vec![dir.to_owned()];
    let mut total = 0;
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(meta) if meta.is_dir() => open.push(entry.path()),
                Ok(meta) => total += meta.len(),
                Err(_) => {}
            }
        }
    }
    total
}
