//! Virtual time: half a year and more of sources with known rhythms, visited by the fixed and by the adaptive plan. Both start
//! knowing nothing. Printed: visits and mean delay from publication to discovery.

use std::{fmt::Write as _, time::Duration};

use jiff::{SignedDuration, Timestamp, Zoned, civil::Weekday, tz::TimeZone};

use super::{Past, next_due};
use crate::model::{Plan, Rhythm};

/// Half a year, and two for what publishes once a month.
const WEEKS: i64 = 26;
const LONG: i64 = 104;

/// A number generator of our own, so that every run is the same run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// Publishes in each minute with the chance that `rate` (articles an hour) gives it.
fn published(zone: &TimeZone, (seed, weeks): (u64, i64), rate: impl Fn(&Zoned) -> f64) -> Vec<Timestamp> {
    let mut dice = Dice(seed);
    let mut at = start().to_zoned(zone.clone());
    let mut articles = Vec::new();
    for _ in 0..weeks * 7 * 24 * 60 {
        let expected = rate(&at) / 60.0;
        if dice.roll() < expected {
            articles.push(at.timestamp() + SignedDuration::from_millis((dice.roll() * 60_000.0) as i64));
        }
        at += SignedDuration::from_mins(1);
    }
    articles
}

fn start() -> Timestamp {
    "2026-01-05T00:00:00+08:00".parse().unwrap()
}

struct Outcome {
    visits: usize,
    /// Articles that came after the last visit.
    missed: usize,
    mean_delay: f64,
}

/// The sum of visits and the mean of delays over sources that differ in their jitter alone: a rhythm with few articles
/// meets a fixed grid now early, now late.
fn run(plan: &Plan, zone: &TimeZone, articles: &[Timestamp], (weeks, sources): (i64, u32)) -> Outcome {
    let mut all = Outcome { visits: 0, missed: 0, mean_delay: 0.0 };
    for seed in 0..sources {
        let one = run_one(plan, zone, articles, (weeks, u64::from(seed)));
        all.visits += one.visits;
        all.missed = all.missed.max(one.missed);
        all.mean_delay += one.mean_delay / f64::from(sources);
    }
    all
}

fn run_one(plan: &Plan, zone: &TimeZone, articles: &[Timestamp], (weeks, seed): (i64, u64)) -> Outcome {
    let end = start() + SignedDuration::from_hours(weeks * 7 * 24);
    let (mut last, mut now) = (None, start());
    let mut arrivals: Vec<Timestamp> = Vec::new();
    let mut waiting = articles.iter().peekable();
    let (mut visits, mut found, mut delay) = (0, 0, 0.0);
    loop {
        let remembered = arrivals.get(arrivals.len().saturating_sub(256)..).unwrap();
        let past = Past { last, arrivals: remembered, ..Past::default() };
        now = next_due(plan, &past, zone, now, seed).unwrap();
        if now >= end {
            return Outcome { visits, missed: articles.len() - found, mean_delay: delay / found as f64 };
        }
        visits += 1;
        while let Some(at) = waiting.next_if(|at| **at <= now) {
            found += 1;
            delay += now.duration_since(*at).as_secs_f64();
            // What the first visit shows was not found at a time that says anything.
            if last.is_some() {
                arrivals.push(now);
            }
        }
        last = Some(now);
    }
}

fn plan(every: Duration, adaptive: bool) -> Plan {
    Plan { rhythm: Rhythm::Every(every), adaptive, every_min: every / 6, every_max: every * 6, quiet: None }
}

#[test]
fn the_adaptive_plan_finds_articles_sooner_with_the_same_number_of_visits() {
    let shanghai = TimeZone::get("Asia/Shanghai").unwrap();
    let berlin = TimeZone::get("Europe/Berlin").unwrap();
    let weekday = |at: &Zoned| !matches!(at.weekday(), Weekday::Saturday | Weekday::Sunday);
    let office = published(&shanghai, (1, WEEKS), |at| match (weekday(at), at.hour()) {
        (true, 9..=11 | 14..=17) => 2.5,
        (true, 8 | 12 | 13 | 18) => 0.8,
        (false, 10..=15) => 0.1,
        _ => 0.01,
    });
    let hourly =
        published(&berlin, (2, WEEKS), |at| if at.minute() < 6 && (6..=22).contains(&at.hour()) { 9.0 } else { 0.0 });
    let bursts = published(&shanghai, (3, WEEKS), |at| match (at.weekday(), at.hour(), at.minute()) {
        (Weekday::Tuesday, 10, 0..20) | (Weekday::Thursday, 15, 30..50) => 24.0,
        _ => 0.004,
    });
    let monthly =
        published(&berlin, (4, LONG), |at| if at.day() <= 2 && (9..=11).contains(&at.hour()) { 1.2 } else { 0.0 });
    let steady = published(&shanghai, (5, WEEKS), |_| 0.5);

    let minutes = |n| Duration::from_mins(n);
    let mut table =
        String::from("rhythm          articles   visits: fixed adaptive   mean delay, min: fixed adaptive\n");
    for (name, zone, every, articles, sources, gain) in [
        ("weekday office", &shanghai, minutes(30), &office, (WEEKS, 1), 0.6),
        ("hourly by day", &berlin, minutes(30), &hourly, (WEEKS, 1), 0.9),
        ("two bursts", &shanghai, minutes(120), &bursts, (WEEKS, 1), 0.6),
        ("monthly", &berlin, minutes(360), &monthly, (LONG, 4), 0.9),
        ("steady", &shanghai, minutes(60), &steady, (WEEKS, 1), 1.05),
    ] {
        let nominal = run(&plan(every, false), zone, articles, sources);
        let adaptive = run(&plan(every, true), zone, articles, sources);
        let ratio = adaptive.visits as f64 / nominal.visits as f64;
        assert!((0.98..1.02).contains(&ratio), "{name}: {} visits, not {}", adaptive.visits, nominal.visits);
        // The fixed plan is given as many visits as the adaptive one took, or a few more.
        let mut scale = 1.0 / ratio;
        let fixed = loop {
            let fixed = run(&plan(every.mul_f64(scale), false), zone, articles, sources);
            if fixed.visits >= adaptive.visits {
                break fixed;
            }
            scale *= 0.998 * fixed.visits as f64 / adaptive.visits as f64;
        };
        let (slow, fast) = (fixed.mean_delay / 60.0, adaptive.mean_delay / 60.0);
        writeln!(
            table,
            "{name:<16}{:>8}{:>16}{:>9}{slow:>24.1}{fast:>9.1}",
            articles.len(),
            fixed.visits,
            adaptive.visits
        )
        .unwrap();
        assert!(fixed.missed <= 5 && adaptive.missed <= 5, "{table}");
        assert!(fixed.visits <= adaptive.visits + adaptive.visits / 200, "{table}");
        assert!(fast <= slow * gain, "{table}");
    }
    println!("{table}");
}
