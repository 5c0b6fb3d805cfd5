//! Where two persons may be one, each gets the timeline they would share, so that it can be judged under either.
use super::build::{of, order};
use super::{Alternative, Event};
use crate::person::{Grouping, Likeness, PersonId};
use std::collections::HashMap;

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
    others.into_iter().enumerate().map(|(i, others)| alternatives(grouping, own(i), others, &own)).collect()
}

/// Only of somebody who asked, wrote or met it can matter who else they are, and only somebody with a past makes a
/// difference.
fn alternatives<'e>(
    grouping: &Grouping,
    own: &[Event],
    mut others: Vec<(usize, &Likeness)>,
    events: &impl Fn(usize) -> &'e [Event],
) -> Vec<Alternative> {
    if !own.iter().any(|e| matches!(e, Event::Asked(_) | Event::Wrote(_) | Event::Met(_))) {
        return vec![];
    }
    others.sort_by(|(i, a), (j, b)| b.weight.total_cmp(&a.weight).then(i.cmp(j)));
    let with_a_past = |(i, _): &(usize, &Likeness)| events(*i).iter().any(|e| !matches!(e, Event::Asked(_)));
    let shared = |(i, likeness): (usize, &Likeness)| {
        let mut both = [own, events(i)].concat();
        both.sort_by_cached_key(order);
        Some(Alternative { likeness: likeness.clone(), timeline: of(grouping.persons.get(i)?, both) })
    };
    others.into_iter().filter(with_a_past).take(MOST).filter_map(shared).collect()
}
