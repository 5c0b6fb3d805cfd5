//! The body.
use super::Body;
use super::mime::{Kind, Part};
use crate::person::Mailbox;

/// What else the mail says, for telling replies from forwards and the sender's name from words.
pub(super) struct About<'a> {
    pub subject: &'a str,
    pub from: &'a [Mailbox],
}

pub(super) fn body(parts: &[Part<'_>], about: &About<'_>) -> Body {
    let _ = (about.subject, about.from);
    let text: String = parts
        .iter()
        .filter(|p| p.inline_text())
        .map(|p| {
            if p.kind == Kind::Html { mail_parser::decoders::html::html_to_text(p.text()) } else { p.text().to_owned() }
        })
        .next()
        .unwrap_or_default();
    let own = text.lines().filter(|l| !l.starts_with('>')).collect::<Vec<_>>().join("\n");
    Body { text, own, ..Body::default() }
}
