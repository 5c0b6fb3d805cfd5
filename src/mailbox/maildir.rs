//! Message files in folders: a Maildir's `new` and `cur`, or a plain folder of `.eml` files.
//!
//! Files have no numbers and no order, and their names change with their flags. So a message's number is a hash of the
//! part of its name that stays, and the order is the inode's change time: unlike the modification time nobody can set it
//! back, and a rename into the folder renews it. A file whose flags change is offered once more; it is known by its
//! Message-ID. Files younger than a second wait for the next look, as others may come with the same stamp.
use super::Uid;
use jiff::Timestamp;
use std::ffi::OsStr;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// One message file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub uid: Uid,
    pub path: PathBuf,
    /// Microseconds since 1970.
    pub changed: u64,
    pub modified: Option<Timestamp>,
}

pub(super) fn is_maildir(path: &Path) -> bool {
    path.join("cur").is_dir() && path.join("new").is_dir()
}

/// The names in a folder, sorted; hidden ones only if asked for.
pub(super) fn names(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all: Vec<PathBuf> = std::fs::read_dir(folder)?.filter_map(Result::ok).map(|e| e.path()).collect();
    all.sort();
    Ok(all)
}

pub(super) fn is_hidden(path: &Path) -> bool {
    path.file_name().is_none_or(|n| n.as_bytes().starts_with(b"."))
}

/// Files of a Maildir in order of their names, which begin with the time of delivery.
pub(super) fn files(maildir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut all = names(&maildir.join("cur"))?;
    all.extend(names(&maildir.join("new"))?);
    all.retain(|p| !is_hidden(p));
    all.sort_by(|a, b| a.file_name().cmp(&b.file_name()));
    Ok(all)
}

/// Maildir++ subfolders: `.Sent`, `.Work.Networks`.
pub(super) fn subfolders(maildir: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let named = |p: PathBuf| {
        let name = p.file_name()?.to_str()?.strip_prefix('.')?.to_owned();
        // One that may not be looked into is told as such, not passed over.
        let closed = || std::fs::metadata(p.join("cur")).is_err_and(|e| e.kind() == io::ErrorKind::PermissionDenied);
        (!name.is_empty() && (is_maildir(&p) || p.is_dir() && closed())).then_some((name, p))
    };
    Ok(names(maildir)?.into_iter().filter_map(named).collect())
}

/// What is known of a message file without opening it; `None` if it is gone, or no file.
pub(super) fn entry(path: PathBuf) -> Option<Entry> {
    let meta = std::fs::metadata(&path).ok().filter(std::fs::Metadata::is_file)?;
    let changed = meta.ctime().checked_mul(1_000_000)?.checked_add(meta.ctime_nsec() / 1000)?;
    let uid = number(path.file_name().unwrap_or(OsStr::new("")));
    Some(Entry { uid, changed: u64::try_from(changed).ok()?, modified: super::eml::modified(&meta), path })
}

/// FNV-1a of the name up to the flags, positive and never 0.
fn number(name: &OsStr) -> Uid {
    let stays = name.as_bytes().split(|&b| b == b':' || b == b';').next().unwrap_or_default();
    Uid(fnv(stays) >> 1 | 1)
}

pub(super) fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |h, &b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_outlives_flags_and_is_positive() {
        let n = |s: &str| number(OsStr::new(s));
        assert_eq!(n("1790.M1P2.host"), n("1790.M1P2.host:2,RS"));
        assert_ne!(n("1790.M1P2.host"), n("1790.M1P3.host"));
        for s in ["", ":2,", "x"] {
            assert!(i64::try_from(n(s).0).is_ok_and(|v| v > 0), "{s}");
        }
    }
}
