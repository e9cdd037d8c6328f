//! Answers that read the store. They take their time, so they are made on a thread of their own and never in the loop.

use super::{Answer, Request};
use crate::daemon::{dossier, library::Library};
use crate::store::{Error, Store};

/// The answer to a request that concerns the store. Fetching is the loop's own.
pub(in crate::daemon) fn answer(request: Request, store: &Store, library: &Library) -> Answer {
    let answered = match request {
        Request::Fetch { .. } => Ok(Answer::Done),
        Request::Why { what } => {
            let specs = library.specs();
            dossier::find(store, &specs, &what).map(|finding| Answer::Finding(Box::new(finding)))
        }
        Request::Backup { to } if to.is_relative() => {
            Err(Error::Refused("a backup needs the file's whole path".to_owned()))
        }
        Request::Backup { to } => store.backup(&to).map(|bytes| Answer::Backup { bytes }),
        Request::Doctor => store.examine().map(|checkup| Answer::Checkup(Box::new(checkup))),
    };
    answered.unwrap_or_else(|error| Answer::Failed(error.to_string()))
}
