//! The rules of the guard one by one; every path that leads to it is tried in `tests/fetch`.

use super::*;
use crate::{fetch::Resolving, model::Outcome};

/// Answers as told: addresses, nothing (`[]`), an error (`Err`), or never (`None`).
struct Told(Option<Result<Vec<IpAddr>, &'static str>>);

impl Resolve for Told {
    fn resolve(&self, _: String) -> Resolving {
        let answer = self.0.clone();
        Box::pin(async {
            match answer {
                Some(answer) => answer.map_err(std::io::Error::other),
                None => std::future::pending().await,
            }
        })
    }
}

fn addresses(list: &[&str]) -> Vec<IpAddr> {
    list.iter().map(|text| text.parse().unwrap()).collect()
}

/// A guard, and what a request brings to it.
#[derive(Default)]
struct Scene {
    own: Vec<&'static str>,
    allowed: Vec<&'static str>,
    allowed_here: Vec<&'static str>,
    named: Vec<&'static str>,
    proxied: bool,
}

impl Scene {
    async fn try_(&self, url: &str, told: Told) -> Result<Cleared, Error> {
        let nets = |list: &[&str]| list.iter().map(|net| net.parse().unwrap()).collect::<Vec<IpNet>>();
        let own = self.own.iter().map(|at| at.parse().unwrap()).collect();
        let guard = Guard::new(own, nets(&self.allowed), Duration::from_millis(20));
        let named: Vec<Url> = self.named.iter().map(|url| url.parse().unwrap()).collect();
        let names = if self.proxied { Names::Proxy } else { Names::Here };
        let policy = Policy { allowed: &nets(&self.allowed_here), named: &named, names };
        guard.clear(&url.parse().unwrap(), &policy, &told).await
    }

    async fn answered(&self, url: &str, list: &[&str]) -> Result<Cleared, Error> {
        self.try_(url, Told(Some(Ok(addresses(list))))).await
    }

    async fn refusal(&self, url: &str) -> String {
        self.answered(url, &["93.184.215.14"]).await.unwrap_err().to_string()
    }
}

const PUBLIC: &str = "93.184.215.14";

#[tokio::test]
async fn a_public_name_is_cleared_with_its_addresses_and_without_credentials() {
    let cleared = Scene::default().answered("https://me:secret@a.example/x", &[PUBLIC, "2606:4700::1"]).await.unwrap();
    assert_eq!(cleared.url().as_str(), "https://a.example/x");
    let at: Vec<String> = cleared.addresses().iter().map(ToString::to_string).collect();
    assert_eq!(at, ["93.184.215.14:443", "[2606:4700::1]:443"]);
    for literal in ["http://93.184.215.14/", "http://[2606:4700::1]/"] {
        assert!(Scene::default().try_(literal, Told(None)).await.is_ok(), "{literal}");
    }
}

#[tokio::test]
async fn only_http_and_the_ports_of_the_configuration() {
    let scene = Scene { named: vec!["http://b.example:8080/"], ..Scene::default() };
    for url in ["ftp://a.example/", "gopher://a.example/", "file:///etc/passwd", "ws://a.example/"] {
        assert!(scene.refusal(url).await.contains("only http and https"), "{url}");
    }
    for url in ["http://a.example:22/", "https://a.example:80/", "http://a.example:443/"] {
        assert!(scene.refusal(url).await.contains("its port"), "{url}");
    }
    assert!(scene.answered("http://a.example:8080/", &[PUBLIC]).await.is_ok());
}

#[tokio::test]
async fn one_forbidden_answer_forbids_the_host() {
    let error = Scene::default().answered("http://a.example/", &[PUBLIC, "10.0.0.1"]).await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Forbidden);
    assert!(error.to_string().contains("a.example") && error.to_string().contains("private, 10.0.0.0/8"), "{error}");
    for literal in
        ["http://169.254.169.254/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::a00:1]/"]
    {
        assert!(Scene::default().refusal(literal).await.contains("not a public address"), "{literal}");
    }
}

#[tokio::test]
async fn a_resolver_that_fails_is_told_in_one_line() {
    let scene = Scene::default();
    let error = scene.try_("http://a.example/", Told(None)).await.unwrap_err();
    assert!(matches!(&error, Error::Timeout { host, what: "resolve", .. } if host == "a.example"), "{error}");
    let error = scene.answered("http://a.example/", &[]).await.unwrap_err();
    assert_eq!(error.to_string(), "the name a.example does not resolve: it has no address");
    let words = "failed to lookup address information: Name or\r\n service not known";
    let error = scene.try_("http://a.example/", Told(Some(Err(words)))).await.unwrap_err();
    assert_eq!(error.to_string(), "the name a.example does not resolve: Name or service not known");
}

#[tokio::test]
async fn networks_are_allowed_for_one_source_or_for_all_and_by_the_address_inside() {
    let (all, one) = (
        Scene { allowed: vec!["10.1.0.0/16"], ..Scene::default() },
        Scene { allowed_here: vec!["10.1.0.0/16"], ..Scene::default() },
    );
    for scene in [all, one] {
        for url in ["http://10.1.2.3/", "http://[::ffff:10.1.2.3]/", "http://[2002:a01:203::]/"] {
            assert!(scene.answered(url, &[]).await.is_ok(), "{url}");
        }
        assert!(scene.answered("http://a.example/", &["10.1.2.3"]).await.is_ok());
        assert!(scene.answered("http://a.example/", &["10.2.2.3"]).await.is_err());
    }
    let mapped = Scene { allowed: vec!["fd00::/8"], ..Scene::default() };
    assert!(mapped.answered("http://[fd00::1]/", &[]).await.is_ok());
}

#[tokio::test]
async fn a_proxy_resolves_names_and_literals_are_still_checked() {
    let scene = Scene { proxied: true, ..Scene::default() };
    let cleared = scene.try_("http://a.example/", Told(None)).await.unwrap();
    assert!(cleared.addresses().is_empty());
    for url in ["http://localhost/", "http://LOCALHOST./", "http://a.localhost/", "http://127.0.0.1/", "http://[::1]/"]
    {
        assert!(scene.refusal(url).await.contains("not a public address"), "{url}");
    }
    assert!(scene.try_("http://notlocalhost/", Told(None)).await.is_ok());
}

#[tokio::test]
async fn the_own_listener_is_refused_whatever_is_allowed() {
    let (everything, named) = (vec!["0.0.0.0/0", "::/0"], vec!["http://x.example:8080/"]);
    for (own, url, refused) in [
        ("127.0.0.1:8080", "http://127.0.0.1:8080/", true),
        ("127.0.0.1:8080", "http://[::ffff:127.0.0.1]:8080/", true),
        ("127.0.0.1:8080", "http://0.0.0.0:8080/", true),
        ("127.0.0.1:8080", "http://127.0.0.2:8080/", false),
        ("127.0.0.1:8080", "http://127.0.0.1/", false),
        ("0.0.0.0:8080", "http://127.0.0.2:8080/", true),
        ("[::]:8080", "http://127.0.0.2:8080/", true),
        ("[::]:8080", "http://[::1]:8080/", true),
        ("[::]:8080", "http://[::]:8080/", true),
        ("[::ffff:10.0.0.1]:8080", "http://10.0.0.1:8080/", true),
        ("0.0.0.0:8080", "http://93.184.215.14:8080/", false),
        ("93.184.215.14:80", "http://93.184.215.14/", true),
    ] {
        let scene = Scene { own: vec![own], allowed: everything.clone(), named: named.clone(), ..Scene::default() };
        let came = scene.answered(url, &[]).await;
        let own_ = matches!(&came, Err(Error::Own(_)));
        assert_eq!((own_, came.is_ok()), (refused, !refused), "{own} {url}: {:?}", came.map(|_| ()));
    }
}

#[test]
fn an_address_of_this_machine_is_told_from_others() {
    assert!(is_ours([127, 0, 0, 1].into()));
    assert!(!is_ours([192, 0, 2, 1].into()) && !is_ours("2001:db8::1".parse().unwrap()));
    assert!(!is_ours([0, 0, 0, 0].into()) && !is_ours("::".parse().unwrap()), "the wildcard is nobody's");
}
