//! The program: the command line, run.

use std::process::ExitCode;

fn main() -> ExitCode {
    tearsheet::cli::run()
}
