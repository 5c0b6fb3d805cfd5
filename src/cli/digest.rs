//! `thankd digest`: what would be sent now. From the store; or from files alone, keeping nothing.
use super::sources::{self, Standalone};
use super::{CliError, Places, say};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::config::Settings;
use crate::daemon;
use crate::digest::{self, Digest as View, Listing};
use crate::store::{Commit, Store};
use clap::{Args, ValueEnum};
use std::process::ExitCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shape {
    Text,
    Html,
    Eml,
    Json,
}

#[derive(Debug, Args)]
pub struct Digest {
    #[command(flatten)]
    pub files: Standalone,
    /// As if it were this time: RFC 3339, a date, or a span back ("30d")
    #[arg(long, value_name = "T")]
    pub now: Option<String>,
    /// Also what was told or noted silently since then
    #[arg(long, value_name = "T")]
    pub since: Option<String>,
    /// How it is printed; JSON is stable, for scripts
    #[arg(long, value_enum, default_value_t = Shape::Text)]
    pub format: Shape,
    /// Send it now, if today's was not sent yet
    #[arg(long, conflicts_with_all = ["mail", "calendar", "owner", "now"])]
    pub send: bool,
}

impl Digest {
    pub async fn run(self, places: Places) -> Result<ExitCode, CliError> {
        if self.files.given() {
            return self.standalone().await;
        }
        self.only_with_files()?;
        let settings = sources::settings(&places)?;
        let store = sources::store(&places).await?;
        if self.send {
            let doors = sources::doors(&settings, Clock::System)?;
            let said = daemon::send_now(&store, &settings, &doors).await?;
            store.close().await?;
            say(&said.says)?;
            return Ok(if said.well { ExitCode::SUCCESS } else { ExitCode::FAILURE });
        }
        let clock = self.clock(&settings)?;
        let view = self.view(&store, &settings, clock).await?;
        self.print(&view, &settings, clock)
    }

    /// A fresh store in memory, fed from the files, and thrown away.
    async fn standalone(&self) -> Result<ExitCode, CliError> {
        let settings = self.files.settings()?;
        let clock = Clock::Fixed(self.clock(&settings)?.now());
        let doors = sources::doors(&settings, clock)?;
        let store = Store::memory(Chance::System.key()).await?;
        for trouble in daemon::read_all(&store, &settings, &doors).await? {
            eprintln!("thankd: {}", super::shown::line(&trouble));
        }
        let view = self.view(&store, &settings, clock).await?;
        self.print(&view, &settings, clock)
    }

    /// `--zone` and `--owner-name` change how files are read, not what a config says.
    fn only_with_files(&self) -> Result<(), CliError> {
        match self.files.idle() {
            Some(flag) => Err(CliError::Usage(format!(
                "{flag} goes with --mail, --calendar and --owner; with a config, set it there under [owner]"
            ))),
            None => Ok(()),
        }
    }

    fn clock(&self, settings: &Settings) -> Result<Clock, CliError> {
        let system = Clock::System.now();
        match &self.now {
            None => Ok(Clock::System),
            Some(text) => Ok(Clock::Fixed(sources::time("--now", text, &settings.owner.zone, system)?)),
        }
    }

    async fn view(&self, store: &Store, settings: &Settings, clock: Clock) -> Result<View, CliError> {
        let now = clock.now();
        let since =
            self.since.as_deref().map(|t| sources::time("--since", t, &settings.owner.zone, now)).transpose()?;
        let listing = match since {
            // interface.md: standalone JSON lists every item, whatever is told of it.
            since if self.files.given() && self.format == Shape::Json => Listing::All { since },
            Some(since) => Listing::Since(since),
            None => Listing::News,
        };
        let preview = daemon::preview(store, settings, listing, since, Commit::No, now).await?;
        Ok(preview.composed.digest)
    }

    fn print(&self, view: &View, settings: &Settings, clock: Clock) -> Result<ExitCode, CliError> {
        let failed = |e: &dyn std::fmt::Display| CliError::Failed(format!("the digest could not be drawn: {e}"));
        match self.format {
            Shape::Json => say(&serde_json::to_string_pretty(view).map_err(|e| failed(&e))?),
            Shape::Text => say(&digest::text(view).map_err(|e| failed(&e))?),
            Shape::Html => say(&digest::html(view).map_err(|e| failed(&e))?),
            Shape::Eml => {
                // A preview is never sent, so its Message-ID is plainly not a digest's.
                let headers = daemon::headers(settings, "preview", clock.now());
                let mail = digest::letter_of(view, &headers).map_err(|e| failed(&e))?;
                say(&String::from_utf8_lossy(&mail))
            }
        }
    }
}
