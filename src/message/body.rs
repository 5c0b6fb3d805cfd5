//! The body.
use super::mime::{Kind, Part};
use super::{Body, html, links};
use crate::person::Mailbox;

/// What else the mail says, for telling replies from forwards and the sender's name from words.
pub(super) struct About<'a> {
    pub subject: &'a str,
    pub from: &'a [Mailbox],
}

pub(super) fn body(parts: &[Part<'_>], about: &About<'_>) -> Body {
    let _ = (about.subject, about.from);
    let mut body = Body::default();
    let mut plain = String::new();
    let mut rich = String::new();
    for part in parts.iter().filter(|p| p.inline_text()) {
        match part.kind {
            Kind::Html => {
                let (text, links) = html::lines(part.text());
                rich.push_str(&text);
                body.links.extend(links);
            }
            _ => {
                plain.push_str(part.text());
                links::in_text(part.text(), &mut body.links);
            }
        }
    }
    body.links.truncate(links::MOST);
    body.text = if plain.trim().is_empty() { rich } else { plain.replace("\r\n", "\n") };
    body.own = body.text.lines().filter(|l| !l.starts_with('>')).collect::<Vec<_>>().join("\n");
    body
}
