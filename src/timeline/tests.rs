//! Tables of cases: which letters become which requests, and what reaches whose timeline.
use super::*;
use crate::letter::{Accepted, Application, Grounds, Invitation, InvitationKind, Inviter, Letter, Note, WhyNot};
use crate::meeting::{Meeting, MeetingId, Participant, Response, Signals};
use crate::person::{Address, Domain, Grouping, Mailbox, Mention, MentionId, Outcome, Owner, Perhaps, Person, Seen};
use jiff::{SignedDuration, ToSpan, tz::TimeZone};

fn zone() -> TimeZone {
    TimeZone::get("Europe/Zurich").expect("the zone is bundled")
}

/// `3 14:00`: three days into an April, so that no change of clocks is near.
fn moment(day: &str, time: &str) -> Timestamp {
    let date = jiff::civil::date(2026, 4, 1).checked_add(day.parse::<i64>().expect("a day").days()).expect("a date");
    let time: jiff::civil::Time = format!("{time:0>5}:00").parse().expect("a time");
    zone().to_timestamp(date.to_datetime(time)).expect("a time")
}

fn owner() -> Owner {
    Owner {
        names: vec![],
        addresses: vec![],
        organisation: Domain::new("acme.example").into_iter().collect(),
        zone: zone(),
    }
}

/// Facts in short: `10 9:00 connect linkedin id 7 by Jay`, `12 9:00 meeting with Jay and Kim`, `13 9:00 note by Jay unverified`.
/// One person a name; `Jay`, `Jay?` and `Jay??` may be the same.
struct Desk {
    facts: Facts,
    grouping: Grouping,
}

impl Desk {
    fn of(text: &str) -> Desk {
        let mut desk = Desk { facts: Facts::default(), grouping: Grouping::default() };
        for (n, part) in text.split(';').map(str::trim).filter(|p| !p.is_empty()).enumerate() {
            let words: Vec<&str> = part.split_whitespace().collect();
            let [day, time, what, marks @ ..] = words.as_slice() else { panic!("{part}: when and what") };
            desk.fact(i64::try_from(n).expect("few") + 1, moment(day, time), what, marks);
        }
        let persons = desk.grouping.persons.clone();
        for a in &persons {
            let name = |p: &Person| p.name.as_ref().map_or("", Name::as_str).to_owned();
            let base = |p: &Person| name(p).trim_end_matches('?').to_owned();
            for b in persons.iter().filter(|b| name(b).len() > name(a).len() && base(b) == base(a)) {
                let likeness = Likeness { outcome: Outcome::Ask, weight: 2.0, evidence: vec![] };
                desk.grouping.perhaps.push(Perhaps { a: a.id, b: b.id, likeness });
            }
        }
        desk
    }

    fn mention(&mut self, id: i64, at: Timestamp, name: &str, marks: &[&str]) -> MentionId {
        let id = MentionId(id);
        let profile = after("in", marks).and_then(|slug| ProfileKey::new("linkedin", &format!("in/{slug}")));
        self.facts.mentions.push(Mention {
            id,
            seen: Seen::Asked,
            name: Name::new(name),
            address: after("from", marks).and_then(Address::new),
            profile,
            headline: None,
            organisation: None,
            at,
            trusted: authenticity(marks) == Authenticity::Verified,
        });
        let name = Name::new(name);
        match self.grouping.persons.iter_mut().find(|p| p.name == name) {
            Some(person) => person.mentions.push(id),
            None => {
                self.grouping.persons.push(Person { id: PersonId(id.0), name, addresses: vec![], mentions: vec![id] })
            }
        }
        id
    }

    fn fact(&mut self, n: i64, at: Timestamp, what: &str, marks: &[&str]) {
        let mention = after("by", marks).map(|name| self.mention(n * 10, at, name, marks));
        match what {
            "meeting" => return self.meeting(n, at, marks),
            "told" => return self.told(n, at, mention, marks),
            _ => {}
        }
        self.facts.messages.push(MessageFact {
            id: MessageRow(n),
            arrived_at: at,
            arrived_by: ArrivalBy::Received,
            direction: if marks.contains(&"out") { Direction::Out } else { Direction::In },
            authenticity: authenticity(marks),
            authenticity_why: String::new(),
            in_junk: marks.contains(&"junk"),
            reader: 1,
            recorded_at: at,
        });
        let id = after("row", marks).map_or(n, |r| r.parse().expect("a row"));
        self.facts.letters.push(LetterFact {
            id: LetterId(id),
            message: MessageRow(n),
            mention,
            letter: letter(what, marks),
        });
    }

    fn meeting(&mut self, n: i64, at: Timestamp, marks: &[&str]) {
        let mut participants = Vec::new();
        for (i, name) in marks.iter().skip_while(|m| **m != "with").skip(1).filter(|m| **m != "and").enumerate() {
            let mention = self.mention(n * 10 + i64::try_from(i).expect("few"), at, name, &[]);
            participants.push(Participant {
                mention: Some(mention),
                name: Name::new(name),
                address: None,
                found_in: if i == 0 { FoundIn::Attendee } else { FoundIn::Title },
                response: marks.contains(&"declined").then_some(Response::Declined),
            });
        }
        self.facts.meetings.push(Meeting {
            id: MeetingId(n),
            source: "work".into(),
            uid: after("uid", marks).map_or_else(|| n.to_string(), str::to_owned),
            recurrence: 0,
            sequence: after("version", marks).map_or(0, |v| v.parse().expect("a version")),
            starts: at,
            ends: at.checked_add(SignedDuration::from_hours(1)).expect("a time"),
            zone: None,
            title: after("titled", marks).map(str::to_owned),
            signals: Signals { people: 2, ..Signals::default() },
            participants,
            cancelled_at: None,
            changed_at: at,
        });
    }

    fn told(&mut self, n: i64, at: Timestamp, about: Option<MentionId>, marks: &[&str]) {
        let verb = match marks.first().copied() {
            Some("met") => Verb::Met,
            Some("did-not-meet") => Verb::DidNotMeet,
            _ => Verb::Known,
        };
        let argument = after("saying", marks).map(|a| a.replace('_', " "));
        self.facts.tellings.push(Telling {
            id: TellingId(n),
            at,
            verb,
            about,
            other: None,
            item: None,
            argument,
            undone: marks.contains(&"undone"),
        });
    }

    fn build(&self, now: Timestamp) -> Built {
        let (owner, open) = (owner(), [NetworkId("x".into())]);
        let rules = Rules {
            owner: &owner,
            open: &open,
            closes_after: SignedDuration::from_hours(24 * 45),
            kind: &|m| if m.title.is_some() { Kind::Coffee } else { Kind::Unclear },
            took_place: &|m, p, now| crate::meeting::took_place(m, p, now).0,
        };
        build(&self.facts, &self.grouping, &rules, now)
    }
}

fn after<'a>(word: &str, marks: &[&'a str]) -> Option<&'a str> {
    marks.get(marks.iter().position(|m| *m == word)? + 1).copied()
}

fn authenticity(marks: &[&str]) -> Authenticity {
    match () {
        () if marks.contains(&"forged") => Authenticity::Forged,
        () if marks.contains(&"unverified") => Authenticity::Unverified,
        () => Authenticity::Verified,
    }
}

fn inviter(marks: &[&str]) -> Option<Inviter> {
    let name = Name::new(after("by", marks)?);
    let profile = after("in", marks).and_then(|slug| ProfileKey::new("linkedin", &format!("in/{slug}")));
    Some(Inviter { name, profile, ..Inviter::default() })
}

fn letter(what: &str, marks: &[&str]) -> Letter {
    let network = NetworkId(marks.iter().find(|m| ["xing", "x"].contains(m)).unwrap_or(&"linkedin").to_string());
    let kind = match what {
        "connect" => InvitationKind::Connect,
        "reminder" => InvitationKind::Reminder,
        "batch" => InvitationKind::Batch,
        "follow" => InvitationKind::Follow,
        other => return another(other, marks, network),
    };
    Letter::Invitation(Invitation {
        network,
        kind,
        inviter: inviter(marks),
        count: after("count", marks).map(|n| n.parse().expect("a count")),
        personal_note: None,
        thanks_inside: marks.contains(&"thanks"),
        invitation_id: after("id", marks).map(str::to_owned),
        asked_at: marks.iter().position(|m| *m == "states").map(|i| moment(marks[i + 1], marks[i + 2])),
        confidence: crate::letter::Confidence::Certain,
        why: vec![],
    })
}

fn another(what: &str, marks: &[&str], network: NetworkId) -> Letter {
    let person = inviter(marks).unwrap_or_default();
    let why = vec![];
    match what {
        "accepted" => Letter::Accepted(Accepted { network, person, why }),
        "applied" => Letter::Application(Application { person, role: None, network: None, why }),
        "note" => Letter::Note(Note {
            from: Mailbox::default(),
            forwarded: false,
            own_words: 30,
            specifics: vec![],
            thanks: true,
            asks_to_connect: false,
            withdraws: false,
            grounds: Grounds::Words,
            language: "en".into(),
            quote: None,
            why,
        }),
        "unreadable" => Letter::Other { why: WhyNot::Unreadable, network: Some(network), evidence: why },
        "lookalike" => Letter::Other { why: WhyNot::Forged, network: Some(network), evidence: why },
        other => panic!("{other}: no such fact"),
    }
}

/// Whose timeline holds which requests: `Jay: key day+hour …`.
#[track_caller]
fn requests(name: &str, text: &str, expected: &[&str]) {
    let built = Desk::of(text).build(moment("200", "0:00"));
    let mut found = Vec::new();
    for timeline in &built.timelines {
        for event in &timeline.events {
            if let Event::Asked(r) = event {
                found.push(shown(timeline, r));
            }
        }
    }
    assert_eq!(found, expected, "{name}");
}

fn shown(timeline: &Timeline, r: &Request) -> String {
    let day = |t: Timestamp| {
        let since = moment("0", "0:00").duration_until(t).as_hours();
        format!("{}d{}h", since / 24, since % 24)
    };
    let who = timeline.name.as_ref().map_or("", Name::as_str);
    let mut out = format!("{who}: {} at {}", r.key, day(r.at));
    let extra = [
        (r.last_at != r.at, format!("until {}", day(r.last_at))),
        (r.reminders > 0, format!("reminders {}", r.reminders)),
        (r.again, "again".to_owned()),
        (r.open, "open".to_owned()),
        (r.thanks_inside, "thanks".to_owned()),
        (r.authenticity != Authenticity::Verified, format!("{:?}", r.authenticity).to_lowercase()),
    ];
    for (_, word) in extra.iter().filter(|(holds, _)| *holds) {
        out.push_str(", ");
        out.push_str(word);
    }
    out
}

#[test]
fn one_invitation_is_one_request() {
    requests("one mail", "10 9:00 connect id 7 by Jay", &["Jay: linkedin:inv/7 at 10d9h"]);
    requests(
        "a reminder of the same id",
        "10 9:00 connect id 7 by Jay; 13 9:00 reminder id 7 by Jay",
        &["Jay: linkedin:inv/7 at 10d9h, until 13d9h, reminders 1"],
    );
    requests(
        "two reminders",
        "10 9:00 connect id 7 by Jay; 13 9:00 reminder id 7 by Jay; 20 9:00 reminder id 7 by Jay",
        &["Jay: linkedin:inv/7 at 10d9h, until 20d9h, reminders 2"],
    );
    requests(
        "a reminder without id joins by the person",
        "10 9:00 connect id 7 by Jay; 13 9:00 reminder by Jay",
        &["Jay: linkedin:inv/7 at 10d9h, until 13d9h, reminders 1"],
    );
    requests(
        "the same id under a shortened name stays with the first",
        "10 9:00 connect id 7 by Jay; 13 9:00 reminder id 7 by J.",
        &["Jay: linkedin:inv/7 at 10d9h, until 13d9h, reminders 1"],
    );
    requests("only the reminder came", "13 9:00 reminder id 7 by Jay", &["Jay: linkedin:inv/7 at 13d9h, reminders 1"]);
    requests(
        "a batch naming them is no reminder",
        "10 9:00 connect id 7 by Jay; 13 9:00 batch by Jay",
        &["Jay: linkedin:inv/7 at 10d9h, until 13d9h"],
    );
    requests(
        "a new id within the time is the same request",
        "10 9:00 connect id 7 by Jay; 20 9:00 connect id 8 by Jay",
        &["Jay: linkedin:inv/7 at 10d9h, until 20d9h"],
    );
    requests("by profile", "10 9:00 connect in jay-doe by Jay", &["Jay: linkedin:in/jay-doe#1 at 10d9h"]);
    requests("by name", "10 9:00 connect by Jay", &["Jay: linkedin:name/jay#1 at 10d9h"]);
    requests(
        "two networks are two",
        "10 9:00 connect by Jay; 11 9:00 connect xing by Jay",
        &["Jay: linkedin:name/jay#1 at 10d9h", "Jay: xing:name/jay#1 at 11d9h"],
    );
    requests(
        "a follow beside a request",
        "10 9:00 connect by Jay; 11 9:00 follow by Jay",
        &["Jay: linkedin:name/jay#1 at 10d9h", "Jay: linkedin:name/jay#2 at 11d9h, open"],
    );
    requests("an open network", "10 9:00 connect x by Jay", &["Jay: x:name/jay#1 at 10d9h, open"]);
    requests(
        "thanks in any of its letters",
        "10 9:00 connect id 7 by Jay; 13 9:00 reminder id 7 by Jay thanks",
        &["Jay: linkedin:inv/7 at 10d9h, until 13d9h, reminders 1, thanks"],
    );
}

#[test]
fn asked_again() {
    requests(
        "after 45 days",
        "10 9:00 connect in jay by Jay; 60 9:00 connect in jay by Jay",
        &["Jay: linkedin:in/jay#1 at 10d9h", "Jay: linkedin:in/jay#2 at 60d9h, again"],
    );
    requests(
        "44 days after the last reminder is the same",
        "10 9:00 connect in jay by Jay; 40 9:00 reminder in jay by Jay; 84 8:00 reminder in jay by Jay",
        &["Jay: linkedin:in/jay#1 at 10d9h, until 84d8h, reminders 2"],
    );
    requests(
        "with a new id",
        "10 9:00 connect id 7 by Jay; 60 9:00 connect id 8 by Jay",
        &["Jay: linkedin:inv/7 at 10d9h", "Jay: linkedin:inv/8 at 60d9h, again"],
    );
    requests(
        "the same id, whenever it comes, is the same",
        "10 9:00 connect id 7 by Jay; 60 9:00 reminder id 7 by Jay",
        &["Jay: linkedin:inv/7 at 10d9h, until 60d9h, reminders 1"],
    );
    requests(
        "an older one found later takes no number away",
        "60 9:00 connect in jay by Jay row 1; 10 9:00 connect in jay by Jay row 2",
        &["Jay: linkedin:in/jay#2 at 10d9h", "Jay: linkedin:in/jay#1 at 60d9h, again"],
    );
    requests(
        "two persons of one name keep apart",
        "10 9:00 connect by Jay; 11 9:00 connect by jay",
        &["Jay: linkedin:name/jay#1 at 10d9h", "jay: linkedin:name/jay#2 at 11d9h"],
    );
}

#[test]
fn the_key_stays() {
    requests(
        "when a letter with an id joins later",
        "10 9:00 connect by Jay; 13 9:00 reminder id 7 by Jay",
        &["Jay: linkedin:name/jay#1 at 10d9h, until 13d9h, reminders 1"],
    );
    requests(
        "when an earlier one is found later",
        "13 9:00 reminder id 7 by Jay row 1; 10 9:00 connect by Jay row 2",
        &["Jay: linkedin:inv/7 at 10d9h, until 13d9h, reminders 1"],
    );
}

#[test]
fn a_reminder_states_when() {
    requests(
        "a time",
        "13 9:00 reminder id 7 by Jay states 9 15:30",
        &["Jay: linkedin:inv/7 at 9d15h, until 13d9h, reminders 1"],
    );
    requests(
        "a day only: the first mail knows the hour",
        "10 9:00 connect id 7 by Jay; 13 9:00 reminder id 7 by Jay states 10 0:00",
        &["Jay: linkedin:inv/7 at 10d9h, until 13d9h, reminders 1"],
    );
    requests(
        "a day only, and no first mail: the end of that day",
        "13 9:00 reminder id 7 by Jay states 10 0:00",
        &["Jay: linkedin:inv/7 at 11d0h, until 13d9h, reminders 1"],
    );
    requests(
        "a time after it arrived is no time",
        "13 9:00 reminder id 7 by Jay states 19 15:30",
        &["Jay: linkedin:inv/7 at 13d9h, reminders 1"],
    );
}

#[test]
fn unverified_changes_nobody_elses() {
    requests(
        "an unverified reminder stands by itself",
        "10 9:00 connect id 7 by Jay; 13 9:00 reminder id 7 by Jay unverified",
        &["Jay: linkedin:inv/7 at 10d9h", "Jay: linkedin:inv/7#2 at 13d9h, unverified"],
    );
    requests(
        "it counts for nothing among its like either",
        "10 9:00 connect id 7 by Jay unverified; 13 9:00 reminder id 7 by Jay unverified",
        &["Jay: linkedin:inv/7 at 10d9h, until 13d9h, unverified"],
    );
    requests(
        "and makes nothing \"again\"",
        "10 9:00 connect by Jay unverified; 60 9:00 connect by Jay",
        &["Jay: linkedin:name/jay#1 at 10d9h, unverified", "Jay: linkedin:name/jay#2 at 60d9h"],
    );
    requests("forged is on nobody's", "10 9:00 connect id 7 by Jay forged", &[]);
    requests("in Junk no request is read", "10 9:00 connect id 7 by Jay junk", &[]);
    requests("the owner's own is none", "10 9:00 connect id 7 by Jay out", &[]);
}

#[test]
fn strays() {
    let text = "10 9:00 batch count 3; 10 9:00 connect id 7 by Jay forged; 11 9:00 lookalike; 11 9:00 unreadable; 12 9:00 follow";
    let strays = Desk::of(text).build(moment("20", "0:00")).strays;
    assert_eq!(strays.nameless.iter().map(|s| s.count).collect::<Vec<_>>(), [3]);
    assert_eq!(strays.forged.iter().map(|r| r.key.as_str()).collect::<Vec<_>>(), ["forged/linkedin:inv/7"]);
    assert_eq!((strays.forged_mails.len(), strays.unreadable.len(), strays.harmless.len()), (1, 1, 1));
}

/// Everything on every timeline, in order: `Jay: asked, met coffee yes`.
#[track_caller]
fn events(name: &str, text: &str, now: &str, expected: &[&str]) {
    let built = Desk::of(text).build(moment(now, "0:00"));
    let found: Vec<String> = built.timelines.iter().map(one).collect();
    assert_eq!(found, expected, "{name}");
}

fn one(timeline: &Timeline) -> String {
    let events: Vec<String> = timeline
        .events
        .iter()
        .map(|e| match e {
            Event::Met(m) => format!("{:?} {} {:?}", m.kind, m.id.0, m.took_place).to_lowercase(),
            Event::Wrote(_) => "wrote".into(),
            Event::Asked(_) => "asked".into(),
            Event::Applied { .. } => "applied".into(),
            Event::Known(k) => format!("{:?}", k.kind).to_lowercase(),
            Event::Told(t) => format!("told {:?}", t.verb).to_lowercase(),
        })
        .collect();
    let who = timeline.name.as_ref().map_or("", Name::as_str);
    let perhaps: Vec<String> = timeline.perhaps.iter().map(|a| format!(" || {}", one(&a.timeline))).collect();
    format!("{who}: {}{}", events.join(", "), perhaps.concat())
}

#[test]
fn in_order_of_time() {
    events(
        "meetings by their end",
        "10 8:30 meeting titled coffee with Jay; 10 9:00 connect by Jay; 11 9:00 note by Jay",
        "20",
        &["Jay: asked, coffee 1 yes, wrote"],
    );
    events(
        "what is later than now is not there",
        "10 9:00 connect by Jay; 15 9:00 note by Jay; 16 9:00 told known by Jay",
        "12",
        &["Jay: asked"],
    );
    events("a meeting ahead is", "15 9:00 meeting titled coffee with Jay", "12", &["Jay: coffee 1 notyet"]);
    events(
        "everybody who was there",
        "10 9:00 meeting titled coffee with Jay and Kim",
        "20",
        &["Jay: coffee 1 yes", "Kim: coffee 1 yes"],
    );
    events(
        "each their own answer",
        "10 9:00 meeting titled coffee declined with Jay",
        "20",
        &["Jay: coffee 1 declinedbythem"],
    );
    events(
        "one event of two calendars, the later version",
        "10 9:00 meeting uid u version 1 titled coffee with Jay; 11 9:00 meeting uid u version 2 titled coffee with Jay",
        "20",
        &["Jay: coffee 1 yes"],
    );
    events("forged notes are nobody's", "10 9:00 note by Jay forged", "20", &[]);
    events("an unverified note is its sender's", "10 9:00 note by Jay unverified", "20", &["Jay: wrote"]);
}

#[test]
fn who_becomes_known() {
    events("accepted", "10 9:00 accepted by Jay", "20", &["Jay: connection"]);
    events("accepted, unverified: nobody", "10 9:00 accepted by Jay unverified", "20", &[]);
    events(
        "a colleague by a proved address",
        "10 9:00 applied by Jay from jay@acme.example",
        "20",
        &["Jay: colleague, applied"],
    );
    events(
        "not by an unproved one",
        "10 9:00 applied by Jay from jay@acme.example unverified",
        "20",
        &["Jay: applied"],
    );
    events("not by another domain", "10 9:00 applied by Jay from jay@notacme.example", "20", &["Jay: applied"]);
}

#[test]
fn the_owners_word_on_meetings() {
    events(
        "it did not take place",
        "10 9:00 meeting titled coffee with Jay; 12 9:00 told did-not-meet by Jay",
        "20",
        &["Jay: coffee 1 told, told didnotmeet"],
    );
    events(
        "the latest one before it was said",
        "8 9:00 meeting titled coffee with Jay; 10 9:00 meeting titled coffee with Jay; 12 9:00 told did-not-meet by Jay; 15 9:00 meeting titled coffee with Jay",
        "20",
        &["Jay: coffee 1 yes, coffee 2 told, told didnotmeet, coffee 4 yes"],
    );
    events(
        "the one of that day",
        "8 9:00 meeting titled coffee with Jay; 10 9:00 meeting titled coffee with Jay; 12 9:00 told did-not-meet saying coffee_9_Apr by Jay",
        "20",
        &["Jay: coffee 1 told, coffee 2 yes, told didnotmeet"],
    );
    events(
        "what kind it was",
        "10 9:00 meeting with Jay; 12 9:00 told met saying interview by Jay",
        "20",
        &["Jay: interview 1 yes, told met"],
    );
    events(
        "only where the calendar leaves it open",
        "10 9:00 meeting titled coffee with Jay; 12 9:00 told met saying interview by Jay",
        "20",
        &["Jay: coffee 1 yes, told met"],
    );
    events(
        "undone is unsaid",
        "10 9:00 meeting titled coffee with Jay; 12 9:00 told did-not-meet undone by Jay",
        "20",
        &["Jay: coffee 1 yes"],
    );
}

#[test]
fn who_they_may_be() {
    events(
        "each with both's events",
        "8 9:00 meeting titled coffee with Jay; 10 9:00 connect by Jay?",
        "20",
        &["Jay: coffee 1 yes", "Jay?: asked || Jay: coffee 1 yes, asked"],
    );
    events(
        "two who only asked make no difference",
        "8 9:00 connect by Jay; 10 9:00 connect by Jay?",
        "20",
        &["Jay: asked", "Jay?: asked"],
    );
    events(
        "who asked may be who came, and both who wrote",
        "8 9:00 meeting titled coffee with Jay; 9 9:00 note by Jay?; 10 9:00 connect by Jay??",
        "20",
        &[
            "Jay: coffee 1 yes || Jay?: coffee 1 yes, wrote",
            "Jay?: wrote || Jay: coffee 1 yes, wrote",
            "Jay??: asked || Jay: coffee 1 yes, wrote, asked || Jay?: wrote, asked",
        ],
    );
}

#[test]
fn the_order_of_facts_does_not_matter() {
    let mut desk = Desk::of(
        "8 9:00 meeting titled coffee with Jay; 9 9:00 note by Jay; 10 9:00 connect id 7 by Jay; 10 9:00 connect by Kim; 13 9:00 reminder id 7 by Jay; 14 9:00 told known by Jay",
    );
    let before = desk.build(moment("20", "0:00"));
    desk.facts.letters.reverse();
    desk.facts.messages.reverse();
    desk.facts.meetings.reverse();
    desk.facts.mentions.reverse();
    assert_eq!(before, desk.build(moment("20", "0:00")));
}
