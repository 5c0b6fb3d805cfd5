//! Which word of a name is what.
//!
//! Nothing in a name says where the family name begins. Commas, particles, capitals, a leading title and the lists of
//! names do, in this order; else the last word is the family name. Whoever compares names must not rely on it: likeness
//! assigns words to words whatever their place, and uses the place only for nicknames.
use super::fold::{Script, is_han, is_own_name_alone, korean_family};
use super::lexicon::Kind;
use super::tokens::{Slot, Word, clean, cut};

/// A name understood.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reading {
    pub text: String,
    pub words: Vec<Word>,
    pub comma: bool,
    pub couple: bool,
}

/// Reads a display name. An address in the place of a name is no name.
pub(crate) fn read(raw: &str) -> Reading {
    let text = clean(raw);
    let (words, couple) = if is_address(&text) { (Vec::new(), false) } else { cut(&text) };
    let mut reading = Reading { words, couple, comma: false, text: text.into_owned() };
    reading.alternatives_alone();
    reading.split_scripts();
    reading.split_run();
    reading.titles();
    reading.suffixes();
    reading.order();
    reading
}

fn is_address(text: &str) -> bool {
    text.contains('@') && !text.trim().contains(' ')
}

impl Reading {
    pub(crate) fn plain(&self) -> Vec<usize> {
        (0..self.words.len()).filter(|i| self.words.get(*i).is_some_and(Word::plain)).collect()
    }

    pub(crate) fn set(&mut self, at: &[usize], slot: Slot) {
        for i in at {
            if let Some(word) = self.words.get_mut(*i) {
                word.slot = slot;
            }
        }
    }

    /// `'Jane Doe'`, `(Jane)`: if nothing stands outside, what is quoted is the name.
    fn alternatives_alone(&mut self) {
        if !self.words.iter().any(Word::plain) {
            self.words.iter_mut().filter(|w| w.slot == Slot::Nick).for_each(|w| w.slot = Slot::Given);
        }
    }

    /// `김민수`, `王伟`: family and given name without a blank between.
    fn split_scripts(&mut self) {
        let alone = self.words.len() == 1;
        let Some(word) = self.words.first().filter(|w| alone && matches!(w.fold.script, Script::Hangul | Script::Han))
        else {
            return;
        };
        let text = self.text.get(word.at.clone()).unwrap_or("");
        let mut chars = text.char_indices();
        let (Some((_, first)), Some((second, _))) = (chars.next(), chars.next()) else { return };
        let Some(second) = family_of_run(text, second) else { return };
        let (start, end) = (word.at.start, word.at.end);
        let mut family = word.clone();
        let mut given = word.clone();
        family.at = start..start + second;
        family.fold = super::fold::fold(text.get(..second).unwrap_or(""));
        if let Some(usual) = korean_family(first) {
            family.fold.digraph = Some(usual.to_owned());
        }
        family.entry = super::lexicon::entry(family.fold.digraph.as_deref().unwrap_or(&family.fold.plain));
        family.slot = Slot::Family;
        given.at = start + second..end;
        given.fold = super::fold::fold(text.get(second..).unwrap_or(""));
        given.entry = super::lexicon::entry(&given.fold.plain);
        // `秋山`: the family name alone.
        self.words = if given.at.is_empty() { vec![family] } else { vec![family, given] };
    }

    /// `JaneDoe`, `jane.doe`, `jane_doe`: two names run together, if nothing else is there.
    fn split_run(&mut self) {
        let Some(word) = self.words.first().filter(|_| self.words.len() == 1) else { return };
        let text = self.text.get(word.at.clone()).unwrap_or("");
        let Some((end, next)) = marked(text).or_else(|| camel(text)) else { return };
        let (from, to) = (word.at.start, word.at.end);
        let mut halves = [word.clone(), word.clone()];
        for (half, range) in halves.iter_mut().zip([from..from + end, from + next..to]) {
            half.fold = super::fold::fold(self.text.get(range.clone()).unwrap_or(""));
            half.entry = super::lexicon::entry(&half.fold.plain);
            half.dotted = false;
            half.at = range;
        }
        self.words = halves.into();
    }

    fn order(&mut self) {
        let plain = self.plain();
        let first = plain.first().and_then(|i| self.words.get(*i)).map(|w| w.segment);
        let (front, back): (Vec<usize>, Vec<usize>) =
            plain.iter().partition(|i| self.words.get(**i).map(|w| w.segment) == first);
        if self.couple {
            self.set(&plain, Slot::Middle);
            self.set(plain.last().as_slice_of_one(), Slot::Family);
        } else if back.is_empty() || self.describes(&front, &back) {
            let extra: Vec<usize> = back;
            self.set(&extra, Slot::Credential);
            self.one_segment(&front);
        } else {
            self.comma = true;
            self.set(&front, Slot::Family);
            self.given_segment(&back);
        }
        self.particles();
    }

    /// `Jane Doe, Acme`: a description behind a whole name, not `Family, Given`.
    fn describes(&self, front: &[usize], back: &[usize]) -> bool {
        let word = |i: Option<&usize>| i.and_then(|i| self.words.get(*i));
        let whole =
            front.len() >= 2 && word(front.first()).is_some_and(|w| w.given() > w.family() && !w.is(Kind::Particle));
        let western = word(front.first()).and_then(|w| w.entry).is_some_and(|e| e.western);
        let named = word(back.first()).and_then(|w| w.entry).is_some_and(|e| e.is_name());
        whole && western && !named
    }

    fn given_segment(&mut self, at: &[usize]) {
        let mut rest = at;
        while let Some((last, before)) = rest.split_last() {
            let trailing = self.words.get(*last).is_some_and(|w| w.is(Kind::Particle) && !w.initial && w.given() == 0);
            if !trailing || before.is_empty() {
                break;
            }
            self.set(&[*last], Slot::Particle);
            rest = before;
        }
        let glued = self.glued_after(rest, 0);
        self.set(rest.get(..glued).unwrap_or(&[]), Slot::Given);
        self.set(rest.get(glued..).unwrap_or(&[]), Slot::Middle);
    }

    /// How many words stand before the first one that is not hyphened to the word at `from`.
    fn glued_after(&self, at: &[usize], from: usize) -> usize {
        let mut end = (from + 1).min(at.len());
        while at.get(end).and_then(|i| self.words.get(*i)).is_some_and(|w| w.glued) {
            end += 1;
        }
        end
    }

    fn one_segment(&mut self, at: &[usize]) {
        if at.len() < 2 {
            return self.single(at);
        }
        let family = self.family_range(at);
        let (before, rest) = at.split_at(family.start.min(at.len()));
        let (family, after) = rest.split_at(family.len().min(rest.len()));
        self.set(family, Slot::Family);
        let given: Vec<usize> = before.iter().chain(after).copied().collect();
        self.given_segment(&given);
    }

    /// One word alone: family behind `Dr`, else what the lists know it as.
    fn single(&mut self, at: &[usize]) {
        let Some(word) = at.first().and_then(|i| self.words.get(*i)) else { return };
        let by_first_name = ["sir", "dame", "father", "sister", "brother", "fr", "don", "dona"];
        let title = self.words.iter().find(|w| w.slot == Slot::Title);
        let called = title.map(|t| by_first_name.contains(&t.fold.plain.as_str()));
        let nicked = self.words.iter().any(|w| w.slot == Slot::Nick);
        if called.map_or(word.family() > word.given() || nicked, |first_name| !first_name) {
            self.set(at, Slot::Family);
        }
    }

    /// Where the family name stands among the words of a name without comma.
    fn family_range(&self, at: &[usize]) -> std::ops::Range<usize> {
        let n = at.len();
        let word = |nth: usize| at.get(nth).and_then(|i| self.words.get(*i));
        if let Some(caps) = self.capitals(at) {
            return caps;
        }
        if self.family_first(at) {
            return 0..self.glued_after(at, 0);
        }
        let particle = |w: &Word| w.is(Kind::Particle) && !w.initial && !w.dotted || self.cut_short(w);
        // `Mme de la Roche`: in small letters at the beginning it leads a family name, and no given name stands before.
        let leads = word(0).is_some_and(|w| particle(w) && self.lower(w) && !w.glued);
        if leads && at.iter().filter_map(|i| self.words.get(*i)).any(|w| !self.lower(w)) {
            return 0..n;
        }
        let first = (1..n.saturating_sub(1)).find(|nth| {
            word(*nth).is_some_and(|w| particle(w) && !w.glued && (w.given() < 20 || !w.caps && self.lower(w)))
        });
        if let Some(start) = first {
            return start..n;
        }
        let and = (2..n.saturating_sub(1)).find(|nth| {
            word(*nth).is_some_and(|w| w.is(Kind::Particle) && w.fold.plain.len() == 1 && self.lower(w) && !w.dotted)
        });
        if let Some(y) = and {
            return y - 1..n;
        }
        if let Some(behind) = self.behind_initial(at) {
            return behind..n;
        }
        let mut start = n - 1;
        while start > 1 && word(start).is_some_and(|w| w.glued) {
            start -= 1;
        }
        start..n
    }

    /// `Jane M Doe Roe`: of two full names behind the initial of a middle one both are the family's,
    /// unless the first of them is known as a given name.
    fn behind_initial(&self, at: &[usize]) -> Option<usize> {
        let word = |nth: usize| at.get(nth).and_then(|i| self.words.get(*i));
        let initial = at.len().checked_sub(3).filter(|nth| *nth >= 1 && word(*nth).is_some_and(|w| w.initial))?;
        let full = |nth: usize| word(nth).is_some_and(|w| !w.initial && !w.glued && w.fold.plain.len() > 1);
        let second_given = word(initial + 1).is_none_or(|w| w.given() > w.family());
        (full(0) && full(initial + 1) && full(initial + 2) && !second_given).then_some(initial + 1)
    }

    /// `v. d. Tann`: a particle of which a letter is left.
    fn cut_short(&self, w: &Word) -> bool {
        w.dotted && self.lower(w) && matches!(w.fold.plain.as_str(), "v" | "d" | "vd" | "z")
    }

    fn lower(&self, word: &Word) -> bool {
        self.text.get(word.at.clone()).is_some_and(|t| t.chars().all(|c| !c.is_uppercase()))
    }

    /// `DOE Jane`, `Jane DOE`: capitals mark the family name when the rest has none.
    fn capitals(&self, at: &[usize]) -> Option<std::ops::Range<usize>> {
        let caps = |i: &usize| self.words.get(*i).is_some_and(|w| w.caps && w.fold.plain.len() > 2);
        if !at.iter().any(caps) || at.iter().all(caps) {
            return None;
        }
        let caps: Vec<bool> =
            at.iter().map(|i| self.words.get(*i).is_some_and(|w| w.caps && w.fold.plain.len() > 2)).collect();
        let count = caps.iter().filter(|c| **c).count();
        let start = caps.iter().position(|c| *c)?;
        let solid = caps.get(start..start + count).is_some_and(|run| run.iter().all(|c| *c));
        let edge = start == 0 || start + count == caps.len();
        let others = at.iter().filter_map(|i| self.words.get(*i)).any(|w| !w.caps && !w.initial);
        (solid && edge && others && count < caps.len()).then_some(start..start + count)
    }

    /// `Doe Jane A`, `Ivanov Ivan Ivanovich`, `Zhang Wei`: the family name leads without a comma.
    fn family_first(&self, at: &[usize]) -> bool {
        let word = |nth: usize| at.get(nth).and_then(|i| self.words.get(*i));
        let (Some(a), Some(b), Some(last)) = (word(0), word(1), at.last().and_then(|i| self.words.get(*i))) else {
            return false;
        };
        if a.given() > 0 && !(a.family() > a.given() && b.given() > a.given())
            || a.initial
            || b.initial
            || b.is(Kind::Particle)
        {
            return patronymic(&last.fold.plain) && at.len() >= 3 && !patronymic(&b.fold.plain);
        }
        let given = |w: &Word| w.given() >= 100 && w.given() > w.family();
        match at.len() {
            2 => {
                let east = a.family() >= 100 && a.entry.is_some_and(|e| e.romanised) && !b.glued;
                let western = b.entry.is_some_and(|e| e.western);
                east && b.entry.is_none_or(|e| !e.is_name()) || given(b) && (western || east) && b.family() == 0
            }
            _ => last.initial || patronymic(&last.fold.plain) || (given(b) && given(last) && at.len() == 3),
        }
    }

    fn particles(&mut self) {
        let family: Vec<usize> =
            (0..self.words.len()).filter(|i| self.words.get(*i).is_some_and(|w| w.slot == Slot::Family)).collect();
        let Some((_, all_but_last)) = family.split_last() else { return };
        let marked: Vec<usize> = all_but_last
            .iter()
            .copied()
            .filter(|i| self.words.get(*i).is_some_and(|w| w.is(Kind::Particle) && !w.dotted || self.cut_short(w)))
            .collect();
        self.set(&marked, Slot::Particle);
    }
}

/// `jane.doe`, `jane_doe`: where the first half ends, and where the second begins.
fn marked(text: &str) -> Option<(usize, usize)> {
    let (a, b) = text.split_once(['.', '_'])?;
    let half = |s: &str| s.chars().count() >= 2 && s.chars().all(char::is_alphabetic);
    (half(a) && half(b)).then(|| (a.len(), a.len() + 1))
}

/// `JaneDoe`.
fn camel(text: &str) -> Option<(usize, usize)> {
    let inner = text.char_indices().zip(text.chars().skip(1)).find(|((_, a), b)| a.is_lowercase() && b.is_uppercase());
    inner.map(|((i, c), _)| i + c.len_utf8()).filter(|at| *at >= 3).map(|at| (at, at))
}

/// Where the family name of a name written in one run ends: by the list, else behind the first character; of four Han
/// behind the second, as is usual in Japan. `None`: too long or mixed to be a name in one run.
fn family_of_run(run: &str, second: usize) -> Option<usize> {
    let listed = super::lexicon::han_family(run);
    let letters = run.chars().count();
    let kana = |c: char| matches!(c, '\u{3040}'..='\u{30FF}');
    let given = run.get(listed.unwrap_or(0)..).unwrap_or("");
    let fits = given.chars().all(|c| is_own_name_alone(c) || listed.is_some() && kana(c));
    let longest = if listed.is_some() { 6 } else { 4 };
    let halves = run.char_indices().nth(2).filter(|_| letters == 4 && run.chars().all(is_han)).map(|(at, _)| at);
    (fits && letters <= longest).then(|| listed.or(halves).unwrap_or(second))
}

trait SliceOfOne<T> {
    fn as_slice_of_one(&self) -> &[T];
}
impl<T> SliceOfOne<T> for Option<&T> {
    fn as_slice_of_one(&self) -> &[T] {
        self.map_or(&[], std::slice::from_ref)
    }
}

/// East Slavic patronymics, romanised in the usual ways.
pub(crate) fn patronymic(word: &str) -> bool {
    const ENDS: [&str; 8] = ["ovich", "evich", "ovych", "ovic", "ovitch", "ovna", "evna", "ivna"];
    word.len() > 6 && ENDS.iter().any(|end| word.ends_with(end))
}
