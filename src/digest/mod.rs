//! What to say today: verdicts and what was said before become one digest, and its text, HTML and JSON.
//!
//! A digest is read in a minute and believed or not for ever: so nothing is said twice, nothing is lost when a day is
//! missed, and no word of a stranger's mail reaches the page unescaped. [`news`] compares what would be said with what
//! *was* said; [`compose`] makes one view-model of it; text, HTML, JSON and the mail are all drawn from that one.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod choose;
mod compose;
pub mod due;
mod html;
mod judged;
mod layout;
mod mail;
mod news;
mod lines;
mod page;
mod strip;
mod text;
mod view;
mod waiting;
mod width;
pub mod words;

pub use compose::{Composed, Input, Listing, Settings, compose};
pub use html::html;
pub use judged::{Judged, PersonView, What};
pub use lines::NO_NETWORK;
pub use mail::{Alert, FailingSource, Headers, LetterTrouble, alert_letter, alert_text, letter_of, subject};
pub use news::{Context, Quiet, Told, told};
pub use text::text;
pub use view::{
    AccountHealth, AccountView, CalendarHealth, Counts, Digest, Health, HealthView, TellingView, UnreadableView,
};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What an item is about (store.sql).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    Request,
    Thanks,
}

/// Why a face differs from the said one (news.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    Fact,
    Time,
    Telling,
    Policy,
    Reader,
    Backlog,
}

/// What the owner would read: verdict, clause, person, question. `premature/no_note_seen`, `unsure/which_person|12,-`. Never
/// times, counts, remarks.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Face(pub String);

/// An item's handle: `k3f`, never reused.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ItemCode(pub String);

/// The last face that was told of an item, in a digest that was not abandoned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub at: Timestamp,
    pub face: Face,
    pub cause: Cause,
    /// False: noted silently (backlog, harmless, changes against a person after a week …).
    pub shown: bool,
    /// How many times the item's question was asked so far, and when last (news.md: day 0 and day 7).
    pub asked: u32,
    pub asked_at: Option<Timestamp>,
}

/// A stored item with what was said of it last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub code: ItemCode,
    pub kind: ItemKind,
    /// `linkedin:inv/6132…` | `linkedin:in/jane-doe#1` | `meeting/<id>/<mention>`
    pub subject: String,
    pub said: Option<Said>,
}

/// A row to write with the digest, in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Say {
    pub subject: String,
    pub face: Face,
    pub cause: Cause,
    pub shown: bool,
    /// The question stands in this digest.
    pub asked: bool,
}

#[cfg(test)]
mod tests;
