//! URL → [`Cleared`]: the addresses that a request may connect to, or the reason why it may not be made.
//!
//! - [`Guard`]: the addresses that are always refused.
//! - [`Cleared`]: proof of the check; `exchange` asks for one, and the connector takes its addresses from it alone.
//!
//! Invariant: the name is resolved once, here; nothing resolves it again between check and connection (no DNS rebinding).

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket},
    time::Duration,
};

use ipnet::IpNet;
use url::{Host, Url};

use super::{Error, Resolve, error, ranges};

/// What stands between a URL and a socket.
pub(super) struct Guard {
    own: Vec<SocketAddr>,
    allowed: Vec<IpNet>,
    lookup: Duration,
}

/// What one request brings to the check.
pub(super) struct Policy<'a> {
    /// Networks that this source may reach.
    pub(super) allowed: &'a [IpNet],
    /// URLs that the configuration names.
    pub(super) named: &'a [Url],
    /// Who resolves the name.
    pub(super) names: Names,
}

/// Who resolves names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Names {
    /// We do, and check every answer.
    Here,
    /// The configured proxy does: its answers cannot be checked, so it must not be able to reach what is private. Literal
    /// addresses and `localhost` are still refused.
    Proxy,
}

/// A URL that may be visited, with the addresses that it may be visited at.
#[derive(Debug, Clone)]
pub(super) struct Cleared {
    url: Url,
    addresses: Vec<SocketAddr>,
}

impl Cleared {
    /// The URL, without credentials.
    pub(super) fn url(&self) -> &Url {
        &self.url
    }

    /// Where its host is; empty behind a proxy.
    pub(super) fn addresses(&self) -> &[SocketAddr] {
        &self.addresses
    }
}

impl Guard {
    pub(super) fn new(own: Vec<SocketAddr>, allowed: Vec<IpNet>, lookup: Duration) -> Self {
        Self { own, allowed, lookup }
    }

    /// Checks scheme, port, literal address and every answer of the resolver. One forbidden answer forbids the host.
    pub(super) async fn clear(&self, url: &Url, policy: &Policy<'_>, resolver: &dyn Resolve) -> Result<Cleared, Error> {
        let port = port(url, policy.named)?;
        let host = error::host(url);
        let addresses = match (url.host(), policy.names) {
            (Some(Host::Ipv4(v4)), _) => vec![IpAddr::V4(v4)],
            (Some(Host::Ipv6(v6)), _) => vec![IpAddr::V6(v6)],
            (Some(Host::Domain(name)), Names::Proxy) if is_local(name) => vec![IpAddr::V4(Ipv4Addr::LOCALHOST)],
            (Some(Host::Domain(_)), Names::Proxy) => Vec::new(),
            (Some(Host::Domain(name)), Names::Here) => self.resolve(name, resolver).await?,
            (None, _) => return Err(refused(url, "it has no host")),
        };
        for address in &addresses {
            self.check(&host, SocketAddr::new(*address, port), policy.allowed)?;
        }
        let mut plain = url.clone();
        // Both fail only for URLs without a host.
        let _ = plain.set_username("");
        let _ = plain.set_password(None);
        Ok(Cleared { url: plain, addresses: addresses.into_iter().map(|ip| SocketAddr::new(ip, port)).collect() })
    }

    async fn resolve(&self, name: &str, resolver: &dyn Resolve) -> Result<Vec<IpAddr>, Error> {
        let limit = self.lookup;
        let late = || Error::Timeout { host: name.to_owned(), what: "resolve", limit };
        let answers = tokio::time::timeout(limit, resolver.resolve(name.to_owned())).await.map_err(|_| late())?;
        let failed = |why: String| Error::Dns { host: name.to_owned(), why };
        let answers = answers.map_err(|cause| failed(words(&cause)))?;
        if answers.is_empty() { Err(failed("it has no address".into())) } else { Ok(answers) }
    }

    fn check(&self, host: &str, at: SocketAddr, allowed: &[IpNet]) -> Result<(), Error> {
        if self.own.iter().any(|own| is_own(*own, at)) {
            return Err(Error::Own(at.to_string()));
        }
        let Some(range) = ranges::special(at.ip()) else { return Ok(()) };
        let inner = match at.ip() {
            IpAddr::V6(v6) => ranges::inner(v6).map_or(at.ip(), IpAddr::V4),
            v4 => v4,
        };
        if self.allowed.iter().chain(allowed).any(|net| net.contains(&at.ip()) || net.contains(&inner)) {
            return Ok(());
        }
        Err(Error::Private { host: host.to_owned(), address: at.ip(), range })
    }
}

/// What the resolver says, in one line.
fn words(cause: &std::io::Error) -> String {
    let text = cause.to_string();
    let text = text.strip_prefix("failed to lookup address information: ").unwrap_or(&text);
    text.chars().filter(|c| !c.is_control()).take(100).collect()
}

/// The port, if the scheme may be used and the port is the scheme's own or one that the configuration names.
fn port(url: &Url, named: &[Url]) -> Result<u16, Error> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(refused(url, "only http and https are spoken"));
    }
    let port = url.port_or_known_default().ok_or_else(|| refused(url, "it has no port"))?;
    if url.port().is_some() && !named.iter().any(|known| known.port() == Some(port)) {
        return Err(refused(url, "its port is neither its scheme's own nor one that feeds.toml names for this source"));
    }
    Ok(port)
}

fn refused(url: &Url, why: &'static str) -> Error {
    Error::Refused { url: error::shown(url), why }
}

/// Names that mean this machine wherever they are resolved (RFC 6761, section 6.3).
fn is_local(name: &str) -> bool {
    let name = name.trim_end_matches('.');
    name == "localhost" || name.ends_with(".localhost")
}

/// Whether a connection to `at` would reach the listener `own`, which may be bound to every address of the machine.
fn is_own(own: SocketAddr, at: SocketAddr) -> bool {
    let target = match at.ip() {
        IpAddr::V6(v6) => ranges::inner(v6).map_or(at.ip(), IpAddr::V4),
        v4 => v4,
    };
    // Connecting to the unspecified address reaches this machine.
    let here = target.is_unspecified();
    own.port() == at.port()
        && (own.ip().to_canonical() == target
            || here
            || (own.ip().is_unspecified() && (target.is_loopback() || is_ours(target))))
}

/// Whether `address` belongs to this machine: only then can a socket be bound to it. Sends nothing.
fn is_ours(address: IpAddr) -> bool {
    let any = match address {
        IpAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
        IpAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
    };
    address != any && UdpSocket::bind((address, 0)).is_ok()
}

#[cfg(test)]
mod tests;
