//! One batch of mail and its cursor: one transaction, so that a crash loses nothing and counts nothing twice.
use super::{Store, StoreError, word};
use crate::letter::{InvitationKind, Letter, READER_VERSION};
use crate::message::{ArrivalBy, Authenticity};
use crate::person::{Address, Name, ProfileKey, Seen};
use crate::timeline::Direction;
use jiff::Timestamp;
use sqlx::{Connection, Row, SqliteConnection};
use std::collections::BTreeMap;

/// Position in a mailbox (RFC 3501 §2.3.1.1): every UID below `next_uid` of this UIDVALIDITY was recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    pub uidvalidity: i64,
    pub next_uid: i64,
    /// The look-back is done from the newest mail down to here; `None`: it is done.
    pub backfilled_to: Option<i64>,
}

/// One mail as it was read, ready to be recorded.
#[derive(Debug, Clone)]
pub struct Reading {
    /// [`message_key`]
    pub key: Vec<u8>,
    pub message_id: Option<String>,
    pub arrived_at: Timestamp,
    pub arrived_by: ArrivalBy,
    pub date_header: Option<Timestamp>,
    pub direction: Direction,
    pub authenticity: Authenticity,
    pub why: String,
    /// The From address: the one that `authenticity` is about.
    pub sender: Option<Address>,
    pub letters: Vec<Letter>,
    /// UID under the batch's UIDVALIDITY; `None` for files.
    pub uid: Option<i64>,
}

/// The tally's word for every mail that was looked at, whatever it yielded.
pub const READ: &str = "read";

/// What one look into a folder brought.
#[derive(Debug, Clone, Default)]
pub struct Batch {
    pub readings: Vec<Reading>,
    /// Outcome → how many mails: everything that was looked at, also what yielded nothing.
    pub tally: BTreeMap<String, u32>,
    /// Where the next look starts; `None` leaves the cursor alone.
    pub cursor: Option<Cursor>,
    /// Everything from here on has been read now.
    pub covers_from: Option<Timestamp>,
    /// The folder is read completely up to now.
    pub complete: bool,
}

/// HMAC-SHA256 of Message-ID, else of Date + From + Subject + size (sources.md, "One mail once").
#[must_use]
pub fn message_key(store_key: &[u8; 32], identity: &str) -> Vec<u8> {
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, store_key);
    ring::hmac::sign(&key, identity.as_bytes()).as_ref().to_vec()
}

impl Store {
    /// Records a batch and moves the cursor in one transaction. Returns how many mails were new letters.
    pub async fn record(&self, folder: &super::FolderRow, batch: &Batch, at: Timestamp) -> Result<u32, StoreError> {
        let mut c = self.lock().await;
        let mut tx = c.begin_with("BEGIN IMMEDIATE").await?;
        let mut new = 0;
        for reading in &batch.readings {
            let uidvalidity = batch.cursor.map_or(0, |c| c.uidvalidity);
            new += u32::from(record_one(&mut tx, folder.id, uidvalidity, reading, at).await?);
        }
        for (outcome, n) in &batch.tally {
            sqlx::query(
                "INSERT INTO tally (at, source_id, outcome, n) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (at, source_id, outcome) DO UPDATE SET n = n + $4",
            )
            .bind(at.as_second())
            .bind(folder.source)
            .bind(outcome)
            .bind(i64::from(*n))
            .execute(&mut *tx)
            .await?;
        }
        if let Some(cursor) = batch.cursor {
            sqlx::query("UPDATE folder SET uidvalidity = $2, next_uid = $3, backfilled_to = $4 WHERE id = $1")
                .bind(folder.id)
                .bind(cursor.uidvalidity)
                .bind(cursor.next_uid)
                .bind(cursor.backfilled_to)
                .execute(&mut *tx)
                .await?;
        }
        if batch.complete {
            sqlx::query(
                "UPDATE folder SET last_ok_at = $2, covers_from = coalesce(covers_from, $3), trouble = NULL, trouble_since = NULL \
                 WHERE id = $1",
            )
            .bind(folder.id)
            .bind(at.as_second())
            .bind(batch.covers_from.map(Timestamp::as_second))
            .execute(&mut *tx)
            .await?;
        }
        tx.commit().await?;
        Ok(new)
    }

    /// How many mails had which outcome since `from` (exclusive) up to `to`.
    pub async fn tallied(&self, from: Timestamp, to: Timestamp) -> Result<BTreeMap<String, u64>, StoreError> {
        let mut c = self.lock().await;
        let rows = sqlx::query("SELECT outcome, sum(n) FROM tally WHERE at > $1 AND at <= $2 GROUP BY outcome")
            .bind(from.as_second())
            .bind(to.as_second())
            .fetch_all(&mut *c)
            .await?;
        rows.iter().map(|r| Ok((r.try_get(0)?, u64::try_from(r.try_get::<i64, _>(1)?).unwrap_or(0)))).collect()
    }
}

/// True when this mail was not known before.
async fn record_one(
    tx: &mut SqliteConnection,
    folder: i64,
    uidvalidity: i64,
    reading: &Reading,
    at: Timestamp,
) -> Result<bool, StoreError> {
    let forgotten: Option<i64> =
        sqlx::query_scalar("SELECT 1 FROM forgotten WHERE key = $1 AND (until IS NULL OR until > $2)")
            .bind(&reading.key)
            .bind(at.as_second())
            .fetch_optional(&mut *tx)
            .await?;
    if forgotten.is_some() {
        return Ok(false);
    }
    let known: Option<(i64, String)> = sqlx::query_as("SELECT id, authenticity FROM message WHERE key = $1")
        .bind(&reading.key)
        .fetch_optional(&mut *tx)
        .await?;
    let (message, new) = match known {
        Some((id, was)) => {
            better_authenticity(tx, id, &was, reading).await?;
            (id, false)
        }
        None => (insert_message(tx, reading, at).await?, true),
    };
    if let Some(uid) = reading.uid {
        sqlx::query(
            "INSERT INTO sighting (folder_id, uidvalidity, uid, message_id) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (folder_id, uidvalidity, uid) DO UPDATE SET message_id = $4, gone_at = NULL",
        )
        .bind(folder)
        .bind(uidvalidity)
        .bind(uid)
        .bind(message)
        .execute(&mut *tx)
        .await?;
    } else {
        // Files have no UID; the sighting tells the folder's role (Junk, Sent) all the same.
        sqlx::query("INSERT INTO sighting (folder_id, uidvalidity, uid, message_id) VALUES ($1, 0, $2, $2) ON CONFLICT DO NOTHING")
            .bind(folder)
            .bind(message)
            .execute(&mut *tx)
            .await?;
    }
    if new {
        for (ordinal, letter) in reading.letters.iter().enumerate() {
            insert_letter(tx, message, ordinal, letter, reading).await?;
        }
    }
    Ok(new)
}

/// The same mail seen in two places: the best proof of its sender counts (sources.md).
async fn better_authenticity(
    tx: &mut SqliteConnection,
    id: i64,
    was: &str,
    reading: &Reading,
) -> Result<(), StoreError> {
    let was: Authenticity = super::unword(was).unwrap_or(Authenticity::Unverified);
    if reading.authenticity <= was {
        return Ok(());
    }
    sqlx::query("UPDATE message SET authenticity = $2, why = $3 WHERE id = $1")
        .bind(id)
        .bind(word(&reading.authenticity))
        .bind(&reading.why)
        .execute(&mut *tx)
        .await?;
    if reading.authenticity == Authenticity::Verified {
        let letters: Vec<(i64, Option<String>, Option<String>)> = sqlx::query_as(
            "SELECT m.id, m.address, l.network FROM letter l JOIN mention m ON m.id = l.mention_id WHERE l.message_id = $1",
        )
        .bind(id)
        .fetch_all(&mut *tx)
        .await?;
        for (mention, address, network) in letters {
            let proved = proves(reading, address.as_deref(), network.is_some());
            sqlx::query("UPDATE mention SET trusted = $2 WHERE id = $1")
                .bind(mention)
                .bind(i64::from(proved))
                .execute(&mut *tx)
                .await?;
        }
    }
    Ok(())
}

/// Does the proof of a mail's sender prove somebody whom its letters name? The sender, by their own address; whom a
/// network of proved mail names. Whose letter was only passed on, or who is told of in a text, may be anybody's invention.
fn proves(reading: &Reading, address: Option<&str>, network: bool) -> bool {
    let proved = reading.authenticity == Authenticity::Verified;
    let own = |address: &str| reading.sender.as_ref().is_some_and(|sender| sender.as_str() == address);
    proved && address.map_or(network, own)
}

async fn insert_message(tx: &mut SqliteConnection, reading: &Reading, at: Timestamp) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar(
        "INSERT INTO message (key, message_id, arrived_at, arrived_by, date_header, direction, authenticity, why, reader, recorded_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
    )
    .bind(&reading.key)
    .bind(&reading.message_id)
    .bind(reading.arrived_at.as_second())
    .bind(word(&reading.arrived_by))
    .bind(reading.date_header.map(Timestamp::as_second))
    .bind(word(&reading.direction))
    .bind(word(&reading.authenticity))
    .bind(&reading.why)
    .bind(i64::from(READER_VERSION))
    .bind(at.as_second())
    .fetch_one(&mut *tx)
    .await?)
}

async fn insert_letter(
    tx: &mut SqliteConnection,
    message: i64,
    ordinal: usize,
    letter: &Letter,
    reading: &Reading,
) -> Result<(), StoreError> {
    let Some(row) = letter_row(letter) else { return Ok(()) };
    let mention = match row.who {
        Some(who) => {
            let proved = proves(reading, who.address.as_ref().map(Address::as_str), row.network.is_some());
            Some(insert_mention(tx, &who, reading.arrived_at, proved).await?)
        }
        None => None,
    };
    sqlx::query(
        "INSERT INTO letter (message_id, ordinal, kind, mention_id, network, external_id, asked_at, measures, quote) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    )
    .bind(message)
    .bind(i64::try_from(ordinal).unwrap_or(0))
    .bind(row.kind)
    .bind(mention)
    .bind(row.network)
    .bind(row.external_id)
    .bind(row.asked_at.map(Timestamp::as_second))
    .bind(row.measures)
    .bind(row.quote)
    .execute(&mut *tx)
    .await?;
    Ok(())
}

/// Somebody who is about to become a mention.
#[derive(Debug, Clone)]
pub(super) struct Who {
    pub seen: Seen,
    pub name: Option<Name>,
    pub address: Option<Address>,
    pub profile: Option<ProfileKey>,
    pub headline: Option<String>,
    pub organisation: Option<String>,
}

impl Who {
    fn somebody(self) -> Option<Who> {
        (self.name.is_some() || self.address.is_some() || self.profile.is_some()).then_some(self)
    }
}

pub(super) async fn insert_mention(
    tx: &mut SqliteConnection,
    who: &Who,
    at: Timestamp,
    trusted: bool,
) -> Result<i64, StoreError> {
    Ok(sqlx::query_scalar(
        "INSERT INTO mention (seen, name, address, profile, headline, organisation, seen_at, trusted) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
    )
    .bind(word(&who.seen))
    .bind(who.name.as_ref().map(Name::as_str))
    .bind(who.address.as_ref().map(Address::as_str))
    .bind(who.profile.as_ref().map(ProfileKey::as_str))
    .bind(&who.headline)
    .bind(&who.organisation)
    .bind(at.as_second())
    .bind(i64::from(trusted))
    .fetch_one(&mut *tx)
    .await?)
}

struct LetterRow {
    kind: &'static str,
    who: Option<Who>,
    network: Option<String>,
    external_id: Option<String>,
    asked_at: Option<Timestamp>,
    measures: String,
    quote: Option<String>,
}

fn inviter(who: &crate::letter::Inviter, seen: Seen) -> Option<Who> {
    Who {
        seen,
        name: who.name.clone(),
        address: who.address.clone(),
        profile: who.profile.clone(),
        headline: who.headline.clone(),
        organisation: who.company.clone(),
    }
    .somebody()
}

fn writer(from: &crate::person::Mailbox) -> Option<Who> {
    Who {
        seen: Seen::Wrote,
        name: from.name.clone(),
        address: from.address.clone(),
        profile: None,
        headline: None,
        organisation: None,
    }
    .somebody()
}

/// The row of a letter; `None` for `Other`, which is only counted. Names live in the mention, text nowhere.
fn letter_row(letter: &Letter) -> Option<LetterRow> {
    let mut bare = letter.clone();
    let mut row = LetterRow {
        kind: "",
        who: None,
        network: None,
        external_id: None,
        asked_at: None,
        measures: String::new(),
        quote: None,
    };
    match &mut bare {
        Letter::Invitation(i) => {
            row.kind = match i.kind {
                InvitationKind::Follow | InvitationKind::FollowRequest => "follow",
                InvitationKind::Connect | InvitationKind::Reminder | InvitationKind::Batch => "request",
            };
            row.who = i.inviter.as_ref().and_then(|w| inviter(w, Seen::Asked));
            row.network = Some(i.network.0.clone());
            row.external_id = i.invitation_id.clone();
            row.asked_at = i.asked_at;
            i.inviter = i.inviter.as_ref().map(|_| crate::letter::Inviter::default());
            i.personal_note = None;
            i.why = Vec::new();
        }
        Letter::Note(n) => {
            row.kind = "note";
            row.who = writer(&n.from);
            row.quote = n.quote.take();
            n.from = crate::person::Mailbox::default();
            n.why = Vec::new();
        }
        Letter::Application(a) => {
            row.kind = "application";
            row.who = inviter(&a.person, Seen::Wrote);
            row.network = a.network.as_ref().map(|n| n.0.clone());
            a.person = crate::letter::Inviter::default();
            a.why = Vec::new();
        }
        Letter::NetworkMessage(m) => {
            row.kind = "network_message";
            row.who = inviter(&m.from, Seen::Wrote);
            row.network = Some(m.network.0.clone());
            m.from = crate::letter::Inviter::default();
            m.why = Vec::new();
        }
        Letter::Accepted(a) => {
            row.kind = "accepted";
            row.who = inviter(&a.person, Seen::Acquainted);
            row.network = Some(a.network.0.clone());
            a.person = crate::letter::Inviter::default();
            a.why = Vec::new();
        }
        Letter::Apology(a) => {
            row.kind = "apology";
            row.who = writer(&a.from);
            a.from = crate::person::Mailbox::default();
            a.why = Vec::new();
        }
        Letter::Other { .. } => return None,
    }
    row.measures = serde_json::to_string(&bare).ok()?;
    Some(row)
}
