//! Clause 7: An interview took place, no thanks yet, and there is still time.
use super::thanked::asked_before;
use crate::etiquette::case::{Case, Finding};
use crate::etiquette::moment::deadline;
use crate::etiquette::{Clause, RequestWord};

pub(super) fn applies<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let (_, interview) = case.interview()?;
    let until = deadline(case.policy, case.last_interview_of(interview).met.ends);
    if case.now > until {
        return None;
    }
    let finding = Finding::new(RequestWord::Waiting, Clause::NoteMayCome).met(interview.met).until(until);
    // The deadline lies ahead, so no folder can have been read up to it; up to the request is what can be asked.
    Some(case.if_looked(case.request.at, asked_before(case, finding)))
}

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::case;

    #[test]
    fn there_is_time() {
        case(
            "two hours after",
            "mon 14:00 interview; mon 17:00 asked",
            "mon 18:00",
            "waiting note_may_come, until wed 15:00, after 120m",
        );
        case("on the stroke", "mon 14:00 interview; mon 17:00 asked", "wed 15:00", "waiting note_may_come");
        case(
            "over a weekend",
            "fri 14:00 interview; fri 17:00 asked",
            "mon+1 9:00",
            "waiting note_may_come, until tue+1 15:00",
        );
        case(
            "a phone screen",
            "mon 14:00 screen 30m; mon 17:00 asked",
            "tue 9:00",
            "waiting note_may_come, until wed 14:30",
        );
        case(
            "asked before it",
            "mon 9:00 asked; mon 14:00 interview",
            "mon 18:00",
            "waiting note_may_come, asked before the interview",
        );
        case(
            "a second interview gives new time",
            "mon-1 14:00 interview; mon-1 17:00 asked; mon 14:00 interview",
            "tue 9:00",
            "waiting note_may_come, until wed 15:00, meeting mon-1 14:00",
        );
        case(
            "unanswered counts as held",
            "mon 14:00 interview unanswered; mon 17:00 asked",
            "tue 9:00",
            "waiting note_may_come, unanswered",
        );
        case(
            "cancelled is not held",
            "mon 14:00 interview cancelled; mon 17:00 asked",
            "tue 9:00",
            "premature stranger",
        );
        case(
            "a colleague on the panel is no candidate",
            "mon 9:00 colleague; mon 14:00 interview invited; mon 17:00 asked",
            "tue 9:00",
            "welcome known colleague",
        );
        case(
            "a reminder is counted",
            "mon 14:00 interview; mon 17:00 asked reminders 2 last tue",
            "tue 18:00",
            "waiting note_may_come, reminder 2",
        );
    }
}
