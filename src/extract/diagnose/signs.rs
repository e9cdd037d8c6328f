//! [`Signs`]: what a page shows of itself, gathered in one walk: how much text and how many headlines it has, and what stands on top.

use scraper::{ElementRef, Html};
use unicode_width::UnicodeWidthStr;

use crate::reading::text::line;

/// Characters of visible text that are kept for cues.
const TEXT: usize = 20_000;
/// Bytes of the page as it came that are searched for the marks of challenge scripts.
const RAW: usize = 200_000;
/// Columns from which a link's text is a headline and no word of a menu.
const HEADLINE: usize = 16;
/// Identifiers of elements that scripts fill.
const MOUNTS: [&str; 12] = [
    "root",
    "app",
    "__next",
    "__nuxt",
    "___gatsby",
    "svelte",
    "main-app",
    "react-root",
    "app-root",
    "react-app",
    "vue-app",
    "q-app",
];

/// What a page shows of itself. Texts are in lower case.
#[derive(Debug, Default)]
pub(super) struct Signs {
    /// Title and main headings.
    pub(super) top: String,
    /// What people see, without the title.
    pub(super) text: String,
    /// Columns that all of it takes.
    pub(super) width: usize,
    /// What those see who run no scripts.
    pub(super) noscript: String,
    /// The page as it came, its first part.
    pub(super) raw: String,
    /// Links whose text is as long as a headline.
    pub(super) headlines: usize,
    /// Scripts, inline and other.
    pub(super) scripts: usize,
    /// Whether a password is asked for.
    pub(super) password: bool,
    /// Whether an element waits to be filled by a script.
    pub(super) mount: bool,
}

impl Signs {
    /// Reads them off a page that is parsed; `raw` is its text as it came.
    pub(super) fn of(html: &Html, raw: &str) -> Self {
        let mut signs = Self { raw: start(raw, RAW).to_lowercase(), ..Self::default() };
        for node in html.tree.root().descendants() {
            if let Some(text) = node.value().as_text() {
                signs.words(text, node.ancestors().filter_map(ElementRef::wrap));
            } else if let Some(element) = ElementRef::wrap(node) {
                signs.element(element);
            }
        }
        signs.text = line(&signs.text).to_lowercase();
        signs.noscript = line(&signs.noscript).to_lowercase();
        signs.top = line(&signs.top).to_lowercase();
        signs
    }

    fn words<'a>(&mut self, text: &str, mut outer: impl Iterator<Item = ElementRef<'a>>) {
        let hidden =
            |name: &str| matches!(name, "script" | "style" | "template" | "title" | "svg" | "select" | "textarea");
        let mut noscript = false;
        if outer.any(|element| {
            noscript |= element.value().name() == "noscript";
            hidden(element.value().name()) || is_hidden(element)
        }) {
            return;
        }
        match noscript {
            true => add(&mut self.noscript, text),
            false => {
                self.width += line(text).width();
                add(&mut self.text, text);
            }
        }
    }

    fn element(&mut self, element: ElementRef<'_>) {
        match element.value().name() {
            "title" | "h1" => element.text().for_each(|text| add(&mut self.top, text)),
            "h2" if self.top.len() < 120 => element.text().for_each(|text| add(&mut self.top, text)),
            "a" if element.attr("href").is_some() => {
                let width: usize = element.text().map(|text| line(text).width()).sum();
                self.headlines += usize::from(width >= HEADLINE);
            }
            "script" => self.scripts += 1,
            "input" => self.password |= element.attr("type").is_some_and(|kind| kind.eq_ignore_ascii_case("password")),
            "app-root" | "router-view" => self.mount = true,
            _ => {}
        }
        self.mount |= element.attr("id").is_some_and(|id| MOUNTS.contains(&id.to_ascii_lowercase().as_str()));
    }
}

fn is_hidden(element: ElementRef<'_>) -> bool {
    let style = element.attr("style").unwrap_or_default();
    element.attr("hidden").is_some()
        || (style.contains("display") && style.replace(' ', "").to_ascii_lowercase().contains("display:none"))
}

fn add(to: &mut String, text: &str) {
    if to.len() < TEXT {
        to.push(' ');
        to.push_str(start(text, TEXT));
    }
}

/// The first part of a text, whole characters.
fn start(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}
