//! Clause 9: Something is arranged, as known now, and has not ended: the request could have waited for it.
use crate::etiquette::case::{Case, Finding};
use crate::etiquette::story::Part;
use crate::etiquette::{Clause, RequestWord};

pub(super) fn applies<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let next = case.story.occasions.iter().find(|o| o.ahead() && o.part != Part::Audience)?;
    let finding = Finding::new(RequestWord::Premature, Clause::BeforeMeeting).met(next.met);
    Some(case.if_looked(case.request.at, finding))
}

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::case;

    #[test]
    fn arranged() {
        case(
            "an interview on Friday",
            "mon 10:00 asked; fri 9:00 interview",
            "tue 9:00",
            "premature before_meeting, meeting fri 9:00",
        );
        case(
            "a business meeting likewise",
            "mon 10:00 asked; fri 9:00 meeting",
            "tue 9:00",
            "premature before_meeting",
        );
        case("going on right now", "mon 10:00 asked; tue 8:30 interview", "tue 9:00", "premature before_meeting");
        case(
            "the next of two",
            "mon 10:00 asked; fri 9:00 interview; thu 9:00 screen",
            "tue 9:00",
            "premature before_meeting, meeting thu 9:00",
        );
        case("cancelled since", "mon 10:00 asked; fri 9:00 interview cancelled", "tue 9:00", "premature stranger");
        case("a webinar is not with them", "mon 10:00 asked; fri 9:00 talk of 80", "tue 9:00", "premature stranger");
        case(
            "an applicant with a date",
            "fri-1 9:00 applied for Chef; mon 10:00 asked; fri 9:00 interview",
            "tue 9:00",
            "premature before_meeting, applied for Chef",
        );
        case(
            "no delay is said of what lies ahead",
            "mon 10:00 asked; fri 9:00 interview",
            "tue 9:00",
            "premature before_meeting, no after -6600m",
        );
    }
}
