//! The page that a command reads: saved, or asked for as the daemon would ask.

use std::{fs, io::Read, path::Path};

use anyhow::{Context, bail};
use ipnet::IpNet;
use url::Url;

use super::{args::Common, network::Asker, place};
use crate::extract::diagnose;
use crate::fetch::{self, Answer, Request};
use crate::harvest::Watched;
use crate::model::{Page, Validators};
use crate::reading::text::printable;

/// The source of that id, or one that is made for the address alone, with the file's defaults where there is a file.
pub(super) fn watched(common: &Common, page: &str) -> anyhow::Result<Watched> {
    let file = place::config(common);
    let source = match Url::parse(page) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => {
            file.source_for(&url)?.context("the page could not be made a source")?
        }
        Ok(url) => bail!("{}: only http and https addresses can be read", url.scheme()),
        Err(_) => {
            let config = file.read()?;
            let named = config.sources.into_iter().find(|source| source.id.as_str() == page);
            named.with_context(|| {
                let file = file.path.display();
                format!("{file} has no source {:?}; an address starts with http:// or https://", printable(page))
            })?
        }
    };
    Ok(Watched::new(source)?)
}

/// The page: from the saved file if one is given, else from the network.
pub(super) fn read(asker: &mut Asker<'_>, watched: &Watched, url: &Url, file: Option<&Path>) -> anyhow::Result<Page> {
    match file {
        Some(file) => saved(file, url),
        None => ask(asker, watched, url),
    }
}

fn ask(asker: &mut Asker<'_>, watched: &Watched, url: &Url) -> anyhow::Result<Page> {
    let request = Request { named: &watched.source.urls, ..Request::new(url, &watched.source.manners) };
    let fetched = asker.get(&request)?.map_err(|error| {
        let told = match &error {
            fetch::Error::Status { status, page } => diagnose::of_error(*status, page.as_deref()),
            _ => None,
        };
        let problem = told.map_or_else(|| error.problem(), |diagnosis| diagnosis.problem);
        let flag = match &error {
            fetch::Error::Private { address, .. } => {
                format!("; for this command, --allow-private {}", IpNet::from(*address))
            }
            _ => String::new(),
        };
        anyhow::anyhow!("{}: {} ({}{flag})", url.host_str().unwrap_or_default(), problem.reason, problem.advice)
    })?;
    match fetched.answer {
        Answer::Page(page) => Ok(*page),
        Answer::Unchanged => bail!("the host answered 304 to a request that asked for the whole page"),
    }
}

/// A page that was saved: its bytes, as if `url` had sent them without headers.
fn saved(file: &Path, url: &Url) -> anyhow::Result<Page> {
    let bytes = match file.as_os_str() == "-" {
        true => {
            let mut bytes = Vec::new();
            std::io::stdin().lock().read_to_end(&mut bytes).map(|_| bytes)
        }
        false => fs::read(file),
    }
    .with_context(|| format!("reading {}", file.display()))?;
    let decoded = fetch::decode(&bytes, None, url);
    Ok(Page {
        asked: url.clone(),
        url: url.clone(),
        media_type: String::new(),
        text: decoded.text,
        encoding: decoded.encoding,
        bytes,
        language: None,
        validators: Validators::default(),
    })
}
