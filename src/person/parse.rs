//! A display name in parts, as written, for showing and for those who need the family name.
use super::fold::key;
use super::lexicon::Kind;
use super::reading::{Reading, read};
use super::tokens::{Slot, Word};
use super::{Name, Owner};

/// A name in parts, as written. `former` is compared, never shown.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Parts {
    pub titles: Vec<String>,
    pub given: Vec<String>,
    pub middle: Vec<String>,
    /// Particles stand here too, where they were written: `de la Vega`.
    pub family: Vec<String>,
    pub suffix: Vec<String>,
    pub nickname: Vec<String>,
    pub former: Vec<String>,
    pub particles: Vec<String>,
    /// Written `Family, Given`.
    pub comma_order: bool,
    /// Letters of another script that look Latin were folded.
    pub lookalike: bool,
    /// Two people in one line: "Lou and Jan Roe".
    pub couple: bool,
}

impl std::fmt::Debug for Parts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Parts(…)")
    }
}

/// Reads a display name.
#[must_use]
pub fn parse(name: &Name) -> Parts {
    let reading = read(name.as_str());
    let mut parts = Parts { comma_order: reading.comma, couple: reading.couple, ..Parts::default() };
    parts.lookalike = reading.words.iter().any(|w| w.fold.lookalike);
    for word in &reading.words {
        let text = reading.text.get(word.at.clone()).unwrap_or("");
        if word.slot == Slot::Particle {
            parts.particles.push(text.to_owned());
        }
        let into = match word.slot {
            Slot::Title => &mut parts.titles,
            Slot::Given => &mut parts.given,
            Slot::Middle => &mut parts.middle,
            Slot::Family | Slot::Particle => &mut parts.family,
            Slot::Generation | Slot::Credential => &mut parts.suffix,
            Slot::Nick => &mut parts.nickname,
            Slot::Former => &mut parts.former,
        };
        match into.last_mut().filter(|_| word.glued) {
            Some(last) => last.extend(["-", text]),
            None => into.push(text.to_owned()),
        }
    }
    if reading.couple {
        parts.middle.clear();
    }
    parts
}

/// Does this text read like a person's name, and nothing more?
#[must_use]
pub fn looks_like_a_person(text: &str) -> bool {
    if text.len() > 200 || text.chars().any(|c| c.is_numeric() || matches!(c, '?' | '!' | '@' | '#' | '*' | '=')) {
        return false;
    }
    let reading = read(text);
    let named: Vec<&Word> = reading
        .words
        .iter()
        .filter(|w| matches!(w.slot, Slot::Given | Slot::Middle | Slot::Family | Slot::Particle))
        .collect();
    let full = named.iter().filter(|w| !w.initial && w.slot != Slot::Particle).count();
    let other = named.iter().any(|w| w.is(Kind::Firm) || w.is(Kind::Pronoun) && w.given() == 0);
    if reading.couple || other || named.len() > 6 || full == 0 {
        return false;
    }
    let capital = named.iter().all(|w| w.slot == Slot::Particle || w.glued || starts_as_a_name(&reading, w));
    let listed = named.iter().any(|w| w.given() > 0);
    capital && if full == 1 { listed && named.len() == 1 || named.iter().any(|w| w.initial) } else { true }
}

fn starts_as_a_name(reading: &Reading, word: &Word) -> bool {
    let first = reading.text.get(word.at.clone()).and_then(|t| t.chars().next());
    first.is_some_and(|c| c.is_uppercase() || (c.is_alphabetic() && !c.is_lowercase()))
}

/// People named in a text such as a meeting's title, without the owner.
#[must_use]
pub fn names_in(text: &str, owner: &Owner) -> Vec<Name> {
    let own = |n: &Name| owner.names.iter().any(|o| key(o.as_str()) == key(n.as_str()));
    text.split(['–', '—', '|', '/', ',', ';', ':', '(', ')', '&', '+', '<', '>', '\n'])
        .flat_map(|piece| piece.split(" - "))
        .flat_map(|piece| piece.split(" and "))
        .map(str::trim)
        .filter(|piece| looks_like_a_person(piece))
        .filter_map(Name::new)
        .filter(|n| !own(n))
        .collect()
}

/// The name as it may be shown: given name first, without titles, what is bracketed, and any former name.
pub(crate) fn shown(name: &Name) -> String {
    let reading = read(name.as_str());
    let family = |w: &&Word| matches!(w.slot, Slot::Family | Slot::Particle);
    let given = |w: &&Word| matches!(w.slot, Slot::Given | Slot::Middle);
    let generation = |w: &&Word| w.slot == Slot::Generation;
    let words = reading.words.iter();
    let ordered: Vec<&Word> = if reading.comma {
        words.clone().filter(given).chain(words.clone().filter(family)).chain(words.filter(generation)).collect()
    } else {
        words.filter(|w| given(w) || family(w) || generation(w)).collect()
    };
    if ordered.is_empty() || reading.couple {
        return name.as_str().to_owned();
    }
    let mut out = String::new();
    let mut end = None;
    for word in ordered {
        // A name of one run of letters was cut for comparing only.
        let between = if word.glued {
            "-"
        } else if end.is_none() || end == Some(word.at.start) {
            ""
        } else {
            " "
        };
        out.extend([between, reading.text.get(word.at.clone()).unwrap_or("")]);
        end = Some(word.at.end);
    }
    out
}

/// How much of a name is written out: full words, then initials, then letters.
pub(crate) fn fullness(name: &Name) -> (usize, usize, usize) {
    let reading = read(name.as_str());
    let named = |w: &&Word| matches!(w.slot, Slot::Given | Slot::Middle | Slot::Family);
    let full = reading.words.iter().filter(named).filter(|w| !w.initial).count();
    let letters = reading.words.iter().filter(named).map(|w| w.fold.plain.len()).sum();
    (full, reading.words.iter().filter(named).count(), letters)
}
