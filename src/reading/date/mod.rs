//! Dates as pages write them, into moments.
//!
//! [`read`] and [`find`] take any text; [`read_as`] takes a rule's own pattern; [`from_url`] takes an address.
//! A wrong date is worse than none: numbers that could be something else give nothing, and a date without its year is
//! the latest past one. Every function is pure, never panics, and takes time linear in the text.
//!
//! The way of a text: `token` cuts it into numbers, words and marks; `lexicon` says what the words mean in which
//! `language`; `line` settles the language and lets the grammars ask. `scan` looks for `absolute` days, in
//! `numbers` or `months`, and `relative` ones, with `clock` and `zone`; `apart` says whether a date stands
//! for itself; `calendar` makes days of this calendar, and `resolve` moments.

use std::ops::Range;

use jiff::{Timestamp, tz::TimeZone};
use url::Url;

use crate::model::{Moment, Origin};

mod absolute;
mod address;
mod apart;
mod calendar;
mod clock;
mod language;
mod lexicon;
mod line;
mod months;
mod numbers;
mod pattern;
mod relative;
mod resolve;
mod scan;
#[cfg(test)]
mod tests;
mod token;
mod zone;

pub use pattern::BadDate;

/// What a date that does not say everything is read by.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
    /// The instant of reading: relative dates count from it, years are inferred by it.
    pub now: Timestamp,
    /// The zone of a date that names none.
    pub zone: &'a TimeZone,
    /// BCP 47 tag of the text's language, if known. It settles `03/04/2021` and words that languages share.
    pub language: Option<&'a str>,
}

/// How the date was written; the later a kind stands here, the more was inferred.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Written {
    /// With year, month and day.
    Full,
    /// Month and day: the year was inferred.
    Yearless,
    /// Told from now: `3 hours ago`, yesterday.
    Relative,
    /// A time, a weekday or an amount of time alone, which is a date only because the text is nothing else.
    Bare,
}

/// A date found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The date.
    pub moment: Moment,
    /// Where it stands in the text, in bytes, on character boundaries.
    pub range: Range<usize>,
    /// How it was written.
    pub written: Written,
}

/// The first date that `text` holds, perhaps with other words before and after.
///
/// A date with its year is preferred to one told from now or without a year, since a title may hold such words.
pub fn read(text: &str, origin: Origin, context: &Context<'_>) -> Option<Moment> {
    find(text, origin, context).map(|found| found.moment)
}

/// Like [`read`], and tells where the date stands and how it was written.
pub fn find(text: &str, origin: Origin, context: &Context<'_>) -> Option<Found> {
    scan::find(text, origin, context)
}

/// The date that `text` holds by `pattern`, in the conversions of `strftime`.
///
/// Other words may stand before the first digit and after the date. Without a year the latest past one is taken,
/// without a zone the context's.
pub fn read_as(text: &str, pattern: &str, origin: Origin, context: &Context<'_>) -> Result<Moment, BadDate> {
    pattern::read_as(text, pattern, origin, context)
}

/// The day that an address names: `/20211230/`, `/2021/12/30/`, `/2021-12/30/`, `t20211230_123.html`.
pub fn from_url(url: &Url, context: &Context<'_>) -> Option<Moment> {
    address::from_url(url, context)
}
