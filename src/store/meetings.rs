//! A calendar's occurrences against what was known of them: new, moved, cancelled, or silently gone.
use super::{Store, StoreError, record, time, word};
use crate::meeting::{Meeting, Participant};
use crate::person::Seen;
use jiff::Timestamp;
use sqlx::{Connection, Row, SqliteConnection};
use std::collections::HashSet;

/// What one look at a calendar found.
#[derive(Debug, Clone)]
pub struct CalendarRead {
    pub meetings: Vec<Meeting>,
    /// From its first event to the time of reading; `None`: nothing may be concluded from absence.
    pub covers: Option<(Timestamp, Timestamp)>,
    /// Read, but not wholly (cut in half, a broken entry): recorded, and still in trouble.
    pub trouble: Option<String>,
}

impl Store {
    /// Records a calendar in one transaction. An entry that is gone while still ahead was called off; one that is
    /// gone when past only dropped out of the feed. Nothing is called off when the feed was not read wholly.
    pub async fn record_calendar(&self, source: i64, read: &CalendarRead, at: Timestamp) -> Result<u32, StoreError> {
        let mut c = self.lock().await;
        let mut tx = c.begin_with("BEGIN IMMEDIATE").await?;
        let mut changed = 0;
        let mut seen = HashSet::new();
        for meeting in &read.meetings {
            let (id, new) = upsert(&mut tx, source, meeting, at).await?;
            seen.insert(id);
            changed += u32::from(new);
        }
        if read.trouble.is_none() {
            changed += call_off_missing(&mut tx, source, &seen, at).await?;
        }
        finish(&mut tx, source, read, at).await?;
        tx.commit().await?;
        Ok(changed)
    }
}

/// What matters of a participant: who, where found, and the answer.
type Side = (Option<String>, Option<String>, String, Option<String>);

fn side(p: &Participant) -> Side {
    (
        p.name.as_ref().map(|n| n.as_str().to_owned()),
        p.address.as_ref().map(|a| a.as_str().to_owned()),
        word(&p.found_in),
        p.response.map(|r| word(&r)),
    )
}

async fn upsert(
    tx: &mut SqliteConnection,
    source: i64,
    meeting: &Meeting,
    at: Timestamp,
) -> Result<(i64, bool), StoreError> {
    let signals = serde_json::to_string(&meeting.signals).unwrap_or_default();
    let row = sqlx::query(
        "SELECT id, sequence, starts_at, ends_at, title, signals, cancelled_at FROM meeting WHERE source_id = $1 AND uid = $2 AND recurrence = $3",
    )
    .bind(source)
    .bind(&meeting.uid)
    .bind(meeting.recurrence)
    .fetch_optional(&mut *tx)
    .await?;
    let cancelled = meeting.cancelled_at.map(|_| at.as_second());
    let Some(row) = row else {
        let id: i64 = sqlx::query_scalar(
            "INSERT INTO meeting (source_id, uid, recurrence, sequence, starts_at, ends_at, zone, title, signals, cancelled_at, last_seen_at, changed_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) RETURNING id",
        )
        .bind(source)
        .bind(&meeting.uid)
        .bind(meeting.recurrence)
        .bind(meeting.sequence)
        .bind(meeting.starts.as_second())
        .bind(meeting.ends.as_second())
        .bind(&meeting.zone)
        .bind(&meeting.title)
        .bind(signals)
        .bind(cancelled)
        .bind(at.as_second())
        .fetch_one(&mut *tx)
        .await?;
        participants(tx, id, meeting).await?;
        return Ok((id, true));
    };
    let id: i64 = row.try_get(0)?;
    let was_cancelled: Option<i64> = row.try_get(6)?;
    let same = row.try_get::<i64, _>(2)? == meeting.starts.as_second()
        && row.try_get::<i64, _>(3)? == meeting.ends.as_second()
        && row.try_get::<Option<String>, _>(4)? == meeting.title
        && row.try_get::<String, _>(5)? == signals
        && was_cancelled.is_some() == cancelled.is_some()
        && same_people(tx, id, meeting).await?;
    if same {
        sqlx::query("UPDATE meeting SET last_seen_at = $2 WHERE id = $1")
            .bind(id)
            .bind(at.as_second())
            .execute(&mut *tx)
            .await?;
        return Ok((id, false));
    }
    sqlx::query(
        "UPDATE meeting SET sequence = $2, starts_at = $3, ends_at = $4, zone = $5, title = $6, signals = $7, \
         cancelled_at = $8, last_seen_at = $9, changed_at = $9 WHERE id = $1",
    )
    .bind(id)
    .bind(meeting.sequence)
    .bind(meeting.starts.as_second())
    .bind(meeting.ends.as_second())
    .bind(&meeting.zone)
    .bind(&meeting.title)
    .bind(signals)
    .bind(cancelled.map(|now| was_cancelled.unwrap_or(now)))
    .bind(at.as_second())
    .execute(&mut *tx)
    .await?;
    participants(tx, id, meeting).await?;
    Ok((id, true))
}

async fn same_people(tx: &mut SqliteConnection, id: i64, meeting: &Meeting) -> Result<bool, StoreError> {
    let rows = sqlx::query(
        "SELECT m.name, m.address, p.found_in, p.response FROM participant p JOIN mention m ON m.id = p.mention_id WHERE p.meeting_id = $1",
    )
    .bind(id)
    .fetch_all(tx)
    .await?;
    let mut stored = rows
        .iter()
        .map(|r| Ok((r.try_get(0)?, r.try_get(1)?, r.try_get(2)?, r.try_get(3)?)))
        .collect::<Result<Vec<Side>, StoreError>>()?;
    let mut given: Vec<Side> = meeting.participants.iter().map(side).collect();
    stored.sort();
    given.sort();
    Ok(stored == given)
}

/// Keeps the mention of a participant who is still there (tellings point at it), adds new ones, drops those who left.
async fn participants(tx: &mut SqliteConnection, id: i64, meeting: &Meeting) -> Result<(), StoreError> {
    let rows = sqlx::query(
        "SELECT p.mention_id, m.name, m.address FROM participant p JOIN mention m ON m.id = p.mention_id WHERE p.meeting_id = $1",
    )
    .bind(id)
    .fetch_all(&mut *tx)
    .await?;
    let mut left: Vec<(i64, Option<String>, Option<String>)> =
        rows.iter().map(|r| Ok((r.try_get(0)?, r.try_get(1)?, r.try_get(2)?))).collect::<Result<_, StoreError>>()?;
    sqlx::query("DELETE FROM participant WHERE meeting_id = $1").bind(id).execute(&mut *tx).await?;
    for p in &meeting.participants {
        let who = record::Who {
            seen: match p.found_in {
                crate::meeting::FoundIn::Attendee | crate::meeting::FoundIn::Organizer => Seen::Attendee,
                crate::meeting::FoundIn::Title => Seen::Title,
                crate::meeting::FoundIn::Description => Seen::Description,
            },
            name: p.name.clone(),
            address: p.address.clone(),
            profile: None,
            headline: None,
            organisation: None,
        };
        if who.name.is_none() && who.address.is_none() {
            continue;
        }
        let (name, address, _, _) = side(p);
        let mention = match left.iter().position(|(_, n, a)| *n == name && *a == address) {
            Some(at) => {
                let mention = left.swap_remove(at).0;
                sqlx::query("UPDATE mention SET seen_at = $2 WHERE id = $1")
                    .bind(mention)
                    .bind(meeting.ends.as_second())
                    .execute(&mut *tx)
                    .await?;
                mention
            }
            None => record::insert_mention(tx, &who, meeting.ends, true).await?,
        };
        sqlx::query("INSERT INTO participant (meeting_id, mention_id, found_in, response) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING")
            .bind(id)
            .bind(mention)
            .bind(word(&p.found_in))
            .bind(p.response.map(|r| word(&r)))
            .execute(&mut *tx)
            .await?;
    }
    for (mention, _, _) in left {
        sqlx::query(
            "DELETE FROM mention WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM telling WHERE about_mention = $1 OR other_mention = $1)",
        )
        .bind(mention)
        .execute(&mut *tx)
        .await?;
    }
    Ok(())
}

async fn call_off_missing(
    tx: &mut SqliteConnection,
    source: i64,
    seen: &HashSet<i64>,
    at: Timestamp,
) -> Result<u32, StoreError> {
    let ahead: Vec<i64> =
        sqlx::query_scalar("SELECT id FROM meeting WHERE source_id = $1 AND cancelled_at IS NULL AND ends_at > $2")
            .bind(source)
            .bind(at.as_second())
            .fetch_all(&mut *tx)
            .await?;
    let mut n = 0;
    for id in ahead.into_iter().filter(|id| !seen.contains(id)) {
        sqlx::query("UPDATE meeting SET cancelled_at = $2, changed_at = $2 WHERE id = $1")
            .bind(id)
            .bind(at.as_second())
            .execute(&mut *tx)
            .await?;
        n += 1;
    }
    Ok(n)
}

/// A calendar cut in half covers what was read of it, and is in trouble all the same.
async fn finish(tx: &mut SqliteConnection, source: i64, read: &CalendarRead, at: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE source SET last_ok_at = coalesce($4, last_ok_at), \
         covers_from = CASE WHEN $4 IS NULL THEN covers_from ELSE min(coalesce(covers_from, $3), $3) END, trouble = $2, \
         trouble_since = CASE WHEN $2 IS NULL THEN NULL ELSE coalesce(trouble_since, $5) END, \
         alerted_at = CASE WHEN $2 IS NULL THEN NULL ELSE alerted_at END WHERE id = $1",
    )
    .bind(source)
    .bind(&read.trouble)
    .bind(read.covers.map(|(from, _)| from.as_second()))
    .bind(read.covers.map(|(_, to)| to.as_second()))
    .bind(at.as_second())
    .execute(&mut *tx)
    .await?;
    Ok(())
}

impl Store {
    /// When a source was last read wholly.
    pub async fn source_age(&self, source: i64) -> Result<Option<Timestamp>, StoreError> {
        let mut c = self.lock().await;
        let t: Option<i64> =
            sqlx::query_scalar("SELECT last_ok_at FROM source WHERE id = $1").bind(source).fetch_one(&mut *c).await?;
        Ok(t.map(time))
    }
}
