//! Where things are: the configuration, the state folder, secrets. The environment is read here alone.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use jiff::tz::TimeZone;

use super::args::Common;
use crate::config::{NoSecret, Reference};
use crate::daemon::ConfigFile;

/// The configuration of a system-wide installation.
const SYSTEM_CONFIG: &str = "/etc/tearsheet/feeds.toml";

/// feeds.toml as the command line says, else here, else the system's.
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
    }
}

/// The state folder as the command line says, else as systemd does (systemd.exec(5), StateDirectory=), else here.
pub(super) fn state(common: &Common) -> PathBuf {
    let given = common.state.clone().or_else(|| variable("STATE_DIRECTORY").map(PathBuf::from));
    given.unwrap_or_else(|| PathBuf::from("state"))
}

fn secret(reference: &Reference) -> Result<String, NoSecret> {
    let text = match reference {
        Reference::Env(name) => variable(name).ok_or(NoSecret::NoVariable)?,
        Reference::Credential(name) => {
            let folder = variable("CREDENTIALS_DIRECTORY").ok_or(NoSecret::NoFolder)?;
            read(&Path::new(&folder).join(name))?
        }
    };
    // A text file ends with a line break, which is not part of the secret.
    let text = text.trim_end_matches(['\n', '\r']).to_owned();
    if text.is_empty() { Err(NoSecret::Empty) } else { Ok(text) }
}

fn read(path: &Path) -> Result<String, NoSecret> {
    let bytes = fs::read(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => NoSecret::NoFile,
        _ => NoSecret::Unreadable(error.to_string()),
    })?;
    String::from_utf8(bytes).map_err(|_| NoSecret::NotText)
}

#[expect(clippy::disallowed_methods, reason = "this is the place that reads the environment")]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
