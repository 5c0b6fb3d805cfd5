//! The owner's etiquette, checked (config/thankd.toml holds the defaults; nothing here has one).
use crate::letter::NetworkId;
use crate::meeting::Kind;
use jiff::{SignedDuration, civil::Date, tz::TimeZone};

/// `interview_counts`: does an interview make somebody known?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InterviewCounts {
    IfHired,
    Always,
    Never,
}

/// What makes a person known; each can be turned off or tuned.
#[derive(Debug, Clone, PartialEq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the owner's")]
pub struct Knows {
    pub contacts: bool,
    pub connections: bool,
    pub colleagues: bool,
    /// Coffee, meal, drink.
    pub social: bool,
    /// Meeting or call of at least this long; `None` = off.
    pub talked: Option<SignedDuration>,
    pub virtual_counts: bool,
    pub add_up: bool,
    /// At least `exchanges` over at least `span`; `None` = off.
    pub correspondence: Option<(u32, SignedDuration)>,
    pub large_group: u32,
    pub interview_counts: InterviewCounts,
    /// How long a candidacy lasts after its last event (180 days).
    pub candidacy: SignedDuration,
}

#[derive(Debug, Clone, PartialEq)]
pub struct ThanksPolicy {
    /// Elapsed hours a note has (48 h), weekend and holiday hours not counted if `skip_weekends`.
    pub within: SignedDuration,
    pub skip_weekends: bool,
    pub holidays: Vec<Date>,
    /// Kinds after which a note is expected; `[Interview]` (phone screens are the same thing in every clause).
    pub expected_after: Vec<Kind>,
    /// Own words a proper note has at least.
    pub min_words: u32,
    pub show_missing: bool,
}

/// All that judging needs of the owner's wishes.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    pub zone: TimeZone,
    pub knows: Knows,
    pub thanks: ThanksPolicy,
    /// Networks where requests are harmless (default: follows anywhere, and X, Instagram, Mastodon, Bluesky, Threads).
    pub open: Vec<NetworkId>,
    /// Words in the headline of a *verified* request that make it welcome.
    pub exempt: Vec<String>,
    /// A stranger's request younger than this is judged but not yet news (6 h).
    pub settle: SignedDuration,
    /// A request closes this long after its last event (45 days).
    pub closes_after: SignedDuration,
    /// How far back calendars are read (24 months), for words about the horizon.
    pub remember_meetings: SignedDuration,
}
