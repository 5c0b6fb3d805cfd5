//! A digest of two hundred items, composed and rendered: it should take a blink (50 ms at most), whatever came in overnight.
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use thankd::digest::{
    Composed, Counts, Health, Input, ItemCode, Judged, Listing, PersonView, Settings, What, compose, html, text,
};
use thankd::etiquette::{Clause, MeetingRef, RequestVerdict, RequestWord, ThanksVerdict, ThanksWord};
use thankd::letter::NetworkId;
use thankd::meeting::{Kind, MeetingId};
use thankd::message::Authenticity;
use thankd::person::{Address, Name};

fn main() {
    divan::main();
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn now() -> Timestamp {
    Timestamp::from_second(1_794_895_200).unwrap_or_default()
}

fn meeting() -> MeetingRef {
    let ends = now() - HOUR * 20;
    let title = Some("Backend, round 2".into());
    MeetingRef { id: MeetingId(1), title, kind: Kind::Interview, starts: ends - HOUR, ends }
}

fn request(n: usize) -> What {
    let asked = now() - HOUR * 10;
    let verdict = RequestVerdict {
        request: format!("linkedin:inv/{n}"),
        word: RequestWord::Premature,
        clause: Clause::NoNoteSeen,
        known_by: None,
        meeting: Some(meeting()),
        until: Some(now()),
        news_from: asked,
        closed: None,
        unread: None,
        horizon: None,
        question: None,
        remarks: vec![],
        because: vec![],
    };
    What::Request {
        verdict: Box::new(verdict),
        network: NetworkId("linkedin".into()),
        follow: false,
        at: asked,
        last_at: asked,
        authenticity: Authenticity::Verified,
        headline: None,
    }
}

fn thanks(n: usize) -> What {
    let at = now() - HOUR * 10;
    What::thanks(ThanksVerdict {
        subject: format!("meeting/{n}/1"),
        word: ThanksWord::Proper,
        meeting: Some(meeting()),
        at: Some(at),
        after: Some(HOUR * 10),
        until: Some(now() + HOUR * 28),
        quote: Some("thank you so much for the long and open talk about how the team works ".repeat(2)),
        remarks: vec![],
        because: vec![],
    })
}

fn items() -> Vec<Judged> {
    let item = |n: usize| Judged {
        from: None,
        code: ItemCode(format!("k{n}")),
        person: PersonView {
            name: Name::new(&format!("Person {n} Example")),
            addresses: Address::new("someone@example.org").into_iter().collect(),
        },
        what: if n.is_multiple_of(2) { request(n) } else { thanks(n) },
        event_at: now() - HOUR * 10,
        recorded_at: now() - HOUR * 10,
        telling: None,
        face_then: None,
        reader_changed: false,
        backlog: false,
        said: None,
        because: vec![],
    };
    (0..200).map(item).collect()
}

fn composed(items: &[Judged]) -> Composed {
    compose(&Input {
        owner: "Robin Example",
        zone: &TimeZone::UTC,
        now: now(),
        from: None,
        items,
        tellings: &[],
        unreadable: &[],
        counts: Counts::default(),
        health: &Health::default(),
        first_run: false,
        policy_changed_at: None,
        listing: Listing::News,
        settings: &Settings::default(),
    })
}

#[divan::bench]
fn two_hundred_items_composed_and_rendered(bencher: divan::Bencher<'_, '_>) {
    let items = items();
    bencher.bench_local(|| {
        let digest = composed(&items).digest;
        (text(&digest).map(|t| t.len()).ok(), html(&digest).map(|h| h.len()).ok())
    });
}
