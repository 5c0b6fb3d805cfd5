//! What the owner says back, on the demo's small world and with the real binary: answers, taking them back, sending, and
//! the config looked over.
use std::path::Path;
use std::process::{Command, Output};

/// thankd with nothing of the machine's but a home of its own.
fn thankd(home: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_thankd"))
        .args(args)
        .current_dir(home)
        .env_clear()
        .envs([("HOME", home.to_str().unwrap()), ("TZ", "UTC"), ("PATH", "/usr/bin:/bin")])
        .output()
        .unwrap()
}

/// The demo's world on its Tuesday morning.
struct Demo(tempfile::TempDir);

impl Demo {
    fn new() -> Demo {
        let dir = tempfile::tempdir().unwrap();
        let demo = Demo(dir);
        let out = thankd(demo.0.path(), &["demo", "--out", "demo"]);
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        demo
    }

    /// At eight on that Tuesday, where the command can be told so and the test does not say another time.
    fn run(&self, args: &[&str]) -> (Option<i32>, String) {
        let places = ["--config", "demo/thankd.toml", "--state", "demo/state"];
        let timed = ["tell", "undo", "explain", "digest"].contains(&args[0]) && !args.contains(&"--now");
        let now: &[&str] =
            if timed && !args.contains(&"--send") { &["--now", "2026-11-17T08:00:00+01:00"] } else { &[] };
        let out = thankd(self.0.path(), &[args, now, &places].concat());
        let said = [out.stdout, out.stderr].concat();
        (out.status.code(), String::from_utf8(said).unwrap())
    }

    #[track_caller]
    fn now(&self, args: &[&str]) -> String {
        let (code, said) = self.run(args);
        assert_eq!(code, Some(0), "{args:?}: {said}");
        said
    }

    #[track_caller]
    fn fails(&self, args: &[&str], code: i32, says: &str) {
        let (was, said) = self.run(args);
        assert_eq!(was, Some(code), "{args:?}: {said}");
        assert!(said.contains(says), "{args:?}: {said}");
    }
}

#[test]
fn every_answer_settles_the_question() {
    for (number, is) in [("1", "a note may still come"), ("2", "may be accepted"), ("3", "never met")] {
        let demo = Demo::new();
        let said = demo.now(&["tell", "K2G", "same", number]);
        assert!(said.contains(&format!("k2g: {is} (was: a question for you)")), "{said}");
        assert!(said.ends_with("thankd undo 1\n"), "one word, one number: {said}");
        let digest = demo.now(&["digest"]);
        assert!(!digest.contains("QUESTION") && digest.contains("YOU TOLD ME\n  k2g J. Smith"), "{digest}");
        assert_eq!(digest.matches("thankd undo").count(), 1, "{digest}");
        demo.fails(&["tell", "k2g", "same", "1"], 1, "answered already");
        let undone = demo.now(&["undo"]);
        assert!(undone.contains("number 1,"), "{undone}");
        assert!(undone.contains(&format!("k2g: a question for you (was: {is})")), "{undone}");
        demo.fails(&["undo"], 1, "no word of yours stands");
        demo.fails(&["undo", "1"], 1, "was taken back already");
        demo.fails(&["undo", "99"], 1, "you told me nothing under the number 99");
        assert!(demo.now(&["explain", "k2g"]).contains("a question for you"), "taken back whole");
    }
}

#[test]
fn a_printed_question_can_be_answered_when_the_calendar_is_old() {
    let demo = Demo::new();
    // Two days on, the calendar is unread for longer than a day: nothing new would be asked.
    let later = ["--now", "2026-11-19T12:00:00+01:00"];
    assert!(!demo.now(&[&["digest"][..], &later].concat()).contains("QUESTION"));
    demo.fails(&[&["tell", "k2g", "same", "2"][..], &later].concat(), 0, "k2g: may be accepted");
    demo.fails(&["tell", "k2p", "same", "1"], 2, "there is no question about k2p");
    demo.fails(&["tell", "k2p", "same"], 2, "say the number of your answer");
}

#[test]
fn people_are_found_by_any_name_and_by_codes() {
    let demo = Demo::new();
    demo.now(&["tell", "Joan Smith", "same-as", "John Smith"]);
    for name in ["Joan Smith", "joan smith", "John Smith"] {
        assert!(demo.now(&["explain", name]).contains("Joan Smith"), "{name}");
    }
    demo.fails(&["tell", "k2p", "met", "dinner 31 Feb"], 2, "there is no 31 Feb");
    demo.now(&["tell", "k2p", "same-as", "K2T"]);
    demo.fails(&["tell", "Nobody Known", "met"], 1, "nobody and nothing is known under \"Nobody Known\"");
}

#[test]
fn what_was_closed_is_said() {
    let demo = Demo::new();
    assert!(demo.now(&["tell", "k2z", "did-not-meet"]).contains("k2z is closed"));
    demo.fails(&["explain", "k2z"], 1, "k2z is closed");
    assert!(demo.now(&["tell", "k2p", "ignore"]).contains("k2p is closed: left, as you told me"));
}

#[test]
fn a_digest_that_did_not_go_out_is_tried_again() {
    let demo = Demo::new();
    let file = demo.0.path().join("demo/thankd.toml");
    let text = std::fs::read_to_string(&file).unwrap();
    let (before, _) = text.split_once("[outbox]").unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let smtp = format!("[smtp]\nhost = \"127.0.0.1\"\nport = {closed}\ntls = \"none\"\n");
    std::fs::write(&file, format!("{before}{smtp}")).unwrap();
    demo.fails(&["digest", "--send"], 1, "NOT sent: ");
    demo.fails(&["digest", "--send"], 1, "NOT sent: ");
    demo.fails(&["status"], 1, "waiting digest: of ");
    std::fs::write(&file, text).unwrap();
    demo.fails(&["digest", "--send"], 0, "sent, and arrived");
    demo.fails(&["digest", "--send"], 0, "nothing is sent twice");
}

#[test]
fn what_a_config_names_is_looked_for() {
    let dir = tempfile::tempdir().unwrap();
    let home = dir.path();
    let at = |name: &str| home.join(name).display().to_string();
    std::fs::create_dir(home.join("calendars")).unwrap();
    std::fs::write(home.join("empty"), "\n").unwrap();
    std::fs::write(home.join("no.pem"), "no certificate\n").unwrap();
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(home.join("empty"), private).unwrap();
    let owner = "[owner]\nname = \"Sam Roe\"\naddresses = [\"sam@example.org\"]\n";
    let mail = "[[mail]]\nname = \"m\"\nhost = \"imap.example.org\"\nuser = \"sam\"\n";
    let check = |rest: String| {
        std::fs::write(home.join("thankd.toml"), format!("{owner}{rest}")).unwrap();
        let out = thankd(home, &["check", "--config", "thankd.toml"]);
        (out.status.code(), String::from_utf8([out.stdout, out.stderr].concat()).unwrap())
    };
    let cases = [
        ("[[calendar]]\nname = \"c\"\npath = \"~/nowhere\"\n".to_owned(), format!("is not there: {}", at("nowhere"))),
        ("[[mail]]\nname = \"m\"\npath = \"/nowhere/Mail\"\n".to_owned(), "is not there: /nowhere/Mail".to_owned()),
        (format!("{mail}password_file = \"~/empty\"\n"), "password_file is empty".to_owned()),
        (format!("{mail}password_file = \"~/absent\"\n"), "(umask 077; cat > ".to_owned()),
        (format!("{mail}password_cmd = [\"no-such-program\"]\n"), "names no program that is there".to_owned()),
        (format!("{mail}password_cmd = [\"true\"]\ntls_ca = \"{}\"\n", at("no.pem")), "certificate".to_owned()),
        ("[mail]\nname = \"m\"\n".to_owned(), "write [[mail]]".to_owned()),
    ];
    for (rest, says) in cases {
        let (code, said) = check(rest);
        assert_eq!(code, Some(78), "{said}");
        assert!(said.contains(&says), "{says} in\n{said}");
    }
    let good = "[[calendar]]\nname = \"c\"\npath = \"~/calendars\"\n[outbox]\nfolder = \"~/out\"\n";
    let (code, said) = check(good.to_owned());
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("next digest: ") && said.contains("servers were not tried"), "{said}");
    let open = std::os::unix::fs::PermissionsExt::from_mode(0o664);
    std::fs::set_permissions(home.join("thankd.toml"), open).unwrap();
    let out = thankd(home, &["check", "--config", "thankd.toml"]);
    assert_eq!(out.status.code(), Some(78));
    assert!(String::from_utf8_lossy(&out.stderr).contains("chmod go-w"));
}

#[test]
fn files_alone_are_named_or_refused() {
    let demo = Demo::new();
    let out = thankd(demo.0.path(), &["digest", "--mail", "nowhere", "--owner", "sam@example.org"]);
    assert_eq!(out.status.code(), Some(1), "{}", String::from_utf8_lossy(&out.stdout));
    demo.fails(&["digest", "--zone", "Europe/Paris"], 2, "--zone goes with --mail");
    let files = ["--mail", "demo/mail/tuesday", "--calendar", "demo/calendar.ics", "--owner-name", "Sam Roe"];
    let place = ["--owner", "sam.roe@harbourline.example", "--now", "2026-11-17T07:01:00+01:00"];
    let out = thankd(demo.0.path(), &[&["digest"][..], &files, &place].concat());
    let page = String::from_utf8(out.stdout).unwrap();
    assert!(page.contains("Priya Raman") && !page.contains("> thankd"), "{page}");
}
