//! Words that tell applications: who applies for what, and who is only told that he did.
use super::Lexicon;
use super::pattern::{Line, Pattern, folded};
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
    /// One word of each phrase.
    gate: Option<AhoCorasick>,
    applying: Option<AhoCorasick>,
}

impl ApplicationBook {
    pub(super) fn new(lexicons: &[Lexicon]) -> Self {
        let phrases = || lexicons.iter().flat_map(|lexicon| &lexicon.application.applying).map(String::as_str);
        let stems: std::collections::BTreeSet<String> = phrases().flat_map(stems).collect();
        Self {
            gate: AhoCorasick::builder().ascii_case_insensitive(true).build(stems).ok(),
            applying: AhoCorasick::new(phrases()).ok(),
        }
    }

    /// Could this raw text hold such a phrase? Cheap; says yes rather than miss one.
    pub(crate) fn may_apply(&self, raw: &str) -> bool {
        self.gate.as_ref().is_some_and(|gate| gate.is_match(raw))
    }

    /// Does the folded text hold a phrase of somebody who applies?
    pub(crate) fn applies(&self, folded: &str) -> bool {
        self.applying.as_ref().is_some_and(|phrases| phrases.is_match(folded))
    }
}

/// What to look for in raw text for a phrase: its longest run of letters that are the same in raw text but for the case
/// of ASCII. Where all letters have a case of their own (Cyrillic), its longest word in each case.
fn stems(phrase: &str) -> Vec<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || (c.is_alphabetic() && c.to_uppercase().next() == Some(c));
    let longest = |kept: &dyn Fn(char) -> bool| {
        let runs = phrase.split(|c| !kept(c)).filter(|run| !run.is_empty());
        runs.max_by_key(|run| run.len()).map(str::to_owned)
    };
    if let Some(run) = longest(&plain).filter(|run| run.len() > 3) {
        return vec![run];
    }
    let Some(word) = longest(&char::is_alphanumeric) else { return Vec::new() };
    let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
    vec![first.to_uppercase() + rest, word.to_uppercase(), word]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;

    #[test]
    fn every_phrase_of_an_applicant_passes_the_gate() {
        let words = Words::embedded();
        let book = words.application();
        for phrase in words.lexicons.iter().flat_map(|l| &l.application.applying) {
            assert!(stems(phrase).iter().all(|s| s.len() > 2), "{phrase} has no word to look for");
            for raw in [phrase.clone(), phrase.to_uppercase(), phrase.replace(' ', "\n")] {
                assert!(book.may_apply(&raw), "{raw}");
            }
            assert!(book.applies(phrase), "{phrase}");
        }
        assert!(!book.may_apply("Shall we have lunch on Tuesday?"));
    }
}
