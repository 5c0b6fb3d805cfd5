//! An iCalendar feed (RFC 5545) into occurrences inside a window.
//!
//! A calendar is the ground on which thankd says "you never met": an entry dropped without a word would put a false
//! fact into a digest. So nothing is dropped silently. What cannot be read is refused by line and reason, a rule cut
//! short is named, a feed cut in half is in trouble; and what is whole is read all the same. Hostile feeds are bounded
//! before they are understood: bytes, depth, events, occurrences and steps each have a limit.
use super::Response;
use super::entry;
use super::lines::{self, FeedTrouble};
use super::series;
use super::zone::{Zones, moment};
use crate::person::{Address, Name};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use std::sync::Arc;

/// Largest feed that is read.
pub const LARGEST: usize = 10 * 1024 * 1024;
/// Most occurrences of one UID, counted inside the window.
pub const MOST_PER_UID: usize = 1_000;
/// Most occurrences of one feed, counted inside the window.
pub const MOST_PER_FEED: usize = 5_000;
/// Steps of expansion for one feed: a fraction of a second.
const FUEL: u64 = 6_000_000;
/// Refusals that are kept; a feed of nothing else needs no longer list.
const MOST_REFUSALS: usize = 200;

/// The time that is looked at. An occurrence belongs to it if it begins before `to` and ends after `from`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub from: Timestamp,
    pub to: Timestamp,
}

/// Somebody named as attendee or organiser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Party {
    pub name: Option<Name>,
    pub address: Option<Address>,
    pub response: Option<Response>,
    /// False for rooms, resources, groups and those who are only told.
    pub person: bool,
}

/// What an entry says beside its times; shared by all its occurrences.
#[derive(Clone, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent properties")]
pub struct Details {
    pub title: Option<String>,
    pub description: Option<String>,
    pub location: Option<String>,
    /// URL and conference properties.
    pub links: Vec<String>,
    pub categories: Vec<String>,
    pub organizer: Option<Party>,
    pub attendees: Vec<Party>,
    /// How many ATTENDEE lines there were, kept or not.
    pub invited: usize,
    pub all_day: bool,
    /// CLASS:PRIVATE or CONFIDENTIAL.
    pub private: bool,
    pub free: bool,
    pub tentative: bool,
    /// STATUS:CANCELLED or METHOD:CANCEL.
    pub cancelled: bool,
    /// LAST-MODIFIED, else DTSTAMP.
    pub changed: Option<Timestamp>,
}

impl std::fmt::Debug for Details {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Details(…)")
    }
}

/// One occurrence, its kind not yet looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occurrence {
    pub uid: String,
    /// Unix seconds of the RECURRENCE-ID (the original start).
    pub recurrence: i64,
    pub sequence: i64,
    pub starts: Timestamp,
    pub ends: Timestamp,
    /// IANA name of the zone it is written in.
    pub zone: Option<String>,
    /// A TZID of which nothing is known; the time was taken as the owner's local time.
    pub unknown_zone: Option<String>,
    pub recurring: bool,
    pub details: Arc<Details>,
}

/// A component, or a part of one, that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// `VEVENT`, `RRULE`.
    pub component: String,
    /// Line of the file, from 1.
    pub line: usize,
    pub why: String,
}

impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "line {}: {}: {}", self.line, self.component, self.why)
    }
}

/// Everything a feed gave.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Feed {
    /// In order of time.
    pub occurrences: Vec<Occurrence>,
    pub refused: Vec<Refusal>,
    /// UIDs of which only the newest occurrences were read.
    pub capped: Vec<String>,
    /// The feed as a whole has more occurrences than are read; the oldest are left out.
    pub cut_to_newest: bool,
    /// The feed was not read, or not wholly.
    pub trouble: Option<FeedTrouble>,
    /// Earliest start and latest end of any entry, inside the window or not, repetitions not counted.
    pub span: Option<(Timestamp, Timestamp)>,
    /// UIDs and SEQUENCEs of whole events that a METHOD:CANCEL calls off, wherever they stand.
    pub called_off: Vec<(String, i64)>,
    /// TZIDs of which nothing is known.
    pub unknown_zones: Vec<String>,
}

/// Reads a feed. Never fails: what could not be read is said in the [`Feed`].
#[must_use]
pub fn read_ics(bytes: &[u8], window: &Window, floating: &TimeZone) -> Feed {
    if bytes.len() > LARGEST {
        return Feed { trouble: Some(FeedTrouble::TooLarge { bytes: bytes.len() }), ..Feed::default() };
    }
    let blocks = lines::blocks(bytes);
    let mut feed = Feed { trouble: blocks.trouble.clone(), ..Feed::default() };
    if let Some(line) = blocks.cut_event {
        feed.refused.push(Refusal { component: "VEVENT".into(), line, why: "cut off before its END".into() });
    }
    let mut fuel = FUEL;
    let latest = moment(floating.to_datetime(window.to)).saturating_add(366 * 86_400);
    let mut zones = Zones::new(&blocks.zones, floating, latest);
    let mut entries = Vec::new();
    for block in &blocks.events {
        // A reply or a counter-proposal is not the event, but what somebody says about it (RFC 5546 §3.2).
        if matches!(block.method.as_str(), "COUNTER" | "DECLINECOUNTER" | "REFRESH") {
            continue;
        }
        if let Some(called_off) = entry::called_off(block) {
            feed.called_off.push(called_off);
        }
        match entry::read(block, &mut zones, &mut fuel, &mut feed.refused) {
            Err(_) if block.method == "CANCEL" => {} // it names the event, which is enough
            Ok(entry) => entries.push(entry),
            Err(refusal) => feed.refused.push(refusal),
        }
    }
    feed.refused.truncate(MOST_REFUSALS);
    series::unfold(entries, window, &mut fuel, &mut feed);
    feed
}
