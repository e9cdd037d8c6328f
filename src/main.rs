//! The program: the command line, run.

use std::process::ExitCode;

/// It gives memory back to the system as soon as it is free; the C library's keeps most of it for ever.
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    tearsheet::cli::run()
}
