//! Everything that is served → files, so that a plain web server or an object store can serve it: [`export`].
//!
//! Feeds and lists are the very answers that this program gives, so both ways of serving send the same bytes; the front page leads to
//! names that a server of files knows. They are written into a
//! new folder, which then takes the place of the old one in one step: no reader meets half of an export.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, bail};
use http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::{Clock, Prepared, library::Library};
use crate::feed::{Coding, Format};
use crate::serve::{App, Library as _};
use crate::store::Store;

/// Marks a folder that an export made; no other folder that holds something is ever replaced.
const MARK: &str = ".tearsheet-export";

/// Writes every public feed, its page, the front page and the list of feeds into `out`, which an earlier export may have made.
///
/// Beside each file stand its forms in gzip and Brotli (`.gz`, `.br`), as web servers look for them.
///
/// # Errors
/// Where `out` holds something else, or a file cannot be written; what was there before stays as it is then.
pub async fn export(
    prepared: Prepared,
    store: &Store,
    clock: &Clock,
    base_url: &str,
    out: &Path,
) -> anyhow::Result<usize> {
    check(out)?;
    let library =
        Arc::new(Library::new(store.clone(), clock.clone(), base_url.to_owned(), prepared.config.server.shelf));
    library.take(&prepared.config, prepared.left.into_iter().map(|left| left.row));
    library.make_digests();
    library.look_at_all();
    let app = App::files(library.clone());
    let next = beside(out, "next")?;
    clear(&next)?;
    fs::create_dir_all(next.join("feeds")).with_context(|| format!("making {}", next.display()))?;
    let mut files = vec![("/".to_owned(), "index.html".to_owned()), ("/opml.xml".to_owned(), "opml.xml".to_owned())];
    for id in library.all().iter().filter(|id| library.key(id).is_none()) {
        files.push((format!("/feeds/{id}"), format!("feeds/{id}.html")));
        for format in Format::ALL {
            let name = format!("feeds/{id}.{}", format.extension());
            files.push((format!("/{name}"), name));
        }
    }
    let icon = "favicon.ico";
    let bytes = ask(&app, &format!("/{icon}"), Coding::Identity).await?;
    fs::write(next.join(icon), bytes).with_context(|| format!("writing {icon}"))?;
    for (path, name) in &files {
        for (coding, ending) in [(Coding::Identity, ""), (Coding::Gzip, ".gz"), (Coding::Brotli, ".br")] {
            let bytes = ask(&app, path, coding).await?;
            let file = next.join(format!("{name}{ending}"));
            fs::write(&file, bytes).with_context(|| format!("writing {}", file.display()))?;
        }
    }
    fs::write(next.join(MARK), "").with_context(|| format!("writing into {}", next.display()))?;
    replace(&next, out).with_context(|| format!("putting the export in place at {}", out.display()))?;
    Ok(files.len() + 1)
}

/// What the server would answer.
async fn ask(app: &App, path: &str, coding: Coding) -> anyhow::Result<bytes::Bytes> {
    let wish = coding.name().unwrap_or("identity");
    let request = Request::get(path).header(header::HOST, "export").header(header::ACCEPT_ENCODING, wish).body(())?;
    let answer = app.answer(&request.into_parts().0).await;
    if answer.status() != StatusCode::OK {
        bail!("{path} could not be written: it would be answered {}", answer.status());
    }
    if answer.headers().get(header::CONTENT_ENCODING).and_then(|value| value.to_str().ok()) != coding.name() {
        bail!("{path} could not be written in {wish}");
    }
    Ok(answer.into_body().collect().await?.to_bytes())
}

/// Whether the folder may be replaced.
fn check(out: &Path) -> anyhow::Result<()> {
    let mut entries = match fs::read_dir(out) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error).with_context(|| format!("looking into {}", out.display())),
    };
    if entries.next().is_some() && !out.join(MARK).exists() {
        bail!("{} holds files that no export made; name a new or an empty folder", out.display());
    }
    Ok(())
}

/// A folder next to `out`, on the same disk.
fn beside(out: &Path, what: &str) -> anyhow::Result<PathBuf> {
    let name = out.file_name().with_context(|| format!("{} names no folder", out.display()))?;
    Ok(out.with_file_name(format!(".{}.{what}", name.to_string_lossy())))
}

fn clear(folder: &Path) -> anyhow::Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Puts `next` where `out` is. Where the file system cannot exchange two folders, `out` is away for a moment.
fn replace(next: &Path, out: &Path) -> anyhow::Result<()> {
    if !out.exists() {
        return Ok(fs::rename(next, out)?);
    }
    if renameat_with(CWD, next, CWD, out, RenameFlags::EXCHANGE).is_ok() {
        return clear(next);
    }
    let old = beside(out, "old")?;
    clear(&old)?;
    fs::rename(out, &old)?;
    fs::rename(next, out)?;
    clear(&old)
}
