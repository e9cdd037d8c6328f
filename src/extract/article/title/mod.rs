//! The title: what the page's headings, `<title>` and metadata agree on, without the site's name.
//!
//! A heading is the title if the page names it elsewhere too, whole or for the most part, unless the top heading says the same in
//! other words; else the top heading over the story, if it speaks of the same things; else what the page calls itself where it is
//! shared. A heading that leads home is the site's name.

mod headings;
mod named;

use super::{body::Body, place::Place, view::View};
use headings::{Heading, headings};
use named::Named;

/// Names of metadata that catalogues read.
const CATALOGUED: [&str; 6] =
    ["citation_title", "dc:title", "dcterms:title", "dc.title", "dcterms.title", "parsely-title"];

/// The title, if the page has one.
pub(super) fn find(view: &View<'_>, body: &Body) -> Option<(String, Place)> {
    let named = Named::of(view);
    let headings = headings(view, &named);
    // Catalogues hold the work's own title, which pages otherwise shorten or praise; some name the whole site in its place.
    let catalogued = view.data.meta(&CATALOGUED).map(|given| named.bare(&super::data::unescaped(given)));
    if let Some(given) = catalogued.filter(|given| !named.is_refuted(given, &headings)) {
        return Some((given, Place::Meta));
    }
    let first = body.kept.first().copied().unwrap_or(usize::MAX);
    let over = |heading: &&Heading| heading.level == 1 && heading.block <= first.saturating_add(3);
    // What is called a banner or the like may hold the title, if nothing else does.
    let top = headings.iter().rfind(|heading| over(heading) && !heading.is_framed).or_else(|| {
        let mut tops = headings.iter().filter(over);
        tops.next().filter(|_| tops.next().is_none())
    });
    let agreed = named.agreed(&headings);
    if let Some(heading) = agreed {
        // The top heading may say in other words what the page and a lower heading say: it is what stands over the story.
        let reworded = top.filter(|top| heading.level > 1 && named.rewords(&top.text, &heading.text));
        let heading = named.undressed(reworded.unwrap_or(heading), &headings);
        return Some((named.alone(view, heading), Place::Heading));
    }
    let speaks = |heading: &&Heading| match heading.is_framed {
        true => named.every().any(|outer| named.rewords(&heading.text, &outer.bare)),
        false => named.speaks_of(&heading.text),
    };
    if let Some(heading) = top.filter(speaks) {
        return Some((named.alone(view, heading), Place::Heading));
    }
    if let Some(heading) = named.unnamed(&headings) {
        return Some((named.alone(view, heading), Place::Heading));
    }
    if let Some(text) = headings::nearest(view, &named, first) {
        return Some((text, Place::Heading));
    }
    let called = [(&named.shared, Place::Meta), (&named.headline, Place::Data), (&named.window, Place::Window)];
    if let Some((text, place)) = called.into_iter().find_map(|(text, place)| Some((text.as_deref()?, place))) {
        return Some((named.bare(text), place));
    }
    headings.iter().min_by_key(|heading| heading.level).map(|heading| (heading.text.clone(), Place::Heading))
}
