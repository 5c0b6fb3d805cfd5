//! Words that the message room needs: banners, quote headers, disclaimers, signatures.
use serde::Deserialize;

/// `[message]` of a language file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MessageWords {}
