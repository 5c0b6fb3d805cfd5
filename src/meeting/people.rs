//! Who it was with.
//!
//! The interviewer's event seldom has the candidate as attendee: the name stands in the title, or in the description
//! beside the recruiter's. So people are taken from everywhere and each keeps where they were found; rooms, resources,
//! the owner and the words of the trade are no people.
use super::glossary::{Class, Folded, Glossary, fold};
use super::ics::{Details, Party};
use super::title::Title;
use super::tools::Tools;
use super::{FoundIn, Participant, Response, names};
use crate::person::{Address, Name, Owner};

/// Most participants of a meeting that are kept.
const MOST: usize = 60;
/// Lines of a description that are looked at.
const MOST_LINES: usize = 200;
/// More addresses than this in a description are a distribution list or a dial-in directory.
const MOST_ADDRESSES: usize = 3;

/// Everybody but the owner, attendees first.
pub(super) fn find(
    details: &Details,
    title: &Title,
    description: &str,
    owner: &Owner,
    glossary: &Glossary,
) -> Vec<Participant> {
    let mut found: Vec<Participant> = Vec::new();
    let parties = details.attendees.iter().map(|p| (p, FoundIn::Attendee));
    for (party, found_in) in parties.chain(details.organizer.iter().map(|p| (p, FoundIn::Organizer))) {
        if is_person(party) && !is_owner(party, owner) {
            add(&mut found, of_party(party, found_in));
        }
    }
    for name in names::in_title(title, owner) {
        add(&mut found, named(name, None, FoundIn::Title));
    }
    for (name, address) in in_description(description, owner, glossary) {
        add_pair(&mut found, name, address);
    }
    found.truncate(MOST);
    found
}

/// A human being, as far as the entry says.
pub(super) fn is_person(party: &Party) -> bool {
    let resource = |a: &Address| a.domain().within("resource.calendar.google.com") || is_machine(a);
    party.person && !party.address.as_ref().is_some_and(resource)
}

fn is_owner(party: &Party, owner: &Owner) -> bool {
    match &party.address {
        Some(address) => owner.has_address(address),
        None => party.name.as_ref().is_some_and(|name| owner.names.contains(name)),
    }
}

fn of_party(party: &Party, found_in: FoundIn) -> Participant {
    // Who called the meeting comes, unless their own line says otherwise.
    let response = party.response.or((found_in == FoundIn::Organizer).then_some(Response::Accepted));
    Participant { mention: None, name: party.name.clone(), address: party.address.clone(), found_in, response }
}

fn named(name: Name, address: Option<Address>, found_in: FoundIn) -> Participant {
    Participant { mention: None, name: Some(name), address, found_in, response: None }
}

/// The parts of a name without their order: `Doe, Jane` is Jane Doe.
fn parts(name: &Name) -> Vec<String> {
    let folded = fold(name.as_str());
    let letters = |part: &&str| !part.is_empty();
    let mut parts: Vec<String> =
        folded.split(|c: char| !c.is_alphanumeric()).filter(letters).map(str::to_owned).collect();
    parts.sort_unstable();
    parts
}

fn same_name(a: Option<&Name>, b: Option<&Name>) -> bool {
    a.zip(b).is_some_and(|(a, b)| parts(a) == parts(b))
}

fn add(found: &mut Vec<Participant>, one: Participant) {
    let same = |p: &Participant| match (&one.address, &p.address) {
        (Some(a), Some(b)) => a == b,
        (Some(_), None) | (None, Some(_)) | (None, None) => same_name(one.name.as_ref(), p.name.as_ref()),
    };
    if (one.name.is_some() || one.address.is_some()) && !found.iter().any(same) {
        found.push(one);
    }
}

/// A name and an address of a description; together they complete somebody named in the title.
fn add_pair(found: &mut Vec<Participant>, name: Option<Name>, address: Option<Address>) {
    let same = |p: &&mut Participant| p.address.is_none() && same_name(name.as_ref(), p.name.as_ref());
    if let Some(there) = found.iter_mut().find(same) {
        there.address = address;
    } else {
        add(found, Participant { mention: None, name, address, found_in: FoundIn::Description, response: None });
    }
}

type Pair = (Option<Name>, Option<Address>);

fn in_description(description: &str, owner: &Owner, glossary: &Glossary) -> Vec<Pair> {
    let mut pairs: Vec<Pair> = Vec::new();
    let text = without_markup(description);
    for line in text.lines().take(MOST_LINES) {
        pairs.extend(labelled(line, owner, glossary));
        pairs.extend(asked_to_interview(line, owner, glossary).map(|name| (Some(name), None)));
    }
    join_pairs(&mut pairs);
    if !pairs.iter().any(|(_, address)| address.is_some()) {
        let found = addresses(&text, owner);
        // One name and one address that is made of it are one person.
        match (pairs.as_mut_slice(), found.as_slice()) {
            ([(Some(name), there @ None)], [(None, Some(address))]) if is_made_of(address, name) => {
                *there = Some(address.clone());
            }
            _ => pairs.extend(found),
        }
    }
    pairs.truncate(10);
    pairs
}

fn is_made_of(address: &Address, name: &Name) -> bool {
    parts(name).iter().any(|part| part.chars().count() >= 3 && address.local().contains(part.as_str()))
}

/// `Invitee: Jane Doe`, `Invitee Email: jane@example.org`
fn labelled(line: &str, owner: &Owner, glossary: &Glossary) -> Option<Pair> {
    let (label, value) = line.split_once([':', '：'])?;
    if label.chars().count() > 40 || !glossary.is(Class::Invitee, label.trim().trim_matches('*')) {
        return None;
    }
    let value = value.trim().trim_matches('*').trim();
    if let Some((name, rest)) = value.split_once(['<', '(']).filter(|(_, rest)| rest.contains('@')) {
        let address = outside(rest.trim_end_matches(['>', ')']), owner)?;
        return Some((names::after_label(name, owner, glossary), Some(address)));
    }
    match value.split_whitespace().find(|word| word.contains('@')) {
        Some(word) => outside(word, owner).map(|address| (None, Some(address))),
        None => names::after_label(value, owner, glossary).map(|name| (Some(name), None)),
    }
}

/// `Please interview Jane Doe. Interview type: …`
fn asked_to_interview(line: &str, owner: &Owner, glossary: &Glossary) -> Option<Name> {
    const BEFORE_A_NAME: &[&str] =
        &["please interview", "you are interviewing", "you're interviewing", "interview with", "interviewing"];
    let folded = Folded::new(line);
    BEFORE_A_NAME.iter().find_map(|phrase| {
        let at = folded.text.find(phrase)? + phrase.len();
        let raw = folded.origin(&(at..at)).start;
        names::at_beginning(line.get(raw..)?, owner, glossary)
    })
}

/// A name line followed by an address line is one person.
fn join_pairs(pairs: &mut Vec<Pair>) {
    let mut joined: Vec<Pair> = Vec::new();
    for (name, address) in pairs.drain(..) {
        match joined.last_mut() {
            Some((Some(_), waiting @ None)) if name.is_none() => *waiting = address,
            Some((there, _)) if address.is_none() && same_name(there.as_ref(), name.as_ref()) => {}
            _ => joined.push((name, address)),
        }
    }
    *pairs = joined;
}

/// Addresses of people in running text, `Jane Doe <jane@example.org>` with the name.
fn addresses(text: &str, owner: &Owner) -> Vec<Pair> {
    let edge =
        |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | ',' | ';' | '"' | '|' | '\'');
    let words = text.split(edge).filter(|word| word.contains('@') && !word.contains('/'));
    let mut found: Vec<Address> = words.filter_map(|word| outside(word, owner)).collect();
    found.dedup();
    if found.len() > MOST_ADDRESSES { Vec::new() } else { found.into_iter().map(|a| (None, Some(a))).collect() }
}

/// An address of somebody who is neither the owner, nor a colleague, nor a machine.
fn outside(word: &str, owner: &Owner) -> Option<Address> {
    let address = Address::new(word.trim_matches(|c: char| !c.is_alphanumeric()))?;
    let plain = address.domain().as_str().contains('.');
    (plain && !owner.has_address(&address) && !owner.is_colleague(&address) && !is_machine(&address)).then_some(address)
}

/// Mailboxes nobody is: no-reply, jobs, meeting rooms' and schedulers' own.
fn is_machine(address: &Address) -> bool {
    address.is_shared() || Tools::embedded().is_own(&address.domain())
}

/// Descriptions come as HTML, too: a tag ends a line.
pub(super) fn without_markup(text: &str) -> String {
    if !text.contains('<') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at + 1..).unwrap_or_default();
        // `<jane@example.org>` is an address, `<a href="mailto:…">` a tag.
        let address = |tag: &str| tag.contains('@') && !tag.contains(' ');
        let tag = rest.find('>').filter(|end| !address(rest.get(..*end).unwrap_or_default()));
        match tag {
            Some(end) if rest.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') => {
                let inline =
                    ["a ", "/a>", "b>", "/b>", "strong>", "/strong>", "i>", "/i>", "span", "/span", "u>", "/u>"];
                out.push_str(if inline.iter().any(|tag| rest.starts_with(tag)) { "" } else { "\n" });
                rest = rest.get(end + 1..).unwrap_or_default();
            }
            _ => out.push('<'),
        }
    }
    out.push_str(rest);
    out.replace("&nbsp;", " ").replace("&amp;", "&")
}
