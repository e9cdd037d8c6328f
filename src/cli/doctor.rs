//! `tearsheet doctor`: every record read and compared, and what that showed. Without a daemon, what is wrong is cured.

use anyhow::bail;

use super::{args::Common, columns::columns, place};
use crate::daemon::{
    Clock,
    control::{self, Answer, Asked, Request},
};
use crate::reading::text;
use crate::store::{Checkup, Rescue, Store};

/// Runs the command. It fails while something is wrong.
pub(super) fn run(common: &Common) -> anyhow::Result<()> {
    let state = place::state(common);
    let mut checkup = Checkup::default();
    let asked = control::ask(&state, &Request::Doctor, |answer| {
        if let Answer::Checkup(found) = answer {
            checkup = *found;
        }
        Ok(())
    })?;
    if asked == Asked::Nobody {
        let config = place::config(common).read()?;
        let (store, opened, found) = Store::doctor(&state, config.store, Clock::system().now())?;
        for Rescue { cause, cure } in &opened.rescues {
            println!("{}: {}", text::printable(cause), text::printable(cure));
        }
        store.close();
        checkup = found;
    }
    print!("{}", columns(0, &rows(&checkup)));
    for fault in &checkup.faults {
        println!("fault: {}", text::printable(fault));
    }
    let left = checkup.faults.iter().filter(|fault| !fault.ends_with("(cured)")).count();
    match (left, asked) {
        (0, _) => Ok(()),
        (_, Asked::Answered) => {
            bail!("{left} faults: stop the daemon and run `tearsheet doctor` again, which cures them")
        }
        (_, Asked::Nobody) => bail!("{left} faults could not be cured: restore a backup with `tearsheet restore`"),
    }
}

fn rows(checkup: &Checkup) -> Vec<Vec<String>> {
    let counts = [
        ("articles", checkup.articles.to_string()),
        ("removed, still remembered", checkup.removed.to_string()),
        ("sources", checkup.sources.to_string()),
        ("journal records", checkup.records.to_string()),
        ("journal", size(checkup.journal_bytes)),
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
