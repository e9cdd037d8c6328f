//! [`Column`]: one of the site's columns and how it grows. [`Piece`]: one article of it, as (column, index, start) give it.

use std::{borrow::Cow, time::Duration};

use encoding_rs::{Encoding, GBK, UTF_8};
use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::Offset};

use super::{chinese, english};

/// The zone in which the whole site writes its dates.
pub(crate) const ZONE: Offset = Offset::constant(8);

/// What an article is written from.
pub(crate) struct Story {
    pub(super) section: &'static str,
    pub(super) place: &'static str,
    pub(super) title: &'static str,
    pub(super) lead: &'static str,
}

/// One of the site's columns.
pub(crate) struct Column {
    /// Its page, from slash to slash.
    pub(super) path: &'static str,
    pub(super) name: &'static str,
    pub(super) language: &'static str,
    pub(super) charset: &'static Encoding,
    /// How many pages its list has.
    pub(super) pages: usize,
    stories: &'static [Story],
    outlets: &'static [&'static str],
    people: &'static [&'static str],
    /// How many articles are out when the site starts.
    stock: usize,
    /// Time between two new ones from then on.
    period: Duration,
    /// The number of its first article.
    first: u32,
}

/// Articles on one page of a list.
pub(crate) const ON_A_PAGE: usize = 15;

pub(crate) const COLUMNS: &[Column] = &[
    Column {
        path: "/dianwang/",
        name: "电网",
        language: "zh-CN",
        charset: UTF_8,
        pages: 2,
        stories: chinese::GRID,
        outlets: &["江澜电力报", "云渚日报", "岭川能源周刊"],
        people: PEOPLE,
        stock: 25,
        period: Duration::from_secs(6),
        first: 120_001,
    },
    Column {
        path: "/jishu/",
        name: "技术",
        language: "zh-CN",
        charset: GBK,
        pages: 1,
        stories: chinese::CRAFT,
        outlets: &["岭川能源周刊", "江澜电力科学研究所"],
        people: PEOPLE,
        stock: 10,
        period: Duration::from_secs(20),
        first: 340_001,
    },
    Column {
        path: "/english/",
        name: "English",
        language: "en",
        charset: UTF_8,
        pages: 1,
        stories: english::ENGLISH,
        outlets: &["The Harrowmere Courier", "Lanmere Gazette"],
        people: &["Ada Thorne", "Mira Castell", "Jonas Hale"],
        stock: 11,
        period: Duration::from_secs(10),
        first: 560_001,
    },
];

const PEOPLE: &[&str] = &["何砚清", "宋以宁", "江若蘅", "陆见山", "沈知秋"];

/// One article.
pub(crate) struct Piece {
    pub(super) column: &'static Column,
    pub(super) number: u32,
    pub(super) published: Timestamp,
    pub(super) section: &'static str,
    pub(super) place: &'static str,
    pub(super) title: Cow<'static, str>,
    pub(super) lead: Cow<'static, str>,
    pub(super) outlet: &'static str,
    pub(super) people: [&'static str; 2],
}

impl Column {
    /// How many articles are out at `now`.
    pub(super) fn count(&self, now: Timestamp, start: Timestamp) -> usize {
        let run = Duration::try_from(now.duration_since(start)).unwrap_or_default();
        let new = run.as_secs().checked_div(self.period.as_secs()).unwrap_or_default();
        self.stock.saturating_add(usize::try_from(new).unwrap_or(usize::MAX))
    }

    /// The articles from the `skip`-th newest on, newest first.
    pub(super) fn newest(&'static self, now: Timestamp, start: Timestamp, skip: usize, take: usize) -> Vec<Piece> {
        let count = self.count(now, start);
        (0..count.saturating_sub(skip)).rev().take(take).filter_map(|index| self.piece(index, start)).collect()
    }

    /// The article with this number, if it is out.
    pub(super) fn numbered(&'static self, number: u32, now: Timestamp, start: Timestamp) -> Option<Piece> {
        let index = usize::try_from(number.checked_sub(self.first)?).ok()?;
        if index >= self.count(now, start) {
            return None;
        }
        self.piece(index, start)
    }

    /// The articles that came before `piece`, newest first: its related reading, which never changes.
    pub(super) fn before(&'static self, piece: &Piece, start: Timestamp, take: usize) -> Vec<Piece> {
        let index = usize::try_from(piece.number - self.first).unwrap_or_default();
        (0..index).rev().take(take).filter_map(|index| self.piece(index, start)).collect()
    }

    fn piece(&'static self, index: usize, start: Timestamp) -> Option<Piece> {
        let number = self.first.checked_add(u32::try_from(index).ok()?)?;
        let pick = |list: &'static [&'static str], step: usize| list.get((index + step) % list.len()).copied();
        let (section, place, title, lead) = match self.stories.get(index) {
            Some(story) => (story.section, story.place, story.title.into(), story.lead.into()),
            None => self.bulletin(index)?,
        };
        Some(Piece {
            column: self,
            number,
            published: self.published(index, start)?,
            section,
            place,
            title,
            lead,
            outlet: pick(self.outlets, index / 2)?,
            people: [pick(self.people, 0)?, pick(self.people, 1)?],
        })
    }

    /// The stock is some hours apart, with odd minutes and seconds; what follows comes one by one.
    fn published(&self, index: usize, start: Timestamp) -> Option<Timestamp> {
        let start = Timestamp::from_second(start.as_second()).ok()?;
        let back = i64::try_from(self.stock).ok()? - i64::try_from(index).ok()?;
        let wait = if back > 0 {
            SignedDuration::from_secs(-(back * 6_180 + (back * 7_919) % 3_000))
        } else {
            let period = i64::try_from(self.period.as_secs()).ok()?;
            SignedDuration::from_secs((1 - back).checked_mul(period)?)
        };
        start.checked_add(wait).ok()
    }

    /// What is published once all stories are out, for as long as the site runs.
    fn bulletin(&self, index: usize) -> Option<(&'static str, &'static str, Cow<'static, str>, Cow<'static, str>)> {
        let round = index - self.stories.len() + 1;
        let story = self.stories.get((index * 7) % self.stories.len())?;
        let load = 800 + (index * 37) % 900;
        let (section, place) = (story.section, story.place);
        let (title, lead) = if self.language == "en" {
            (
                format!("Bulletin {round}: demand in {place} at {load} MW"),
                format!(
                    "Bulletin {round} of the control room gives a demand of {load} MW for {place}, with the network in order."
                ),
            )
        } else {
            (
                format!("{place}电网运行快报第{round}期:负荷{load}万千瓦,运行平稳"),
                format!("{place}电力调度机构发布第{round}期运行快报,当前负荷{load}万千瓦,备用充足,运行平稳。"),
            )
        };
        Some((section, place, title.into(), lead.into()))
    }
}

impl Piece {
    /// When it came out, on the site's clocks.
    pub(super) fn local(&self) -> DateTime {
        ZONE.to_datetime(self.published)
    }

    /// Its page.
    pub(super) fn path(&self) -> String {
        format!("{}{}/{}.html", self.column.path, self.local().strftime("%Y%m%d"), self.number)
    }

    /// The first 14 characters of a longer title and "…", as narrow blocks show it.
    pub(super) fn cut_title(&self) -> String {
        let mut kept: String = self.title.chars().take(14).collect();
        if kept.len() < self.title.len() {
            kept.push('…');
        }
        kept
    }
}
