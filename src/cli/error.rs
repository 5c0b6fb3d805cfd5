//! Errors with their exit codes: 1 failed, 2 usage, 70 our bug, 78 configuration.
use crate::config::ConfigError;
use crate::daemon::RoundError;
use crate::store::StoreError;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum CliError {
    #[error("{0}")]
    Failed(String),
    #[error("{0}")]
    Usage(String),
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Round(#[from] RoundError),
    /// Standard output was closed by its reader.
    #[error("output was closed")]
    Closed,
}

impl CliError {
    #[must_use]
    pub fn code(&self) -> u8 {
        match self {
            CliError::Round(RoundError::Keeper) => 70,
            CliError::Failed(_) | CliError::Store(_) | CliError::Round(_) => 1,
            CliError::Usage(_) => 2,
            CliError::Config(_) => 78,
            CliError::Closed => 0,
        }
    }
}

impl From<std::io::Error> for CliError {
    fn from(e: std::io::Error) -> Self {
        if e.kind() == std::io::ErrorKind::BrokenPipe { CliError::Closed } else { CliError::Failed(e.to_string()) }
    }
}
