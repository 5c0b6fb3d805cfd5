//! Logging in, in one of three ways, and telling apart why it failed: a wrong password must stop thankd (locked accounts),
//! a busy server must not.
use super::outgoing::quote;
use super::stream::{GuardedStream, Shared};
use super::{answer::Status, session};
use crate::mailbox::Fault;
use crate::mailbox::error::THROTTLED;
use crate::net::{Credential, Veil};
use secrecy::ExposeSecret;
use std::cell::Cell;

pub(super) type Client = imap::Client<GuardedStream>;
pub(super) type Inner = imap::Session<GuardedStream>;

/// Logs in by what the server offers and the secret is.
pub(super) fn log_in(
    client: Client,
    shared: &Shared,
    capabilities: &[String],
    user: &str,
    credential: &Credential,
) -> Result<Inner, Fault> {
    shared.desk().veil = Veil::of(credential);
    let offers = |name: &str| capabilities.iter().any(|c| c == name);
    let mechanisms = || capabilities.iter().filter(|c| c.starts_with("AUTH=")).cloned().collect::<Vec<_>>().join(" ");
    let done = match credential {
        Credential::Password(password) => {
            let password = password.expose_secret();
            let plain = || Once::new(format!("\0{user}\0{password}"));
            let quotable = |s: &str| s.is_ascii() && quote(s).is_some();
            if user.contains('\0') || password.contains('\0') {
                return Err(Fault::LoginRefused("the user or the password holds a NUL".to_owned()));
            }
            if quotable(user) && quotable(password) && !offers("LOGINDISABLED") {
                client.login(user, password)
            } else if offers("AUTH=PLAIN") {
                client.authenticate("PLAIN", &plain())
            } else if offers("LOGINDISABLED") {
                return Err(Fault::LoginDisabled);
            } else {
                return Err(Fault::NoMechanism(mechanisms()));
            }
        }
        Credential::Token(token) if offers("AUTH=XOAUTH2") => {
            let words = format!("user={user}\x01auth=Bearer {}\x01\x01", token.expose_secret());
            client.authenticate("XOAUTH2", &Once::new(words))
        }
        Credential::Token(_) => return Err(Fault::NoMechanism(mechanisms())),
    };
    done.map_err(|(e, _client)| {
        let refused = matches!(e, imap::Error::No(_) | imap::Error::Bad(_));
        let status = shared.desk().status.clone().filter(|_| refused);
        status.map_or_else(|| session::lost("LOGIN", &e, shared), |s| why_refused(&s))
    })
}

/// Says its words to the first challenge and nothing to any other: XOAUTH2 tells an error in a second challenge, which
/// wants an empty answer before the server says NO.
struct Once {
    words: String,
    said: Cell<bool>,
}

impl Once {
    fn new(words: String) -> Self {
        Once { words, said: Cell::new(false) }
    }
}

impl imap::Authenticator for Once {
    type Response = String;
    fn process(&self, _challenge: &[u8]) -> String {
        if self.said.replace(true) { String::new() } else { self.words.clone() }
    }
}

fn why_refused(status: &Status) -> Fault {
    throttled(status).unwrap_or_else(|| Fault::LoginRefused(status.said()))
}

/// Response codes of RFC 5530 and what the large providers say instead.
pub(super) fn throttled(status: &Status) -> Option<Fault> {
    let text = status.text.to_lowercase();
    if text.contains("authenticated but not connected") {
        return Some(Fault::NotConnected(status.said()));
    }
    if status.code == "OVERQUOTA" && !text.contains("bandwidth") {
        return Some(Fault::OverQuota(status.said()));
    }
    let by_code =
        ["UNAVAILABLE", "INUSE", "LIMIT", "THROTTLED", "SERVERBUG", "OVERQUOTA"].contains(&status.code.as_str());
    let by_text =
        ["too many simultaneous", "too many connections", "try again later", "temporarily", "throttl", "bandwidth"];
    let limited = by_code || by_text.iter().any(|t| text.contains(t));
    limited.then(|| Fault::Throttled { said: status.said(), after: THROTTLED })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(line: &str, want: &str) {
        let status = Status::parse(line.as_bytes()).unwrap();
        let got = match why_refused(&status) {
            Fault::LoginRefused(_) => "refused",
            Fault::Throttled { .. } => "later",
            Fault::NotConnected(_) => "not connected",
            Fault::OverQuota(_) => "full",
            other => panic!("{other}"),
        };
        assert_eq!(got, want, "{line}");
    }

    #[test]
    fn a_wrong_password_is_no_busy_server() {
        case("NO [AUTHENTICATIONFAILED] Authentication failed.", "refused");
        case("NO LOGIN failed.", "refused");
        case("NO [ALERT] Application-specific password required", "refused");
        case("NO [UNAVAILABLE] Temporary authentication failure.", "later");
        case("NO [ALERT] Too many simultaneous connections. (Failure)", "later");
        case("NO [LIMIT] Maximum number of connections", "later");
        case("BAD User is authenticated but not connected.", "not connected");
        case("NO [OVERQUOTA] Account exceeded command or bandwidth limits.", "later");
        case("NO [OVERQUOTA] Quota exceeded", "full");
    }
}
