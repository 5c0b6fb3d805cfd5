//! Clause 5: Words in a headline that the owner waves through. A headline anybody could forge waves nobody through.
use crate::etiquette::case::{Case, Finding};
use crate::etiquette::{Clause, RequestWord};
use crate::message::Authenticity;

pub(super) fn applies<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    if case.request.authenticity != Authenticity::Verified {
        return None;
    }
    let headline = words(case.request.headline.as_deref()?);
    let named = case.policy.exempt.iter().map(|e| words(e)).any(|e| e.len() > 1 && headline.contains(&e));
    named.then(|| Finding::new(RequestWord::Welcome, Clause::Exempt))
}

/// ` senior recruiter at acme `: lower-cased words with a blank on either side, so that whole words are compared.
fn words(text: &str) -> String {
    let lower = text.to_lowercase();
    let mut out = String::from(" ");
    for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()) {
        out.push_str(word);
        out.push(' ');
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::{case, case_under, policy};

    #[test]
    fn exempt() {
        let mut p = policy();
        p.exempt = vec!["recruiter".into(), "Meeting planner".into()];
        case_under(&p, "a recruiter", "mon 10:00 asked as Senior_Recruiter_at_Acme", "tue 9:00", "welcome exempt");
        case_under(&p, "words, in any case", "mon 10:00 asked as MEETING_PLANNER", "tue 9:00", "welcome exempt");
        case_under(&p, "whole words", "mon 10:00 asked as Recruiters'_friend", "tue 9:00", "premature stranger");
        case_under(
            &p,
            "a headline anybody could forge",
            "mon 10:00 asked unverified as Recruiter",
            "tue 9:00",
            "premature stranger, unverified",
        );
        case_under(
            &p,
            "known comes first",
            "fri-1 9:00 coffee; mon 10:00 asked as Recruiter",
            "tue 9:00",
            "welcome known coffee",
        );
        case_under(
            &p,
            "before thanks are asked for",
            "mon 9:00 interview; mon 12:00 asked as Recruiter",
            "mon 13:00",
            "welcome exempt",
        );
        case("the default exempts nobody", "mon 10:00 asked as Recruiter", "tue 9:00", "premature stranger");
        p.exempt = vec![" - ".into(), String::new()];
        case_under(&p, "an empty word exempts nobody", "mon 10:00 asked as Chef", "tue 9:00", "premature stranger");
    }
}
