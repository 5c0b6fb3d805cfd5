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

/// Months as header blocks above quotes write them; the first three letters tell in most tongues.
const MONTHS: [&[&str]; 12] = [
    &["jan", "gen", "ene", "sty", "янв", "tam", "oca"],
    &["feb", "fév", "fev", "lut", "фев", "hel", "şub"],
    &["mar", "mär", "mrt", "maa", "мар"],
    &["apr", "avr", "abr", "kwi", "апр", "huh", "nis"],
    &["may", "mai", "mag", "mei", "maj", "мая", "май", "tou"],
    &["jun", "juin", "giu", "cze", "июн", "kes", "haz"],
    &["jul", "juil", "lug", "lip", "июл", "hei", "tem"],
    &["aug", "aoû", "ago", "sie", "авг", "elo", "ağu"],
    &["sep", "set", "wrz", "сен", "syy", "eyl"],
    &["oct", "okt", "ott", "out", "paź", "окт", "lok", "eki"],
    &["nov", "lis", "ноя", "marr", "kas"],
    &["dec", "dez", "déc", "dic", "gru", "дек", "jou", "ara"],
];

/// The date of a header block above a quote: RFC 5322, ISO, or words and numbers of a few tongues. Without a zone it
/// is taken as UTC: it may be half a day off, and is only told, never compared to the hour.
pub(super) fn loose(text: &str) -> Option<Timestamp> {
    let text = text.get(..text.floor_char_boundary(120)).unwrap_or_default();
    date(text.as_bytes()).or_else(|| in_words(&text.to_lowercase()))
}

fn in_words(text: &str) -> Option<Timestamp> {
    let pieces: Vec<&str> = text
        .split(|c: char| !c.is_alphanumeric() && c != ':' || matches!(c, '年' | '月' | '日' | '년' | '월' | '일'))
        .filter(|p| !p.is_empty())
        .collect();
    // the longest beginning wins: Finnish `marraskuu` is November, not March
    let longest = |m: &[&str], p: &str| m.iter().filter(|w| p.starts_with(**w)).map(|w| w.len()).max();
    let month_word = |p: &&str| {
        let fits = MONTHS.iter().enumerate().filter_map(|(i, m)| Some((longest(m, p)?, i)));
        fits.max_by_key(|(len, i)| (*len, std::cmp::Reverse(*i))).map(|(_, i)| i)
    };
    let month = pieces.iter().filter(|p| p.chars().all(char::is_alphabetic)).find_map(month_word);
    let numbers: Vec<i16> = pieces.iter().filter_map(|p| p.parse().ok()).collect();
    let year = numbers.iter().copied().find(|n| (1990..2200).contains(n))?;
    let mut small = numbers.iter().copied().filter(|n| (1..=31).contains(n));
    let (month, day) = match (month, text.trim_start().starts_with(&year.to_string())) {
        (Some(month), _) => (i8::try_from(month + 1).ok()?, small.next()?),
        (None, true) => (i8::try_from(small.next()?).ok()?, small.next()?),
        (None, false) => day_and_month(small.next()?, small.next()?, text)?,
    };
    let (hour, minute) = pieces.iter().find_map(|p| clock(p)).unwrap_or((0, 0));
    let noon = hour < 12 && pieces.iter().any(|p| *p == "pm" || p.ends_with("pm"));
    let hour = if noon { hour + 12 } else { hour };
    let at = jiff::civil::Date::new(year, month, i8::try_from(day).ok()?).ok()?;
    jiff::tz::Offset::UTC.to_timestamp(at.at(hour, minute, 0, 0)).ok()
}

/// 03/14/2000 is American, 14.3.2000 is not; where both would do, the stroke with AM or PM decides.
fn day_and_month(first: i16, second: i16, text: &str) -> Option<(i8, i16)> {
    let american = second > 12 || (first <= 12 && (text.contains("am") || text.contains("pm")));
    let (month, day) = if american { (first, second) } else { (second, first) };
    Some((i8::try_from(month).ok()?, day))
}

fn clock(piece: &str) -> Option<(i8, i8)> {
    let (hour, rest) = piece.split_once(':')?;
    let minute = rest.get(..2)?;
    let (hour, minute): (i8, i8) = (hour.parse().ok()?, minute.parse().ok()?);
    ((0..24).contains(&hour) && (0..60).contains(&minute)).then_some((hour, minute))
}

/// Wraps decoded ids.
pub(super) fn message_ids(ids: Vec<String>) -> Vec<MessageId> {
    ids.into_iter().filter(|id| !id.is_empty()).map(MessageId).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{TrustAnchor, read};

    /// `now` is 2026-11-02T10:00:00Z in all of them.
    #[track_caller]
    fn case(name: &str, header: &str, internal: Option<&str>, own: &[&str], expected: (&str, ArrivalBy)) {
        let own: Vec<Domain> = own.iter().filter_map(|d| Domain::new(d)).collect();
        let internal = internal.and_then(|t| t.parse().ok());
        for mail in [format!("{header}\n\n"), format!("{header}\n\n").replace('\n', "\r\n")] {
            let (at, by) = read(mail.as_bytes(), &TrustAnchor::None).arrival(internal, &own);
            assert_eq!((at.to_string().as_str(), by), expected, "{name}");
        }
    }

    #[test]
    fn clocks() {
        let relay = "Received: from b.test by relay.test; Mon, 2 Nov 2026 09:00:00 +0000";
        let ours = "Received: from relay.test\n\tby mx.home.test (Postfix) with ESMTP;\n\tMon, 2 Nov 2026 10:00:00 +0000 (UTC)";
        let date = "Date: Sun, 1 Nov 2026 08:00:00 +0000";
        let both = format!("{ours}\n{relay}\n{date}");
        let received = ("2026-11-02T10:00:00Z", ArrivalBy::Received);
        case("within the hour", &both, Some("2026-11-02T10:20:00Z"), &["home.test"], received);
        case(
            "some hours apart",
            &both,
            Some("2026-11-02T15:00:00Z"),
            &["home.test"],
            ("2026-11-02T15:00:00Z", ArrivalBy::Internal),
        );
        case("migrated", &both, Some("2027-03-01T00:00:00Z"), &["mx.home.test"], received);
        case("server unknown: the topmost", &both, Some("2026-11-02T10:20:00Z"), &[], received);
        case(
            "not ours",
            &format!("{relay}\n{date}"),
            Some("2027-03-01T00:00:00Z"),
            &["home.test"],
            ("2027-03-01T00:00:00Z", ArrivalBy::Internal),
        );
        case(
            "a name within another's",
            "Received: by mx.home.test.evil.test; Mon, 2 Nov 2026 09:00:00 +0000",
            Some("2027-03-01T00:00:00Z"),
            &["home.test"],
            ("2027-03-01T00:00:00Z", ArrivalBy::Internal),
        );
        case("file", &both, None, &[], ("2026-11-01T08:00:00Z", ArrivalBy::Date));
        case("file without date", ours, None, &[], received);
        case("file with a broken clock", &format!("{ours}\nDate: Thu, 1 Jan 1970 00:00:00 +0000"), None, &[], received);
        case("nothing", "Subject: x", None, &[], ("1970-01-01T00:00:00Z", ArrivalBy::Unknown));
    }

    #[test]
    fn dates_above_quotes() {
        for text in [
            "Mon, 2 Nov 2026 10:00:00 +0000",
            "Monday, November 2, 2026 10:00 AM",
            "Montag, 2. November 2026 10:00",
            "lundi 2 novembre 2026 10:00",
            "11/02/2026 10:00 AM",
            "2.11.2026 10:00",
            "2026-11-02 10:00",
            "2026年11月2日 10:00",
            "2. marraskuuta 2026 10:00",
        ] {
            assert_eq!(loose(text).map(|t| t.to_string()).as_deref(), Some("2026-11-02T10:00:00Z"), "{text}");
        }
        assert_eq!(loose("yesterday"), None);
        assert_eq!(loose("99/99/2026"), None);
    }
}
