//! Words folded so that spellings of one name compare equal.
//!
//! `Müller` is written Muller by some and Mueller by others, and both are right: a word folds to *two* keys, and two
//! words are equal if any key agrees. Words of other scripts are read with the tables below; where reading needs a
//! dictionary (Han) the characters stay, and nothing is concluded from their difference to Latin letters.
use super::name::invisible;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The script a word was written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Script {
    #[default]
    Latin,
    Cyrillic,
    Greek,
    Hangul,
    Kana,
    /// Arabic and Hebrew: most vowels are not written.
    Abjad,
    Han,
    Other,
}

/// A word's two keys.
#[derive(Debug, Clone, Default)]
pub(crate) struct Folded {
    /// Accents stripped: ü → u, ø → o.
    pub plain: String,
    /// Digraphs: ü → ue, ø → oe; `None` if that makes no difference.
    pub digraph: Option<String>,
    pub script: Script,
    /// Letters or digits of another script posed as Latin ones.
    pub lookalike: bool,
}

impl Folded {
    pub(crate) fn equals(&self, other: &Folded) -> bool {
        let (a, b) = (self.digraph.as_deref(), other.digraph.as_deref());
        self.plain == other.plain
            || a.is_some_and(|a| a == other.plain || Some(a) == b)
            || b.is_some_and(|b| b == self.plain)
    }
}

/// Folds one word. Anything but letters and digits falls away.
pub(crate) fn fold(word: &str) -> Folded {
    if word.is_ascii() {
        let mut plain = String::with_capacity(word.len());
        plain.extend(word.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()));
        return digits_as_letters(Folded { plain, ..Folded::default() });
    }
    let script = script_of(word);
    let mut folded = Folded { script, ..Folded::default() };
    let mut digraph = String::new();
    let mixed = matches!(script, Script::Cyrillic | Script::Greek) && word.chars().any(|c| c.is_ascii_alphabetic());
    for c in word.nfc().flat_map(char::to_lowercase) {
        push(c, mixed, &mut folded, &mut digraph);
    }
    if mixed {
        folded.script = Script::Latin;
    }
    folded.digraph = (digraph != folded.plain).then_some(digraph);
    digits_as_letters(folded)
}

/// Does the name hold letters of another script, or digits, that pose as Latin letters? Rare by accident.
#[must_use]
pub fn has_lookalikes(name: &str) -> bool {
    name.split(|c: char| !c.is_alphanumeric()).any(|word| fold(word).lookalike)
}

/// Folds a whole text to words joined by blanks: the key of names that differ in nothing but form.
pub(crate) fn key(s: &str) -> String {
    s.split(|c: char| !c.is_alphanumeric())
        .map(|w| fold(w).plain)
        .filter(|w| !w.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn push(c: char, mixed: bool, folded: &mut Folded, digraph: &mut String) {
    let mut both = |plain: &str, other: &str| {
        folded.plain.push_str(plain);
        digraph.push_str(other);
    };
    match c {
        'a'..='z' | '0'..='9' => both(c.encode_utf8(&mut [0; 4]), c.encode_utf8(&mut [0; 4])),
        'ä' | 'æ' => both("a", "ae"),
        'ö' | 'ø' | 'œ' => both("o", "oe"),
        'ü' => both("u", "ue"),
        'å' => both("a", "aa"),
        'ß' => both("ss", "ss"),
        'þ' => both("th", "th"),
        'ð' | 'đ' => both("d", "dj"),
        'ł' => both("l", "l"),
        'ı' => both("i", "i"),
        'ñ' => both("n", "n"),
        _ if mixed && lookalike(c).is_some() => {
            let latin = lookalike(c).unwrap_or(c);
            both(latin.encode_utf8(&mut [0; 4]), latin.encode_utf8(&mut [0; 4]));
            folded.lookalike = true;
        }
        '\u{AC00}'..='\u{D7A3}' => {
            let s = hangul(c);
            both(&s, &s);
        }
        '\u{0400}'..='\u{04FF}' => both(cyrillic(c), cyrillic(c)),
        '\u{0370}'..='\u{03FF}' | '\u{1F00}'..='\u{1FFF}' => {
            let base = c.nfd().next().unwrap_or(c);
            both(greek(base), greek(base));
        }
        _ if is_han(c) => both(c.encode_utf8(&mut [0; 4]), c.encode_utf8(&mut [0; 4])),
        _ => fold_rest(c, &mut both),
    }
}

/// Accented Latin by decomposition; the rest as deunicode reads it.
fn fold_rest(c: char, both: &mut impl FnMut(&str, &str)) {
    let base = c.nfkd().next().unwrap_or(c);
    if base.is_ascii_alphanumeric() {
        both(base.encode_utf8(&mut [0; 4]), base.encode_utf8(&mut [0; 4]));
    } else if (c.is_alphanumeric() || is_combining_mark(c)) && !invisible(c) {
        let read = deunicode::deunicode_char(c).unwrap_or("");
        let read: String = read.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
        both(&read, &read);
    }
}

/// `Ig0r`: a digit inside letters poses as one. A word of digits alone stays.
fn digits_as_letters(mut folded: Folded) -> Folded {
    if !folded.plain.bytes().any(|b| b.is_ascii_digit()) {
        return folded;
    }
    let (digits, letters) = folded
        .plain
        .bytes()
        .fold((0, 0), |(d, l), b| (d + u32::from(b.is_ascii_digit()), l + u32::from(b.is_ascii_alphabetic())));
    if digits == 0 || letters < 2 || digits > letters {
        return folded;
    }
    let letter = |c: char| match c {
        '0' => 'o',
        '1' => 'i',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        '7' => 't',
        '9' => 'g',
        other => other,
    };
    folded.plain = folded.plain.chars().map(letter).collect();
    folded.digraph = None;
    folded.lookalike = true;
    folded
}

/// The script of the first letter that is not Latin; Latin if there is none.
fn script_of(word: &str) -> Script {
    word.chars().map(script_of_char).find(|s| *s != Script::Latin).unwrap_or_default()
}

fn script_of_char(c: char) -> Script {
    match c {
        '\u{0400}'..='\u{052F}' => Script::Cyrillic,
        '\u{0370}'..='\u{03FF}' | '\u{1F00}'..='\u{1FFF}' => Script::Greek,
        '\u{1100}'..='\u{11FF}' | '\u{AC00}'..='\u{D7A3}' => Script::Hangul,
        '\u{3040}'..='\u{30FF}' => Script::Kana,
        '\u{0590}'..='\u{06FF}' | '\u{0750}'..='\u{077F}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' => {
            Script::Abjad
        }
        _ if is_han(c) => Script::Han,
        '\u{0530}'..='\u{058F}' | '\u{0900}'..='\u{1DFF}' | '\u{2C00}'..='\u{2DFF}' | '\u{A000}'..='\u{ABFF}' => {
            Script::Other
        }
        _ => Script::Latin,
    }
}

pub(crate) fn is_han(c: char) -> bool {
    // 々 repeats the character before it: 佐々木.
    matches!(c, '々' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// Vowel signs and the like: part of a word though no letter.
pub(crate) fn is_mark(c: char) -> bool {
    is_combining_mark(c)
}

/// Scripts whose one character can be a whole name.
pub(crate) fn is_own_name_alone(c: char) -> bool {
    is_han(c) || is_hangul(c)
}

pub(crate) fn is_hangul(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7A3}')
}

/// The Latin letter a Cyrillic or Greek one looks like.
pub(crate) fn lookalike(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' => 'a',
        'в' | 'β' => 'b',
        'с' => 'c',
        'ԁ' => 'd',
        'е' | 'є' | 'ε' => 'e',
        'һ' | 'н' | 'η' => 'h',
        'і' | 'ι' => 'i',
        'ј' => 'j',
        'к' | 'κ' => 'k',
        'м' | 'μ' => 'm',
        'ν' => 'v',
        'о' | 'ο' => 'o',
        'р' | 'ρ' => 'p',
        'ѕ' => 's',
        'т' | 'τ' => 't',
        'у' | 'υ' => 'y',
        'х' | 'χ' => 'x',
        'ζ' => 'z',
        _ => return None,
    })
}

/// Revised Romanisation, syllable by syllable.
fn hangul(c: char) -> String {
    const LEAD: [&str; 19] =
        ["k", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h"];
    const VOWEL: [&str; 21] = [
        "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we", "wi", "yu",
        "eu", "ui", "i",
    ];
    const TAIL: [&str; 28] = [
        "", "k", "k", "k", "n", "n", "n", "t", "l", "k", "m", "l", "l", "l", "p", "l", "m", "p", "p", "t", "t", "ng",
        "t", "t", "k", "t", "p", "t",
    ];
    let s = (c as usize).saturating_sub(0xAC00);
    let part = |table: &[&'static str], i: usize| table.get(i).copied().unwrap_or("");
    [part(&LEAD, s / 588), part(&VOWEL, s % 588 / 28), part(&TAIL, s % 28)].concat()
}

/// How a Korean family name of one syllable is usually written in Latin letters.
pub(crate) fn korean_family(c: char) -> Option<&'static str> {
    const FAMILIES: &str = "김kim 이lee 박park 최choi 정jung 강kang 조cho 윤yoon 장jang 임lim 한han 오oh 서seo 신shin \
        권kwon 황hwang 안ahn 송song 류ryu 전jeon 홍hong 고ko 문moon 양yang 손son 배bae 백baek 허heo 유yoo 남nam 심shim \
        노noh 하ha 곽kwak 성sung 차cha 주joo 우woo 구koo 민min 나na 진jin 지ji 엄um 채chae 원won 방bang 공kong";
    FAMILIES.split_whitespace().find_map(|f| f.strip_prefix(c))
}

fn cyrillic(c: char) -> &'static str {
    match c {
        'а' => "a",
        'б' => "b",
        'в' => "v",
        'г' | 'ґ' => "g",
        'д' => "d",
        'ђ' => "dj",
        'е' | 'э' => "e",
        'ё' => "yo",
        'є' => "ye",
        'ж' => "zh",
        'з' => "z",
        'ѕ' => "dz",
        'и' | 'і' => "i",
        'ї' => "yi",
        'й' | 'ы' => "y",
        'ј' => "j",
        'к' => "k",
        'л' => "l",
        'љ' => "lj",
        'м' => "m",
        'н' => "n",
        'њ' => "nj",
        'о' => "o",
        'п' => "p",
        'р' => "r",
        'с' => "s",
        'т' => "t",
        'ћ' | 'ч' => "ch",
        'у' => "u",
        'ў' => "u",
        'ф' => "f",
        'х' => "kh",
        'ц' => "ts",
        'џ' => "dzh",
        'ш' => "sh",
        'щ' => "shch",
        'ю' => "yu",
        'я' => "ya",
        _ => "",
    }
}

fn greek(c: char) -> &'static str {
    match c {
        'α' => "a",
        'β' => "v",
        'γ' => "g",
        'δ' => "d",
        'ε' => "e",
        'ζ' => "z",
        'η' | 'ι' => "i",
        'θ' => "th",
        'κ' => "k",
        'λ' => "l",
        'μ' => "m",
        'ν' => "n",
        'ξ' => "x",
        'ο' | 'ω' => "o",
        'π' => "p",
        'ρ' => "r",
        'σ' | 'ς' => "s",
        'τ' => "t",
        'υ' => "y",
        'φ' => "f",
        'χ' => "ch",
        'ψ' => "ps",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn equal(a: &str, b: &str) {
        assert!(fold(a).equals(&fold(b)), "{a} = {b}: {:?} {:?}", fold(a), fold(b));
    }

    #[test]
    fn spellings_of_one_word() {
        equal("Müller", "Muller");
        equal("Müller", "MUELLER");
        equal("Jørgensen", "Joergensen");
        equal("Åberg", "Aaberg");
        equal("Weiß", "Weiss");
        equal("O'Neil", "ONeil");
        equal("Łukasz", "Lukasz");
        equal("Иван", "Ivan");
        equal("Νικος", "Nikos");
        equal("김", "kim");
    }

    #[test]
    fn posing_letters_are_folded_and_flagged() {
        let posing = fold("Jаne"); // the second letter is Cyrillic
        assert_eq!((posing.plain.as_str(), posing.lookalike), ("jane", true));
        let digits = fold("J4ne");
        assert_eq!((digits.plain.as_str(), digits.lookalike), ("jane", true));
        assert!(!fold("1234").lookalike);
        for (name, posing) in [("Аda Byron", true), ("Ada Вyron", true), ("Ада Байрон", false), ("Ada Byrön 3", false)]
        {
            assert_eq!(has_lookalikes(name), posing, "{name}");
        }
    }

    #[test]
    fn han_stays() {
        assert_eq!(fold("王").plain, "王");
    }
}
