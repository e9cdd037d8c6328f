//! [`Settings`]: the fetcher's limits and how it names itself.

use std::{net::SocketAddr, time::Duration};

use ipnet::IpNet;

/// Limits, identity and the networks that may be reached. Every field has a default.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `User-Agent`; absent means `tearsheet/VERSION (+contact)`.
    pub user_agent: Option<String>,
    /// URL or address at which the operator can be reached; part of the User-Agent.
    pub contact: Option<String>,
    /// Most bytes of a body after decoding: 10 MiB.
    pub max_body: usize,
    /// Most decoded bytes for one received byte, counted after the first MiB: 200.
    pub max_ratio: usize,
    /// Most bytes of response headers: 32 KiB.
    pub max_header: usize,
    /// Most time to resolve a name, and again to connect with TLS: 10 s.
    pub connect_timeout: Duration,
    /// Most time from the request to the end of the response's headers, connecting included: 20 s.
    pub first_byte: Duration,
    /// Most time between two pieces of a body: 15 s.
    pub idle: Duration,
    /// Most time for one page with all its redirects, waiting for manners' sake not counted: 60 s.
    pub whole: Duration,
    /// Most hops: 10.
    pub max_redirects: usize,
    /// Longest wait for one's turn at a host before the request is put off: 2 min.
    pub max_wait: Duration,
    /// Longest `Crawl-delay` that is believed: 1 h.
    pub max_crawl_delay: Duration,
    /// How long an unused connection stays open: 2 s, which is longer than the usual gap between two requests of one visit. Each that is kept
    /// takes some 20 KB, and after its visit hardly any is used again.
    pub keep_idle: Duration,
    /// Addresses that this program listens on; never visited, even where its network is allowed.
    pub own: Vec<SocketAddr>,
    /// Networks that every source may reach besides public ones.
    pub allow_private: Vec<IpNet>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            user_agent: None,
            contact: None,
            max_body: 10 << 20,
            max_ratio: 200,
            max_header: 32 << 10,
            connect_timeout: Duration::from_secs(10),
            first_byte: Duration::from_secs(20),
            idle: Duration::from_secs(15),
            whole: Duration::from_secs(60),
            max_redirects: 10,
            max_wait: Duration::from_secs(120),
            max_crawl_delay: Duration::from_secs(3600),
            keep_idle: Duration::from_secs(2),
            own: Vec::new(),
            allow_private: Vec::new(),
        }
    }
}

impl Settings {
    /// The `User-Agent` that is sent.
    pub fn agent(&self) -> String {
        let plain = match (&self.user_agent, &self.contact) {
            (Some(agent), _) => agent.clone(),
            (None, Some(contact)) => format!("tearsheet/{} (+{contact})", env!("CARGO_PKG_VERSION")),
            (None, None) => format!("tearsheet/{}", env!("CARGO_PKG_VERSION")),
        };
        plain.chars().filter(|c| c.is_ascii() && !c.is_ascii_control()).collect()
    }
}
