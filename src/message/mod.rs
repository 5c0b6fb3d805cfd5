//! What a mail *is*: the few facts thankd takes from MIME, and nothing about what it means.
//!
//! Mail is written by strangers and by forty years of programs. Reading never fails and never panics; what cannot be
//! read is said in the value. This is the only room that knows `mail-parser`.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod body;
mod domain;
mod entities;
mod fields;
mod hiding;
mod html;
mod links;
mod mime;
mod provenance;
mod reader;
mod results;
mod sign;
mod split;
#[cfg(test)]
mod styles;
mod subject;
mod time;
mod vocabulary;

pub use domain::{Glance, Look, look_of, registered, word_imitates};
pub use links::{parts as url_parts, percent_decoded, query_value, unwrap as unwrap_link};
pub use reader::{Attachment, LARGEST, Message, read, read_headers};

pub(crate) use sign::without_banners;

use crate::person::{Address, Mailbox};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Does this, in lower case, only hold the place of a name: "someone", "ein mitglied", "new message"?
pub(crate) fn names_nobody(lower: &str) -> bool {
    vocabulary::vocabulary().nobody(lower)
}

/// How far the visible sender is proved (trust.md). Ordered: the best sighting of one mail wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authenticity {
    Forged,
    Unverified,
    Verified,
}

/// Whose Authentication-Results an account believes (trust.md, "Trusting Authentication-Results").
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum TrustAnchor {
    /// Only a topmost header with this authserv-id.
    AuthservId(String),
    /// The topmost header, whatever its id; files given on the command line, Exchange Online.
    #[default]
    Topmost,
    /// Nobody: everything is unverified.
    None,
}

/// A hyperlink of the mail, gateway wrappers removed. The text is what stood between `<a>` and `</a>`, or before the bare URL.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    pub url: String,
    pub text: String,
}

/// The body, split by whose words they are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Body {
    /// The whole visible text, blocks and cells separated by line breaks; text/plain if it has content, else from HTML.
    pub text: String,
    /// Only what the sender wrote in this mail: without quotes, signature, disclaimer, gateway banners.
    pub own: String,
    /// The signature block, if one was found.
    pub signature: Option<String>,
    /// The first forwarded mail inside, if this mail forwards one: its sender as written there, and its own words.
    pub forwarded: Option<Forwarded>,
    /// Quoted text was cut off (the mail is a reply or forward).
    pub quotes: bool,
}

/// A mail forwarded inside another one's text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Forwarded {
    pub from: Mailbox,
    pub subject: String,
    pub date: Option<Timestamp>,
    pub own: String,
}

/// Marks that a program, not a hand, sent this (RFC 2369, 2919, 3834).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent header facts")]
pub struct Marks {
    /// List-Id, List-Post or List-Unsubscribe.
    pub list: bool,
    /// Precedence: bulk, list or junk.
    pub bulk: bool,
    /// Auto-Submitted other than `no`, X-Auto-Response-Suppress with All, X-Autoreply …
    pub auto: bool,
    /// An empty Return-Path, or multipart/report: a delivery report.
    pub report: bool,
    /// A text/calendar part: an invitation to, or answer about, a meeting.
    pub calendar: bool,
}

/// Which clock a time comes from (etiquette.md, Time).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArrivalBy {
    /// The topmost Received that names the owner's own server.
    Received,
    /// The mailbox's INTERNALDATE.
    Internal,
    /// Only the sender's Date: files.
    Date,
    /// No time at all could be read; the time it was looked at stands in.
    Unknown,
}

/// RFC 5322 Message-ID without angle brackets.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MessageId(pub String);

/// Every address in `mailboxes`, in order.
pub fn addresses(mailboxes: &[Mailbox]) -> impl Iterator<Item = &Address> {
    mailboxes.iter().filter_map(|m| m.address.as_ref())
}
