//! When the article was published and last changed: candidates from all over the page, and a vote.
//!
//! Each candidate has a weight by where it stands; `vote` counts. Comments, related entries, copyright lines, quotations and today's
//! date have no vote; `last` asks places that are believed only where nothing better is known.

mod last;
mod vote;

use std::{collections::HashSet, sync::LazyLock};

use jiff::civil::Date;
use regex::Regex;
use serde_json::Value;

use vote::{Candidate, local, winner};

use super::{
    Context,
    cues::compiled,
    view::{Places, View},
};
use crate::model::{Moment, Origin, Precision};
use crate::reading::date::{self, Written};

/// Published and modified.
#[derive(Debug, Default)]
pub(super) struct Dates {
    pub(super) published: Option<Moment>,
    pub(super) modified: Option<Moment>,
}

/// Words that stand before the day of publication.
static PUBLISHED: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)发[布表稿](时间|日期|于)|发[布表]\s*[:：]|(时间|日期)\s*[:：]|来源.{0,30}\d{4}|更新时间|刊登|加入时间|添加时间|录入时间|發[佈布表](時間|日期)?|",
        r"\bpublished|\bpublish date|\bposted( on| at| by)?\b|\bdate( published)?\s*:|\bpub(lication)? date|first published|issued|written by .{1,40} on |",
        r"veröffentlicht|erschienen|erstellt am|datum\s*:|stand\s*:|publie( le)?\b|publié|mis en ligne|publicado|publicaci[óo]n|fecha\s*:|pubblicato|gepubliceerd|geplaatst|",
        r"opublikowan|data (publikacji|dodania)|опубликован|дата( публикации)?\s*:|размещен|公開日|掲載日?|投稿日|配信|発表日|게시일|입력|등록|기사입력|승인|نشر(ت)? (في|بتاريخ)|تاريخ النشر|yayınlan|dodano"
    ))
});

/// Words that stand before the day of the last change.
static MODIFIED: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)updated|modified|last (edit|change)|aktualisiert|geändert|mis à jour|modifié|actualizado|aggiornato|bijgewerkt|geändert|обновлен|изменен|更新日|最終更新|수정|최종|تحديث|修改时间|zaktualizowan",
    )
});

/// Lines whose date is another's.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)©|copyright|\(c\) ?\d{4}|all rights reserved|版权所有|今天是|today is|\bjoined\b|member since|registered|注册|备案|icp|expires|有效期",
    )
});

/// A day written in numbers of which the first two may be the month or the day of it.
static TWO_WAYS: LazyLock<Regex> =
    LazyLock::new(|| compiled(r"(?:^|[^\d/.-])(\d{1,2})[/-](\d{1,2})[/-]\d{2,4}(?:$|[^\d/-])"));

/// An instant written in UTC.
static UTC: LazyLock<Regex> = LazyLock::new(|| compiled(r"(?:Z|[+-]00:?00|GMT|UTC)$"));

/// Days from one to another: of an event, not of publication.
static SPAN: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?:^|[^\d./:-])\d{1,2}\.?\s*(?:[-–—~]|bis|to|au|al|по)\s*\d{1,2}(?:\.|st|nd|rd|th|er)?,?\s*(?:\p{L}{3,}|\d{4}\b)|\d[日号]?\s*[-–—~至到]\s*\d{1,2}[日号]",
    )
});

/// A line that says more does not say the day alone.
const ALONE: f32 = 30.0;

/// So many days are those of a list.
const ROWS: usize = 6;

/// How many lines below the title are looked at for the day.
const NEAR: usize = 6;

/// Data that calls a day that of publication weighs so much.
const SAID: f32 = 9.0;

const A_DAY: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// A line that says more is not only about the story.
const LINE: f32 = 160.0;

/// Reads both dates.
pub(super) fn find(view: &View<'_>, places: &Places, context: &Context<'_>) -> Dates {
    let language = view.language.as_deref().or(context.language);
    let by = date::Context { now: context.now, zone: context.zone, language };
    let mut search = Search { view, by, published: Vec::new(), modified: Vec::new() };
    search.data();
    search.metas();
    search.elements(places);
    search.lines(places);
    if let Some(moment) = date::from_url(&view.page.url, &by) {
        search.published.push(Candidate { moment, weight: 7.0, swapped: None, is_instant: false });
    }
    if search.published.is_empty() {
        search.last_resorts(places);
    }
    search.without_rows();
    search.without_changes();
    let is_told = search.published.iter().any(|c| c.moment.origin != Origin::Text);
    if search.modified.is_empty() && !is_told {
        search.last_change(places);
    }
    let modified = winner(&search.modified, &search.published);
    let written = winner(&search.published, &search.modified);
    let written = written.map(|moment| search.kept_in_address(search.kept_in_print(moment, places)));
    // A page's text may speak of a day to come, which is none of publication where the page was last changed before.
    let is_later = |changed: Moment| written.is_some_and(|w| w.at.duration_since(changed.at) > A_DAY);
    let written = if !is_told && modified.is_some_and(is_later) { None } else { written };
    // A page that only tells when it was last changed was there by then.
    let published = written.or(modified);
    Dates { published, modified: modified.filter(|m| published.is_none_or(|p| m.at > p.at)) }
}

/// Names of elements that hold what readers wrote. A page may call parts of a commentary so too, but not first.
static REPLY: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?:^| )(?:[a-z]{2,7}[-_])?(?:comment|disqus|repl(?:y|ies)|respond|guestbook)|(?:disqus|comments|replies)(?:$|[ _-])",
    )
});

struct Search<'v, 'a> {
    view: &'v View<'a>,
    by: date::Context<'v>,
    published: Vec<Candidate>,
    modified: Vec<Candidate>,
}

impl Search<'_, '_> {
    /// JSON-LD of articles.
    fn data(&mut self) {
        let is_weak = |object: &&Value| {
            let kind = super::data::types(object).next().unwrap_or_default();
            matches!(kind, "WebPage" | "CreativeWork" | "VideoObject" | "Product")
        };
        let objects: Vec<&Value> = self.view.data.articles().collect();
        // What tells of a film on the page says nothing of a story that tells its own date.
        let is_told = objects.iter().any(|object| !is_weak(object) && object.get("datePublished").is_some());
        for object in objects {
            let weight = match (is_weak(&object), is_told) {
                (true, true) => continue,
                (true, false) => 5.0,
                (false, _) => 10.0,
            };
            let text = |name: &str| object.get(name).and_then(Value::as_str).map(str::to_owned);
            if let Some(text) = text("datePublished").or_else(|| text("dateCreated")).or_else(|| text("uploadDate")) {
                self.take(&text, Origin::Data, weight);
            }
            if let Some(text) = text("dateModified") {
                let found = self.candidate(&text, Origin::Data, weight);
                self.modified.extend(found);
            }
        }
    }

    fn metas(&mut self) {
        let metas: Vec<(String, String)> = self.view.data.metas.clone();
        for (name, content) in metas {
            let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
            if has(&["modif", "update", "revised", "lastmod"]) {
                let found = self.candidate(&content, Origin::Meta, 6.0);
                self.modified.extend(found);
            } else if has(&["expir", "valid", "copyright", "format", "birth", "event", "start", "end", "deadline"]) {
            } else if has(&[
                "publish",
                "pubdate",
                "pub_date",
                "pub-date",
                "issued",
                "publication_date",
                "citation_date",
            ]) {
                self.take(&content, Origin::Meta, 9.0);
            } else if has(&["created", "create", "release", "date", "time"]) {
                self.take(&content, Origin::Meta, 5.0);
            }
        }
    }

    /// The day in the address, where that is days before what else was found: pages are moved to other systems, which then
    /// tell the day of the move, but an address that holds a day was given on it.
    fn kept_in_address(&self, moment: Moment) -> Moment {
        let days = jiff::SignedDuration::from_hours(72);
        match date::from_url(&self.view.page.url, &self.by) {
            Some(kept) if moment.at.duration_since(kept.at) > days => kept,
            _ => moment,
        }
    }

    /// Days that nothing calls the day of publication, each another, are those of the rows of a list.
    fn without_rows(&mut self) {
        let is_plain = |c: &Candidate| matches!(c.moment.origin, Origin::Text | Origin::Time);
        let days: HashSet<Date> = self.published.iter().map(|c| local(&c.moment).date()).collect();
        if self.published.iter().all(is_plain) && days.len() >= ROWS {
            self.published.clear();
        }
    }

    /// Some systems call the last change publication in one place and tell both in another: the instant of the last change is none
    /// of publication where the page is said to have been published before, unless its data calls it so too.
    fn without_changes(&mut self) {
        let instants: Vec<_> = self.modified.iter().filter(|c| c.moment.precision != Precision::Day).collect();
        let is_change = |c: &Candidate| instants.iter().any(|other| other.moment.at == c.moment.at);
        if self.published.iter().any(|c| c.moment.origin == Origin::Data && is_change(c)) {
            return;
        }
        let is_said = |c: &Candidate| matches!(c.moment.origin, Origin::Data | Origin::Meta) && c.weight >= SAID;
        let first = self.published.iter().filter(|c| is_said(c) && !is_change(c)).map(|c| c.moment.at).min();
        let kept = |c: &Candidate| !is_change(c) || first.is_none_or(|first| c.moment.at <= first);
        let kept: Vec<Candidate> = self.published.iter().copied().filter(kept).collect();
        self.published = kept;
    }

    /// The day that alone makes a line between the title and the story, where it is before what else was found: what the page's
    /// system says is the day of the move or of the last change, when a writer's own day is printed.
    fn kept_in_print(&self, moment: Moment, places: &Places) -> Moment {
        let Some(title) = places.title else { return moment };
        // What follows the title at once is of the story, whatever the part that it stands in is called.
        let next = self.view.blocks.get(title + 1).map_or(usize::MAX, |block| block.at);
        let lines = (title + 1..places.first.min(title + 1 + NEAR)).filter_map(|n| self.view.blocks.get(n));
        let alone = lines.filter(|block| {
            block.weight < ALONE
                && !OTHER.is_match(&block.text)
                && !MODIFIED.is_match(&block.text)
                && (block.at == next || !self.view.is_framed(block.at))
        });
        let printed = alone.filter_map(|block| self.candidate(&block.text, Origin::Text, 0.0)).next();
        // The same day with its month first is no other.
        let of = local(&moment).date();
        let is_same = |kept: &Candidate| {
            let day = local(&kept.moment).date();
            (day.year(), day.day(), day.month()) == (of.year(), of.month(), of.day())
        };
        // An instant is of another day in another zone, but of none before the day that it is of in the zone farthest west.
        let is_before = |kept: &Candidate| {
            let day = local(&kept.moment).date();
            day < if moment.precision == Precision::Day { of } else { vote::WEST.to_datetime(moment.at).date() }
        };
        let printed = printed.filter(|kept| is_before(kept) && !is_same(kept));
        printed.map_or(moment, |kept| kept.moment)
    }

    /// `<time>`, microdata, and elements that are called a date.
    fn elements(&mut self, places: &Places) {
        for (at, node) in self.view.outline.all() {
            let name = node.name();
            if name.is_empty() {
                continue;
            }
            let block = self.view.block_at(at);
            let near = (places.head..places.first + 3).contains(&block) || (places.end..places.foot).contains(&block);
            let named = |words: &[&str]| words.iter().any(|word| node.hint.contains(word));
            let attr = node.attr("datetime").or_else(|| node.attr("content")).filter(|text| !text.trim().is_empty());
            let is_time = name == "time" || named(&["datepublished", "dt-published"]) || node.attr("pubdate").is_some();
            if !is_time && !named(&["date", "time", "publish", "posted", "datum", "fecha"]) {
                continue;
            }
            if node.end - at > 40 || REPLY.is_match(&node.hint) || self.is_reply(at, places) || self.is_quoted(at) {
                continue;
            }
            let text = self.view.outline.text(at);
            let is_change = named(&["datemodified", "updated", "modified", "update"])
                || (MODIFIED.is_match(&text) && !PUBLISHED.is_match(&text));
            let weight = match () {
                () if named(&["datepublished", "dt-published"]) || node.attr("pubdate").is_some() => 8.0,
                () if is_time && near => 6.0,
                () if near => 4.0,
                () if is_time && !self.view.is_framed(at) && block < places.end => 2.0,
                () => continue,
            };
            let found = attr.and_then(|text| self.candidate(text, Origin::Time, weight));
            let Some(found) = found.or_else(|| self.candidate(&text, Origin::Time, weight)) else { continue };
            if is_change {
                self.modified.push(found);
            } else {
                self.published.push(found);
            }
        }
    }

    /// Whether a node stands among what readers wrote: in a part named so that does not hold the story itself.
    fn is_reply(&self, at: usize, places: &Places) -> bool {
        let story = self.view.blocks.get(places.first).map_or(usize::MAX, |block| block.at);
        let own = |at: &usize| self.view.outline.get(*at).is_some_and(|node| *at > story || node.end <= story);
        let named = |at: usize| self.view.outline.get(at).is_some_and(|node| REPLY.is_match(&node.hint));
        self.view.outline.above(at).take_while(own).any(named)
    }

    /// Whether a node stands in what the page quotes from elsewhere.
    fn is_quoted(&self, at: usize) -> bool {
        self.view
            .outline
            .above(at)
            .any(|outer| self.view.outline.get(outer).is_some_and(|node| node.name() == "blockquote"))
    }

    /// Lines at the head and the foot of the story.
    fn lines(&mut self, places: &Places) {
        // The last lines of the story itself may be what its page says of it.
        let foot = places.end.saturating_sub(3).max(places.first + 3);
        for n in (places.head..places.first + 3).chain(foot..places.foot) {
            let Some(block) = self.view.blocks.get(n) else { continue };
            let text = &block.text;
            if block.weight > if (foot..places.end).contains(&n) { LINE } else { 400.0 }
                || OTHER.is_match(text)
                || places.title == Some(n)
                || self.is_reply(block.at, places)
            {
                continue;
            }
            let at_head = n < places.first + 3;
            let label = PUBLISHED.find(text);
            let change = MODIFIED.find(text);
            // "Updated" alone is a change; beside "published" each has its own date.
            if let (Some(change), None) = (&change, &label) {
                let changed = text.get(change.start()..).and_then(|text| self.candidate(text, Origin::Label, 5.0));
                // What stands before it is the day of publication.
                let before = text.get(..change.start()).filter(|_| at_head && block.weight < 120.0);
                let before = before.and_then(|text| self.candidate(text, Origin::Text, 4.0));
                self.modified.extend(changed);
                self.published.extend(before);
                continue;
            }
            let weight = match (label.is_some(), at_head) {
                (true, true) => 8.0,
                (true, false) => 5.0,
                (false, true) if block.weight < 120.0 => {
                    4.0 + if places.title.is_some_and(|title| n > title) { 1.0 } else { 0.0 }
                }
                _ => continue,
            };
            let origin = if label.is_some() { Origin::Label } else { Origin::Text };
            let from = label.map_or(0, |label| {
                if text.get(label.start()..).is_some_and(|t| self.read(t, origin).is_some()) {
                    label.start()
                } else {
                    0
                }
            });
            if let Some(rest) = text.get(from..) {
                let rest = rest.to_owned();
                self.take(&rest, origin, weight);
            }
        }
    }

    fn take(&mut self, text: &str, origin: Origin, weight: f32) {
        let found = self.candidate(text, origin, weight);
        self.published.extend(found);
    }

    fn candidate(&self, text: &str, origin: Origin, weight: f32) -> Option<Candidate> {
        let moment = self.read(text, origin)?;
        let swapped = TWO_WAYS.is_match(text).then(|| local(&moment).date());
        let swapped = swapped.filter(|day| day.day() != day.month());
        let swapped = swapped.and_then(|day| Date::new(day.year(), day.day(), day.month()).ok());
        let is_instant = moment.offset == 0 && moment.precision != Precision::Day && UTC.is_match(text.trim());
        Some(Candidate { moment, weight, swapped, is_instant })
    }

    /// A date with its year, not in the future and not before the web.
    fn read(&self, text: &str, origin: Origin) -> Option<Moment> {
        let found = date::find(text.get(..text.floor_char_boundary(400)).unwrap_or(text), origin, &self.by)?;
        if origin == Origin::Text && SPAN.is_match(text) {
            return None;
        }
        let is_full = found.written == Written::Full;
        let year = local(&found.moment).year();
        (is_full && found.moment.at <= self.by.now + jiff::SignedDuration::from_hours(24) && year >= 1991)
            .then_some(found.moment)
    }
}
