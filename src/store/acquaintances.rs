//! One line a correspondence, a connection, an address book's entry: never the mails behind it.
use super::{Store, StoreError};
use crate::person::MentionId;
use crate::timeline::Exchanges;
use jiff::Timestamp;
use std::collections::HashMap;

impl Store {
    /// When this account was last asked about each person's correspondence.
    pub async fn asked(&self, source: i64) -> Result<HashMap<MentionId, Timestamp>, StoreError> {
        let mut c = self.lock().await;
        let rows: Vec<(i64, Option<i64>)> = sqlx::query_as(
            "SELECT mention_id, asked_at FROM acquaintance WHERE kind = 'correspondence' AND source_id = $1",
        )
        .bind(source)
        .fetch_all(&mut *c)
        .await?;
        let at = |s: Option<i64>| s.and_then(|s| Timestamp::from_second(s).ok());
        Ok(rows.into_iter().filter_map(|(m, s)| Some((MentionId(m), at(s)?))).collect())
    }

    /// What the account answered. `as_of` moves only if the answer is another one: an unchanged one is no new fact.
    pub async fn corresponded(
        &self,
        source: i64,
        who: MentionId,
        e: &Exchanges,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let mut c = self.lock().await;
        sqlx::query(
            "INSERT INTO acquaintance (mention_id, kind, exchanges, first_at, last_at, as_of, source_id, asked_at) \
             VALUES ($1, 'correspondence', $2, $3, $4, $5, $6, $5) \
             ON CONFLICT (mention_id, kind, source_id) DO UPDATE SET asked_at = $5, \
             as_of = CASE WHEN exchanges = $2 THEN as_of ELSE $5 END, exchanges = $2, first_at = $3, last_at = $4",
        )
        .bind(who.0)
        .bind(i64::from(e.exchanges))
        .bind(e.first_at.map(Timestamp::as_second))
        .bind(e.last_at.map(Timestamp::as_second))
        .bind(now.as_second())
        .bind(source)
        .execute(&mut *c)
        .await?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::person::Name;
    use crate::store::SourceKind;

    #[tokio::test]
    async fn the_same_answer_is_no_new_fact() {
        let store = Store::memory([7; 32]).await.unwrap();
        let at = |n: i64| Timestamp::from_second(1_700_000_000 + n).unwrap();
        let source = store.source("work", SourceKind::Imap).await.unwrap();
        let who = store.mention_told(&Name::new("Ada Quist").unwrap(), at(0)).await.unwrap();
        let line = |n| Exchanges { exchanges: n, first_at: Some(at(-9)), last_at: Some(at(-1)) };
        for (n, asked, as_of) in [(2, 10, 10), (2, 20, 10), (3, 30, 30)] {
            store.corresponded(source, who, &line(n), at(asked)).await.unwrap();
            assert_eq!(store.asked(source).await.unwrap().get(&who), Some(&at(asked)));
            let facts = store.facts(&[], &[]).await.unwrap();
            assert_eq!(facts.acquaintances.len(), 1);
            assert_eq!((facts.acquaintances[0].exchanges, facts.acquaintances[0].as_of), (n, at(as_of)));
        }
    }
}
