//! A display name in parts, as written, for showing and for those who need the family name.
use super::fold::{is_han, is_hangul, key, korean_family};
use super::lexicon::{Kind, han_family};
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

/// Does this text read like given and family name? In a script written without blanks any few letters could be both, so
/// there a family name on the lists must lead.
#[must_use]
pub fn is_full_name(text: &str) -> bool {
    if !looks_like_a_person(text) {
        return false;
    }
    let run: String = text.split_whitespace().collect();
    let (Some(first), letters) = (run.chars().next(), run.chars().count()) else { return false };
    if is_hangul(first) {
        // Greetings end in these; names do not.
        let said = run.ends_with(['요', '다', '히', '께']);
        return !said && (3..=4).contains(&letters) && korean_family(first).is_some();
    }
    if is_han(first) {
        let given = han_family(&run).and_then(|end| run.get(end..));
        return letters <= 6 && given.is_some_and(|given| !run.starts_with(given));
    }
    text.split_whitespace().count() >= 2
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
pub(crate) fn shown(reading: &Reading) -> String {
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
        return reading.text.clone();
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
pub(crate) fn fullness(reading: &Reading) -> (usize, usize, usize) {
    let named = |w: &&Word| matches!(w.slot, Slot::Given | Slot::Middle | Slot::Family);
    let full = reading.words.iter().filter(named).filter(|w| !w.initial).count();
    let letters = reading.words.iter().filter(named).map(|w| w.fold.plain.len()).sum();
    (full, reading.words.iter().filter(named).count(), letters)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    #[track_caller]
    fn case(name: &str, given: &str, middle: &str, family: &str) {
        let Some(read) = Name::new(name).map(|n| parse(&n)) else { panic!("{name} is no name") };
        let found = [read.given.join(" "), read.middle.join(" "), read.family.join(" ")];
        assert_eq!(found, [given, middle, family], "{name}");
    }

    #[test]
    fn names_as_people_write_them() {
        case("Tilda Quist", "Tilda", "", "Quist");
        case("Quist, Tilda M.", "Tilda", "M.", "Quist");
        case("Dr. Tilda M. Quist, PhD", "Tilda", "M.", "Quist");
        case("Tilda Quist Jr.", "Tilda", "", "Quist");
        case("Maarten van der Quast", "Maarten", "", "van der Quast");
        case("Juan Quiroga y Olmedo", "Juan", "", "Quiroga y Olmedo");
        case("Ana-Lucia Quist", "Ana-Lucia", "", "Quist");
        case("QUIST Tilda", "Tilda", "", "QUIST");
        case("Zhang Xiuying", "Xiuying", "", "Zhang");
        case("Bulatnikov Ivan Petrovich", "Ivan", "Petrovich", "Bulatnikov");
        case("Secretary of State Tilda Quist", "Tilda", "", "Quist");
        case("Jack Ma", "Jack", "", "Ma");
        case("Tilda M. Wood Borg", "Tilda", "M.", "Wood Borg");
        case("Tilda M. Anna Borg", "Tilda", "M. Anna", "Borg");
        case("tilda.quist", "tilda", "", "quist");
        case("Tilda", "Tilda", "", "");
    }

    #[test]
    fn what_stands_beside_a_name_is_no_name() {
        case("Tilda Quist via LinkedIn", "Tilda", "", "Quist");
        case("Tilda Quist | Acme", "Tilda", "", "Quist");
        case("Tilda Quist - Hiring!", "Tilda", "", "Quist");
        case("Tilda Quist 🚀 #OpenToWork", "Tilda", "", "Quist");
        case("Tilda Quist [LION]", "Tilda", "", "Quist");
        case("Tilda Quist (she/her)", "Tilda", "", "Quist");
        case("Tilda Quist she/her", "Tilda", "", "Quist");
        case("'Tilda Quist' via Hiring list", "Tilda", "", "Quist");
        case("Tilda Quist on behalf of Bruno Borg", "Tilda", "", "Quist");
        case("Anna Quist, Acme", "Anna", "", "Quist");
        case("JÃ¶rgen Quist", "Jörgen", "", "Quist");
        case("tilda.quist@example.org", "", "", "");
    }

    #[test]
    fn alternatives_are_kept_apart() {
        let read = |s: &str| Name::new(s).map(|n| parse(&n)).unwrap_or_default();
        assert_eq!(read("Robert \"Bob\" Quist").nickname, ["Bob"]);
        assert_eq!(read("Lena Brandtner (geb. Ohlsen)").former, ["Ohlsen"]);
        assert_eq!(read("Lena Brandtner née Ohlsen").former, ["Ohlsen"]);
        assert!(read("Tildа Quist").lookalike, "the last letter of the first word is Cyrillic");
        assert!(read("Lou and Jan Quist").couple);
    }

    #[test]
    fn a_former_name_is_never_shown() {
        assert_eq!(shown(&read("Brandtner, Lena (geb. Ohlsen)")), "Lena Brandtner");
        assert_eq!(shown(&read("Dr. Ana-Lucia Quist Jr.")), "Ana-Lucia Quist Jr.");
        assert_eq!(shown(&read("王伟")), "王伟");
    }

    #[track_caller]
    fn person(text: &str, expected: bool) {
        assert_eq!(looks_like_a_person(text), expected, "{text}");
    }

    #[test]
    fn people_and_other_titles() {
        person("Tilda Quist", true);
        person("Quist, Tilda", true);
        person("Maarten van der Quast", true);
        person("Anna", true);
        person("Anna K.", true);
        person("Weekly sync", false);
        person("1:1", false);
        person("Sales Team", false);
        person("budget", false);
    }

    #[test]
    fn given_and_family_name() {
        for (text, expected) in [
            ("Tilda Quist", true),
            ("Tilda", false),
            ("佐藤健太", true),
            ("佐藤 健太", true),
            ("长江", false),
            ("谢谢", false),
            ("김민수", true),
            ("안녕히", false),
        ] {
            assert_eq!(is_full_name(text), expected, "{text}");
        }
    }

    #[test]
    fn people_in_a_title_without_the_owner() {
        let owner = Owner {
            names: Name::new("Otto Owner").into_iter().collect(),
            addresses: Vec::new(),
            organisation: Vec::new(),
            zone: TimeZone::UTC,
        };
        let found = names_in("Otto Owner and Tilda Quist", &owner);
        assert_eq!(found.iter().map(Name::as_str).collect::<Vec<_>>(), ["Tilda Quist"]);
    }

    proptest! {
        #[test]
        fn no_text_panics(s in "\\PC{0,120}") {
            if let Some(name) = Name::new(&s) {
                let _ = parse(&name);
            }
            let _ = looks_like_a_person(&s);
        }
    }
}
