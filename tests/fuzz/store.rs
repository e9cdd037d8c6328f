//! The store's own form of bytes, which is not public: its sources are compiled in here.

#[path = "../../src/store/codec.rs"]
mod codec;
#[path = "../../src/store/error.rs"]
#[expect(dead_code, unreachable_pub, reason = "only what the two forms may fail with is met here")]
mod error;
#[path = "../../src/store/journal/segment.rs"]
mod segment;
#[path = "../../src/store/journal/sums.rs"]
mod sums;

/// What `segment` is told by the schema.
mod schema {
    pub(super) const RECORD_VERSION: u8 = 1;
}

use error::Error;

use crate::engine::{Outcome, about, shape};

/// A value comes back as it was, no changed bit passes, and any bytes are opened or refused.
pub(crate) fn codec(input: &[u8]) -> Outcome {
    let value = codec::Block(input.to_vec());
    let sealed = codec::seal(1, &value).map_err(|error| error.to_string())?;
    match codec::unseal::<codec::Block>("a record", 1, &sealed) {
        Ok(opened) if opened == value => {}
        other => return Err(format!("a sealed value came back as {other:?}")),
    }
    let bit = shape(input) as usize % (sealed.len() * 8);
    let mut damaged = sealed.clone();
    damaged[bit / 8] ^= 1 << (bit % 8);
    if codec::unseal_bytes("a record", 1, &damaged).is_ok() {
        return Err(format!("bit {bit} was changed, and the value opened"));
    }
    if codec::unseal_bytes("a record", 1, &sealed[..sealed.len() - 1]).is_ok() {
        return Err("a cut value opened".to_owned());
    }
    let raw = codec::unseal_bytes("a record", 1, input).is_ok();
    let packed = sealed.len() < input.len();
    Ok(shape((raw, packed, about(input.len()), about(sealed.len()))))
}

/// All frames are found again; from a damaged file only whole frames, each as it was written and in order.
pub(crate) fn journal(input: &[u8]) -> Outcome {
    let head = segment::Head::new(7);
    let mut file = head.write();
    let payloads: Vec<&[u8]> = input.split(|byte| *byte == b'\n').take(50).collect();
    for (seq, payload) in payloads.iter().enumerate() {
        segment::write_frame(&mut file, head.salt, 7 + seq as u64, payload).map_err(|error| error.to_string())?;
    }
    if !matches!(segment::Head::read(&file, "a file"), Ok(Some(read)) if read == head) {
        return Err("the head did not come back".to_owned());
    }
    let whole = segment::scan(&file, head.salt);
    if whole.gaps != 0
        || whole.end != file.len()
        || !whole.frames.iter().map(|frame| frame.payload).eq(payloads.iter().copied())
    {
        return Err("frames did not come back".to_owned());
    }
    // Damage: where and how is said by the input, so that it is the same again.
    let mut damaged = file.clone();
    let place = shape(input) as usize;
    match place % 4 {
        0 => damaged[(place / 4) % file.len()] ^= 1 << (place % 8),
        1 => damaged.truncate((place / 4) % file.len()),
        2 => {
            let at = (place / 4) % file.len();
            damaged.splice(at..at, input.iter().copied());
        }
        _ => {
            let at = (place / 4) % file.len();
            damaged.drain(at..(at + place % 97).min(file.len()));
        }
    }
    let found = segment::scan(&damaged, head.salt);
    let mut last = 6;
    for frame in &found.frames {
        let written = payloads.get(frame.seq.wrapping_sub(7) as usize);
        if written != Some(&frame.payload) || frame.seq <= last || frame.format != schema::RECORD_VERSION {
            return Err(format!("frame {} of a damaged file is not what was written", frame.seq));
        }
        last = frame.seq;
    }
    if payloads.len() > found.frames.len() + 3 && place.is_multiple_of(4) {
        return Err(format!("one bit cost {} frames", payloads.len() - found.frames.len()));
    }
    let foreign =
        segment::scan(input, head.salt).frames.len() + usize::from(segment::Head::read(input, "a file").is_ok());
    Ok(shape((
        about(payloads.len()),
        payloads.len() - found.frames.len(),
        found.gaps,
        place % 4,
        foreign,
        about(input.len()),
    )))
}
