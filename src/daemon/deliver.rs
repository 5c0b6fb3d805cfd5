//! A digest on its way: written down, sent, and looked for, so that it arrives once (news.md, Commit).
//!
//! SMTP cannot say whether a mail was taken when the line breaks after the last dot. So a send that ended in doubt is
//! first looked for in the owner's own mailbox, and only then sent once more, the same bytes under the same Message-ID.
use super::reading::crash_point;
use super::rounds::Doors;
use crate::config::{OutboxPlace, Settings};
use crate::mailbox::{Mailbox, Wanted};
use crate::net::Outcome;
use crate::outbox::{Envelope, SendOutcome};
use crate::store::{DigestKind, DigestRow, DigestState, Store, StoreError};
use jiff::{SignedDuration, Timestamp};

/// Not found this long after an accepted send: said, not sent again.
const FOUND_WITHIN: SignedDuration = SignedDuration::from_mins(30);
/// A digest in doubt is sent once more, and no more.
const SENDS_IN_DOUBT: u32 = 2;

/// Moves every digest that is not at rest one step on. Returns when to come back.
pub(super) async fn deliver(
    store: &Store,
    settings: &Settings,
    doors: &Doors,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let mut next: Option<Timestamp> = None;
    for row in store.digests_open().await? {
        if let Some(at) = step(store, settings, doors, &row, now).await? {
            next = Some(next.map_or(at, |n| n.min(at)));
        }
    }
    Ok(next)
}

pub(super) async fn step(
    store: &Store,
    settings: &Settings,
    doors: &Doors,
    row: &DigestRow,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    match row.state {
        DigestState::Composed => send_when_time(store, settings, doors, row, now).await,
        // Found in this state means the daemon was killed while sending: nobody knows.
        DigestState::Sending => {
            store.digest_state(row.id, DigestState::Unknown, Some("interrupted while sending"), now).await?;
            Ok(Some(now))
        }
        DigestState::Accepted => look(store, settings, doors, row, now).await,
        DigestState::Unknown => look_then_send_again(store, settings, doors, row, now).await,
        DigestState::Found | DigestState::Abandoned => Ok(None),
    }
}

async fn send_when_time(
    store: &Store,
    settings: &Settings,
    doors: &Doors,
    row: &DigestRow,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    if row.kind != DigestKind::Alert && too_late(settings, row, now) {
        let note = row.note.as_deref().unwrap_or("it could not be sent in time");
        tracing::warn!(digest = row.id, note, "the digest is given up for today; its news goes to tomorrow's");
        store.digest_state(row.id, DigestState::Abandoned, Some(note), now).await?;
        return Ok(None);
    }
    if let Some(again) = row.tried_at.map(|t| later(t, wait(row.attempts))).filter(|t| *t > now) {
        return Ok(Some(again));
    }
    send(store, settings, doors, row, now).await
}

pub(super) fn too_late(settings: &Settings, row: &DigestRow, now: Timestamp) -> bool {
    let local = now.to_zoned_datetime(settings.owner.zone.clone());
    local.date().to_string() != row.day || local.time() >= settings.digest.until
}

/// 1, 2, 4 … minutes, at most 15.
pub(super) fn wait(attempts: u32) -> SignedDuration {
    SignedDuration::from_mins(i64::from(1_u32 << attempts.saturating_sub(1).min(4)).min(15))
}

pub(super) fn later(t: Timestamp, by: SignedDuration) -> Timestamp {
    t.checked_add(by).unwrap_or(Timestamp::MAX)
}

pub(super) async fn send(
    store: &Store,
    settings: &Settings,
    doors: &Doors,
    row: &DigestRow,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let Some(body) = &row.body else {
        store.digest_state(row.id, DigestState::Abandoned, Some("its text is gone"), now).await?;
        return Ok(None);
    };
    let mut outbox = match doors.outbox(settings) {
        Ok(Some(outbox)) => outbox,
        Ok(None) => {
            store.digest_state(row.id, DigestState::Abandoned, Some("no way out is configured"), now).await?;
            return Ok(None);
        }
        Err(why) => {
            store.digest_state(row.id, DigestState::Composed, Some(&why), now).await?;
            return Ok(Some(later(now, wait(row.attempts + 1))));
        }
    };
    let mut to = vec![settings.digest.to.clone()];
    if row.kind == DigestKind::Alert {
        to.truncate(1);
    }
    let envelope = Envelope { from: settings.digest.from.clone(), to };
    store.digest_state(row.id, DigestState::Sending, None, now).await?;
    crash_point("sending");
    let outcome = outbox.send(&envelope, body, &row.message_id).await;
    crash_point("sent");
    match outcome {
        SendOutcome::Accepted(answer) => {
            tracing::info!(digest = row.id, day = row.day, answer, "digest accepted");
            store.digest_state(row.id, DigestState::Accepted, None, now).await?;
            crash_point("accepted");
            if matches!(settings.outbox, OutboxPlace::Folder(_)) {
                // A file that was written and synced has arrived.
                store.digest_found(row.id, &row.message_id).await?;
                return Ok(None);
            }
            send_to_others(settings, doors, row).await;
            Ok(Some(later(now, SignedDuration::from_secs(20))))
        }
        SendOutcome::NotSent(e) => not_sent(store, row, &e.to_string(), e.outcome(), now).await,
        SendOutcome::Unknown(e) => {
            tracing::warn!(digest = row.id, error = %e, "nobody knows whether the digest was taken; looking for it in the mailbox first");
            store.digest_state(row.id, DigestState::Unknown, Some(&e.to_string()), now).await?;
            Ok(Some(later(now, SignedDuration::from_secs(20))))
        }
    }
}

async fn not_sent(
    store: &Store,
    row: &DigestRow,
    error: &str,
    outcome: Outcome,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    match outcome {
        Outcome::RetryLater(after) => {
            tracing::warn!(digest = row.id, error, "the digest could not be sent yet");
            store.digest_state(row.id, DigestState::Composed, Some(error), now).await?;
            let after = SignedDuration::try_from(after).unwrap_or(SignedDuration::ZERO);
            Ok(Some(later(now, after.max(wait(row.attempts + 1)))))
        }
        // A wrong password may be mended by the owner before `until`; a refused mail stays refused.
        Outcome::AskOwner(what) => {
            tracing::error!(digest = row.id, what, "the digest cannot be sent until you act");
            store.digest_state(row.id, DigestState::Composed, Some(&what), now).await?;
            Ok(Some(later(now, SignedDuration::from_mins(15))))
        }
        Outcome::SkipThis(what) | Outcome::Bug(what) => {
            tracing::error!(digest = row.id, what, "the digest was refused; its news goes to tomorrow's");
            store.digest_state(row.id, DigestState::Abandoned, Some(&what), now).await?;
            Ok(None)
        }
    }
}

/// The random part of `thankd.DAY.RANDOM@domain`, which X-Thankd-Digest repeats.
fn token(message_id: &str) -> &str {
    let local = message_id.split('@').next().unwrap_or_default();
    local.rsplit('.').next().unwrap_or_default()
}

/// Is it there? `Err`: no mailbox could be asked.
async fn find(store: &Store, settings: &Settings, doors: &Doors, row: &DigestRow) -> Result<Option<String>, String> {
    let wanted = Wanted { message_id: row.message_id.clone(), digest: Some(token(&row.message_id).to_owned()) };
    let since = later(row.composed_at, -SignedDuration::from_hours(24));
    let mut asked = false;
    let mut trouble = String::from("no IMAP account is configured to look into");
    // An account in trouble is tried by its own task, with its own patience: asked here too it might be locked out.
    let sources = store.sources().await.map_err(|e| e.to_string())?;
    let troubled =
        |name: &str| sources.iter().any(|s| s.kind.door() == "mail" && s.name == name && s.trouble.is_some());
    for account in settings.mail.iter().filter(|a| !troubled(&a.name)) {
        let Ok(mut mailbox) = doors.mailbox(account) else { continue };
        if !matches!(mailbox, Mailbox::Imap(_) | Mailbox::Memory(_)) {
            continue;
        }
        match mailbox.find_message(&wanted, since).await {
            Ok(Some(found)) => {
                mailbox.close().await;
                return Ok(Some(found.message_id.unwrap_or_else(|| row.message_id.clone())));
            }
            Ok(None) => asked = true,
            Err(e) => trouble = e.to_string(),
        }
        mailbox.close().await;
    }
    if asked { Ok(None) } else { Err(trouble) }
}

async fn look(
    store: &Store,
    settings: &Settings,
    doors: &Doors,
    row: &DigestRow,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let tried = row.tried_at.unwrap_or(row.composed_at);
    let give_up = later(tried, FOUND_WITHIN);
    if row.note.is_some() || now > later(give_up, SignedDuration::from_hours(24)) {
        // Said already; its text goes after two days.
        return Ok(None);
    }
    if !is_time_to_look(tried, now) {
        return Ok(Some(soon(tried, now)));
    }
    match find(store, settings, doors, row).await {
        Ok(Some(as_filed)) => {
            tracing::info!(digest = row.id, "the digest lies in the mailbox");
            store.digest_found(row.id, &as_filed).await?;
            Ok(None)
        }
        Ok(None) if now >= give_up => {
            tracing::warn!(
                digest = row.id,
                "the server accepted the digest, but it is in no Inbox, All Mail or Trash thankd reads; not sent again"
            );
            let note = "accepted by the server, but not seen in the mailbox within 30 minutes";
            store.digest_state(row.id, DigestState::Accepted, Some(note), now).await?;
            Ok(None)
        }
        Ok(None) => Ok(Some(soon(tried, now))),
        Err(why) if now >= give_up => {
            let note = format!("accepted by the server; no mailbox could be asked whether it arrived ({why})");
            store.digest_state(row.id, DigestState::Accepted, Some(&note), now).await?;
            Ok(None)
        }
        Err(_) => Ok(Some(soon(tried, now))),
    }
}

/// The round comes by each minute, and oftener when mail comes: a mailbox is opened for this a dozen times at most.
fn is_time_to_look(tried: Timestamp, now: Timestamp) -> bool {
    let minutes = now.duration_since(tried).as_mins();
    minutes < 2 || minutes % 5 == 0 || minutes >= FOUND_WITHIN.as_mins()
}

/// After 20 s, then each time twice as late.
fn soon(tried: Timestamp, now: Timestamp) -> Timestamp {
    let passed = now.duration_since(tried).max(SignedDuration::from_secs(20));
    later(now, passed.min(SignedDuration::from_mins(10)))
}

async fn look_then_send_again(
    store: &Store,
    settings: &Settings,
    doors: &Doors,
    row: &DigestRow,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let tried = row.tried_at.unwrap_or(row.composed_at);
    if !is_time_to_look(tried, now) {
        return Ok(Some(soon(tried, now)));
    }
    let found = find(store, settings, doors, row).await;
    if let Ok(Some(as_filed)) = found {
        tracing::info!(digest = row.id, "the digest in doubt lies in the mailbox");
        store.digest_found(row.id, &as_filed).await?;
        return Ok(None);
    }
    if now < later(tried, FOUND_WITHIN) {
        return Ok(Some(soon(tried, now)));
    }
    if row.doubts >= SENDS_IN_DOUBT {
        store
            .digest_state(row.id, DigestState::Abandoned, Some("twice in doubt; its news goes to tomorrow's"), now)
            .await?;
        return Ok(None);
    }
    if let Err(why) = found {
        tracing::warn!(digest = row.id, why, "no mailbox could be asked; the digest in doubt is sent once more");
    }
    send(store, settings, doors, row, now).await
}

/// `digest.also_to`: names and verdicts only, once, best effort; the owner's copy is the one that counts.
async fn send_to_others(settings: &Settings, doors: &Doors, row: &DigestRow) {
    let Some(others) = row.others.as_ref().filter(|_| !settings.digest.also_to.is_empty()) else { return };
    let Ok(Some(mut outbox)) = doors.outbox(settings) else { return };
    let envelope = Envelope { from: settings.digest.from.clone(), to: settings.digest.also_to.clone() };
    match outbox.send(&envelope, others, &row.message_id).await {
        SendOutcome::Accepted(_) => {}
        SendOutcome::NotSent(e) | SendOutcome::Unknown(e) => {
            tracing::warn!(digest = row.id, error = %e, "the copy for digest.also_to could not be sent");
        }
    }
}
