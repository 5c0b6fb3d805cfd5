//! One instance per state folder: two daemons on one store would send two digests.
//!
//! The folder itself is locked: a lock file can be deleted by whoever tidies up, and a second daemon would lock a new
//! one. The file stays for the pid, for folders of file systems that lock no folders, and for older thankds.
use crate::store::StoreError;
use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

/// Held as long as the daemon runs; the kernel lets go when the process ends, however it ends.
#[derive(Debug)]
pub struct Instance {
    _file: File,
    _folder: Option<File>,
}

impl Instance {
    pub fn lock(dir: &Path) -> Result<Instance, StoreError> {
        let path = dir.join("thankd.lock");
        let open = |e: std::io::Error| StoreError::Open { path: path.clone(), why: e.to_string() };
        std::fs::create_dir_all(dir).map_err(open)?;
        let mut file = File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(open)?;
        let folder = File::open(dir).map_err(open)?;
        let folder = match folder.try_lock() {
            Ok(()) => Ok(Some(folder)),
            // NFS locks only what is open for writing, and no folder is.
            Err(TryLockError::Error(_)) => Ok(None),
            Err(e @ TryLockError::WouldBlock) => Err(e),
        };
        match folder.and_then(|folder| file.try_lock().map(|()| folder)) {
            Ok(folder) => Ok(Instance { _folder: folder, _file: noted(file) }),
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                let _ = file.read_to_string(&mut pid);
                let pid = pid.trim().chars().filter(char::is_ascii_digit).collect();
                Err(StoreError::Busy { dir: dir.to_owned(), pid })
            }
            Err(TryLockError::Error(e)) => Err(open(e)),
        }
    }

    /// Is a daemon using this folder now?
    #[must_use]
    pub fn held(dir: &Path) -> bool {
        let held = |file: std::io::Result<File>| {
            file.is_ok_and(|f| matches!(f.try_lock_shared(), Err(TryLockError::WouldBlock)))
        };
        held(File::open(dir)) || held(File::open(dir.join("thankd.lock")))
    }
}

/// The pid is only for people; a full disk must not keep the daemon from starting.
fn noted(mut file: File) -> File {
    let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", std::process::id()));
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_outlives_its_file() {
        let dir = tempfile::tempdir().unwrap();
        let first = Instance::lock(dir.path()).unwrap();
        std::fs::remove_file(dir.path().join("thankd.lock")).unwrap();
        assert!(matches!(Instance::lock(dir.path()), Err(StoreError::Busy { .. })));
        assert!(Instance::held(dir.path()));
        drop(first);
        assert!(!Instance::held(dir.path()));
        Instance::lock(dir.path()).unwrap();
    }
}
