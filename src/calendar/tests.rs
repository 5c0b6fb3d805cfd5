//! One contract for every way in, and what only files can do.
use super::*;
use crate::person::{Address, Name};
use jiff::tz::TimeZone;

fn owner() -> Owner {
    Owner {
        names: Name::new("Sam Roe").into_iter().collect(),
        addresses: Address::new("sam@acme.test").into_iter().collect(),
        organisation: Vec::new(),
        zone: TimeZone::UTC,
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn read(calendar: &Calendar) -> Result<Reading, CalendarError> {
    let window = Window { from: at("2025-01-01T00:00:00Z"), to: at("2027-01-01T00:00:00Z") };
    calendar.read(&window, &owner(), at("2026-06-01T12:00:00Z"))
}

fn event(uid: &str, day: &str) -> String {
    format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:{day}T090000Z\r\nDTEND:{day}T100000Z\r\nSUMMARY:Tea\r\nEND:VEVENT\r\n"
    )
}

fn calendar(events: &[String]) -> String {
    format!("BEGIN:VCALENDAR\r\n{}END:VCALENDAR\r\n", events.concat())
}

/// The same two feeds by every way in.
#[test]
fn every_way_in_gives_the_same() {
    let feeds = [("a.ics", calendar(&[event("1", "20260301")])), ("b.ics", calendar(&[event("2", "20260402")]))];
    let dir = tempfile::tempdir().unwrap();
    for (name, text) in &feeds {
        std::fs::write(dir.path().join(name), text).unwrap();
    }
    let named = |(name, text): &(&str, String)| ((*name).to_owned(), text.clone().into_bytes());
    let memory = Calendar::Memory { feeds: feeds.iter().map(named).collect() };
    let folder = Calendar::at(dir.path()).unwrap();
    assert_eq!(read(&memory).unwrap(), read(&folder).unwrap());
    let file = Calendar::at(&dir.path().join("a.ics")).unwrap();
    let one = Calendar::Memory { feeds: feeds.iter().take(1).map(named).collect() };
    assert_eq!(read(&file).unwrap(), read(&one).unwrap());
    let reading = read(&memory).unwrap();
    assert_eq!((reading.files, reading.trouble.clone()), (2, None));
    assert_eq!(reading.covers, Some((at("2026-03-01T09:00:00Z"), at("2026-06-01T12:00:00Z"))));
    assert_eq!(reading.meetings("work", &owner(), Glossary::embedded(), at("2026-06-01T12:00:00Z")).len(), 2);
}

#[track_caller]
fn worth(name: &str, feed: &str, occurrences: usize, covers: Option<(&str, &str)>, trouble: Option<&str>) {
    let memory = Calendar::Memory { feeds: vec![("c.ics".into(), feed.as_bytes().to_vec())] };
    let reading = read(&memory).unwrap();
    let found: usize = reading.feeds.iter().map(|file| file.feed.occurrences.len()).sum();
    assert_eq!(found, occurrences, "{name}");
    assert_eq!(reading.covers, covers.map(|(from, to)| (at(from), at(to))), "{name}");
    assert_eq!(reading.trouble.as_deref(), trouble, "{name}");
}

#[test]
fn a_reading_says_what_it_is_worth() {
    const NOW: &str = "2026-06-01T12:00:00Z";
    let one = event("1", "20260301");
    worth("whole", &calendar(std::slice::from_ref(&one)), 1, Some(("2026-03-01T09:00:00Z", NOW)), None);
    worth("whole and empty", &calendar(&[]), 0, Some((NOW, NOW)), None);
    worth(
        "cut in half",
        &format!("BEGIN:VCALENDAR\r\n{one}BEGIN:VEV"),
        1,
        Some(("2026-03-01T09:00:00Z", "2026-03-01T10:00:00Z")),
        Some("c.ics: cut off in the middle, at line 8; what was whole is read"),
    );
    worth("a login page", "<html>", 0, None, Some("c.ics: a web page instead of a calendar, perhaps a login page"));
    worth(
        "no bytes",
        "",
        0,
        None,
        Some("c.ics: the calendar is empty (0 bytes), which a calendar without events is not"),
    );
    worth(
        "one bad event",
        &calendar(&[one, "BEGIN:VEVENT\r\nUID:2\r\nDTSTART:soon\r\nEND:VEVENT\r\n".into()]),
        1,
        Some(("2026-03-01T09:00:00Z", NOW)),
        Some("c.ics: line 10: VEVENT: DTSTART is no date or time"),
    );
}

#[test]
fn a_folder_reads_what_it_can_and_names_the_rest() {
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name);
    std::fs::create_dir_all(path("work")).unwrap();
    std::fs::write(path("work/a.ics"), calendar(&[event("1", "20260301")])).unwrap();
    std::fs::write(path("b.ics"), "<html>").unwrap();
    std::fs::write(path("notes.txt"), "not looked at").unwrap();
    std::fs::write(path(".hidden.ics"), "not looked at").unwrap();
    std::os::unix::fs::symlink(path("work/a.ics"), path("link.ics")).unwrap();
    let reading = read(&Calendar::at(dir.path()).unwrap()).unwrap();
    assert_eq!(reading.files, 2);
    assert_eq!(reading.trouble.as_deref(), Some("b.ics: a web page instead of a calendar, perhaps a login page"));
    assert_eq!(reading.covers, None, "nobody knows what stood in the other file");
    assert_eq!(reading.feeds.iter().map(|file| file.feed.occurrences.len()).sum::<usize>(), 1);
}

#[test]
fn what_cannot_be_read_at_all_is_an_error_with_a_remedy_never_an_empty_calendar() {
    let dir = tempfile::tempdir().unwrap();
    let gone = Calendar::at(&dir.path().join("gone.ics")).unwrap_err();
    assert!(matches!(gone, CalendarError::NotFound { .. }));
    assert!(gone.remedy().starts_with("check the path"));
    let removed = read(&Calendar::IcsFile { path: dir.path().join("gone.ics") });
    assert!(matches!(removed, Err(CalendarError::NotFound { .. })));
    let empty = read(&Calendar::at(dir.path()).unwrap());
    assert!(matches!(empty, Err(CalendarError::NoFiles { .. })));
}

#[test]
fn a_pipe_or_a_device_is_no_calendar() {
    let window = Window { from: Timestamp::UNIX_EPOCH, to: Timestamp::MAX };
    let read = Calendar::at(Path::new("/dev/zero")).and_then(|c| c.read(&window, &owner(), Timestamp::UNIX_EPOCH));
    assert!(read.unwrap_err().to_string().contains("no regular file"));
}

/// The instance of 26 January is moved to the 29th with all that follow the 19th: a window that begins between them holds it.
#[test]
fn what_is_moved_into_the_window_is_found() {
    let ics = "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nDTSTART:20260105T090000Z\nDTEND:20260105T100000Z\nRRULE:FREQ=WEEKLY;COUNT=6\nSUMMARY:x\nEND:VEVENT\n\
               BEGIN:VEVENT\nUID:1\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260119T090000Z\nDTSTART:20260122T090000Z\nDTEND:20260122T100000Z\nSUMMARY:x\nEND:VEVENT\nEND:VCALENDAR\n";
    let at = |t: &str| -> Timestamp { t.parse().unwrap() };
    let window = Window { from: at("2026-01-27T00:00:00Z"), to: at("2026-02-01T00:00:00Z") };
    let memory = Calendar::Memory { feeds: vec![("a.ics".into(), ics.into())] };
    let reading = memory.read(&window, &owner(), window.to).unwrap();
    let starts: Vec<Timestamp> = reading.feeds[0].feed.occurrences.iter().map(|o| o.starts).collect();
    assert_eq!(starts, [at("2026-01-29T09:00:00Z")]);
}

/// A cancellation in another calendar is known there; whoever merges applies it.
#[test]
fn what_is_called_off_is_told_apart() {
    let ics = "BEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nUID:1\nSEQUENCE:2\nEND:VEVENT\nEND:VCALENDAR\n";
    let plain = calendar(&[event("1", "20260301")]);
    let feeds = vec![("a.ics".to_owned(), plain.into_bytes()), ("b.ics".to_owned(), ics.into())];
    let memory = Calendar::Memory { feeds };
    let window = Window { from: at("2025-01-01T00:00:00Z"), to: at("2027-01-01T00:00:00Z") };
    assert_eq!(memory.called_off(&window, &owner()).unwrap(), [("1".to_owned(), 2)]);
    assert_eq!(read(&memory).unwrap().called_off(), [("1".to_owned(), 2)]);
    let meetings = read(&memory).unwrap().meetings("work", &owner(), Glossary::embedded(), window.to);
    assert!(meetings.iter().all(|m| m.cancelled_at.is_some()));
}
