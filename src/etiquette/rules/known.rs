//! Clause 4: The coffee, meal or beer rule (`grounds.rs`): the owner knows this person, perhaps only since.
use crate::etiquette::case::{Case, Finding};
use crate::etiquette::grounds::Ground;
use crate::etiquette::moment::{BLUR, clearly_before, plus};
use crate::etiquette::{Clause, Remark, RequestWord};
use jiff::Timestamp;

pub(super) fn applies<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let asked = case.request.at;
    let holding = || case.story.grounds.iter().filter(|g| g.since <= case.now);
    let before = holding().filter(|g| g.since <= plus(asked, BLUR)).min_by_key(|g| rank(g));
    let ground = before.or_else(|| holding().min_by_key(|g| (g.since, g.by)))?;
    let mut finding = Finding { known_by: Some(ground.by), ..Finding::new(RequestWord::Welcome, Clause::Known) };
    finding.met = ground.met;
    finding.because.extend(ground.because);
    if clearly_before(asked, ground.since) {
        finding = finding.remark(Remark::AskedBeforeYouMet);
    }
    Some(finding)
}

/// What is said first: as etiquette.md lists them (an entry in the address book, then what they did together), and of two
/// meetings the latest.
fn rank(ground: &Ground) -> (u8, std::cmp::Reverse<Timestamp>) {
    use crate::etiquette::KnownBy as K;
    let place = match ground.by {
        K::Told | K::Hired => 0,
        K::Contact => 1,
        K::Connection => 2,
        K::Colleague => 3,
        K::Coffee | K::Meal | K::Drink => 4,
        K::Talked => 5,
        K::Correspondence => 6,
        K::Interview => 7,
    };
    (place, std::cmp::Reverse(ground.since))
}

#[cfg(test)]
mod tests {
    use crate::etiquette::InterviewCounts;
    use crate::etiquette::notation::{case, case_under, policy};
    use jiff::SignedDuration;

    #[test]
    fn bread_broken_together() {
        case(
            "a coffee",
            "fri-1 9:00 coffee 20m; mon 10:00 asked",
            "tue 9:00",
            "welcome known coffee, meeting fri-1 9:00",
        );
        case("a meal", "fri-1 12:00 meal; mon 10:00 asked", "tue 9:00", "welcome known meal");
        case("a beer", "fri-1 18:00 drink; mon 10:00 asked", "tue 9:00", "welcome known drink");
        case("however long ago", "2025-01-10 12:00 meal; mon 10:00 asked", "tue 9:00", "welcome known meal");
        case(
            "of two, the later is said",
            "mon-5 9:00 coffee; fri-1 12:00 meal; mon 10:00 asked",
            "tue 9:00",
            "welcome known meal, meeting fri-1 12:00",
        );
        case("twelve at the table", "fri-1 12:00 meal of 12; mon 10:00 asked", "tue 9:00", "welcome known meal");
        case("thirteen are a crowd", "fri-1 12:00 meal of 13; mon 10:00 asked", "tue 9:00", "premature audience");
        case("cancelled", "fri-1 12:00 meal cancelled; mon 10:00 asked", "tue 9:00", "premature stranger");
        case("they declined", "fri-1 12:00 meal declined; mon 10:00 asked", "tue 9:00", "premature stranger");
        case("the owner declined", "fri-1 12:00 meal refused; mon 10:00 asked", "tue 9:00", "premature stranger");
        case(
            "the owner says it was not so",
            "fri-1 12:00 meal denied; mon 10:00 asked",
            "tue 9:00",
            "premature stranger",
        );
        case(
            "unanswered counts, and is said",
            "fri-1 12:00 meal unanswered; mon 10:00 asked",
            "tue 9:00",
            "welcome known meal, unanswered",
        );
        case(
            "a private entry is no meeting with anybody",
            "fri-1 12:00 meal private; mon 10:00 asked",
            "tue 9:00",
            "premature stranger",
        );
        case(
            "coffee after the request",
            "mon 10:00 asked; wed 9:00 coffee",
            "thu 9:00",
            "welcome known coffee, asked before you met",
        );
        case(
            "a gap too small to call",
            "mon 10:00 asked; mon 9:00 coffee 75m",
            "tue 9:00",
            "welcome known coffee, no asked before you met",
        );
        case(
            "coffee tomorrow is not coffee",
            "mon 10:00 asked; wed 9:00 coffee",
            "tue 9:00",
            "premature before_meeting",
        );
    }

    #[test]
    fn talk() {
        case("45 minutes", "fri-1 9:00 meeting 45m; mon 10:00 asked", "tue 9:00", "welcome known talked");
        case("44 minutes", "fri-1 9:00 meeting 44m; mon 10:00 asked", "tue 9:00", "premature too_brief, talked 44m");
        case("by video counts", "fri-1 9:00 call 60m video; mon 10:00 asked", "tue 9:00", "welcome known talked");
        case(
            "two short ones do not add up",
            "thu-1 9:00 call 30m; fri-1 9:00 call 30m; mon 10:00 asked",
            "tue 9:00",
            "premature too_brief, talked 60m",
        );
        case("in a large group", "fri-1 9:00 meeting 90m of 20; mon 10:00 asked", "tue 9:00", "premature audience");
        case("a talk never counts", "fri-1 9:00 talk 180m of 5; mon 10:00 asked", "tue 9:00", "premature audience");
        case(
            "an internal or personal entry is nothing",
            "fri-1 9:00 other 90m; mon 10:00 asked",
            "tue 9:00",
            "premature stranger",
        );
        let mut p = policy();
        p.knows.add_up = true;
        case_under(
            &p,
            "unless the owner adds up",
            "thu-1 9:00 call 30m; fri-1 9:00 call 30m; mon 10:00 asked",
            "tue 9:00",
            "welcome known talked, meeting fri-1 9:00",
        );
        let mut p = policy();
        p.knows.virtual_counts = false;
        case_under(
            &p,
            "video turned off",
            "fri-1 9:00 call 60m video; mon 10:00 asked",
            "tue 9:00",
            "premature too_brief",
        );
        case_under(
            &p,
            "in person still counts",
            "fri-1 9:00 meeting 60m; mon 10:00 asked",
            "tue 9:00",
            "welcome known talked",
        );
        p.knows.talked = None;
        case_under(&p, "talk turned off", "fri-1 9:00 meeting 60m; mon 10:00 asked", "tue 9:00", "premature too_brief");
        p.knows.social = false;
        case_under(&p, "coffee turned off", "fri-1 9:00 coffee; mon 10:00 asked", "tue 9:00", "premature too_brief");
        p.knows.large_group = 30;
        p.knows.talked = Some(SignedDuration::from_mins(20));
        case_under(&p, "tuned", "fri-1 9:00 meeting 20m of 30; mon 10:00 asked", "tue 9:00", "welcome known talked");
    }

    #[test]
    fn other_ties() {
        case(
            "in the address book",
            "mon 9:00 contact; mon 10:00 asked",
            "tue 9:00",
            "welcome known contact, no asked before you met",
        );
        case(
            "a connection already",
            "mon-9 9:00 connected on xing; mon 10:00 asked linkedin",
            "tue 9:00",
            "welcome known connection, still open",
        );
        case(
            "a connection since: closed",
            "mon 10:00 asked linkedin; tue 8:00 connected on linkedin",
            "tue 9:00",
            "welcome known connection, closed tue 8:00, asked before you met",
        );
        case(
            "connected elsewhere since: open",
            "mon 10:00 asked linkedin; tue 8:00 connected on xing",
            "tue 9:00",
            "welcome known connection, still open",
        );
        case("a colleague", "mon 9:00 colleague; mon 10:00 asked", "tue 9:00", "welcome known colleague");
        case(
            "three exchanges over a month",
            "mon-8 9:00 letters 3 over 30d; mon 10:00 asked",
            "tue 9:00",
            "welcome known correspondence",
        );
        case("two exchanges", "mon-8 9:00 letters 2 over 50d; mon 10:00 asked", "tue 9:00", "premature stranger");
        case("three within a week", "mon-8 9:00 letters 3 over 7d; mon 10:00 asked", "tue 9:00", "premature stranger");
        let mut p = policy();
        (p.knows.contacts, p.knows.connections, p.knows.colleagues, p.knows.correspondence) =
            (false, false, false, None);
        for tie in ["contact", "connected", "colleague", "letters 9 over 50d"] {
            case_under(
                &p,
                "turned off",
                &format!("mon-8 9:00 {tie}; mon 10:00 asked"),
                "tue 9:00",
                "premature stranger",
            );
        }
    }

    #[test]
    fn candidacy_suspends_what_belongs_to_the_hiring() {
        case(
            "an hour's call with an applicant",
            "mon-1 9:00 applied for Chef; fri-1 9:00 call 60m; mon 10:00 asked",
            "tue 9:00",
            "premature applicant, applied for Chef",
        );
        case(
            "an unverified application suspends nothing",
            "mon-1 9:00 applied unverified; fri-1 9:00 call 60m; mon 10:00 asked",
            "tue 9:00",
            "welcome known talked",
        );
        case(
            "letters with an applicant",
            "mon-6 9:00 applied; mon-6 10:00 letters 6 over 35d; mon 10:00 asked",
            "tue 9:00",
            "premature applicant",
        );
        case(
            "letters of old, before they applied",
            "mon-20 9:00 letters 6 over 120d; mon-6 9:00 applied; mon 10:00 asked",
            "tue 9:00",
            "welcome known correspondence",
        );
        case(
            "known before, still known",
            "mon-9 9:00 meeting 60m; mon-1 9:00 applied; mon 10:00 asked",
            "tue 9:00",
            "welcome known talked",
        );
        case(
            "a coffee with a candidate",
            "mon-1 9:00 interview; fri-1 9:00 coffee; mon 10:00 asked",
            "tue 9:00",
            "welcome known coffee",
        );
        case(
            "the lunch of an on-site day",
            "fri-1 9:00 interview; fri-1 12:00 meal; mon 10:00 asked",
            "mon 11:00",
            "waiting note_may_come",
        );
        case(
            "the dinner before it",
            "thu-1 19:00 meal; fri-1 9:00 interview; mon 10:00 asked",
            "mon 11:00",
            "welcome known meal",
        );
        case(
            "the same day by the owner's clock, not by UTC",
            "fri-1 0:10 interview 30m; fri-1 20:00 drink; mon 10:00 asked",
            "mon 11:00",
            "waiting note_may_come",
        );
        case(
            "a coffee whose title says interview",
            "mon-1 9:00 applied; fri-1 9:00 coffee says-interview; mon 10:00 asked",
            "tue 9:00",
            "premature applicant",
        );
        case(
            "the interview that day was cancelled: just lunch",
            "fri-1 9:00 interview cancelled; fri-1 12:00 meal; mon 10:00 asked",
            "tue 9:00",
            "welcome known meal",
        );
        case(
            "181 days after the last of it",
            "2026-01-05 9:00 interview 60m; 2026-07-10 9:00 meeting 60m; mon 10:00 asked",
            "tue 9:00",
            "welcome known talked",
        );
        case(
            "after they were hired",
            "mon-9 9:00 interview; mon-8 9:00 told hired; mon 10:00 asked",
            "tue 9:00",
            "welcome told hired",
        );
        case(
            "an interview makes nobody known",
            "mon-2 9:00 interview 120m; mon 10:00 asked",
            "tue 9:00",
            "premature no_note_seen",
        );
        let mut p = policy();
        p.knows.interview_counts = InterviewCounts::Always;
        case_under(
            &p,
            "unless the owner says always",
            "mon-2 9:00 interview; mon 10:00 asked",
            "tue 9:00",
            "welcome known interview",
        );
        p.knows.interview_counts = InterviewCounts::Never;
        case_under(&p, "never", "mon-2 9:00 interview; mon 10:00 asked", "tue 9:00", "premature no_note_seen");
    }
}
