//! Spreading: a part of a duration that depends on the source and the visit alone, so that sources configured alike
//! drift apart and stay apart, and that asking twice gives the same answer.

use std::time::Duration;

use jiff::Timestamp;

/// A number in [0, 1) made of `seed` and `at`.
pub(super) fn part(seed: u64, at: Timestamp) -> f64 {
    let mut x = seed ^ at.as_millisecond().cast_unsigned().rotate_left(32);
    // The finaliser of SplitMix64: every bit of the input changes half of the output.
    x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^= x >> 31;
    // 53 bits are what an f64 holds exactly.
    (x >> 11) as f64 / (1_u64 << 53) as f64
}

/// `part` of `whole`, never zero: a spread visit is always later than the instant from which it is spread.
pub(super) fn spread(whole: Duration, part: f64) -> Duration {
    whole.mul_f64(part.clamp(0.0, 1.0)).max(Duration::from_millis(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_fill_the_range_evenly() {
        let at: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let mut tenths = [0_u32; 10];
        for seed in 0..10_000 {
            let part = part(seed, at);
            assert!((0.0..1.0).contains(&part));
            tenths[(part * 10.0) as usize] += 1;
        }
        assert!(tenths.iter().all(|&n| (850..1150).contains(&n)), "{tenths:?}");
    }

    #[test]
    fn another_visit_of_the_same_source_is_spread_otherwise() {
        let at: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let later = at + jiff::SignedDuration::from_mins(30);
        assert_ne!(part(7, at), part(7, later));
        assert_eq!(part(7, at), part(7, at));
    }
}
