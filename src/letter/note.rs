//! Thank-you notes.
use super::{Letter, Reading, WhyNot};
use crate::message::Message;
use crate::words::Words;

/// What the note room found: letters, or why there is none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NoteReading {
    pub letters: Vec<Letter>,
    pub why_not: Option<WhyNot>,
}

pub(super) fn recognise(_: &Message<'_>, _: &Reading<'_>) -> NoteReading {
    NoteReading::default()
}

pub(super) fn thanks_in_text(_: &str, _: &Words) -> bool {
    false
}
