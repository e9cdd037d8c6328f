//! [`Doors`]: the sockets on which the daemon is asked, and the tasks that answer there.

use std::sync::Arc;

use tokio::{sync::watch, task::JoinSet};

use super::library::Library;
use crate::serve::{
    App, Listener,
    listen::{self, Drained, Limits},
};

/// Where the daemon is asked, and how much clients may take.
pub struct Doors {
    /// Bound sockets.
    pub feeds: Vec<Listener>,
    /// Bound sockets on which there are figures alone; mostly none.
    pub figures: Vec<Listener>,
    /// What clients may take on each of the two.
    pub limits: Limits,
}

impl Doors {
    /// Answers until the sender of `stopped` is dropped.
    pub(super) fn open(self, library: Arc<Library>, stopped: watch::Receiver<()>) -> JoinSet<Drained> {
        let mut tasks = JoinSet::new();
        if !self.figures.is_empty() {
            let app = App::figures(library.clone());
            let limits = Limits { threads: 1, ..self.limits.clone() };
            tasks.spawn(listen::run(self.figures, app, limits, until(stopped.clone())));
        }
        tasks.spawn(listen::run(self.feeds, App::new(library), self.limits, until(stopped)));
        tasks
    }
}

async fn until(mut stopped: watch::Receiver<()>) {
    while stopped.changed().await.is_ok() {}
}
