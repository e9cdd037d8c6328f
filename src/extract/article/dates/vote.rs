//! The vote over the candidates for one date.
//!
//! Those of one calendar day vote together, the best witness of each kind for all of its kind; the day with the most weight wins,
//! and the most exact of its candidates speaks for it. Before that, witnesses that mean the same day and write it in other ways are
//! brought together: a day whose month was read first, and an instant in UTC of a day that the address or a clock time on the page tells in
//! the zone of the newsroom.

use jiff::{
    civil::{Date, Time},
    tz::Offset,
};

use crate::model::{Moment, Origin, Precision};

/// The kinds of witnesses.
const KINDS: [Origin; 6] = [Origin::Data, Origin::Meta, Origin::Time, Origin::Label, Origin::Text, Origin::Url];

/// Seconds of a quarter of an hour: zones differ by these.
const QUARTER: i64 = 900;

/// How far zones are from UTC, in seconds, west and east.
const ZONES: std::ops::RangeInclusive<i64> = -12 * 3600..=14 * 3600;

/// The zone farthest west.
pub(super) const WEST: Offset = Offset::constant(-12);

/// A date that something on the page tells, and how much it is believed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) moment: Moment,
    pub(super) weight: f32,
    /// The day that it would be with the month and the day of the month read the other way round, if it could be.
    pub(super) swapped: Option<Date>,
    /// Whether it is written as an instant in UTC, which says nothing of the zone that it was written in.
    pub(super) is_instant: bool,
}

/// The winner. `others` only tell which way round a day is to be read.
pub(super) fn winner(candidates: &[Candidate], others: &[Candidate]) -> Option<Moment> {
    let mut candidates = candidates.to_vec();
    turn(&mut candidates, others);
    shift(&mut candidates);
    let day = |moment: &Moment| local(moment).date();
    let votes = |of: Date| -> f32 {
        let best = |kind: &Origin| {
            let same = candidates.iter().filter(|c| c.moment.origin == *kind && day(&c.moment) == of);
            same.map(|c| c.weight).fold(0.0, f32::max)
        };
        KINDS.iter().map(best).sum()
    };
    let mut best: Option<(f32, Date)> = None;
    for candidate in &candidates {
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
        let is_midnight = local(&c.moment).time() == Time::midnight();
        (exact != Precision::Day && !is_midnight, matches!(c.moment.origin, Origin::Label | Origin::Text), exact)
    };
    group.sort_by(|a, b| rank(b).cmp(&rank(a)).then(b.weight.total_cmp(&a.weight)));
    group.first().map(|told| with_seconds(told.moment, &group))
}

/// A minute with the seconds that another witness tells of it.
fn with_seconds(mut told: Moment, others: &[&Candidate]) -> Moment {
    let seconds = |other: &Moment| other.at.as_second() - told.at.as_second();
    let mut exact = others.iter().map(|c| c.moment).filter(|m| m.precision == Precision::Second);
    let is_minute = told.precision == Precision::Minute;
    if let Some(other) = exact.find(|other| is_minute && (0..60).contains(&seconds(other))) {
        (told.at, told.precision) = (other.at, other.precision);
    }
    told
}

/// The moment as clocks showed it where it was written.
pub(super) fn local(moment: &Moment) -> jiff::civil::DateTime {
    Offset::from_seconds(moment.offset).unwrap_or(Offset::UTC).to_datetime(moment.at)
}

/// Days that can be read in two ways are read as another witness, who can be read in one, tells.
fn turn(candidates: &mut [Candidate], others: &[Candidate]) {
    let told: Vec<Date> =
        candidates.iter().chain(others).filter(|c| c.swapped.is_none()).map(|c| local(&c.moment).date()).collect();
    for candidate in candidates {
        let known = local(&candidate.moment);
        if let Some(day) = candidate.swapped
            && told.contains(&day)
            && !told.contains(&known.date())
            && let Ok(offset) = Offset::from_seconds(candidate.moment.offset)
            && let Ok(at) = offset.to_timestamp(day.to_datetime(known.time()))
        {
            candidate.moment.at = at;
        }
    }
}

/// Instants in UTC are told in the zone of the day that is printed beside them, where they may mean the same.
fn shift(candidates: &mut [Candidate]) {
    let printed: Vec<Moment> = candidates
        .iter()
        .map(|c| c.moment)
        .filter(|m| match m.origin {
            Origin::Url => true,
            Origin::Label | Origin::Text => m.precision != Precision::Day,
            _ => false,
        })
        .collect();
    for candidate in candidates.iter_mut().filter(|candidate| candidate.is_instant) {
        let moment = &mut candidate.moment;
        if printed.iter().any(|other| other.at != moment.at && local(other).date() == local(moment).date()) {
            continue;
        }
        if let Some(offset) = printed.iter().find_map(|other| between(moment, other)) {
            moment.offset = offset;
        }
    }
}

/// Seconds east of UTC of a zone in which an instant is what is printed, if there is one; the nearest.
fn between(instant: &Moment, printed: &Moment) -> Option<i32> {
    let (there, here) = (local(printed), local(instant));
    if there.date() == here.date() {
        return None;
    }
    let seconds = if printed.precision == Precision::Day {
        let midnight = there.date().to_datetime(Time::midnight());
        let since = midnight.duration_since(here).as_secs();
        // East to the day's first instant, or west to its last whole hour.
        if since > 0 { up(since, 3600) } else { -up(1 - since - 86_400, 3600) }
    } else {
        let apart = there.duration_since(here).as_secs();
        let nearest = (apart + QUARTER / 2).div_euclid(QUARTER) * QUARTER;
        if (apart - nearest).abs() > 60 {
            return None;
        }
        nearest
    };
    i32::try_from(seconds).ok().filter(|_| ZONES.contains(&seconds))
}

fn up(seconds: i64, unit: i64) -> i64 {
    (seconds + unit - 1).div_euclid(unit) * unit
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidate(at: &str, precision: Precision, origin: Origin) -> Candidate {
        let moment = Moment { at: at.parse().unwrap(), offset: 0, precision, origin };
        Candidate { moment, weight: 5.0, swapped: None, is_instant: precision == Precision::Second }
    }

    fn day(candidates: &[Candidate]) -> String {
        local(&winner(candidates, &[]).unwrap()).to_string()
    }

    #[test]
    fn an_instant_in_utc_is_told_in_the_zone_of_the_day_that_is_printed() {
        let east = candidate("2023-11-01T23:01:00Z", Precision::Second, Origin::Data);
        let url = candidate("2023-11-02T00:00:00Z", Precision::Day, Origin::Url);
        assert_eq!(day(&[east, url]), "2023-11-02T00:01:00");
        let west = candidate("2022-05-04T03:37:37Z", Precision::Second, Origin::Meta);
        let url = candidate("2022-05-03T00:00:00Z", Precision::Day, Origin::Url);
        assert_eq!(day(&[west, url]), "2022-05-03T23:37:37");
        let clock = candidate("2022-05-03T22:37:00Z", Precision::Minute, Origin::Text);
        let told = winner(&[west, clock], &[]).unwrap();
        assert_eq!(local(&told).date().to_string(), "2022-05-03");
    }

    #[test]
    fn days_far_apart_are_not_brought_together() {
        let data = candidate("2023-11-01T10:00:00Z", Precision::Second, Origin::Data);
        let text = Candidate { weight: 1.0, ..candidate("2023-11-04T00:00:00Z", Precision::Day, Origin::Text) };
        assert_eq!(day(&[data, text]), "2023-11-01T10:00:00");
    }

    #[test]
    fn a_day_of_two_readings_is_read_as_the_other_witness_tells() {
        let meta = Candidate {
            swapped: Some(jiff::civil::date(2023, 11, 1)),
            weight: 9.0,
            ..candidate("2023-01-11T12:43:42Z", Precision::Second, Origin::Meta)
        };
        let text = candidate("2023-11-01T00:00:00Z", Precision::Day, Origin::Text);
        assert_eq!(day(&[meta, text]), "2023-11-01T12:43:42");
        assert_eq!(day(&[meta]), "2023-01-11T12:43:42");
    }
}
