//! Feeds of a page that holds what XML forbids: strict parsers, Atom's schema and the W3C's validator take them all.

use std::{fs, path::PathBuf, process::Command};

use crate::{
    site::Site,
    world::{World, skipped},
};

/// Titles as a page's source has them, each with something that breaks careless writers.
const TITLES: [&str; 14] = [
    "plain",
    "control \u{1}\u{8}\u{b}\u{1f} characters",
    "references &#1; &#xFFFE; &#xD800; &#0; &#x110000;",
    "end ]]&gt; of CDATA ]]> &lt;![CDATA[",
    "&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &amp;lt;b&amp;gt;",
    "not characters \u{fffe}\u{ffff}\u{1fffe}",
    "\u{202e}right to left\u{202c} \u{200f}שלום",
    "😀👩‍👩‍👧‍👦 \u{10ffff}",
    "&quot;quotes&quot; &apos;and&apos; --&gt; &lt;?xml ?&gt;",
    "\u{feff}byte order mark",
    "\u{2028}lines\u{2029}and\u{85}breaks\u{c}",
    "<b>bold <i>nested</b></i>",
    "&amp;nbsp;&nbsp;&amp;#0;",
    "名前　全角",
];

const DATES: [&str; 7] =
    ["2021-12-30 10:07:53", "2021年12月30日", "0000-00-00", "9999-12-31 23:59:59", "1969-12-31", "soon", ""];

fn world(site: &Site) -> World {
    let mut rows = String::new();
    for n in 0..70 {
        let (title, date) = (TITLES[n % TITLES.len()], DATES[n % DATES.len()]);
        rows += &format!(
            "<li><span>{date}</span><a href=\"/{n}/a b|c.html?q=[{n}]&x=é\">{title} {n}</a>\
             <p>{title}<img src='/p {n}.jpg' onerror=x>{title}</p><i>{title}</i></li>"
        );
    }
    site.html("/hostile/", format!("<html lang='not a language'><title>{}</title><ul>{rows}</ul>", TITLES[3]));
    let mut world = World::new();
    world.write(&format!(
        "[[source]]\nid = \"hostile\"\nurl = \"{}\"\nitem = \"li\"\ntitle = \"a\"\nlink = \"a@href\"\ndate = \"span\"\n\
         summary = \"p\"\nauthor = \"i\"\nimage = \"img@src\"\n",
        site.url("/hostile/")
    ));
    world.start();
    world.wait("/feeds/hostile.json", |text| text.contains("plain"));
    world
}

const EXPAT: &str = "
import sys, xml.parsers.expat
for name in sys.argv[1:]:
    xml.parsers.expat.ParserCreate().Parse(open(name, 'rb').read(), True)
";

fn run(command: &mut Command) {
    let done = command.output().unwrap();
    let said = [done.stdout, done.stderr].concat();
    assert!(done.status.success(), "{command:?}:\n{}", String::from_utf8_lossy(&said));
}

fn has(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|done| done.status.success())
}

#[test]
fn strict_parsers_take_every_feed() {
    let site = Site::start();
    let world = world(&site);
    let mut files: Vec<PathBuf> = Vec::new();
    for (path, name) in [("/feeds/hostile.rss", "rss"), ("/feeds/hostile.atom", "atom"), ("/opml.xml", "opml")] {
        let file = world.folder.path().join(name);
        fs::write(&file, world.get(path).body).unwrap();
        files.push(file);
    }
    let feed: serde_json::Value = serde_json::from_str(&world.get("/feeds/hostile.json").text()).unwrap();
    assert!(feed["items"].as_array().unwrap().len() >= 50, "the feed is shorter than what it reads");
    match has("python3") {
        true => run(Command::new("python3").args(["-c", EXPAT]).args(&files)),
        false => skipped("expat", "python3 is not installed"),
    }
    match std::env::var_os("TEARSHEET_ATOM_RNG") {
        Some(_) if !has("xmllint") => skipped("Atom's schema", "xmllint is not installed"),
        Some(schema) => run(Command::new("xmllint").args(["--noout", "--relaxng"]).arg(schema).arg(&files[1])),
        None => skipped("Atom's schema", "TEARSHEET_ATOM_RNG does not name atom.rng"),
    }
}

#[test]
fn the_validator_of_the_w3c_finds_nothing() {
    let Some(folder) = std::env::var_os("FEEDVALIDATOR").map(PathBuf::from) else {
        return skipped("the W3C's validator", "FEEDVALIDATOR does not name the folder of a copy");
    };
    let script = [folder.join("demo.py"), folder.join("src/demo.py")].into_iter().find(|path| path.exists());
    let script = script.expect("FEEDVALIDATOR names a folder without demo.py");
    let site = Site::start();
    let world = world(&site);
    let address = &world.daemon.as_ref().unwrap().address;
    for ending in ["rss", "atom"] {
        run(Command::new("python3").arg(&script).arg(format!("http://{address}/feeds/hostile.{ending}")));
    }
}
