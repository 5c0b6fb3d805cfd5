//! IMAP, read-only.
//!
//! The library below is blocking, of pre-release quality, and panics on odd servers; the servers are odd. So the layers
//! are, from the socket up: `wire` (deadlines, being called off, TLS), `guard` (whole answers under caps), `outgoing`
//! (nothing is said that could change a mailbox), `stream` (what the library gets to see), `answer` (our own reader),
//! `session` (commands), `folders` and `sync` (what is asked, and when). Here is the asynchronous face: each job runs in a
//! blocking thread of its own under `catch_unwind`, a stop ends it within milliseconds, and whatever fails drops the
//! connection. A connection that was kept and turned out dead is opened anew once, silently: servers close idle ones.

mod answer;
mod auth;
mod folders;
mod guard;
mod outgoing;
mod session;
mod stream;
mod sync;
mod utf7;
mod wire;

use super::{
    About, Batch, Bodies, Cursor, Fault, Folder, FolderChoice, HeaderFetched, Limits, MailboxError, Place, Uid, headers,
};
use crate::net::{self, Credential, CredentialSource, Server, Tls};
use jiff::Timestamp;
use rustls::ClientConfig;
use session::{Opening, Session};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;
use sync::{Look, Memo};
use tokio_util::sync::CancellationToken;
use wire::Control;

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
    config: Option<Arc<ClientConfig>>,
    session: Option<Session>,
    memo: Memo,
}

/// Ends the job's reads if whoever waits for it goes away.
struct StopOnDrop(Arc<Control>, bool);

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        if self.1 {
            self.0.stop();
        }
    }
}

impl Imap {
    /// `stop` ends a read in progress within milliseconds.
    #[must_use]
    pub fn new(settings: ImapSettings, stop: CancellationToken) -> Self {
        Imap { settings, stop, config: None, session: None, memo: Memo::default() }
    }

    fn place(&self, folder: Option<&Folder>) -> Place {
        Place {
            account: self.settings.account.clone(),
            server: self.settings.server.to_string(),
            folder: folder.map(|f| f.name.clone()),
        }
    }

    pub(super) async fn folders(&mut self) -> Result<Vec<Folder>, MailboxError> {
        let choice = self.settings.folders.clone();
        self.job(None, move |session, _| folders::folders(session, &choice)).await
    }

    pub(super) async fn sync(
        &mut self,
        folder: &Folder,
        cursor: Option<Cursor>,
        since: Timestamp,
        limits: Limits,
    ) -> Result<Batch, MailboxError> {
        let f = folder.clone();
        self.job(Some(folder), move |session, memo| {
            sync::sync(session, memo, &Look { folder: &f, cursor, since, limits })
        })
        .await
    }

    pub(super) async fn bodies(
        &mut self,
        folder: &Folder,
        uidvalidity: u64,
        uids: &[Uid],
        limits: Limits,
    ) -> Result<Bodies, MailboxError> {
        let (f, uids) = (folder.clone(), uids.to_vec());
        self.job(Some(folder), move |session, _| sync::bodies(session, &f, uidvalidity, &uids, limits)).await
    }

    pub(super) async fn about(
        &mut self,
        folder: &Folder,
        about: &About,
        since: Timestamp,
    ) -> Result<Vec<HeaderFetched>, MailboxError> {
        let (f, about) = (folder.clone(), about.clone());
        self.job(Some(folder), move |session, _| sync::about(session, &f, &about, since)).await
    }

    /// Never tried twice: the first try may have succeeded unseen.
    pub(super) async fn append_to_inbox(&mut self, bytes: &[u8]) -> Result<(), MailboxError> {
        let place = self.place(None);
        if !headers::is_ours(bytes) {
            return Err(Fault::NotOurs.at(&place));
        }
        // A fresh session: a kept one may be dead, and then nobody could tell when it died.
        self.close().await;
        let bytes = bytes.to_vec();
        let session = self.open().await.map_err(|f| f.at(&place))?;
        let (session, memo, done) =
            self.run(session, move |session, _| Ok(session.append(&bytes))).await.map_err(|f| f.at(&place))?;
        self.memo = memo;
        match done {
            Ok(Ok(())) => {
                self.session = session;
                Ok(())
            }
            Ok(Err((fault, after_sending))) => Err(MailboxError { after_sending, ..fault.at(&place) }),
            // A panic: nobody knows how far it came.
            Err(fault) => Err(MailboxError { after_sending: true, ..fault.at(&place) }),
        }
    }

    pub(super) async fn close(&mut self) {
        if let Some(session) = self.session.take() {
            // Nothing is to be learnt from how a goodbye went.
            let _ = tokio::task::spawn_blocking(move || catch_unwind(AssertUnwindSafe(|| session.close()))).await;
        }
    }

    async fn job<T, F>(&mut self, folder: Option<&Folder>, job: F) -> Result<T, MailboxError>
    where
        T: Send + 'static,
        F: Fn(&mut Session, &mut Memo) -> Result<T, Fault> + Clone + Send + 'static,
    {
        let place = self.place(folder);
        let kept = self.session.take();
        let was_kept = kept.is_some();
        match self.once(kept, job.clone()).await {
            Err(Fault::Lost(_) | Fault::Bye(_)) if was_kept => self.once(None, job).await,
            done => done,
        }
        .map_err(|fault| fault.at(&place))
    }

    async fn once<T, F>(&mut self, kept: Option<Session>, job: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: Fn(&mut Session, &mut Memo) -> Result<T, Fault> + Send + 'static,
    {
        let session = match kept {
            Some(session) => session,
            None => self.open().await?,
        };
        let (session, memo, done) = self.run(session, job).await?;
        self.memo = memo;
        // A plain refusal leaves the stream in step; everything else does not surely.
        let in_step = matches!(&done, Ok(_) | Err(Fault::Refused { .. } | Fault::NoFolder(_) | Fault::Renumbered));
        if in_step {
            self.session = session;
        }
        done
    }

    /// Runs `job` in a thread; the session comes back unless it panicked.
    async fn run<T, F>(&mut self, session: Session, job: F) -> Result<(Option<Session>, Memo, Result<T, Fault>), Fault>
    where
        T: Send + 'static,
        F: FnOnce(&mut Session, &mut Memo) -> Result<T, Fault> + Send + 'static,
    {
        let control = session.control();
        let mut memo = std::mem::take(&mut self.memo);
        let (mut session, mut guard) = (session, StopOnDrop(control.clone(), true));
        let thread = tokio::task::spawn_blocking(move || {
            match catch_unwind(AssertUnwindSafe(|| job(&mut session, &mut memo))) {
                Ok(done) => (Some(session), memo, done),
                // The session is dropped with whatever state the panic left it in.
                Err(panic) => (None, Memo::default(), Err(Fault::Panicked(words_of(&*panic)))),
            }
        });
        let done = self.unless_stopped(thread, &control).await;
        guard.1 = false;
        done
    }

    async fn unless_stopped<T>(&self, mut thread: tokio::task::JoinHandle<T>, control: &Control) -> Result<T, Fault> {
        let joined = tokio::select! {
            joined = &mut thread => joined,
            () = self.stop.cancelled() => {
                control.stop();
                thread.await
            }
        };
        joined.map_err(|e| Fault::Panicked(e.to_string()))
    }

    /// A new session. A token is asked for a second time if the first was refused: it may have expired in between.
    async fn open(&mut self) -> Result<Session, Fault> {
        match self.open_once().await {
            Err((Fault::LoginRefused(_), true)) => self.open_once().await.map_err(|(fault, _)| fault),
            done => done.map_err(|(fault, _)| fault),
        }
    }

    /// The second of an error: was it a token that was used?
    async fn open_once(&mut self) -> Result<Session, (Fault, bool)> {
        let early = |f: Fault| (f, false);
        let config = self.tls_config().await.map_err(early)?;
        let server = self.settings.server.clone();
        let (credential, tcp) = tokio::select! {
            () = self.stop.cancelled() => return Err(early(Fault::Stopped)),
            both = async {
                let credential = self.settings.credential.ask().await.map_err(Fault::from)?;
                let tcp = net::connect(&server).await.map_err(Fault::from)?;
                Ok((credential, tcp.into_std().map_err(|e| Fault::Lost(e.to_string()))?))
            } => both.map_err(early)?,
        };
        let control = Control::new(Duration::from_secs(60)).map_err(|e| early(Fault::Lost(e.to_string())))?;
        let is_token = matches!(credential, Credential::Token(_));
        let (user, timeout) = (self.settings.user.clone(), self.settings.command_timeout);
        let mut guard = StopOnDrop(control.clone(), true);
        let for_job = control.clone();
        let thread = tokio::task::spawn_blocking(move || {
            let opening = Opening {
                tcp,
                control: for_job,
                host: &server.host,
                tls: server.tls,
                config,
                user: &user,
                credential: &credential,
                timeout,
            };
            catch_unwind(AssertUnwindSafe(|| Session::open(opening)))
                .unwrap_or_else(|panic| Err(Fault::Panicked(words_of(&*panic))))
        });
        let done = self.unless_stopped(thread, &control).await;
        guard.1 = false;
        done.and_then(|opened| opened).map_err(|fault| (fault, is_token))
    }

    /// Read once: the system's store is some 150 files.
    async fn tls_config(&mut self) -> Result<Option<Arc<ClientConfig>>, Fault> {
        if self.settings.server.tls == Tls::None {
            return Ok(None);
        }
        if self.config.is_none() {
            let ca = self.settings.server.tls_ca.clone();
            let made = tokio::task::spawn_blocking(move || net::client_config(ca.as_deref())).await;
            self.config = Some(made.map_err(|e| Fault::Panicked(e.to_string()))??);
        }
        Ok(self.config.clone())
    }
}

fn words_of(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|s| (*s).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no words".to_owned())
}
