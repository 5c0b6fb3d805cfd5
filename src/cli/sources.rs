//! Arguments that several commands share: files standing in for a config, times, the store.
use super::{CliError, Places};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::config::{self, CalendarSource, MailAccount, MailPlace, Settings};
use crate::daemon::Doors;
use crate::message::TrustAnchor;
use crate::store::Store;
use clap::Args;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, civil};
use std::path::PathBuf;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Files and an owner instead of a config.
#[derive(Debug, Clone, Default, Args)]
pub struct Standalone {
    /// Mail in files: mbox, Maildir, .eml, or folders of them
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub mail: Vec<PathBuf>,
    /// Calendars: .ics files or folders of them
    #[arg(long, value_name = "PATH", num_args = 1..)]
    pub calendar: Vec<PathBuf>,
    /// Your addresses
    #[arg(long, value_name = "ADDR", num_args = 1..)]
    pub owner: Vec<String>,
    /// Your name as calendars and networks write it
    #[arg(long, value_name = "NAME", num_args = 1..)]
    pub owner_name: Vec<String>,
    /// Your zone, by IANA name [default: the machine's]
    #[arg(long, value_name = "ZONE")]
    pub zone: Option<String>,
}

impl Standalone {
    /// Were files or an owner given?
    #[must_use]
    pub fn given(&self) -> bool {
        !self.mail.is_empty() || !self.calendar.is_empty() || !self.owner.is_empty()
    }

    /// A flag that says nothing without files and an owner.
    #[must_use]
    pub fn idle(&self) -> Option<&'static str> {
        let zone = self.zone.as_ref().map(|_| "--zone");
        zone.or((!self.owner_name.is_empty()).then_some("--owner-name"))
    }

    pub fn zone(&self) -> Result<Option<TimeZone>, CliError> {
        let wrong =
            |z: &str| CliError::Usage(format!("--zone \"{z}\" is no IANA zone name; write it like Europe/Berlin"));
        self.zone.as_deref().map(|z| TimeZone::get(z).map_err(|_| wrong(z))).transpose()
    }

    /// Settings as a fresh daemon would have them.
    pub fn settings(&self) -> Result<Settings, CliError> {
        if self.owner.is_empty() {
            return Err(CliError::Usage(
                "--owner is needed: thankd must know which mail is yours (--owner you@example.org)".into(),
            ));
        }
        let mut settings = config::standalone(&self.owner, &self.owner_name, self.zone()?)
            .map_err(|e| CliError::Usage(e.to_string()))?;
        if let Some(path) = self.mail.iter().find(|path| !path.exists()) {
            return Err(CliError::Failed(format!("--mail {}: there is no such file or folder", path.display())));
        }
        settings.mail = self
            .mail
            .iter()
            .map(|path| MailAccount {
                name: path.display().to_string(),
                place: MailPlace::Path(path.clone()),
                poll: SignedDuration::from_mins(2),
                // The mail given is all mail there is.
                look_back: SignedDuration::from_hours(24 * 365 * 60),
                trust: TrustAnchor::Topmost,
            })
            .collect();
        settings.calendars =
            self.calendar.iter().map(|p| CalendarSource { name: p.display().to_string(), path: p.clone() }).collect();
        Ok(settings)
    }
}

/// The config, found and checked.
pub fn settings(places: &Places) -> Result<Settings, CliError> {
    let path = config::find(places.config.as_deref())?;
    Ok(config::load(&path)?)
}

/// The store of the running daemon, or of the last one.
pub async fn store(places: &Places) -> Result<Store, CliError> {
    let dir = config::state_dir(places.state.as_deref());
    if !dir.join("thankd.db").exists() {
        return Err(CliError::Failed(format!(
            "there is no store in {} yet; start the daemon once (`thankd run --once`), or name its folder with --state",
            dir.display()
        )));
    }
    Ok(Store::open(&dir, Chance::System.key()).await?)
}

/// Doors for a command.
pub fn doors(settings: &Settings, clock: Clock) -> Result<Doors, CliError> {
    Ok(Doors {
        catalogue: Arc::new(config::catalogue(settings)?),
        clock,
        chance: Chance::System,
        stop: CancellationToken::new(),
    })
}

/// `--now`, or the machine's own time.
pub fn now(text: Option<&str>, settings: &Settings) -> Result<Timestamp, CliError> {
    let system = Clock::System.now();
    text.map_or(Ok(system), |text| time("--now", text, &settings.owner.zone, system))
}

/// `T` of interface.md: an RFC 3339 time, a date (its first moment in the zone), or a span back from now ("30d").
pub fn time(flag: &str, text: &str, zone: &TimeZone, now: Timestamp) -> Result<Timestamp, CliError> {
    if let Ok(t) = text.parse::<Timestamp>() {
        return Ok(t);
    }
    if let Ok(local) = text.parse::<civil::DateTime>()
        && text.contains(['T', ' '])
        && let Ok(t) = local.to_zoned_datetime(zone.clone())
    {
        return Ok(t.timestamp());
    }
    if let Ok(day) = text.parse::<civil::Date>()
        && let Ok(t) = day.to_zoned_datetime(zone.clone())
    {
        return Ok(t.timestamp());
    }
    if let Ok(span) = text.parse::<Span>()
        && let Ok(z) = zone_minus(now, zone, span)
    {
        return Ok(z);
    }
    Err(CliError::Usage(format!(
        "{flag} \"{text}\" is no time; write it like 2026-11-17T07:00:00+01:00, 2026-11-17, or 30d"
    )))
}

fn zone_minus(now: Timestamp, zone: &TimeZone, span: Span) -> Result<Timestamp, jiff::Error> {
    Ok(now.to_zoned_datetime(zone.clone()).checked_sub(span)?.timestamp())
}
