//! All mentions sorted into persons.
//!
//! Three kinds of reasons, in this order: the owner's word; an address or profile both have; likeness. The difficulty is
//! that "same" does not carry over: Jane Doe is like Jane A. Doe and like Jane B. Doe, who are two. So groups grow by
//! the surest pairs first, never across a pair that is known to be two people, and who fits two such groups joins
//! neither. A mention that is not trusted may join a person but never binds two: forged mail teaches nothing.
use super::blocks::candidates;
use super::likeness::{likeness_of_names, likeness_of_traces};
use super::trace::{Trace, is_role};
use super::{
    Address, Context, Evidence, Grouping, Likeness, Mention, MentionId, Name, Outcome, Owner, Perhaps, Person,
    PersonId, Rivals, SameAs, Seen, fold,
};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// Below this an open question is not worth a line.
const WORTH_ASKING: f32 = 0.5;

/// Sorts mentions into persons. Their order does not matter; the owner's own are left out.
#[must_use]
pub fn group(mentions: &[Mention], tellings: &[SameAs], owner: &Owner) -> Grouping {
    let own: HashSet<String> = owner.names.iter().map(|n| bag(n.as_str())).collect();
    let mut sorted: Vec<&Mention> = mentions.iter().filter(|m| !is_owner(m, owner, &own)).collect();
    sorted.sort_by_key(|m| m.id);
    sorted.dedup_by_key(|m| m.id);
    let mut sets = Sets::new(&sorted, tellings);
    sets.told(tellings);
    sets.by_key(&sorted);
    sets.by_meeting(&sorted);
    sets.by_name(&sorted);
    let perhaps = sets.by_likeness(&sorted);
    sets.grouping(&sorted, perhaps)
}

fn bag(name: &str) -> String {
    let key = fold::key(name);
    let mut words: Vec<&str> = key.split(' ').collect();
    words.sort_unstable();
    words.join(" ")
}

/// The owner's addresses anywhere; the owner's name where calendars name everybody, if no other address says otherwise.
fn is_owner(m: &Mention, owner: &Owner, own: &HashSet<String>) -> bool {
    let in_calendar = matches!(m.seen, Seen::Attendee | Seen::Title | Seen::Description) && m.address.is_none();
    m.address.as_ref().is_some_and(|a| owner.has_address(a))
        || in_calendar && m.name.as_ref().is_some_and(|n| own.contains(&bag(n.as_str())))
}

/// Mentions as sets, and which must stay apart.
struct Sets {
    parent: Vec<usize>,
    at: HashMap<MentionId, usize>,
    /// Pairs the owner said are two people.
    apart: Vec<(usize, usize)>,
    /// Joined a person without teaching anything about it.
    silent: Vec<bool>,
}

impl Sets {
    fn new(sorted: &[&Mention], tellings: &[SameAs]) -> Self {
        let at: HashMap<MentionId, usize> = sorted.iter().enumerate().map(|(i, m)| (m.id, i)).collect();
        let apart =
            tellings.iter().filter(|t| !t.same).filter_map(|t| Some((*at.get(&t.a)?, *at.get(&t.b)?))).collect();
        Sets { parent: (0..sorted.len()).collect(), at, apart, silent: vec![false; sorted.len()] }
    }

    fn root(&self, mut i: usize) -> usize {
        while let Some(&p) = self.parent.get(i).filter(|p| **p != i) {
            i = p;
        }
        i
    }

    fn join(&mut self, i: usize, j: usize) -> bool {
        let (a, b) = (self.root(i), self.root(j));
        let apart = |(x, y): &(usize, usize)| {
            let (x, y) = (self.root(*x), self.root(*y));
            (x, y) == (a, b) || (y, x) == (a, b)
        };
        if a == b || self.apart.iter().any(apart) {
            return a == b;
        }
        // Path halving on both ways keeps later walks short; the smaller index stays root, so ids are stable.
        for from in [i, j] {
            self.shorten(from, a.min(b));
        }
        if let Some(p) = self.parent.get_mut(a.max(b)) {
            *p = a.min(b);
        }
        true
    }

    fn shorten(&mut self, mut i: usize, root: usize) {
        let own = self.root(i);
        while let Some(p) = self.parent.get_mut(i).filter(|p| **p != own) {
            i = std::mem::replace(p, if own == root { root } else { own });
        }
    }

    fn hush(&mut self, i: usize, hushed: bool) {
        if let Some(silent) = self.silent.get_mut(i) {
            *silent |= hushed;
        }
    }

    fn told(&mut self, tellings: &[SameAs]) {
        let mut same: Vec<(usize, usize)> = tellings
            .iter()
            .filter(|t| t.same)
            .filter_map(|t| Some((*self.at.get(&t.a)?, *self.at.get(&t.b)?)))
            .map(|(i, j)| (i.min(j), i.max(j)))
            .collect();
        same.sort_unstable();
        for (i, j) in same {
            self.join(i, j);
        }
    }

    /// Equal address, equal profile. Untrusted mentions go by one of them only, so that they bind nothing.
    fn by_key(&mut self, sorted: &[&Mention]) {
        let mut first: HashMap<&str, usize> = HashMap::new();
        for (i, m) in sorted.iter().enumerate().filter(|(_, m)| m.trusted) {
            for k in keys(m) {
                let j = *first.entry(k).or_insert(i);
                self.join(i, j);
            }
        }
        for (i, m) in sorted.iter().enumerate().filter(|(_, m)| !m.trusted) {
            let known = keys(m).find_map(|k| first.get(k).copied());
            self.hush(i, known.is_some());
            known.map(|j| self.join(i, j));
        }
        let mut unproven: HashMap<(&str, String), usize> = HashMap::new();
        for (i, m) in sorted.iter().enumerate().filter(|(_, m)| !m.trusted) {
            if let Some(k) = keys(m).next().filter(|k| !first.contains_key(k)) {
                let j = *unproven.entry((k, m.name.as_ref().map_or(String::new(), |n| bag(n.as_str())))).or_insert(i);
                self.join(i, j);
            }
        }
    }

    /// A name in a title is one of that meeting's attendees, if exactly one can be meant.
    fn by_meeting(&mut self, sorted: &[&Mention]) {
        let mut meetings: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
        let in_calendar = |m: &Mention| matches!(m.seen, Seen::Attendee | Seen::Title | Seen::Description);
        for (i, m) in sorted.iter().enumerate().filter(|(_, m)| in_calendar(m)) {
            meetings.entry(m.at.as_second()).or_default().push(i);
        }
        for here in meetings.values().filter(|here| here.len() > 1 && here.len() <= 64) {
            let is_attendee = |i: &&usize| sorted.get(**i).is_some_and(|m| m.seen == Seen::Attendee);
            let (attendees, named): (Vec<&usize>, Vec<&usize>) = here.iter().partition(is_attendee);
            for i in named {
                self.attend(sorted, *i, &attendees);
            }
        }
    }

    fn attend(&mut self, sorted: &[&Mention], i: usize, attendees: &[&usize]) {
        let Some(mention) = sorted.get(i).filter(|m| m.address.is_none() && m.profile.is_none()) else { return };
        let named = Trace::of(mention);
        let fits = |j: usize| {
            let l = sorted.get(j).map(|m| likeness_of_traces(&named, &Trace::of(m), &Context::default()));
            l.is_some_and(|l| l.outcome == Outcome::Same || l.outcome == Outcome::Ask && no_disagreement(&l))
        };
        let fitting: BTreeSet<usize> = attendees.iter().filter(|j| fits(***j)).map(|j| self.root(**j)).collect();
        if let (1, Some(j)) = (fitting.len(), fitting.first())
            && self.join(i, *j)
        {
            self.hush(i, fits_only_in_part(&named));
        }
    }
}

impl Sets {
    /// Mentions of nothing but a name, word for word the same, are one if the name can stand alone at all.
    fn by_name(&mut self, sorted: &[&Mention]) {
        let mut sizes: HashMap<usize, u32> = HashMap::new();
        (0..sorted.len()).for_each(|i| *sizes.entry(self.root(i)).or_default() += 1);
        let mut first: HashMap<(String, bool), Option<usize>> = HashMap::new();
        for (i, m) in sorted.iter().enumerate() {
            let Some(name) = m.name.as_ref().filter(|_| m.address.is_none() && m.profile.is_none()) else { continue };
            if sizes.get(&self.root(i)) != Some(&1) {
                continue;
            }
            let alone = || likeness_of_names(name.as_str(), name.as_str()).outcome == Outcome::Same;
            let at = first.entry((bag(name.as_str()), m.trusted)).or_insert_with(|| alone().then_some(i));
            if let Some(j) = *at {
                self.join(i, j);
            }
        }
    }
}

/// `Jane` in the title says nothing of Jane Doe that the invitation does not know better.
fn fits_only_in_part(named: &Trace<'_>) -> bool {
    named.readings.iter().all(|r| r.words.len() < 2)
}

fn no_disagreement(l: &Likeness) -> bool {
    l.evidence.iter().all(|e| e.weight > -2.0 || e.term.starts_with("only one part"))
        && l.evidence.iter().any(|e| e.weight > 0.4)
}

fn keys(m: &Mention) -> impl Iterator<Item = &str> {
    let address = m.address.as_ref().filter(|a| !is_role(a)).map(Address::as_str);
    [address, m.profile.as_ref().map(|p| p.as_str())].into_iter().flatten()
}

/// A candidate pair of sets, judged.
struct Edge {
    a: usize,
    b: usize,
    likeness: Likeness,
}

impl Sets {
    /// Joins by likeness and returns what stayed open, by indices of the sets' roots.
    fn by_likeness(&mut self, sorted: &[&Mention]) -> Vec<Edge> {
        let (roots, traces) = self.traces(sorted);
        let edges: Vec<Edge> =
            candidates(&traces).into_iter().filter_map(|(a, b)| judged(&traces, a, b, Rivals::Unknown)).collect();
        let mut book = Book::new(edges, traces.len());
        book.rivals(&traces);
        let order = book.order();
        let mut open = Vec::new();
        for e in order {
            let Some(edge) = book.edges.get(e) else { continue };
            let (a, b) = (edge.a, edge.b);
            let (Some(i), Some(j)) = (roots.get(a).copied(), roots.get(b).copied()) else { continue };
            if book.may_join(a, b) && self.join(i, j) {
                book.joined(a, b);
            } else {
                open.push(e);
            }
        }
        book.open(&open, &roots)
    }

    /// What is known of each set so far. A set of untrusted mentions alone speaks for itself.
    fn traces<'a>(&self, sorted: &[&'a Mention]) -> (Vec<usize>, Vec<Trace<'a>>) {
        let mut slots: HashMap<usize, usize> = HashMap::new();
        let mut roots = Vec::new();
        let mut traces: Vec<Trace<'a>> = Vec::new();
        for (i, m) in sorted.iter().enumerate() {
            let root = self.root(i);
            let slot = *slots.entry(root).or_insert_with(|| {
                roots.push(root);
                traces.push(Trace::default());
                traces.len() - 1
            });
            let silent = self.silent.get(i).copied().unwrap_or(false);
            if let Some(trace) = traces.get_mut(slot) {
                trace.add(m, !silent);
            }
        }
        (roots, traces)
    }

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

fn judged(traces: &[Trace<'_>], a: usize, b: usize, rivals: Rivals) -> Option<Edge> {
    let (x, y) = (traces.get(a)?, traces.get(b)?);
    let likeness = likeness_of_traces(x, y, &Context { rivals, names_the_meeting: false });
    Some(Edge { a, b, likeness })
}

/// All judged pairs, and who has been joined with whom.
struct Book {
    edges: Vec<Edge>,
    by_pair: HashMap<(usize, usize), usize>,
    neighbours: Vec<Vec<usize>>,
    /// Sets joined with each set, itself included; kept at the smallest.
    members: Vec<Vec<usize>>,
    leader: Vec<usize>,
}

impl Book {
    fn new(edges: Vec<Edge>, n: usize) -> Self {
        let by_pair = edges.iter().enumerate().map(|(e, edge)| ((edge.a, edge.b), e)).collect();
        let mut neighbours = vec![Vec::new(); n];
        for edge in edges.iter().filter(|e| e.likeness.outcome != Outcome::Different) {
            for (from, to) in [(edge.a, edge.b), (edge.b, edge.a)] {
                if let Some(list) = neighbours.get_mut(from) {
                    list.push(to);
                }
            }
        }
        Book { edges, by_pair, neighbours, members: (0..n).map(|i| vec![i]).collect(), leader: (0..n).collect() }
    }

    fn outcome(&self, a: usize, b: usize) -> Option<Outcome> {
        let e = self.by_pair.get(&(a.min(b), a.max(b)))?;
        self.edges.get(*e).map(|e| e.likeness.outcome)
    }

    /// An open pair whose one side has no other candidate around that time gains by it; one with several stays open.
    fn rivals(&mut self, traces: &[Trace<'_>]) {
        let alone: Vec<bool> = self.neighbours.iter().map(|n| n.len() == 1).collect();
        let is_alone = |i: usize| alone.get(i).copied().unwrap_or(false);
        let timed =
            |e: &Edge| e.likeness.evidence.iter().any(|v| v.weight >= 1.0 && v.term.ends_with("after the meeting"));
        let gains: Vec<usize> = (0..self.edges.len())
            .filter(|e| {
                self.edges
                    .get(*e)
                    .is_some_and(|e| e.likeness.outcome == Outcome::Ask && timed(e) && is_alone(e.a) && is_alone(e.b))
            })
            .collect();
        for e in gains {
            let again = self.edges.get(e).and_then(|edge| judged(traces, edge.a, edge.b, Rivals::OnlyOne));
            if let (Some(slot), Some(edge)) = (self.edges.get_mut(e), again) {
                *slot = edge;
            }
        }
    }

    /// The surest pairs first; equals by age, so that no order of the input matters.
    fn order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.edges.len())
            .filter(|e| self.edges.get(*e).is_some_and(|e| e.likeness.outcome == Outcome::Same))
            .collect();
        let rank = |e: &usize| self.edges.get(*e).map(|e| (e.likeness.weight, e.a, e.b)).unwrap_or_default();
        order.sort_by(|x, y| {
            let ((w, a, b), (v, c, d)) = (rank(x), rank(y));
            v.total_cmp(&w).then((a, b).cmp(&(c, d)))
        });
        order
    }

    fn group(&self, a: usize) -> &[usize] {
        self.leader.get(a).and_then(|l| self.members.get(*l)).map_or(&[], Vec::as_slice)
    }

    /// No member of one group is known to differ from a member of the other; and whoever fits two who are not known to
    /// be one joins neither.
    fn may_join(&self, a: usize, b: usize) -> bool {
        let (x, y) = (self.group(a), self.group(b));
        let differ = |p: usize, q: usize| self.outcome(p, q) == Some(Outcome::Different);
        if x.iter().any(|p| y.iter().any(|q| differ(*p, *q))) {
            return false;
        }
        let torn = |from: usize, to: &[usize]| {
            let others = self.neighbours.get(from).map_or(&[][..], Vec::as_slice);
            let same = |n: &&usize| self.outcome(from, **n) == Some(Outcome::Same);
            let one = |n: usize, t: usize| {
                self.leader.get(n) == self.leader.get(t) || self.outcome(n, t) == Some(Outcome::Same)
            };
            others.iter().filter(same).any(|n| to.iter().any(|t| n != t && !one(*n, *t)))
        };
        !torn(a, y) && !torn(b, x)
    }

    fn joined(&mut self, a: usize, b: usize) {
        let (Some(&x), Some(&y)) = (self.leader.get(a), self.leader.get(b)) else { return };
        if x == y {
            return;
        }
        let (keep, gone) = (x.min(y), x.max(y));
        let moved = self.members.get_mut(gone).map(std::mem::take).unwrap_or_default();
        for m in &moved {
            if let Some(l) = self.leader.get_mut(*m) {
                *l = keep;
            }
        }
        if let Some(kept) = self.members.get_mut(keep) {
            kept.extend(moved);
        }
    }

    /// What is left to ask: pairs that stayed open, and those that were the same but fit two people.
    fn open(self, torn: &[usize], roots: &[usize]) -> Vec<Edge> {
        let torn: HashSet<usize> = torn.iter().copied().collect();
        let leader = self.leader;
        let worth = |(e, edge): &(usize, Edge)| {
            let asked = edge.likeness.outcome == Outcome::Ask && edge.likeness.weight >= WORTH_ASKING;
            (asked || torn.contains(e)) && leader.get(edge.a) != leader.get(edge.b)
        };
        let named = |(_, mut edge): (usize, Edge)| {
            edge.a = roots.get(edge.a).copied().unwrap_or(edge.a);
            edge.b = roots.get(edge.b).copied().unwrap_or(edge.b);
            if edge.likeness.outcome == Outcome::Same {
                edge.likeness.outcome = Outcome::Ask;
                edge.likeness.evidence.push(Evidence { term: "fits several people".to_owned(), weight: 0.0 });
            }
            edge
        };
        self.edges.into_iter().enumerate().filter(worth).map(named).collect()
    }
}
