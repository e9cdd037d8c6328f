//! What a feed says of when it changes: RSS `ttl`, `skipHours` and `skipDays`, and the syndication module's `updatePeriod` and
//! `updateFrequency`, which feed-rs passes over for the most part.

use std::collections::HashMap;

use quick_xml::{Reader, events::Event};

use crate::model::Cadence;

/// A feed's head is looked through so far, in bytes: some have their entries before what they say of themselves.
const LOOKED_THROUGH: usize = 1 << 20;
/// Elements are looked into so deeply: `rss`, `channel`, `skipHours`, `hour`.
const DEPTH: usize = 4;
const MINUTE: u32 = 60;

/// What the feed's own elements say; those of its entries say nothing of it. Where `ttl` and `updatePeriod` differ, the
/// longer counts. The document has passed [`super::xml::guard`].
pub(super) fn read(text: &str) -> Cadence {
    let text = text.get(..text.floor_char_boundary(LOOKED_THROUGH)).unwrap_or(text);
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = false;
    let (mut path, mut said) = (Vec::new(), Said::default());
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => path.push(String::from_utf8_lossy(tag.local_name().as_ref()).to_ascii_lowercase()),
            Ok(Event::End(_)) => {
                path.pop();
            }
            Ok(Event::Text(words)) if path.len() <= DEPTH => {
                if let Ok(words) = words.decode() {
                    said.hear(&path, words.trim());
                }
            }
            // What follows a fault of form is not worth mending for a hint.
            Ok(Event::Eof) | Err(_) => return said.cadence(),
            Ok(_) => {}
        }
    }
}

#[derive(Default)]
struct Said {
    words: HashMap<&'static str, String>,
    cadence: Cadence,
}

impl Said {
    fn hear(&mut self, path: &[String], words: &str) {
        let path: Vec<&str> = path.iter().map(String::as_str).collect();
        match path.as_slice() {
            [_, "channel", name] | ["feed", name] => {
                let known = ["ttl", "updateperiod", "updatefrequency"].into_iter().find(|known| known == name);
                if let Some(name) = known {
                    self.words.insert(name, words.to_ascii_lowercase());
                }
            }
            [_, "channel", "skiphours", "hour"] => {
                // Hour 24 is midnight, by the older of two specifications.
                if let Some(hour) = words.parse::<u32>().ok().filter(|hour| *hour <= 24) {
                    self.cadence.skip_hours |= 1 << (hour % 24);
                }
            }
            [_, "channel", "skipdays", "day"] => {
                let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
                if let Some(day) = days.iter().position(|day| words.eq_ignore_ascii_case(day)) {
                    self.cadence.skip_days |= 1 << day;
                }
            }
            _ => {}
        }
    }

    fn cadence(&self) -> Cadence {
        let number = |name| self.words.get(name).and_then(|words| words.parse::<u32>().ok());
        let ttl = number("ttl").unwrap_or(0).saturating_mul(MINUTE);
        let period = match self.words.get("updateperiod").map(String::as_str) {
            Some("hourly") => 60 * MINUTE,
            Some("daily") => 1440 * MINUTE,
            Some("weekly") => 7 * 1440 * MINUTE,
            Some("monthly") => 30 * 1440 * MINUTE,
            Some("yearly") => 365 * 1440 * MINUTE,
            _ => 0,
        };
        let frequency = number("updatefrequency").unwrap_or(1).max(1);
        Cadence { ttl: ttl.max(period / frequency), ..self.cadence }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_feeds_own_words_count_and_its_entries_do_not() {
        let rss = "<rss><channel><item><ttl>7</ttl><skipDays><day>Friday</day></skipDays></item><ttl> 90 </ttl>\
                   <skipHours><hour>0</hour><hour>24</hour><hour>23</hour><hour>25</hour><hour>x</hour></skipHours>\
                   <skipDays><day>Sunday</day><day>saturday</day><day>Noday</day></skipDays></channel></rss>";
        assert_eq!(read(rss), Cadence { ttl: 5400, skip_hours: 1 | 1 << 23, skip_days: 0b110_0000 });
        let module = |period: &str, times: &str| {
            read(&format!("<rdf:RDF><channel><sy:updatePeriod>{period}</sy:updatePeriod>{times}</channel></rdf:RDF>"))
                .ttl
        };
        assert_eq!(module("daily", "<sy:updateFrequency>4</sy:updateFrequency>"), 6 * 3600);
        assert_eq!(module("hourly", ""), 3600);
        assert_eq!(module("hourly", "<sy:updateFrequency>0</sy:updateFrequency><ttl>120</ttl>"), 7200);
        assert_eq!(module("sometimes", "<ttl>-5</ttl>"), 0);
        assert_eq!(read("<rss><channel><ttl>99999999999</ttl><"), Cadence::default());
        assert_eq!(read("<rss><channel><ttl>4294967295</ttl></channel>").ttl, u32::MAX);
    }
}
