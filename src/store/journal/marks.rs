//! Tests of scanning files with marks that are no frame's: all that is there is found, whatever pretends to be there too.

use super::{
    segment::{FRAME, Frame, HEAD, Head, frame_at, scan, write_frame},
    sums::{SHORT, STEP, Sums},
};
use crate::store::tests::chance::Chance;

/// How a frame begins.
const MARK: &[u8; 4] = b"TSfr";

#[test]
fn a_stretch_has_the_sum_of_its_bytes() {
    let mut chance = Chance(11);
    for size in [0, 1, STEP - 1, STEP, STEP + 1, SHORT + STEP, 300_000] {
        let bytes: Vec<u8> = (0..size).map(|_| chance.next() as u8).collect();
        let sums = Sums::of(&bytes);
        let whole = [(0, size), (size, size), (0, size / 2), (size / 2, size)];
        let drawn = (0..300).map(|_| (chance.below(size as u64 + 1) as usize, chance.below(size as u64 + 1) as usize));
        let stretches: Vec<_> = whole.into_iter().chain(drawn).collect();
        for (from, to) in stretches {
            let before = chance.next() as u32;
            let expected = bytes.get(from..to).map(|stretch| crc32c::crc32c_append(before, stretch));
            assert_eq!(sums.append(before, from, to), expected, "{from}..{to} of {size}");
        }
        assert_eq!(sums.append(0, 0, size + 1), None);
    }
}

/// What [`scan`] is to find, each claim summed byte by byte.
fn plainly(bytes: &[u8], salt: u64) -> Vec<Frame<'_>> {
    let (mut frames, mut at) = (Vec::new(), HEAD);
    while at < bytes.len() {
        match frame_at(bytes, at, salt) {
            Some(frame) => {
                at += FRAME + frame.payload.len();
                frames.push(frame);
            }
            None => at += 1,
        }
    }
    frames
}

#[test]
fn frames_behind_many_false_marks_are_all_found() {
    let mut chance = Chance(5);
    let mut found = 0;
    for round in 0..60_u64 {
        let head = Head::new(1);
        let mut bytes = head.write();
        for seq in 1..40 {
            if chance.one_in(3) {
                for _ in 0..chance.below(40) {
                    bytes.extend_from_slice(MARK);
                    bytes.extend((0..13).map(|_| chance.next() as u8));
                    // A length that may reach far, or the mark again.
                    bytes.extend_from_slice(&(chance.below(200_000) as u32).to_le_bytes());
                    bytes.truncate(bytes.len() - chance.below(6) as usize);
                }
            }
            let long = if chance.one_in(8) { 90_000 } else { 300 };
            let mut payload = vec![round as u8; chance.below(long) as usize];
            payload.extend_from_slice(MARK);
            write_frame(&mut bytes, head.salt, seq, &payload).unwrap();
        }
        for _ in 0..chance.below(4) {
            let at = HEAD + chance.below((bytes.len() - HEAD) as u64) as usize;
            bytes[at] ^= 1;
        }
        let expected = plainly(&bytes, head.salt);
        assert_eq!(scan(&bytes, head.salt).frames, expected, "round {round}");
        found += expected.len();
    }
    assert!(found > 1_500, "{found}");
}

#[test]
fn a_file_full_of_false_marks_is_scanned_in_one_go() {
    let head = Head::new(1);
    let (mut bytes, end) = (head.write(), 1 << 20);
    while bytes.len() < end {
        let reach = end.saturating_sub(bytes.len() + FRAME) as u32;
        bytes.extend_from_slice(MARK);
        bytes.extend_from_slice(&[7; FRAME - 8]);
        bytes.extend_from_slice(&reach.to_le_bytes());
    }
    write_frame(&mut bytes, head.salt, 1, b"behind").unwrap();
    let marks = bytes.len() / FRAME;
    let start = std::time::Instant::now();
    let scan = scan(&bytes, head.salt);
    println!("{marks} false marks in {} bytes: {:?}", bytes.len(), start.elapsed());
    assert_eq!((scan.frames.len(), scan.gaps), (1, 1));
}
