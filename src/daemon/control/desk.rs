//! Answers that read the store. They take their time, so they are made on a thread of their own and never in the loop.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::task;

use super::{Answer, Request};
use crate::daemon::{
    dossier::{self, Archive, Found},
    library::Library,
};
use crate::harvest::{Harvest, Split, Standing, Watched};
use crate::model::ArticleKey;
use crate::store::{Error, Store};

/// Who answers.
pub(in crate::daemon) struct Clerk {
    /// What is stored.
    pub(in crate::daemon) store: Store,
    /// What is served.
    pub(in crate::daemon) library: Arc<Library>,
    /// Who knows the stories of the last days.
    pub(in crate::daemon) harvest: Harvest,
    /// When it was asked.
    pub(in crate::daemon) now: Timestamp,
}

impl Clerk {
    /// The answer to a request that concerns the store. Fetching, splitting and recipes are answered elsewhere.
    pub(in crate::daemon) fn answer(&self, request: Request) -> Answer {
        let store = &self.store;
        let answered = match request {
            Request::Fetch { .. } | Request::Split { .. } | Request::Recipe { .. } => Ok(Answer::Done),
            Request::Why { what } => {
                let specs = self.library.specs();
                let alike = |article: &_| self.harvest.alike(article, self.now);
                let archive = Archive { store, specs: &specs, alike: &alike };
                archive.find(&what).map(|finding| Answer::Finding(Box::new(finding)))
            }
            Request::Backup { to } if to.is_relative() => {
                Err(Error::Refused("a backup needs the file's whole path".to_owned()))
            }
            Request::Backup { to } => store.backup(&to).map(|bytes| Answer::Backup { bytes }),
            Request::Cure(cure) => store
                .cure(cure, self.now)
                .and_then(|()| store.examine())
                .map(|checkup| Answer::Checkup(Box::new(checkup))),
            Request::Doctor => store.examine().map(|checkup| Answer::Checkup(Box::new(checkup))),
        };
        answered.unwrap_or_else(|error| Answer::Failed(error.to_string()))
    }

    /// Tells the article that `what` names apart, and has the feeds that show something else now made anew.
    pub(in crate::daemon) async fn split(self, what: String) -> Answer {
        let clerk = Arc::new(self);
        let looking = clerk.clone();
        let key = match task::spawn_blocking(move || looking.key(&what)).await {
            Ok(Ok(Some(key))) => key,
            Ok(Ok(None)) => return Answer::Split(Split::Unknown),
            Ok(Err(error)) => return Answer::Failed(error.to_string()),
            Err(_) => return Answer::Failed("looking for it failed: this is a defect of tearsheet".to_owned()),
        };
        let split = clerk.harvest.split(key, clerk.now).await;
        if let Ok(Split::Apart { touched, .. }) = &split {
            clerk.library.changed(touched);
            clerk.library.desk.news(clerk.library.feeds_of(touched));
        }
        split.map_or_else(|error| Answer::Failed(error.to_string()), Answer::Split)
    }

    fn key(&self, what: &str) -> Result<Option<ArticleKey>, Error> {
        match dossier::find(&self.store, &self.library.specs(), what)? {
            Found::Article(article) => Ok(Some(article.key)),
            Found::Removed { .. } | Found::Nothing => Ok(None),
        }
    }
}

/// How the rules of a source are.
pub(in crate::daemon) fn standing(store: &Store, watched: &Watched) -> Answer {
    let history = store.history(&watched.source.id).map(Option::unwrap_or_default);
    match history {
        Ok(history) => Answer::Recipe(Box::new(Standing::of(&watched.source, watched.rules_stamp(), &history))),
        Err(error) => Answer::Failed(error.to_string()),
    }
}
