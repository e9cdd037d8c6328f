//! A small PNG for an article, made of its number: a sky, a ground and three masts.

use std::io::Write as _;

use flate2::{Compression, Crc, write::ZlibEncoder};

const WIDTH: u32 = 120;
const HEIGHT: u32 = 80;

/// The picture of article `number` (PNG, RFC 2083: 8-bit truecolour without filters).
pub(crate) fn png(number: u32) -> Vec<u8> {
    let mut header = Vec::new();
    header.extend(WIDTH.to_be_bytes());
    header.extend(HEIGHT.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut file = b"\x89PNG\r\n\x1a\n".to_vec();
    chunk(&mut file, b"IHDR", &header);
    chunk(&mut file, b"IDAT", &deflated(&rows(number)));
    chunk(&mut file, b"IEND", &[]);
    file
}

fn rows(number: u32) -> Vec<u8> {
    let number = number % 1_000;
    let mut rows = Vec::new();
    let ground = HEIGHT * 3 / 4 - number % 9;
    for y in 0..HEIGHT {
        rows.push(0);
        for x in 0..WIDTH {
            let mast = (x + number * 11) % (WIDTH / 3);
            let half = (y / 6).saturating_sub(2);
            let on_mast = y < ground && y > 14 && (mast.abs_diff(20) == half || (mast.abs_diff(20) < 9 && y % 14 == 0));
            let shade = |base: u32| u8::try_from((base + y).min(255)).unwrap_or(u8::MAX);
            rows.extend(match (on_mast, y < ground) {
                (true, _) => [52, 58, 70],
                (false, true) => [shade(90 + number * 17 % 80), shade(120 + number * 29 % 50), shade(150)],
                (false, false) => [96, 120, 84],
            });
        }
    }
    rows
}

fn deflated(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail; were it to, the picture would be broken and nothing else.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

fn chunk(file: &mut Vec<u8>, kind: &[u8; 4], data: &[u8]) {
    let length = u32::try_from(data.len()).unwrap_or_default();
    file.extend(length.to_be_bytes());
    file.extend(kind);
    file.extend(data);
    let mut crc = Crc::new();
    crc.update(kind);
    crc.update(data);
    file.extend(crc.sum().to_be_bytes());
}
