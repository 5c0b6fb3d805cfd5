//! All mentions sorted into persons.
//!
//! Three kinds of reasons, in this order: the owner's word; an address or profile both have; likeness. The difficulty is
//! that "same" does not carry over: Jane Doe is like Jane A. Doe and like Jane B. Doe, who are two. So groups grow by
//! the surest pairs first, never across a pair that is known to be two people, and who fits two such groups joins
//! neither. A mention that is not trusted may join a person but never binds two: forged mail teaches nothing.
use super::book::Edge;
use super::reading::read;
use super::sets::{Known, Sets, bag, known};
use super::{Address, Grouping, Likeness, Mention, MentionId, Name, Owner, Perhaps, Person, PersonId, SameAs, Seen};
use std::collections::{BTreeMap, HashSet};

/// Sorts mentions into persons. Their order does not matter; the owner's own are left out.
#[must_use]
pub fn group(mentions: &[Mention], tellings: &[SameAs], owner: &Owner) -> Grouping {
    let own: HashSet<String> = owner.names.iter().map(|n| bag(&read(n.as_str()))).collect();
    let known = known(mentions);
    let mut sorted: Vec<&Mention> = mentions.iter().filter(|m| !is_owner(m, owner, &own, &known)).collect();
    sorted.sort_by_key(|m| m.id);
    sorted.dedup_by_key(|m| m.id);
    let mut sets = Sets::new(&sorted, tellings, known);
    sets.told(tellings);
    sets.by_key(&sorted);
    sets.by_meeting(&sorted);
    sets.by_name(&sorted);
    let perhaps = sets.by_likeness(&sorted);
    sets.grouping(&sorted, perhaps)
}

/// The owner's addresses anywhere; the owner's name where calendars name everybody, if no other address says otherwise.
fn is_owner(m: &Mention, owner: &Owner, own: &HashSet<String>, known: &Known<'_>) -> bool {
    let in_calendar = matches!(m.seen, Seen::Attendee | Seen::Title | Seen::Description) && m.address.is_none();
    m.address.as_ref().is_some_and(|a| owner.has_address(a))
        || in_calendar && m.name.as_ref().and_then(|n| known.get(n.as_str())).is_some_and(|r| own.contains(&r.bag))
}

impl Sets<'_> {
    fn grouping(&self, sorted: &[&Mention], open: Vec<Edge>) -> Grouping {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for i in 0..sorted.len() {
            groups.entry(self.root(i)).or_default().push(i);
        }
        let id = |i: usize| sorted.get(self.root(i)).map(|m| PersonId(m.id.0));
        let mut perhaps: BTreeMap<(PersonId, PersonId), Likeness> = BTreeMap::new();
        for edge in open {
            let (Some(a), Some(b)) = (id(edge.a), id(edge.b)) else { continue };
            let told = self
                .apart
                .iter()
                .any(|(x, y)| (id(*x), id(*y)) == (Some(a), Some(b)) || (id(*y), id(*x)) == (Some(a), Some(b)));
            let at = (a.min(b), a.max(b));
            let better = perhaps.get(&at).is_none_or(|l| edge.likeness.weight > l.weight);
            if a != b && !told && better {
                perhaps.insert(at, edge.likeness);
            }
        }
        let persons = groups.values().filter_map(|g| self.person(sorted, g)).collect();
        Grouping {
            persons,
            perhaps: perhaps.into_iter().map(|((a, b), likeness)| Perhaps { a, b, likeness }).collect(),
        }
    }

    fn person(&self, sorted: &[&Mention], members: &[usize]) -> Option<Person> {
        let mentions: Vec<&Mention> = members.iter().filter_map(|i| sorted.get(*i).copied()).collect();
        let id = PersonId(mentions.first()?.id.0);
        let proven = mentions.iter().any(|m| m.trusted);
        let mut addresses: Vec<Address> =
            mentions.iter().filter(|m| m.trusted || !proven).filter_map(|m| m.address.clone()).collect();
        addresses.sort();
        addresses.dedup();
        let speaks = |m: &&&Mention| m.trusted || !proven;
        let name = mentions.iter().filter(speaks).filter_map(|m| Some((m.name.as_ref()?, m.seen, m.id))).max_by(fuller);
        let name = name.and_then(|(n, _, _)| Name::new(&super::parse::shown(n)));
        Some(Person { id, name, addresses, mentions: mentions.iter().map(|m| m.id).collect() })
    }
}

/// The fuller name; of equally full ones the one from their own mail, then the one seen first.
fn fuller(a: &(&Name, Seen, MentionId), b: &(&Name, Seen, MentionId)) -> std::cmp::Ordering {
    let rank = |(name, seen, id): &(&Name, Seen, MentionId)| {
        (super::parse::fullness(name), *seen == Seen::Wrote, std::cmp::Reverse(*id))
    };
    rank(a).cmp(&rank(b))
}
