//! What would turn a verdict: the last link of `thankd explain`'s chain.
use super::{Clause, RequestVerdict, RequestWord};
use jiff::Timestamp;

/// One thing that would change a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WouldChange {
    /// A coffee, a meal or a drink together.
    Coffee,
    /// A long enough talk outside a candidacy.
    Talk,
    /// A hire.
    Hire,
    /// A thank-you note, until then (or at any time: late ones count).
    Note(Option<Timestamp>),
    /// The arranged meeting taking place.
    Meeting,
    /// The source being read again.
    Reading(String),
    /// An answer to the question.
    Answer,
    /// The owner's word.
    Word,
}

/// What would change this verdict, the likeliest first; nothing for what is welcome or harmless already but a word.
#[must_use]
pub fn what_would_change(verdict: &RequestVerdict) -> Vec<WouldChange> {
    use WouldChange as W;
    let mut changes = match verdict.clause {
        Clause::Forged | Clause::Open | Clause::Told | Clause::Known | Clause::Exempt => vec![],
        Clause::WhichPerson => vec![W::Answer],
        Clause::Thanked => vec![W::Coffee, W::Hire],
        Clause::NoteMayCome => vec![W::Note(verdict.until), W::Coffee, W::Hire],
        Clause::NoNoteSeen => vec![W::Note(None), W::Coffee, W::Hire],
        Clause::BeforeMeeting => vec![W::Meeting, W::Coffee, W::Talk],
        Clause::TooBrief | Clause::Audience | Clause::Stranger => vec![W::Coffee, W::Talk],
        Clause::Applicant => vec![W::Coffee, W::Hire],
        Clause::NotRead => verdict.unread.iter().map(|u| W::Reading(u.source.clone())).collect(),
    };
    if verdict.question.is_some() && !changes.contains(&W::Answer) {
        changes.insert(0, W::Answer);
    }
    if verdict.word != RequestWord::Forged {
        changes.push(W::Word);
    }
    changes
}

impl std::fmt::Display for WouldChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            WouldChange::Coffee => f.write_str("a coffee, a meal or a drink together"),
            WouldChange::Talk => f.write_str("a talk long enough to count"),
            WouldChange::Hire => f.write_str("a hire"),
            WouldChange::Note(Some(_)) => f.write_str("a thank-you note while there is time"),
            WouldChange::Note(None) => f.write_str("a thank-you note, even a late one"),
            WouldChange::Meeting => f.write_str("the meeting taking place"),
            WouldChange::Reading(source) => write!(f, "{source} being read again"),
            WouldChange::Answer => f.write_str("your answer"),
            WouldChange::Word => f.write_str("your word"),
        }
    }
}
