//! Where in the text a fault of the check lies. The check sees values without places; this finds the line again by the
//! name of the setting, so that an editor can jump to it. What is missing is placed at the section it is missing from.
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Line and column, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

impl Place {
    /// Of a byte in the text; columns count characters, as editors do.
    pub fn of(text: &str, byte: usize) -> Place {
        let before = text.get(..byte).unwrap_or("");
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Place { line: before.matches('\n').count() + 1, column }
    }
}

/// The place of `owner.addresses`, `mail "work".password_file`, `mail number 2` or `smtp`.
pub fn find(text: &str, at: &str) -> Option<Place> {
    let table = DeTable::parse(text).ok()?;
    let (section, rest) = at.split_at(at.find(['.', ' ']).unwrap_or(at.len()));
    let (key, value) = entry(table.get_ref(), section)?;
    let (place, inner) = match value.get_ref() {
        DeValue::Array(all) => {
            let one = one_of(all.iter(), rest)?;
            (one.span(), one)
        }
        _ => (key, value),
    };
    let leaf = rest.rsplit_once('.').map(|(_, leaf)| leaf);
    let found = match (leaf, inner.get_ref()) {
        (Some(leaf), DeValue::Table(keys)) => entry(keys, leaf).map(|(key, _)| key),
        _ => None,
    };
    Some(Place::of(text, found.unwrap_or(place).start))
}

fn entry<'t, 'i>(table: &'t DeTable<'i>, name: &str) -> Option<(Range<usize>, &'t Spanned<DeValue<'i>>)> {
    table.iter().find(|(key, _)| key.get_ref() == name).map(|(key, value)| (key.span(), value))
}

/// Of several `[[mail]]`: the one of this number, or the last of this name, as it is the second that is one too many.
fn one_of<'t, 'i: 't>(
    all: impl DoubleEndedIterator<Item = &'t Spanned<DeValue<'i>>>,
    rest: &str,
) -> Option<&'t Spanned<DeValue<'i>>> {
    if let Some(number) = rest.strip_prefix(" number ") {
        let number: usize = number.parse().ok()?;
        return all.into_iter().nth(number.checked_sub(1)?);
    }
    let name = rest.split('"').nth(1)?;
    let is_it = |one: &&Spanned<DeValue<'i>>| match one.get_ref() {
        DeValue::Table(keys) => entry(keys, "name").and_then(|(_, v)| v.get_ref().as_str()) == Some(name),
        _ => false,
    };
    all.rev().find(is_it)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "[owner]\nname = \"Sam Roe\"\n\n[[mail]]\nname = \"a\"\n[[mail]]\nname = \"b\"\nuser = \"ü\"\n\
                        [[mail]]\nname = \"a\"\n[smtp]\n  host = \"h\"\n";

    #[track_caller]
    fn case(at: &str, place: Option<(usize, usize)>) {
        assert_eq!(find(TEXT, at), place.map(|(line, column)| Place { line, column }), "{at}");
    }

    #[test]
    fn a_setting_is_found_again() {
        case("owner.name", Some((2, 1)));
        case("owner.addresses", Some((1, 2)));
        case("mail \"b\".user", Some((8, 1)));
        case("mail \"b\"", Some((6, 1)));
        case("mail \"a\"", Some((9, 1)));
        case("mail number 1", Some((4, 1)));
        case("mail number 9", None);
        case("smtp.host", Some((12, 3)));
        case("digest.at", None);
    }
}
