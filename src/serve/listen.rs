//! Listeners → connections within [`Limits`] → the [`App`]'s answers. [`run`] owns every task that it starts.
//!
//! One loop accepts, and looks after all connections; they are answered in the threads of `rooms`.
//! A client that says nothing, drips or never reads costs a place for a bounded time, and loses it first when places are short.

use std::{
    collections::{BTreeMap, HashMap},
    convert::Infallible,
    net::IpAddr,
    os::unix::net::UnixStream,
    pin::pin,
    sync::Arc,
    task::{Context, Poll},
    thread,
    time::Duration,
};

use http::{StatusCode, request::Parts};
use http_body_util::{BodyExt, Limited};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use ipnet::IpNet;
use tokio::{
    io::{self, AsyncRead, AsyncWrite},
    net::{TcpListener, UnixListener},
    runtime::Handle,
    sync::oneshot,
    task::{self, AbortHandle, JoinSet},
    time::{Instant, sleep, sleep_until, timeout},
};

use super::{
    Answer, App, answer,
    rooms::{Rooms, Seat},
    watch::{Phase, Watch, Watched},
};

/// Those whose time is over are looked for this often at most.
const LOOK: Duration = Duration::from_millis(50);

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
    /// Threads that answer.
    pub threads: usize,
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
            threads: thread::available_parallelism().map_or(1, Into::into),
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
    let app = app.at(Handle::current());
    let drain = limits.drain;
    let mut house = House::new(limits);
    let mut stop = pin!(stop);
    let mut turn = 0;
    loop {
        let accepted = std::future::poll_fn(|cx| poll_accept(&listeners, &mut turn, cx));
        tokio::select! {
            () = &mut stop => break,
            () = house.look_after() => {}
            accepted = accepted => match accepted {
                Ok((caller, address)) => house.enter(caller, address, &app),
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
    house.say_goodbye();
    let all_leave = async {
        while !house.tasks.is_empty() {
            house.look_after().await;
        }
    };
    if timeout(drain, all_leave).await.is_ok() {
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
    limits: Limits,
    /// When those are looked for whose time is over.
    look: Instant,
    /// Dropped last, when no task is left.
    rooms: Rooms,
}

struct Guest {
    /// Absent for those whom the limit for one address does not concern.
    address: Option<IpAddr>,
    watch: Arc<Watch>,
    task: AbortHandle,
    /// Dropped once no request may follow the one under way.
    stay: Option<oneshot::Sender<()>>,
    _seat: Seat,
}

impl House {
    fn new(limits: Limits) -> Self {
        Self {
            guests: BTreeMap::new(),
            numbers: HashMap::new(),
            tasks: JoinSet::new(),
            next: 0,
            look: Instant::now(),
            rooms: Rooms::open(limits.threads),
            limits,
        }
    }

    fn enter(&mut self, caller: Caller, address: Option<IpAddr>, app: &App) {
        let address = address.and_then(|address| self.limits.counted(address));
        let same = |guest: &Guest| address.is_some() && guest.address == address;
        if self.guests.values().filter(|guest| same(guest)).count() >= self.limits.per_address && !self.make_room(same)
        {
            return;
        }
        if self.guests.len() >= self.limits.connections && !self.make_room(|_| true) {
            return;
        }
        let Some(seat) = self.rooms.seat() else { return };
        let watch = Watch::start();
        let (stay, goodbye) = oneshot::channel();
        let connection = Connection {
            app: app.clone(),
            watch: watch.clone(),
            head: self.limits.head,
            head_bytes: self.limits.head_bytes,
        };
        let task = self.tasks.spawn_on(connection.serve(caller, goodbye), &seat.room);
        self.next += 1;
        self.numbers.insert(task.id(), self.next);
        self.guests.insert(self.next, Guest { address, watch, task, stay: Some(stay), _seat: seat });
    }

    /// Waits until a guest has left or may have been there too long, and sees to it.
    async fn look_after(&mut self) {
        tokio::select! {
            Some(ended) = self.tasks.join_next_with_id() => self.leave(ended),
            () = sleep_until(self.look) => self.end_late(),
        }
    }

    /// Shows those the door whose time is over.
    fn end_late(&mut self) {
        let now = Instant::now();
        // A phase that begins after this look ends no sooner.
        let mut next = now + self.limits.head.min(self.limits.idle);
        let mut late = Vec::new();
        for (number, guest) in &self.guests {
            match guest.watch.deadline(&self.limits) {
                Some(deadline) if deadline <= now => late.push(*number),
                Some(deadline) => next = next.min(deadline),
                // It waits for us.
                None => {}
            }
        }
        late.into_iter().for_each(|number| self.dismiss(number));
        self.look = next.max(now + LOOK);
    }

    /// No more requests but those under way.
    fn say_goodbye(&mut self) {
        self.guests.values_mut().for_each(|guest| drop(guest.stay.take()));
    }

    /// Ends a guest's connection.
    fn dismiss(&mut self, number: u64) {
        if let Some(guest) = self.guests.remove(&number) {
            self.numbers.remove(&guest.task.id());
            guest.task.abort();
        }
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
        self.dismiss(number);
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

/// A connection on its way to its room.
enum Caller {
    Tcp(std::net::TcpStream),
    Unix(UnixStream),
}

impl Caller {
    /// The stream, on the runtime that this is called from.
    fn sit_down(self) -> io::Result<Box<dyn Stream>> {
        Ok(match self {
            Self::Tcp(stream) => Box::new(tokio::net::TcpStream::from_std(stream)?),
            Self::Unix(stream) => Box::new(tokio::net::UnixStream::from_std(stream)?),
        })
    }
}

type Accepted = io::Result<(Caller, Option<IpAddr>)>;

/// The next connection of any listener, each in its turn.
fn poll_accept(listeners: &[Listener], turn: &mut usize, cx: &mut Context<'_>) -> Poll<Accepted> {
    *turn = turn.wrapping_add(1);
    let first = *turn % listeners.len().max(1);
    for listener in listeners.iter().cycle().skip(first).take(listeners.len()) {
        let accepted = match listener {
            Listener::Tcp(listener) => listener.poll_accept(cx).map(|accepted| {
                let (stream, peer) = accepted?;
                // Small answers go out at once. Where it cannot be set they go out later.
                let _ = stream.set_nodelay(true);
                Ok((Caller::Tcp(stream.into_std()?), Some(peer.ip())))
            }),
            Listener::Unix(listener) => {
                listener.poll_accept(cx).map(|accepted| Ok((Caller::Unix(accepted?.0.into_std()?), None)))
            }
        };
        if accepted.is_ready() {
            return accepted;
        }
    }
    Poll::Pending
}

/// What a connection needs to be answered.
struct Connection {
    app: App,
    watch: Arc<Watch>,
    /// As in [`Limits`].
    head: Duration,
    head_bytes: usize,
}

impl Connection {
    /// From the first byte to the end. Who is too slow is shown the door by the house.
    async fn serve(self, caller: Caller, goodbye: oneshot::Receiver<()>) {
        let Ok(stream) = caller.sit_down() else { return };
        let stream = TokioIo::new(Watched::new(stream, self.watch.clone()));
        let this = &self;
        let service = service_fn(move |request: Request<Incoming>| {
            this.watch.request_read();
            async move {
                let (head, body) = request.into_parts();
                Ok::<_, Infallible>(match this.app.reads(&head) {
                    None => this.app.answer(&head).await,
                    Some(most) => Box::pin(this.take(&head, body, most)).await,
                })
            }
        });
        let connection = http1::Builder::new()
            .max_buf_size(self.head_bytes.max(8192))
            .header_read_timeout(None)
            .serve_connection(stream, service);
        let mut connection = pin!(connection);
        // Errors are the client's: it broke off, or spoke no HTTP, and hyper has answered that.
        tokio::select! {
            biased;
            _ = connection.as_mut() => return,
            _ = goodbye => connection.as_mut().graceful_shutdown(),
        }
        let _ = connection.await;
    }

    /// The answer to a request with a body.
    async fn take(&self, head: &Parts, body: Incoming, most: usize) -> Answer {
        // While it drips in, the connection counts as one that is being answered, so it has a limit of its own.
        match timeout(self.head, Limited::new(body, most).collect()).await {
            Ok(Ok(body)) => self.app.take(head, &body.to_bytes()).await,
            Ok(Err(_)) => answer::text(StatusCode::PAYLOAD_TOO_LARGE, "the form is too long, or broke off\n"),
            Err(_) => answer::text(StatusCode::REQUEST_TIMEOUT, "the form took too long\n"),
        }
    }
}

impl Watch {
    /// When a client that does nothing more is shown the door; never while it waits for us.
    fn deadline(&self, limits: &Limits) -> Option<Instant> {
        match self.phase() {
            Phase::Head => Some(self.since() + limits.head),
            Phase::Send | Phase::Idle => Some(self.since() + limits.idle),
            Phase::Make => None,
        }
    }
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
        let mut house = House::new(Limits { threads: 0, ..Limits::default() });
        for (address, answered) in guests {
            let watch = Watch::start();
            if *answered {
                watch.request_read();
                watch.flushed();
            }
            let task = house.tasks.spawn(std::future::pending());
            house.next += 1;
            let seat = house.rooms.seat().unwrap();
            house
                .guests
                .insert(house.next, Guest { address: address.parse().ok(), watch, task, stay: None, _seat: seat });
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
