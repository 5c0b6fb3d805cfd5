//! Sentences, the unit in which thanks and their object belong together.
//!
//! Mail breaks lines anywhere: old mailers in the middle of a sentence, people after each one. A line end counts when a
//! blank line follows, or when a short line is followed by a capital; titles ("Dr.") end nothing.
use crate::words::fold;

/// A letter longer than this is read at its head and foot only, where thanks stand.
const MAX_SENTENCES: usize = 240;
/// A line shorter than this was ended by its writer, not by a mailer's wrap.
const SHORT_LINE: usize = 56;
const MAX_SENTENCE: usize = 1_500;

/// One sentence as written and in its plain form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence<'a> {
    pub raw: &'a str,
    pub plain: String,
}

/// The sentences of a text, in order, without empty ones.
#[must_use]
pub fn sentences(text: &str) -> Vec<Sentence<'_>> {
    let mut all: Vec<&str> = paragraphs(text).flat_map(|(_, paragraph)| split(paragraph)).collect();
    if all.len() > MAX_SENTENCES {
        let tail = all.split_off(all.len() - MAX_SENTENCES / 4);
        all.truncate(MAX_SENTENCES - tail.len());
        all.extend(tail);
    }
    all.into_iter()
        .map(|raw| Sentence { raw, plain: fold(raw) })
        .filter(|sentence| !sentence.plain.trim().is_empty())
        .collect()
}

/// Runs of lines that belong together: `(offset, text)`.
fn paragraphs(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut begin = 0;
    let mut at = 0;
    let mut lines = text.split_inclusive('\n').peekable();
    std::iter::from_fn(move || {
        while let Some(line) = lines.next() {
            at += line.len();
            if lines.peek().is_none_or(|next| ends_here(line, next)) {
                let from = std::mem::replace(&mut begin, at);
                return text.get(from..at).map(|part| (from, part));
            }
        }
        None
    })
}

/// Is this line end the end of a sentence?
fn ends_here(line: &str, next: &str) -> bool {
    let (line, next) = (line.trim(), next.trim_start());
    let Some(first) = next.chars().find(|c| !c.is_whitespace()) else { return true };
    let bullet = matches!(first, '•' | '*' | '–' | '—' | '·') || next.starts_with("- ");
    line.is_empty() || bullet || (line.chars().count() < SHORT_LINE && !first.is_lowercase())
}

/// Cuts one paragraph at its stops.
fn split(paragraph: &str) -> Vec<&str> {
    let mut out = Vec::new();
    let mut begin = 0;
    for (at, c) in paragraph.char_indices() {
        if c.is_alphanumeric() {
            continue;
        }
        let end = at + c.len_utf8();
        let around = || (paragraph.get(begin..at).unwrap_or(""), paragraph.get(end..).unwrap_or(""));
        let stop = matches!(c, '.' | '?' | '!' | ';' | '。' | '！' | '？' | '；' | '…') && is_stop(c, around());
        if stop || (end - begin > MAX_SENTENCE && c.is_whitespace()) {
            out.extend(paragraph.get(begin..end).map(str::trim));
            begin = end;
        }
    }
    out.extend(paragraph.get(begin..).map(str::trim));
    out.retain(|part| !part.is_empty());
    out
}

fn is_stop(c: char, (before, after): (&str, &str)) -> bool {
    match c {
        '。' | '！' | '？' | '；' | '…' => true,
        '!' | ';' => after.starts_with(char::is_whitespace) || after.is_empty(),
        '?' | '.' => {
            let next = after.trim_start().chars().next();
            let parted = after.starts_with(char::is_whitespace) || after.is_empty();
            parted && !next.is_some_and(char::is_lowercase) && !(c == '.' && is_title(before))
        }
        _ => false,
    }
}

/// "Dr", "Ms", "St", or an initial: a short capitalised word before a full stop.
fn is_title(before: &str) -> bool {
    let word = before.rsplit(|c: char| !c.is_alphanumeric()).next().unwrap_or("");
    let count = word.chars().count();
    let titles = ["Mr", "Mrs", "Ms", "Dr", "Prof", "St", "Hr", "Fr", "Sr", "Sra", "Dra", "Mme", "Dott", "Sig", "Ing"];
    titles.contains(&word) || (count == 1 && word != "I" && word.chars().all(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use super::sentences;
    use proptest::prelude::*;

    #[track_caller]
    fn case(text: &str, parts: &[&str]) {
        let found: Vec<&str> = sentences(text).iter().map(|s| s.raw).collect();
        assert_eq!(found, parts, "{text:?}");
    }

    #[test]
    fn stops_and_blank_lines_end_sentences() {
        case("One. Two! Three?", &["One.", "Two!", "Three?"]);
        case("Head\n\nbody of it", &["Head", "body of it"]);
        case("ありがとう。では！", &["ありがとう。", "では！"]);
        case("", &[]);
        case("…\n--\n", &[]);
    }

    #[test]
    fn wraps_and_titles_end_nothing() {
        case("Thank you for the\ntalk with Dr. Lovelace today", &["Thank you for the\ntalk with Dr. Lovelace today"]);
        case("version 3.5 is out", &["version 3.5 is out"]);
        case("the team? and more", &["the team? and more"]);
    }

    #[test]
    fn short_lines_before_a_capital_end() {
        case("Thanks again\nBest regards\nAda", &["Thanks again", "Best regards", "Ada"]);
        case("We need:\n- one\n- two", &["We need:", "- one", "- two"]);
    }

    proptest! {
        #[test]
        fn sentences_come_from_the_text_in_order(text in "[\\PC\\n]{0,200}") {
            let mut rest = text.as_str();
            for sentence in sentences(&text) {
                let at = rest.find(sentence.raw);
                prop_assert!(at.is_some());
                rest = &rest[at.unwrap_or(0) + sentence.raw.len()..];
            }
        }
    }
}
