//! Phrases with small gaps, all languages at once, in one pass over the text.
//!
//! A recogniser needs some thousand short phrases in twenty languages, on every mail that speaks of thanks. One regular
//! expression of that size is slow to build and opaque; here phrases are cut into literal pieces, all pieces go into
//! one Aho-Corasick automaton, and a phrase is found when its pieces follow each other closely. Linear in the text.
//!
//! How a phrase is written (folded like the text, see [`fold`]):
//!
//! ```text
//! thank you              whole words
//! dank*                  open end: dankbar, danken …      *gespräch*  inside a longer word
//! (took|taking) the time one of several; an empty one may be left out: thanks (so much|) for
//! taking ~ time          a gap of at most six words
//! ```
//!
//! A long product of alternatives, and an open end before another word, are cut into pieces too, which must then follow
//! each other directly: so `(a|b|c) (d|e|f)` costs the sum of its forms, not their product.
use super::fold::{fold, is_joined};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::collections::BTreeMap;

/// Words (or, in scripts without spaces, bytes) that may stand in a gap.
const GAP_WORDS: usize = 6;
const GAP_BYTES: usize = 70;
/// No piece follows another over more bytes: a gap is shorter, and so is the rest of a word behind an open end.
const NEAR: usize = 256;
/// Alternatives multiply; a phrase may not become more than this many.
const MAX_FORMS: usize = 512;
/// From so many forms on a part is cut in two, where it can be.
const MOST_FORMS_OF_A_PIECE: usize = 16;
/// A shorter piece stands in every text: to begin a phrase with it costs more than it saves.
const SHORTEST_PIECE: usize = 3;

/// Where a phrase was found, in bytes of the folded text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit<C> {
    pub cue: C,
    /// Index of the language as it was given.
    pub language: u16,
    pub start: usize,
    pub end: usize,
}

#[derive(Debug, Clone, Copy)]
struct Piece {
    phrase: u32,
    index: u8,
    last: bool,
    joint: Joint,
}

/// What a literal is a piece of.
#[derive(Debug, Clone, Default)]
struct Literal {
    begins: Vec<Piece>,
    /// By phrase and place in it.
    continues: Vec<Piece>,
}

impl Literal {
    fn of(mut pieces: Vec<Piece>) -> Literal {
        pieces.sort_by_key(|piece| (piece.phrase, piece.index));
        let (begins, continues) = pieces.into_iter().partition(|piece| piece.index == 0);
        Literal { begins, continues }
    }
}

/// What may stand between a piece and the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Joint {
    /// A few words.
    Gap,
    /// Nothing; behind an open end the rest of the word.
    Next,
}

/// Compiled phrases, each standing for a cue `C`.
#[derive(Debug, Clone)]
pub struct Phrases<C> {
    automaton: Option<AhoCorasick>,
    literals: Vec<Literal>,
    phrases: Vec<(C, u16)>,
}

impl<C: Copy> Phrases<C> {
    /// Compiles `(cue, language, phrase)`.
    pub fn new<'a>(entries: impl IntoIterator<Item = (C, u16, &'a str)>) -> Self {
        let mut literals: BTreeMap<String, Vec<Piece>> = BTreeMap::new();
        let mut phrases = Vec::new();
        for (cue, language, written) in entries {
            for variant in gapped(written) {
                let phrase = u32::try_from(phrases.len()).unwrap_or(u32::MAX);
                phrases.push((cue, language));
                for (literal, piece) in pieces(&variant, phrase) {
                    literals.entry(literal).or_default().push(piece);
                }
            }
        }
        let automaton = AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(literals.keys()).ok();
        Self { automaton, literals: literals.into_values().map(Literal::of).collect(), phrases }
    }

    /// How many literals are searched for, and the bytes that takes.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.literals.len(), self.automaton.as_ref().map_or(0, AhoCorasick::memory_usage))
    }

    /// All hits in a folded text, by where they end.
    #[must_use]
    pub fn find(&self, folded: &str) -> Vec<Hit<C>> {
        let mut hits = Vec::new();
        let mut begun = Begun::default();
        let Some(automaton) = &self.automaton else { return hits };
        for found in automaton.find_overlapping_iter(folded) {
            let Some(literal) = self.literals.get(found.pattern().as_usize()) else { continue };
            let mut take = |piece: Piece, start| {
                if piece.last {
                    hits.extend(self.hit(piece, start, found.end()));
                    None
                } else {
                    Some(Open { phrase: piece.phrase, index: piece.index, start, end: found.end() })
                }
            };
            let opened: Vec<Open> = begun
                .continued(&literal.continues, folded, found.start())
                .filter_map(|(piece, start)| take(piece, start))
                .collect();
            opened.into_iter().for_each(|open| begun.insert(open));
            for piece in &literal.begins {
                take(*piece, found.start()).into_iter().for_each(|open| begun.insert(open));
            }
        }
        hits
    }

    fn hit(&self, piece: Piece, start: usize, end: usize) -> Option<Hit<C>> {
        let &(cue, language) = self.phrases.get(usize::try_from(piece.phrase).ok()?)?;
        Some(Hit { cue, language, start, end })
    }
}

/// A phrase begun: which of its pieces stands where, and where the phrase began.
#[derive(Debug, Clone, Copy)]
struct Open {
    phrase: u32,
    index: u8,
    start: usize,
    end: usize,
}

/// Begun phrases that may still go on, by where they were found; of each piece the last place.
#[derive(Debug, Default)]
struct Begun {
    open: Vec<Open>,
    /// What stands before is too far away for anything to follow.
    near: usize,
}

impl Begun {
    fn insert(&mut self, new: Open) {
        let near = self.open.get_mut(self.near..).unwrap_or_default();
        match near.iter_mut().find(|open| (open.phrase, open.index) == (new.phrase, new.index)) {
            Some(open) => *open = new,
            None => self.open.push(new),
        }
    }

    /// Which of these pieces go on here with a phrase that is begun, and where that began.
    fn continued(&mut self, pieces: &[Piece], folded: &str, start: usize) -> impl Iterator<Item = (Piece, usize)> {
        while self.open.get(self.near).is_some_and(|open| open.end + NEAR < start) {
            self.near += 1;
        }
        let near = self.open.get(self.near..).unwrap_or_default();
        near.iter().filter_map(move |open| {
            let next = open.index.checked_add(1)?;
            let at = pieces.binary_search_by_key(&(open.phrase, next), |piece| (piece.phrase, piece.index)).ok()?;
            let piece = *pieces.get(at)?;
            follows(*open, piece, folded, start).then_some((piece, open.start))
        })
    }
}

/// May this piece stand here, behind what is open?
fn follows(open: Open, piece: Piece, folded: &str, start: usize) -> bool {
    let end = open.end;
    if piece.joint == Joint::Next {
        return match folded.get(..end).and_then(|read| read.chars().next_back()) {
            // Both pieces hold the space between them, unless the script of the second writes none.
            Some(' ') => start + 1 == end || start == end,
            Some(c) if is_joined(c) => start == end,
            _ => folded.get(end..start).is_some_and(|rest| !rest.contains(' ')),
        };
    }
    // Neighbouring pieces share the space between them.
    let gap = folded.get(end.min(start)..start).unwrap_or_default();
    let near = gap.len() <= GAP_BYTES && gap.bytes().filter(|b| *b == b' ').count() < GAP_WORDS;
    start + 1 >= end && near
}

/// The variants of a phrase in which every gap stands outside of groups.
fn gapped(written: &str) -> Vec<String> {
    let mut done = Vec::new();
    let mut todo = vec![written.to_owned()];
    while let Some(next) = todo.pop() {
        let mut head = String::new();
        let mut rest = next.as_str();
        let mut open = None;
        while let Some((before, choices, after)) = group(rest) {
            if choices.iter().any(|choice| choice.contains('~')) {
                open = Some((format!("{head}{before}"), choices, after));
                break;
            }
            head.push_str(before);
            head.push_str(&format!("({})", choices.join("|")));
            rest = after;
        }
        match open {
            Some((front, choices, after)) if done.len() + todo.len() < MAX_FORMS => {
                todo.extend(choices.iter().map(|choice| format!("{front}{choice}{after}")));
            }
            _ => done.push(next),
        }
    }
    done
}

/// The literals of one variant, each with its place in it.
fn pieces(variant: &str, phrase: u32) -> Vec<(String, Piece)> {
    let joints = |part: &str| {
        let cut = cut(part.trim()).into_iter().enumerate();
        cut.map(|(nth, part)| (if nth == 0 { Joint::Gap } else { Joint::Next }, part)).collect::<Vec<_>>()
    };
    let literals = |part: String| forms(&part).iter().filter_map(|form| literal(form)).collect::<Vec<_>>();
    let parts: Vec<(Joint, Vec<String>)> = variant
        .split('~')
        .flat_map(joints)
        .map(|(joint, part)| (joint, literals(part)))
        .filter(|(_, part)| !part.is_empty())
        .collect();
    let count = parts.len();
    let placed = parts.into_iter().enumerate().flat_map(|(index, (joint, part))| {
        let index = u8::try_from(index).unwrap_or(u8::MAX);
        let piece = Piece { phrase, index, last: usize::from(index) + 1 == count, joint };
        part.into_iter().map(move |literal| (literal, piece))
    });
    placed.collect()
}

/// A part without gaps, cut where its product grows too large, and behind open ends.
fn cut(part: &str) -> Vec<String> {
    let mut done: Vec<String> = Vec::new();
    let mut open = String::new();
    for item in items(part) {
        let ends = forms(&open);
        let next = forms(&item);
        let starred = ends.iter().any(|form| form.trim_end().ends_with('*'));
        let large = ends.len() * next.len() > MOST_FORMS_OF_A_PIECE;
        if (large || starred) && is_joint(&ends, &next, starred) {
            done.push(std::mem::take(&mut open));
        }
        open.push_str(&item);
    }
    done.push(open);
    done
}

/// May a part be cut between these forms: does a word end and another begin there, whichever are taken, and is there
/// enough of the first to be worth a search?
fn is_joint(before: &[String], after: &[String], starred: bool) -> bool {
    let full = |form: &String| starred && form.trim().len() > 1 || form.trim().len() >= SHORTEST_PIECE;
    let some = |form: &String| !form.trim().is_empty();
    let spaced = before.iter().all(|form| form.ends_with(' ')) || after.iter().all(|form| form.starts_with(' '));
    let joined =
        || before.iter().all(|form| form.ends_with(is_joined)) && after.iter().all(|form| form.starts_with(is_joined));
    (spaced || joined()) && before.iter().all(full) && after.iter().all(some)
}

/// Groups and the texts between them; a text is parted again behind an open end. What may be left out belongs to what
/// follows it.
fn items(part: &str) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    let mut optional = false;
    let mut add = |item: String, leaves_out: bool| {
        match all.last_mut().filter(|_| optional) {
            Some(last) => last.push_str(&item),
            None => all.push(item.clone()),
        }
        optional = leaves_out || optional && item.trim().is_empty();
    };
    let mut rest = part;
    while let Some((before, choices, after)) = group(rest) {
        behind_stars(before).for_each(|text| add(text, false));
        let leaves_out = choices.iter().any(|choice| choice.trim().is_empty());
        add(format!("({})", choices.join("|")), leaves_out);
        rest = after;
    }
    behind_stars(rest).for_each(|text| add(text, false));
    all
}

fn behind_stars(text: &str) -> impl Iterator<Item = String> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let at = rest.find("* ").map_or(rest.len(), |at| at + 1);
        let (head, tail) = rest.split_at(at);
        rest = tail;
        (!head.is_empty()).then(|| head.to_owned())
    })
}

/// All forms of a phrase with `(a|b)` written out; groups may stand inside groups.
fn forms(written: &str) -> Vec<String> {
    let Some((before, choices, after)) = group(written) else { return vec![written.to_owned()] };
    let tails = forms(after);
    let middles: Vec<String> = choices.into_iter().flat_map(forms).collect();
    middles
        .iter()
        .flat_map(|middle| tails.iter().map(move |tail| format!("{before}{middle}{tail}")))
        .take(MAX_FORMS)
        .collect()
}

/// The first group of a phrase: what stands before it, its choices, what follows.
fn group(written: &str) -> Option<(&str, Vec<&str>, &str)> {
    let (before, rest) = written.split_once('(')?;
    let mut depth = 0usize;
    let mut begin = 0;
    let mut choices = Vec::new();
    for (at, sign) in rest.char_indices().filter(|(_, c)| matches!(c, '(' | ')' | '|')) {
        match sign {
            '(' => depth += 1,
            ')' if depth > 0 => depth -= 1,
            '|' if depth > 0 => {}
            _ => {
                choices.push(rest.get(begin..at)?);
                begin = at + 1;
            }
        }
        if sign == ')' && begin == at + 1 {
            return Some((before, choices, rest.get(begin..)?));
        }
    }
    choices.push(rest.get(begin..)?);
    Some((before, choices, ""))
}

/// A piece as it is searched for: folded, between spaces unless an end is open or its script writes none.
fn literal(piece: &str) -> Option<String> {
    let trimmed = piece.trim();
    let open = (trimmed.starts_with('*'), trimmed.ends_with('*'));
    let plain = fold(trimmed.trim_matches('*'));
    let words = plain.trim();
    let (first, last) = (words.chars().next()?, words.chars().next_back()?);
    let before = if open.0 || is_joined(first) { "" } else { " " };
    let after = if open.1 || is_joined(last) { "" } else { " " };
    Some(format!("{before}{words}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(phrase: &str, text: &str, found: bool) {
        let phrases = Phrases::new([('x', 0, phrase)]);
        assert_eq!(!phrases.find(&fold(text)).is_empty(), found, "{phrase:?} in {text:?}");
    }

    #[test]
    fn whole_words_unless_an_end_is_open() {
        case("merci", "Merci beaucoup", true);
        case("merci", "a commercial offer", false);
        case("dank*", "ich bin dankbar", true);
        case("dank*", "herzlich bedanken", false);
        case("*gespräch*", "ein Vorstellungsgesprächstermin", true);
        case("面接", "本日の面接のお礼", true);
    }

    #[test]
    fn alternatives_and_gaps() {
        case("thanks (so much|) for", "Thanks for it", true);
        case("thanks (so much|) for", "thanks so much, for it", true);
        case("(a|b (c|d)|) e", "b d e", true);
        case("x (a|b (c|d) f)", "x b c f", true);
        case("x (a|b (c|d) f)", "x b f", false);
        case("for (your|my ~|) (reply|mail)", "for my very kind reply", true);
        case("for (your|my ~|) (reply|mail)", "for mail", true);
        case("for (your|my ~|) (reply|mail)", "for a reply", false);
        case("taking ~ time", "taking the time", true);
        case("taking ~ time", "taking time", true);
        case("taking ~ time", "taking a lot of your precious afternoon time", true);
        case("taking ~ time", "taking one two three four five six seven time", false);
        case("taking ~ time", "time taking", false);
        case("dank* fur", "dankbar für alles", true);
        case("dank* fur", "dankbar und für alles", false);
        case("(venut*|arrivat*) fino (qui|qua)", "venuta fino qui", true);
        case("(venut*|arrivat*) fino (qui|qua)", "venuta solo fino qui", false);
        case("(tal*|hor) (mer |) (om|kring)", "talte om", true);
        case("(tal*|hor) (mer |) (om|kring)", "talte mer om", true);
        case("(tal*|hor) (mer |) (om|kring)", "talte ikke om", false);
        let long = "(this|that|some|your) (morning|evening|noon|night) (lunch|dinner|meal|snack) (here|there)";
        case(long, "that evening meal there", true);
        case(long, "that evening meal was there", false);
        case(long, "that meal there", false);
        case("(工場|現場|教室|農園)(見学|拝見|案内|説明)(いただ|くださ)", "工場を見学いただき", false);
        case("(工場|現場|教室|農園)(見学|拝見|案内|説明)(いただ|くださ)", "工場見学いただき", true);
        case("お時間 ~ ありがとう", "お時間をいただきありがとうございました", true);
    }

    #[test]
    fn nothing_of_a_shipped_phrase_is_lost() {
        let lexicons = &crate::words::Words::embedded().lexicons;
        let mut lost = Vec::new();
        for (lexicon, phrase) in lexicons.iter().flat_map(|l| l.note.entries().map(move |(_, phrase)| (l, phrase))) {
            for part in gapped(phrase).iter().flat_map(|v| v.split('~')).flat_map(|part| cut(part.trim())) {
                let (forms, whole) = (forms(&part), part.matches('(').count() == part.matches(')').count());
                let dead = forms.iter().any(|form| form.trim().trim_matches('*').contains('*'));
                if dead || !whole || forms.len() >= MAX_FORMS {
                    lost.push(format!("{}: {} of {phrase}", lexicon.language, part));
                }
            }
        }
        assert_eq!(lost, Vec::<String>::new());
    }

    #[test]
    fn hits_tell_where() {
        let phrases = Phrases::new([('t', 3, "thank you")]);
        let folded = fold("I thank you.");
        assert_eq!(phrases.find(&folded), [Hit { cue: 't', language: 3, start: 2, end: 13 }]);
    }
}
