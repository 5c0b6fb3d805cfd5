//! What the owner would read of a verdict, as one comparable text (news.md).
//!
//! News compares two states, so a face holds only what makes a difference to a reader: verdict, clause, whom it is
//! about where that is open, and the question. Times, counts and remarks change all the time and are left out. The person
//! needs no place of their own: the request's key and the thanks' subject pin them.
use super::{Choice, RequestVerdict, RequestWord, ThanksVerdict, ThanksWord};
use crate::meeting::Kind;

impl RequestWord {
    /// As in JSON and in faces.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            RequestWord::Welcome => "welcome",
            RequestWord::Early => "early",
            RequestWord::Waiting => "waiting",
            RequestWord::Premature => "premature",
            RequestWord::Unsure => "unsure",
            RequestWord::Forged => "forged",
            RequestWord::Harmless => "harmless",
        }
    }
}

impl super::Clause {
    /// As in JSON and in faces: etiquette.md's names.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        use super::Clause as C;
        match self {
            C::Forged => "forged",
            C::Open => "open",
            C::Told => "told",
            C::WhichPerson => "which_person",
            C::Known => "known",
            C::Exempt => "exempt",
            C::Thanked => "thanked",
            C::NoteMayCome => "note_may_come",
            C::NoNoteSeen => "no_note_seen",
            C::BeforeMeeting => "before_meeting",
            C::TooBrief => "too_brief",
            C::Audience => "audience",
            C::Applicant => "applicant",
            C::Stranger => "stranger",
            C::NotRead => "not_read",
        }
    }
}

impl super::KnownBy {
    /// As in JSON (`reason`).
    #[must_use]
    pub fn as_str(self) -> &'static str {
        use super::KnownBy as K;
        match self {
            K::Told => "told",
            K::Coffee => "coffee",
            K::Meal => "meal",
            K::Drink => "drink",
            K::Talked => "talked",
            K::Correspondence => "correspondence",
            K::Contact => "contact",
            K::Connection => "connection",
            K::Colleague => "colleague",
            K::Hired => "hired",
            K::Interview => "interview",
        }
    }
}

impl ThanksWord {
    /// As in JSON and in faces.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ThanksWord::Proper => "proper",
            ThanksWord::Late => "late",
            ThanksWord::Brief => "brief",
            ThanksWord::Elsewhere => "elsewhere",
            ThanksWord::Awaited => "awaited",
            ThanksWord::NoneSeen => "none_seen",
        }
    }
}

/// One choice as a face tells it apart: `12` a person, `interview` a reading, `-` none of these.
fn choice(c: &Choice) -> String {
    match (c.person, c.kind) {
        (Some(p), _) => p.0.to_string(),
        (None, Some(Kind::Interview | Kind::PhoneScreen)) => "interview".into(),
        (None, Some(_)) => "meeting".into(),
        (None, None) => "-".into(),
    }
}

impl RequestVerdict {
    /// `premature/no_note_seen`, `unsure/which_person|12,40,-`.
    #[must_use]
    pub fn face(&self) -> String {
        let mut face = format!("{}/{}", self.word.as_str(), self.clause.as_str());
        if let Some(question) = &self.question {
            let mut choices: Vec<String> = question.choices.iter().map(choice).collect();
            choices.sort();
            face.push('|');
            face.push_str(&choices.join(","));
        }
        face
    }
}

impl ThanksVerdict {
    /// `proper`
    #[must_use]
    pub fn face(&self) -> String {
        self.word.as_str().to_owned()
    }
}
