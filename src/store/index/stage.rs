//! [`Stage`]: changes to the index, gathered so that they happen together, with the fingerprint kept in step.

use std::collections::BTreeMap;

use super::kv::Kv;
use crate::store::{
    Error, codec,
    schema::{Totals, place},
};

/// Version of [`Totals`], and of the index as a whole: 2 since articles are in the journal alone, 3 since rows are
/// short and the fingerprint tells them apart, 4 since graves share entries.
const TOTALS_VERSION: u8 = 4;

/// Changes not applied yet, seen by reads through it.
#[derive(Debug)]
pub(super) struct Stage<'a> {
    kv: &'a dyn Kv,
    changed: BTreeMap<Vec<u8>, Option<Vec<u8>>>,
    /// The totals as they will be.
    pub(super) totals: Totals,
}

/// What a key and its value add to the fingerprint. History and totals add nothing: they change apart from the journal.
pub(super) fn print(key: &[u8], value: &[u8]) -> u64 {
    if matches!(key.first(), Some(b'h' | b'z')) {
        return 0;
    }
    // A checksum behind what it sums up cancels that out of a second one, and a stale mark would look like the true one.
    let value =
        if key.starts_with(b"a") { value.split_last_chunk::<4>().map_or(value, |(mark, _)| mark) } else { value };
    let low = crc32c::crc32c_append(crc32c::crc32c(key), value);
    let high = crc32c::crc32c_append(crc32c::crc32c_append(0x9e37_79b9, value), key);
    // Spread, so that sums of near checksums do not cancel out.
    ((u64::from(high) << 32) | u64::from(low)).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The totals of an index; those of an empty one where none were written.
pub(super) fn totals(kv: &dyn Kv) -> Result<Totals, Error> {
    kv.get(place::TOTALS)?
        .map_or(Ok(Totals::default()), |sealed| codec::unseal("the index's totals", TOTALS_VERSION, &sealed))
}

/// Whether an older program wrote the index.
pub(super) fn is_older(kv: &dyn Kv) -> Result<bool, Error> {
    let Some(sealed) = kv.get(place::TOTALS)? else { return Ok(false) };
    Ok(codec::unseal_bytes("the index's totals", TOTALS_VERSION, &sealed)?.0 < TOTALS_VERSION)
}

impl<'a> Stage<'a> {
    /// An empty stage on `kv`.
    pub(super) fn new(kv: &'a dyn Kv) -> Result<Self, Error> {
        Ok(Self { kv, changed: BTreeMap::new(), totals: totals(kv)? })
    }

    /// The value of a key, changes included.
    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, Error> {
        match self.changed.get(key) {
            Some(value) => Ok(value.clone()),
            None => self.kv.get(key),
        }
    }

    /// Sets a key.
    pub(super) fn put(&mut self, key: Vec<u8>, value: Vec<u8>) -> Result<(), Error> {
        let old = self.get(&key)?;
        self.put_known(key, old.as_deref(), value);
        Ok(())
    }

    /// Sets a key whose present value is known.
    pub(super) fn put_known(&mut self, key: Vec<u8>, old: Option<&[u8]>, value: Vec<u8>) {
        let gone = old.map_or(0, |old| print(&key, old));
        let sum = self.totals.fingerprint.wrapping_sub(gone).wrapping_add(print(&key, &value));
        self.totals.fingerprint = sum;
        self.changed.insert(key, Some(value));
    }

    /// Removes a key; whether it was there.
    pub(super) fn remove(&mut self, key: Vec<u8>) -> Result<bool, Error> {
        let Some(old) = self.get(&key)? else { return Ok(false) };
        self.totals.fingerprint = self.totals.fingerprint.wrapping_sub(print(&key, &old));
        self.changed.insert(key, None);
        Ok(true)
    }

    /// How many keys change.
    pub(super) fn len(&self) -> usize {
        self.changed.len()
    }

    /// Makes all changes at once.
    pub(super) fn apply(mut self) -> Result<(), Error> {
        let totals = codec::seal(TOTALS_VERSION, &self.totals)?;
        self.changed.insert(place::TOTALS.to_vec(), Some(totals));
        self.kv.apply(self.changed.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{index::write_place, schema::Body};

    #[test]
    fn a_stale_mark_changes_the_fingerprint() {
        let prints: std::collections::BTreeSet<u64> = (100..200)
            .map(|seq| {
                let mark = write_place(&[9; 16], &Body { seq, at: 7, len: 300 }).unwrap();
                print(&place::article(&[9; 16]), &mark)
            })
            .collect();
        assert_eq!(prints.len(), 100);
    }
}
