//! Addresses that must not be reached, on every path by which a URL can come: none may cause a connection.
//!
//! The canary listens on every address of this machine, so that whatever leads here would be counted; what leads elsewhere is
//! refused before a socket is opened, which the error shows. The positive control reaches the canary with the guard's leave.

use std::{
    net::{IpAddr, Ipv4Addr, TcpListener},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tearsheet::{
    fetch::{Error, Fetcher, Purpose, Request, Settings},
    model::{Credential, Manners, Outcome},
};
use url::Url;

use crate::stage::{self, Names, Server, Stepped, brief, fetcher, html, local, reply, strict};

/// Hosts as a URL may write them; `{}` stands where a port goes.
const LITERALS: &[&str] = &[
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0177.0.0.1",
    "017700000001",
    "0x7f.0x0.0x0.0x1",
    "127。0。0。1",
    "①②⑦.⓪.⓪.①",
    "127%2e0%2e0%2e1",
    "%31%32%37.0.0.1",
    "0",
    "0.0.0.0",
    "0x0",
    "127.0.0.1.",
    "10.0.0.1",
    "10.255.255.255",
    "167772161",
    "100.64.0.1",
    "100.127.255.255",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.8",
    "192.0.2.1",
    "192.31.196.1",
    "192.52.193.1",
    "192.88.99.1",
    "192.168.0.1",
    "192.168.255.255",
    "192.175.48.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.1",
    "255.255.255.255",
    "[::1]",
    "[::]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:169.254.169.254]",
    "[::127.0.0.1]",
    "[::7f00:1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a9fe:a9fe]",
    "[64:ff9b:1::7f00:1]",
    "[64:ff9b:1:ffff::a00:1]",
    "[2002:7f00:1::]",
    "[2002:a9fe:a9fe::1]",
    "[2002:c0a8:1::1]",
    "[2001::1]",
    "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
    "[2001:2::1]",
    "[2001:10::1]",
    "[2001:20::1]",
    "[2001:db8::1]",
    "[2620:4f:8000::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[100::1]",
    "[100:0:0:1::1]",
    "[fc00::1]",
    "[fd12:3456:789a::1]",
    "[fe80::1]",
    "[febf::1]",
    "[fec0::1]",
    "[feff::1]",
    "[ff02::1]",
    "[ff0e::1]",
    "[4000::1]",
    "[1::1]",
];

/// What a resolver may answer for an innocent name.
const ANSWERS: &[&str] = &[
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "10.1.2.3",
    "100.100.100.200",
    "169.254.169.254",
    "172.20.0.1",
    "192.0.0.170",
    "192.0.2.2",
    "192.31.196.2",
    "192.52.193.2",
    "192.88.99.2",
    "192.168.1.1",
    "192.175.48.2",
    "198.18.0.2",
    "198.51.100.2",
    "203.0.113.2",
    "224.0.0.251",
    "240.0.0.2",
    "255.255.255.255",
    "::1",
    "::",
    "::ffff:127.0.0.1",
    "::ffff:192.168.1.1",
    "::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "2002:a00:1::1",
    "2001::2",
    "2001:db8::2",
    "2001:2::2",
    "2620:4f:8000::2",
    "3fff::2",
    "5f00::2",
    "100::2",
    "fc00::2",
    "fd00::2",
    "fe80::2",
    "fec0::2",
    "ff02::2",
];

/// Counts connections to a port on every address of this machine.
struct Canary {
    port: u16,
    count: Arc<AtomicUsize>,
}

impl Canary {
    fn new() -> Self {
        let listener = TcpListener::bind("[::]:0").or_else(|_| TcpListener::bind("0.0.0.0:0")).unwrap();
        let (port, count) = (listener.local_addr().unwrap().port(), Arc::new(AtomicUsize::new(0)));
        let seen = Arc::clone(&count);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                seen.fetch_add(1, Ordering::SeqCst);
                let _ = stage::read_head(&mut stream);
                let _ = std::io::Write::write_all(&mut stream, html("canary").as_bytes());
            }
        });
        Self { port, count }
    }

    fn count(&self) -> usize {
        self.count.load(Ordering::SeqCst)
    }
}

/// One way by which an address can come to be visited: the stage's own server is allowed, the canary's addresses are not.
struct Path {
    name: &'static str,
    cases: usize,
}

struct Stage {
    canary: Canary,
    fetcher: Fetcher,
    names: Arc<Names>,
    clock: Arc<Stepped>,
}

impl Stage {
    fn url(&self, host: &str) -> Option<Url> {
        Url::parse(&format!("http://{host}:{}/x", self.canary.port)).ok()
    }

    /// A request must be refused by the guard, and by nothing else.
    async fn refuses(&self, request: &Request<'_>, what: &str) {
        let error = self.fetcher.get(request).await.map(|fetched| fetched.status).expect_err(what);
        assert_eq!(error.outcome(), Outcome::Forbidden, "{what}: {error}");
        assert!(matches!(error, Error::Private { .. }), "{what}: {error}");
        self.clock.step(Duration::from_secs(5));
    }
}

/// Manners that reach one loopback address, that of the stage's servers, which the canary's cases leave out.
fn manners_to(server: &Server) -> Manners {
    Manners { allow_private: vec![server.at.ip().into()], ..local() }
}

/// A server that sends everyone on to what `lead` makes of the address.
fn signpost(lead: impl Fn(&str) -> String + Send + Sync + 'static) -> Server {
    Server::on("127.77.0.1", move |stream, head| {
        let path = head.split(' ').nth(1).unwrap_or("/");
        let to = Url::parse(&format!("http://x{path}"))
            .unwrap()
            .query_pairs()
            .next()
            .map(|(_, to)| to.into_owned())
            .unwrap_or_default();
        let _ = std::io::Write::write_all(stream, lead(&to).as_bytes());
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn no_path_leads_to_an_address_that_is_not_public() {
    let _together = stage::TOGETHER.read().await;
    let (fetcher, names, clock) = fetcher(Settings { max_redirects: 3, ..brief() });
    let stage = Stage { canary: Canary::new(), fetcher, names, clock };
    let mut paths = Vec::new();
    let hosts: Vec<Url> = LITERALS.iter().filter_map(|host| stage.url(host)).collect();
    assert!(hosts.len() > 70, "{}", hosts.len());

    for (name, purpose) in
        [("listing", Purpose::Listing), ("article", Purpose::Article), ("data", Purpose::Data), ("hub", Purpose::Hub)]
    {
        let manners = if purpose == Purpose::Hub {
            Manners { post: Some("hub.mode=publish".into()), ..strict() }
        } else {
            strict()
        };
        for url in &hosts {
            stage.refuses(&Request { purpose, ..Request::new(url, &manners) }, &format!("{name} {url}")).await;
        }
        paths.push(Path { name, cases: hosts.len() });
    }

    let proxied = Manners { proxy: Some(Credential::new("socks5://127.0.0.1:9".into())), ..strict() };
    for url in &hosts {
        stage.refuses(&Request::new(url, &proxied), &format!("by proxy {url}")).await;
    }
    paths.push(Path { name: "proxy", cases: hosts.len() });

    for (name, lead) in [
        ("redirect 301", (|to| reply("301 Moved", &format!("Location: {to}\r\n"), "")) as fn(&str) -> String),
        ("redirect 302", |to| reply("302 Found", &format!("Location: {to}\r\n"), "")),
        ("redirect 303", |to| reply("303 See Other", &format!("Location: {to}\r\n"), "")),
        ("redirect 307", |to| reply("307 Temporary", &format!("Location: {to}\r\n"), "")),
        ("redirect 308", |to| reply("308 Permanent", &format!("Location: {to}\r\n"), "")),
        ("meta refresh", |to| html(&format!("<meta http-equiv=refresh content='0; url={to}'>"))),
        ("Refresh header", |to| reply("200 OK", &format!("Content-Type: text/html\r\nRefresh: 0; url={to}\r\n"), "")),
    ] {
        let server = signpost(lead);
        let manners = manners_to(&server);
        for target in &hosts {
            let mut url = server.url("/");
            url.query_pairs_mut().append_pair("to", target.as_str());
            let named = [url.clone(), target.clone()];
            stage
                .refuses(&Request { named: &named, ..Request::new(&url, &manners) }, &format!("{name} {target}"))
                .await;
        }
        paths.push(Path { name, cases: hosts.len() });
    }

    // robots.txt that leads away: it counts as missing, so the page itself comes, and the canary hears nothing.
    for target in &hosts {
        let to = target.to_string();
        let server = Server::on("127.77.0.1", move |stream, head| {
            let answer = if head.starts_with("GET /robots.txt") {
                reply("302 Found", &format!("Location: {to}\r\n"), "")
            } else {
                html("page")
            };
            let _ = std::io::Write::write_all(stream, answer.as_bytes());
        });
        let manners = Manners { obey_robots: true, ..manners_to(&server) };
        let url = server.url("/");
        let named = [url.clone(), target.clone()];
        let fetched = stage.fetcher.get(&Request { named: &named, ..Request::new(&url, &manners) }).await.unwrap();
        assert_eq!((fetched.page().unwrap().text.as_str(), server.connects()), ("page", 2));
    }
    paths.push(Path { name: "robots.txt", cases: hosts.len() });

    // Names: alone, and after a public address, since one forbidden answer forbids the host.
    let public = IpAddr::V4(Ipv4Addr::new(93, 184, 215, 14));
    for (name, lead) in [("name", None), ("name among public ones", Some(public))] {
        for answer in ANSWERS {
            let answers = lead.into_iter().chain([answer.parse().unwrap()]).collect();
            stage.names.0.lock().unwrap().insert("news.example".into(), answers);
            for purpose in [Purpose::Listing, Purpose::Article] {
                let url = stage.url("news.example").unwrap();
                let manners = strict();
                stage.refuses(&Request { purpose, ..Request::new(&url, &manners) }, &format!("{name} {answer}")).await;
            }
        }
        paths.push(Path { name, cases: ANSWERS.len() * 2 });
    }
    let server = signpost(|to| reply("302 Found", &format!("Location: {to}\r\n"), ""));
    for answer in ANSWERS {
        stage.names.0.lock().unwrap().insert("news.example".into(), vec![answer.parse().unwrap()]);
        let mut url = server.url("/");
        url.query_pairs_mut().append_pair("to", stage.url("news.example").unwrap().as_str());
        let (manners, named) = (manners_to(&server), [url.clone(), stage.url("news.example").unwrap()]);
        stage
            .refuses(
                &Request { named: &named, ..Request::new(&url, &manners) },
                &format!("redirect to a name {answer}"),
            )
            .await;
    }
    paths.push(Path { name: "redirect to a name", cases: ANSWERS.len() });

    assert_eq!(stage.canary.count(), 0, "the canary was reached");
    // Positive control: with leave, every way of writing this machine's address reaches it.
    let mut reached = 0;
    for host in ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "①②⑦.⓪.⓪.①", "news.example"] {
        stage.names.0.lock().unwrap().insert("news.example".into(), vec![Ipv4Addr::LOCALHOST.into()]);
        let (url, manners) = (stage.url(host).unwrap(), local());
        stage.fetcher.get(&Request::new(&url, &manners)).await.unwrap();
        reached += 1;
    }
    assert_eq!(stage.canary.count(), reached);

    let cases: usize = paths.iter().map(|path| path.cases).sum();
    for path in &paths {
        println!("addresses: {:>3} cases by {}", path.cases, path.name);
    }
    println!(
        "addresses: {cases} cases on {} paths, 0 connects to the canary; control reached it {reached} times",
        paths.len()
    );
    assert!(cases >= 400);
}

#[tokio::test]
async fn our_own_listener_is_refused_even_in_an_allowed_network() {
    let _together = stage::TOGETHER.read().await;
    let canary = Canary::new();
    let manners = Manners { allow_private: vec!["0.0.0.0/0".parse().unwrap(), "::/0".parse().unwrap()], ..local() };
    for own in ["127.0.0.1", "0.0.0.0", "[::]"] {
        let (fetcher, names, _) =
            fetcher(Settings { own: vec![format!("{own}:{}", canary.port).parse().unwrap()], ..brief() });
        names.0.lock().unwrap().insert("me.example".into(), vec![Ipv4Addr::LOCALHOST.into()]);
        for host in ["127.0.0.1", "0.0.0.0", "[::ffff:127.0.0.1]", "me.example"] {
            let url = Url::parse(&format!("http://{host}:{}/", canary.port)).unwrap();
            let error = fetcher.get(&Request::new(&url, &manners)).await.map(|_| ()).unwrap_err();
            assert!(matches!(error, Error::Own(_)), "{own} {host}: {error}");
        }
    }
    assert_eq!(canary.count(), 0);
}

#[tokio::test]
async fn schemes_and_ports_that_nobody_named_are_refused() {
    let _together = stage::TOGETHER.read().await;
    let server =
        Server::pages(|path| reply("302 Found", &format!("Location: {}\r\n", path.trim_start_matches('/')), ""));
    let (fetcher, ..) = fetcher(brief());
    let manners = local();
    for to in [
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "data:text/html,x",
        "http://127.0.0.1:22/",
        "https://127.0.0.1:1/",
    ] {
        let url = server.url(&format!("/{to}"));
        let error = fetcher.get(&Request::new(&url, &manners)).await.map(|_| ()).unwrap_err();
        assert!(matches!(error, Error::Refused { .. }), "{to}: {error}");
    }
}

#[tokio::test]
async fn a_refusal_says_what_to_do() {
    let _together = stage::TOGETHER.read().await;
    let (fetcher, names, _) = fetcher(brief());
    names.0.lock().unwrap().insert("news.example".into(), vec!["198.18.3.4".parse().unwrap()]);
    let manners = strict();
    for (url, reason, advice) in [
        (
            "http://169.254.169.254/",
            "the host is 169.254.169.254, which is not a public address (link-local",
            "allow_private = [\"169.254.169.254/32\"]",
        ),
        (
            "http://news.example/",
            "news.example leads to 198.18.3.4, which is not a public address (benchmarking, 198.18.0.0/15",
            "allow_private = [\"198.18.0.0/15\"]",
        ),
    ] {
        let url = Url::parse(url).unwrap();
        let problem = fetcher.get(&Request::new(&url, &manners)).await.map(|_| ()).unwrap_err().problem();
        assert!(problem.reason.contains(reason) && problem.advice.contains(advice), "{problem:?}");
    }
}
