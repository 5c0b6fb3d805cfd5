//! A digest sent at the owner's request, and where each one is, in words.
//!
//! "Composed" is the store's word, not the owner's: what counts for them is whether it went out, and if not, what stands
//! in the way and when it is tried again.
use super::composing;
use super::deliver::{later, send, step, too_late, wait};
use super::rounds::{Doors, RoundError, write};
use crate::config::{OutboxPlace, Settings};
use crate::digest::{Listing, words::When};
use crate::store::{Commit, DigestKind, DigestRow, DigestState, Store, StoreError};
use jiff::Timestamp;

/// Where a digest is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whereabouts {
    /// It went out, or is about to.
    pub well: bool,
    pub says: String,
    /// It waits, and is tried again then.
    pub next_attempt: Option<Timestamp>,
}

/// In the owner's words.
#[must_use]
pub fn whereabouts(settings: &Settings, row: &DigestRow, now: Timestamp) -> Whereabouts {
    let when = When::new(now, &settings.owner.zone);
    let told = |says: &str, well| {
        let note = row.note.as_ref().map(|n| format!(": {n}")).unwrap_or_default();
        Whereabouts { well, says: format!("{says}{note}"), next_attempt: None }
    };
    match row.state {
        DigestState::Composed if row.note.is_none() => {
            Whereabouts { next_attempt: Some(now), ..told("written, waits to be sent", true) }
        }
        DigestState::Composed => {
            let next_attempt = next_attempt(settings, row, now);
            let then = match next_attempt {
                Some(at) => format!("; next attempt {}", when.moment(at)),
                None => "; not tried again today, its news goes to the next digest".to_owned(),
            };
            let waiting = told("NOT sent", false);
            Whereabouts { says: waiting.says + &then, next_attempt, ..waiting }
        }
        DigestState::Sending => told("being sent", true),
        DigestState::Unknown => told("perhaps sent: it is looked for in the mailbox before it is sent again", false),
        DigestState::Accepted => told("sent", true),
        DigestState::Found => told("sent, and arrived", true),
        DigestState::Abandoned => told("NOT sent, its news goes to the next digest", false),
    }
}

/// Did the server itself ask for patience? Its words are all that is kept of an attempt (outbox/error.rs, `Later`).
#[must_use]
pub fn put_off(row: &DigestRow) -> bool {
    row.state == DigestState::Composed && row.note.as_ref().is_some_and(|note| note.contains("was refused for now"))
}

/// `thankd digest --send`: today's digest now, whatever the hour, but still only one a local day.
pub async fn send_now(store: &Store, settings: &Settings, doors: &Doors) -> Result<Whereabouts, RoundError> {
    let now = doors.clock.now();
    let day = now.to_zoned_datetime(settings.owner.zone.clone()).date();
    if settings.outbox == OutboxPlace::Nowhere {
        let says = "NOT sent: no way out is configured; set [smtp] or [outbox]".to_owned();
        return Ok(Whereabouts { well: false, says, next_attempt: None });
    }
    let mut row = store.digest_of(day, DigestKind::Daily).await?;
    if let Some(done) = row.as_ref().filter(|r| matches!(r.state, DigestState::Accepted | DigestState::Found)) {
        let at = When::new(now, &settings.owner.zone).moment(done.tried_at.unwrap_or(done.composed_at));
        let says = format!("today's digest was sent {at} already; nothing is sent twice");
        return Ok(Whereabouts { well: true, says, next_attempt: None });
    }
    if row.is_none() {
        let preview = composing::preview(store, settings, Listing::News, None, Commit::Yes, now).await?;
        row = store.enqueue(&write(settings, doors, preview, day, DigestKind::Daily, now)?).await?;
    }
    if let Some(row) = &row {
        deliver_now(store, settings, doors, row, now).await?;
    }
    let gone = || Whereabouts { well: false, says: "NOT sent: it is gone from the store".into(), next_attempt: None };
    let row = store.digest_of(day, DigestKind::Daily).await?;
    let there = row.map_or_else(gone, |row| whereabouts(settings, &row, now));
    Ok(Whereabouts { says: format!("digest of {day} to {}: {}", settings.digest.to.as_str(), there.says), ..there })
}

/// At the owner's request: as much patience as they have, and at any hour.
async fn deliver_now(
    store: &Store,
    settings: &Settings,
    doors: &Doors,
    row: &DigestRow,
    now: Timestamp,
) -> Result<(), StoreError> {
    match row.state {
        DigestState::Composed => send(store, settings, doors, row, now).await?,
        DigestState::Sending
        | DigestState::Accepted
        | DigestState::Unknown
        | DigestState::Found
        | DigestState::Abandoned => step(store, settings, doors, row, now).await?,
    };
    Ok(())
}

/// When a waiting digest is tried again; `None`: not any more, its news goes to tomorrow's.
fn next_attempt(settings: &Settings, row: &DigestRow, now: Timestamp) -> Option<Timestamp> {
    let again = row.tried_at.map_or(now, |t| later(t, wait(row.attempts))).max(now);
    (row.kind == DigestKind::Alert || !too_late(settings, row, again)).then_some(again)
}
