//! [`Tag`]: a start tag of XML that may be badly written.

/// A start tag as written.
pub(super) struct Tag<'a> {
    /// Its name.
    pub(super) name: &'a str,
    /// Names and raw values, as often as they are written.
    pub(super) attributes: Vec<(&'a str, &'a str)>,
    /// Whether it ends itself: `/>`.
    pub(super) is_empty: bool,
}

impl<'a> Tag<'a> {
    /// A tag from its name on, and what is behind it; `None` if it does not end.
    pub(super) fn read(text: &'a str) -> Option<(Self, &'a str)> {
        let is_name = |sign: char| sign.is_alphanumeric() || matches!(sign, '_' | ':' | '-' | '.');
        let (name, mut rest) = text.split_at_checked(text.find(|sign| !is_name(sign))?)?;
        let mut tag = Self { name, attributes: Vec::new(), is_empty: false };
        loop {
            rest = rest.trim_start();
            match rest.chars().next()? {
                '>' => return Some((tag, rest.strip_prefix('>')?)),
                '/' => {
                    rest = rest.strip_prefix('/')?;
                    tag.is_empty = rest.starts_with('>');
                }
                // The next tag begins before this one ended.
                '<' => return Some((tag, rest)),
                sign if is_name(sign) => {
                    let (key, after) = rest.split_at_checked(rest.find(|sign| !is_name(sign))?)?;
                    let Some(value) = after.trim_start().strip_prefix('=') else {
                        rest = after;
                        continue;
                    };
                    let value = value.trim_start();
                    let quote = value.chars().next()?;
                    let (value, after) = if matches!(quote, '"' | '\'') {
                        value.strip_prefix(quote)?.split_once(quote)?
                    } else {
                        value.split_at_checked(value.find(|sign: char| sign.is_whitespace() || sign == '>')?)?
                    };
                    let may_start = |sign: char| sign.is_alphabetic() || sign == '_';
                    if key.starts_with(may_start) && !key.ends_with(':') && tag.attributes.len() < 100 {
                        tag.attributes.push((key, value));
                    }
                    rest = after;
                }
                other => rest = rest.strip_prefix(other)?,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn badly_written_tags_are_read() {
        let (tag, rest) = Tag::read("a b=1 c = 'x>y' d \"e\" =f g='h'>rest").unwrap();
        assert_eq!(tag.attributes, [("b", "1"), ("c", "x>y"), ("g", "h")]);
        assert_eq!((tag.name, tag.is_empty, rest), ("a", false, "rest"));
        assert!(Tag::read("a/>").unwrap().0.is_empty);
        assert_eq!(Tag::read("a <b>").unwrap().1, "<b>");
        assert!(Tag::read("a b='never").is_none());
    }
}
