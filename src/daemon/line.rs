//! One log line for each visit, written from its report.

use std::time::Duration;

use jiff::Timestamp;

use crate::harvest::Readings;
use crate::model::{Report, Source, SourceId};
use crate::reading::text;
use crate::store::{Opened, Rescue};

/// Logs a visit: as information when it went well, as a warning when not. Untrusted text is made printable first.
pub(super) fn visited(report: &Report, next_due: Option<Timestamp>) {
    let next = next_due.map_or_else(|| "never".to_owned(), |next| next.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
    let problem = report.problems.first().map(|problem| text::printable(&problem.reason).into_owned());
    let counts = report.counts;
    macro_rules! write {
        ($level:ident, $message:literal) => {
            tracing::$level!(
                source.id = %report.source,
                visit.outcome = report.outcome.word(),
                http.status = report.status,
                items.shown = counts.shown,
                items.new = counts.new,
                items.changed = counts.changed,
                page.bytes = report.bytes,
                duration_ms = milliseconds(report.took),
                visit.next = %next,
                problems = report.problems.len(),
                problem,
                $message
            )
        };
    }
    if report.outcome.is_success() {
        write!(info, "visited");
    } else {
        write!(warn, "visit failed");
    }
}

/// Says at start and after a reload what a source does that others do not, since it concerns other people's servers.
pub(super) fn unusual_manners(source: &Source) {
    let manners = &source.manners;
    if !manners.obey_robots {
        tracing::warn!(source.id = %source.id, "robots.txt is ignored, as feeds.toml says");
    }
    if manners.insecure_tls {
        tracing::warn!(source.id = %source.id, "any certificate is accepted, as feeds.toml says: what comes may be anybody's");
    }
}

/// Logs what reading a source's articles brought, unless there was nothing to read.
pub(super) fn read(source: &SourceId, readings: &Readings) {
    if readings.read == 0 && readings.failed == 0 {
        return;
    }
    let (read, failed) = (readings.read, readings.failed);
    match &readings.problem {
        None => tracing::info!(source.id = %source, articles.read = read, articles.failed = failed, "read articles"),
        Some(problem) => {
            let problem = text::printable(&problem.reason);
            tracing::warn!(source.id = %source, articles.read = read, articles.failed = failed, %problem, "read articles");
        }
    }
}

/// Says how opening the store went.
pub(super) fn opened(opened: &Opened) {
    cured(&opened.rescues);
    tracing::info!(store.articles = opened.articles, how = ?opened.how, "the store is open");
}

/// Says what was wrong with the store and was cured while it ran.
pub(super) fn cured(rescues: &[Rescue]) {
    for Rescue { cause, cure } in rescues {
        tracing::warn!(%cause, %cure, "the store was rescued");
    }
}

/// Says why visits wait.
pub(super) fn pausing(fault: &Rescue) {
    tracing::error!(cause = %fault.cause, cure = %fault.cure, "the store does not write, and visits wait");
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
