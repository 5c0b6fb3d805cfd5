//! Names inside a title.
//!
//! "Interview — Jane Doe for Backend Engineer", "Panel with the platform team (Jane Doe)", "面接 田中さん": a title is a
//! name between words that are none. So everything known is taken out first (kind words, introducers, roles, the
//! owner), what is left falls into runs at punctuation, and a run must look like a person and stand where one stands.
//! A name of one word is believed only behind a "with", or where nothing else is left of an interview or a coffee.
use super::glossary::{Class, Folded, Glossary, Hit, fold, without_spaces};
use super::title::Title;
use crate::person::{Name, Owner};
use std::ops::Range;

/// Most names taken from one title.
const MOST_NAMES: usize = 4;
/// Most words of a name, particles not counted.
const MOST_PARTS: usize = 4;

/// The names in a title, the owner's own taken out.
pub(super) fn in_title(title: &Title, owner: &Owner, glossary: &Glossary) -> Vec<Name> {
    let runs = runs(&title.text, &title.folded, &title.hits);
    let told = title.hits.iter().any(|hit| is_hint(hit.class));
    let lower = !title.text.chars().any(char::is_uppercase);
    let (own, runs): (Vec<Run>, Vec<Run>) = runs.into_iter().partition(|run| is_owner(&run.text, owner));
    let hinted = told || !own.is_empty();
    let close = title.hits.iter().any(|hit| is_close(hit.class));
    let alone = runs.len() == 1 && close;
    let mut names: Vec<Name> = Vec::new();
    let mut after_role = false;
    for (at, run) in runs.iter().enumerate() {
        let sure = match shape(&run.text, glossary, lower && run.introduced) {
            Shape::None => false,
            Shape::Full => run.introduced || (hinted && !after_role) || (at == 0 && !run.beside_role),
            Shape::Single => run.introduced || (hinted && alone && !run.beside_role) || (!own.is_empty() && told),
        };
        if sure && !run.weak {
            names.extend(Name::new(bare(&run.text)));
        }
        after_role |= run.beside_role && !names.is_empty();
    }
    names.dedup();
    names.truncate(MOST_NAMES);
    names
}

/// A name at the beginning of running text: `Jane Doe for the role of …`, `Jane Doe.`
pub(super) fn at_beginning(text: &str, owner: &Owner, glossary: &Glossary) -> Option<Name> {
    let end = |c: char| matches!(c, '\n' | '\r' | '.' | '<' | '(' | ',' | ';' | '|' | '!' | '?' | '"');
    // The point of an initial ends nothing.
    let ends = text.char_indices().filter(|(_, c)| end(*c)).map(|(at, _)| at);
    let is_initial = |at: usize| {
        text.get(..at).is_some_and(|before| before.rsplit(' ').next().is_some_and(|w| w.chars().count() == 1))
    };
    let at = ends.into_iter().find(|at| !is_initial(*at)).unwrap_or(text.len()).min(text.floor_char_boundary(100));
    let text = text.get(..at)?.trim().trim_start_matches([':', '-', '–', ' ']);
    let folded = Folded::new(text);
    let run = runs(text, &folded, &glossary.hits(&folded)).into_iter().next()?;
    let is_name = shape(&run.text, glossary, false) == Shape::Full && !is_owner(&run.text, owner);
    if is_name { Name::new(bare(&run.text)) } else { None }
}

/// The value of a label (`Invitee: Jane`), where one word may be a name.
pub(super) fn after_label(text: &str, owner: &Owner, glossary: &Glossary) -> Option<Name> {
    let text = text.trim();
    let fits = shape(text, glossary, false) != Shape::None && !is_owner(text, owner);
    if fits { Name::new(bare(text)) } else { None }
}

fn is_hint(class: Class) -> bool {
    match class {
        Class::Interview | Class::PhoneScreen | Class::MaybeInterview | Class::Internal | Class::Unclear => true,
        Class::Coffee | Class::Meal | Class::Drink | Class::Meeting | Class::Call => true,
        Class::Talk | Class::Personal | Class::Described | Class::Cancelled | Class::Hold | Class::Busy => false,
        Class::With | Class::And | Class::NoName | Class::Invitee => false,
    }
}

/// Kinds whose title names nothing but the other person, if anything.
fn is_close(class: Class) -> bool {
    match class {
        Class::Interview | Class::PhoneScreen | Class::MaybeInterview | Class::Coffee | Class::Meal | Class::Drink => {
            true
        }
        Class::Meeting | Class::Call | Class::Talk | Class::Unclear | Class::Internal | Class::Personal => false,
        Class::Described | Class::Cancelled | Class::Hold | Class::Busy => false,
        Class::With | Class::And | Class::NoName | Class::Invitee => false,
    }
}

/// What is left between two separators.
#[derive(Debug, Clone)]
struct Run {
    text: String,
    /// A "with" stands before it.
    introduced: bool,
    /// In the same piece of the title stands a word that no name holds.
    beside_role: bool,
    /// Behind a word like "at", "from", "the": a place, a company, a thing.
    weak: bool,
}

/// What separates runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Break {
    Punctuation,
    With,
    /// A kind word, or one that joins two names.
    Word,
    /// A word that no name holds; the flag: written in small letters, so a "the" rather than a role.
    NoName(bool),
}

fn runs(text: &str, folded: &Folded, hits: &[Hit]) -> Vec<Run> {
    let whole = hits.iter().filter(|hit| !is_half_of_a_name(text, folded, hit, hits));
    let mut breaks: Vec<(Range<usize>, Break)> = whole.filter_map(|hit| word_break(text, folded, hit)).collect();
    breaks.extend(punctuation(text));
    breaks.sort_by_key(|(range, _)| (range.start, range.end));
    let mut runs: Vec<Run> = Vec::new();
    let (mut at, mut before, mut roles, mut piece) = (0, Break::Punctuation, false, 0);
    let end = text.len()..text.len();
    for (range, kind) in breaks.into_iter().chain([(end, Break::Punctuation)]) {
        let between = text.get(at..range.start.max(at)).unwrap_or_default().trim();
        if between.chars().any(char::is_alphabetic) {
            let weak = before == Break::NoName(true);
            runs.push(Run { text: between.to_owned(), introduced: before == Break::With, beside_role: false, weak });
            before = Break::Word;
        }
        if range.end > at || kind == Break::Punctuation {
            // "with the team": the article takes the introduction away; "with: Jane" keeps it.
            let keeps = before == Break::With && kind == Break::Punctuation && between.is_empty();
            before = if keeps { Break::With } else { kind };
            roles |= matches!(kind, Break::NoName(_));
        }
        if kind == Break::Punctuation {
            runs.iter_mut().skip(piece).for_each(|run| run.beside_role = roles);
            (roles, piece) = (false, runs.len());
        }
        at = at.max(range.end);
    }
    runs
}

/// `Mei` of `Mei-Lin` is no month: a word that no name holds, but joined by a hyphen to one that a name may hold.
fn is_half_of_a_name(text: &str, folded: &Folded, hit: &Hit, hits: &[Hit]) -> bool {
    let range = folded.origin(&hit.range);
    let capital = |s: &str| s.chars().next().is_some_and(char::is_uppercase);
    let Some((before, word, after)) =
        text.get(..range.start).zip(text.get(range.clone())).zip(text.get(range.end..)).map(|((b, w), a)| (b, w, a))
    else {
        return false;
    };
    let named = |place: usize| {
        !hits.iter().any(|h| matches!(h.class, Class::NoName) && folded.origin(&h.range).contains(&place))
    };
    let next = after.strip_prefix('-').is_some_and(capital) && named(range.end + 1);
    let first = before.strip_suffix('-').map(|b| b.rfind(|c: char| !c.is_alphabetic()).map_or(0, |at| at + 1));
    let previous = first.is_some_and(|at| before.get(at..).is_some_and(capital) && named(at));
    matches!(hit.class, Class::NoName) && capital(word) && (next || previous)
}

fn word_break(text: &str, folded: &Folded, hit: &Hit) -> Option<(Range<usize>, Break)> {
    let range = folded.origin(&hit.range);
    let word = text.get(range.clone())?;
    let small = word.chars().next().is_some_and(char::is_lowercase);
    // "Jane S. Roe", "Al Gore": one capital letter is an initial, a particle between two names belongs to them.
    if word.chars().count() == 1 && word.chars().all(char::is_uppercase) {
        return None;
    }
    let inside = text
        .get(..range.start)
        .is_some_and(|before| before.ends_with(' ') && before.trim().chars().last().is_some_and(char::is_alphabetic));
    if hit.class != Class::With && is_particle(word) && inside && (!small || !is_article(word)) {
        return None;
    }
    let kind = match hit.class {
        Class::With => Break::With,
        Class::NoName => Break::NoName(small),
        Class::Busy | Class::Invitee | Class::Described => return None,
        _ if hit.class.kind_word().is_none() => Break::Word,
        _ => Break::Word,
    };
    Some((range, kind))
}

fn punctuation(text: &str) -> Vec<(Range<usize>, Break)> {
    let mut breaks = Vec::new();
    let mut previous = ' ';
    let mut letters = text.char_indices().peekable();
    while let Some((at, c)) = letters.next() {
        let next = letters.peek().map_or(' ', |(_, next)| *next);
        let is_break = match c {
            // Hyphens and apostrophes inside a word belong to names, and so does the point of an initial.
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

/// "Acme, Inc.": the comma belongs to the firm's name.
fn is_legal_form(rest: &str) -> bool {
    let word = rest.trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or_default().to_lowercase();
    matches!(word.as_str(), "inc" | "llc" | "ltd" | "corp" | "co" | "gmbh" | "plc" | "lp")
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    None,
    /// One word that could be a name.
    Single,
    Full,
}

/// A first look only: capital letters, few words, no digits, no word that names never hold.
fn shape(run: &str, glossary: &Glossary, small_letters: bool) -> Shape {
    let run = bare(run);
    if run.chars().count() > 60 || run.chars().any(|c| c.is_numeric() || c == '@' || c == '/') {
        return Shape::None;
    }
    let folded = Folded::new(run);
    let hits = glossary.hits(&folded);
    let no_name = |hit: &&Hit| {
        matches!(hit.class, Class::NoName)
            && !is_particle(run.get(hit.range.clone()).unwrap_or(""))
            && !is_half_of_a_name(run, &folded, hit, &hits)
    };
    if hits.iter().any(|hit| no_name(&hit)) {
        return Shape::None;
    }
    if run.chars().any(without_spaces) {
        return of_letters_without_spaces(run);
    }
    let parts: Vec<&str> = run.split_whitespace().filter(|part| !is_particle(part)).collect();
    let is_name = |part: &&str| {
        let first = part.chars().next();
        first.is_some_and(|c| c.is_alphabetic() && (small_letters || !c.is_lowercase()))
    };
    if parts.is_empty() || parts.len() > MOST_PARTS || !parts.iter().all(is_name) {
        return Shape::None;
    }
    let letters = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count();
    let caps = |part: &str| !part.chars().any(char::is_lowercase) && part.chars().any(char::is_uppercase);
    match parts.as_slice() {
        // HR, IBM, QA: letters that stand for words.
        [one] if letters(one) < 2 || (caps(one) && letters(one) <= 4) => Shape::None,
        [_] => Shape::Single,
        several if several.iter().any(|part| letters(part) >= 2) => Shape::Full,
        _ => Shape::None,
    }
}

/// Chinese, Japanese and Korean names have two to four signs; with a title of courtesy they are sure.
fn of_letters_without_spaces(run: &str) -> Shape {
    let signs = run.chars().filter(|c| !c.is_whitespace()).count();
    let pure = run.chars().all(|c| c.is_whitespace() || without_spaces(c));
    if pure && (2..=5).contains(&signs) { Shape::Full } else { Shape::None }
}

const BEFORE: &[&str] = &[
    "mr",
    "mrs",
    "ms",
    "miss",
    "mx",
    "dr",
    "prof",
    "professor",
    "herr",
    "herrn",
    "frau",
    "hr",
    "fr",
    "mme",
    "mlle",
    "m",
    "sr",
    "sra",
    "srta",
    "sig",
    "sigra",
    "dott",
    "dottssa",
    "dhr",
    "mevr",
    "mevrouw",
    "meneer",
    "pan",
    "pani",
    "panem",
    "panią",
    "sayın",
    "г-н",
    "г-жа",
    "don",
    "doña",
    "sir",
    "ing",
    "dipl",
];
const BEHIND: &[&str] = &[
    "さん",
    "様",
    "さま",
    "氏",
    "くん",
    "君",
    "ちゃん",
    "先生",
    "님",
    "씨",
    "女士",
    "小姐",
    "同学",
    "老师",
    "さんと",
    "様と",
];

/// Without titles of courtesy.
fn bare(run: &str) -> &str {
    let mut run = run.trim();
    for _ in 0..3 {
        let Some((first, rest)) = run.split_once(' ') else { break };
        let title = first.trim_end_matches('.').to_lowercase();
        // "M Jones" may be an initial; "M. Jones" as well: only words of two letters and more are titles.
        if title.chars().count() < 2 || !BEFORE.contains(&title.as_str()) {
            break;
        }
        run = rest.trim();
    }
    BEHIND.iter().find_map(|courtesy| run.strip_suffix(courtesy)).unwrap_or(run).trim_end_matches("'s").trim()
}

fn is_particle(word: &str) -> bool {
    const PARTICLES: &[&str] = &[
        "de", "del", "della", "di", "da", "do", "dos", "das", "van", "von", "vom", "zu", "zur", "der", "den", "ter",
        "ten", "la", "le", "el", "al", "bin", "ibn", "ben", "bint", "af", "av", "du", "des", "lo", "los", "las", "mac",
        "st",
    ];
    PARTICLES.contains(&word.to_lowercase().as_str())
}

/// Particles that are articles, too, and then no part of a name.
fn is_article(word: &str) -> bool {
    matches!(word, "der" | "den" | "das" | "zur" | "vom" | "los" | "las" | "des" | "do" | "du")
}

/// Every word of the run is one of the owner's names.
fn is_owner(run: &str, owner: &Owner) -> bool {
    let words: Vec<String> =
        fold(bare(run)).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect();
    let own = |name: &Name| {
        let name = fold(name.as_str());
        let parts: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
        words.iter().all(|word| parts.contains(&word.as_str()))
    };
    !words.is_empty() && owner.names.iter().any(own)
}
