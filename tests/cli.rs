//! What people read at a terminal, and the numbers scripts rely on: help, config errors, exit codes, of the real binary.
//! `INSTA_UPDATE=always cargo test --test cli` writes the snapshots anew: read the difference.
use clap::CommandFactory as _;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

/// thankd in a folder of its own, with nothing of the machine's: no home, no config, no zone.
fn thankd(dir: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_thankd"))
        .args(args)
        .current_dir(dir)
        .env_clear()
        .envs([("HOME", dir.to_str().unwrap()), ("TZ", "UTC"), ("COLUMNS", "100")])
        .output()
        .unwrap()
}

#[track_caller]
fn ends(dir: &Path, args: &[&str], code: i32) -> Output {
    let out = thankd(dir, args);
    let said = String::from_utf8_lossy(&out.stderr);
    assert_eq!(out.status.code(), Some(code), "thankd {args:?}: {said}");
    out
}

#[test]
fn help_of_every_command() {
    let dir = tempfile::tempdir().unwrap();
    let mut all = String::from_utf8(ends(dir.path(), &["--help"], 0).stdout).unwrap();
    for command in thankd::cli::Cli::command().get_subcommands() {
        let out = ends(dir.path(), &[command.get_name(), "--help"], 0);
        all += &format!("\n──── thankd {} --help\n{}", command.get_name(), String::from_utf8(out.stdout).unwrap());
    }
    insta::assert_snapshot!("help", all);
}

#[test]
fn no_argument_is_left_unexplained() {
    let cli = thankd::cli::Cli::command();
    for command in cli.get_subcommands() {
        for arg in command.get_arguments() {
            assert!(arg.get_help().is_some(), "{} of {}", arg.get_id(), command.get_name());
        }
    }
}

const OWNER: &str = "[owner]\nname = \"Sam Roe\"\naddresses = [\"sam@example.org\"]\n";

/// What `thankd check` says of each wrong config; every one ends with 78 and names file, line and column.
#[test]
fn config_errors() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("open-secret"), "hush\n").unwrap();
    std::fs::set_permissions(dir.path().join("open-secret"), PermissionsExt::from_mode(0o644)).unwrap();
    let mail = "[[mail]]\nname = \"work\"\nhost = \"imap.example.org\"\nuser = \"sam@example.org\"\n";
    let over = |rest: &str| format!("{OWNER}\n{rest}");
    let cases = [
        ("a key mistyped", over("[etiquette]\ntalkd = \"45m\"\n")),
        ("a section mistyped", over("[[mial]]\nname = \"work\"\n")),
        ("a value mistyped", over("[digest]\nempty = \"weakly\"\n")),
        ("a key nothing is like", over("[thanks]\nfrobnicate = 1\n")),
        ("text for a number", over("[note]\nmin_words = \"many\"\n")),
        ("a number for text", over("[etiquette]\ntalked = 45\n")),
        ("text for a list", over("[etiquette]\nopen = \"x\"\n")),
        ("text for true or false", over("[thanks]\nskip_weekends = \"yes\"\n")),
        ("no duration", over("[thanks]\nwithin = \"soon\"\n")),
        ("no zone, nearly one", format!("{OWNER}zone = \"Europe/Belrin\"\n")),
        ("no zone at all", format!("{OWNER}zone = \"half past nine\"\n")),
        ("no time of day", over("[digest]\nat = \"7 am\"\n")),
        ("a bracket left open", over("[digest\nat = \"07:00\"\n")),
        ("a key twice", format!("{OWNER}name = \"Sam\"\n")),
        ("no owner", "[owner]\n".to_owned()),
        ("a secret all may read", over(&format!("{mail}password_file = \"open-secret\"\n"))),
        ("no password", over(mail)),
        (
            "two accounts of one name",
            over("[[mail]]\nname = \"a\"\npath = \"x\"\n\n[[mail]]\nname = \"a\"\npath = \"y\"\n"),
        ),
        ("an account without a name", over("[[mail]]\npath = \"x\"\n")),
        ("freemail as an organisation", format!("{OWNER}organisation = [\"gmail.com\"]\n")),
        ("a password in clear", over(&format!("{mail}tls = \"none\"\npassword_cmd = [\"pass\"]\n"))),
        ("two ways out", over("[outbox]\nfolder = \"x\"\n[smtp]\nhost = \"smtp.example.org\"\n")),
        ("an outbox that is no account", over("[outbox]\nappend = \"home\"\n")),
        ("a window that closes before it opens", over("[digest]\nat = \"21:00\"\n")),
    ];
    let mut all = String::new();
    for (name, text) in cases {
        std::fs::write(dir.path().join("thankd.toml"), text).unwrap();
        let out = ends(dir.path(), &["check", "--config", "thankd.toml"], 78);
        let said = String::from_utf8(out.stderr).unwrap();
        assert!(out.stdout.is_empty(), "{name}: an error belongs on stderr");
        all += &format!("──── {name}\n{said}\n");
        let placed = said
            .lines()
            .any(|l| l.trim_start_matches("thankd: ").split(':').nth(2).is_some_and(|c| c.parse::<u32>().is_ok()));
        assert!(placed, "{name}: no file, line and column in\n{said}");
    }
    insta::assert_snapshot!("config_errors", all);
}

#[test]
fn a_config_that_is_no_text() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("latin.toml"), b"# M\xfcller\n").unwrap();
    std::fs::create_dir(dir.path().join("folder.toml")).unwrap();
    for (name, says) in
        [("latin.toml", "UTF-8"), ("folder.toml", "directory"), ("none.toml", "thankd config > none.toml")]
    {
        let out = ends(dir.path(), &["check", "--config", name], 78);
        let said = String::from_utf8(out.stderr).unwrap();
        assert!(said.contains(says) && said.contains("hint:"), "{said}");
    }
    let said = String::from_utf8(ends(dir.path(), &["check"], 78).stderr).unwrap();
    assert!(said.contains(".config/thankd/thankd.toml") && said.contains("/etc/thankd/thankd.toml"), "{said}");
}

#[test]
fn exit_codes() {
    let dir = tempfile::tempdir().unwrap();
    let dir = dir.path();
    std::fs::write(dir.join("good.toml"), OWNER).unwrap();
    std::fs::write(dir.join("bad.toml"), "[owner]\nnmae = 1\n").unwrap();
    std::fs::write(dir.join("a file"), "").unwrap();
    // 0: done
    ends(dir, &["--version"], 0);
    let good = String::from_utf8(ends(dir, &["check", "--config", "good.toml"], 0).stdout).unwrap();
    assert!(good.contains("without a [[mail]] nothing is read"), "{good}");
    ends(dir, &["who", "Sam Roe", "Roe, Sam"], 0);
    ends(dir, &["completions", "bash"], 0);
    // 1: failed
    ends(dir, &["read", "nowhere.eml"], 1);
    ends(dir, &["run", "--once", "--config", "good.toml", "--state", "a file/state"], 1);
    // 2: usage
    ends(dir, &[], 2);
    ends(dir, &["brew"], 2);
    ends(dir, &["run", "--twice"], 2);
    ends(dir, &["digest", "--mail", "x", "--owner", "sam@example.org", "--zone", "Nowhere/At_All"], 2);
    ends(dir, &["digest", "--mail", "x"], 2);
    // 78: configuration; the daemon too, so that systemd does not try again
    for command in ["check", "run", "digest", "status"] {
        ends(dir, &[command, "--config", "bad.toml", "--state", "state"], 78);
    }
}

/// `thankd … | head` closes early; that is nobody's failure.
#[test]
fn a_closed_pipe_is_no_failure() {
    let mut child = Command::new(env!("CARGO_BIN_EXE_thankd"))
        .arg("man")
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let out = child.wait_with_output().unwrap();
    assert_eq!((out.status.code(), out.stderr.len()), (Some(0), 0), "{}", String::from_utf8_lossy(&out.stderr));
}
