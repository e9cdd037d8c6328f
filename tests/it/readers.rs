//! Real feed readers on the real daemon: what they show is what the site says, and each article is new once.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

use jiff::civil::DateTime;

use crate::{
    site::Site,
    world::{World, skipped},
};

/// What a reader shows of an article: link → (title, seconds since 1970).
type Shown = BTreeMap<String, (String, i64)>;

/// The articles `1..=count` as rows of the list, the newest first, and as readers must show them.
fn articles(site: &Site, count: usize) -> (Vec<(String, String, String)>, Shown) {
    let mut rows = Vec::new();
    let mut shown = Shown::new();
    for n in (1..=count).rev() {
        let date = format!("2021-12-{:02} {:02}:07:{:02}", n % 28 + 1, n * 5 % 24, n * 7 % 60);
        let at: DateTime = date.replace(' ', "T").parse().unwrap();
        let at = at.in_tz("Asia/Shanghai").unwrap().timestamp().as_second();
        shown.insert(site.url(&format!("/2021/{n}.html?a=1&b={n}")), (format!("第{n}条 R&D 新闻 “é” 100%"), at));
        rows.push((format!("../2021/{n}.html?a=1&amp;b={n}"), format!("第{n}条 R&amp;D 新闻 “é” 100%"), date));
    }
    (rows, shown)
}

fn world(site: &Site) -> World {
    let mut world = World::new();
    world.write(&format!(
        "[[source]]\nid = \"news\"\nurl = \"{}\"\nitem = \"ul.news > li\"\ntitle = \"a\"\nlink = \"a@href\"\ndate = \"span\"\n",
        site.url("/column/")
    ));
    world.start();
    world
}

fn wait(world: &World, count: usize) {
    world.wait("/feeds/news.json", |text| text.matches("\"date_published\"").count() == count);
}

fn there(program: &str, name: &str) -> bool {
    let found = Command::new("sh").args(["-c", &format!("command -v {program}")]).output().unwrap().status.success();
    if !found {
        skipped(name, &format!("{program} is not installed"));
    }
    found
}

/// A Python that has feedparser: the one that scripts/test makes, else the system's.
fn python(name: &str) -> Option<String> {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/target/readers/bin/python3");
    let has = |python: &str| {
        Command::new(python).args(["-c", "import feedparser"]).output().is_ok_and(|done| done.status.success())
    };
    let found = [own, "python3"].into_iter().find(|python| has(python)).map(str::to_owned);
    if found.is_none() {
        skipped(name, "no python3 has feedparser");
    }
    found
}

/// What a command prints; the test fails where it fails.
fn output(command: &mut Command) -> String {
    let done = command.output().unwrap();
    assert!(done.status.success(), "{command:?}: {}", String::from_utf8_lossy(&done.stderr));
    String::from_utf8(done.stdout).unwrap()
}

fn url(world: &World, ending: &str) -> String {
    format!("http://{}/feeds/news.{ending}", world.daemon.as_ref().unwrap().address)
}

/// Lets newsboat poll, and gives what its store then holds of the feed.
fn newsboat(folder: &Path, url: &str) -> Vec<(String, (String, i64))> {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("urls"), format!("{url}\n")).unwrap();
    fs::write(folder.join("config"), "").unwrap();
    output(
        Command::new("newsboat")
            .args(["-u", "urls", "-c", "c.db", "-C", "config", "-x", "reload"])
            .current_dir(folder)
            .env("HOME", folder),
    );
    let rows = output(
        Command::new("sqlite3")
            .args(["-separator", "\t", "c.db", "select url, title, pubDate from rss_item where deleted = 0"])
            .current_dir(folder),
    );
    rows.lines()
        .map(|line| {
            let parts: Vec<&str> = line.split('\t').collect();
            (parts[0].to_owned(), (parts[1].to_owned(), parts[2].parse().unwrap()))
        })
        .collect()
}

/// No article may stand twice, whatever the reader shows it as.
fn once(rows: Vec<(String, (String, i64))>) -> Shown {
    let count = rows.len();
    let shown: Shown = rows.into_iter().collect();
    assert_eq!(shown.len(), count, "an article stands twice");
    shown
}

const FEEDPARSER: &str = r#"
import calendar, feedparser, json, sys
d = feedparser.parse(sys.argv[1])
again = feedparser.parse(sys.argv[1], etag=d.etag)
since = feedparser.parse(sys.argv[1], modified=d.modified)
print(json.dumps({
    "bozo": int(d.bozo), "why": str(d.get("bozo_exception", "")), "again": again.status, "since": since.status,
    "items": [[e.link, e.title, calendar.timegm(e.published_parsed)] for e in d.entries],
}))
"#;

#[test]
fn readers_show_what_the_site_says() {
    let site = Site::start();
    let (rows, expected) = articles(&site, 30);
    site.list("/column/", &rows);
    let world = world(&site);
    wait(&world, 30);
    for ending in ["rss", "atom"] {
        let url = url(&world, ending);
        if there("newsboat", "newsboat") {
            let folder = world.folder.path().join(format!("newsboat-{ending}"));
            assert_eq!(once(newsboat(&folder, &url)), expected, "newsboat, {ending}");
        }
        if there("sfeed", "sfeed") {
            let text = output(Command::new("sh").args(["-c", "curl -sf \"$0\" | sfeed \"$0\"", &url]));
            assert_eq!(once(tabs(&text)), expected, "sfeed, {ending}");
        }
        if let Some(python) = python("feedparser") {
            let said = output(Command::new(python).args(["-c", FEEDPARSER, &url]));
            let said: serde_json::Value = serde_json::from_str(&said).unwrap();
            assert_eq!(said["bozo"], 0, "{ending}: {}", said["why"]);
            assert_eq!((&said["again"], &said["since"]), (&304.into(), &304.into()), "{ending}");
            let rows = said["items"].as_array().unwrap().iter().map(|item| {
                let text = |n: usize| item[n].as_str().unwrap().to_owned();
                (text(0), (text(1), item[2].as_i64().unwrap()))
            });
            assert_eq!(once(rows.collect()), expected, "feedparser, {ending}");
        }
    }
}

/// Lets `sfeed_update` poll, and gives what it then keeps of the feed.
fn sfeed(folder: &Path, url: &str) -> Vec<(String, (String, i64))> {
    fs::create_dir_all(folder).unwrap();
    let settings = format!("sfeedpath=\"{}\"\nfeeds() {{\n\tfeed \"news\" \"{url}\"\n}}\n", folder.display());
    fs::write(folder.join("sfeedrc"), settings).unwrap();
    output(Command::new("sfeed_update").arg(folder.join("sfeedrc")).current_dir(folder).env("HOME", folder));
    tabs(&fs::read_to_string(folder.join("news")).unwrap())
}

/// Rows of sfeed's own form: time, title and link first.
fn tabs(text: &str) -> Vec<(String, (String, i64))> {
    let row = |line: &str| {
        let parts: Vec<&str> = line.split('\t').collect();
        (parts[2].to_owned(), (parts[1].to_owned(), parts[0].parse().unwrap()))
    };
    text.lines().map(row).collect()
}

/// A reader made of feedparser: it asks with what it was given last, asks once more at once, and adds entries whose id it has not seen.
const POLL: &str = r#"
import calendar, feedparser, json, os, sys
url, place = sys.argv[1:]
kept = json.load(open(place)) if os.path.exists(place) else {"etag": None, "modified": None, "seen": [], "items": []}
d = feedparser.parse(url, etag=kept["etag"], modified=kept["modified"])
if d.status != 304:
    kept["etag"], kept["modified"] = d.get("etag"), d.get("modified")
    for e in d.entries:
        if e.id not in kept["seen"]:
            kept["seen"].append(e.id)
            kept["items"].append([e.link, [e.title, calendar.timegm(e.published_parsed)]])
again = feedparser.parse(url, etag=kept["etag"], modified=kept["modified"])
json.dump(kept, open(place, "w"))
print(json.dumps([again.status, kept["items"]]))
"#;

/// Lets feedparser poll; it must be told 304 where it asks again at once. Gives all that was new to it so far.
fn feedparser(python: &str, place: &Path, url: &str) -> Vec<(String, (String, i64))> {
    let said = output(Command::new(python).args(["-c", POLL, url]).arg(place));
    let (again, items): (u16, Vec<_>) = serde_json::from_str(&said).unwrap();
    assert_eq!(again, 304, "{url} asked again");
    items
}

/// Every mail of a maildir as link, subject and date; the link stands in the body's text.
const MAILS: &str = r#"
import email, email.header, email.utils, glob, json, re, sys
mails = []
for name in glob.glob(sys.argv[1] + "/**/*", recursive=True):
    if "/new/" not in name and "/cur/" not in name:
        continue
    mail = email.message_from_file(open(name, encoding="utf-8"))
    subject = str(email.header.make_header(email.header.decode_header(mail["Subject"])))
    body = mail.get_payload(decode=True).decode("utf-8")
    link = re.search(r"URL: <?(\S+?)>?\s", body + "\n").group(1)
    mails.append([link, re.sub(r"\s+", " ", subject), int(email.utils.parsedate_to_datetime(mail["Date"]).timestamp())])
print(json.dumps(mails))
"#;

/// rss2email with one feed, whose mails go to a maildir.
struct Rss2email<'a> {
    folder: &'a Path,
}

impl Rss2email<'_> {
    fn run(&self, words: &[&str]) {
        output(
            Command::new("r2e")
                .args(["-c", "r2e.cfg", "-d", "r2e.json"])
                .args(words)
                .current_dir(self.folder)
                .env("HOME", self.folder),
        );
    }

    fn subscribe(&self, url: &str) {
        self.run(&["new", "reader@example.org"]);
        let path = self.folder.join("r2e.cfg");
        let mut text = String::new();
        for line in fs::read_to_string(&path).unwrap().lines() {
            let line = match line.split(" = ").next().unwrap_or_default().trim() {
                "email-protocol" => "email-protocol = maildir".to_owned(),
                "maildir-path" => format!("maildir-path = {}", self.folder.join("mail").display()),
                "maildir-mailbox" => "maildir-mailbox = INBOX".to_owned(),
                "date-header" => "date-header = True".to_owned(),
                _ => line.to_owned(),
            };
            text += &format!("{line}\n");
        }
        fs::write(path, text).unwrap();
        for place in ["new", "cur", "tmp"] {
            fs::create_dir_all(self.folder.join("mail/INBOX").join(place)).unwrap();
        }
        self.run(&["add", "news", url]);
    }

    fn mails(&self) -> Vec<(String, (String, i64))> {
        let said = output(Command::new("python3").args(["-c", MAILS]).arg(self.folder.join("mail")));
        let mails: Vec<(String, String, i64)> = serde_json::from_str(&said).unwrap();
        mails.into_iter().map(|(link, subject, date)| (link, (subject, date))).collect()
    }
}

/// Liferea on a screen of its own, which is told over D-Bus to look at its feeds.
struct Liferea {
    process: Child,
    folder: PathBuf,
}

impl Liferea {
    fn start(folder: PathBuf, feeds: &[(&str, String)]) -> Self {
        let settings = folder.join(".config/liferea");
        fs::create_dir_all(&settings).unwrap();
        let outline = |(id, url): &(&str, String)| {
            format!(
                "<outline type=\"rss\" title=\"{id}\" text=\"{id}\" id=\"{id}\" xmlUrl=\"{url}\" updateInterval=\"-1\"/>"
            )
        };
        let outlines: String = feeds.iter().map(outline).collect();
        let list = format!("<opml version=\"1.0\"><head><title>feeds</title></head><body>{outlines}</body></opml>");
        fs::write(settings.join("feedlist.opml"), list).unwrap();
        let process = Command::new("xvfb-run")
            .args(["-a", "dbus-run-session", "--", "sh", "-c", "echo \"$DBUS_SESSION_BUS_ADDRESS\" >bus; exec liferea"])
            .current_dir(&folder)
            .env("HOME", &folder)
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("XDG_DATA_HOME")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .unwrap();
        Self { process, folder }
    }

    /// Asks it to look at all feeds, until it says that it does.
    fn refresh(&self) {
        let asked = || {
            let bus = fs::read_to_string(self.folder.join("bus")).unwrap_or_default();
            let done = Command::new("dbus-send")
                .args(["--session", "--print-reply", "--dest=org.gnome.feed.Reader", "/org/gnome/feed/Reader"])
                .arg("org.gnome.feed.Reader.Refresh")
                .env("DBUS_SESSION_BUS_ADDRESS", bus.trim())
                .output();
            done.is_ok_and(|done| done.status.success())
        };
        assert!(soon(asked), "liferea does not answer");
    }

    /// What it keeps of one feed.
    fn items(&self, feed: &str) -> Vec<(String, (String, i64))> {
        let database = self.folder.join(".local/share/liferea/liferea.db");
        let rows = Command::new("sqlite3")
            .args(["-readonly", "-separator", "\t"])
            .arg(database)
            .arg(format!("select source, title, date from items where node_id = '{feed}'"))
            .output()
            .unwrap();
        let text = String::from_utf8(rows.stdout).unwrap();
        let row = |line: &str| {
            let parts: Vec<&str> = line.split('\t').collect();
            (parts[0].to_owned(), (parts[1].to_owned(), parts[2].parse().unwrap()))
        };
        text.lines().map(row).collect()
    }
}

impl Drop for Liferea {
    fn drop(&mut self) {
        let _gone = Command::new("kill").args(["--", &format!("-{}", self.process.id())]).status();
        let _ended = self.process.wait();
    }
}

/// Whether it comes true within a minute.
fn soon(mut what: impl FnMut() -> bool) -> bool {
    (0..240).any(|_| {
        what() || {
            thread::sleep(Duration::from_millis(250));
            false
        }
    })
}

#[test]
fn each_article_is_new_once_over_ten_polls() {
    let site = Site::start();
    let (rows, _) = articles(&site, 5);
    site.list("/column/", &rows);
    let world = world(&site);
    let folder = world.folder.path().join("rss2email");
    fs::create_dir_all(&folder).unwrap();
    let (tabs, python) = (there("sfeed_update", "sfeed, ten polls"), python("feedparser, ten polls"));
    let (boat, mail) = (there("newsboat", "newsboat, ten polls"), there("r2e", "rss2email"));
    let mails = Rss2email { folder: &folder };
    let screen =
        ["liferea", "xvfb-run", "dbus-run-session", "dbus-send"].iter().all(|program| there(program, "liferea"));
    let liferea = screen.then(|| {
        wait(&world, 5);
        let feeds = [("rss", url(&world, "rss")), ("atom", url(&world, "atom"))];
        Liferea::start(world.folder.path().join("liferea"), &feeds)
    });
    for poll in 0..10 {
        // Every third poll meets a feed that says nothing new.
        let count = 5 + 2 * (poll - poll / 3);
        let (rows, expected) = articles(&site, count);
        site.list("/column/", &rows);
        wait(&world, count);
        if boat {
            for ending in ["rss", "atom"] {
                let folder = world.folder.path().join(format!("newsboat-{ending}"));
                assert_eq!(once(newsboat(&folder, &url(&world, ending))), expected, "newsboat, {ending}, poll {poll}");
            }
        }
        for ending in ["rss", "atom"] {
            let (folder, url) = (world.folder.path(), url(&world, ending));
            if tabs {
                let shown = sfeed(&folder.join(format!("sfeed-{ending}")), &url);
                assert_eq!(once(shown), expected, "sfeed, {ending}, poll {poll}");
            }
            if let Some(python) = &python {
                let shown = feedparser(python, &folder.join(format!("feedparser-{ending}.json")), &url);
                assert_eq!(once(shown), expected, "feedparser, {ending}, poll {poll}");
            }
        }
        if mail {
            if poll == 0 {
                mails.subscribe(&url(&world, "rss"));
            }
            mails.run(&["run"]);
            assert_eq!(once(mails.mails()), expected, "rss2email, poll {poll}");
        }
        if let Some(liferea) = &liferea {
            liferea.refresh();
            for feed in ["rss", "atom"] {
                soon(|| liferea.items(feed).len() >= expected.len());
                assert_eq!(once(liferea.items(feed)), expected, "liferea, {feed}, poll {poll}");
            }
        }
    }
    for ending in ["rss", "atom", "json"] {
        let path = format!("/feeds/news.{ending}");
        let reply = world.get(&path);
        for (name, header) in [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")] {
            let again = world.ask("GET", &path, &format!("{header}: {}\r\n", reply.header(name).unwrap()));
            assert_eq!((again.status, again.body.len()), (304, 0), "{ending}, {header}");
        }
    }
    println!("10 polls: each article was new once in newsboat, sfeed, feedparser, Liferea (rss, atom) and rss2email");
}
