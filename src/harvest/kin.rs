//! What new articles of a list have in common with those known: [`Kin`] compares addresses, the rest of this file titles.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use url::Url;

use crate::model::{Article, Draft};
use crate::reading::{text, url::form};

/// Share of a title's pairs of signs that an edited one keeps, at least.
const EDITED: f64 = 0.5;
/// Share of the known articles at other hosts from which on one at the page's own is no article.
const FAR: f64 = 0.9;
/// How many times the known share of articles at the page's own host new ones may have.
const MANY: f64 = 2.0;

/// What a source's known articles have in common.
pub(super) struct Kin {
    forms: HashSet<String>,
    /// Whether forms say something: nearly each article may have its own, as bookmarks do.
    tell: bool,
    /// The page's host, where the articles are elsewhere, and the share of them that is not.
    keeper: Option<(String, f64)>,
    /// Whether all have titles.
    titled: bool,
}

impl Kin {
    /// What `listed`, the articles of the page at `page`, have in common.
    pub(super) fn of(listed: &[Arc<Article>], page: &Url) -> Self {
        let urls: Vec<Url> = listed.iter().filter_map(|article| Url::parse(&article.url).ok()).collect();
        let forms: HashSet<String> = urls.iter().map(form).collect();
        let far = urls.iter().filter(|url| url.host_str() != page.host_str()).count();
        let far = far as f64 / listed.len().max(1) as f64;
        let keeper = page.host_str().filter(|_| far >= FAR).map(|host| (host.to_owned(), 1.0 - far));
        let titled = listed.iter().all(|article| !article.title.is_empty());
        Self { tell: forms.len() * 2 <= listed.len(), forms, keeper, titled }
    }

    /// Whether an address has the form of a known one.
    pub(super) fn has_form(&self, url: &Url) -> bool {
        self.forms.contains(&form(url))
    }

    /// The share of new articles that are as those known.
    pub(super) fn share(&self, fresh: &[&Draft]) -> f64 {
        // Bookmarks lead anywhere but to the site that keeps them: what does is another link of a row, and others are too, unless
        // such articles were there before.
        if let Some((keeper, share)) = &self.keeper {
            let kept = fresh.iter().filter(|draft| draft.url.host_str() == Some(keeper)).count();
            let is_new = fresh.iter().any(|draft| draft.url.host_str() == Some(keeper) && !self.has_form(&draft.url));
            if is_new || kept as f64 > (fresh.len() as f64 * share * MANY).ceil() {
                return 0.0;
            }
        }
        let is_alike =
            |draft: &&&Draft| (!self.tell || self.has_form(&draft.url)) && (!self.titled || !draft.title.is_empty());
        fresh.iter().filter(is_alike).count() as f64 / fresh.len().max(1) as f64
    }
}

/// A title without what redesigns change of it: spaces, case, and the mark of what was cut.
pub(super) fn essence(title: &str) -> String {
    let title = text::line(title).to_lowercase();
    let title = title.trim_end_matches(['…', '.']);
    title.chars().filter(|sign| !sign.is_whitespace()).collect()
}

/// The place of each title, without those that stand at several: they tell none.
pub(super) fn once<'x>(titles: impl Iterator<Item = &'x str>) -> HashMap<String, usize> {
    let mut places: HashMap<String, Option<usize>> = HashMap::new();
    for (place, title) in titles.enumerate() {
        places.entry(essence(title)).and_modify(|known| *known = None).or_insert(Some(place));
    }
    places.into_iter().filter_map(|(title, place)| Some((title, place?))).collect()
}

/// Whether a title says enough to tell one article from another.
pub(super) fn is_telling(title: &str) -> bool {
    essence(title).chars().map(|sign| if sign.is_ascii() { 1 } else { 2 }).sum::<usize>() >= 12
}

/// Whether two titles are one, perhaps cut. A title with something more in it is another: what was glued to it is no part of it.
pub(super) fn is_same_title(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    let is_cut = |title: &str| title.trim_end().ends_with(['…', '.']);
    let (cut_one, cut_other) = (is_cut(one), is_cut(other));
    let (one, other) = (essence(one), essence(other));
    let begins = |cut: &str, whole: &str| !cut.is_empty() && whole.starts_with(cut);
    one == other || cut_one && begins(&one, &other) || cut_other && begins(&other, &one)
}

/// Whether a title may be another one after its editor was there: a good part of its pairs of signs is as it was.
pub(super) fn is_edited(before: &str, now: &str) -> bool {
    if before == now {
        return true;
    }
    let pairs = |title: &str| -> Vec<(char, char)> {
        let signs: Vec<char> = essence(title).chars().collect();
        signs.iter().copied().zip(signs.iter().copied().skip(1)).collect()
    };
    let (before, now) = (pairs(before), pairs(now));
    let least = before.len().min(now.len());
    let now: HashSet<(char, char)> = now.into_iter().collect();
    let kept = before.iter().filter(|pair| now.contains(*pair)).count();
    least == 0 && before.len() == now.len() || least > 0 && kept as f64 >= least as f64 * EDITED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_edited_title_is_told_from_another_text() {
        assert!(is_edited("Council approves the new tram line", "Council approves new tram line after long debate"));
        assert!(is_edited("全国电网建设投资创新高", "全国电网建设投资再创新高"));
        assert!(!is_edited("Council approves the new tram line", "Rivera, J."));
        assert!(!is_edited("全国电网建设投资创新高", "经济日报"));
        assert!(!is_edited("Council approves the new tram line", ""));
    }

    #[test]
    fn a_title_is_the_same_though_cut_but_not_with_more_in_it() {
        assert!(is_same_title("Council approves…", "Council approves the new tram line"));
        assert!(is_same_title("Council  Approves the line", "Council approves the line"));
        assert!(!is_same_title("Council approves the line", "Council approves the line 4 May 2024"));
    }
}
