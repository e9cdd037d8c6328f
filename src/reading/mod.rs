//! What every stage that reads pages needs: the guarded parse, cleaning, dates, URLs, text. Pure.

pub mod clean;
pub mod date;
pub mod dom;
pub mod filter;
pub mod text;
pub mod url;
