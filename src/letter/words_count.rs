//! How many words somebody wrote, in any script.
//!
//! A limit of 25 words must mean the same everywhere, yet Japanese, Chinese and Thai write no spaces. Words are runs of
//! letters and digits as a reader counts them ("don't", "follow-up", "3.5" are one); in scripts without spaces two letters make a word.
use crate::words::is_joined;

/// Counts own words by etiquette.md.
#[must_use]
pub fn count_words(text: &str) -> u32 {
    let (mut spaced, mut joined) = (0u32, 0u32);
    for token in text.split_whitespace() {
        if token.bytes().all(|b| b.is_ascii_alphanumeric()) {
            spaced = spaced.saturating_add(1);
            continue;
        }
        if is_address(token) {
            continue;
        }
        let mut run = false;
        for (c, next) in token.chars().zip(token.chars().skip(1).map(Some).chain([None])) {
            if is_joined(c) {
                joined = joined.saturating_add(1);
                run = false;
            } else if c.is_alphanumeric() {
                spaced = spaced.saturating_add(u32::from(!run));
                run = true;
            } else {
                run = run && binds(c) && next.is_some_and(char::is_alphanumeric);
            }
        }
    }
    spaced.saturating_add(joined.div_ceil(2))
}

/// Signs that hold a word together when a letter follows; marks belong to their letter.
fn binds(c: char) -> bool {
    matches!(c, '\'' | '’' | '-' | '‐' | '‑' | '.' | ',' | ':' | '_' | '\u{0300}'..='\u{036F}' | '\u{00AD}')
}

/// Links and mail addresses are not words.
fn is_address(token: &str) -> bool {
    token.contains("://") || token.starts_with("www.") || (token.contains('@') && token.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::count_words;
    use proptest::prelude::*;

    #[track_caller]
    fn case(text: &str, words: u32) {
        assert_eq!(count_words(text), words, "{text:?}");
    }

    #[test]
    fn words_as_a_reader_counts_them() {
        case("", 0);
        case("— … !", 0);
        case("Thank you for the interview.", 5);
        case("I don't mind a follow-up, it’s 3.5 km", 8);
        case("one—two (three) /four/", 4);
        case("end.Start of", 2);
        case("see https://example.org/a-b or ada@example.org please", 3);
        case("Grüße aus Łódź", 3);
        case("Спасибо за встречу", 3);
        case("면접 기회를 주셔서 감사합니다", 4);
    }

    #[test]
    fn two_letters_make_a_word_where_no_spaces_are_written() {
        case("面接", 1);
        case("ありがとうございました。", 6);
        case("感谢您今天抽出时间", 5);
        case("Zoom面接", 2);
        case("本日 Zoom で", 3);
    }

    proptest! {
        #[test]
        fn never_more_words_than_letters(text in "\\PC{0,80}") {
            let letters = text.chars().filter(|c| c.is_alphanumeric()).count();
            prop_assert!(usize::try_from(count_words(&text)).unwrap_or(usize::MAX) <= letters);
        }
    }
}
