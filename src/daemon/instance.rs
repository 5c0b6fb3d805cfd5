//! One instance per state folder: two daemons on one store would send two digests.
use crate::store::StoreError;
use std::fs::{File, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

/// Held as long as the daemon runs; the kernel lets go when the process ends, however it ends.
#[derive(Debug)]
pub struct Instance {
    _file: File,
}

impl Instance {
    pub fn lock(dir: &Path) -> Result<Instance, StoreError> {
        let path = dir.join("thankd.lock");
        let open = |e: std::io::Error| StoreError::Open { path: path.clone(), why: e.to_string() };
        std::fs::create_dir_all(dir).map_err(open)?;
        let mut file = File::options().read(true).write(true).create(true).truncate(false).open(&path).map_err(open)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut pid = String::new();
                let _ = file.read_to_string(&mut pid);
                let pid = pid.trim().chars().filter(char::is_ascii_digit).collect();
                return Err(StoreError::Busy { dir: dir.to_owned(), pid });
            }
            Err(TryLockError::Error(e)) => return Err(open(e)),
        }
        // The pid is only for people; a full disk must not keep the daemon from starting.
        let _ = file.set_len(0).and_then(|()| file.rewind()).and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Instance { _file: file })
    }

    /// Is a daemon using this folder now?
    #[must_use]
    pub fn held(dir: &Path) -> bool {
        let file = File::options().read(true).open(dir.join("thankd.lock"));
        file.is_ok_and(|f| matches!(f.try_lock_shared(), Err(TryLockError::WouldBlock)))
    }
}
