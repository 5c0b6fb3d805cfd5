//! Clause 8: An interview took place and the time for a note is over. It may have come on paper; a link request is none.
use super::thanked::asked_before;
use crate::etiquette::case::{Case, Finding};
use crate::etiquette::moment::deadline;
use crate::etiquette::{Clause, RequestWord};

pub(super) fn applies<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let (_, interview) = case.interview()?;
    let until = deadline(case.policy, case.last_interview_of(interview).met.ends);
    let finding = Finding::new(RequestWord::Premature, Clause::NoNoteSeen).met(interview.met).until(until);
    Some(case.if_looked(until.max(case.request.at), asked_before(case, finding)))
}

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::case;

    #[test]
    fn time_is_over() {
        case(
            "two days",
            "mon 14:00 interview; mon 17:00 asked",
            "wed 15:01",
            "premature no_note_seen, until wed 15:00, after 120m",
        );
        case("asked weeks after", "mon-3 14:00 interview; mon 17:00 asked", "tue 9:00", "premature no_note_seen");
        case(
            "an apology is remarked",
            "mon 14:00 interview; mon 17:00 asked; thu 9:00 apology",
            "thu 10:00",
            "premature no_note_seen, apologised",
        );
        case(
            "an apology before it is not",
            "mon 14:00 interview; mon 15:00 apology; mon 17:00 asked",
            "thu 10:00",
            "premature no_note_seen, no apologised",
        );
        case(
            "although the next one is arranged",
            "mon-1 14:00 interview; mon-1 17:00 asked; fri 14:00 interview",
            "wed 9:00",
            "premature no_note_seen",
        );
        case(
            "on two networks",
            "mon-1 14:00 interview; mon-1 17:00 asked linkedin; tue-1 9:00 asked xing",
            "wed 9:00",
            "premature no_note_seen, also on xing",
        );
        case(
            "an unverified one elsewhere is not said",
            "mon-1 14:00 interview; mon-1 17:00 asked linkedin; tue-1 9:00 asked xing unverified",
            "wed 9:00",
            "premature no_note_seen, no also on xing",
        );
        case(
            "a follow elsewhere is not said",
            "mon-1 14:00 interview; mon-1 17:00 asked linkedin; tue-1 9:00 follow x",
            "wed 9:00",
            "premature no_note_seen, no also on x",
        );
        case(
            "by its own date",
            "mon-1 14:00 interview; mon-1 17:00 asked own-date",
            "wed 9:00",
            "premature no_note_seen, own date",
        );
        case(
            "closes 45 days after its last event",
            "2026-09-07 14:00 interview; 2026-09-07 17:00 asked last 2026-09-14",
            "mon 9:00",
            "premature no_note_seen, closed 2026-10-29 11:00",
        );
        case(
            "is open until then",
            "2026-09-07 14:00 interview; 2026-09-07 17:00 asked last 2026-10-01",
            "mon 9:00",
            "premature no_note_seen, still open",
        );
    }
}
