//! The owner's word: the only input that cannot be read again.
use super::{Store, StoreError, word};
use crate::digest::ItemCode;
use crate::person::MentionId;
use crate::timeline::{TellingId, Verb};
use jiff::Timestamp;
use sqlx::{Connection, SqliteConnection};

#[derive(Debug, Clone)]
pub struct NewTelling {
    pub verb: Verb,
    pub about: Option<MentionId>,
    pub other: Option<MentionId>,
    pub item: Option<ItemCode>,
    pub argument: Option<String>,
}

/// What `undo` took back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    pub verb: String,
    pub argument: Option<String>,
    pub item: Option<String>,
}

/// What makes several rows one word of the owner's: said at once, about the same, with the same argument.
const ACT: &str = "at = (SELECT at FROM telling WHERE id = $1) \
    AND about_mention IS (SELECT about_mention FROM telling WHERE id = $1) \
    AND about_item IS (SELECT about_item FROM telling WHERE id = $1) \
    AND argument IS (SELECT argument FROM telling WHERE id = $1) \
    AND verb IN ('same-as', 'not-same') AND (SELECT verb FROM telling WHERE id = $1) IN ('same-as', 'not-same')";

impl Store {
    pub async fn tell(&self, new: &NewTelling, at: Timestamp) -> Result<TellingId, StoreError> {
        let mut c = self.lock().await;
        insert(&mut c, new, at).await
    }

    /// One word of the owner's that takes several rows ("this one, and none of the others"): all of them or none, under the
    /// number of the first, by which `undo` takes all back. `None`: there was nothing to say.
    pub async fn tell_all(&self, new: &[NewTelling], at: Timestamp) -> Result<Option<TellingId>, StoreError> {
        let mut c = self.lock().await;
        let mut tx = c.begin_with("BEGIN IMMEDIATE").await?;
        let mut first = None;
        for telling in new {
            let id = insert(&mut tx, telling, at).await?;
            first = first.or(Some(id));
        }
        tx.commit().await?;
        Ok(first)
    }

    /// Takes back what was told in one go: with the given number, else the last that stands. `None`: there is nothing to
    /// take back.
    pub async fn undo(&self, id: Option<TellingId>, at: Timestamp) -> Result<Option<(TellingId, Undone)>, StoreError> {
        let mut c = self.lock().await;
        let mut tx = c.begin_with("BEGIN IMMEDIATE").await?;
        let row: Option<(i64, String, Option<String>, Option<String>)> = sqlx::query_as(
            "SELECT t.id, t.verb, t.argument, i.code FROM telling t LEFT JOIN item i ON i.id = t.about_item \
             WHERE t.undone_at IS NULL AND ($1 IS NULL OR t.id = $1) ORDER BY t.id DESC LIMIT 1",
        )
        .bind(id.map(|t| t.0))
        .fetch_optional(&mut *tx)
        .await?;
        let Some((id, ..)) = &row else { return Ok(None) };
        let first: Option<(i64, String)> = sqlx::query_as(sqlx::AssertSqlSafe(format!(
            "SELECT id, verb FROM telling WHERE {ACT} AND undone_at IS NULL ORDER BY id LIMIT 1"
        )))
        .bind(id)
        .fetch_optional(&mut *tx)
        .await?;
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "UPDATE telling SET undone_at = $2 WHERE undone_at IS NULL AND (id = $1 OR ({ACT}))"
        )))
        .bind(id)
        .bind(at.as_second())
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(row.map(|(id, verb, argument, item)| {
            let (id, verb) = first.unwrap_or((id, verb));
            (TellingId(id), Undone { verb, argument, item })
        }))
    }

    /// Was there ever a word of this number, and does it still stand?
    pub async fn telling_stands(&self, id: TellingId) -> Result<Option<bool>, StoreError> {
        let mut c = self.lock().await;
        let undone: Option<(Option<i64>,)> =
            sqlx::query_as("SELECT undone_at FROM telling WHERE id = $1").bind(id.0).fetch_optional(&mut *c).await?;
        Ok(undone.map(|(at,)| at.is_none()))
    }

    /// A mention for somebody only the owner's word names.
    pub async fn mention_told(&self, name: &crate::person::Name, at: Timestamp) -> Result<MentionId, StoreError> {
        let mut c = self.lock().await;
        let who = super::record::Who {
            seen: crate::person::Seen::Told,
            name: Some(name.clone()),
            address: None,
            profile: None,
            headline: None,
            organisation: None,
        };
        Ok(MentionId(super::record::insert_mention(&mut c, &who, at, true).await?))
    }
}

async fn insert(c: &mut SqliteConnection, new: &NewTelling, at: Timestamp) -> Result<TellingId, StoreError> {
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO telling (at, via, verb, about_mention, other_mention, about_item, argument) \
         VALUES ($1, 'cli', $2, $3, $4, (SELECT id FROM item WHERE code = $5), $6) RETURNING id",
    )
    .bind(at.as_second())
    .bind(word(&new.verb))
    .bind(new.about.map(|m| m.0))
    .bind(new.other.map(|m| m.0))
    .bind(new.item.as_ref().map(|i| i.0.as_str()))
    .bind(&new.argument)
    .fetch_one(c)
    .await?;
    Ok(TellingId(id))
}
