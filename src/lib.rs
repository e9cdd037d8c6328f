//! tearsheet turns pages that list articles into feeds.
//!
//! ```text
//! feeds.toml ── config ──▶ Source… , FeedSpec…
//!                               │
//!    schedule ── who is due? ───┤
//!                               ▼
//!      fetch        URL      → Page        network; the only outgoing I/O
//!      extract      Page     → Listing     CSS / JSONPath / feed / sitemap; Items + Problems
//!      refine       Item     → Draft       absolute URL, instant, clean text, filters
//!      dedup        Draft    → Verdict     New · Changed · Seen · Dropped
//!      store        Verdict  → Article     journal and sled; one record per visit
//!      feed         Article… → Document    choose, order, limit → rss · atom · json · opml
//!      serve        Document → HTTP        ETag, 304, status page, health
//! ```
//!
//! `harvest` is the story of one visit (fetch to store), `daemon` repeats it for ever, `cli` starts it.
//! A module uses lower floors only; ARCHITECTURE.md says which floor each is on, and a test holds it.

// Where a pipe's reader has gone, `println!` panics; `cli::show` and `cli::say` do not.
#![warn(clippy::print_stdout, clippy::print_stderr)]

// Floor 0: the words.
pub mod model;

// Floor 1: what every stage that reads pages needs.
pub mod reading;

// Floor 2: the stages, in the order in which a page passes them. They do not know each other.
pub mod schedule;
pub mod fetch;
pub mod extract;
pub mod refine;
pub mod dedup;
pub mod store;
pub mod feed;

// Floor 3: feeds.toml, checked.
pub mod config;

// Floor 4: where stages and edges meet.
pub mod harvest;
pub mod serve;

// Floors 5 and 6: the program.
pub mod daemon;
pub mod cli;
