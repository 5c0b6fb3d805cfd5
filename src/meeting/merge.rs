//! One event from several sources is one meeting.
//!
//! The same interview stands on the work calendar, in a published feed that lags, and in the invitation's own file.
//! UID and RECURRENCE-ID say that it is the same; the highest SEQUENCE, then the freshest, says what holds now.
use super::Meeting;
use jiff::Timestamp;
use std::collections::{BTreeMap, HashMap};

/// Merges by UID and RECURRENCE-ID; in order of time.
///
/// Of equals the later in the list wins, so the freshest source goes last. An answer or a person that only an older
/// copy knows is kept: one source's silence does not take back what another one said.
#[must_use]
pub fn merge(meetings: Vec<Meeting>) -> Vec<Meeting> {
    let mut merged: BTreeMap<(String, i64), Meeting> = BTreeMap::new();
    for meeting in meetings {
        let key = (meeting.uid.clone(), meeting.recurrence);
        match merged.remove(&key) {
            None => merged.insert(key, meeting),
            Some(there) => merged.insert(key, newer(there, meeting)),
        };
    }
    let mut meetings: Vec<Meeting> = merged.into_values().collect();
    drop_outdated(&mut meetings);
    meetings.sort_by(|a, b| (a.starts, &a.uid, a.recurrence).cmp(&(b.starts, &b.uid, b.recurrence)));
    meetings
}

/// A single event that was moved has another start, but the same UID and a higher SEQUENCE: the old time holds no more.
fn drop_outdated(meetings: &mut Vec<Meeting>) {
    let mut latest: HashMap<String, i64> = HashMap::new();
    for m in meetings.iter().filter(|m| !m.signals.recurring) {
        let there = latest.entry(m.uid.clone()).or_insert(m.sequence);
        *there = (*there).max(m.sequence);
    }
    meetings.retain(|m| m.signals.recurring || latest.get(&m.uid).is_none_or(|sequence| m.sequence >= *sequence));
}

/// Cancels whole events by UID, unless what is known of them is a later version than what was called off.
pub fn call_off(meetings: &mut [Meeting], called_off: &[(String, i64)], seen_at: Timestamp) {
    let mut latest: HashMap<&str, i64> = HashMap::new();
    for (uid, sequence) in called_off {
        let there = latest.entry(uid).or_insert(*sequence);
        *there = (*there).max(*sequence);
    }
    for meeting in meetings.iter_mut().filter(|meeting| meeting.cancelled_at.is_none()) {
        if latest.get(meeting.uid.as_str()).is_some_and(|sequence| meeting.sequence <= *sequence) {
            meeting.cancelled_at = Some(seen_at);
        }
    }
}

fn newer(there: Meeting, here: Meeting) -> Meeting {
    let age = |meeting: &Meeting| (meeting.sequence, meeting.changed_at);
    let (mut new, old) = if age(&here) >= age(&there) { (here, there) } else { (there, here) };
    let signals = &mut new.signals;
    signals.owner_response = signals.owner_response.or(old.signals.owner_response);
    new.title = new.title.or(old.title);
    for participant in old.participants {
        let same = |p: &super::Participant| match (&p.address, &participant.address) {
            (Some(a), Some(b)) => a == b,
            (None, None) => p.name == participant.name,
            (Some(_), None) | (None, Some(_)) => p.name.is_some() && p.name == participant.name,
        };
        match new.participants.iter_mut().find(|p| same(p)) {
            None if new.sequence == old.sequence => new.participants.push(participant),
            None => {} // a later version left them out
            Some(there) => {
                there.response = there.response.or(participant.response);
                there.address = there.address.take().or(participant.address);
            }
        }
    }
    new
}
