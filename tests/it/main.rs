//! The program from outside: the real daemon, a real site beside it, real readers.

mod control;
mod figures;
mod health;
mod hostile;
mod lives;
mod reload;
mod site;
mod world;
