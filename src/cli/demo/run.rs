//! Runs the demo: the site and the daemon on it, both on loopback, with a store that goes when the demo ends.

use std::{
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::Context;
use jiff::tz::TimeZone;
use tokio::net::TcpListener;
use tracing::level_filters::LevelFilter;
use url::Url;

use super::{config, serve as serve_site};
use crate::cli::{log, network, serve, show};
use crate::config::{NoSecret, Purpose};
use crate::daemon::{Clock, ConfigFile};

/// Where the daemon serves, so that the addresses in the README are right; another port where it is taken.
const USUAL: &str = "127.0.0.1:7878";

/// Runs until a signal ends it.
pub(crate) fn run() -> anyhow::Result<()> {
    log::set_up(LevelFilter::WARN);
    let folder = Folder::new()?;
    network::block_on(demo(&folder.0))?
}

async fn demo(folder: &Path) -> anyhow::Result<()> {
    let site = TcpListener::bind("127.0.0.1:0").await.context("opening a port for the bundled site")?;
    let address = Url::parse(&format!("http://{}/", site.local_addr()?))?;
    let listen = free_address()?;
    let path = folder.join("feeds.toml");
    fs::write(&path, config(&address, listen)).with_context(|| format!("writing {}", path.display()))?;
    let file = ConfigFile {
        path,
        zone: TimeZone::UTC,
        secrets: Arc::new(|_| Err(NoSecret::NoVariable)),
        listen: None,
        purpose: Purpose::Serving,
        allow_private: Vec::new(),
    };
    let read = file.read()?;
    let feeds = read.feeds();
    show(format_args!("{}\n", welcome(&address, listen, &file.path, feeds.iter().map(|feed| feed.id.as_str()))))?;
    let clock = Clock::system();
    let start = clock.now();
    tokio::select! {
        ended = serve_site(site, move || clock.now(), start) => ended.context("the bundled site ended"),
        ended = serve::daemon(file, read, folder.join("state")) => ended,
    }
}

/// The usual address, or a free one where something else has it already.
fn free_address() -> anyhow::Result<SocketAddr> {
    let usual: SocketAddr = USUAL.parse()?;
    let bound = std::net::TcpListener::bind(usual).or_else(|_| std::net::TcpListener::bind("127.0.0.1:0"))?;
    Ok(bound.local_addr()?)
}

fn welcome<'a>(site: &Url, listen: SocketAddr, file: &Path, feeds: impl Iterator<Item = &'a str>) -> String {
    let mut text = format!(
        "A small news site runs at {site} and gets a new article every few seconds.\n\
         tearsheet reads it with {}:\n\n  \
         http://{listen}/            all sources and feeds\n  \
         http://{listen}/opml.xml    every feed at once, for any reader\n",
        file.display()
    );
    for feed in feeds {
        text.push_str(&format!("\n  http://{listen}/feeds/{feed}\n"));
        for format in ["rss", "atom", "json"] {
            text.push_str(&format!("  http://{listen}/feeds/{feed}.{format}\n"));
        }
    }
    text.push_str("\nOpen one in a browser or a feed reader. Ctrl-C ends the demo and removes its store.");
    text
}

/// A folder for the demo alone, removed when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> anyhow::Result<Self> {
        let path = std::env::temp_dir().join(format!("tearsheet-demo-{}", std::process::id()));
        fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind is in the system's folder for such things.
        let _ = fs::remove_dir_all(&self.0);
    }
}
