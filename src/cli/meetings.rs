//! `thankd meetings`: the calendar as it is understood.
use super::sources::{self, Standalone};
use super::{CliError, Format, Places, json, shown};
use crate::calendar::Calendar;
use crate::clock::Clock;
use crate::config::Settings;
use crate::daemon;
use crate::digest::words;
use crate::etiquette::Knows;
use crate::meeting::{self, Glossary, Kind, KindRules, Meeting, Participant, TookPlace, Window};
use crate::person::Owner;
use clap::Args;
use jiff::Timestamp;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Meetings {
    #[command(flatten)]
    pub files: Standalone,
    /// From then on: a time, a date, or a span back ("30d")
    #[arg(long, value_name = "T")]
    pub from: Option<String>,
    /// Up to then
    #[arg(long, value_name = "T")]
    pub to: Option<String>,
    /// Judge as of this time
    #[arg(long, value_name = "T")]
    pub now: Option<String>,
    /// How it is printed; JSON is stable, for scripts
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

impl Meetings {
    pub async fn run(self, places: Places) -> Result<ExitCode, CliError> {
        let settings = if self.files.given() { self.files.settings()? } else { sources::settings(&places)? };
        let zone = settings.owner.zone.clone();
        let clock = Clock::System.now();
        let at = |flag: &str, text: &Option<String>| {
            text.as_deref().map(|t| sources::time(flag, t, &zone, clock)).transpose()
        };
        let now = at("--now", &self.now)?.unwrap_or(clock);
        let whole = daemon::window(&settings, now);
        // The two dates are the window of expansion, whatever remember_meetings says.
        let window = Window {
            from: at("--from", &self.from)?.unwrap_or(whole.from),
            to: at("--to", &self.to)?.unwrap_or(whole.to),
        };
        if window.to <= window.from {
            return Err(CliError::Usage("--to is not later than --from".into()));
        }
        let read = read(&settings, &window, now);
        let mut out = BufWriter::new(std::io::stdout().lock());
        let rules = KindRules { large_group: settings.policy.knows.large_group, words: settings.own_words.clone() };
        for m in &read.meetings {
            let seen = seen(m, &rules, &settings, now);
            match self.format {
                Format::Json => writeln!(out, "{}", shown::value(json::meeting(&seen, &zone)))?,
                Format::Text => out.write_all(shown::lines(&text(&seen, &settings)).as_bytes())?,
            }
        }
        out.flush()?;
        for trouble in &read.troubles {
            eprintln!("thankd: {}", shown::line(trouble));
        }
        // A calendar that could not be read at all is a failure; one read in part, or with a remark, was read.
        let failed = read.meetings.is_empty() && read.unread;
        Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

#[derive(Default)]
struct Read {
    meetings: Vec<Meeting>,
    troubles: Vec<String>,
    /// There is a calendar of which nothing could be read.
    unread: bool,
}

fn read(settings: &Settings, window: &Window, now: Timestamp) -> Read {
    let mut read = Read::default();
    let mut called_off = Vec::new();
    for source in &settings.calendars {
        let calendar = Calendar::at(&source.path).and_then(|c| c.read(window, &settings.owner, now));
        match calendar {
            Ok(reading) => {
                read.unread |= reading.trouble.is_some() && reading.covers.is_none();
                read.troubles.extend(reading.trouble.clone());
                read.troubles.extend(reading.remarks.iter().cloned());
                called_off.extend(reading.called_off());
                read.meetings.extend(reading.meetings(&source.name, &settings.owner, Glossary::embedded(), now));
            }
            Err(e) => {
                read.unread = true;
                read.troubles.push(format!("{e}: {}", e.remedy()));
            }
        }
    }
    if settings.calendars.len() > 1 {
        read.meetings = meeting::merge(read.meetings);
        meeting::call_off(&mut read.meetings, &called_off, now);
    }
    read.meetings.sort_by(|a, b| (a.starts, &a.uid).cmp(&(b.starts, &b.uid)));
    read
}

fn seen<'a>(m: &'a Meeting, rules: &KindRules, settings: &Settings, now: Timestamp) -> json::Seen<'a> {
    let (kind, knows) = (meeting::kind(m, rules, None), &settings.policy.knows);
    let place = place(m, &settings.owner, now);
    let took = matches!(place.0, TookPlace::Yes | TookPlace::YesUnanswered);
    let counts =
        took && !m.participants.is_empty() && m.signals.people <= knows.large_group && counts(m, kind.0, knows);
    json::Seen { meeting: m, kind, took_place: (took, place.1), counts }
}

/// As far as anybody from outside, who it was held for; one of them who declined does not undo the others.
fn place(m: &Meeting, owner: &Owner, now: Timestamp) -> (TookPlace, String) {
    let colleague = |p: &Participant| p.address.as_ref().is_some_and(|a| owner.is_colleague(a));
    let outside: Vec<&Participant> = m.participants.iter().filter(|p| !colleague(p)).collect();
    let whose = if outside.is_empty() { m.participants.iter().collect() } else { outside };
    let mut each: Vec<(TookPlace, String)> = whose.iter().map(|p| meeting::took_place(m, Some(p), now)).collect();
    let yes = each.iter().position(|(place, _)| matches!(place, TookPlace::Yes | TookPlace::YesUnanswered));
    match (yes, each.len()) {
        (Some(at), _) => each.swap_remove(at),
        (None, 1) => each.swap_remove(0),
        (None, _) if !each.is_empty() && each.iter().all(|(place, _)| *place == TookPlace::DeclinedByThem) => {
            each.swap_remove(0)
        }
        (None, _) => meeting::took_place(m, None, now),
    }
}

/// Does a meeting of this kind and length make somebody known, outside a candidacy?
fn counts(m: &Meeting, kind: Kind, knows: &Knows) -> bool {
    match kind {
        Kind::Coffee | Kind::Meal | Kind::Drink => knows.social,
        Kind::Meeting | Kind::Call => {
            let long = knows.talked.is_some_and(|least| m.ends.duration_since(m.starts) >= least);
            let far = kind == Kind::Call || m.signals.by_phone || m.signals.by_video;
            long && !m.signals.all_day && (knows.virtual_counts || !far)
        }
        Kind::Interview | Kind::PhoneScreen | Kind::Talk | Kind::Unclear | Kind::Other => false,
    }
}

fn text(seen: &json::Seen<'_>, settings: &Settings) -> String {
    let m = seen.meeting;
    let start = m.starts.to_zoned_datetime(settings.owner.zone.clone());
    let people: Vec<&str> = m
        .participants
        .iter()
        .filter_map(|p| p.name.as_ref().map(|n| n.as_str()).or_else(|| p.address.as_ref().map(|a| a.as_str())))
        .collect();
    let title = m.title.as_deref().unwrap_or("(no title)");
    let title: String = shown::line(title).chars().take(80).collect();
    format!(
        "{}  {}\n    {}: {}\n    with {}\n    {}: {}{}\n",
        start.strftime("%a %d %b %Y %H:%M"),
        title,
        named(seen.kind.0),
        shown::line(&seen.kind.1),
        if people.is_empty() { "nobody from outside".to_owned() } else { shown::line(&people.join(", ")) },
        happened(seen),
        shown::line(&seen.took_place.1),
        worth(seen),
    )
}

/// The kind in words; what the digest calls a meeting may be one that nothing tells of.
fn named(kind: Kind) -> &'static str {
    match kind {
        Kind::Unclear => "Unclear",
        Kind::Other => "Other",
        known => words::kind(known),
    }
}

/// In words; the reason follows.
fn happened(seen: &json::Seen<'_>) -> &'static str {
    let m = seen.meeting;
    match (seen.took_place.0, m.cancelled_at.is_none() && m.signals.private) {
        (_, true) => "no meeting with anybody",
        (true, false) if m.participants.is_empty() => "over, with nobody from outside",
        (true, false) => "took place",
        (false, false) => "did not take place",
    }
}

/// What it is worth for the rule of coffee, meal or beer.
fn worth(seen: &json::Seen<'_>) -> &'static str {
    match seen.kind.0 {
        _ if !seen.took_place.0 || seen.meeting.participants.is_empty() => "",
        _ if seen.counts => "; counts for the rule",
        Kind::Interview | Kind::PhoneScreen => "; an interview, so it does not count for the rule",
        Kind::Coffee | Kind::Meal | Kind::Drink | Kind::Meeting | Kind::Call => "",
        Kind::Talk | Kind::Unclear | Kind::Other => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::{Address, Domain, Name};

    fn owner() -> Owner {
        Owner {
            names: Name::new("Sam Roe").into_iter().collect(),
            addresses: Address::new("sam@acme.test").into_iter().collect(),
            organisation: Domain::new("acme.test").into_iter().collect(),
            zone: jiff::tz::TimeZone::UTC,
        }
    }

    /// Answers of a colleague, and of people from outside.
    #[track_caller]
    fn case(colleague: &str, outside: &[&str], expected: TookPlace) {
        let line =
            |n: usize, answer: &str, domain: &str| format!("ATTENDEE;CN=P{n};PARTSTAT={answer}:mailto:p{n}@{domain}\n");
        let others: String = outside.iter().enumerate().map(|(n, answer)| line(n, answer, "example.org")).collect();
        let ics = format!(
            "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\nDTEND:20260302T100000Z\n{}{others}END:VEVENT\nEND:VCALENDAR\n",
            line(9, colleague, "acme.test")
        );
        let now: Timestamp = "2026-03-03T00:00:00Z".parse().unwrap();
        let window = Window { from: Timestamp::UNIX_EPOCH, to: now };
        let memory = Calendar::Memory { feeds: vec![("a.ics".into(), ics.into_bytes())] };
        let reading = memory.read(&window, &owner(), now).unwrap();
        let meetings = reading.meetings("a", &owner(), Glossary::embedded(), now);
        assert_eq!(place(&meetings[0], &owner(), now).0, expected, "{colleague} {outside:?}");
    }

    #[test]
    fn a_colleagues_yes_says_nothing_of_whom_it_was_held_for() {
        case("ACCEPTED", &["DECLINED"], TookPlace::DeclinedByThem);
        case("ACCEPTED", &["DECLINED", "DECLINED"], TookPlace::DeclinedByThem);
        case("DECLINED", &["ACCEPTED"], TookPlace::Yes);
        case("DECLINED", &["DECLINED", "NEEDS-ACTION"], TookPlace::YesUnanswered);
        case("ACCEPTED", &[], TookPlace::Yes);
        case("DECLINED", &[], TookPlace::DeclinedByThem);
    }
}
