//! Which groups are worth comparing at all.
//!
//! Every group against every other is a hundred million comparisons for ten thousand people. Two names that can be the
//! same share two words (up to nicknames and spelling), or one word and an initial, or all letters run together; so an
//! index by these finds every pair that matters, and nearly no other.
use super::lexicon::{WordHash, forms, readings};
use super::reading::Reading;
use super::sound::{skeleton, sound};
use super::tokens::{Slot, Word};
use super::trace::Trace;
use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// More groups than this under one key are not compared all with all: with so many of one name, no pair could be told.
const CROWDED: usize = 24;

/// Pairs of groups that may be one person, each once, smaller index first.
pub(crate) fn candidates(traces: &[Trace<'_>]) -> Vec<(usize, usize)> {
    let mut found: Vec<(u64, usize)> = Vec::with_capacity(traces.len() * 6);
    let mut asks: Vec<(u64, usize)> = Vec::new();
    let mut answers: Vec<(u64, usize)> = Vec::new();
    let mut looks: Vec<(u64, usize)> = Vec::new();
    for (i, trace) in traces.iter().enumerate() {
        for reading in &trace.readings {
            let keys = Keys::of(reading);
            found.extend(keys.shared.iter().chain(&keys.asks).map(|k| (*k, i)));
            asks.extend(keys.asks.iter().map(|k| (*k, i)));
            answers.extend(keys.answers.iter().map(|k| (*k, i)));
            looks.extend(keys.han.iter().map(|k| (*k, i)));
            let (look, answer) = in_part(reading, trace);
            looks.extend(look.map(|k| (k, i)));
            answers.extend(answer.map(|k| (k, i)));
        }
        for address in &trace.addresses {
            let letters: String = address.local().chars().filter(|c| c.is_alphabetic()).collect();
            found.push((key(5, hashed(&letters), 0), i));
        }
    }
    let mut pairs = together(found);
    asks.extend(looks);
    pairs.extend(answered(asks, answers));
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// All pairs under one key.
fn together(mut found: Vec<(u64, usize)>) -> Vec<(usize, usize)> {
    found.sort_unstable();
    found.dedup();
    let mut pairs = Vec::new();
    for group in found.chunk_by(|a, b| a.0 == b.0).filter(|g| g.len() > 1) {
        let group = group.get(..group.len().min(CROWDED)).unwrap_or(group);
        for (nth, (_, i)) in group.iter().enumerate() {
            pairs.extend(group.iter().skip(nth + 1).map(|(_, j)| (*i.min(j), *i.max(j))));
        }
    }
    pairs
}

/// Those who look for a word and an initial, with those who have them.
fn answered(asks: Vec<(u64, usize)>, mut answers: Vec<(u64, usize)>) -> Vec<(usize, usize)> {
    let wanted: HashSet<u64, BuildHasherDefault<WordHash>> = asks.iter().map(|(k, _)| *k).collect();
    answers.retain(|(k, _)| wanted.contains(k));
    answers.sort_unstable();
    answers.dedup();
    let mut pairs = Vec::new();
    for (k, i) in asks {
        let from = answers.partition_point(|(other, _)| *other < k);
        let here = answers.iter().skip(from).take_while(|(other, _)| *other == k).take(CROWDED);
        pairs.extend(here.filter(|(_, j)| *j != i).map(|(_, j)| (i.min(*j), i.max(*j))));
    }
    pairs
}

/// What a name is found under.
#[derive(Default)]
struct Keys {
    shared: Vec<u64>,
    /// `Jane D.` looks for these …
    asks: Vec<u64>,
    /// … and `Jane Doe` answers to them.
    answers: Vec<u64>,
    /// `佐藤健太` looks for every Sato: the given name cannot be read.
    han: Vec<u64>,
}

impl Keys {
    fn of(reading: &Reading) -> Self {
        let mut keys = Keys::default();
        let named = |w: &&Word| !matches!(w.slot, Slot::Title | Slot::Generation | Slot::Credential | Slot::Particle);
        let words: Vec<&Word> = reading.words.iter().filter(named).take(6).collect();
        for (nth, a) in words.iter().enumerate() {
            for b in words.iter().skip(nth + 1) {
                keys.pair(a, b);
            }
        }
        for entry in words.iter().filter_map(|w| w.entry) {
            keys.han.extend(readings(entry).iter().map(|n| key(6, u64::from(*n), 0)));
            keys.answers
                .extend(entry.reads_han.then(|| forms(entry).next()).flatten().map(|n| key(6, u64::from(n), 0)));
        }
        let whole: String =
            reading.words.iter().filter(|w| w.slot != Slot::Title).map(|w| w.fold.plain.as_str()).collect();
        keys.shared.push(key(3, hashed(&whole), 0));
        // `jane.doe@`, `jdoe@`: an address without a name answers to these.
        if let (Some(first), Some(last)) = (words.first(), words.last()) {
            let (f, l) = (first.fold.plain.as_str(), last.fold.plain.as_str());
            let initial: String = f.chars().take(1).collect();
            keys.shared.extend([[f, l].concat(), [initial.as_str(), l].concat()].map(|s| key(5, hashed(&s), 0)));
        }
        keys.shared.sort_unstable();
        keys.shared.dedup();
        keys
    }

    fn pair(&mut self, a: &Word, b: &Word) {
        let letter = |w: &Word| w.fold.plain.chars().next().map_or(0, u64::from);
        match (a.initial, b.initial) {
            (true, true) => {}
            (true, false) => self.asks.extend(names(b).map(|n| key(2, letter(a), n))),
            (false, true) => self.asks.extend(names(a).map(|n| key(2, letter(b), n))),
            (false, false) => {
                for x in names(a) {
                    self.shared.extend(names(b).map(|y| key(1, x, y)));
                }
                let western = |w: &Word| w.entry.is_some_and(|e| e.western && !e.romanised);
                let heard = |w: &Word| hashed(&skeleton(&sound(&w.fold.plain)));
                if !western(a) || !western(b) {
                    self.shared.push(key(4, heard(a), heard(b)));
                }
                for (given, family) in [(a, b), (b, a)] {
                    let end = ending(given).filter(|_| given.slot == Slot::Given && family.slot == Slot::Family);
                    self.shared.extend(end.map(|end| key(9, hashed(end), hashed(&family.fold.plain))));
                }
                self.answers.extend(names(a).map(|n| key(2, letter(b), n)));
                self.answers.extend(names(b).map(|n| key(2, letter(a), n)));
            }
        }
    }
}

/// `Jane`, who wrote or asked, looks for the Jane Does who were met, and a `Jane` met for those who wrote or asked:
/// without a meeting beside it one word is not worth comparing. What is looked for, and what is answered to.
fn in_part<'t>(
    reading: &'t Reading,
    trace: &Trace<'_>,
) -> (impl Iterator<Item = u64> + use<'t>, impl Iterator<Item = u64> + use<'t>) {
    let full = |w: &&Word| matches!(w.slot, Slot::Given | Slot::Family) && !w.initial;
    let alone = reading.words.iter().filter(full).count() == 1;
    let kinds = |asked: u8, met: u8| {
        let asked = (!trace.asked.is_empty()).then_some(asked);
        asked.into_iter().chain((!trace.met.is_empty()).then_some(met))
    };
    let keys = |kinds: Vec<u8>| {
        let words = reading.words.iter().filter(full).flat_map(names);
        words.flat_map(move |n| kinds.clone().into_iter().map(move |kind| key(kind, n, 0)))
    };
    let looks = if alone { kinds(7, 8).collect() } else { Vec::new() };
    let answers = if alone { Vec::new() } else { kinds(8, 7).collect() };
    (keys(looks), keys(answers))
}

/// `Seun` and Oluwaseun end alike.
fn ending(given: &Word) -> Option<&str> {
    let name = given.fold.plain.as_str();
    name.get(name.len().checked_sub(4)?..)
}

/// A word's keys: its forms if listed, else both its spellings.
fn names(w: &Word) -> impl Iterator<Item = u64> {
    let listed = w.entry.into_iter().flat_map(forms).map(u64::from);
    let spelt = [Some(w.fold.plain.as_str()), w.fold.digraph.as_deref()].into_iter().flatten().map(hashed);
    listed.chain(spelt)
}

fn hashed(s: &str) -> u64 {
    let mut hash = WordHash::default();
    s.hash(&mut hash);
    hash.finish()
}

/// The order of the two does not matter: names are written either way round.
fn key(kind: u8, a: u64, b: u64) -> u64 {
    let mut hash = WordHash::default();
    (kind, a.min(b), a.max(b)).hash(&mut hash);
    hash.finish()
}
