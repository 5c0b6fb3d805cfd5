//! Words that tell the kind of a meeting and whether it was called off.
use serde::Deserialize;

/// `[meeting]` of a language file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MeetingWords {}
