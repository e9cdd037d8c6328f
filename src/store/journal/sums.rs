//! [`Sums`]: the checksum of any stretch of a file, at a cost that hardly grows with the stretch.
//!
//! A damaged file may hold any number of marks that are no frame's, each with a length that reaches far. Summing every such stretch byte
//! by byte would take time in the square of the file's size; from the checksums of the file's beginnings it takes next to none.

/// Bytes between two beginnings whose checksum is kept.
pub(super) const STEP: usize = 4 << 10;
/// Bytes below which summing a stretch costs less than working it out.
pub(super) const SHORT: usize = 2 * STEP;
/// The polynomial of CRC32C, its lowest power in the highest bit (RFC 3720, appendix B.4).
const POLYNOMIAL: u32 = 0x82f6_3b78;
/// One, as a polynomial in the same order of bits.
const ONE: u32 = 1 << 31;

/// A file, and the CRC32C of its first `n · STEP` bytes for each `n`.
#[derive(Debug)]
pub(super) struct Sums<'a> {
    bytes: &'a [u8],
    beginnings: Vec<u32>,
    /// What `2^n` bytes of zero multiply a checksum by.
    zeros: Vec<u32>,
}

impl<'a> Sums<'a> {
    /// Reads the file once.
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        let mut sum = 0;
        let mut beginnings = vec![0];
        for piece in bytes.chunks(STEP) {
            sum = crc32c::crc32c_append(sum, piece);
            beginnings.push(sum);
        }
        let byte = ONE >> 8;
        let zeros = std::iter::successors(Some(byte), |power| Some(product(*power, *power))).take(64).collect();
        Self { bytes, beginnings, zeros }
    }

    /// The checksum `before`, continued with the bytes from `from` to `to`; `None` where there are none such.
    pub(super) fn append(&self, before: u32, from: usize, to: usize) -> Option<u32> {
        let stretch = self.bytes.get(from..to)?;
        if stretch.len() < SHORT {
            return Some(crc32c::crc32c_append(before, stretch));
        }
        // Checksums are linear: the two beginnings differ by what the stretch adds, once the first is moved on by its length.
        Some(self.behind(before ^ self.beginning(from)?, stretch.len()) ^ self.beginning(to)?)
    }

    fn beginning(&self, end: usize) -> Option<u32> {
        let known = end / STEP;
        let rest = self.bytes.get(known * STEP..end)?;
        Some(crc32c::crc32c_append(*self.beginnings.get(known)?, rest))
    }

    /// What a checksum counts for behind so many more bytes.
    fn behind(&self, sum: u32, bytes: usize) -> u32 {
        let powers = self.zeros.iter().enumerate().filter(|(bit, _)| bytes >> bit & 1 == 1);
        powers.fold(sum, |sum, (_, power)| product(sum, *power))
    }
}

/// The product of two polynomials modulo that of CRC32C.
fn product(a: u32, mut b: u32) -> u32 {
    let mut product = 0;
    for bit in (0..32).rev() {
        if a >> bit & 1 == 1 {
            product ^= b;
        }
        b = if b & 1 == 1 { b >> 1 ^ POLYNOMIAL } else { b >> 1 };
    }
    product
}
