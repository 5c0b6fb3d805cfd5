//! Clause 10a: They talked, but never long enough to count.
use crate::etiquette::case::{Case, Finding};
use crate::etiquette::grounds::lasted;
use crate::etiquette::story::{Occasion, Part};
use crate::etiquette::{Clause, Remark, RequestWord};
use jiff::SignedDuration;

pub(super) fn applies<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let talks = || case.story.occasions.iter().filter(|o| o.held() && o.part != Part::Audience);
    let last = talks().next_back()?;
    // Long talks of a hiring do not count for knowing somebody, but "too brief" would be untrue of them: the application
    // says more, if there is one.
    if !case.story.applied.is_empty() && !talks().any(|o| brief(case, o)) {
        return None;
    }
    let in_all = talks().fold(SignedDuration::ZERO, |sum, o| sum.saturating_add(lasted(o.met)));
    let finding = Finding::new(RequestWord::Premature, Clause::TooBrief).met(last.met).remark(Remark::Talked(in_all));
    Some(case.if_looked(case.request.at, finding))
}

fn brief(case: &Case, o: &Occasion) -> bool {
    case.story.candidacy(o.met.starts).is_none() || case.policy.knows.talked.is_none_or(|enough| lasted(o.met) < enough)
}

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::case;

    #[test]
    fn too_brief() {
        case(
            "twenty minutes",
            "fri-1 9:00 call 20m; mon 10:00 asked",
            "tue 9:00",
            "premature too_brief, talked 20m, meeting fri-1 9:00",
        );
        case(
            "the last of several",
            "thu-1 9:00 call 20m; fri-1 9:00 call 10m; mon 10:00 asked",
            "tue 9:00",
            "premature too_brief, talked 30m, meeting fri-1 9:00",
        );
        case(
            "brief talk says more than an audience",
            "thu-1 9:00 talk; fri-1 9:00 call 10m; mon 10:00 asked",
            "tue 9:00",
            "premature too_brief",
        );
        case(
            "and more than an application",
            "mon-1 9:00 applied; fri-1 9:00 call 10m; mon 10:00 asked",
            "tue 9:00",
            "premature too_brief",
        );
        case("talk after the request", "mon 10:00 asked; mon 15:00 call 15m", "tue 9:00", "premature too_brief");
        case(
            "an entry that ends before it starts lasts no time",
            "fri-1 9:00 call -20m; mon 10:00 asked",
            "tue 9:00",
            "premature too_brief, talked 0m",
        );
    }
}
