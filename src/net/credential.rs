//! Who we are, asked for anew at each login: a token expires and a password is changed while the daemon runs, so nothing
//! here keeps a secret longer than one login.
use secrecy::SecretString;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// A login's secret. Debug shows the kind only.
pub enum Credential {
    /// LOGIN or AUTHENTICATE PLAIN; an app password is one too.
    Password(SecretString),
    /// An OAuth 2 access token, for XOAUTH2.
    Token(SecretString),
}

pub use Credential::{Password, Token};

impl std::fmt::Debug for Credential {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Password(_) => "Password(…)",
            Token(_) => "Token(…)",
        })
    }
}

/// The secret could not be had (file unreadable, command failed). The text names what was tried, never the secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct CredentialError(pub String);

type Asked = Pin<Box<dyn Future<Output = Result<Credential, CredentialError>> + Send>>;

/// Where the secret comes from: called at every login.
#[derive(Clone)]
pub struct CredentialSource(Arc<dyn Fn() -> Asked + Send + Sync>);

impl CredentialSource {
    /// Asks `how` at each login; it may run a command or read a file.
    pub fn new<F, R>(how: F) -> Self
    where
        F: Fn() -> R + Send + Sync + 'static,
        R: Future<Output = Result<Credential, CredentialError>> + Send + 'static,
    {
        CredentialSource(Arc::new(move || Box::pin(how())))
    }
    /// Always this password.
    #[must_use]
    pub fn password(password: SecretString) -> Self {
        Self::new(move || {
            let p = password.clone();
            async move { Ok(Password(p)) }
        })
    }
    /// Always this access token.
    #[must_use]
    pub fn token(token: SecretString) -> Self {
        Self::new(move || {
            let t = token.clone();
            async move { Ok(Token(t)) }
        })
    }
    pub async fn ask(&self) -> Result<Credential, CredentialError> {
        (self.0)().await
    }
}

impl std::fmt::Debug for CredentialSource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("CredentialSource(…)")
    }
}
