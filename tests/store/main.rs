//! The store under attack: killed, cut short, filled up, damaged. Each test prints how often it tried what.
//!
//! `TEARSHEET_FULL=1` runs the full figures instead of the short ones.

mod world;

mod damage;
mod days;
mod format;
mod full;
mod kill;
