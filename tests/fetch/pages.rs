//! Pages that come, and how they were asked for.

use tearsheet::{
    fetch::{Answer, Request},
    model::{Credential, Manners, Outcome, Validators},
};

use crate::stage::{self, Server, brief, fetcher, html, local, reply};

#[tokio::test]
async fn a_page_comes_with_its_address_and_validators() {
    let _together = stage::TOGETHER.read().await;
    let server = Server::pages(|_| {
        reply(
            "200 OK",
            "Content-Type: Text/HTML; charset=GBK\r\nETag: W/\"a b\"\r\nLast-Modified: then\r\nContent-Language: zh-CN, en\r\nCache-Control: public, max-age=90\r\nAge: 30\r\n",
            "<p>x",
        )
    });
    let (fetcher, ..) = fetcher(brief());
    let (url, manners) = (server.url("/list"), local());
    let fetched = fetcher.get(&Request::new(&url, &manners)).await.unwrap();
    let page = fetched.page().unwrap();
    assert_eq!((page.media_type.as_str(), page.text.as_str(), page.encoding.name()), ("text/html", "<p>x", "GBK"));
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
    let there = Server::pages(|_| html("<p>there"));
    let to = there.url("/").to_string();
    let here = Server::pages(move |_| reply("301 Moved Permanently", &format!("Location: {to}\r\n"), ""));
    let (fetcher, ..) = fetcher(brief());
    let mut url = here.url("/");
    url.set_username("me").unwrap();
    url.set_password(Some("secret")).unwrap();
    let header = |name: &str| (name.to_owned(), Credential::new("hidden".to_owned()));
    let manners = Manners { headers: vec![header("x-token"), header("cookie")], ..local() };
    let named = [url.clone(), there.url("/")];
    let fetched = fetcher.get(&Request { named: &named, ..Request::new(&url, &manners) }).await.unwrap();
    assert_eq!(fetched.moved, Some(there.url("/")));
    assert_eq!(fetched.page().unwrap().asked, here.url("/"), "credentials are not kept");
    let (first, second) = (here.heads()[0].to_ascii_lowercase(), there.heads()[0].to_ascii_lowercase());
    for secret in ["x-token: hidden", "cookie: hidden", "authorization: basic bwu6c2vjcmv0"] {
        assert!(
            first.contains(secret) && !second.contains(secret.split(' ').next().unwrap()),
            "{secret}\n{first}\n{second}"
        );
    }
}
