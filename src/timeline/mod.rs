//! What happened between the owner and one person, in order; and what was looked at at all.
//!
//! Absence is evidence only where we looked: [`Coverage`] says where and until when, and every clause that rests on
//! absence asks it first.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod build;
mod correspondence;
mod coverage;
mod facts;
mod meetings;
mod perhaps;
mod requests;
mod strays;
mod told;
#[cfg(test)]
mod tests;

pub use build::{Built, Rules, build};
pub use correspondence::{Correspondent, Correspondents, Exchanges, exchanges};
pub use coverage::{Coverage, FolderCoverage, SourceCoverage, Unread};
pub use facts::{
    Acquaintance, AcquaintanceId, AcquaintanceKind, Direction, Facts, LetterFact, LetterId, MessageFact, MessageRow,
    Telling, TellingId, Verb,
};
pub use strays::{Stray, Strays};
pub use told::{told_day, told_kind};

use crate::letter::NetworkId;
use crate::meeting::{FoundIn, Kind, MeetingId, TookPlace};
use crate::message::{ArrivalBy, Authenticity};
use crate::person::{Likeness, Name, PersonId, ProfileKey};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// One stored fact, so that every verdict can name what it rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FactId {
    Letter(LetterId),
    Meeting(MeetingId),
    Telling(TellingId),
    Acquaintance(AcquaintanceId),
}

/// One occurrence, seen from one person: kind and took-place already derived (for *this* person: their answer counts).
#[derive(Debug, Clone, PartialEq)]
pub struct Met {
    pub id: MeetingId,
    pub title: Option<String>,
    pub kind: Kind,
    pub starts: Timestamp,
    pub ends: Timestamp,
    /// Participants, owner included.
    pub people: u32,
    pub took_place: TookPlace,
    pub found_in: FoundIn,
    pub by_phone_or_video: bool,
    /// The title also says interview (etiquette.md, Candidacy): a coffee with that does not make known.
    pub says_interview: bool,
    pub learnt_at: Timestamp,
}

/// Thanks (or what stands for it) that arrived.
#[derive(Debug, Clone, PartialEq)]
pub struct Wrote {
    pub letter: LetterId,
    pub at: Timestamp,
    pub by: ArrivalBy,
    pub authenticity: Authenticity,
    pub what: Written,
    pub in_junk: bool,
    pub quote: Option<String>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    Note(crate::letter::Note),
    /// A network message; `thanks` as the network's mail shows it.
    NetworkMessage {
        network: NetworkId,
        thanks: bool,
    },
    Apology,
}

/// One request: the first mail and its reminders, on one network.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Subject of the item (store.sql): `linkedin:inv/6132…`, `linkedin:in/jane-doe#1`, `linkedin:name/…#1`.
    pub key: String,
    pub network: NetworkId,
    pub kind: crate::letter::InvitationKind,
    /// The network's own ties are one-way or audience-like (X, Instagram, Mastodon …): clause `open`.
    pub open: bool,
    /// When it was asked: what a reminder states, else arrival.
    pub at: Timestamp,
    pub by: ArrivalBy,
    pub last_at: Timestamp,
    /// How many reminders so far.
    pub reminders: u32,
    pub authenticity: Authenticity,
    pub name: Option<Name>,
    pub headline: Option<String>,
    pub profile: Option<ProfileKey>,
    /// The personal note inside the request thanks for a meeting.
    pub thanks_inside: bool,
    pub letters: Vec<LetterId>,
    /// An earlier request by the same person on this network, closed by then: "asked again".
    pub again: bool,
}

/// Known by other means than a meeting: an [`Acquaintance`] line, a verified `accepted` mail, or the owner's own domain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acquainted {
    /// `None` for a colleague by domain: the address itself is the reason.
    pub fact: Option<FactId>,
    pub kind: AcquaintanceKind,
    /// A connection's network, where it is told.
    pub network: Option<NetworkId>,
    pub exchanges: u32,
    /// Since when; `None` = as long as anybody can say.
    pub first_at: Option<Timestamp>,
    pub last_at: Option<Timestamp>,
}

/// One thing between owner and person.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    Met(Met),
    Wrote(Wrote),
    Asked(Request),
    Applied { letter: LetterId, at: Timestamp, role: Option<String>, authenticity: Authenticity },
    Known(Acquainted),
    Told(Telling),
}

/// Everything between the owner and one person, in order of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Timeline {
    pub person: PersonId,
    pub name: Option<Name>,
    pub addresses: Vec<crate::person::Address>,
    pub events: Vec<Event>,
    /// Persons this one may be, each with the timeline as it would be if they were the same (both's events).
    pub perhaps: Vec<Alternative>,
}

/// "Is it John Smith, lunch 3 Nov?"
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    pub likeness: Likeness,
    pub timeline: Timeline,
}
