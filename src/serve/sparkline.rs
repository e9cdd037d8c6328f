//! How many articles came on each of the last days → one small picture: a bar a day, and the same in words for those who do not see it.

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use maud::{Markup, html};

use crate::model::ArticlesOfDay;

/// Days shown, today's the last.
const DAYS: i32 = 28;
/// Units of the picture that a bar and the gap after it take.
const STEP: u32 = 5;
const BAR: u32 = 4;
/// Height of the picture in the same units; the highest bar takes all of it.
const HEIGHT: u32 = 24;

/// The picture of the days before `now`, by UTC's calendar; nothing where no article came in them.
pub(super) fn sparkline(days: &[ArticlesOfDay], now: Timestamp) -> Option<Markup> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let on = |date: Date| days.iter().filter(|day| day.date == date).map(|day| day.articles).sum::<u32>();
    let counts: Vec<u32> = (0..DAYS).rev().map(|ago| today.checked_sub(ago.days()).map_or(0, on)).collect();
    let most = counts.iter().copied().max().filter(|&most| most > 0)?;
    let sum: u32 = counts.iter().sum();
    let words = format!(
        "{sum} {} in {DAYS} days, at most {most} in one",
        if sum == 1 { "new article" } else { "new articles" }
    );
    let bars = counts.iter().zip(0..).filter(|(count, _)| **count > 0);
    Some(html! {
        svg.spark role="img" aria-label=(words) viewBox={ "0 0 " (counts.len() as u32 * STEP) " " (HEIGHT) } {
            title { (words) }
            @for (count, place) in bars {
                // No day with an article is so low that it is not seen.
                @let high = (count * HEIGHT / most).max(2);
                rect x=(place * STEP) y=(HEIGHT - high) width=(BAR) height=(high) {}
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn of(days: &[(Date, u32)]) -> Option<String> {
        let days: Vec<_> = days.iter().map(|&(date, articles)| ArticlesOfDay { date, articles }).collect();
        sparkline(&days, "2026-11-22T09:00:00Z".parse().unwrap()).map(Markup::into_string)
    }

    #[test]
    fn a_bar_for_each_day_that_had_articles_and_the_sum_in_words() {
        let drawn =
            of(&[(date(2026, 11, 22), 6), (date(2026, 11, 21), 3), (date(2026, 10, 26), 1), (date(2026, 10, 25), 99)])
                .unwrap();
        assert!(drawn.contains("10 new articles in 28 days, at most 6 in one"), "{drawn}");
        assert_eq!(drawn.matches("<rect").count(), 3, "what is older than the picture is not in it");
        assert!(drawn.contains(r#"x="135" y="0" width="4" height="24""#), "today stands last and highest: {drawn}");
        assert!(drawn.contains(r#"x="130" y="12""#), "half as many, half as high: {drawn}");
        assert!(drawn.contains(r#"x="0" y="20""#), "{drawn}");
    }

    #[test]
    fn nothing_is_drawn_of_nothing() {
        assert_eq!(of(&[]), None);
        assert_eq!(of(&[(date(2026, 9, 1), 5)]), None);
    }
}
