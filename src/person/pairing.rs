//! Which word of one name answers which word of the other.
//!
//! Names are written in any order, with parts left out, so words are paired one to one whatever their place: the surest
//! ties first (equal words, then nicknames, then words that sound alike, then initials). What is left over on both sides
//! afterwards is what the two names disagree about.
use super::fold::{Folded, Script};
use super::lexicon::{Link, is_reading, link};
use super::sound::{abjad, one_slip, skeleton, sound, undoubled};
use super::tokens::{Slot, Word};

/// How two words answer one another. Surest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tie {
    Equal,
    /// Several words on one side are one word on the other: `De la Cruz`, `Delacruz`.
    Joined,
    /// By a bracketed nickname or former name of one side.
    Alias,
    Nick,
    Sound,
    /// The same consonants.
    Skeleton,
    /// One letter changed, lost, added or swapped.
    Slip,
    /// Characters in Han on one side, one way to read them on the other.
    Read,
    Weak,
    /// `JB` and Jean-Baptiste: the first letters of all given names.
    Letters,
    /// Both are the same initial.
    Initials,
    /// An initial and a word that begins with it.
    Initial,
}

/// A tie and the words it holds.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pair<'a> {
    pub tie: Tie,
    pub a: &'a Word,
    pub b: &'a Word,
}

/// All ties of two names, and what is left of each.
#[derive(Debug, Default)]
pub(crate) struct Pairing<'a> {
    pub pairs: Vec<Pair<'a>>,
    pub left_a: Vec<&'a Word>,
    pub left_b: Vec<&'a Word>,
}

/// A side while it is being paired.
struct Side<'a> {
    words: Vec<&'a Word>,
    used: u32,
    /// Each word's sound, once it is asked for.
    sounds: Vec<String>,
}

impl<'a> Side<'a> {
    fn new(words: &'a [Word]) -> Self {
        let named = |w: &&Word| matches!(w.slot, Slot::Given | Slot::Middle | Slot::Family);
        Side { words: words.iter().filter(named).collect(), used: 0, sounds: Vec::new() }
    }
    fn free(&self) -> impl Iterator<Item = (usize, &'a Word)> {
        let used = self.used;
        self.words.iter().copied().enumerate().filter(move |(i, _)| used & (1 << i) == 0)
    }
    fn take(&mut self, i: usize) {
        self.used |= 1 << i;
    }
    /// Words that are paired already keep an empty one: nobody asks again.
    fn listen(&mut self) {
        let used = self.used;
        let heard = |(i, w): (usize, &&Word)| if used & (1 << i) == 0 { sound(&w.fold.plain) } else { String::new() };
        self.sounds = self.words.iter().enumerate().map(heard).collect();
    }
    fn sound(&self, i: usize) -> &str {
        self.sounds.get(i).map_or("", String::as_str)
    }
    fn done(&self) -> bool {
        self.used.count_ones() as usize == self.words.len()
    }
}

/// Pairs the words of two names. `heard`: the names may be romanised, so sound counts.
pub(crate) fn pair<'a>(a: &'a [Word], b: &'a [Word]) -> Pairing<'a> {
    let (mut left, mut right) = (Side::new(a), Side::new(b));
    let mut out = Pairing { pairs: Vec::with_capacity(4), ..Pairing::default() };
    match_all(&mut left, &mut right, &mut out, Tie::Equal);
    if !(left.done() || right.done()) {
        joined(a, &mut left, &mut right, &mut out, false);
        joined(b, &mut right, &mut left, &mut out, true);
        cut_elsewhere(&mut left, &mut right, &mut out);
    }
    aliases(b, &mut left, &mut right, &mut out, false);
    aliases(a, &mut right, &mut left, &mut out, true);
    for tie in [Tie::Nick, Tie::Sound, Tie::Skeleton, Tie::Slip, Tie::Read, Tie::Weak, Tie::Initials, Tie::Initial] {
        if left.done() || right.done() {
            break;
        }
        if tie == Tie::Sound {
            left.listen();
            right.listen();
        }
        match_all(&mut left, &mut right, &mut out, tie);
    }
    letters(&mut left, &mut right, &mut out, false);
    letters(&mut right, &mut left, &mut out, true);
    out.left_a = left.free().map(|(_, w)| w).collect();
    out.left_b = right.free().map(|(_, w)| w).collect();
    out
}

fn match_all<'a>(a: &mut Side<'a>, b: &mut Side<'a>, out: &mut Pairing<'a>, tie: Tie) {
    for i in 0..a.words.len() {
        let Some(x) = a.words.get(i).copied().filter(|_| a.used & (1 << i) == 0) else { continue };
        // The same place first, so that `Ali Hassan Ali` pairs its two Alis in order.
        let tied = |(j, y): &(usize, &Word)| ties(tie, (x, a.sound(i)), (y, b.sound(*j)));
        let found = b.free().filter(tied).min_by_key(|(_, y)| y.slot != x.slot);
        if let Some((j, y)) = found {
            a.take(i);
            b.take(j);
            out.pairs.push(Pair { tie, a: x, b: y });
        }
    }
}

fn ties(tie: Tie, (a, heard_a): (&Word, &str), (b, heard_b): (&Word, &str)) -> bool {
    let short = a.fold.plain.len().min(b.fold.plain.len());
    let names = !a.initial && !b.initial;
    match tie {
        Tie::Equal => names && a.fold.equals(&b.fold),
        Tie::Joined | Tie::Alias | Tie::Letters => false,
        Tie::Nick => names && given_slot(a, b) && nickname(a, b) == Some(Link::Core),
        Tie::Weak => names && given_slot(a, b) && nickname(a, b) == Some(Link::Weak),
        Tie::Sound => names && heard_alike(a, b, short >= 4 && heard_a == heard_b),
        Tie::Skeleton => names && short >= 4 && loose(a, b) && same_skeleton((&a.fold, heard_a), (&b.fold, heard_b)),
        Tie::Slip => names && short >= 4 && loose(a, b) && one_slip(&a.fold.plain, &b.fold.plain),
        Tie::Read => names && (read_as(a, b) || read_as(b, a)),
        Tie::Initials => a.initial && b.initial && a.fold.equals(&b.fold),
        Tie::Initial => a.initial != b.initial && a.fold.plain.chars().next() == b.fold.plain.chars().next(),
    }
}

/// `佐藤` and Sato, `王` and Wang: a listed reading, or the Chinese one.
fn read_as(han: &Word, latin: &Word) -> bool {
    let scripts = (han.fold.script, latin.fold.script) == (Script::Han, Script::Latin);
    let listed = || han.entry.zip(latin.entry).is_some_and(|(h, l)| is_reading(h, l));
    scripts && (listed() || pinyin(han) == latin.fold.plain)
}

/// The Chinese reading of characters in Han, without tones.
pub(crate) fn pinyin(han: &Word) -> String {
    let read = han.fold.plain.chars().filter_map(deunicode::deunicode_char);
    read.flat_map(str::chars).filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect()
}

/// A nickname stands for a given name; `Jack` and `John` as family names are two names.
fn given_slot(a: &Word, b: &Word) -> bool {
    a.slot != Slot::Family || b.slot != Slot::Family
}

fn nickname(a: &Word, b: &Word) -> Option<Link> {
    let listed = a.entry.zip(b.entry).and_then(|(x, y)| link(x, y));
    listed.or_else(|| hypocorism(a, b).or_else(|| hypocorism(b, a)))
}

/// `Zachy` of `Zachary`, `Irv` of `Irving`, `Scotty` of `Scott`: a short form that is nobody's full name, cut from the
/// long one. If it *is* a name of its own (Paul, Paula) the link is weak.
fn hypocorism(short: &Word, long: &Word) -> Option<Link> {
    let (s, l) = (short.fold.plain.as_str(), long.fold.plain.as_str());
    if long.given() < 20 || s.len() < 3 || !s.is_ascii() || l.as_bytes().get(..2) != s.as_bytes().get(..2) {
        return None;
    }
    let ending = ["ie", "ey", "y", "i"].iter().find(|end| s.ends_with(**end)).map_or(0, |end| end.len());
    let mut stem = s.get(..s.len() - ending).unwrap_or(s);
    let doubled = stem.as_bytes().last_chunk::<2>().is_some_and(|[x, y]| x == y);
    if ending > 0 && doubled && !l.starts_with(stem) {
        stem = stem.get(..stem.len() - 1).unwrap_or(stem);
    }
    let feminine = ending == 0 && matches!(l.strip_prefix(stem), Some("a" | "ia" | "ina" | "na" | "ah"));
    let cut = stem.len() >= 3 && l.starts_with(stem) && !feminine && (l.len() > stem.len() || ending > 0);
    let respelt = s.len().abs_diff(l.len()) == 1 && undoubled(s).eq(undoubled(l));
    let own_name = short.given() >= 20 || (short.family() >= 100 && short.slot == Slot::Family);
    (cut || respelt).then_some(if own_name { Link::Weak } else { Link::Core })
}

/// The same sound; or the same letters but for doubled ones, which even short words may differ in.
fn heard_alike(a: &Word, b: &Word, same_sound: bool) -> bool {
    let (x, y) = (a.fold.plain.as_str(), b.fold.plain.as_str());
    let doubled = x.len().min(y.len()) >= 2 && undoubled(x).eq(undoubled(y));
    (same_sound || doubled) && !both_known(a, b, false) && !same_syllabary(a, b)
}

/// In Hangul and kana a different letter is a different syllable.
fn same_syllabary(a: &Word, b: &Word) -> bool {
    a.fold.script == b.fold.script && matches!(a.fold.script, Script::Hangul | Script::Kana | Script::Han)
}

fn loose(a: &Word, b: &Word) -> bool {
    !both_known(a, b, true) && !same_syllabary(a, b)
}

/// Both are listed names, so that their difference is meant and no slip. Romanised ones may still be the same by sound.
fn both_known(a: &Word, b: &Word, strict: bool) -> bool {
    let known = |w: &Word| w.entry.is_some_and(|e| e.is_name() && (strict || e.western && !e.romanised));
    known(a) && known(b) && (strict || a.fold.script == b.fold.script)
}

fn same_skeleton((a, heard_a): (&Folded, &str), (b, heard_b): (&Folded, &str)) -> bool {
    let vowelless = a.script != b.script && [a.script, b.script].contains(&Script::Abjad);
    let bare = |f: &Folded, heard: &str| {
        let read = match f.script {
            Script::Greek => Some(sound(&f.plain.replace("nt", "d").replace("mp", "b").replace("gk", "g"))),
            Script::Abjad if vowelless => Some(sound(&f.plain.replace(['w', 'y'], ""))),
            Script::Latin
            | Script::Cyrillic
            | Script::Hangul
            | Script::Kana
            | Script::Abjad
            | Script::Han
            | Script::Other => None,
        };
        let heard = read.as_deref().unwrap_or(heard);
        if vowelless { abjad(heard) } else { skeleton(heard) }
    };
    let (x, y) = (bare(a, heard_a), bare(b, heard_b));
    x.len() >= 3 && x == y
}

/// `Abdul Rahim` on one side, `Abdurrahim` on the other; particles belong to the word they lead.
fn joined<'a>(whole: &'a [Word], a: &mut Side<'a>, b: &mut Side<'a>, out: &mut Pairing<'a>, swapped: bool) {
    for (j, single) in b.free().collect::<Vec<_>>() {
        let plain = single.fold.plain.as_str();
        let Some(run) = run_spelling(whole, plain).filter(|_| plain.len() >= 4) else { continue };
        let at: Vec<usize> =
            a.free().filter(|(_, w)| run.iter().any(|r| std::ptr::eq(r, *w))).map(|(i, _)| i).collect();
        let needed = run.iter().filter(|w| w.slot != Slot::Particle).count();
        if at.len() != needed || needed == 0 {
            continue;
        }
        at.iter().for_each(|i| a.take(*i));
        b.take(j);
        let longest = run.iter().max_by_key(|w| w.fold.plain.len()).unwrap_or(single);
        let (a, b) = if swapped { (single, longest) } else { (longest, single) };
        out.pairs.push(Pair { tie: Tie::Joined, a, b });
    }
}

/// `JB Roux` and Jean-Baptiste Roux: capitals which are the first letters of the other side's given names, in their order.
fn letters<'a>(a: &mut Side<'a>, b: &mut Side<'a>, out: &mut Pairing<'a>, swapped: bool) {
    let plain = |w: &Word| w.fold.plain.chars().next();
    let short = |w: &Word| w.caps && w.slot != Slot::Family && (2..=3).contains(&w.fold.plain.len());
    let Some((i, run)) = a.free().find(|(_, w)| short(w)) else { return };
    let named: Vec<(usize, &Word)> = b.free().filter(|(_, w)| w.slot != Slot::Family && !w.initial).collect();
    let spelt = named.iter().map(|(_, w)| plain(w)).eq(run.fold.plain.chars().map(Some));
    let Some((_, first)) = named.first().copied().filter(|_| spelt) else { return };
    a.take(i);
    named.iter().for_each(|(j, _)| b.take(*j));
    let (a, b) = if swapped { (first, run) } else { (run, first) };
    out.pairs.push(Pair { tie: Tie::Letters, a, b });
}

/// `Myong-Chin` and `Myongchin`, `Ji Sung` and `Jisung`: the same run of letters or sounds, cut at another place.
fn cut_elsewhere<'a>(a: &mut Side<'a>, b: &mut Side<'a>, out: &mut Pairing<'a>) {
    let run = |s: &Side<'a>| s.free().map(|(_, w)| w.fold.plain.as_str()).collect::<String>();
    let (first, second) = (a.free().next(), b.free().next());
    let several = a.free().count() + b.free().count() > 2;
    let (Some((_, x)), Some((_, y)), true) = (first, second, several) else { return };
    let (p, q) = (run(a), run(b));
    let script_differs = x.fold.script != y.fold.script;
    if p.len().min(q.len()) >= 5 && (p == q || script_differs && sound(&p) == sound(&q)) {
        // The whole name, and only its blanks differ: given and family name agree, wherever they meet.
        let last = a.free().last().zip(b.free().last()).filter(|_| p == q && out.pairs.is_empty());
        let last = last.map(|((_, x), (_, y))| Pair { tie: Tie::Joined, a: x, b: y });
        let both = a.free().count().min(b.free().count()) >= 2;
        out.pairs.extend(last.filter(|_| both));
        (a.used, b.used) = (u32::MAX >> (32 - a.words.len().min(31)), u32::MAX >> (32 - b.words.len().min(31)));
        out.pairs.push(Pair { tie: Tie::Joined, a: x, b: y });
    }
}

/// Neighbouring words that together spell `plain`.
fn run_spelling<'a>(words: &'a [Word], plain: &str) -> Option<&'a [Word]> {
    let spelt = |w: &Word| matches!(w.slot, Slot::Given | Slot::Middle | Slot::Family | Slot::Particle);
    (0..words.len()).find_map(|from| {
        let mut left = plain;
        for (n, word) in words.get(from..)?.iter().enumerate() {
            left = left.strip_prefix(word.fold.plain.as_str()).filter(|_| spelt(word))?;
            if left.is_empty() {
                return words.get(from..=from + n).filter(|run| run.len() > 1);
            }
        }
        None
    })
}

/// Words of `mine` that answer an alternative (nickname, former name) of the other side. The given or family name it
/// stands beside needs no answer then.
fn aliases<'a>(theirs: &'a [Word], mine: &mut Side<'a>, other: &mut Side<'a>, out: &mut Pairing<'a>, swapped: bool) {
    for alias in theirs.iter().filter(|w| matches!(w.slot, Slot::Nick | Slot::Former)) {
        let Some((i, word)) =
            mine.free().find(|(_, w)| w.fold.equals(&alias.fold) || nickname(w, alias) == Some(Link::Core))
        else {
            continue;
        };
        mine.take(i);
        let stands_for = if word.slot == Slot::Family { Slot::Family } else { Slot::Given };
        let covered = other.free().find(|(_, w)| w.slot == stands_for).map(|(j, _)| j);
        covered.into_iter().for_each(|j| other.take(j));
        let (a, b) = if swapped { (alias, word) } else { (word, alias) };
        out.pairs.push(Pair { tie: Tie::Alias, a, b });
    }
}
