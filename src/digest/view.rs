//! The view-model: exactly the object of `thankd digest --format json`, and beside it (skipped there) what text and
//! HTML say about the same lines. See docs/digest.md.
use crate::meeting::Kind;
use crate::timeline::Verb;
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

/// One digest. `page` is not part of the JSON: it holds the sentences drawn from it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Digest {
    pub owner: String,
    pub zone: String,
    pub from: Option<String>,
    pub to: String,
    pub headline: String,
    pub notes: Vec<NoteView>,
    pub requests: Vec<RequestView>,
    pub questions: Vec<QuestionView>,
    pub told: Vec<ToldView>,
    pub unreadable: Vec<UnreadableView>,
    pub counts: Counts,
    pub health: HealthView,
    #[serde(skip)]
    pub page: PageData,
}

/// What the pages need beyond the JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct PageData {
    pub now: Timestamp,
    pub zone: TimeZone,
    pub greeting: &'static str,
    pub opening: String,
    pub first_look: bool,
    /// One-line remarks after the sections: "12 older ones …", "your etiquette changed …".
    pub asides: Vec<String>,
    pub foot: Vec<String>,
    /// False for `also_to`: no codes, no commands, no quotes.
    pub own: bool,
    /// The store outlives this page: codes can be given to `explain` and `tell`.
    pub kept: bool,
    /// The owner asked for a list: strangers are not cut to a few.
    pub whole: bool,
    /// Owner's short note under the purpose line.
    pub note: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PersonJson {
    pub name: Option<String>,
    pub addresses: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct MeetingJson {
    pub title: Option<String>,
    pub kind: Kind,
    pub start: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NoteView {
    pub item: String,
    pub news: bool,
    pub cause: super::Cause,
    pub person: PersonJson,
    pub meeting: Option<MeetingJson>,
    pub verdict: crate::etiquette::ThanksWord,
    pub at: Option<String>,
    pub after: Option<String>,
    pub quote: Option<String>,
    pub remarks: Vec<String>,
    pub because: Vec<String>,
    #[serde(skip)]
    pub line: Line,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RequestView {
    pub item: String,
    pub news: bool,
    pub cause: super::Cause,
    pub person: PersonJson,
    pub network: String,
    pub verdict: crate::etiquette::RequestWord,
    pub clause: crate::etiquette::Clause,
    pub reason: Option<crate::etiquette::KnownBy>,
    pub meeting: Option<MeetingJson>,
    pub at: String,
    pub after: Option<String>,
    pub authenticity: crate::message::Authenticity,
    pub was: Option<String>,
    pub remarks: Vec<String>,
    pub because: Vec<String>,
    #[serde(skip)]
    pub line: Line,
}

/// How an item reads on the page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line {
    /// Name, else address, else "somebody".
    pub name: String,
    /// The address beside the name, when there is one (trust.md: always shown).
    pub address: Option<String>,
    pub say: String,
    /// Said once over the group instead of in every line: "never met, as far as …".
    pub heading: Option<String>,
    pub was: Option<String>,
    /// Remarks that the sentence does not already contain.
    pub remarks: Vec<String>,
    pub strip: Option<super::strip::Strip>,
    /// The item stands in a question; the sections leave it out.
    pub asked: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuestionView {
    pub item: String,
    pub text: String,
    pub choices: Vec<ChoiceView>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChoiceView {
    /// `k9c same 1`
    pub say: String,
    pub means: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ToldView {
    pub at: String,
    pub say: &'static str,
    pub about: String,
    pub settles: Vec<String>,
    #[serde(skip)]
    pub undo: i64,
    #[serde(skip)]
    pub undone: bool,
}

/// A telling since the last digest, as the hall names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TellingView {
    pub id: crate::timeline::TellingId,
    pub at: Timestamp,
    pub verb: Verb,
    /// What it was about, as the owner will know it again: item code and name, `k1d Ana Beltrán`.
    pub about: String,
    /// As said: "coffee 12 Nov".
    pub argument: Option<String>,
    /// The item it named, if it named one; `settles` lists the others.
    pub item: Option<super::ItemCode>,
    pub undone: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct UnreadableView {
    pub network: String,
    pub count: u32,
}

/// Numbers in the foot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Counts {
    pub harmless: u32,
    pub forged: u32,
    pub unnamed: u32,
    pub exempt: u32,
    /// Thanks for no meeting that took place: before it, or of somebody whom the calendars do not know.
    pub unmet: u32,
}

/// State of the sources, as the hall knows it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Health {
    pub messages_read: u64,
    pub accounts: Vec<AccountHealth>,
    pub calendars: Vec<CalendarHealth>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AccountHealth {
    pub name: String,
    pub last_sync: Option<Timestamp>,
    pub trouble: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CalendarHealth {
    pub name: String,
    pub last_read: Option<Timestamp>,
    pub trouble: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct HealthView {
    pub messages_read: u64,
    /// Age of the calendar read longest ago.
    pub calendar_age: Option<String>,
    /// Every mail account, and calendars in trouble.
    pub accounts: Vec<AccountView>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountView {
    pub name: String,
    pub last_sync: Option<String>,
    pub trouble: Option<String>,
}

impl Digest {
    /// For `digest.also_to`: names and verdicts; no quotes, addresses, codes, commands, or state of the sources (privacy.md,
    /// Recipients).
    #[must_use]
    pub fn for_others(&self) -> Self {
        let mut other = self.clone();
        other.page.own = false;
        other.told.clear();
        other.questions.clear();
        other.page.asides.clear();
        other.page.foot.clear();
        other.page.note = None;
        other.unreadable.clear();
        other.health = HealthView { messages_read: 0, calendar_age: None, accounts: Vec::new() };
        for note in &mut other.notes {
            note.item.clear();
            note.quote = None;
            note.because.clear();
            note.person.addresses.clear();
            note.line.address = None;
        }
        for request in &mut other.requests {
            request.item.clear();
            request.because.clear();
            request.person.addresses.clear();
        }
        other
    }
}
