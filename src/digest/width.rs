//! Columns of a terminal or a fixed-pitch mail: CJK and emoji take two, combining marks none.
//!
//! A reasonable measure, not a complete one (UAX #11 leaves the rest to the font): enough that columns line up.

/// Columns one character takes.
fn of_char(c: char) -> usize {
    match u32::from(c) {
        0..0x20 | 0x7F..0xA0 => 0,
        // combining marks, Hebrew and Arabic points, Indic signs, Thai vowels, Hangul medials, half marks
        0x300..=0x36F
        | 0x483..=0x489
        | 0x591..=0x5BD
        | 0x5BF
        | 0x610..=0x61A
        | 0x64B..=0x65F
        | 0x670
        | 0x93C
        | 0x941..=0x948
        | 0x94D
        | 0xE31
        | 0xE34..=0xE3A
        | 0xE47..=0xE4E
        | 0x1160..=0x11FF
        | 0x1AB0..=0x1AFF
        | 0x1DC0..=0x1DFF
        | 0x200B..=0x200F
        | 0x20D0..=0x20FF
        | 0xFE00..=0xFE0F
        | 0xFE20..=0xFE2F => 0,
        // Hangul initials, CJK, kana, Hangul, full-width forms, emoji, CJK extensions
        0x1100..=0x115F
        | 0x2E80..=0x303E
        | 0x3041..=0xA4CF
        | 0xA960..=0xA97C
        | 0xAC00..=0xD7A3
        | 0xF900..=0xFAFF
        | 0xFE30..=0xFE6F
        | 0xFF00..=0xFF60
        | 0xFFE0..=0xFFE6
        | 0x1F300..=0x1F64F
        | 0x1F680..=0x1F6FF
        | 0x1F900..=0x1F9FF
        | 0x20000..=0x3FFFD => 2,
        _ => 1,
    }
}

/// Columns a text takes.
pub(super) fn width(s: &str) -> usize {
    s.chars().map(of_char).sum()
}

/// `s` and blanks up to `columns`; at least one blank.
pub(super) fn pad(s: &str, columns: usize) -> String {
    format!("{s}{}", " ".repeat(columns.saturating_sub(width(s)).max(1)))
}

/// Lines of at most `columns`, broken at blanks; a word longer than a line is cut where it must be.
pub(super) fn wrap(s: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(8);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in s.split_whitespace().flat_map(|word| pieces(word, columns)) {
        let wide = width(&word);
        let blank = usize::from(used > 0);
        if used + blank + wide > columns && used > 0 {
            lines.push(String::new());
            used = 0;
        }
        let Some(line) = lines.last_mut() else { continue };
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(&word);
        used += wide;
    }
    lines
}

/// A word in parts no wider than a line. Scripts without blanks are one long word to us.
fn pieces(word: &str, columns: usize) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut used = 0;
    for c in word.chars() {
        let wide = of_char(c);
        if used + wide > columns {
            parts.push(String::new());
            used = 0;
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
        used += wide;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wide_and_combining_characters_are_measured() {
        assert_eq!(width("Ana Beltrán"), 11);
        assert_eq!(width("Ana Beltra\u{301}n"), 11);
        assert_eq!(width("王小明"), 6);
        assert_eq!(width("김민수"), 6);
        assert_eq!(pad("王小明", 8), "王小明  ");
        assert_eq!(pad("far too long", 4), "far too long ");
    }
    #[test]
    fn wrapping_keeps_every_word_and_every_line_short() {
        let s = "a note may still come until Wed 16:00 王小明王小明王小明王小明 supercalifragilisticexpialidocious";
        let lines = wrap(s, 20);
        assert!(lines.iter().all(|l| width(l) <= 20), "{lines:?}");
        let squeezed = |s: &str| s.replace(' ', "");
        assert_eq!(squeezed(&lines.concat()), squeezed(s));
    }
    #[test]
    fn nothing_is_one_empty_line() {
        assert_eq!(wrap("  ", 20), [""]);
    }
}
