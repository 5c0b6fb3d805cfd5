//! A display name, cleaned for showing but not yet understood.
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// Longest name shown or stored, in characters (trust.md).
pub const LONGEST: usize = 80;

/// A name as seen: NFC, without control, bidi and zero-width characters, blanks folded, at most 80 characters, never empty.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Name(String);

impl Name {
    #[must_use]
    pub fn new(raw: &str) -> Option<Self> {
        let cleaned: String = raw.nfc().filter(|c| !invisible(*c)).collect();
        let folded: String = cleaned.split_whitespace().collect::<Vec<_>>().join(" ");
        let cut: String = folded.chars().take(LONGEST).collect();
        let cut = cut.trim().to_owned();
        (!cut.is_empty()).then_some(Name(cut))
    }
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Name(…)")
    }
}

/// Characters that change how text looks without being text: controls, bidi controls, zero-width, BOM, tags.
/// ZWJ and ZWNJ stay out of names too: they matter for a few scripts' shaping, but also hide differences.
pub(crate) fn invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{00AD}' | '\u{061C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E0FFF}')
}
