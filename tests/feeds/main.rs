//! Feeds as readers meet them: written by the program, read back by other programs, served over real sockets.

mod hostile;
mod http;
mod pages;
mod readers;
mod sample;
mod slow;
mod writing;
