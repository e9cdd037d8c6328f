//! [`Transports`]: one reqwest client for each way of connecting that some source uses, not one for each source.
//!
//! Sources that may reach different networks share no client, so that none is handed a kept connection that it could not have opened.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use ipnet::IpNet;
use reqwest::{Client, Proxy, redirect::Policy};

use super::{
    Error, Settings,
    resolve::Pinned,
    tls::{Tls, Trust},
};
use crate::model::{Credential, Manners};

/// Most clients kept; the one used longest ago goes first.
const MOST: usize = 32;

/// A way of connecting.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Way {
    proxy: Option<Credential>,
    trust: Trust,
    http1_only: bool,
    allowed: Vec<IpNet>,
}

/// The clients, the one used last at the end.
pub(super) struct Transports {
    clients: Mutex<Vec<(Way, Client)>>,
    tls: Arc<Tls>,
    agent: String,
    connect: Duration,
    keep: Duration,
    idle: Duration,
    max_header: usize,
}

impl Transports {
    pub(super) fn new(settings: &Settings, tls: Arc<Tls>) -> Self {
        Self {
            clients: Mutex::default(),
            tls,
            agent: settings.agent(),
            connect: settings.connect_timeout,
            keep: settings.keep_idle,
            idle: settings.idle,
            max_header: settings.max_header,
        }
    }

    /// The client for a source.
    pub(super) fn of(&self, manners: &Manners) -> Result<Client, Error> {
        let mut allowed = manners.allow_private.clone();
        allowed.sort();
        let trust = if manners.insecure_tls { Trust::Any } else { Trust::Checked };
        let way = Way { proxy: manners.proxy.clone(), trust, http1_only: manners.http1_only, allowed };
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = match clients.iter().position(|(known, _)| *known == way) {
            Some(at) => clients.remove(at),
            None => {
                let client = self.build(&way)?;
                (way, client)
            }
        };
        if clients.len() >= MOST {
            clients.remove(0);
        }
        let client = entry.1.clone();
        clients.push(entry);
        Ok(client)
    }

    fn build(&self, way: &Way) -> Result<Client, Error> {
        let wrong = |cause: &dyn std::fmt::Display| Error::Setting { what: "the connection", why: cause.to_string() };
        let protocols: &[&str] = if way.http1_only { &["http/1.1"] } else { &["h2", "http/1.1"] };
        let tls = self.tls.config(way.trust, protocols).map_err(|cause| wrong(&cause))?;
        let builder = Client::builder()
            .tls_backend_preconfigured(tls)
            .user_agent(&self.agent)
            .redirect(Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .connect_timeout(self.connect)
            .pool_idle_timeout(self.keep)
            // A server that takes nothing more would otherwise hold a connection that has yet to say goodbye.
            .tcp_user_timeout(self.idle)
            .pool_max_idle_per_host(1)
            .http1_max_headers(256)
            // Browsers pass over malformed header lines, so sites that send them live on.
            .http1_ignore_invalid_headers_in_responses(true)
            .http1_allow_spaces_after_header_name_in_responses(true)
            .http1_allow_obsolete_multiline_headers_in_responses(true)
            .http2_max_header_list_size(u32::try_from(self.max_header).unwrap_or(u32::MAX))
            .no_proxy();
        let builder = if way.http1_only { builder.http1_only() } else { builder };
        let builder = match &way.proxy {
            // The proxy's own host is the operator's choice: it is resolved by the machine and not checked.
            Some(proxy) => builder.proxy(proxied(proxy)?),
            None => builder.dns_resolver(Pinned),
        };
        // The cause may name the proxy with its password.
        builder.build().map_err(|_| Error::Setting { what: "the connection", why: "it could not be set up".into() })
    }
}

/// The proxy resolves names, so that this machine's resolver never learns them and cannot disagree: `socks5` means `socks5h`.
fn proxied(proxy: &Credential) -> Result<Proxy, Error> {
    let wrong = || Error::Setting { what: "proxy", why: "it is not http://, https:// or socks5:// with a host".into() };
    let text = proxy.reveal();
    let text = match text.strip_prefix("socks5://") {
        Some(rest) => format!("socks5h://{rest}"),
        None => text.to_owned(),
    };
    if !["http://", "https://", "socks5h://"].iter().any(|scheme| text.starts_with(scheme)) {
        return Err(wrong());
    }
    Proxy::all(text).map_err(|_| wrong())
}
