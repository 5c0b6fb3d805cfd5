//! Are these two the same person? Likeness weighs what speaks for it and what against, and can say why.
//!
//! The answer has three outcomes, and "ask" is the honest one whenever the name alone would have to decide between
//! people who share it: a wrong person in a verdict is worse than a question.
use super::reading::read;
use super::scale::{Weighed, weigh};
use super::trace::{TWO_EMPLOYERS, Trace, beside, is_role};
use super::{Address, Evidence, Likeness, Mention, Outcome};
use std::rc::Rc;

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
pub fn likeness(a: &Mention, b: &Mention, ctx: &Context) -> Likeness {
    likeness_of_traces(&Trace::of(a), &Trace::of(b), ctx)
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
    if !a.contains('@') && !b.contains('@') {
        return likeness_of_names(a, b);
    }
    let (a, b) = (side(a), side(b));
    likeness_of_traces(&trace(&a), &trace(&b), &Context::default())
}

fn trace((name, address): &(String, Option<Address>)) -> Trace<'_> {
    let reading = Some(read(name)).filter(|r| !r.words.is_empty()).map(Rc::new);
    Trace { readings: reading.into_iter().collect(), addresses: address.iter().collect(), ..Trace::default() }
}

fn side(s: &str) -> (String, Option<Address>) {
    match s.rsplit_once('<') {
        Some((name, rest)) => (name.to_owned(), Address::new(rest)),
        None => match Address::new(s) {
            Some(address) => (String::new(), Some(address)),
            None => (s.to_owned(), None),
        },
    }
}

/// How alike two sides are, each one mention or many.
pub(crate) fn likeness_of_traces(a: &Trace<'_>, b: &Trace<'_>, ctx: &Context) -> Likeness {
    if let Some(term) = decided(a, b) {
        return Likeness {
            outcome: Outcome::Same,
            weight: 12.0,
            evidence: vec![Evidence { term: term.to_owned(), weight: 12.0 }],
        };
    }
    let mut w = names(a, b);
    let compatible = w.weight > 0.0 && !w.contradicts;
    let mut around =
        if compatible || a.readings.is_empty() || b.readings.is_empty() { beside(a, b) } else { Vec::new() };
    if compatible && ctx.rivals == Rivals::OnlyOne {
        around.push(Evidence { term: "the only one so named around that time".to_owned(), weight: 1.5 });
    }
    if compatible && ctx.names_the_meeting {
        around.push(Evidence { term: "the letter names the meeting".to_owned(), weight: 2.0 });
    }
    if ctx.rivals == Rivals::Several {
        w.capped = true;
        w.evidence.push(Evidence { term: "several people so named".to_owned(), weight: 0.0 });
    }
    let context: f32 = around.iter().map(|e| e.weight).sum();
    w.capped |= around.iter().any(|e| e.weight <= -4.0 || e.term == TWO_EMPLOYERS);
    let outcome = w.outcome(context);
    w.evidence.extend(around);
    Likeness { outcome, weight: w.weight + context, evidence: w.evidence }
}

/// An address or a profile both have decides, unless many share it.
fn decided(a: &Trace<'_>, b: &Trace<'_>) -> Option<&'static str> {
    let address = a.addresses.iter().any(|x| b.addresses.contains(x) && !is_role(x));
    let profile = a.profiles.iter().any(|x| b.profiles.contains(x));
    match (address, profile) {
        (true, _) => Some("the same address"),
        (false, true) => Some("the same profile"),
        (false, false) => None,
    }
}

/// The best agreement between any two of their names; a contradiction between any two stands.
fn names(a: &Trace<'_>, b: &Trace<'_>) -> Weighed {
    let mut best: Option<Weighed> = None;
    let mut contradicts = false;
    for x in &a.readings {
        for y in &b.readings {
            let w = weigh(x, y);
            contradicts |= w.contradicts;
            if best.as_ref().is_none_or(|b| w.weight > b.weight) {
                best = Some(w);
            }
        }
    }
    let mut w = best.unwrap_or_else(Weighed::nameless);
    w.contradicts |= contradicts;
    w
}
