//! The owner's word: the only input that cannot be read again.
use super::{Store, StoreError, word};
use crate::digest::ItemCode;
use crate::person::MentionId;
use crate::timeline::{TellingId, Verb};
use jiff::Timestamp;
use sqlx::Connection;

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

impl Store {
    pub async fn tell(&self, new: &NewTelling, at: Timestamp) -> Result<TellingId, StoreError> {
        let mut c = self.lock().await;
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
        .fetch_one(&mut *c)
        .await?;
        Ok(TellingId(id))
    }

    /// Takes back a telling: the given one, else the last that stands. `None`: there is nothing to take back.
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
        let Some((id, verb, argument, item)) = row else { return Ok(None) };
        sqlx::query("UPDATE telling SET undone_at = $2 WHERE id = $1")
            .bind(id)
            .bind(at.as_second())
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(Some((TellingId(id), Undone { verb, argument, item })))
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
