//! [`Clean`]: the mark of an orderly stop. It says what the index's files were then, byte for byte as a checksum each.
//!
//! While they still are, the index is the one that was in use, and a start need not read all its entries to know that none is missing.
//! The mark goes before the index is opened; after any other stop, and where a byte differs, every entry is read as ever.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{Read, Write},
    path::Path,
};

use super::{Error, codec};

const FILE: &str = "clean";
const VERSION: u8 = 1;
/// Bytes that are read at once.
const PIECE: usize = 256 << 10;

/// Length and CRC32C of every file of a folder, by path.
type Files = BTreeMap<String, (u64, u32)>;

/// What is known of an index before it is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clean {
    /// Its files are as an orderly stop left them.
    AsLeft,
    /// Nothing.
    Unknown,
}

impl Clean {
    /// Takes the mark away from the state folder `dir` and compares it with the index in `index`.
    pub(super) fn take(dir: &Path, index: &Path) -> Self {
        let place = dir.join(FILE);
        let Ok(sealed) = fs::read(&place) else { return Self::Unknown };
        let _ = fs::remove_file(&place);
        let left: Option<Files> = codec::unseal(FILE, VERSION, &sealed).ok();
        if left.is_some() && left == files(index).ok() { Self::AsLeft } else { Self::Unknown }
    }

    /// Leaves the mark. Nobody may have the index open.
    pub(super) fn leave(dir: &Path, index: &Path) -> Result<(), Error> {
        let (new, place) = (dir.join("clean.new"), dir.join(FILE));
        let io = |e| Error::io("write", &place, e);
        let sealed = codec::seal(VERSION, &files(index).map_err(io)?)?;
        let mut file = File::create(&new).map_err(io)?;
        file.write_all(&sealed).and_then(|()| file.sync_all()).map_err(io)?;
        fs::rename(&new, &place).map_err(io)
    }
}

fn files(folder: &Path) -> std::io::Result<Files> {
    let mut found = Files::new();
    let mut open = vec![folder.to_owned()];
    let mut piece = vec![0; PIECE];
    while let Some(dir) = open.pop() {
        for entry in fs::read_dir(&dir)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let mut file = File::open(&path)?;
            let (mut length, mut sum) = (0, 0);
            loop {
                let read = file.read(&mut piece)?;
                if read == 0 {
                    break;
                }
                length += read as u64;
                sum = crc32c::crc32c_append(sum, piece.get(..read).unwrap_or_default());
            }
            let name = path.strip_prefix(folder).unwrap_or(&path).to_string_lossy().into_owned();
            found.insert(name, (length, sum));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_untouched_files_are_as_they_were_left() {
        let dir = tempfile::tempdir().unwrap();
        let index = dir.path().join("index");
        fs::create_dir_all(index.join("blobs")).unwrap();
        let db = index.join("db");
        let changes: [&dyn Fn(); 5] = [
            &|| fs::write(&db, b"as it wAs").unwrap(),
            &|| fs::write(&db, b"as it wa").unwrap(),
            &|| fs::remove_file(&db).unwrap(),
            &|| fs::write(index.join("snap.1"), b"").unwrap(),
            &|| fs::write(dir.path().join(FILE), b"no mark").unwrap(),
        ];
        for change in changes {
            let _ = fs::remove_file(index.join("snap.1"));
            fs::write(&db, b"as it was").unwrap();
            Clean::leave(dir.path(), &index).unwrap();
            assert_eq!(Clean::take(dir.path(), &index), Clean::AsLeft);
            assert_eq!(Clean::take(dir.path(), &index), Clean::Unknown, "the mark is good for one start");
            Clean::leave(dir.path(), &index).unwrap();
            change();
            assert_eq!(Clean::take(dir.path(), &index), Clean::Unknown);
        }
    }
}
