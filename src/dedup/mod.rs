//! A draft and what the store knows into a verdict.
