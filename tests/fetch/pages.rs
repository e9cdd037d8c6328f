//! Pages that come, and how they were asked for.

use std::io::Write;

use tearsheet::{
    fetch::{Answer, Error, Purpose, Request},
    model::{Credential, Manners, Outcome, Validators},
};

use crate::stage::{self, Server, brief, fetcher, html, local, reply};
use url::Url;

#[tokio::test]
async fn a_page_comes_with_its_address_and_validators() {
    let _together = stage::TOGETHER.read().await;
    let server = Server::pages(|_| {
        reply(
            "200 OK",
            "Content-Type: Text/HTML; charset=Big5\r\nETag: W/\"a b\"\r\nLast-Modified: then\r\nContent-Language: zh-CN, en\r\nCache-Control: public, max-age=90\r\nAge: 30\r\n",
            "<p>x",
        )
    });
    let (fetcher, ..) = fetcher(brief());
    let (url, manners) = (server.url("/list"), local());
    let fetched = fetcher.get(&Request::new(&url, &manners)).await.unwrap();
    let page = fetched.page().unwrap();
    assert_eq!((page.media_type.as_str(), page.text.as_str(), page.encoding.name()), ("text/html", "<p>x", "Big5"));
    assert_eq!(page.language.as_deref(), Some("zh-CN"));
    assert_eq!(page.validators.etag.as_deref(), Some("W/\"a b\""));
    assert_eq!(fetched.fresh.unwrap().as_secs(), 60);
    let head = server.heads()[0].to_ascii_lowercase();
    assert!(head.contains(concat!("user-agent: tearsheet/", env!("CARGO_PKG_VERSION"), "\r\n")), "{head}");
    assert!(!head.contains("if-none-match") && !head.contains("if-modified-since"), "{head}");
}

#[tokio::test]
async fn both_validators_go_back_byte_for_byte_and_304_is_an_answer_only_then() {
    let _together = stage::TOGETHER.read().await;
    let server = Server::pages(|_| reply("304 Not Modified", "", ""));
    let (fetcher, ..) = fetcher(brief());
    let (url, manners) = (server.url("/"), local());
    let known =
        Validators { etag: Some("W/\"x,  y\"".into()), last_modified: Some("Sun, 06 Nov 94  08:49:37 GMT".into()) };
    let request = Request { validators: Some(&known), ..Request::new(&url, &manners) };
    assert!(matches!(fetcher.get(&request).await.unwrap().answer, Answer::Unchanged));
    let head = &server.heads()[0];
    assert!(
        head.contains("if-none-match: W/\"x,  y\"\r\n")
            && head.contains("if-modified-since: Sun, 06 Nov 94  08:49:37 GMT\r\n"),
        "{head}"
    );
    let error = fetcher.get(&Request::new(&url, &manners)).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Protocol);
    let elsewhere = server.url("/other");
    let request = Request { validators: Some(&known), validated: Some(&elsewhere), ..Request::new(&url, &manners) };
    assert_eq!(
        fetcher.get(&request).await.unwrap_err().outcome(),
        Outcome::Protocol,
        "another page's validators were sent"
    );
}

#[tokio::test]
async fn a_portal_that_sets_a_cookie_and_sends_back_is_read() {
    let _together = stage::TOGETHER.read().await;
    let server = Server::new(|stream, head| {
        let answer = match head.contains("cookie: pass=1") {
            true => html("<p>in"),
            false => reply("302 Found", "Set-Cookie: pass=1; Path=/\r\nLocation: /\r\n", ""),
        };
        let _ = std::io::Write::write_all(stream, answer.as_bytes());
    });
    let (fetcher, ..) = fetcher(brief());
    let (url, manners) = (server.url("/"), local());
    let fetched = fetcher.get(&Request::new(&url, &manners)).await.unwrap();
    assert_eq!((fetched.page().unwrap().text.as_str(), fetched.hops), ("<p>in", 1));
    assert_eq!(fetched.moved, None);
}

#[tokio::test]
async fn configured_headers_stay_with_their_origin() {
    let _together = stage::TOGETHER.read().await;
    let server = Server::new(|stream, head| {
        let port = stream.local_addr().unwrap().port();
        let answer = match head.starts_with("GET /there") {
            true => html("<p>there"),
            false => reply("301 Moved Permanently", &format!("Location: http://other.example:{port}/there\r\n"), ""),
        };
        let _ = std::io::Write::write_all(stream, answer.as_bytes());
    });
    let (fetcher, names, _) = fetcher(brief());
    names.0.lock().unwrap().insert("other.example".into(), vec![server.at.ip()]);
    let mut url = server.url("/");
    url.set_username("me").unwrap();
    url.set_password(Some("secret")).unwrap();
    let there = Url::parse(&format!("http://other.example:{}/there", server.at.port())).unwrap();
    let header = |name: &str| (name.to_owned(), Credential::new("hidden".to_owned()));
    let manners = Manners { headers: vec![header("x-token"), header("cookie")], ..local() };
    let fetched = fetcher.get(&Request::new(&url, &manners)).await.unwrap();
    assert_eq!(fetched.moved.as_ref(), Some(&there));
    assert_eq!(fetched.page().unwrap().asked, server.url("/"), "credentials are not kept");
    // An article elsewhere, and a source's own page that is now believed to be elsewhere, get no more than the redirect did.
    let named = [url.clone()];
    let posting = Manners { post: Some("secret".into()), ..manners.clone() };
    for purpose in [Purpose::Article, Purpose::Listing] {
        let request = Request { named: &named, purpose, ..Request::new(&there, &posting) };
        fetcher.get(&request).await.unwrap();
    }
    let heads: Vec<String> = server.heads().iter().map(|head| head.to_ascii_lowercase()).collect();
    assert_eq!(heads.len(), 4);
    for secret in ["x-token: hidden", "cookie: hidden", "authorization: basic bwu6c2vjcmv0"] {
        assert!(heads[0].contains(secret), "{secret}\n{}", heads[0]);
        let name = secret.split(' ').next().unwrap();
        assert!(heads[1..].iter().all(|head| !head.contains(name) && head.starts_with("get ")), "{name}\n{heads:?}");
    }
}

#[tokio::test]
async fn the_page_of_an_error_comes_with_it_for_diagnosis() {
    let _together = stage::TOGETHER.read().await;
    let server =
        Server::pages(|_| reply("403 Forbidden", "Content-Type: text/html\r\n", "<title>Just a moment</title>"));
    let (fetcher, ..) = fetcher(brief());
    let (url, manners) = (server.url("/"), local());
    let came = fetcher.get(&Request::new(&url, &manners)).await;
    let page = match came.map(|_| ()) {
        Err(Error::Status { status: 403, page: Some(page) }) => Some(page.text),
        _ => None,
    };
    assert_eq!(page.as_deref(), Some("<title>Just a moment</title>"));
}

#[tokio::test]
async fn a_file_that_is_packed_by_itself_is_unpacked_within_the_same_bounds() {
    let _together = stage::TOGETHER.read().await;
    let pack = |text: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    };
    let (small, bomb) = (pack(b"<urlset/>"), pack(&vec![b' '; 16 << 20]));
    let server = Server::new(move |stream, head| {
        let body = if head.contains("/bomb") { &bomb } else { &small };
        let _ = stream.write_all(
            format!(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/gzip\r\nContent-Length: {}\r\n\r\n",
                body.len()
            )
            .as_bytes(),
        );
        let _ = stream.write_all(body);
    });
    let (fetcher, ..) = fetcher(brief());
    let manners = local();
    let sitemap = fetcher.get(&Request::new(&server.url("/sitemap.xml.gz"), &manners)).await.unwrap();
    assert_eq!(sitemap.page().unwrap().text, "<urlset/>");
    let error = fetcher.get(&Request::new(&server.url("/bomb.xml.gz"), &manners)).await.map(|_| ()).unwrap_err();
    assert_eq!(error.outcome(), Outcome::TooBig);
}
