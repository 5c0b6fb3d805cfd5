//! Mail out: nothing but thankd's own digests and alerts to its owner.
//!
//! Sending cannot be exactly once: a connection may break after the server took the mail and before it said so. The
//! device is to say precisely which of three things happened: it was [`SendOutcome::Accepted`], it was certainly
//! [`SendOutcome::NotSent`], or nobody knows ([`SendOutcome::Unknown`]); the hall then looks for it in the mailbox before
//! it sends the same mail, under the same Message-ID, once more (news.md).

mod directory;
mod error;
mod line;
mod memory;
mod smtp;

pub use directory::Directory;
pub use error::OutboxError;
pub use memory::{Fate, Memory, Sent};
pub use smtp::{Patience, Smtp, SmtpSettings};

use crate::mailbox::Mailbox;
use crate::net::Outcome;
use crate::person::Address;

/// RFC 5321's envelope: who sends, who receives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub from: Address,
    pub to: Vec<Address>,
}

/// What became of a mail handed to [`Outbox::send`].
#[derive(Debug)]
pub enum SendOutcome {
    /// The server took it over; its answer.
    Accepted(String),
    /// It certainly did not go out; what to do says the error.
    NotSent(OutboxError),
    /// All of it was sent, and the server's word on it was lost.
    Unknown(OutboxError),
}

impl SendOutcome {
    /// What the hall does next; `None` if all is well, or if it must look for the mail first.
    #[must_use]
    pub fn next(&self) -> Option<Outcome> {
        match self {
            SendOutcome::NotSent(e) => Some(e.outcome()),
            SendOutcome::Accepted(_) | SendOutcome::Unknown(_) => None,
        }
    }
}

/// The door: every way a digest can take to its owner.
#[derive(Debug)]
pub enum Outbox {
    Smtp(Box<Smtp>),
    /// Into the owner's own inbox over IMAP, where the provider offers no SMTP.
    Append(Box<Mailbox>),
    /// Files in a folder: demo, tests, a local delivery program.
    Directory(Directory),
    Memory(Memory),
}

impl Outbox {
    /// Sends one mail. `bytes` is a whole message of 7-bit lines ended by CRLF; `message_id` (without angle brackets) is
    /// the one inside it.
    pub async fn send(&mut self, envelope: &Envelope, bytes: &[u8], message_id: &str) -> SendOutcome {
        if let Err(fault) = error::check_wire_format(bytes) {
            return SendOutcome::NotSent(fault);
        }
        match self {
            Outbox::Smtp(smtp) => smtp.send(envelope, bytes).await,
            Outbox::Append(mailbox) => append(mailbox, bytes).await,
            Outbox::Directory(directory) => directory.send(bytes, message_id).await,
            Outbox::Memory(memory) => memory.send(envelope, bytes, message_id),
        }
    }
}

async fn append(mailbox: &mut Mailbox, bytes: &[u8]) -> SendOutcome {
    match mailbox.append_to_inbox(bytes).await {
        Ok(()) => SendOutcome::Accepted("appended to the inbox".into()),
        Err(e) if e.after_sending => SendOutcome::Unknown(OutboxError::Append(e)),
        Err(e) => SendOutcome::NotSent(OutboxError::Append(e)),
    }
}

#[cfg(test)]
#[path = "hostile_tests.rs"]
mod hostile_tests;
