//! When the article was published and last changed: candidates from all over the page, and a vote.
//!
//! Each candidate has a weight by where it stands. Those of one calendar day vote together; the day with the most weight wins, and
//! the most exact of its candidates speaks for it. Comments, related entries, copyright lines and today's date have no vote.

use std::sync::LazyLock;

use jiff::tz::Offset;
use regex::Regex;
use serde_json::Value;

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

struct Candidate {
    moment: Moment,
    weight: f32,
}

/// Words that stand before the day of publication.
static PUBLISHED: LazyLock<Regex> = LazyLock::new(|| {
    compiled(concat!(
        r"(?i)发[布表稿](时间|日期|于)|发[布表]\s*[:：]|(时间|日期)\s*[:：]|来源.{0,30}\d{4}|更新时间|刊登|加入时间|添加时间|录入时间|發[佈布表](時間|日期)?|",
        r"\bpublished|\bpublish date|\bposted( on| at| by)?\b|\bdate( published)?\s*:|\bpub(lication)? date|first published|issued|written by .{1,40} on |",
        r"veröffentlicht|erschienen|datum\s*:|stand\s*:|publi[ée]( le)?\b|mis en ligne|publicado|publicaci[óo]n|fecha\s*:|pubblicato|gepubliceerd|geplaatst|",
        r"opublikowan|data (publikacji|dodania)|опубликован|дата( публикации)?\s*:|размещен|公開日|掲載日?|投稿日|配信|発表日|게시일|입력|등록|기사입력|승인|نشر(ت)? (في|بتاريخ)|تاريخ النشر|yayınlan|dodano"
    ))
});

/// Words that stand before the day of the last change.
static MODIFIED: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)updated|modified|last (edit|change)|aktualisiert|geändert|mis à jour|modifié|actualizado|aggiornato|bijgewerkt|обновлен|изменен|更新日|最終更新|수정|최종|تحديث|修改时间|zaktualizowan",
    )
});

/// Lines whose date is another's.
static OTHER: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r"(?i)©|copyright|\(c\) ?\d{4}|all rights reserved|版权所有|今天是|today is|\bjoined\b|member since|registered|注册|备案|icp|expires|有效期",
    )
});

/// A date of publication in a script's own data.
static SCRIPTED: LazyLock<Regex> = LazyLock::new(|| {
    compiled(
        r#"(?i)\\?"(?:date_?published|published_?(?:at|date|on|time)|publish_?(?:date|time|at)|first_?published(?:_?(?:at|date))?|pub_?date|publication_?date)\\?"\s*:\s*\\?"(\d{4}-\d{2}-\d{2}[^"\\]{0,25})"#,
    )
});

/// A day as the last part of an address, the day of the month first.
static DAY_FIRST: LazyLock<Regex> = LazyLock::new(|| compiled(r"^\d{1,2}-\d{1,2}-(19|20)\d{2}$"));

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
        search.published.push(Candidate { moment, weight: 7.0 });
    }
    if search.published.is_empty() {
        search.last_resorts(places);
    }
    let modified = search.vote(&search.modified);
    let written = search.vote(&search.published).map(|moment| search.kept_in_address(moment));
    // A page that only tells when it was last changed was there by then.
    let published = written.or(modified);
    Dates { published, modified: modified.filter(|m| published.is_none_or(|p| m.at > p.at)) }
}

/// The kinds of witnesses.
const KINDS: [Origin; 6] = [Origin::Data, Origin::Meta, Origin::Time, Origin::Label, Origin::Text, Origin::Url];

/// Whether an element is named as one that holds what readers wrote.
fn is_reply(hint: &str) -> bool {
    ["comment", "disqus", "replies", "respond", "guestbook"].iter().any(|word| hint.contains(word))
}

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
            if let Some(moment) = text("dateModified").and_then(|text| self.read(&text, Origin::Data)) {
                self.modified.push(Candidate { moment, weight });
            }
        }
    }

    fn metas(&mut self) {
        let metas: Vec<(String, String)> = self.view.data.metas.clone();
        for (name, content) in metas {
            let has = |words: &[&str]| words.iter().any(|word| name.contains(word));
            if has(&["modif", "update", "revised", "lastmod"]) {
                if let Some(moment) = self.read(&content, Origin::Meta) {
                    self.modified.push(Candidate { moment, weight: 6.0 });
                }
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

    /// Places that are asked only where nothing better is known, and believed only if all of one kind agree.
    fn last_resorts(&mut self, places: &Places) {
        let own = |text: &str| text.to_owned();
        let scripts = SCRIPTED
            .captures_iter(&self.view.page.text)
            .take(40)
            .filter_map(|c| Some(own(c.get(1)?.as_str())))
            .collect();
        let times = self.view.outline.all();
        let times = times.filter(|(at, node)| node.name() == "time" && !self.is_reply(*at, places));
        let times = times
            .filter_map(|(at, node)| Some(own(node.attr("datetime")?)).or_else(|| Some(self.view.outline.text(at))))
            .collect();
        // Elements that are called the date of publication, wherever they stand.
        let called = self.view.outline.all().filter(|(at, node)| {
            let is_one = node.hint.contains("publi") && ["date", "time", "datum"].iter().any(|w| node.hint.contains(w));
            is_one && node.end - at < 20
        });
        let called = called.map(|(at, _)| self.view.outline.text(at)).collect();
        let segments = self
            .view
            .page
            .url
            .path_segments()
            .into_iter()
            .flatten()
            .filter(|part| DAY_FIRST.is_match(part))
            .map(own)
            .collect();
        let title = self.view.data.title.iter().cloned().collect();
        let kinds: [(Vec<String>, Origin); 5] = [
            (scripts, Origin::Data),
            (called, Origin::Time),
            (times, Origin::Time),
            (segments, Origin::Url),
            (title, Origin::Text),
        ];
        for (texts, origin) in kinds {
            let moments: Vec<Moment> = texts.iter().filter_map(|text| self.read(text, origin)).collect();
            if let Some(first) =
                moments.first().filter(|first| moments.iter().all(|other| local(other).date() == local(first).date()))
            {
                self.published.push(Candidate { moment: *first, weight: 3.0 });
                return;
            }
        }
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
            if node.end - at > 40 || named(&["comment"]) || self.is_reply(at, places) {
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
            let moment = attr.and_then(|text| self.read(text, Origin::Time)).or_else(|| self.read(&text, Origin::Time));
            let Some(moment) = moment else { continue };
            if is_change {
                self.modified.push(Candidate { moment, weight });
            } else {
                self.published.push(Candidate { moment, weight });
            }
        }
    }

    /// Whether a node stands among what readers wrote: in a part named so that does not hold the story itself.
    fn is_reply(&self, at: usize, places: &Places) -> bool {
        let story = self.view.blocks.get(places.first).map_or(usize::MAX, |block| block.at);
        let own = |at: &usize| self.view.outline.get(*at).is_some_and(|node| *at > story || node.end <= story);
        let named = |at: usize| self.view.outline.get(at).is_some_and(|node| is_reply(&node.hint));
        self.view.outline.above(at).take_while(own).any(named)
    }

    /// Lines at the head and the foot of the story.
    fn lines(&mut self, places: &Places) {
        for n in (places.head..places.first + 3).chain(places.end..places.foot) {
            let Some(block) = self.view.blocks.get(n) else { continue };
            let text = &block.text;
            if block.weight > 400.0
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
                if let Some(moment) = text.get(change.start()..).and_then(|text| self.read(text, Origin::Label)) {
                    self.modified.push(Candidate { moment, weight: 5.0 });
                }
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
        if let Some(moment) = self.read(text, origin) {
            self.published.push(Candidate { moment, weight });
        }
    }

    /// A date with its year, not in the future and not before the web.
    fn read(&self, text: &str, origin: Origin) -> Option<Moment> {
        let found = date::find(text.get(..text.floor_char_boundary(400)).unwrap_or(text), origin, &self.by)?;
        let is_full = found.written == Written::Full;
        let year = local(&found.moment).year();
        (is_full && found.moment.at <= self.by.now + jiff::SignedDuration::from_hours(24) && year >= 1991)
            .then_some(found.moment)
    }

    fn vote(&self, candidates: &[Candidate]) -> Option<Moment> {
        let day = |moment: &Moment| local(moment).date();
        // Witnesses of one kind have seen the same thing: the best of them speaks for all.
        let votes = |of: jiff::civil::Date| -> f32 {
            let best = |kind: &Origin| {
                let same = candidates.iter().filter(|c| c.moment.origin == *kind && day(&c.moment) == of);
                same.map(|c| c.weight).fold(0.0, f32::max)
            };
            KINDS.iter().map(best).sum()
        };
        let mut best: Option<(f32, jiff::civil::Date)> = None;
        for candidate in candidates {
            let of = day(&candidate.moment);
            let sum = votes(of);
            if best.is_none_or(|(most, known)| sum > most || (sum == most && of < known)) {
                best = Some((sum, of));
            }
        }
        let (_, of) = best?;
        let mut group: Vec<&Candidate> = candidates.iter().filter(|c| day(&c.moment) == of).collect();
        // What people read on the page is in the zone that they live in; then the most exact, then the most trusted.
        let rank = |c: &Candidate| {
            let exact = c.moment.precision;
            let is_midnight = local(&c.moment).time() == jiff::civil::Time::midnight();
            (exact != Precision::Day && !is_midnight, matches!(c.moment.origin, Origin::Label | Origin::Text), exact)
        };
        group.sort_by(|a, b| rank(b).cmp(&rank(a)).then(b.weight.total_cmp(&a.weight)));
        group.first().map(|c| c.moment)
    }
}

fn local(moment: &Moment) -> jiff::civil::DateTime {
    Offset::from_seconds(moment.offset).unwrap_or(Offset::UTC).to_datetime(moment.at)
}
