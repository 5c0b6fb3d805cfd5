//! What was decided, with everything needed to say it.
use crate::meeting::{Kind, MeetingId};
use crate::person::Name;
use crate::timeline::{FactId, LetterId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestWord {
    Welcome,
    Early,
    Waiting,
    Premature,
    Unsure,
    Forged,
    Harmless,
}

/// Clause names of etiquette.md, in their order, and `not_read`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clause {
    Forged,
    Open,
    Told,
    WhichPerson,
    Known,
    Exempt,
    Thanked,
    NoteMayCome,
    NoNoteSeen,
    BeforeMeeting,
    TooBrief,
    Audience,
    Applicant,
    Stranger,
    NotRead,
}

/// Sub-reason of `known`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KnownBy {
    Told,
    Coffee,
    Meal,
    Drink,
    Talked,
    Correspondence,
    Contact,
    Connection,
    Colleague,
    Hired,
    /// `interview_counts = "always"`.
    Interview,
}

/// A meeting named in a verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingRef {
    pub id: MeetingId,
    pub title: Option<String>,
    pub kind: Kind,
    pub starts: Timestamp,
    pub ends: Timestamp,
}

/// Remarks, added to any verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    ThanksInside,
    Apologised,
    Reminder(u32),
    /// Request minus meeting's end; below 30 minutes either way it is never called before or after.
    Delay(SignedDuration),
    AlsoOn(String),
    AskedAgain,
    AskedBeforeYouMet,
    AskedBeforeInterview,
    NoteLate,
    NoteBrief,
    AppliedFor(Option<String>),
    WhicheverPerson(String),
    TakesPlaceUnanswered,
    Unverified,
    /// The name holds letters of another script that look like Latin ones.
    Lookalikes,
    InJunk,
    AlsoAsksToConnect,
    Withdraws,
    Forwarded,
    ByItsOwnDate,
    /// The owner said that thanks came on paper.
    OnPaper,
    /// Thanks whose meeting stands in no calendar that was read: no fact, but the words count for the writer.
    NoMeetingFound,
    /// Thanks by somebody who is perhaps this person.
    PerhapsBy(String),
    /// Other meetings the same note serves; they have no line of their own.
    AlsoServes(Vec<MeetingId>),
    Talked(SignedDuration),
}

/// A question whose answer settles it: one choice a person, last choice "none of these"; or, for a meeting whose kind
/// is unclear, one choice a kind.
#[derive(Debug, Clone, PartialEq)]
pub struct Question {
    pub choices: Vec<Choice>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// `None` = none of these, if `kind` is `None` too.
    pub person: Option<crate::person::PersonId>,
    pub name: Option<Name>,
    /// `meeting`, read as this.
    pub kind: Option<Kind>,
    pub meeting: Option<MeetingRef>,
    pub word: RequestWord,
    pub clause: Clause,
}

#[derive(Debug, Clone, PartialEq)]
pub struct RequestVerdict {
    /// `Request::key`.
    pub request: String,
    pub word: RequestWord,
    pub clause: Clause,
    pub known_by: Option<KnownBy>,
    pub meeting: Option<MeetingRef>,
    /// `waiting`: until when a note may come. `no_note_seen`: when the time was over.
    pub until: Option<Timestamp>,
    /// When it is settled enough to be told (a young stranger is not).
    pub news_from: Timestamp,
    /// Closed requests are judged (explain shows them) but never news.
    pub closed: Option<Timestamp>,
    /// The source that was not read (`not_read`).
    pub unread: Option<crate::timeline::Unread>,
    /// How far back "never met" reaches.
    pub horizon: Option<Timestamp>,
    pub question: Option<Question>,
    pub remarks: Vec<Remark>,
    pub because: Vec<FactId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThanksWord {
    Proper,
    Late,
    Brief,
    Elsewhere,
    Awaited,
    NoneSeen,
}

/// Thanks for one meeting by one person.
#[derive(Debug, Clone, PartialEq)]
pub struct ThanksVerdict {
    /// Subject of the item: `meeting/<id>/<person's smallest mention>`, or `note/<letter>` where no meeting was found.
    pub subject: String,
    pub word: ThanksWord,
    /// `None` = in no calendar that was read (remark `NoMeetingFound`).
    pub meeting: Option<MeetingRef>,
    /// The note's arrival.
    pub at: Option<Timestamp>,
    /// Note minus meeting's end.
    pub after: Option<SignedDuration>,
    pub until: Option<Timestamp>,
    pub quote: Option<String>,
    pub remarks: Vec<Remark>,
    pub because: Vec<FactId>,
}

/// All that is due between the owner and one person.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdicts {
    pub requests: Vec<RequestVerdict>,
    pub thanks: Vec<ThanksVerdict>,
    /// Thanks that came on the eve of their writer's first meeting, for the invitation, as it seems; and likely ones of
    /// somebody whom the calendars do not know. No notes, but counted: a talk outside the calendar may have been meant.
    pub unmet: Vec<(LetterId, Timestamp)>,
}
