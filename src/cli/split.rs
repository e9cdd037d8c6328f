//! `tearsheet split`: undoes a wrong join of twins, for good. Where a daemon runs, it is the one that does it.

use anyhow::bail;

use super::{args::Common, network, place, show};
use crate::daemon::{
    self, Clock,
    control::{self, Answer, Asked, Request},
    dossier::{self, Found},
};
use crate::harvest::{self, Split};

/// Runs the command.
pub(super) fn run(common: &Common, what: &str) -> anyhow::Result<()> {
    let mut split = Split::Unknown;
    let asked = control::ask(&place::state(common), &Request::Split { what: what.to_owned() }, |answer| {
        if let Answer::Split(answered) = answer {
            split = answered;
        }
        Ok(())
    })?;
    if asked == Asked::Nobody {
        split = alone(common, what)?;
    }
    match split {
        Split::Apart { from, .. } => {
            show(format_args!("it tells a story of its own now, apart from\n"))?;
            for other in from {
                show(format_args!("  {}\n", other.urn()))?;
            }
            Ok(())
        }
        Split::Alone => bail!("it is joined with no other article; `tearsheet why` shows what it was compared with"),
        Split::Unknown => bail!(
            "no article has that id or address; give the id from the feed (urn:uuid:…), or the address as the page links it"
        ),
    }
}

fn alone(common: &Common, what: &str) -> anyhow::Result<Split> {
    let config = place::config(common).read()?;
    let specs = config.feeds();
    let clock = Clock::system();
    let store = network::block_on(daemon::open(place::state(common), config.store, &clock))??;
    let split = match dossier::find(&store, &specs, what)? {
        Found::Article(article) => harvest::split(&store, &article.key, clock.now())?,
        Found::Removed { .. } | Found::Nothing => Split::Unknown,
    };
    store.close();
    Ok(split)
}
