//! A meeting whose kind the calendar leaves open, with somebody who is no candidate: judged as ordinary business and as
//! an interview; asked only if that matters.
use crate::etiquette::case::{Case, Finding};
use crate::etiquette::judge::meeting_ref;
use crate::etiquette::story::Story;
use crate::etiquette::{Choice, Clause, Question, RequestWord};
use crate::meeting::Kind;
use crate::timeline::FactId;

/// The verdict of the last clauses under each way the story can be told.
pub(in crate::etiquette) fn judged<'a>(case: &Case<'a>, stories: &'a [Story<'a>]) -> Finding<'a> {
    let mut found = stories.iter().map(|story| super::tail(&Case { story, ..*case }));
    let Some(business) = found.next() else { return super::tail(case) };
    match found.next() {
        Some(interview) if interview.word != business.word => asked(stories, business, interview),
        _ => business,
    }
}

fn asked<'a>(stories: &'a [Story<'a>], business: Finding<'a>, interview: Finding<'a>) -> Finding<'a> {
    for finding in [&business, &interview] {
        if finding.clause == Clause::NotRead {
            return finding.clone();
        }
    }
    let unclear = stories.first().and_then(|s| s.occasions.iter().rev().find(|o| o.unclear)).map(|o| o.met);
    let choice = |kind: Kind, finding: &Finding| Choice {
        person: None,
        name: None,
        kind: Some(kind),
        meeting: unclear.map(meeting_ref),
        word: finding.word,
        clause: finding.clause,
    };
    let choices = vec![choice(Kind::Interview, &interview), choice(Kind::Meeting, &business)];
    // Nothing names this clause: it is which_person's sister, and its question says what it is about.
    let mut finding = Finding::new(RequestWord::Unsure, Clause::WhichPerson);
    finding.met = unclear;
    finding.question = Some(Question { choices });
    unclear.into_iter().fold(finding, |f, met| f.because(FactId::Meeting(met.id)))
}

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::case;

    #[test]
    fn unclear_meetings() {
        case(
            "with a candidate it is an interview",
            "mon-1 9:00 applied; mon 9:00 unclear; mon 11:00 asked",
            "mon 12:00",
            "waiting note_may_come",
        );
        case(
            "with anyone else it matters: an hour's talk, or an interview",
            "mon 9:00 unclear 60m; mon 11:00 asked",
            "mon 12:00",
            "unsure which_person, asks interview=waiting/note_may_come meeting=welcome/known",
        );
        case(
            "half an hour: early, or a note may come",
            "mon 9:00 unclear 30m; mon 11:00 asked",
            "mon 12:00",
            "unsure which_person, asks interview=waiting/note_may_come meeting=premature/too_brief",
        );
        case(
            "half an hour, long over: premature either way",
            "mon-2 9:00 unclear 30m; mon-2 11:00 asked",
            "mon 12:00",
            "premature too_brief, no question",
        );
        case(
            "not yet held: premature either way",
            "mon 11:00 asked; fri 9:00 unclear",
            "tue 12:00",
            "premature before_meeting, no question",
        );
        case(
            "known anyway",
            "mon-3 12:00 coffee; mon 9:00 unclear; mon 11:00 asked",
            "mon 12:00",
            "welcome known coffee, no question",
        );
        case(
            "cancelled: nothing to ask",
            "mon 9:00 unclear cancelled; mon 11:00 asked",
            "mon 18:00",
            "premature stranger, no question",
        );
        case(
            "with a crowd it is an audience",
            "mon 9:00 unclear of 30; mon 11:00 asked",
            "mon 18:00",
            "premature audience, no question",
        );
        case(
            "with a colleague it is business",
            "mon 8:00 colleague; mon 9:00 unclear; mon 11:00 asked",
            "mon 18:00",
            "welcome known colleague",
        );
        case(
            "an unverified application makes no candidate",
            "mon-1 9:00 applied unverified; mon 9:00 unclear 60m; mon 11:00 asked",
            "mon 12:00",
            "unsure which_person, asks interview=waiting/note_may_come meeting=welcome/known",
        );
    }
}
