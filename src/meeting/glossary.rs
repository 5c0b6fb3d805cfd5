//! The word lists of all languages as one index, and what of it stands in a text.
//!
//! Titles mix languages ("Interview mit Jane"), cases and accents, and one word means the opposite inside a phrase: an
//! interview debrief is no interview. So text and phrases are folded the same way, all languages are tried at once,
//! and a phrase inside a longer one counts for nothing.
use crate::words::{MeetingWords, Words};
use std::collections::HashMap;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What a phrase says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Class {
    Interview,
    PhoneScreen,
    MaybeInterview,
    Coffee,
    Meal,
    Drink,
    Meeting,
    Call,
    Talk,
    Unclear,
    Internal,
    Personal,
    Described,
    Cancelled,
    Hold,
    Busy,
    With,
    Purpose,
    And,
    NoName,
    Month,
    Weekday,
    Trade,
    /// Beside another class: people bear this word, too.
    AlsoName,
    Invitee,
    /// Labels and prefixes, looked for by themselves only.
    Booked,
    Prefix,
}

impl Class {
    /// The name under which a hit is stored in `Signals::words`; `None` for words that tell no kind.
    pub(super) fn kind_word(self) -> Option<&'static str> {
        match self {
            Self::Interview => Some("interview"),
            Self::PhoneScreen => Some("phone_screen"),
            Self::MaybeInterview => Some("maybe_interview"),
            Self::Coffee => Some("coffee"),
            Self::Meal => Some("meal"),
            Self::Drink => Some("drink"),
            Self::Meeting => Some("meeting"),
            Self::Call => Some("call"),
            Self::Talk => Some("talk"),
            Self::Unclear => Some("unclear"),
            Self::Internal => Some("internal"),
            Self::Personal => Some("personal"),
            Self::Described => Some("described"),
            Self::Busy => Some("busy"),
            Self::Cancelled | Self::Hold | Self::With | Self::Purpose | Self::And | Self::Invitee => None,
            Self::NoName | Self::Month | Self::Weekday | Self::Trade | Self::AlsoName => None,
            Self::Booked | Self::Prefix => None,
        }
    }
}

/// A phrase found in a text; the range is of the folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    pub class: Class,
    pub range: Range<usize>,
}

/// The index over all languages. Built once: a few thousand phrases.
#[derive(Debug, Default)]
pub struct Glossary {
    /// Phrases of whole words, by their first.
    by_first: HashMap<String, Vec<(Vec<String>, Class)>>,
    /// Phrases with a `*`, by the first two letters of their first word.
    open: HashMap<String, Vec<(Vec<String>, Class)>>,
    /// Phrases that begin with a `*` (`*gespräch`), by the last two letters of their first word.
    ending: HashMap<String, Vec<(Vec<String>, Class)>>,
    /// Phrases whose first word may stand anywhere in a word (`*interview*`): few, tried at every word.
    loose: Vec<(Vec<String>, Class)>,
    /// Phrases in scripts without spaces.
    anywhere: Vec<(String, Class)>,
}

impl Glossary {
    #[must_use]
    pub fn new(words: &Words) -> Self {
        let mut glossary = Glossary::default();
        for lexicon in &words.lexicons {
            for (class, phrases) in classes(&lexicon.meeting) {
                phrases.iter().for_each(|phrase| glossary.add(class, phrase));
            }
        }
        glossary
    }

    /// The embedded languages, indexed once.
    #[must_use]
    pub fn embedded() -> &'static Glossary {
        static GLOSSARY: std::sync::OnceLock<Glossary> = std::sync::OnceLock::new();
        GLOSSARY.get_or_init(|| Glossary::new(Words::embedded()))
    }

    pub(super) fn add(&mut self, class: Class, phrase: &str) {
        let folded = fold(phrase);
        if folded.chars().any(without_spaces) {
            self.anywhere.push((folded, class));
            return;
        }
        let is_part = |c: char| c.is_alphanumeric() || c == '*';
        let parts: Vec<String> =
            folded.split(|c: char| !is_part(c)).filter(|part| !part.is_empty()).map(str::to_owned).collect();
        match parts.first() {
            None => {}
            Some(first) if first.starts_with('*') && first.ends_with('*') => self.loose.push((parts, class)),
            Some(first) if first.starts_with('*') => {
                self.ending.entry(end(first).to_owned()).or_default().push((parts.clone(), class));
            }
            Some(first) if parts.iter().any(|part| part.contains('*')) => {
                self.open.entry(beginning(first).to_owned()).or_default().push((parts.clone(), class));
            }
            Some(first) => self.by_first.entry(first.clone()).or_default().push((parts.clone(), class)),
        }
    }

    /// All phrases in a folded text, those inside longer ones left out, in order.
    pub(super) fn hits(&self, text: &Folded) -> Vec<Hit> {
        let mut hits = Vec::new();
        for at in 0..text.words.len() {
            let Some(first) = text.word(at) else { continue };
            let whole = self.by_first.get(first).into_iter().flatten();
            let open = self.open.get(beginning(first)).into_iter().flatten();
            let ending = self.ending.get(end(first)).into_iter().flatten();
            for (parts, class) in whole.chain(open).chain(ending).chain(&self.loose) {
                hits.extend(text.phrase_at(at, parts).map(|range| Hit { class: *class, range }));
            }
        }
        if text.spaceless {
            for (phrase, class) in &self.anywhere {
                let found = text.text.match_indices(phrase.as_str());
                hits.extend(found.map(|(at, _)| Hit { class: *class, range: at..at + phrase.len() }));
            }
        }
        longest(hits)
    }

    /// Is this word, folded, of the class by itself?
    pub(super) fn is(&self, class: Class, word: &str) -> bool {
        let text = Folded::new(word);
        self.hits(&text).iter().any(|hit| hit.class == class && hit.range.len() == text.text.trim().len())
    }
}

/// The two letters that phrases with an open beginning are found by.
fn end(word: &str) -> &str {
    word.char_indices().nth_back(1).and_then(|(at, _)| word.get(at..)).unwrap_or(word)
}

/// The two letters that open phrases are found by.
fn beginning(word: &str) -> &str {
    word.char_indices().nth(2).and_then(|(at, _)| word.get(..at)).unwrap_or(word)
}

fn classes(words: &MeetingWords) -> [(Class, &Vec<String>); 27] {
    [
        (Class::Interview, &words.interview),
        (Class::PhoneScreen, &words.phone_screen),
        (Class::MaybeInterview, &words.maybe_interview),
        (Class::Coffee, &words.coffee),
        (Class::Meal, &words.meal),
        (Class::Drink, &words.drink),
        (Class::Meeting, &words.meeting),
        (Class::Call, &words.call),
        (Class::Talk, &words.talk),
        (Class::Unclear, &words.unclear),
        (Class::Internal, &words.internal),
        (Class::Personal, &words.personal),
        (Class::Described, &words.described),
        (Class::Cancelled, &words.cancelled),
        (Class::Hold, &words.hold),
        (Class::Busy, &words.busy),
        (Class::With, &words.with),
        (Class::Purpose, &words.purpose),
        (Class::And, &words.and),
        (Class::NoName, &words.no_name),
        (Class::Month, &words.months),
        (Class::Weekday, &words.weekdays),
        (Class::Trade, &words.trades),
        (Class::AlsoName, &words.also_names),
        (Class::Invitee, &words.invitee),
        (Class::Booked, &words.booked),
        (Class::Prefix, &words.prefixes),
    ]
}

/// Sorted by beginning, the longer first, a hit lies in another exactly if it ends no later than the furthest so far.
fn longest(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_by_key(|hit| (hit.range.start, std::cmp::Reverse(hit.range.end), hit.class));
    hits.dedup();
    let mut furthest = 0..0;
    hits.retain(|hit| {
        let inside = hit.range.end <= furthest.end && hit.range != furthest;
        if hit.range.end > furthest.end {
            furthest = hit.range.clone();
        }
        !inside
    });
    hits
}

/// A text as phrases are compared with it.
#[derive(Debug)]
pub(super) struct Folded {
    pub text: String,
    words: Vec<Range<usize>>,
    spaceless: bool,
    /// Where each letter of the original begins: (in the folded text, in the original).
    origins: Vec<(usize, usize)>,
}

impl Folded {
    /// `raw` should be NFC, as titles are: it is folded letter by letter, so that a hit can be found in it again.
    pub(super) fn new(raw: &str) -> Self {
        let mut text = String::with_capacity(raw.len());
        let mut origins = Vec::with_capacity(raw.len());
        for (at, c) in raw.char_indices() {
            origins.push((text.len(), at));
            match c {
                '\0'..='\x7F' => text.push(c.to_ascii_lowercase()),
                _ => text.push_str(&fold(c.encode_utf8(&mut [0; 4]))),
            }
        }
        origins.push((text.len(), raw.len()));
        let mut words = Vec::new();
        let mut begun = None;
        for (at, c) in text.char_indices() {
            match (c.is_alphanumeric(), begun) {
                (true, None) => begun = Some(at),
                (false, Some(start)) => {
                    words.push(start..at);
                    begun = None;
                }
                (true, Some(_)) | (false, None) => {}
            }
        }
        words.extend(begun.map(|start| start..text.len()));
        let spaceless = text.chars().any(without_spaces);
        Folded { text, words, spaceless, origins }
    }

    /// A range of the folded text in the original.
    pub(super) fn origin(&self, range: &Range<usize>) -> Range<usize> {
        let place = |at: usize| {
            let next = self.origins.partition_point(|(folded, _)| *folded < at);
            self.origins.get(next).or(self.origins.last()).map_or(0, |(_, raw)| *raw)
        };
        place(range.start)..place(range.end)
    }

    fn word(&self, at: usize) -> Option<&str> {
        self.text.get(self.words.get(at)?.clone())
    }

    fn phrase_at(&self, at: usize, parts: &[String]) -> Option<Range<usize>> {
        let fits =
            parts.iter().enumerate().all(|(n, part)| self.word(at + n).is_some_and(|word| word_fits(word, part)));
        let last = self.words.get(at + parts.len().checked_sub(1)?)?;
        fits.then(|| self.words.get(at).map(|first| first.start..last.end))?
    }
}

/// `part` may begin or end with `*`.
fn word_fits(word: &str, part: &str) -> bool {
    match (part.strip_prefix('*'), part.strip_suffix('*')) {
        (Some(end), None) => word.ends_with(end),
        (None, Some(beginning)) => word.starts_with(beginning),
        (Some(_), Some(_)) => word.contains(part.trim_matches('*')),
        (None, None) => word == part,
    }
}

/// Lower case, compatible forms one, accents gone. Kana marks stay: they make other letters, not other accents.
pub(super) fn fold(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.nfkc().flat_map(char::to_lowercase).nfd() {
        match c {
            '\u{3099}' | '\u{309A}' => out.push(c),
            _ if is_combining_mark(c) && c < '\u{3000}' => {}
            'ß' => out.push_str("ss"),
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' => out.push('d'),
            'ı' => out.push('i'),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            '’' => out.push('\''),
            _ => out.push(c),
        }
    }
    out.nfc().collect()
}

/// Han, kana, Hangul: words are not set apart by spaces, or carry their endings with them.
pub(super) fn without_spaces(c: char) -> bool {
    // With the marks that repeat a sign (佐々木) or draw it out.
    matches!(c, '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}' | '\u{F900}'..='\u{FAFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glossary() -> Glossary {
        let mut glossary = Glossary::default();
        for (class, phrase) in [
            (Class::Interview, "interview"),
            (Class::Internal, "interview debrief"),
            (Class::Interview, "haastattelu*"),
            (Class::Interview, "*gespräch"),
            (Class::Interview, "面接"),
            (Class::Meeting, "1:1"),
        ] {
            glossary.add(class, phrase);
        }
        glossary
    }

    #[track_caller]
    fn case(text: &str, expected: &[Class]) {
        let found: Vec<Class> = glossary().hits(&Folded::new(text)).into_iter().map(|hit| hit.class).collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn phrases_are_found_as_whole_words_in_any_case_and_the_longer_one_counts() {
        case("Interview with Jane", &[Class::Interview]);
        case("INTERVIEW", &[Class::Interview]);
        case("interviewer", &[]);
        case("Interview debrief: Jane", &[Class::Internal]);
        case("Interview, then interview debrief", &[Class::Interview, Class::Internal]);
        case("Haastattelun aika", &[Class::Interview]);
        case("VORSTELLUNGSGESPRÄCH", &[Class::Interview]);
        case("最終面接 田中", &[Class::Interview]);
        case("Sam / Jane 1:1", &[Class::Meeting]);
        case("", &[]);
    }
}
