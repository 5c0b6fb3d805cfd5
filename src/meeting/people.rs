//! Who it was with.
//!
//! The interviewer's event seldom has the candidate as attendee: the name stands in the title, or in the description
//! beside the recruiter's. So people are taken from everywhere and each keeps where they were found; rooms, resources,
//! the owner and the words of the trade are no people.
use super::glossary::Glossary;
use super::ics::{Details, Party};
use super::title::Title;
use super::{FoundIn, Participant, Response};
use crate::person::Owner;

/// Most participants of a meeting that are kept.
const MOST: usize = 60;

/// Everybody but the owner, attendees first.
pub(super) fn find(
    details: &Details,
    title: &Title,
    description: &str,
    owner: &Owner,
    glossary: &Glossary,
) -> Vec<Participant> {
    let mut found: Vec<Participant> = Vec::new();
    let _ = (title, description, glossary);
    let parties = details.attendees.iter().map(|p| (p, FoundIn::Attendee));
    for (party, found_in) in parties.chain(details.organizer.iter().map(|p| (p, FoundIn::Organizer))) {
        if is_person(party) && !party.address.as_ref().is_some_and(|a| owner.has_address(a)) {
            add(&mut found, of_party(party, found_in));
        }
    }
    found.truncate(MOST);
    found
}

/// A human being, as far as the entry says.
pub(super) fn is_person(party: &Party) -> bool {
    let resource = |a: &crate::person::Address| a.domain().as_str().ends_with("resource.calendar.google.com");
    party.person && !party.address.as_ref().is_some_and(resource)
}

fn of_party(party: &Party, found_in: FoundIn) -> Participant {
    // An organiser is there unless the attendee's line says otherwise.
    let response = party.response.or((found_in == FoundIn::Organizer).then_some(Response::Accepted));
    Participant { mention: None, name: party.name.clone(), address: party.address.clone(), found_in, response }
}

fn add(found: &mut Vec<Participant>, one: Participant) {
    let same = |p: &Participant| {
        (one.address.is_some() && p.address == one.address) || (one.address.is_none() && p.name == one.name)
    };
    if (one.name.is_some() || one.address.is_some()) && !found.iter().any(same) {
        found.push(one);
    }
}
