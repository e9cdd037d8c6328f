//! An older format still opens.
