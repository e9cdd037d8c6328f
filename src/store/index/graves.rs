//! Graves: many in one entry of the index, since retention leaves more of them than there are articles, and an entry of sled's own
//! takes several times the bytes of a grave, on the disk and in memory.
//!
//! Which entry has a grave follows from its key and from the number of all graves, by linear hashing (W. Litwin, VLDB 1980): with every
//! [`TOGETHER`] graves more one entry is parted into two, with every so many fewer two are joined. No entry grows long, and a grave that
//! comes or goes touches three of them at most.

use std::ops::ControlFlow;

use super::{Mark, kv::Kv, stage::Stage};
use crate::store::{
    Error, codec,
    schema::{Grave, place},
};

/// Graves of an entry, on average.
const TOGETHER: u64 = 32;
const VERSION: u8 = 1;
const WHAT: &str = "the graves in the index";

/// A grave, and the number of the record that says so.
type Buried = (u64, Grave);

/// Entries for so many graves.
fn entries(graves: u64) -> u64 {
    graves / TOGETHER + 1
}

/// The entry that becomes two when there are no longer so many entries but one more, which is the other part.
fn parted(entries: u64) -> u64 {
    entries - (1 << entries.checked_ilog2().unwrap_or(0))
}

/// The entry of a key among so many.
fn entry(key: &[u8; 16], entries: u64) -> u64 {
    // A key is a hash: any of its bits serve.
    let [low, ..] = key.as_chunks::<8>().0 else { return 0 };
    let hash = u64::from_le_bytes(*low);
    let half = 1_u64 << entries.checked_ilog2().unwrap_or(0);
    let whole = hash & (half << 1).wrapping_sub(1);
    if whole < entries { whole } else { hash & (half - 1) }
}

fn read(sealed: Option<Vec<u8>>) -> Result<Vec<Buried>, Error> {
    sealed.map_or(Ok(Vec::new()), |sealed| codec::unseal(WHAT, VERSION, &sealed))
}

fn find(buried: &[Buried], key: &[u8; 16]) -> Result<usize, usize> {
    buried.binary_search_by(|(_, grave)| grave.key.cmp(key))
}

/// The grave with this key among so many graves, and the number of its record.
pub(super) fn get(kv: &dyn Kv, key: &[u8; 16], graves: u64) -> Result<Option<Buried>, Error> {
    if graves == 0 {
        return Ok(None);
    }
    let buried = read(kv.get(&place::graves(entry(key, entries(graves))))?)?;
    Ok(find(&buried, key).ok().and_then(|at| buried.into_iter().nth(at)))
}

/// Goes through all graves, in no order.
pub(super) fn each(
    kv: &dyn Kv,
    each: &mut dyn FnMut([u8; 16], Mark) -> Result<ControlFlow<()>, Error>,
) -> Result<(), Error> {
    kv.scan(place::GRAVES, &mut |_, sealed| {
        for (seq, grave) in read(Some(sealed.to_vec()))? {
            if each(grave.key, Mark::Grave(seq, grave))?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
        }
        Ok(ControlFlow::Continue(()))
    })
}

impl Stage<'_> {
    /// Puts a grave, in the place of one with its key.
    pub(super) fn bury(&mut self, seq: u64, grave: &Grave) -> Result<(), Error> {
        let count = entries(self.totals.graves);
        let at = entry(&grave.key, count);
        let mut buried = self.graves(at)?;
        let place = find(&buried, &grave.key);
        match place {
            Ok(place) => buried.get_mut(place).into_iter().for_each(|old| *old = (seq, grave.clone())),
            Err(place) => buried.insert(place, (seq, grave.clone())),
        }
        self.put_graves(at, &buried)?;
        self.totals.graves += u64::from(place.is_err());
        if entries(self.totals.graves) > count { self.part(count) } else { Ok(()) }
    }

    /// Removes the grave with this key. Returns whether there was one.
    pub(super) fn exhume(&mut self, key: &[u8; 16]) -> Result<bool, Error> {
        let count = entries(self.totals.graves);
        let at = entry(key, count);
        if self.totals.graves == 0 {
            return Ok(false);
        }
        let mut buried = self.graves(at)?;
        let Ok(place) = find(&buried, key) else { return Ok(false) };
        buried.remove(place);
        self.put_graves(at, &buried)?;
        self.totals.graves = self.totals.graves.saturating_sub(1);
        let fewer = entries(self.totals.graves);
        if fewer < count {
            self.join(fewer)?;
        }
        Ok(true)
    }

    /// Parts one of so many entries, so that there is one more.
    fn part(&mut self, count: u64) -> Result<(), Error> {
        let from = parted(count);
        let (leave, stay): (Vec<_>, Vec<_>) =
            self.graves(from)?.into_iter().partition(|(_, grave)| entry(&grave.key, count + 1) == count);
        self.put_graves(from, &stay)?;
        self.put_graves(count, &leave)
    }

    /// Joins the last entry to the one that it was parted from, so that so many are left.
    fn join(&mut self, count: u64) -> Result<(), Error> {
        let to = parted(count);
        let mut buried = self.graves(to)?;
        buried.extend(self.graves(count)?);
        buried.sort_unstable_by_key(|(_, grave)| grave.key);
        self.put_graves(to, &buried)?;
        self.put_graves(count, &[])
    }

    fn graves(&self, at: u64) -> Result<Vec<Buried>, Error> {
        read(self.get(&place::graves(at))?)
    }

    fn put_graves(&mut self, at: u64, buried: &[Buried]) -> Result<(), Error> {
        let key = place::graves(at);
        if buried.is_empty() { self.remove(key).map(drop) } else { self.put(key, codec::seal(VERSION, &buried)?) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::store::index::kv::Memory;

    fn key(n: u64) -> [u8; 16] {
        *n.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes().repeat(2).first_chunk().unwrap()
    }

    fn grave(n: u64) -> Grave {
        let aliases = if n.is_multiple_of(7) { vec![key(n + 1_000_000)] } else { Vec::new() };
        Grave { key: key(n), first_seen: n as i64, buried: 9, aliases }
    }

    fn all(kv: &Memory) -> BTreeMap<[u8; 16], (u64, Grave)> {
        let mut found = BTreeMap::new();
        each(kv, &mut |key, mark| {
            let Mark::Grave(seq, grave) = mark else { panic!() };
            assert!(found.insert(key, (seq, grave)).is_none(), "twice");
            Ok(ControlFlow::Continue(()))
        })
        .unwrap();
        found
    }

    #[test]
    fn graves_that_come_and_go_are_found_and_no_others() {
        let kv = Memory::default();
        let mut expected = BTreeMap::new();
        let mut longest = 0;
        // Up to three thousand, down to a few, up again.
        let steps =
            (0..3_000).map(|n| (n, true)).chain((20..2_990).map(|n| (n, false))).chain((100..900).map(|n| (n, true)));
        for (step, (n, comes)) in steps.enumerate() {
            let mut stage = Stage::new(&kv).unwrap();
            if comes {
                stage.bury(0, &grave(n)).unwrap();
                stage.bury(step as u64, &grave(n)).unwrap();
                expected.insert(key(n), (step as u64, grave(n)));
            } else {
                assert!(stage.exhume(&key(n)).unwrap());
                assert!(!stage.exhume(&key(n)).unwrap(), "a second time");
                expected.remove(&key(n));
            }
            assert_eq!(stage.totals.graves, expected.len() as u64);
            stage.apply().unwrap();
            longest = longest.max(read(kv.get(&place::graves(0)).unwrap()).unwrap().len());
            if step % 97 == 0 {
                assert_eq!(all(&kv), expected);
            }
        }
        assert_eq!(all(&kv), expected);
        for n in 0..3_000 {
            assert_eq!(get(&kv, &key(n), expected.len() as u64).unwrap(), expected.get(&key(n)).cloned(), "{n}");
        }
        assert!(longest < 4 * TOGETHER as usize, "{longest} graves in one entry");
    }

    #[test]
    fn each_key_has_one_entry_and_parting_moves_it_at_most_to_the_new_one() {
        for count in 1..300 {
            for n in 0..500 {
                let (before, after) = (entry(&key(n), count), entry(&key(n), count + 1));
                assert!(before < count && after <= count);
                assert!(
                    before == after || (before == parted(count) && after == count),
                    "{n}: {before} {after} of {count}"
                );
            }
        }
    }
}
