//! The order of the clauses, and nothing of what they say.
use super::{Clause, Policy, RequestVerdict, RequestWord, Verdicts};
use crate::timeline::{Coverage, Event, FactId, Request, Timeline};
use jiff::Timestamp;

/// What is due between the owner and one person. Pure and total; one verdict for each request on the timeline.
#[must_use]
pub fn judge(policy: &Policy, timeline: &Timeline, coverage: &Coverage, now: Timestamp) -> Verdicts {
    let requests = timeline.events.iter().filter_map(|e| match e {
        Event::Asked(r) => Some(bare(policy, r, coverage, now)),
        _ => None,
    });
    Verdicts { requests: requests.collect(), thanks: vec![] }
}

/// A request that stands on nobody's timeline: forged, or by nobody in particular.
#[must_use]
pub fn judge_stray(policy: &Policy, request: &Request, coverage: &Coverage, now: Timestamp) -> RequestVerdict {
    bare(policy, request, coverage, now)
}

fn bare(policy: &Policy, r: &Request, coverage: &Coverage, _now: Timestamp) -> RequestVerdict {
    RequestVerdict {
        request: r.key.clone(),
        word: RequestWord::Premature,
        clause: Clause::Stranger,
        known_by: None,
        meeting: None,
        until: None,
        news_from: r.at.checked_add(policy.settle).unwrap_or(r.at),
        closed: None,
        unread: None,
        horizon: coverage.horizon(),
        question: None,
        remarks: vec![],
        because: r.letters.iter().copied().map(FactId::Letter).collect(),
    }
}
