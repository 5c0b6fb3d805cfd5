//! The daemon end to end: the real binary, a real Dovecot, a real SMTP server, calendars in files, and time that moves.
//!
//! Everything waits for what it wants to see, with a deadline; nothing waits for a time to pass. Days go by under
//! libfaketime. `THANKD_CRASH_AT` (debug builds only) aborts the process at a named point, as `kill -9` would.
#[expect(dead_code, unused_imports, reason = "each test uses its part of the shared servers")]
mod support;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixDatagram;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use support::{Dovecot, SmtpServer, smtp};
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(60);

/// Polls until it holds.
#[track_caller]
fn eventually(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !holds() {
        assert!(Instant::now() < deadline, "not seen in {PATIENCE:?}: {what}");
        std::thread::sleep(Duration::from_millis(200));
    }
}

fn hours_ago(hours: i64) -> Timestamp {
    Timestamp::now().checked_sub(SignedDuration::from_hours(hours)).unwrap()
}

/// A zone in which it is about noon, so that no test crosses midnight.
fn zone() -> String {
    let hour = Timestamp::now().to_zoned_datetime(jiff::tz::TimeZone::UTC).hour();
    match 12 - hour {
        0 => "Etc/GMT".to_owned(),
        // POSIX signs: Etc/GMT-3 lies east.
        east if east > 0 => format!("Etc/GMT-{east}"),
        west => format!("Etc/GMT+{}", -west),
    }
}

fn rfc5322(at: Timestamp) -> String {
    at.to_zoned_datetime(jiff::tz::TimeZone::UTC).strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

fn invitation(name: &str, id: u32, at: Timestamp) -> Vec<u8> {
    let slug = name.to_lowercase().replace(' ', "-");
    let text = format!(
        "From: {name} <invitations@linkedin.com>\nTo: Max Owner <max@owner.test>\nSubject: I just requested to connect\nDate: {}\n\
         Message-ID: <{id}.invite@linkedin.com>\nAuthentication-Results: mx.owner.test; dmarc=pass header.from=linkedin.com\n\
         X-LinkedIn-Template: email_m2m_invite_single_01\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n\
         Hi Max, I'd like to join your professional network\n\n{name}\nHarbour pilot\n\n\
         Accept: https://www.linkedin.com/comm/mynetwork/invite-accept/invitationId/{id}/sharedKey/x/?inviterVanityName={slug}&trk=eml-email_m2m_invite_single_01-accept\n",
        rfc5322(at)
    );
    text.replace('\n', "\r\n").into_bytes()
}

fn note(name: &str, address: &str, at: Timestamp) -> Vec<u8> {
    let text = format!(
        "From: {name} <{address}>\nTo: Max Owner <max@owner.test>\nSubject: Thank you\nDate: {}\nMessage-ID: <note.{address}>\n\
         Authentication-Results: mx.owner.test; dmarc=pass header.from=quist.test\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n\
         Dear Max,\n\nthank you for the interview yesterday. I liked how your crew reads the tides from the old charts, and the plan to bring radar to \
         the pilot station made me want to begin tomorrow.\n\nKind regards\n{name}\n",
        rfc5322(at)
    );
    text.replace('\n', "\r\n").into_bytes()
}

fn event(uid: &str, title: &str, guest: Option<(&str, &str)>, starts: Timestamp) -> String {
    let stamp = |t: Timestamp| t.to_zoned_datetime(jiff::tz::TimeZone::UTC).strftime("%Y%m%dT%H%M%SZ").to_string();
    let ends = starts.checked_add(SignedDuration::from_mins(50)).unwrap();
    let guest = guest.map(|(n, a)| format!("ATTENDEE;CN={n};PARTSTAT=ACCEPTED:mailto:{a}\r\n")).unwrap_or_default();
    format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART:{}\r\nDTEND:{}\r\nSUMMARY:{title}\r\n{guest}END:VEVENT\r\n",
        stamp(starts),
        stamp(ends)
    )
}

/// An owner with a config, calendars and a state folder of their own.
struct Town {
    dir: TempDir,
}

impl Town {
    fn new(accounts: &str, outbox: &str) -> Town {
        let dir = tempfile::tempdir().unwrap();
        let town = Town { dir };
        for sub in ["calendars", "state", "outbox"] {
            std::fs::create_dir(town.at(sub)).unwrap();
        }
        for (name, secret) in [("good", "pw"), ("bad", "not this")] {
            std::fs::write(town.at(name), secret).unwrap();
            std::fs::set_permissions(town.at(name), PermissionsExt::from_mode(0o600)).unwrap();
        }
        let events = [
            event("old", "Dentist", None, hours_ago(24 * 200)),
            event("coffee", "Coffee with Ada Quist", Some(("Ada Quist", "ada@quist.test")), hours_ago(48)),
            event("interview", "Interview - Jon Quist (Pilot)", Some(("Jon Quist", "jon@quist.test")), hours_ago(20)),
        ];
        town.calendar(&events.concat());
        let config = format!(
            "[owner]\nname = \"Max Owner\"\naddresses = [\"max@owner.test\"]\nzone = \"{}\"\n\n[digest]\nat = \"00:01\"\nuntil = \"23:59\"\n\n\
             {accounts}\n[[calendar]]\nname = \"work\"\npath = \"{}\"\n\n{outbox}\n",
            zone(),
            town.at("calendars").display()
        );
        std::fs::write(town.at("thankd.toml"), town.filled(&config)).unwrap();
        town
    }

    /// Paths of this town in a text: `{dir}`.
    fn filled(&self, text: &str) -> String {
        text.replace("{dir}", &self.dir.path().display().to_string())
    }

    fn at(&self, below: &str) -> PathBuf {
        self.dir.path().join(below)
    }

    fn calendar(&self, events: &str) {
        let ics = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n{events}END:VCALENDAR\r\n");
        std::fs::write(self.at("calendars/work.ics"), ics).unwrap();
    }

    fn config(&self, change: impl FnOnce(String) -> String) {
        let text = std::fs::read_to_string(self.at("thankd.toml")).unwrap();
        std::fs::write(self.at("thankd.toml"), change(text)).unwrap();
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_thankd"));
        command.args(arguments).arg("--config").arg(self.at("thankd.toml")).arg("--state").arg(self.at("state"));
        command.env("NO_COLOR", "1");
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// One round, so much later than now.
    fn once_later(&self, later: SignedDuration) -> Output {
        let mut command = Command::new("faketime");
        command.args(["-f", &format!("+{}s", later.as_secs()), env!("CARGO_BIN_EXE_thankd"), "run", "--once"]);
        command.arg("--config").arg(self.at("thankd.toml")).arg("--state").arg(self.at("state"));
        command.output().expect("faketime is installed")
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let o = self.run(&[arguments, &["--format", "json"]].concat());
        serde_json::from_slice(&o.stdout).unwrap_or_else(|e| panic!("{e}: {}", said(&o)))
    }

    fn state_of_digest(&self) -> String {
        self.json(&["status"])["last_digest"]["state"].as_str().unwrap_or("none").to_owned()
    }

    fn requests(&self) -> Vec<String> {
        let digest = self.json(&["digest", "--since", "90d"]);
        let of = |r: &Value| format!("{} {}", r["person"]["name"].as_str().unwrap(), r["clause"].as_str().unwrap());
        digest["requests"].as_array().unwrap().iter().map(of).collect()
    }

    fn outbox(&self) -> Vec<String> {
        let mut files: Vec<PathBuf> = std::fs::read_dir(self.at("outbox"))
            .unwrap()
            .map(|e| e.unwrap().path())
            .filter(|p| p.extension().is_some_and(|e| e == "eml"))
            .collect();
        files.sort();
        files.iter().map(|p| std::fs::read_to_string(p).unwrap()).collect()
    }
}

fn said(o: &Output) -> String {
    format!("{:?} {}{}", o.status, String::from_utf8_lossy(&o.stdout), String::from_utf8_lossy(&o.stderr))
}

fn imap(name: &str, dovecot: &Dovecot, user: &str, secret: &str) -> String {
    format!(
        "[[mail]]\nname = \"{name}\"\nhost = \"localhost\"\nport = {}\ntls_ca = \"{}\"\nuser = \"{user}\"\npassword_file = \"{{dir}}/{secret}\"\n\
         poll = \"1s\"\ntrust = \"mx.owner.test\"\n\n",
        dovecot.tls_port,
        dovecot.ca.display()
    )
}

fn by_smtp(server: &SmtpServer) -> String {
    format!(
        "[smtp]\nhost = \"localhost\"\nport = {}\ntls = \"implicit\"\ntls_ca = \"{}\"\nuser = \"{}\"\npassword_file = \"{{dir}}/good\"\n",
        server.tls_port,
        server.ca.display(),
        smtp::USER
    )
}

fn deliver_both(dovecot: &Dovecot, user: &str) {
    dovecot.deliver(user, "INBOX", &invitation("Ada Quist", 7001, hours_ago(3)));
    dovecot.deliver(user, "INBOX", &note("Jon Quist", "jon@quist.test", hours_ago(2)));
}

/// A daemon in the background, with the socket on which it speaks to the service manager.
struct Running {
    child: Child,
    /// Everything it said so far; a manager that does not listen would block it.
    heard: Arc<Mutex<String>>,
    log: PathBuf,
}

impl Running {
    fn start(town: &Town) -> Running {
        let place = town.at("notify");
        let _ = std::fs::remove_file(&place);
        let socket = UnixDatagram::bind(&place).unwrap();
        let heard = Arc::new(Mutex::new(String::new()));
        let ear = Arc::clone(&heard);
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(n) = socket.recv(&mut buffer) {
                ear.lock().unwrap().push_str(&format!("{}\n", String::from_utf8_lossy(&buffer[..n])));
            }
        });
        let log = town.at("log");
        let file = std::fs::File::create(&log).unwrap();
        let mut command = town.command(&["run"]);
        command.env("NOTIFY_SOCKET", &place).env("WATCHDOG_USEC", "1000000");
        let child = command.stdout(Stdio::null()).stderr(file).spawn().unwrap();
        let running = Running { child, heard, log };
        running.hears("READY=1");
        running
    }

    /// Waits for a line that begins so.
    #[track_caller]
    fn hears(&self, line: &str) {
        eventually(line, || self.heard.lock().unwrap().lines().any(|l| l.starts_with(line)));
    }

    fn logged(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap()
    }

    fn signal(&self, name: &str) {
        let done =
            Command::new("sh").args(["-c", "kill -s \"$0\" \"$1\"", name, &self.child.id().to_string()]).status();
        assert!(done.unwrap().success());
    }

    /// SIGTERM; how long the end took, and how it went.
    fn stop(mut self) -> (Option<i32>, Duration) {
        self.signal("TERM");
        let asked = Instant::now();
        let status = self.child.wait().unwrap();
        (status.code(), asked.elapsed())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn mail_is_recorded_judged_and_told_once() {
    let (dovecot, server) = (Dovecot::start(), SmtpServer::start());
    let town = Town::new(&imap("work", &dovecot, "u1", "good"), &by_smtp(&server));
    deliver_both(&dovecot, "u1");
    server.deliver_into(&dovecot.maildir("u1", "INBOX"));
    let running = Running::start(&town);
    eventually("the digest arrives", || server.mails().len() == 1);
    let mail = String::from_utf8(server.mails().remove(0)).unwrap();
    let head = mail.split("\r\n\r\n").next().unwrap();
    for field in [
        "Auto-Submitted: auto-generated",
        "List-Id: ",
        "X-Thankd-Digest: ",
        "Message-ID: <thankd.",
        "multipart/alternative",
    ] {
        assert!(head.contains(field), "{field} is missing:\n{head}");
    }
    assert!(mail.find("text/plain").unwrap() < mail.find("text/html").unwrap(), "plain text comes first");
    for words in ["Ada Quist", "you had coffee", "Jon Quist", "proper"] {
        assert!(mail.contains(words), "{words} is missing:\n{mail}");
    }
    let envelope = server.envelopes().remove(0);
    assert_eq!((&envelope["auth"], &envelope["to"][0]), (&Value::Bool(true), &Value::String("max@owner.test".into())));
    eventually("the digest is found in the mailbox", || town.state_of_digest() == "found");
    // A letter that comes while the daemon runs.
    dovecot.deliver("u1", "INBOX", &invitation("Rune Vale", 7002, hours_ago(1)));
    eventually("the new letter is judged", || town.requests().iter().any(|r| r == "Rune Vale stranger"));
    let (code, took) = running.stop();
    assert_eq!(code, Some(0));
    assert!(took < Duration::from_secs(5), "SIGTERM took {took:?}");
    assert!(town.run(&["run", "--once"]).status.success());
    assert_eq!(server.mails().len(), 1, "one digest a local day");
    let spoken = dovecot.said("u1").to_uppercase();
    for never in ["EXPUNGE", "\\DELETED", "STORE", "COPY", "MOVE", " SELECT ", "CLOSE", "BODY["] {
        assert!(!spoken.contains(never), "{never} was said");
    }
}

#[test]
fn killed_anywhere_nothing_is_lost_and_nothing_told_twice() {
    let (dovecot, server) = (Dovecot::start(), SmtpServer::start());
    for (point, user) in [
        ("fetched", "u1"),
        ("recorded", "u2"),
        ("enqueued", "u3"),
        ("sending", "u4"),
        ("sent", "u5"),
        ("accepted", "u6"),
    ] {
        let town = Town::new(&imap("work", &dovecot, user, "good"), &by_smtp(&server));
        deliver_both(&dovecot, user);
        server.deliver_into(&dovecot.maildir(user, "INBOX"));
        let before = server.mails().len();
        let killed = town.command(&["run", "--once"]).env("THANKD_CRASH_AT", point).output().unwrap();
        assert_eq!(killed.status.code(), None, "{point}: {}", said(&killed));
        // Twice: the first round finds the doubt, the second is late enough to end it.
        for later in [1, 32 * 60] {
            let o = town.once_later(SignedDuration::from_secs(later));
            assert!(o.status.success(), "{point}: {}", said(&o));
        }
        assert_eq!(server.mails().len() - before, 1, "{point}: exactly one digest");
        let digest = String::from_utf8(server.mails().pop().unwrap()).unwrap();
        let html = digest.find("text/html").unwrap();
        assert_eq!(digest[..html].matches("from jon@quist.test").count(), 1, "{point}: told once\n{digest}");
        assert_eq!(town.requests(), ["Ada Quist known"], "{point}");
        assert_eq!(town.json(&["digest", "--since", "90d"])["notes"].as_array().unwrap().len(), 1, "{point}");
    }
}

#[test]
fn what_the_smtp_server_says_decides() {
    let (dovecot, server) = (Dovecot::start(), SmtpServer::start());
    let minutes = |n: i64| SignedDuration::from_mins(n);
    let town = |user: &str| {
        deliver_both(&dovecot, user);
        server.deliver_into(&dovecot.maildir(user, "INBOX"));
        Town::new(&imap("work", &dovecot, user, "good"), &by_smtp(&server))
    };
    // Not now: later.
    let later = town("u1");
    server.decide(&["rcpt451"]);
    assert!(later.run(&["run", "--once"]).status.success());
    assert_eq!((server.mails().len(), later.state_of_digest().as_str()), (0, "composed"));
    assert!(later.once_later(minutes(3)).status.success());
    assert_eq!(server.mails().len(), 1);
    // Never: given up, and tomorrow tells it.
    let never = town("u2");
    server.decide(&["data554"]);
    assert!(never.run(&["run", "--once"]).status.success());
    assert_eq!((server.mails().len(), never.state_of_digest().as_str()), (1, "none"));
    assert!(never.once_later(minutes(24 * 60)).status.success());
    assert_eq!(server.mails().len(), 2);
    assert!(String::from_utf8_lossy(&server.mails().pop().unwrap()).contains("Jon Quist"), "tomorrow tells it");
    // In doubt and not there: once more, the same letter.
    let lost = town("u3");
    server.decide(&["drop"]);
    assert!(lost.run(&["run", "--once"]).status.success());
    assert_eq!((server.mails().len(), lost.state_of_digest().as_str()), (2, "unknown"));
    assert!(lost.once_later(minutes(5)).status.success());
    assert_eq!(server.mails().len(), 2, "first it is looked for");
    assert!(lost.once_later(minutes(32)).status.success());
    assert_eq!(server.mails().len(), 3);
    let dropped = std::fs::read(server.dir().join("dropped.eml")).unwrap();
    assert!(server.mails().pop().unwrap() == dropped, "the same bytes, Message-ID and Date among them");
    // In doubt and there: found.
    let taken = town("u4");
    server.decide(&["takedrop"]);
    assert!(taken.run(&["run", "--once"]).status.success());
    assert_eq!(server.mails().len(), 4);
    assert!(taken.once_later(minutes(32)).status.success());
    assert_eq!((server.mails().len(), taken.state_of_digest().as_str()), (4, "found"));
}

#[test]
fn signals_a_second_instance_and_a_wrong_password() {
    let dovecot = Dovecot::start();
    let accounts = imap("work", &dovecot, "u1", "good") + &imap("home", &dovecot, "u2", "bad");
    let town = Town::new(&accounts, "[outbox]\nfolder = \"{dir}/outbox\"\n");
    deliver_both(&dovecot, "u1");
    let running = Running::start(&town);
    eventually("the good account is read", || town.requests() == ["Ada Quist known"]);
    let trouble = || {
        let status = town.json(&["status"]);
        let home = status["sources"].as_array().unwrap().iter().find(|s| s["name"] == "home").cloned();
        home.and_then(|s| s["trouble"].as_str().map(str::to_owned)).unwrap_or_default()
    };
    eventually("the refused login is told", || trouble().contains("home"));
    running.hears("STATUS=");
    running.hears("WATCHDOG=1");
    let second = town.run(&["run", "--once"]);
    assert_eq!(second.status.code(), Some(1), "{}", said(&second));
    assert!(said(&second).contains("already") || said(&second).contains("another"), "{}", said(&second));
    // A bad file: the old one stays, loudly.
    let good = std::fs::read_to_string(town.at("thankd.toml")).unwrap();
    town.config(|t| t.replace("[digest]", "[digest]\nempyt = \"daily\""));
    running.signal("HUP");
    eventually("the fault is logged", || running.logged().contains("thankd.toml:"));
    assert!(running.logged().contains("empyt"), "{}", running.logged());
    std::fs::write(town.at("thankd.toml"), good.replace("/bad\"", "/good\"")).unwrap();
    running.signal("HUP");
    eventually("the mended account is read", || trouble().is_empty());
    let log = running.logged();
    for secret in ["not this", "ada@quist.test", "Ada Quist", "jon@quist.test"] {
        assert!(!log.contains(secret), "the log holds {secret}");
    }
    assert_eq!(running.stop().0, Some(0));
}

#[test]
fn days_go_by() {
    let town = Town::new(
        "[[mail]]\nname = \"files\"\npath = \"{dir}/mail\"\ntrust = \"mx.owner.test\"\n\n",
        "[outbox]\nfolder = \"{dir}/outbox\"\n",
    );
    for sub in ["mail/new", "mail/cur", "mail/tmp"] {
        std::fs::create_dir_all(town.at(sub)).unwrap();
    }
    let arrives = |n: u32, bytes: &[u8]| std::fs::write(town.at(&format!("mail/new/{n}.test")), bytes).unwrap();
    let day = |n: i64| SignedDuration::from_hours(24 * n);
    let morning = |n: i64| {
        let o = town.once_later(day(n) + SignedDuration::from_secs(5));
        assert!(o.status.success(), "day {n}: {}", said(&o));
        town.outbox()
    };
    let on = |n: i64| Timestamp::now().checked_add(day(n)).unwrap();
    arrives(1, &note("Jon Quist", "jon@quist.test", hours_ago(2)));
    let first = morning(0);
    assert_eq!(first.len(), 1);
    assert!(first[0].contains("Jon Quist"), "{}", first[0]);
    assert_eq!(morning(0).len(), 1, "one a day");
    // A request the next day; nobody looks on the day after; both days' news come together, and only they.
    arrives(2, &invitation("Ada Quist", 7001, on(1)));
    arrives(3, &invitation("Rune Vale", 7002, on(2)));
    let third = morning(3);
    assert_eq!(third.len(), 2, "a missed day is merged");
    assert!(third[1].contains("Ada Quist") && third[1].contains("Rune Vale"), "{}", third[1]);
    assert!(!third[1].contains("Jon Quist"), "told once\n{}", third[1]);
    // Quiet days send nothing, until a Monday after seven days without a mail.
    let mut sent = 2;
    let mut quiet = 0;
    for n in 4..=16 {
        let now = morning(n).len();
        quiet += usize::from(now > sent);
        sent = now;
    }
    assert_eq!(quiet, 1, "one quiet line, on the first Monday after seven days");
    assert!(town.outbox().pop().unwrap().contains("Nothing new since"));
}

#[test]
fn a_week_on_real_servers() {
    let (dovecot, server) = (Dovecot::start(), SmtpServer::start());
    let town = Town::new(&imap("work", &dovecot, "u1", "good"), &by_smtp(&server));
    let day = |n: i64| SignedDuration::from_hours(24 * n);
    let on = |n: i64| Timestamp::now().checked_add(day(n)).unwrap();
    let arrives = |n: u32, mail: &[u8]| {
        dovecot.deliver_at("u1", "INBOX", mail, std::time::SystemTime::now() + Duration::from_secs(86_400) * n)
    };
    arrives(0, &note("Jon Quist", "jon@quist.test", hours_ago(2)));
    server.deliver_into(&dovecot.maildir("u1", "INBOX"));
    let mut told = Vec::new();
    // Two working days, wherever the weekend falls.
    for n in 0..8 {
        match n {
            1 => arrives(1, &invitation("Ada Quist", 7001, on(1))),
            2 => {
                // Asked two hours after the interview, and no note follows.
                let meetings = event("old", "Dentist", None, hours_ago(24 * 200))
                    + &event(
                        "second",
                        "Interview - Rune Vale",
                        Some(("Rune Vale", "rune@vale.test")),
                        on(2).checked_sub(SignedDuration::from_hours(3)).unwrap(),
                    );
                town.calendar(&meetings);
                arrives(2, &invitation("Rune Vale", 7002, on(2)));
            }
            _ => {}
        }
        let o = town.once_later(day(n) + SignedDuration::from_secs(30));
        assert!(o.status.success(), "day {n}: {}", said(&o));
        told.push(server.mails().len());
    }
    assert_eq!(told[..3], [1, 2, 3], "a digest on each day with news");
    let mails: Vec<String> = server.mails().iter().map(|m| String::from_utf8_lossy(m).replace("=\r\n", "")).collect();
    assert!(mails[2].contains("a note may still come"), "{}", mails[2]);
    assert!(mails.last().unwrap().contains("no note seen by"), "the deadline passed: {}", mails.last().unwrap());
    assert_eq!(mails.iter().filter(|m| m.contains("Ada Quist")).count(), 1, "told once");
    if let Some(dir) = std::env::var_os("THANKD_PAGES") {
        std::fs::write(std::path::Path::new(&dir).join("week.eml"), server.mails().pop().unwrap()).unwrap();
    }
}

#[test]
fn a_digest_may_be_put_into_the_inbox() {
    let dovecot = Dovecot::start();
    let town = Town::new(&imap("work", &dovecot, "u1", "good"), "[outbox]\nappend = \"work\"\n");
    deliver_both(&dovecot, "u1");
    for first in [true, false] {
        let o = town.run(&["run", "--once"]);
        assert!(o.status.success(), "{}", said(&o));
        assert_eq!(said(&o).contains(" was sent to "), first, "{}", said(&o));
    }
    let digests = dovecot
        .messages("u1", "INBOX")
        .iter()
        .filter(|m| String::from_utf8_lossy(m).contains("X-Thankd-Digest"))
        .count();
    assert_eq!(digests, 1);
}

#[test]
fn a_secret_comes_from_a_command_or_from_the_service_manager() {
    let dovecot = Dovecot::start();
    for (user, from) in
        [("u1", "password_cmd = [\"sh\", \"-c\", \"echo pw\"]"), ("u2", "password_credential = \"imap\"")]
    {
        let account = imap("work", &dovecot, user, "good").replace("password_file = \"{dir}/good\"", from);
        let town = Town::new(&account, "[outbox]\nfolder = \"{dir}/outbox\"\n");
        std::fs::create_dir(town.at("credentials")).unwrap();
        std::fs::write(town.at("credentials/imap"), "pw\n").unwrap();
        std::fs::set_permissions(town.at("credentials/imap"), PermissionsExt::from_mode(0o400)).unwrap();
        deliver_both(&dovecot, user);
        let o = town.command(&["run", "--once"]).env("CREDENTIALS_DIRECTORY", town.at("credentials")).output().unwrap();
        assert!(o.status.success(), "{from}: {}", said(&o));
        assert_eq!(town.requests(), ["Ada Quist known"], "{from}");
    }
}

#[test]
fn a_full_disk_is_said_and_survived() {
    let town = Town::new(
        "[[mail]]\nname = \"files\"\npath = \"{dir}/mail\"\ntrust = \"mx.owner.test\"\n\n",
        "[outbox]\nfolder = \"{dir}/outbox\"\n",
    );
    for sub in ["mail/new", "mail/cur", "mail/tmp"] {
        std::fs::create_dir_all(town.at(sub)).unwrap();
    }
    assert!(town.once_later(SignedDuration::from_secs(5)).status.success());
    for n in 0..200 {
        std::fs::write(
            town.at(&format!("mail/new/{n}.test")),
            invitation(&format!("Ada Quist{n}"), 7000 + n, hours_ago(30)),
        )
        .unwrap();
    }
    // A limit on the size of files stands for a disk without room: writes beyond it fail (SIGXFSZ ignored, EFBIG).
    let size = std::fs::metadata(town.at("state/thankd.db")).unwrap().len() / 512;
    let limited = format!(
        "trap '' XFSZ; ulimit -f {size}; exec faketime -f +9s \"$0\" run --once --config \"$1\" --state \"$2\""
    );
    let mut command = Command::new("sh");
    command.args(["-c", &limited, env!("CARGO_BIN_EXE_thankd")]).arg(town.at("thankd.toml")).arg(town.at("state"));
    let full = command.output().unwrap();
    assert_eq!(full.status.code(), Some(1), "{}", said(&full));
    assert!(town.requests().is_empty(), "nothing was half recorded");
    assert!(town.once_later(SignedDuration::from_secs(20)).status.success());
    assert_eq!(town.requests().len(), 200, "all of it once there is room");
}

#[test]
fn a_broken_store_is_put_aside_and_said() {
    let town =
        Town::new("[[mail]]\nname = \"files\"\npath = \"{dir}/mail\"\n\n", "[outbox]\nfolder = \"{dir}/outbox\"\n");
    for sub in ["mail/new", "mail/cur", "mail/tmp"] {
        std::fs::create_dir_all(town.at(sub)).unwrap();
    }
    std::fs::write(town.at("mail/new/1.test"), note("Jon Quist", "jon@quist.test", hours_ago(2))).unwrap();
    assert!(town.once_later(SignedDuration::from_secs(5)).status.success());
    let whole = std::fs::read(town.at("state/thankd.db")).unwrap();
    for (what, bytes) in
        [("empty", Vec::new()), ("garbage", vec![0x5a; 8192]), ("cut", whole[..whole.len() / 2].to_vec())]
    {
        for tail in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(town.at(&format!("state/thankd.db{tail}")));
        }
        std::fs::write(town.at("state/thankd.db"), bytes).unwrap();
        let o = town.once_later(SignedDuration::from_secs(5));
        assert!(o.status.code().is_some_and(|c| c != 70), "{what}: {}", said(&o));
        assert!(said(&o).contains("thankd.db"), "{what}: {}", said(&o));
        let digest = town.json(&["digest", "--since", "90d"]);
        assert_eq!(digest["notes"].as_array().map(Vec::len), Some(1), "{what}: read again");
    }
}
