//! `thankd demo`: the real pipeline on a sample mailbox and calendar, without network or config.
//!
//! A first digest says little about a daemon that tells things once: so the demo lives through two mornings. Monday's
//! digest is sent and forgotten; what came since makes Tuesday's, which is shown.
use super::{CliError, say};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::config::{self, CalendarSource, MailAccount, MailPlace, OutboxPlace, Settings};
use crate::daemon::{self, Doors};
use crate::digest;
use crate::etiquette::RequestWord;
use crate::letter::Catalogue;
use crate::mailbox::read_path;
use crate::message::{self, TrustAnchor};
use crate::store::{Commit, Store};
use clap::Args;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

const MAIL: &str = include_str!("../../config/demo/mail.mbox");
const CALENDAR: &str = include_str!("../../config/demo/calendar.ics");
const OWNER: &str = "sam.roe@harbourline.example";
/// The server that took all of it in: its word on senders is believed.
const SERVER: &str = "mx.harbourline.example";
/// Mornings in Berlin, a minute after `digest.at`.
const MORNINGS: [(&str, &str); 2] = [("monday", "2026-11-16T07:01:00+01:00"), ("tuesday", "2026-11-17T07:01:00+01:00")];

#[derive(Debug, Args)]
pub struct Demo {
    /// Where the sample and its digests are written [default: a new folder under the system's temporary one]
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}

impl Demo {
    pub async fn run(self) -> Result<ExitCode, CliError> {
        let dir = self.out.unwrap_or_else(|| std::env::temp_dir().join(format!("thankd-demo-{}", std::process::id())));
        let mut settings = lay_out(&dir)?;
        // The config written there is read from anywhere.
        let dir = std::fs::canonicalize(&dir).unwrap_or(dir);
        write(&dir.join("thankd.toml"), config_text(&dir).as_bytes())?;
        settings.path = Some(dir.join("thankd.toml"));
        let store = Store::open(&dir.join("state"), Chance::System.key()).await?;
        let mut shown = None;
        let mut night = Timestamp::UNIX_EPOCH;
        for (day, morning) in MORNINGS {
            let now: Timestamp = morning.parse().map_err(|e| CliError::Failed(format!("{e}")))?;
            settings.mail = vec![deliver(&dir.join("mail").join(day), night, now)?];
            night = now;
            let doors = Doors {
                catalogue: Arc::new(Catalogue::embedded().clone()),
                clock: Clock::Fixed(now),
                chance: Chance::System,
                stop: CancellationToken::new(),
            };
            daemon::read_all(&store, &settings, &doors).await?;
            let preview = daemon::preview(&store, &settings, digest::Listing::News, None, Commit::No, now).await?;
            shown = Some(preview.composed.digest);
            daemon::compose_and_deliver(&store, &settings, &doors).await?;
        }
        store.close().await?;
        let view = shown.ok_or_else(|| CliError::Failed("the demo has no morning".into()))?;
        let failed = |e: &dyn std::fmt::Display| CliError::Failed(format!("the digest could not be drawn: {e}"));
        let html = dir.join("digest.html");
        write(&html, digest::html(&view).map_err(|e| failed(&e))?.as_bytes())?;
        let text = digest::text(&view).map_err(|e| failed(&e))?;
        let code = view.requests.iter().find(|r| r.verdict == RequestWord::Premature).map_or("", |r| r.item.as_str());
        let question = view.questions.first().map_or("", |q| q.item.as_str());
        say(&format!("{text}\n{}", next_steps(&dir, &html, code, question)))
    }
}

fn next_steps(dir: &Path, html: &Path, code: &str, question: &str) -> String {
    let [_, (_, now)] = MORNINGS;
    let at = |below: &str| quoted(&dir.join(below));
    let (me, html) = (program(), quoted(html));
    let (config, state) = (at("thankd.toml"), at("state"));
    let here = format!("--config {config} --state {state} --now {now}");
    format!(
        "—\n\
         This was Tuesday morning of an invented manager with two open jobs; the same code reads your mail. What the digest\n\
         says after \">\" works here with the demo's own places and time, as in the first two lines.\n  \
         the chain behind one verdict    {me} explain {code} {here}\n  \
         an answer to its question       {me} tell {question} same 2 {here}\n  \
         as your mail program shows it   {html}\n  \
         the digests as sent             {outbox}/*.eml\n  \
         what each mail was taken for    {me} read {tuesday} --config {config}\n  \
         the calendar as understood      {me} meetings --config {config} --from 2026-11-09 --to 2026-11-18\n  \
         your own files, nothing kept    {me} digest --mail YOUR.mbox --calendar YOUR.ics --owner YOU@EXAMPLE.ORG --owner-name \"YOUR NAME\"\n  \
         a config of your own, to fill   mkdir -p ~/.config/thankd && (umask 077; set -C; {me} config > ~/.config/thankd/thankd.toml)",
        outbox = at("outbox"),
        tuesday = at("mail/tuesday"),
    )
}

/// How this program was called: its name, or its path where its name alone would not be found.
fn program() -> String {
    let called = std::env::args_os().next().map(PathBuf::from).unwrap_or_default();
    let path = std::env::current_exe().ok().filter(|_| called.components().count() != 1);
    path.map_or_else(|| "thankd".to_owned(), |path| quoted(&path))
}

/// As a shell takes it for one word.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = text.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-'));
    if plain { text } else { format!("'{}'", text.replace('\'', "'\\''")) }
}

/// The same small world as a config, for the commands that are tried next.
fn config_text(dir: &Path) -> String {
    let place = |below: &str| toml::Value::String(dir.join(below).display().to_string());
    format!(
        "[owner]\nname = \"Sam Roe\"\naddresses = [\"{OWNER}\"]\nzone = \"Europe/Berlin\"\n\n\
         [[mail]]\nname = \"work\"\npath = {}\ntrust = \"{SERVER}\"\n\n\
         [[calendar]]\nname = \"work\"\npath = {}\n\n[outbox]\nfolder = {}\n",
        place("mail"),
        place("calendar.ics"),
        place("outbox")
    )
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    std::fs::write(path, bytes).map_err(|e| CliError::Failed(format!("{} cannot be written ({e})", path.display())))
}

/// The folder as a small world: Maildir, calendar, outbox, state.
fn lay_out(dir: &Path) -> Result<Settings, CliError> {
    let wrong = |e: std::io::Error| {
        CliError::Failed(format!("{} cannot be used ({e}); name another with --out", dir.display()))
    };
    if dir.join("state").exists() {
        return Err(CliError::Failed(format!("{} holds a demo already; name a new folder with --out", dir.display())));
    }
    for sub in ["mail", "outbox", "state"] {
        std::fs::create_dir_all(dir.join(sub)).map_err(wrong)?;
    }
    write(&dir.join("calendar.ics"), CALENDAR.as_bytes())?;
    let zone = TimeZone::get("Europe/Berlin").map_err(|e| CliError::Failed(e.to_string()))?;
    let mut settings = config::standalone(&[OWNER.to_owned()], &["Sam Roe".to_owned()], Some(zone))?;
    settings.calendars = vec![CalendarSource { name: "work".into(), path: dir.join("calendar.ics") }];
    settings.outbox = OutboxPlace::Folder(dir.join("outbox"));
    Ok(settings)
}

/// What arrived since the last morning, as a Maildir of its own.
fn deliver(dir: &Path, after: Timestamp, until: Timestamp) -> Result<MailAccount, CliError> {
    let wrong = |e: std::io::Error| CliError::Failed(format!("{} cannot be written ({e})", dir.display()));
    for sub in ["new", "cur", "tmp"] {
        std::fs::create_dir_all(dir.join(sub)).map_err(wrong)?;
    }
    let mbox = dir.join("tmp/sample.mbox");
    write(&mbox, MAIL.as_bytes())?;
    let mails = read_path(&mbox).map_err(|e| CliError::Failed(e.to_string()))?;
    for (number, mail) in mails.enumerate() {
        let mail = mail.map_err(|e| CliError::Failed(e.to_string()))?;
        let sent = message::read_headers(&mail.bytes, &TrustAnchor::Topmost).date().unwrap_or(until);
        if sent > after && sent <= until {
            write(&dir.join(format!("cur/{}.{number:02}.demo:2,", sent.as_second())), &mail.bytes)?;
        }
    }
    std::fs::remove_file(&mbox).map_err(wrong)?;
    Ok(MailAccount {
        name: "work".into(),
        place: MailPlace::Path(dir.to_owned()),
        poll: SignedDuration::from_mins(2),
        look_back: SignedDuration::from_hours(180 * 24),
        trust: TrustAnchor::AuthservId(SERVER.into()),
    })
}
