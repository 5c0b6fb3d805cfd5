//! What is remembered: facts, the owner's word, and what was said. Never a verdict, a person or a text.
//!
//! A store that lies about what it holds is worse than none: every batch of mail and its cursor, every digest and its
//! said rows are one transaction each, there is one writer, and a file that does not pass its check is set aside,
//! never silently replaced. `Memory` is the same SQLite without a file, so that both behave alike.

mod acquaintances;
mod backup;
mod digests;
mod facts;
mod items;
mod meetings;
mod record;
mod sources;
mod tellings;

pub use backup::Keep;
pub use digests::{DigestKind, DigestRow, DigestState, NewDigest};
pub use items::{Commit, Wanted};
pub use meetings::CalendarRead;
pub use record::{Batch, Cursor, READ, Reading, message_key};
pub use sources::{FolderRole, FolderRow, SourceKind, SourceRow};
pub use tellings::{NewTelling, Undone};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{Connection, Executor};
use std::path::{Path, PathBuf};
use thiserror::Error;
use tokio::sync::{Mutex, MutexGuard};

/// What went wrong with the store, which file, and what to do.
#[derive(Debug, Error)]
pub enum StoreError {
    #[error("the store {path} cannot be opened: {why}")]
    Open { path: PathBuf, why: String },
    #[error("another thankd is using {dir} (pid {pid}); stop it first, or give this one its own --state folder")]
    Busy { dir: PathBuf, pid: String },
    #[error("the store {path} was written by a newer thankd (schema {found}, this one knows {known}); upgrade thankd")]
    Newer { path: PathBuf, found: i64, known: i64 },
    #[error(
        "the disk is full: nothing was recorded, and nothing is lost; free some space and thankd goes on by itself"
    )]
    DiskFull,
    #[error("the store: {0}")]
    Sql(sqlx::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(e: sqlx::Error) -> Self {
        // SQLITE_FULL = 13, SQLITE_IOERR_WRITE = 778 (a write that found no space on some file systems),
        // SQLITE_IOERR_SHMSIZE = 4874 (the log's index could not grow)
        let full = e.as_database_error().and_then(|d| d.code()).is_some_and(|c| c == "13" || c == "778" || c == "4874");
        if full { StoreError::DiskFull } else { StoreError::Sql(e) }
    }
}

/// Schema versions in order; index + 1 = version.
const SCHEMAS: &[&str] = &[include_str!("schema/1.sql")];

/// The one writer. Work is in short transactions, so a mutex is the whole queue.
pub struct Store {
    connection: Mutex<SqliteConnection>,
    path: Option<PathBuf>,
    key: [u8; 32],
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens (or makes) `DIR/thankd.db`. `fresh_key` becomes the HMAC key of a new store.
    pub async fn open(dir: &Path, fresh_key: [u8; 32]) -> Result<Store, StoreError> {
        let path = dir.join("thankd.db");
        let fail = |why: std::io::Error| StoreError::Open { path: path.clone(), why: why.to_string() };
        std::fs::create_dir_all(dir).map_err(fail)?;
        private(dir).map_err(fail)?;
        let mut said = backup::lost(&path).map_err(fail)?;
        loop {
            match (Self::connect(&path, fresh_key).await, &said) {
                (Ok(store), None) => return Ok(store),
                (Ok(store), Some(said)) => {
                    tracing::error!(outcome = "store_repaired", store = %path.display(), "{said}");
                    return store.repaired(said.clone()).await;
                }
                (Err(StoreError::Sql(e)), None) if corrupt(&e) => {
                    said = Some(backup::set_aside(&path).map_err(fail)?);
                }
                // The backup is no better. It goes aside as well, so this ends with an empty store at the latest.
                (Err(StoreError::Sql(e)), Some(_)) if corrupt(&e) && path.with_extension("backup").exists() => {
                    said = Some(backup::both_aside(&path).map_err(fail)?);
                }
                (Err(StoreError::Sql(e)), _) => return Err(StoreError::Open { path, why: e.to_string() }),
                (Err(e), _) => return Err(e),
            }
        }
    }

    /// What was done about a damaged file is said in the next digest (trust.md P13).
    async fn repaired(self, said: String) -> Result<Store, StoreError> {
        self.set_meta("repaired", &said).await?;
        Ok(self)
    }

    /// The same store without a file.
    pub async fn memory(fresh_key: [u8; 32]) -> Result<Store, StoreError> {
        let options = SqliteConnectOptions::new().in_memory(true).foreign_keys(true);
        let connection = SqliteConnection::connect_with(&options).await?;
        Self::prepare(connection, None, fresh_key).await
    }

    async fn connect(path: &Path, fresh_key: [u8; 32]) -> Result<Store, StoreError> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(std::time::Duration::from_secs(15))
            .pragma("secure_delete", "ON")
            .pragma("cache_size", "-2000");
        let mut connection = SqliteConnection::connect_with(&options).await?;
        let check: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut connection).await?;
        if check != "ok" {
            return Err(StoreError::Sql(sqlx::Error::Protocol(format!("{CORRUPT}: {check}"))));
        }
        Self::prepare(connection, Some(path.to_owned()), fresh_key).await
    }

    async fn prepare(
        mut connection: SqliteConnection,
        path: Option<PathBuf>,
        fresh_key: [u8; 32],
    ) -> Result<Store, StoreError> {
        migrate(&mut connection, path.as_deref()).await?;
        const KEY: &str = "SELECT value FROM meta WHERE key = 'store_key'";
        // Commands open the store beside the running daemon: only the first opening writes.
        let key: Vec<u8> = match sqlx::query_scalar(KEY).fetch_optional(&mut connection).await? {
            Some(key) => key,
            None => {
                sqlx::query("INSERT INTO meta (key, value) VALUES ('store_key', $1) ON CONFLICT (key) DO NOTHING")
                    .bind(&fresh_key[..])
                    .execute(&mut connection)
                    .await?;
                sqlx::query_scalar(KEY).fetch_one(&mut connection).await?
            }
        };
        let key = <[u8; 32]>::try_from(key).unwrap_or(fresh_key);
        if let Some(p) = &path {
            let _ = private(p);
        }
        Ok(Store { connection: Mutex::new(connection), path, key })
    }

    async fn lock(&self) -> MutexGuard<'_, SqliteConnection> {
        self.connection.lock().await
    }

    /// The HMAC key under which message keys are made.
    #[must_use]
    pub fn key(&self) -> &[u8; 32] {
        &self.key
    }

    pub async fn meta(&self, key: &str) -> Result<Option<String>, StoreError> {
        let mut c = self.lock().await;
        let value: Option<Vec<u8>> =
            sqlx::query_scalar("SELECT value FROM meta WHERE key = $1").bind(key).fetch_optional(&mut *c).await?;
        Ok(value.and_then(|v| String::from_utf8(v).ok()))
    }

    pub async fn set_meta(&self, key: &str, value: &str) -> Result<(), StoreError> {
        let mut c = self.lock().await;
        sqlx::query("INSERT INTO meta (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = $2")
            .bind(key)
            .bind(value.as_bytes())
            .execute(&mut *c)
            .await?;
        Ok(())
    }

    /// The newest time the store knows of: a clock before it is wrong (sources.md, Sleep).
    pub async fn newest(&self) -> Result<Option<jiff::Timestamp>, StoreError> {
        let mut c = self.lock().await;
        let t: Option<i64> = sqlx::query_scalar(
            "SELECT max(t) FROM (SELECT max(recorded_at) AS t FROM message UNION ALL SELECT max(composed_at) FROM digest \
             UNION ALL SELECT max(last_ok_at) FROM source)",
        )
        .fetch_one(&mut *c)
        .await?;
        Ok(t.map(time))
    }

    pub async fn close(self) -> Result<(), StoreError> {
        let mut c = self.connection.into_inner();
        let _ = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut c).await;
        c.close().await?;
        Ok(())
    }
}

async fn migrate(connection: &mut SqliteConnection, path: Option<&Path>) -> Result<(), StoreError> {
    let found: i64 = sqlx::query_scalar("PRAGMA user_version").fetch_one(&mut *connection).await?;
    let known = i64::try_from(SCHEMAS.len()).unwrap_or(i64::MAX);
    if found > known {
        return Err(StoreError::Newer { path: path.unwrap_or(Path::new(":memory:")).to_owned(), found, known });
    }
    for (at, sql) in SCHEMAS.iter().enumerate().skip(usize::try_from(found).unwrap_or(0)) {
        let mut tx = connection.begin().await?;
        tx.execute(*sql).await?;
        // PRAGMA takes no parameters; the number is ours.
        tx.execute(sqlx::AssertSqlSafe(format!("PRAGMA user_version = {}", at + 1))).await?;
        tx.commit().await?;
    }
    Ok(())
}

const CORRUPT: &str = "quick_check";

fn corrupt(e: &sqlx::Error) -> bool {
    // SQLITE_CORRUPT = 11, SQLITE_NOTADB = 26
    let code = e.as_database_error().and_then(|d| d.code());
    code.is_some_and(|c| c == "11" || c == "26" || c == "267" || c == "779")
        || matches!(e, sqlx::Error::Protocol(p) if p.starts_with(CORRUPT))
}

/// Nobody else on the machine reads the owner's people.
fn private(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = if path.is_dir() { 0o700 } else { 0o600 };
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode))
}

/// Unix seconds to an instant; a damaged number becomes the nearest possible time instead of a panic.
fn time(seconds: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(seconds).unwrap_or(if seconds < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    })
}

/// An enum's snake_case name, as serde writes it: the store's spelling is the JSON's.
fn word<T: serde::Serialize>(value: &T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(s)) => s,
        _ => String::new(),
    }
}

fn unword<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_value(serde_json::Value::String(text.to_owned())).ok()
}
