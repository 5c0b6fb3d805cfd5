//! One backup a day, what happens to a corrupt file, and the daily purge by `[keep]`.
use super::{Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use sqlx::Connection;
use std::path::Path;

/// How long things are kept after an item's last event (privacy.md).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keep {
    pub letters: SignedDuration,
    pub strangers: SignedDuration,
    pub meetings: SignedDuration,
    pub counts: SignedDuration,
}

/// An empty file, or none beside a backup, would be taken for a new store: that must never happen silently. Says what was
/// done; `None`: nothing was lost.
pub(super) fn lost(path: &Path) -> std::io::Result<Option<String>> {
    let size = match std::fs::metadata(path) {
        Ok(there) => Some(there.len()),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => None,
        Err(e) => return Err(e),
    };
    let backup = path.with_extension("backup");
    // An empty file or a folder of that name is no backup.
    let usable = std::fs::metadata(&backup).is_ok_and(|m| m.is_file() && m.len() > 0);
    match (size, usable) {
        (Some(0), _) => set_aside(path).map(Some),
        (None, true) => {
            drop_logs(path);
            std::fs::copy(&backup, path)?;
            Ok(Some(
                "the store was gone; the last daily backup stands in its place, newer mail is read again".to_owned(),
            ))
        }
        (Some(_), _) | (None, false) => Ok(None),
    }
}

/// The write-ahead log belongs to the file it was written beside, and to no other.
fn drop_logs(path: &Path) {
    for ext in ["db-wal", "db-shm"] {
        let _ = std::fs::remove_file(path.with_extension(ext));
    }
}

/// Sets a corrupt store aside and puts the backup in its place; says what it did.
pub(super) fn set_aside(path: &Path) -> std::io::Result<String> {
    let aside = free(path, "corrupt");
    std::fs::rename(path, &aside)?;
    drop_logs(path);
    let backup = path.with_extension("backup");
    if std::fs::metadata(&backup).is_ok_and(|m| m.is_file() && m.len() > 0) {
        std::fs::copy(&backup, path)?;
        return Ok(format!(
            "the store was damaged and is kept as {}; the last daily backup stands in its place, newer mail is read again",
            aside.display()
        ));
    }
    Ok(format!(
        "the store was damaged and is kept as {}; there was no backup, so the mailboxes are read again and your own tellings are lost",
        aside.display()
    ))
}

/// A name that is not taken: an earlier damaged file is evidence, too.
fn free(path: &Path, kind: &str) -> std::path::PathBuf {
    let mut names = (0..100).map(|n| path.with_extension(if n == 0 { kind.into() } else { format!("{kind}-{n}") }));
    names.find(|p| !p.exists()).unwrap_or_else(|| path.with_extension(kind))
}

/// The store in place is a copy of a backup that is damaged as well: the backup goes aside, and the copy goes.
pub(super) fn both_aside(path: &Path) -> std::io::Result<String> {
    let aside = free(path, "backup-corrupt");
    std::fs::rename(path.with_extension("backup"), &aside)?;
    std::fs::remove_file(path)?;
    drop_logs(path);
    Ok(format!(
        "the store and its daily backup were damaged and are kept beside it (the backup as {}); the mailboxes are read again and your own tellings are lost",
        aside.display()
    ))
}

impl Store {
    /// Writes `thankd.backup` beside the store, whole or not at all.
    pub async fn backup(&self) -> Result<(), StoreError> {
        let Some(path) = &self.path else { return Ok(()) };
        let fresh = path.with_extension("backup-new");
        let target = path.with_extension("backup");
        let fail = |e: std::io::Error| StoreError::Open { path: target.clone(), why: e.to_string() };
        let _ = std::fs::remove_file(&fresh);
        let mut c = self.lock().await;
        sqlx::query("VACUUM INTO $1").bind(fresh.to_string_lossy().into_owned()).execute(&mut *c).await?;
        drop(c);
        super::private(&fresh).map_err(fail)?;
        std::fs::File::open(&fresh).and_then(|f| f.sync_all()).map_err(fail)?;
        std::fs::rename(&fresh, &target).map_err(fail)
    }

    /// Deletes what `[keep]` no longer allows. Mentions go with the last fact that needs them.
    pub async fn purge(&self, keep: &Keep, strangers: &[i64], now: Timestamp) -> Result<u64, StoreError> {
        let mut c = self.lock().await;
        let mut tx = c.begin_with("BEGIN IMMEDIATE").await?;
        let before = |d: SignedDuration| now.as_second().saturating_sub(d.as_secs());
        let mut gone = 0;
        gone += sqlx::query("DELETE FROM message WHERE arrived_at < $1 AND recorded_at < $1")
            .bind(before(keep.letters))
            .execute(&mut *tx)
            .await?
            .rows_affected();
        for letter in strangers {
            gone += sqlx::query(
                "DELETE FROM message WHERE id = (SELECT message_id FROM letter WHERE id = $1) AND arrived_at < $2 AND recorded_at < $2",
            )
            .bind(letter)
            .bind(before(keep.strangers))
            .execute(&mut *tx)
            .await?
            .rows_affected();
        }
        gone += sqlx::query(
            "DELETE FROM meeting WHERE ends_at < $1 AND NOT EXISTS (SELECT 1 FROM participant p JOIN telling t \
             ON t.about_mention = p.mention_id OR t.other_mention = p.mention_id WHERE p.meeting_id = meeting.id)",
        )
        .bind(before(keep.meetings))
        .execute(&mut *tx)
        .await?
        .rows_affected();
        sqlx::query("DELETE FROM tally WHERE at < $1").bind(before(keep.counts)).execute(&mut *tx).await?;
        sqlx::query("DELETE FROM item WHERE last_event_at < $1 AND NOT EXISTS (SELECT 1 FROM telling WHERE about_item = item.id)")
            .bind(before(keep.letters))
            .execute(&mut *tx)
            .await?;
        sqlx::query(
            "DELETE FROM mention WHERE NOT EXISTS (SELECT 1 FROM letter WHERE mention_id = mention.id) \
             AND NOT EXISTS (SELECT 1 FROM participant WHERE mention_id = mention.id) \
             AND NOT EXISTS (SELECT 1 FROM acquaintance WHERE mention_id = mention.id) \
             AND NOT EXISTS (SELECT 1 FROM telling WHERE about_mention = mention.id OR other_mention = mention.id)",
        )
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Opened twice: what was repaired once stays repaired, and nothing more is set aside.
    fn opened(store: &[u8], backup: impl Fn(&Path)) -> (String, usize) {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("thankd.db"), store).unwrap();
        backup(&dir.path().join("thankd.backup"));
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let open = || {
            runtime.block_on(async {
                let store = Store::open(dir.path(), [7; 32]).await.unwrap();
                let said = store.meta("repaired").await.unwrap().unwrap_or_default();
                store.close().await.unwrap();
                said
            })
        };
        open();
        let said = open();
        let aside = std::fs::read_dir(dir.path()).unwrap().flatten();
        (said, aside.filter(|e| e.file_name().to_string_lossy().contains("corrupt")).count())
    }

    #[test]
    fn a_damaged_backup_beside_a_damaged_store_is_set_aside_too() {
        let bad = b"this is no database at all, however long one looks at it";
        let (said, aside) = opened(bad, |b| std::fs::write(b, b"nor is this one, be it ever so long").unwrap());
        assert!(said.contains("and its daily backup were damaged") && aside == 2, "{said} {aside}");
        let (said, aside) = opened(bad, |b| std::fs::write(b, b"").unwrap());
        assert!(said.contains("no backup") && aside == 1, "{said} {aside}");
        let (said, aside) = opened(bad, |b| std::fs::create_dir(b).unwrap());
        assert!(said.contains("no backup") && aside == 1, "{said} {aside}");
    }
}
