//! Clause 0: Positive evidence that the network did not write this. It is counted and touches nobody.
use crate::etiquette::case::{Case, Finding};
use crate::etiquette::{Clause, RequestWord};
use crate::message::Authenticity;

pub(super) fn applies<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    (case.request.authenticity == Authenticity::Forged).then(|| Finding::new(RequestWord::Forged, Clause::Forged))
}

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::case;

    #[test]
    fn forged() {
        case("counted, nothing else", "mon 10:00 asked forged", "tue 9:00", "forged forged");
        case("even of somebody known", "fri-1 12:00 meal; mon 10:00 asked forged", "tue 9:00", "forged forged");
        case("even of somebody told of", "fri-1 12:00 told met; mon 10:00 asked forged", "tue 9:00", "forged forged");
        case(
            "no remark, no meeting",
            "fri-1 12:00 interview; mon 10:00 asked forged",
            "tue 9:00",
            "forged forged, no after 4000m",
        );
        case("a follow can be forged too", "mon 10:00 follow forged", "tue 9:00", "forged forged");
        case(
            "where nothing was read",
            "mon 10:00 asked forged || John: sun-1 12:00 coffee",
            "tue 9:00",
            "forged forged, no question",
        );
    }
}
