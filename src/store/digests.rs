//! Digests: written down before anything is sent, so that a crash sends neither none nor two.
use super::{Store, StoreError, time, unword, word};
use crate::digest::Say;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use sqlx::sqlite::SqliteRow;
use sqlx::{Connection, Row};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DigestKind {
    Daily,
    Alert,
    Quiet,
}

/// news.md, Commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DigestState {
    Composed,
    Sending,
    Accepted,
    Unknown,
    Found,
    Abandoned,
}

/// A digest about to be written down.
#[derive(Debug, Clone)]
pub struct NewDigest {
    pub day: Date,
    pub kind: DigestKind,
    pub composed_at: Timestamp,
    pub message_id: String,
    /// The mail as it will be sent, each time the same bytes.
    pub body: Vec<u8>,
    /// The copy for `digest.also_to`: no quotes, no codes.
    pub others: Option<Vec<u8>>,
    pub says: Vec<Say>,
}

/// A digest as stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DigestRow {
    pub id: i64,
    pub day: String,
    pub kind: DigestKind,
    pub composed_at: Timestamp,
    pub message_id: String,
    pub state: DigestState,
    pub attempts: u32,
    /// Sends of which nobody knows how they ended.
    pub doubts: u32,
    pub tried_at: Option<Timestamp>,
    /// What stood in the way last time.
    pub note: Option<String>,
    pub body: Option<Vec<u8>>,
    pub others: Option<Vec<u8>>,
}

const COLUMNS: &str =
    "id, local_day, kind, composed_at, message_id, state, attempts, tried_at, note, body, others, doubts";

impl Store {
    /// Writes digest and said rows in one transaction. `None`: this local day already has one (composing twice sends nothing).
    pub async fn enqueue(&self, new: &NewDigest) -> Result<Option<DigestRow>, StoreError> {
        let mut c = self.lock().await;
        let mut tx = c.begin_with("BEGIN IMMEDIATE").await?;
        let day = new.day.to_string();
        let id: Option<i64> = sqlx::query_scalar(
            "INSERT INTO digest (local_day, kind, composed_at, message_id, state, body, others) VALUES ($1, $2, $3, $4, 'composed', $5, $6) \
             ON CONFLICT (local_day, kind) DO NOTHING RETURNING id",
        )
        .bind(&day)
        .bind(word(&new.kind))
        .bind(new.composed_at.as_second())
        .bind(&new.message_id)
        .bind(&new.body)
        .bind(&new.others)
        .fetch_optional(&mut *tx)
        .await?;
        let Some(id) = id else {
            tx.rollback().await?;
            return Ok(None);
        };
        for say in &new.says {
            sqlx::query(
                "INSERT INTO said (item_id, digest_id, at, face, cause, shown, asked) \
                 SELECT id, $2, $3, $4, $5, $6, $7 FROM item WHERE subject = $1 \
                 ON CONFLICT (item_id, at) DO UPDATE SET digest_id = $2, face = $4, cause = $5, shown = $6, asked = $7",
            )
            .bind(&say.subject)
            .bind(id)
            .bind(new.composed_at.as_second())
            .bind(&say.face.0)
            .bind(word(&say.cause))
            .bind(i64::from(say.shown))
            .bind(i64::from(say.asked))
            .execute(&mut *tx)
            .await?;
        }
        let row = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM digest WHERE id = $1")))
            .bind(id)
            .fetch_one(&mut *tx)
            .await?;
        let row = digest_row(&row)?;
        tx.commit().await?;
        Ok(Some(row))
    }

    /// Digests not yet at rest, oldest first.
    pub async fn digests_open(&self) -> Result<Vec<DigestRow>, StoreError> {
        self.digests_where("state IN ('composed','sending','accepted','unknown') ORDER BY id").await
    }

    /// The newest digest that was not abandoned.
    pub async fn digest_last(&self) -> Result<Option<DigestRow>, StoreError> {
        Ok(self
            .digests_where("state <> 'abandoned' AND kind <> 'alert' ORDER BY composed_at DESC LIMIT 1")
            .await?
            .into_iter()
            .next())
    }

    /// The newest local day that has its digest or quiet line, abandoned ones too: a day is not tried twice.
    /// Later ones than `until` were written by a clock that was wrong.
    pub async fn digest_newest_day(&self, until: Date) -> Result<Option<String>, StoreError> {
        let mut c = self.lock().await;
        Ok(sqlx::query_scalar("SELECT max(local_day) FROM digest WHERE kind <> 'alert' AND local_day <= $1")
            .bind(until.to_string())
            .fetch_one(&mut *c)
            .await?)
    }

    /// This local day's digest of the kind, abandoned or not.
    pub async fn digest_of(&self, day: Date, kind: DigestKind) -> Result<Option<DigestRow>, StoreError> {
        let mut c = self.lock().await;
        let row = sqlx::query(sqlx::AssertSqlSafe(format!(
            "SELECT {COLUMNS} FROM digest WHERE local_day = $1 AND kind = $2"
        )))
        .bind(day.to_string())
        .bind(word(&kind))
        .fetch_optional(&mut *c)
        .await?;
        row.as_ref().map(digest_row).transpose()
    }

    async fn digests_where(&self, condition: &'static str) -> Result<Vec<DigestRow>, StoreError> {
        let mut c = self.lock().await;
        let rows = sqlx::query(sqlx::AssertSqlSafe(format!("SELECT {COLUMNS} FROM digest WHERE {condition}")))
            .fetch_all(&mut *c)
            .await?;
        rows.iter().map(digest_row).collect()
    }

    /// Moves a digest on. `sending` counts an attempt, `unknown` a doubt.
    pub async fn digest_state(
        &self,
        id: i64,
        state: DigestState,
        note: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let mut c = self.lock().await;
        let attempt = i64::from(state == DigestState::Sending);
        let doubt = i64::from(state == DigestState::Unknown);
        sqlx::query(
            "UPDATE digest SET state = $2, note = $3, attempts = attempts + $4, doubts = doubts + $6, tried_at = CASE WHEN $4 = 1 THEN $5 ELSE tried_at END \
             WHERE id = $1",
        )
        .bind(id)
        .bind(word(&state))
        .bind(note)
        .bind(attempt)
        .bind(at.as_second())
        .bind(doubt)
        .execute(&mut *c)
        .await?;
        Ok(())
    }

    /// It lies in the owner's mailbox: its text and the quotes it showed have served (privacy.md).
    pub async fn digest_found(&self, id: i64, as_filed: &str) -> Result<(), StoreError> {
        let mut c = self.lock().await;
        let mut tx = c.begin_with("BEGIN IMMEDIATE").await?;
        sqlx::query(
            "UPDATE digest SET state = 'found', found_message_id = $2, body = NULL, others = NULL WHERE id = $1",
        )
        .bind(id)
        .bind(as_filed)
        .execute(&mut *tx)
        .await?;
        null_quotes(&mut tx, id).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Accepted two days ago and never found: nothing will be sent again, so the text goes too.
    pub async fn digests_rest(&self, at: Timestamp) -> Result<(), StoreError> {
        let mut c = self.lock().await;
        let mut tx = c.begin_with("BEGIN IMMEDIATE").await?;
        let ids: Vec<i64> = sqlx::query_scalar(
            "SELECT id FROM digest WHERE body IS NOT NULL AND state IN ('accepted','found','abandoned') AND composed_at < $1",
        )
        .bind(at.as_second() - 48 * 3600)
        .fetch_all(&mut *tx)
        .await?;
        for id in ids {
            sqlx::query("UPDATE digest SET body = NULL, others = NULL WHERE id = $1")
                .bind(id)
                .execute(&mut *tx)
                .await?;
            null_quotes(&mut tx, id).await?;
        }
        tx.commit().await?;
        Ok(())
    }
}

/// Quotes recorded up to this digest have been shown (or were passed over) and go.
async fn null_quotes(tx: &mut sqlx::SqliteConnection, digest: i64) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE letter SET quote = NULL WHERE quote IS NOT NULL AND message_id IN \
         (SELECT m.id FROM message m, digest d WHERE d.id = $1 AND m.recorded_at <= d.composed_at)",
    )
    .bind(digest)
    .execute(tx)
    .await?;
    Ok(())
}

fn digest_row(r: &SqliteRow) -> Result<DigestRow, StoreError> {
    Ok(DigestRow {
        id: r.try_get(0)?,
        day: r.try_get(1)?,
        kind: unword(r.try_get(2)?).unwrap_or(DigestKind::Daily),
        composed_at: time(r.try_get(3)?),
        message_id: r.try_get(4)?,
        state: unword(r.try_get(5)?).unwrap_or(DigestState::Unknown),
        attempts: u32::try_from(r.try_get::<i64, _>(6)?).unwrap_or(0),
        tried_at: r.try_get::<Option<i64>, _>(7)?.map(time),
        note: r.try_get(8)?,
        body: r.try_get(9)?,
        others: r.try_get(10)?,
        doubts: u32::try_from(r.try_get::<i64, _>(11)?).unwrap_or(0),
    })
}
