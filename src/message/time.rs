//! When a mail came: three clocks, of which the sender sets one, migrations spoil another, and the owner's server
//! wrote the third (etiquette.md, Time).
use super::fields::{Fields, utf8, value};
use super::{ArrivalBy, MessageId};
use crate::person::Domain;
use jiff::{SignedDuration, Timestamp};
use mail_parser::{HeaderValue, parsers::MessageStream};

/// Before this year nobody sent mail that is still of interest: such a Date is a broken clock (1990-01-01).
const ABSURD_BEFORE: i64 = 631_152_000;

/// Reads an RFC 5322 date. `None` for what is none, or lies before 1990.
pub(super) fn date(bytes: &[u8]) -> Option<Timestamp> {
    let text = value(bytes);
    let HeaderValue::DateTime(read) = MessageStream::new(text.as_bytes()).parse_date() else {
        return None;
    };
    let leap = mail_parser::DateTime { second: read.second.min(59), ..read };
    if !leap.is_valid() {
        return None;
    }
    Timestamp::from_second(leap.to_timestamp()).ok().filter(|t| t.as_second() >= ABSURD_BEFORE)
}

/// One Received field: the host that wrote it, and when.
struct Hop {
    by: Option<Domain>,
    at: Option<Timestamp>,
}

fn hop(bytes: &[u8]) -> Hop {
    let text = utf8(bytes);
    let at = text.rsplit_once(';').and_then(|(_, when)| date(when.as_bytes()));
    let mut words = text.split_ascii_whitespace();
    let by = words
        .find(|w| w.eq_ignore_ascii_case("by"))
        .and_then(|_| words.next())
        .and_then(|host| Domain::new(host.trim_matches([';', '(', ')', '[', ']'])));
    Hop { by, at }
}

/// The topmost Received that names one of `own_servers` (or a host within them); with none known, the topmost.
fn received(fields: &Fields<'_>, own_servers: &[Domain]) -> Option<Timestamp> {
    let own = |hop: &Hop| match &hop.by {
        Some(by) => own_servers.iter().any(|server| by.within(server.as_str())),
        None => false,
    };
    let mut hops = fields.raw_values("Received").map(hop);
    if own_servers.is_empty() { hops.next()?.at } else { hops.find(own)?.at }
}

pub(super) fn arrival(fields: &Fields<'_>, internal: Option<Timestamp>, own: &[Domain]) -> (Timestamp, ArrivalBy) {
    let Some(internal) = internal else {
        return by_itself(fields, own);
    };
    let Some(stamped) = received(fields, own) else {
        return (internal, ArrivalBy::Internal);
    };
    let apart = internal.duration_since(stamped).abs();
    if apart <= SignedDuration::from_hours(1) || apart > SignedDuration::from_hours(24) {
        (stamped, ArrivalBy::Received)
    } else {
        (internal, ArrivalBy::Internal)
    }
}

/// A file: nobody says whose server is whose, so the sender's own date stands, unless there is none worth the name.
fn by_itself(fields: &Fields<'_>, own: &[Domain]) -> (Timestamp, ArrivalBy) {
    let stamped = if own.is_empty() { None } else { received(fields, own) };
    let stated = || fields.raw_values("Date").next().and_then(date).map(|at| (at, ArrivalBy::Date));
    let last = || received(fields, &[]).map(|at| (at, ArrivalBy::Received));
    stamped
        .map(|at| (at, ArrivalBy::Received))
        .or_else(stated)
        .or_else(last)
        .unwrap_or((Timestamp::UNIX_EPOCH, ArrivalBy::Unknown))
}

/// Wraps decoded ids.
pub(super) fn message_ids(ids: Vec<String>) -> Vec<MessageId> {
    ids.into_iter().filter(|id| !id.is_empty()).map(MessageId).collect()
}
