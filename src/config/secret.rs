//! Secret texts and what is made of them: headers, cookies, credentials, proxies.
//!
//! - [`Reference`]: where a secret is found. The command line looks there; this module never does.
//!
//! Invariant: no reason and no advice repeats a value that may be secret.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use toml::de::DeValue;
use url::Url;

use super::{
    check::Purpose,
    fault::Fault,
    file::{Cell, Desk, Section},
    shape::Place,
    shown::{quoted, shown},
    value,
};
use crate::model::Credential;

/// Where a secret is found.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Reference {
    /// In this variable of the environment.
    Env(String),
    /// In the file of this name under `$CREDENTIALS_DIRECTORY`, where systemd's LoadCredential puts it.
    Credential(String),
}

/// Why a secret was not found.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoSecret {
    /// The variable is not set.
    #[error("the environment has no such variable")]
    NoVariable,
    /// The program was not started by systemd with credentials.
    #[error("CREDENTIALS_DIRECTORY is not set")]
    NoFolder,
    /// The folder has no such file.
    #[error("there is no such credential")]
    NoFile,
    /// The file cannot be read.
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    /// It is no text.
    #[error("it is not UTF-8 text")]
    NotText,
    /// Nothing is in it.
    #[error("it is empty")]
    Empty,
}

/// Headers that the program sets itself (RFC 9110 and RFC 9112), in lower case.
const OWN_HEADERS: &[&str] = &[
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "keep-alive",
    "proxy-connection",
    "range",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
    "user-agent",
];

/// A secret: `{ env = "NAME" }` or `{ credential = "name" }`.
pub(super) fn secret(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Credential> {
    let (reference, at) = reference(desk, cell)?;
    found(desk, &reference, &at).map_err(|fault| desk.fault(fault)).ok()
}

/// A secret of `[server]`, which commands that serve nothing can do without.
pub(super) fn of_server(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Credential> {
    let (reference, at) = reference(desk, cell)?;
    let told = |fault: Fault| match desk.surroundings.purpose {
        Purpose::Serving => fault,
        Purpose::Asking => fault.hint(),
    };
    found(desk, &reference, &at).map_err(|fault| desk.fault(told(fault))).ok()
}

/// Where a secret is said to be, and the cell that says so.
fn reference<'t>(desk: &Desk<'_>, cell: &Cell<'t>) -> Option<(Reference, Cell<'t>)> {
    let table = match cell.value {
        DeValue::Table(table) => table,
        DeValue::String(_) => {
            let fault = cell.fault(format!("`{}` is a secret and stands in the file", cell.key()));
            desk.fault(fault.advise("write { env = \"NAME\" } or { credential = \"name\" }, and keep the text there"));
            return None;
        }
        _ => {
            desk.fault(cell.mistyped());
            return None;
        }
    };
    let section = Section::open(desk, Place::Secret, table, cell.span.clone());
    let (env, credential) = (section.cell("env"), section.cell("credential"));
    match (env, credential) {
        (Some(env), None) => Some((Reference::Env(variable(desk, &env)?), env)),
        (None, Some(credential)) => Some((Reference::Credential(file_name(desk, &credential)?), credential)),
        (Some(_), Some(_)) => {
            desk.fault(cell.fault("a secret is found in one place").advise("write `env` or `credential`, not both"));
            None
        }
        (None, None) if !section.known => None,
        (None, None) => {
            desk.lack(
                cell.fault("a secret is found nowhere").advise("write { env = \"NAME\" } or { credential = \"name\" }"),
            );
            None
        }
    }
}

/// The secret.
///
/// # Errors
/// Where it is not found.
fn found(desk: &Desk<'_>, reference: &Reference, at: &Cell<'_>) -> Result<Credential, Fault> {
    let found = (desk.surroundings.secrets)(reference);
    let found = found.and_then(|text| if text.is_empty() { Err(NoSecret::Empty) } else { Ok(text) });
    let why = match found {
        Ok(text) => return Ok(Credential::new(text)),
        Err(why) => why,
    };
    Err(match reference {
        Reference::Env(name) => at
            .fault(format!("no secret in the variable {}: {}", quoted(name), shown(&why.to_string(), 120)))
            .advise("set it where the program is started, in systemd by Environment= or EnvironmentFile="),
        Reference::Credential(name) => at
            .fault(format!("no secret in the credential {}: {}", quoted(name), shown(&why.to_string(), 120)))
            .advise("hand it over by systemd's LoadCredential=, or set CREDENTIALS_DIRECTORY to its folder"),
    })
}

fn variable(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<String> {
    let name = value::some_text(desk, cell)?;
    if name.contains('=') {
        desk.fault(cell.fault(format!("{} is no name of a variable", quoted(name))));
        return None;
    }
    Some(name.to_owned())
}

fn file_name(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<String> {
    let name = value::some_text(desk, cell)?;
    if name.contains('/') || name == "." || name == ".." {
        let fault = cell.fault(format!("{} is no name of a credential", quoted(name)));
        desk.fault(fault.advise("write the name alone: its folder is $CREDENTIALS_DIRECTORY"));
        return None;
    }
    Some(name.to_owned())
}

/// Text as it stands, or a secret.
pub(super) fn open(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Credential> {
    match cell.value {
        DeValue::String(_) => value::some_text(desk, cell).map(|text| Credential::new(text.to_owned())),
        _ => secret(desk, cell),
    }
}

/// The text of one header, open or secret: visible characters, spaces and tabs (RFC 9110, section 5.5).
pub(super) fn header_value(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Credential> {
    let value = match cell.value {
        DeValue::String(text) => Credential::new(text.to_string()),
        _ => secret(desk, cell)?,
    };
    if http::HeaderValue::from_str(value.reveal()).is_err() {
        let fault = cell.fault("a header cannot hold a line break or another control character");
        desk.fault(fault.advise("keep it in one line"));
        return None;
    }
    Some(value)
}

/// The headers of a table: names in lower case.
pub(super) fn headers(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Vec<(String, Credential)>> {
    let DeValue::Table(table) = cell.value else {
        desk.fault(cell.mistyped());
        return None;
    };
    let mut headers: Vec<(String, Credential)> = Vec::new();
    for (key, value) in table {
        let fault = |reason: String| Fault::new(key.span(), reason);
        let written = key.get_ref().as_ref();
        let Ok(name) = http::HeaderName::from_bytes(written.as_bytes()) else {
            desk.fault(
                fault(format!("{} is no name of a header", quoted(written))).advise("letters, digits and hyphens"),
            );
            continue;
        };
        let name = name.as_str();
        if OWN_HEADERS.contains(&name) {
            let advice = if name == "user-agent" {
                "set `user_agent` or `contact` in [fetch]"
            } else {
                "leave it out: the program sends what the visit needs"
            };
            desk.fault(fault(format!("the header {} is the program's own", quoted(name))).advise(advice));
            continue;
        }
        let value = cell.element(value);
        let secret_by_name = matches!(name, "authorization" | "proxy-authorization" | "cookie");
        if secret_by_name && value.value.is_str() {
            let fault = value.fault(format!("the header {} is a secret and stands in the file", quoted(name)));
            desk.fault(
                fault.advise("write { env = \"NAME\" } or { credential = \"name\" }, or use `auth` or `cookie`"),
            );
            continue;
        }
        if headers.iter().any(|(known, _)| known == name) {
            desk.fault(fault(format!("the header {} stands twice", quoted(name))));
            continue;
        }
        if let Some(value) = header_value(desk, &value) {
            headers.push((name.to_owned(), value));
        }
    }
    Some(headers)
}

/// The Authorization header that `auth` makes (RFC 7617 and RFC 6750).
pub(super) fn auth(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Credential> {
    let DeValue::Table(table) = cell.value else {
        desk.fault(cell.mistyped());
        return None;
    };
    let section = Section::open(desk, Place::Auth, table, cell.span.clone());
    let (user, password, bearer) = (section.cell("user"), section.cell("password"), section.cell("bearer"));
    // All three are read before they are weighed, so that the faults of each are told.
    let name = user.as_ref().and_then(|cell| open(desk, cell));
    let secrets = [&password, &bearer].map(|cell| cell.as_ref().and_then(|cell| secret(desk, cell)));
    let [secret, token] = secrets;
    let credential = match (&user, &password, &bearer) {
        (Some(user), Some(_), None) => {
            let (name, secret) = (name?, secret?);
            if name.reveal().contains(':') {
                desk.fault(user.fault("a user name of Basic authentication holds no colon"));
                return None;
            }
            Credential::new(format!("Basic {}", STANDARD.encode(format!("{}:{}", name.reveal(), secret.reveal()))))
        }
        (None, None, Some(_)) => Credential::new(format!("Bearer {}", token?.reveal())),
        _ if !section.known => return None,
        _ => {
            let fault = cell.fault("`auth` is neither Basic nor bearer");
            desk.lack(
                fault
                    .advise("write { user = \"…\", password = { env = \"NAME\" } } or { bearer = { env = \"NAME\" } }"),
            );
            return None;
        }
    };
    if http::HeaderValue::from_str(credential.reveal()).is_err() {
        desk.fault(cell.fault("the secret holds a line break or another control character"));
        return None;
    }
    Some(credential)
}

/// A proxy's URL, with its credentials where it has some.
pub(super) fn proxy(desk: &Desk<'_>, cell: &Cell<'_>) -> Option<Credential> {
    let proxy = open(desk, cell)?;
    let url = Url::parse(proxy.reveal()).ok().filter(|u| u.host_str().is_some_and(|h| !h.is_empty()));
    let known = |url: &Url| matches!(url.scheme(), "http" | "https" | "socks5" | "socks5h");
    let Some(url) = url.filter(known) else {
        let fault = cell.fault("`proxy` is no proxy's URL");
        desk.fault(fault.advise("write one as \"http://proxy.example:3128\" or \"socks5://127.0.0.1:1080\""));
        return None;
    };
    if url.password().is_some() && cell.value.is_str() {
        let fault = cell.fault("`proxy` holds a password that stands in the file");
        desk.fault(fault.advise("write { env = \"NAME\" } or { credential = \"name\" }, and keep the whole URL there"));
        return None;
    }
    Some(proxy)
}
