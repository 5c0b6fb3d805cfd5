//! Clause 11: An application, nothing more.
use crate::etiquette::case::{Case, Finding};
use crate::etiquette::{Clause, RequestWord};
use crate::timeline::FactId;

pub(super) fn applies<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let last = case.story.applied.last()?;
    let finding = Finding::new(RequestWord::Premature, Clause::Applicant).because(FactId::Letter(last.letter));
    Some(case.if_looked(case.request.at, finding))
}

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::case;

    #[test]
    fn applicant() {
        case(
            "applied yesterday",
            "sun-1 9:00 applied for Chef; mon 10:00 asked",
            "tue 9:00",
            "premature applicant, applied for Chef",
        );
        case(
            "applied after asking",
            "mon 10:00 asked; mon 11:00 applied",
            "tue 9:00",
            "premature applicant, applied for something",
        );
        case(
            "unverified: still an application",
            "sun-1 9:00 applied unverified for Chef; mon 10:00 asked",
            "tue 9:00",
            "premature applicant",
        );
        case("forged: none", "sun-1 9:00 applied forged; mon 10:00 asked", "tue 9:00", "premature stranger");
        case(
            "news at once",
            "sun-1 9:00 applied; mon 10:00 asked",
            "mon 11:00",
            "premature applicant, news from mon 10:00",
        );
        case(
            "asked again",
            "sun-1 9:00 applied; mon 10:00 asked again",
            "tue 9:00",
            "premature applicant, asked again",
        );
        case(
            "their interview was cancelled",
            "fri-1 9:00 interview cancelled; sun-1 9:00 applied; mon 10:00 asked",
            "tue 9:00",
            "premature applicant",
        );
    }
}
