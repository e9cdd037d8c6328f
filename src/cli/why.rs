//! `tearsheet why`: all that is known of one article, for people.

use std::fmt::Write;

use anyhow::bail;

use super::{args::Common, columns::columns, network, place, show};
use crate::daemon::{
    self, Clock,
    control::{self, Answer, Asked, Request},
    dossier::{Archive, Dossier, Finding, Seen, Shown},
};
use crate::harvest::{self, Likeness};
use crate::model::Article;
use crate::reading::text;

/// Runs the command.
pub(super) fn run(common: &Common, what: &str) -> anyhow::Result<()> {
    let mut finding = Finding::Unknown;
    let state = place::state(common);
    let asked = control::ask(&state, &Request::Why { what: what.to_owned() }, |answer| {
        if let Answer::Finding(found) = answer {
            finding = *found;
        }
        Ok(())
    })?;
    if asked == Asked::Nobody {
        let config = place::config(common).read()?;
        let specs = config.feeds();
        let (twins, clock) = (config.twins, Clock::system());
        let store = network::block_on(daemon::open(state, config.store, &clock))??;
        let alike = |article: &Article| harvest::alike(&store, twins, article, clock.now());
        finding = Archive { store: &store, specs: &specs, alike: &alike }.find(what)?;
        store.close();
    }
    match finding {
        Finding::Stored(dossier) => show(format_args!("{}", written(&dossier)))?,
        Finding::Removed { key, first_seen } => show(format_args!(
            "{}\n  first seen {first_seen}; retention has removed it since, and it is not new when a page lists it again\n",
            key.urn()
        ))?,
        Finding::Unknown => bail!(
            "no article has that address or id; give the address as the page links it, or the id from the feed (urn:uuid:…); what a \
             source's own rules leave out is not stored, and `tearsheet try ID` shows it"
        ),
    }
    Ok(())
}

fn written(dossier: &Dossier) -> String {
    let article = &dossier.article;
    let mut out = String::new();
    // Writing to a string does not fail.
    let _ = writeln!(out, "{}\n{}\n", shown(&article.title), shown(&article.url));
    out.push_str(&columns(2, &facts(article)));
    let _ = writeln!(out, "\nseen on");
    out.push_str(&columns(2, &dossier.seen.iter().map(seen).collect::<Vec<_>>()));
    let _ = writeln!(out, "\nin the feeds");
    match dossier.feeds.is_empty() {
        true => out.push_str("  none: no feed has a source that showed it\n"),
        false => out.push_str(&columns(2, &dossier.feeds.iter().map(feed).collect::<Vec<_>>())),
    }
    if !dossier.alike.is_empty() {
        let _ = writeln!(out, "\ncompared with");
        for likeness in &dossier.alike {
            out.push_str(&like(likeness));
        }
    }
    if !article.aliases.is_empty() {
        let _ = writeln!(out, "\nknown as well by");
        for alias in &article.aliases {
            let _ = writeln!(out, "  {}", alias.urn());
        }
    }
    out
}

fn facts(article: &Article) -> Vec<Vec<String>> {
    let published = article.published;
    let changed = match article.revision {
        0 => "never".to_owned(),
        1 => format!("once, {}", article.updated),
        times => format!("{times} times, last {}", article.updated),
    };
    let length = |html: &Option<crate::model::CleanHtml>| html.as_ref().map(|html| html.as_str().chars().count());
    let characters = |count: usize| format!("{count} characters of HTML");
    let facts = [
        ("id", Some(article.key.urn())),
        (
            "published",
            Some(format!(
                "{}  to the {}, from {}",
                published.written(),
                published.precision.word(),
                published.origin.word()
            )),
        ),
        ("first seen", Some(article.first_seen.to_string())),
        ("changed", Some(changed)),
        ("title", article.title_cut.then(|| "cut by the page".to_owned())),
        ("authors", list(&article.authors)),
        ("categories", list(&article.categories)),
        ("outlet", article.outlet.as_deref().map(shown)),
        ("language", article.language.as_deref().map(shown)),
        ("image", article.image.as_deref().map(shown)),
        ("summary", length(&article.summary).map(characters)),
        ("content", length(&article.content).map(characters)),
    ];
    facts.into_iter().filter_map(|(name, value)| Some(vec![name.to_owned(), value?])).collect()
}

fn seen(seen: &Seen) -> Vec<String> {
    let sighting = &seen.sighting;
    let last = match seen.last {
        Some((at, outcome)) => format!("last visit {at}, {}", outcome.word()),
        None => "no visit is remembered".to_owned(),
    };
    let listed = if seen.listed { "still listed" } else { "not listed now" };
    vec![
        sighting.source.to_string(),
        format!("first {}", sighting.first),
        format!("place {}", sighting.place.saturating_add(1)),
        listed.to_owned(),
        last,
    ]
}

fn feed(shown_in: &Shown) -> Vec<String> {
    let place = match shown_in.place {
        Some(place) => format!("entry {} of {}", place + 1, shown_in.entries),
        None if shown_in.ruling.as_deref().is_some_and(|ruling| !ruling.starts_with("kept")) => "left out".to_owned(),
        None => match shown_in.told_by {
            Some(other) => format!("not shown: {} tells the story", other.urn()),
            None => format!("not shown: {} newer ones fill it", shown_in.entries),
        },
    };
    let ruling = shown_in.ruling.as_deref().map(shown).unwrap_or_default();
    vec![shown_in.feed.to_string(), shown_in.name.as_deref().map(shown).unwrap_or_default(), place, ruling]
}

/// Another article, what makes the two alike and what came of it.
fn like(likeness: &Likeness) -> String {
    let evidence = &likeness.evidence;
    let percent = |share: f32| format!("{:.0}%", share * 100.0);
    let text = evidence.text.map_or("no text to compare".to_owned(), |share| format!("text {}", percent(share)));
    let title =
        if evidence.same_title { "the same title".to_owned() } else { format!("title {}", percent(evidence.title)) };
    let state = match (likeness.joined, likeness.apart, likeness.twins) {
        (true, _, _) => "one story; `tearsheet split` undoes that",
        (_, true, _) => "told apart by a person, for good",
        (_, _, true) => "not joined, though they are alike now",
        _ => "not joined",
    };
    let source = likeness.source.as_ref().map(ToString::to_string).unwrap_or_default();
    format!(
        "  {}  {source}  {}\n    score {:.2}: {text}, beginning {}, {title}, numbers {} the same and {} others, {:.1} days apart\n    {state}; {}\n",
        likeness.key.urn(),
        shown(&likeness.title),
        likeness.score,
        percent(evidence.lead),
        evidence.numbers_same,
        evidence.numbers_other,
        days(likeness.seconds_apart),
        likeness.rule,
    )
}

#[expect(clippy::cast_precision_loss, reason = "shown with one digit")]
fn days(seconds: i64) -> f64 {
    seconds as f64 / 86_400.0
}

fn list(texts: &[String]) -> Option<String> {
    (!texts.is_empty()).then(|| shown(&texts.join(", ")))
}

fn shown(text: &str) -> String {
    text::printable(text).into_owned()
}
