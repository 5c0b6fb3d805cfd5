//! Words that tell applications and apologies.
use serde::Deserialize;

/// `[application]` of a language file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApplicationWords {}
