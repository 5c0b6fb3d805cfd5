//! Why a mail did not go out, and what to do.
use crate::mailbox::MailboxError;
use crate::net::{ConnectError, CredentialError, Outcome, TrustError};
use std::time::Duration;

#[derive(Debug, thiserror::Error)]
pub enum OutboxError {
    #[error("{server}: {why}")]
    Connect {
        server: String,
        #[source]
        why: ConnectError,
    },
    #[error(transparent)]
    Trust(#[from] TrustError),
    #[error("{server}: the password or token could not be had: {why}")]
    Credential { server: String, why: CredentialError },
    #[error("{server}: TLS failed ({why}): check host, port and `tls`, or name the server's certificate in `tls_ca`")]
    Tls { server: String, why: String },
    #[error(
        "{server}: STARTTLS was asked for, but {why}: nothing was sent in clear; use `tls = \"implicit\"` (port 465) if there is one"
    )]
    Starttls { server: String, why: String },
    #[error(
        "{server}: the login was refused ({said}): check user and password; many providers want an app password or a token, and Microsoft 365 wants a token or leave of the administrator (SMTP AUTH)"
    )]
    LoginRefused { server: String, said: String },
    #[error("{server}: it offers no login that thankd has ({offered})")]
    NoMechanism { server: String, offered: String },
    #[error("{server}: {step} was refused for now ({said})")]
    Later { server: String, step: &'static str, said: String },
    #[error("{server}: {step} was refused ({said}): check `from`, `to` and whether this account may send")]
    Never { server: String, step: &'static str, said: String },
    #[error("{server}: the connection was lost during {step} ({why})")]
    Lost { server: String, step: &'static str, why: String },
    #[error("{server}: no answer to {step} within {} s", .after.as_secs())]
    Timeout { server: String, step: &'static str, after: Duration },
    #[error(transparent)]
    Append(MailboxError),
    #[error("{path}: {why}")]
    File { path: String, why: std::io::Error },
    #[error("the mail is not fit for the wire ({0})")]
    Malformed(&'static str),
    #[error("{server}: the mail library failed during {step}: please report this")]
    Panicked { server: String, step: &'static str },
}

/// A server's words, fit for a line of text.
pub(super) fn cleaned(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(300).collect()
}

impl OutboxError {
    /// Did the server itself say that it did not take the mail?
    pub(super) fn is_the_servers_word(&self) -> bool {
        matches!(self, OutboxError::Later { .. } | OutboxError::Never { .. })
    }

    /// What the hall does next, if the mail was not sent.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let text = || self.to_string();
        match self {
            OutboxError::Connect { why: ConnectError::ClearText { .. }, .. }
            | OutboxError::Trust(_)
            | OutboxError::Starttls { .. }
            | OutboxError::LoginRefused { .. }
            | OutboxError::NoMechanism { .. } => Outcome::AskOwner(text()),
            // A refused mail stays refused: its news goes to tomorrow's (news.md, Commit).
            OutboxError::Never { .. } => Outcome::SkipThis(text()),
            OutboxError::Connect { .. } | OutboxError::Lost { .. } | OutboxError::Timeout { .. } => {
                Outcome::RetryLater(Duration::from_secs(30))
            }
            OutboxError::Tls { .. } | OutboxError::Credential { .. } | OutboxError::Later { .. } => {
                Outcome::RetryLater(Duration::from_secs(300))
            }
            OutboxError::File { .. } => Outcome::RetryLater(Duration::from_secs(300)),
            OutboxError::Append(e) => e.outcome(),
            OutboxError::Malformed(_) | OutboxError::Panicked { .. } => Outcome::Bug(text()),
        }
    }
}

/// RFC 5321 §2.3.8 and §4.5.3.1.6, and RUSTSEC-2026-0561: a bare CR or LF lets what follows it pass for a command.
pub(super) fn check_wire_format(bytes: &[u8]) -> Result<(), OutboxError> {
    let bad = |why| Err(OutboxError::Malformed(why));
    if !bytes.ends_with(b"\r\n") {
        return bad("it does not end with CRLF");
    }
    for line in bytes.split_inclusive(|&b| b == b'\n') {
        let Some(text) = line.strip_suffix(b"\r\n") else { return bad("a line feed stands alone") };
        if text.contains(&b'\r') {
            return bad("a carriage return stands alone");
        }
        if text.len() > 998 {
            return bad("a line is longer than 998 octets");
        }
        if text.iter().any(|b| !b.is_ascii() || *b == 0) {
            return bad("it is not 7-bit text");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(bytes: &[u8], want: Option<&str>) {
        let got = check_wire_format(bytes).err().map(|e| e.to_string());
        assert_eq!(got.is_some(), want.is_some(), "{bytes:?}");
        assert!(got.unwrap_or_default().contains(want.unwrap_or_default()), "{bytes:?}");
    }

    #[test]
    fn only_seven_bit_crlf_lines_go_out() {
        case(b"Subject: x\r\n\r\nhello\r\n", None);
        case(b"a\r\n.\r\nMAIL FROM:<x>\r\n", None); // the dot is stuffed by the transport
        case(b"a\nb\r\n", Some("line feed"));
        case(b"a\rb\r\n", Some("carriage"));
        case(b"a\r\r\n", Some("carriage"));
        case(b"a", Some("end with CRLF"));
        case(b"", Some("end with CRLF"));
        case("ä\r\n".as_bytes(), Some("7-bit"));
        case(b"\0\r\n", Some("7-bit"));
        case(&[vec![b'x'; 998], b"\r\n".to_vec()].concat(), None);
        case(&[vec![b'x'; 999], b"\r\n".to_vec()].concat(), Some("998"));
    }
}
