//! Clause 12: Nothing is known. Feeds may lag, so a young request is judged but no news yet (`news_from`, judge.rs).
use crate::etiquette::case::{Case, Finding};
use crate::etiquette::{Clause, RequestWord};

pub(super) fn applies<'a>(case: &Case<'a>) -> Finding<'a> {
    case.if_looked(case.request.at, Finding::new(RequestWord::Premature, Clause::Stranger))
}

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::case;

    #[test]
    fn stranger() {
        case("nothing known", "mon 10:00 asked", "tue 9:00", "premature stranger, no question, still open");
        case("young: judged, no news yet", "mon 10:00 asked", "mon 11:00", "premature stranger, news from mon 16:00");
        case("unverified is said", "mon 10:00 asked unverified", "tue 9:00", "premature stranger, unverified");
        case(
            "a note without any meeting makes no acquaintance",
            "sun-1 9:00 note; mon 10:00 asked",
            "tue 9:00",
            "premature stranger",
        );
        case("a network's message neither", "sun-1 9:00 message; mon 10:00 asked", "tue 9:00", "premature stranger");
        case(
            "thanks inside the request are remarked",
            "mon 10:00 asked thanks-inside",
            "tue 9:00",
            "premature stranger, thanks inside",
        );
    }
}
