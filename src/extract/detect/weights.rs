//! [`Weights`]: the numbers by which detection decides which list of a page wins and which rows are its own.
//!
//! They stand in one place so that the bench may ask what other values would do (`benches/README.md`, `thresholds`).

/// The numbers of detection. Unless said otherwise each is what a full share of the mark of its name adds to a list's score, or takes.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// For the logarithm of the number of documents.
    pub many: f64,
    /// For the logarithm of the texts' width, in units of `title_width`.
    pub title: f64,
    /// Columns of a text that is neither short nor long: menus have 4 to 12, headlines 16 and more.
    pub title_width: f64,
    /// For the logarithm of the columns beside the link.
    pub around: f64,
    /// What texts that all say the same take.
    pub variety: f64,
    /// For links whose texts can be titles.
    pub titled: f64,
    /// For rows with dates.
    pub dated: f64,
    /// For addresses that look like an article's.
    pub article: f64,
    /// For links in headings.
    pub headed: f64,
    /// For the share of the page's text.
    pub area: f64,
    /// For rows of tables.
    pub tabled: f64,
    /// For links to files that say no more than that.
    pub files: f64,
    /// What rows of tables of another width than most take.
    pub uneven: f64,
    /// What links that are no titles take.
    pub mute: f64,
    /// What the logarithm of the number of other articles in a row takes.
    pub crowd: f64,
    /// What links to columns and tags take.
    pub hub: f64,
    /// What links to other sites take.
    pub foreign: f64,
    /// What lying in a menu takes.
    pub guide: f64,
    /// What lying in the page's foot takes.
    pub foot: f64,
    /// What lying in a side column takes.
    pub side: f64,
    /// What lying in a box of other articles takes.
    pub other: f64,
    /// What a heading that names other articles takes.
    pub announced: f64,
    /// The least score of a list.
    pub least: f64,
    /// The score of a list that is believed even where its place is named as a menu's.
    pub sure: f64,
    /// The share of links in menus and feet above which a list is part of the page's frame, unless its rows say otherwise.
    pub framed: f64,
    /// The share of links that may lie in no row of their own: the others decide how large rows are.
    pub crammed: f64,
    /// The share of titles and of articles' addresses in a list of headlines that is joined to others.
    pub plain: f64,
    /// How far below the likeliest list's score one may be that is joined to it.
    pub behind: f64,
    /// Articles in a hundred that lists of bare headlines must add where they are joined.
    pub gain: f64,
    /// The same where rows say more than a headline, since what they say is lost.
    pub gain_of_cards: f64,
}

impl Weights {
    /// The numbers that the program uses.
    pub const SHIPPED: Self = Self {
        many: 0.9,
        title: 1.3,
        title_width: 14.0,
        around: 0.25,
        variety: 3.0,
        titled: 1.5,
        dated: 1.3,
        article: 1.3,
        headed: 1.0,
        area: 2.0,
        tabled: 0.3,
        files: 0.5,
        uneven: 2.0,
        mute: 0.6,
        crowd: 1.1,
        hub: 2.5,
        foreign: 0.6,
        guide: 2.5,
        foot: 2.5,
        side: 1.8,
        other: 1.0,
        announced: 1.5,
        least: 3.0,
        sure: 4.5,
        framed: 0.5,
        crammed: 0.1,
        plain: 0.7,
        behind: 4.0,
        gain: 12.0,
        gain_of_cards: 40.0,
    };
}

impl Default for Weights {
    fn default() -> Self {
        Self::SHIPPED
    }
}
