//! An outbox in memory: what was sent can be looked at, and what shall happen can be said beforehand.
use super::{Envelope, OutboxError, SendOutcome};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// What the next sending shall come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Accept,
    /// 451
    Later,
    /// 550
    Never,
    /// The connection breaks before the mail was taken.
    Lost,
    /// The mail is taken, and the connection breaks before that is said.
    TakenSilently,
    /// The connection breaks after the last byte, and the mail was not taken.
    LostSilently,
}

/// One mail as it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    pub envelope: Envelope,
    pub bytes: Vec<u8>,
    pub message_id: String,
}

/// Clones share what was sent.
#[derive(Debug, Clone, Default)]
pub struct Memory(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    sent: Vec<Sent>,
    fates: VecDeque<Fate>,
    attempts: usize,
}

impl Memory {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
    /// The next sendings come to these, in order; then all are accepted.
    pub fn decide(&self, fates: impl IntoIterator<Item = Fate>) {
        self.inner().fates.extend(fates);
    }
    /// What was taken, in order.
    #[must_use]
    pub fn sent(&self) -> Vec<Sent> {
        self.inner().sent.clone()
    }
    /// How often sending was tried.
    #[must_use]
    pub fn attempts(&self) -> usize {
        self.inner().attempts
    }
    fn inner(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn send(&self, envelope: &Envelope, bytes: &[u8], message_id: &str) -> SendOutcome {
        let mut inner = self.inner();
        inner.attempts += 1;
        let fate = inner.fates.pop_front().unwrap_or(Fate::Accept);
        if matches!(fate, Fate::Accept | Fate::TakenSilently) {
            let message_id = message_id.to_owned();
            inner.sent.push(Sent { envelope: envelope.clone(), bytes: bytes.to_vec(), message_id });
        }
        let server = "memory".to_owned();
        let lost = |server| OutboxError::Lost { server, step: "DATA", why: "as decided".into() };
        match fate {
            Fate::Accept => SendOutcome::Accepted("250 taken".into()),
            Fate::Later => SendOutcome::NotSent(OutboxError::Later { server, step: "RCPT", said: "451".into() }),
            Fate::Never => SendOutcome::NotSent(OutboxError::Never { server, step: "RCPT", said: "550".into() }),
            Fate::Lost => SendOutcome::NotSent(lost(server)),
            Fate::TakenSilently | Fate::LostSilently => SendOutcome::Unknown(lost(server)),
        }
    }
}
