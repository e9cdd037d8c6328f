//! The command line.

pub mod check;
pub mod schema;
pub mod surroundings;
pub mod demo;
