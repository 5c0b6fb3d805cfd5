//! Words that the note recogniser needs.
use serde::Deserialize;

/// `[note]` of a language file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NoteWords {}
