//! Feeds as readers meet them: written by the program, read back by other programs, served over real sockets.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[cfg(test)]
mod accessible;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod http;
#[cfg(test)]
mod news;
mod pages;
#[cfg(test)]
mod readers;
#[cfg(test)]
mod sample;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod writing;
