//! What must hold for any timeline, not only for those somebody thought of.
use super::notation::{all_read, moment, policy};
use super::thanks::merit;
use super::*;
use crate::letter::{Grounds, InvitationKind, NetworkId, Note, Specific};
use crate::meeting::{FoundIn, Kind, MeetingId, TookPlace};
use crate::message::{ArrivalBy, Authenticity};
use crate::person::{Likeness, Mailbox, MentionId, Outcome, PersonId};
use crate::timeline::{
    AcquaintanceKind, Acquainted, Alternative, Coverage, Event, LetterId, Met, Request, Telling, TellingId, Timeline,
    Verb, Written, Wrote,
};
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::sample::select;

/// Mostly within a year of now, in steps that make ties likely; sometimes at the ends of time.
fn time() -> impl Strategy<Value = Timestamp> {
    let near = (-700i64..60).prop_map(|half_days| {
        moment("thu 12:00").checked_add(SignedDuration::from_hours(12 * half_days)).expect("near")
    });
    prop_oneof![20 => near, 1 => Just(Timestamp::MIN), 1 => Just(Timestamp::MAX)]
}

fn network() -> impl Strategy<Value = NetworkId> {
    select(vec!["linkedin", "xing", "x"]).prop_map(|n| NetworkId(n.into()))
}

fn authenticity() -> impl Strategy<Value = Authenticity> {
    select(vec![Authenticity::Verified, Authenticity::Unverified, Authenticity::Forged])
}

fn met() -> impl Strategy<Value = Event> {
    let kinds = vec![
        Kind::Coffee,
        Kind::Meal,
        Kind::Interview,
        Kind::PhoneScreen,
        Kind::Meeting,
        Kind::Call,
        Kind::Talk,
        Kind::Unclear,
        Kind::Other,
    ];
    let took = vec![TookPlace::Yes, TookPlace::YesUnanswered, TookPlace::NotYet, TookPlace::Cancelled, TookPlace::Told];
    let found = vec![FoundIn::Attendee, FoundIn::Title];
    (time(), -30i64..200, select(kinds), select(took), select(found), 2u32..20, any::<[bool; 2]>(), 0i64..1000)
        .prop_map(|(starts, minutes, kind, took_place, found_in, people, [video, says], id)| {
            let ends = starts.checked_add(SignedDuration::from_mins(minutes)).unwrap_or(starts);
            Event::Met(Met {
                id: MeetingId(id),
                title: None,
                kind,
                starts,
                ends,
                people,
                took_place,
                found_in,
                by_phone_or_video: video,
                says_interview: says,
                learnt_at: starts,
            })
        })
}

fn wrote() -> impl Strategy<Value = Event> {
    (time(), authenticity(), note(), 0u8..4, network(), 0i64..1000).prop_map(
        |(at, authenticity, note, what, network, id)| {
            let what = match what {
                0 => Written::Apology,
                1 => Written::NetworkMessage { network, thanks: true },
                _ => Written::Note(note),
            };
            Event::Wrote(Wrote {
                letter: LetterId(id),
                at,
                by: ArrivalBy::Received,
                authenticity,
                what,
                in_junk: false,
                quote: None,
            })
        },
    )
}

fn note() -> impl Strategy<Value = Note> {
    (0u32..60, any::<[bool; 2]>(), 0usize..4).prop_map(|(own_words, [vague, forwarded], grounds)| Note {
        from: Mailbox::default(),
        forwarded,
        own_words,
        specifics: if vague { vec![] } else { vec![Specific::Role] },
        thanks: true,
        asks_to_connect: false,
        withdraws: false,
        grounds: [Grounds::Words, Grounds::Likely, Grounds::NeedsMeeting, Grounds::Unnamed][grounds],
        language: "en".into(),
        quote: None,
        why: vec![],
    })
}

fn asked() -> impl Strategy<Value = Event> {
    (time(), network(), authenticity(), any::<[bool; 3]>(), 0u32..3, 0i64..1000).prop_map(
        |(at, network, authenticity, [follow, inside, again], reminders, id)| {
            Event::Asked(Request {
                key: format!("{}:inv/{id}", network.0),
                network,
                kind: if follow { InvitationKind::Follow } else { InvitationKind::Connect },
                open: follow,
                at,
                by: ArrivalBy::Date,
                last_at: at,
                reminders,
                authenticity,
                name: None,
                headline: None,
                profile: None,
                thanks_inside: inside,
                letters: vec![LetterId(id)],
                again,
            })
        },
    )
}

fn known() -> impl Strategy<Value = Event> {
    let kinds = vec![
        AcquaintanceKind::Correspondence,
        AcquaintanceKind::AddressBook,
        AcquaintanceKind::Connection,
        AcquaintanceKind::Colleague,
    ];
    (select(kinds), 0u32..6, proptest::option::of(time()), time(), proptest::option::of(network())).prop_map(
        |(kind, exchanges, first_at, last_at, network)| {
            Event::Known(Acquainted { fact: None, kind, network, exchanges, first_at, last_at: Some(last_at) })
        },
    )
}

fn told() -> impl Strategy<Value = Event> {
    let verbs = vec![Verb::Met, Verb::Hired, Verb::Known, Verb::Noted, Verb::Ignore, Verb::SameAs, Verb::DidNotMeet];
    (time(), select(verbs), proptest::option::of(select(vec!["coffee", "interview", "12 Nov"])), 0i64..1000).prop_map(
        |(at, verb, argument, id)| {
            let argument = argument.map(str::to_owned);
            let about = Some(MentionId(1));
            Event::Told(Telling {
                id: TellingId(id),
                at,
                verb,
                about,
                other: None,
                item: None,
                argument,
                undone: false,
            })
        },
    )
}

fn event() -> impl Strategy<Value = Event> {
    let applied = (time(), authenticity(), 0i64..1000).prop_map(|(at, authenticity, id)| Event::Applied {
        letter: LetterId(id),
        at,
        role: None,
        authenticity,
    });
    prop_oneof![5 => met(), 4 => wrote(), 4 => asked(), 1 => known(), 1 => told(), 1 => applied]
}

fn with(events: Vec<Event>, perhaps: Vec<Alternative>) -> Timeline {
    Timeline { person: PersonId(1), name: None, addresses: vec![], events, perhaps }
}

fn timelines() -> impl Strategy<Value = Timeline> {
    let own = proptest::collection::vec(event(), 0..14);
    let others = proptest::collection::vec(proptest::collection::vec(event(), 1..6), 0..3);
    (own, others).prop_map(|(own, others)| {
        let alternative = |theirs: Vec<Event>| Alternative {
            likeness: Likeness { outcome: Outcome::Ask, weight: 1.0, evidence: vec![] },
            timeline: with([own.clone(), theirs].concat(), vec![]),
        };
        let perhaps = others.into_iter().map(alternative).collect();
        with(own, perhaps)
    })
}

fn coverage() -> impl Strategy<Value = Coverage> {
    (time(), time(), any::<bool>()).prop_map(|(calendars, folders, nothing)| {
        let mut coverage = all_read(calendars);
        coverage.folders.iter_mut().for_each(|f| f.to = Some(folders));
        if nothing { Coverage::default() } else { coverage }
    })
}

fn sorted(mut verdicts: Verdicts) -> Verdicts {
    for v in &mut verdicts.requests {
        v.because.sort_unstable();
    }
    verdicts.requests.sort_by_cached_key(|v| (v.request.clone(), format!("{v:?}")));
    verdicts.thanks.sort_by_cached_key(|v| (v.subject.clone(), format!("{v:?}")));
    verdicts
}

/// Rows have one id each; the store sees to that.
fn numbered(mut timeline: Timeline) -> Timeline {
    for (n, event) in (1i64..).zip(&mut timeline.events) {
        match event {
            Event::Met(m) => m.id = MeetingId(n),
            Event::Wrote(w) => w.letter = LetterId(n),
            Event::Asked(r) => (r.letters, r.key) = (vec![LetterId(n)], format!("{}:inv/{n}", r.network.0)),
            Event::Applied { letter, .. } => *letter = LetterId(n),
            Event::Told(t) => t.id = TellingId(n),
            Event::Known(_) => {}
        }
    }
    timeline
}

/// How far from welcome; `unsure` lies between waiting and premature.
fn distance(word: RequestWord) -> u8 {
    match word {
        RequestWord::Harmless | RequestWord::Forged | RequestWord::Welcome => 0,
        RequestWord::Early => 1,
        RequestWord::Waiting => 2,
        RequestWord::Unsure => 3,
        RequestWord::Premature => 4,
    }
}

proptest! {
    #[test]
    fn total_and_deterministic(timeline in timelines(), coverage in coverage(), now in time()) {
        let once = judge(&policy(), &timeline, &coverage, now);
        let asked = timeline.events.iter().filter(|e| matches!(e, Event::Asked(_))).count();
        prop_assert_eq!(once.requests.len(), asked, "one verdict for each request");
        prop_assert_eq!(once, judge(&policy(), &timeline, &coverage, now));
    }

    #[test]
    fn the_order_of_events_does_not_matter(timeline in timelines(), now in time()) {
        let timeline = numbered(with(timeline.events, vec![]));
        let mut reversed = timeline.clone();
        reversed.events.reverse();
        let coverage = all_read(now);
        prop_assert_eq!(
            sorted(judge(&policy(), &timeline, &coverage, now)),
            sorted(judge(&policy(), &reversed, &coverage, now))
        );
    }

    #[test]
    fn doubt_works_for_the_person(timeline in timelines(), at in time(), note in note(), now in time()) {
        let timeline = numbered(with(timeline.events, vec![]));
        let coverage = all_read(now);
        let before = judge(&policy(), &timeline, &coverage, now);
        let mut thanked = timeline;
        let (letter, by) = (LetterId(10_000), ArrivalBy::Received);
        let (authenticity, what) = (Authenticity::Unverified, Written::Note(note));
        thanked.events.push(Event::Wrote(Wrote { letter, at, by, authenticity, what, in_junk: false, quote: None }));
        let after = judge(&policy(), &thanked, &coverage, now);
        for (before, after) in before.requests.iter().zip(&after.requests) {
            prop_assert!(distance(after.word) <= distance(before.word), "{:?} -> {:?}", before.face(), after.face());
            prop_assert!(before.word == RequestWord::Welcome || after.word != RequestWord::Welcome, "a note makes nobody known");
        }
        for b in &before.thanks {
            let after = after.thanks.iter().find(|a| a.subject == b.subject);
            prop_assert!(after.is_none_or(|a| merit(a.word) <= merit(b.word)), "{b:?} -> {after:?}");
        }
    }

    #[test]
    fn an_unverified_request_changes_no_other(timeline in timelines(), asked in asked(), now in time()) {
        let timeline = numbered(with(timeline.events, vec![]));
        let coverage = all_read(now);
        let before = judge(&policy(), &timeline, &coverage, now);
        let Event::Asked(mut request) = asked else { return Ok(()) };
        // Thanks inside it may still count for the person: that changes thanks, in their favour.
        (request.authenticity, request.key, request.thanks_inside) = (Authenticity::Unverified, "linkedin:inv/new".into(), false);
        let mut more = timeline;
        more.events.push(Event::Asked(request));
        let mut after = judge(&policy(), &more, &coverage, now);
        after.requests.retain(|v| v.request != "linkedin:inv/new");
        prop_assert_eq!(before, after);
    }

    #[test]
    fn the_owners_word_wins(timeline in timelines(), now in time()) {
        let mut timeline = numbered(timeline);
        let about = Some(MentionId(1));
        let last = Telling { id: TellingId(9999), at: Timestamp::MAX, verb: Verb::Known, about, other: None, item: None, argument: None, undone: false };
        timeline.events.push(Event::Told(last));
        for v in judge(&policy(), &timeline, &Coverage::default(), now).requests {
            prop_assert!(matches!(v.word, RequestWord::Welcome | RequestWord::Harmless | RequestWord::Forged), "{v:?}");
        }
    }
}
