//! Sources into the store: mail by folder and batch, calendars whole. The cursor moves with the commit, never before.
use super::lens::{Lens, Taken};
use crate::calendar::{Calendar, CalendarError};
use crate::clock::Clock;
use crate::config::Settings;
use crate::mailbox::{Batch, Cursor, Fetched, Folder, Limits, Mailbox, MailboxError, Role, Uid, read_path};
use crate::meeting::{self, Glossary, Meeting, Window};
use crate::person::{Address, Name, Owner};
use crate::store::{self, CalendarRead, FolderRole, FolderRow, SourceKind, Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use thiserror::Error;
use tokio_util::sync::CancellationToken;

#[derive(Debug, Error)]
pub enum ReadError {
    #[error(transparent)]
    Mailbox(#[from] MailboxError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("stopped")]
    Stopped,
}

/// Which mails count at all: standalone use asks what a daemon would have known at `until`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Span {
    pub look_back: Option<SignedDuration>,
    pub until: Option<Timestamp>,
}

/// Reads all folders of an account up to now. Returns how many mails became new facts.
pub async fn read_account(
    store: &Store,
    source: i64,
    lens: &Lens,
    mailbox: &mut Mailbox,
    span: Span,
    clock: Clock,
    stop: &CancellationToken,
) -> Result<u32, ReadError> {
    let folders = mailbox.folders().await?;
    let paths: Vec<Vec<u8>> = folders.iter().map(|f| f.path.clone()).collect();
    store.keep_folders(source, &paths).await?;
    let mut new = 0;
    let mut trouble = None;
    for folder in &folders {
        let row = store.folder(source, &folder.path, role(folder.role)).await?;
        match read_folder(store, &row, folder, lens, mailbox, span, clock, stop).await {
            Ok(n) => new += n,
            Err(ReadError::Mailbox(e)) if matches!(e.outcome(), crate::net::Outcome::SkipThis(_)) => {
                store.folder_trouble(row.id, &e.to_string(), clock.now()).await?;
                trouble = Some(e.to_string());
            }
            Err(e) => return Err(e),
        }
    }
    let from = span.look_back.and_then(|back| clock.now().checked_sub(back).ok());
    store.source_ok(source, from, clock.now()).await?;
    if let Some(trouble) = trouble {
        store.source_trouble(source, &trouble, clock.now()).await?;
    }
    Ok(new)
}

/// Files read once, whole, without a cursor: what is given is all there is (standalone use, the demo).
pub async fn read_files(
    store: &Store,
    source: i64,
    lens: &Lens,
    path: &Path,
    until: Timestamp,
) -> Result<u32, ReadError> {
    let row = store.folder(source, b"files", FolderRole::Inbox).await?;
    let (lens, place) = (lens.clone(), path.to_owned());
    let job = move || -> Result<(store::Batch, Vec<String>), MailboxError> {
        let mut record =
            store::Batch { complete: true, covers_from: Some(Timestamp::UNIX_EPOCH), ..Default::default() };
        let mut troubles = Vec::new();
        for mail in read_path(&place)? {
            match mail {
                Ok(mail) => count(&mut record, lens.take(&mail.bytes, None, FolderRole::Inbox, None), Some(until)),
                Err(e) => {
                    *record.tally.entry("unreadable:".into()).or_default() += 1;
                    troubles.push(e.to_string());
                }
            }
        }
        Ok((record, troubles))
    };
    let done = tokio::task::spawn_blocking(job).await;
    let (record, troubles) = match done {
        Ok(Ok(done)) => done,
        Ok(Err(e)) => {
            store.source_trouble(source, &e.to_string(), until).await?;
            return Err(e.into());
        }
        Err(_) => {
            store.source_trouble(source, "reading it failed by a bug of ours; please report it", until).await?;
            return Ok(0);
        }
    };
    let new = store.record(&row, &record, until).await?;
    store.source_ok(source, record.covers_from, until).await?;
    if !troubles.is_empty() {
        store.source_trouble(source, &troubles.join("; "), until).await?;
    }
    Ok(new)
}

#[expect(clippy::too_many_arguments, reason = "one loop's surroundings, called once")]
async fn read_folder(
    store: &Store,
    row: &FolderRow,
    folder: &Folder,
    lens: &Lens,
    mailbox: &mut Mailbox,
    span: Span,
    clock: Clock,
    stop: &CancellationToken,
) -> Result<u32, ReadError> {
    let since = span.look_back.and_then(|back| clock.now().checked_sub(back).ok()).unwrap_or(Timestamp::UNIX_EPOCH);
    let mut cursor = row.cursor.map(cursor_in);
    let mut new = 0;
    loop {
        if stop.is_cancelled() {
            return Err(ReadError::Stopped);
        }
        let batch = mailbox.sync(folder, cursor, since, Limits::default()).await?;
        for notice in &batch.notices {
            tracing::warn!(folder = row.id, notice, "the server said");
        }
        let more = batch.more;
        let next = batch.cursor;
        let mut record = take_batch(mailbox, folder, row, lens, batch, span.until).await?;
        record.cursor =
            (cursor != Some(next)).then_some(cursor_out(next)).or(row.cursor.filter(|_| cursor == Some(next)));
        record.covers_from = Some(since);
        record.complete = !more;
        new += store.record(row, &record, clock.now()).await?;
        crash_point("recorded");
        cursor = Some(next);
        if !more {
            return Ok(new);
        }
    }
}

/// Headers first, bodies only of what can matter, each mail through the lens.
async fn take_batch(
    mailbox: &mut Mailbox,
    folder: &Folder,
    row: &FolderRow,
    lens: &Lens,
    batch: Batch,
    until: Option<Timestamp>,
) -> Result<store::Batch, ReadError> {
    let mut record = store::Batch::default();
    let mut wanted: Vec<Uid> = Vec::new();
    for header in &batch.headers {
        match lens.by_header(&header.header, row.role) {
            Some(taken) => count(&mut record, taken, until),
            None => wanted.push(header.uid),
        }
    }
    if !batch.unreadable.is_empty() {
        let n = u32::try_from(batch.unreadable.len()).unwrap_or(u32::MAX);
        *record.tally.entry("unreadable:".into()).or_default() += n;
    }
    while !wanted.is_empty() {
        let bodies = mailbox.bodies(folder, batch.cursor.uidvalidity, &wanted, Limits::default()).await?;
        crash_point("fetched");
        let lost = u32::try_from(bodies.unreadable.len()).unwrap_or(u32::MAX);
        if lost > 0 {
            *record.tally.entry("unreadable:".into()).or_default() += lost;
        }
        let progressed = bodies.left.len() < wanted.len();
        let fetched = bodies.fetched.into_iter().map(|f| without_file_date(mailbox, f)).collect();
        for taken in look_through(lens.clone(), fetched, row.role).await {
            count(&mut record, taken, until);
        }
        wanted = bodies.left;
        if !progressed {
            // A server that neither gives nor refuses: what is left is counted, not asked for again and again.
            *record.tally.entry("unreadable:".into()).or_default() += u32::try_from(wanted.len()).unwrap_or(u32::MAX);
            break;
        }
    }
    Ok(record)
}

/// A file's date is that of its last copy, and a copied mailbox must not change a verdict (etiquette.md, Time).
fn without_file_date(mailbox: &Mailbox, fetched: Fetched) -> Fetched {
    match mailbox {
        Mailbox::Imap(_) | Mailbox::Memory(_) => fetched,
        Mailbox::Files(_) => Fetched { internal_date: None, ..fetched },
    }
}

/// Recognition is CPU work: off the threads that keep time.
async fn look_through(lens: Lens, fetched: Vec<Fetched>, role: FolderRole) -> Vec<Taken> {
    let job = move || {
        fetched
            .iter()
            .map(|f| lens.take(&f.bytes, f.internal_date, role, Some(i64::from_ne_bytes(f.uid.0.to_ne_bytes()))))
            .collect()
    };
    tokio::task::spawn_blocking(job).await.unwrap_or_default()
}

fn count(record: &mut store::Batch, taken: Taken, until: Option<Timestamp>) {
    let later = until.zip(taken.reading.as_ref()).is_some_and(|(until, r)| r.arrived_at > until);
    if later {
        return;
    }
    *record.tally.entry(store::READ.into()).or_default() += 1;
    for outcome in taken.outcomes {
        *record.tally.entry(outcome).or_default() += 1;
    }
    record.readings.extend(taken.reading);
}

/// UIDs are unsigned, SQLite's integers signed: the bits are kept.
fn cursor_in(c: store::Cursor) -> Cursor {
    let bits = |n: i64| u64::from_ne_bytes(n.to_ne_bytes());
    Cursor { uidvalidity: bits(c.uidvalidity), next_uid: bits(c.next_uid), backfilled_to: c.backfilled_to.map(bits) }
}

fn cursor_out(c: Cursor) -> store::Cursor {
    let bits = |n: u64| i64::from_ne_bytes(n.to_ne_bytes());
    store::Cursor {
        uidvalidity: bits(c.uidvalidity),
        next_uid: bits(c.next_uid),
        backfilled_to: c.backfilled_to.map(bits),
    }
}

fn role(role: Role) -> FolderRole {
    match role {
        Role::Inbox => FolderRole::Inbox,
        Role::All => FolderRole::All,
        Role::Archive => FolderRole::Archive,
        Role::Sent => FolderRole::Sent,
        Role::Trash => FolderRole::Trash,
        Role::Junk => FolderRole::Junk,
        Role::Other => FolderRole::Other,
    }
}

/// Reads one calendar into the store; trouble is recorded, never returned: the rest goes on.
pub async fn read_calendar(
    store: &Store,
    name: &str,
    path: &Path,
    settings: &Settings,
    clock: Clock,
) -> Result<u32, StoreError> {
    let source = store.source(name, SourceKind::Ics).await?;
    let now = clock.now();
    let window = window(settings, now);
    let (owner, place) = (settings.owner.clone(), path.to_owned());
    let others: Vec<PathBuf> = settings.calendars.iter().map(|c| c.path.clone()).filter(|p| p != path).collect();
    let job = move || {
        let reading = Calendar::at(&place)?.read(&window, &owner, now)?;
        Ok::<_, CalendarError>((reading, called_off(&others, &window, &owner)))
    };
    let (reading, called_off) = match tokio::task::spawn_blocking(job).await {
        Ok(Ok(read)) => read,
        Ok(Err(e)) => return in_trouble(store, source, name, &format!("{e}: {}", e.remedy()), now).await,
        Err(_) => {
            return in_trouble(store, source, name, "reading it failed by a bug of ours; please report it", now).await;
        }
    };
    for remark in &reading.remarks {
        tracing::info!(calendar = name, remark, "remark");
    }
    if let Some(trouble) = &reading.trouble {
        tracing::warn!(calendar = name, trouble, "the calendar was read in part");
    }
    let mut meetings = reading.meetings(name, &settings.owner, Glossary::embedded(), now);
    meeting::call_off(&mut meetings, &called_off, now);
    // Only what an outside person is in is kept, and private time (privacy.md).
    let kept = meetings.into_iter().filter(|m| !m.participants.is_empty() && !m.signals.private).collect();
    let read = CalendarRead { meetings: kept, covers: reading.covers, trouble: reading.trouble };
    store.record_calendar(source, &read, now).await
}

/// What other calendars call off of this one. One that cannot be read says so when its own turn comes.
fn called_off(others: &[PathBuf], window: &Window, owner: &Owner) -> Vec<(String, i64)> {
    let each = others.iter().filter_map(|path| Calendar::at(path).and_then(|c| c.called_off(window, owner)).ok());
    each.flatten().collect()
}

async fn in_trouble(store: &Store, source: i64, name: &str, trouble: &str, now: Timestamp) -> Result<u32, StoreError> {
    tracing::warn!(calendar = name, trouble, "the calendar could not be read");
    store.source_trouble(source, trouble, now).await?;
    Ok(0)
}

/// trust.md: from `remember_meetings` ago to 90 days ahead.
#[must_use]
pub fn window(settings: &Settings, now: Timestamp) -> Window {
    let from = now.checked_sub(settings.policy.remember_meetings).unwrap_or(Timestamp::MIN);
    let to = now.checked_add(SignedDuration::from_hours(90 * 24)).unwrap_or(Timestamp::MAX);
    Window { from, to }
}

/// Names and addresses of everybody whose meeting ended in the last 14 days.
#[must_use]
pub fn recently_met(meetings: &[Meeting], now: Timestamp) -> Vec<(Option<Name>, Option<Address>)> {
    let since = now.checked_sub(SignedDuration::from_hours(14 * 24)).unwrap_or(Timestamp::MIN);
    let mut seen = HashMap::new();
    for m in meetings.iter().filter(|m| m.ends >= since && m.ends <= now && m.cancelled_at.is_none()) {
        for p in &m.participants {
            seen.entry((p.name.clone(), p.address.clone())).or_insert(());
        }
    }
    seen.into_keys().collect()
}

/// Named points at which the tests kill the daemon (`THANKD_CRASH_AT=recorded`): only in debug builds.
pub(super) fn crash_point(name: &str) {
    if cfg!(debug_assertions) && std::env::var_os("THANKD_CRASH_AT").is_some_and(|at| at == name) {
        tracing::error!(point = name, "crashing on request");
        std::process::abort();
    }
}
