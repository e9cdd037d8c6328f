use super::*;
use crate::dedup;
use crate::model::Verdict;

/// An article as a page shows it.
fn draft(path: &str, title: &str) -> Draft {
    let url: Url = format!("http://n.example{path}").parse().unwrap();
    Draft {
        source: "news".parse().unwrap(),
        place: 0,
        key: ArticleKey::of("", &[address::canonical(&url).as_str()]),
        aliases: Vec::new(),
        url,
        title: title.to_owned(),
        title_cut: false,
        published: None,
        summary: None,
        content: None,
        image: None,
        authors: Vec::new(),
        categories: Vec::new(),
        outlet: None,
        language: None,
    }
}

fn news(numbers: std::ops::Range<usize>) -> Vec<Draft> {
    numbers.map(|n| draft(&format!("/news/{n}.html"), &format!("Council meets for the {n}th time"))).collect()
}

/// A source that listed these.
fn before(drafts: &[Draft]) -> Before {
    let article = |draft: &Draft| match dedup::judge(draft, dedup::Known::Nothing, Timestamp::UNIX_EPOCH, &|_| true) {
        Verdict::New(article) => Arc::new(article),
        other => panic!("{other:?}"),
    };
    let usual = u32::try_from(drafts.len()).unwrap();
    Before { listed: drafts.iter().map(article).collect(), usual, ..Before::default() }
}

fn agreement(before: &Before, drafts: &[Draft], linked: &[&Draft]) -> Agreement {
    let linked = linked.iter().map(|draft| draft.key).collect();
    before.agreement(drafts, &linked, &"http://n.example/news/".parse().unwrap())
}

#[test]
fn another_link_in_a_known_articles_row_is_displacing_it() {
    let known = news(0..20);
    let before = before(&known);
    let mut read = known.clone();
    read[2] = draft("/tags/council", "Council");
    let linked: Vec<&Draft> = known.iter().collect();
    let found = agreement(&before, &read, &linked);
    assert_eq!((found.displaced, found.is_enough()), (1, false));
    assert_eq!(found.doubt(), Some("its links lead elsewhere than those known"));

    // Among many new ones of the known form it is still seen.
    let read: Vec<Draft> = news(100..113).into_iter().chain(read).collect();
    let found = agreement(&before, &read, &linked);
    assert_eq!(found.doubt(), Some("it reads other links in rows of known articles"));
    // Without a word of what the page leads to, all may still be there.
    assert_eq!(agreement(&before, &read, &[]).displaced, 1);

    // The article that stood there is gone, or the new one stands above or behind all that is known.
    let others: Vec<&Draft> = linked.iter().copied().filter(|draft| draft.key != known[2].key).collect();
    assert_eq!(agreement(&before, &read, &others).displaced, 0);
    let above: Vec<Draft> = [vec![draft("/tags/council", "Council")], known.clone()].concat();
    assert_eq!(agreement(&before, &above, &linked).displaced, 0);
    // A new article in its place is one of another day.
    let mut read = known.clone();
    read[2] = draft("/news/77.html", "Council meets elsewhere");
    assert_eq!(agreement(&before, &read, &linked).displaced, 0);
}

#[test]
fn nine_new_addresses_of_ten_have_a_known_form_where_nobody_is_asked() {
    let known = news(0..20);
    let before = before(&known);
    let with_new = |count: usize| -> Vec<Draft> {
        let mut new = news(100..100 + count - 1);
        new.push(draft("/gallery/9.html", "The year in pictures"));
        new.into_iter().chain(known.clone()).collect()
    };
    let found = agreement(&before, &with_new(10), &[]);
    assert!(found.forms >= FORMS_SURE && found.is_enough(), "{found:?}");
    let found = agreement(&before, &with_new(9), &[]);
    assert!(found.forms > FORMS, "{found:?}");
    assert_eq!(found.doubt(), Some("its links lead elsewhere than those known"));
}

#[test]
fn bookmarks_lead_anywhere_but_to_the_site_that_keeps_them() {
    let mark = |n: usize| Draft {
        url: format!("http://site{n}.example/").parse().unwrap(),
        key: ArticleKey::of("", &[&n.to_string()]),
        ..draft("/", &format!("A site about the number {n}"))
    };
    let known: Vec<Draft> = (0..12).map(mark).collect();
    let before = before(&known);
    let new: Vec<Draft> = (50..62).map(mark).chain(known.clone()).collect();
    assert!(agreement(&before, &new, &[]).is_enough());
    let tagged: Vec<Draft> = [vec![draft("/tags/17", "numbers")], new].concat();
    assert_eq!(agreement(&before, &tagged, &[]).doubt(), Some("its links lead elsewhere than those known"));
}

#[test]
fn a_few_articles_of_the_keepers_own_are_no_other_links_where_there_were_such_before() {
    let mark = |n: usize| Draft {
        url: format!("http://site{n}.example/").parse().unwrap(),
        key: ArticleKey::of("", &[&n.to_string()]),
        ..draft("/", &format!("A site about the number {n}"))
    };
    let asked = |n: usize| draft(&format!("/item/{n}"), &format!("Ask: what of the number {n}?"));
    let known: Vec<Draft> = (0..19).map(mark).chain([asked(1)]).collect();
    let before = before(&known);
    let with_asked = |numbers: std::ops::Range<usize>| -> Vec<Draft> {
        numbers.map(asked).chain((50..62).map(mark)).chain(known.clone()).collect()
    };
    assert!(agreement(&before, &with_asked(2..4), &[]).is_enough());
    let found = agreement(&before, &with_asked(2..9), &[]);
    assert_eq!(found.doubt(), Some("its links lead elsewhere than those known"), "the talks of rows are many");
}

#[test]
fn a_title_that_several_have_tells_none_of_them() {
    let named = |n: usize| draft(&format!("/news/{n}.html"), "In the matter of the harbour");
    let known: Vec<Draft> = news(0..6).into_iter().chain((6..12).map(named)).collect();
    let before = before(&known);
    // Every other one is new, and the addresses of those that are gone are not on the page.
    let new = |n: usize| if n < 6 { news(100 + n..101 + n).remove(0) } else { named(100 + n) };
    let read: Vec<Draft> = (0..12).map(|n| if n % 2 == 0 { new(n) } else { known[n].clone() }).collect();
    let found = agreement(&before, &read, &[]);
    assert_eq!((found.known, found.moved, found.order), (6, 0.0, 1.0), "{found:?}");
    assert!(found.is_enough(), "{found:?}");
}

#[test]
fn the_known_part_of_a_list_is_no_better_than_the_whole_with_its_news() {
    let known = news(0..10);
    let before = before(&known);
    let read: Vec<Draft> =
        (0..10).map(|n| if n % 2 == 0 { news(100 + n..101 + n).remove(0) } else { known[n].clone() }).collect();
    let part: Vec<Draft> = read.iter().skip(1).step_by(2).cloned().collect();
    let (whole, part) = (agreement(&before, &read, &[]), agreement(&before, &part, &[]));
    assert!(whole.is_enough() && part.is_enough(), "{whole:?} {part:?}");
    assert!(whole.weight() > part.weight(), "{} and {}", whole.weight(), part.weight());
    // What takes in as much again that nobody knows is no whole.
    let more: Vec<Draft> = read.iter().cloned().chain(news(200..210)).collect();
    assert!(agreement(&before, &more, &[]).weight() < whole.weight());
}

#[test]
fn one_strange_title_of_ten_is_doubted_and_an_edited_one_is_not() {
    let known = news(0..10);
    let before = before(&known);
    let mut read = known.clone();
    read[4].title = "Council meets for the fourth time, at last".to_owned();
    assert!(agreement(&before, &read, &[]).is_enough());
    read[4].title = "Rivera, J.".to_owned();
    assert_eq!(agreement(&before, &read, &[]).doubt(), Some("the known articles have other titles in it"));
}
