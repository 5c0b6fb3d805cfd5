//! Thank-you notes.
use super::{Letter, WhyNot};

/// What the note room found: letters, or why there is none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NoteReading {
    pub letters: Vec<Letter>,
    pub why_not: Option<WhyNot>,
}
