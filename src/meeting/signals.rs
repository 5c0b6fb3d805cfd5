//! An occurrence into a [`Meeting`]: what stood in the entry that decides anything later.
//!
//! The description is read here and then forgotten; what is kept is whether it carried a scheduling tool's mark or an
//! interview's phrase, and who was named. Kind and "took place" are derived from that each round.
use super::glossary::{Class, Folded, Glossary, Hit};
use super::ics::{Details, Occurrence, Party};
use super::tools::Tools;
use super::{Meeting, MeetingId, Response, Signals, people, title};
use crate::person::Owner;
use jiff::Timestamp;
use std::collections::HashMap;
use std::sync::Arc;

/// Longest title that is stored and looked at, in bytes.
const LONGEST_TITLE: usize = 500;
/// How much of a description is looked at.
const LONGEST_DESCRIPTION: usize = 10_000;

/// Understands one occurrence. `seen_at` is when thankd reads it: the time of a cancellation, and of a change.
#[must_use]
pub fn understand(
    occurrence: &Occurrence,
    owner: &Owner,
    glossary: &Glossary,
    source: &str,
    seen_at: Timestamp,
) -> Meeting {
    let details = &occurrence.details;
    let raw = details.title.as_deref().unwrap_or_default();
    let title = title::Title::read(super::lines::cut(raw, LONGEST_TITLE), glossary);
    let description = super::lines::cut(details.description.as_deref().unwrap_or_default(), LONGEST_DESCRIPTION);
    let busy = title.hits.iter().any(|hit| hit.class == Class::Busy && hit.range.len() == title.folded.text.len());
    let private = details.private || busy;
    let participants = if private { Vec::new() } else { people::find(details, &title, description, owner, glossary) };
    let signals = Signals {
        tool: Tools::embedded().mark(details, description),
        words: words(&title, description, glossary),
        categories: categories(details, raw),
        people: count(details, owner),
        outside: outside(details, owner),
        owner_response: owner_response(details, owner),
        all_day: details.all_day,
        free: details.free,
        private,
        tentative: details.tentative,
        hold: title.hold,
        recurring: occurrence.recurring,
        by_phone: Tools::embedded().by_phone(details),
        by_video: Tools::embedded().by_video(details, description),
        food_place: food_place(details, glossary),
    };
    let cancelled = details.cancelled || title.cancelled;
    Meeting {
        id: MeetingId(0),
        source: source.to_owned(),
        uid: occurrence.uid.clone(),
        recurrence: occurrence.recurrence,
        sequence: occurrence.sequence,
        starts: occurrence.starts,
        ends: occurrence.ends,
        zone: occurrence.zone.clone(),
        title: (!title.shown.is_empty()).then_some(title.shown),
        signals,
        participants,
        cancelled_at: cancelled.then_some(seen_at),
        changed_at: seen_at,
    }
}

/// Understands many. The occurrences of a series share their details, so each is worked out once.
#[must_use]
pub fn understand_all<'o>(
    occurrences: impl IntoIterator<Item = &'o Occurrence>,
    owner: &Owner,
    glossary: &Glossary,
    source: &str,
    seen_at: Timestamp,
) -> Vec<Meeting> {
    let mut known: HashMap<*const Details, Meeting> = HashMap::new();
    let mut meetings = Vec::new();
    for one in occurrences {
        let pattern =
            known.entry(Arc::as_ptr(&one.details)).or_insert_with(|| understand(one, owner, glossary, source, seen_at));
        let mut meeting = pattern.clone();
        (meeting.uid, meeting.recurrence, meeting.sequence) = (one.uid.clone(), one.recurrence, one.sequence);
        (meeting.starts, meeting.ends, meeting.zone) = (one.starts, one.ends, one.zone.clone());
        meeting.signals.recurring = one.recurring;
        meetings.push(meeting);
    }
    meetings
}

/// Kind words with where they stand: `interview:title`, `interview:booking`, `described:description`.
fn words(title: &title::Title, description: &str, glossary: &Glossary) -> Vec<String> {
    let named = |hit: &Hit, place: &str| hit.class.kind_word().map(|word| format!("{word}:{place}"));
    let mut words: Vec<String> = title.hits.iter().filter_map(|hit| named(hit, "title")).collect();
    let text = people::without_markup(description);
    if let Some(booked) = booked(&text, glossary) {
        words.extend(glossary.hits(&Folded::new(booked)).iter().filter_map(|hit| named(hit, "booking")));
    } else if words.is_empty() {
        words.extend(opening(&text, glossary).iter().filter_map(|hit| named(hit, "opening")));
    }
    let folded = Folded::new(description);
    // In running text only whole phrases of interviews' own count: "after the interviews" is said of anything.
    let telling = |hit: &Hit| matches!(hit.class, Class::Described | Class::PhoneScreen);
    words.extend(glossary.hits(&folded).iter().filter(|hit| telling(hit)).filter_map(|hit| named(hit, "description")));
    let mut seen = std::collections::HashSet::new();
    words.retain(|word| seen.insert(word.clone()));
    words
}

/// Longest line that is a title or a label's value, in letters.
const LONGEST_LINE: usize = 100;
/// Lines of a description among which a booking's title is looked for.
const MOST_LINES: usize = 40;

/// The title that a scheduling tool's booking was given: `Event Name: Interview SRE`, or on the line below.
fn booked<'t>(text: &'t str, glossary: &Glossary) -> Option<&'t str> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty()).take(MOST_LINES);
    let fits = |value: &&str| !value.is_empty() && value.chars().count() <= LONGEST_LINE;
    while let Some(line) = lines.next() {
        let Some((label, value)) = line.split_once([':', '：']) else { continue };
        let label = label.trim().trim_matches('*');
        if label.chars().count() <= 40 && glossary.is(Class::Booked, label) {
            let value = value.trim().trim_matches('*').trim();
            return Some(if value.is_empty() { lines.next()? } else { value }).filter(fits);
        }
    }
    None
}

/// Kind words with which a description opens, where the title has none: `Vorstellungsgespräch`, `Interview SRE`.
fn opening(text: &str, glossary: &Glossary) -> Vec<Hit> {
    let first = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    if first.chars().count() > LONGEST_LINE || first.contains("://") {
        return Vec::new();
    }
    let kinds =
        |class| matches!(class, Class::Interview | Class::PhoneScreen | Class::Coffee | Class::Meal | Class::Drink);
    let mut hits = glossary.hits(&Folded::new(first));
    hits.retain(|hit| hit.range.start == 0 && kinds(hit.class));
    hits
}

/// CATEGORIES, and `#tags` of the title.
fn categories(details: &Details, title: &str) -> Vec<String> {
    let tags = title.split_whitespace().filter(|word| word.len() > 1).filter_map(|word| word.strip_prefix('#'));
    let clean = |tag: &str| tag.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    details.categories.iter().map(|c| clean(c)).chain(tags.map(clean)).filter(|tag| !tag.is_empty()).take(20).collect()
}

fn persons(details: &Details) -> impl Iterator<Item = &Party> {
    details.organizer.iter().chain(&details.attendees).filter(|party| people::is_person(party))
}

/// People invited, the owner included; an organiser who is an attendee, too, once.
fn count(details: &Details, owner: &Owner) -> u32 {
    let mut addresses: Vec<&crate::person::Address> = persons(details).filter_map(|p| p.address.as_ref()).collect();
    addresses.sort_unstable();
    addresses.dedup();
    let nameless = details.invited.saturating_sub(details.attendees.len());
    let without = persons(details).filter(|p| p.address.is_none()).count();
    let own = usize::from(!addresses.iter().any(|a| owner.has_address(a)));
    u32::try_from(addresses.len() + without + nameless + own).unwrap_or(u32::MAX)
}

fn outside(details: &Details, owner: &Owner) -> u32 {
    let foreign = |a: &&crate::person::Address| !owner.has_address(a) && !owner.is_colleague(a);
    let mut addresses: Vec<_> = persons(details).filter_map(|p| p.address.as_ref()).filter(foreign).collect();
    addresses.sort_unstable();
    addresses.dedup();
    u32::try_from(addresses.len()).unwrap_or(u32::MAX)
}

fn owner_response(details: &Details, owner: &Owner) -> Option<Response> {
    let is_owner = |party: &&Party| party.address.as_ref().is_some_and(|a| owner.has_address(a));
    details.attendees.iter().filter(is_owner).find_map(|party| party.response)
}

fn food_place(details: &Details, glossary: &Glossary) -> bool {
    let place = Folded::new(super::lines::cut(details.location.as_deref().unwrap_or_default(), LONGEST_TITLE));
    let social = |hit: &Hit| matches!(hit.class, Class::Coffee | Class::Meal | Class::Drink);
    glossary.hits(&place).iter().any(social)
}
