//! [`Moment`]: an instant, how exactly it is known ([`Precision`]) and from where ([`Origin`]).

use jiff::{Timestamp, tz::Offset};
use serde::{Deserialize, Serialize};

/// How much of an instant was written where it was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Precision {
    /// A calendar day; the instant is its first, 00:00 in the moment's zone.
    Day,
    /// Hours and minutes.
    Minute,
    /// Hours, minutes and seconds.
    Second,
}

impl Precision {
    /// The word that `--json` prints.
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Minute => "minute",
            Self::Second => "second",
        }
    }
}

/// Where a moment was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Origin {
    /// A row's text on the listing page.
    List,
    /// A `<time>` element or another element's `datetime` attribute.
    Time,
    /// A `<meta>` element of the article.
    Meta,
    /// JSON-LD, microdata or another structured block.
    Data,
    /// Text of the article with a label before it, as `发布时间:`.
    Label,
    /// Plain text of the article.
    Text,
    /// Digits in the address.
    Url,
    /// A foreign feed, a sitemap or a JSON API.
    Feed,
    /// A header of the HTTP answer.
    Http,
    /// Nothing was printed: the instant at which the article was first seen.
    FirstSeen,
}

impl Origin {
    /// The word that `--json` prints as `date_from`.
    pub fn word(self) -> &'static str {
        match self {
            Self::List => "list",
            Self::Time => "time",
            Self::Meta => "meta",
            Self::Data => "data",
            Self::Label => "label",
            Self::Text => "text",
            Self::Url => "url",
            Self::Feed => "feed",
            Self::Http => "http",
            Self::FirstSeen => "first_seen",
        }
    }
}

/// An instant and how exactly it is known, and from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Moment {
    /// The instant; for [`Precision::Day`] the first of that day in `offset`.
    #[serde(with = "jiff::fmt::serde::timestamp::second::required")]
    pub at: Timestamp,
    /// Seconds east of UTC of the zone in which it was written.
    pub offset: i32,
    /// How much of it was written.
    pub precision: Precision,
    /// Where it was read.
    pub origin: Origin,
}

impl Moment {
    /// The moment in the form of its precision: `2021-12-30` for a day, else RFC 3339 with the offset.
    pub fn written(&self) -> String {
        let offset = Offset::from_seconds(self.offset).unwrap_or(Offset::UTC);
        match self.precision {
            Precision::Day => offset.to_datetime(self.at).date().to_string(),
            Precision::Minute | Precision::Second => self.at.display_with_offset(offset).to_string(),
        }
    }

    /// Whether both are on the same calendar day of this moment's zone.
    pub fn same_day(&self, other: Timestamp) -> bool {
        let offset = Offset::from_seconds(self.offset).unwrap_or(Offset::UTC);
        offset.to_datetime(self.at).date() == offset.to_datetime(other).date()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_with_as_much_as_is_known() {
        let mut moment = Moment {
            at: "2021-12-30T02:07:53Z".parse().unwrap(),
            offset: 8 * 3600,
            precision: Precision::Second,
            origin: Origin::List,
        };
        assert_eq!(moment.written(), "2021-12-30T10:07:53+08:00");
        moment.precision = Precision::Day;
        moment.at = "2021-12-29T16:00:00Z".parse().unwrap();
        assert_eq!(moment.written(), "2021-12-30");
        assert!(moment.same_day("2021-12-30T15:59:59Z".parse().unwrap()));
        assert!(!moment.same_day("2021-12-30T16:00:00Z".parse().unwrap()));
    }
}
