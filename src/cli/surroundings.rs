//! What the configuration needs of the world: the file, the system's zone, secrets. The environment is read here alone.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
};

use jiff::tz::TimeZone;

use crate::config::{self, Config, Faults, NoSecret, Reference, Surroundings};

/// Bytes of a credential file that are read at most; systemd itself hands over no more than 1 MiB.
const LARGEST: u64 = 1 << 20;

/// Why there is no configuration.
#[derive(Debug, thiserror::Error)]
pub enum NoConfig {
    /// The file cannot be read.
    #[error("{file} cannot be read: {why}")]
    File {
        /// Its name.
        file: String,
        /// What the system says.
        #[source]
        why: io::Error,
    },
    /// The file is no text.
    #[error("{file}:{line}:{column}: the file is not UTF-8 text: save it as UTF-8")]
    NotText {
        /// Its name.
        file: String,
        /// Line of the first byte that is no text, from 1.
        line: usize,
        /// Its column in bytes, from 1.
        column: usize,
    },
    /// The file has faults.
    #[error("{}", .0.first_line())]
    Faults(Faults),
}

/// Reads and checks the configuration in `file`.
///
/// # Errors
///
/// When the file cannot be read, is no UTF-8, or has faults.
pub fn configuration(file: &Path) -> Result<Config, NoConfig> {
    let name = file.display().to_string();
    let bytes = fs::read(file).map_err(|why| NoConfig::File { file: name.clone(), why })?;
    let text = String::from_utf8(bytes).map_err(|bad| {
        let good = bad.utf8_error().valid_up_to();
        let before = bad.as_bytes().get(..good).unwrap_or_default();
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|b| **b != b'\n').count() + 1;
        NoConfig::NotText { file: name.clone(), line, column }
    })?;
    // A byte order mark is an editor's habit, and no part of TOML.
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let folder = variable("CREDENTIALS_DIRECTORY").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    let secrets = |reference: &Reference| secret(reference, folder.as_deref());
    let surroundings = Surroundings { file: &name, system_zone: TimeZone::system(), secrets: &secrets };
    config::read(text, &surroundings).map_err(NoConfig::Faults)
}

fn variable(name: &str) -> Option<OsString> {
    std::env::var_os(name)
}

fn secret(reference: &Reference, folder: Option<&Path>) -> Result<String, NoSecret> {
    match reference {
        Reference::Env(name) => {
            let text = variable(name).ok_or(NoSecret::NoVariable)?;
            text.into_string().map_err(|_| NoSecret::NotText)
        }
        Reference::Credential(name) => credential(&folder.ok_or(NoSecret::NoFolder)?.join(name)),
    }
}

/// The text of a credential file without the line break that editors put at its end.
fn credential(path: &Path) -> Result<String, NoSecret> {
    let read = || -> io::Result<Vec<u8>> {
        let length = fs::metadata(path)?.len();
        if length > LARGEST {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 1 MiB"));
        }
        fs::read(path)
    };
    let bytes = read().map_err(|why| match why.kind() {
        io::ErrorKind::NotFound => NoSecret::NoFile,
        _ => NoSecret::Unreadable(why.to_string()),
    })?;
    let text = String::from_utf8(bytes).map_err(|_| NoSecret::NotText)?;
    let text = text.strip_suffix('\n').unwrap_or(&text);
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        (folder, path)
    }

    #[test]
    fn a_credential_loses_its_last_line_break_alone() {
        let (folder, _) = file("token", b" a b \r\n");
        let found = secret(&Reference::Credential("token".into()), Some(folder.path()));
        assert_eq!(found, Ok(" a b ".into()));
        let missing = secret(&Reference::Credential("other".into()), Some(folder.path()));
        assert_eq!(missing, Err(NoSecret::NoFile));
        assert_eq!(secret(&Reference::Credential("token".into()), None), Err(NoSecret::NoFolder));
    }

    #[test]
    fn a_file_that_is_no_text_says_where() {
        let (_folder, path) = file("feeds.toml", b"[server]\nlisten = \"\xff\"\n");
        let why = configuration(&path).unwrap_err().to_string();
        assert!(why.contains("feeds.toml:2:11: the file is not UTF-8"), "{why}");
    }

    #[test]
    fn a_byte_order_mark_is_no_fault() {
        let (_folder, path) =
            file("feeds.toml", "\u{feff}[[source]]\nid = \"a\"\nurl = \"https://a.example/\"\n".as_bytes());
        assert_eq!(configuration(&path).unwrap().sources.len(), 1);
    }
}
