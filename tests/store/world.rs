//! What all these tests share: articles that follow from a number, chance with a seed, and a child process that works until it is killed.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use jiff::Timestamp;
use tearsheet::{
    model::{Article, ArticleKey, CleanHtml, History, Moment, Origin, Precision, Sighting, SourceId},
    store::{Known, Options, Store, Visit},
};

/// A setting from the environment of the tests.
pub(crate) fn setting(name: &str) -> Option<String> {
    std::env::var_os(name)?.into_string().ok()
}

/// The short figure, or the full one where it is asked for.
pub(crate) fn figure(short: u64, full: u64) -> u64 {
    let asked = setting("TEARSHEET_ROUNDS").and_then(|rounds| rounds.parse().ok());
    match asked {
        Some(rounds) => full.min(rounds).max(short),
        None if setting("TEARSHEET_FULL").is_some() => full,
        None => short,
    }
}

/// The figure that a run without optimisation can afford, or else the one that is asked for.
pub(crate) fn quick(quick: u64, short: u64) -> u64 {
    if cfg!(debug_assertions) { quick } else { short }
}

/// Numbers that look random and are the same in every run (SplitMix64).
#[derive(Debug, Clone)]
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// A number below `end`.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end.max(1)
    }
}

/// The time of second `second`.
pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

/// A store small enough to be hurt often.
pub(crate) fn small() -> Options {
    Options { reserve: 0, segment: 32 << 10, cache: 1 << 20, max_items: 1_000_000, ..Options::default() }
}

/// The source that owns an article.
pub(crate) fn source(n: u64) -> SourceId {
    format!("source-{}", n % 7).parse().unwrap()
}

/// The article that follows from `n`, as it is after `revision` changes.
pub(crate) fn article(n: u64, revision: u32) -> Article {
    let seen = i64::try_from(n).unwrap() * 60;
    let url = format!("https://example.org/{n}.html");
    let text = format!("<p>text {n}, version {revision}</p>");
    Article {
        key: ArticleKey::of("", &[&url]),
        url,
        title: format!("Article {n}, version {revision}: 电网建设"),
        title_cut: false,
        published: Moment { at: at(seen - 30), offset: 28_800, precision: Precision::Second, origin: Origin::List },
        first_seen: at(seen),
        updated: at(seen + i64::from(revision)),
        revision,
        summary: Some(CleanHtml::vouched(text.clone())),
        content: (n.is_multiple_of(4)).then(|| CleanHtml::vouched(text.repeat(50))),
        image: None,
        authors: vec![],
        categories: vec![format!("column {}", n % 9)],
        outlet: None,
        language: Some("zh".to_owned()),
        aliases: vec![],
        twin_of: None,
        twin_late: false,
        // A person's word, which no compaction and no rebuild may lose; those of the frozen store have none.
        apart: (n > 1_000 && n.is_multiple_of(5))
            .then(|| ArticleKey::of("", &[&format!("https://example.org/{}.html", n + 1)]))
            .into_iter()
            .collect(),
        sightings: vec![Sighting { source: source(n), place: u32::try_from(n % 40).unwrap(), first: at(seen) }],
    }
}

/// A visit that brings these articles.
pub(crate) fn visit(of: u64, written: Vec<Article>) -> Visit {
    let listed = written.iter().map(|article| article.key).collect();
    let history = History { url: format!("https://example.org/{}/", of % 7), ..History::default() };
    Visit { source: source(of), at: at(i64::try_from(of).unwrap() * 60), written, listed, history: Some(history) }
}

/// What reading an article back showed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Back {
    /// It is what was written, with at least the revision that was acknowledged.
    Right,
    /// It is not there.
    Lost,
    /// It is there as it once was; a later change of it is lost.
    Stale,
    /// It is there, but not as it was written.
    Wrong,
    /// Reading it gave an error.
    Error,
}

/// Reads article `n` back; `revision` was the last one acknowledged.
pub(crate) fn read_back(store: &Store, n: u64, revision: u32) -> Back {
    match store.article(&article(n, 0).key) {
        Err(_) => Back::Error,
        Ok(None | Some(Known::Buried { .. })) => Back::Lost,
        Ok(Some(Known::Article(found))) if *found == article(n, found.revision) => {
            if found.revision < revision {
                Back::Stale
            } else {
                Back::Right
            }
        }
        Ok(Some(Known::Article(_))) => Back::Wrong,
    }
}

/// Prints a line that the parent sees even if this process is killed right after. Without a parent it ends.
pub(crate) fn say(line: &str) {
    let mut out = std::io::stdout().lock();
    if out.write_all(format!("\n{line}\n").as_bytes()).and_then(|()| out.flush()).is_err() {
        #[expect(clippy::disallowed_methods, reason = "a child without a parent has nobody to tell")]
        std::process::exit(1);
    }
}

/// A command that runs the ignored test `name` of this binary in a process of its own.
pub(crate) fn child(name: &str, dir: &Path) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", name, "--ignored", "--nocapture", "--test-threads=1"]);
    command.env("STORE_CHILD", dir).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// The folder that a child is to work in; absent where the test was not started by its parent.
pub(crate) fn child_dir() -> Option<PathBuf> {
    setting("STORE_CHILD").map(PathBuf::from)
}

/// The frozen store of a format.
pub(crate) fn frozen(format: u8) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/store/format-{format}"))
}

/// What the frozen store of format 1 surely holds: numbers of articles and their revisions.
pub(crate) fn held_by_format_1() -> impl Iterator<Item = (u64, u32)> {
    (0..60).filter(|n| n % 7 != 0).map(|n| (n, u32::from(n == 3)))
}

/// Copies a folder of files and folders.
pub(crate) fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
