//! The adaptive plan: when new articles were found → how to spend the same number of visits where they shorten the delay.
//!
//! * [`Profile`]: how many articles each hour of the week brings, from the arrivals
//! * [`Rates`]: how many visits each hour of the week gets
//!
//! If articles come at a rate a and visits at a rate v, an article waits 1/(2v) on average; with the visits of a week
//! given, the sum of a/(2v) over its hours is least where v is proportional to the square root of a. So rates follow the
//! square root of the profile, held between the plan's bounds, at the same sum as the fixed interval has.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, civil::DateTime, tz::TimeZone};

use crate::model::Plan;

const HOURS: usize = 24;
const DAYS: usize = 7;
const WEEK: usize = HOURS * DAYS;

/// With fewer articles than this, or on fewer days, nothing is learnt yet.
const ENOUGH: usize = 8;
const ENOUGH_DAYS: usize = 3;
/// Hours with articles that are made up, spread over the day, before the first is seen.
const HOUR_PRIOR: f64 = 4.0;
/// After so many weeks the very hour of the week weighs as much as hour of day and day of week do.
const TRUST: f64 = 6.0;
/// The part of the articles that is taken to come at any time: no hour is ever taken for dead.
const FLOOR: f64 = 0.03;
/// The time in which an article may have been published is cut into at most so many parts.
const MOST_SAMPLES: u32 = 12;
/// An article counts half as much after this many seconds (four weeks), or after half the time that is remembered: what
/// publishes once a month is learnt from many months.
const HALF_LIFE: f64 = 28.0 * 86_400.0;
const DAY_SECONDS: i64 = 86_400;
const WEEK_SECONDS: i64 = 7 * DAY_SECONDS;

/// The time from `last` to the next visit, in place of `every`: within the plan's bounds; `None` while too little is known.
/// `share` is how much of a visit the rates must add up to, about 1.
pub(super) fn wait(
    plan: &Plan,
    every: Duration,
    arrivals: &[Timestamp],
    zone: &TimeZone,
    (last, share): (Timestamp, f64),
) -> Option<Duration> {
    let profile = Profile::learn(arrivals, every, zone, last)?;
    let (least, most) = (plan.every_min, plan.every_max.max(plan.every_min));
    let rates = Rates::share(&profile, every, least, most);
    Some(rates.wait((last, share), zone, most).clamp(least, most))
}

/// Articles by hour of the week, from Monday 00:00 in the source's zone; their sum is 1.
struct Profile([f64; WEEK]);

impl Profile {
    /// What `arrivals`, found by visits about `every` apart, say at `now`; `None` while that is too little.
    ///
    /// Only whole weeks count, up to now, so that each hour of the week was watched equally often: else the hours just
    /// past would look busier than those ahead. Of a source so busy that its arrivals span no week, whole days count and
    /// say nothing of the day of the week.
    fn learn(arrivals: &[Timestamp], every: Duration, zone: &TimeZone, now: Timestamp) -> Option<Self> {
        let watched = now.duration_since(*arrivals.first()?).as_secs();
        let round = if watched >= WEEK_SECONDS { WEEK_SECONDS } else { DAY_SECONDS };
        let whole = watched / round * round;
        let mut joint = [0.0; WEEK];
        let mut evidence = Evidence { weeks: (whole / WEEK_SECONDS) as f64, dates: 0.0, hours: 0.0 };
        let lag = i64::try_from(every.as_secs()).unwrap_or(DAY_SECONDS).min(DAY_SECONDS);
        let samples = u32::try_from(lag / 1800).unwrap_or(MOST_SAMPLES).clamp(2, MOST_SAMPLES);
        let half_life = HALF_LIFE.max(whole as f64 / 2.0);
        let (mut count, mut days, mut latest) = (0, 0, None);
        for at in arrivals {
            let age = now.duration_since(*at).as_secs();
            if !(0..whole).contains(&age) {
                continue;
            }
            let local = zone.to_datetime(*at);
            let weight = 0.5_f64.powf((age / round * round) as f64 / half_life);
            let this = Some((local.date(), local.hour()));
            if latest.map(|(date, _)| date) != Some(local.date()) {
                days += 1;
                evidence.dates += weight;
            }
            if latest != this {
                evidence.hours += weight;
            }
            latest = this;
            count += 1;
            // It was published at some time since the visit before the one that found it, about an interval earlier.
            let found = second_of_week(&local);
            for sample in 0..samples {
                let before = lag * (2 * i64::from(sample) + 1) / (2 * i64::from(samples));
                let hour = (found - before).rem_euclid(WEEK_SECONDS) / 3600;
                add(&mut joint, usize::try_from(hour).unwrap_or_default(), weight / f64::from(samples));
            }
        }
        if count < ENOUGH || days < ENOUGH_DAYS {
            return None;
        }
        Some(Self::smooth(&joint, &evidence))
    }

    /// Few articles say little of 168 hours, and many on one date say little of its day of the week. So each of three
    /// views weighs as much as there is evidence for it: day of week, hour of day, and the very hour of the week.
    fn smooth(joint: &[f64; WEEK], evidence: &Evidence) -> Self {
        let total: f64 = joint.iter().sum();
        let (mut by_day, mut by_hour) = ([0.0; DAYS], [0.0; HOURS]);
        for (n, count) in joint.iter().enumerate() {
            add(&mut by_day, n / HOURS, *count / total);
            add(&mut by_hour, n % HOURS, *count / total);
        }
        // Arrivals that span no week say nothing of its days.
        let dates = if evidence.weeks >= 1.0 { evidence.dates } else { 0.0 };
        let by_day = by_day.map(|share| (share * dates + 1.0) / (dates + DAYS as f64));
        let by_hour =
            by_hour.map(|share| (share * evidence.hours + HOUR_PRIOR / HOURS as f64) / (evidence.hours + HOUR_PRIOR));
        let rounds = evidence.weeks.min(dates / 2.0);
        let trust = rounds / (rounds + TRUST);
        let mut shares = [0.0; WEEK];
        for (n, share) in shares.iter_mut().enumerate() {
            let day = by_day.get(n / HOURS).copied().unwrap_or_default();
            let hour = by_hour.get(n % HOURS).copied().unwrap_or_default();
            let very = joint.get(n).copied().unwrap_or_default() / total;
            let learnt = (1.0 - trust) * day * hour + trust * very;
            *share = (1.0 - FLOOR) * learnt + FLOOR / WEEK as f64;
        }
        Self(shares)
    }
}

/// How much there is to learn from; older evidence counts less.
struct Evidence {
    /// Whole weeks watched.
    weeks: f64,
    /// Dates with an article.
    dates: f64,
    /// Hours of such dates with an article.
    hours: f64,
}

/// Visits per second by hour of the week.
struct Rates([f64; WEEK]);

impl Rates {
    /// Shares the visits that `every` makes in a week among its hours, none slower than one in `most` and none faster than
    /// one in `least`.
    fn share(profile: &Profile, every: Duration, least: Duration, most: Duration) -> Self {
        let slowest = 1.0 / most.as_secs_f64().max(1.0);
        let fastest = 1.0 / least.as_secs_f64().max(1e-3);
        let wanted = WEEK as f64 / every.as_secs_f64().max(1e-3);
        let roots = profile.0.map(f64::sqrt);
        let at = |scale: f64| roots.map(|root| (root * scale).max(slowest).min(fastest));
        // The sum grows with the scale, so halving finds the scale that spends what is wanted.
        let (mut low, mut high) = (0.0, fastest * 1e3);
        for _ in 0..32 {
            let middle = 0.5 * (low + high);
            if at(middle).iter().sum::<f64>() < wanted { low = middle } else { high = middle }
        }
        Self(at(high))
    }

    /// The time from `at` in which the rates add up to `missing` visits.
    fn wait(&self, (mut at, mut missing): (Timestamp, f64), zone: &TimeZone, most: Duration) -> Duration {
        let mut waited = 0.0;
        while waited < most.as_secs_f64() {
            let second = second_of_week(&zone.to_datetime(at));
            let rate =
                usize::try_from(second / 3600).ok().and_then(|hour| self.0.get(hour)).copied().unwrap_or_default();
            let rest = (3600 - second % 3600) as f64;
            if rate * rest >= missing {
                waited += missing / rate;
                break;
            }
            missing -= rate * rest;
            waited += rest;
            let Ok(next) = at.checked_add(SignedDuration::from_secs(rest as i64)) else { break };
            at = next;
        }
        Duration::try_from_secs_f64(waited).unwrap_or(most)
    }
}

fn second_of_week(local: &DateTime) -> i64 {
    let day = i64::from(local.weekday().to_monday_zero_offset());
    day * DAY_SECONDS + i64::from(local.hour()) * 3600 + i64::from(local.minute()) * 60 + i64::from(local.second())
}

fn add(counts: &mut [f64], place: usize, count: f64) {
    if let Some(here) = counts.get_mut(place) {
        *here += count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_has_as_many_visits_as_the_interval_makes() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let now: Timestamp = "2026-03-02T00:00:00+08:00".parse().unwrap();
        let day = SignedDuration::from_hours(24);
        // Three weeks of articles at nine and ten o'clock on Monday, Tuesday and Wednesday.
        let arrivals: Vec<Timestamp> = (0..63)
            .map(|n| now - day * (21 - n / 3) + SignedDuration::from_mins(9 * 60 + 25 * i64::from(n % 3)))
            .filter(|at| zone.to_datetime(*at).weekday().to_monday_zero_offset() < 3)
            .collect();
        for minutes in [10, 30, 120, 360] {
            let every = Duration::from_mins(minutes);
            let profile = Profile::learn(&arrivals, every, &zone, now).unwrap();
            let (least, most) = (every / 6, every * 6);
            let rates = Rates::share(&profile, every, least, most);
            let sum: f64 = rates.0.iter().sum::<f64>() * 3600.0;
            let wanted = 168.0 * 60.0 / minutes as f64;
            assert!((sum - wanted).abs() < wanted / 1000.0, "{sum} for {wanted}");
            let (mut at, mut visits) = (now, 0);
            while at < now + day * 28 {
                at += SignedDuration::try_from(rates.wait((at, 1.0), &zone, most).clamp(least, most)).unwrap();
                visits += 1;
            }
            let ratio = f64::from(visits) / (4.0 * wanted);
            assert!((0.99..1.01).contains(&ratio), "every {minutes} min: {ratio} of the visits");
        }
    }
}
