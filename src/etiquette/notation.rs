//! A short notation for timelines, so that the tables of cases read aloud like the etiquette. Tests only.
//!
//! `mon 14:00 interview 60m; mon 16:00 asked linkedin; tue 9:00 note 40w || John: sun-1 12:00 coffee`
//!
//! Days are those of one week in November 2026 (`mon-1` a week earlier) or dates; the zone has daylight saving. After
//! `||` stands somebody this person may be. A meeting that has not ended by `now` has not taken place yet.
use super::*;
use crate::letter::{Grounds, InvitationKind, NetworkId, Note, Specific};
use crate::meeting::{FoundIn, Kind, MeetingId, TookPlace};
use crate::message::{ArrivalBy, Authenticity};
use crate::person::{Likeness, Mailbox, MentionId, Name, Outcome, PersonId};
use crate::timeline::{
    AcquaintanceKind, Acquainted, Alternative, Coverage, Event, FactId, FolderCoverage, LetterId, Met, Request,
    SourceCoverage, Telling, TellingId, Timeline, Verb, Written, Wrote,
};
use jiff::{SignedDuration, Timestamp, ToSpan, civil::Date, tz::TimeZone};

/// The etiquette that ships, as tests see it.
pub(super) fn policy() -> Policy {
    let days = |n: i64| SignedDuration::from_hours(24 * n);
    Policy {
        zone: TimeZone::get("Europe/Zurich").expect("the zone is bundled"),
        knows: Knows {
            contacts: true,
            connections: true,
            colleagues: true,
            social: true,
            talked: Some(SignedDuration::from_mins(45)),
            virtual_counts: true,
            add_up: false,
            correspondence: Some((3, days(30))),
            large_group: 12,
            interview_counts: InterviewCounts::IfHired,
            candidacy: days(180),
        },
        thanks: ThanksPolicy {
            within: SignedDuration::from_hours(48),
            skip_weekends: true,
            holidays: vec![],
            expected_after: vec![Kind::Interview],
            min_words: 25,
            show_missing: false,
        },
        open: ["x", "instagram"].map(|n| NetworkId(n.into())).to_vec(),
        exempt: vec![],
        settle: SignedDuration::from_hours(6),
        closes_after: days(45),
        remember_meetings: days(730),
    }
}

/// `mon 14:00`, `fri-2 9:30`, `2026-03-29 12:00`
pub(super) fn moment(text: &str) -> Timestamp {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [day, time] = words.as_slice() else { panic!("{text}: a day and a time") };
    when(day, time)
}

fn when(day: &str, time: &str) -> Timestamp {
    let (hour, minute) = time.split_once(':').unwrap_or_else(|| panic!("{time}: a time"));
    let hour: i64 = hour.parse().unwrap_or_else(|_| panic!("{time}: an hour"));
    let minute: i8 = minute.parse().unwrap_or_else(|_| panic!("{time}: a minute"));
    let date = date(day).checked_add((hour / 24).days()).expect("a date");
    let zone = policy().zone;
    zone.to_timestamp(date.at(i8::try_from(hour % 24).expect("an hour"), minute, 0, 0)).expect("a time")
}

fn date(day: &str) -> Date {
    if let Ok(date) = day.parse() {
        return date;
    }
    let (name, weeks) = day.split_at(3);
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    let index = names.iter().position(|n| *n == name).unwrap_or_else(|| panic!("{day}: a day"));
    let weeks: i64 = if weeks.is_empty() { 0 } else { weeks.parse().unwrap_or_else(|_| panic!("{day}: weeks")) };
    let days = i64::try_from(index).expect("below seven") + 7 * weeks;
    jiff::civil::date(2026, 11, 9).checked_add(days.days()).expect("a date")
}

/// Everything read, all the time.
pub(super) fn all_read(now: Timestamp) -> Coverage {
    let from = Some(moment("2024-11-09 0:00"));
    Coverage {
        calendars: vec![SourceCoverage { name: "work".into(), from, to: Some(now), ..SourceCoverage::default() }],
        folders: vec![FolderCoverage {
            account: "me".into(),
            folder: "INBOX".into(),
            from,
            to: Some(now),
            ..FolderCoverage::default()
        }],
    }
}

pub(super) fn timeline(text: &str, now: Timestamp) -> Timeline {
    let mut parts = text.split("||");
    let mut id = 0;
    let own = events(parts.next().unwrap_or(""), now, &mut id);
    let mut timeline = bare("Jay Doe", 1, own.clone());
    for (n, part) in parts.enumerate() {
        let (name, theirs) = part.split_once(": ").unwrap_or_else(|| panic!("{part}: a name and a past"));
        let mut both = [own.clone(), events(theirs, now, &mut id)].concat();
        both.sort_by_key(at);
        let person = i64::try_from(n).expect("few") + 2;
        let likeness = Likeness { outcome: Outcome::Ask, weight: 3.0, evidence: vec![] };
        timeline.perhaps.push(Alternative { likeness, timeline: bare(name.trim(), person, both) });
    }
    timeline
}

fn bare(name: &str, person: i64, events: Vec<Event>) -> Timeline {
    Timeline { person: PersonId(person), name: Name::new(name), addresses: vec![], events, perhaps: vec![] }
}

fn events(text: &str, now: Timestamp, id: &mut i64) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::new();
    for part in text.split(';').map(str::trim).filter(|p| !p.is_empty()) {
        *id += 1;
        let words: Vec<&str> = part.split_whitespace().collect();
        let [day, time, what, marks @ ..] = words.as_slice() else { panic!("{part}: when and what") };
        events.push(event(when(day, time), what, marks, now, *id));
    }
    events.sort_by_key(at);
    events
}

fn at(event: &Event) -> Timestamp {
    match event {
        Event::Met(m) => m.ends,
        Event::Wrote(w) => w.at,
        Event::Asked(r) => r.at,
        Event::Applied { at, .. } => *at,
        Event::Known(k) => k.first_at.unwrap_or(Timestamp::MIN),
        Event::Told(t) => t.at,
    }
}

fn event(t: Timestamp, what: &str, marks: &[&str], now: Timestamp, id: i64) -> Event {
    match what {
        "asked" => Event::Asked(request(t, marks, id)),
        "follow" => Event::Asked(Request { kind: InvitationKind::Follow, ..request(t, marks, id) }),
        "note" | "message" | "apology" => Event::Wrote(wrote(t, what, marks, id)),
        "applied" => Event::Applied {
            letter: LetterId(id),
            at: t,
            role: after("for", marks).map(|r| r.replace('_', " ")),
            authenticity: authenticity(marks),
        },
        "contact" | "connected" | "colleague" | "letters" => Event::Known(acquainted(t, what, marks, id)),
        "told" => Event::Told(telling(t, marks, id)),
        kind => Event::Met(met(t, kind, marks, now, id)),
    }
}

fn after<'a>(word: &str, marks: &[&'a str]) -> Option<&'a str> {
    marks.get(marks.iter().position(|m| *m == word)? + 1).copied()
}

/// `40w`, `60m`, `30d`
fn measure(unit: char, marks: &[&str]) -> Option<i64> {
    marks.iter().find_map(|m| m.strip_suffix(unit)?.parse().ok())
}

fn authenticity(marks: &[&str]) -> Authenticity {
    match () {
        () if marks.contains(&"forged") => Authenticity::Forged,
        () if marks.contains(&"unverified") => Authenticity::Unverified,
        () => Authenticity::Verified,
    }
}

fn met(t: Timestamp, kind: &str, marks: &[&str], now: Timestamp, id: i64) -> Met {
    let kind = match kind {
        "coffee" => Kind::Coffee,
        "meal" => Kind::Meal,
        "drink" => Kind::Drink,
        "interview" => Kind::Interview,
        "screen" => Kind::PhoneScreen,
        "meeting" => Kind::Meeting,
        "call" => Kind::Call,
        "talk" => Kind::Talk,
        "unclear" => Kind::Unclear,
        "other" => Kind::Other,
        other => panic!("{other}: no such event"),
    };
    let ends = t.checked_add(SignedDuration::from_mins(measure('m', marks).unwrap_or(60))).expect("a time");
    let took_place = match () {
        () if marks.contains(&"cancelled") => TookPlace::Cancelled,
        () if marks.contains(&"declined") => TookPlace::DeclinedByThem,
        () if marks.contains(&"refused") => TookPlace::DeclinedByOwner,
        () if marks.contains(&"private") => TookPlace::NotAMeeting,
        () if marks.contains(&"denied") => TookPlace::Told,
        () if ends > now => TookPlace::NotYet,
        () if marks.contains(&"unanswered") => TookPlace::YesUnanswered,
        () => TookPlace::Yes,
    };
    Met {
        id: MeetingId(id),
        title: None,
        kind,
        starts: t,
        ends,
        people: after("of", marks).map_or(2, |n| n.parse().expect("people")),
        took_place,
        found_in: if marks.contains(&"invited") { FoundIn::Attendee } else { FoundIn::Title },
        by_phone_or_video: marks.contains(&"video"),
        says_interview: marks.contains(&"says-interview"),
        learnt_at: t,
    }
}

fn request(t: Timestamp, marks: &[&str], id: i64) -> Request {
    let network = marks.iter().find(|m| ["linkedin", "xing", "facebook", "x"].contains(m)).unwrap_or(&"linkedin");
    Request {
        key: format!("{network}:inv/{id}"),
        network: NetworkId((*network).to_owned()),
        kind: InvitationKind::Connect,
        open: false,
        at: t,
        by: if marks.contains(&"own-date") { ArrivalBy::Date } else { ArrivalBy::Received },
        last_at: after("last", marks).map_or(t, |day| when(day, "12:00")),
        reminders: after("reminders", marks).map_or(0, |n| n.parse().expect("reminders")),
        authenticity: authenticity(marks),
        name: Name::new("Jay Doe"),
        headline: after("as", marks).map(|h| h.replace('_', " ")),
        profile: None,
        thanks_inside: marks.contains(&"thanks-inside"),
        letters: vec![LetterId(id)],
        again: marks.contains(&"again"),
    }
}

fn wrote(t: Timestamp, what: &str, marks: &[&str], id: i64) -> Wrote {
    let note = |marks: &[&str]| Note {
        from: Mailbox::default(),
        forwarded: marks.contains(&"forwarded"),
        own_words: u32::try_from(measure('w', marks).unwrap_or(40)).expect("words"),
        specifics: if marks.contains(&"vague") { vec![] } else { vec![Specific::Role] },
        thanks: !marks.contains(&"thankless"),
        asks_to_connect: marks.contains(&"connects"),
        withdraws: marks.contains(&"withdraws"),
        grounds: match () {
            () if marks.contains(&"grey") => Grounds::NeedsMeeting,
            () if marks.contains(&"unnamed") => Grounds::Unnamed,
            () if marks.contains(&"likely") => Grounds::Likely,
            () => Grounds::Words,
        },
        language: "en".into(),
        quote: None,
        why: vec![],
    };
    let what = match what {
        "note" => Written::Note(note(marks)),
        "message" => {
            Written::NetworkMessage { network: NetworkId("linkedin".into()), thanks: marks.contains(&"thanks") }
        }
        _ => Written::Apology,
    };
    let by = if marks.contains(&"own-date") { ArrivalBy::Date } else { ArrivalBy::Received };
    let in_junk = marks.contains(&"junk");
    Wrote { letter: LetterId(id), at: t, by, authenticity: authenticity(marks), what, in_junk, quote: None }
}

fn acquainted(t: Timestamp, what: &str, marks: &[&str], id: i64) -> Acquainted {
    let kind = match what {
        "contact" => AcquaintanceKind::AddressBook,
        "connected" => AcquaintanceKind::Connection,
        "colleague" => AcquaintanceKind::Colleague,
        _ => AcquaintanceKind::Correspondence,
    };
    let over = SignedDuration::from_hours(24 * measure('d', marks).unwrap_or(0));
    let dated = matches!(kind, AcquaintanceKind::Connection | AcquaintanceKind::Correspondence);
    Acquainted {
        fact: Some(FactId::Letter(LetterId(id))),
        kind,
        network: after("on", marks).map(|n| NetworkId(n.to_owned())),
        exchanges: marks.first().and_then(|n| n.parse().ok()).unwrap_or(0),
        first_at: dated.then_some(t),
        last_at: dated.then(|| t.checked_add(over).expect("a time")),
    }
}

fn telling(t: Timestamp, marks: &[&str], id: i64) -> Telling {
    let verb = match marks.first().copied() {
        Some("met") => Verb::Met,
        Some("known") => Verb::Known,
        Some("hired") => Verb::Hired,
        Some("noted") => Verb::Noted,
        Some("ignore") => Verb::Ignore,
        other => panic!("{other:?}: no such verb"),
    };
    let argument = marks.get(1..).filter(|a| !a.is_empty()).map(|a| a.join(" "));
    let about = Some(MentionId(1));
    Telling {
        id: TellingId(id),
        at: t,
        verb,
        about,
        other: None,
        item: None,
        argument,
        undone: marks.contains(&"undone"),
    }
}

/// A row of a table: what it is about, the timeline, now, and what is expected: `word clause [reason]`, then what else
/// must be so, each after a comma: `until wed 15:00`, `closed …`, `still open`, `news from …`, `meeting mon 14:00`,
/// a remark, or `no` and a remark.
#[track_caller]
pub(super) fn case(name: &str, text: &str, now: &str, expected: &str) {
    case_under(&policy(), name, text, now, expected);
}

#[track_caller]
pub(super) fn case_under(policy: &Policy, name: &str, text: &str, now: &str, expected: &str) {
    let now = moment(now);
    check(name, &first_request(policy, text, &all_read(now), now), expected);
}

#[track_caller]
pub(super) fn case_where(coverage: &Coverage, name: &str, text: &str, now: &str, expected: &str) {
    check(name, &first_request(&policy(), text, coverage, moment(now)), expected);
}

fn first_request(policy: &Policy, text: &str, coverage: &Coverage, now: Timestamp) -> RequestVerdict {
    let verdicts = judge(policy, &timeline(text, now), coverage, now);
    verdicts.requests.into_iter().next().unwrap_or_else(|| panic!("{text}: nobody asked"))
}

#[track_caller]
fn check(name: &str, v: &RequestVerdict, expected: &str) {
    let mut parts = expected.split(", ");
    let reason = v.known_by.map_or(String::new(), |k| format!(" {}", k.as_str()));
    let head = format!("{} {}{reason}", v.word.as_str(), v.clause.as_str());
    assert_eq!(Some(head.as_str()), parts.next(), "{name}: {v:#?}");
    let remarks: Vec<String> = v.remarks.iter().map(remark).collect();
    for part in parts {
        assert!(holds(v, &remarks, part), "{name}: expected {part:?} of {remarks:?} {v:#?}");
    }
}

fn holds(v: &RequestVerdict, remarks: &[String], part: &str) -> bool {
    match part.split_once(' ').unwrap_or((part, "")) {
        ("until", t) => v.until == Some(moment(t)),
        ("closed", t) => v.closed == Some(moment(t)),
        ("still", "open") => v.closed.is_none(),
        ("news", from) => v.news_from == moment(from.trim_start_matches("from ")),
        ("meeting", t) => v.meeting.as_ref().is_some_and(|m| m.starts == moment(t)),
        ("unread", source) => v.unread.as_ref().is_some_and(|u| u.source == source),
        ("asks", choices) => v.question.as_ref().is_some_and(|q| question(q) == choices),
        ("no", "question") => v.question.is_none(),
        ("no", other) => !remarks.iter().any(|r| r == other),
        _ => remarks.iter().any(|r| r == part),
    }
}

/// `John=welcome/known none=premature/stranger`
fn question(q: &Question) -> String {
    let choice = |c: &Choice| {
        let who = match (&c.name, c.kind) {
            (Some(name), _) => name.as_str().to_owned(),
            (None, Some(kind)) => format!("{kind:?}").to_lowercase(),
            (None, None) => "none".to_owned(),
        };
        format!("{who}={}/{}", c.word.as_str(), c.clause.as_str())
    };
    q.choices.iter().map(choice).collect::<Vec<_>>().join(" ")
}

fn remark(r: &Remark) -> String {
    let minutes = |d: &SignedDuration| format!("{}m", d.as_mins());
    match r {
        Remark::ThanksInside => "thanks inside".into(),
        Remark::Apologised => "apologised".into(),
        Remark::Reminder(n) => format!("reminder {n}"),
        Remark::Delay(d) => format!("after {}", minutes(d)),
        Remark::AlsoOn(network) => format!("also on {network}"),
        Remark::AskedAgain => "asked again".into(),
        Remark::AskedBeforeYouMet => "asked before you met".into(),
        Remark::AskedBeforeInterview => "asked before the interview".into(),
        Remark::NoteLate => "late".into(),
        Remark::NoteBrief => "brief".into(),
        Remark::AppliedFor(role) => format!("applied for {}", role.as_deref().unwrap_or("something")),
        Remark::WhicheverPerson(name) => format!("whichever {name}"),
        Remark::TakesPlaceUnanswered => "unanswered".into(),
        Remark::Unverified => "unverified".into(),
        Remark::Lookalikes => "lookalikes".into(),
        Remark::InJunk => "junk".into(),
        Remark::AlsoAsksToConnect => "asks to connect".into(),
        Remark::Withdraws => "withdraws".into(),
        Remark::Forwarded => "forwarded".into(),
        Remark::ByItsOwnDate => "own date".into(),
        Remark::OnPaper => "on paper".into(),
        Remark::NoMeetingFound => "no meeting".into(),
        Remark::PerhapsBy(name) => format!("perhaps {name}"),
        Remark::AlsoServes(others) => format!("serves {} more", others.len()),
        Remark::Talked(d) => format!("talked {}", minutes(d)),
    }
}

/// A row about thanks: every verdict, in the order of the meetings, `;` between: `proper mon 14:00 after 1200m, junk`.
#[track_caller]
pub(super) fn thanks(name: &str, text: &str, now: &str, expected: &str) {
    thanks_under(&policy(), name, text, now, expected);
}

#[track_caller]
pub(super) fn thanks_under(policy: &Policy, name: &str, text: &str, now: &str, expected: &str) {
    let now = moment(now);
    thanks_where(policy, &all_read(now), name, text, now, expected);
}

#[track_caller]
pub(super) fn thanks_where(
    policy: &Policy,
    coverage: &Coverage,
    name: &str,
    text: &str,
    now: Timestamp,
    expected: &str,
) {
    let verdicts = judge(policy, &timeline(text, now), coverage, now);
    let mut said: Vec<String> = verdicts.thanks.iter().map(|v| thanks_verdict(v, policy)).collect();
    said.extend(verdicts.unmet.iter().map(|_| "thanked for none".to_owned()));
    assert_eq!(said.join("; "), expected, "{name}");
}

fn thanks_verdict(v: &ThanksVerdict, policy: &Policy) -> String {
    let mut out = v.word.as_str().to_owned();
    if let Some(m) = &v.meeting {
        let start = policy.zone.to_datetime(m.starts);
        let day = format!("{:?}", start.weekday()).to_lowercase();
        out.push_str(&format!(" {} {}:{:02}", day.get(..3).unwrap_or(""), start.hour(), start.minute()));
    }
    for r in &v.remarks {
        out.push_str(&format!(", {}", remark(r)));
    }
    out
}
