//! Programs that people read feeds with, on hostile feeds. One that is not installed is named and skipped.

use std::{
    fs,
    io::Write as _,
    path::Path,
    process::{Command, Stdio},
};

use tearsheet::feed;

use tearsheet::serve::listen::Limits;

use crate::{
    hostile,
    http::Server,
    sample::{self, Shown},
};

/// Whether `program` can be run.
fn installed(program: &str, probe: &str) -> bool {
    let there = Command::new(program)
        .arg(probe)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok();
    if !there {
        println!("skipped: feeds: {program} is not installed");
    }
    there
}

/// The Python that scripts/test makes with feedparser in it, else the system's.
fn python() -> &'static str {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/target/readers/bin/python3");
    if std::path::Path::new(own).exists() { own } else { "python3" }
}

fn output(command: &mut Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Python's expat on every XML file, and feedparser on all, with what it must find.
#[test]
fn expat_and_feedparser_find_no_fault() {
    if !installed("python3", "--version") {
        return;
    }
    let folder = hostile::on_disk();
    let script = r#"
import sys, os, json, xml.parsers.expat
folder = sys.argv[1]
names = sorted(os.listdir(folder))
for name in names:
    if not name.endswith('.json'):
        xml.parsers.expat.ParserCreate().Parse(open(os.path.join(folder, name), 'rb').read(), True)
    else:
        json.load(open(os.path.join(folder, name), encoding='utf-8'))
print('expat and json:', len(names), 'files')
try:
    import feedparser
except ImportError:
    print('skipped: feeds: feedparser is not installed')
    sys.exit()
entries = files = 0
for name in names:
    if name.endswith('.json'):
        continue
    found = feedparser.parse(os.path.join(folder, name))
    assert found.bozo == 0, (name, found.bozo_exception)
    assert found.feed.title and found.feed.id if name.endswith('.atom') else found.feed.title, name
    for entry in found.entries:
        assert entry.id.startswith('urn:uuid:') and entry.title and entry.published_parsed, name
    assert len({entry.id for entry in found.entries}) == len(found.entries)
    entries += len(found.entries)
    files += 1
print('feedparser:', files, 'files,', entries, 'entries')
print('COUNT', entries)
"#;
    let said = output(Command::new(python()).arg("-c").arg(script).arg(folder.path()));
    print!("{said}");
    if let Some(count) = said.lines().find_map(|line| line.strip_prefix("COUNT ")) {
        let meant: usize =
            hostile::documents().map(|document| document.entries.len()).sum::<usize>() + sample::grid().len();
        assert_eq!(count.parse::<usize>().unwrap(), 2 * meant, "every entry of both XML formats");
    }
}

#[test]
fn atom_holds_to_its_relax_ng() {
    if !installed("xmllint", "--version") {
        return;
    }
    let schema = std::env::var_os("TEARSHEET_ATOM_RNG").unwrap_or_else(|| "../shared/atom.rng".into());
    let schema = Path::new(&schema);
    if !schema.exists() {
        println!("skipped: TEARSHEET_ATOM_RNG names no schema of Atom (RFC 4287, appendix B)");
        return;
    }
    let folder = hostile::on_disk();
    let files = hostile::files(&folder, "atom");
    for some in files.chunks(100) {
        output(Command::new("xmllint").args(["--noout", "--nonet", "--relaxng"]).arg(schema).args(some));
    }
    println!("RELAX NG: {} Atom files", files.len());
}

/// sfeed writes a line an item: time, title, link, content, its type, id, author, enclosure, categories.
#[test]
fn sfeed_reads_every_item_with_its_time() {
    if !installed("sfeed", "--help") {
        return;
    }
    let folder = hostile::on_disk();
    let mut items = 0;
    for extension in ["rss", "atom"] {
        for path in hostile::files(&folder, extension) {
            let said = output(Command::new("sfeed").stdin(fs::File::open(&path).unwrap()));
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let document = match name.strip_prefix('f').and_then(|seed| seed.parse().ok()) {
                Some(seed) => hostile::document(seed),
                None => sample::document("grid", "电网", sample::grid()),
            };
            let lines: Vec<Vec<&str>> = said.lines().map(|line| line.split('\t').collect()).collect();
            assert_eq!(lines.len(), document.entries.len(), "{name}.{extension}");
            for (line, entry) in lines.iter().zip(&document.entries) {
                let article = &entry.article;
                assert_eq!(line[5], article.key.urn());
                assert_eq!(line[0], article.published.at.as_second().to_string(), "{name}.{extension}");
                assert_eq!(line[2], feed::web(&article.url).map(String::from).unwrap_or_default());
                items += 1;
            }
        }
    }
    println!("sfeed: {items} items");
}

#[test]
fn newsboat_reads_every_item_with_its_title_and_time() {
    if !installed("newsboat", "--version") || !installed("sqlite3", "--version") {
        return;
    }
    let folder = hostile::on_disk();
    let home = tempfile::tempdir().unwrap();
    let seeds: Vec<u64> = (1..=60).filter(|seed| !hostile::document(*seed).entries.is_empty()).collect();
    let mut compared = 0;
    // It keeps one item an id, so each format has a database of its own.
    for extension in ["rss", "atom"] {
        let path = |name: &str| home.path().join(format!("{extension}-{name}"));
        let mut urls = fs::File::create(path("urls")).unwrap();
        for name in seeds.iter().map(|seed| format!("f{seed}")).chain(["sample".to_owned()]) {
            writeln!(urls, "file://{}/{name}.{extension}", folder.path().display()).unwrap();
        }
        fs::write(path("config"), "reload-threads 1\n").unwrap();
        let mut newsboat = Command::new("newsboat");
        newsboat
            .env("HOME", home.path())
            .arg("-u")
            .arg(path("urls"))
            .arg("-c")
            .arg(path("db"))
            .arg("-C")
            .arg(path("config"));
        output(newsboat.args(["-x", "reload"]));
        let query = "select feedurl, guid, pubDate, title from rss_item";
        let rows = output(Command::new("sqlite3").arg("-ascii").arg(path("db")).arg(query));
        let rows: Vec<Vec<&str>> =
            rows.split('\u{1e}').filter(|row| !row.is_empty()).map(|row| row.split('\u{1f}').collect()).collect();
        let documents = seeds.iter().map(|seed| (format!("f{seed}"), hostile::document(*seed)));
        for (name, document) in
            documents.chain([("sample".to_owned(), sample::document("grid", "电网", sample::grid()))])
        {
            let end = format!("/{name}.{extension}");
            let found: Vec<_> = rows.iter().filter(|row| row[0].ends_with(&end)).collect();
            assert_eq!(found.len(), document.entries.len(), "{end}");
            for entry in &document.entries {
                let article = &entry.article;
                let row = found
                    .iter()
                    .find(|row| row[1] == article.key.urn())
                    .unwrap_or_else(|| panic!("{end} lacks an item"));
                assert_eq!(row[2].parse::<i64>().unwrap(), article.published.at.as_second(), "{end}");
                compared += 1;
                if name == "sample" {
                    assert_eq!(row[3].replace('\u{2060}', ""), feed::title(article), "{end}");
                }
            }
        }
    }
    println!("newsboat: {compared} items in {} feeds", 2 * seeds.len() + 2);
}

/// Runs a program without holding up the server that it talks to.
async fn output_of(command: Command) -> String {
    let mut command = command;
    tokio::task::spawn_blocking(move || output(&mut command)).await.unwrap()
}

#[tokio::test]
async fn feedparser_is_told_that_nothing_is_new() {
    if !installed("python3", "--version") {
        return;
    }
    let server =
        Server::start(Shown::new(vec![sample::document("grid", "电网", sample::grid())]), Limits::default()).await;
    let script = r#"
import sys
try:
    import feedparser
except ImportError:
    print('skipped: feeds: feedparser is not installed')
    sys.exit()
for end in 'rss', 'atom':
    url = f'http://{sys.argv[1]}/feeds/grid.{end}'
    first = feedparser.parse(url)
    assert first.status == 200 and first.bozo == 0 and len(first.entries) == 6, first
    assert first.headers['content-encoding'] == 'gzip', first.headers
    assert first.entries[0].published_parsed[:6] == (2026, 11, 22, 0, 42, 10)
    assert feedparser.parse(url, etag=first.etag).status == 304
    assert feedparser.parse(url, modified=first.modified).status == 304
print('feedparser: 304 for its tag and for its date')
"#;
    let mut python = Command::new(python());
    python.arg("-c").arg(script).arg(server.address.to_string());
    print!("{}", output_of(python).await);
    server.stop().await;
}

/// The policy lets the page's own script and style run: their hashes are right.
#[tokio::test]
async fn a_browser_runs_what_the_page_brings_and_nothing_else() {
    if !installed("chromium", "--version") {
        return;
    }
    let mut articles = sample::grid();
    articles[0].title = "<script>document.title='broken in'</script>".to_owned();
    let server = Server::start(Shown::new(vec![sample::document("grid", "电网", articles)]), Limits::default()).await;
    let home = tempfile::tempdir().unwrap();
    let mut chromium = Command::new("chromium");
    chromium
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync", "--dump-dom"])
        .arg(format!("--user-data-dir={}", home.path().display()))
        // A feed's own address leads a browser to the feed's page.
        .arg(format!("http://{}/feeds/grid.atom", server.address));
    let dom = output_of(chromium).await;
    assert!(
        dom.contains("data-copy=\"address-rss\" aria-label=\"Copy the RSS address\">Copy</button>"),
        "the script ran: {dom}"
    );
    assert!(dom.contains("<title>电网</title>"));
    server.stop().await;
    println!("chromium: shown {} bytes of the feed's page at the feed's own address", dom.len());
}
