//! How values become bytes and back: version byte, flags, CRC32C, postcard, and zstd where it helps.
//!
//! ```text
//! sealed value: version u8 · flags u8 · crc32c u32 LE (of version, flags and what follows) · payload
//! ```
//! A sealed value either opens as what was sealed or is refused; no flipped bit passes.

use std::{
    io,
    sync::{Mutex, MutexGuard, PoisonError},
};

use serde::{Serialize, de::DeserializeOwned};

use super::Error;

/// The payload is compressed with zstd.
const ZSTD: u8 = 1;
/// Bytes before the payload.
const HEAD: usize = 6;
/// Payloads below this are left as they are.
const WORTH_COMPRESSING: usize = 200;
/// How hard zstd tries.
const LEVEL: i32 = 1;
/// Largest payload that is unpacked: a guard against a forged or damaged length.
const LARGEST: usize = 64 << 20;

/// A value's bytes under `version`.
pub(super) fn seal<T: Serialize>(version: u8, value: &T) -> Result<Vec<u8>, Error> {
    let plain = postcard::to_allocvec(value).map_err(|e| Error::Refused(format!("cannot encode a record: {e}")))?;
    Ok(seal_bytes(version, plain))
}

fn seal_bytes(version: u8, plain: Vec<u8>) -> Vec<u8> {
    let mut flags = 0;
    let mut payload = plain;
    if payload.len() >= WORTH_COMPRESSING
        && let Ok(packed) = pack(&payload)
        && packed.len() + 8 < payload.len()
    {
        flags |= ZSTD;
        let mut with_size = u32::try_from(payload.len()).unwrap_or(u32::MAX).to_le_bytes().to_vec();
        with_size.extend_from_slice(&packed);
        payload = with_size;
    }
    let mut sealed = Vec::with_capacity(HEAD + payload.len());
    sealed.extend_from_slice(&[version, flags]);
    sealed.extend_from_slice(&sum(version, flags, &payload).to_le_bytes());
    sealed.extend_from_slice(&payload);
    sealed
}

/// Contexts of zstd that are kept for the next use. Making one costs more than using it on a short text; but to keep one for each thread
/// of a blocking pool would take half a gigabyte.
struct Spare<T>(Mutex<Vec<T>>);

static PACKERS: Spare<zstd::bulk::Compressor<'static>> = Spare(Mutex::new(Vec::new()));
static UNPACKERS: Spare<zstd::bulk::Decompressor<'static>> = Spare(Mutex::new(Vec::new()));
/// So many of each are kept.
const MOST_SPARE: usize = 4;

impl<T> Spare<T> {
    fn with<R>(
        &self,
        make: impl FnOnce() -> io::Result<T>,
        work: impl FnOnce(&mut T) -> io::Result<R>,
    ) -> io::Result<R> {
        let kept = self.lock().pop();
        let mut one = kept.map_or_else(make, Ok)?;
        let done = work(&mut one);
        let mut kept = self.lock();
        if kept.len() < MOST_SPARE {
            kept.push(one);
        }
        done
    }

    fn lock(&self) -> MutexGuard<'_, Vec<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn pack(plain: &[u8]) -> io::Result<Vec<u8>> {
    PACKERS.with(|| zstd::bulk::Compressor::new(LEVEL), |packer| packer.compress(plain))
}

fn unpack(packed: &[u8], size: usize) -> io::Result<Vec<u8>> {
    UNPACKERS.with(zstd::bulk::Decompressor::new, |unpacker| unpacker.decompress(packed, size))
}

fn sum(version: u8, flags: u8, payload: &[u8]) -> u32 {
    crc32c::crc32c_append(crc32c::crc32c(&[version, flags]), payload)
}

/// Whether the checksum of a sealed value holds.
pub(super) fn is_whole(sealed: &[u8]) -> bool {
    sealed.split_first_chunk::<HEAD>().is_some_and(|(&[version, flags, a, b, c, d], payload)| {
        sum(version, flags, payload) == u32::from_le_bytes([a, b, c, d])
    })
}

/// The version under which `sealed` was written, once its checksum holds, and its payload as it was.
pub(super) fn unseal_bytes(what: &str, newest: u8, sealed: &[u8]) -> Result<(u8, Vec<u8>), Error> {
    let damaged = || Error::Damaged(what.to_owned());
    let (&[version, flags, ..], payload) = sealed.split_first_chunk::<HEAD>().ok_or_else(damaged)?;
    if !is_whole(sealed) {
        return Err(damaged());
    }
    if version > newest {
        return Err(Error::Newer { what: what.to_owned(), found: version, known: newest });
    }
    if flags & ZSTD == 0 {
        return Ok((version, payload.to_vec()));
    }
    let (size, packed) = payload.split_first_chunk::<4>().ok_or_else(damaged)?;
    let size = usize::try_from(u32::from_le_bytes(*size)).unwrap_or(usize::MAX);
    if size > LARGEST {
        return Err(damaged());
    }
    let plain = unpack(packed, size).map_err(|_| damaged())?;
    Ok((version, plain))
}

/// The value that [`seal`] made into bytes, where there is one version only.
pub(super) fn unseal<T: DeserializeOwned>(what: &str, newest: u8, sealed: &[u8]) -> Result<T, Error> {
    let (_, plain) = unseal_bytes(what, newest, sealed)?;
    parse(what, &plain)
}

/// Reads a payload whose checksum held.
pub(super) fn parse<T: DeserializeOwned>(what: &str, plain: &[u8]) -> Result<T, Error> {
    postcard::from_bytes(plain).map_err(|_| Error::Damaged(what.to_owned()))
}

/// Bytes that serialise as a block, not one by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block(pub(super) Vec<u8>);

impl Serialize for Block {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(&self.0)
    }
}

impl<'de> serde::Deserialize<'de> for Block {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Block;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("bytes")
            }
            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Block, E> {
                Ok(Block(bytes.to_vec()))
            }
        }
        from.deserialize_bytes(Visitor)
    }
}
