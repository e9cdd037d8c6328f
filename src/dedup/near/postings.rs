//! [`Postings`]: from a run's hash to the places where it stands, in 16 bytes a place. One list of entries in the order in which
//! they came, chained by their hash, instead of a small allocation for each run; the oldest are let go of from its front.

use std::collections::VecDeque;

/// The end of a chain.
const NONE: u32 = u32::MAX;

/// Runs and their places.
#[derive(Debug, Default)]
pub(super) struct Postings {
    /// The number of the newest entry of each chain; a power of two of them.
    chains: Vec<u32>,
    entries: VecDeque<Entry>,
    /// The number of the first entry: what a chain holds of lower numbers is gone.
    first: u32,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    run: u32,
    place: u32,
    before: u32,
}

impl Postings {
    /// Notes that `run` stands at `place`, which is no lower than any before.
    pub(super) fn add(&mut self, run: u32, place: u32) {
        let number = u32::try_from(self.entries.len()).ok().and_then(|count| self.first.checked_add(count));
        self.entries.push_back(Entry { run, place, before: NONE });
        match number.filter(|number| *number < NONE && self.entries.len() <= self.chains.len()) {
            Some(number) => self.chain(number),
            None => self.chain_again(),
        }
    }

    /// The places of `run`, newest first.
    pub(super) fn of(&self, run: u32) -> impl Iterator<Item = u32> {
        let mut at = self.slot(run).and_then(|slot| self.chains.get(slot)).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let entry = self.entries.get(at.checked_sub(self.first)? as usize)?;
            at = entry.before;
            Some(*entry)
        })
        .filter(move |entry| entry.run == run)
        .map(|entry| entry.place)
    }

    /// Lets go of every place below `place`.
    pub(super) fn forget_below(&mut self, place: u32) {
        while self.entries.front().is_some_and(|entry| entry.place < place) {
            self.entries.pop_front();
            self.first = self.first.saturating_add(1);
        }
    }

    /// As many chains as there are entries or up to twice as many, so that each is short, and the entries numbered from nought.
    fn chain_again(&mut self) {
        let chains = (self.entries.len() + 1).next_power_of_two().max(64);
        self.chains = vec![NONE; chains];
        self.first = 0;
        for number in 0..u32::try_from(self.entries.len()).unwrap_or(NONE) {
            self.chain(number);
        }
    }

    fn chain(&mut self, number: u32) {
        let Some(at) = number.checked_sub(self.first) else { return };
        let Some(slot) = self.entries.get(at as usize).and_then(|entry| self.slot(entry.run)) else { return };
        if let (Some(entry), Some(newest)) = (self.entries.get_mut(at as usize), self.chains.get_mut(slot)) {
            entry.before = *newest;
            *newest = number;
        }
    }

    fn slot(&self, run: u32) -> Option<usize> {
        // The lowest hashes are the ones that are kept, so the upper bits of runs are mostly zero: the lower ones spread.
        self.chains.len().checked_sub(1).map(|mask| run as usize & mask)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_place_of_a_run_is_found() {
        let mut postings = Postings::default();
        for place in 0..1000 {
            postings.add(place % 10, place);
            postings.add(1000 + place, place);
        }
        assert_eq!(postings.of(3).count(), 100);
        assert_eq!(postings.of(3).next(), Some(993));
        assert_eq!(postings.of(1500).collect::<Vec<_>>(), [500]);
        assert_eq!(postings.of(5).filter(|place| place % 10 == 5).count(), 100);
        assert_eq!(postings.of(99).count(), 0);
    }

    #[test]
    fn what_is_forgotten_is_found_no_more_and_the_rest_is() {
        let mut postings = Postings::default();
        for place in 0..5000 {
            postings.add(place % 10, place);
            if place % 100 == 99 {
                postings.forget_below(place.saturating_sub(300));
                let from = place.saturating_sub(300);
                let expected: Vec<u32> = (from..=place).rev().filter(|place| place % 10 == 3).collect();
                assert_eq!(postings.of(3).collect::<Vec<_>>(), expected);
            }
        }
        assert!(postings.entries.len() <= 400 && postings.chains.len() <= 2048);
        postings.first = NONE - 400;
        postings.chain_again();
        assert_eq!(postings.of(3).next(), Some(4993));
    }
}
