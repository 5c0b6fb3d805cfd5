//! `thankd status`: the daemon's accounts, cursors, last rounds, next digest; all of it from the store.
use super::{CliError, Format, Places, say, shown, sources};
use crate::clock::Clock;
use crate::config::{self, Settings};
use crate::daemon::{self, whereabouts};
use crate::digest::due::{ClockTrouble, Due};
use crate::digest::words::When;
use crate::store::{DigestRow, SourceRow, Store};
use clap::Args;
use jiff::Timestamp;
use serde_json::json;
use std::fmt::Write as _;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Status {
    /// How it is printed; JSON is stable, for scripts
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// What the store and the lock tell.
struct Seen {
    running: bool,
    /// Sources that the config names.
    sources: Vec<SourceRow>,
    last: Option<DigestRow>,
    /// Written, and not yet gone.
    waiting: Vec<DigestRow>,
    next: Option<Timestamp>,
    /// Why no digest is sent.
    clock: Option<ClockTrouble>,
    now: Timestamp,
}

impl Status {
    pub async fn run(self, places: Places) -> Result<ExitCode, CliError> {
        let settings = sources::settings(&places)?;
        let running = daemon::Instance::held(&config::state_dir(places.state.as_deref()));
        let store = sources::store(&places).await?;
        let seen = look(&store, &settings, running).await?;
        say(&match self.format {
            Format::Json => seen.json(&settings),
            Format::Text => shown::lines(&seen.text(&settings)),
        })?;
        let stuck = seen.waiting.iter().any(|d| !whereabouts(&settings, d, seen.now).well);
        let trouble = stuck || seen.clock.is_some() || seen.sources.iter().any(|r| r.trouble.is_some());
        Ok(if trouble { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

async fn look(store: &Store, settings: &Settings, running: bool) -> Result<Seen, CliError> {
    let now = Clock::System.now();
    let known = |r: &SourceRow| match r.kind.door() {
        "mail" => settings.mail.iter().any(|m| m.name == r.name),
        _ => settings.calendars.iter().any(|c| c.name == r.name),
    };
    let mut sources = store.sources().await?;
    sources.retain(known);
    let (next, clock) = match daemon::when_due(store, settings, now).await? {
        Due::Now { .. } => (Some(now), None),
        Due::Later { at, .. } => (Some(at), None),
        Due::Clock(trouble) => (None, Some(trouble)),
    };
    let mut waiting = store.digests_open().await?;
    waiting.retain(|d| whereabouts(settings, d, now).next_attempt.is_some() || !whereabouts(settings, d, now).well);
    Ok(Seen { running, sources, last: store.digest_last().await?, waiting, next, clock, now })
}

impl Seen {
    fn json(&self, settings: &Settings) -> String {
        let local = |t: Timestamp| super::json::local(t, &settings.owner.zone);
        let again = |d: &DigestRow| whereabouts(settings, d, self.now).next_attempt.map(local);
        json!({
            "running": self.running,
            "sources": self.sources.iter().map(|r| json!({
                "name": r.name, "kind": r.kind, "last_ok": r.last_ok_at.map(local), "covers_from": r.covers_from.map(local),
                "trouble": r.trouble, "trouble_since": r.trouble_since.map(local),
            })).collect::<Vec<_>>(),
            "last_digest": self.last.as_ref().map(|d| json!({
                "day": d.day, "state": d.state, "composed": local(d.composed_at), "note": d.note, "next_attempt": again(d),
            })),
            "next_digest": self.next.map(local),
            "clock": self.clock.map(|trouble| trouble.to_string()),
        })
        .to_string()
    }

    fn text(&self, settings: &Settings) -> String {
        let when = When::new(self.now, &settings.owner.zone);
        let mut out =
            if self.running { "thankd is running\n".to_owned() } else { "thankd is not running\n".to_owned() };
        for r in &self.sources {
            let read =
                r.last_ok_at.map_or_else(|| "never read".to_owned(), |t| format!("last read {}", when.moment(t)));
            let _ = writeln!(out, "  {} \"{}\": {read}", r.kind.door(), r.name);
            if let Some(trouble) = &r.trouble {
                let since = r.trouble_since.map(|t| format!(" since {}", when.moment(t))).unwrap_or_default();
                let _ = writeln!(out, "    trouble{since}: {trouble}");
            }
        }
        let last = self.last.iter().filter(|d| !self.waiting.iter().any(|w| w.id == d.id));
        for (what, d) in self.waiting.iter().map(|d| ("waiting", d)).chain(last.map(|d| ("last", d))) {
            let _ = writeln!(out, "  {what} digest: of {}, {}", d.day, whereabouts(settings, d, self.now).says);
        }
        if let Some(next) = self.next {
            let _ = writeln!(out, "  next digest: {} to {}", when.moment(next), settings.digest.to.as_str());
        }
        if let Some(trouble) = self.clock {
            let _ = writeln!(out, "  no digest is sent: {trouble}");
        }
        out
    }
}
