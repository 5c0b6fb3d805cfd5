//! Every clause's sentence, read aloud.
use super::*;
use crate::meeting::MeetingId;
use jiff::SignedDuration;
use jiff::tz::TimeZone;

fn at(s: &str) -> Timestamp {
    s.parse().unwrap()
}
/// Tuesday 17 November 2026, 07:00 in Berlin.
fn tuesday() -> When {
    When::new(at("2026-11-17T07:00:00+01:00"), &TimeZone::get("Europe/Berlin").unwrap())
}
/// An interview on Monday, 13:00 to 14:00.
fn monday(kind: Kind, title: &str) -> MeetingRef {
    let title = (!title.is_empty()).then(|| title.to_owned());
    MeetingRef {
        id: MeetingId(1),
        title,
        kind,
        starts: at("2026-11-16T13:00:00+01:00"),
        ends: at("2026-11-16T14:00:00+01:00"),
    }
}
fn verdict(word: RequestWord, clause: Clause) -> RequestVerdict {
    RequestVerdict {
        request: "linkedin:inv/1".into(),
        word,
        clause,
        known_by: None,
        meeting: None,
        until: None,
        news_from: at("2026-11-16T16:00:00+01:00"),
        closed: None,
        unread: None,
        horizon: None,
        question: None,
        remarks: vec![],
        because: vec![],
    }
}

#[track_caller]
fn says(word: RequestWord, clause: Clause, set: impl FnOnce(&mut RequestVerdict), said: &str) {
    let mut v = verdict(word, clause);
    set(&mut v);
    assert_eq!(request(&v, at("2026-11-16T16:00:00+01:00"), &tuesday()), said);
}

#[test]
fn requests_that_may_be_accepted() {
    use KnownBy as K;
    let by = |k: K, kind, said: &str| {
        says(
            RequestWord::Welcome,
            Clause::Known,
            |v| {
                v.known_by = Some(k);
                v.meeting = Some(monday(kind, "Catch-up"));
            },
            said,
        );
    };
    by(K::Coffee, Kind::Coffee, "you had coffee on Mon 16 Nov");
    by(K::Meal, Kind::Meal, "you had a meal together on Mon 16 Nov");
    by(K::Drink, Kind::Drink, "you had a drink on Mon 16 Nov");
    by(K::Talked, Kind::Call, "you talked at length: Call \"Catch-up\" (Mon 14:00)");
    by(K::Interview, Kind::Interview, "you met: Interview \"Catch-up\" (Mon 14:00)");
    let plain = |k: K, said: &str| says(RequestWord::Welcome, Clause::Known, |v| v.known_by = Some(k), said);
    plain(K::Correspondence, "you have been writing to each other");
    plain(K::Contact, "in your address book");
    plain(K::Connection, "already one of your connections");
    plain(K::Colleague, "a colleague");
    plain(K::Hired, "you hired them");
    plain(K::Told, "you told me you know each other");
    says(RequestWord::Welcome, Clause::Told, |_| (), "you told me you know each other");
    says(RequestWord::Welcome, Clause::Exempt, |_| (), "what they do is on your list of exceptions");
}

#[test]
fn requests_that_came_early() {
    let met = |v: &mut RequestVerdict| {
        v.meeting = Some(monday(Kind::Interview, "Backend, round 2"));
        v.until = Some(at("2026-11-18T14:00:00+01:00"));
    };
    says(
        RequestWord::Waiting,
        Clause::NoteMayCome,
        met,
        "2 h after Interview \"Backend, round 2\" (Mon 14:00); a note may still come until Wed 14:00",
    );
    says(
        RequestWord::Premature,
        Clause::NoNoteSeen,
        met,
        "2 h after Interview \"Backend, round 2\" (Mon 14:00); no note seen by Wed 14:00 (it may be on paper or elsewhere)",
    );
    says(
        RequestWord::Early,
        Clause::Thanked,
        met,
        "thanked you for Interview \"Backend, round 2\" (Mon 14:00); an interview is not yet an acquaintance",
    );
    says(
        RequestWord::Premature,
        Clause::BeforeMeeting,
        met,
        "asked before Interview \"Backend, round 2\", which is still ahead (Mon 13:00)",
    );
    says(
        RequestWord::Premature,
        Clause::TooBrief,
        |v| {
            v.meeting = Some(monday(Kind::Call, ""));
            v.remarks = vec![Remark::Talked(SignedDuration::from_mins(20))];
        },
        "you talked for 20 min only: Call (Mon 14:00)",
    );
    says(
        RequestWord::Premature,
        Clause::Audience,
        |v| v.meeting = Some(monday(Kind::Talk, "All hands")),
        "you only shared Talk \"All hands\" (Mon 14:00)",
    );
    says(
        RequestWord::Premature,
        Clause::Applicant,
        |v| v.remarks = vec![Remark::AppliedFor(Some("Backend engineer".into()))],
        "applied for \"Backend engineer\"; you have not met yet",
    );
    says(
        RequestWord::Premature,
        Clause::Stranger,
        |v| v.horizon = Some(at("2024-11-17T00:00:00Z")),
        "never met, as far as your calendars since Nov 2024 show",
    );
}

#[test]
fn requests_that_are_open() {
    says(RequestWord::Unsure, Clause::WhichPerson, |_| (), "it depends on which person this is");
    let unread = |source: &str, since: Option<&str>| Some(Unread { source: source.into(), since: since.map(at) });
    says(
        RequestWord::Unsure,
        Clause::NotRead,
        |v| v.unread = unread("calendar", Some("2026-11-12T08:00:00Z")),
        "your calendar could not be read since Thu",
    );
    says(
        RequestWord::Unsure,
        Clause::NotRead,
        |v| v.unread = unread("family", None),
        "\"family\" has not been read yet",
    );
    says(RequestWord::Harmless, Clause::Open, |_| (), "nothing to answer: following is open to everybody there");
    says(RequestWord::Forged, Clause::Forged, |_| (), "it is not what it claims to be");
    says(RequestWord::Unsure, Clause::Told, |_| (), "you told me to leave it");
}

#[test]
fn thanks_are_said_with_their_gap() {
    let say = |word, at_: Option<&str>, said: &str| {
        let v = ThanksVerdict {
            subject: "meeting/1/1".into(),
            word,
            meeting: Some(monday(Kind::Interview, "Data platform")),
            at: at_.map(at),
            after: None,
            until: Some(at("2026-11-18T14:00:00+01:00")),
            quote: None,
            remarks: vec![],
            because: vec![],
        };
        assert_eq!(thanks(&v, true, &tuesday()), said);
    };
    let met = "Interview \"Data platform\" (Mon 14:00)";
    say(ThanksWord::Proper, Some("2026-11-16T19:10:00+01:00"), &format!("proper · 5 h after {met}"));
    say(ThanksWord::Brief, Some("2026-11-17T06:10:00+01:00"), &format!("brief · the next morning, after {met}"));
    say(ThanksWord::Late, Some("2026-11-16T14:10:00+01:00"), &format!("late · around the end of {met}"));
    say(ThanksWord::Awaited, None, &format!("{met}; a note may still come until Wed 14:00"));
    say(ThanksWord::NoneSeen, None, &format!("{met}; no note seen by Wed 14:00 (it may be on paper or elsewhere)"));
}

#[track_caller]
fn named(kind: Kind, title: &str, said: &str) {
    assert_eq!(meeting_name(&monday(kind, title)), said);
}
#[test]
fn meetings_do_not_say_their_kind_twice() {
    named(Kind::Interview, "Backend, round 2", "Interview \"Backend, round 2\"");
    named(Kind::Interview, "Interview: Backend", "Interview \"Backend\"");
    named(Kind::Interview, "INTERVIEW", "Interview");
    named(Kind::Interview, "Interviewing at scale", "Interview \"Interviewing at scale\"");
    named(Kind::PhoneScreen, "", "Phone screen");
    named(Kind::Coffee, "Coffee with Mark Keller", "\"Coffee with Mark Keller\"");
    named(Kind::PhoneScreen, "Phone screen Ana", "\"Phone screen Ana\"");
    named(Kind::Coffee, "Kaffee mit Lu", "Coffee \"Kaffee mit Lu\"");
    named(Kind::Meeting, "\u{202E}\r\n", "Meeting");
}

#[test]
fn networks_are_written_as_they_write_themselves() {
    let said: Vec<String> =
        ["linkedin", "xing", "x", "mastodon", "googleplus", ""].map(|n| network(&NetworkId(n.into()))).into();
    assert_eq!(said, ["LinkedIn", "XING", "X", "Mastodon", "Google+", ""]);
}

#[test]
fn what_it_was() {
    let said: Vec<String> =
        ["premature/no_note_seen", "premature/stranger", "waiting/note_may_come", "early/thanked", "brief"]
            .map(|f| was(&Face(f.into())))
            .into();
    assert_eq!(said, ["was: no note seen", "was: never met", "was: a note may still come", "was: early", "was: brief"]);
}
