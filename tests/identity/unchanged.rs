//! What did not change costs nothing: no parse and no write, whether the host says so (304) or sends the same bytes again.

use std::sync::atomic::{AtomicUsize, Ordering};

use tearsheet::{
    extract::{self, Recipe},
    model::{Kind, Listing, Outcome, Page},
};

use crate::{
    day,
    site::Answer,
    town::{Town, row, source},
};

/// Pages that were read.
static READ: AtomicUsize = AtomicUsize::new(0);

fn counted(page: &Page, recipe: Option<&Recipe>, kind: Option<Kind>) -> Listing {
    READ.fetch_add(1, Ordering::SeqCst);
    extract::read(page, recipe, kind)
}

#[test]
fn the_same_page_is_neither_read_nor_written_again_until_its_rule_changes() {
    let config = |site: &crate::site::Site, more: &str| {
        source(site, "told", "/told/", more) + &source(site, "mute", "/mute/", more)
    };
    let mut town = Town::new(|site| config(site, ""));
    town.read_by(counted);
    let rows: Vec<_> =
        (0..40).map(|n| row(&format!("/a/{n}.html"), &format!("第{n}条消息的标题"), "2022-01-01")).collect();
    // One host answers 304 to its own ETag, the other gives nothing to ask by.
    town.site.list("/told/", &rows);
    let body = town.site.body("/told/").unwrap();
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\r\n", body.len());
    town.site.put("/mute/", Answer::Raw([head.into_bytes(), body].concat()));
    for id in ["told", "mute"] {
        assert_eq!(town.visit(id, day(1)).report.outcome, Outcome::Read, "{id}");
    }
    assert_eq!(READ.load(Ordering::SeqCst), 2);
    let before = town.store.health();
    for n in 2..12 {
        for id in ["told", "mute"] {
            let visited = town.visit(id, day(n));
            assert_eq!(visited.report.outcome, Outcome::Unchanged, "{id}: {:?}", visited.report.problems);
            assert!(visited.touched.is_empty(), "{id}");
        }
    }
    let after = town.store.health();
    assert_eq!(READ.load(Ordering::SeqCst), 2, "twenty visits read nothing");
    assert_eq!((after.journal_bytes, after.syncs), (before.journal_bytes, before.syncs), "and wrote nothing");
    // Another rule may see what the old one did not: the same bytes are read once more.
    let text = config(&town.site, "author = \"span\"");
    town.configure(&text);
    town.read_by(counted);
    for id in ["told", "mute"] {
        assert_eq!(town.visit(id, day(20)).report.outcome, Outcome::Read, "{id}");
    }
    assert_eq!(READ.load(Ordering::SeqCst), 4);
}
