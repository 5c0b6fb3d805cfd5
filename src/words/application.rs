//! Words that tell applications: who applies for what, and who is only told that he did.
use super::Lexicon;
use super::pattern::{Line, Pattern, folded};
use super::patterns::Patterns;
use aho_corasick::AhoCorasick;
use serde::Deserialize;

/// `[application]` of a language file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApplicationWords {
    /// Subjects an applicant writes, `{role}` where the job stands. Alone they are not enough: one applies for leave, too.
    pub(crate) subjects: Vec<Pattern>,
    /// Phrases of somebody who applies, in the first person, folded (lower case, straight quotes).
    pub(crate) applying: Vec<String>,
    /// Words which show that it is about a job.
    pub(crate) job: Vec<String>,
    /// Beginnings of the names of files applicants attach.
    pub(crate) files: Vec<String>,
    /// Subjects of programs that tell an employer of an applicant: `{name} applied for {role}`.
    pub(crate) notices: Vec<Pattern>,
    /// Subjects and sentences to an applicant: a receipt, an answer, a refusal.
    pub(crate) to_applicant: Vec<Pattern>,
    /// Phrases to an applicant, folded, anywhere in the text.
    pub(crate) answers: Vec<String>,
}

impl ApplicationWords {
    pub(crate) fn about_a_job(&self, folded: &str) -> bool {
        self.job.iter().any(|p| folded.contains(p.as_str()))
    }
    /// Is this written to an applicant?
    pub(crate) fn answers(&self, subject: &Line, text: &str) -> bool {
        self.to_applicant.iter().any(|p| p.matches(subject).is_some())
            || self.answers.iter().any(|p| text.contains(p.as_str()))
    }
    pub(crate) fn is_their_file(&self, name: &str) -> bool {
        let name = folded(name);
        let mut words = name.split(|c: char| !c.is_alphanumeric());
        words.any(|w| self.files.iter().any(|f| w == f || (f.chars().count() > 3 && w.contains(f.as_str()))))
    }
}

/// The phrases of those who apply, of all languages, ready to search.
#[derive(Debug, Clone)]
pub struct ApplicationBook {
    applying: Option<AhoCorasick>,
    pub(crate) subjects: Patterns,
    pub(crate) notices: Patterns,
}

impl ApplicationBook {
    pub(super) fn new(lexicons: &[Lexicon]) -> Self {
        let phrases = || lexicons.iter().flat_map(|lexicon| &lexicon.application.applying).map(String::as_str);
        let patterns = |pick: fn(&ApplicationWords) -> &Vec<Pattern>| {
            Patterns::new(lexicons.iter().flat_map(|lexicon| pick(&lexicon.application)))
        };
        Self {
            applying: AhoCorasick::new(phrases()).ok(),
            subjects: patterns(|words| &words.subjects),
            notices: patterns(|words| &words.notices),
        }
    }

    /// Does the folded text hold a phrase of somebody who applies?
    pub(crate) fn applies(&self, folded: &str) -> bool {
        self.applying.as_ref().is_some_and(|phrases| phrases.is_match(folded))
    }
}

#[cfg(test)]
mod tests {
    use crate::words::Words;

    #[test]
    fn every_phrase_is_found() {
        let words = Words::embedded();
        for phrase in words.lexicons.iter().flat_map(|l| &l.application.applying) {
            assert!(words.application().applies(phrase), "{phrase}");
        }
    }
}
