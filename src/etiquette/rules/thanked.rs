//! Clause 6: An interview took place and thanks arrived: kind, and still no relationship.
use crate::etiquette::case::{Case, Finding};
use crate::etiquette::moment::clearly_before;
use crate::etiquette::slips::{Paper, Slip};
use crate::etiquette::story::Part;
use crate::etiquette::thanks::{grade, merit};
use crate::etiquette::{Clause, Remark, RequestWord, ThanksWord};
use crate::timeline::FactId;

pub(super) fn applies<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let (_, interview) = case.interview()?;
    let candidacy = case.story.candidacy(interview.met.starts);
    let of_candidacy = |index: &usize| {
        let o = case.story.occasions.get(*index);
        o.is_some_and(|o| o.held_as(Part::Interview) && case.story.candidacy(o.met.starts) == candidacy)
    };
    let thanks = case.story.slips.iter().filter(|s| s.is_note() && s.serves.iter().any(of_candidacy));
    let (word, best) = thanks.map(|s| (grade(case.policy, case.story, s), s)).min_by_key(|(w, s)| (merit(*w), s.at))?;
    let mut finding = Finding::new(RequestWord::Early, Clause::Thanked).met(interview.met);
    finding.because.extend(written(best));
    match word {
        ThanksWord::Late => finding = finding.remark(Remark::NoteLate),
        ThanksWord::Brief => finding = finding.remark(Remark::NoteBrief),
        ThanksWord::Proper | ThanksWord::Elsewhere | ThanksWord::Awaited | ThanksWord::NoneSeen => {}
    }
    Some(asked_before(case, finding))
}

/// Adds the remark of a request that came before its interview was over.
pub(super) fn asked_before<'a>(case: &Case<'a>, finding: Finding<'a>) -> Finding<'a> {
    match finding.met {
        Some(met) if clearly_before(case.request.at, met.ends) => finding.remark(Remark::AskedBeforeInterview),
        _ => finding,
    }
}

fn written(slip: &Slip) -> Option<FactId> {
    match slip.paper {
        Paper::Note(wrote, _) | Paper::Message(wrote) => Some(FactId::Letter(wrote.letter)),
        Paper::Card(telling) => Some(FactId::Telling(telling.id)),
        Paper::Inside(request) => request.letters.first().copied().map(FactId::Letter),
    }
}

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::case;

    #[test]
    fn thanked() {
        case(
            "a proper note",
            "mon 14:00 interview; mon 16:00 asked; tue 9:00 note",
            "tue 10:00",
            "early thanked, after 60m",
        );
        case(
            "the note came first",
            "mon 14:00 interview; mon 18:00 note; tue 9:00 asked",
            "tue 10:00",
            "early thanked",
        );
        case("late", "mon 14:00 interview; mon 16:00 asked; fri 9:00 note", "fri 10:00", "early thanked, late");
        case("brief", "mon 14:00 interview; mon 16:00 asked; tue 9:00 note 8w", "tue 10:00", "early thanked, brief");
        case(
            "unverified counts for its sender",
            "mon 14:00 interview; mon 16:00 asked; tue 9:00 note unverified",
            "tue 10:00",
            "early thanked",
        );
        case(
            "forged does not",
            "mon 14:00 interview; mon 16:00 asked; tue 9:00 note forged",
            "tue 10:00",
            "waiting note_may_come",
        );
        case(
            "asked before the interview",
            "mon 10:00 asked; mon 14:00 interview; tue 9:00 note",
            "tue 10:00",
            "early thanked, asked before the interview",
        );
        case(
            "a gap too small to call",
            "mon 14:40 asked; mon 14:00 interview; tue 9:00 note",
            "tue 10:00",
            "early thanked, no asked before the interview",
        );
        case(
            "for another interview of the candidacy",
            "mon-2 14:00 interview; tue-2 9:00 note; mon 14:00 interview; mon 16:00 asked",
            "fri 9:00",
            "early thanked",
        );
        case(
            "for one of another candidacy",
            "2025-11-03 14:00 interview; 2025-11-03 18:00 note; mon 14:00 interview; mon 16:00 asked",
            "fri 9:00",
            "premature no_note_seen",
        );
        case(
            "a card on paper",
            "mon 14:00 interview; mon 16:00 asked; wed 9:00 told noted",
            "fri 9:00",
            "early thanked",
        );
        case(
            "thanks in a network's message are none",
            "mon 14:00 interview; mon 16:00 asked; tue 9:00 message thanks",
            "fri 9:00",
            "premature no_note_seen",
        );
        case(
            "nor inside the request",
            "mon 14:00 interview; mon 16:00 asked thanks-inside",
            "fri 9:00",
            "premature no_note_seen, thanks inside",
        );
        case(
            "the best of two is said",
            "mon 14:00 interview; mon 16:00 asked; tue 8:00 note 8w; tue 9:00 note",
            "tue 10:00",
            "early thanked, no brief",
        );
        case(
            "thanks before the interview are none",
            "mon 9:00 note; mon 14:00 interview; mon 16:00 asked",
            "mon 17:00",
            "waiting note_may_come",
        );
        case(
            "a grey one beside the interview",
            "mon 14:00 interview; mon 16:00 asked; tue 9:00 note grey",
            "tue 10:00",
            "early thanked",
        );
        case(
            "a grey one three weeks later",
            "mon-3 14:00 interview; mon-3 16:00 asked; tue 9:00 note grey",
            "tue 10:00",
            "premature no_note_seen",
        );
        case(
            "a phone screen is an interview",
            "mon 14:00 screen 20m; mon 16:00 asked; tue 9:00 note",
            "tue 10:00",
            "early thanked",
        );
        case(
            "and known wins",
            "fri-1 9:00 coffee; mon 14:00 interview; mon 16:00 asked; tue 9:00 note",
            "tue 10:00",
            "welcome known coffee",
        );
    }
}
