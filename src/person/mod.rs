//! Who: one person appears under many names, and one name under many persons.
//!
//! A *mention* is one appearance in one fact and is stored as it was seen. Persons are never stored: they are derived
//! each round from all mentions, the owner's tellings, and likeness with its evidence, so that a better rule or the
//! owner's word re-reads the past.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod address;
mod affixes;
mod blocks;
mod book;
mod fold;
mod short;
mod group;
mod lexicon;
mod likeness;
mod name;
mod owner;
mod pairing;
mod parse;
mod reading;
mod scale;
mod sets;
mod sound;
mod tokens;
mod trace;

pub use address::{Address, Domain, Mailbox, ProfileKey, is_freemail};
pub use fold::has_lookalikes;
pub(crate) use fold::key as name_key;
pub use group::group;
pub use likeness::{Context, Rivals, likeness, likeness_of_names, who};
pub use name::Name;
pub(crate) use name::invisible;
pub use owner::Owner;
pub use parse::{Parts, is_full_name, looks_like_a_person, names_in, parse};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Row id of a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MentionId(pub i64);

/// A derived person: the smallest [`MentionId`] of the group, so it is stable while nothing joins or parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PersonId(pub i64);

/// Where somebody appeared. The place decides what may be concluded: an attendee's address is proof, a name in a title is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seen {
    /// Inviter of a request or follow.
    Asked,
    /// Sender (or forwarded sender) of a note, apology, application or network message.
    Wrote,
    /// Attendee or organiser of a meeting.
    Attendee,
    /// Named in a meeting's title.
    Title,
    /// Named in a meeting's description.
    Description,
    /// In an address book, an export, a correspondence, or an `accepted` mail.
    Acquainted,
    /// Named by the owner in a telling.
    Told,
}

/// One appearance of somebody in one fact. At least one of name, address, profile is set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mention {
    pub id: MentionId,
    pub seen: Seen,
    pub name: Option<Name>,
    pub address: Option<Address>,
    pub profile: Option<ProfileKey>,
    /// As the network showed it: "Backend engineer at Acme".
    pub headline: Option<String>,
    pub organisation: Option<String>,
    /// When the fact happened: arrival of the mail, end of the meeting.
    pub at: Timestamp,
    /// May this mention *bind* an identity (teach that a name goes with an address or profile)? False for unverified mail (trust.md).
    pub trusted: bool,
}

/// The answer to "are these two the same person?".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Same,
    Ask,
    Different,
}

/// One piece of evidence in words, with its weight (log-odds-like, see docs/identity.md).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub term: String,
    pub weight: f32,
}

/// How alike two mentions are, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Likeness {
    pub outcome: Outcome,
    pub weight: f32,
    pub evidence: Vec<Evidence>,
}

/// A term this low speaks against, whatever else agrees: Maria and Mario of one family.
const OBJECTION: f32 = -3.0;

impl Likeness {
    /// Does something speak outright against their being one person?
    #[must_use]
    pub fn objects(&self) -> bool {
        self.evidence.iter().any(|e| e.weight <= OBJECTION)
    }
}

/// The owner's word on two mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SameAs {
    pub a: MentionId,
    pub b: MentionId,
    pub same: bool,
}

/// A derived person.
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    pub id: PersonId,
    /// The fullest name seen, preferring the person's own mails; `None` when only an address or profile is known.
    pub name: Option<Name>,
    pub addresses: Vec<Address>,
    pub mentions: Vec<MentionId>,
}

/// Two persons who may be one.
#[derive(Debug, Clone, PartialEq)]
pub struct Perhaps {
    pub a: PersonId,
    pub b: PersonId,
    pub likeness: Likeness,
}

/// All mentions sorted into persons, and the pairs left open.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Grouping {
    pub persons: Vec<Person>,
    pub perhaps: Vec<Perhaps>,
}
