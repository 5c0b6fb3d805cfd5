//! Where two persons may be one, each gets the timeline they would share, so that it can be judged under either.
use super::build::{of, order};
use super::{Alternative, Event, Written};
use crate::letter::Grounds;
use crate::person::{Grouping, Likeness, PersonId};
use std::collections::{HashMap, HashSet};

/// More persons than this one may be are no question anybody can answer; the likeliest are kept.
const MOST: usize = 6;

/// By index of the person. `events` are everybody's own.
pub(super) fn perhaps(grouping: &Grouping, events: &[Vec<Event>]) -> Vec<Vec<Alternative>> {
    let index: HashMap<PersonId, usize> = grouping.persons.iter().enumerate().map(|(i, p)| (p.id, i)).collect();
    let mut others: Vec<Vec<(usize, &Likeness)>> = vec![Vec::new(); grouping.persons.len()];
    for pair in &grouping.perhaps {
        let (Some(a), Some(b)) = (index.get(&pair.a), index.get(&pair.b)) else { continue };
        for (one, other) in [(*a, *b), (*b, *a)] {
            others.get_mut(one).into_iter().for_each(|o| o.push((other, &pair.likeness)));
        }
    }
    let own = |i: usize| events.get(i).map_or(&[][..], Vec::as_slice);
    let linked = linked(&others);
    let all = others.into_iter().enumerate();
    all.map(|(i, others)| alternatives(grouping, own(i), others, &Around { events: &own, linked: &linked })).collect()
}

/// What stands around a person: everybody's events, and who may be whom.
struct Around<'a, 'e> {
    events: &'a dyn Fn(usize) -> &'e [Event],
    linked: &'a HashSet<(usize, usize)>,
}

fn linked(others: &[Vec<(usize, &Likeness)>]) -> HashSet<(usize, usize)> {
    others.iter().enumerate().flat_map(|(i, o)| o.iter().map(move |(j, _)| (i, *j))).collect()
}

/// Only of somebody who asked, wrote or met it can matter who else they are, and only somebody with a past makes a
/// difference.
fn alternatives<'e>(
    grouping: &Grouping,
    own: &[Event],
    mut others: Vec<(usize, &Likeness)>,
    around: &Around<'_, 'e>,
) -> Vec<Alternative> {
    let events = around.events;
    if !own.iter().any(|e| matches!(e, Event::Asked(_) | Event::Wrote(_) | Event::Met(_))) {
        return vec![];
    }
    others.sort_by(|(i, a), (j, b)| b.weight.total_cmp(&a.weight).then(i.cmp(j)));
    let with_a_past = |(i, _): &(usize, &Likeness)| events(*i).iter().any(|e| !matches!(e, Event::Asked(_)));
    let all: Vec<usize> = others.iter().map(|(i, _)| *i).collect();
    let shared = |(i, likeness): (usize, &Likeness)| {
        let mut both = own.to_vec();
        both.extend(events(i).iter().filter(|e| !(likeness.objects() && is_vague(e))).cloned());
        both.extend(third(own, i, &all, around));
        both.sort_by_cached_key(order);
        Some(Alternative { likeness: likeness.clone(), timeline: of(grouping.persons.get(i)?, both) })
    };
    others.into_iter().filter(with_a_past).take(MOST).filter_map(shared).collect()
}

/// Thanks that need a meeting to be thanks at all: of somebody whose name speaks against being them they prove nothing.
fn is_vague(event: &Event) -> bool {
    matches!(event, Event::Wrote(w) if matches!(&w.what, Written::Note(note) if note.grounds != Grounds::Words))
}

/// Kate asked, Katie came, Katherine wrote: if Kate is Katie, what Katherine wrote may be theirs too, as long as it may
/// be both's. Otherwise it would be missing from every way to read the three. Who met the owner under the own name needs
/// none of this: the letter stands beside their meeting already.
fn third(own: &[Event], i: usize, all: &[usize], around: &Around<'_, '_>) -> Vec<Event> {
    let met = |events: &[Event]| events.iter().any(|e| matches!(e, Event::Met(_)));
    if met(own) || !met((around.events)(i)) {
        return vec![];
    }
    let others = all.iter().filter(|k| **k != i && around.linked.contains(&(i, **k)) && !met((around.events)(**k)));
    others.flat_map(|k| (around.events)(*k)).filter(|e| matches!(e, Event::Wrote(_))).cloned().collect()
}
