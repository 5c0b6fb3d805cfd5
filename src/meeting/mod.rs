//! When they met: calendar entries read, expanded, and understood.
//!
//! A calendar says what was planned. Kind, people and whether it took place are derived from *signals*, which are what
//! is stored; a telling or a better word list re-judges the past.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod day;
mod entry;
mod expand;
mod glossary;
mod ics;
mod kind;
mod lines;
mod merge;
mod names;
mod people;
mod rule;
mod series;
mod signals;
mod title;
mod took_place;
mod tools;
mod value;
mod zone;

pub use glossary::Glossary;
pub use ics::{Details, Feed, LARGEST, MOST_PER_FEED, MOST_PER_UID, Occurrence, Party, Refusal, Window, read_ics};
pub use kind::{KindRules, kind};
pub use lines::FeedTrouble;
pub use merge::{call_off, merge};
pub use signals::{understand, understand_all};
pub use took_place::took_place;

use crate::person::{Address, MentionId, Name};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Row id of a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MeetingId(pub i64);

/// etiquette.md, "Meeting kinds".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Coffee,
    Meal,
    Drink,
    Interview,
    PhoneScreen,
    Meeting,
    Call,
    Talk,
    Unclear,
    Other,
}

/// iTIP participation status (RFC 5545 §3.2.12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Response {
    Accepted,
    Declined,
    Tentative,
    NeedsAction,
    Delegated,
}

/// Where in the entry a person was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FoundIn {
    Attendee,
    Organizer,
    Title,
    Description,
}

/// A person other than the owner in a meeting. `mention` is set once stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participant {
    pub mention: Option<MentionId>,
    pub name: Option<Name>,
    pub address: Option<Address>,
    pub found_in: FoundIn,
    pub response: Option<Response>,
}

/// What stood in the entry that decides its kind; stored as JSON, the kind itself never is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "independent signals")]
pub struct Signals {
    /// A scheduling tool's mark: `greenhouse`, `lever`, `calendly` …
    pub tool: Option<String>,
    /// Kind words hit, with where: `interview:title`, `coffee:title`, `phone_screen:description` …
    pub words: Vec<String>,
    pub categories: Vec<String>,
    /// People invited, owner included; rooms and resources not.
    pub people: u32,
    /// Participants outside the owner's organisation.
    pub outside: u32,
    pub owner_response: Option<Response>,
    pub all_day: bool,
    pub free: bool,
    /// CLASS:PRIVATE/CONFIDENTIAL or free/busy only: counts by time alone.
    pub private: bool,
    pub tentative: bool,
    /// `[Hold]`
    pub hold: bool,
    pub recurring: bool,
    pub by_phone: bool,
    pub by_video: bool,
    /// The place sounds like a café, restaurant, bar.
    pub food_place: bool,
}

/// One occurrence on one calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meeting {
    pub id: MeetingId,
    /// Name of the `[[calendar]]` it came from.
    pub source: String,
    pub uid: String,
    /// Unix seconds of the RECURRENCE-ID (the original start); the start itself for single entries.
    pub recurrence: i64,
    pub sequence: i64,
    pub starts: Timestamp,
    pub ends: Timestamp,
    /// IANA name the entry was written in, if it could be told.
    pub zone: Option<String>,
    pub title: Option<String>,
    pub signals: Signals,
    pub participants: Vec<Participant>,
    /// When the cancellation was learnt; `None` = on.
    pub cancelled_at: Option<Timestamp>,
    /// When thankd first saw it, or last saw it change in what matters (time, people, answers, title, cancellation).
    pub changed_at: Timestamp,
}

/// Did it happen, as far as a calendar can say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TookPlace {
    Yes,
    /// Nobody answered, or tentatively: counts, and the reason says so.
    YesUnanswered,
    NotYet,
    Cancelled,
    DeclinedByOwner,
    DeclinedByThem,
    /// Private, all-day or free without a person: counts by time only.
    NotAMeeting,
    /// The owner said it did not.
    Told,
}

#[cfg(test)]
mod tests;
