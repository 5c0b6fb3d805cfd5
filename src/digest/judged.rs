//! One item as news and words need it: the verdict, and the times that say why its face may differ from the said one.
//!
//! The hall derives verdicts afresh each round and knows nothing of what was told; the store knows what was told and
//! nothing of verdicts. They meet here.
use super::{Face, ItemCode, ItemKind, Said};
use crate::etiquette::{RequestVerdict, ThanksVerdict};
use crate::letter::NetworkId;
use crate::message::Authenticity;
use crate::person::{Address, Name};
use crate::timeline::{Request, TellingId};
use jiff::Timestamp;

/// A person as a digest may show them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PersonView {
    pub name: Option<Name>,
    pub addresses: Vec<Address>,
}

/// What the item is about, with its verdict.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    Request {
        verdict: Box<RequestVerdict>,
        network: NetworkId,
        /// A one-way notice, not a request to connect.
        follow: bool,
        at: Timestamp,
        /// Its newest mail: a reminder is an event.
        last_at: Timestamp,
        authenticity: Authenticity,
        headline: Option<String>,
    },
    Thanks(Box<ThanksVerdict>),
}

/// One item, judged now, beside what was said of it last.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub code: ItemCode,
    pub person: PersonView,
    pub what: What,
    /// The From of the mail that gave thanks, as it stands there: a name can be signed by anybody.
    pub from: Option<Address>,
    /// When the newest thing the verdict rests on *happened*: the mail arrived, the meeting ended.
    pub event_at: Timestamp,
    /// When the newest of these facts was first recorded (a late sync records old events).
    pub recorded_at: Timestamp,
    /// The owner's newest word on the item or its person.
    pub telling: Option<(TellingId, Timestamp)>,
    /// The face that judging *today's* facts at the said time gives: equal to the said one = only the clock moved.
    pub face_then: Option<Face>,
    /// Its letters were read again by a newer recogniser since the last digest.
    pub reader_changed: bool,
    /// All it rests on came with the first reading of an account added since the last digest.
    pub backlog: bool,
    pub said: Option<Said>,
    /// The facts it rests on, in words ([`super::words::fact`]).
    pub because: Vec<String>,
}

impl What {
    /// The request as the timeline has it, with its verdict.
    #[must_use]
    pub fn request(request: &Request, verdict: RequestVerdict) -> Self {
        use crate::letter::InvitationKind;
        What::Request {
            verdict: Box::new(verdict),
            network: request.network.clone(),
            follow: matches!(request.kind, InvitationKind::Follow | InvitationKind::FollowRequest),
            at: request.at,
            last_at: request.last_at.max(request.at),
            authenticity: request.authenticity,
            headline: request.headline.clone(),
        }
    }
    #[must_use]
    pub fn thanks(verdict: ThanksVerdict) -> Self {
        What::Thanks(Box::new(verdict))
    }
    #[must_use]
    pub fn kind(&self) -> ItemKind {
        match self {
            What::Request { .. } => ItemKind::Request,
            What::Thanks(_) => ItemKind::Thanks,
        }
    }
    /// The item's subject in the store.
    #[must_use]
    pub fn subject(&self) -> &str {
        match self {
            What::Request { verdict, .. } => &verdict.request,
            What::Thanks(verdict) => &verdict.subject,
        }
    }
    /// What the owner would read, as one comparable word. Times, counts and remarks are left out on purpose: a second
    /// reminder or a longer gap is no news.
    #[must_use]
    pub fn face(&self) -> Face {
        match self {
            What::Request { verdict, .. } => Face(verdict.face()),
            What::Thanks(verdict) => Face(verdict.face()),
        }
    }
    /// The newest thing that has happened, as far as the verdict itself shows: the mail's arrival, a meeting's end.
    /// A meeting still ahead has not happened.
    #[must_use]
    pub fn happened_at(&self, now: Timestamp) -> Timestamp {
        let (own, meeting) = match self {
            What::Request { last_at, verdict, .. } => (*last_at, verdict.meeting.as_ref()),
            What::Thanks(verdict) => (verdict.at.unwrap_or(Timestamp::UNIX_EPOCH), verdict.meeting.as_ref()),
        };
        meeting.map(|m| m.ends).filter(|ends| *ends <= now).map_or(own, |ends| own.max(ends))
    }
    pub(super) fn closed(&self) -> bool {
        match self {
            What::Request { verdict, .. } => verdict.closed.is_some(),
            What::Thanks(_) => false,
        }
    }
    pub(super) fn news_from(&self) -> Option<Timestamp> {
        match self {
            What::Request { verdict, .. } => Some(verdict.news_from),
            What::Thanks(_) => None,
        }
    }
    pub(super) fn asks(&self) -> bool {
        match self {
            What::Request { verdict, .. } => verdict.question.is_some(),
            What::Thanks(_) => false,
        }
    }
}

impl Face {
    /// The verdict alone: `premature` of `premature/no_note_seen`.
    #[must_use]
    pub fn word(&self) -> &str {
        self.0.split(['/', '|']).next().unwrap_or_default()
    }
    /// The clause, if the face has one.
    #[must_use]
    pub fn clause(&self) -> Option<&str> {
        self.0.split('|').next()?.split_once('/').map(|(_, clause)| clause)
    }
    /// Does a question belong to it?
    #[must_use]
    pub fn asks(&self) -> bool {
        self.0.contains('|')
    }
}
