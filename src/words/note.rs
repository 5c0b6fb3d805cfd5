//! Words that the note recogniser needs.
use super::Lexicon;
use super::phrases::Phrases;
use serde::Deserialize;

/// What a phrase stands for. The recogniser reasons over cues, never over words of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NoteCue {
    /// Thanks outright.
    Thanks,
    /// Pleasure in something past: "I enjoyed", "it was great".
    Warm,
    /// A talk that took place, told by its own words: "meeting with me", "our conversation".
    Met,
    /// A noun that names an occasion: "interview", "lunch".
    Occasion,
    /// Time somebody gave.
    Time,
    /// A day or a part of one, as what is thanked for: "thanks for today".
    Day,
    /// What was said or done while they met, told again: "you showed me", "your advice about".
    Recalled,
    /// The recent past: "today", "last week".
    When,
    /// Something still to come.
    Ahead,
    /// What else people thank for: a reply, an order, a review.
    Other,
    /// The voice of somebody who hopes for a place.
    Candidate,
    /// The voice of an employer or recruiter.
    Employer,
    /// Business that rides on thanks: an offer, a demonstration.
    Errand,
    /// It was somebody else who met the reader: an agency's candidate, an employer's applicant.
    Another,
    /// At the foot of a letter: an office, a department, an agency.
    Desk,
    /// An appointment still to come is being settled: "Tuesday suits me".
    Arranging,
    /// "Is there any news?"
    Status,
    /// Leads from thanks to what is thanked for: "for".
    Object,
    /// Thanks in advance.
    Advance,
    /// Declines or withdraws.
    Decline,
    /// Accepts an offer of employment, or thanks for one.
    Offer,
    /// Orders, accounts, registrations, tickets.
    Order,
    /// Asks to be connected on a network.
    Connect,
    /// Sorry for an invitation.
    Sorry,
    /// A word that makes a capitalised or preceding word a role.
    Role,
    /// What leads in a topic: "conversation about".
    Topic,
    /// Names a plan: "on Tuesday", "I attach".
    Plan,
}

/// `[note]` of a language file: phrases by cue, in the notation of `phrases.rs`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NoteWords {
    /// Stems searched in raw text before anything is read closely; ASCII case is ignored.
    pub gate: Vec<String>,
    /// Words that make no topic specific: articles, "role", "company", "next steps".
    pub generic: Vec<String>,
    pub thanks: Vec<String>,
    pub warm: Vec<String>,
    pub met: Vec<String>,
    pub occasion: Vec<String>,
    pub time: Vec<String>,
    pub day: Vec<String>,
    pub recalled: Vec<String>,
    pub when: Vec<String>,
    pub ahead: Vec<String>,
    pub other: Vec<String>,
    pub candidate: Vec<String>,
    pub employer: Vec<String>,
    pub errand: Vec<String>,
    pub another: Vec<String>,
    pub desk: Vec<String>,
    pub arranging: Vec<String>,
    pub status: Vec<String>,
    pub object: Vec<String>,
    pub advance: Vec<String>,
    pub decline: Vec<String>,
    pub offer: Vec<String>,
    pub order: Vec<String>,
    pub connect: Vec<String>,
    pub sorry: Vec<String>,
    pub role: Vec<String>,
    pub topic: Vec<String>,
    pub plan: Vec<String>,
}

impl NoteWords {
    /// Every phrase with its cue.
    pub(super) fn entries(&self) -> impl Iterator<Item = (NoteCue, &str)> {
        let lists = [
            (NoteCue::Thanks, &self.thanks),
            (NoteCue::Warm, &self.warm),
            (NoteCue::Met, &self.met),
            (NoteCue::Occasion, &self.occasion),
            (NoteCue::Time, &self.time),
            (NoteCue::Day, &self.day),
            (NoteCue::Recalled, &self.recalled),
            (NoteCue::When, &self.when),
            (NoteCue::Ahead, &self.ahead),
            (NoteCue::Other, &self.other),
            (NoteCue::Candidate, &self.candidate),
            (NoteCue::Employer, &self.employer),
            (NoteCue::Errand, &self.errand),
            (NoteCue::Another, &self.another),
            (NoteCue::Desk, &self.desk),
            (NoteCue::Arranging, &self.arranging),
            (NoteCue::Status, &self.status),
            (NoteCue::Object, &self.object),
            (NoteCue::Advance, &self.advance),
            (NoteCue::Decline, &self.decline),
            (NoteCue::Offer, &self.offer),
            (NoteCue::Order, &self.order),
            (NoteCue::Connect, &self.connect),
            (NoteCue::Sorry, &self.sorry),
            (NoteCue::Role, &self.role),
            (NoteCue::Topic, &self.topic),
            (NoteCue::Plan, &self.plan),
        ];
        lists.into_iter().flat_map(|(cue, list)| list.iter().map(move |phrase| (cue, phrase.as_str())))
    }
}

/// The note tables of all languages, ready to search.
#[derive(Debug, Clone)]
pub struct NoteBook {
    pub phrases: Phrases<NoteCue>,
    /// Folded words that are too general to be specific.
    pub generic: std::collections::HashSet<String>,
    languages: Vec<String>,
}

impl NoteBook {
    #[must_use]
    pub fn new(lexicons: &[Lexicon]) -> Self {
        let entries = lexicons
            .iter()
            .zip(0u16..)
            .flat_map(|(lexicon, language)| lexicon.note.entries().map(move |(cue, phrase)| (cue, language, phrase)));
        let generic = lexicons.iter().flat_map(|lexicon| lexicon.note.generic.iter());
        Self {
            phrases: Phrases::new(entries),
            generic: generic.map(|word| super::fold(word).trim().to_owned()).collect(),
            languages: lexicons.iter().map(|lexicon| lexicon.language.clone()).collect(),
        }
    }

    /// Tag of a language by the index its hits carry.
    #[must_use]
    pub fn language(&self, index: u16) -> &str {
        self.languages.get(usize::from(index)).map_or("und", String::as_str)
    }
}
