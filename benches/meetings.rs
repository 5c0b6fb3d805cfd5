//! What a calendar costs to be expanded and understood: `cargo bench --bench meetings`.
use jiff::Timestamp;
use jiff::tz::TimeZone;
use thankd::meeting::{Glossary, Window, merge, read_ics, understand_all};
use thankd::person::{Address, Name, Owner};

fn main() {
    // The index of the word lists is built once in a process, so it is no part of what is measured.
    let _ = Glossary::embedded();
    divan::main();
}

fn owner() -> Owner {
    Owner {
        names: Name::new("Nora Feldmann").into_iter().collect(),
        addresses: Address::new("nora@acme.test").into_iter().collect(),
        organisation: Vec::new(),
        zone: TimeZone::UTC,
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap_or(Timestamp::UNIX_EPOCH)
}

fn calendar(events: impl Iterator<Item = String>) -> Vec<u8> {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", events.collect::<String>()).into_bytes()
}

fn event(n: usize, rule: &str, description: &str) -> String {
    let titles =
        ["Interview: Jane Doe (SRE)", "1:1 Sam / Nora", "Coffee with Cosmo Adeyemi", "Planning", "Kundentermin"];
    let (day, hour, title) = (1 + n % 28, 8 + n % 9, titles.get(n % titles.len()).unwrap_or(&"Sync"));
    format!(
        "BEGIN:VEVENT\r\nUID:{n}@acme.test\r\nDTSTART;TZID=Europe/Berlin:202501{day:02}T{hour:02}0000\r\nDURATION:PT45M\r\n{rule}SUMMARY:{title}\r\n\
         ATTENDEE;CN=Nora Feldmann;PARTSTAT=ACCEPTED:mailto:nora@acme.test\r\nATTENDEE;CN=Guest {n}:mailto:guest{n}@example.org\r\nDESCRIPTION:{description}\r\nEND:VEVENT\r\n"
    )
}

/// Two years of a calendar, understood as a round does it. Returns how many meetings there are.
fn understood(ics: &[u8]) -> usize {
    let owner = owner();
    let window = Window { from: at("2025-01-01T00:00:00Z"), to: at("2027-01-01T00:00:00Z") };
    let feed = read_ics(ics, &window, &owner.zone);
    merge(understand_all(&feed.occurrences, &owner, Glossary::embedded(), "work", window.to)).len()
}

/// 5,000 series, each a quarter long and weekly (65,000 occurrences, of which a feed's newest are kept).
#[divan::bench]
fn recurring(bencher: divan::Bencher<'_, '_>) {
    let short = "Agenda: plans for the quarter. Join: https://meet.google.com/abc-defg-hij";
    let ics = calendar((0..5_000).map(|n| event(n, "RRULE:FREQ=WEEKLY;COUNT=13\r\n", short)));
    bencher.bench(|| understood(&ics));
}

/// 50 series, weekly over both years (5,200 occurrences): what a full calendar holds.
#[divan::bench]
fn recurring_for_two_years(bencher: divan::Bencher<'_, '_>) {
    let ics = calendar((0..50).map(|n| event(n, "RRULE:FREQ=WEEKLY;COUNT=104\r\n", "Agenda: plans")));
    bencher.bench(|| understood(&ics));
}

/// 900 single events with invitations' long texts: the cost grows with the text's length, not its square.
#[divan::bench(args = [1, 2, 4, 8])]
fn long_descriptions(bencher: divan::Bencher<'_, '_>, kilobytes: usize) {
    let line = "Dial-in by phone for everybody who joins the meeting from the road, whatever the country is.\\n";
    let text = line.repeat(kilobytes * 1024 / line.len());
    let ics = calendar((0..900).map(|n| event(n, "", &text)));
    bencher.bench(|| understood(&ics));
}
