//! What every door to a server needs: where it is, how the line is protected, who we are, and what to do when it fails.
//!
//! A daemon that runs for years meets every failure there is, and the caller must not have to know IMAP or SMTP to act
//! on one. So each network step that fails says in an [`Outcome`] what to do next; nothing else is for the hall to decide.
//! The line is TLS from the first byte, or STARTTLS and nothing without it, or clear text to this very machine.

mod command;
mod connect;
mod credential;
mod trust;
mod veil;

pub use command::{first_line, secret_of};
pub use connect::{ConnectError, connect};
pub use credential::{Credential, CredentialError, CredentialSource, Password, Token};
pub use trust::{TrustError, client_config};
pub use veil::Veil;

use std::path::PathBuf;
use std::time::Duration;

/// How the line to a server is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Tls {
    /// TLS before the first byte (RFC 8314): 993, 465.
    #[default]
    Implicit,
    /// Clear text until STARTTLS, which must succeed before anything is said (143, 587).
    Starttls,
    /// No TLS: only to a loopback address.
    None,
}

/// A server as the configuration names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    pub host: String,
    pub port: u16,
    pub tls: Tls,
    /// A PEM file of certificates believed besides the system's own.
    pub tls_ca: Option<PathBuf>,
}

impl std::fmt::Display for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// What the hall does after a step that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Nobody need act; try again, but not before this long (back-off of the caller comes on top).
    RetryLater(Duration),
    /// Trying again is no use, or does harm, until the owner has done this.
    AskOwner(String),
    /// This one thing cannot be had; go on without it.
    SkipThis(String),
    /// Our own mistake: log it whole, drop the session, go on.
    Bug(String),
}
