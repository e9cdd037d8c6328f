//! Where log lines go: to the journal with their fields where systemd reads them, else to standard error as text.

use std::io::IsTerminal;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::{EnvFilter, Layer, layer::SubscriberExt, util::SubscriberInitExt};

/// Sets logging up, once. `RUST_LOG` chooses what is logged; without it, `level` does.
pub(super) fn set_up(level: LevelFilter) {
    let filter = || EnvFilter::builder().with_default_directive(level.into()).from_env_lossy();
    let journal = tracing_journald::layer().ok().filter(|_| journal_reads_us());
    match journal {
        Some(journal) => tracing_subscriber::registry().with(journal.with_filter(filter())).init(),
        None => {
            let text = tracing_subscriber::fmt::layer()
                .with_writer(std::io::stderr)
                .with_ansi(std::io::stderr().is_terminal())
                .with_target(false);
            tracing_subscriber::registry().with(text.with_filter(filter())).init();
        }
    }
}

/// systemd sets JOURNAL_STREAM for what it starts (systemd.exec(5)); a terminal started from such a unit inherits it.
fn journal_reads_us() -> bool {
    #[expect(clippy::disallowed_methods, reason = "the environment is read in cli alone")]
    let named = std::env::var("JOURNAL_STREAM").is_ok();
    named && !std::io::stderr().is_terminal()
}
