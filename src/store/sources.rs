//! Sources and folders: where we looked, from when to when, and what stands in the way.
use super::{Store, StoreError, time, unword, word};
use crate::timeline::{Coverage, FolderCoverage, SourceCoverage};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::Row;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    Imap,
    Maildir,
    Mbox,
    Eml,
    Ics,
    Cli,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FolderRole {
    Inbox,
    All,
    Archive,
    Sent,
    Trash,
    Junk,
    Other,
}

impl SourceKind {
    /// Which door it belongs to.
    #[must_use]
    pub fn door(self) -> &'static str {
        match self {
            SourceKind::Imap | SourceKind::Maildir | SourceKind::Mbox | SourceKind::Eml | SourceKind::Cli => "mail",
            SourceKind::Ics => "calendar",
        }
    }
}

/// A folder's row with its cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderRow {
    pub id: i64,
    pub source: i64,
    pub role: FolderRole,
    pub cursor: Option<super::Cursor>,
    /// Everything from here on was read.
    pub covers_from: Option<Timestamp>,
    pub last_ok_at: Option<Timestamp>,
}

/// A source's row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceRow {
    pub id: i64,
    pub name: String,
    pub kind: SourceKind,
    pub covers_from: Option<Timestamp>,
    pub last_ok_at: Option<Timestamp>,
    pub trouble: Option<String>,
    pub trouble_since: Option<Timestamp>,
    pub alerted_at: Option<Timestamp>,
}

impl Store {
    /// Makes or finds the source's row.
    pub async fn source(&self, name: &str, kind: SourceKind) -> Result<i64, StoreError> {
        let mut c = self.lock().await;
        Ok(sqlx::query_scalar(
            "INSERT INTO source (name, kind, door) VALUES ($1, $2, $3) ON CONFLICT (door, name) DO UPDATE SET kind = $2 RETURNING id",
        )
        .bind(name)
        .bind(word(&kind))
        .bind(kind.door())
        .fetch_one(&mut *c)
        .await?)
    }

    /// Makes or finds the folder's row.
    pub async fn folder(&self, source: i64, path: &[u8], role: FolderRole) -> Result<FolderRow, StoreError> {
        let mut c = self.lock().await;
        let row = sqlx::query(
            "INSERT INTO folder (source_id, path, role) VALUES ($1, $2, $3) ON CONFLICT (source_id, path) DO UPDATE SET role = $3 \
             RETURNING id, uidvalidity, next_uid, covers_from, last_ok_at, backfilled_to",
        )
        .bind(source)
        .bind(path)
        .bind(word(&role))
        .fetch_one(&mut *c)
        .await?;
        let uidvalidity: Option<i64> = row.try_get(1)?;
        let next_uid: Option<i64> = row.try_get(2)?;
        let backfilled_to = row.try_get(5)?;
        Ok(FolderRow {
            id: row.try_get(0)?,
            source,
            role,
            cursor: uidvalidity.zip(next_uid).map(|(uidvalidity, next_uid)| super::Cursor {
                uidvalidity,
                next_uid,
                backfilled_to,
            }),
            covers_from: row.try_get::<Option<i64>, _>(3)?.map(time),
            last_ok_at: row.try_get::<Option<i64>, _>(4)?.map(time),
        })
    }

    /// Folders that are no longer read must not hold back the coverage.
    pub async fn keep_folders(&self, source: i64, paths: &[Vec<u8>]) -> Result<(), StoreError> {
        let mut c = self.lock().await;
        let rows =
            sqlx::query("SELECT id, path FROM folder WHERE source_id = $1").bind(source).fetch_all(&mut *c).await?;
        let paths: std::collections::HashSet<&Vec<u8>> = paths.iter().collect();
        for row in rows {
            let path: Vec<u8> = row.try_get(1)?;
            if !paths.contains(&path) {
                let id: i64 = row.try_get(0)?;
                sqlx::query("DELETE FROM folder WHERE id = $1").bind(id).execute(&mut *c).await?;
            }
        }
        Ok(())
    }

    /// The whole source was read without trouble, as of `at`.
    pub async fn source_ok(&self, source: i64, from: Option<Timestamp>, at: Timestamp) -> Result<(), StoreError> {
        let mut c = self.lock().await;
        sqlx::query(
            "UPDATE source SET last_ok_at = $2, covers_from = min(coalesce(covers_from, $3), coalesce($3, covers_from)), \
             trouble = NULL, trouble_since = NULL, alerted_at = NULL WHERE id = $1",
        )
        .bind(source)
        .bind(at.as_second())
        .bind(from.map(Timestamp::as_second))
        .execute(&mut *c)
        .await?;
        Ok(())
    }

    /// It could not be read; `since` stays at the first failure.
    pub async fn source_trouble(&self, source: i64, trouble: &str, at: Timestamp) -> Result<(), StoreError> {
        let mut c = self.lock().await;
        sqlx::query("UPDATE source SET trouble = $2, trouble_since = coalesce(trouble_since, $3) WHERE id = $1")
            .bind(source)
            .bind(trouble)
            .bind(at.as_second())
            .execute(&mut *c)
            .await?;
        Ok(())
    }

    /// One folder could not be read; the rest of the account was.
    pub async fn folder_trouble(&self, folder: i64, trouble: &str, at: Timestamp) -> Result<(), StoreError> {
        let mut c = self.lock().await;
        sqlx::query("UPDATE folder SET trouble = $2, trouble_since = coalesce(trouble_since, $3) WHERE id = $1")
            .bind(folder)
            .bind(trouble)
            .bind(at.as_second())
            .execute(&mut *c)
            .await?;
        Ok(())
    }

    pub async fn alerted(&self, source: i64, at: Timestamp) -> Result<(), StoreError> {
        let mut c = self.lock().await;
        sqlx::query("UPDATE source SET alerted_at = $2 WHERE id = $1")
            .bind(source)
            .bind(at.as_second())
            .execute(&mut *c)
            .await?;
        Ok(())
    }

    pub async fn sources(&self) -> Result<Vec<SourceRow>, StoreError> {
        let mut c = self.lock().await;
        let rows = sqlx::query(
            "SELECT id, name, kind, covers_from, last_ok_at, trouble, trouble_since, alerted_at FROM source ORDER BY id",
        )
        .fetch_all(&mut *c)
        .await?;
        rows.iter()
            .map(|r| {
                Ok(SourceRow {
                    id: r.try_get(0)?,
                    name: r.try_get(1)?,
                    kind: unword(r.try_get(2)?).unwrap_or(SourceKind::Cli),
                    covers_from: r.try_get::<Option<i64>, _>(3)?.map(time),
                    last_ok_at: r.try_get::<Option<i64>, _>(4)?.map(time),
                    trouble: r.try_get(5)?,
                    trouble_since: r.try_get::<Option<i64>, _>(6)?.map(time),
                    alerted_at: r.try_get::<Option<i64>, _>(7)?.map(time),
                })
            })
            .collect()
    }

    /// Coverage of the configured sources only: what was taken out of the config no longer holds anything back.
    pub async fn coverage(&self, calendars: &[String], accounts: &[String]) -> Result<Coverage, StoreError> {
        let sources = self.sources().await?;
        let find = |door: &str, name: &String| sources.iter().find(|s| s.kind.door() == door && s.name == *name);
        let calendars = calendars.iter().map(|name| source_coverage(name, find("calendar", name))).collect();
        let mut folders = Vec::new();
        for name in accounts {
            let read = match find("mail", name) {
                Some(source) => self.folder_coverage(source).await?,
                None => Vec::new(),
            };
            if read.is_empty() {
                // Configured but never read: one folder nobody has looked into.
                let trouble = find("mail", name).and_then(|s| s.trouble.clone());
                folders.push(FolderCoverage {
                    account: name.clone(),
                    folder: "INBOX".into(),
                    trouble,
                    ..Default::default()
                });
            }
            folders.extend(read);
        }
        Ok(Coverage { calendars, folders })
    }

    async fn folder_coverage(&self, source: &SourceRow) -> Result<Vec<FolderCoverage>, StoreError> {
        let mut c = self.lock().await;
        let rows = sqlx::query(
            "SELECT path, covers_from, last_ok_at, trouble, trouble_since FROM folder WHERE source_id = $1",
        )
        .bind(source.id)
        .fetch_all(&mut *c)
        .await?;
        rows.iter()
            .map(|r| {
                let path: Vec<u8> = r.try_get(0)?;
                Ok(FolderCoverage {
                    account: source.name.clone(),
                    folder: String::from_utf8_lossy(&path).into_owned(),
                    from: r.try_get::<Option<i64>, _>(1)?.map(time),
                    to: r.try_get::<Option<i64>, _>(2)?.map(time),
                    trouble: r.try_get::<Option<String>, _>(3)?.or_else(|| source.trouble.clone()),
                    trouble_since: r.try_get::<Option<i64>, _>(4)?.map(time).or(source.trouble_since),
                })
            })
            .collect()
    }
}

fn source_coverage(name: &str, row: Option<&SourceRow>) -> SourceCoverage {
    SourceCoverage {
        name: name.to_owned(),
        from: row.and_then(|r| r.covers_from),
        to: row.and_then(|r| r.last_ok_at),
        trouble: row.and_then(|r| r.trouble.clone()),
        trouble_since: row.and_then(|r| r.trouble_since),
    }
}
