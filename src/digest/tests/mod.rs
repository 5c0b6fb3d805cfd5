//! Invented people and their letters, in a short notation, for the tables and the snapshots.
mod due;
mod letter;
mod news;
mod pages;

use super::*;
use crate::etiquette::{
    Choice, Clause, KnownBy, MeetingRef, Question, Remark, RequestVerdict, RequestWord, ThanksVerdict, ThanksWord,
};
use crate::letter::NetworkId;
use crate::meeting::{Kind, MeetingId};
use crate::message::Authenticity;
use crate::person::{Address, Name};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

/// Tuesday morning in Berlin.
const NOW: &str = "2026-11-17T07:00:00+01:00";

fn at(s: &str) -> Timestamp {
    s.parse().unwrap()
}
/// `16 14:00`: that day of November 2026, in Berlin.
fn nov(s: &str) -> Timestamp {
    let (day, hour) = s.split_once(' ').unwrap();
    at(&format!("2026-11-{day:0>2}T{hour}:00+01:00"))
}
fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}
fn hours(h: i64) -> SignedDuration {
    SignedDuration::from_hours(h)
}
fn person(name: &str, address: &str) -> PersonView {
    PersonView { name: Name::new(name), addresses: Address::new(address).into_iter().collect() }
}
fn meeting(kind: Kind, title: &str, ends: Timestamp) -> MeetingRef {
    let title = (!title.is_empty()).then(|| title.to_owned());
    MeetingRef { id: MeetingId(1), title, kind, starts: ends - hours(1), ends }
}

fn request(code: &str, who: PersonView, word: RequestWord, clause: Clause, asked: Timestamp) -> Judged {
    let verdict = RequestVerdict {
        request: format!("linkedin:inv/{code}"),
        word,
        clause,
        known_by: None,
        meeting: None,
        until: None,
        news_from: asked,
        closed: None,
        unread: None,
        horizon: Some(at("2024-11-17T00:00:00Z")),
        question: None,
        remarks: vec![],
        because: vec![],
    };
    let what = What::Request {
        verdict: Box::new(verdict),
        network: NetworkId("linkedin".into()),
        follow: false,
        at: asked,
        last_at: asked,
        authenticity: Authenticity::Verified,
        headline: None,
    };
    judged(code, who, what, asked)
}

fn thanks(code: &str, who: PersonView, word: ThanksWord, met: MeetingRef, note: Option<Timestamp>) -> Judged {
    let event_at = note.unwrap_or(met.ends);
    let verdict = ThanksVerdict {
        subject: format!("meeting/{code}/1"),
        word,
        at: note,
        after: note.map(|t| t.duration_since(met.ends)),
        until: Some(met.ends + hours(48)),
        meeting: Some(met),
        quote: None,
        remarks: vec![],
        because: vec![],
    };
    judged(code, who, What::thanks(verdict), event_at)
}

fn judged(code: &str, person: PersonView, what: What, event_at: Timestamp) -> Judged {
    Judged {
        code: ItemCode(code.to_owned()),
        from: person.addresses.first().filter(|_| matches!(what, What::Thanks(_))).cloned(),
        person,
        what,
        event_at,
        recorded_at: event_at,
        telling: None,
        face_then: None,
        reader_changed: false,
        backlog: false,
        said: None,
        because: vec![],
    }
}

impl Judged {
    fn asked_with(mut self, f: impl FnOnce(&mut RequestVerdict)) -> Self {
        if let What::Request { verdict, .. } = &mut self.what {
            f(verdict);
        }
        self
    }
    fn thanked_with(mut self, f: impl FnOnce(&mut ThanksVerdict)) -> Self {
        if let What::Thanks(verdict) = &mut self.what {
            f(verdict);
        }
        self
    }
    /// Its meeting took place then.
    fn held(mut self, when: &str) -> Self {
        self.event_at = nov(when);
        self
    }
    fn said(mut self, face: &str, ago_days: i64) -> Self {
        self.said = Some(Said {
            at: at(NOW) - hours(24 * ago_days),
            face: Face(face.to_owned()),
            cause: Cause::Fact,
            shown: true,
            asked: 0,
            asked_at: None,
        });
        self
    }
}

/// What a daily digest at [`NOW`] is made of, without items.
struct Desk {
    zone: TimeZone,
    health: Health,
    settings: Settings,
    tellings: Vec<TellingView>,
    unreadable: Vec<(NetworkId, u32)>,
    counts: Counts,
    first_run: bool,
    policy_changed_at: Option<Timestamp>,
    listing: Listing,
}

fn desk() -> Desk {
    let read = Some(nov("17 06:58"));
    let account = |name: &str| AccountHealth { name: name.into(), last_sync: read, trouble: None };
    let calendar = |name: &str| CalendarHealth { name: name.into(), last_read: read, trouble: None };
    Desk {
        zone: berlin(),
        health: Health {
            messages_read: 412,
            accounts: ["work", "home", "club"].map(account).into(),
            calendars: ["work", "family"].map(calendar).into(),
        },
        settings: Settings::default(),
        tellings: vec![],
        unreadable: vec![],
        counts: Counts::default(),
        first_run: false,
        policy_changed_at: None,
        listing: Listing::News,
    }
}

impl Desk {
    fn compose(&self, items: &[Judged]) -> Composed {
        compose(&Input {
            owner: "Robin Example",
            zone: &self.zone,
            now: at(NOW),
            from: Some(nov("16 07:00")),
            items,
            tellings: &self.tellings,
            unreadable: &self.unreadable,
            counts: self.counts,
            health: &self.health,
            first_run: self.first_run,
            policy_changed_at: self.policy_changed_at,
            listing: self.listing,
            settings: &self.settings,
        })
    }
}

/// The morning of digest.md, with other people.
fn morning() -> Vec<Judged> {
    let backend = |ends| meeting(Kind::Interview, "Backend, round 2", ends);
    let question = Question {
        choices: vec![
            Choice {
                person: Some(crate::person::PersonId(4)),
                name: Name::new("John Sample"),
                kind: None,
                meeting: Some(meeting(Kind::Meal, "Lunch", nov("3 13:00"))),
                word: RequestWord::Welcome,
                clause: Clause::Known,
            },
            Choice {
                person: Some(crate::person::PersonId(5)),
                name: Name::new("Joan Sample"),
                kind: None,
                meeting: Some(meeting(Kind::Interview, "", nov("13 11:00"))),
                word: RequestWord::Waiting,
                clause: Clause::NoteMayCome,
            },
            Choice {
                person: None,
                name: None,
                kind: None,
                meeting: None,
                word: RequestWord::Premature,
                clause: Clause::Stranger,
            },
        ],
    };
    let mut items = vec![
        thanks(
            "k3f",
            person("Priya Nair", "priya.nair@example.org"),
            ThanksWord::Proper,
            backend(nov("16 14:00")),
            Some(nov("16 19:10")),
        )
        .thanked_with(|v| {
            v.quote = Some("… the way you described the move off the monolith made me want to start tomorrow …".into());
        }),
        thanks(
            "k3h",
            person("Jonas Muster", "jonas@muster.test"),
            ThanksWord::Brief,
            meeting(Kind::Interview, "Data platform", nov("16 10:00")),
            Some(nov("17 06:20")),
        )
        .thanked_with(|v| v.remarks = vec![Remark::InJunk]),
        request("k2c", person("Ana Beltrán", ""), RequestWord::Welcome, Clause::Known, nov("11 09:00"))
            .asked_with(|v| {
                v.known_by = Some(KnownBy::Coffee);
                v.meeting = Some(meeting(Kind::Coffee, "Coffee", nov("13 16:00")));
                v.remarks = vec![Remark::AskedBeforeYouMet];
            })
            .held("13 16:00")
            .said("early/thanked", 4),
        request("k4a", person("Dale Whitford", ""), RequestWord::Premature, Clause::NoNoteSeen, nov("12 13:00"))
            .asked_with(|v| {
                v.meeting = Some(meeting(Kind::Interview, "Backend, round 1", nov("12 11:00")));
                v.until = Some(nov("16 11:00"));
                v.remarks = vec![Remark::Delay(hours(2))];
            }),
        request("k4d", person("Mei-Lin Zhao", ""), RequestWord::Waiting, Clause::NoteMayCome, nov("16 16:40"))
            .asked_with(|v| {
                v.meeting = Some(meeting(Kind::PhoneScreen, "", nov("16 16:00")));
                v.until = Some(nov("18 16:00"));
            }),
        request("k4f", person("J. Sample", ""), RequestWord::Unsure, Clause::WhichPerson, nov("16 17:00"))
            .asked_with(|v| v.question = Some(question)),
    ];
    for (n, name) in
        ["Brent Holm", "Carla Nowak", "Dina Okoro", "Emil Strand", "Fay Lindqvist", "Gus Petit", "Hana Vesely"]
            .iter()
            .enumerate()
    {
        let asked = nov("15 10:00") - SignedDuration::from_mins(i64::try_from(n).unwrap());
        let stranger = request(&format!("k5{n}"), person(name, ""), RequestWord::Premature, Clause::Stranger, asked);
        items.push(stranger.asked_with(|v| v.remarks = if n == 0 { vec![Remark::Reminder(2)] } else { vec![] }));
    }
    items
}
