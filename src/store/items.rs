//! Items: stable handles for what is judged, and what was last said of each.
use super::{Store, StoreError, time, unword, word};
use crate::digest::{Cause, Face, Item, ItemCode, ItemKind, Said};
use jiff::Timestamp;
use sqlx::{Connection, Row, SqliteConnection};
use std::collections::HashMap;

/// May this call write? A preview asks for the same codes and leaves nothing behind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    Yes,
    No,
}

/// A subject to find or make an item for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub subject: String,
    pub kind: ItemKind,
    pub born_at: Timestamp,
    pub last_event_at: Timestamp,
}

impl Store {
    /// Items of the subjects, made where they are new. Codes are never reused, not even those of forgotten items.
    pub async fn items(&self, wanted: &[Wanted], commit: Commit) -> Result<HashMap<String, Item>, StoreError> {
        let mut c = self.lock().await;
        let mut tx = c.begin_with("BEGIN IMMEDIATE").await?;
        let mut out = HashMap::new();
        for w in wanted {
            out.insert(w.subject.clone(), item(&mut tx, w).await?);
        }
        match commit {
            Commit::Yes => tx.commit().await?,
            Commit::No => tx.rollback().await?,
        }
        Ok(out)
    }

    /// The subject behind a code the owner typed.
    pub async fn subject_of(&self, code: &ItemCode) -> Result<Option<String>, StoreError> {
        let mut c = self.lock().await;
        Ok(sqlx::query_scalar("SELECT subject FROM item WHERE code = $1").bind(&code.0).fetch_optional(&mut *c).await?)
    }
}

async fn item(tx: &mut SqliteConnection, w: &Wanted) -> Result<Item, StoreError> {
    let found: Option<(i64, String)> = sqlx::query_as("SELECT id, code FROM item WHERE subject = $1")
        .bind(&w.subject)
        .fetch_optional(&mut *tx)
        .await?;
    let (id, code) = match found {
        Some((id, code)) => {
            sqlx::query("UPDATE item SET last_event_at = $2 WHERE id = $1 AND last_event_at <> $2")
                .bind(id)
                .bind(w.last_event_at.as_second())
                .execute(&mut *tx)
                .await?;
            (id, code)
        }
        None => {
            let id: i64 = sqlx::query_scalar(
                "INSERT INTO item (code, kind, subject, born_at, last_event_at) VALUES ($1, $2, $3, $4, $5) RETURNING id",
            )
            .bind(format!("new {}", w.subject))
            .bind(word(&w.kind))
            .bind(&w.subject)
            .bind(w.born_at.as_second())
            .bind(w.last_event_at.as_second())
            .fetch_one(&mut *tx)
            .await?;
            let code = code_of(id);
            sqlx::query("UPDATE item SET code = $2 WHERE id = $1").bind(id).bind(&code).execute(&mut *tx).await?;
            (id, code)
        }
    };
    Ok(Item { code: ItemCode(code), kind: w.kind, subject: w.subject.clone(), said: said(tx, id).await? })
}

async fn said(tx: &mut SqliteConnection, item: i64) -> Result<Option<Said>, StoreError> {
    let rows = sqlx::query(
        "SELECT s.at, s.face, s.cause, s.shown, s.asked FROM said s LEFT JOIN digest d ON d.id = s.digest_id \
         WHERE s.item_id = $1 AND (d.state IS NULL OR d.state <> 'abandoned') ORDER BY s.at DESC",
    )
    .bind(item)
    .fetch_all(tx)
    .await?;
    let Some(last) = rows.first() else { return Ok(None) };
    let mut asked = 0;
    let mut asked_at = None;
    for r in &rows {
        if r.try_get::<i64, _>(4)? != 0 {
            asked += 1;
            asked_at = asked_at.or(Some(time(r.try_get(0)?)));
        }
    }
    Ok(Some(Said {
        at: time(last.try_get(0)?),
        face: Face(last.try_get(1)?),
        cause: unword(last.try_get(2)?).unwrap_or(Cause::Fact),
        shown: last.try_get::<i64, _>(3)? != 0,
        asked,
        asked_at,
    }))
}

/// A short code that is easy to type and hard to misread: letter, digit, letter …, without vowels' words and without l, o, 0, 1.
fn code_of(id: i64) -> String {
    const LETTERS: &[u8] = b"kmnprstvwxzbcdfghjaeuy";
    const DIGITS: &[u8] = b"23456789";
    let mut rest = u64::try_from(id).unwrap_or(0);
    let mut take = |set: &[u8]| {
        let n = set.len() as u64;
        let at = usize::try_from(rest % n).unwrap_or(0);
        rest /= n;
        char::from(set.get(at).copied().unwrap_or(b'k'))
    };
    let last = take(LETTERS);
    let digit = take(DIGITS);
    let first = take(LETTERS);
    let mut code = String::from_iter([first, digit, last]);
    while rest > 0 {
        let digit = rest % 8;
        rest /= 8;
        code.push(char::from(DIGITS.get(usize::try_from(digit).unwrap_or(0)).copied().unwrap_or(b'2')));
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_do_not_repeat_and_stay_short() {
        let codes: std::collections::HashSet<String> = (1..20_000).map(code_of).collect();
        assert_eq!(codes.len(), 19_999);
        assert_eq!(code_of(1), "k2m");
        assert!(codes.iter().all(|c| c.len() <= 5));
    }
}
