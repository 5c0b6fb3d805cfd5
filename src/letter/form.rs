//! One way a network's mail can look, and what it then means.
//!
//! A form is a row of conditions, each of them optional and all of them to hold. That is little to say, but it is what
//! lets a file be read aloud: "from this address, with such a subject: a reminder".
use crate::words::pattern::{Glob, Pattern};
use serde::Deserialize;
use std::collections::BTreeMap;

/// What a form makes of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Means {
    Connect,
    Reminder,
    Batch,
    Follow,
    FollowRequest,
    Accepted,
    Message,
    /// Somebody applied to the owner.
    Application,
    /// To the owner as an applicant: a receipt or an answer.
    Receipt,
    News,
    PeopleYouMayKnow,
    Newsletter,
    /// A workspace or an event: no personal tie.
    NotATie,
}

impl Means {
    /// Does it ask for a tie, or show one?
    pub(crate) fn is_request(self) -> bool {
        match self {
            Means::Connect | Means::Reminder | Means::Batch | Means::Follow | Means::FollowRequest => true,
            Means::Accepted | Means::Message | Means::Application | Means::Receipt | Means::News => false,
            Means::PeopleYouMayKnow | Means::Newsletter | Means::NotATie => false,
        }
    }
}

/// Sentences of the body that are nobody's own words.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Text {
    /// Default texts: an invitation that says this says nothing personal.
    pub default_notes: Vec<Pattern>,
    /// Stems of "network" in all languages: a short single sentence with one of them is a default text nobody listed.
    pub network_words: Vec<String>,
    /// From this line on nothing concerns the request.
    pub cut_at: Vec<Pattern>,
    /// Lines that are neither headline nor note.
    pub noise: Vec<Pattern>,
    /// Greetings in front of the note, on the same line or alone.
    pub greetings: Vec<Pattern>,
    /// Sentences that name the person (or tell headline, company, date).
    pub tells: Vec<Pattern>,
}

/// How a link shows a profile.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ProfileForm {
    /// The path must hold this; the slug is the segment behind it.
    pub path: Option<String>,
    /// The query parameter that holds the slug.
    pub param: Option<String>,
    /// Stands before the slug in the key: `in/`.
    #[serde(default)]
    pub key: String,
    /// Slugs that are pages of the network, not people.
    #[serde(default)]
    pub except: Vec<String>,
}

/// One way a mail can look. All conditions given must hold.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Form {
    pub kind: Means,
    #[serde(default)]
    #[expect(dead_code, reason = "for people who read the file")]
    source: String,
    #[serde(default)]
    pub from: Vec<Glob>,
    #[serde(default)]
    pub display: Vec<Pattern>,
    #[serde(default)]
    pub subject: Vec<Pattern>,
    /// The template's name, from its header or from the links.
    #[serde(default)]
    pub template: Vec<Glob>,
    #[serde(default)]
    pub header: BTreeMap<String, Glob>,
    /// Parts of a link, after the host.
    #[serde(default)]
    pub link: Vec<String>,
    #[serde(default)]
    pub body: Vec<Pattern>,
}

impl Form {
    /// Does it hold for whatever a sender sends?
    pub(crate) fn is_about_sender_only(&self) -> bool {
        self.subject.is_empty()
            && self.template.is_empty()
            && self.header.is_empty()
            && self.link.is_empty()
            && self.body.is_empty()
    }
}
