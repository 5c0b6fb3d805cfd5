//! The body: which of a mail's texts is read, and what of it is the sender's own.
//!
//! Programs send the same text twice, as plain text and as HTML, or only once, or a plain part that says nothing but
//! "your program cannot show this". Plain text is read if it has content, else HTML; links are taken from both.
use super::mime::{Kind, Part, TEXT};
use super::split::{MARK, split};
use super::vocabulary::vocabulary;
use super::{Body, Forwarded, Link, TrustAnchor, html, links, reader, sign};
use crate::person::Mailbox;

/// A plain part with fewer letters than this is doubted if the HTML says much more.
const THIN: usize = 80;
/// Forwards attached as messages, inside each other: read no deeper.
const NESTED: u8 = 2;

/// What else the mail says, for telling replies from forwards and the sender's name from words.
pub(super) struct About<'a> {
    pub subject: &'a str,
    pub from: &'a [Mailbox],
    /// How many messages this one lies inside.
    pub depth: u8,
}

/// Texts of one multipart/alternative, or of one part outside any.
#[derive(Default)]
struct Group {
    alternative: Option<usize>,
    plain: String,
    rich: String,
}

impl Group {
    fn chosen(self) -> String {
        let letters = |s: &str| s.chars().filter(|c| c.is_alphanumeric()).count();
        let (plain, rich) = (letters(&self.plain), letters(&self.rich));
        let thin = plain < THIN && rich > plain * 4 + 20;
        if plain == 0 || thin { self.rich } else { self.plain }
    }
}

pub(super) fn body(parts: &[Part<'_>], about: &About<'_>) -> Body {
    let mut links = Vec::new();
    let mut groups: Vec<Group> = Vec::new();
    let mut left = TEXT;
    for part in parts.iter().filter(|p| p.inline_text()) {
        let text = part.text();
        let text = text.get(..text.floor_char_boundary(left)).unwrap_or_default();
        left -= text.len();
        let same = |g: &&mut Group| part.alternative.is_some() && g.alternative == part.alternative;
        let group = match groups.last_mut().filter(same) {
            Some(group) => group,
            None => {
                groups.push(Group { alternative: part.alternative, ..Group::default() });
                let Some(group) = groups.last_mut() else { continue };
                group
            }
        };
        add(group, part.kind, text, &mut links);
    }
    let text = groups.into_iter().map(Group::chosen).filter(|t| !t.trim().is_empty()).collect::<Vec<_>>().join("\n\n");
    let split = split(&text, vocabulary().forwards(about.subject), false);
    let (own, signature) = sign::own(split.own, about.from);
    let forwarded = split.forwarded.or_else(|| attached(parts, about.depth));
    let text =
        if text.contains(MARK) { text.lines().filter(|l| bare_mark(l)).collect::<Vec<_>>().join("\n") } else { text };
    Body { text, own, signature, forwarded, quotes: split.quotes, links }
}

fn bare_mark(line: &str) -> bool {
    !line.contains(MARK)
}

fn add(group: &mut Group, kind: Kind, text: &str, links: &mut Vec<Link>) {
    match kind {
        Kind::Html => {
            let (text, found) = html::lines(text);
            group.rich.push_str(&text);
            group.rich.push('\n');
            links.extend(found);
        }
        Kind::Plain | Kind::Calendar | Kind::Message | Kind::Report | Kind::Other => {
            let clean = text.chars().filter(|c| !matches!(c, '\r' | '\0' | '\u{FEFF}' | '\u{200B}' | '\u{AD}' | &MARK));
            let clean: String = clean.map(|c| if c == '\u{a0}' { ' ' } else { c }).collect();
            links::in_text(&clean, links);
            group.plain.push_str(&clean);
            group.plain.push('\n');
        }
    }
    links.truncate(links::MOST);
}

/// A mail attached whole (message/rfc822): what it says is told by its own header.
fn attached(parts: &[Part<'_>], depth: u8) -> Option<Forwarded> {
    let part = parts.iter().find(|p| p.kind == Kind::Message).filter(|_| depth < NESTED)?;
    let bytes = part.bytes(reader::LARGEST);
    let mail = reader::nested(&bytes, &TrustAnchor::None, depth + 1);
    Some(Forwarded {
        from: mail.from().first().cloned().unwrap_or_default(),
        subject: mail.subject().to_owned(),
        date: mail.date(),
        own: mail.body().own.clone(),
    })
}
