//! Where things are: the configuration, the state folder, secrets. The environment is read here alone.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::tz::TimeZone;

use super::args::Common;
use crate::config::{NoSecret, Purpose, Reference};
use crate::daemon::ConfigFile;

/// Bytes of a credential file that are read at most; systemd itself hands over no more than 1 MiB.
const LARGEST: u64 = 1 << 20;
/// The configuration of a system-wide installation.
const SYSTEM_CONFIG: &str = "/etc/tearsheet/feeds.toml";

/// feeds.toml as the command line says, else here, else the system's; as commands that serve nothing read it.
pub(super) fn config(common: &Common) -> ConfigFile {
    let here = PathBuf::from("feeds.toml");
    let path = match &common.config {
        Some(path) => path.clone(),
        None if !here.exists() && Path::new(SYSTEM_CONFIG).exists() => PathBuf::from(SYSTEM_CONFIG),
        None => here,
    };
    ConfigFile {
        path,
        zone: TimeZone::system(),
        secrets: Arc::new(secret),
        listen: None,
        allow_private: common.allow_private.clone(),
        purpose: Purpose::Asking,
    }
}

/// The state folder as the command line says, else as systemd does (systemd.exec(5), StateDirectory=), else here.
pub(super) fn state(common: &Common) -> PathBuf {
    let given = common.state.clone().or_else(|| variable("STATE_DIRECTORY").map(PathBuf::from));
    given.unwrap_or_else(|| PathBuf::from("state"))
}

fn secret(reference: &Reference) -> Result<String, NoSecret> {
    match reference {
        Reference::Env(name) => variable(name).ok_or(NoSecret::NoVariable),
        Reference::Credential(name) => {
            let folder = variable("CREDENTIALS_DIRECTORY").ok_or(NoSecret::NoFolder)?;
            credential(&Path::new(&folder).join(name))
        }
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

#[expect(clippy::disallowed_methods, reason = "this is the place that reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credential_loses_its_last_line_break_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("token");
        fs::write(&path, b" a b \r\n").unwrap();
        assert_eq!(credential(&path), Ok(" a b ".into()));
        assert_eq!(credential(&folder.path().join("other")), Err(NoSecret::NoFile));
        fs::write(&path, b"\xff").unwrap();
        assert_eq!(credential(&path), Err(NoSecret::NotText));
    }
}
