//! `thankd run`: the daemon, or one round.
use super::{CliError, Places, say, sources};
use crate::clock::Clock;
use crate::config::{self, OutboxPlace, Settings};
use crate::daemon;
use crate::digest::{due::Due, words};
use crate::store::{self, DigestRow, DigestState, Store};
use clap::Args;
use jiff::Timestamp;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Run {
    /// One round, then end: read everything, send the digest if it is due
    #[arg(long)]
    pub once: bool,
}

impl Run {
    pub async fn run(self, places: Places) -> Result<ExitCode, CliError> {
        let settings = sources::settings(&places)?;
        crate::telemetry::start(settings.log.0, settings.log.1);
        let state = config::state_dir(places.state.as_deref());
        if !self.once {
            let catalogue = config::catalogue(&settings)?;
            daemon::run(settings, catalogue, &state).await?;
            return Ok(ExitCode::SUCCESS);
        }
        let _instance = daemon::Instance::lock(&state)?;
        let doors = sources::doors(&settings, Clock::System)?;
        let store = Store::open(&state, doors.chance.key()).await?;
        let before = read_so_far(&store).await?;
        let sent_before = sent(&store).await?;
        let mut troubles = daemon::once(&store, &settings, &doors).await?;
        let read = read_so_far(&store).await?.saturating_sub(before);
        let now = doors.clock.now();
        for d in unsent(&store, &settings, now).await? {
            troubles.push(format!("digest of {}: {}", d.day, daemon::whereabouts(&settings, &d, now).says));
        }
        let next = daemon::when_due(&store, &settings, now).await?;
        let sent = sent(&store).await?.filter(|day| sent_before.as_ref() != Some(day));
        store.close().await?;
        say(&summary(&settings, read, &next, now))?;
        if let Some(day) = sent {
            say(&format!("the digest of {day} was sent to {}", settings.digest.to.as_str()))?;
        }
        for trouble in &troubles {
            eprintln!("thankd: {}", super::shown::line(trouble));
        }
        Ok(if troubles.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// Digests that wait because something stands in their way. A server that says "later" (greylisting) is asked again by the
/// next round, one in doubt is looked for first, and what was refused for good is in the log and in tomorrow's digest.
async fn unsent(store: &Store, settings: &Settings, now: Timestamp) -> Result<Vec<DigestRow>, CliError> {
    let mut rows = store.digests_open().await?;
    let waits = |d: &DigestRow| d.state == DigestState::Composed && !daemon::whereabouts(settings, d, now).well;
    rows.retain(|d| waits(d) && !daemon::put_off(d));
    Ok(rows)
}

/// The day of the last digest, if it was sent.
async fn sent(store: &Store) -> Result<Option<String>, CliError> {
    Ok(store
        .digest_last()
        .await?
        .filter(|d| matches!(d.state, DigestState::Accepted | DigestState::Found))
        .map(|d| d.day))
}

async fn read_so_far(store: &Store) -> Result<u64, CliError> {
    let tally = store.tallied(Timestamp::UNIX_EPOCH, Timestamp::MAX).await?;
    Ok(tally.get(store::READ).copied().unwrap_or(0))
}

/// One line of what was done, for whoever runs it by hand or reads cron's mail.
fn summary(settings: &Settings, read: u64, next: &Due, now: Timestamp) -> String {
    let mails = words::plural(usize::try_from(read).unwrap_or(usize::MAX), "new mail", "new mails");
    let accounts = words::plural(settings.mail.len(), "account", "accounts");
    let calendars = words::plural(settings.calendars.len(), "calendar", "calendars");
    let when = words::When::new(now, &settings.owner.zone);
    let to = settings.digest.to.as_str();
    let next = match next {
        _ if settings.outbox == OutboxPlace::Nowhere => "no way out is set, see it with `thankd digest`".to_owned(),
        Due::Now { .. } => format!("a digest to {to} is due now"),
        Due::Later { at, .. } => format!("next digest {} to {to}", when.moment(*at)),
        Due::Clock(trouble) => format!("no digest: {trouble}"),
    };
    format!("{mails} read in {accounts}, {calendars} looked at; {next}")
}
