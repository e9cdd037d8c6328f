//! WebSub from outside: a subscriber written here, and callbacks that mean no good.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::{Arc, Mutex, mpsc},
    thread,
    time::{Duration, Instant},
};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    site::Site,
    world::{Reply, World, replace},
};

/// A subscriber's callback: confirms what it is asked and keeps what it is sent.
struct Subscriber {
    address: String,
    sent: mpsc::Receiver<(Instant, String, Vec<u8>)>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Subscriber {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/inbox", listener.local_addr().unwrap());
        let (sender, sent) = mpsc::channel();
        let asked: Arc<Mutex<Vec<String>>> = Arc::default();
        let log = asked.clone();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let (head, body) = read(&mut stream);
                let line = head.lines().next().unwrap_or_default().to_owned();
                let reply = match line.strip_prefix("GET ") {
                    Some(_) => {
                        let query = line.split(['?', ' ']).nth(2).unwrap_or_default();
                        let pairs = url::form_urlencoded::parse(query.as_bytes());
                        let reply = pairs.into_owned().find(|(name, _)| name == "hub.challenge");
                        log.lock().unwrap().push(line);
                        reply.map(|(_, challenge)| challenge).unwrap_or_default()
                    }
                    None => {
                        let _ = sender.send((Instant::now(), head, body));
                        String::new()
                    }
                };
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{reply}",
                    reply.len()
                );
            }
        });
        Self { address, sent, asked }
    }

    fn wait_asked(&self, count: usize) {
        let start = Instant::now();
        while self.asked.lock().unwrap().len() < count {
            assert!(start.elapsed() < Duration::from_secs(10), "the hub did not ask the callback");
            thread::sleep(Duration::from_millis(10));
        }
    }
}

fn read(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        if let Some(end) = end {
            let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
            let lower = head.to_ascii_lowercase();
            let length =
                lower.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
            if bytes.len() >= end + 4 + length {
                return (head, bytes[end + 4..].to_vec());
            }
        }
        match stream.read(&mut piece) {
            Ok(count) if count > 0 => bytes.extend_from_slice(&piece[..count]),
            _ => return (String::new(), Vec::new()),
        }
    }
}

fn subscribe(world: &World, mode: &str, callback: &str, topic: &str) -> Reply {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("hub.mode", mode)
        .append_pair("hub.topic", topic)
        .append_pair("hub.callback", callback)
        .append_pair("hub.secret", "a secret")
        .append_pair("hub.lease_seconds", "3600")
        .finish();
    let head =
        format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}", form.len());
    world.ask("POST", "/hub", &head)
}

fn rows(count: usize) -> Vec<(String, String, String)> {
    (0..count).rev().map(|n| (format!("/{n}.html"), format!("第{n}条新闻"), "2021-12-01 10:07:00".to_owned())).collect()
}

fn start(site: &Site, server: &str) -> World {
    site.list("/column/", &rows(3));
    let mut world = World::new();
    world.write(&format!(
        "[[source]]\nid = \"news\"\nurl = \"{}\"\nitem = \"ul.news > li\"\ntitle = \"a\"\nlink = \"a@href\"\ndate = \"span\"\n",
        site.url("/column/")
    ));
    let config = std::fs::read_to_string(world.config()).unwrap();
    replace(&world.config(), &config.replace("[server]\n", &format!("[server]\n{server}")));
    world.start();
    world.wait("/feeds/news.json", |text| text.contains("第2条新闻"));
    world
}

const TOPIC: &str = "http://feeds.example/feeds/news.atom";

#[test]
fn a_subscriber_has_a_new_article_within_a_second_of_its_visit() {
    let site = Site::start();
    let mut world = start(&site, "hub = true\nmetrics = true\nhub_allow_private = [\"127.0.0.0/8\"]\n");
    let feed = world.get("/feeds/news.atom");
    assert!(feed.header("link").unwrap().contains("<http://feeds.example/hub>; rel=\"hub\""), "{}", feed.head);
    for path in ["/feeds/news.atom", "/feeds/news.rss", "/feeds/news.json"] {
        assert!(world.get(path).text().contains("http://feeds.example/hub"), "{path} names the hub");
    }

    let subscriber = Subscriber::start();
    assert_eq!(subscribe(&world, "subscribe", &subscriber.address, TOPIC).status, 202);
    subscriber.wait_asked(1);
    let asked = subscriber.asked.lock().unwrap()[0].clone();
    assert!(asked.contains("hub.mode=subscribe") && asked.contains("hub.lease_seconds=3600"), "{asked}");
    world.wait_log("a subscriber's wish was confirmed");

    site.list("/column/", &rows(4));
    let start = Instant::now();
    let visible = loop {
        if world.get("/feeds/news.json").text().contains("第3条新闻") {
            break Instant::now();
        }
        assert!(start.elapsed() < Duration::from_secs(20));
        thread::sleep(Duration::from_millis(5));
    };
    let (at, head, body) = subscriber.sent.recv_timeout(Duration::from_secs(10)).unwrap();
    let late = at.saturating_duration_since(visible);
    println!("delivered {} ms after the article was served", late.as_millis());
    assert!(late < Duration::from_secs(1), "{late:?}");
    assert!(String::from_utf8_lossy(&body).contains("第3条新闻"));
    assert_eq!(body, world.get("/feeds/news.atom").body, "it is sent what is served");
    let mut mac = Hmac::<Sha256>::new_from_slice(b"a secret").unwrap();
    mac.update(&body);
    let signature: String = mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect();
    let head = head.to_ascii_lowercase();
    assert!(head.contains(&format!("x-hub-signature: sha256={signature}")), "{head}");
    assert!(head.contains("content-type: application/atom+xml") && head.contains("rel=\"self\""), "{head}");

    // The subscription outlives the program.
    world.stop("-TERM");
    world.start();
    site.list("/column/", &rows(5));
    let (_, _, body) = subscriber.sent.recv_timeout(Duration::from_secs(20)).unwrap();
    assert!(String::from_utf8_lossy(&body).contains("第4条新闻"));
    world.wait("/metrics", |text| text.contains("tearsheet_hub_subscriptions 1\n"));

    assert_eq!(subscribe(&world, "unsubscribe", &subscriber.address, TOPIC).status, 202);
    subscriber.wait_asked(2);
    world.wait("/metrics", |text| text.contains("tearsheet_hub_subscriptions 0\n"));
    site.list("/column/", &rows(6));
    world.wait("/feeds/news.json", |text| text.contains("第5条新闻"));
    assert!(subscriber.sent.recv_timeout(Duration::from_millis(700)).is_err(), "who left is told no more");
}

#[test]
fn callbacks_that_mean_no_good_harm_nothing() {
    let site = Site::start();
    let world = start(&site, "hub = true\nmetrics = true\n");
    // Without leave nothing on this machine is reached, whatever the address is called.
    let victim = TcpListener::bind("127.0.0.1:0").unwrap();
    victim.set_nonblocking(true).unwrap();
    let port = victim.local_addr().unwrap().port();
    for host in ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0.0.0.0"] {
        assert_eq!(subscribe(&world, "subscribe", &format!("http://{host}:{port}/"), TOPIC).status, 202, "{host}");
    }
    for (callback, topic, status) in [
        ("file:///etc/passwd", TOPIC, 400),
        ("http://r.example/", "http://feeds.example/feeds/none.atom", 400),
        ("http://r.example/", "http://elsewhere.example/feeds/news.atom", 400),
    ] {
        assert_eq!(subscribe(&world, "subscribe", callback, topic).status, status, "{callback} {topic}");
    }
    assert_eq!(world.get("/hub").status, 405);
    assert_eq!(world.ask("POST", "/hub", "Content-Length: 2\r\n\r\nhi").status, 415);
    let long =
        format!("Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9000\r\n\r\n{}", "x".repeat(9000));
    assert_eq!(world.ask("POST", "/hub", &long).status, 413);
    thread::sleep(Duration::from_millis(700));
    assert!(victim.accept().is_err(), "a connection came to an address that is forbidden");
    assert!(world.get("/metrics").text().contains("tearsheet_hub_subscriptions 0\n"));
    site.list("/column/", &rows(4));
    world.wait("/feeds/news.json", |text| text.contains("第3条新闻"));
}

#[test]
fn silent_callbacks_do_not_keep_others_from_their_news() {
    let site = Site::start();
    let world = start(&site, "hub = true\nhub_allow_private = [\"127.0.0.0/8\"]\n");
    // Accepts connections and says nothing.
    let silent = TcpListener::bind("127.0.0.2:0").unwrap();
    let address = silent.local_addr().unwrap();
    for n in 0..8 {
        assert_eq!(subscribe(&world, "subscribe", &format!("http://{address}/{n}"), TOPIC).status, 202);
    }
    let subscriber = Subscriber::start();
    assert_eq!(subscribe(&world, "subscribe", &subscriber.address, TOPIC).status, 202);
    subscriber.wait_asked(1);
    world.wait_log("a subscriber's wish was confirmed");
    site.list("/column/", &rows(4));
    let (_, _, body) = subscriber.sent.recv_timeout(Duration::from_secs(10)).unwrap();
    assert!(String::from_utf8_lossy(&body).contains("第3条新闻"));
}

/// A server that answers each POST as `says` does, given how many came before, and keeps its form.
fn posts(says: impl Fn(usize) -> &'static str + Send + 'static) -> (String, mpsc::Receiver<(Instant, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let (sender, forms) = mpsc::channel();
    thread::spawn(move || {
        for (n, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            let (_, body) = read(&mut stream);
            let _ = write!(stream, "HTTP/1.1 {}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", says(n));
            let _ = sender.send((Instant::now(), String::from_utf8_lossy(&body).into_owned()));
        }
    });
    (address, forms)
}

#[test]
fn another_hub_is_told_and_told_again_where_it_failed() {
    const FORMATS: usize = 3;
    let (hub, forms) = posts(|n| if n < FORMATS { "500 Not Now" } else { "204 No Content" });
    let site = Site::start();
    let world = start(&site, &format!("hub = \"{hub}\"\nmetrics = true\nhub_allow_private = [\"127.0.0.0/8\"]\n"));
    assert!(world.get("/feeds/news.atom").header("link").unwrap().contains(&format!("<{hub}>; rel=\"hub\"")));
    assert_eq!(world.ask("POST", "/hub", "Content-Length: 0\r\n").status, 415, "here is no hub, and no secret of it");
    let mut told = Vec::new();
    while told.len() < 2 * FORMATS {
        told.push(forms.recv_timeout(Duration::from_secs(30)).unwrap());
    }
    for (_, form) in &told {
        let form: Vec<(String, String)> = url::form_urlencoded::parse(form.as_bytes()).into_owned().collect();
        let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        assert_eq!(field("hub.mode"), Some("publish"));
        assert!(field("hub.url").unwrap().starts_with("http://feeds.example/feeds/news."), "{form:?}");
        assert_eq!(field("hub.url"), field("hub.topic"));
    }
    let waited = told[FORMATS].0 - told[0].0;
    println!("a hub that was not there is told again after {} ms", waited.as_millis());
    assert!(waited > Duration::from_secs(3), "{waited:?}");
    world.wait("/metrics", |text| text.contains("tearsheet_hub_deliveries_total{result=\"taken\"} 3\n"));
    assert!(forms.recv_timeout(Duration::from_secs(1)).is_err(), "what it has taken it is not told again");
    site.list("/column/", &rows(4));
    assert!(forms.recv_timeout(Duration::from_secs(10)).unwrap().1.contains("publish"), "it is told of the next news");
}

/// What FreshRSS does, as its `p/api/pshb.php` and `Feed::pubSubHubbubSubscribe` show: it subscribes to the self address that the
/// feed names, at the hub that the feed names, with `hub.verify=sync` and neither lease nor secret; its callback carries a key,
/// echoes the challenge of a subscription whatever else it says, and is 410 once nobody reads the feed.
#[test]
fn freshrss_subscribes_is_told_and_leaves() {
    let site = Site::start();
    let world = start(&site, "hub = true\nmetrics = true\nhub_allow_private = [\"127.0.0.0/8\"]\n");
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let callback =
        format!("http://{}/api/pshb.php?k=0123456789abcdef0123456789abcdef01234567", listener.local_addr().unwrap());
    let (sender, sent) = mpsc::channel();
    let read_by_nobody = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let gone = read_by_nobody.clone();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let (head, body) = read(&mut stream);
            let target = head.split(' ').nth(1).unwrap_or_default().to_owned();
            let query: Vec<(String, String)> =
                url::form_urlencoded::parse(target.split('?').nth(1).unwrap_or_default().as_bytes())
                    .into_owned()
                    .collect();
            let field = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
            // PHP makes `hub_mode` of `hub.mode`; the key comes first of all.
            let (status, reply) = match (field("k"), field("hub.mode").as_deref()) {
                (None, _) => ("422 Unprocessable Entity", "Invalid feed key format!".to_owned()),
                _ if gone.load(std::sync::atomic::Ordering::SeqCst) => ("410 Gone", "Nobody is subscribed".to_owned()),
                (_, Some("subscribe")) => ("200 OK", field("hub.challenge").unwrap_or_default()),
                _ if body.is_empty() => ("422 Unprocessable Entity", "Missing XML payload!".to_owned()),
                _ => ("200 OK", "Done: 1\n".to_owned()),
            };
            let _ = write!(
                stream,
                "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=UTF-8\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{reply}",
                reply.len()
            );
            let _ = sender.send((Instant::now(), status, String::from_utf8_lossy(&body).into_owned()));
        }
    });
    let feed = world.get("/feeds/news.rss").text();
    let (hub, own) = ("http://feeds.example/hub", "http://feeds.example/feeds/news.rss");
    for (rel, address) in [("hub", hub), ("self", own)] {
        assert!(feed.contains(&format!("rel=\"{rel}\"")) && feed.contains(address), "the feed names its {rel}");
    }
    let subscribe = |mode: &str| {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("hub.verify", "sync")
            .append_pair("hub.mode", mode)
            .append_pair("hub.topic", own)
            .append_pair("hub.callback", &callback)
            .finish();
        let head = "Content-Type: application/x-www-form-urlencoded\r\nUser-Agent: FreshRSS/1.24 (Linux; https://freshrss.org)\r\nContent-Length";
        world.ask("POST", "/hub", &format!("{head}: {}\r\n\r\n{form}", form.len())).status
    };
    assert_eq!(subscribe("subscribe") / 100, 2, "it takes every 2xx for granted");
    assert_eq!(sent.recv_timeout(Duration::from_secs(10)).unwrap().1, "200 OK");
    world.wait_log("a subscriber's wish was confirmed");
    site.list("/column/", &rows(4));
    world.wait("/feeds/news.json", |text| text.contains("第3条新闻"));
    let visible = Instant::now();
    let (at, status, body) = sent.recv_timeout(Duration::from_secs(10)).unwrap();
    println!("FreshRSS has it {} ms after it was served", at.saturating_duration_since(visible).as_millis());
    assert!(status == "200 OK" && body.contains("第3条新闻") && body.contains(own), "{status} {body}");

    // It answers the question whether it wants to leave with 422, so only 410 ends it.
    assert_eq!(subscribe("unsubscribe") / 100, 2);
    assert_eq!(sent.recv_timeout(Duration::from_secs(10)).unwrap().1, "422 Unprocessable Entity");
    read_by_nobody.store(true, std::sync::atomic::Ordering::SeqCst);
    site.list("/column/", &rows(5));
    assert_eq!(sent.recv_timeout(Duration::from_secs(20)).unwrap().1, "410 Gone");
    world.wait("/metrics", |text| text.contains("tearsheet_hub_subscriptions 0\n"));
}
