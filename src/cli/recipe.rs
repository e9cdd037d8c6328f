//! `tearsheet recipe`: the rules that read a source's page, and what they say otherwise than those proposed or before; `--accept`
//! takes the proposed ones, `--back` returns to those before. Where a daemon runs, it does it, and visits the page at once.
//! Without a source, every one is listed with the rule of its rows.

use std::fmt::Write;

use anyhow::{Context, bail};

use super::{
    args::{Common, Recipe},
    columns::columns,
    fetch, network, place, say, show,
    written::{field, text as toml_text},
};
use crate::daemon::{
    self, Clock,
    control::{self, Answer, Asked, Request},
};
use crate::harvest::{Standing, Turn, Watched};
use crate::model::{Difference, Rules};
use crate::reading::text;

/// Runs the command.
pub(super) fn run(common: &Common, what: &Recipe) -> anyhow::Result<()> {
    let Some(id) = what.id.as_deref() else { return list(common) };
    let turn = match (what.accept, what.back) {
        (true, _) => Some(Turn::Accept),
        (_, true) => Some(Turn::Back),
        _ => None,
    };
    let mut well = true;
    let standing = match asked(common, id, turn, &mut well)? {
        Some(standing) => standing,
        None => {
            let standing = alone(common, &[id], turn)?.pop();
            if turn.is_some() {
                say(format_args!(
                    "no daemon runs: the page is read with these rules at the next visit, as by `tearsheet fetch {id}`"
                ));
            }
            standing.context("the store did not answer")?
        }
    };
    show(format_args!("{}", shown(id, &standing)))?;
    if !well {
        bail!("the rules were changed, but the visit that followed could not read the page; see above");
    }
    Ok(())
}

/// Every source of feeds.toml with the rule of its rows, and what a person may do about it.
fn list(common: &Common) -> anyhow::Result<()> {
    let file = place::config(common);
    let config = file.read()?;
    let ids: Vec<&str> = config.sources.iter().map(|source| source.id.as_str()).collect();
    if ids.is_empty() {
        bail!("{} has no source yet: write one, as with tearsheet add URL", file.path.display());
    }
    let mut standings = Vec::with_capacity(ids.len());
    for id in &ids {
        match asked(common, id, None, &mut true)? {
            Some(standing) => standings.push(standing),
            None => {
                standings = alone(common, &ids, None)?;
                break;
            }
        }
    }
    let rows: Vec<Vec<String>> = ids.iter().zip(&standings).map(|(id, standing)| row(id, standing)).collect();
    show(format_args!("{}", columns(0, &rows)))?;
    Ok(())
}

/// One line of the list.
fn row(id: &str, standing: &Standing) -> Vec<String> {
    let rule = match &standing.present {
        Some(rules) => text::printable(&rules.item).into_owned(),
        None => "(no rules)".to_owned(),
    };
    let told = match standing {
        Standing { proposed: Some(_), .. } => "others are proposed",
        Standing { before: Some(_), .. } => "in place of others",
        Standing { written: true, .. } => "as written in feeds.toml",
        Standing { present: Some(_), .. } => "as found on the page",
        _ => "",
    };
    vec![id.to_owned(), rule, told.to_owned()]
}

/// What the daemon answers; none where none runs. `well` turns false where the visit that it made failed.
fn asked(common: &Common, id: &str, turn: Option<Turn>, well: &mut bool) -> anyhow::Result<Option<Standing>> {
    let mut standing = None;
    let request = Request::Recipe { source: id.to_owned(), turn };
    let asked = control::ask(&place::state(common), &request, |answer| {
        match answer {
            Answer::Recipe(told) => standing = Some(*told),
            Answer::Report(report) => {
                *well = report.outcome.is_success();
                say(format_args!("{}", fetch::line(&report)));
            }
            _ => {}
        }
        Ok(())
    })?;
    if asked == Asked::Nobody {
        return Ok(None);
    }
    standing.context("the daemon did not answer").map(Some)
}

/// The same of several sources on the store itself.
fn alone(common: &Common, ids: &[&str], turn: Option<Turn>) -> anyhow::Result<Vec<Standing>> {
    let file = place::config(common);
    let config = file.read()?;
    let mut sources = Vec::with_capacity(ids.len());
    for id in ids {
        let source = config.sources.iter().find(|source| source.id.as_str() == *id).cloned();
        let Some(source) = source else { bail!("{} has no source {id:?}", file.path.display()) };
        sources.push(Watched::new(source).map_err(|bad| anyhow::anyhow!("{id}: {bad}"))?);
    }
    let clock = Clock::system();
    let store = network::block_on(daemon::open(place::state(common), config.store, &clock))??;
    let mut standings = Vec::with_capacity(sources.len());
    for watched in &sources {
        let id = &watched.source.id;
        let mut history = store.history(id)?.unwrap_or_default();
        if let Some(turn) = turn {
            turn.turn(watched, &mut history, clock.now()).map_err(|why| anyhow::anyhow!("{id}: {why}"))?;
            store.save_history(id, &history)?;
        }
        standings.push(Standing::of(&watched.source, watched.rules_stamp(), &history));
    }
    store.close();
    Ok(standings)
}

fn shown(id: &str, standing: &Standing) -> String {
    let mut out = String::new();
    // Writing to a string does not fail.
    match &standing.present {
        None => out.push_str(
            "no rules: the source is a feed or a sitemap, which needs none, or its page has not been read yet\n",
        ),
        Some(rules) => {
            let whence = match (standing.written, standing.since) {
                (true, _) => "as written in feeds.toml".to_owned(),
                (false, Some(at)) => format!("in place of others since {at}"),
                (false, None) => "as found on the page".to_owned(),
            };
            let _ = writeln!(out, "{id} is read by these rules, {whence}:\n{}", written(rules));
        }
    }
    if let Some(before) = &standing.before {
        let present = standing.present.clone().unwrap_or_default();
        let _ = writeln!(out, "before:\n{}", compared(&present, before));
        let _ = writeln!(out, "go back to them:  tearsheet recipe {id} --back\n");
    }
    if let Some(proposed) = &standing.proposed {
        let present = standing.present.clone().unwrap_or_default();
        let _ = writeln!(
            out,
            "proposed since {}, because {}:\n{}",
            proposed.at,
            proposed.why,
            compared(&present, &proposed.rules)
        );
        let _ = writeln!(out, "take them:  tearsheet recipe {id} --accept\n");
    }
    if let (Some(_), false) = (&standing.present, standing.written) {
        out.push_str(
            "The rules are kept in the store. Written into the source in feeds.toml, they stay as they are.\n",
        );
    }
    out
}

/// Rules as feeds.toml writes them.
fn written(rules: &Rules) -> String {
    let item = format!("item = {}", toml_text(&rules.item));
    let fields = rules.fields().map(|(name, rule)| format!("{name} = {}", field(rule)));
    std::iter::once(item).chain(fields).map(|line| format!("  {}\n", text::printable(&line))).collect()
}

/// What `others` say otherwise than `present`.
fn compared(present: &Rules, others: &Rules) -> String {
    let cell =
        |rule: &Option<String>| rule.as_deref().map_or("(none)".to_owned(), |rule| text::printable(rule).into_owned());
    let differences = Difference::between(present, others);
    let rows: Vec<Vec<String>> = differences
        .iter()
        .map(|one| vec![one.field.to_owned(), cell(&one.after), format!("instead of  {}", cell(&one.before))])
        .collect();
    columns(2, &rows)
}
