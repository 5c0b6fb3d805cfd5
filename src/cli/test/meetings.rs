//! `titles.tsv` and `rrule_expected.tsv`: calendars.
use super::measure::Measure;
use super::table::{Row, Table};
use crate::calendar::Calendar;
use crate::cli::json;
use crate::cli::read::Reader;
use crate::meeting::{self, Glossary, KindRules, Meeting, Window};
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Words a label may use, and the kinds that fulfil it.
const KINDS: [(&str, &[&str]); 22] = [
    ("social", &["coffee", "meal", "drink"]),
    ("business", &["meeting", "call"]),
    ("recurring_1on1", &["meeting", "call"]),
    ("all_hands", &["talk"]),
    ("unknown", &["unclear"]),
    ("interview", &["interview", "phone_screen"]),
    ("phone_screen", &["phone_screen", "interview"]),
    ("not_candidate", &["coffee", "meal", "drink", "meeting", "call", "talk", "unclear", "other"]),
    ("private", &["other"]),
    ("personal", &["other"]),
    ("event", &["talk"]),
    ("coffee", &["coffee"]),
    ("meal", &["meal"]),
    ("drink", &["drink"]),
    ("meeting", &["meeting"]),
    ("call", &["call"]),
    ("talk", &["talk"]),
    ("unclear", &["unclear"]),
    ("other", &["other"]),
    // The kind behind the prefix is not labelled; that it is one of a person is.
    ("tentative", &["coffee", "meal", "drink", "interview", "phone_screen", "meeting", "call", "unclear"]),
    ("cancelled", &["cancelled"]),
    ("canceled", &["cancelled"]),
];

pub(super) fn titles(tables: &[Table], reader: &Reader) -> Measure {
    let Some(table) = tables.first() else { return Measure::default() };
    let mut m = Measure::of(&table.path);
    if let Some(missing) = table.lacks(&["kind", "title"]) {
        m.trouble(missing);
        return m;
    }
    let mut right = 0;
    for row in table.rows() {
        let Some((_, fitting)) = KINDS.iter().find(|(word, _)| *word == row.get("kind")) else {
            let known: Vec<&str> = KINDS.iter().map(|(w, _)| *w).collect();
            m.trouble(format!("{}: kind \"{}\" is none of {}", row.place(), row.get("kind"), known.join(", ")));
            continue;
        };
        let (got, why) = kind_of(row.get("title"), reader);
        let fits = fitting.contains(&got.as_str());
        right += u32::from(fits);
        m.row(row.get("kind"), if fits { row.get("kind") } else { &got });
        if !fits {
            m.miss(&format!("{}: expected {}, got {got} ({why})", row.get("title"), row.get("kind")));
        }
    }
    m.figure("kind right", right, m.count(|_, _| true));
    m
}

/// An entry of an hour with one guest from outside, so that the title alone decides.
fn kind_of(title: &str, reader: &Reader) -> (String, String) {
    let escaped = title.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,");
    let entry = format!(
        "DTSTART:20260302T090000Z\r\nDTEND:20260302T100000Z\r\nSUMMARY:{escaped}\r\nATTENDEE;CN=Guest:mailto:guest@outside.example\r\n"
    );
    let (from, now) = (at("2026-03-01T00:00:00Z"), at("2026-03-09T00:00:00Z"));
    let (meetings, trouble) = read(&entry, Window { from, to: now }, reader, now);
    let Some(m) = meetings.first() else { return ("unread".into(), trouble) };
    if m.cancelled_at.is_some() {
        return ("cancelled".into(), meeting::took_place(m, None, now).1);
    }
    let (kind, why) = meeting::kind(m, &KindRules::default(), None);
    (json::word(&kind), why)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

fn read(entry: &str, window: Window, reader: &Reader, now: Timestamp) -> (Vec<Meeting>, String) {
    let ics = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//measure//EN\r\nBEGIN:VEVENT\r\nUID:1\r\n{entry}END:VEVENT\r\nEND:VCALENDAR\r\n"
    );
    let calendar = Calendar::Memory { feeds: vec![("row".into(), ics.into_bytes())] };
    match calendar.read(&window, &reader.owner, now) {
        Ok(reading) => {
            let trouble = reading.trouble.clone().unwrap_or_default();
            (reading.meetings("row", &reader.owner, Glossary::embedded(), now), trouble)
        }
        Err(e) => (Vec::new(), e.to_string()),
    }
}

/// Rules with their first instances. A row that a second implementation reads otherwise is only counted.
pub(super) fn rules(tables: &[Table], reader: &Reader) -> Measure {
    let Some(table) = tables.first() else { return Measure::default() };
    let mut m = Measure::of(&table.path);
    if let Some(missing) = table.lacks(&["rule", "dtstart", "expected_instances"]) {
        m.trouble(missing);
        return m;
    }
    let (asked, errors): (Vec<_>, Vec<_>) = table.rows().partition(|r| !r.has("expect") || r.get("expect") == "ok");
    if !errors.is_empty() {
        m.aside(format!("{} rows expect an error of another reader; not measured", errors.len()));
    }
    for row in asked {
        let agreed = !row.has("dateutil_check") || row.get("dateutil_check") == "agrees";
        let stamps = row.get("expected_instances").split(',').filter(|s| !s.trim().is_empty());
        let Some(expected) = stamps.map(stamp).collect::<Option<Vec<DateTime>>>() else {
            m.trouble(format!("{}: expected_instances are times like 20260302T090000", row.place()));
            continue;
        };
        let (got, trouble) = instances(&row, &expected, reader);
        let right = got == expected;
        let what = if agreed { "agreed" } else { "disputed" };
        m.row(what, if right { what } else { "otherwise" });
        if !right && agreed {
            let first: Vec<String> = got.iter().take(3).map(ToString::to_string).collect();
            m.miss(&format!(
                "{} from {}: got {} of {} instances: {} {trouble}",
                row.get("rule"),
                row.get("dtstart"),
                got.len(),
                expected.len(),
                first.join(", ")
            ));
        }
    }
    m.figure("agreed rules right", m.count(|e, g| e == "agreed" && g == "agreed"), m.count(|e, _| e == "agreed"));
    m
}

fn stamp(text: &str) -> Option<DateTime> {
    let text = text.trim().trim_end_matches('Z');
    match text.len() {
        8 => Date::strptime("%Y%m%d", text).ok().map(|d| d.at(0, 0, 0, 0)),
        _ => DateTime::strptime("%Y%m%dT%H%M%S", text).ok(),
    }
}

fn instances(row: &Row, expected: &[DateTime], reader: &Reader) -> (Vec<DateTime>, String) {
    let instant = |t: DateTime| TimeZone::UTC.to_timestamp(t).unwrap_or(Timestamp::MAX);
    let first = stamp(row.get("dtstart")).into_iter().chain(expected.iter().copied()).min().unwrap_or_default();
    // A rule that names no moment is looked at for a while.
    let last = expected.iter().copied().max().unwrap_or_else(|| first.saturating_add(jiff::Span::new().years(8)));
    let later = |t: Timestamp, s: i64| t.checked_add(SignedDuration::from_secs(s)).unwrap_or(t);
    let window = Window { from: later(instant(first), -1), to: later(instant(last), 1) };
    let whole_days = row.get("dtstart").len() == 8;
    let (date, lasts) = if whole_days { (";VALUE=DATE", "P1D") } else { ("", "PT10M") };
    let entry = format!(
        "DTSTART{date}:{}\r\nDURATION:{lasts}\r\nSUMMARY:x\r\nRRULE:{}\r\n",
        row.get("dtstart"),
        row.get("rule")
    );
    let (meetings, trouble) = read(&entry, window, reader, window.to);
    let mut starts: Vec<DateTime> = meetings.iter().map(|m| TimeZone::UTC.to_datetime(m.starts)).collect();
    starts.sort_unstable();
    (starts, trouble)
}
