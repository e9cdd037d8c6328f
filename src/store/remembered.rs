//! [`Remembered`]: histories and other small things that only the index has, kept in a file of their own as well.
//!
//! ```text
//! file:  version u8 · entries
//! entry: length of key u32 LE · length of value u32 LE · crc32c u32 LE of key and value · key · value
//! ```
//! The file is written when the store is tidied and closed. An index that is made again from the journal gets from it when sources are due,
//! their validators, and the rules that were found for their pages; without it all of that would have to be found anew.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::Path,
};

use super::{
    Error,
    codec::{self, Block},
    index::Index,
};

/// A key and its value.
type Entry = (Vec<u8>, Vec<u8>);

const FILE: &str = "remembered";
/// Newest form of the file.
const VERSION: u8 = 2;
/// The form of one sealed list of all entries, which took several times the file's size in memory.
const SEALED: u8 = 1;

/// Keys of the index outside the journal, and their sealed values.
#[derive(Debug, Default)]
pub(super) struct Remembered(BTreeMap<Vec<u8>, Vec<u8>>);

impl Remembered {
    /// What the file in `dir` has; nothing from where on it cannot be read.
    pub(super) fn read(dir: &Path) -> Self {
        let bytes = fs::read(dir.join(FILE)).unwrap_or_default();
        match bytes.split_first() {
            Some((&VERSION, entries)) => Self(
                std::iter::successors(Some((None, entries)), |(_, rest)| {
                    let (entry, rest) = open(rest)?;
                    Some((Some(entry), rest))
                })
                .filter_map(|(entry, _)| entry)
                .collect(),
            ),
            Some((&SEALED, _)) => {
                let entries: Vec<(Block, Block)> = codec::unseal(FILE, SEALED, &bytes).unwrap_or_default();
                Self(entries.into_iter().map(|(key, value)| (key.0, value.0)).collect())
            }
            _ => Self::default(),
        }
    }

    /// What `index` has, as far as it can be read.
    pub(super) fn of(index: &Index) -> Self {
        let mut found = Self::default();
        found.take(index);
        found
    }

    /// Takes what an index has that is about to go, as far as it can be read. It is newer than the file.
    pub(super) fn take(&mut self, index: &Index) {
        let _ = index.beside(&mut |key, value| {
            self.0.insert(key.to_vec(), value.to_vec());
            Ok(())
        });
    }

    /// Gives it to a new index.
    pub(super) fn give(&self, index: &Index) -> Result<(), Error> {
        index.give(&self.0)
    }

    /// Writes the file anew.
    pub(super) fn write(dir: &Path, index: &Index) -> Result<(), Error> {
        let (new, place) = (dir.join("remembered.new"), dir.join(FILE));
        let io = |e| Error::io("write", &place, e);
        let mut file = BufWriter::new(File::create(&new).map_err(io)?);
        file.write_all(&[VERSION]).map_err(io)?;
        index.beside(&mut |key, value| write(&mut file, key, value).map_err(io))?;
        let file = file.into_inner().map_err(|e| io(e.into_error()))?;
        file.sync_all().map_err(io)?;
        fs::rename(&new, &place).map_err(io)
    }
}

fn write(to: &mut impl Write, key: &[u8], value: &[u8]) -> io::Result<()> {
    let length = |bytes: &[u8]| u32::try_from(bytes.len()).map_err(io::Error::other);
    to.write_all(&length(key)?.to_le_bytes())?;
    to.write_all(&length(value)?.to_le_bytes())?;
    to.write_all(&sum(key, value).to_le_bytes())?;
    to.write_all(key)?;
    to.write_all(value)
}

/// The first entry of `bytes`, if it is whole, and what follows.
fn open(bytes: &[u8]) -> Option<(Entry, &[u8])> {
    let (key, rest) = bytes.split_first_chunk()?;
    let (value, rest) = rest.split_first_chunk()?;
    let (told, rest) = rest.split_first_chunk()?;
    let (key, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*key)).ok()?)?;
    let (value, rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*value)).ok()?)?;
    (sum(key, value) == u32::from_le_bytes(*told)).then(|| ((key.to_vec(), value.to_vec()), rest))
}

fn sum(key: &[u8], value: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(key), value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_come_back_up_to_the_first_that_is_damaged() {
        let entries = [(&b"h1"[..], &b"one"[..]), (b"h2", b""), (b"h3", b"three")];
        let mut bytes = Vec::new();
        for (key, value) in entries {
            write(&mut bytes, key, value).unwrap();
        }
        let dir = tempfile::tempdir().unwrap();
        let read = |bytes: &[u8]| {
            fs::write(dir.path().join(FILE), [&[VERSION], bytes].concat()).unwrap();
            Remembered::read(dir.path()).0.len()
        };
        assert_eq!(read(&bytes), 3);
        for end in 0..bytes.len() {
            assert!(read(bytes.get(..end).unwrap()) < 3);
        }
        *bytes.last_mut().unwrap() ^= 1;
        assert_eq!(read(&bytes), 2);
        let old = codec::seal(SEALED, &vec![(Block(b"h1".to_vec()), Block(b"one".to_vec()))]).unwrap();
        fs::write(dir.path().join(FILE), old).unwrap();
        assert_eq!(Remembered::read(dir.path()).0.into_values().collect::<Vec<_>>(), [b"one"]);
    }
}
