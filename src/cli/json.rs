//! The JSON of interface.md where it is not simply a type's own.
use crate::letter::{Letter, Note};
use crate::meeting::{FoundIn, Kind, Meeting, Participant};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Value, json};

/// A unit variant's name as JSON has it: `phone_screen`.
pub(super) fn word(value: &impl serde::Serialize) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// One letter as `thankd read` prints it.
pub(super) fn letter(letter: &Letter, min_words: u32) -> Value {
    match letter {
        // Grey by its words: no note without a meeting beside it, and `read` knows of none.
        Letter::Note(Note { grounds, why, .. }) if grounds.needs_meeting() => {
            json!({"letter": "other", "why": "needs_meeting", "evidence": why})
        }
        Letter::Note(n) => note(n, min_words),
        Letter::Other { why, network, evidence } => {
            json!({"letter": "other", "why": why, "network": network, "evidence": evidence})
        }
        Letter::Invitation(_)
        | Letter::Application(_)
        | Letter::NetworkMessage(_)
        | Letter::Accepted(_)
        | Letter::Apology(_) => serde_json::to_value(letter).unwrap_or(Value::Null),
    }
}

fn note(n: &Note, min_words: u32) -> Value {
    json!({
        "letter": "note",
        "from": {"name": n.from.name, "address": n.from.address},
        "quality": if n.is_brief(min_words) { "brief" } else { "proper" },
        "criteria": {
            "thanks": n.thanks,
            "own_words": n.own_words,
            "specifics": n.specifics,
            "bulk": false,
            "asks_to_connect": n.asks_to_connect,
            "withdraws": n.withdraws,
            "forwarded": n.forwarded,
        },
        "grounds": n.grounds,
        "language": n.language,
        "quote": n.quote,
        "why": n.why,
    })
}

/// An occurrence with what was derived of it.
pub(super) struct Seen<'a> {
    pub meeting: &'a Meeting,
    pub kind: (Kind, String),
    pub took_place: (bool, String),
    pub counts: bool,
}

pub(super) fn meeting(seen: &Seen<'_>, zone: &TimeZone) -> Value {
    let m = seen.meeting;
    json!({
        "uid": m.uid,
        "start": local(m.starts, zone),
        "end": local(m.ends, zone),
        "title": m.title,
        "kind": seen.kind.0,
        "kind_why": seen.kind.1,
        "with": m.participants.iter().map(with).collect::<Vec<_>>(),
        "took_place": seen.took_place.0,
        "took_place_why": seen.took_place.1,
        "counts": seen.counts,
        "all_day": m.signals.all_day,
        "source": m.source,
    })
}

fn with(p: &Participant) -> Value {
    let from = match p.found_in {
        FoundIn::Attendee => "attendee",
        FoundIn::Organizer => "organizer",
        FoundIn::Title => "title",
        FoundIn::Description => "description",
    };
    json!({"name": p.name, "address": p.address, "from": from, "response": p.response})
}

/// RFC 3339 with the zone's offset.
pub(super) fn local(t: Timestamp, zone: &TimeZone) -> String {
    t.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}
