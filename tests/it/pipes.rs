//! A reader that goes away, as `head` does: no command panics, none leaves its work half done, and its exit code says what it would say else.

use std::{fs, io, process::Stdio};

use crate::{site::Site, world::World};

/// The end to write to of a pipe that nobody reads.
fn closed() -> Stdio {
    io::pipe().unwrap().1.into()
}

#[test]
fn a_closed_pipe_changes_no_exit_code() {
    let world = World::new();
    fs::write(world.config(), "[server]\nlisten = 8080\n").unwrap();
    let refused = world.command(&["check"]).stdout(closed()).stderr(closed()).status().unwrap();
    assert_eq!(refused.code(), Some(78));
    fs::write(world.config(), "").unwrap();
    let good = world.command(&["check"]).stdout(closed()).stderr(closed()).status().unwrap();
    assert_eq!(good.code(), Some(0));
    let failed = world.command(&["why", "nothing"]).stdout(closed()).stderr(closed()).status().unwrap();
    assert_eq!(failed.code(), Some(1));
}

#[test]
fn add_writes_the_file_whoever_reads() {
    let site = Site::start();
    let rows: Vec<_> = (1..9)
        .map(|n| {
            (format!("/news/{n}.html"), format!("A headline of some length, the {n}th"), format!("2021-12-{n:02}"))
        })
        .collect();
    site.list("/news/", &rows);
    let world = World::new();
    let page = site.url("/news/");
    let arguments = ["add", &page, "--id", "news", "--allow-private", "127.0.0.0/8"];
    let added = world.command(&arguments).stdout(closed()).stderr(closed()).status().unwrap();
    assert_eq!(added.code(), Some(0));
    assert!(fs::read_to_string(world.config()).unwrap().contains("id = \"news\""));
}
