//! Documents made of the worst that pages have sent, the same ones on every run.

use std::{path::PathBuf, sync::Arc, time::Duration};

use jiff::Timestamp;
use tearsheet::{
    feed::{self, Format},
    model::{Article, ArticleKey, Choice, CleanHtml, Document, FeedSpec, Moment, Origin, Precision, Sighting, Sort},
};

use crate::sample;

/// How many documents [`documents`] makes.
pub(crate) const DOCUMENTS: u64 = 520;

/// Pieces that broke feeds somewhere.
const PIECES: [&str; 62] = [
    "]]>",
    "<![CDATA[",
    "-->",
    "<!--",
    "<?xml",
    "<!DOCTYPE x [<!ENTITY a \"b\">]>",
    "&a;",
    "&amp;",
    "&amp;amp;",
    "&lt;b&gt;",
    "&#0;",
    "&#xD800;",
    "&#xFFFE;",
    "&#8;",
    "&nbsp;",
    "&copy",
    "&",
    "&&",
    "<",
    ">",
    "<b>",
    "</b>",
    "<br/>",
    "<script>alert(1)</script>",
    "\"",
    "'",
    "`",
    "\0",
    "\u{1}",
    "\u{8}",
    "\u{b}",
    "\u{c}",
    "\u{1b}[31m",
    "\u{7f}",
    "\u{80}",
    "\u{85}",
    "\u{9f}",
    "\u{a0}",
    "\u{ad}",
    "\u{200b}",
    "\u{200e}",
    "\u{202e}",
    "\u{2028}",
    "\u{2029}",
    "\u{3000}",
    "\u{feff}",
    "\u{fdd0}",
    "\u{fffd}",
    "\u{fffe}",
    "\u{ffff}",
    "\u{1f600}",
    "\u{1fffe}",
    "\u{10ffff}",
    "\r",
    "\r\n",
    "\n\n\t",
    "  ",
    "电网建设",
    "ภาษาไทย",
    "العربية",
    "e\u{301}",
    "plain words",
];

/// A small generator (xorshift64*), so that nothing but the seed decides.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % sides
    }

    pub(crate) fn text(&mut self) -> String {
        let pieces = [0, 1, 2, 5, 12][self.roll(5)];
        (0..pieces).map(|_| PIECES[self.roll(PIECES.len())]).collect()
    }

    /// HTML as the cleaner leaves it, around hostile text.
    fn html(&mut self) -> CleanHtml {
        let text = self.text().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        CleanHtml::vouched(match self.roll(4) {
            0 => text,
            1 => format!("<p>{text}</p>"),
            2 => format!("<p>a</p><ul><li>{text}</li></ul><p><a href=\"http://h.example/?a=1&amp;b=2\">{text}</a></p>"),
            _ => format!("<blockquote><p>]]> {text}<br></p></blockquote>"),
        })
    }

    fn maybe<T>(&mut self, make: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.roll(2) == 0).then(|| make(self))
    }

    fn url(&mut self, n: u64) -> String {
        let tails = [
            "",
            "?a=1&b=2",
            "#x",
            "|[]^{}\"<>`\\",
            "%",
            "%zz",
            "电网.html",
            "?q=电 网",
            "/../../x",
            ";v=1",
            "#a#b",
            "'()*",
        ];
        match self.roll(12) {
            0 => "javascript:alert(1)".to_owned(),
            1 => String::new(),
            _ => format!("http://h{n}.example.org/{}{}", n, tails[self.roll(tails.len())]),
        }
    }

    fn article(&mut self, seed: u64, n: u32) -> Article {
        let url = self.url(seed * 1000 + u64::from(n));
        let seen = Timestamp::from_second(1_600_000_000 + self.roll(100_000_000) as i64).unwrap();
        let languages = ["zh-cn", "EN", "", "xx-yy", "\"><", "pt_BR", "zh-Hant-TW", "und"];
        let (times, names) = ([0, 28_800, -34_200, 19_800, 86_399, i32::MIN, 17], [0, 1, 3]);
        let names_of = |dice: &mut Self| (0..names[dice.roll(3)]).map(|_| dice.text()).collect();
        Article {
            key: ArticleKey::of(&seed.to_string(), &[&n.to_string()]),
            title: self.text(),
            title_cut: false,
            published: Moment {
                at: Timestamp::from_second(1_000_000_000 + self.roll(700_000_000) as i64).unwrap(),
                offset: times[self.roll(times.len())],
                precision: [Precision::Day, Precision::Minute, Precision::Second][self.roll(3)],
                origin: Origin::List,
            },
            first_seen: seen,
            updated: seen,
            revision: 0,
            summary: self.maybe(Self::html),
            content: self.maybe(Self::html),
            image: self.maybe(|dice| dice.url(u64::from(n))),
            authors: names_of(self),
            categories: names_of(self),
            outlet: self.maybe(Self::text),
            language: self.maybe(|dice| languages[dice.roll(languages.len())].to_owned()),
            aliases: Vec::new(),
            twin_of: None,
            twin_late: false,
            apart: Vec::new(),
            sightings: vec![Sighting { source: "s".parse().unwrap(), place: n, first: seen }],
            url,
        }
    }
}

/// Document number `seed`.
pub(crate) fn document(seed: u64) -> Document {
    let mut dice = Dice::new(seed);
    let count = [0, 1, 3, 8, 20][dice.roll(5)];
    let mut articles: Vec<Arc<Article>> = (0..count).map(|n| Arc::new(dice.article(seed, n))).collect();
    articles.sort_by_key(|article| std::cmp::Reverse(article.first_seen));
    let spec = FeedSpec {
        id: format!("f{seed}").parse().unwrap(),
        name: None,
        private: false,
        link: dice.url(seed),
        language: dice.maybe(|dice| dice.text()),
        every: Duration::from_secs(dice.roll(100_000) as u64),
        digest: None,
        choice: Choice {
            sources: Vec::new(),
            length: 50,
            sort: [Sort::Published, Sort::FirstSeen, Sort::Updated][dice.roll(3)],
            ..Choice::default()
        },
    };
    let title = dice.text();
    feed::document(&spec, &title, sample::BASE, feed::select(&spec, vec![articles]))
}

pub(crate) fn documents() -> impl Iterator<Item = Document> {
    (1..=DOCUMENTS).map(document)
}

/// Writes every document in every format into a new folder, for readers in other languages.
pub(crate) fn on_disk() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: String, document: &Document| {
        for format in Format::ALL {
            std::fs::write(folder.path().join(format!("{name}.{}", format.extension())), format.write(document))
                .unwrap();
        }
    };
    write("sample".to_owned(), &sample::document("grid", "电网", sample::grid()));
    for document in documents() {
        write(document.id.to_string(), &document);
    }
    folder
}

pub(crate) fn files(folder: &tempfile::TempDir, extension: &str) -> Vec<PathBuf> {
    let mut files: Vec<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == extension))
        .collect();
    files.sort();
    files
}
