//! One plain form for words, so that data and mail meet.
//!
//! People write `Thank-you`, `THANK YOU`, `Thank you` with a curly quote or none, `für` and `fur`, full-width
//! letters and soft line breaks. [`fold`] takes all that away: lower case, no accents, one space between words and
//! one at each end. A phrase folded the same way and kept between spaces therefore matches whole words by a plain
//! substring search. Scripts that write no spaces are kept joined, across punctuation and line breaks too.
use unicode_normalization::char::decompose_canonical;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Letters of scripts written without spaces between words.
#[must_use]
pub fn is_joined(c: char) -> bool {
    matches!(u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF
        | 0x3005..=0x3007 | 0x3040..=0x30FF | 0x31F0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
        && c.is_alphanumeric()
}

/// The plain form: ` like this `; empty for a text without letters.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    if text.is_ascii() {
        ascii(&mut out, text);
    } else if is_nfkc_quick(text.chars()) == IsNormalized::Yes {
        text.chars().for_each(|c| sign(&mut out, c));
    } else {
        text.nfkc().for_each(|c| sign(&mut out, c));
    }
    close(&mut out);
    out
}

fn sign(out: &mut String, c: char) {
    if is_mark(c) {
        return;
    }
    if c.is_ascii_alphanumeric() {
        part(out, false);
        out.push(c.to_ascii_lowercase());
    } else if is_joined(c) {
        part(out, true);
        out.push(c);
    } else if c.is_alphanumeric() {
        part(out, false);
        letter(out, c);
    } else {
        close(out);
    }
}

/// The same for text of plain letters, which most is.
fn ascii(out: &mut String, text: &str) {
    let mut open = true;
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() {
            if std::mem::take(&mut open) {
                out.push(' ');
            }
            out.push(char::from(b.to_ascii_lowercase()));
        } else {
            open = true;
        }
    }
}

/// Sets the space that belongs before a letter of this kind.
fn part(out: &mut String, joined: bool) {
    match out.chars().next_back() {
        None if joined => {}
        None => out.push(' '),
        Some(' ') => {}
        Some(last) if is_joined(last) == joined => {}
        Some(_) => out.push(' '),
    }
}

/// Ends a word of a script with spaces; joined scripts run on.
fn close(out: &mut String) {
    if out.chars().next_back().is_some_and(|last| last != ' ' && !is_joined(last)) {
        out.push(' ');
    }
}

/// One letter without its accents. The accents go first: `Ǽ` is an `Æ` under an accent.
fn letter(out: &mut String, c: char) {
    match c {
        '\u{00C0}'..='\u{024F}' | '\u{1E00}'..='\u{1EFF}' => decompose_canonical(c, |part| base(out, part)),
        _ => base(out, c),
    }
}

fn base(out: &mut String, c: char) {
    match c {
        'ß' | 'ẞ' => out.push_str("ss"),
        'ø' | 'Ø' => out.push('o'),
        'ł' | 'Ł' => out.push('l'),
        'æ' | 'Æ' => out.push_str("ae"),
        'œ' | 'Œ' => out.push_str("oe"),
        'đ' | 'Đ' | 'ð' | 'Ð' => out.push('d'),
        'ı' | 'İ' => out.push('i'),
        _ if is_mark(c) => {}
        _ => out.extend(c.to_lowercase().filter(|part| !is_mark(*part))),
    }
}

/// Accents on their own, joiners, soft hyphens, zero-width and direction marks: nothing for the eye.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{00AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}')
}

#[cfg(test)]
mod tests {
    use super::fold;
    use proptest::prelude::*;

    #[track_caller]
    fn case(text: &str, plain: &str) {
        assert_eq!(fold(text), plain, "{text:?}");
    }

    #[test]
    fn words_stand_between_single_spaces() {
        case("Thank-you,  AGAIN!", " thank you again ");
        case("I’ve\nmet", " i ve met ");
        case("", "");
        case("--- !", "");
    }

    #[test]
    fn accents_and_widths_are_taken_off() {
        case("für das Gespräch, Größe", " fur das gesprach grosse ");
        case("Dziękuję, łódź", " dziekuje lodz ");
        case("ｔｈａｎｋｓ", " thanks ");
        case("e\u{301}change", " echange ");
        case("Görüşme için İLGİ", " gorusme icin ilgi ");
        case("мой", " мой ");
        case("Ǽ ǿ", " ae o ");
    }

    #[test]
    fn scripts_without_spaces_stay_joined() {
        case("本日は、お時間を\nいただき", "本日はお時間をいただき");
        case("本日OB訪問", "本日 ob 訪問");
        case("Zoom面接。Thanks", " zoom 面接 thanks ");
        case("면접 감사합니다", " 면접 감사합니다 ");
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,60}") {
            let once = fold(&text);
            prop_assert!(!once.contains("  "));
            prop_assert_eq!(fold(&once), once.clone());
        }
    }

    proptest! {
        #[test]
        fn plain_letters_fold_as_all_do(text in "[ -~\\n\\t]{0,60}") {
            // A letter of another script before it takes the other way.
            let other = fold(&format!("я. {text}"));
            let expected = other.strip_prefix(" я").unwrap();
            prop_assert_eq!(fold(&text), if expected == " " { "" } else { expected });
        }
    }

    /// The property above for every character there is: a seed that comes by once a week is found today.
    #[test]
    fn every_character_folds_once() {
        let odd: Vec<char> = (0..=0x10_FFFF_u32)
            .filter_map(char::from_u32)
            .filter(|c| {
                let once = fold(&c.to_string());
                fold(&once) != once || once.contains("  ")
            })
            .collect();
        assert_eq!(odd, Vec::<char>::new());
    }
}
