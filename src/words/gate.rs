//! What most mail does not hold: one pass over raw text says which closer readings are worth their while.
use super::Lexicon;
use aho_corasick::{AhoCorasick, AhoCorasickKind};

/// Stems of thanks and apologies, and of applications, of all languages.
#[derive(Debug, Clone)]
pub struct Gate {
    automaton: Option<AhoCorasick>,
    /// So many of its patterns are of notes, the others of applications.
    notes: usize,
}

/// What a text may hold. Says yes rather than miss one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Held {
    pub note: bool,
    pub application: bool,
}

impl Gate {
    pub(super) fn new(lexicons: &[Lexicon]) -> Self {
        let notes: Vec<String> = lexicons.iter().flat_map(|l| l.note.gate.iter().cloned()).collect();
        let applying = lexicons.iter().flat_map(|l| &l.application.applying).flat_map(|phrase| stems(phrase));
        let count = notes.len();
        // A table of all states is as large as some mails, and twice as fast as anything smaller.
        let builder = AhoCorasick::builder().kind(Some(AhoCorasickKind::DFA)).ascii_case_insensitive(true).clone();
        Self { automaton: builder.build(notes.into_iter().chain(applying)).ok(), notes: count }
    }

    /// Adds what this raw text may hold; ASCII case is ignored.
    pub(crate) fn look(&self, raw: &str, held: &mut Held) {
        let Some(automaton) = self.automaton.as_ref().filter(|_| !(held.note && held.application)) else { return };
        for found in automaton.find_overlapping_iter(raw) {
            if found.pattern().as_usize() < self.notes {
                held.note = true;
            } else {
                held.application = true;
            }
            if held.note && held.application {
                return;
            }
        }
    }

    /// Could this raw text hold a note or an apology at all?
    #[must_use]
    pub fn may_hold_note(&self, raw: &str) -> bool {
        // What it says of applications is known already, and is not asked.
        let mut held = Held { application: true, note: false };
        self.look(raw, &mut held);
        held.note
    }
}

/// Words that open phrases of all sorts.
const COMMON: [&str; 6] = ["please", "till", "with", "here", "this", "find"];

/// What to look for in raw text for a phrase: its longest run of letters that are the same in raw text but for the case
/// of ASCII; a phrase of common words alone as a whole. Where all letters have a case of their own (Cyrillic), its longest word in each case.
fn stems(phrase: &str) -> Vec<String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || (c.is_alphabetic() && c.to_uppercase().next() == Some(c));
    let longest = |kept: &dyn Fn(char) -> bool| {
        let runs = phrase.split(|c| !kept(c)).filter(|run| !run.is_empty() && !COMMON.contains(run));
        runs.max_by_key(|run| run.len()).map(str::to_owned)
    };
    if let Some(run) = longest(&plain).filter(|run| run.len() > 3) {
        return vec![run];
    }
    // "find my cv": only together they say something, and a line may end between any two.
    if phrase.is_ascii() {
        let blanks = phrase.match_indices(' ').map(|(at, _)| at);
        let broken = |at: usize, end: &str| {
            phrase.get(..at).unwrap_or_default().to_owned() + end + phrase.get(at + 1..).unwrap_or_default()
        };
        let lines = blanks.flat_map(|at| ["\n", "\r\n"].map(|end| broken(at, end)));
        return std::iter::once(phrase.to_owned()).chain(lines).collect();
    }
    let Some(word) = longest(&char::is_alphanumeric) else { return Vec::new() };
    let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
    vec![first.to_uppercase() + rest, word.to_uppercase(), word]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;

    fn held(raw: &str) -> Held {
        let mut held = Held::default();
        Words::embedded().gate().look(raw, &mut held);
        held
    }

    #[test]
    fn every_phrase_of_an_applicant_passes() {
        for phrase in Words::embedded().lexicons.iter().flat_map(|l| &l.application.applying) {
            assert!(!stems(phrase).is_empty() && stems(phrase).iter().all(|s| s.len() > 2), "{phrase}");
            for raw in [phrase.clone(), phrase.to_uppercase(), phrase.replacen(' ', "\n", 1)] {
                assert!(held(&raw).application, "{raw}");
            }
        }
    }

    #[test]
    fn what_stands_in_all_mail_does_not() {
        assert_eq!(held("Shall we have lunch on Tuesday? Please find the menu below."), Held::default());
        assert_eq!(held("Thank you for lunch."), Held { note: true, application: false });
        assert_eq!(held("Thanks! My application is attached."), Held { note: true, application: true });
        assert!(Words::embedded().gate().may_hold_note("VIELEN DANK, ich bewerbe mich"));
    }
}
