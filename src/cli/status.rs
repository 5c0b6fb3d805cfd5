//! `thankd status`: the daemon's accounts, cursors, last rounds, next digest; all of it from the store.
use super::{CliError, Format, Places, say, sources};
use crate::clock::Clock;
use crate::config;
use crate::daemon;
use crate::digest::due::Due;
use clap::Args;
use serde_json::json;
use std::fmt::Write as _;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Status {
    /// How it is printed; JSON is stable, for scripts
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

impl Status {
    pub async fn run(self, places: Places) -> Result<ExitCode, CliError> {
        let settings = sources::settings(&places)?;
        let state = config::state_dir(places.state.as_deref());
        let running = daemon::Instance::held(&state);
        let store = sources::store(&places).await?;
        let now = Clock::System.now();
        let zone = settings.owner.zone.clone();
        let rows = store.sources().await?;
        let known = |name: &str| {
            settings.mail.iter().any(|m| m.name == name) || settings.calendars.iter().any(|c| c.name == name)
        };
        let due = daemon::when_due(&store, &settings, now).await?;
        let next = match due {
            Due::Now { .. } => Some(now),
            Due::Later { at, .. } => Some(at),
            Due::Clock(_) => None,
        };
        let last = store.digest_last().await?;
        let local = |t: jiff::Timestamp| super::json::local(t, &zone);
        let trouble = rows.iter().any(|r| known(&r.name) && r.trouble.is_some());
        let text = match self.format {
            Format::Json => json!({
                "running": running,
                "sources": rows.iter().filter(|r| known(&r.name)).map(|r| json!({
                    "name": r.name, "kind": r.kind, "last_ok": r.last_ok_at.map(local), "covers_from": r.covers_from.map(local),
                    "trouble": r.trouble, "trouble_since": r.trouble_since.map(local),
                })).collect::<Vec<_>>(),
                "last_digest": last.as_ref().map(|d| json!({"day": d.day, "state": d.state, "composed": local(d.composed_at), "note": d.note})),
                "next_digest": next.map(local),
            })
            .to_string(),
            Format::Text => {
                let mut out = if running { "thankd is running\n".to_owned() } else { "thankd is not running\n".to_owned() };
                for r in rows.iter().filter(|r| known(&r.name)) {
                    let read = r.last_ok_at.map_or_else(|| "never read".to_owned(), |t| format!("last read {}", local(t)));
                    let _ = writeln!(out, "  {}: {read}", r.name);
                    if let Some(trouble) = &r.trouble {
                        let since = r.trouble_since.map(|t| format!(" since {}", local(t))).unwrap_or_default();
                        let _ = writeln!(out, "    trouble{since}: {trouble}");
                    }
                }
                if let Some(d) = &last {
                    let state = serde_json::to_value(d.state).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default();
                    let note = d.note.as_deref().map(|n| format!(" ({n})")).unwrap_or_default();
                    let _ = writeln!(out, "  last digest: {} {state}{note}", d.day);
                }
                if let Some(next) = next {
                    let _ = writeln!(out, "  next digest: {}", local(next));
                }
                out
            }
        };
        say(&text)?;
        Ok(if trouble { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}
