//! Writes the manual pages and the shells' completions of the command line into a folder, for packages.
//!
//! ```sh
//! cargo run --example manual -- DIR
//! ```
//!
//! Makes `DIR/man/*.1` (one page for the program, one for each command) and `DIR/completions/{tearsheet.bash,_tearsheet,tearsheet.fish}`.

use std::{env, fs, io, path::PathBuf};

use clap_complete::Shell;

fn main() -> io::Result<()> {
    let into =
        env::args_os().nth(1).map(PathBuf::from).ok_or_else(|| io::Error::other("name the folder to write into"))?;
    let mut command = tearsheet::cli::command();

    let pages = into.join("man");
    fs::create_dir_all(&pages)?;
    clap_mangen::generate_to(command.clone(), &pages)?;

    let completions = into.join("completions");
    fs::create_dir_all(&completions)?;
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
        clap_complete::generate_to(shell, &mut command, "tearsheet", &completions)?;
    }
    Ok(())
}
