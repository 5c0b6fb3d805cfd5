//! A round: read the calendars, read the mail, judge, compose if it is time, deliver. The one place that knows this order.
use super::composing::{self, Preview};
use super::correspondence;
use super::deliver::deliver;
use super::judging::World;
use super::lens::Lens;
use super::reading::{ReadError, Span, read_account, read_calendar, read_files, recently_met};
use super::{systemd, trust};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::config::{Empty, MailAccount, MailPlace, OutboxPlace, Settings};
use crate::digest::due::{self, Due, Past, Schedule};
use crate::digest::{self, Alert, FailingSource, Headers, Listing};
use crate::letter::Catalogue;
use crate::mailbox::{Imap, ImapSettings, Mailbox};
use crate::outbox::{Directory, Outbox, Patience, Smtp, SmtpSettings};
use crate::person::{Address, Domain, Mailbox as Named, Name};
use crate::store::{Commit, DigestKind, NewDigest, SourceKind, SourceRow, Store, StoreError};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use std::time::Duration;
use thiserror::Error;
use tokio_util::sync::CancellationToken;

#[derive(Debug, Error)]
pub enum RoundError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the digest could not be written: {0}")]
    Digest(String),
    #[error("the task that keeps the time ended by a bug of ours; please report it")]
    Keeper,
}

/// One IMAP command may take this long (trust.md §1).
const COMMAND: Duration = Duration::from_secs(120);

/// How doors are opened, and what every round shares.
#[derive(Debug, Clone)]
pub struct Doors {
    pub catalogue: Arc<Catalogue>,
    pub clock: Clock,
    pub chance: Chance,
    pub stop: CancellationToken,
}

impl Doors {
    /// Opens an account's mailbox; IMAP connects at its first command.
    pub fn mailbox(&self, account: &MailAccount) -> Result<Mailbox, String> {
        match &account.place {
            MailPlace::Imap { server, user, secret, folders } => {
                let settings = ImapSettings {
                    account: account.name.clone(),
                    server: server.clone(),
                    user: user.clone(),
                    credential: secret.source(),
                    folders: folders.clone(),
                    command_timeout: COMMAND,
                };
                Ok(Mailbox::Imap(Box::new(Imap::new(settings, self.stop.clone()))))
            }
            MailPlace::Path(path) => Mailbox::open_path(path).map_err(|e| e.to_string()),
        }
    }

    /// The way out, if one is configured.
    pub fn outbox(&self, settings: &Settings) -> Result<Option<Outbox>, String> {
        match &settings.outbox {
            OutboxPlace::Smtp { server, login } => {
                let login = login.as_ref().map(|(user, secret)| (user.clone(), secret.source()));
                let smtp = SmtpSettings { server: server.clone(), login, patience: Patience::default() };
                Ok(Some(Outbox::Smtp(Box::new(Smtp::new(smtp, self.stop.clone())))))
            }
            OutboxPlace::Append(name) => {
                let account = settings.mail.iter().find(|m| m.name == *name);
                let account = account.ok_or_else(|| format!("outbox.append names \"{name}\", which is no [[mail]]"))?;
                Ok(Some(Outbox::Append(Box::new(self.mailbox(account)?))))
            }
            OutboxPlace::Folder(path) => Ok(Some(Outbox::Directory(Directory::new(path)))),
            OutboxPlace::Nowhere => Ok(None),
        }
    }

    /// The lens for one account's mail.
    pub async fn lens(&self, store: &Store, settings: &Settings, account: &MailAccount) -> Result<Lens, StoreError> {
        let calendars: Vec<String> = settings.calendars.iter().map(|c| c.name.clone()).collect();
        let facts = store.facts(&calendars, &[]).await?;
        Ok(Lens {
            owner: Arc::new(settings.owner.clone()),
            catalogue: Arc::clone(&self.catalogue),
            anchor: account.trust.clone(),
            own_servers: own_servers(account),
            store_key: *store.key(),
            now: self.clock.now(),
            met: Arc::new(recently_met(&facts.meetings, self.clock.now())),
        })
    }
}

/// Domains whose Received lines are the owner's own provider's.
pub(super) fn own_servers(account: &MailAccount) -> Vec<Domain> {
    let mut out = Vec::new();
    if let MailPlace::Imap { server, .. } = &account.place {
        // imap.example.org stands for example.org: the receiving host is seldom the IMAP host itself.
        let parent = server
            .host
            .split_once('.')
            .map_or(server.host.as_str(), |(_, rest)| if rest.contains('.') { rest } else { &server.host });
        out.extend(Domain::new(parent));
    }
    if let crate::message::TrustAnchor::AuthservId(id) = &account.trust {
        out.extend(Domain::new(id));
    }
    out
}

fn kind(account: &MailAccount) -> SourceKind {
    match &account.place {
        MailPlace::Imap { .. } => SourceKind::Imap,
        MailPlace::Path(path) if path.is_dir() => SourceKind::Maildir,
        MailPlace::Path(path) if path.extension().is_some_and(|e| e == "eml") => SourceKind::Eml,
        MailPlace::Path(_) => SourceKind::Mbox,
    }
}

/// Reads one account; its trouble is recorded and returned, and touches nobody else.
pub(super) async fn read_one(
    store: &Store,
    settings: &Settings,
    doors: &Doors,
    account: &MailAccount,
    mailbox: &mut Option<Mailbox>,
) -> Result<u32, ReadError> {
    let source = store.source(&account.name, kind(account)).await?;
    let lens = doors.lens(store, settings, account).await?;
    if let (MailPlace::Path(path), Clock::Fixed(until)) = (&account.place, doors.clock) {
        return read_files(store, source, &lens, path, until).await;
    }
    if mailbox.is_none() {
        *mailbox = match doors.mailbox(account) {
            Ok(opened) => Some(opened),
            Err(why) => {
                store.source_trouble(source, &why, doors.clock.now()).await?;
                tracing::warn!(account = account.name, error = why, "the mailbox could not be opened");
                return Ok(0);
            }
        };
    }
    let Some(open) = mailbox.as_mut() else { return Ok(0) };
    let span = Span { look_back: Some(account.look_back), until: None };
    let read = read_account(store, source, &lens, open, span, doors.clock, &doors.stop).await;
    let read = match read {
        Ok(new) if new > 0 || first_today(store, source, doors.clock.now()).await? => {
            let asked = correspondence::ask(store, settings, doors, (account, source), open).await;
            if asked.is_ok() {
                asked_today(store, source, doors.clock.now()).await?;
            }
            asked.map(|_| new)
        }
        read => read,
    };
    if let Err(ReadError::Mailbox(e)) = &read {
        store.source_trouble(source, &e.to_string(), doors.clock.now()).await?;
        // Whatever state the session is in, the next round starts with a new one.
        *mailbox = None;
    }
    read
}

/// Once a day the questions are looked through though no mail came: a meeting or the owner's word may have raised one.
async fn first_today(store: &Store, source: i64, now: Timestamp) -> Result<bool, StoreError> {
    let (key, today) = (format!("correspondence/{source}"), now.to_string().chars().take(10).collect::<String>());
    Ok(store.meta(&key).await?.as_deref() != Some(&today))
}

async fn asked_today(store: &Store, source: i64, now: Timestamp) -> Result<(), StoreError> {
    let today: String = now.to_string().chars().take(10).collect();
    store.set_meta(&format!("correspondence/{source}"), &today).await
}

/// Reads every calendar.
pub(super) async fn read_calendars(store: &Store, settings: &Settings, clock: Clock) -> Result<u32, StoreError> {
    let mut changed = 0;
    for source in &settings.calendars {
        changed += read_calendar(store, &source.name, &source.path, settings, clock).await?;
    }
    Ok(changed)
}

/// One round for cron and the demo: everything read once, the digest sent if due. Returns the troubles met.
pub async fn once(store: &Store, settings: &Settings, doors: &Doors) -> Result<Vec<String>, RoundError> {
    if let Some(trouble) = trust::trouble(store, doors.clock.now()).await? {
        return Ok(vec![trouble.to_string()]);
    }
    note_policy(store, settings, doors.clock.now()).await?;
    read_calendars(store, settings, doors.clock).await?;
    let mut troubles = Vec::new();
    for account in &settings.mail {
        let mut mailbox = None;
        match read_one(store, settings, doors, account, &mut mailbox).await {
            Ok(_) => {}
            Err(ReadError::Store(e)) => return Err(e.into()),
            Err(e) => troubles.push(e.to_string()),
        }
        if let Some(open) = &mut mailbox {
            open.close().await;
        }
    }
    for source in configured(store, settings).await? {
        troubles.extend(source.trouble.filter(|t| !troubles.contains(t)));
    }
    compose_and_deliver(store, settings, doors).await?;
    housekeeping(store, settings, doors.clock).await?;
    Ok(troubles)
}

/// A source that was taken out of the config fails nobody any more.
async fn configured(store: &Store, settings: &Settings) -> Result<Vec<SourceRow>, StoreError> {
    let known = |s: &SourceRow| match s.kind.door() {
        "calendar" => settings.calendars.iter().any(|c| c.name == s.name),
        _ => settings.mail.iter().any(|m| m.name == s.name),
    };
    Ok(store.sources().await?.into_iter().filter(known).collect())
}

/// The end of a round: today's digest if it is due, and every digest one step on.
pub async fn compose_and_deliver(store: &Store, settings: &Settings, doors: &Doors) -> Result<(), RoundError> {
    if trust::trouble(store, doors.clock.now()).await?.is_some() {
        return Ok(());
    }
    compose_if_due(store, settings, doors).await?;
    deliver(store, settings, doors, doors.clock.now()).await?;
    Ok(())
}

/// Judges everything now; for the log, and so that trouble in judging shows before the digest is due.
pub(super) async fn judge_now(store: &Store, settings: &Settings, clock: Clock) -> Result<World, StoreError> {
    let calendars: Vec<String> = settings.calendars.iter().map(|c| c.name.clone()).collect();
    let accounts: Vec<String> = settings.mail.iter().map(|m| m.name.clone()).collect();
    Ok(World::at(store.facts(&calendars, &accounts).await?, settings, clock.now()))
}

pub(super) fn schedule(settings: &Settings) -> Schedule {
    Schedule {
        zone: settings.owner.zone.clone(),
        at: settings.digest.at,
        until: settings.digest.until,
        empty: match settings.digest.empty {
            Empty::Weekly => due::Empty::Weekly,
            Empty::Daily => due::Empty::Daily,
            Empty::Never => due::Empty::Never,
        },
    }
}

async fn past(store: &Store, settings: &Settings, now: Timestamp) -> Result<Past, StoreError> {
    // Tomorrow's may be there by a change of zone; what is later was written by a clock that was wrong.
    let today = now.to_zoned_datetime(settings.owner.zone.clone()).date();
    let until = today.tomorrow().unwrap_or(today);
    // A day without news is as done as one with a digest; ISO dates compare as text.
    let quiet = store.meta("quiet_day").await?.filter(|day| *day <= until.to_string());
    let done = store.digest_newest_day(until).await?.max(quiet);
    Ok(Past {
        last_day: done.and_then(|d| d.parse::<Date>().ok()),
        last_sent: store.digest_last().await?.map(|d| d.composed_at).filter(|at| *at <= now),
        newest: trust::good(store).await?,
        built: built(),
        paused_until: store.meta("paused_until").await?.and_then(|t| t.parse().ok()),
    })
}

/// No clock can be right that says a time before this: the release's date, moved with each version.
fn built() -> Timestamp {
    Timestamp::from_second(1_735_689_600).unwrap_or(Timestamp::UNIX_EPOCH) // 2025-01-01
}

/// May the clock be gone by? If not, it is said where the owner looks.
pub(super) async fn clock_trouble(store: &Store, now: Timestamp) -> Result<Option<due::ClockTrouble>, StoreError> {
    let trouble = trust::trouble(store, now).await?;
    if let Some(trouble) = trouble {
        tracing::error!(%trouble, "nothing is sent or purged while the clock cannot be right; set the machine's time");
        systemd::status(&format!("waiting: {trouble}"));
    }
    Ok(trouble)
}

/// When to look next, and what is wrong with the clock, if anything.
pub async fn when_due(store: &Store, settings: &Settings, now: Timestamp) -> Result<Due, StoreError> {
    Ok(due::due(&schedule(settings), &past(store, settings, now).await?, now))
}

/// Composes and writes down today's digest, if it is time and there is something to say.
pub(super) async fn compose_if_due(store: &Store, settings: &Settings, doors: &Doors) -> Result<bool, RoundError> {
    let now = doors.clock.now();
    let past = past(store, settings, now).await?;
    let day = match due::due(&schedule(settings), &past, now) {
        Due::Now { day, .. } => day,
        Due::Later { .. } => return Ok(false),
        Due::Clock(trouble) => {
            tracing::error!(%trouble, "nothing is sent while the clock cannot be right; set the machine's time");
            systemd::status(&format!("waiting: {trouble}"));
            return Ok(false);
        }
    };
    if settings.outbox == OutboxPlace::Nowhere {
        return Ok(false);
    }
    if store.digest_of(day, DigestKind::Quiet).await?.is_some() {
        return Ok(false);
    }
    // Calendars are read just before composing: an answer that is an hour old may be wrong.
    read_calendars(store, settings, doors.clock).await?;
    let preview = composing::preview(store, settings, Listing::News, None, Commit::Yes, now).await?;
    let quiet = preview.composed.quiet;
    if quiet && !due::quiet_line(&schedule(settings), &past, day) {
        // Nothing to say today: remembered, so that the question is not asked each minute.
        store.set_meta("quiet_day", &day.to_string()).await?;
        return Ok(false);
    }
    let kind = if quiet { DigestKind::Quiet } else { DigestKind::Daily };
    let new = write(settings, doors, preview, day, kind, now)?;
    let row = store.enqueue(&new).await?;
    super::reading::crash_point("enqueued");
    if let Some(row) = &row {
        // Said now; a repair is told once.
        store.set_meta("repaired", "").await?;
        tracing::info!(digest = row.id, day = row.day, says = new.says.len(), "digest composed");
    }
    Ok(row.is_some())
}

/// news.md: `<thankd.DAY.RANDOM128@domain>`, fixed before connecting.
fn message_id(settings: &Settings, day: Date, token: &str) -> String {
    format!("thankd.{day}.{token}@{}", settings.digest.from.domain().as_str())
}

/// What every letter of ours carries; the caller sets the Message-ID.
#[must_use]
pub fn headers(settings: &Settings, token: &str, now: Timestamp) -> Headers {
    let day = now.to_zoned_datetime(settings.owner.zone.clone()).date();
    Headers {
        from: Named { name: Name::new("thankd"), address: Some(settings.digest.from.clone()) },
        to: vec![settings.digest.to.clone()],
        message_id: message_id(settings, day, token),
        date: now,
        token: token.to_owned(),
    }
}

/// The digest as mail, with its Message-ID fixed before anything is sent.
pub(super) fn write(
    settings: &Settings,
    doors: &Doors,
    preview: Preview,
    day: Date,
    kind: DigestKind,
    now: Timestamp,
) -> Result<NewDigest, RoundError> {
    let token = doors.chance.token();
    let message_id = message_id(settings, day, &token);
    let headers =
        |to: &[Address]| Headers { to: to.to_vec(), message_id: message_id.clone(), ..headers(settings, &token, now) };
    let digest = &preview.composed.digest;
    let failed = |e: digest::LetterTrouble| RoundError::Digest(e.to_string());
    let body = digest::letter_of(digest, &headers(std::slice::from_ref(&settings.digest.to))).map_err(failed)?;
    let others = if settings.digest.also_to.is_empty() {
        None
    } else {
        Some(digest::letter_of(&digest.for_others(), &headers(&settings.digest.also_to)).map_err(failed)?)
    };
    Ok(NewDigest { day, kind, composed_at: now, message_id, body, others, says: preview.composed.says })
}

/// Remembers when the owner's etiquette changed: a face that differs for that reason is told as such (news.md).
pub(super) async fn note_policy(store: &Store, settings: &Settings, now: Timestamp) -> Result<(), StoreError> {
    let print = format!("{:?}", (&settings.policy, &settings.own_words));
    let hash = ring::digest::digest(&ring::digest::SHA256, print.as_bytes());
    let hash: String = hash.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    let known = store.meta("policy_hash").await?;
    if known.as_deref() != Some(&hash) {
        store.set_meta("policy_hash", &hash).await?;
        if known.is_some() {
            store.set_meta("policy_changed_at", &now.to_string()).await?;
        }
    }
    Ok(())
}

/// Once a day: purge by `[keep]`, let delivered texts go, one backup.
pub(super) async fn housekeeping(store: &Store, settings: &Settings, clock: Clock) -> Result<(), StoreError> {
    let now = clock.now();
    let today = now.to_zoned_datetime(settings.owner.zone.clone()).date().to_string();
    if store.meta("housekeeping").await?.as_deref() == Some(&today) {
        return Ok(());
    }
    let world = judge_now(store, settings, clock).await?;
    let strangers = world.strangers();
    let gone = store.purge(&settings.keep, &strangers, now).await?;
    store.digests_rest(now).await?;
    store.backup().await?;
    store.set_meta("housekeeping", &today).await?;
    tracing::info!(purged = gone, "daily housekeeping done, backup written");
    Ok(())
}

/// Silence is never success (trust.md P15): sources failing for a day, to be told in one alert.
async fn failing_for_a_day(store: &Store, settings: &Settings, now: Timestamp) -> Result<Vec<SourceRow>, StoreError> {
    let day = SignedDuration::from_hours(24);
    let failing = |s: &SourceRow| {
        s.trouble_since
            .is_some_and(|since| now.duration_since(since) >= day && s.alerted_at.is_none_or(|at| at < since))
    };
    Ok(configured(store, settings).await?.into_iter().filter(failing).collect())
}

/// Writes down the one alert of the day.
pub(super) async fn alert_if_due(store: &Store, settings: &Settings, doors: &Doors) -> Result<(), RoundError> {
    let now = doors.clock.now();
    if settings.outbox == OutboxPlace::Nowhere {
        return Ok(());
    }
    let failing = failing_for_a_day(store, settings, now).await?;
    if failing.is_empty() {
        return Ok(());
    }
    let day = now.to_zoned_datetime(settings.owner.zone.clone()).date();
    if store.digest_of(day, DigestKind::Alert).await?.is_some() {
        return Ok(());
    }
    let token = doors.chance.token();
    let message_id = message_id(settings, day, &token);
    let headers = Headers { message_id: message_id.clone(), ..headers(settings, &token, now) };
    let sources = failing
        .iter()
        .map(|f| FailingSource {
            name: f.name.clone(),
            since: f.trouble_since.unwrap_or(now),
            trouble: f.trouble.clone().unwrap_or_default(),
            remedy: None,
        })
        .collect();
    let alert = Alert { sources, now, zone: settings.owner.zone.clone() };
    let body = digest::alert_letter(&alert, &headers).map_err(|e| RoundError::Digest(e.to_string()))?;
    let new =
        NewDigest { day, kind: DigestKind::Alert, composed_at: now, message_id, body, others: None, says: Vec::new() };
    if store.enqueue(&new).await?.is_some() {
        for source in failing {
            store.alerted(source.id, now).await?;
        }
    }
    Ok(())
}

/// Files given on the command line, read as one account or calendar each (standalone use, the demo).
pub async fn read_all(store: &Store, settings: &Settings, doors: &Doors) -> Result<Vec<String>, RoundError> {
    read_calendars(store, settings, doors.clock).await?;
    let mut troubles = Vec::new();
    for account in &settings.mail {
        let mut mailbox = None;
        match read_one(store, settings, doors, account, &mut mailbox).await {
            Ok(_) => {}
            Err(ReadError::Store(e)) => return Err(e.into()),
            Err(e) => troubles.push(e.to_string()),
        }
    }
    if let Some(first) = settings.mail.first() {
        let source = store.source(&first.name, kind(first)).await?;
        let paths = settings.mail.iter().filter_map(|m| match &m.place {
            MailPlace::Path(path) => Some((path.clone(), m.trust.clone())),
            MailPlace::Imap { .. } => None,
        });
        correspondence::ask_files(store, settings, doors, source, paths.collect()).await?;
    }
    for source in store.sources().await? {
        troubles.extend(source.trouble.filter(|t| !troubles.contains(t)));
    }
    Ok(troubles)
}
