//! The letter itself: an RFC 5322 message that says it is automatic, carries its token, and is the same on every attempt.
//!
//! Message-ID and Date are the caller's, fixed in the store before anything connects: a resend is the same letter. All
//! that a stranger wrote is in the body, and the body is always encoded, so no line of it can become a header or end the
//! message; names in headers are the owner's own, and still stripped of controls before lettre sees them (RUSTSEC-2026-0564).
use super::view::Digest;
use super::words::{When, clean};
use crate::person::{Address, Domain, Mailbox};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use lettre::Message;
use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, MessageBuilder, MultiPart, SinglePart};
use std::time::{Duration, SystemTime};

/// What the caller knows of the letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Headers {
    pub from: Mailbox,
    pub to: Vec<Address>,
    /// Without angle brackets: `thankd.2026-11-17.9f2c…@example.org`.
    pub message_id: String,
    /// When it was composed; a resend keeps it.
    pub date: Timestamp,
    /// Recognises our own letters again, whatever a server makes of the Message-ID.
    pub token: String,
}

/// Why a letter cannot be built: never a stranger's doing.
#[derive(Debug, thiserror::Error)]
pub enum LetterTrouble {
    #[error("the digest has no usable sender address")]
    NoSender,
    #[error("the digest has no usable recipient address")]
    NoRecipient,
    #[error("the message could not be built: {0}")]
    Build(#[from] lettre::error::Error),
    #[error("the page could not be filled: {0}")]
    Page(#[from] minijinja::Error),
    #[error("the text could not be encoded")]
    Encoding,
}

/// A source that has been failing for a day: one mail, then the foot of each digest says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    pub sources: Vec<FailingSource>,
    pub now: Timestamp,
    pub zone: TimeZone,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FailingSource {
    /// The name in the configuration.
    pub name: String,
    pub since: Timestamp,
    pub trouble: String,
    /// What the owner can do: "run thankd login work".
    pub remedy: Option<String>,
}

/// The digest as a message: text first, HTML second. 7-bit lines, CRLF, none longer than 76.
///
/// # Errors
/// An address of the configuration that lettre refuses.
pub fn letter_of(digest: &Digest, headers: &Headers) -> Result<Vec<u8>, LetterTrouble> {
    let when = When::new(digest.page.now, &digest.page.zone);
    let subject = subject(&digest.headline, &when);
    let body = MultiPart::alternative()
        .boundary(boundary(headers))
        .singlepart(part(ContentType::TEXT_PLAIN, super::text(digest)?)?)
        .singlepart(part(ContentType::TEXT_HTML, super::html(digest)?)?);
    Ok(builder(headers, subject)?.multipart(body)?.formatted())
}

/// The alert as a message, in plain text.
///
/// # Errors
/// As [`letter_of`].
pub fn alert_letter(alert: &Alert, headers: &Headers) -> Result<Vec<u8>, LetterTrouble> {
    let when = When::new(alert.now, &alert.zone);
    let count = super::words::plural(alert.sources.len(), "source", "sources");
    let subject = subject(&format!("{count} could not be read for a day"), &when);
    let part = part(ContentType::TEXT_PLAIN, alert_text(alert))?;
    Ok(builder(headers, subject)?.singlepart(part)?.formatted())
}

/// What the alert says.
#[must_use]
pub fn alert_text(alert: &Alert) -> String {
    let when = When::new(alert.now, &alert.zone);
    let mut text = String::from("For a day now thankd could not read everything you gave it:\n\n");
    for source in alert.sources.iter().take(20) {
        let line = format!(
            "{}: since {}: {}",
            clean(&source.name, 80),
            when.moment(source.since),
            clean(&source.trouble, 200)
        );
        text.push_str(&bullet(&line));
        text.extend(source.remedy.iter().map(|r| format!("    {}\n", clean(r, 200))));
    }
    text.push_str(
        "\nUntil it can be read again, nothing is concluded from its silence: requests that\n\
         depend on it stay open. thankd keeps trying; the foot of each digest says how it\n\
         stands, and thankd doctor looks closer.\n",
    );
    text
}

fn bullet(line: &str) -> String {
    let rows = super::width::wrap(line, 74);
    rows.iter().enumerate().map(|(n, row)| format!("{}{row}\n", if n == 0 { "  " } else { "    " })).collect()
}

/// "thankd: 2 thank-you notes, 3 early requests · Tue 17 Nov": counts, never a name (privacy.md).
#[must_use]
pub fn subject(headline: &str, when: &When) -> String {
    format!("thankd: {} · {}", clean(headline, 120), when.local(when.now).strftime("%a %-d %b"))
}

fn part(kind: ContentType, text: String) -> Result<SinglePart, LetterTrouble> {
    let body = Body::new_with_encoding(text, ContentTransferEncoding::QuotedPrintable);
    Ok(SinglePart::builder().header(kind).body(body.map_err(|_| LetterTrouble::Encoding)?))
}

fn builder(headers: &Headers, subject: String) -> Result<MessageBuilder, LetterTrouble> {
    let address = headers.from.address.as_ref().ok_or(LetterTrouble::NoSender)?;
    let sender = address.as_str().parse().map_err(|_| LetterTrouble::NoSender)?;
    let name = headers.from.name.as_ref().map(|n| clean(n.as_str(), 80));
    let list = Domain::new(address.domain().as_str()).map_or_else(|| "localhost".to_owned(), |d| d.as_str().to_owned());
    let mut message = Message::builder()
        .from(lettre::message::Mailbox::new(name, sender))
        .date(system_time(headers.date))
        .message_id(Some(format!("<{}>", token(&headers.message_id))))
        .subject(subject)
        .raw_header(HeaderValue::new(AUTO_SUBMITTED, "auto-generated".to_owned()))
        .raw_header(HeaderValue::new(LIST_ID, format!("<thankd.{}>", token(&list))))
        .raw_header(HeaderValue::new(TOKEN, token(&headers.token)));
    if headers.to.is_empty() {
        return Err(LetterTrouble::NoRecipient);
    }
    for to in &headers.to {
        message = message.to(to.as_str().parse().map_err(|_| LetterTrouble::NoRecipient)?);
    }
    Ok(message)
}

const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");
const LIST_ID: HeaderName = HeaderName::new_from_ascii_str("List-Id");
const TOKEN: HeaderName = HeaderName::new_from_ascii_str("X-Thankd-Digest");

/// Printable ASCII without blanks, at most 200: what may stand in an identifier.
fn token(s: &str) -> String {
    s.chars().filter(|c| c.is_ascii_graphic() && !matches!(c, '<' | '>')).take(200).collect()
}

/// Fixed by the Message-ID, so that a resend is the same to the byte. `=_` cannot occur in quoted-printable text.
fn boundary(headers: &Headers) -> String {
    let id: String = headers.message_id.chars().filter(char::is_ascii_alphanumeric).take(48).collect();
    format!("=_thankd_{id}")
}

fn system_time(t: Timestamp) -> SystemTime {
    let since = Duration::from_secs(u64::try_from(t.as_second()).unwrap_or(0));
    SystemTime::UNIX_EPOCH.checked_add(since).unwrap_or(SystemTime::UNIX_EPOCH)
}
