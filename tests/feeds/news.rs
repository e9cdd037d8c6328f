//! RFC 3229: who has an older state of a feed and says so gets what is new since.

use tearsheet::{feed::Format, serve::listen::Limits};

use crate::{
    http::Server,
    sample::{self, Shown},
};

#[tokio::test]
async fn only_new_and_changed_entries_come_and_the_next_question_is_answered_304() {
    let mut articles = sample::grid();
    let newest = articles.remove(0);
    let shown = Shown::new(vec![sample::document("grid", "电网", articles.clone())]);
    let server = Server::start(shown.clone(), Limits::default()).await;
    for format in Format::ALL {
        shown.put(sample::document("grid", "电网", articles.clone()));
        let path = format!("/feeds/grid.{}", format.extension());
        for coding in ["identity", "gzip"] {
            shown.put(sample::document("grid", "电网", articles.clone()));
            let wish = ("Accept-Encoding", coding);
            let first = server.ask("GET", &path, &[wish, ("A-IM", "feed")]).await;
            assert_eq!((first.status, first.header("im")), (200, None), "who has nothing gets all");
            let old = first.header("etag").unwrap();
            let same = server.ask("GET", &path, &[wish, ("A-IM", "feed"), ("If-None-Match", old)]).await;
            assert_eq!(same.status, 304);

            let mut changed = articles.clone();
            changed[3].title = "Interconnector trial moves 1.3 GW".to_owned();
            changed[3].revision += 1;
            changed.insert(0, newest.clone());
            shown.put(sample::document("grid", "电网", changed.clone()));
            let news = server.ask("GET", &path, &[wish, ("A-IM", "vcdiff, feed;q=0.5"), ("If-None-Match", old)]).await;
            assert_eq!((news.status, news.header("im")), (226, Some("feed")), "{path}");
            assert_eq!(news.header("cache-control"), Some("no-store"));
            assert!(news.header("vary").unwrap().contains("A-IM"));
            let whole = server.ask("GET", &path, &[wish]).await;
            assert_eq!(whole.header("etag"), news.header("etag"), "the tag is that of the whole");
            assert!(news.body.len() < whole.body.len());
            if coding == "identity" {
                let text = String::from_utf8(news.body.clone()).unwrap();
                let shows = |key: &str| text.contains(key);
                assert!(shows(&newest.key.urn()) && shows(&changed[4].key.urn()), "new and changed: {text}");
                assert!(!shows(&changed[1].key.urn()), "what did not change does not come again");
            }
            let tag = news.header("etag").unwrap();
            let then = server.ask("GET", &path, &[wish, ("A-IM", "feed"), ("If-None-Match", tag)]).await;
            assert_eq!(then.status, 304);
            for (im, known) in [("feed", "\"nobody knows\""), ("vcdiff", old), ("feed;q=0", old), ("feed", "junk\"")] {
                let all = server.ask("GET", &path, &[wish, ("A-IM", im), ("If-None-Match", known)]).await;
                assert_eq!((all.status, all.body.len()), (200, whole.body.len()), "{im} {known}");
            }
        }
    }
    server.stop().await;
}
