//! The text of elements whose inside is no markup (HTML 13.2.5.2 to 13.2.5.31): how long it is, where that is plain to see.

use html5ever::{LocalName, local_name};
use memchr::memmem;

/// Whether a start tag of this name changes how what follows it is read. The tokenizer has to see it.
pub(super) fn changes_state(name: &LocalName) -> bool {
    matches!(
        *name,
        local_name!("script")
            | local_name!("style")
            | local_name!("title")
            | local_name!("textarea")
            | local_name!("noscript")
            | local_name!("iframe")
            | local_name!("xmp")
            | local_name!("noembed")
            | local_name!("noframes")
            | local_name!("plaintext")
    )
}

/// Bytes up to the end tag of `name`. `None` where there is none, and where something in that text stands for something else:
/// a NUL, a carriage return, a reference, a comment in a script, which hides end tags.
pub(super) fn length(rest: &[u8], name: &LocalName) -> Option<usize> {
    let length = memmem::find_iter(rest, "</").find(|at| is_end(rest.get(at + 2..).unwrap_or_default(), name))?;
    let inside = rest.get(..length)?;
    let is_plain = memchr::memchr2(b'\0', b'\r', inside).is_none()
        && match *name {
            local_name!("title") | local_name!("textarea") => memchr::memchr(b'&', inside).is_none(),
            local_name!("script") => memmem::find(inside, b"<!--").is_none(),
            _ => true,
        };
    is_plain.then_some(length)
}

/// Whether an end tag's name follows.
fn is_end(after: &[u8], name: &LocalName) -> bool {
    let (Some(found), Some(next)) = (after.get(..name.len()), after.get(name.len())) else { return false };
    found.eq_ignore_ascii_case(name.as_bytes()) && matches!(next, b' ' | b'\t' | b'\n' | b'\x0c' | b'/' | b'>')
}
