//! The facts a verdict rests on, each in one sentence: what `because` says.
use super::{When, clean, network};
use crate::letter::{InvitationKind, Letter};
use crate::timeline::{Acquaintance, AcquaintanceKind, FactId, Facts, LetterFact, Telling, Verb};

/// One fact in words; `None` when the store no longer has it.
#[must_use]
pub fn fact(id: FactId, facts: &Facts, when: &When) -> Option<String> {
    match id {
        FactId::Letter(id) => facts.letters.iter().find(|l| l.id == id).map(|l| letter(l, facts, when)),
        FactId::Meeting(id) => facts.meetings.iter().find(|m| m.id == id).map(|m| {
            let title = m.title.as_deref().map(|t| format!(" \"{}\"", clean(t, 60))).unwrap_or_default();
            let on = if m.cancelled_at.is_some() { ", cancelled" } else { "" };
            format!("calendar entry{title}, {} to {}{on}", when.moment(m.starts), when.hour(m.ends))
        }),
        FactId::Telling(id) => facts.tellings.iter().find(|t| t.id == id).map(|t| telling(t, when)),
        FactId::Acquaintance(id) => facts.acquaintances.iter().find(|a| a.id == id).map(acquaintance),
    }
}

fn letter(l: &LetterFact, facts: &Facts, when: &When) -> String {
    let arrived = facts.messages.iter().find(|m| m.id == l.message).map(|m| m.arrived_at);
    let arrived = arrived.map(|t| format!(", arrived {}", when.moment(t))).unwrap_or_default();
    let what = match &l.letter {
        Letter::Invitation(i) => {
            let what = match i.kind {
                InvitationKind::Connect | InvitationKind::Batch => "request to connect",
                InvitationKind::Reminder => "reminder of a request",
                InvitationKind::Follow | InvitationKind::FollowRequest => "follow",
            };
            format!("{what} on {}", network(&i.network))
        }
        Letter::Note(n) => format!("mail that gives thanks, {} own words", n.own_words),
        Letter::Application(_) => "application".to_owned(),
        Letter::NetworkMessage(m) => format!("message on {}", network(&m.network)),
        Letter::Accepted(a) => format!("accepted your request on {}", network(&a.network)),
        Letter::Apology(_) => "apology for a request".to_owned(),
        Letter::Other { .. } => "mail".to_owned(),
    };
    format!("{what}{arrived}")
}

/// What the owner said, as it is repeated to them.
#[must_use]
pub fn verb(verb: Verb) -> &'static str {
    match verb {
        Verb::Met => "met",
        Verb::Hired => "hired",
        Verb::Known => "known",
        Verb::Noted => "noted",
        Verb::Ignore => "ignore",
        Verb::SameAs => "same-as",
        Verb::NotSame => "not-same",
        Verb::DidNotMeet => "did-not-meet",
    }
}

fn telling(t: &Telling, when: &When) -> String {
    let more = t.argument.as_deref().map(|a| format!(" ({})", clean(a, 60))).unwrap_or_default();
    format!("you said {}{more} on {}", verb(t.verb), when.date(t.at))
}

fn acquaintance(a: &Acquaintance) -> String {
    match a.kind {
        AcquaintanceKind::Correspondence => format!("{} exchanges of mail", a.exchanges),
        AcquaintanceKind::AddressBook => "an entry in your address book".to_owned(),
        AcquaintanceKind::Connection => "a connection of yours".to_owned(),
        AcquaintanceKind::Colleague => "an address of your organisation".to_owned(),
    }
}
