//! `import`: the subscriptions of another reader become sources of feeds.toml, or it says which do not and why.

use std::{fs, process::Output};

use crate::{site::Site, world::World};

fn run(world: &World, arguments: &[&str]) -> Output {
    world.run(&[arguments, &["--allow-private", "127.0.0.0/8"]].concat())
}

fn import(world: &World, list: &str) -> Output {
    let file = world.folder.path().join("list.opml");
    fs::write(&file, list).unwrap();
    run(world, &["import", file.to_str().unwrap()])
}

fn items(world: &World, page: &str) -> Vec<serde_json::Value> {
    let out = run(world, &["try", page, "--json"]);
    let tried: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
    tried["items"].as_array().unwrap().clone()
}

#[test]
fn a_list_of_subscriptions_becomes_sources() {
    let site = Site::start();
    let rows: Vec<_> = (0..6)
        .map(|n| (format!("/n/{n}.html"), format!("迎峰度夏第{n}号方案"), format!("2021-12-{:02}", 30 - n)))
        .collect();
    site.list("/column/", &rows);
    let page = site.url("/column/");
    let world = World::new();
    let before =
        "# mine\n[defaults]\nhost_gap = \"0s\"\n\n[[source]]\nid = \"old\"\nurl = \"http://old.example/feed\" # kept\n";
    fs::write(world.config(), before).unwrap();
    let list = format!(
        r#"<?xml version="1.0"?><opml version="2.0" xmlns:frss="https://freshrss.org/opml"><head><title>t</title></head><body>
        <outline text="能源 &quot;力&quot;">
          <outline text="A &amp; B" type="rss" xmlUrl="http://feed.example/rss?a=1&amp;b=2"/>
          <outline text="Column" type="HTML+XPath" xmlUrl="{page}" frss:xPathItem="//ul[@class='news']/li"
            frss:xPathItemTitle=".//a" frss:xPathItemUri="descendant::a/@href" frss:xPathItemTimestamp="./span"/>
          <outline text="API" type="JSON+DotNotation" xmlUrl="http://api.example/list" frss:jsonItem="data.items"
            frss:jsonItemTitle="title" frss:jsonItemUri="link.url" frss:cssFullContent="div.text"/>
        </outline>
        <outline text="Up&#10;[[source]]" type="HTML+XPath" xmlUrl="http://up.example/" frss:xPathItem="//a/.."/>
        <outline text="Again" type="rss" xmlUrl="http://old.example/feed"/>
        <outline text="Nowhere" type="rss"></outline><outline type="atom"/>
        <outline text="File" type="rss" xmlUrl="file:///etc/passwd"/>
        </body></opml>"#
    );
    let out = import(&world, &list);
    let told = String::from_utf8_lossy(&out.stderr).into_owned();
    assert!(out.status.success(), "{told}");
    assert!(String::from_utf8_lossy(&out.stdout).starts_with("4 of 8 subscriptions"));
    assert!(told.contains("Again: left out, feeds.toml has its address already"), "{told}");
    assert!(told.contains("File: left out, its address is not one of http or https"), "{told}");
    assert!(told.contains("Nowhere: left out, it has no address"), "{told}");
    assert!(told.contains("an outline without a name: left out"), "{told}");
    assert!(told.contains("Up [[source]]: its rule could not be taken over"), "{told}");

    let after = fs::read_to_string(world.config()).unwrap();
    assert!(after.starts_with(before), "{after}");
    assert!(run(&world, &["check"]).status.success(), "{after}");
    for lines in [
        "name = \"A & B\"\nurl = \"http://feed.example/rss?a=1&b=2\"",
        "item = \"$.data.items[*]\"\ntitle = \"title\"\nlink = \"link.url\"\nfull_text = true\ncontent = \"div.text\"",
        "name = \"Up [[source]]\"\nurl = \"http://up.example/\"\n# FreshRSS's rule could not be taken over",
    ] {
        assert!(after.contains(lines), "{lines}\n--\n{after}");
    }
    assert_eq!(after.matches("[[source]]\nid").count(), 5, "a title opens no table: {after}");
    let read = items(&world, &page);
    assert_eq!(read.len(), 6, "{after}");
    assert_eq!((&read[0]["title"], &read[0]["published"]), (&"迎峰度夏第0号方案".into(), &"2021-12-30".into()));

    // What is there is not imported twice, and the file stays as it is.
    let again = import(&world, &list);
    assert!(!again.status.success());
    assert!(String::from_utf8_lossy(&again.stderr).contains("nothing was imported"));
    assert_eq!(fs::read_to_string(world.config()).unwrap(), after);
}

#[test]
fn what_is_no_list_changes_nothing() {
    let world = World::new();
    fs::write(world.config(), "# empty\n").unwrap();
    for (list, why) in [
        ("<rss version=\"2.0\"/>", "it is no OPML"),
        ("", "it is no OPML"),
        ("<opml><body><outline text=\"a\"></body>", "breaks off or is broken"),
        ("<!DOCTYPE o [<!ENTITY a \"b\">]><opml>&a;</opml>", "defines entities"),
        (&"<outline>".repeat(1000), "nest too deeply"),
        ("<opml><body/></opml>", "nothing was imported"),
    ] {
        let out = import(&world, list);
        let told = String::from_utf8_lossy(&out.stderr).into_owned();
        assert!(!out.status.success() && told.contains(why), "{why}: {told}");
        assert_eq!(fs::read_to_string(world.config()).unwrap(), "# empty\n", "{why}");
    }
}

/// What one daemon serves, another may subscribe to.
#[test]
fn the_list_that_is_served_is_imported_whole() {
    let site = Site::start();
    site.list("/column/", &[]);
    let mut world = World::new();
    let source = |id: &str| {
        format!("[[source]]\nid = \"{id}\"\nname = \"{id} & <co>\"\nurl = \"{}?{id}\"\n", site.url("/column/"))
    };
    world.write(&["a", "b", "c"].map(source).concat());
    world.start();
    let list = String::from_utf8(world.get("/opml.xml").body).unwrap();
    let other = World::new();
    let out = import(&other, &list);
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    let text = fs::read_to_string(other.config()).unwrap();
    for id in ["a", "b", "c"] {
        assert!(
            text.contains(&format!("name = \"{id} & <co>\"")) && text.contains(&format!("/feeds/{id}.rss")),
            "{text}"
        );
    }
    assert!(run(&other, &["check"]).status.success(), "{text}");
}
