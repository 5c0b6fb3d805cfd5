//! `thankd undo`: the owner's word, taken back.
use super::{CliError, Places, sources, tell, tell_people};
use crate::daemon;
use crate::digest::Listing;
use crate::store::{Commit, Store};
use crate::timeline::TellingId;
use clap::Args;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Undo {
    /// Its number, as the digest prints it [default: your last word]
    pub number: Option<i64>,
    /// As if it were this time: RFC 3339, a date, or a span back ("30d")
    #[arg(long, value_name = "T")]
    pub now: Option<String>,
}

impl Undo {
    pub async fn run(self, places: Places) -> Result<ExitCode, CliError> {
        let settings = sources::settings(&places)?;
        let store = sources::store(&places).await?;
        let now = sources::now(self.now.as_deref(), &settings)?;
        let before = daemon::preview(&store, &settings, Listing::All { since: None }, None, Commit::No, now).await?;
        let undone = store.undo(self.number.map(TellingId), now).await?;
        let Some((id, undone)) = undone else {
            let why = self.nothing(&store).await?;
            store.close().await?;
            return Err(CliError::Failed(why));
        };
        let changes = tell::changes(&store, &settings, &before, now).await?;
        store.close().await?;
        let about = undone.item.map(|i| format!("{i} ")).unwrap_or_default();
        let argument = undone.argument.map(|a| format!(" ({a})")).unwrap_or_default();
        let changes = if changes.is_empty() { "No verdict changes by it.\n" } else { &changes };
        tell_people(&format!("Taken back: number {}, {about}{}{argument}\n{changes}", id.0, undone.verb))
    }

    async fn nothing(&self, store: &Store) -> Result<String, CliError> {
        let Some(number) = self.number else {
            return Ok("there is nothing to take back: no word of yours stands".into());
        };
        Ok(match store.telling_stands(TellingId(number)).await? {
            Some(_) => format!("number {number} was taken back already"),
            None => format!("you told me nothing under the number {number}; `tell` and the digest print the numbers"),
        })
    }
}
