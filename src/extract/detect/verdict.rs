//! What a page is that has no list to follow, or that has one beside its own subject: [`Verdict`].

use scraper::ElementRef;

use super::{
    group::Group,
    links::{self, Link},
    score::Marks,
    tree::{At, Tree, columns},
};
use crate::{extract::link, model::Page};

/// What kind of page it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Verdict {
    /// It lists articles.
    List,
    /// It is one article; the link of the section that lists it, if the page names one.
    Article(Option<String>),
    /// Scripts build it; where its data seems to lie.
    Shell(String),
    /// It asks for a password.
    Login,
    /// Nothing of these.
    #[default]
    Nothing,
}

impl Verdict {
    /// What is wrong and what to do, for a page without a list.
    pub fn advice(&self) -> Option<(String, String)> {
        let told = |reason: &str, advice: String| Some((reason.to_owned(), advice));
        match self {
            Self::List => None,
            Self::Article(section) => {
                let advice = match section {
                    Some(section) => format!("watch the page that lists it, perhaps {section}"),
                    None => "watch the page that lists it".to_owned(),
                };
                told("the page is a single article", advice)
            }
            Self::Shell(state) => told(
                "a script builds the page, and its list is not in the HTML",
                format!("watch its feed or API instead: {state}"),
            ),
            Self::Login => told("the page asks for a password", "give the source a cookie or auth, or watch another page".to_owned()),
            Self::Nothing => told(
                "no list of articles was found on it",
                "name one row with item = \"…\", a CSS selector, under its [[source]]; `try` shows the nearest candidates".to_owned(),
            ),
        }
    }
}

/// Columns of running text that make an article.
const PROSE: usize = 500;

/// Tells a page apart by its running text and by what it and its address say of it; `found` is its likeliest list.
pub(super) fn of(tree: &Tree<'_>, links: &[Link], found: Option<(&Group, &Marks)>, page: &Page) -> Verdict {
    let found = found.filter(|(list, marks)| marks.tabled >= 0.5 || !is_woven(tree, links, list));
    let list = found.map(|(list, _)| list);
    let (body, prose) = prose(tree, links, list);
    let rows: usize = list.map_or(0, |list| list.rows.iter().map(|row| tree.width(*row)).sum());
    let says = says_article(tree);
    let is_named = links::shape(&page.url, page).is_article;
    let mut signs = usize::from(says) + usize::from(is_named);
    signs += usize::from(prose >= 2 * rows.max(1));
    signs += usize::from(prose >= rows.max(1));
    signs += usize::from(list.and_then(|list| list.rows.first()).is_none_or(|first| body < *first));
    // Rows with dates or in a table are a list of their own right, however much is said around them.
    let stands = found.is_some_and(|(_, marks)| {
        let is_own = marks.announced + marks.other < 0.5;
        is_own && ((marks.dated >= 0.7 && marks.count >= 10) || marks.tabled >= 0.5)
    });
    // A page that says so, at an address of an article, may be a short one under a long block of other stories; so may one of which
    // all else says so.
    let is_short = (says && is_named || signs >= 4) && !stands && prose >= PROSE / 2;
    // Addresses of lists that stand may look like an article's, so theirs says nothing.
    let least = if stands { 4 + usize::from(is_named) } else { 3 };
    if is_short || prose >= PROSE && signs >= least {
        return Verdict::Article(section(tree, links, body));
    }
    if list.is_some() {
        return Verdict::List;
    }
    if (0..tree.len()).any(|at| tree.tag(at) == "input" && attr(tree, at, "type") == "password") {
        return Verdict::Login;
    }
    state(tree).map_or(Verdict::Nothing, Verdict::Shell)
}

/// Rows whose links are looked at, and columns of running text on either side of a link that is woven into it.
const SAMPLE: usize = 24;
const WOVEN: usize = 12;

/// Whether most links of a list stand in the midst of a sentence: its rows are paragraphs of an article.
fn is_woven(tree: &Tree<'_>, links: &[Link], list: &Group) -> bool {
    let is_text = |node: Option<ego_tree::NodeRef<'_, scraper::Node>>| {
        node.and_then(|node| node.value().as_text()).is_some_and(|text| columns(text) >= WOVEN)
    };
    let (mut all, mut woven) = (0_usize, 0_usize);
    for (row, number) in list.rows.iter().zip(&list.links).take(SAMPLE) {
        let Some(link) = links.get(*number) else { continue };
        let Some(node) = tree.node(link.at) else { continue };
        let is_between = is_text(node.element.prev_sibling()) && is_text(node.element.next_sibling());
        all += 1;
        // A row that is a link alone has its neighbours' text around it.
        woven += usize::from(is_between && link.at != *row);
    }
    woven * 2 > all
}

fn attr<'a>(tree: &Tree<'a>, at: At, name: &str) -> &'a str {
    tree.named(at).and_then(|element| element.attr(name)).unwrap_or_default()
}

/// The element whose own paragraphs hold most running text outside of links and of the list's rows, and how much.
fn prose(tree: &Tree<'_>, links: &[Link], list: Option<&Group>) -> (At, usize) {
    let mut sums: std::collections::HashMap<At, usize> = std::collections::HashMap::new();
    let mut listed = vec![false; tree.len()];
    for row in list.into_iter().flat_map(|list| &list.rows) {
        listed.get_mut(tree.span(*row)).into_iter().flatten().for_each(|is| *is = true);
    }
    for at in 0..tree.len() {
        let is_text =
            matches!(tree.tag(at), "p" | "div" | "td" | "section" | "article" | "blockquote" | "span" | "font");
        let Some(node) = tree.node(at).filter(|node| is_text && node.width >= 40) else { continue };
        let words: usize =
            node.element.children().filter_map(|child| child.value().as_text().map(|text| columns(text))).sum();
        if words < 40 || node.zone.guide || node.zone.foot {
            continue;
        }
        // A text in a link is a card's.
        let in_link = tree.up(at).take(6).any(|place| tree.tag(place) == "a");
        if in_link || listed.get(at) == Some(&true) {
            continue;
        }
        let from = links.partition_point(|link| link.at < at);
        let linked: usize =
            links.iter().skip(from).take_while(|link| tree.holds(at, link.at)).map(|link| link.width).sum();
        let holder = if matches!(tree.tag(at), "p" | "span" | "font" | "blockquote") { node.parent } else { at };
        *sums.entry(holder).or_default() += words.saturating_sub(linked);
    }
    sums.into_iter().max_by_key(|(at, sum)| (*sum, std::cmp::Reverse(*at))).unwrap_or_default()
}

/// Whether the page's own words for programs say that it is an article.
fn says_article(tree: &Tree<'_>) -> bool {
    (0..tree.len()).any(|at| {
        let property = if tree.tag(at) == "meta" { attr(tree, at, "property") } else { "" };
        (property == "og:type" && attr(tree, at, "content") == "article")
            || property == "article:published_time"
            || tree.node(at).is_some_and(|node| node.itemprop == "articleBody")
    })
}

/// The last link before the article that leads to a column.
fn section(tree: &Tree<'_>, links: &[Link], body: At) -> Option<String> {
    let before =
        links.iter().take_while(|link| link.at < body).filter(|link| link.shape.is_own && !link.shape.is_article);
    let guides = before.filter(|link| link.width >= 2 && link.width <= 24);
    let found = guides.last().and_then(|found| tree.node(found.at))?;
    link::address(found.element).map(str::to_owned)
}

/// Where a page that scripts build keeps its data.
fn state(tree: &Tree<'_>) -> Option<String> {
    let scripts = || (0..tree.len()).filter(|at| tree.tag(*at) == "script").filter_map(|at| tree.node(at));
    let text = |element: ElementRef<'_>| element.text().collect::<String>();
    if tree.width(0) > 600 || scripts().next().is_none() {
        return None;
    }
    for known in ["__NEXT_DATA__", "__NUXT__", "__INITIAL_STATE__", "__APOLLO_STATE__", "__PRELOADED_STATE__"] {
        if scripts().any(|node| node.element.attr("id") == Some(known) || text(node.element).contains(known)) {
            return Some(format!("its data lie in {known}"));
        }
    }
    let mounts = |at: At| {
        matches!(attr(tree, at, "id"), "app" | "root" | "__next" | "__nuxt" | "main" | "container")
            && tree.width(at) < 40
    };
    (0..tree.len()).any(mounts).then(|| "the browser's network view shows which one the script asks".to_owned())
}
