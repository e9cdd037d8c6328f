//! One journal file as bytes: its head and its frames.
//!
//! ```text
//! head:  "tearsjnl" · format u8 · first seq u64 · salt u64 · crc32c u32       (all numbers little-endian)
//! frame: "TSfr" · crc32c u32 · format u8 · seq u64 · length u32 · payload
//! ```
//! A frame's checksum covers the salt too. The salt is drawn anew for each file, so that bytes taken from a page can never pass for a
//! frame when the reader looks for the next whole one behind a damaged place.

use std::hash::{BuildHasher, RandomState};

use super::sums::Sums;
use crate::store::{Error, schema::RECORD_VERSION};

const HEAD_MAGIC: &[u8; 8] = b"tearsjnl";
const FRAME_MAGIC: &[u8; 4] = b"TSfr";
/// Bytes of a head.
pub(super) const HEAD: usize = 8 + 1 + 8 + 8 + 4;
/// Bytes of a frame before its payload.
pub(super) const FRAME: usize = 4 + 4 + 1 + 8 + 4;
/// Longest payload: a visit's articles, each of bounded size, stay far below.
pub(super) const LONGEST: usize = 256 << 20;

/// The head of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// No frame in the file has a lower number.
    pub(super) first_seq: u64,
    /// Part of every checksum in the file.
    pub(super) salt: u64,
}

impl Head {
    /// A head with a salt of its own.
    pub(super) fn new(first_seq: u64) -> Self {
        Self { first_seq, salt: RandomState::new().hash_one(first_seq) }
    }

    /// Its bytes.
    pub(super) fn write(&self) -> Vec<u8> {
        let mut bytes = HEAD_MAGIC.to_vec();
        bytes.push(RECORD_VERSION);
        bytes.extend_from_slice(&self.first_seq.to_le_bytes());
        bytes.extend_from_slice(&self.salt.to_le_bytes());
        bytes.extend_from_slice(&crc32c::crc32c(&bytes).to_le_bytes());
        bytes
    }

    /// Reads the head of a file; `None` where it is cut or damaged.
    pub(super) fn read(bytes: &[u8], name: &str) -> Result<Option<Self>, Error> {
        let Some((head, _)) = bytes.split_first_chunk::<HEAD>() else { return Ok(None) };
        let Some((body, sum)) = head.split_last_chunk::<4>() else { return Ok(None) };
        if crc32c::crc32c(body) != u32::from_le_bytes(*sum) || !body.starts_with(HEAD_MAGIC) {
            return Ok(None);
        }
        let format = number::<1>(body, 8).map_or(0, |[format]| format);
        if format > RECORD_VERSION {
            return Err(Error::Newer { what: format!("the journal ({name})"), found: format, known: RECORD_VERSION });
        }
        let (Some(first), Some(salt)) = (number(body, 9), number(body, 17)) else { return Ok(None) };
        Ok(Some(Self { first_seq: u64::from_le_bytes(first), salt: u64::from_le_bytes(salt) }))
    }
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk::<N>().copied()
}

/// The sum with which every frame's begins.
fn salted(salt: u64) -> u32 {
    crc32c::crc32c(&salt.to_le_bytes())
}

fn sum(salt: u64, covered: &[u8]) -> u32 {
    crc32c::crc32c_append(salted(salt), covered)
}

/// Adds a frame to `out`.
pub(super) fn write_frame(out: &mut Vec<u8>, salt: u64, seq: u64, payload: &[u8]) -> Result<(), Error> {
    let length = u32::try_from(payload.len())
        .ok()
        .filter(|_| payload.len() <= LONGEST)
        .ok_or_else(|| Error::Refused("a visit brought more than the journal takes in one record".to_owned()))?;
    let mut covered = [RECORD_VERSION; FRAME - 8];
    let (_, numbers) = covered.split_at_mut(1);
    let (at_seq, at_length) = numbers.split_at_mut(8);
    at_seq.copy_from_slice(&seq.to_le_bytes());
    at_length.copy_from_slice(&length.to_le_bytes());
    out.reserve(FRAME + payload.len());
    out.extend_from_slice(FRAME_MAGIC);
    out.extend_from_slice(&crc32c::crc32c_append(sum(salt, &covered), payload).to_le_bytes());
    out.extend_from_slice(&covered);
    out.extend_from_slice(payload);
    Ok(())
}

/// A whole frame found in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Frame<'a> {
    /// Its number.
    pub(super) seq: u64,
    /// Where it begins in the file.
    pub(super) at: usize,
    /// Form of the payload.
    pub(super) format: u8,
    /// What was written.
    pub(super) payload: &'a [u8],
}

/// What a file held.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Scan<'a> {
    /// Whole frames in order.
    pub(super) frames: Vec<Frame<'a>>,
    /// Where the last whole frame ends; the rest is a torn write or damage.
    pub(super) end: usize,
    /// Places at which bytes were passed over before another whole frame.
    pub(super) gaps: usize,
}

/// Finds every whole frame behind the head, passing over damaged places.
pub(super) fn scan(bytes: &[u8], salt: u64) -> Scan<'_> {
    let mut found = Scan { end: HEAD.min(bytes.len()), ..Scan::default() };
    let mut at = HEAD;
    let mut passed = false;
    // Only a damaged file needs them.
    let mut sums: Option<Sums<'_>> = None;
    while at < bytes.len() {
        let frame = match &sums {
            None => frame_at(bytes, at, salt),
            Some(sums) => Claim::read(bytes, at).and_then(|claim| {
                let sum = sums.append(salted(salt), at + 8, claim.end)?;
                claim.frame_if(sum, bytes)
            }),
        };
        match frame {
            Some(frame) => {
                at += FRAME + frame.payload.len();
                found.gaps += usize::from(passed);
                passed = false;
                found.frames.push(frame);
                found.end = at;
            }
            None => {
                passed = true;
                sums.get_or_insert_with(|| Sums::of(bytes));
                at = next_magic(bytes, at + 1);
            }
        }
    }
    found
}

fn next_magic(bytes: &[u8], from: usize) -> usize {
    let rest = bytes.get(from..).unwrap_or_default();
    rest.windows(FRAME_MAGIC.len()).position(|four| four == FRAME_MAGIC).map_or(bytes.len(), |at| from + at)
}

/// What bytes that begin as a frame does say of themselves.
#[derive(Debug, Clone, Copy)]
struct Claim {
    at: usize,
    end: usize,
    sum: u32,
    format: u8,
    seq: u64,
}

impl Claim {
    fn read(bytes: &[u8], at: usize) -> Option<Self> {
        let rest = bytes.get(at..)?;
        if !rest.starts_with(FRAME_MAGIC) {
            return None;
        }
        let sum = u32::from_le_bytes(number(rest, 4)?);
        let [format] = number::<1>(rest, 8)?;
        let seq = u64::from_le_bytes(number(rest, 9)?);
        let length = usize::try_from(u32::from_le_bytes(number(rest, 17)?)).ok()?;
        let end = at.checked_add(FRAME)?.checked_add(length)?;
        (end <= bytes.len()).then_some(Self { at, end, sum, format, seq })
    }

    /// The frame, if `sum` is what it has to be.
    fn frame_if<'a>(&self, sum: u32, bytes: &'a [u8]) -> Option<Frame<'a>> {
        let payload = bytes.get(self.at + FRAME..self.end)?;
        (sum == self.sum).then_some(Frame { seq: self.seq, at: self.at, format: self.format, payload })
    }
}

/// The whole frame that begins at `at`.
pub(super) fn frame_at(bytes: &[u8], at: usize, salt: u64) -> Option<Frame<'_>> {
    let claim = Claim::read(bytes, at)?;
    claim.frame_if(sum(salt, bytes.get(at + 8..claim.end)?), bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(payloads: &[&[u8]]) -> (Vec<u8>, u64) {
        let head = Head::new(1);
        let mut bytes = head.write();
        for (at, payload) in payloads.iter().enumerate() {
            write_frame(&mut bytes, head.salt, at as u64 + 1, payload).unwrap();
        }
        (bytes, head.salt)
    }

    #[test]
    fn frames_come_back_in_order() {
        let (bytes, salt) = file(&[b"one", b"", b"three"]);
        let scan = scan(&bytes, salt);
        let read: Vec<_> = scan.frames.iter().map(|f| (f.seq, f.payload)).collect();
        assert_eq!(read, [(1, &b"one"[..]), (2, b""), (3, b"three")]);
        assert_eq!((scan.end, scan.gaps), (bytes.len(), 0));
    }

    #[test]
    fn any_flipped_bit_costs_one_frame_at_most() {
        let (bytes, salt) = file(&[b"one", b"two", b"three"]);
        for bit in HEAD * 8..bytes.len() * 8 {
            let mut cut = bytes.clone();
            cut[bit / 8] ^= 1 << (bit % 8);
            let scan = scan(&cut, salt);
            assert_eq!(scan.frames.len(), 2, "bit {bit}");
            assert!(scan.frames.iter().all(|f| [&b"one"[..], b"two", b"three"][f.seq as usize - 1] == f.payload));
        }
    }

    #[test]
    fn a_torn_tail_ends_at_the_last_whole_frame() {
        let (bytes, salt) = file(&[b"one", b"two"]);
        for len in HEAD..bytes.len() {
            let scan = scan(&bytes[..len], salt);
            assert_eq!(scan.gaps, 0);
            assert!(scan.end <= len && scan.frames.len() < 2);
        }
    }

    #[test]
    fn a_frame_inside_a_text_is_not_taken_for_one() {
        let (inner, _) = file(&[b"forged"]);
        let (mut bytes, salt) = file(&[&inner[HEAD..], b"after"]);
        bytes[HEAD + 1] ^= 1;
        let scan = scan(&bytes, salt);
        assert_eq!(scan.frames.len(), 1);
        assert_eq!(scan.frames[0].payload, b"after");
    }

    #[test]
    fn heads_survive_and_newer_ones_are_refused() {
        let head = Head::new(9);
        let mut bytes = head.write();
        assert_eq!(Head::read(&bytes, "x").unwrap(), Some(head));
        bytes[8] = RECORD_VERSION + 1;
        let body = bytes.len() - 4;
        let crc = crc32c::crc32c(&bytes[..body]).to_le_bytes();
        bytes[body..].copy_from_slice(&crc);
        assert!(matches!(Head::read(&bytes, "x"), Err(Error::Newer { .. })));
        bytes[3] ^= 1;
        assert_eq!(Head::read(&bytes, "x").unwrap(), None);
    }
}
