//! The coffee, meal or beer rule: what makes the owner *know* somebody, and since when.
//!
//! Within a candidacy nothing that belongs to the hiring counts, however long it took; bread broken together does,
//! unless it was the lunch of an on-site day.
use super::candidacy::Span;
use super::moment::plus;
use super::story::{Occasion, Part, within};
use super::{InterviewCounts, KnownBy, Policy};
use crate::timeline::{AcquaintanceKind, Acquainted, FactId, Met};
use jiff::{SignedDuration, Timestamp, civil::Date};

/// One reason why the owner knows this person.
#[derive(Debug, Clone)]
pub(super) struct Ground<'a> {
    pub by: KnownBy,
    pub since: Timestamp,
    pub met: Option<&'a Met>,
    pub because: Option<FactId>,
}

/// All of them, in no order.
pub(super) fn grounds<'a>(
    policy: &Policy,
    occasions: &[Occasion<'a>],
    spans: &[Span],
    known: &[&Acquainted],
) -> Vec<Ground<'a>> {
    let acquainted = known.iter().filter_map(|k| acquaintance(policy, spans, k));
    let mut grounds: Vec<Ground> = acquainted.collect();
    grounds.extend(social(policy, occasions, spans));
    grounds.extend(talked(policy, occasions, spans));
    if policy.knows.interview_counts == InterviewCounts::Always {
        grounds.extend(occasions.iter().filter(|o| o.held_as(Part::Interview)).map(|o| meeting(KnownBy::Interview, o)));
    }
    grounds
}

fn meeting<'a>(by: KnownBy, o: &Occasion<'a>) -> Ground<'a> {
    Ground { by, since: o.met.ends, met: Some(o.met), because: Some(FactId::Meeting(o.met.id)) }
}

fn acquaintance<'a>(policy: &Policy, spans: &[Span], k: &Acquainted) -> Option<Ground<'a>> {
    let since = k.first_at.unwrap_or(Timestamp::MIN);
    let knows = &policy.knows;
    let (by, since) = match k.kind {
        AcquaintanceKind::AddressBook => (KnownBy::Contact, knows.contacts.then_some(since)?),
        AcquaintanceKind::Connection => (KnownBy::Connection, knows.connections.then_some(since)?),
        AcquaintanceKind::Colleague => (KnownBy::Colleague, knows.colleagues.then_some(since)?),
        AcquaintanceKind::Correspondence => {
            let (exchanges, span) = knows.correspondence?;
            let since = corresponded(spans, k, span).filter(|_| k.exchanges >= exchanges)?;
            (KnownBy::Correspondence, since)
        }
    };
    Some(Ground { by, since, met: None, because: k.fact })
}

/// Since when the letters have spread over `span`. Only one line is kept of a correspondence, not its letters, so of
/// one that reaches into a candidacy the part before it (or the part after) must be long enough by itself.
fn corresponded(spans: &[Span], k: &Acquainted, span: SignedDuration) -> Option<Timestamp> {
    let (first, last) = (k.first_at?, k.last_at?);
    let mut free_from = first;
    for s in spans.iter().filter(|s| s.until >= first && s.from <= last) {
        if plus(free_from, span) <= s.from {
            return Some(plus(free_from, span));
        }
        free_from = free_from.max(s.until);
    }
    (plus(free_from, span) <= last).then(|| plus(free_from, span))
}

fn social<'a>(policy: &Policy, occasions: &[Occasion<'a>], spans: &[Span]) -> Vec<Ground<'a>> {
    if !policy.knows.social {
        return vec![];
    }
    let day = |t: Timestamp| -> Date { policy.zone.to_datetime(t).date() };
    let mut interview_days: Option<Vec<Date>> = None;
    let mut found = Vec::new();
    for o in occasions.iter().filter(|o| o.held()) {
        let Part::Social(by) = o.part else { continue };
        let suspended = within(spans, o.met.starts).is_some() && {
            let days = interview_days.get_or_insert_with(|| days_of_interviews(occasions, day));
            o.met.says_interview || days.binary_search(&day(o.met.starts)).is_ok()
        };
        if !suspended {
            found.push(meeting(by, o));
        }
    }
    found
}

fn days_of_interviews(occasions: &[Occasion], day: impl Fn(Timestamp) -> Date) -> Vec<Date> {
    let interviews = occasions.iter().filter(|o| o.part == Part::Interview && (o.held() || o.ahead()));
    let mut days: Vec<Date> = interviews.map(|o| day(o.met.starts)).collect();
    days.sort_unstable();
    days
}

/// Does this talk count towards knowing somebody, however short?
fn talk(policy: &Policy, o: &Occasion, spans: &[Span]) -> bool {
    o.held_as(Part::Business)
        && (policy.knows.virtual_counts || !o.met.by_phone_or_video)
        && within(spans, o.met.starts).is_none()
}

fn talked<'a>(policy: &Policy, occasions: &[Occasion<'a>], spans: &[Span]) -> Vec<Ground<'a>> {
    let Some(enough) = policy.knows.talked else { return vec![] };
    let mut so_far = SignedDuration::ZERO;
    let mut found = Vec::new();
    for o in occasions.iter().filter(|o| talk(policy, o, spans)) {
        let lasted = lasted(o.met);
        so_far = so_far.saturating_add(lasted);
        if lasted >= enough || (policy.knows.add_up && so_far >= enough) {
            found.push(meeting(KnownBy::Talked, o));
        }
    }
    found
}

/// How long it took; never negative.
pub(super) fn lasted(met: &Met) -> SignedDuration {
    met.starts.duration_until(met.ends).max(SignedDuration::ZERO)
}
