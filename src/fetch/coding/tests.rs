//! Bodies that were packed to hurt, each beside the same body with the bounds taken away, which comes.

use std::collections::BTreeMap;

use http::HeaderValue;

use super::*;

const MIB: usize = 1 << 20;
/// The ratio of the defaults; a smaller size, so that many cases are quick.
const BOUNDS: Bounds = Bounds { most: 3 * MIB, ratio: 200 };
const UNBOUND: Bounds = Bounds { most: usize::MAX, ratio: usize::MAX };

type Pack = fn(&[u8]) -> Vec<u8>;

const PACKS: &[(&str, Coding, Pack)] = &[
    ("gzip", Coding::Gzip, gzip),
    ("deflate", Coding::Deflate, zlib),
    ("raw deflate", Coding::Deflate, raw),
    ("br", Coding::Brotli, br),
    ("zstd", Coding::Zstd, |body| zstd::encode_all(body, 3).unwrap()),
];

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn zlib(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn raw(body: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn br(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    brotli::CompressorWriter::new(&mut out, 4096, 1, 22).write_all(body).unwrap();
    out
}

/// A frame that asks for a window of 128 MiB.
fn wide(body: &[u8]) -> Vec<u8> {
    let mut encoder = zstd::stream::write::Encoder::new(Vec::new(), 1).unwrap();
    encoder.window_log(27).unwrap();
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

/// Bytes that pack badly.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_u32;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state as u8
    };
    (0..length).map(|_| next()).collect()
}

/// Noise of which each byte comes 64 times: more than fits, packed less than 200 times.
fn rows(length: usize) -> Vec<u8> {
    noise(length / 64).iter().flat_map(|byte| [*byte; 64]).collect()
}

fn undo(coding: Coding, wire: &[u8], piece: usize, bounds: Bounds) -> Result<Vec<u8>, Fault> {
    let mut decoder = Decoder::new(coding, bounds).map_err(|_| Fault::Broken)?;
    wire.chunks(piece).try_for_each(|piece| decoder.take(piece))?;
    decoder.finish()
}

/// Counts by class, as they are printed.
#[derive(Default)]
struct Ran(BTreeMap<&'static str, usize>);

impl Ran {
    fn case(&mut self, class: &'static str, held: bool, what: &str) {
        assert!(held, "{class}: {what}");
        *self.0.entry(class).or_default() += 1;
    }
}

#[test]
fn what_is_packed_to_hurt_ends_within_its_bounds() {
    let mut ran = Ran::default();
    let page = "<p>hello".repeat(2_000).into_bytes();
    let (zeros, honest, rows) = (vec![0; 8 * MIB], noise(2 * MIB), rows(4 * MIB));
    for (name, coding, pack) in PACKS {
        let mut is = |class, held| ran.case(class, held, name);
        for size in [1, 7, 1000, usize::MAX] {
            is(
                "controls: a page comes, in pieces of any size",
                undo(*coding, &pack(&page), size, BOUNDS) == Ok(page.clone()),
            );
        }
        is("controls: 2 MiB that pack badly come", undo(*coding, &pack(&honest), 65_536, BOUNDS) == Ok(honest.clone()));
        is(
            "controls: 1 MiB of zeros comes",
            undo(*coding, &pack(&zeros[..MIB]), 65_536, BOUNDS) == Ok(zeros[..MIB].to_vec()),
        );
        is("controls: nothing is an empty page", undo(*coding, b"", 1, BOUNDS) == Ok(Vec::new()));

        for size in [2 * MIB, 4 * MIB, 8 * MIB] {
            let bomb = pack(&zeros[..size]);
            is("bombs, by ratio", undo(*coding, &bomb, 65_536, BOUNDS) == Err(Fault::Ratio));
            is(
                "controls: a bomb goes off unbound",
                undo(*coding, &bomb, 65_536, UNBOUND).is_ok_and(|all| all.len() == size),
            );
        }
        let large = pack(&rows);
        is("bodies over the size", undo(*coding, &large, 65_536, BOUNDS) == Err(Fault::Size));
        is("controls: a large body comes unbound", undo(*coding, &large, 65_536, UNBOUND) == Ok(rows.clone()));
        let mut decoder = Decoder::new(*coding, BOUNDS).unwrap();
        let _ = decoder.take(&large);
        let start = decoder.partial();
        is("of a body over the size, no more than fits is held", start == rows[..BOUNDS.most]);

        let packed = pack(&page);
        for at in [1, 2, 3, packed.len() / 2, packed.len() - 1] {
            // A single byte of `deflate` says nothing yet, and is taken for the page.
            let cut = undo(*coding, &packed[..at], 65_536, BOUNDS);
            let held = if at == 1 && *coding == Coding::Deflate {
                cut == Ok(packed[..1].to_vec())
            } else {
                cut == Err(Fault::Broken)
            };
            is("bodies that were cut", held);
        }
        // A brotli stream or gzip member has its own end; what follows it is no part of the page, or is a fault.
        for junk in [[0xff; 64], [0x00; 64]] {
            if *coding != Coding::Brotli || junk[0] == 0xff {
                is("bodies that are not what they say", undo(*coding, &junk, 65_536, BOUNDS).is_err());
            }
        }
    }
    let wide = wide(&honest);
    ran.case("windows that are too wide", undo(Coding::Zstd, &wide, 65_536, BOUNDS) == Err(Fault::Broken), "zstd");
    let two = [gzip(b"a"), gzip(b"b")].concat();
    ran.case(
        "controls: two gzip members are one page",
        undo(Coding::Gzip, &two, 5, BOUNDS) == Ok(b"ab".to_vec()),
        "gzip",
    );
    let frames = [zstd::encode_all(&b"a"[..], 3).unwrap(), zstd::encode_all(&b"b"[..], 3).unwrap()].concat();
    ran.case(
        "controls: two zstd frames are one page",
        undo(Coding::Zstd, &frames, 5, BOUNDS) == Ok(b"ab".to_vec()),
        "zstd",
    );
    ran.case("controls: a plain page comes", undo(Coding::Plain, &page, 7, BOUNDS) == Ok(page.clone()), "plain");
    ran.case("bodies over the size", undo(Coding::Plain, &rows, 65_536, BOUNDS) == Err(Fault::Size), "plain");

    for (lines, held) in [
        (&["gzip, br"][..], Err("it is packed more than once")),
        (&["gzip", "gzip"], Err("it is packed more than once")),
        (&["br,deflate"], Err("it is packed more than once")),
        (&["zstd, identity, zstd"], Err("it is packed more than once")),
        (&["compress"], Err("it is packed in a way that was not asked for")),
        (&["dcb"], Err("it is packed in a way that was not asked for")),
        (&["gzip\u{e9}"], Err("its Content-Encoding is no text")),
    ] {
        ran.case("layers and unknown codings", coding(lines) == held.map_err(str::to_owned), &lines.join("|"));
    }
    for (lines, is) in [
        (&[][..], Coding::Plain),
        (&["", "identity", "none", "utf-8"], Coding::Plain),
        (&["gzip"], Coding::Gzip),
        (&["X-GZip"], Coding::Gzip),
        (&["identity, deflate"], Coding::Deflate),
        (&["br"], Coding::Brotli),
        (&[" zstd "], Coding::Zstd),
    ] {
        ran.case("controls: one layer is known by its name", coding(lines) == Ok(is), &lines.join("|"));
    }

    for (class, count) in &ran.0 {
        println!("decompression: {count:>3} {class}");
    }
    let controls: usize = ran.0.iter().filter(|(class, _)| class.starts_with("controls")).map(|(_, count)| count).sum();
    println!("decompression: {} cases, 0 failed, {controls} of them controls", ran.0.values().sum::<usize>());
}

fn coding(lines: &[&str]) -> Result<Coding, String> {
    let mut headers = HeaderMap::new();
    for line in lines {
        headers.append(CONTENT_ENCODING, HeaderValue::from_bytes(line.as_bytes()).unwrap());
    }
    Coding::of(&headers)
}

/// robots.txt is read as far as it may be long (RFC 9309, section 2.5).
#[test]
fn what_is_too_long_is_kept_up_to_the_bound() {
    let rows = b"0123456789".repeat(25);
    for piece in [rows.len(), 7] {
        let mut decoder = Decoder::new(Coding::Plain, Bounds { most: 100, ..BOUNDS }).unwrap();
        assert_eq!(rows.chunks(piece).try_for_each(|piece| decoder.take(piece)), Err(Fault::Size));
        assert_eq!(decoder.partial(), rows[..100]);
    }
}
