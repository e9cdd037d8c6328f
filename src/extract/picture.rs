//! The address of an element's picture. Pages that load pictures late leave a placeholder in `src` and the
//! real address in another attribute, so those are asked first.

use scraper::ElementRef;

/// Attributes in which scripts for late loading keep the address, the most usual first.
const LATE: [&str; 9] = [
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-original-src",
    "data-lazy",
    "data-url",
    "data-echo",
    "data-actualsrc",
    "data-bg",
];

/// Attributes that list several sizes.
const SIZES: [&str; 2] = ["srcset", "data-srcset"];

/// The picture's address as written: of this element, or of the first picture within it.
pub(super) fn of(element: ElementRef<'_>) -> Option<String> {
    let inner = || element.descendent_elements();
    own(element)
        .or_else(|| inner().filter(|inner| matches!(inner.value().name(), "img" | "source")).find_map(own))
        .or_else(|| inner().filter_map(|inner| inner.attr("style")).find_map(background))
}

/// The address that this very element names.
fn own(element: ElementRef<'_>) -> Option<String> {
    let named = |name: &&str| element.attr(name).map(str::trim).filter(|text| is_address(text));
    let late = LATE.iter().find_map(&named).map(str::to_owned);
    late.or_else(|| element.attr("data-srcset").and_then(largest))
        .or_else(|| named(&"src").map(str::to_owned))
        .or_else(|| SIZES.iter().filter_map(|name| element.attr(name)).find_map(largest))
        .or_else(|| ["poster", "content"].iter().find_map(named).map(str::to_owned))
        .or_else(|| element.attr("style").and_then(background))
}

/// Whether it can be a picture and not the empty dot that stands in its place.
fn is_address(text: &str) -> bool {
    let is_data = text.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"));
    let name = text.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let is_dot = ["blank.", "placeholder", "spacer.", "lazyload.", "loading.", "grey.gif", "transparent."];
    !text.is_empty() && !is_data && text != "#" && !is_dot.iter().any(|start| name.starts_with(start))
}

/// The largest candidate of a `srcset` (HTML, section 4.8.4.2.1), by width, else by density.
fn largest(srcset: &str) -> Option<String> {
    let mut best: Option<(f64, &str)> = None;
    let mut rest = srcset;
    loop {
        rest = rest.trim_start_matches(|sign: char| sign.is_ascii_whitespace() || sign == ',');
        if rest.is_empty() {
            return best.map(|(_, address)| address.to_owned());
        }
        // A comma inside an address belongs to it; one at its end closes the candidate.
        let (word, after) = rest.split_once(|sign: char| sign.is_ascii_whitespace()).unwrap_or((rest, ""));
        let (size, after) =
            if word.ends_with(',') { ("", after) } else { after.split_once(',').unwrap_or((after, "")) };
        let size = descriptor(size.trim()).unwrap_or(1.0);
        let address = word.trim_end_matches(',');
        if is_address(address) && best.is_none_or(|(most, _)| size > most) {
            best = Some((size, address));
        }
        rest = after;
    }
}

/// `640w` or `2x`.
fn descriptor(word: &str) -> Option<f64> {
    word.strip_suffix(['w', 'x', 'h'])?.parse().ok().filter(|size: &f64| size.is_finite())
}

/// `url(…)` of a style.
fn background(style: &str) -> Option<String> {
    let (_, rest) = style.split_once("url(")?;
    let (inner, _) = rest.split_once(')')?;
    let address = inner.trim().trim_matches(['"', '\'']).trim();
    is_address(address).then(|| address.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reading::dom::{Limits, parse};

    fn picture(html: &str) -> Option<String> {
        let page = parse(html, &Limits::default()).unwrap();
        of(page.root_element())
    }

    #[test]
    fn the_real_address_is_found() {
        for (html, want) in [
            ("<img src=a.jpg>", Some("a.jpg")),
            ("<img src='data:image/gif;base64,R0' data-src=' b.jpg '>", Some("b.jpg")),
            ("<img src=/img/blank.gif data-original=b.jpg>", Some("b.jpg")),
            ("<img src=/img/placeholder.png>", None),
            ("<img srcset='a-300.jpg 300w, a-1200.jpg 1200w,a-600.jpg 600w'>", Some("a-1200.jpg")),
            ("<img srcset='a.jpg, b,c.jpg 2x'>", Some("b,c.jpg")),
            ("<picture><source srcset='x.webp 1x'><img></picture>", Some("x.webp")),
            ("<div style=\"background-image: url('bg.jpg')\"></div>", Some("bg.jpg")),
            ("<p>none</p>", None),
        ] {
            assert_eq!(picture(html).as_deref(), want, "{html}");
        }
    }
}
