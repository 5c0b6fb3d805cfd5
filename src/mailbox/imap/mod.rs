//! IMAP.
use super::{Batch, Bodies, Cursor, Fault, Folder, FolderChoice, Limits, MailboxError, Place, Uid};
use crate::net::{CredentialSource, Server};
use jiff::Timestamp;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// An account as the configuration checked it.
#[derive(Debug, Clone)]
pub struct ImapSettings {
    /// The account's name in the configuration; error texts use it.
    pub account: String,
    pub server: Server,
    pub user: String,
    pub credential: CredentialSource,
    pub folders: FolderChoice,
    /// A whole command may take this long; 120 s (trust.md §1).
    pub command_timeout: Duration,
}

/// A session that is opened when first needed and kept until something fails.
#[derive(Debug)]
pub struct Imap {
    settings: ImapSettings,
    stop: CancellationToken,
}

impl Imap {
    /// `stop` ends a read in progress within milliseconds.
    #[must_use]
    pub fn new(settings: ImapSettings, stop: CancellationToken) -> Self {
        Imap { settings, stop }
    }
    fn todo(&self) -> MailboxError {
        let _ = &self.stop;
        Fault::Stopped.at(&Place { account: self.settings.account.clone(), ..Place::default() })
    }
    pub(super) async fn folders(&mut self) -> Result<Vec<Folder>, MailboxError> {
        Err(self.todo())
    }
    pub(super) async fn sync(
        &mut self,
        _: &Folder,
        _: Option<Cursor>,
        _: Timestamp,
        _: Limits,
    ) -> Result<Batch, MailboxError> {
        Err(self.todo())
    }
    pub(super) async fn bodies(&mut self, _: &Folder, _: u64, _: &[Uid], _: Limits) -> Result<Bodies, MailboxError> {
        Err(self.todo())
    }
    pub(super) async fn append_to_inbox(&mut self, _: &[u8]) -> Result<(), MailboxError> {
        Err(self.todo())
    }
    pub(super) async fn close(&mut self) {}
}
