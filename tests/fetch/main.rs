//! The fetcher against real sockets on this machine: addresses that it must not reach, servers that mean it harm, and manners.

mod stage;
mod pages;
