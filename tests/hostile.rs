//! What a broken or hostile IMAP server can do to us: a clear line that names the account, and nothing else.
#[expect(dead_code, unused_imports, reason = "each test uses its part of the shared servers")]
mod support;

use jiff::Timestamp;
use secrecy::SecretString;
use std::time::{Duration, Instant};
use support::Scripted;
use support::scripted::{Do, say};
use thankd::mailbox::{Batch, FolderChoice, Imap, ImapSettings, Limits, Mailbox, MailboxError, Role};
use thankd::net::{CredentialSource, Server, Tls};
use tokio_util::sync::CancellationToken;

const GREETING: &str = "* OK ready\r\n";
const SECRET: &str = "tr0ub4dor";

/// A server that answers everything a look into one folder of three mails asks; `rules` come before its own.
fn server(greeting: &str, rules: Vec<(&'static str, Do)>) -> Scripted {
    let header = |n: u32| {
        let head = format!("Subject: {n}\r\n\r\n");
        format!(
            "* {n} FETCH (UID {n} INTERNALDATE \"17-Nov-2026 09:00:00 +0000\" RFC822.SIZE 20 BODY[HEADER]<0> {{{}}}\r\n{head})\r\n",
            head.len()
        )
    };
    let own = [
        ("CAPABILITY", say("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\nTAG OK done\r\n")),
        ("LIST", say("* LIST (\\HasNoChildren) \"/\" INBOX\r\nTAG OK done\r\n")),
        ("EXAMINE", say("* 3 EXISTS\r\n* OK [UIDVALIDITY 5] x\r\n* OK [UIDNEXT 4] x\r\nTAG OK [READ-ONLY] done\r\n")),
        ("FETCH * (UID)", say("* 3 FETCH (UID 3)\r\nTAG OK done\r\n")),
        ("SEARCH", say("* SEARCH 1 2 3\r\nTAG OK done\r\n")),
        ("HEADER", say(&format!("{}{}{}TAG OK done\r\n", header(1), header(2), header(3)))),
    ];
    Scripted::start(greeting, rules.into_iter().chain(own).collect())
}

async fn look(server: &Scripted, tls: Tls, patience: Duration) -> Result<Batch, MailboxError> {
    let settings = ImapSettings {
        account: "work".into(),
        server: Server { host: "127.0.0.1".into(), port: server.port, tls, tls_ca: None },
        user: "u1".into(),
        credential: CredentialSource::password(SecretString::from(SECRET.to_owned())),
        folders: FolderChoice::default(),
        command_timeout: patience,
    };
    let mut mailbox = Mailbox::Imap(Box::new(Imap::new(settings, CancellationToken::new())));
    let folders = mailbox.folders().await?;
    let inbox = folders.into_iter().find(|f| f.role == Role::Inbox).expect("an inbox");
    mailbox.sync(&inbox, None, Timestamp::UNIX_EPOCH, Limits::default()).await
}

/// The look ends soon, in an error that names the account and says this.
#[track_caller]
fn refused(name: &str, greeting: &str, tls: Tls, rules: Vec<(&'static str, Do)>, said: &str) -> Scripted {
    let server = server(greeting, rules);
    let began = Instant::now();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let error = runtime.block_on(look(&server, tls, Duration::from_secs(2))).expect_err(name).to_string();
    assert!(error.starts_with(&format!("work (127.0.0.1:{})", server.port)), "{name}: {error}");
    assert!(error.contains(said), "{name}: {error}");
    assert!(!error.contains(SECRET), "{name}: {error}");
    assert!(began.elapsed() < Duration::from_secs(15), "{name} took {:?}", began.elapsed());
    server
}

/// All three mails are accounted for.
#[track_caller]
fn borne(name: &str, rules: Vec<(&'static str, Do)>) -> Batch {
    let server = server(GREETING, rules);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let batch =
        runtime.block_on(look(&server, Tls::None, Duration::from_secs(5))).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(batch.headers.len() + batch.gone.len() + batch.unreadable.len(), 3, "{name}");
    batch
}

#[test]
fn what_an_honest_server_may_say_is_borne() {
    let examine = "* 3 EXISTS\r\n* OK [UIDVALIDITY 5] x\r\n* OK [UIDNEXT 4] x\r\n";
    for warning in [
        "* NO [ALERT] your mailbox is nearly full",
        "* NO [OVERQUOTA] x",
        "* BAD odd",
        "* OK Still here",
        "* 7 RECENT",
        "* X-UNKNOWN (a b)",
    ] {
        let batch = borne(warning, vec![("EXAMINE", say(&format!("{warning}\r\n{examine}TAG OK done\r\n")))]);
        assert_eq!(batch.headers.len(), 3, "{warning}");
    }
    let notices =
        borne("alert", vec![("EXAMINE", say(&format!("* NO [ALERT] nearly full\r\n{examine}TAG OK done\r\n")))])
            .notices;
    assert!(notices.iter().any(|n| n.contains("nearly full")), "{notices:?}");
    let fetch = |date: &str, uid: &str| {
        format!("* 1 FETCH (UID {uid} INTERNALDATE {date} RFC822.SIZE 20 BODY[HEADER]<0> {{6}}\r\nA: b\r\n)\r\n")
    };
    let nil = borne(
        "no INTERNALDATE",
        vec![("HEADER", say(&format!("{}{}TAG OK done\r\n", fetch("NIL", "1"), fetch("\"x\"", "2"))))],
    );
    assert!(nil.headers.len() <= 2);
    borne(
        "one of three cannot be read",
        vec![(
            "HEADER",
            say(&format!(
                "{}* 2 FETCH (UID 2 BODY[HEADER]<0> NIL)\r\n* 3 FETCH (UID\r\nTAG OK done\r\n",
                fetch("NIL", "1")
            )),
        )],
    );
}

#[test]
fn a_flood_is_cut_off() {
    let nest = format!("* 1 FETCH (UID 1 BODYSTRUCTURE {}\r\nTAG OK done\r\n", "(".repeat(100_000));
    refused("nested parentheses", GREETING, Tls::None, vec![("HEADER", say(&nest))], "not to be borne");
    refused(
        "a literal of four gigabytes",
        GREETING,
        Tls::None,
        vec![("HEADER", Do::Flood("* 1 FETCH (UID 1 BODY[HEADER]<0> {4294967295}\r\n".into(), vec![b'x'; 65_536]))],
        "not to be borne",
    );
    refused(
        "an endless line",
        GREETING,
        Tls::None,
        vec![("SEARCH", Do::Flood("* SEARCH".into(), b" 1".repeat(30_000)))],
        "not to be borne",
    );
    refused(
        "an endless answer",
        GREETING,
        Tls::None,
        vec![("EXAMINE", Do::Flood("* OK x\r\n".into(), b"* OK [ALERT] again\r\n".repeat(3_000)))],
        "",
    );
    let literals = format!("* 1 FETCH (UID 1 ENVELOPE ({}))\r\nTAG OK done\r\n", "{1}\r\na ".repeat(1_000));
    refused("a thousand literals", GREETING, Tls::None, vec![("HEADER", say(&literals))], "not to be borne");
}

#[test]
fn a_line_that_ends_badly_is_told() {
    refused(
        "goodbye in mid-command",
        GREETING,
        Tls::None,
        vec![("SEARCH", Do::SayAndLeave("* BYE going down\r\n".into()))],
        "goodbye",
    );
    refused(
        "hung up in mid-literal",
        GREETING,
        Tls::None,
        vec![("HEADER", Do::SayAndLeave("* 1 FETCH (UID 1 BODY[HEADER]<0> {500}\r\nabc".into()))],
        "lost",
    );
    refused(
        "a tag that is not ours",
        GREETING,
        Tls::None,
        vec![("SEARCH", say("* SEARCH 1\r\nzz9 OK done\r\n"))],
        "work",
    );
    refused(
        "a byte now and then",
        GREETING,
        Tls::None,
        vec![("SEARCH", Do::Drip("* SEARCH 1 2 3\r\nTAG OK done\r\n".into(), Duration::from_millis(400)))],
        "no answer to",
    );
    refused("no answer at all", GREETING, Tls::None, vec![("EXAMINE", Do::Nothing)], "no answer to");
    refused("goodbye for a greeting", "* BYE too many connections\r\n", Tls::None, vec![], "too many connections");
}

#[test]
fn nothing_secret_is_said_where_it_may_not() {
    let login = |server: &Scripted| server.heard().iter().any(|l| l.contains("LOGIN") || l.contains("AUTHENTICATE"));
    let stripped = refused(
        "STARTTLS refused",
        GREETING,
        Tls::Starttls,
        vec![("STARTTLS", say("TAG NO not here\r\n"))],
        "STARTTLS",
    );
    assert!(!login(&stripped));
    let injected = refused(
        "words behind STARTTLS",
        GREETING,
        Tls::Starttls,
        vec![("STARTTLS", say("TAG OK go\r\n* CAPABILITY EVIL\r\n"))],
        "STARTTLS",
    );
    assert!(!login(&injected));
    let preauth = refused("PREAUTH before STARTTLS", "* PREAUTH welcome\r\n", Tls::Starttls, vec![], "PREAUTH");
    assert!(!login(&preauth));
    refused("PREAUTH: whose mailbox?", "* PREAUTH welcome\r\n", Tls::None, vec![], "PREAUTH");
    let disabled = refused(
        "LOGINDISABLED",
        GREETING,
        Tls::None,
        vec![("CAPABILITY", say("* CAPABILITY IMAP4rev1 LOGINDISABLED\r\nTAG OK done\r\n"))],
        "LOGINDISABLED",
    );
    assert!(!login(&disabled));
    let wrong = vec![
        ("LOGIN", say("TAG NO [AUTHENTICATIONFAILED] no\r\n")),
        ("AUTHENTICATE", say("TAG NO [AUTHENTICATIONFAILED] no\r\n")),
    ];
    refused("a wrong password", GREETING, Tls::None, wrong, "check user and password");
}

#[test]
fn a_flood_of_tiny_answers_is_cut_off() {
    let flood = Do::Flood("* OK x\r\n".into(), b"* 1 RECENT\r\n".repeat(5_000));
    refused("a flood of tiny answers", GREETING, Tls::None, vec![("EXAMINE", flood)], "more than 50000 answers");
}

#[test]
fn a_server_that_lists_mails_and_gives_none_is_sick() {
    let no = refused(
        "NO to every FETCH",
        GREETING,
        Tls::None,
        vec![("HEADER", say("TAG NO [SERVERBUG] not today\r\n"))],
        "",
    );
    assert!(no.heard().iter().any(|l| l.contains("FETCH")));
    refused("NO without a code", GREETING, Tls::None, vec![("HEADER", say("TAG NO no\r\n"))], "gives none of them");
    refused("OK with nothing", GREETING, Tls::None, vec![("HEADER", say("TAG OK done\r\n"))], "gives none of them");
}

#[test]
fn a_count_that_cannot_be_read_is_not_nought() {
    let examine = "* 1e30 EXISTS\r\n* OK [UIDVALIDITY 5] x\r\n* OK [UIDNEXT 4] x\r\nTAG OK done\r\n";
    refused("EXISTS without a number", GREETING, Tls::None, vec![("EXAMINE", say(examine))], "EXISTS");
}

#[test]
fn a_secret_said_back_is_hidden() {
    let echo = |text: &str| vec![("LOGIN", say(&format!("TAG NO bad command: LOGIN u1 {text}\r\n")))];
    refused("the password said back", GREETING, Tls::None, echo(SECRET), "***");
    let coded = refused("and in base64", GREETING, Tls::None, echo("AHUxAHRyMHViNGRvcg=="), "***");
    assert!(!coded.heard().is_empty());
    let later = vec![("EXAMINE", say(&format!("TAG NO no such folder for {SECRET}\r\n")))];
    refused("said back later", GREETING, Tls::None, later, "***");
}
