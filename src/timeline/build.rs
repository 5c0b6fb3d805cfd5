//! Facts and persons become timelines.
use super::{Event, Facts, Request, Timeline};
use crate::letter::NetworkId;
use crate::meeting::{Kind, Meeting, Participant, TookPlace};
use crate::person::{Grouping, Owner};
use jiff::{SignedDuration, Timestamp};

/// What building needs beside the facts. The two functions are the meeting room's, with the owner's rules and words in
/// them: a timeline knows when they met, not how a title is read.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    pub owner: &'a Owner,
    /// Networks whose requests are harmless (`Policy::open`).
    pub open: &'a [NetworkId],
    /// `Policy::closes_after`.
    pub closes_after: SignedDuration,
    /// `meeting::kind`
    pub kind: &'a dyn Fn(&Meeting) -> Kind,
    /// `meeting::took_place`
    pub took_place: &'a dyn Fn(&Meeting, Option<&Participant>, Timestamp) -> TookPlace,
}

/// One mail that belongs to nobody's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    pub network: Option<NetworkId>,
    pub at: Timestamp,
    /// When thankd first recorded it.
    pub recorded_at: Timestamp,
    /// How many people it stands for.
    pub count: u32,
}

/// What came but stands on no timeline.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Strays {
    /// Forged requests: judged (`etiquette::judge_stray`) and counted, but they touch nobody's timeline.
    pub forged: Vec<Request>,
    /// "You have 3 new invitations", naming nobody.
    pub nameless: Vec<Stray>,
    /// From a network, in no form the catalogue knows.
    pub unreadable: Vec<Stray>,
    /// Follows by nobody in particular.
    pub harmless: Vec<Stray>,
}

/// All timelines of a round, and what stands on none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Built {
    /// One a person with at least one event, in the order of [`Grouping::persons`].
    pub timelines: Vec<Timeline>,
    pub strays: Strays,
}

/// Puts every fact on the timeline of the person it is about.
#[must_use]
pub fn build(_facts: &Facts, _grouping: &Grouping, _rules: &Rules, _now: Timestamp) -> Built {
    let _ = Event::Told;
    Built::default()
}
