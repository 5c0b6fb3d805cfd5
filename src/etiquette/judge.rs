//! The order of the clauses, and what is added to any verdict.
use super::case::{Case, Finding, Other};
use super::moment::plus;
use super::rules::{self, which_meeting, which_person};
use super::story::Story;
use super::thanks::{self, Desk};
use super::{Clause, MeetingRef, Policy, Remark, RequestVerdict, RequestWord, Verdicts};
use crate::letter::InvitationKind;
use crate::meeting::TookPlace;
use crate::message::{ArrivalBy, Authenticity};
use crate::person::has_lookalikes;
use crate::timeline::{AcquaintanceKind, Coverage, Event, FactId, LetterId, Met, Request, Timeline, Written};
use jiff::Timestamp;

/// What is due between the owner and one person. Pure and total: one verdict for each request on the timeline, and one
/// for the thanks of each interview.
#[must_use]
pub fn judge(policy: &Policy, timeline: &Timeline, coverage: &Coverage, now: Timestamp) -> Verdicts {
    let stories = Story::tell(policy, timeline, now);
    let Some(story) = stories.first() else { return Verdicts::default() };
    let asked = timeline.events.iter().filter_map(|e| match e {
        Event::Asked(r) => Some(r),
        Event::Met(_) | Event::Wrote(_) | Event::Applied { .. } | Event::Known(_) | Event::Told(_) => None,
    });
    let others: Vec<Other> = timeline
        .perhaps
        .iter()
        .map(|alternative| Other { alternative, stories: Story::tell(policy, &alternative.timeline, now) })
        .collect();
    let requests = asked
        .map(|request| {
            let case = Case { policy, coverage, now, request, story };
            verdict(&case, decide(&case, &stories, &others))
        })
        .collect();
    let desk = Desk { policy, coverage, now, person: timeline.person, story, others: &others };
    Verdicts { requests, thanks: thanks::verdicts(&desk), unmet: unmet(story, coverage) }
}

/// Thanks that mean no meeting: sent before their first, or of somebody whom the calendars do not know.
fn unmet(story: &Story, coverage: &Coverage) -> Vec<(LetterId, Timestamp)> {
    let unknown = story.slips.iter().filter(|s| thanks::unlikely(coverage, s)).filter_map(|s| s.wrote());
    story.ahead().chain(unknown).map(|w| (w.letter, w.at)).collect()
}

/// A request that stands on nobody's timeline, as a forged one.
#[must_use]
pub fn judge_stray(policy: &Policy, request: &Request, coverage: &Coverage, now: Timestamp) -> RequestVerdict {
    let story = Story::default();
    let case = Case { policy, coverage, now, request, story: &story };
    verdict(&case, decide(&case, &[], &[]))
}

fn decide<'a>(case: &Case<'a>, stories: &'a [Story<'a>], others: &'a [Other<'a>]) -> Finding<'a> {
    if let Some(finding) = rules::head(case) {
        return finding;
    }
    let alone = which_meeting::judged(case, stories);
    which_person::applies(case, &alone, others).unwrap_or(alone)
}

fn verdict(case: &Case, finding: Finding) -> RequestVerdict {
    let r = case.request;
    let settled = if finding.clause == Clause::Stranger { plus(r.at, case.policy.settle) } else { r.at };
    let mut remarks = finding.remarks.clone();
    remarks.extend(own_remarks(r));
    // A forged request touches nothing, and nothing is said of it.
    if finding.word != RequestWord::Forged {
        remarks.extend(remarks_of_meeting(case, &finding));
        remarks.extend(remarks_of_story(case, &finding));
    }
    let mut because: Vec<FactId> = r.letters.iter().copied().map(FactId::Letter).collect();
    because.extend(finding.because.iter().copied());
    RequestVerdict {
        request: r.key.clone(),
        word: finding.word,
        clause: finding.clause,
        known_by: finding.known_by,
        meeting: finding.met.map(meeting_ref),
        until: finding.until,
        news_from: settled,
        closed: closed(case),
        unread: finding.unread,
        horizon: case.coverage.horizon(),
        question: finding.question,
        remarks,
        because,
    }
}

/// A meeting as a verdict names it.
pub(super) fn meeting_ref(met: &Met) -> MeetingRef {
    MeetingRef { id: met.id, title: met.title.clone(), kind: met.kind, starts: met.starts, ends: met.ends }
}

fn own_remarks(r: &Request) -> impl Iterator<Item = Remark> {
    [
        (r.thanks_inside, Remark::ThanksInside),
        (r.reminders > 0, Remark::Reminder(r.reminders)),
        (r.again, Remark::AskedAgain),
        (r.authenticity == Authenticity::Unverified, Remark::Unverified),
        (r.name.as_ref().is_some_and(|name| has_lookalikes(name.as_str())), Remark::Lookalikes),
        (r.by == ArrivalBy::Date, Remark::ByItsOwnDate),
    ]
    .into_iter()
    .filter(|(holds, _)| *holds)
    .map(|(_, remark)| remark)
}

fn remarks_of_meeting(case: &Case, finding: &Finding) -> Vec<Remark> {
    let Some(met) = finding.met else { return vec![] };
    let mut remarks = Vec::new();
    if met.ends <= case.now && matches!(met.took_place, TookPlace::Yes | TookPlace::YesUnanswered | TookPlace::NotYet) {
        remarks.push(Remark::Delay(met.ends.duration_until(case.request.at)));
    }
    if met.took_place == TookPlace::YesUnanswered {
        remarks.push(Remark::TakesPlaceUnanswered);
    }
    remarks
}

fn remarks_of_story(case: &Case, finding: &Finding) -> Vec<Remark> {
    let mut remarks = Vec::new();
    let apologised = |w: &&&crate::timeline::Wrote| matches!(w.what, Written::Apology) && w.at >= case.request.at;
    if case.story.wrote.iter().any(|w| apologised(&w)) {
        remarks.push(Remark::Apologised);
    }
    let mut also: Vec<&str> =
        case.story.asked.iter().filter(|r| elsewhere(case.request, r)).map(|r| r.network.0.as_str()).collect();
    also.sort_unstable();
    also.dedup();
    remarks.extend(also.into_iter().map(|n| Remark::AlsoOn(n.to_owned())));
    if let (Some(applied), true) = (case.story.applied.last(), finding.word != RequestWord::Welcome) {
        remarks.push(Remark::AppliedFor(applied.role.map(str::to_owned)));
    }
    remarks
}

/// Another request to connect, on another network. An unverified one says nothing of this one.
fn elsewhere(this: &Request, other: &Request) -> bool {
    let connects = match other.kind {
        InvitationKind::Connect | InvitationKind::Reminder | InvitationKind::Batch => !other.open,
        InvitationKind::Follow | InvitationKind::FollowRequest => false,
    };
    connects && other.network != this.network && other.authenticity == Authenticity::Verified
}

/// When the request was settled or given up: by the owner's word, by their becoming connected, or by time.
fn closed(case: &Case) -> Option<Timestamp> {
    let r = case.request;
    let told = case.story.told.iter().rev().find_map(|t| Some((t, rules::told::decides(t)?)));
    let by_word = told.and_then(|(t, known)| match known {
        // Said before the request came: ignored from the start, while a welcome one is news.
        None => Some(t.at.max(r.at)),
        Some(_) => (t.at >= r.at).then_some(t.at),
    });
    let connections = case
        .story
        .known
        .iter()
        .filter(|k| k.kind == AcquaintanceKind::Connection && k.network.as_ref().is_none_or(|n| *n == r.network));
    let by_connection = connections.filter_map(|k| k.first_at).filter(|t| *t >= r.at && *t <= case.now).min();
    let by_time = Some(plus(r.last_at.max(r.at), case.policy.closes_after)).filter(|t| *t <= case.now);
    [by_word, by_connection, by_time].into_iter().flatten().min()
}
