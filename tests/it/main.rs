//! The program from outside: the real daemon, a real site beside it, real readers.

mod export;
mod figures;
mod hostile;
mod lives;
mod past;
mod push;
mod reload;
mod site;
mod world;
