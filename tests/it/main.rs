//! The program from outside: the real daemon, a real site beside it, real readers.

mod site;
mod world;
