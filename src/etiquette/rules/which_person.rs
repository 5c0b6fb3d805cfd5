//! Clause 3: A name that fits several persons, or one weakly. Judged under each and under "none of these"; asked only if the
//! answer would change the verdict.
use crate::etiquette::case::{Case, Finding, Other};
use crate::etiquette::judge::meeting_ref;
use crate::etiquette::{Choice, Clause, Question, Remark, RequestWord};

pub(in crate::etiquette) fn applies<'a>(
    case: &Case<'a>,
    alone: &Finding<'a>,
    others: &'a [Other<'a>],
) -> Option<Finding<'a>> {
    // What the person did under their own identity makes them known whoever else they are; the owner's word likewise.
    if others.is_empty() || matches!(alone.clause, Clause::Known | Clause::Told) {
        return None;
    }
    let under: Vec<(&Other, Finding)> =
        others.iter().map(|o| (o, super::which_meeting::judged(case, &o.stories))).collect();
    if under.iter().all(|(_, f)| f.word == alone.word) {
        return same_whoever(case, alone, under);
    }
    // What was not read may settle it by itself.
    if let Some((_, unread)) = under.iter().find(|(_, f)| f.clause == Clause::NotRead) {
        return Some(unread.clone());
    }
    if alone.clause == Clause::NotRead {
        return Some(alone.clone());
    }
    let mut finding = Finding::new(RequestWord::Unsure, Clause::WhichPerson);
    finding.because = under.iter().flat_map(|(_, f)| f.because.iter().copied()).collect();
    finding.because.sort_unstable();
    finding.because.dedup();
    let none = Choice { person: None, name: None, kind: None, meeting: None, word: alone.word, clause: alone.clause };
    let choices = under.iter().map(|(o, f)| choice(o, f)).chain([none]).collect();
    finding.question = Some(Question { choices });
    Some(finding)
}

/// All verdicts equal: the likeliest person's clause stands for them. Nothing is said if it is the same without anybody.
fn same_whoever<'a>(case: &Case<'a>, alone: &Finding<'a>, under: Vec<(&Other, Finding<'a>)>) -> Option<Finding<'a>> {
    let (_, likeliest) = under.into_iter().next()?;
    if likeliest.clause == alone.clause && likeliest.met.map(|m| m.id) == alone.met.map(|m| m.id) {
        return None;
    }
    let name = case.request.name.as_ref().map_or(String::new(), |n| n.as_str().to_owned());
    Some(likeliest.remark(Remark::WhicheverPerson(name)))
}

fn choice(other: &Other, finding: &Finding) -> Choice {
    let timeline = &other.alternative.timeline;
    // What the owner remembers them by, even where the verdict does not rest on a meeting.
    let met = finding.met.or_else(|| other.stories.first()?.occasions.last().map(|o| o.met));
    Choice {
        person: Some(timeline.person),
        name: timeline.name.clone(),
        kind: None,
        meeting: met.map(meeting_ref),
        word: finding.word,
        clause: finding.clause,
    }
}

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::case;

    #[test]
    fn asked_only_if_it_matters() {
        case(
            "a coffee with one of them",
            "mon 10:00 asked || John: fri-1 12:00 coffee",
            "tue 9:00",
            "unsure which_person, asks John=welcome/known none=premature/stranger",
        );
        case(
            "lunch with one, an interview with another",
            "mon 10:00 asked || John: tue-1 12:00 meal || Joan: mon 8:00 interview",
            "mon 11:00",
            "unsure which_person, asks John=welcome/known Joan=waiting/note_may_come none=premature/stranger",
        );
        case(
            "both known",
            "fri-1 12:00 coffee; mon 10:00 asked || John: thu-1 12:00 coffee",
            "tue 9:00",
            "welcome known coffee, no question",
        );
        case(
            "an interview long ago: early either way",
            "mon-3 10:00 interview; mon 10:00 asked || John: mon-4 10:00 interview",
            "tue 9:00",
            "premature no_note_seen, no question",
        );
        case(
            "all premature, by different clauses",
            "mon 10:00 asked || John: mon-2 9:00 talk",
            "tue 9:00",
            "premature audience, whichever Jay Doe, no question",
        );
        case(
            "the likeliest clause stands",
            "mon 10:00 asked || John: mon-2 9:00 applied for Chef || Joan: mon-2 9:00 talk",
            "tue 9:00",
            "premature applicant, whichever Jay Doe",
        );
        case(
            "somebody without a past makes no difference",
            "mon 10:00 asked || John: sun-1 9:00 other",
            "tue 9:00",
            "premature stranger, no whichever Jay Doe",
        );
        case(
            "known under their own name: no question",
            "fri-1 9:00 coffee; mon 10:00 asked || John: fri-1 15:00 interview",
            "mon 11:00",
            "welcome known coffee, no question",
        );
        case(
            "a note by perhaps them",
            "fri-1 9:00 interview; mon 10:00 asked || J: fri-1 18:00 note",
            "thu 9:00",
            "unsure which_person, asks J=early/thanked none=premature/no_note_seen",
        );
        case(
            "a note that may come, either way",
            "mon 9:00 interview; mon 11:00 asked || John: mon 7:00 interview 30m",
            "mon 12:00",
            "waiting note_may_come",
        );
        case(
            "no question of a forged one",
            "mon 10:00 asked forged || John: fri-1 12:00 coffee",
            "tue 9:00",
            "forged forged, no question",
        );
    }
}
