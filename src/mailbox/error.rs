//! What went wrong at a mailbox, where, and what to do: the text is read by the owner in a digest's foot, the
//! [`Outcome`] by the hall.
use crate::net::{ConnectError, CredentialError, Outcome, TrustError};
use std::time::Duration;

/// Where it happened. Account and folder names are the owner's own words, not mail content.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Place {
    /// The name in the configuration.
    pub account: String,
    /// `host:port`, or a path.
    pub server: String,
    pub folder: Option<String>,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.account, self.server)?;
        self.folder.as_ref().map_or(Ok(()), |folder| write!(f, ", folder {folder}"))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{place}: {fault}")]
pub struct MailboxError {
    pub place: Place,
    #[source]
    pub fault: Box<Fault>,
    /// It was an APPEND, all of it was sent, and the server's word on it was lost: nobody knows whether it lies there.
    pub after_sending: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error(transparent)]
    Connect(#[from] ConnectError),
    #[error(transparent)]
    Trust(#[from] TrustError),
    #[error("the password or token could not be had: {0}")]
    Credential(#[from] CredentialError),
    #[error("TLS failed ({0}): check host, port and `tls`, or name the server's certificate in `tls_ca`")]
    Tls(String),
    #[error(
        "STARTTLS was asked for, but {0}: nothing was sent in clear; use `tls = \"implicit\"` if the server has it"
    )]
    Starttls(String),
    #[error("the server allows no login on this line (LOGINDISABLED): use `tls = \"implicit\"` or \"starttls\"")]
    LoginDisabled,
    #[error("the server offers no way to log in that thankd has ({0})")]
    NoMechanism(String),
    #[error("the login was refused ({0}): check user and password; many providers want an app password or a token")]
    LoginRefused(String),
    #[error(
        "the login was taken, but the mailbox was not opened ({0}): the token may be another account's, consent may be \
         missing, or IMAP is switched off for this mailbox"
    )]
    NotConnected(String),
    #[error("the server is busy or limits us ({said})")]
    Throttled { said: String, after: Duration },
    #[error("the server said goodbye ({0})")]
    Bye(String),
    #[error("the connection was lost ({0})")]
    Lost(String),
    #[error("no answer to {command} within {} s", .after.as_secs())]
    Timeout { command: String, after: Duration },
    #[error("stopped on request")]
    Stopped,
    #[error("the server's answer is not to be borne ({0}): connection dropped")]
    Hostile(String),
    #[error("{command} was refused ({said})")]
    Refused { command: String, said: String },
    #[error("the folder cannot be read ({0})")]
    NoFolder(String),
    #[error("the server lists {0} messages and gives none of them: they are asked for again later")]
    Barren(usize),
    #[error("the folder's messages were numbered anew while being read")]
    Renumbered,
    #[error("the mailbox is full ({0})")]
    OverQuota(String),
    #[error("{0}")]
    File(String),
    #[error("thankd never writes here")]
    ReadOnly,
    #[error("only thankd's own digest may be put into the inbox")]
    NotOurs,
    #[error("the mail library failed ({0}): please report this")]
    Panicked(String),
}

const SOON: Duration = Duration::from_secs(5);
/// Providers that throttle want minutes (trust.md §3).
pub(crate) const THROTTLED: Duration = Duration::from_secs(600);

impl Fault {
    /// The fault with its place, as an error.
    #[must_use]
    pub fn at(self, place: &Place) -> MailboxError {
        MailboxError { place: place.clone(), fault: Box::new(self), after_sending: false }
    }
}

impl MailboxError {
    /// What the hall does next.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let text = || self.to_string();
        match &*self.fault {
            Fault::Connect(ConnectError::ClearText { .. })
            | Fault::Trust(_)
            | Fault::Starttls(_)
            | Fault::LoginDisabled
            | Fault::NoMechanism(_)
            | Fault::LoginRefused(_)
            | Fault::NotConnected(_)
            | Fault::OverQuota(_) => Outcome::AskOwner(text()),
            Fault::Connect(_) | Fault::Bye(_) | Fault::Lost(_) | Fault::Timeout { .. } | Fault::Renumbered => {
                Outcome::RetryLater(SOON)
            }
            // A certificate is often only late to be renewed, and a token command may fail while the network is down:
            // trying again is harmless, and the trouble is told after a day.
            Fault::Tls(_) | Fault::Credential(_) | Fault::Barren(_) => Outcome::RetryLater(Duration::from_secs(300)),
            Fault::Throttled { after, .. } => Outcome::RetryLater(*after),
            Fault::Stopped => Outcome::RetryLater(Duration::ZERO),
            Fault::Hostile(_) => Outcome::RetryLater(THROTTLED),
            Fault::Refused { .. } | Fault::NoFolder(_) | Fault::File(_) => Outcome::SkipThis(text()),
            Fault::ReadOnly | Fault::NotOurs | Fault::Panicked(_) => Outcome::Bug(text()),
        }
    }
}
