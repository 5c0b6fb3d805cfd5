//! `thankd undo`: the owner's word, taken back.
use super::{CliError, Places, sources, tell_people};
use crate::clock::Clock;
use crate::store::Store;
use crate::timeline::TellingId;
use clap::Args;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Undo {
    /// Its number, as the digest prints it [default: your last word]
    pub number: Option<i64>,
}

impl Undo {
    pub async fn run(self, places: Places) -> Result<ExitCode, CliError> {
        let store = sources::store(&places).await?;
        let undone = store.undo(self.number.map(TellingId), Clock::System.now()).await?;
        let Some((id, undone)) = undone else {
            let why = self.nothing(&store).await?;
            store.close().await?;
            return Err(CliError::Failed(why));
        };
        store.close().await?;
        let about = undone.item.map(|i| format!("{i} ")).unwrap_or_default();
        let argument = undone.argument.map(|a| format!(" ({a})")).unwrap_or_default();
        tell_people(&format!("Taken back: number {}, {about}{}{argument}", id.0, undone.verb))
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
