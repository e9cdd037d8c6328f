//! The little HTML that feeds write themselves, as `reading::clean` would leave it.

use super::address;

/// A link to `url` that shows `text`; nothing where the address is none that readers may follow.
pub(super) fn link(url: &str, text: &str) -> Option<String> {
    let url = String::from(address::web(url)?);
    Some(format!(r#"<a href="{}" rel="noopener noreferrer">{}</a>"#, escaped(&url), escaped(text)))
}

/// `text` as it may stand in HTML.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
