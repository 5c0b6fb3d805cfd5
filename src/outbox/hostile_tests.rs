//! SMTP servers that never end what they say, or say back what they should not.
use super::*;
use crate::net::{CredentialSource, Server, Tls};
use secrecy::SecretString;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// What is done at the greeting and at each line that begins with a word: said once, or without end.
#[derive(Clone, Copy)]
enum Do {
    Say(&'static str),
    Flood(&'static str),
}

const SECRET: &str = "tr0ub4dor-horse";

fn serve(rules: Vec<(&'static str, Do)>) -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut tcp, _) = listener.accept().unwrap();
        let mut lines = BufReader::new(tcp.try_clone().unwrap());
        let mut line = String::new();
        loop {
            let done = rules.iter().find(|(word, _)| line.starts_with(word)).map_or(Do::Say("250 ok\r\n"), |r| r.1);
            let done = if line.is_empty() { rules[0].1 } else { done };
            let said = match done {
                Do::Say(text) => tcp.write_all(text.as_bytes()),
                Do::Flood(piece) => loop {
                    if let Err(e) = tcp.write_all(piece.repeat(9000).as_bytes()) {
                        break Err(e);
                    }
                },
            };
            line.clear();
            if said.is_err() || lines.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line.starts_with("DATA") {
                tcp.write_all(b"354 go\r\n").unwrap();
                while !line.starts_with(".\r\n") {
                    line.clear();
                    lines.read_line(&mut line).unwrap();
                }
            }
        }
    });
    port
}

#[track_caller]
fn sent(rules: Vec<(&'static str, Do)>, tls: Tls) -> SendOutcome {
    let server = Server { host: "127.0.0.1".into(), port: serve(rules), tls, tls_ca: None };
    let credential = CredentialSource::password(SecretString::from(SECRET.to_owned()));
    let patience = Patience { command: Duration::from_secs(5), after_dot: Duration::from_secs(5) };
    let settings = SmtpSettings { server, login: Some(("u1".into(), credential)), patience };
    let mut outbox = Outbox::Smtp(Box::new(Smtp::new(settings, CancellationToken::new())));
    let me = Address::new("me@example.org").unwrap();
    let envelope = Envelope { from: me.clone(), to: vec![me] };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sending = outbox.send(&envelope, b"Subject: x\r\n\r\nhello\r\n", "x@example.org");
    // Not how fast: that it ends at all.
    runtime.block_on(async { tokio::time::timeout(Duration::from_secs(60), sending).await }).expect("it ends")
}

#[track_caller]
fn cut_off(rules: Vec<(&'static str, Do)>, tls: Tls) {
    let SendOutcome::NotSent(e) = sent(rules, tls) else { panic!("it was sent") };
    assert!(e.to_string().contains("longer than"), "{e}");
}

const HELLO: (&str, Do) = ("greeting", Do::Say("220 x\r\n"));
const OFFERS: (&str, Do) = ("EHLO", Do::Say("250-x\r\n250 AUTH PLAIN LOGIN\r\n"));

#[test]
fn a_reply_without_end_ends_the_connection() {
    cut_off(vec![("greeting", Do::Flood("2"))], Tls::None);
    cut_off(vec![("greeting", Do::Flood("220-x\r\n"))], Tls::None);
    cut_off(vec![("greeting", Do::Flood("2"))], Tls::Starttls);
    cut_off(vec![HELLO, ("EHLO", Do::Flood("250-x y z\r\n"))], Tls::Starttls);
    cut_off(vec![HELLO, ("EHLO", Do::Flood("250-x y z\r\n"))], Tls::None);
    let after = sent(vec![HELLO, OFFERS, ("AUTH", Do::Say("235 ok\r\n")), (".", Do::Flood("250-x\r\n"))], Tls::None);
    assert!(matches!(&after, SendOutcome::Unknown(e) if e.to_string().contains("longer than")), "{after:?}");
}

#[test]
fn what_the_server_says_back_holds_no_secret() {
    let plain = "535 no such command: AUTH tr0ub4dor-horse\r\n";
    // \0u1\0tr0ub4dor-horse
    let coded = "535 AUTH PLAIN AHUxAHRyMHViNGRvci1ob3JzZQ== is wrong\r\n";
    for said in [plain, coded] {
        let SendOutcome::NotSent(e) = sent(vec![HELLO, OFFERS, ("AUTH", Do::Say(said))], Tls::None) else {
            panic!("it was sent")
        };
        let e = e.to_string();
        assert!(e.contains("***") && !e.contains(SECRET) && !e.contains("AHUxAHRy"), "{e}");
    }
    let later = vec![HELLO, OFFERS, ("AUTH", Do::Say("235 ok\r\n")), ("MAIL", Do::Say("550 tr0ub4dor-horse\r\n"))];
    let SendOutcome::NotSent(e) = sent(later, Tls::None) else { panic!("it was sent") };
    assert!(!e.to_string().contains(SECRET), "{e}");
}
