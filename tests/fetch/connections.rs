//! How connections are made: TLS, proxies, and what they may be used for.

use std::{
    io::{self, Read, Write},
    net::{IpAddr, ToSocketAddrs},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    thread::sleep,
    time::{Duration, Instant},
};

use tearsheet::{
    fetch::{Error, Fetcher, Request, Resolve, Resolving, Settings},
    model::{Credential, Manners, Outcome},
};
use url::Url;

use crate::stage::{self, Server, Stepped, brief, fetcher, html, local, read_head, reply, strict};

fn secure(server: &Server) -> Url {
    Url::parse(&format!("https://{}/", server.at)).unwrap()
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_refused_unless_any_will_do() {
    let _together = stage::TOGETHER.read().await;
    let server = Server::tls("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 5\r\n\r\nhello");
    let (fetcher, ..) = fetcher(brief());
    let url = secure(&server);
    let error = fetcher.get(&Request::new(&url, &local())).await.map(|_| ()).unwrap_err();
    assert_eq!(error.outcome(), Outcome::Tls, "{error}");
    assert!(server.heads().is_empty(), "nothing may be asked before the certificate is checked");
    for http1_only in [false, true] {
        let manners = Manners { insecure_tls: true, http1_only, ..local() };
        let fetched = fetcher.get(&Request::new(&url, &manners)).await.unwrap();
        assert_eq!(fetched.page().unwrap().text, "hello");
        assert!(fetched.notes.iter().any(|note| note.reason.contains("not checked")), "{:?}", fetched.notes);
    }
    let error = fetcher.get(&Request::new(&url, &local())).await.map(|_| ()).unwrap_err();
    assert_eq!(error.outcome(), Outcome::Tls, "a kept connection of the careless source was used");
}

#[tokio::test]
async fn a_kept_connection_that_the_host_closes_costs_no_visit() {
    let _together = stage::TOGETHER.read().await;
    // Each connection is good for one answer; who asks on it again is cut off, as by a host that closes it at that moment.
    let server = Server::raw(|stream, heads| {
        let Some(head) = read_head(stream) else { return };
        let cut = head.contains("/never");
        heads.lock().unwrap().push(head);
        if !cut {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 5\r\n\r\nhello");
            let Some(head) = read_head(stream) else { return };
            heads.lock().unwrap().push(head);
        }
        let _ = socket2::SockRef::from(&*stream).set_linger(Some(Duration::ZERO));
    });
    let (fetcher, ..) = fetcher(Settings { keep_idle: Duration::from_secs(5), ..brief() });
    let manners = Manners { host_gap: Duration::ZERO, ..local() };
    let url = server.url("/");
    for _ in 0..5 {
        let fetched = fetcher.get(&Request::new(&url, &manners)).await.unwrap();
        assert_eq!(fetched.page().unwrap().text, "hello");
    }
    assert_eq!(
        (server.connects(), server.heads().len()),
        (5, 9),
        "each but the first is asked again, on a new connection"
    );
    // What breaks on a new connection as well is a failure, and what must not be repeated is not.
    let error = fetcher.get(&Request::new(&server.url("/never"), &manners)).await.map(|_| ()).unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unreachable, "{error}");
    assert!(fetcher.get(&Request::new(&url, &manners)).await.is_ok());
    let asked = server.heads().len();
    let manners = Manners { post: Some("q=1".to_owned()), ..manners };
    let error = fetcher.get(&Request::new(&url, &manners)).await.map(|_| ()).unwrap_err();
    assert_eq!(error.outcome(), Outcome::Unreachable, "{error}");
    assert_eq!(server.heads().len(), asked + 1);
}

#[tokio::test]
async fn broken_handshakes_end_in_time() {
    let _together = stage::TOGETHER.read().await;
    let (fetcher, ..) = fetcher(brief());
    let record = |bytes: &'static [u8]| {
        Server::raw(move |stream, _| {
            let _ = stream.write_all(bytes);
            sleep(Duration::from_secs(4));
        })
    };
    let cases = [
        ("silence", record(b""), Outcome::Timeout),
        ("half a record", record(&[22, 3, 3, 0, 100, 2]), Outcome::Timeout),
        ("plain HTTP", record(b"HTTP/1.1 400 Bad Request\r\n\r\n"), Outcome::Tls),
        ("an alert", record(&[21, 3, 3, 0, 2, 2, 40]), Outcome::Tls),
        ("zeros", record(&[0; 64]), Outcome::Tls),
    ];
    for (name, server, outcome) in &cases {
        let (url, start) = (secure(server), Instant::now());
        let error = fetcher.get(&Request::new(&url, &local())).await.map(|_| ()).unwrap_err();
        assert_eq!(error.outcome(), *outcome, "{name}: {error}");
        assert!(start.elapsed() < brief().whole, "{name}");
    }
    println!("servers: {} TLS scripts besides", cases.len());
}

#[tokio::test]
async fn from_https_to_http_goes_nobody_who_has_credentials() {
    let _together = stage::TOGETHER.read().await;
    let plain = Server::pages(|_| html("<p>plain"));
    let answer = reply("302 Found", &format!("Location: {}\r\n", plain.url("/")), "");
    let server = Server::tls(answer.leak());
    let (fetcher, ..) = fetcher(brief());
    let url = secure(&server);
    let named = [url.clone(), plain.url("/")];
    let manners = Manners { insecure_tls: true, ..local() };
    let fetched = fetcher.get(&Request { named: &named, ..Request::new(&url, &manners) }).await.unwrap();
    assert!(fetched.notes.iter().any(|note| note.reason.contains("unprotected http")), "{:?}", fetched.notes);
    let manners = Manners { headers: vec![("authorization".into(), Credential::new("Bearer x".into()))], ..manners };
    let error = fetcher.get(&Request { named: &named, ..Request::new(&url, &manners) }).await.map(|_| ()).unwrap_err();
    assert!(matches!(error, Error::Redirect { .. }), "{error}");
    assert_eq!(plain.connects(), 1);
}

#[tokio::test]
async fn a_proxy_is_given_names_and_literals_are_still_checked() {
    let _together = stage::TOGETHER.read().await;
    let http = Server::pages(|_| html("<p>by proxy"));
    let socks = Server::raw(|stream, heads| {
        let mut hello = [0; 3];
        let _ = stream.read_exact(&mut hello);
        let _ = stream.write_all(&[5, 0]);
        let mut request = [0; 5];
        let _ = stream.read_exact(&mut request);
        let mut name = vec![0; usize::from(request[4]) + 2];
        let _ = stream.read_exact(&mut name);
        let _ = stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
        heads.lock().unwrap().push(format!("{} {}", request[3], String::from_utf8_lossy(&name[..name.len() - 2])));
        if read_head(stream).is_some() {
            let _ = stream.write_all(html("<p>by proxy").as_bytes());
        }
    });
    let (fetcher, ..) = fetcher(brief());
    let url = Url::parse("http://news.example/list").unwrap();
    for (scheme, server, told) in
        [("http", &http, "GET http://news.example/list HTTP/1.1"), ("socks5", &socks, "3 news.example")]
    {
        let proxy = Some(Credential::new(format!("{scheme}://{}", server.at)));
        let manners = Manners { proxy, obey_robots: false, ..strict() };
        let fetched = fetcher.get(&Request::new(&url, &manners)).await.unwrap();
        assert_eq!(fetched.page().unwrap().text, "<p>by proxy");
        assert!(server.heads()[0].starts_with(told), "{:?}", server.heads());
        let before = server.connects();
        for inside in [
            "http://127.0.0.1/",
            "http://[::1]/",
            "http://localhost/",
            "http://a.localhost./",
            "http://169.254.169.254/",
        ] {
            let url = Url::parse(inside).unwrap();
            let error = fetcher.get(&Request::new(&url, &manners)).await.map(|_| ()).unwrap_err();
            assert_eq!(error.outcome(), Outcome::Forbidden, "{inside}: {error}");
        }
        assert_eq!(server.connects(), before);
    }
}

#[tokio::test]
async fn a_post_is_posted_once_and_becomes_get_as_browsers_have_it() {
    let _together = stage::TOGETHER.read().await;
    let server = Server::pages(|path| match path {
        "/" => reply("303 See Other", "Location: /result\r\n", ""),
        _ => html("<p>result"),
    });
    let (fetcher, ..) = fetcher(brief());
    let manners = Manners { post: Some("{\"page\":1}".into()), ..local() };
    let url = server.url("/");
    assert_eq!(fetcher.get(&Request::new(&url, &manners)).await.unwrap().page().unwrap().text, "<p>result");
    let heads = server.heads();
    assert!(heads[0].starts_with("POST / ") && heads[0].contains("content-type: application/json\r\n"), "{}", heads[0]);
    assert!(heads[1].starts_with("GET /result ") && !heads[1].contains("content-type"), "{}", heads[1]);
}

/// Keeps its connections open and answers everything with the same text.
fn patient(at: impl ToSocketAddrs, text: &'static str) -> Server {
    Server::bound(at, move |stream, heads| {
        while let Some(head) = read_head(stream) {
            heads.lock().unwrap().push(head);
            let _ =
                stream.write_all(format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{text}", text.len()).as_bytes());
        }
    })
}

#[tokio::test]
async fn a_kept_connection_is_not_handed_to_a_source_that_may_not_go_there() {
    let _together = stage::TOGETHER.read().await;
    let inside = patient("127.0.0.1:0", "inside");
    let outside = patient(("127.77.0.1", inside.at.port()), "outside");
    let (fetcher, names, _) = fetcher(Settings { keep_idle: Duration::from_secs(5), ..brief() });
    let url = Url::parse(&format!("http://news.example:{}/", inside.at.port())).unwrap();
    let tell = |ip: IpAddr| drop(names.0.lock().unwrap().insert("news.example".into(), vec![ip]));
    let get =
        async |manners: &Manners| fetcher.get(&Request::new(&url, manners)).await.unwrap().page().unwrap().text.clone();
    let (trusted, other) = (local(), Manners { allow_private: vec![outside.at.ip().into()], ..local() });
    tell(inside.at.ip());
    assert_eq!(get(&trusted).await, "inside");
    assert_eq!(get(&trusted).await, "inside");
    assert_eq!(inside.connects(), 1, "connections are kept for a while");
    tell(outside.at.ip());
    assert_eq!(get(&other).await, "outside");
}

/// Gives another address every time it is asked, and counts how often it is.
struct Rebinding(AtomicUsize);

impl Resolve for Rebinding {
    fn resolve(&self, name: String) -> Resolving {
        let address: IpAddr = match self.0.fetch_add(1, Ordering::SeqCst) {
            0 => [127, 77, 0, 1].into(),
            _ => [127, 0, 0, 1].into(),
        };
        Box::pin(async move {
            match name.as_str() {
                "silent.example" => std::future::pending().await,
                "absent.example" => Err(io::Error::other("\u{1b}[31m no such name")),
                _ => Ok(vec![address]),
            }
        })
    }
}

#[tokio::test]
async fn the_address_that_was_checked_is_the_one_that_is_used() {
    let _together = stage::TOGETHER.read().await;
    let server = Server::on("127.77.0.1", |stream, _| drop(stream.write_all(html("<p>checked").as_bytes())));
    let resolver = Arc::new(Rebinding(AtomicUsize::new(0)));
    let fetcher = Fetcher::with_resolver(brief(), Arc::new(Stepped::default()), resolver.clone()).unwrap();
    let manners = Manners { allow_private: vec![server.at.ip().into()], ..local() };
    let url = Url::parse(&format!("http://news.example:{}/", server.at.port())).unwrap();
    assert_eq!(fetcher.get(&Request::new(&url, &manners)).await.unwrap().page().unwrap().text, "<p>checked");
    assert_eq!(resolver.0.load(Ordering::SeqCst), 1, "the name is resolved once a request");
    let error = fetcher.get(&Request::new(&url, &manners)).await.map(|_| ()).unwrap_err();
    assert_eq!(error.outcome(), Outcome::Forbidden, "{error}");
}

#[tokio::test]
async fn names_that_do_not_resolve_are_told_apart() {
    let _together = stage::TOGETHER.read().await;
    let fetcher =
        Fetcher::with_resolver(brief(), Arc::new(Stepped::default()), Arc::new(Rebinding(AtomicUsize::new(0))))
            .unwrap();
    for (name, outcome) in [("absent", Outcome::Dns), ("silent", Outcome::Timeout)] {
        let url = Url::parse(&format!("http://{name}.example/")).unwrap();
        let error = fetcher.get(&Request::new(&url, &strict())).await.map(|_| ()).unwrap_err();
        assert_eq!(error.outcome(), outcome, "{error}");
        assert!(!error.to_string().contains('\u{1b}'), "{error}");
    }
}
