//! Entries become meetings with somebody: one event from two calendars is one meeting, and each person's own answer
//! counts for that person.
use super::{Met, Rules, Telling, Verb, told_day, told_kind};
use crate::meeting::{FoundIn, Kind, Meeting, MeetingId, Participant, Response, TookPlace, merge};
use crate::person::MentionId;
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};

/// Events joined over all calendars, each with the smallest id among its copies: that one stays when another copy
/// becomes the fresher, and items are named by it.
pub(super) fn join(meetings: &[Meeting]) -> Vec<Meeting> {
    let mut eldest: HashMap<(&str, i64), MeetingId> = HashMap::new();
    for m in meetings {
        eldest.entry((&m.uid, m.recurrence)).and_modify(|id| *id = m.id.min(*id)).or_insert(m.id);
    }
    let mut joined = merge(meetings.to_vec());
    for m in &mut joined {
        m.id = eldest.get(&(m.uid.as_str(), m.recurrence)).copied().unwrap_or(m.id);
    }
    joined
}

/// The meetings each person took part in: (index of the person, the meeting, the mentions they were found by).
pub(super) fn met(
    event: &Meeting,
    person_of: &HashMap<MentionId, usize>,
    rules: &Rules,
    now: Timestamp,
) -> Vec<(usize, Met, Vec<MentionId>)> {
    let mut found: BTreeMap<usize, (Participant, Vec<MentionId>)> = BTreeMap::new();
    for p in &event.participants {
        let Some((mention, person)) = p.mention.and_then(|m| Some((m, *person_of.get(&m)?))) else { continue };
        let (best, mentions) = found.entry(person).or_insert_with(|| (p.clone(), Vec::new()));
        mentions.push(mention);
        best.found_in = best.found_in.min(p.found_in);
        best.response = answer(best.response, p.response);
    }
    let kind = (rules.kind)(event);
    let seen = found.into_iter().map(|(person, (p, mentions))| {
        let took_place = (rules.took_place)(event, Some(&p), now);
        (person, one(event, kind, took_place, p.found_in), mentions)
    });
    seen.collect()
}

/// Somebody found twice (invited, and named in the title) has the answer they gave.
fn answer(a: Option<Response>, b: Option<Response>) -> Option<Response> {
    match (a, b) {
        (Some(Response::NeedsAction) | None, Some(b)) => Some(b),
        (a, _) => a,
    }
}

fn one(m: &Meeting, kind: Kind, took_place: TookPlace, found_in: FoundIn) -> Met {
    let signals = &m.signals;
    let says = |word: &String| word == "interview:title" || word == "phone_screen:title";
    Met {
        id: m.id,
        title: m.title.clone(),
        kind,
        starts: m.starts,
        ends: m.ends,
        people: signals.people.max(u32::try_from(m.participants.len()).unwrap_or(u32::MAX).saturating_add(1)),
        took_place,
        found_in,
        by_phone_or_video: signals.by_phone || signals.by_video,
        says_interview: signals.words.iter().any(says),
        learnt_at: m.changed_at,
    }
}

/// The owner's word about meetings with one person: `did-not-meet`, and `met interview` or `met coffee 12 Nov` for one
/// whose kind the calendar leaves open. It is about the meeting whose mention it names, else the one on the day it
/// names, else the latest before it was said.
pub(super) fn heed(tellings: &[&Telling], met: &mut [(Met, Vec<MentionId>)], rules: &Rules) {
    for t in tellings.iter().filter(|t| !t.undone) {
        let kind = match t.verb {
            Verb::DidNotMeet => None,
            Verb::Met => match t.argument.as_deref().and_then(told_kind) {
                Some(kind) => Some(kind),
                None => continue,
            },
            Verb::Hired | Verb::Known | Verb::Noted | Verb::Ignore | Verb::SameAs | Verb::NotSame => continue,
        };
        let fits = |m: &Met| kind.is_none() || m.kind == Kind::Unclear;
        let Some(index) = meant(t, met, rules, fits) else { continue };
        let Some((m, _)) = met.get_mut(index) else { continue };
        match kind {
            Some(kind) => m.kind = kind,
            None => m.took_place = TookPlace::Told,
        }
    }
}

fn meant(t: &Telling, met: &[(Met, Vec<MentionId>)], rules: &Rules, fits: impl Fn(&Met) -> bool) -> Option<usize> {
    let named = met.iter().position(|(_, mentions)| t.about.is_some_and(|a| mentions.contains(&a)));
    if let Some(index) = named.filter(|i| met.get(*i).is_some_and(|(m, _)| fits(m))) {
        return Some(index);
    }
    let said = rules.owner.zone.to_datetime(t.at).date();
    let day = t.argument.as_deref().and_then(|argument| told_day(argument, said));
    let on_day = |m: &Met| day.is_none_or(|d| rules.owner.zone.to_datetime(m.starts).date() == d);
    let candidates = met.iter().enumerate().filter(|(_, (m, _))| m.starts <= t.at && fits(m) && on_day(m));
    candidates.max_by_key(|(_, (m, _))| (m.ends, m.id)).map(|(index, _)| index)
}
