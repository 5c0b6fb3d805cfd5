//! Which groups are worth comparing at all.
//!
//! Every group against every other is a hundred million comparisons for ten thousand people. Two names that can be the
//! same share two words (up to nicknames and spelling), or one word and an initial, or all letters run together; so an
//! index by these finds every pair that matters, and nearly no other.
use super::lexicon::{WordHash, forms};
use super::reading::Reading;
use super::sound::{skeleton, sound};
use super::tokens::{Slot, Word};
use super::trace::Trace;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// More groups than this under one key are not compared all with all: with so many of one name, no pair could be told.
const CROWDED: usize = 24;

type Index = HashMap<u64, Vec<usize>, BuildHasherDefault<WordHash>>;

/// Pairs of groups that may be one person, each once, smaller index first.
pub(crate) fn candidates(traces: &[Trace<'_>]) -> Vec<(usize, usize)> {
    let mut open = Index::default();
    let mut full = Index::default();
    for (i, trace) in traces.iter().enumerate() {
        for reading in &trace.readings {
            let keys = Keys::of(reading);
            keys.shared.iter().for_each(|k| put(&mut open, *k, i));
            keys.asks.iter().for_each(|k| put(&mut open, *k, i));
            keys.answers.iter().for_each(|k| put(&mut full, *k, i));
        }
        for address in &trace.addresses {
            let letters: String = address.local().chars().filter(|c| c.is_alphabetic()).collect();
            put(&mut open, key(5, &letters, ""), i);
        }
    }
    let mut pairs = Vec::new();
    for (k, group) in &open {
        let group = group.get(..group.len().min(CROWDED)).unwrap_or(&[]);
        for (nth, i) in group.iter().enumerate() {
            pairs.extend(group.iter().skip(nth + 1).map(|j| (*i.min(j), *i.max(j))));
            let answers = full.get(k).map_or(&[][..], Vec::as_slice);
            pairs.extend(answers.iter().take(CROWDED).filter(|j| *j != i).map(|j| (*i.min(j), *i.max(j))));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

fn put(index: &mut Index, k: u64, i: usize) {
    let at = index.entry(k).or_default();
    if at.last() != Some(&i) {
        at.push(i);
    }
}

/// What a name is found under.
#[derive(Default)]
struct Keys {
    shared: Vec<u64>,
    /// `Jane D.` looks for these …
    asks: Vec<u64>,
    /// … and `Jane Doe` answers to them.
    answers: Vec<u64>,
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
        let whole: String =
            reading.words.iter().filter(|w| w.slot != Slot::Title).map(|w| w.fold.plain.as_str()).collect();
        keys.shared.push(key(3, &whole, ""));
        // `jane.doe@`, `jdoe@`: an address without a name answers to these.
        if let (Some(first), Some(last)) = (words.first(), words.last()) {
            let (f, l) = (first.fold.plain.as_str(), last.fold.plain.as_str());
            let initial: String = f.chars().take(1).collect();
            keys.shared.extend([[f, l].concat(), [initial.as_str(), l].concat()].map(|s| key(5, &s, "")));
        }
        keys.shared.sort_unstable();
        keys.shared.dedup();
        keys
    }

    fn pair(&mut self, a: &Word, b: &Word) {
        let letter = |w: &Word| w.fold.plain.chars().next().map_or(String::new(), String::from);
        match (a.initial, b.initial) {
            (true, true) => {}
            (true, false) => self.asks.extend(names(b).map(|n| key(2, &letter(a), &n))),
            (false, true) => self.asks.extend(names(a).map(|n| key(2, &letter(b), &n))),
            (false, false) => {
                for x in names(a) {
                    self.shared.extend(names(b).map(|y| key(1, &x, &y)));
                }
                let heard = |w: &Word| skeleton(&sound(&w.fold.plain));
                self.shared.push(key(4, &heard(a), &heard(b)));
                self.answers.extend(names(a).map(|n| key(2, &letter(b), &n)));
                self.answers.extend(names(b).map(|n| key(2, &letter(a), &n)));
            }
        }
    }
}

/// A word's keys: its forms if listed, else both its spellings.
fn names(w: &Word) -> impl Iterator<Item = String> {
    let listed = w.entry.into_iter().flat_map(forms).map(|id| format!("#{id}"));
    let spelt = [Some(w.fold.plain.clone()), w.fold.digraph.clone()].into_iter().flatten();
    listed.chain(spelt)
}

/// The order of the two does not matter: names are written either way round.
fn key(kind: u8, a: &str, b: &str) -> u64 {
    let mut hash = WordHash::default();
    (kind, a.min(b), a.max(b)).hash(&mut hash);
    hash.finish()
}
