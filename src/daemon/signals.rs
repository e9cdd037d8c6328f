//! [`Signals`]: what the outside asks of the daemon, as values, so that a test can ask it too.

use tokio::{
    signal::unix::{self, SignalKind},
    sync::mpsc,
};

/// What the outside asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// SIGTERM, SIGINT: end well.
    Stop,
    /// SIGHUP: read feeds.toml again.
    Reload,
}

/// Where signals come from.
#[derive(Debug)]
pub struct Signals(Kind);

#[derive(Debug)]
enum Kind {
    Unix { terminate: unix::Signal, interrupt: unix::Signal, hang_up: unix::Signal },
    Given(mpsc::Receiver<Signal>),
}

impl Signals {
    /// The process's own signals.
    ///
    /// # Errors
    /// Where the system lets no handler be set.
    pub fn unix() -> std::io::Result<Self> {
        Ok(Self(Kind::Unix {
            terminate: unix::signal(SignalKind::terminate())?,
            interrupt: unix::signal(SignalKind::interrupt())?,
            hang_up: unix::signal(SignalKind::hangup())?,
        }))
    }

    /// Signals that the other end of a channel gives; its end is a stop.
    pub fn given(receiver: mpsc::Receiver<Signal>) -> Self {
        Self(Kind::Given(receiver))
    }

    /// The next signal. Nothing is lost when the future is dropped.
    pub async fn next(&mut self) -> Signal {
        match &mut self.0 {
            Kind::Unix { terminate, interrupt, hang_up } => tokio::select! {
                _ = terminate.recv() => Signal::Stop,
                _ = interrupt.recv() => Signal::Stop,
                _ = hang_up.recv() => Signal::Reload,
            },
            Kind::Given(receiver) => receiver.recv().await.unwrap_or(Signal::Stop),
        }
    }
}
