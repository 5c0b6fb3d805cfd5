//! Letters about one invitation become one request.
//!
//! A network sends the first mail, then reminders, then names the same person in a batch; sometimes only the reminder
//! arrives, and sometimes a year lies between two real requests. A letter joins by the network's own id, else the
//! person's latest request on that network unless that had closed by then. Unverified letters never join, prolong or
//! count for a verified request, or anybody could (trust.md).
use super::{LetterFact, LetterId, MessageFact, Request};
use crate::letter::{Invitation, InvitationKind, NetworkId};
use crate::message::Authenticity;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use std::collections::HashMap;

/// One invitation letter with its mail.
#[derive(Clone, Copy)]
pub(super) struct Asking<'a> {
    pub fact: &'a LetterFact,
    pub message: &'a MessageFact,
    pub invitation: &'a Invitation,
    /// Index of the person it is about; `None`: nobody's (forged).
    pub person: Option<usize>,
}

/// What decides whether letters may join: network, one-way or not, verified or not.
type Class<'a> = (&'a NetworkId, bool, bool);

/// A request with the person it is about.
pub(super) struct Grouped {
    pub person: Option<usize>,
    pub request: Request,
}

struct Draft<'a> {
    letters: Vec<Asking<'a>>,
    last_at: Timestamp,
    again: bool,
}

/// `open`: networks whose requests are harmless.
pub(super) fn group(
    mut askings: Vec<Asking>,
    open: &[NetworkId],
    closes_after: SignedDuration,
    zone: &TimeZone,
) -> Vec<Grouped> {
    askings.sort_by_key(|a| (a.message.arrived_at, a.fact.id));
    let mut drafts: Vec<Draft> = Vec::new();
    let mut by_id: HashMap<(Class, &str), usize> = HashMap::new();
    let mut by_person: HashMap<(Class, usize), usize> = HashMap::new();
    for asking in askings {
        let class = class(&asking);
        let id = asking.invitation.invitation_id.as_deref();
        let at = asking.message.arrived_at;
        let same = id.and_then(|id| by_id.get(&(class, id))).copied();
        let latest = asking.person.and_then(|p| by_person.get(&(class, p))).copied();
        let open_still = |i: &usize| drafts.get(*i).is_some_and(|d| at.duration_since(d.last_at) < closes_after);
        let index = match same.or(latest.filter(open_still)) {
            Some(index) => index,
            None => {
                drafts.push(Draft { letters: vec![], last_at: at, again: latest.is_some() });
                drafts.len() - 1
            }
        };
        if let Some(draft) = drafts.get_mut(index) {
            draft.last_at = draft.last_at.max(at);
            draft.letters.push(asking);
        }
        if let Some(id) = id {
            by_id.entry((class, id)).or_insert(index);
        }
        if let Some(person) = asking.person {
            by_person.insert((class, person), index);
        }
    }
    let mut grouped: Vec<Grouped> = drafts.iter().filter_map(|d| finish(d, open, zone)).collect();
    number(&mut grouped);
    grouped
}

fn class<'a>(asking: &Asking<'a>) -> Class<'a> {
    let verified = asking.message.authenticity == Authenticity::Verified;
    (&asking.invitation.network, one_way(asking.invitation.kind), verified)
}

pub(super) fn one_way(kind: InvitationKind) -> bool {
    match kind {
        InvitationKind::Follow | InvitationKind::FollowRequest => true,
        InvitationKind::Connect | InvitationKind::Reminder | InvitationKind::Batch => false,
    }
}

fn finish(draft: &Draft, open: &[NetworkId], zone: &TimeZone) -> Option<Grouped> {
    let first = draft.letters.first()?;
    // The key hangs on the letter recorded first: what comes or is found later does not move it.
    let eldest = draft.letters.iter().min_by_key(|a| a.fact.id)?;
    let verified = first.message.authenticity == Authenticity::Verified;
    let reminders = draft.letters.iter().filter(|a| verified && a.invitation.kind == InvitationKind::Reminder).count();
    let inviters = || draft.letters.iter().filter_map(|a| a.invitation.inviter.as_ref());
    let kind = draft.letters.iter().map(|a| a.invitation.kind).find(|k| *k != InvitationKind::Reminder);
    let request = Request {
        key: base(eldest),
        network: first.invitation.network.clone(),
        kind: kind.unwrap_or(InvitationKind::Reminder),
        open: one_way(first.invitation.kind) || open.contains(&first.invitation.network),
        at: asked_at(&draft.letters, zone).unwrap_or(first.message.arrived_at),
        by: first.message.arrived_by,
        last_at: draft.last_at,
        reminders: u32::try_from(reminders).unwrap_or(u32::MAX),
        authenticity: first.message.authenticity,
        name: inviters().find_map(|i| i.name.clone()),
        headline: inviters().find_map(|i| i.headline.clone()),
        profile: inviters().find_map(|i| i.profile.clone()),
        thanks_inside: draft.letters.iter().any(|a| a.invitation.thanks_inside),
        letters: draft.letters.iter().map(|a| a.fact.id).collect(),
        again: draft.again,
    };
    Some(Grouped { person: first.person, request })
}

/// The earliest time any of its mails states or proves. A reminder that states only a day leaves the hour open: a first
/// mail of about that day is the better witness, and without one the end of the day is taken, for the person's sake.
fn asked_at(letters: &[Asking], zone: &TimeZone) -> Option<Timestamp> {
    let arrived = letters.iter().map(|a| a.message.arrived_at).min()?;
    let stated = letters.iter().filter_map(|a| a.invitation.asked_at).min();
    let Some(stated) = stated.filter(|s| *s <= arrived) else { return Some(arrived) };
    let by_day = |z: &TimeZone| z.to_datetime(stated).time() == jiff::civil::Time::midnight();
    let day_only = by_day(zone) || by_day(&TimeZone::UTC);
    Some(if day_only { arrived.min(later(stated, A_DAY)) } else { stated })
}

const A_DAY: SignedDuration = SignedDuration::from_hours(24);

fn later(t: Timestamp, d: SignedDuration) -> Timestamp {
    t.checked_add(d).unwrap_or(Timestamp::MAX)
}

/// `linkedin:inv/61`, `linkedin:in/jane-doe#`, `linkedin:name/jane doe#`: what is known of the request, best first.
fn base(asking: &Asking) -> String {
    let network = &asking.invitation.network.0;
    if let Some(id) = &asking.invitation.invitation_id {
        return format!("{network}:inv/{id}");
    }
    let inviter = asking.invitation.inviter.as_ref();
    if let Some(profile) = inviter.and_then(|i| i.profile.as_ref()) {
        return format!("{}#", profile.as_str());
    }
    match inviter.and_then(|i| i.name.as_ref()) {
        Some(name) => format!("{network}:name/{}#", name.as_str().to_lowercase()),
        None => format!("{network}:letter/{}", asking.fact.id.0),
    }
}

/// Numbers requests of one base in the order they were recorded, so that an older one found later takes no number away.
fn number(grouped: &mut [Grouped]) {
    let mut order: Vec<(LetterId, usize)> =
        grouped.iter().enumerate().filter_map(|(i, g)| Some((g.request.letters.iter().min().copied()?, i))).collect();
    order.sort_unstable();
    let mut seen: HashMap<String, u32> = HashMap::new();
    for (_, index) in order {
        let Some(Grouped { request, .. }) = grouped.get_mut(index) else { continue };
        let n = seen.entry(request.key.clone()).and_modify(|n| *n += 1).or_insert(1);
        match (request.key.ends_with('#'), *n) {
            (true, n) => request.key.push_str(&n.to_string()),
            (false, 1) => {}
            (false, n) => request.key.push_str(&format!("#{n}")),
        }
    }
}
