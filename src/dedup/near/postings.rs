//! [`Postings`]: from a run's hash to the places where it stands, in 16 bytes a place. One list of entries, chained by their
//! hash, instead of a small allocation for each run.

/// The end of a chain.
const NONE: u32 = u32::MAX;

/// Runs and their places.
#[derive(Debug, Default)]
pub(super) struct Postings {
    /// The newest entry of each chain; a power of two of them.
    chains: Vec<u32>,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    run: u32,
    place: u32,
    before: u32,
}

impl Postings {
    /// Notes that `run` stands at `place`.
    pub(super) fn add(&mut self, run: u32, place: u32) {
        let Ok(at) = u32::try_from(self.entries.len()) else { return };
        self.entries.push(Entry { run, place, before: NONE });
        if self.entries.len() > self.chains.len() {
            self.chain_again();
        } else {
            self.chain(at);
        }
    }

    /// The places of `run`, newest first.
    pub(super) fn of(&self, run: u32) -> impl Iterator<Item = u32> {
        let mut at = self.slot(run).and_then(|slot| self.chains.get(slot)).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let entry = self.entries.get(at as usize)?;
            at = entry.before;
            Some(*entry)
        })
        .filter(move |entry| entry.run == run)
        .map(|entry| entry.place)
    }

    /// Twice the chains, each half as long.
    fn chain_again(&mut self) {
        let chains = (self.entries.len() * 2).next_power_of_two().max(64);
        self.chains = vec![NONE; chains];
        for at in 0..u32::try_from(self.entries.len()).unwrap_or(NONE) {
            self.chain(at);
        }
    }

    fn chain(&mut self, at: u32) {
        let Some(slot) = self.entries.get(at as usize).and_then(|entry| self.slot(entry.run)) else { return };
        if let (Some(entry), Some(newest)) = (self.entries.get_mut(at as usize), self.chains.get_mut(slot)) {
            entry.before = *newest;
            *newest = at;
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
}
