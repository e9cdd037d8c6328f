//! How fast feeds are served: `cargo bench --bench serve -- [SECONDS]` (a tenth of a second a round unless told). It prints a
//! table and asserts nothing.
//!
//! The real daemon reads a page of 40 items; nginx gets the very bytes that it serves, as a file and its gzip form beside it.
//! One client asks both in turn, round by round, so that what else the machine does meets both alike.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark that cannot go on stops")]

mod client;
mod servers;

use std::{
    cmp::Ordering,
    time::{Duration, Instant},
};

use client::{Client, Round};
use servers::{Daemon, Nginx, Server, skip};

/// Rounds of each server for each line of the table; the medians are shown.
const ROUNDS: usize = 25;
/// Items of the page.
const ITEMS: usize = 40;

fn main() {
    // Cargo says `--bench` to every benchmark.
    let told = std::env::args().skip(1).find_map(|word| word.parse::<f64>().ok());
    let length = Duration::from_secs_f64(told.unwrap_or(0.1));
    let daemon = Daemon::start(ITEMS);
    let path = "/feeds/bench.rss";
    let identity = client::ask(daemon.address(), path, "");
    let gzip = client::ask(daemon.address(), path, "Accept-Encoding: gzip\r\n");
    println!("{ITEMS} items: {} bytes, {} in gzip", identity.body.len(), gzip.body.len());
    // Nobody asked for these two formats yet.
    for format in ["atom", "json"] {
        let ask = || {
            let start = Instant::now();
            client::ask(daemon.address(), &format!("/feeds/bench.{format}"), "");
            start.elapsed().as_secs_f64() * 1e3
        };
        println!("{format}: {:.2} ms where it is read and rendered on demand, then {:.2} ms", ask(), ask());
    }
    let Some(nginx) = Nginx::start(path, &identity.body, &gzip.body) else {
        skip("there is no nginx to compare with; the package is nginx-light");
        return;
    };
    let same =
        |extra: &str| client::ask(nginx.address(), path, extra).body == client::ask(daemon.address(), path, extra).body;
    assert!(same("") && same("Accept-Encoding: gzip\r\n"), "both send the same bytes");

    println!(
        "{:<9} {:>5}  {:>9} {:>9} {:>6}  {:>8} {:>8} {:>6}  {:>9} {:>9} {:>6}",
        "answer", "conn.", "nginx/s", "tears./s", "ratio", "p99 µs", "p99 µs", "ratio", "CPU µs", "CPU µs", "ratio"
    );
    for (answer, coding, conditional) in [
        ("304", "Accept-Encoding: gzip\r\n", true),
        ("gzip", "Accept-Encoding: gzip\r\n", false),
        ("identity", "", false),
    ] {
        for connections in [2, 64] {
            let servers: [&dyn Server; 2] = [&nginx, &daemon];
            let mut clients = servers.map(|server| {
                let known = client::ask(server.address(), path, coding).etag;
                let known = if conditional { format!("If-None-Match: {known}\r\n") } else { String::new() };
                Client::connect(server.address(), path, &format!("{coding}{known}"), connections)
            });
            let mut rounds: [Vec<Round>; 2] = [Vec::new(), Vec::new()];
            for _ in 0..ROUNDS {
                for ((client, server), rounds) in clients.iter_mut().zip(servers).zip(&mut rounds) {
                    let before = server.cpu();
                    let mut round = client.ask_for(length);
                    round.cpu = (server.cpu() - before).as_secs_f64() * 1e6 / round.requests;
                    rounds.push(round);
                }
            }
            let [theirs, ours] = rounds.each_ref().map(|rounds| {
                [
                    median(rounds, |round| round.rate),
                    median(rounds, |round| round.p99),
                    median(rounds, |round| round.cpu),
                ]
            });
            let [rate, p99, cpu] = [0, 1, 2].map(|n| (theirs.get(n), ours.get(n))).map(|pair| match pair {
                (Some(theirs), Some(ours)) => (*theirs, *ours, ours / theirs),
                _ => panic!("three figures each"),
            });
            println!(
                "{answer:<9} {connections:>5}  {:>9.0} {:>9.0} {:>6.2}  {:>8.0} {:>8.0} {:>6.2}  {:>9.1} {:>9.1} {:>6.2}",
                rate.0, rate.1, rate.2, p99.0, p99.1, p99.2, cpu.0, cpu.1, cpu.2
            );
        }
    }
    println!("A ratio is tearsheet's figure by nginx's. CPU is that of all of a server's threads, for one request.");
}

fn median(rounds: &[Round], of: impl Fn(&Round) -> f64) -> f64 {
    let mut figures: Vec<f64> = rounds.iter().map(of).collect();
    figures.sort_by(|a, b| a.partial_cmp(b).unwrap_or(Ordering::Equal));
    figures.get(figures.len() / 2).copied().unwrap_or_default()
}
