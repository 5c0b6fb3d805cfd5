//! What a mail *means*: an invitation, a note, an application …, or none of these and why.
//!
//! Measures are kept (how many own words, which specifics), never grades: a later, better rule re-grades the past.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod apology;
mod application;
mod card;
mod catalogue;
mod company;
mod claim;
mod weigh;
mod dates;
mod forgery;
mod form;
mod funnel;
mod inside;
mod invitation;
mod named;
mod note;
mod people;
mod prices;
mod sentences;
mod sight;
mod specifics;
mod tally;
mod words_count;
mod writer;

pub use catalogue::{Catalogue, CatalogueError, Network, Status};
pub use funnel::by_header;
pub use note::{NoteReading, read_text, thanks_in_text};
pub use words_count::count_words;

use crate::message::{Authenticity, Marks, Message};
use crate::person::{Mailbox, Name, Owner, ProfileKey};
use crate::words::{Held, Words};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Ids and texts of the embedded catalogue files.
pub use catalogue::EMBEDDED;

/// Version of the recogniser. Raise it whenever a letter may be read differently; younger rows are then read again.
pub const READER_VERSION: u32 = 1;

/// Catalogue id of a network: `linkedin`, `xing`, `mastodon` …
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct NetworkId(pub String);

/// How sure the recogniser is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Confidence {
    Certain,
    Likely,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InvitationKind {
    Connect,
    Reminder,
    /// Several people at once; named ones are one letter each, nameless ones one letter with a count.
    Batch,
    Follow,
    FollowRequest,
}

/// Somebody on a network, as its mail shows them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Inviter {
    pub name: Option<Name>,
    pub headline: Option<String>,
    pub company: Option<String>,
    pub profile: Option<ProfileKey>,
    pub address: Option<crate::person::Address>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invitation {
    pub network: NetworkId,
    pub kind: InvitationKind,
    /// `None`: the mail names nobody (a nameless batch); then `count` says how many wait.
    pub inviter: Option<Inviter>,
    pub count: Option<u32>,
    /// The inviter's own words, never the network's default text. Shown by `thankd read`, never stored.
    pub personal_note: Option<String>,
    /// The personal note thanks for a meeting (`note::thanks_in_text`); this measure is what is stored.
    #[serde(default)]
    pub thanks_inside: bool,
    pub invitation_id: Option<String>,
    /// The date a reminder states for the first request.
    pub asked_at: Option<Timestamp>,
    pub confidence: Confidence,
    pub why: Vec<String>,
}

/// What a note names that not every note could have said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Specific {
    Role,
    Company,
    Topic,
    Name,
    Plan,
}

/// May this count as thanks for a meeting by its own words, or only beside an ended meeting with its sender?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grounds {
    /// The words alone say so.
    Words,
    /// The words say so, and nothing in them speaks of the writer's hopes or tells again what was said: a seller or an
    /// office writes so, too. Where the calendar was read, it has to know the meeting.
    Likely,
    /// Grey: it counts only if a meeting with the sender ended shortly before.
    NeedsMeeting,
    /// Outright thanks that do not say what for, and nothing else to thank for in sight: they count only within two days
    /// after a meeting with the sender.
    Unnamed,
}

impl Grounds {
    /// No note without a meeting beside it.
    #[must_use]
    pub fn needs_meeting(self) -> bool {
        matches!(self, Grounds::NeedsMeeting | Grounds::Unnamed)
    }
}

/// A thank-you note, measured. Grades (`proper`, `brief`) are derived by the etiquette.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Note {
    /// The writer: the sender, or the forwarded sender.
    pub from: Mailbox,
    pub forwarded: bool,
    /// Own words as etiquette.md counts them.
    pub own_words: u32,
    pub specifics: Vec<Specific>,
    /// Thanks outright (true for every note that stands on `Words`).
    pub thanks: bool,
    pub asks_to_connect: bool,
    pub withdraws: bool,
    pub grounds: Grounds,
    /// BCP 47 tag of the words that matched.
    pub language: String,
    /// One telling sentence of the writer's, ≤ 200 characters, cleaned.
    pub quote: Option<String>,
    pub why: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Application {
    /// Applicant: from a network's or ATS's mail, or the sender.
    pub person: Inviter,
    pub role: Option<String>,
    pub network: Option<NetworkId>,
    pub why: Vec<String>,
}

/// A message inside a network ("Jane just messaged you").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkMessage {
    pub network: NetworkId,
    pub from: Inviter,
    /// It thanks for a meeting: makes `elsewhere` possible.
    pub thanks: bool,
    pub why: Vec<String>,
}

/// The other side accepted the owner's own request: now a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    pub network: NetworkId,
    pub person: Inviter,
    pub why: Vec<String>,
}

/// "Sorry for sending you that invitation …"
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apology {
    pub from: Mailbox,
    pub why: Vec<String>,
}

/// Why a mail is none of these. Closed on purpose: each is a line in the digest's counts and in `thankd read`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// Ordinary mail without thanks, invitation or application.
    Ordinary,
    /// Written by the owner.
    Outgoing,
    /// One of our own digests.
    Ours,
    Newsletter,
    /// Automatic reply, delivery report, receipt.
    Automatic,
    CalendarMail,
    /// A network's mail that is no request: job alerts, activity, promotion.
    NetworkNews,
    PeopleYouMayKnow,
    /// A workspace or event invitation: no personal tie.
    NotATie,
    /// Looks like a network's invitation, but is positively not from it.
    Forged,
    /// Thanks, but for something else: an order, an application, in advance …
    OtherThanks,
    /// Rejection, employer's or HR mail.
    Employer,
    StatusQuery,
    Errand,
    Decline,
    /// From a network, but in no form the catalogue knows: shown and counted, never dropped.
    Unreadable,
    TooLarge,
}

/// One meaning of one mail.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "letter", rename_all = "snake_case")]
pub enum Letter {
    Invitation(Invitation),
    Note(Note),
    Application(Application),
    NetworkMessage(NetworkMessage),
    Accepted(Accepted),
    Apology(Apology),
    Other { why: WhyNot, network: Option<NetworkId>, evidence: Vec<String> },
}

/// What the recogniser is given beside the mail itself.
#[derive(Debug, Clone, Copy)]
pub struct Reading<'a> {
    pub catalogue: &'a Catalogue,
    pub words: &'a Words,
    pub owner: &'a Owner,
}

/// What a mail means: never empty, exactly one [`Letter::Other`] when nothing else. A forged request is `Other` with
/// [`WhyNot::Forged`], followed by what it pretends to be ([`is_forged`]). The order is that of certainty and of
/// cost: what a header alone decides comes first, and most mail is not looked at further.
#[must_use]
pub fn recognise(message: &Message<'_>, reading: &Reading<'_>) -> Vec<Letter> {
    let other = |why, evidence: &str| vec![Letter::Other { why, network: None, evidence: vec![evidence.to_owned()] }];
    if is_ours(message) {
        return other(WhyNot::Ours, "one of thankd's own digests");
    }
    if message.from().iter().filter_map(|m| m.address.as_ref()).any(|a| reading.owner.has_address(a)) {
        return other(WhyNot::Outgoing, "written from one of the owner's addresses");
    }
    if message.too_large() {
        return other(WhyNot::TooLarge, "too large to read: only its header was");
    }
    if let Some(letters) = invitation::recognise(message, reading) {
        return letters;
    }
    let held = held(message, reading);
    let mut letters: Vec<Letter> = application::recognise(message, reading, held.application).into_iter().collect();
    let mut note = if held.note { note::recognise(message, reading) } else { NoteReading::default() };
    if !letters.is_empty() && application::is_titled(message, reading) {
        note.letters.iter_mut().for_each(note::beside_application);
    }
    letters.extend(note.letters);
    if letters.is_empty() {
        let mut evidence = note.evidence;
        evidence.extend(
            (!message.has_header()).then(|| "it has no header of a mail: a bare text, or no mail at all".to_owned()),
        );
        letters.push(marked(message).unwrap_or_else(|| not(note.why_not.unwrap_or(WhyNot::Ordinary), evidence)));
    }
    letters
}

/// What the mail's texts may hold. A program's mail is read for what a program tells only.
fn held(message: &Message<'_>, reading: &Reading<'_>) -> Held {
    let Marks { list, bulk, auto, report, .. } = message.marks();
    let mut held = Held::default();
    if !(list || bulk || auto || report) {
        let gate = reading.words.gate();
        gate.look(message.subject(), &mut held);
        message.probe(&mut |text| gate.look(text, &mut held));
    }
    held
}

/// The evidence, if these letters are a forged mail's: whatever else stands beside it is only pretended.
#[must_use]
pub fn is_forged(letters: &[Letter]) -> Option<String> {
    letters.iter().find_map(|l| match l {
        Letter::Other { why: WhyNot::Forged, evidence, .. } => Some(evidence.join("; ")),
        Letter::Other { .. }
        | Letter::Invitation(_)
        | Letter::Note(_)
        | Letter::Application(_)
        | Letter::NetworkMessage(_)
        | Letter::Accepted(_)
        | Letter::Apology(_) => None,
    })
}

/// How far the sender of these letters is proved. Whoever proves to be `evil.example` has not proved to be LinkedIn: what a
/// network's letters say is verified only if one of the network's own domains is (trust.md, "Forged invitation").
#[must_use]
pub fn authenticity(message: &Message<'_>, letters: &[Letter], catalogue: &Catalogue) -> (Authenticity, String) {
    if let Some(evidence) = is_forged(letters) {
        return (Authenticity::Forged, evidence);
    }
    let (proved, why) = message.authenticity();
    let network = letters.iter().find_map(network_of).and_then(|id| catalogue.network(id)).filter(|n| !n.any_sender);
    match (network, message.verified_domain()) {
        (Some(network), Some(domain)) if proved == Authenticity::Verified && !network.owns(domain) => (
            Authenticity::Unverified,
            format!("proved to be from {}, which is not {}", domain.as_str(), network.name()),
        ),
        _ => (proved, why),
    }
}

fn network_of(letter: &Letter) -> Option<&NetworkId> {
    match letter {
        Letter::Invitation(i) => Some(&i.network),
        Letter::Accepted(a) => Some(&a.network),
        Letter::NetworkMessage(m) => Some(&m.network),
        Letter::Application(a) => a.network.as_ref(),
        Letter::Other { network, .. } => network.as_ref(),
        Letter::Note(_) | Letter::Apology(_) => None,
    }
}

fn is_ours(message: &Message<'_>) -> bool {
    message.header("X-Thankd-Digest").is_some()
        || message.header("List-Id").is_some_and(|v| v.contains("<digest.thankd"))
}

/// What the marks of programs say a mail is.
fn marked(message: &Message<'_>) -> Option<Letter> {
    let marks = message.marks();
    let (why, evidence) = match marks {
        Marks { calendar: true, .. } => (WhyNot::CalendarMail, "it carries a calendar entry"),
        Marks { report: true, .. } => (WhyNot::Automatic, "a delivery report"),
        Marks { auto: true, .. } => (WhyNot::Automatic, "its header says a program sent it"),
        Marks { list: true, .. } | Marks { bulk: true, .. } => (WhyNot::Newsletter, "its header says it went to many"),
        Marks { .. } if is_calendar(message.subject()) => (WhyNot::CalendarMail, "its subject is a calendar's"),
        Marks { .. } => return None,
    };
    Some(Letter::Other { why, network: None, evidence: vec![evidence.to_owned()] })
}

/// "Invitation: Review @ Tue 3 Nov": calendars announce their entries like this when the entry itself got lost.
fn is_calendar(subject: &str) -> bool {
    const BEFORE: &[&str] = &[
        "invitation",
        "updated invitation",
        "accepted",
        "declined",
        "tentative",
        "canceled event",
        "cancelled event",
        "einladung",
    ];
    subject.split_once(':').is_some_and(|(p, _)| BEFORE.contains(&p.trim().to_lowercase().as_str()))
        && subject.contains('@')
}

fn not(why: WhyNot, found: Vec<String>) -> Letter {
    let evidence = match why {
        WhyNot::Ordinary => "no request, no thanks for a meeting, no application",
        WhyNot::OtherThanks => "thanks, but not for a meeting",
        WhyNot::Employer => "an employer's words to an applicant",
        WhyNot::StatusQuery => "asks how things stand",
        WhyNot::Errand => "thanks on the way to an errand",
        WhyNot::Decline => "thanks, and declines",
        WhyNot::Automatic => "a program's words",
        WhyNot::CalendarMail => "about a calendar entry",
        WhyNot::Newsletter => "went to many",
        WhyNot::Outgoing => "written by the owner",
        WhyNot::Ours => "one of thankd's own digests",
        WhyNot::TooLarge => "too large to read",
        WhyNot::NetworkNews | WhyNot::PeopleYouMayKnow | WhyNot::NotATie | WhyNot::Forged | WhyNot::Unreadable => {
            "a network's mail"
        }
    };
    let evidence = std::iter::once(evidence.to_owned()).chain(found).collect();
    Letter::Other { why, network: None, evidence }
}
