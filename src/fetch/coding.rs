//! Content codings undone piece by piece: wire bytes → body, counted as they grow.
//!
//! - [`Coding`]: the one layer that an answer may have (RFC 9110, section 8.4).
//! - [`Decoder`]: takes pieces; never holds more than its [`Bounds`] allow, however well the pieces were packed.

use std::io::{self, Write};

use http::{HeaderMap, header::CONTENT_ENCODING};
use zstd::stream::raw::{InBuffer, Operation, OutBuffer};

/// Bytes decoded before the ratio counts: small answers pack well.
const FREE: usize = 1 << 20;
/// Bytes handed to a decoder at once.
const PIECE: usize = 8 << 10;
/// Largest zstd window, as an exponent of 2: 8 MiB (RFC 9659, section 3).
const ZSTD_WINDOW: u32 = 23;

/// How a body is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Coding {
    Plain,
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    /// The coding that the headers name; several layers and unknown ones are faults.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, String> {
        let mut found = Self::Plain;
        for value in headers.get_all(CONTENT_ENCODING) {
            for word in value.to_str().map_err(|_| "its Content-Encoding is no text".to_owned())?.split(',') {
                let one = match word.trim().to_ascii_lowercase().as_str() {
                    "" | "identity" | "none" | "utf-8" => continue,
                    "gzip" | "x-gzip" => Self::Gzip,
                    "deflate" => Self::Deflate,
                    "br" => Self::Brotli,
                    "zstd" => Self::Zstd,
                    _ => return Err("it is packed in a way that was not asked for".into()),
                };
                if found != Self::Plain {
                    return Err("it is packed more than once".into());
                }
                found = one;
            }
        }
        Ok(found)
    }
}

/// How large a body may grow.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    /// Most decoded bytes.
    pub(super) most: usize,
    /// Most decoded bytes for one received byte, after the first MiB.
    pub(super) ratio: usize,
}

/// Why decoding ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    /// More than the most decoded bytes.
    Size,
    /// Packed too well to be honest.
    Ratio,
    /// The coding's own rules are broken, or it was cut.
    Broken,
}

/// Undoes one coding.
pub(super) enum Decoder {
    Plain(Sink),
    Gzip(Box<flate2::write::MultiGzDecoder<Sink>>),
    /// `deflate`, whose first bytes tell whether it has the zlib frame that it should have.
    Undecided(Sink, Vec<u8>),
    Zlib(Box<flate2::write::ZlibDecoder<Sink>>),
    Raw(Box<flate2::write::DeflateDecoder<Sink>>),
    Brotli(Box<brotli::DecompressorWriter<Sink>>),
    Zstd(Box<Zstd>),
    /// Its parts were taken.
    Done,
}

impl Decoder {
    pub(super) fn new(coding: Coding, bounds: Bounds) -> io::Result<Self> {
        let sink = Sink { out: Vec::new(), bounds, received: 0, over: None };
        Ok(match coding {
            Coding::Plain => Self::Plain(sink),
            Coding::Gzip => Self::Gzip(Box::new(flate2::write::MultiGzDecoder::new(sink))),
            Coding::Deflate => Self::Undecided(sink, Vec::new()),
            Coding::Brotli => Self::Brotli(Box::new(brotli::DecompressorWriter::new(sink, PIECE))),
            Coding::Zstd => Self::Zstd(Box::new(Zstd::new(sink)?)),
        })
    }

    /// Takes what was received.
    pub(super) fn take(&mut self, wire: &[u8]) -> Result<(), Fault> {
        wire.chunks(PIECE).try_for_each(|piece| {
            if let Some(sink) = self.sink() {
                sink.received += piece.len();
            }
            self.write(piece).map_err(|_| self.fault())
        })
    }

    /// The whole body; a coding that was cut is a fault.
    pub(super) fn finish(mut self) -> Result<Vec<u8>, Fault> {
        let end = match &mut self {
            Self::Undecided(sink, held) if !held.is_empty() => sink.write_all(held),
            Self::Plain(_) | Self::Undecided(..) | Self::Done => Ok(()),
            Self::Gzip(gzip) if gzip.get_ref().received == 0 => Ok(()),
            Self::Gzip(gzip) => gzip.try_finish(),
            Self::Zlib(zlib) => zlib.try_finish(),
            Self::Raw(raw) => raw.try_finish(),
            Self::Brotli(brotli) if brotli.get_ref().received == 0 => Ok(()),
            Self::Brotli(brotli) => brotli.close(),
            Self::Zstd(zstd) => zstd.close(),
        };
        end.map_err(|_| self.fault())?;
        Ok(self.partial())
    }

    /// What has been decoded so far.
    pub(super) fn partial(mut self) -> Vec<u8> {
        self.sink().map(|sink| std::mem::take(&mut sink.out)).unwrap_or_default()
    }

    fn write(&mut self, piece: &[u8]) -> io::Result<()> {
        match self {
            Self::Plain(sink) => sink.write_all(piece),
            Self::Gzip(gzip) => gzip.write_all(piece),
            Self::Zlib(zlib) => zlib.write_all(piece),
            Self::Raw(raw) => raw.write_all(piece),
            Self::Brotli(brotli) => brotli.write_all(piece),
            Self::Zstd(zstd) => zstd.write_all(piece),
            Self::Undecided(_, held) => {
                held.extend_from_slice(piece);
                self.decide()
            }
            Self::Done => Ok(()),
        }
    }

    /// A zlib frame starts with method 8 and a check of its first two bytes (RFC 1950, section 2.2); some servers leave it out.
    fn decide(&mut self) -> io::Result<()> {
        let Self::Undecided(_, held) = &*self else { return Ok(()) };
        let [first, second, ..] = held.as_slice() else { return Ok(()) };
        let framed = first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0;
        let Self::Undecided(sink, held) = std::mem::replace(self, Self::Done) else { return Ok(()) };
        *self = if framed {
            Self::Zlib(Box::new(flate2::write::ZlibDecoder::new(sink)))
        } else {
            Self::Raw(Box::new(flate2::write::DeflateDecoder::new(sink)))
        };
        self.write(&held)
    }

    fn sink(&mut self) -> Option<&mut Sink> {
        match self {
            Self::Plain(sink) | Self::Undecided(sink, _) => Some(sink),
            Self::Gzip(gzip) => Some(gzip.get_mut()),
            Self::Zlib(zlib) => Some(zlib.get_mut()),
            Self::Raw(raw) => Some(raw.get_mut()),
            Self::Brotli(brotli) => Some(brotli.get_mut()),
            Self::Zstd(zstd) => Some(&mut zstd.sink),
            Self::Done => None,
        }
    }

    fn fault(&mut self) -> Fault {
        self.sink().and_then(|sink| sink.over).unwrap_or(Fault::Broken)
    }
}

/// Zstandard (RFC 8878); the crate's own writer cannot tell a frame that was cut.
pub(super) struct Zstd {
    raw: zstd::stream::raw::Decoder<'static>,
    sink: Sink,
    buffer: Vec<u8>,
    whole: bool,
}

impl Zstd {
    fn new(sink: Sink) -> io::Result<Self> {
        let mut raw = zstd::stream::raw::Decoder::new()?;
        raw.set_parameter(zstd::stream::raw::DParameter::WindowLogMax(ZSTD_WINDOW))?;
        Ok(Self { raw, sink, buffer: vec![0; 4 * PIECE], whole: true })
    }

    fn write_all(&mut self, piece: &[u8]) -> io::Result<()> {
        let mut input = InBuffer::around(piece);
        loop {
            let mut output = OutBuffer::around(self.buffer.as_mut_slice());
            let wanted = self.raw.run(&mut input, &mut output)?;
            let full = output.pos() == output.capacity();
            self.sink.write_all(output.as_slice())?;
            self.whole = wanted == 0;
            // A full buffer may mean that more is waiting inside the decoder.
            if input.pos == piece.len() && (self.whole || !full) {
                return Ok(());
            }
        }
    }

    fn close(&self) -> io::Result<()> {
        if self.whole { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

/// Where decoded bytes go; refuses what would pass the bounds before it takes memory.
pub(super) struct Sink {
    out: Vec<u8>,
    bounds: Bounds,
    received: usize,
    over: Option<Fault>,
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let grown = self.out.len() + bytes.len();
        if grown > FREE.max(self.received.saturating_mul(self.bounds.ratio)) {
            self.over.get_or_insert(Fault::Ratio);
        }
        if grown > self.bounds.most {
            let room = self.bounds.most.saturating_sub(self.out.len());
            self.out.extend(bytes.iter().take(room));
            self.over.get_or_insert(Fault::Size);
        }
        if self.over.is_some() {
            return Err(io::Error::other("over the bounds"));
        }
        self.out.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
