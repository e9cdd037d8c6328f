//! A tree → HTML again, within a number of bytes: escaping and formatting elements that were made again let it grow.

use std::io;

use html5ever::serialize::{SerializeOpts, TraversalScope, serialize};
use scraper::ElementRef;

use super::TooComplex;

/// What is inside an element, as HTML of at most `most` bytes.
pub fn write_inside(element: ElementRef<'_>, most: usize) -> Result<String, TooComplex> {
    let mut out = Bounded { bytes: Vec::new(), most };
    let options = SerializeOpts {
        scripting_enabled: true,
        traversal_scope: TraversalScope::ChildrenOnly(None),
        create_missing_parent: false,
    };
    serialize(&mut out, &element, options).map_err(|_| TooComplex::Bytes(most))?;
    Ok(String::from_utf8(out.bytes).unwrap_or_default())
}

/// A buffer that refuses to grow past its bound.
struct Bounded {
    bytes: Vec<u8>,
    most: usize,
}

impl io::Write for Bounded {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + piece.len() > self.most {
            return Err(io::ErrorKind::FileTooLarge.into());
        }
        self.bytes.extend_from_slice(piece);
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
