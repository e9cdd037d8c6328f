//! How far one machine goes: `cargo bench --bench load -- [SOURCES [SECONDS]]` (1,000 sources and 60 seconds unless told). It
//! plays so many sites on the loopback interface to the real daemon, and prints a line of figures for each round of [`trial`].
//! With `--check` it fails where a visit was lost, an article is missing, or the plan was not kept.

mod book;
mod daemon;
mod pages;
mod sites;
mod trial;

use std::{io, time::Duration};

use trial::{Outcome, Round, Trial};

fn main() -> io::Result<()> {
    // Cargo says `--bench` to every benchmark.
    let told: Vec<u64> = std::env::args().skip(1).filter_map(|word| word.parse().ok()).collect();
    let sources = told.first().map_or(1000, |sources| *sources as usize);
    let length = Duration::from_secs(told.get(1).copied().unwrap_or(60));
    let outcome = Trial { sources, length }.run()?;
    print(sources, &outcome);
    let faults = outcome.faults();
    if std::env::args().any(|word| word == "--check") && !faults.is_empty() {
        return Err(io::Error::other(faults.join("; ")));
    }
    Ok(())
}

fn print(sources: usize, outcome: &Outcome) {
    let Outcome { first, second, .. } = outcome;
    let line = |name: &str, round: &Round| {
        println!(
            "| {sources} | {name} | {:.2} s | {:.0} | {:.0} | {} % pages, {} % news | {:.2} ms | {:.0} % | {} MiB, {} MiB |",
            round.ready.as_secs_f64(),
            round.visits,
            round.rate(),
            round.pages * 100 / round.visits.max(1),
            round.news * 100 / round.visits.max(1),
            round.each(),
            round.cpu.as_secs_f64() / round.length.as_secs_f64() * 100.0,
            round.memory.0,
            round.memory.1
        );
    };
    println!(
        "| sources | round | ready | visits | visits/s | of them | CPU a visit | of one core | memory at end, at most |"
    );
    println!("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
    line("all new", first);
    line("by plan", second);
    println!(
        "lag behind the plan: p50 {:.3} s, p99 {:.3} s, at most {:.3} s",
        second.lags.p50, second.lags.p99, second.lags.most
    );
    println!(
        "{} visits lost, {} articles missing of {}; the store takes {} MB",
        outcome.lost,
        outcome.missing,
        outcome.articles,
        outcome.disk / 1_000_000
    );
}
