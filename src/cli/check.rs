//! `tearsheet check`: every fault in feeds.toml, drawn under its line, with advice.

use std::path::Path;

use super::surroundings::{NoConfig, configuration};
use crate::config::{Config, Paint};

/// What `check` found, ready to be printed.
#[derive(Debug)]
pub struct Checked {
    /// For standard output.
    pub out: String,
    /// For standard error: faults and hints.
    pub err: String,
    /// 0, 1 where the file cannot be read, or 78 (`EX_CONFIG` of sysexits.h) where it has faults.
    pub exit_code: u8,
}

/// Checks the configuration in `file`.
pub fn run(file: &Path, paint: Paint) -> Checked {
    match configuration(file) {
        Ok(config) => Checked { out: praise(file, &config), err: config.hints.draw(paint), exit_code: 0 },
        Err(NoConfig::Faults(faults)) => {
            let count = counted(faults.list().len(), "fault");
            Checked {
                out: String::new(),
                err: format!("{}{}: {count}\n", faults.draw(paint), file.display()),
                exit_code: 78,
            }
        }
        Err(why @ NoConfig::NotText { .. }) => Checked { out: String::new(), err: format!("{why}\n"), exit_code: 78 },
        Err(why @ NoConfig::File { .. }) => Checked { out: String::new(), err: format!("{why}\n"), exit_code: 1 },
    }
}

fn praise(file: &Path, config: &Config) -> String {
    let (sources, feeds) = (config.sources.len(), config.feeds.len());
    format!("{}: {}, {}, no fault\n", file.display(), counted(sources, "source"), counted(feeds, "feed"))
}

fn counted(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn check(text: &str) -> Checked {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("feeds.toml");
        fs::write(&path, text).unwrap();
        run(&path, Paint::Plain)
    }

    #[test]
    fn the_exit_code_tells_how_it_went() {
        let good = check("[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\n");
        assert_eq!((good.exit_code, good.err.as_str()), (0, ""));
        assert!(good.out.ends_with("feeds.toml: 1 source, 1 feed, no fault\n"), "{}", good.out);

        let bad = check("[server]\nlistn = 1\n[store]\nmax_age = 1\n");
        assert_eq!((bad.exit_code, bad.out.as_str()), (78, ""));
        assert!(bad.err.ends_with("feeds.toml: 2 faults\n"), "{}", bad.err);

        assert_eq!(run(Path::new("/nowhere/feeds.toml"), Paint::Plain).exit_code, 1);
    }

    #[test]
    fn an_empty_file_is_no_fault_but_says_what_to_do() {
        let empty = check("");
        assert_eq!(empty.exit_code, 0);
        assert!(empty.err.contains("add a [[source]]"), "{}", empty.err);
    }
}
