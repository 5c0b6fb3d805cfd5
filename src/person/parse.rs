//! A display name understood: which word is what.
use super::{Name, Owner};

/// A name in parts, as written. `former` is compared, never shown.
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Parts {
    pub titles: Vec<String>,
    pub given: Vec<String>,
    pub middle: Vec<String>,
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
    let words: Vec<String> = name.as_str().split_whitespace().map(str::to_owned).collect();
    let mut parts = Parts::default();
    if let Some((last, rest)) = words.split_last().filter(|(_, r)| !r.is_empty()) {
        parts.family.push(last.clone());
        parts.given.extend(rest.first().cloned());
        parts.middle.extend(rest.iter().skip(1).cloned());
    } else {
        parts.given = words;
    }
    parts
}

/// Does this text read like a person's name (and nothing more)?
#[must_use]
pub fn looks_like_a_person(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    (2..=5).contains(&words.len()) && words.iter().all(|w| w.chars().next().is_some_and(char::is_uppercase))
}

/// People named in a text such as a meeting's title, without the owner.
#[must_use]
pub fn names_in(text: &str, owner: &Owner) -> Vec<Name> {
    let own = |n: &Name| owner.names.iter().any(|o| super::fold::key(o.as_str()) == super::fold::key(n.as_str()));
    text.split(['-', '–', '—', '|', '/', ',', ';', ':', '(', ')', '&', '+'])
        .flat_map(|piece| piece.split(" and "))
        .filter(|piece| looks_like_a_person(piece))
        .filter_map(Name::new)
        .filter(|n| !own(n))
        .collect()
}
