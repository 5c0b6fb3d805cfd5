//! A title cut into the pieces that may be names: at punctuation, and at words that are none.
use super::super::glossary::{Class, Folded, Hit};
use super::doubtful::settle;
use super::shape::{is_capital, is_courtesy, is_elision, is_mark, is_particle};
use std::ops::Range;

/// What is left between two separators.
#[derive(Debug, Clone)]
pub(super) struct Run {
    pub text: String,
    /// Where it stands in the title.
    pub range: Range<usize>,
    /// A "with" stands before it.
    pub introduced: bool,
    /// In the same piece of the title stands a word that no name holds.
    pub beside_role: bool,
    /// Such a word follows directly: "Search Engineer".
    pub before_role: bool,
    /// Behind a word like "at", "from", "the": a place, a company, a thing.
    pub weak: bool,
    /// Behind "for": a role, if a name was there before.
    pub purpose: bool,
}

impl Run {
    /// "Colloquio conoscitivo Elettra Serra": words in small letters behind that of the interview describe it.
    pub(super) fn without_adjectives(mut self) -> Self {
        let is_name = |word: &str| {
            let first = word.chars().next();
            first.is_none_or(|c| !c.is_lowercase()) || is_particle(word) || is_elision(word) || is_courtesy(word)
        };
        while let Some((first, rest)) =
            self.text.split_once(' ').filter(|(first, rest)| !is_name(first) && rest.chars().any(char::is_uppercase))
        {
            let cut = first.len() + 1 + (rest.len() - rest.trim_start().len());
            self.range.start += cut;
            self.text = self.text.get(cut..).unwrap_or_default().to_owned();
        }
        self
    }
}

/// What separates runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Break {
    Punctuation,
    With,
    Purpose,
    /// A kind word, or one that joins two names.
    Word,
    /// A word that no name holds; the flag: written in small letters, so a "the" rather than a role.
    NoName(bool),
    /// A month, a day of the week.
    Date,
}

/// `expected`: the text is nothing but a name, if it is one.
pub(super) fn runs(text: &str, folded: &Folded, hits: &[Hit], expected: bool) -> Vec<Run> {
    let hits = settle(text, folded, hits, expected);
    let mut breaks: Vec<(Range<usize>, Break)> = hits.iter().filter_map(|hit| word_break(text, hit)).collect();
    breaks.extend(punctuation(text).into_iter().chain(times(text)));
    breaks.sort_by_key(|(range, _)| (range.start, range.end));
    let mut runs: Vec<Run> = Vec::new();
    let (mut at, mut before, mut roles, mut piece) = (0, Break::Punctuation, false, 0);
    let end = text.len()..text.len();
    for (range, kind) in breaks.into_iter().chain([(end, Break::Punctuation)]) {
        let between = text.get(at..range.start.max(at)).unwrap_or_default();
        let found = between.chars().any(char::is_alphabetic);
        if found {
            runs.push(run(text, at..range.start, before, kind));
            before = Break::Word;
        }
        if range.end > at || kind == Break::Punctuation {
            // "with the team": the article takes the introduction away; "with: Jane" keeps it.
            let keeps = before == Break::With && kind == Break::Punctuation && between.trim().is_empty();
            before = if keeps { Break::With } else { kind };
            roles |= matches!(kind, Break::NoName(_) | Break::Date);
        }
        if kind == Break::Punctuation {
            runs.iter_mut().skip(piece).for_each(|run| run.beside_role = roles);
            (roles, piece) = (false, runs.len());
        }
        at = at.max(range.end);
    }
    runs
}

fn run(text: &str, range: Range<usize>, before: Break, next: Break) -> Run {
    let between = text.get(range.clone()).unwrap_or_default();
    let start = range.start + (between.len() - between.trim_start().len());
    Run {
        text: between.trim().to_owned(),
        range: start..start + between.trim().len(),
        introduced: matches!(before, Break::With | Break::Purpose),
        beside_role: false,
        before_role: next == Break::NoName(false),
        weak: before == Break::NoName(true),
        purpose: before == Break::Purpose,
    }
}

fn word_break(text: &str, hit: &Hit) -> Option<(Range<usize>, Break)> {
    let word = text.get(hit.range.clone())?;
    // "Jane S. Roe": one capital letter is an initial.
    if word.chars().count() == 1 && is_capital(word) {
        return None;
    }
    let small = word.chars().next().is_some_and(char::is_lowercase);
    let kind = match hit.class {
        Class::With => Break::With,
        Class::Purpose => Break::Purpose,
        Class::NoName | Class::Trade => Break::NoName(small),
        Class::Month | Class::Weekday => Break::Date,
        Class::Busy | Class::Invitee | Class::Described | Class::AlsoName | Class::Booked | Class::Prefix => {
            return None;
        }
        Class::Interview | Class::PhoneScreen | Class::MaybeInterview | Class::Coffee | Class::Meal => Break::Word,
        Class::Drink | Class::Meeting | Class::Call | Class::Talk | Class::Unclear | Class::Internal => Break::Word,
        Class::Personal | Class::Cancelled | Class::Hold | Class::And => Break::Word,
    };
    Some((hit.range.clone(), kind))
}

fn punctuation(text: &str) -> Vec<(Range<usize>, Break)> {
    let nicknames = nicknames(text);
    let mut breaks = Vec::new();
    let mut previous = ' ';
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let next = letters.peek().map_or(' ', |(_, next)| *next);
        let is_break = match c {
            _ if nicknames.contains(&at) => false,
            // Hyphens and apostrophes inside a word belong to names, and so does the point of an initial.
            '\'' | '’' | '‘' if previous == ' ' && is_worn_article(text.get(at..).unwrap_or_default()) => false,
            '-' | '\'' | '’' | '‐' => previous == ' ' || next == ' ',
            '.' => false,
            ',' if is_legal_form(text.get(at + 1..).unwrap_or_default()) => false,
            _ => !c.is_alphanumeric() && c != ' ' && !unicode_normalization::char::is_combining_mark(c),
        };
        if is_break {
            breaks.push((at..at + c.len_utf8(), Break::Punctuation));
        }
        previous = c;
    }
    breaks
}

/// `10:00`, `14h`: what stands before a time is no part of it.
fn times(text: &str) -> Vec<(Range<usize>, Break)> {
    let words = text.split(' ').scan(0, |at, word| {
        let start = *at;
        *at += word.len() + 1;
        Some((start, word))
    });
    let is_time = |word: &str| {
        let rest = word.trim_start_matches(|c: char| c.is_ascii_digit());
        rest.len() < word.len()
            && (rest.starts_with(':') || matches!(rest.to_ascii_lowercase().as_str(), "h" | "am" | "pm"))
    };
    words.filter(|(_, word)| is_time(word)).map(|(at, word)| (at..at + word.len(), Break::Punctuation)).collect()
}

/// Places of the marks around a nickname: `Robert "Bobby" Lindgren`, `Robert (Bobby) Lindgren`.
pub(super) fn nicknames(text: &str) -> Vec<usize> {
    let mut places = Vec::new();
    let mut words = text.split_inclusive(' ').scan(0, |at, word| {
        let start = *at;
        *at += word.len();
        Some((start, word.trim_end()))
    });
    let (mut first, mut middle) = (words.next(), words.next());
    for third in words {
        if let (Some((_, before)), Some((at, word))) = (first, middle) {
            let bare = word.trim_matches(is_mark);
            let marked = word.starts_with(is_mark) && word.ends_with(is_mark) && is_capital(bare);
            let letters = |word: &str| {
                is_capital(word) && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’'))
            };
            if marked && letters(bare) && letters(before) && letters(third.1.trim_end_matches([',', ':'])) {
                places.extend(word.char_indices().filter(|(_, c)| is_mark(*c)).map(|(place, _)| at + place));
            }
        }
        (first, middle) = (middle, Some(third));
    }
    places
}

/// `'t Hooft`, `'s Gravesande`: an article worn down to its last letter.
fn is_worn_article(rest: &str) -> bool {
    let mut letters = rest.chars().skip(1);
    matches!(letters.next(), Some('t' | 's'))
        && matches!(letters.next(), Some(' ' | '-'))
        && letters.next().is_some_and(char::is_uppercase)
}

/// "Acme, Inc.": the comma belongs to the firm's name.
fn is_legal_form(rest: &str) -> bool {
    let word = rest.trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
    matches!(word.as_str(), "inc" | "llc" | "ltd" | "corp" | "co" | "gmbh" | "plc" | "lp")
}
