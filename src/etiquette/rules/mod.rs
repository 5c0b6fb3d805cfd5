//! The clauses of the etiquette, one file each, in their order: the first that holds is the verdict.
//!
//! Each file holds one pure function and the table of cases that it is read by. The notation of the tables is that of
//! `etiquette::notation`.
mod applicant;
mod audience;
mod before_meeting;
mod exempt;
mod forged;
mod known;
mod no_note_seen;
mod not_read;
mod note_may_come;
mod open;
mod stranger;
mod thanked;
pub(super) mod told;
mod too_brief;
pub(super) mod which_meeting;
pub(super) mod which_person;

use super::case::{Case, Finding};

type Rule = for<'a> fn(&Case<'a>) -> Option<Finding<'a>>;

/// Clauses about the request alone: whoever the person is, they come out the same.
const HEAD: [Rule; 2] = [forged::applies, open::applies];

/// Clauses about request and person. `told` opens them: what the owner said of a person holds for whoever turns out to
/// be that person.
const TAIL: [Rule; 10] = [
    told::applies,
    known::applies,
    exempt::applies,
    thanked::applies,
    note_may_come::applies,
    no_note_seen::applies,
    before_meeting::applies,
    too_brief::applies,
    audience::applies,
    applicant::applies,
];

pub(super) fn head<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    HEAD.iter().find_map(|rule| rule(case))
}

/// The last clause always holds.
pub(super) fn tail<'a>(case: &Case<'a>) -> Finding<'a> {
    TAIL.iter().find_map(|rule| rule(case)).unwrap_or_else(|| stranger::applies(case))
}
