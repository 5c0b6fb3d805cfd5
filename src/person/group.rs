//! All mentions sorted into persons.
use super::{Address, Context, Grouping, Mention, Outcome, Owner, Person, PersonId, SameAs, fold, likeness};
use std::collections::{BTreeMap, HashMap};

/// Sorts mentions into persons. Order of the mentions does not matter; the owner's own are left out.
#[must_use]
pub fn group(mentions: &[Mention], tellings: &[SameAs], owner: &Owner) -> Grouping {
    let mut sorted: Vec<&Mention> = mentions.iter().filter(|m| !is_owner(m, owner)).collect();
    sorted.sort_by_key(|m| m.id);
    let mut parent: Vec<usize> = (0..sorted.len()).collect();
    let mut blocks: HashMap<String, usize> = HashMap::new();
    for (i, m) in sorted.iter().enumerate() {
        for key in keys(m) {
            let j = *blocks.entry(key).or_insert(i);
            let same = sorted.get(j).is_some_and(|o| likeness(m, o, &Context::default()).outcome == Outcome::Same);
            if same {
                join(&mut parent, i, j);
            }
        }
    }
    for t in tellings.iter().filter(|t| t.same) {
        let at = |id| sorted.iter().position(|m| m.id == id);
        if let (Some(i), Some(j)) = (at(t.a), at(t.b)) {
            join(&mut parent, i, j);
        }
    }
    let mut groups: BTreeMap<usize, Vec<&Mention>> = BTreeMap::new();
    for (i, m) in sorted.iter().enumerate() {
        groups.entry(root(&parent, i)).or_default().push(m);
    }
    Grouping { persons: groups.into_values().filter_map(|g| person(&g)).collect(), perhaps: Vec::new() }
}

fn is_owner(m: &Mention, owner: &Owner) -> bool {
    m.address.as_ref().is_some_and(|a| owner.has_address(a))
}

fn keys(m: &Mention) -> Vec<String> {
    let address = m.address.as_ref().map(|a| format!("a:{}", a.as_str()));
    let profile = m.profile.as_ref().map(|p| format!("p:{}", p.as_str()));
    let name = m.name.as_ref().map(|n| format!("n:{}", fold::key(n.as_str())));
    [address, profile, name].into_iter().flatten().collect()
}

fn root(parent: &[usize], mut i: usize) -> usize {
    while let Some(&p) = parent.get(i).filter(|p| **p != i) {
        i = p;
    }
    i
}

fn join(parent: &mut [usize], i: usize, j: usize) {
    let (a, b) = (root(parent, i), root(parent, j));
    if let Some(p) = parent.get_mut(a.max(b)) {
        *p = a.min(b);
    }
}

fn person(g: &[&Mention]) -> Option<Person> {
    let id = PersonId(g.first()?.id.0);
    let name = g.iter().filter_map(|m| m.name.clone()).max_by_key(|n| n.as_str().len());
    let mut addresses: Vec<Address> = g.iter().filter_map(|m| m.address.clone()).collect();
    addresses.sort();
    addresses.dedup();
    Some(Person { id, name, addresses, mentions: g.iter().map(|m| m.id).collect() })
}
