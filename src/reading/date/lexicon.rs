//! All languages' tables as one index: a folded phrase → what it may mean, in which language.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::LazyLock,
};

use super::{
    language::{self, Language},
    token::{fold, is_spaceless},
};

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
    Decade,
}

/// A calendar whose years or months are not the Gregorian ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Era {
    /// Years since 1912: 民國.
    Minguo,
    /// Years of a Japanese era, given the year before its first.
    Japan(i16),
    /// The Buddhist era, 543 years ahead.
    Buddhist,
    /// The common era, named.
    Common,
}

/// What a word may mean.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum What {
    /// A Gregorian month, 1 to 12.
    Month(u8),
    /// A month of the Solar Hijri calendar, 1 to 12.
    Solar(u8),
    /// A day of the week, Monday 1 to Sunday 7.
    Weekday(i8),
    /// So many days before today.
    DaysBack(i32),
    /// This instant.
    Now,
    /// A unit of time, as after a number.
    Unit(Unit),
    /// A unit that also marks a part of a date or clock: 年 月 日 時 分 秒.
    Part(Unit),
    /// Several of a unit in one word, in halves: the Arabic dual is 4, half an hour 1.
    Halves(i64, Unit),
    /// Says that the amount of time beside it lies in the past.
    Ago,
    /// Puts the amount of time after it in the future.
    Ahead,
    /// Turns a unit into the one before this: last month.
    Last,
    /// A number in words, in halves (a half is 1, one is 2).
    Number(i64),
    /// Before noon.
    Am,
    /// After noon.
    Pm,
    /// 12:00.
    Noon,
    /// 00:00.
    Midnight,
    /// Says nothing: stands between the parts of a date.
    Fill,
    /// Stands beside a time of day: Uhr, klo.
    Clock,
    /// Names a date: published, posted on.
    Label,
    /// A calendar's years follow.
    Era(Era),
}

/// One meaning in one language, by its place in the list of tables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sense {
    /// The language's place in the list of tables.
    pub(super) language: u8,
    /// What it means there.
    pub(super) what: What,
}

/// What is known of a folded phrase.
#[derive(Debug, Default)]
pub(super) struct Entry {
    /// Its meanings; none when only longer phrases start with it.
    pub(super) senses: Vec<Sense>,
    /// How many words the longest phrase has that starts with it.
    pub(super) words: usize,
}

/// A word of a script without spaces, and what it may mean.
pub(super) type Spelling = (Box<str>, Vec<Sense>);

type Map<K, V> = HashMap<K, V, BuildHasherDefault<Fnv>>;

/// The 64-bit FNV-1a hash. The keys are our own, so no page can choose them to collide, and each word of each text is
/// looked up.
#[derive(Debug)]
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Hasher for Fnv {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// The index.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    words: Map<Box<str>, Entry>,
    /// Words of scripts without spaces by their first character, the longest first.
    spaceless: Map<char, Vec<Spelling>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(Lexicon::build);

/// The index of all tables, made on first use.
pub(super) fn lexicon() -> &'static Lexicon {
    &LEXICON
}

impl Lexicon {
    /// What is known of a folded phrase.
    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.words.get(key)
    }

    /// The words of scripts without spaces that start with `first`, the longest first.
    pub(super) fn starting(&self, first: char) -> &[Spelling] {
        self.spaceless.get(&first).map_or(&[], Vec::as_slice)
    }

    fn build() -> Self {
        let mut lexicon = Self::default();
        for (place, table) in language::ALL.iter().enumerate() {
            lexicon.add_table(u8::try_from(place).unwrap_or(u8::MAX), table);
        }
        for words in lexicon.spaceless.values_mut() {
            words.sort_by_key(|(key, _)| std::cmp::Reverse(key.len()));
        }
        lexicon
    }

    fn add_table(&mut self, language: u8, table: &Language) {
        let mut add = |phrases: &str, what: What| {
            for phrase in phrases.split('|').filter(|phrase| !phrase.is_empty()) {
                self.add(phrase, Sense { language, what });
            }
        };
        for (month, phrases) in (1..).zip(table.months) {
            add(phrases, What::Month(month));
        }
        for (month, phrases) in (1..).zip(table.solar_months) {
            add(phrases, What::Solar(month));
        }
        for (day, phrases) in (1..).zip(table.weekdays) {
            add(phrases, What::Weekday(day));
        }
        const UNITS: [Unit; 8] =
            [Unit::Second, Unit::Minute, Unit::Hour, Unit::Day, Unit::Week, Unit::Month, Unit::Year, Unit::Decade];
        for (unit, phrases) in UNITS.into_iter().zip(table.units) {
            add(phrases, What::Unit(unit));
        }
        for (unit, phrases) in UNITS.into_iter().zip(table.parts) {
            add(phrases, What::Part(unit));
        }
        for (halves, unit, phrases) in table.amounts {
            add(phrases, What::Halves(*halves, *unit));
        }
        for (back, phrases) in table.days {
            add(phrases, What::DaysBack(*back));
        }
        for (halves, phrases) in table.numbers {
            add(phrases, What::Number(*halves));
        }
        for (era, phrases) in table.eras {
            add(phrases, What::Era(*era));
        }
        let plain = [
            (table.ago, What::Ago),
            (table.ahead, What::Ahead),
            (table.last, What::Last),
            (table.now, What::Now),
            (table.am, What::Am),
            (table.pm, What::Pm),
            (table.noon, What::Noon),
            (table.midnight, What::Midnight),
            (table.fill, What::Fill),
            (table.clock, What::Clock),
            (table.labels, What::Label),
        ];
        for (phrases, what) in plain {
            add(phrases, what);
        }
    }

    fn add(&mut self, phrase: &str, sense: Sense) {
        if let Some(first) = phrase.chars().next().filter(|c| is_spaceless(*c)) {
            let words = self.spaceless.entry(first).or_default();
            match words.iter_mut().find(|(key, _)| key.as_ref() == phrase) {
                Some((_, senses)) => senses.push(sense),
                None => words.push((phrase.into(), vec![sense])),
            }
            return;
        }
        let mut key = String::new();
        let words: Vec<&str> = phrase.split(' ').collect();
        for (n, word) in words.iter().enumerate() {
            if n > 0 {
                key.push(' ');
            }
            word.chars().for_each(|c| fold(c, &mut key));
            let entry = self.words.entry(key.as_str().into()).or_default();
            entry.words = entry.words.max(words.len() - n).max(1);
        }
        if let Some(first) = words.first() {
            let mut start = String::new();
            first.chars().for_each(|c| fold(c, &mut start));
            let entry = self.words.entry(start.into()).or_default();
            entry.words = entry.words.max(words.len());
        }
        let entry = self.words.entry(key.into()).or_default();
        if !entry.senses.contains(&sense) {
            entry.senses.push(sense);
        }
    }
}
