//! Words that are one word heard and written down twice.
//!
//! A name romanised from another script has no one spelling: Sergey and Sergei, Hassan and Hasan, Saeed and Said. Two
//! such spellings agree in sound once doubled letters, interchangeable vowels and the usual pairs (k/q, v/w, kh/h) are
//! made one. A name which its bearer writes in Latin letters has one spelling, and none of this holds for it.

/// A coarse sound key: consonant classes, and vowels in three classes.
pub(crate) fn sound(word: &str) -> String {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    while let Some((read, heard)) = next(rest, out.is_empty()) {
        rest = rest.get(read..).unwrap_or("");
        for c in heard.chars().filter(|c| *c != '\0') {
            if !out.ends_with(c) {
                out.push(c);
            }
        }
    }
    out
}

/// The consonants of a sound key.
pub(crate) fn skeleton(sound: &str) -> String {
    let mut out = String::with_capacity(sound.len());
    for c in sound.chars().filter(|c| !matches!(c, 'a' | 'i' | 'u')) {
        if !out.ends_with(c) {
            out.push(c);
        }
    }
    out
}

/// As [`skeleton`], for words from scripts which write long vowels as w and y and have no p.
pub(crate) fn abjad(sound: &str) -> String {
    skeleton(sound).chars().filter(|c| *c != 'h').map(|c| if c == 'p' { 'b' } else { c }).collect()
}

/// Spellings of more than one letter, by their first. Longer ones stand first.
fn spellings(first: u8) -> &'static [(&'static str, &'static str)] {
    match first {
        b'a' => &[("ai", "ai"), ("ay", "ai")],
        b'c' => &[("ch", "c"), ("cz", "c"), ("ck", "k")],
        b'd' => &[("dsch", "j"), ("dzh", "j"), ("dj", "j"), ("dh", "d")],
        b'e' => &[("eo", "u"), ("eu", "u"), ("ee", "i"), ("ei", "i"), ("ey", "i")],
        b'g' => &[("gh", "k")],
        b'i' => &[("iy", "i"), ("ij", "i"), ("ie", "i")],
        b'k' => &[("kh", "h")],
        b'o' => &[("ou", "u"), ("oo", "u"), ("oy", "u")],
        b'p' => &[("ph", "v")],
        b's' => &[("shch", "s"), ("sch", "s"), ("sh", "s")],
        b't' => &[("tsch", "c"), ("tch", "c"), ("tj", "c"), ("th", "t"), ("ts", "s"), ("tz", "s")],
        b'x' => &[("x", "ks")],
        b'y' => &[("yi", "i"), ("yj", "i"), ("ye", "i"), ("yo", "iu"), ("ya", "ia")],
        b'z' => &[("zh", "j")],
        _ => &[],
    }
}

/// How many letters the next sound takes, and the sound.
fn next(rest: &str, first: bool) -> Option<(usize, &'static str)> {
    let start = *rest.as_bytes().first()?;
    if let Some((s, heard)) = spellings(start).iter().find(|(s, _)| rest.starts_with(s)) {
        return Some((s.len(), heard));
    }
    let c = rest.chars().next()?;
    let heard = match c {
        'a' => "a",
        'e' | 'i' | 'y' => "i",
        'o' | 'u' => "u",
        'b' => "b",
        'c' if matches!(rest.as_bytes().get(1), Some(b'e' | b'i' | b'y')) => "s",
        'c' | 'k' | 'q' | 'g' => "k",
        'd' => "d",
        'f' | 'v' | 'w' => "v",
        'h' if first => "h",
        'h' => "\0",
        'j' if rest.len() == 1 => "i",
        'j' => "j",
        'l' => "l",
        'm' => "m",
        'n' => "n",
        'p' => "p",
        'r' => "r",
        's' | 'z' => "s",
        't' => "t",
        _ => "\0",
    };
    Some((c.len_utf8(), heard))
}

/// Doubled letters made one: the commonest slip of all.
pub(crate) fn undoubled(word: &str) -> impl Iterator<Item = u8> {
    let bytes = word.bytes();
    let before = std::iter::once(0).chain(word.bytes());
    bytes.zip(before).filter(|(b, before)| b != before).map(|(b, _)| b)
}

/// At most one letter changed, added or left out, or two neighbours swapped.
pub(crate) fn one_slip(a: &str, b: &str) -> bool {
    let (a, b) = if a.len() <= b.len() { (a.as_bytes(), b.as_bytes()) } else { (b.as_bytes(), a.as_bytes()) };
    if b.len() - a.len() > 1 {
        return false;
    }
    let front = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let back = a.iter().rev().zip(b.iter().rev()).take_while(|(x, y)| x == y).count().min(a.len() - front);
    let (x, y) = (a.get(front..a.len() - back).unwrap_or(&[]), b.get(front..b.len() - back).unwrap_or(&[]));
    match (x, y) {
        ([], [] | [_]) | ([_], [_]) => true,
        ([p, q], [r, s]) => p == s && q == r,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn alike(a: &str, b: &str) {
        assert_eq!(sound(a), sound(b), "{a} ~ {b}");
    }

    #[test]
    fn one_name_romanised_twice() {
        alike("sergey", "sergei");
        alike("hassan", "hasan");
        alike("qasim", "kasim");
        alike("yusuf", "yusoof");
        alike("nikolay", "nikolai");
        alike("nazarov", "nasarow");
        assert_eq!(skeleton(&sound("mohammed")), skeleton(&sound("muhammad")));
    }

    #[test]
    fn slips() {
        assert!(one_slip("hagen", "hagne"));
        assert!(one_slip("hagen", "haagen"));
        assert!(one_slip("hagen", "hagan"));
        assert!(one_slip("hagen", "hagen"));
        assert!(!one_slip("hagen", "agenh"));
        assert!(!one_slip("hagen", "hage12"));
    }
}
