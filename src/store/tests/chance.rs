//! [`Chance`]: numbers that look random and are the same in every run (SplitMix64).

/// A seeded source of numbers.
#[derive(Debug, Clone)]
pub(in crate::store) struct Chance(pub(in crate::store) u64);

impl Chance {
    /// The next number.
    pub(in crate::store) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub(in crate::store) fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// Whether something with a chance of one in `n` happens.
    pub(in crate::store) fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}
