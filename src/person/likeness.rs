//! Are these two the same person? Likeness weighs what speaks for it and what against, and can say why.
use super::reading::read;
use super::scale::weigh;
use super::{Evidence, Likeness, Mailbox, Mention, Name, Outcome};

/// What the caller knows beyond the two mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Context {
    pub rivals: Rivals,
    /// The thank-you mail names the meeting, its role or its day.
    pub names_the_meeting: bool,
}

/// How many persons of the window have a name that could be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rivals {
    #[default]
    Unknown,
    OnlyOne,
    Several,
}

/// How alike two mentions are, with every piece of evidence in words.
#[must_use]
pub fn likeness(a: &Mention, b: &Mention, _ctx: &Context) -> Likeness {
    if a.address.is_some() && a.address == b.address {
        return sure(Outcome::Same, 12.0, "the same address");
    }
    if a.profile.is_some() && a.profile == b.profile {
        return sure(Outcome::Same, 12.0, "the same profile");
    }
    match (&a.name, &b.name) {
        (Some(x), Some(y)) => likeness_of_names(x.as_str(), y.as_str()),
        (None, _) | (_, None) => sure(Outcome::Ask, 0.0, "no name to compare"),
    }
}

/// How alike two names are, by the names alone.
#[must_use]
pub fn likeness_of_names(a: &str, b: &str) -> Likeness {
    let w = weigh(&read(a), &read(b));
    Likeness { outcome: w.outcome(0.0), weight: w.weight, evidence: w.evidence }
}

/// `thankd who A B`: each side is `Name`, `Name <address>` or an address.
#[must_use]
pub fn who(a: &str, b: &str) -> Likeness {
    let (a, b) = (mailbox(a), mailbox(b));
    if a.address.is_some() && a.address == b.address {
        return sure(Outcome::Same, 12.0, "the same address");
    }
    match (&a.name, &b.name) {
        (Some(x), Some(y)) => likeness_of_names(x.as_str(), y.as_str()),
        (None, _) | (_, None) => sure(Outcome::Ask, 0.0, "no name to compare"),
    }
}

fn mailbox(s: &str) -> Mailbox {
    let (name, address) = match s.rsplit_once('<') {
        Some((name, rest)) => (name, super::Address::new(rest)),
        None => (s, super::Address::new(s)),
    };
    if address.is_some() && !s.contains('<') {
        return Mailbox { name: None, address };
    }
    Mailbox { name: Name::new(name), address }
}

fn sure(outcome: Outcome, weight: f32, term: &str) -> Likeness {
    Likeness { outcome, weight, evidence: vec![Evidence { term: term.to_owned(), weight }] }
}
