//! A title, its prefixes told from what it says.
//!
//! Mail programs write "Cancelled:", schedulers "[Hold]", and they do so in the language of whoever sent it. What
//! stands behind them is the title of the meeting that was or may be.
use super::glossary::{Class, Folded, Glossary, Hit};
use crate::person::Name;
use unicode_normalization::UnicodeNormalization;

pub(super) struct Title {
    /// Cleaned, prefixes kept: what the owner sees in the calendar.
    pub shown: String,
    /// Prefixes gone.
    pub text: String,
    pub folded: Folded,
    pub hits: Vec<Hit>,
    pub cancelled: bool,
    pub hold: bool,
}

/// Prefixes taken off one after another: "Cancelled: FW: [Hold] …".
const MOST_PREFIXES: usize = 4;

impl Title {
    pub(super) fn read(raw: &str, glossary: &Glossary) -> Title {
        let shown = clean(raw);
        let mut rest = shown.as_str();
        let (mut cancelled, mut hold) = (false, false);
        for _ in 0..MOST_PREFIXES {
            let Some((prefix, after)) = prefix(rest) else { break };
            if glossary.is(Class::Cancelled, prefix) {
                cancelled = true;
            } else if glossary.is(Class::Hold, prefix) {
                hold = true;
            } else if !glossary.is(Class::Prefix, prefix) {
                break;
            }
            rest = after.trim_start();
        }
        let folded = Folded::new(rest);
        let hits = glossary.hits(&folded);
        Title { text: rest.to_owned(), folded, hits, cancelled, hold, shown }
    }
}

/// `Cancelled: rest`, `[Hold] rest`, `【中止】rest`, `(tentative) rest`, `*CANCELLED* rest`, `HOLD - rest`.
fn prefix(text: &str) -> Option<(&str, &str)> {
    let brackets = [('[', ']'), ('(', ')'), ('【', '】'), ('<', '>'), ('*', '*'), ('（', '）')];
    for (open, close) in brackets {
        if let Some(inner) = text.strip_prefix(open) {
            let inner = inner.trim_start_matches(open);
            return inner
                .split_once(close)
                .map(|(prefix, rest)| (prefix, rest.trim_start_matches([close, ':', '-', ' '])));
        }
    }
    let at = text.find([':', '：']).or_else(|| text.find(" - ")).or_else(|| text.find(" – "))?;
    let rest = text.get(at..)?.trim_start_matches([':', '：', '-', '–', ' ']);
    text.get(..at).map(|prefix| (prefix, rest))
}

/// Controls and bidi marks out, blanks folded. [`Name`] does the same for names, but cuts at 80 letters.
fn clean(raw: &str) -> String {
    let words: Vec<&str> = raw.split_whitespace().collect();
    let kept = |c: &char| !c.is_control() && Name::new(c.encode_utf8(&mut [0; 4])).is_some() || *c == ' ';
    words.join(" ").nfc().filter(kept).collect()
}
