//! The sockets that the daemon serves on: inherited from systemd, else bound as the configuration says.

use std::{fs, io, net::SocketAddr, os::unix::fs::FileTypeExt, path::Path};

use anyhow::Context;
use listenfd::ListenFd;
use tokio::net::{TcpListener, UnixListener};

use crate::config::Listen;
use crate::serve::Listener;

/// Bound sockets.
pub(super) struct Sockets {
    listeners: Vec<Listener>,
    addresses: Vec<SocketAddr>,
    shown: String,
}

/// Takes the sockets that systemd hands over (sd_listen_fds(3)); where there are none, binds `listen`.
///
/// # Errors
/// Where the address is taken or not the machine's, with what to do.
pub(super) fn sockets(listen: &Listen) -> anyhow::Result<Sockets> {
    let mut sockets = Sockets { listeners: Vec::new(), addresses: Vec::new(), shown: String::new() };
    let mut inherited = ListenFd::from_env();
    for place in 0..inherited.len() {
        if let Ok(Some(listener)) = inherited.take_tcp_listener(place) {
            sockets.tcp(listener)?;
        } else if let Ok(Some(listener)) = inherited.take_unix_listener(place) {
            listener.set_nonblocking(true)?;
            sockets.listeners.push(Listener::Unix(UnixListener::from_std(listener)?));
            sockets.show("inherited Unix socket");
        }
    }
    if !sockets.listeners.is_empty() {
        return Ok(sockets);
    }
    sockets.bind(listen, "[server] listen or --listen")?;
    Ok(sockets)
}

/// Binds the address of the figures, which no socket of systemd's takes the place of.
///
/// # Errors
/// As [`sockets`].
pub(super) fn figures(listen: &Listen) -> anyhow::Result<Sockets> {
    let mut sockets = Sockets { listeners: Vec::new(), addresses: Vec::new(), shown: String::new() };
    sockets.bind(listen, "[server] metrics")?;
    Ok(sockets)
}

impl Sockets {
    /// Binds `listen`, which people change at `setting`.
    fn bind(&mut self, listen: &Listen, setting: &str) -> anyhow::Result<()> {
        match listen {
            Listen::Address(address) => {
                let listener = std::net::TcpListener::bind(address).with_context(|| {
                    format!("listening on {address}: is another daemon running? choose another with {setting}")
                })?;
                self.tcp(listener)?;
            }
            Listen::Unix(path) => {
                remove_dead_socket(path)?;
                let listener =
                    UnixListener::bind(path).with_context(|| format!("listening on unix:{}", path.display()))?;
                self.listeners.push(Listener::Unix(listener));
                self.show(&format!("unix:{}", path.display()));
            }
        }
        Ok(())
    }

    fn tcp(&mut self, listener: std::net::TcpListener) -> io::Result<()> {
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        self.addresses.push(address);
        self.show(&address.to_string());
        self.listeners.push(Listener::Tcp(TcpListener::from_std(listener)?));
        Ok(())
    }

    fn show(&mut self, one: &str) {
        if !self.shown.is_empty() {
            self.shown.push(',');
        }
        self.shown.push_str(one);
    }

    /// The addresses, which the fetcher must never ask.
    pub(super) fn own(&self) -> Vec<SocketAddr> {
        self.addresses.clone()
    }

    /// For the log.
    pub(super) fn shown(&self) -> &str {
        &self.shown
    }

    /// Where readers on this machine reach it, when the configuration does not say what others use.
    pub(super) fn url(&self) -> String {
        match self.addresses.first() {
            Some(address) if address.ip().is_unspecified() => format!("http://localhost:{}", address.port()),
            Some(address) => format!("http://{address}"),
            None => "http://localhost".to_owned(),
        }
    }

    /// The sockets themselves.
    pub(super) fn into_listeners(self) -> Vec<Listener> {
        self.listeners
    }
}

/// A socket file whose process is gone would keep the next from binding. Anything else under that name stays.
fn remove_dead_socket(path: &Path) -> anyhow::Result<()> {
    let is_socket = fs::symlink_metadata(path).is_ok_and(|meta| meta.file_type().is_socket());
    if is_socket && std::os::unix::net::UnixStream::connect(path).is_err() {
        fs::remove_file(path).with_context(|| format!("removing the dead socket {}", path.display()))?;
    }
    Ok(())
}
