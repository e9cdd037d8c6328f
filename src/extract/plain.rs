//! Texts of feeds and APIs that may or may not carry marks: [`plain`] takes them off, [`markup`] says which it is.

use super::shown::{self, Others};
use crate::{
    model::Markup,
    reading::{
        dom::{self, Limits},
        text::line,
    },
};

/// The text without marks and entities, where it has any; feeds and APIs write them in titles too.
pub(super) fn plain(text: &str) -> String {
    if !looks_like_html(text) {
        return line(text);
    }
    match dom::parse(text, &Limits::default()) {
        Ok(html) => shown::text(html.root_element(), &Others::new()),
        Err(_) => line(text),
    }
}

/// Text that says to be plain, as HTML where it plainly is.
pub(super) fn markup(text: String) -> Markup {
    if looks_like_html(&text) { Markup::Html(text) } else { Markup::Text(text) }
}

/// Whether a text has an entity or an end tag in it.
pub(super) fn looks_like_html(text: &str) -> bool {
    let is_entity = |after: &str| {
        let name = after.chars().take_while(|sign| sign.is_ascii_alphanumeric() || *sign == '#').take(10);
        let name: String = name.collect();
        (2..10).contains(&name.len()) && after.get(name.len()..).is_some_and(|rest| rest.starts_with(';'))
    };
    text.split('&').skip(1).any(is_entity) || ["</", "<br", "<p>", "<img "].iter().any(|mark| text.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_off_where_there_are_any() {
        for (text, want) in [
            ("a &lt; b", "a < b"),
            ("Q&A; R&D", "Q&A; R&D"),
            ("if x < y", "if x < y"),
            ("<em>Big</em> news", "Big news"),
            ("caf&#233;\n bar", "café bar"),
        ] {
            assert_eq!(plain(text), want);
        }
    }
}
