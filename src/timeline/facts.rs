//! The facts as the store gives them back: nothing here is derived.
use crate::letter::Letter;
use crate::meeting::Meeting;
use crate::message::{ArrivalBy, Authenticity};
use crate::person::{Mention, MentionId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

macro_rules! row_id {
    ($($(#[$doc:meta])* $name:ident),*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub i64);
    )*};
}
row_id!(
    /// Row id of a message.
    MessageRow,
    /// Row id of a letter.
    LetterId,
    /// Row id of a telling.
    TellingId,
    /// Row id of an acquaintance line.
    AcquaintanceId
);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    In,
    Out,
}

/// A mail that yielded at least one letter.
#[derive(Debug, Clone, PartialEq)]
pub struct MessageFact {
    pub id: MessageRow,
    pub arrived_at: Timestamp,
    pub arrived_by: ArrivalBy,
    pub direction: Direction,
    pub authenticity: Authenticity,
    pub authenticity_why: String,
    /// Seen only in Junk.
    pub in_junk: bool,
    /// Version of the recogniser that wrote its letters.
    pub reader: u32,
    /// When thankd first recorded it (news.md: causes compare against this, not against arrival).
    pub recorded_at: Timestamp,
}

/// One letter of one message. The `Letter` holds measures; its text is gone, but for a quote not yet shown.
#[derive(Debug, Clone, PartialEq)]
pub struct LetterFact {
    pub id: LetterId,
    pub message: MessageRow,
    pub mention: Option<MentionId>,
    pub letter: Letter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AcquaintanceKind {
    Correspondence,
    AddressBook,
    Connection,
    Colleague,
}

/// Known by other means than a meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acquaintance {
    pub id: AcquaintanceId,
    pub mention: MentionId,
    pub kind: AcquaintanceKind,
    /// Correspondence only: times the direction changed and came back.
    pub exchanges: u32,
    pub first_at: Option<Timestamp>,
    pub last_at: Option<Timestamp>,
    pub as_of: Timestamp,
}

/// The owner's verbs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    Met,
    Hired,
    Known,
    Noted,
    Ignore,
    SameAs,
    NotSame,
    /// The calendar says so, but it did not take place.
    DidNotMeet,
}

/// The owner's word. `other` is the second mention of same-as / not-same; `item` the code it was said about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    pub id: TellingId,
    pub at: Timestamp,
    pub verb: Verb,
    pub about: Option<MentionId>,
    pub other: Option<MentionId>,
    pub item: Option<String>,
    /// As said: "coffee 12 Nov".
    pub argument: Option<String>,
    pub undone: bool,
}

/// All facts of one owner, as loaded for a round.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facts {
    pub mentions: Vec<Mention>,
    pub messages: Vec<MessageFact>,
    pub letters: Vec<LetterFact>,
    pub meetings: Vec<Meeting>,
    pub acquaintances: Vec<Acquaintance>,
    pub tellings: Vec<Telling>,
    pub coverage: super::Coverage,
}
