//! The letter as bytes, read back with another program's eyes.
use super::*;
use crate::person::Mailbox;
use mail_parser::MessageParser;

fn headers(name: Option<Name>) -> Headers {
    Headers {
        from: Mailbox { name, address: Address::new("robin@example.org") },
        to: vec![Address::new("robin@example.org").unwrap()],
        message_id: "thankd.2026-11-17.0123456789abcdef0123456789abcdef@example.org".into(),
        date: at(NOW),
        token: "5f3c9a".into(),
    }
}

#[test]
fn the_letter_says_what_it_is_and_is_the_same_each_time() {
    let digest = desk().compose(&morning()).digest;
    let bytes = letter_of(&digest, &headers(Name::new("thankd"))).unwrap();
    assert_eq!(bytes, letter_of(&digest, &headers(Name::new("thankd"))).unwrap());
    let mail = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(
        mail.subject(),
        Some("thankd: 2 thank-you notes, 1 to accept, 9 early requests, 1 question · Tue 17 Nov")
    );
    assert_eq!(mail.message_id(), Some("thankd.2026-11-17.0123456789abcdef0123456789abcdef@example.org"));
    assert_eq!(mail.date().unwrap().to_timestamp(), at(NOW).as_second());
    let header = |name: &'static str| mail.header_raw(name).map(str::trim);
    assert_eq!(header("Auto-Submitted"), Some("auto-generated"));
    assert_eq!(header("List-Id"), Some("<thankd.example.org>"));
    assert_eq!(header("X-Thankd-Digest"), Some("5f3c9a"));
    assert_eq!(mail.body_text(0).unwrap().replace("\r\n", "\n").trim_end(), text(&digest).unwrap().trim_end());
    assert_eq!(mail.body_html(0).unwrap().replace("\r\n", "\n").trim_end(), html(&digest).unwrap().trim_end());
    let parts: Vec<bool> = mail.parts.iter().map(|p| p.is_text_html()).collect();
    assert_eq!(parts, [false, false, true], "plain text first");
}

#[track_caller]
fn sound(bytes: &[u8], named: &str) {
    let mut lines = bytes.split(|b| *b == b'\n').peekable();
    while let Some(line) = lines.next() {
        assert!(line.len() <= 999, "{named}: a line of {} octets", line.len());
        assert!(line.is_ascii() && !line.contains(&0), "{named}: 7-bit");
        assert!(lines.peek().is_none() || line.ends_with(b"\r"), "{named}: CRLF only");
    }
    let mail = MessageParser::default().parse(bytes).unwrap();
    assert_eq!(mail.to().unwrap().iter().count(), 1, "{named}: one recipient");
    let names: Vec<&str> = mail.headers().iter().map(|h| h.name()).collect();
    assert_eq!(
        names,
        [
            "From",
            "Date",
            "Message-ID",
            "Subject",
            "Auto-Submitted",
            "List-ID",
            "X-Thankd-Digest",
            "To",
            "MIME-Version",
            "Content-Type"
        ],
        "{named}"
    );
    assert!(!mail.subject().unwrap().contains("Evil"), "{named}: no names in the Subject");
}

#[test]
fn no_name_becomes_a_header_or_a_recipient() {
    let names = [
        "Evil\r\nBcc: everybody@example.org",
        "Evil\nX: y",
        "Evil\r",
        "Evil\0",
        "\u{202E}livE",
        "Evil <a@b.test>, c@d.test",
        "=?utf-8?q?Evil=0D=0ABcc:=20a@b.test?=",
        "Evil\u{2028}Bcc: x",
        "Evil\u{85}Bcc: x",
        "Evil\r\n.\r\nQUIT",
        "王小明 Evil",
        "\"Evil",
    ];
    for raw in names {
        let item = thanks(
            "k3f",
            PersonView { name: Name::new(raw), addresses: vec![] },
            ThanksWord::Proper,
            meeting(Kind::Interview, raw, nov("16 14:00")),
            Some(nov("16 19:10")),
        )
        .thanked_with(|v| v.quote = Some(raw.into()));
        let digest = desk().compose(&[item]).digest;
        sound(&letter_of(&digest, &headers(Name::new(raw))).unwrap(), raw);
    }
}

proptest::proptest! {
    #[test]
    fn any_name_makes_a_sound_letter(raw in "\\PC{0,60}|[\\x00-\\x20a-z<>@,;:\"\\\\]{0,60}|(.|\n|\r){0,40}") {
        let item = request("k4a", person(&raw, ""), RequestWord::Premature, Clause::Stranger, nov("16 09:00"));
        let digest = desk().compose(&[item]).digest;
        let bytes = letter_of(&digest, &headers(Name::new(&raw))).unwrap();
        let mail = MessageParser::default().parse(&bytes).unwrap();
        proptest::prop_assert_eq!(mail.headers().len(), 10);
        proptest::prop_assert_eq!(mail.to().unwrap().iter().count(), 1);
    }
}

#[test]
fn without_a_sender_or_recipient_there_is_no_letter() {
    let digest = desk().compose(&[]).digest;
    let nobody = Headers { to: vec![], ..headers(None) };
    assert!(matches!(letter_of(&digest, &nobody), Err(LetterTrouble::NoRecipient)));
    let from_nobody = Headers { from: Mailbox::default(), ..headers(None) };
    assert!(matches!(letter_of(&digest, &from_nobody), Err(LetterTrouble::NoSender)));
}

#[test]
fn an_alert_names_source_trouble_and_remedy() {
    let alert = Alert {
        sources: vec![FailingSource {
            name: "work".into(),
            since: nov("16 06:40"),
            trouble: "the server refuses the password".into(),
            remedy: Some("thankd login work".into()),
        }],
        now: at(NOW),
        zone: berlin(),
    };
    insta::assert_snapshot!("alert.txt", alert_text(&alert));
    let bytes = alert_letter(&alert, &headers(None)).unwrap();
    let mail = MessageParser::default().parse(&bytes).unwrap();
    assert_eq!(mail.subject(), Some("thankd: 1 source could not be read for a day · Tue 17 Nov"));
}
