//! The date of a list's rows: the place of a row that holds it, or the form in which a longer text holds it; and in which order
//! its numbers stand, by what the whole column shows.

use std::sync::Arc;

use super::{
    beside, cues,
    fields::{DATE, Reader},
    parts,
    slots::{Side, Slot},
    tree::At,
};
use crate::{
    extract::shown::Extent,
    model::{FieldRule, Origin},
    reading::date,
};

/// Widest text that is looked at for a date, in columns.
const WIDEST: f64 = 260.0;

impl Reader<'_, '_> {
    /// The slot of the date and its rule.
    pub(super) fn date(&self, rows: &[At], slots: &[Slot], title: Option<&Slot>) -> (Option<Slot>, Option<FieldRule>) {
        let mut offers: Vec<(f64, &Slot)> = Vec::new();
        let is_title = |slot: &Slot| title.is_some_and(|title| title.places == slot.places);
        for slot in slots.iter().filter(|slot| slot.width <= WIDEST) {
            if !is_title(slot) {
                offers.extend(self.dated(slot, false).map(|worth| (worth, slot)));
            }
            for part in slot.labelled().iter().filter(|part| cues::heads_dates(&part.label.to_lowercase())) {
                offers.extend(self.dated(&part.slot, true).map(|worth| (worth, &part.slot)));
            }
        }
        let best = self.best(rows, offers);
        let tight = best.as_ref().map_or(0.0, |slot| self.tightness(slot));
        let found = match best {
            Some(slot) if tight >= 0.5 => Some(slot),
            // A date among other words is taken out of them, so that no other number is taken for it.
            loose => self.shaped(rows, loose.as_ref(), title).or(loose),
        };
        let rule = match &found {
            Some(slot) => self.rule_of(rows, slot).map(|rule| FieldRule { format: self.order(slot), ..rule }),
            None => beside::date(self.tree, &self.group.rows, rows, self.dates).map(super::fields::rule),
        };
        (found, rule)
    }

    /// How much the texts of a slot look like dates; `None` if fewer than two in five hold one.
    fn dated(&self, slot: &Slot, is_labelled: bool) -> Option<f64> {
        let (cover, tight, full) = self.dates_of(slot)?;
        let first = slot.first();
        let named = is_labelled || self.is_named(first, DATE) || self.tree.tag(first) == "time";
        let headed = cues::heads_dates(self.head(slot));
        Some(cover * 2.0 + tight + full * 0.7 + if named { 0.4 } else { 0.0 } + if headed { 0.3 } else { 0.0 })
    }

    fn tightness(&self, slot: &Slot) -> f64 {
        self.dates_of(slot).map_or(0.0, |(_, tight, _)| tight)
    }

    /// The share of texts with a date, and of those the share of the text that is the date, and the share with a year.
    fn dates_of(&self, slot: &Slot) -> Option<(f64, f64, f64)> {
        let mut cover = 0.0;
        let mut tight = 0.0;
        let mut full = 0.0;
        for (text, place) in slot.texts.iter().zip(&slot.places) {
            let told = place.and_then(|at| self.tree.named(at)).and_then(|element| element.attr("datetime"));
            let said = told.filter(|told| told.len() >= 8 && slot.regex.is_none()).unwrap_or(text);
            if said.len() > 600 || !said.chars().any(char::is_numeric) {
                continue;
            }
            let Some((share, is_full)) = self.date_in(said) else { continue };
            cover += 1.0;
            tight += share;
            full += f64::from(u8::from(is_full));
        }
        let all = slot.texts.len().max(1) as f64;
        (cover / all >= 0.4).then_some((cover / all, tight / cover, full / cover))
    }

    /// The share of a text that is a date, if it holds one, and whether that has a year. Places lie in each other, and say the same.
    fn date_in(&self, said: &str) -> Option<(f64, bool)> {
        if let Some(known) = self.known.borrow().get(said) {
            return *known;
        }
        let found = match numbers(said) {
            Some(_) => Some((1.0, true)),
            None => date::find(said, Origin::List, self.dates).map(|found| {
                (found.range.len() as f64 / said.len().max(1) as f64, found.written == date::Written::Full)
            }),
        };
        self.known.borrow_mut().insert(said.to_owned(), found);
        found
    }

    /// A date of one form in a longer text: of the slot found so far, else of the rows, of what stands before or behind them,
    /// or of the title.
    fn shaped(&self, rows: &[At], loose: Option<&Slot>, title: Option<&Slot>) -> Option<Slot> {
        let wholes = if loose.is_some() { Vec::new() } else { Slot::wholes(self.tree, rows, &self.group.rows) };
        let is_part = |title: &&Slot| title.regex.is_some() || title.extent != Extent::Whole;
        let own = title.filter(is_part).and_then(|title| {
            let texts = title.places.iter().map(|at| at.map(|at| self.tree.text(at)).unwrap_or_default()).collect();
            Slot::new(Side::Within, title.places.clone(), texts)
        });
        let mut best: Option<Slot> = None;
        for slot in loose.into_iter().chain(&own).chain(&wholes).filter(|slot| slot.regex.is_none()) {
            let part = parts::date_shape(slot, self.dates).and_then(|shape| slot.part(&shape));
            let covers = |part: &Slot| part.cover >= 0.8 && self.dates_of(part).is_some();
            if let Some(part) = part.filter(covers)
                && best.as_ref().is_none_or(|best| part.cover > best.cover)
            {
                best = Some(part);
            }
        }
        best
    }

    /// The pattern of dates such as `12/31/2025`, where the column shows that the month stands first, or that the day does in a
    /// country in which the month usually does.
    fn order(&self, slot: &Slot) -> Option<Arc<str>> {
        let mut columns: Vec<(u32, u32, i32)> = Vec::new();
        let mut form = None;
        for text in slot.texts.iter().filter(|text| !text.is_empty()) {
            let (one, two, year, sign, is_short) = numbers(text)?;
            if form.is_some_and(|known| known != (sign, is_short)) {
                return None;
            }
            form = Some((sign, is_short));
            columns.push((one, two, year));
        }
        let (sign, is_short) = form?;
        let over = |number: fn(&(u32, u32, i32)) -> u32| columns.iter().any(|row| number(row) > 12);
        let month_first = match (over(|row| row.0), over(|row| row.1)) {
            (true, true) => return None,
            (true, false) => false,
            (false, true) => true,
            (false, false) => {
                // Lists run by time: the order of numbers by which they do is the one that is meant.
                let by_month = is_sorted(columns.iter().map(|row| (row.2, row.0, row.1)));
                let by_day = is_sorted(columns.iter().map(|row| (row.2, row.1, row.0)));
                if by_month == by_day { self.american } else { by_month }
            }
        };
        if !month_first && !self.american && !is_short {
            return None;
        }
        let year = if is_short { "%y" } else { "%Y" };
        let (one, two) = if month_first { ("%m", "%d") } else { ("%d", "%m") };
        Some(format!("{one}{sign}{two}{sign}{year}").into())
    }
}

/// `12/31/2025`, `4-27-26`: the two numbers, the year, the sign between them, and whether the year has two digits.
pub(super) fn numbers(text: &str) -> Option<(u32, u32, i32, char, bool)> {
    let text = text.trim();
    let sign = text.chars().find(|sign| !sign.is_ascii_digit()).filter(|sign| matches!(sign, '/' | '-' | '.'))?;
    let parts: Vec<&str> = text.split(sign).collect();
    let [one, two, year] = parts.as_slice() else { return None };
    let number = |part: &str, most: u32| {
        let is_number = (1..=2).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u32>().ok().filter(|number| is_number && (1..=most).contains(number))
    };
    let is_year = year.bytes().all(|byte| byte.is_ascii_digit()) && matches!(year.len(), 2 | 4);
    let (one, two) = (number(one, 31)?, number(two, 31)?);
    let year_number: i32 = if is_year { year.parse().ok()? } else { return None };
    (one <= 12 || two <= 12).then_some((one, two, year_number, sign, year.len() == 2))
}

fn is_sorted(rows: impl Iterator<Item = (i32, u32, u32)> + Clone) -> bool {
    let (one, two) = (rows.clone(), rows.skip(1));
    let pairs: Vec<_> = one.zip(two).collect();
    pairs.len() >= 2 && (pairs.iter().all(|(one, two)| one >= two) || pairs.iter().all(|(one, two)| one <= two))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_one_sign_may_be_a_date() {
        assert_eq!(numbers(" 12/31/2025 "), Some((12, 31, 2025, '/', false)));
        assert_eq!(numbers("4-27-26"), Some((4, 27, 26, '-', true)));
        for other in ["2025-12-31", "13/14/2025", "4-27", "1.2.3.4", "a/b/c", "24-5546"] {
            assert_eq!(numbers(other), None, "{other}");
        }
    }
}
