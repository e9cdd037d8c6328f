//! [`Remembered`]: histories and other small things that only the index has, kept in a file of their own as well.
//!
//! The file is written when the store is tidied and closed. An index that is made again from the journal gets from it when sources are due,
//! their validators, and the rules that were found for their pages; without it all of that would have to be found anew.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::Write,
    path::Path,
};

use super::{
    Error,
    codec::{self, Block},
    index::Index,
};

const FILE: &str = "remembered";
const VERSION: u8 = 1;

/// Keys of the index outside the journal, and their sealed values.
#[derive(Debug, Default)]
pub(super) struct Remembered(BTreeMap<Vec<u8>, Vec<u8>>);

impl Remembered {
    /// What the file in `dir` has; nothing where it cannot be read.
    pub(super) fn read(dir: &Path) -> Self {
        let sealed = fs::read(dir.join(FILE)).unwrap_or_default();
        let entries: Vec<(Block, Block)> = codec::unseal(FILE, VERSION, &sealed).unwrap_or_default();
        Self(entries.into_iter().map(|(key, value)| (key.0, value.0)).collect())
    }

    /// Takes what an index has that is about to go, as far as it can be read. It is newer than the file.
    pub(super) fn take(&mut self, index: &Index) {
        self.0.extend(index.beside().unwrap_or_default());
    }

    /// Gives it to a new index.
    pub(super) fn give(&self, index: &Index) -> Result<(), Error> {
        index.give(self.0.iter().map(|(key, value)| (key.clone(), value.clone())).collect())
    }

    /// Writes the file anew if `index` has something else.
    pub(super) fn write(dir: &Path, index: &Index) -> Result<(), Error> {
        let entries = index.beside()?.into_iter().map(|(key, value)| (Block(key), Block(value)));
        let sealed = codec::seal(VERSION, &entries.collect::<Vec<_>>())?;
        let (new, place) = (dir.join("remembered.new"), dir.join(FILE));
        if fs::read(&place).is_ok_and(|before| before == sealed) {
            return Ok(());
        }
        let io = |e| Error::io("write", &place, e);
        let mut file = File::create(&new).map_err(io)?;
        file.write_all(&sealed).and_then(|()| file.sync_all()).map_err(io)?;
        fs::rename(&new, &place).map_err(io)
    }
}
