//! `tearsheet fetch`: visits sources now, once, then exits; for cron, and to see at once what a change brings. Where a daemon runs, it is
//! the one that visits, so that hosts see one visitor.

use std::sync::Arc;

use anyhow::{Context, bail};

use super::{args::Common, network, place, say};
use crate::config::Config;
use crate::daemon::{
    self, Clock, Prepared,
    control::{self, Answer, Asked, Request},
};
use crate::fetch::Fetcher;
use crate::harvest::{Harvest, Readings};
use crate::model::{Outcome, Report, SourceId};
use crate::reading::text;

/// Runs the command.
pub(super) fn run(common: &Common, ids: &[String]) -> anyhow::Result<()> {
    let file = place::config(common);
    let config = file.read()?;
    if let Some(unknown) = ids.iter().find(|id| !config.sources.iter().any(|source| source.id.as_str() == *id)) {
        bail!("{} has no source {unknown:?}", file.path.display());
    }
    let mut failed = 0;
    let asked = control::ask(&place::state(common), &Request::Fetch { sources: ids.to_vec() }, |answer| {
        if let Answer::Report(report) = answer {
            failed += usize::from(!report.outcome.is_success());
            say(format_args!("{}", line(&report)));
        }
        Ok(())
    })?;
    if asked == Asked::Nobody {
        failed = alone(common, ids, config)?;
    }
    match failed {
        0 => Ok(()),
        failed => bail!("{failed} sources could not be read; see above"),
    }
}

/// Visits the sources in this process; how many could not be read.
fn alone(common: &Common, ids: &[String], config: Config) -> anyhow::Result<usize> {
    network::block_on(async {
        let clock = Clock::system();
        let fetcher = Arc::new(Fetcher::new(network::settings(&config, Vec::new()), Arc::new(clock.clone()))?);
        let store = daemon::open(place::state(common), config.store.clone(), &clock).await?;
        let harvest = Harvest::new(fetcher.clone(), store.clone());
        harvest.look_for(config.twins, &config.sources);
        let prepared = daemon::prepare(config, &store, clock.now())?;
        prepared.recall_quiet(&fetcher).await;
        let failed = visit(&harvest, prepared, ids, &clock, &store).await?;
        store.close();
        anyhow::Ok(failed)
    })?
}

async fn visit(
    harvest: &Harvest,
    prepared: Prepared,
    ids: &[String],
    clock: &Clock,
    store: &crate::store::Store,
) -> anyhow::Result<usize> {
    let known: std::collections::BTreeSet<_> =
        prepared.watched.iter().map(|watched| watched.source.id.clone()).collect();
    let mut failed = 0;
    for watched in prepared.watched {
        let id = watched.source.id.clone();
        if !ids.is_empty() && !ids.iter().any(|wanted| wanted == id.as_str()) {
            continue;
        }
        let history = store.history(&id).ok().flatten().unwrap_or_default();
        let known = known.clone();
        let start = clock.now();
        let visited = harvest.visit(watched.clone(), history, start, move |id| known.contains(id)).await;
        let history = daemon::planned(&watched, visited.history, clock.now());
        store.save_history(&id, &history).with_context(|| format!("storing the plan of {id}"))?;
        failed += usize::from(!visited.report.outcome.is_success());
        say(format_args!("{}", line(&visited.report)));
        if watched.source.full_text && visited.report.counts.new > 0 {
            // A daemon would read them beside its visits, and try again what failed; nobody stays to do so here.
            let readings = harvest.read_new_articles(watched, start, || clock.now()).await;
            say(format_args!("{}", read(&id, &readings)));
        }
    }
    Ok(failed)
}

/// What reading the articles of a source brought, in one line.
fn read(source: &SourceId, readings: &Readings) -> String {
    let failed = readings.problem.as_ref().map(|problem| {
        format!(
            ", {} could not be read and keep the list's summary: {} ({})",
            readings.failed, problem.reason, problem.advice
        )
    });
    let line = format!("{source}: {} articles read{}", readings.read, failed.unwrap_or_default());
    text::printable(&line).into_owned()
}

/// A visit in one line.
pub(super) fn line(report: &Report) -> String {
    let counts = report.counts;
    let problem = report.problems.first().map(|problem| format!(": {} ({})", problem.reason, problem.advice));
    // A page that is as it was is not read, and nothing of it is counted.
    let brought = match report.outcome {
        Outcome::Unchanged => String::new(),
        _ => format!(", {} items, {} new, {} changed", counts.shown, counts.new, counts.changed),
    };
    let line = format!("{}: {}{brought}{}", report.source, report.outcome.word(), problem.unwrap_or_default());
    text::printable(&line).into_owned()
}
