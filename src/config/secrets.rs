//! Secrets come from a file, a command, or systemd, at each login; they are never in the config, an argument, or a log.
use crate::net::{Credential, CredentialError, CredentialSource, first_line, secret_of};
use secrecy::SecretString;
use std::path::{Path, PathBuf};

/// Where a secret is to be had, as checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Secret {
    PasswordFile(PathBuf),
    /// Name of a systemd credential. Its folder is there only for the service itself; the owner's own `thankd status`
    /// must not fail for that.
    PasswordCredential(String),
    PasswordCmd(Vec<String>),
    TokenCmd(Vec<String>),
}

impl Secret {
    #[must_use]
    pub fn source(&self) -> CredentialSource {
        let secret = self.clone();
        CredentialSource::new(move || {
            let secret = secret.clone();
            async move {
                match secret {
                    Secret::PasswordFile(path) => read(&path).map(Credential::Password),
                    Secret::PasswordCredential(name) => read(&placed(&name)?).map(Credential::Password),
                    Secret::PasswordCmd(argv) => secret_of(&argv).await.map(Credential::Password),
                    Secret::TokenCmd(argv) => secret_of(&argv).await.map(Credential::Token),
                }
            }
        })
    }
}

/// Where systemd placed the credential (systemd.exec(5), LoadCredential=).
fn placed(name: &str) -> Result<PathBuf, CredentialError> {
    let needs = "password_credential needs systemd, which sets $CREDENTIALS_DIRECTORY: start it by the unit with LoadCredential=, or use password_file";
    let dir = std::env::var_os("CREDENTIALS_DIRECTORY").ok_or_else(|| CredentialError(needs.to_owned()))?;
    Ok(Path::new(&dir).join(name))
}

/// Why a secret's file may not be used. Credentials that systemd placed are private by their folder.
pub fn too_open(path: &Path) -> Result<(), String> {
    use std::os::unix::fs::PermissionsExt as _;
    let meta = std::fs::metadata(path).map_err(|e| format!("{} cannot be read ({e})", path.display()))?;
    if !meta.is_file() {
        return Err(format!("{} is no file", path.display()));
    }
    let mode = meta.permissions().mode() & 0o777;
    let placed = std::env::var_os("CREDENTIALS_DIRECTORY").is_some_and(|dir| path.starts_with(dir));
    if mode & 0o077 != 0 && !placed {
        return Err(format!("{} may be read by others (mode {mode:03o})", path.display()));
    }
    Ok(())
}

fn read(path: &Path) -> Result<SecretString, CredentialError> {
    too_open(path).map_err(|e| CredentialError(format!("{e}; `chmod 600 {}`", path.display())))?;
    let text = std::fs::read_to_string(path).map_err(|e| CredentialError(format!("{}: {e}", path.display())))?;
    first_line(&text).ok_or_else(|| CredentialError(format!("{} is empty", path.display())))
}
