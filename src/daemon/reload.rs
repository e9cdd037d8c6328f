//! [`ConfigFile`]: feeds.toml on disk, read at start and whenever it changes.

use std::{fmt, fs, io, os::unix::fs::MetadataExt, path::PathBuf, sync::Arc};

use ipnet::IpNet;
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use url::Url;

use crate::config::{self, Config, Faults, Listen, NoSecret, Paint, Purpose, Reference, Surroundings};
use crate::extract::BadRule;
use crate::model::{Source, SourceId};

/// How a secret that the file names is found.
type Secrets = dyn Fn(&Reference) -> Result<String, NoSecret> + Send + Sync;

/// The file, and what the command line says besides.
#[derive(Clone)]
pub struct ConfigFile {
    /// Where it is.
    pub path: PathBuf,
    /// The zone of dates where no `timezone` is set.
    pub zone: TimeZone,
    /// Where secrets come from.
    pub secrets: Arc<Secrets>,
    /// Overrides `[server] listen`.
    pub listen: Option<Listen>,
    /// Networks that every source may reach.
    pub allow_private: Vec<IpNet>,
    /// What it is read for.
    pub purpose: Purpose,
}

/// Why a file was not taken.
#[derive(Debug)]
pub enum Refused {
    /// It cannot be read.
    Unread(PathBuf, io::Error),
    /// It is not UTF-8.
    NotText {
        /// The file.
        file: PathBuf,
        /// Line of the first byte that is no text, from 1.
        line: usize,
        /// Its column in bytes, from 1.
        column: usize,
    },
    /// It has faults.
    Faulty(Faults),
    /// A source's rule does not compile.
    Rule(SourceId, BadRule),
}

impl Refused {
    /// All of it, for people.
    pub fn draw(&self, paint: Paint) -> String {
        match self {
            Self::Unread(..) | Self::NotText { .. } | Self::Rule(..) => self.to_string(),
            Self::Faulty(faults) => faults.draw(paint),
        }
    }
}

impl fmt::Display for Refused {
    /// One line: the first fault with file, line and column.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unread(path, error) if error.kind() == io::ErrorKind::NotFound => {
                let path = path.display();
                write!(
                    f,
                    "{path} does not exist; name a file with --config, or let `tearsheet add URL` write one: see README"
                )
            }
            Self::Unread(path, error) => write!(f, "{} cannot be read: {error}", path.display()),
            Self::NotText { file, line, column } => {
                write!(f, "{}:{line}:{column}: the file is not UTF-8 text: save it as UTF-8", file.display())
            }
            Self::Faulty(faults) => f.write_str(&faults.first_line()),
            Self::Rule(source, bad) => write!(f, "source {source}: {bad}"),
        }
    }
}

impl std::error::Error for Refused {}

/// Tells one content of the file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp([u8; 32]);

/// What the system says of the file: which one it is, how long, and when it was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Traits {
    inode: u64,
    bytes: u64,
    changed: (i64, i64),
}

/// What the file was when it was looked at last. One that stays as it is is not read each time: with very many sources that would take
/// a good part of what the loop does.
#[derive(Debug)]
pub(super) struct Look {
    stamp: Option<Stamp>,
    traits: Option<Traits>,
    /// They were the same at the look before. A file that is written twice within a tick of the system's clock has the same, so they
    /// are believed only where they are older than a look.
    settled: bool,
}

impl ConfigFile {
    /// Reads and checks the file.
    ///
    /// # Errors
    /// [`Refused`] says why, in one line or drawn whole.
    pub fn read(&self) -> Result<Config, Refused> {
        self.parse(&self.text()?)
    }

    fn text(&self) -> Result<String, Refused> {
        let bytes = fs::read(&self.path).map_err(|error| Refused::Unread(self.path.clone(), error))?;
        let text = String::from_utf8(bytes).map_err(|bad| {
            let before = bad.as_bytes().get(..bad.utf8_error().valid_up_to()).unwrap_or_default();
            let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
            let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
            Refused::NotText { file: self.path.clone(), line, column }
        })?;
        // A byte order mark is an editor's habit, and no part of TOML.
        Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
    }

    fn parse(&self, text: &str) -> Result<Config, Refused> {
        let file = self.path.display().to_string();
        let surroundings = Surroundings {
            file: &file,
            system_zone: self.zone.clone(),
            secrets: &*self.secrets,
            purpose: self.purpose,
        };
        let mut config = config::read(text, &surroundings).map_err(Refused::Faulty)?;
        if let Some(listen) = &self.listen {
            config.server.listen = listen.clone();
        }
        for source in &mut config.sources {
            if !self.allow_private.is_empty() {
                Arc::make_mut(&mut Arc::make_mut(source).manners).allow_private.extend(&self.allow_private);
            }
        }
        Ok(config)
    }

    /// The source that the file has for `url`. The file may be missing.
    ///
    /// # Errors
    /// As [`ConfigFile::read`].
    pub fn source_named(&self, url: &Url) -> Result<Option<Arc<Source>>, Refused> {
        let text = self.text_if_there()?;
        Ok(self.parse(&text)?.sources.into_iter().find(|source| source.urls.contains(url)))
    }

    /// The file's text with `block` behind it, if that is a configuration without a fault. The file may be missing.
    ///
    /// # Errors
    /// As [`ConfigFile::read`], with lines and columns of the text as it would be.
    pub fn with(&self, block: &str) -> Result<String, Refused> {
        let text = self.text_if_there()?;
        let text = match text.trim_end() {
            "" => block.trim_start().to_owned(),
            before => format!("{before}\n{block}"),
        };
        self.parse(&text)?;
        Ok(text)
    }

    fn text_if_there(&self) -> Result<String, Refused> {
        match self.text() {
            Err(Refused::Unread(_, error)) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
            text => text,
        }
    }

    /// The source that the file has for `url`, else one that is made for it with the file's defaults. The file may be missing.
    ///
    /// # Errors
    /// As [`ConfigFile::read`].
    pub fn source_for(&self, url: &Url) -> Result<Option<Arc<Source>>, Refused> {
        if let Some(named) = self.source_named(url)? {
            return Ok(Some(named));
        }
        let text = self.text_if_there()?;
        // Letters of other scripts and quotes are escaped in a parsed URL, so it can stand in a TOML string as it is.
        // What stands nowhere in the file is no id of it.
        let mut ids = std::iter::once("page".to_owned()).chain((2_u32..).map(|number| format!("page-{number}")));
        let id = ids.find(|id| !text.contains(id.as_str())).unwrap_or_default();
        let added = format!("{text}\n\n[[source]]\nid = \"{id}\"\nurl = \"{url}\"\n");
        Ok(self.parse(&added)?.sources.pop())
    }

    /// A first look at the file.
    pub(super) fn look(&self) -> Look {
        Look { stamp: self.stamp(), traits: None, settled: false }
    }

    /// Whether the file holds something else than at the `last` look; not while it cannot be read.
    pub(super) fn has_changed(&self, last: &mut Look) -> bool {
        let traits = self.traits();
        let same = traits.is_some() && traits == last.traits;
        if same && last.settled {
            return false;
        }
        (last.settled, last.traits) = (same, traits);
        let stamp = self.stamp();
        let changed = stamp.is_some() && stamp != last.stamp;
        last.stamp = stamp.or(last.stamp);
        changed
    }

    /// The file's content as it is now; absent while it cannot be read.
    fn stamp(&self) -> Option<Stamp> {
        let bytes = fs::read(&self.path).ok()?;
        Some(Stamp(Sha256::digest(&bytes).into()))
    }

    fn traits(&self) -> Option<Traits> {
        let data = fs::metadata(&self.path).ok()?;
        Some(Traits { inode: data.ino(), bytes: data.len(), changed: (data.ctime(), data.ctime_nsec()) })
    }
}

impl fmt::Debug for ConfigFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConfigFile").field("path", &self.path).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_left_alone_is_read_no_more_and_any_change_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let file = ConfigFile {
            path: dir.path().join("feeds.toml"),
            zone: TimeZone::UTC,
            secrets: Arc::new(|_| Err(NoSecret::NoVariable)),
            listen: None,
            allow_private: Vec::new(),
            purpose: Purpose::Serving,
        };
        fs::write(&file.path, "one").unwrap();
        let mut look = file.look();
        for (settled, content, changed) in [
            (false, None, false),
            (true, None, false),
            (true, None, false),
            (false, Some("two"), true),
            (true, None, false),
        ] {
            if let Some(content) = content {
                fs::write(&file.path, content).unwrap();
                // The system's clock may not have ticked since the last look here.
                look.traits = None;
            }
            assert_eq!((file.has_changed(&mut look), look.settled), (changed, settled));
        }
        fs::remove_file(&file.path).unwrap();
        assert!(!file.has_changed(&mut look), "an editor replaces it");
        fs::write(&file.path, "two").unwrap();
        assert!(!file.has_changed(&mut look));
        fs::write(&file.path, "three").unwrap();
        assert!(file.has_changed(&mut look), "though it may be the same tick");
    }
}
