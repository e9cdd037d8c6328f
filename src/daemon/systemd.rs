//! What systemd is told (sd_notify(3)), and the sockets that it hands over (sd_listen_fds(3)). Silent where systemd is not.

use std::time::Duration;

use sd_notify::NotifyState;

/// What the daemon tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Tell<'a> {
    /// It serves.
    Ready,
    /// It reads feeds.toml again.
    Reloading,
    /// One line for `systemctl status`.
    Status(&'a str),
    /// The scheduler made progress.
    Alive,
    /// Opening takes longer; ask again within this.
    MoreTime(Duration),
    /// It ends.
    Stopping,
}

/// Tells systemd. A failure is of no consequence to the work, so it is only traced.
pub(super) fn tell(what: &Tell<'_>) {
    let states = match what {
        Tell::Ready => vec![NotifyState::Ready],
        // From systemd 253 on, RELOADING=1 needs the time on the monotonic clock.
        Tell::Reloading => match NotifyState::monotonic_usec_now() {
            Ok(stamp) => vec![NotifyState::Reloading, stamp],
            Err(_) => vec![NotifyState::Reloading],
        },
        Tell::Status(line) => vec![NotifyState::Status(line)],
        Tell::Alive => vec![NotifyState::Watchdog],
        Tell::MoreTime(time) => {
            vec![NotifyState::ExtendTimeoutUsec(u32::try_from(time.as_micros()).unwrap_or(u32::MAX))]
        }
        Tell::Stopping => vec![NotifyState::Stopping],
    };
    if let Err(error) = sd_notify::notify(&states) {
        tracing::debug!(%error, "systemd was not told");
    }
}

/// Half the time within which systemd expects a sign of life, where it expects one.
pub(super) fn watchdog() -> Option<Duration> {
    sd_notify::watchdog_enabled().map(|limit| limit / 2)
}
