//! Listeners → connections within [`Limits`] → the [`App`]'s answers. [`run`] owns every task that it starts.
//!
//! A client that says nothing, drips or never reads costs a place for a bounded time, and loses it first when places are short.

use std::{
    collections::{BTreeMap, HashMap},
    convert::Infallible,
    net::IpAddr,
    pin::pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use http::StatusCode;
use http_body_util::{BodyExt, Limited};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use ipnet::IpNet;
use tokio::{
    io::{self, AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener},
    sync::watch,
    task::{self, AbortHandle, JoinSet},
    time::{Instant, sleep, sleep_until, timeout},
};

use super::{
    App, answer,
    watch::{Phase, Watch, Watched},
};

/// How much clients may take.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Time for a request's head, from its first byte or from the connection's start.
    pub head: Duration,
    /// Time between two requests, and the longest halt while an answer is sent.
    pub idle: Duration,
    /// Time for requests under way once the server stops.
    pub drain: Duration,
    /// Connections at once.
    pub connections: usize,
    /// Connections at once of one address, unless it is loopback, a Unix socket's or in `trusted`.
    pub per_address: usize,
    /// Bytes of a request's head.
    pub head_bytes: usize,
    /// Proxies: many readers share their addresses.
    pub trusted: Vec<IpNet>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head: Duration::from_secs(10),
            idle: Duration::from_secs(60),
            drain: Duration::from_secs(10),
            connections: 1024,
            per_address: 32,
            head_bytes: 16 * 1024,
            trusted: Vec::new(),
        }
    }
}

impl Limits {
    /// The address under which its connections are counted, unless they are not.
    fn counted(&self, address: IpAddr) -> Option<IpAddr> {
        let address = address.to_canonical();
        let shared = address.is_loopback() || self.trusted.iter().any(|network| network.contains(&address));
        (!shared).then_some(address)
    }
}

/// A socket that connections come from, bound by whoever starts the server or inherited.
#[derive(Debug)]
pub enum Listener {
    /// TCP.
    Tcp(TcpListener),
    /// A Unix socket.
    Unix(UnixListener),
}

/// How a server ended.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drained {
    /// Connections that were still busy when the time to drain was over, and were cut.
    pub cut: usize,
}

/// Serves until `stop` is ready, then takes no more connections, lets requests under way end, and returns.
pub async fn run(listeners: Vec<Listener>, app: App, limits: Limits, stop: impl Future<Output = ()>) -> Drained {
    let (stopping, stopped) = watch::channel(());
    let mut house = House { guests: BTreeMap::new(), numbers: HashMap::new(), tasks: JoinSet::new(), next: 0 };
    let mut stop = pin!(stop);
    let mut turn = 0;
    loop {
        let accepted = std::future::poll_fn(|cx| poll_accept(&listeners, &mut turn, cx));
        tokio::select! {
            () = &mut stop => break,
            Some(ended) = house.tasks.join_next_with_id() => house.leave(ended),
            accepted = accepted => match accepted {
                Ok((stream, address)) => house.enter(stream, address, &app, &limits, &stopped),
                Err(error) => {
                    // Without a file descriptor the same error comes again at once, so room is made, and time for it.
                    tracing::warn!(error = %error, "a connection could not be accepted");
                    house.make_room(|_| true);
                    sleep(Duration::from_millis(50)).await;
                }
            },
        }
    }
    drop(listeners);
    drop(stopping);
    let all_leave = async { while house.tasks.join_next().await.is_some() {} };
    if timeout(limits.drain, all_leave).await.is_ok() {
        return Drained::default();
    }
    let cut = house.tasks.len();
    house.tasks.shutdown().await;
    Drained { cut }
}

/// All connections.
struct House {
    /// By number, so the oldest is first.
    guests: BTreeMap<u64, Guest>,
    numbers: HashMap<task::Id, u64>,
    tasks: JoinSet<()>,
    next: u64,
}

struct Guest {
    /// Absent for those whom the limit for one address does not concern.
    address: Option<IpAddr>,
    watch: Arc<Watch>,
    task: AbortHandle,
}

impl House {
    fn enter(
        &mut self,
        stream: Box<dyn Stream>,
        address: Option<IpAddr>,
        app: &App,
        limits: &Limits,
        stopped: &watch::Receiver<()>,
    ) {
        let address = address.and_then(|address| limits.counted(address));
        let same = |guest: &Guest| address.is_some() && guest.address == address;
        if self.guests.values().filter(|guest| same(guest)).count() >= limits.per_address && !self.make_room(same) {
            return;
        }
        if self.guests.len() >= limits.connections && !self.make_room(|_| true) {
            return;
        }
        let watch = Watch::start();
        let task = self.tasks.spawn(serve(stream, app.clone(), watch.clone(), limits.clone(), stopped.clone()));
        self.next += 1;
        self.numbers.insert(task.id(), self.next);
        self.guests.insert(self.next, Guest { address, watch, task });
    }

    /// Shows one of those that `may_go` the door: the oldest that has not finished a request, else the one idle longest.
    /// Says whether there is a place now; there is none while all are being answered.
    fn make_room(&mut self, may_go: impl Fn(&Guest) -> bool) -> bool {
        let mut candidates = self.guests.iter().filter(|(_, guest)| may_go(guest));
        let oldest = candidates.clone().find(|(_, guest)| !guest.watch.answered());
        let idle = || {
            let idle =
                candidates.by_ref().filter(|(_, guest)| !matches!(guest.watch.phase(), Phase::Make | Phase::Send));
            idle.min_by_key(|(_, guest)| guest.watch.since())
        };
        let Some(number) = oldest.or_else(idle).map(|(number, _)| *number) else { return false };
        if let Some(guest) = self.guests.remove(&number) {
            self.numbers.remove(&guest.task.id());
            guest.task.abort();
        }
        true
    }

    fn leave(&mut self, ended: Result<(task::Id, ()), task::JoinError>) {
        let id = match &ended {
            Ok((id, ())) => *id,
            Err(error) => error.id(),
        };
        if ended.is_err_and(|error| error.is_panic()) {
            tracing::error!("a connection's task panicked, which is a defect of tearsheet; the others go on");
        }
        if let Some(number) = self.numbers.remove(&id) {
            self.guests.remove(&number);
        }
    }
}

/// What a connection speaks over.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

type Accepted = io::Result<(Box<dyn Stream>, Option<IpAddr>)>;

/// The next connection of any listener, each in its turn.
fn poll_accept(listeners: &[Listener], turn: &mut usize, cx: &mut Context<'_>) -> Poll<Accepted> {
    *turn = turn.wrapping_add(1);
    let first = *turn % listeners.len().max(1);
    for listener in listeners.iter().cycle().skip(first).take(listeners.len()) {
        let accepted = match listener {
            Listener::Tcp(listener) => listener.poll_accept(cx).map_ok(|(stream, peer)| {
                // Small answers go out at once. Where it cannot be set they go out later.
                let _ = stream.set_nodelay(true);
                (Box::new(stream) as Box<dyn Stream>, Some(peer.ip()))
            }),
            Listener::Unix(listener) => {
                listener.poll_accept(cx).map_ok(|(stream, _)| (Box::new(stream) as Box<dyn Stream>, None))
            }
        };
        if accepted.is_ready() {
            return accepted;
        }
    }
    Poll::Pending
}

/// One connection, from its first byte to its end.
async fn serve(stream: Box<dyn Stream>, app: App, watch: Arc<Watch>, limits: Limits, mut stopped: watch::Receiver<()>) {
    let patience = limits.head;
    let service = service_fn(|request: Request<Incoming>| {
        watch.request_read();
        let app = app.clone();
        async move {
            let (head, body) = request.into_parts();
            let Some(most) = app.reads(&head) else { return Ok::<_, Infallible>(app.answer(&head).await) };
            // While it drips in, the connection counts as one that is being answered, so it has a limit of its own.
            Ok(match timeout(patience, Limited::new(body, most).collect()).await {
                Ok(Ok(body)) => app.take(&head, &body.to_bytes()).await,
                Ok(Err(_)) => answer::text(StatusCode::PAYLOAD_TOO_LARGE, "the form is too long, or broke off\n"),
                Err(_) => answer::text(StatusCode::REQUEST_TIMEOUT, "the form took too long\n"),
            })
        }
    });
    let connection = http1::Builder::new()
        .max_buf_size(limits.head_bytes.max(8192))
        .header_read_timeout(None)
        .serve_connection(TokioIo::new(Watched::new(stream, watch.clone())), service);
    let mut connection = pin!(connection);
    let mut stopping = false;
    loop {
        // A phase with an earlier deadline may begin meanwhile, so it looks again in time for that.
        let look_again = deadline(&watch, &limits).min(Instant::now() + limits.head);
        tokio::select! {
            // Errors are the client's: it broke off, or spoke no HTTP, and hyper has answered that.
            _ = connection.as_mut() => return,
            () = sleep_until(look_again) => if Instant::now() >= deadline(&watch, &limits) { return },
            _ = stopped.changed(), if !stopping => {
                stopping = true;
                connection.as_mut().graceful_shutdown();
            }
        }
    }
}

/// When a client that does nothing more is shown the door.
fn deadline(watch: &Watch, limits: &Limits) -> Instant {
    let allowed = match watch.phase() {
        Phase::Head => limits.head,
        Phase::Send | Phase::Idle => limits.idle,
        // It waits for us.
        Phase::Make => return Instant::now() + limits.idle,
    };
    watch.since() + allowed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whom_many_share_is_not_counted() {
        let limits = Limits { trusted: vec!["10.1.0.0/16".parse().unwrap()], ..Limits::default() };
        for (address, counted) in [
            ("127.0.0.1", None),
            ("::1", None),
            ("::ffff:127.0.0.9", None),
            ("10.1.2.3", None),
            ("::ffff:10.1.2.3", None),
            ("10.2.2.3", Some("10.2.2.3")),
            ("::ffff:203.0.113.5", Some("203.0.113.5")),
            ("2001:db8::1", Some("2001:db8::1")),
        ] {
            let counted = counted.map(|text| text.parse::<IpAddr>().unwrap());
            assert_eq!(limits.counted(address.parse().unwrap()), counted, "{address}");
        }
    }

    /// A house whose guests say what they are: their address, and whether they have been answered.
    fn house(guests: &[(&str, bool)]) -> House {
        let mut house = House { guests: BTreeMap::new(), numbers: HashMap::new(), tasks: JoinSet::new(), next: 0 };
        for (address, answered) in guests {
            let watch = Watch::start();
            if *answered {
                watch.request_read();
                watch.flushed();
            }
            let task = house.tasks.spawn(std::future::pending());
            house.next += 1;
            house.guests.insert(house.next, Guest { address: address.parse().ok(), watch, task });
        }
        house
    }

    #[tokio::test]
    async fn the_door_is_shown_in_the_right_order() {
        let mut full = house(&[("192.0.2.1", true), ("192.0.2.2", false), ("192.0.2.1", false), ("192.0.2.2", true)]);
        let left = |house: &House| house.guests.keys().copied().collect::<Vec<_>>();
        let first: Option<IpAddr> = "192.0.2.1".parse().ok();
        assert!(full.make_room(|guest| guest.address == first));
        assert_eq!(left(&full), [1, 2, 4], "of that address the one that has not been answered");
        assert!(full.make_room(|_| true));
        assert_eq!(left(&full), [1, 4]);
        assert!(full.make_room(|_| true));
        assert_eq!(left(&full), [4], "then the one idle longest");
        full.guests.values().for_each(|guest| guest.watch.request_read());
        assert!(!full.make_room(|_| true), "who has been answered and is being answered again stays");
    }
}
