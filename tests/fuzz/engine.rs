//! The engine: seeds are changed by chance, and inputs whose outcome has a new shape are kept as further seeds.
//!
//! - [`Target`]: what is tried, with its seeds and the words of its language;
//! - [`fuzz`]: tries it for `TEARSHEET_FUZZ_SECONDS`; the same `TEARSHEET_FUZZ_SEED` tries the same inputs in the same order.
//!
//! An input that breaks a law, panics or takes too long is written to target/fuzz/ and named. `TEARSHEET_FUZZ_INPUT` names a
//! file that is tried alone.

use std::{
    collections::{HashSet, hash_map::DefaultHasher},
    env, fs,
    hash::{Hash, Hasher},
    panic,
    path::PathBuf,
    time::{Duration, Instant},
};

/// Longest input, in bytes.
const LONGEST: usize = 64 << 10;
/// Most inputs kept.
const MOST_KEPT: usize = 4_000;
/// CPU time that one input may take. Code that is not optimised is ten times slower.
const MOST_CPU: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 1 });

/// What came of an input: the shape of the outcome, or the law that was broken.
pub(crate) type Outcome = Result<u64, String>;

/// What is tried.
pub(crate) struct Target<'a> {
    pub(crate) name: &'a str,
    pub(crate) seeds: &'a [&'a [u8]],
    pub(crate) words: &'a [&'a str],
    pub(crate) run: &'a dyn Fn(&[u8]) -> Outcome,
}

/// Any number as the shape of an outcome.
pub(crate) fn shape(of: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

/// A count as its magnitude, so that shapes stay few.
pub(crate) fn about(count: usize) -> u32 {
    count.checked_ilog2().map_or(0, |log| log + 1)
}

/// Tries `target` until its time is over.
#[expect(clippy::disallowed_methods, reason = "how a run is told its length")]
pub(crate) fn fuzz(target: &Target<'_>) {
    if let Ok(file) = env::var("TEARSHEET_FUZZ_INPUT") {
        attempt(target, &fs::read(file).unwrap());
        return;
    }
    let number = |name: &str| env::var(name).ok().and_then(|text| text.parse::<u64>().ok());
    let seconds = number("TEARSHEET_FUZZ_SECONDS").unwrap_or(2);
    let seed = number("TEARSHEET_FUZZ_SEED").unwrap_or(20_261_122);
    let mut chance = Chance(shape((seed, target.name)) | 1);
    let mut shapes = HashSet::new();
    let mut kept: Vec<Vec<u8>> = Vec::new();
    for input in target.seeds {
        shapes.insert(attempt(target, input));
        kept.push(input.to_vec());
    }
    let (start, seeds, mut tried) = (Instant::now(), kept.len(), 0_u64);
    while start.elapsed() < Duration::from_secs(seconds) {
        let input = mutate(&mut chance, &kept, target.words);
        tried += 1;
        if shapes.insert(attempt(target, &input)) && kept.len() < MOST_KEPT {
            kept.push(input);
        }
    }
    println!(
        "fuzz {}: {tried} inputs in {seconds} s from seed {seed}, {} shapes, {} inputs kept, 0 failed",
        target.name,
        shapes.len(),
        kept.len() - seeds
    );
    assert!(shapes.len() > 1, "{}: every input had the same outcome", target.name);
}

/// Tries one input.
fn attempt(target: &Target<'_>, input: &[u8]) -> u64 {
    let start = cpu();
    let outcome = panic::catch_unwind(panic::AssertUnwindSafe(|| (target.run)(input)));
    let took = cpu().saturating_sub(start);
    let fault = match outcome {
        Ok(Ok(_)) if took > MOST_CPU => format!("took {took:?}"),
        Ok(Ok(shape)) => return shape,
        Ok(Err(fault)) => fault,
        Err(_) => "it panicked".to_owned(),
    };
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/fuzz");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(format!("{}-{:016x}", target.name, shape(input)));
    fs::write(&file, input).unwrap();
    panic!("{}: {fault}\ninput of {} bytes kept as {}", target.name, input.len(), file.display());
}

/// CPU time of this thread: what else runs on the machine does not count.
fn cpu() -> Duration {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    Duration::from_nanos(text.split(' ').next().and_then(|ns| ns.parse().ok()).unwrap_or_default())
}

/// Numbers by chance (xorshift64*).
pub(crate) struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, end: usize) -> usize {
        ((self.next() >> 33) as usize) % end.max(1)
    }

    fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.below(of.len())]
    }

    /// A stretch of `length` bytes, mostly short.
    fn stretch(&mut self, length: usize) -> std::ops::Range<usize> {
        let from = self.below(length + 1);
        let most = (length - from).min(1 << self.below(12));
        from..from + self.below(most + 1)
    }
}

const NUMBERS: [&str; 16] = [
    "0",
    "-1",
    "1",
    "12",
    "13",
    "31",
    "32",
    "59",
    "60",
    "255",
    "1970",
    "9999",
    "2147483648",
    "4294967296",
    "9223372036854775808",
    "99999999999999999999999",
];

fn mutate(chance: &mut Chance, kept: &[Vec<u8>], words: &[&str]) -> Vec<u8> {
    let mut input = chance.pick(kept).clone();
    for _ in 0..=chance.below(6) {
        let at = chance.below(input.len() + 1);
        match chance.below(11) {
            0 if at < input.len() => input[at] ^= 1 << chance.below(8),
            1 if at < input.len() => input[at] = chance.next() as u8,
            2 => {
                let gone = chance.stretch(input.len());
                input.drain(gone);
            }
            3 => {
                let again = input[chance.stretch(input.len())].to_vec();
                let times = 1 << chance.below(8);
                input.splice(at..at, again.repeat(times).into_iter().take(LONGEST));
            }
            4 => {
                let other = chance.pick(kept).clone();
                let part = chance.stretch(other.len());
                input.splice(at..at, other[part].iter().copied());
            }
            5 => {
                let other = chance.pick(kept);
                let from = chance.below(other.len() + 1);
                input.truncate(at);
                input.extend_from_slice(&other[from..]);
            }
            6 => {
                let number = chance.pick(&NUMBERS);
                let digits = input.iter().skip(at).take_while(|byte| byte.is_ascii_digit()).count();
                input.splice(at..at + digits, number.bytes());
            }
            7 => {
                let moved = input[chance.stretch(input.len())].to_vec();
                input.splice(at..at, moved);
            }
            _ if words.is_empty() => input.truncate(at),
            8 => {
                let gone = (at + chance.below(8)).min(input.len());
                input.splice(at..gone, chance.pick(words).bytes());
            }
            _ => {
                let word = chance.pick(words);
                input.splice(at..at, word.bytes());
            }
        }
    }
    input.truncate(LONGEST);
    input
}
