//! Mentions as sets that only grow.
//!
//! Keys (address, profile), tellings and meetings join sets before any likeness is weighed. What must stay apart is
//! checked at every join, so no chain of good reasons ever joins two people the owner told apart.
use super::likeness::likeness_of_traces;
use super::reading::{Reading, read};
use super::scale::{ONE_PART, weigh};
use super::trace::{Trace, is_role};
use super::{Address, Context, Likeness, Mention, MentionId, Outcome, SameAs, Seen};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

/// Every name as written, read once.
pub(crate) type Known<'a> = HashMap<&'a str, Read>;

pub(crate) struct Read {
    pub reading: Rc<Reading>,
    /// Its folded words in one order: the same for `Jane Doe` and `Doe, Jane`.
    pub bag: String,
}

pub(crate) fn known(mentions: &[Mention]) -> Known<'_> {
    let mut known = Known::new();
    for name in mentions.iter().filter_map(|m| m.name.as_ref()) {
        known.entry(name.as_str()).or_insert_with(|| {
            let reading = read(name.as_str());
            Read { bag: bag(&reading), reading: Rc::new(reading) }
        });
    }
    known
}

pub(crate) fn bag(reading: &Reading) -> String {
    let mut words: Vec<&str> = reading.words.iter().map(|w| w.fold.plain.as_str()).collect();
    words.sort_unstable();
    words.join(" ")
}

/// Mentions as sets, and which must stay apart.
pub(crate) struct Sets<'a> {
    known: Known<'a>,
    parent: Vec<usize>,
    at: HashMap<MentionId, usize>,
    /// Pairs the owner said are two people.
    pub apart: Vec<(usize, usize)>,
    /// Joined a person without teaching anything about it.
    pub silent: Vec<bool>,
}

impl<'a> Sets<'a> {
    pub(crate) fn new(sorted: &[&Mention], tellings: &[SameAs], known: Known<'a>) -> Self {
        let at: HashMap<MentionId, usize> = sorted.iter().enumerate().map(|(i, m)| (m.id, i)).collect();
        let apart =
            tellings.iter().filter(|t| !t.same).filter_map(|t| Some((*at.get(&t.a)?, *at.get(&t.b)?))).collect();
        Sets { known, parent: (0..sorted.len()).collect(), at, apart, silent: vec![false; sorted.len()] }
    }

    pub(crate) fn root(&self, mut i: usize) -> usize {
        while let Some(&p) = self.parent.get(i).filter(|p| **p != i) {
            i = p;
        }
        i
    }

    pub(crate) fn join(&mut self, i: usize, j: usize) -> bool {
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

    pub(crate) fn reading(&self, m: &Mention) -> Option<Rc<Reading>> {
        self.known.get(m.name.as_ref()?.as_str()).map(|r| Rc::clone(&r.reading))
    }

    fn hush(&mut self, i: usize, hushed: bool) {
        if let Some(silent) = self.silent.get_mut(i) {
            *silent |= hushed;
        }
    }

    pub(crate) fn told(&mut self, tellings: &[SameAs]) {
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
    pub(crate) fn by_key(&mut self, sorted: &[&Mention]) {
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
        let mut unproven: HashMap<(&str, &str), usize> = HashMap::new();
        let known = std::mem::take(&mut self.known);
        let bag = |m: &Mention| m.name.as_ref().and_then(|n| known.get(n.as_str())).map_or("", |r| r.bag.as_str());
        for (i, m) in sorted.iter().enumerate().filter(|(_, m)| !m.trusted) {
            if let Some(k) = keys(m).next().filter(|k| !first.contains_key(k)) {
                let j = *unproven.entry((k, bag(m))).or_insert(i);
                self.join(i, j);
            }
        }
        self.known = known;
    }

    /// A name in a title is one of that meeting's attendees, if exactly one can be meant.
    pub(crate) fn by_meeting(&mut self, sorted: &[&Mention]) {
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
        let trace = |m| {
            let mut trace = Trace::default();
            trace.add(m, self.reading(m), true);
            trace
        };
        let named = trace(mention);
        let fits = |j: usize| {
            let l = sorted.get(j).map(|m| likeness_of_traces(&named, &trace(m), &Context::default()));
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

impl<'a> Sets<'a> {
    /// Mentions of nothing but a name, word for word the same, are one if the name can stand alone at all.
    pub(crate) fn by_name(&mut self, sorted: &[&Mention]) {
        let mut sizes: HashMap<usize, u32> = HashMap::new();
        (0..sorted.len()).for_each(|i| *sizes.entry(self.root(i)).or_default() += 1);
        let known = std::mem::take(&mut self.known);
        let mut first: HashMap<(&str, bool), Option<usize>> = HashMap::new();
        for (i, m) in sorted.iter().enumerate() {
            let Some(name) = m.name.as_ref().filter(|_| m.address.is_none() && m.profile.is_none()) else { continue };
            if sizes.get(&self.root(i)) != Some(&1) {
                continue;
            }
            let Some(read) = known.get(name.as_str()) else { continue };
            let alone = || weigh(&read.reading, &read.reading).outcome(0.0, 0.0) == Outcome::Same;
            let at = first.entry((read.bag.as_str(), m.trusted)).or_insert_with(|| alone().then_some(i));
            if let Some(j) = *at {
                self.join(i, j);
            }
        }
        self.known = known;
    }
}

/// `Jane` in the title says nothing of Jane Doe that the invitation does not know better.
fn fits_only_in_part(named: &Trace<'_>) -> bool {
    named.readings.iter().all(|r| r.words.len() < 2)
}

fn no_disagreement(l: &Likeness) -> bool {
    l.evidence.iter().all(|e| e.weight > -2.0 || e.term == ONE_PART) && l.evidence.iter().any(|e| e.weight > 0.4)
}

fn keys(m: &Mention) -> impl Iterator<Item = &str> {
    let address = m.address.as_ref().filter(|a| !is_role(a)).map(Address::as_str);
    [address, m.profile.as_ref().map(|p| p.as_str())].into_iter().flatten()
}
