//! [`run`]: the loop that waits for what happens next and acts on it.

mod answer;

use std::{
    collections::{BTreeSet, HashMap},
    path::PathBuf,
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use jiff::Timestamp;
use tokio::{
    sync::{mpsc, watch},
    task::{self, JoinError, JoinHandle, JoinSet},
    time::{self, MissedTickBehavior},
};

use super::{
    Clock, ConfigFile, Refused, Signal, Signals,
    control::{Call, Door, orders::Orders, waiting::Waiting},
    doors::Doors,
    fleet::Fleet,
    hub::{self, Hub},
    leisure::at_leisure,
    library::Library,
    line,
    prepare::{self, Prepared},
    reload::Look,
    systemd::{self, Tell},
    visit::{Errand, visit},
};
use crate::config::{Listen, Metrics};
use crate::fetch::Fetcher;
use crate::harvest::{Harvest, ReadPage, Readings, Visited};
use crate::model::{History, SourceId};
use crate::serve::listen;
use crate::store::{self, Pulse, Rescue, Store};

/// Visits under way at once. Most of them wait for a host's gap; parsing has threads of its own.
const MOST_VISITS: usize = 1024;
/// How often feeds.toml is looked at.
const LOOK_AT_FILE: Duration = Duration::from_secs(2);
/// How often the store is tidied.
const MAINTAIN: Duration = Duration::from_secs(300);
/// How long after a start it is tidied first: visits that fell due meanwhile and readers that waited for the start come before.
const SETTLE: Duration = Duration::from_secs(60);
/// How often it is asked whether the store writes.
const FEEL_PULSE: Duration = Duration::from_secs(10);
/// How long a stop waits for visits under way; what they bring after that is found again at the next visit.
const DRAIN: Duration = Duration::from_secs(8);

/// What the daemon is started with.
pub struct Start {
    /// Where the configuration is read again.
    pub file: ConfigFile,
    /// What it holds now.
    pub prepared: Prepared,
    /// The opened store.
    pub store: Store,
    /// Where outgoing requests go through.
    pub fetcher: Fetcher,
    /// How pages are read: [`extract::read`](crate::extract::read).
    pub read: ReadPage,
    /// Where it is asked.
    pub doors: Doors,
    /// What readers reach it by, without a final slash.
    pub base_url: String,
    /// Where commands ask; without it they are told that the store is in use.
    pub door: Option<Door>,
    /// The time.
    pub clock: Clock,
    /// What the outside asks.
    pub signals: Signals,
}

struct Daemon {
    file: ConfigFile,
    /// Where it has listened since its start.
    listens: (Listen, Metrics),
    look: Look,
    clock: Clock,
    store: Store,
    harvest: Harvest,
    fleet: Fleet,
    library: Arc<Library>,
    visits: JoinSet<Arc<Visited>>,
    under_way: HashMap<task::Id, SourceId>,
    reload: Option<JoinHandle<Result<Prepared, Refused>>>,
    /// The question under way whether the store writes, and why it did not when it was last asked: no visit leaves then.
    pulse: Option<JoinHandle<Pulse>>,
    pause: Option<Rescue>,
    /// Who asked for visits.
    waiting: Waiting,
    /// What visits are to do first.
    orders: Orders,
    /// When a digest is due.
    digest: Option<Timestamp>,
    /// What is done beside the loop and that nothing waits for but the end.
    chores: JoinSet<()>,
    /// The sources whose articles are being read, and the tasks that do it.
    reading: BTreeSet<SourceId>,
    readings: JoinSet<(SourceId, Readings)>,
}

/// Runs until it is told to stop.
///
/// # Errors
/// Where it cannot serve any more.
pub async fn run(start: Start) -> anyhow::Result<()> {
    let Start { file, mut prepared, store, fetcher, read, doors, base_url, door, clock, mut signals } = start;
    let library = Arc::new(Library::new(store.clone(), clock.clone(), base_url, prepared.config.server.shelf));
    let fetcher = Arc::new(fetcher);
    let office = Hub { library: library.clone(), store: store.clone(), fetcher: fetcher.clone(), clock: clock.clone() };
    let mut daemon = Daemon {
        look: file.look(),
        file,
        listens: (prepared.config.server.listen.clone(), prepared.config.server.metrics.clone()),
        harvest: Harvest::new(fetcher.clone(), store.clone()).reading_by(read),
        clock,
        store,
        fleet: Fleet::default(),
        library: library.clone(),
        visits: JoinSet::new(),
        under_way: HashMap::new(),
        reload: None,
        pulse: None,
        pause: None,
        waiting: Waiting::default(),
        orders: Orders::default(),
        digest: None,
        chores: JoinSet::new(),
        reading: BTreeSet::new(),
        readings: JoinSet::new(),
    };
    prepared.recall(&fetcher).await;
    daemon.take(prepared);
    let (stop, stopped) = watch::channel(());
    let mut server = doors.open(library, stopped);
    let (calling, mut calls) = mpsc::channel(1);
    let mut calls_taken: JoinSet<()> = door.map(|door| door.serve(calling)).into_iter().collect();
    let mut hub = JoinSet::new();
    hub.spawn(hub::run(office));
    systemd::tell(&Tell::Ready);
    let ended = daemon.go(&mut signals, &mut server, &mut calls).await;
    systemd::tell(&Tell::Stopping);
    daemon.library.end();
    drop(stop);
    daemon.drain().await;
    hub.shutdown().await;
    while server.join_next().await.is_some() {}
    // The socket's file goes while the store is still locked: the next daemon's own must stay.
    calls_taken.shutdown().await;
    daemon.store.close();
    ended
}

impl Daemon {
    async fn go(
        &mut self,
        signals: &mut Signals,
        server: &mut JoinSet<listen::Drained>,
        calls: &mut mpsc::Receiver<Call>,
    ) -> anyhow::Result<()> {
        let mut look = time::interval(LOOK_AT_FILE);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut alive = time::interval(systemd::watchdog().unwrap_or(Duration::from_secs(3600)));
        let mut maintain = time::interval_at(time::Instant::now() + SETTLE, MAINTAIN);
        let mut feel = time::interval(FEEL_PULSE);
        feel.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            self.depart();
            self.make_digests();
            let room = self.visits.len() < MOST_VISITS && self.pause.is_none();
            tokio::select! {
                signal = signals.next() => match signal {
                    Signal::Stop => {
                        tracing::info!("asked to stop: visits end, answers under way are finished");
                        return Ok(());
                    }
                    Signal::Reload => self.read_again(),
                },
                Some(done) = self.visits.join_next_with_id() => self.arrive(done),
                () = self.clock.until(self.fleet.next()), if room => {}
                () = self.clock.until(self.digest), if self.digest.is_some() => {}
                done = ended(&mut self.reload) => self.reloaded(done),
                _ = feel.tick(), if self.pulse.is_none() => {
                    let store = self.store.clone();
                    self.pulse = Some(task::spawn_blocking(move || store.pulse()));
                }
                done = ended(&mut self.pulse) => self.felt(done.unwrap_or_default()),
                _ = look.tick() => self.look_at_file(),
                _ = alive.tick() => systemd::tell(&Tell::Alive),
                _ = maintain.tick() => self.maintain(),
                Some(call) = calls.recv() => self.answer(call),
                Some(_) = self.chores.join_next() => {}
                Some(done) = self.readings.join_next() => self.have_read(done),
                _ = server.join_next() => anyhow::bail!("the server ended"),
            }
        }
    }

    /// Sends out every source that is due, as far as there is room.
    fn depart(&mut self) {
        while self.visits.len() < MOST_VISITS && self.pause.is_none() {
            let Some(watched) = self.fleet.depart(self.clock.now()) else { return };
            let id = watched.source.id.clone();
            let order = self.orders.take(&id);
            if let Some(order) = &order {
                self.waiting.promise(BTreeSet::from([id.clone()]), order.reply.clone());
            }
            let errand = Errand {
                order,
                harvest: self.harvest.clone(),
                store: self.store.clone(),
                watched,
                clock: self.clock.clone(),
                library: self.library.clone(),
            };
            let task = self.visits.spawn(visit(errand));
            self.under_way.insert(task.id(), id);
        }
    }

    fn arrive(&mut self, done: Result<(task::Id, Arc<Visited>), JoinError>) {
        let now = self.clock.now();
        match done {
            Ok((task, visited)) => {
                self.under_way.remove(&task);
                let next = self.fleet.arrive(&visited.report.source, &visited.history, now);
                self.read_articles(&visited.report.source);
                self.library.due(&visited.report.source, next);
                self.waiting.arrived(&visited.report);
                line::visited(&visited.report, next);
            }
            Err(error) => {
                let Some(source) = self.under_way.remove(&error.id()) else { return };
                // What it had stored of its plan before it left puts it off; a full interval from now is the least.
                let history = History { failures: 1, ..History::default() };
                let next = self.fleet.arrive(&source, &history, now);
                self.waiting.keep(|other| *other != source, "its visit panicked; this is a defect of tearsheet");
                tracing::error!(source.id = %source, visit.next = ?next, "a visit panicked; this is a defect of tearsheet");
            }
        }
    }

    /// Lets visits wait while the store does not write, and says so.
    fn felt(&mut self, pulse: Pulse) {
        self.pulse = None;
        line::cured(&pulse.cured);
        if self.pause != pulse.fault {
            match &pulse.fault {
                Some(fault) => {
                    line::pausing(fault);
                    let why = waits(fault);
                    systemd::tell(&Tell::Status(&why));
                    self.waiting.keep(|_| false, &why);
                    self.orders.keep(|_| false, &why);
                }
                None => {
                    tracing::info!("the store writes again, and visits go on");
                    systemd::tell(&Tell::Status("visits go on"));
                }
            }
            self.pause = pulse.fault;
            self.library.store_changed();
        } else if !pulse.cured.is_empty() {
            self.library.store_changed();
        }
    }

    /// Reads the articles' own pages, where the source asks for it; beside the loop, so that no feed waits for them.
    fn read_articles(&mut self, source: &SourceId) {
        let Some(watched) = self.fleet.watched(source).filter(|watched| watched.source.full_text) else { return };
        if !self.reading.insert(source.clone()) {
            return;
        }
        let (harvest, library, clock) = (self.harvest.clone(), self.library.clone(), self.clock.clone());
        let id = source.clone();
        self.readings.spawn(async move {
            let readings = harvest.read_articles(watched, || clock.now(), |touched| library.changed(&touched)).await;
            (id, readings)
        });
    }

    fn have_read(&mut self, done: Result<(SourceId, Readings), JoinError>) {
        match done {
            Ok((source, readings)) => {
                self.reading.remove(&source);
                line::read(&source, &readings);
            }
            Err(error) => {
                // Whose it was is not known any more; all may be read again.
                self.reading.clear();
                tracing::error!(%error, "reading articles panicked; this is a defect of tearsheet");
            }
        }
    }

    /// Has the digests made that are due, beside the loop.
    fn make_digests(&mut self) {
        if self.digest.is_some_and(|due| due <= self.clock.now()) {
            self.digest = self.library.next_digest();
            let library = self.library.clone();
            self.chores.spawn_blocking(move || library.make_digests());
        }
    }

    /// Retention and compaction. What was removed is in no feed any more when it is asked for next.
    fn maintain(&mut self) {
        let (store, library, now) = (self.store.clone(), self.library.clone(), self.clock.now());
        let tidy = move || {
            match store.maintain(now) {
                Ok(0) => {}
                Ok(removed) => {
                    tracing::info!(articles.removed = removed, "articles were removed, as [store] says");
                    library.forget_rendered();
                }
                Err(error) => tracing::warn!(%error, "the store was not tidied"),
            }
            // One that could not be stored when it was due.
            library.make_digests();
        };
        self.chores.spawn_blocking(|| at_leisure(tidy));
    }

    fn look_at_file(&mut self) {
        // While the file is away (an editor replaces it), the configuration stays.
        if self.file.has_changed(&mut self.look) {
            self.read_again();
        }
    }

    fn read_again(&mut self) {
        systemd::tell(&Tell::Reloading);
        let (file, store, now) = (self.file.clone(), self.store.clone(), self.clock.now());
        self.look = self.file.look();
        self.reload = Some(task::spawn_blocking(move || prepare::read(&file, &store, now)));
    }

    fn reloaded(&mut self, done: Result<Result<Prepared, Refused>, JoinError>) {
        self.reload = None;
        match done {
            Ok(Ok(prepared)) => {
                self.take(prepared);
                tracing::info!(sources = self.fleet.len(), "feeds.toml was read again");
            }
            Ok(Err(refused)) => {
                let line = refused.to_string();
                tracing::error!(fault = %line, "feeds.toml was not taken; the old configuration goes on");
                systemd::tell(&Tell::Status(&format!("feeds.toml was not taken: {line}")));
                self.library.refused(&refused);
            }
            Err(error) => tracing::error!(%error, "reading feeds.toml panicked; the old configuration goes on"),
        }
        systemd::tell(&Tell::Ready);
    }

    fn take(&mut self, prepared: Prepared) {
        let now = self.clock.now();
        let Prepared { config, watched, left } = prepared;
        if (&config.server.listen, &config.server.metrics) != (&self.listens.0, &self.listens.1) {
            tracing::warn!(
                "`listen` or `metrics` of [server] changed: restart the daemon for that; the rest is taken now"
            );
        }
        for watched in &watched {
            line::unusual_manners(&watched.source);
        }
        systemd::tell(&Tell::Status(&format!("{} sources, {} feeds", config.sources.len(), config.count_feeds())));
        self.harvest.look_for(config.twins, &config.sources);
        let (rows, dues): (Vec<_>, Vec<_>) = left.into_iter().map(|left| (left.row, left.due)).unzip();
        self.library.take(&config, rows);
        self.fleet.take(watched.into_iter().zip(dues), now);
        let fleet = &self.fleet;
        self.waiting.keep(|source| fleet.has(source), "it has left feeds.toml");
        self.orders.keep(|source| fleet.has(source), "it has left feeds.toml");
        self.digest = self.library.next_digest();
        let library = self.library.clone();
        self.chores.spawn_blocking(move || {
            library.make_digests();
            at_leisure(move || library.look_at_all());
        });
    }

    /// Lets visits under way end, for a while.
    async fn drain(&mut self) {
        // An article that is half read is read again after the next start.
        self.readings.shutdown().await;
        let visits = &mut self.visits;
        let all = async { while visits.join_next().await.is_some() {} };
        if time::timeout(DRAIN, all).await.is_err() {
            self.visits.shutdown().await;
        }
    }
}

/// Why no visit leaves.
fn waits(fault: &Rescue) -> String {
    format!("visits wait: {}; {}", fault.cause, fault.cure)
}

/// Waits for a reload that is under way; for ever where there is none.
async fn ended<T>(task: &mut Option<JoinHandle<T>>) -> Result<T, JoinError> {
    match task {
        Some(task) => task.await,
        None => std::future::pending().await,
    }
}

/// Opens the store; systemd is asked for more time while that lasts.
///
/// # Errors
/// Where the store cannot be opened and could not be rebuilt either; the message says what to do.
pub async fn open(state: PathBuf, options: store::Options, clock: &Clock) -> anyhow::Result<Store> {
    let now = clock.now();
    let shown = state.display().to_string();
    let mut opening = task::spawn_blocking(move || Store::open(&state, options, now));
    let opened = loop {
        tokio::select! {
            opened = &mut opening => break opened,
            () = time::sleep(Duration::from_secs(10)) => systemd::tell(&Tell::MoreTime(Duration::from_secs(60))),
        }
    };
    let (store, opened) =
        opened.context("opening the store panicked")?.with_context(|| format!("the store in {shown}"))?;
    line::opened(&opened);
    Ok(store)
}
