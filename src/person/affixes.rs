//! What stands before and behind a name: titles, generations, credentials.
//!
//! The same letters can be either: Ma is a degree and a family name, Dean a title and a given name, V the fifth and an
//! initial. Place, capitals, dots and the lists decide together; and something must be left to be the name.
use super::fold::Script;
use super::lexicon::Kind;
use super::reading::Reading;
use super::tokens::{Slot, Word};

impl Reading {
    /// Titles lead a segment: the longest run of title words that holds a real one. At least one word must remain.
    pub(crate) fn titles(&mut self) {
        if !self.words.iter().any(|w| w.is(Kind::Title)) {
            return;
        }
        let plain = self.plain();
        let mut from = 0;
        let mut left = plain.len();
        while let Some(segment) = plain.get(from).and_then(|i| self.words.get(*i)).map(|w| w.segment) {
            let here: Vec<usize> = plain
                .iter()
                .skip(from)
                .copied()
                .take_while(|i| self.words.get(*i).is_some_and(|w| w.segment == segment))
                .collect();
            let run =
                here.iter().take_while(|i| self.words.get(**i).is_some_and(|w| title(w) || w.is(Kind::TitleMore)));
            let run = run.count().min(left.saturating_sub(1));
            let real = here.iter().take(run).rposition(|i| self.words.get(*i).is_some_and(title));
            let of = |r: usize| here.get(r + 1).and_then(|i| self.words.get(*i)).is_some_and(|w| w.fold.plain == "of");
            let taken = real.map_or(0, |r| if of(r) { (r + 3).min(run) } else { r + 1 });
            self.set(here.get(..taken).unwrap_or(&[]), Slot::Title);
            left -= taken.min(left);
            from += here.len().max(1);
        }
    }

    /// Generations and credentials end a segment, or are one.
    pub(crate) fn suffixes(&mut self) {
        let possible =
            |w: &Word| w.is(Kind::Generation) || w.is(Kind::Credential) || matches!(w.fold.plain.as_str(), "v" | "vi");
        if !self.words.iter().any(possible) {
            return;
        }
        let all_caps = self.words.iter().filter(|w| w.plain()).all(|w| w.caps || w.initial);
        let segments = self.words.last().map_or(0, |w| w.segment);
        for segment in 0..=segments {
            let at: Vec<usize> =
                self.plain().into_iter().filter(|i| self.words.get(*i).is_some_and(|w| w.segment == segment)).collect();
            let keep = if segment == 0 { 1 } else { 0 };
            let mut trailing = false;
            for (nth, i) in at.iter().enumerate().rev() {
                let Some(word) = self.words.get(*i) else { break };
                let Some(slot) = suffix(word, segment, nth, all_caps, trailing || segments > segment) else { break };
                if nth < keep {
                    break;
                }
                trailing = true;
                self.set(&[*i], slot);
            }
        }
        for i in self.plain() {
            let inside =
                self.words.get(i).is_some_and(|w| w.is(Kind::Generation) && w.fold.plain.len() > 1 && w.given() == 0);
            if inside && i > 0 {
                self.set(&[i], Slot::Generation);
            }
        }
    }
}

/// `Dr`, `Prof.`; but `Don` and `Dean` are given names more often than titles.
fn title(word: &Word) -> bool {
    word.is(Kind::Title) && (word.given() < 20 || word.dotted && word.given() < 100)
}

/// Is this word, standing last, a suffix?
fn suffix(word: &Word, segment: u8, nth: usize, all_caps: bool, apart: bool) -> Option<Slot> {
    let behind_comma = segment > 0;
    let letter = word.fold.plain.len() == 1;
    if word.is(Kind::Generation) && (!letter || nth >= 3 || behind_comma && word.caps) && (word.given() < 20) {
        return Some(Slot::Generation);
    }
    if matches!(word.fold.plain.as_str(), "v" | "vi") && nth >= 3 && word.fold.script == Script::Latin {
        return Some(Slot::Generation);
    }
    let nothing_else = word.entry.is_some_and(|e| !e.is_name() && !e.is(Kind::Particle));
    let marked = word.dotted && !word.initial || word.caps && (!all_caps || nothing_else) || apart && nth == 0;
    let clear = word.fold.plain.len() >= 3 && nothing_else;
    let enough = nth >= 2 || behind_comma || word.dotted;
    (word.is(Kind::Credential) && enough && (clear || marked)).then_some(Slot::Credential)
}
