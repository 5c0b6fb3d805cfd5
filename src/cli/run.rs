//! `thankd run`: the daemon, or one round.
use super::{CliError, Places, sources};
use crate::clock::Clock;
use crate::config;
use crate::daemon;
use crate::store::Store;
use clap::Args;
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
        let troubles = daemon::once(&store, &settings, &doors).await?;
        store.close().await?;
        for trouble in &troubles {
            eprintln!("thankd: {trouble}");
        }
        Ok(if troubles.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}
