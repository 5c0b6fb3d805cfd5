//! Scenarios as programs write them: the calendar as .ics, each mail as it comes from the server.
use crate::case::{Event, Mail, OwnerOf, Program, Scenario, folder, mailbox, time};
use jiff::tz::TimeZone;
use jiff::{Span, ZonedDateTime};
use std::fmt::Write as _;

// ---- calendars -------------------------------------------------------------------------------------------------------

const BERLIN: &str = "BEGIN:VTIMEZONE\nTZID:W. Europe Standard Time\nBEGIN:STANDARD\nDTSTART:16010101T030000\n\
    TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\nEND:STANDARD\n\
    BEGIN:DAYLIGHT\nDTSTART:16010101T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\n\
    RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\nEND:DAYLIGHT\nEND:VTIMEZONE\n";

/// Outlook's own names of zones; another zone it writes in UTC.
fn windows(zone: &str) -> Option<&'static str> {
    match zone {
        "Europe/Berlin" => Some("W. Europe Standard Time"),
        "Europe/London" => Some("GMT Standard Time"),
        "Europe/Warsaw" => Some("Central European Standard Time"),
        "America/New_York" => Some("Eastern Standard Time"),
        _ => None,
    }
}

pub fn calendar(sc: &Scenario, owner: &OwnerOf) -> String {
    let mut out = String::from("BEGIN:VCALENDAR\nVERSION:2.0\n");
    let (address, zone) = (&owner.addresses[0], &owner.zone);
    out += &match owner.calendar {
        Program::Google => format!(
            "PRODID:-//Google Inc//Google Calendar 70.9054//EN\nCALSCALE:GREGORIAN\nMETHOD:PUBLISH\nX-WR-CALNAME:{address}\nX-WR-TIMEZONE:{zone}\n"
        ),
        Program::Outlook => "PRODID:-//Microsoft Corporation//Outlook 16.0 MIMEDIR//EN\nMETHOD:PUBLISH\n".to_owned(),
        Program::Apple => "PRODID:-//Apple Inc.//macOS 14.4//EN\nCALSCALE:GREGORIAN\nX-WR-CALNAME:Work\n".to_owned(),
    };
    if matches!(owner.calendar, Program::Outlook) && zone == "Europe/Berlin" {
        out += BERLIN;
    }
    for (i, event) in sc.meetings.iter().enumerate() {
        let _ = writeln!(out, "BEGIN:VEVENT\nUID:{}-{i}@calendar.test", sc.id);
        out += &entry(event, owner);
        out += "END:VEVENT\n";
    }
    out += "END:VCALENDAR\n";
    out.lines().map(folded).collect()
}

fn entry(e: &Event, owner: &OwnerOf) -> String {
    let zone = TimeZone::get(&owner.zone).unwrap();
    let start = time(&e.at, &zone);
    let mut out = times(e, &start, owner);
    let stamp = utc(&start.checked_sub(Span::new().days(4)).unwrap());
    let _ = writeln!(out, "DTSTAMP:{stamp}\nCREATED:{stamp}");
    let me = format!("{} <{}>", owner.name, owner.addresses[0]);
    if !e.with.is_empty() || e.organizer.is_some() {
        let (name, address) = mailbox(e.organizer.as_deref().unwrap_or(&me));
        let _ = writeln!(out, "ORGANIZER;CN={}:mailto:{address}", quoted(name));
    }
    if !e.with.is_empty() {
        let me = format!("{me} {}", e.owner.as_deref().unwrap_or("ACCEPTED"));
        for who in std::iter::once(&me).chain(&e.with) {
            out += &attendee(who, owner.calendar);
        }
    }
    let texts = [("DESCRIPTION", &e.description), ("LOCATION", &e.place), ("CATEGORIES", &e.categories)];
    for (key, value) in texts.into_iter().chain([("CLASS", &e.class)]) {
        if let Some(value) = value {
            let _ = writeln!(out, "{key}:{}", escaped(value));
        }
    }
    let transparent = if e.all_day { "TRANSPARENT" } else { "OPAQUE" };
    let status = e.status.as_deref().unwrap_or("CONFIRMED");
    let _ = writeln!(out, "SEQUENCE:0\nSTATUS:{status}\nSUMMARY:{}\nTRANSP:{transparent}", escaped(&e.title));
    if matches!(owner.calendar, Program::Outlook) {
        out += "X-MICROSOFT-CDO-BUSYSTATUS:BUSY\nX-MICROSOFT-CDO-IMPORTANCE:1\n";
    }
    out
}

fn times(e: &Event, start: &ZonedDateTime, owner: &OwnerOf) -> String {
    let end = start.checked_add(Span::new().minutes(e.minutes)).unwrap();
    let local = |t: &ZonedDateTime| t.strftime("%Y%m%dT%H%M%S").to_string();
    if e.all_day {
        let last = start.checked_add(Span::new().days((e.minutes / 1440).max(1))).unwrap();
        return format!(
            "DTSTART;VALUE=DATE:{}\nDTEND;VALUE=DATE:{}\n",
            start.strftime("%Y%m%d"),
            last.strftime("%Y%m%d")
        );
    }
    match (owner.calendar, windows(&owner.zone)) {
        (Program::Outlook, Some(z)) => format!("DTSTART;TZID={z}:{}\nDTEND;TZID={z}:{}\n", local(start), local(&end)),
        (Program::Apple, _) => format!("DTSTART;TZID={}:{}\nDURATION:PT{}M\n", owner.zone, local(start), e.minutes),
        (Program::Google | Program::Outlook, _) => format!("DTSTART:{}\nDTEND:{}\n", utc(start), utc(&end)),
    }
}

fn attendee(who: &str, program: Program) -> String {
    let (name, address) = mailbox(who);
    let partstat = who.rsplit_once("> ").map_or("ACCEPTED", |(_, p)| p);
    let name = quoted(name);
    match program {
        Program::Outlook => {
            format!("ATTENDEE;CN={name};RSVP=TRUE;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat}:mailto:{address}\n")
        }
        Program::Apple => format!(
            "ATTENDEE;CN={name};CUTYPE=INDIVIDUAL;EMAIL={address};PARTSTAT={partstat};ROLE=REQ-PARTICIPANT:mailto:{address}\n"
        ),
        Program::Google => format!(
            "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={partstat};CN={name};X-NUM-GUESTS=0:mailto:{address}\n"
        ),
    }
}

fn utc(t: &ZonedDateTime) -> String {
    t.with_time_zone(TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(';', "\\;").replace(',', "\\,").replace('\n', "\\n")
}

fn quoted(name: &str) -> String {
    if name.contains([',', ';', ':']) { format!("\"{name}\"") } else { name.to_owned() }
}

/// RFC 5545 §3.1: no line longer than 75 octets.
fn folded(line: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for c in line.chars() {
        if width + c.len_utf8() > 74 {
            out += "\r\n ";
            width = 1;
        }
        out.push(c);
        width += c.len_utf8();
    }
    out + "\r\n"
}

// ---- mails -----------------------------------------------------------------------------------------------------------

/// The mail with CRLF, `i` its place in the scenario.
pub fn mail(sc: &Scenario, i: usize, owner: &OwnerOf) -> String {
    let m = &sc.mail[i];
    let text = match (&m.raw, &m.network) {
        (Some(raw), _) => format!("{raw}\n"),
        (None, Some(network)) => by_network(m, network, owner, &format!("{}{i:02}", sc.id)),
        (None, None) => plain(m, owner),
    };
    let text = if m.raw.is_some() { text } else { arrived(m, &text, owner, &format!("{}.{i}", sc.id)) };
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// Its own head, one empty line, its body: from the fields.
fn plain(m: &Mail, owner: &OwnerOf) -> String {
    let me = format!("{} <{}>", owner.name, owner.addresses[0]);
    let from = if m.sent_to.is_some() { &me } else { m.from.as_ref().unwrap() };
    let to = m.to.clone().unwrap_or_else(|| written(m.sent_to.as_ref().unwrap_or(&me)));
    let mut out = format!("From: {}\nTo: {to}\n", written(from));
    if let Some(cc) = &m.cc {
        let _ = writeln!(out, "Cc: {cc}");
    }
    let _ = writeln!(out, "Subject: {}", word(&m.subject));
    for line in &m.headers {
        let _ = writeln!(out, "{line}");
    }
    format!("{out}\n{}\n", m.text.trim_matches('\n'))
}

/// The same from a network's own letter, networks/*.txt.
fn by_network(m: &Mail, network: &str, owner: &OwnerOf, token: &str) -> String {
    let letter = std::fs::read_to_string(folder().join(format!("networks/{network}.txt"))).unwrap();
    let name = m.name.as_deref().unwrap();
    let given = |n: &str| n.split(' ').next().unwrap().to_owned();
    let slug = m.slug.clone().unwrap_or_else(|| slug(name));
    let number: String = token.bytes().map(|b| char::from(b'0' + b % 10)).collect();
    let me = format!("{} <{}>", owner.name, owner.addresses[0]);
    let sender = written(&format!("{name} <>"));
    let fields = [
        ("from", sender.trim_end_matches(" <>").to_owned()),
        ("subject_name", name.to_owned()),
        ("name", name.to_owned()),
        ("given", given(name)),
        ("headline", m.headline.clone()),
        ("slug", slug),
        ("token", token.to_owned()),
        ("number", format!("7{number}")),
        ("owner", owner.name.clone()),
        ("owner_given", given(&owner.name)),
        ("owner_address", owner.addresses[0].clone()),
    ];
    let filled = fields.iter().fold(letter, |text, (key, value)| text.replace(&format!("{{{key}}}"), value));
    let (head, body) = filled.split_once("\n\n").unwrap();
    let head = head.lines().map(|l| match l.split_once(": ") {
        Some(("Subject", s)) => format!("Subject: {}\n", word(s)),
        _ => format!("{l}\n"),
    });
    format!("{}To: {}\n\n{body}", head.collect::<String>(), written(&me))
}

/// What servers put before it, and how its text travels.
fn arrived(m: &Mail, text: &str, owner: &OwnerOf, id: &str) -> String {
    let (head, body) = text.split_once("\n\n").unwrap();
    let from = head.lines().find_map(|l| l.strip_prefix("From: ")).unwrap();
    let domain = from.rsplit('@').next().unwrap().trim_end_matches('>');
    let server = format!("mx.{}", owner.addresses[0].split('@').nth(1).unwrap());
    let date = jiff::fmt::rfc2822::to_string(&time(&m.at, &TimeZone::get(&owner.zone).unwrap())).unwrap();
    let r = m.dmarc.as_deref().unwrap_or("pass");
    let mut out = String::new();
    if m.sent_to.is_none() {
        let _ = writeln!(
            out,
            "Authentication-Results: {server}; dkim={r} header.d={domain}; spf={r} smtp.mailfrom={domain}; dmarc={r} header.from={domain}"
        );
    }
    let _ = writeln!(
        out,
        "Received: from mout.{domain} (mout.{domain} [192.0.2.17]) by {server} with ESMTPS id {id}; {date}"
    );
    let _ = writeln!(out, "{head}\nDate: {date}\nMessage-ID: <{id}@{domain}>\nMIME-Version: 1.0");
    let short = body.is_ascii() && body.lines().all(|l| l.len() < 990);
    let encoding = if short { "7bit" } else { "quoted-printable" };
    let body = if short { body.to_owned() } else { body.lines().map(|l| printable(l) + "\n").collect() };
    format!("{out}Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n{body}")
}

/// RFC 2045 §6.7.
fn printable(line: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    let bytes = line.as_bytes();
    for (i, b) in bytes.iter().enumerate() {
        let blank_at_end = *b == b' ' && i + 1 == bytes.len();
        let kept = (0x20..0x7f).contains(b) && *b != b'=' && !blank_at_end;
        let piece = if kept { char::from(*b).to_string() } else { format!("={b:02X}") };
        if width + piece.len() > 74 {
            out += "=\n";
            width = 0;
        }
        width += piece.len();
        out += &piece;
    }
    out
}

/// RFC 2047, where it is not plain ASCII.
fn word(text: &str) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let letter = |b: u8| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("={b:02X}") };
    format!("=?utf-8?q?{}?=", text.bytes().map(letter).collect::<String>())
}

/// `Name <address>` as it stands in a header.
fn written(who: &str) -> String {
    let (name, address) = mailbox(who);
    match name {
        "" => address.to_owned(),
        _ if !name.is_ascii() => format!("{} <{address}>", word(name)),
        _ if name.contains('"') && name.starts_with('"') => who.to_owned(),
        _ if name.contains([',', '.', '(', ')', '@', ';', ':', '"']) => {
            format!("\"{}\" <{address}>", name.replace('"', "\\\""))
        }
        _ => who.to_owned(),
    }
}

fn slug(name: &str) -> String {
    let letters = name.to_lowercase();
    let parts = letters.split(|c: char| !c.is_ascii_lowercase()).filter(|p| !p.is_empty());
    parts.collect::<Vec<_>>().join("-")
}
