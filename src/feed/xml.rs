//! Any string → text that XML 1.0 can hold and feed validators accept: [`XmlText`].
//!
//! No text reaches a writer without it. The writers' crates escape markup, but write forbidden characters as they are,
//! and one of them makes a strict parser refuse the whole feed.

use crate::model::CleanHtml;

/// Text without a character that XML 1.0 forbids (section 2.2) or discourages.
///
/// Control characters go, U+FFFD becomes `?` (validators call it a fault), and line ends are `\n`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct XmlText(String);

impl XmlText {
    /// Text whose line breaks count.
    pub fn text(text: &str) -> Self {
        let mut kept = String::with_capacity(text.len());
        let mut rest = text;
        loop {
            let (same, from) = leap(rest, &LEFT_IN_TEXT);
            kept.push_str(same);
            let mut chars = from.chars();
            let Some(c) = chars.next() else { break };
            rest = chars.as_str();
            if c == '\r' {
                kept.push('\n');
                rest = rest.strip_prefix('\n').unwrap_or(rest);
            } else {
                kept.extend(fate(c));
            }
        }
        Self(kept)
    }

    /// Text in one line: runs of white space and control characters become one space, none is left at the ends.
    pub fn line(text: &str) -> Self {
        let mut kept = String::with_capacity(text.len());
        let mut gap = false;
        let keep = |kept: &mut String, gap: &mut bool, some: &str| {
            if std::mem::take(gap) && !kept.is_empty() {
                kept.push(' ');
            }
            kept.push_str(some);
        };
        let mut rest = text;
        loop {
            let (same, from) = leap(rest, &LEFT_IN_LINES);
            if !same.is_empty() {
                keep(&mut kept, &mut gap, same);
            }
            let mut chars = from.chars();
            let Some(c) = chars.next() else { break };
            rest = chars.as_str();
            if c.is_whitespace() && c != '\u{3000}' || c.is_control() {
                gap = true;
            } else if let Some(c) = fate(c) {
                keep(&mut kept, &mut gap, c.encode_utf8(&mut [0; 4]));
            }
        }
        kept.truncate(kept.trim_end().len());
        kept.drain(..kept.len() - kept.trim_start().len());
        Self(kept)
    }

    /// One line for an element of RSS whose type nobody declares, so that some readers take it for HTML and others do not.
    ///
    /// A word joiner (U+2060, invisible) after `<` and `&` where they would start a tag or a character reference
    /// makes both show the same: the text as it stood on the page.
    pub fn untyped(text: &str) -> Self {
        let Self(line) = Self::line(text);
        if !line.contains(['<', '&']) {
            return Self(line);
        }
        let mut kept = String::with_capacity(line.len() + 8);
        let mut rest = line.as_str();
        while let Some(place) = rest.find(['<', '&']) {
            let (before, from) = rest.split_at(place);
            kept.push_str(before);
            let mut chars = from.chars();
            let mark = chars.next();
            kept.extend(mark);
            rest = chars.as_str();
            let means_markup = if mark == Some('<') { starts_tag(rest) } else { starts_reference(rest) };
            if means_markup {
                kept.push('\u{2060}');
            }
        }
        kept.push_str(rest);
        Self(kept)
    }

    /// HTML, as text of the feed's XML.
    pub fn html(html: &CleanHtml) -> Self {
        Self::text(html.as_str())
    }

    /// Plain text as HTML that shows it.
    pub fn escaped(text: &str) -> Self {
        let Self(line) = Self::line(text);
        Self(line.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is left.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text, or nothing where nobody would see any: it is empty, white space, or invisible characters.
    pub fn filled(self) -> Option<Self> {
        let unseen = |c: char| {
            c.is_whitespace()
                || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}')
        };
        (!self.0.chars().all(unseen)).then_some(self)
    }
}

impl From<XmlText> for String {
    fn from(text: XmlText) -> Self {
        text.0
    }
}

/// Bytes whose characters [`XmlText::text`] leaves as they are, and most of any text: it is taken by leaps.
static LEFT_IN_TEXT: [bool; 256] = left(b"\t\n ");
/// The same for [`XmlText::line`].
static LEFT_IN_LINES: [bool; 256] = left(b"");

/// Which bytes belong to characters that stay as they are, `white` space among them. Others than these begin one that may be white space,
/// a control character, a noncharacter or U+FFFD, as the character itself tells.
#[expect(clippy::indexing_slicing, reason = "a byte is within 256, and a constant function knows no iterators")]
const fn left(white: &[u8]) -> [bool; 256] {
    let mut left = [false; 256];
    let mut byte = 0_u8;
    loop {
        left[byte as usize] = !matches!(byte, 0..=b' ' | 0x7f | 0xc2 | 0xe1 | 0xe2 | 0xef | 0xf0..=0xff);
        let Some(next) = byte.checked_add(1) else { break };
        byte = next;
    }
    let mut at = 0;
    while at < white.len() {
        left[white[at] as usize] = true;
        at += 1;
    }
    left
}

/// The beginning of `text` that has only bytes that are `left`, and the rest, which begins with another character.
fn leap<'t>(text: &'t str, left: &[bool; 256]) -> (&'t str, &'t str) {
    let end = text.bytes().position(|byte| left.get(usize::from(byte)) == Some(&false));
    text.split_at(end.unwrap_or(text.len()))
}

/// What becomes of a character.
fn fate(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' => Some(c),
        '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' => None,
        '\u{fffd}' => Some('?'),
        // The last two of every plane are noncharacters; XML forbids those of the first and discourages the others.
        _ if u32::from(c) & 0xfffe == 0xfffe => None,
        _ => Some(c),
    }
}

/// Whether `<` before `rest` would open a tag, an end tag, a comment or an instruction.
fn starts_tag(rest: &str) -> bool {
    rest.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'))
}

/// Whether `&` before `rest` would start a character reference: numeric, closed by `;`, or a name that HTML 4 knows.
fn starts_reference(rest: &str) -> bool {
    if rest.starts_with('#') {
        return true;
    }
    let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    !name.is_empty()
        && (after.starts_with(';')
            || name.chars().any(|c| !c.is_alphabetic())
            || NAMES.split_ascii_whitespace().any(|known| known == name))
}

/// The names of character references in HTML 4.01, section 24.
const NAMES: &str = "AElig Aacute Acirc Agrave Alpha Aring Atilde Auml Beta Ccedil Chi Dagger Delta ETH Eacute Ecirc \
    Egrave Epsilon Eta Euml Gamma Iacute Icirc Igrave Iota Iuml Kappa Lambda Mu Ntilde Nu OElig Oacute Ocirc Ograve \
    Omega Omicron Oslash Otilde Ouml Phi Pi Prime Psi Rho Scaron Sigma THORN Tau Theta Uacute Ucirc Ugrave Upsilon \
    Uuml Xi Yacute Yuml Zeta aacute acirc acute aelig agrave alefsym alpha amp and ang aring asymp atilde auml bdquo \
    beta brvbar bull cap ccedil cedil cent chi circ clubs cong copy crarr cup curren dArr dagger darr deg delta diams \
    divide eacute ecirc egrave empty emsp ensp epsilon equiv eta eth euml euro exist fnof forall frac12 frac14 frac34 \
    frasl gamma ge gt hArr harr hearts hellip iacute icirc iexcl igrave image infin int iota iquest isin iuml kappa \
    lArr lambda lang laquo larr lceil ldquo le lfloor lowast loz lrm lsaquo lsquo lt macr mdash micro middot minus mu \
    nabla nbsp ndash ne ni not notin nsub ntilde nu oacute ocirc oelig ograve oline omega omicron oplus or ordf ordm \
    oslash otilde otimes ouml para part permil perp phi pi piv plusmn pound prime prod prop psi quot rArr radic rang \
    raquo rarr rceil rdquo real reg rfloor rho rlm rsaquo rsquo sbquo scaron sdot sect shy sigma sigmaf sim spades sub \
    sube sum sup sup1 sup2 sup3 supe szlig tau there4 theta thetasym thinsp thorn tilde times trade uArr uacute uarr \
    ucirc ugrave uml upsih upsilon uuml weierp xi yacute yen yuml zeta zwj zwnj";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forbidden_characters_never_pass() {
        assert_eq!(XmlText::text("a\0b\u{1}c\u{8}\u{b}\u{1f}\u{7f}\u{9f}\u{fffe}\u{ffff}\u{1ffff}d").as_str(), "abcd");
        assert_eq!(XmlText::text("a\r\nb\rc\n\td").as_str(), "a\nb\nc\n\td");
        assert_eq!(XmlText::text("lost \u{fffd}").as_str(), "lost ?");
        assert_eq!(XmlText::text("电网 🦀 é").as_str(), "电网 🦀 é");
    }

    #[test]
    fn a_line_is_one_line() {
        assert_eq!(XmlText::line(" a\r\n\t b\u{0}\u{1b}[31mc\u{2028}d \u{85}").as_str(), "a b [31mc d");
        assert_eq!(XmlText::line("\u{0}\n ").as_str(), "");
        assert_eq!(XmlText::line("国网\u{3000}南网").as_str(), "国网\u{3000}南网");
    }

    #[test]
    fn what_nobody_sees_is_nothing() {
        for unseen in ["", " \u{a0}\u{3000}", "\u{200b}\u{200e}\u{202e}\u{ad}", "\0\u{1}"] {
            assert_eq!(XmlText::text(unseen).filled(), None, "{unseen:?}");
        }
        assert!(XmlText::text("\u{200e}。").filled().is_some());
    }

    #[test]
    fn untyped_text_is_no_markup() {
        for same in ["Q&A", "AT&T < BT", "1 < 2 & 3 > 2", "R&D 研发", "a<5"] {
            assert_eq!(XmlText::untyped(same).as_str(), same);
        }
        assert_eq!(XmlText::untyped("<b>x</b> &lt; &#60; &copy").as_str().matches('\u{2060}').count(), 5);
    }
}
