//! The IMAP door against a real Dovecot.
#[expect(dead_code, unused_imports, reason = "each test uses its part of the shared servers")]
mod support;

use jiff::Timestamp;
use secrecy::SecretString;
use std::time::{Duration, Instant, SystemTime};
use support::dovecot::{HARD_PASSWORD, HARD_USER, PASSWORD};
use support::{Certificates, Dovecot, digest, mail};
use thankd::mailbox::{
    Batch, Cursor, Fault, Folder, FolderChoice, Imap, ImapSettings, Limits, Mailbox, Role, Uid, Wanted,
};
use thankd::net::{Credential, CredentialSource, Outcome, Server, Tls};
use tokio_util::sync::CancellationToken;

fn secret(text: &str) -> SecretString {
    SecretString::from(text.to_owned())
}

fn settings(dovecot: &Dovecot, user: &str) -> ImapSettings {
    let server = Server {
        host: "localhost".into(),
        port: dovecot.tls_port,
        tls: Tls::Implicit,
        tls_ca: Some(dovecot.ca.clone()),
    };
    ImapSettings {
        account: "work".into(),
        server,
        user: user.into(),
        credential: CredentialSource::password(secret(PASSWORD)),
        folders: FolderChoice::default(),
        command_timeout: Duration::from_secs(20),
    }
}

fn door(settings: ImapSettings) -> Mailbox {
    Mailbox::Imap(Box::new(Imap::new(settings, CancellationToken::new())))
}

fn days_ago(days: u64) -> Timestamp {
    Timestamp::try_from(SystemTime::now() - Duration::from_secs(days * 86_400)).unwrap()
}

async fn inbox(mailbox: &mut Mailbox) -> Folder {
    mailbox.folders().await.unwrap().into_iter().find(|f| f.role == Role::Inbox).unwrap()
}

async fn look(mailbox: &mut Mailbox, folder: &Folder, cursor: Option<Cursor>) -> Batch {
    mailbox.sync(folder, cursor, days_ago(180), Limits::default()).await.unwrap()
}

fn subjects(batch: &Batch) -> Vec<String> {
    let subject = |header: &[u8]| {
        let text = String::from_utf8_lossy(header).into_owned();
        text.lines().find_map(|l| l.strip_prefix("Subject: ").map(str::to_owned)).unwrap_or_default()
    };
    batch.headers.iter().map(|h| subject(&h.header)).collect()
}

fn letter(n: u32) -> Vec<u8> {
    mail("Ann <ann@example.org>", &format!("mail {n}"), &format!("{n}@example.org"), "Thank you.")
}

/// Nothing that could change a mailbox was said, and nothing without PEEK.
#[track_caller]
fn only_reading_was_said(dovecot: &Dovecot, user: &str) {
    let said = dovecot.said(user).to_uppercase();
    assert!(said.contains("EXAMINE"), "the raw log works: {said}");
    for word in ["EXPUNGE", "DELETE", "CLOSE", "STORE", "COPY", "MOVE", "SELECT", "RENAME", "BODY["] {
        let word_said = said.split_ascii_whitespace().any(|w| w.trim_start_matches('(').starts_with(word));
        assert!(!word_said, "{word} was said: {said}");
    }
}

#[tokio::test]
async fn every_way_in_and_the_folders_by_role() {
    let dovecot = Dovecot::start();
    dovecot.doveadm(&["mailbox", "create", "-u", "u1", "-s", "Netze"]);
    dovecot.doveadm(&["mailbox", "create", "-u", "u1", "Unsubscribed"]);
    let implicit = settings(&dovecot, "u1");
    let starttls = Server { port: dovecot.port, tls: Tls::Starttls, ..implicit.server.clone() };
    let clear = Server { host: "127.0.0.1".into(), port: dovecot.port, tls: Tls::None, tls_ca: None };
    let token = CredentialSource::token(secret(&dovecot.token("u1", 600)));
    let hard = CredentialSource::password(secret(HARD_PASSWORD));
    let ways = [
        implicit.clone(),
        ImapSettings { server: starttls.clone(), ..implicit.clone() },
        ImapSettings { server: clear, ..implicit.clone() },
        ImapSettings { credential: token, ..implicit.clone() },
        ImapSettings { user: HARD_USER.into(), credential: hard, ..implicit.clone() },
    ];
    for (n, way) in ways.into_iter().enumerate() {
        let user = way.user.clone();
        let mut mailbox = door(way);
        let folders = mailbox.folders().await.unwrap_or_else(|e| panic!("way {n}: {e}"));
        let got: Vec<(&str, Role)> = folders.iter().map(|f| (f.name.as_str(), f.role)).collect();
        let mut want =
            vec![("INBOX", Role::Inbox), ("Gesendet", Role::Sent), ("Papierkorb", Role::Trash), ("Spam", Role::Junk)];
        if user == "u1" {
            want.push(("Netze", Role::Other));
        }
        assert_eq!(got, want, "way {n}");
        mailbox.close().await;
    }
}

#[tokio::test]
async fn a_wrong_secret_asks_the_owner_and_an_expired_token_is_asked_for_again() {
    let dovecot = Dovecot::start();
    let wrong = ImapSettings { credential: CredentialSource::password(secret("no")), ..settings(&dovecot, "u1") };
    let error = door(wrong).folders().await.unwrap_err();
    assert!(matches!(*error.fault, Fault::LoginRefused(_)), "{error}");
    let Outcome::AskOwner(text) = error.outcome() else { panic!("{:?}", error.outcome()) };
    for part in ["work", &format!("localhost:{}", dovecot.tls_port), "app password"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("\"no\""), "{text}");

    let tokens = std::sync::Arc::new(std::sync::Mutex::new(vec![dovecot.token("u1", 600), dovecot.token("u1", -100)]));
    let source = CredentialSource::new(move || {
        let token = tokens.lock().unwrap().pop().unwrap();
        async move { Ok(Credential::Token(secret(&token))) }
    });
    let fresh = ImapSettings { credential: source, ..settings(&dovecot, "u1") };
    assert!(door(fresh).folders().await.is_ok());
    let expired = CredentialSource::token(secret(&dovecot.token("u1", -100)));
    let error = door(ImapSettings { credential: expired, ..settings(&dovecot, "u1") }).folders().await.unwrap_err();
    assert!(matches!(*error.fault, Fault::LoginRefused(_)), "{error}");
}

#[tokio::test]
async fn a_certificate_that_does_not_fit_ends_it_before_anything_is_said() {
    let dovecot = Dovecot::start();
    let other = tempfile::tempdir().unwrap();
    let stranger = Certificates::make(other.path()).ca;
    let good = settings(&dovecot, "u1");
    for tls in [Tls::Implicit, Tls::Starttls] {
        let port = if tls == Tls::Implicit { dovecot.tls_port } else { dovecot.port };
        let server = Server { tls, port, tls_ca: Some(stranger.clone()), ..good.server.clone() };
        let error = door(ImapSettings { server, ..good.clone() }).folders().await.unwrap_err();
        assert!(matches!(*error.fault, Fault::Tls(_)), "{error}");
    }
    let wrong_name = Server { host: "ip6-localhost.".into(), ..good.server.clone() };
    assert!(door(ImapSettings { server: wrong_name, ..good.clone() }).folders().await.is_err());
    let wrong_port = Server { port: dovecot.port, ..good.server.clone() };
    let error = door(ImapSettings { server: wrong_port, ..good.clone() }).folders().await.unwrap_err();
    assert!(matches!(*error.fault, Fault::Tls(_)), "{error}");
    assert_eq!(dovecot.said("u1"), "");
}

#[tokio::test]
async fn news_once_the_look_back_newest_first_and_nothing_when_nothing_is_new() {
    let dovecot = Dovecot::start();
    let day = |d: u64| SystemTime::now() - Duration::from_secs(d * 86_400);
    dovecot.deliver_at("u1", "INBOX", &letter(1), day(300));
    for n in 2..=6 {
        dovecot.deliver_at("u1", "INBOX", &letter(n), day(u64::from(20 - n)));
    }
    let mut mailbox = door(settings(&dovecot, "u1"));
    let folder = inbox(&mut mailbox).await;
    let few = Limits { headers: 2, ..Limits::default() };
    let first = mailbox.sync(&folder, None, days_ago(180), few).await.unwrap();
    assert_eq!((subjects(&first), first.more, first.exists), (vec!["mail 6".into(), "mail 5".into()], true, 6));
    // News come before the rest of the look-back, wherever that stands.
    dovecot.deliver("u1", "INBOX", &letter(7));
    let second = mailbox.sync(&folder, Some(first.cursor), days_ago(180), few).await.unwrap();
    assert_eq!((subjects(&second), second.more), (vec!["mail 7".into()], true));
    // A fresh door, as after a crash, goes on where the cursor says.
    let mut mailbox = door(settings(&dovecot, "u1"));
    let third = look(&mut mailbox, &folder, Some(second.cursor)).await;
    assert_eq!((subjects(&third), third.more), (vec!["mail 4".into(), "mail 3".into(), "mail 2".into()], false));
    assert_eq!(third.cursor.backfilled_to, None);

    let before = dovecot.said("u1").lines().count();
    let quiet = look(&mut mailbox, &folder, Some(third.cursor)).await;
    assert_eq!((quiet.headers.len(), quiet.more, quiet.cursor), (0, false, third.cursor));
    let said = dovecot.said("u1").lines().skip(before).map(str::to_owned).collect::<Vec<_>>();
    assert!(said.len() == 1 && said[0].contains("NOOP"), "{said:?}");
    // An uncommitted cursor brings the same mail again.
    let again = look(&mut mailbox, &folder, Some(second.cursor)).await;
    assert_eq!(subjects(&again), subjects(&third));

    let both = [third.headers[0].uid, Uid(999)];
    let sent = mailbox.bodies(&folder, third.cursor.uidvalidity, &both, Limits::default());
    let bodies = sent.await.unwrap();
    assert_eq!((bodies.fetched[0].bytes.clone(), bodies.gone), (letter(4), vec![Uid(999)]));
    assert_eq!(bodies.fetched[0].size, letter(4).len() as u64);
    let at = bodies.fetched[0].internal_date.unwrap();
    assert!(days_ago(17) < at && at < days_ago(15), "{at}");
    only_reading_was_said(&dovecot, "u1");
    let unseen = dovecot.files("u1", "INBOX").iter().all(|p| !p.to_string_lossy().ends_with('S'));
    assert!(unseen, "nothing was marked as seen");
}

#[tokio::test]
async fn renumbered_deleted_and_vanished() {
    let mut dovecot = Dovecot::start();
    (1..=3).for_each(|n| dovecot.deliver("u1", "INBOX", &letter(n)));
    let mut mailbox = door(settings(&dovecot, "u1"));
    let folder = inbox(&mut mailbox).await;
    let first = look(&mut mailbox, &folder, None).await;
    assert_eq!(first.headers.len(), 3);
    let gone = dovecot.files("u1", "INBOX").remove(1);
    std::fs::remove_file(gone).unwrap();
    let middle = first.headers.iter().map(|h| h.uid).nth(1).unwrap();
    let bodies = mailbox.bodies(&folder, first.cursor.uidvalidity, &[middle], Limits::default()).await.unwrap();
    assert_eq!((bodies.gone, bodies.unreadable), (vec![middle], vec![]));

    dovecot.stop();
    let list = dovecot.maildir("u1", "INBOX");
    for entry in
        std::fs::read_dir(&list).unwrap().flatten().filter(|e| e.file_name().to_string_lossy().starts_with("dovecot"))
    {
        std::fs::remove_file(entry.path()).unwrap();
    }
    // UIDVALIDITY is the second in which the folder was made: a new one must be another.
    let then = Instant::now();
    while then.elapsed() < Duration::from_millis(1100) {
        std::thread::sleep(Duration::from_millis(20));
    }
    dovecot.resume();
    let error = mailbox.bodies(&folder, first.cursor.uidvalidity, &[middle], Limits::default()).await.unwrap_err();
    assert!(matches!(*error.fault, Fault::Renumbered), "{error}");
    let anew = look(&mut mailbox, &folder, Some(first.cursor)).await;
    assert!(anew.renumbered && anew.cursor.uidvalidity != first.cursor.uidvalidity);
    assert_eq!(anew.headers.len(), 2);

    dovecot.doveadm(&["mailbox", "create", "-u", "u1", "-s", "Netze"]);
    let netze = mailbox.folders().await.unwrap().into_iter().find(|f| f.name == "Netze").unwrap();
    dovecot.doveadm(&["mailbox", "delete", "-u", "u1", "-s", "Netze"]);
    let error = mailbox.sync(&netze, None, days_ago(180), Limits::default()).await.unwrap_err();
    assert!(matches!(*error.fault, Fault::NoFolder(_)), "{error}");
    assert!(matches!(error.outcome(), Outcome::SkipThis(t) if t.contains("Netze")));
    // The session goes on.
    assert_eq!(look(&mut mailbox, &folder, Some(anew.cursor)).await.headers.len(), 0);
}

#[tokio::test]
async fn a_dead_server_is_told_and_a_kept_connection_that_died_is_not() {
    let mut dovecot = Dovecot::start();
    dovecot.deliver("u1", "INBOX", &letter(1));
    let mut mailbox = door(settings(&dovecot, "u1"));
    let folder = inbox(&mut mailbox).await;
    let first = look(&mut mailbox, &folder, None).await;
    dovecot.stop();
    // Its children outlive it by a moment.
    let deadline = Instant::now() + Duration::from_secs(10);
    let error = loop {
        match mailbox.sync(&folder, Some(first.cursor), days_ago(180), Limits::default()).await {
            Ok(_) => assert!(Instant::now() < deadline, "the server never ended"),
            Err(e) => break e,
        }
    };
    assert!(matches!(error.outcome(), Outcome::RetryLater(_)), "{error}");
    dovecot.resume();
    assert_eq!(look(&mut mailbox, &folder, Some(first.cursor)).await.headers.len(), 0);
    // The server closes what is idle; nobody need know.
    dovecot.stop();
    dovecot.resume();
    dovecot.deliver("u1", "INBOX", &letter(2));
    assert_eq!(subjects(&look(&mut mailbox, &folder, Some(first.cursor)).await), ["mail 2"]);
}

#[tokio::test]
async fn many_mails_come_in_batches_each_once() {
    let dovecot = Dovecot::start();
    (1..=1234).for_each(|n| dovecot.deliver("u1", "INBOX", &letter(n)));
    let mut mailbox = door(settings(&dovecot, "u1"));
    let folder = inbox(&mut mailbox).await;
    let started = Instant::now();
    let (mut cursor, mut seen) = (None, Vec::new());
    loop {
        let batch = look(&mut mailbox, &folder, cursor).await;
        assert!(batch.headers.len() <= 500);
        seen.extend(batch.headers.iter().map(|h| h.uid.0));
        cursor = Some(batch.cursor);
        if !batch.more {
            break;
        }
    }
    println!("1234 headers in {:?}", started.elapsed());
    assert!(seen.is_sorted_by(|a, b| a > b), "newest first");
    assert_eq!(seen.len(), 1234);
    let uids: Vec<Uid> = seen.iter().map(|&u| Uid(u)).collect();
    let validity = cursor.unwrap().uidvalidity;
    let small = Limits { body_bytes: 100_000, ..Limits::default() };
    let bodies = mailbox.bodies(&folder, validity, &uids, small).await.unwrap();
    assert_eq!(bodies.fetched.len() + bodies.left.len(), 1234);
    assert!(!bodies.left.is_empty());
}

#[tokio::test]
async fn a_mail_of_thirty_megabytes_is_cut() {
    let dovecot = Dovecot::start();
    let line = format!("{}\r\n", "x".repeat(998));
    let big = mail("ann@example.org", "big", "big@example.org", "")
        .into_iter()
        .chain(line.bytes().cycle().take(30 << 20))
        .collect::<Vec<u8>>();
    dovecot.deliver("u1", "INBOX", &big);
    let mut mailbox = door(settings(&dovecot, "u1"));
    let folder = inbox(&mut mailbox).await;
    let batch = look(&mut mailbox, &folder, None).await;
    assert!(batch.headers[0].header.len() < 1000 && batch.headers[0].size >= 30 << 20);
    let bodies =
        mailbox.bodies(&folder, batch.cursor.uidvalidity, &[batch.headers[0].uid], Limits::default()).await.unwrap();
    assert_eq!(bodies.fetched[0].bytes.len(), 25 << 20);
    assert!(bodies.fetched[0].size >= 30 << 20);
}

#[tokio::test]
async fn the_digest_is_appended_once_and_found_again() {
    let dovecot = Dovecot::start();
    (1..=3).for_each(|n| dovecot.deliver("u1", "INBOX", &letter(n)));
    let mut mailbox = door(settings(&dovecot, "u1"));
    let wanted = Wanted { message_id: "thankd.1@example.org".into(), digest: Some("d1".into()) };
    assert_eq!(mailbox.find_message(&wanted, days_ago(1)).await.unwrap(), None);
    mailbox.append_to_inbox(&digest("thankd.1@example.org", "d1")).await.unwrap();
    let found = mailbox.find_message(&wanted, days_ago(1)).await.unwrap().unwrap();
    assert_eq!((found.folder.role, found.message_id.as_deref()), (Role::Inbox, Some("thankd.1@example.org")));
    let kept = dovecot.messages("u1", "INBOX");
    assert_eq!(kept.iter().filter(|m| **m == digest("thankd.1@example.org", "d1")).count(), 1);
    let error = mailbox.append_to_inbox(&letter(9)).await.unwrap_err();
    assert!(matches!(*error.fault, Fault::NotOurs), "{error}");
    // A server that gave it another Message-ID: known by its mark, in the trash.
    dovecot.deliver("u1", "Papierkorb", &digest("other@example.org", "d2"));
    let wanted = Wanted { message_id: "thankd.2@example.org".into(), digest: Some("d2".into()) };
    let found = mailbox.find_message(&wanted, days_ago(1)).await.unwrap().unwrap();
    assert_eq!((found.folder.role, found.message_id.as_deref()), (Role::Trash, Some("other@example.org")));
    only_reading_was_said(&dovecot, "u1");
}

#[tokio::test]
async fn nothing_new_costs_little() {
    let dovecot = Dovecot::start();
    (1..=50).for_each(|n| dovecot.deliver("u1", "INBOX", &letter(n)));
    let mut mailbox = door(settings(&dovecot, "u1"));
    let folder = inbox(&mut mailbox).await;
    let first = look(&mut mailbox, &folder, None).await;
    let before = dovecot.traffic("u1");
    let started = Instant::now();
    for _ in 0..10 {
        look(&mut mailbox, &folder, Some(first.cursor)).await;
    }
    let kept = (dovecot.traffic("u1") - before) / 10;
    println!("nothing new: {:?} and {kept} bytes a round", started.elapsed() / 10);
    assert!(kept < 1000, "{kept}");
    mailbox.close().await;
    let before = dovecot.traffic("u1");
    let started = Instant::now();
    look(&mut mailbox, &folder, Some(first.cursor)).await;
    let fresh = dovecot.traffic("u1") - before;
    println!("nothing new, reconnected: {:?} and {fresh} bytes", started.elapsed());
    assert!(fresh < 1500, "{fresh}");
}
