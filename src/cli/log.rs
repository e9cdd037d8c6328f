//! Where log lines go: to standard error as text, with the time where a person reads it, with systemd's priority where
//! the journal does.
//!
//! The journal gets whole lines and not fields apart, since `journalctl` and `systemctl status` show a message alone:
//! fields of their own would hide why a visit failed.

use std::io::{self, IsTerminal, Stderr, Write};

use tracing::{Level, Metadata, level_filters::LevelFilter};
use tracing_subscriber::{Layer, filter::Targets, fmt::MakeWriter, layer::SubscriberExt, util::SubscriberInitExt};

/// Sets logging up, once. `RUST_LOG` chooses what is logged, as `debug` or `tearsheet::fetch=debug`; `level` holds for all that it does
/// not speak of.
pub(super) fn set_up(level: LevelFilter) {
    #[expect(clippy::disallowed_methods, reason = "the environment is read in cli alone")]
    let asked = std::env::var("RUST_LOG").ok();
    let filter: Targets = asked.and_then(|asked| asked.parse().ok()).unwrap_or_default();
    let filter = if filter.default_level().is_some() { filter } else { filter.with_default(level) };
    // A log that cannot be written (its reader is gone) stops nothing: the layer's own word on that would panic.
    let text = tracing_subscriber::fmt::layer().with_target(false).log_internal_errors(false);
    let text = if journal_reads_us() {
        text.with_ansi(false).with_level(false).without_time().with_writer(Journal).boxed()
    } else {
        text.with_ansi(io::stderr().is_terminal()).with_writer(io::stderr).boxed()
    };
    tracing_subscriber::registry().with(text.with_filter(filter)).init();
}

/// systemd sets JOURNAL_STREAM for what it starts (systemd.exec(5)); a terminal started from such a unit inherits it.
fn journal_reads_us() -> bool {
    #[expect(clippy::disallowed_methods, reason = "the environment is read in cli alone")]
    let named = std::env::var("JOURNAL_STREAM").is_ok();
    named && !io::stderr().is_terminal()
}

/// Standard error whose lines begin with their priority, `<4>` (sd-daemon(3)).
struct Journal;

/// One line on its way to the journal.
struct Line {
    priority: Option<&'static [u8]>,
    to: Stderr,
}

impl<'a> MakeWriter<'a> for Journal {
    type Writer = Line;

    fn make_writer(&'a self) -> Line {
        Line { priority: None, to: io::stderr() }
    }

    fn make_writer_for(&'a self, metadata: &Metadata<'_>) -> Line {
        Line { priority: Some(priority(*metadata.level())), to: io::stderr() }
    }
}

impl Write for Line {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // One write for both, so that lines of two threads do not mix.
        if let Some(priority) = self.priority.take() {
            self.to.write_all(&[priority, bytes].concat())?;
            return Ok(bytes.len());
        }
        self.to.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

fn priority(level: Level) -> &'static [u8] {
    match level {
        Level::ERROR => b"<3>",
        Level::WARN => b"<4>",
        Level::INFO => b"<6>",
        Level::DEBUG | Level::TRACE => b"<7>",
    }
}
