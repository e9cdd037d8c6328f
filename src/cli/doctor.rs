//! `tearsheet doctor`: every record read and compared, and what that showed. Without a daemon, what is wrong is cured. `--compact` and
//! `--rebuild` are done by the daemon where one runs.

use anyhow::bail;

use super::{
    args::{Common, Doctor},
    columns::columns,
    place, show,
};
use crate::daemon::{
    Clock,
    control::{self, Answer, Asked, Request},
};
use crate::reading::text;
use crate::store::{Checkup, Cure, Rescue, Store};

/// Bytes for which it is worth to say that there is something to give back.
const WORTH_COMPACTING: u64 = 32 << 20;
const ASIDE: &str =
    "the folders damaged-… in the state folder are kept for whoever wants to look into them; they may be removed";

/// Runs the command. It fails while something is wrong.
pub(super) fn run(common: &Common, what: &Doctor) -> anyhow::Result<()> {
    let state = place::state(common);
    let cure = match what {
        Doctor { compact: true, .. } => Some(Cure::Compact),
        Doctor { rebuild: true, .. } => Some(Cure::Rebuild),
        Doctor { .. } => None,
    };
    let request = cure.map_or(Request::Doctor, Request::Cure);
    let mut checkup = Checkup::default();
    let asked = control::ask(&state, &request, |answer| {
        if let Answer::Checkup(found) = answer {
            checkup = *found;
        }
        Ok(())
    })?;
    if asked == Asked::Nobody {
        if !state.is_dir() {
            bail!("there is no store in {}: name its folder with --state", state.display());
        }
        let config = place::config(common).read()?;
        let now = Clock::system().now();
        let (store, opened, found) = Store::doctor(&state, config.store, now)?;
        checkup = found;
        if let Some(cure) = cure {
            store.cure(cure, now)?;
            let faults = std::mem::take(&mut checkup.faults);
            checkup = store.examine()?;
            checkup.faults.extend(faults);
        }
        store.close();
        for Rescue { cause, cure } in &opened.rescues {
            show(format_args!("{}: {}\n", text::printable(cause), text::printable(cure)))?;
        }
    }
    show(format_args!("{}", columns(0, &rows(&checkup))))?;
    for fault in &checkup.faults {
        show(format_args!("fault: {}\n", text::printable(fault)))?;
    }
    if checkup.set_aside_bytes > 0 {
        show(format_args!("{ASIDE}\n"))?;
    }
    if cure.is_none() && spare(&checkup) > WORTH_COMPACTING {
        show(format_args!("`tearsheet doctor --compact` would give back about {}\n", size(spare(&checkup))))?;
    }
    let left = checkup.faults.iter().filter(|fault| !fault.ends_with("(cured)")).count();
    match (left, asked) {
        (0, _) => {
            show(format_args!("every record is whole\n"))?;
            Ok(())
        }
        (_, Asked::Answered) => {
            bail!("{left} faults: `tearsheet doctor --rebuild` cures them, beside the daemon too")
        }
        (_, Asked::Nobody) => bail!("{left} faults could not be cured: restore a backup with `tearsheet restore`"),
    }
}

/// Bytes that a compacted store would not take, as far as the counts tell.
fn spare(checkup: &Checkup) -> u64 {
    let known = checkup.articles.saturating_add(checkup.removed);
    let journal = checkup.article_bytes.saturating_add(known.saturating_mul(100));
    let index = known.saturating_mul(400).saturating_add(1 << 20);
    let over = |has: u64, needs: u64| has.saturating_sub(needs);
    over(checkup.journal_bytes, journal) + over(checkup.copy_bytes, journal) + over(checkup.index_bytes, index)
}

fn rows(checkup: &Checkup) -> Vec<Vec<String>> {
    let counts = [
        ("articles", checkup.articles.to_string()),
        ("removed, still remembered", checkup.removed.to_string()),
        ("sources", checkup.sources.to_string()),
        ("journal records", checkup.records.to_string()),
        ("articles as stored", size(checkup.article_bytes)),
        ("journal", size(checkup.journal_bytes)),
        ("its copy", size(checkup.copy_bytes)),
        ("index", size(checkup.index_bytes)),
        ("damaged, set aside", size(checkup.set_aside_bytes)),
    ];
    counts.into_iter().map(|(name, value)| vec![name.to_owned(), value]).collect()
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1024 => format!("{bytes} bytes"),
        1024..1_048_576 => format!("{} KiB", bytes / 1024),
        _ => format!("{} MiB", bytes / 1_048_576),
    }
}
