//! An entry as it stands in a file, and what is understood of it: people, kind, whether it took place.
use super::*;
use crate::person::Owner;

fn owner() -> Owner {
    Owner {
        names: Name::new("Nora Feldmann").into_iter().collect(),
        addresses: Address::new("nora@acme.test").into_iter().collect(),
        organisation: crate::person::Domain::new("acme.test").into_iter().collect(),
        zone: jiff::tz::TimeZone::UTC,
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The entry of these lines; its time is 2 March 2026 unless they say otherwise.
fn meetings(lines: &str) -> Vec<Meeting> {
    let time = if lines.contains("DTSTART") { "" } else { "DTSTART:20260302T090000Z\nDTEND:20260302T100000Z\n" };
    let ics = format!("BEGIN:VCALENDAR\nVERSION:2.0\nBEGIN:VEVENT\nUID:1\n{time}{lines}\nEND:VEVENT\nEND:VCALENDAR\n");
    let window = Window { from: at("2026-01-01T00:00:00Z"), to: at("2027-01-01T00:00:00Z") };
    let feed = read_ics(ics.as_bytes(), &window, &owner().zone);
    merge(understand_all(&feed.occurrences, &owner(), Glossary::embedded(), "work", at("2026-06-01T00:00:00Z")))
}

fn entry(lines: &str) -> Meeting {
    meetings(lines).remove(0)
}

#[track_caller]
fn kind_of(title: &str, description: &str, expected: Kind) {
    let guest = "ATTENDEE;CN=Jule Bergmann:mailto:jule@example.org";
    let m = entry(&format!("SUMMARY:{title}\nDESCRIPTION:{description}\n{guest}"));
    let (got, why) = kind(&m, &KindRules::default(), None);
    assert_eq!(got, expected, "{title} / {description}: {why}");
}

#[test]
fn a_bookings_own_title_tells_the_kind() {
    let title = "Jule Bergmann and Nora Feldmann";
    for name in ["Interview SRE", "Job interview", "Vorstellungsgespräch", "Bewerbungsgespräch", "Sollicitatiegesprek"]
    {
        kind_of(title, &format!("Event Name: {name}\\n\\nLocation: here"), Kind::Interview);
    }
    kind_of(title, "Event Name: Rozmowa kwalifikacyjna", Kind::Interview);
    kind_of(title, "イベント名：一次面接", Kind::Interview);
    kind_of(title, "Termin:\\nBewerbungsgespräch", Kind::Interview);
    kind_of(title, "<b>Event Type:</b> Phone screen<br>", Kind::PhoneScreen);
    kind_of(title, "Event Name: Coffee chat", Kind::Coffee);
    kind_of(title, "Event Name: 30 Minute Meeting", Kind::Unclear);
    kind_of(title, "Notes: after the interviews", Kind::Unclear);
}

#[test]
fn a_description_opens_with_the_kind_where_the_title_has_none() {
    kind_of("Jule Bergmann", "Vorstellungsgespräch", Kind::Interview);
    kind_of("Jule Bergmann", "Vorstellungsgespräch für den Einkauf\\n\\nRaum 3", Kind::Interview);
    kind_of("Lunch Jule Bergmann", "Interview", Kind::Meal);
    kind_of("Jule Bergmann", "Join Zoom Meeting\\nhttps://zoom.us/j/1", Kind::Unclear);
    kind_of("Jule Bergmann", "We had an interview", Kind::Unclear);
}

#[test]
fn not_every_interview_is_for_a_job() {
    kind_of("Customer discovery interview - Jane Doe", "", Kind::Meeting);
    kind_of("User interview Jane Doe", "", Kind::Meeting);
    kind_of("Interview d'un client", "", Kind::Meeting);
    kind_of("Exit interview Jane Doe", "", Kind::Meeting);
    kind_of("Press interview: Jane Doe", "", Kind::Meeting);
    kind_of("Product interview - Jane Doe", "", Kind::Interview);
    kind_of("HM chat / Jane Doe", "", Kind::PhoneScreen);
    kind_of("Case study presentation: Jane Doe", "", Kind::Interview);
    kind_of("VG Cosmo Adeyemi\\, 2. Runde", "", Kind::Interview);
}

#[test]
fn called_off_by_a_word_before_the_title() {
    let prefixes = ["Cancelled:", "*CANCELLED*", "**Canceled**", "[CANCELLED]", "Updated: Cancelled:", "AW: Abgesagt:"];
    for prefix in prefixes.into_iter().chain(["Cancelled event with note:", "【中止】", "Annulé :"]) {
        assert!(entry(&format!("SUMMARY:{prefix} Jane Doe")).cancelled_at.is_some(), "{prefix}");
    }
    for title in ["Updated: Jane Doe", "Cancellation policy", "*Important* Jane Doe", "Review: cancelled orders"] {
        assert!(entry(&format!("SUMMARY:{title}")).cancelled_at.is_none(), "{title}");
    }
}

#[track_caller]
fn people(lines: &str, expected: &[(&str, &str)]) {
    let found = entry(lines).participants;
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|p| (p.name.as_ref().map_or("", Name::as_str), p.address.as_ref().map_or("", Address::as_str)))
        .collect();
    assert_eq!(found, expected, "{lines}");
}

#[test]
fn one_person_is_one_participant() {
    let attendee = "ATTENDEE;CN=\"Doe, Jane\":mailto:jane@example.org";
    people(&format!("SUMMARY:Jane Doe\n{attendee}"), &[("Doe, Jane", "jane@example.org")]);
    let html = "<p>Candidate: <b>Jane Doe</b></p><br>Email: <a href=\"mailto:jane@example.org\">jane@example.org</a>";
    people(&format!("SUMMARY:Interview\nDESCRIPTION:{html}"), &[("Jane Doe", "jane@example.org")]);
    let plain = "Candidate: Jane Doe<br>Email: mailto:jane@example.org";
    people(&format!("SUMMARY:Interview\nDESCRIPTION:{plain}"), &[("Jane Doe", "jane@example.org")]);
    people(&format!("SUMMARY:Interview - Jane Doe\nDESCRIPTION:{plain}"), &[("Jane Doe", "jane@example.org")]);
    let loose = "Candidate: Jane Doe\\nReach out: jane.doe@example.org";
    people(&format!("SUMMARY:Block\nDESCRIPTION:{loose}"), &[("Jane Doe", "jane.doe@example.org")]);
    let other = "Candidate: Jane Doe\\nRecruiter: pat@agency.example";
    people(&format!("SUMMARY:Block\nDESCRIPTION:{other}"), &[("Jane Doe", ""), ("", "pat@agency.example")]);
}

#[test]
fn two_persons_are_two_participants_though_their_names_are_alike() {
    let colleague = "ATTENDEE;CN=Marc Dubrovnik:mailto:marc@acme.test";
    people(
        &format!("SUMMARY:Interview - Marco Dubrovnik for SRE\n{colleague}"),
        &[("Marc Dubrovnik", "marc@acme.test"), ("Marco Dubrovnik", "")],
    );
}

#[test]
fn a_candidates_label_gives_the_person_whatever_the_title_is() {
    people("SUMMARY:Zephyr thing\nDESCRIPTION:Candidate: Una Prescott", &[("Una Prescott", "")]);
    people("SUMMARY:Block\nDESCRIPTION:Kandidat: Robert Freitag", &[("Robert Freitag", "")]);
    people("SUMMARY:Block\nDESCRIPTION:Candidate: Senior Engineer", &[]);
}

#[track_caller]
fn took(lines: &str, now: &str, expected: TookPlace) {
    let m = entry(lines);
    assert_eq!(took_place(&m, m.participants.first(), at(now)).0, expected, "{lines}");
}

#[test]
fn did_it_take_place() {
    const LATER: &str = "2026-03-03T00:00:00Z";
    let jane = |answer: &str| format!("SUMMARY:Jane\nATTENDEE;CN=Jane;PARTSTAT={answer}:mailto:jane@example.org");
    let nora = |answer: &str| format!("{}\nATTENDEE;PARTSTAT={answer}:mailto:nora@acme.test", jane("ACCEPTED"));
    took(&jane("ACCEPTED"), LATER, TookPlace::Yes);
    took(&jane("ACCEPTED"), "2026-03-02T09:30:00Z", TookPlace::NotYet);
    took(&jane("ACCEPTED"), "2026-03-02T10:00:00Z", TookPlace::Yes);
    took(&jane("NEEDS-ACTION"), LATER, TookPlace::YesUnanswered);
    took(&jane("TENTATIVE"), LATER, TookPlace::YesUnanswered);
    took(&jane("DECLINED"), LATER, TookPlace::DeclinedByThem);
    took(&nora("DECLINED"), LATER, TookPlace::DeclinedByOwner);
    took(&nora("TENTATIVE"), LATER, TookPlace::YesUnanswered);
    took(&format!("{}\nSTATUS:CANCELLED", jane("ACCEPTED")), LATER, TookPlace::Cancelled);
    took("SUMMARY:[Hold] Interview Jane Doe", LATER, TookPlace::YesUnanswered);
    took("SUMMARY:Busy", LATER, TookPlace::NotAMeeting);
    took("SUMMARY:Lunch Jane Doe\nCLASS:PRIVATE", LATER, TookPlace::NotAMeeting);
    took("SUMMARY:Fair\nDTSTART;VALUE=DATE:20260302", LATER, TookPlace::NotAMeeting);
}

#[track_caller]
fn series(lines: &str, expected: &[&str]) {
    let found: Vec<String> = meetings(lines).iter().map(|m| m.starts.to_string()).collect();
    assert_eq!(found, expected, "{lines}");
}

#[test]
fn a_series_is_each_of_its_occurrences() {
    const START: &str = "SUMMARY:Jane\nDTSTART:20260302T090000Z\nDTEND:20260302T100000Z";
    series(START, &["2026-03-02T09:00:00Z"]);
    series(&format!("{START}\nRRULE:FREQ=WEEKLY;COUNT=2"), &["2026-03-02T09:00:00Z", "2026-03-09T09:00:00Z"]);
    series(
        &format!("{START}\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE:20260303T090000Z"),
        &["2026-03-02T09:00:00Z", "2026-03-04T09:00:00Z"],
    );
    series(&format!("{START}\nRDATE:20260401T120000Z"), &["2026-03-02T09:00:00Z", "2026-04-01T12:00:00Z"]);
    // Nine o'clock stays nine o'clock when the clocks change.
    series(
        "SUMMARY:Jane\nDTSTART;TZID=Europe/Berlin:20260323T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2",
        &["2026-03-23T08:00:00Z", "2026-03-30T07:00:00Z"],
    );
}
