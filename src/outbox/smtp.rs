//! SMTP by lettre's connection, one command at a time, because what is to be done about an error depends on where it
//! struck: everything before the final dot means "not sent", a reply code after it is the server's word, and silence
//! after it means that nobody knows.
//!
//! lettre panics on some input and on a blank EHLO line (RUSTSEC-2026-0562, -0564), so an attempt is a task of its own:
//! a panic ends the task and is judged by how far the mail had come.
use super::error::cleaned;
use super::line::{Line, Progress};
use super::{Envelope, OutboxError, SendOutcome};
use crate::net::{Credential, CredentialSource, Server, Veil};
use lettre::Address;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Rcpt};
use lettre::transport::smtp::extension::{ClientId, Extension, MailParameter};
use secrecy::ExposeSecret;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// Where and as whom mail is handed in.
#[derive(Debug, Clone)]
pub struct SmtpSettings {
    pub server: Server,
    /// `None`: no login (a relay on this machine).
    pub login: Option<(String, CredentialSource)>,
    pub patience: Patience,
}

/// How long a server may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// For each command.
    pub command: Duration,
    /// For its word on the mail after the final dot.
    pub after_dot: Duration,
}

impl Default for Patience {
    /// RFC 5321 §4.5.3.2: minutes for a command (tarpits use them), 10 min after the dot, where hurry makes duplicates.
    fn default() -> Self {
        Patience { command: Duration::from_secs(120), after_dot: Duration::from_secs(600) }
    }
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

    pub(super) async fn send(&mut self, envelope: &Envelope, bytes: &[u8]) -> SendOutcome {
        let progress = Arc::new(Progress::default());
        let server = self.settings.server.to_string();
        let attempt = Attempt {
            settings: self.settings.clone(),
            envelope: envelope.clone(),
            bytes: bytes.to_vec(),
            progress: progress.clone(),
            veil: OnceLock::new(),
        };
        let mut task = tokio::spawn(attempt.run());
        let done = tokio::select! {
            done = &mut task => done.unwrap_or_else(|_| {
                Err(OutboxError::Panicked { server, step: progress.step() })
            }),
            () = self.stop.cancelled() => {
                task.abort();
                // It may have ended in the meantime; then its word counts.
                task.await.unwrap_or_else(|_| Err(OutboxError::Lost { server, step: progress.step(), why: "stopped".into() }))
            }
        };
        match done {
            Ok(said) => SendOutcome::Accepted(said),
            Err(e) if progress.past_the_dot() && !e.is_the_servers_word() => SendOutcome::Unknown(e),
            Err(e) => SendOutcome::NotSent(e),
        }
    }
}

struct Attempt {
    settings: SmtpSettings,
    envelope: Envelope,
    bytes: Vec<u8>,
    progress: Arc<Progress>,
    /// Over everything the server says once it was told the secret.
    veil: OnceLock<Veil>,
}

impl Attempt {
    async fn run(self) -> Result<String, OutboxError> {
        let from = self.address(self.envelope.from.as_str())?;
        let to: Vec<Address> = self.envelope.to.iter().map(|a| self.address(a.as_str())).collect::<Result<_, _>>()?;
        if to.is_empty() {
            return Err(OutboxError::Malformed("it has no recipient"));
        }
        // The secret first: it may take a while, and servers do not wait.
        let credential = self.credential().await?;
        let mut smtp = self.connect().await?;
        if let Some((user, credential)) = credential {
            self.progress.enter("login");
            self.log_in(&mut smtp, &user, &credential).await?;
        }
        let utf8 = std::iter::once(&from).chain(&to).any(|a| !AsRef::<str>::as_ref(a).is_ascii());
        if utf8 && !smtp.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(self.never("MAIL FROM", "the server takes no such address (SMTPUTF8)"));
        }
        let parameters = if utf8 { vec![MailParameter::SmtpUtfEight] } else { Vec::new() };
        self.command("MAIL FROM", smtp.command(Mail::new(Some(from), parameters))).await?;
        for to in to {
            self.command("RCPT TO", smtp.command(Rcpt::new(to, Vec::new()))).await?;
        }
        self.command("DATA", smtp.command(Data)).await?;
        let after_dot = self.settings.patience.after_dot;
        let said = self.within("the mail", after_dot, smtp.message(&self.bytes)).await?;
        // The mail is theirs now; how they take the goodbye matters to nobody.
        let _ = timeout(Duration::from_secs(5), smtp.quit()).await;
        Ok(self.heard(&format!("{} {}", said.code(), said.first_line().unwrap_or_default())))
    }

    /// A server's words as they may be told: without the secret, without controls, not too long.
    fn heard(&self, said: &str) -> String {
        self.veil.get().map_or_else(|| cleaned(said), |veil| cleaned(&veil.over(said)))
    }

    fn server(&self) -> String {
        self.settings.server.to_string()
    }

    fn address(&self, address: &str) -> Result<Address, OutboxError> {
        address.parse().map_err(|_| OutboxError::Malformed("an address in its envelope cannot be written"))
    }

    fn never(&self, step: &'static str, said: &str) -> OutboxError {
        OutboxError::Never { server: self.server(), step, said: said.to_owned() }
    }

    async fn credential(&self) -> Result<Option<(String, Credential)>, OutboxError> {
        let Some((user, source)) = &self.settings.login else { return Ok(None) };
        let credential = source.ask().await.map_err(|why| OutboxError::Credential { server: self.server(), why })?;
        // Set once: an attempt asks once.
        let _ = self.veil.set(Veil::of(&credential));
        Ok(Some((user.clone(), credential)))
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, OutboxError> {
        let time = self.settings.patience.command;
        let line = timeout(time, Line::open(&self.settings.server, self.progress.clone())).await;
        let late = |_| OutboxError::Timeout { server: self.server(), step: self.progress.step(), after: time };
        let line = line.map_err(late)??;
        let hello = ClientId::default();
        self.command("EHLO", AsyncSmtpConnection::connect_with_transport(Box::new(line), &hello)).await
    }

    async fn log_in(&self, smtp: &mut AsyncSmtpConnection, user: &str, secret: &Credential) -> Result<(), OutboxError> {
        let (mechanisms, secret): (&[Mechanism], _) = match secret {
            Credential::Password(p) => (&[Mechanism::Plain, Mechanism::Login], p.expose_secret()),
            Credential::Token(t) => (&[Mechanism::Xoauth2], t.expose_secret()),
        };
        if smtp.server_info().get_auth_mechanism(mechanisms).is_none() {
            let offered = self.heard(&smtp.server_info().to_string());
            return Err(OutboxError::NoMechanism { server: self.server(), offered });
        }
        let credentials = Credentials::new(user.to_owned(), secret.to_owned());
        let refused = |said: String| OutboxError::LoginRefused { server: self.server(), said };
        match timeout(self.settings.patience.command, smtp.auth(mechanisms, &credentials)).await {
            Ok(Ok(_)) => Ok(()),
            // XOAUTH2 tells a bad token by a second challenge, which lettre does not expect.
            Ok(Err(e)) if e.is_permanent() || e.is_client() => Err(refused(self.heard(&e.to_string()))),
            Ok(Err(e)) => Err(self.judged("login", &e)),
            Err(_) => Err(OutboxError::Timeout {
                server: self.server(),
                step: "login",
                after: self.settings.patience.command,
            }),
        }
    }

    async fn command<T>(
        &self,
        step: &'static str,
        command: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, OutboxError> {
        self.within(step, self.settings.patience.command, command).await
    }

    async fn within<T>(
        &self,
        step: &'static str,
        time: Duration,
        command: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, OutboxError> {
        self.progress.enter(step);
        match timeout(time, command).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(e)) => Err(self.judged(step, &e)),
            Err(_) => Err(OutboxError::Timeout { server: self.server(), step, after: time }),
        }
    }

    fn judged(&self, step: &'static str, e: &Error) -> OutboxError {
        let (server, said) = (self.server(), self.heard(&e.to_string()));
        match (e.is_transient(), e.is_permanent()) {
            (true, _) => OutboxError::Later { server, step, said },
            (false, true) => OutboxError::Never { server, step, said },
            (false, false) => OutboxError::Lost { server, step, why: said },
        }
    }
}
