//! Clause 10b: They only sat in one room with many others.
use crate::etiquette::case::{Case, Finding};
use crate::etiquette::story::Part;
use crate::etiquette::{Clause, RequestWord};

pub(super) fn applies<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let last = case.story.occasions.iter().rev().find(|o| o.held_as(Part::Audience))?;
    let finding = Finding::new(RequestWord::Premature, Clause::Audience).met(last.met);
    Some(case.if_looked(case.request.at, finding))
}

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::case;

    #[test]
    fn audience() {
        case(
            "a webinar",
            "fri-1 9:00 talk of 80; mon 10:00 asked",
            "tue 9:00",
            "premature audience, meeting fri-1 9:00",
        );
        case("a meeting of twenty", "fri-1 9:00 meeting 120m of 20; mon 10:00 asked", "tue 9:00", "premature audience");
        case("dinner for forty", "fri-1 19:00 meal of 40; mon 10:00 asked", "tue 9:00", "premature audience");
        case(
            "audience before applicant",
            "mon-1 9:00 applied; fri-1 9:00 talk; mon 10:00 asked",
            "tue 9:00",
            "premature audience",
        );
        case("cancelled", "fri-1 9:00 talk cancelled; mon 10:00 asked", "tue 9:00", "premature stranger");
        case(
            "thanks for the talk change nothing",
            "fri-1 9:00 talk; fri-1 18:00 note grey; mon 10:00 asked",
            "tue 9:00",
            "premature audience",
        );
    }
}
