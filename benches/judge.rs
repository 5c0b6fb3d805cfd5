//! Judging everybody: 10,000 persons with ten facts each must take no longer than a tenth of a second, and ten times as
//! many ten times as long. `cargo bench --bench judge`
use divan::{Bencher, black_box};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use thankd::etiquette::{InterviewCounts, Knows, Policy, ThanksPolicy, judge};
use thankd::letter::{Grounds, InvitationKind, NetworkId, Note, Specific};
use thankd::meeting::{FoundIn, Kind, MeetingId, TookPlace};
use thankd::message::{ArrivalBy, Authenticity};
use thankd::person::{Likeness, Mailbox, Name, Outcome, PersonId};
use thankd::timeline::{
    Alternative, Coverage, Event, FolderCoverage, LetterId, Met, Request, SourceCoverage, Timeline, Written, Wrote,
};

fn main() {
    divan::main();
}

const HOUR: i64 = 3600;

fn at(hours: i64) -> Timestamp {
    Timestamp::from_second(1_780_000_000 + hours * HOUR).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn policy() -> Policy {
    let days = |n: i64| SignedDuration::from_hours(24 * n);
    Policy {
        zone: TimeZone::get("Europe/Zurich").unwrap_or(TimeZone::UTC),
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
        open: vec![],
        exempt: vec![],
        settle: SignedDuration::from_hours(6),
        closes_after: days(45),
        remember_meetings: days(730),
    }
}

fn coverage(now: Timestamp) -> Coverage {
    let calendar = SourceCoverage { name: "work".into(), from: Some(at(-9000)), to: Some(now), ..Default::default() };
    let folder = FolderCoverage { account: "me".into(), folder: "INBOX".into(), to: Some(now), ..Default::default() };
    Coverage { calendars: vec![calendar], folders: vec![folder] }
}

fn met(id: i64, hours: i64, kind: Kind) -> Event {
    Event::Met(Met {
        id: MeetingId(id),
        title: Some("A conversation".into()),
        kind,
        starts: at(hours),
        ends: at(hours + 1),
        people: 2,
        took_place: TookPlace::Yes,
        found_in: FoundIn::Title,
        by_phone_or_video: false,
        says_interview: false,
        learnt_at: at(hours - 100),
    })
}

fn wrote(id: i64, hours: i64) -> Event {
    let note = Note {
        from: Mailbox::default(),
        forwarded: false,
        own_words: 60,
        specifics: vec![Specific::Role],
        thanks: true,
        asks_to_connect: false,
        withdraws: false,
        grounds: Grounds::Words,
        language: "en".into(),
        quote: None,
        why: vec![],
    };
    let (what, by, authenticity) = (Written::Note(note), ArrivalBy::Received, Authenticity::Verified);
    Event::Wrote(Wrote { letter: LetterId(id), at: at(hours), by, authenticity, what, in_junk: false, quote: None })
}

fn asked(id: i64, hours: i64, network: &str) -> Event {
    Event::Asked(Request {
        key: format!("{network}:inv/{id}"),
        network: NetworkId(network.into()),
        kind: InvitationKind::Connect,
        open: false,
        at: at(hours),
        by: ArrivalBy::Received,
        last_at: at(hours),
        reminders: 0,
        authenticity: Authenticity::Verified,
        name: None,
        headline: None,
        profile: None,
        thanks_inside: false,
        letters: vec![LetterId(id)],
        again: false,
    })
}

/// Ten events: a candidate's half year, a stranger's requests, or an acquaintance's year, in turn; a tenth may be another.
fn person(n: i64) -> Timeline {
    let id = n * 100;
    let kinds = match n % 3 {
        0 => [Kind::Interview, Kind::PhoneScreen, Kind::Interview, Kind::Meal, Kind::Call, Kind::Interview],
        1 => [Kind::Talk; 6],
        _ => [Kind::Meeting, Kind::Unclear, Kind::Call, Kind::Coffee, Kind::Unclear, Kind::Meeting],
    };
    let mut events: Vec<Event> =
        (0i64..).zip(kinds).map(|(i, kind)| met(id + i, -2000 + 170 * i + n % 50, kind)).collect();
    events.extend([
        wrote(id + 7, -1980),
        asked(id + 8, -1000, "linkedin"),
        asked(id + 9, -900, "xing"),
        wrote(id + 10, -20),
    ]);
    let alternative = || Alternative {
        likeness: Likeness { outcome: Outcome::Ask, weight: 2.0, evidence: vec![] },
        timeline: timeline(n + 1, [events.clone(), vec![met(id + 11, -500, Kind::Coffee)]].concat()),
    };
    let perhaps = if n % 10 == 0 { vec![alternative()] } else { vec![] };
    Timeline { perhaps, ..timeline(n, events) }
}

fn timeline(n: i64, events: Vec<Event>) -> Timeline {
    Timeline { person: PersonId(n), name: Name::new("Somebody"), addresses: vec![], events, perhaps: vec![] }
}

#[divan::bench(args = [1_000, 10_000, 100_000])]
fn everybody(bencher: Bencher, persons: i64) {
    let (policy, now) = (policy(), at(0));
    let coverage = coverage(now);
    let timelines: Vec<Timeline> = (0..persons).map(person).collect();
    bencher.bench_local(|| {
        let verdicts = timelines.iter().map(|t| judge(&policy, black_box(t), &coverage, now));
        verdicts.map(|v| v.requests.len() + v.thanks.len()).sum::<usize>()
    });
}
