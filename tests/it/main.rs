//! The program from outside: the real daemon, a real site beside it, real readers.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test fails by panicking")]

mod add;
mod asking;
mod control;
mod demo;
mod disk;
mod export;
mod figures;
mod health;
mod hostile;
mod import;
mod lives;
mod memory;
mod pages;
mod past;
mod pipes;
mod private;
mod push;
mod readers;
mod recipe;
mod reload;
mod site;
mod systemd;
mod validity;
mod world;
