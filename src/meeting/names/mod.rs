//! Names inside a title.
//!
//! "Interview — Jane Doe for Backend Engineer", "Panel with the platform team (Jane Doe)", "面接 田中さん": a title is a
//! name between words that are none. So everything known is taken out first (kind words, introducers, roles, the
//! owner), what is left falls into runs at punctuation, and a run must look like a person and stand where one stands.
//! A name of one word is believed only behind a "with", or where nothing else is left of an interview or a coffee.
mod cases;
mod doubtful;
mod runs;
mod shape;

use super::glossary::{Class, Folded, Glossary};
use super::title::Title;
use crate::person::{Name, Owner};
use runs::{Run, nicknames, runs};
use shape::{Shape, bare, is_addressed, is_capital, is_owner, is_particle, shape};

/// Most names taken from one title.
const MOST_NAMES: usize = 4;

/// The names in a title, the owner's own taken out.
pub(super) fn in_title(title: &Title, owner: &Owner) -> Vec<Name> {
    let has = |fits: fn(Class) -> bool| title.hits.iter().any(|hit| fits(hit.class));
    let (told, interview) = (has(is_hint), has(is_interview));
    let runs = family_first(&title.text, runs(&title.text, &title.folded, &title.hits, false), interview);
    let maybe = interview || has(|class| class == Class::MaybeInterview);
    let runs = runs.into_iter().map(|run| if maybe { run.without_adjectives() } else { run });
    let (own, runs): (Vec<Run>, Vec<Run>) = runs.partition(|run| is_owner(&run.text, owner));
    let hinted = told || !own.is_empty();
    let alone = runs.len() == 1 && has(is_close);
    let small = !title.text.chars().any(char::is_uppercase);
    // "interview cosmo adeyemi": where nothing is left but two words, they are a name.
    let bare_name = |run: &Run| interview && runs.len() == 1 && !run.beside_role && run.text.split(' ').count() == 2;
    let couple = is_couple(title, &runs);
    let mut names: Vec<Name> = Vec::new();
    let mut after_role = false;
    for (at, run) in runs.iter().enumerate() {
        let introduced = run.introduced && !(run.purpose && (!names.is_empty() || run.before_role));
        let a_role = run.purpose && !introduced;
        let sure = match shape(&run.text, small && (introduced || bare_name(run))) {
            Shape::None => false,
            Shape::Full => {
                introduced || couple || !a_role && ((hinted && !after_role) || (at == 0 && !run.beside_role))
            }
            Shape::Single if run.before_role => false,
            Shape::Single if hinted && is_addressed(&run.text) => true,
            Shape::Single => introduced || (hinted && alone && !run.beside_role) || (!own.is_empty() && told),
        };
        if sure && (!run.weak || is_addressed(&run.text)) {
            let name = bare(&run.text);
            let before = title.text.get(..run.range.start).unwrap_or_default();
            names.extend(Name::new(&cases::nominative(before, name).unwrap_or_else(|| name.to_owned())));
        }
        after_role |= run.beside_role && !names.is_empty();
    }
    names.dedup();
    names.truncate(MOST_NAMES);
    names
}

/// `Jane Doe x Sam Roe`, `Doe, Jane / Roe, Sam`: two names and nothing else.
fn is_couple(title: &Title, runs: &[Run]) -> bool {
    let [a, b] = runs else { return false };
    let turned = |run: &Run| title.text.get(run.range.clone()).is_some_and(|text| text.contains(','));
    let joined = title.hits.iter().any(|hit| hit.class == Class::And);
    let plain = |run: &Run| !run.beside_role && shape(&run.text, false) == Shape::Full;
    plain(a) && plain(b) && (joined || turned(a) && turned(b))
}

/// `Adeyemi, Cosmo` is one run where an interview is held with somebody, or where a title is made of such pairs.
fn family_first(text: &str, runs: Vec<Run>, interview: bool) -> Vec<Run> {
    let comma = |a: &Run, b: &Run| text.get(a.range.end..b.range.start).is_some_and(|between| between.trim() == ",");
    let pairs = runs.len().is_multiple_of(2) && runs.chunks(2).all(|pair| matches!(pair, [a, b] if comma(a, b)));
    let mut joined: Vec<Run> = Vec::new();
    let mut rest = runs.into_iter().peekable();
    while let Some(family) = rest.next() {
        let listed = joined.last().is_some_and(|before| comma(before, &family));
        let Some(given) = rest.next_if(|given| comma(&family, given)) else {
            joined.push(family);
            continue;
        };
        let more = rest.peek().is_some_and(|next| comma(&given, next) && shape(&next.text, false) == Shape::Single);
        let open = !family.weak && !family.introduced && !given.weak && !listed && !more;
        if open && (interview || pairs) && is_family(&family.text) && is_given(&given.text) {
            let (text, range) = (format!("{} {}", given.text, family.text), family.range.start..given.range.end);
            joined.push(Run { text, range, before_role: given.before_role, ..family });
        } else {
            joined.push(family);
            joined.push(given);
        }
    }
    joined
}

fn is_family(text: &str) -> bool {
    shape(text, false) == Shape::Single || text.split(' ').next().is_some_and(is_particle)
}

/// One given name, or two; an initial counts.
fn is_given(text: &str) -> bool {
    text.split(' ').count() <= 2 && text.split(' ').all(is_capital) && shape(text, false) != Shape::None
}

/// A name at the beginning of running text: `Jane Doe for the role of …`, `Jane Doe.`
pub(super) fn at_beginning(text: &str, owner: &Owner, glossary: &Glossary) -> Option<Name> {
    let end = |c: char| matches!(c, '\n' | '\r' | '.' | '<' | '(' | ',' | ';' | '|' | '!' | '?' | '"');
    // The point of an initial ends nothing.
    let ends = text.char_indices().filter(|(_, c)| end(*c)).map(|(at, _)| at);
    let is_initial = |at: usize| {
        text.get(..at).is_some_and(|before| before.rsplit(' ').next().is_some_and(|w| w.chars().count() == 1))
    };
    let at = ends.into_iter().find(|at| !is_initial(*at)).unwrap_or(text.len()).min(text.floor_char_boundary(100));
    let text = text.get(..at)?.trim().trim_start_matches([':', '-', '–', ' ']);
    let folded = Folded::new(text);
    let run = runs(text, &folded, &glossary.hits(&folded), true).into_iter().next()?;
    let is_name = shape(&run.text, false) == Shape::Full && !is_owner(&run.text, owner);
    if is_name { Name::new(bare(&run.text)) } else { None }
}

/// The value of a label (`Candidate: Jane`), where one word may be a name, and a word that is something else, too.
pub(super) fn after_label(text: &str, owner: &Owner, glossary: &Glossary) -> Option<Name> {
    let nicknames = nicknames(text);
    let ends = |(at, c): &(usize, char)| matches!(c, '(' | '（' | '|' | ';' | '<' | '[') && !nicknames.contains(at);
    let bracket = text.char_indices().find(ends).map(|(at, _)| at);
    let end = bracket.into_iter().chain(text.find(" - ")).chain(text.find(" – ")).min();
    let text = text.get(..end.unwrap_or(text.len()))?.trim();
    let turned = text.split_once(',').map(|(family, rest)| (family.trim(), rest.trim()));
    let value = match turned {
        Some((family, given)) if is_given(given) && !family.contains(' ') => format!("{given} {family}"),
        Some((name, _)) => name.to_owned(),
        None => text.to_owned(),
    };
    let folded = Folded::new(&value);
    let runs = runs(&value, &folded, &glossary.hits(&folded), true);
    let [run] = runs.as_slice() else { return None };
    let whole = !run.beside_role && shape(&value, false) != Shape::None;
    if whole && !is_owner(&value, owner) { Name::new(bare(&value)) } else { None }
}

fn is_interview(class: Class) -> bool {
    matches!(class, Class::Interview | Class::PhoneScreen)
}

fn is_hint(class: Class) -> bool {
    match class {
        Class::Interview | Class::PhoneScreen | Class::MaybeInterview | Class::Internal | Class::Unclear => true,
        Class::Coffee | Class::Meal | Class::Drink | Class::Meeting | Class::Call => true,
        Class::Talk | Class::Personal | Class::Described | Class::Cancelled | Class::Hold | Class::Busy => false,
        Class::With | Class::Purpose | Class::And | Class::NoName | Class::Month | Class::Weekday => false,
        Class::Trade | Class::AlsoName | Class::Invitee | Class::Booked | Class::Prefix => false,
    }
}

/// Kinds whose title names nothing but the other person, if anything.
fn is_close(class: Class) -> bool {
    match class {
        Class::Interview | Class::PhoneScreen | Class::MaybeInterview | Class::Coffee | Class::Meal | Class::Drink => {
            true
        }
        Class::Meeting | Class::Call | Class::Talk | Class::Unclear | Class::Internal | Class::Personal => false,
        Class::Described | Class::Cancelled | Class::Hold | Class::Busy => false,
        Class::With | Class::Purpose | Class::And | Class::NoName | Class::Month | Class::Weekday => false,
        Class::Trade | Class::AlsoName | Class::Invitee | Class::Booked | Class::Prefix => false,
    }
}

#[cfg(test)]
mod tests;
