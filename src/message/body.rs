//! The body: which of a mail's texts is read, and what of it is the sender's own.
//!
//! Programs send the same text twice, as plain text and as HTML, or only once, or a plain part that says nothing but
//! "your program cannot show this". Plain text is read if it has content, else HTML; links are taken from both.
use super::mime::{Kind, Part, TEXT};
use super::split::{MARK, Split, split};
use super::vocabulary::vocabulary;
use super::{Body, Forwarded, Link, TrustAnchor, links, reader, sign};
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
        let (plain, rich) = (letters(&self.plain).count(), letters(&self.rich).count());
        let thin = plain < THIN && rich > plain * 4 + 20;
        if plain == 0 || thin { self.rich } else { self.plain }
    }
}

fn letters(text: &str) -> impl Iterator<Item = char> {
    text.chars().filter(|c| c.is_alphanumeric())
}

/// The texts of which the body is made, in order, no more than [`TEXT`] together; an HTML text is left out where the
/// plain one beside it says enough (it need not even be decoded), unless `all` are asked for.
pub(super) fn texts<'p, 'x>(parts: &'p [Part<'x>], all: bool) -> impl Iterator<Item = (&'p Part<'x>, &'p str)> {
    let mut left = TEXT;
    let mut full = None;
    parts.iter().filter(|p| p.inline_text()).filter_map(move |part| {
        if !all && part.kind == Kind::Html && part.alternative.is_some() && part.alternative == full {
            return None;
        }
        let text = part.text();
        let text = text.get(..text.floor_char_boundary(left)).unwrap_or_default();
        left -= text.len();
        if part.kind == Kind::Plain && letters(text).take(THIN).count() == THIN {
            full = part.alternative;
        }
        (!text.is_empty()).then_some((part, text))
    })
}

pub(super) fn body(parts: &[Part<'_>], about: &About<'_>) -> Body {
    let mut groups: Vec<Group> = Vec::new();
    for (part, text) in texts(parts, false) {
        let same = |g: &&mut Group| part.alternative.is_some() && g.alternative == part.alternative;
        let group = match groups.last_mut().filter(same) {
            Some(group) => group,
            None => {
                groups.push(Group { alternative: part.alternative, ..Group::default() });
                let Some(group) = groups.last_mut() else { continue };
                group
            }
        };
        match part.kind {
            Kind::Html => add(&mut group.rich, &part.html(text).0),
            Kind::Plain | Kind::Calendar | Kind::Message | Kind::Report | Kind::Other => {
                add(&mut group.plain, &clean(text));
            }
        }
    }
    let text = groups.into_iter().map(Group::chosen).filter(|t| !t.trim().is_empty()).collect::<Vec<_>>().join("\n\n");
    let Split { own, quotes, forwarded } = split(&text, vocabulary().forwards(about.subject), false);
    let (own, signature) = sign::own(own, about.from);
    let forwarded = forwarded.or_else(|| attached(parts, about.depth));
    let text =
        if text.contains(MARK) { text.lines().filter(|l| bare_mark(l)).collect::<Vec<_>>().join("\n") } else { text };
    Body { text, own, signature, forwarded, quotes }
}

/// Links of all texts, in order.
pub(super) fn links(parts: &[Part<'_>]) -> Vec<Link> {
    let mut found = Vec::new();
    for (part, text) in texts(parts, true) {
        match part.kind {
            Kind::Html => found.extend(part.html(text).1.iter().cloned()),
            Kind::Plain | Kind::Calendar | Kind::Message | Kind::Report | Kind::Other => {
                links::in_text(&clean(text), &mut found);
            }
        }
        found.truncate(links::MOST);
    }
    found
}

fn bare_mark(line: &str) -> bool {
    !line.contains(MARK)
}

fn add(texts: &mut String, text: &str) {
    texts.push_str(text);
    texts.push('\n');
}

/// Without what no eye sees.
fn clean(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    if text.is_ascii() {
        text.split(['\r', '\0']).for_each(|plain| clean.push_str(plain));
        return clean;
    }
    for c in text.chars().filter(|c| !matches!(c, '\r' | '\0' | '\u{FEFF}' | '\u{200B}' | '\u{AD}' | &MARK)) {
        clean.push(if c == '\u{a0}' { ' ' } else { c });
    }
    clean
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
