//! Logging: to stderr, where systemd and cron look. Ids, counts and the owner's own names for accounts; never a person's
//! name, address or subject (privacy.md).
use crate::config::{Format, Level};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

/// Starts logging; a second call does nothing.
pub fn start(level: Level, format: Format) {
    let level = match level {
        Level::Error => LevelFilter::ERROR,
        Level::Warn => LevelFilter::WARN,
        Level::Info => LevelFilter::INFO,
        Level::Debug => LevelFilter::DEBUG,
        Level::Trace => LevelFilter::TRACE,
    };
    // Only our own lines go below warnings: a library's debug output may hold what a mail said.
    let targets = Targets::new().with_target("thankd", level).with_default(LevelFilter::WARN.min(level));
    let registry = tracing_subscriber::registry().with(targets);
    let under_systemd = std::env::var_os("JOURNAL_STREAM").is_some();
    let colour = std::io::IsTerminal::is_terminal(&std::io::stderr()) && std::env::var_os("NO_COLOR").is_none();
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_ansi(colour).with_target(false);
    let _ = match (format, under_systemd) {
        (Format::Json, _) => registry.with(layer.json()).try_init(),
        // The journal has its own clock.
        (Format::Text, true) => registry.with(layer.without_time()).try_init(),
        (Format::Text, false) => registry.with(layer).try_init(),
    };
}
