//! Laws of [`next_due`] that hold for every plan, past, zone and clock.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, civil::Time, tz::TimeZone};
use proptest::prelude::*;

use super::{LONGEST_WAIT, Past, next_due, resume};
use crate::model::{Cadence, Plan, QuietHours, Rhythm};

const MINUTE: Duration = Duration::from_mins(1);

fn plan(every: Duration) -> Plan {
    Plan { rhythm: Rhythm::Every(every), adaptive: false, every_min: every / 4, every_max: every * 8, quiet: None }
}

fn cron(pattern: &str) -> Plan {
    Plan { rhythm: Rhythm::Cron(pattern.into()), ..plan(30 * MINUTE) }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn ago(now: Timestamp, wait: Duration) -> Option<Timestamp> {
    Some(now - SignedDuration::try_from(wait).unwrap())
}

fn wait(from: Timestamp, due: Timestamp) -> Duration {
    Duration::try_from(due.duration_since(from)).unwrap()
}

fn due(plan: &Plan, past: &Past<'_>, now: Timestamp) -> Option<Timestamp> {
    next_due(plan, past, &TimeZone::UTC, now, 5)
}

#[test]
fn a_new_source_is_visited_at_once_and_a_gone_one_never() {
    let now = at("2026-03-01T00:00:00Z");
    let first = due(&plan(30 * MINUTE), &Past::default(), now).unwrap();
    assert!(wait(now, first) <= Duration::from_secs(1));
    assert_eq!(due(&plan(30 * MINUTE), &Past { gone: true, ..Past::default() }, now), None);
    assert_eq!(due(&cron("0 0 30 2 *"), &Past { last: Some(now), ..Past::default() }, now), None);
}

#[test]
fn an_interval_counts_from_the_last_visit() {
    let now = at("2026-03-01T00:10:00Z");
    let past = Past { last: ago(now, 10 * MINUTE), ..Past::default() };
    let left = wait(now, due(&plan(30 * MINUTE), &past, now).unwrap());
    assert!((20 * MINUTE..=22 * MINUTE).contains(&left), "{left:?}");
    let overdue = Past { last: ago(now, 10_000 * MINUTE), ..past };
    assert!(wait(now, due(&plan(30 * MINUTE), &overdue, now).unwrap()) <= MINUTE);
}

#[test]
fn sources_configured_alike_do_not_stay_in_step() {
    let now = at("2026-03-01T00:00:00Z");
    let past = Past { last: Some(now), ..Past::default() };
    let mut times: Vec<Timestamp> =
        (0..200).filter_map(|seed| next_due(&plan(60 * MINUTE), &past, &TimeZone::UTC, now, seed)).collect();
    times.sort();
    times.dedup();
    assert!(times.len() > 195 && wait(times[0], times[times.len() - 1]) > MINUTE);
}

#[test]
fn retry_after_is_obeyed_up_to_thirty_days() {
    let now = at("2026-03-01T00:00:00Z");
    let wish = |wish| Past { last: Some(now), failures: 1, retry_after: Some(wish), ..Past::default() };
    let hour = wait(now, due(&plan(30 * MINUTE), &wish(60 * MINUTE), now).unwrap());
    assert!((60 * MINUTE..=63 * MINUTE).contains(&hour), "{hour:?}");
    let year = wait(now, due(&plan(30 * MINUTE), &wish(Duration::MAX), now).unwrap());
    assert!((LONGEST_WAIT..=LONGEST_WAIT + 5 * MINUTE).contains(&year), "{year:?}");
    let short = wait(now, due(&plan(30 * MINUTE), &wish(Duration::from_secs(5)), now).unwrap());
    assert!(short >= 30 * MINUTE, "it never shortens the interval");
    let cron = wait(now, due(&cron("*/5 * * * *"), &wish(60 * MINUTE), now).unwrap());
    assert!(cron >= 60 * MINUTE, "{cron:?}");
}

#[test]
fn a_hint_lengthens_within_bounds() {
    let now = at("2026-03-01T00:00:00Z");
    let hinted = |minutes| {
        let past = Past { last: Some(now), fresh: Some(minutes * MINUTE), ..Past::default() };
        wait(now, due(&plan(30 * MINUTE), &past, now).unwrap()).as_secs() / 60
    };
    assert_eq!((hinted(1), hinted(60)), (hinted(0), 60 + (hinted(60) - 60)));
    assert!((30..=31).contains(&hinted(1)) && (60..=63).contains(&hinted(60)));
    assert!((240..=245).contains(&hinted(1_000_000)), "every_max holds");
}

#[test]
fn cron_times_are_kept_and_a_missed_one_is_made_up_for() {
    let daily = cron("0 3 * * *");
    let past = Past { last: Some(at("2026-03-01T03:00:20Z")), ..Past::default() };
    let next = due(&daily, &past, at("2026-03-01T03:00:25Z")).unwrap();
    assert!(wait(at("2026-03-02T03:00:00Z"), next) <= MINUTE);
    let missed = due(&daily, &past, at("2026-03-05T14:00:00Z")).unwrap();
    assert!(wait(at("2026-03-05T14:00:00Z"), missed) <= MINUTE);
    let failing = Past { failures: 3, ..past };
    let later = due(&daily, &failing, at("2026-03-01T03:00:25Z")).unwrap();
    assert!(wait(at("2026-03-02T03:00:00Z"), later) <= MINUTE, "a day is the cap");
    let hourly = due(&cron("0 * * * *"), &failing, at("2026-03-01T03:00:25Z")).unwrap();
    assert!(wait(at("2026-03-01T07:00:00Z"), hourly) <= MINUTE, "{hourly}");
}

#[test]
fn quiet_hours_hold_for_new_sources_too() {
    let night = QuietHours { from: Time::constant(22, 0, 0, 0), until: Time::constant(6, 0, 0, 0) };
    let plan = Plan { quiet: Some(night), ..plan(30 * MINUTE) };
    let now = at("2026-03-01T23:00:00Z");
    let morning = at("2026-03-02T06:00:00Z");
    for past in [Past::default(), Past { last: Some(now), ..Past::default() }] {
        let due = due(&plan, &past, now).unwrap();
        assert!(due >= morning && wait(morning, due) <= 5 * MINUTE, "{due}");
    }
}

#[test]
fn a_restart_keeps_the_stored_time() {
    let now = at("2026-03-01T00:00:00Z");
    let plan = plan(30 * MINUTE);
    let past = Past { last: ago(now, MINUTE), ..Past::default() };
    let go_on = |stored| resume(&plan, &past, &TimeZone::UTC, now, (stored, 5)).unwrap();
    let ahead = at("2026-03-01T00:17:03.5Z");
    assert_eq!(go_on(ahead), ahead);
    assert!(wait(now, go_on(at("2036-03-01T00:00:00Z"))) <= 31 * MINUTE, "stored by a clock ten years ahead");
    // Overdue: what next_due says of this past, which is never at once.
    assert!(go_on(at("2026-02-28T00:00:00Z")) > now);
    let gone = Past { gone: true, ..past };
    assert_eq!(resume(&plan, &gone, &TimeZone::UTC, now, (ahead, 5)), None);
}

fn any_plan() -> impl Strategy<Value = Plan> {
    let rhythm = prop_oneof![
        (1_u64..200_000).prop_map(|secs| Rhythm::Every(Duration::from_secs(secs))),
        prop::sample::select(vec!["*/7 * * * *", "30 2 * * *", "0 9-17 * * MON-FRI", "0 0 1 * *"])
            .prop_map(|pattern| Rhythm::Cron(pattern.into())),
    ];
    let quiet = prop::option::of((0_i8..24, 0_i8..60, 0_i8..24, 0_i8..60)).prop_map(|ends| {
        ends.map(|(a, b, c, d)| QuietHours {
            from: Time::new(a, b, 0, 0).unwrap(),
            until: Time::new(c, d, 0, 0).unwrap(),
        })
    });
    (rhythm, any::<bool>(), 1_u64..5_000, 1_u64..500_000, quiet).prop_map(|(rhythm, adaptive, least, more, quiet)| {
        Plan {
            rhythm,
            adaptive,
            every_min: Duration::from_secs(least),
            every_max: Duration::from_secs(least + more),
            quiet,
        }
    })
}

prop_compose! {
    fn any_history()(
        secs in prop::collection::vec(0_i64..1_500_000_000, 0..60),
        last in prop::option::of(-100_000_000_i64..10_000_000),
        failures in prop_oneof![Just(0_u32), 0_u32..40, Just(u32::MAX)],
        retry_after in prop::option::of(0_u64..10_000_000),
        hint in prop::option::of(0_u64..100_000_000),
        now in 1_500_000_000_i64..2_000_000_000,
        zone in prop::sample::select(vec!["Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
        seed: u64,
    ) -> (Vec<Timestamp>, Option<Timestamp>, u32, Option<Duration>, Option<Duration>, Timestamp, TimeZone, u64) {
        let mut arrivals: Vec<Timestamp> = secs.iter().map(|s| Timestamp::from_second(now - s).unwrap()).collect();
        arrivals.sort();
        (
            arrivals,
            last.map(|last| Timestamp::from_second(now + last).unwrap()),
            failures,
            retry_after.map(Duration::from_secs),
            hint.map(Duration::from_secs),
            Timestamp::from_second(now).unwrap(),
            TimeZone::get(zone).unwrap(),
            seed,
        )
    }
}

/// A cadence as odd as the hint is.
fn skips(hint: Option<Duration>) -> Cadence {
    let bits = hint.map_or(0, |hint| hint.as_secs().wrapping_mul(0x9e37_79b9_7f4a_7c15));
    Cadence { ttl: 0, skip_hours: (bits >> 40) as u32, skip_days: (bits >> 32) as u8 }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn the_next_visit_is_ahead_and_as_polite_as_asked(plan in any_plan(), history in any_history()) {
        let (arrivals, last, failures, retry_after, hint, now, zone, seed) = history;
        let past = Past { last, failures, retry_after, gone: false, arrivals: &arrivals, fresh: hint, cadence: skips(hint) };
        let due = next_due(&plan, &past, &zone, now, seed).unwrap();
        prop_assert!(due > now);
        prop_assert_eq!(next_due(&plan, &past, &zone, now, seed), Some(due), "the same question has the same answer");
        let last = last.map(|last| last.min(now));
        if let (Some(last), Rhythm::Every(every)) = (last, &plan.rhythm) {
            let least = if plan.adaptive { plan.every_min } else { *every };
            prop_assert!(wait(last, due) >= least);
            // The longest: the bound, or the cap of a failing source, or what the host asked for; jitter; a quiet day; skipped hours.
            let most = plan.every_max.max(*every).max(retry_after.unwrap_or_default().min(LONGEST_WAIT));
            let most = wait(last, now).max(most + most / 20) + 5 * MINUTE + Duration::from_hours(25 + 73);
            prop_assert!(wait(last, due) <= most);
        }
        if let (Some(last), Some(asked)) = (last, retry_after) {
            prop_assert!(wait(last, due) >= asked.min(LONGEST_WAIT));
        }
        if let Some(QuietHours { from, until }) = plan.quiet {
            let time = zone.to_datetime(due).time();
            let inside = if from <= until { from <= time && time < until } else { time >= from || time < until };
            // An end that is set back over lies inside them once; then they end at the second pass.
            prop_assert!(!inside, "{} is in {} to {}", time, from, until);
        }
    }

    #[test]
    fn a_further_failure_never_brings_the_visit_forward(plan in any_plan(), history in any_history()) {
        let (arrivals, last, failures, retry_after, hint, now, zone, seed) = history;
        let with = |failures| {
            let past = Past { last, failures, retry_after, gone: false, arrivals: &arrivals, fresh: hint, cadence: skips(hint) };
            next_due(&plan, &past, &zone, now, seed).unwrap()
        };
        let failures = failures.clamp(1, 1000);
        // The spread after quiet hours may put one visit behind another that falls just after them.
        let spread = if plan.quiet.is_some() { 5 * MINUTE } else { Duration::ZERO };
        prop_assert!(with(failures + 1) + spread >= with(failures));
    }

    #[test]
    fn a_restart_never_brings_a_visit_forward(plan in any_plan(), history in any_history(), later in 0_i64..1_000_000) {
        let (arrivals, last, failures, retry_after, hint, now, zone, seed) = history;
        let past = Past { last: Some(last.unwrap_or(now).min(now)), failures, retry_after, gone: false, arrivals: &arrivals, fresh: hint, cadence: skips(hint) };
        let stored = next_due(&plan, &past, &zone, now, seed).unwrap();
        let restart = now + SignedDuration::from_secs(later);
        let resumed = resume(&plan, &past, &zone, restart, (stored, seed)).unwrap();
        prop_assert!(resumed >= stored.min(restart));
        if stored > restart { prop_assert_eq!(resumed, stored); }
    }
}
