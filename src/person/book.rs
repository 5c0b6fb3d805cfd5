//! The book of likenesses: every pair worth comparing, judged, and which of them may join.
//!
//! "Same" does not carry over from pair to pair. The book joins the surest pairs first and looks, before each join, at
//! all pairs it would tie together.
use super::blocks::candidates;
use super::lexicon::{Entry, stands_for};
use super::likeness::likeness_of_traces;
use super::scale::{GIVEN_DIFFER, LINKED, ONE_PART, RARE_FAMILY, READ_SO, SAME, SECOND_FAMILY};
use super::sets::Sets;
use super::short::may_be_short;
use super::tokens::{Slot, Word};
use super::trace::{ADDRESS_MADE, AFTER_MEETING, TWO_EMPLOYERS, Trace};
use super::{Context, Evidence, Likeness, Mention, Outcome, Rivals};
use std::collections::{HashMap, HashSet};

/// Below this an open question is not worth a line.
const WORTH_ASKING: f32 = 0.5;

/// Characters for which few others are read the same.
const RARE_READING: f32 = 3.0;

/// How far one candidate must be ahead of the others to be the one.
const STANDS_OUT: f32 = 1.0;

/// A candidate pair of sets, judged.
pub(crate) struct Edge {
    pub a: usize,
    pub b: usize,
    pub likeness: Likeness,
}

impl Sets<'_> {
    /// Joins by likeness and returns what stayed open, by indices of the sets' roots.
    pub(crate) fn by_likeness(&mut self, sorted: &[&Mention]) -> Vec<Edge> {
        let (roots, traces) = self.traces(sorted);
        let edges: Vec<Edge> = candidates(&traces)
            .into_iter()
            .filter_map(|(a, b)| judged(&traces, a, b, Rivals::Unknown))
            .filter(worth)
            .collect();
        let mut book = Book::new(edges, traces.iter().map(|t| t.unproved).collect());
        book.rivals(&traces);
        book.booked(&traces);
        book.short_forms(&traces);
        book.contested();
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
    fn traces<'m>(&self, sorted: &[&'m Mention]) -> (Vec<usize>, Vec<Trace<'m>>) {
        let mut slots: HashMap<usize, usize> = HashMap::new();
        let mut roots = Vec::new();
        let mut traces: Vec<Trace<'m>> = Vec::new();
        let proved: HashSet<usize> =
            sorted.iter().enumerate().filter(|(_, m)| m.trusted).map(|(i, _)| self.root(i)).collect();
        for (i, m) in sorted.iter().enumerate() {
            let root = self.root(i);
            // Whoever is proved is known by what is proved: forged mail would say when somebody wrote, too.
            if !m.trusted && proved.contains(&root) {
                continue;
            }
            let slot = *slots.entry(root).or_insert_with(|| {
                roots.push(root);
                traces.push(Trace { unproved: true, ..Trace::default() });
                traces.len() - 1
            });
            let silent = self.silent.get(i).copied().unwrap_or(false);
            if let Some(trace) = traces.get_mut(slot) {
                trace.add(m, self.reading(m), !silent);
            }
        }
        (roots, traces)
    }
}

/// A name of one word fits so many that, unless time speaks for it, nothing is to be said.
fn worth(edge: &Edge) -> bool {
    !in_part(edge) || edge.likeness.outcome != Outcome::Ask || edge.likeness.weight >= WORTH_ASKING
}

fn in_part(edge: &Edge) -> bool {
    edge.likeness.evidence.iter().any(|e| e.term == ONE_PART)
}

/// Nothing but the given names keeps these from being one.
fn only_linked(edge: &Edge) -> bool {
    let terms = &edge.likeness.evidence;
    edge.likeness.outcome == Outcome::Ask
        && terms.iter().any(|e| e.term == LINKED)
        && terms.iter().all(|e| e.term == LINKED || e.weight != 0.0 && e.weight > -0.5)
}

fn says(edge: &Edge, fits: impl FnMut(&Evidence) -> bool) -> bool {
    edge.likeness.evidence.iter().any(fits)
}

fn rare_family(v: &Evidence) -> bool {
    v.term == RARE_FAMILY
}

/// Speaks against, or leaves something open.
fn doubts(v: &Evidence) -> bool {
    v.weight < -0.5 || v.weight == 0.0
}

/// What the names leave open here, the right day may settle.
fn fits(edge: &Edge, traces: &[Trace<'_>]) -> bool {
    named(edge) || addressed(edge) || read(edge) || short(edge, traces)
}

/// By a rare family name: by that alone, or by one of two.
fn named(edge: &Edge) -> bool {
    let given = |v: &Evidence| v.weight > 0.0 && v.term.starts_with("given name equal");
    let second = || {
        let left_out = says(edge, |v| v.term == SECOND_FAMILY);
        edge.likeness.weight >= SAME && left_out && says(edge, given) && !says(edge, doubts)
    };
    says(edge, rare_family) && (in_part(edge) || second())
}

/// The whole name word for word, and nothing against it but that many bear it.
fn namesakes(edge: &Edge) -> bool {
    let equal = |part: &str| says(edge, |v| v.weight > 0.0 && v.term.starts_with(part));
    let against = |v: &Evidence| v.weight < 0.0 || v.term == TWO_EMPLOYERS;
    equal("given name equal") && equal("family name equal") && !says(edge, against)
}

/// By one word, and an address made of the rest: `Xiomara <x.belzunce@…>`.
fn addressed(edge: &Edge) -> bool {
    let made = |v: &Evidence| v.term.starts_with(ADDRESS_MADE);
    let against = |v: &Evidence| v.weight < -0.5 && v.term != ONE_PART;
    edge.likeness.weight >= SAME && says(edge, made) && !says(edge, against)
}

/// By characters that are read so, both of them, and few are: Li Wei may be written in many ways.
fn read(edge: &Edge) -> bool {
    let readings = || edge.likeness.evidence.iter().filter(|v| v.term == READ_SO);
    let rare = readings().all(|v| v.weight >= RARE_READING);
    readings().count() > 1 && rare && edge.likeness.weight >= SAME && !says(edge, |v| v.weight < 0.0)
}

/// By a rare family name, and a given name that may be short for the other's.
fn short(edge: &Edge, traces: &[Trace<'_>]) -> bool {
    let given = |i: usize| -> Vec<&Word> {
        let words = traces.get(i).into_iter().flat_map(|t| &t.readings).flat_map(|r| &r.words);
        words.filter(|w| w.slot == Slot::Given && !w.initial).collect()
    };
    // Carl and Carlotta are two names, and may be two of one family.
    let listed = |w: &Word| w.entry.is_some_and(|e| e.given > 0);
    let may = |x: &Word, y: &Word| !(listed(x) && listed(y)) && may_be_short(&x.fold.plain, &y.fold.plain);
    let against = |v: &Evidence| v.weight < -0.5 && v.term != GIVEN_DIFFER;
    let differ = says(edge, |v| v.term == GIVEN_DIFFER) && !says(edge, against);
    let (x, y) = (given(edge.a), given(edge.b));
    says(edge, rare_family) && differ && x.iter().any(|x| y.iter().any(|y| may(x, y)))
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
    /// Sets of untrusted mentions alone: what they say changes nothing between others.
    unproved: Vec<bool>,
    /// `(Katherine, Kate, Katie)`: two who are asked about, and somebody whose short names both bear.
    kin: HashSet<(usize, usize, usize)>,
}

impl Book {
    fn new(edges: Vec<Edge>, unproved: Vec<bool>) -> Self {
        let n = unproved.len();
        let by_pair = edges.iter().enumerate().map(|(e, edge)| ((edge.a, edge.b), e)).collect();
        let mut neighbours = vec![Vec::new(); n];
        // A `Jane` around that time is no rival of Jane Doe, for whoever else fits her name.
        for edge in edges.iter().filter(|e| e.likeness.outcome != Outcome::Different && !in_part(e)) {
            for (from, to) in [(edge.a, edge.b), (edge.b, edge.a)] {
                if let Some(list) = neighbours.get_mut(from) {
                    list.push(to);
                }
            }
        }
        Book {
            edges,
            by_pair,
            neighbours,
            members: (0..n).map(|i| vec![i]).collect(),
            leader: (0..n).collect(),
            unproved,
            kin: HashSet::new(),
        }
    }

    fn is_proved(&self, i: usize) -> bool {
        !self.unproved.get(i).copied().unwrap_or(true)
    }

    /// Does a third one count where `a` and `b` are weighed? Between two who are proved only others who are.
    fn counts(&self, third: usize, a: usize, b: usize) -> bool {
        self.is_proved(third) || !(self.is_proved(a) && self.is_proved(b))
    }

    /// Whom else `from` could be, seen beside `to`.
    fn others(&self, from: usize, to: usize) -> impl Iterator<Item = usize> {
        let all = self.neighbours.get(from).map_or(&[][..], Vec::as_slice);
        all.iter().copied().filter(move |n| *n != to && self.counts(*n, from, to))
    }

    fn outcome(&self, a: usize, b: usize) -> Option<Outcome> {
        self.edge(a, b).map(|e| e.likeness.outcome)
    }

    /// An open pair whose one side has no other candidate around that time gains by it; one with several stays open.
    fn rivals(&mut self, traces: &[Trace<'_>]) {
        // Who bears the whole name, was met nowhere else and contradicts neither is the same John Smith once more.
        let unmet = |n: usize| traces.get(n).is_some_and(|t| t.met.is_empty());
        let once_more = |n: usize, i: usize, beside: usize| {
            unmet(n) && [i, beside].iter().all(|with| self.edge(n, *with).is_some_and(namesakes))
        };
        let is_alone = |i: usize, beside: usize| self.others(i, beside).all(|n| once_more(n, i, beside));
        let timed = |e: &Edge| e.likeness.evidence.iter().any(|v| v.weight >= 1.0 && v.term.ends_with(AFTER_MEETING));
        let gains: Vec<usize> = (0..self.edges.len())
            .filter(|e| {
                self.edges.get(*e).is_some_and(|e| {
                    e.likeness.outcome == Outcome::Ask && timed(e) && is_alone(e.a, e.b) && is_alone(e.b, e.a)
                })
            })
            .collect();
        let sides = gains.iter().filter_map(|e| self.edges.get(*e)).flat_map(|e| [(e.a, e.b), (e.b, e.a)]);
        let kin = sides.flat_map(|(from, to)| self.others(from, to).flat_map(move |n| [(from, n, to), (from, to, n)]));
        let kin: Vec<(usize, usize, usize)> = kin.collect();
        self.kin.extend(kin);
        for e in gains {
            let again = self.edges.get(e).and_then(|edge| judged(traces, edge.a, edge.b, Rivals::OnlyOne));
            if let (Some(slot), Some(edge)) = (self.edges.get_mut(e), again) {
                *slot = edge;
            }
        }
    }

    /// `Interview Mme de la Roche`, and a Hermine de la Roche who writes or asks soon after; `Lunch with Lucía Ferrer`, and
    /// a Lucía Ferrer Molina; `Coffee with Fitzgerald Amoah`, and a Fitz Amoah: nobody else is so named, and few are. What
    /// the names alone leave open is settled by that.
    fn booked(&mut self, traces: &[Trace<'_>]) {
        let mut candidates: HashMap<usize, Vec<usize>> = HashMap::new();
        for edge in self.edges.iter().filter(|e| e.likeness.outcome != Outcome::Different) {
            candidates.entry(edge.a).or_default().push(edge.b);
            candidates.entry(edge.b).or_default().push(edge.a);
        }
        // Whoever is the other as well, as far as one can see, is no rival of theirs.
        let one = |a: usize, b: usize| {
            let edge = self.edge(a, b);
            edge.is_some_and(|e| e.likeness.outcome == Outcome::Same || fits(e, traces))
        };
        let only = |from: usize, to: usize| {
            let rival = |n: &usize| *n != to && self.counts(*n, from, to) && !one(*n, to);
            candidates.get(&from).is_none_or(|all| !all.iter().any(rival))
        };
        let alone = |e: &Edge| only(e.a, e.b) && only(e.b, e.a);
        let soon = |v: &Evidence| v.weight >= 2.0 && v.term.ends_with(AFTER_MEETING);
        let booked = |e: &Edge| e.likeness.outcome == Outcome::Ask && says(e, soon) && fits(e, traces);
        let settled: Vec<usize> =
            (0..self.edges.len()).filter(|e| self.edges.get(*e).is_some_and(|e| booked(e) && alone(e))).collect();
        let sides = settled.iter().filter_map(|e| self.edges.get(*e)).flat_map(|e| [(e.a, e.b), (e.b, e.a)]);
        let kin = sides.flat_map(|(from, to)| {
            let same = self.others(from, to).filter(move |n| one(*n, to));
            same.flat_map(move |n| [(from, n, to), (from, to, n)])
        });
        let kin: Vec<(usize, usize, usize)> = kin.collect();
        self.kin.extend(kin);
        for e in settled {
            if let Some(edge) = self.edges.get_mut(e) {
                edge.likeness.outcome = Outcome::Same;
                let term = "the only one so named around that time".to_owned();
                edge.likeness.evidence.push(Evidence { term, weight: 1.5 });
                edge.likeness.weight += 1.5;
            }
        }
    }

    /// Two or more that could be meant: nobody is, unless one stands out.
    fn contested(&mut self) {
        let near = |e: &Edge, from: usize, to: usize| {
            self.others(from, to)
                .filter(|n| !self.one_with(from, *n, to))
                .any(|n| self.edge(from, n).is_some_and(|other| other.likeness.weight > e.likeness.weight - STANDS_OUT))
        };
        let contested: Vec<usize> = (0..self.edges.len())
            .filter(|e| {
                let same = self.edges.get(*e).filter(|e| e.likeness.outcome == Outcome::Same);
                same.is_some_and(|e| near(e, e.a, e.b) || near(e, e.b, e.a))
            })
            .collect();
        for e in contested {
            if let Some(edge) = self.edges.get_mut(e) {
                edge.likeness.outcome = Outcome::Ask;
                edge.likeness.evidence.push(Evidence { term: "several people could be meant".to_owned(), weight: 0.0 });
            }
        }
    }

    /// Kate and Katie alone are a question. Beside Katherine, whose short names both are, they are hers.
    fn short_forms(&mut self, traces: &[Trace<'_>]) {
        let given = |i: usize| -> Vec<&Entry> {
            let words = traces.get(i).into_iter().flat_map(|t| &t.readings).flat_map(|r| &r.words);
            words.filter(|w| w.slot == Slot::Given).filter_map(|w| w.entry).collect()
        };
        let mut kin = HashSet::new();
        for edge in self.edges.iter().filter(|e| only_linked(e)) {
            let (x, y) = (given(edge.a), given(edge.b));
            let both = |f: &Entry| x.iter().any(|x| stands_for(x, f)) && y.iter().any(|y| stands_for(y, f));
            for from in self.others(edge.a, edge.b) {
                let same = |i: usize| self.outcome(from, i) == Some(Outcome::Same);
                if same(edge.a) && same(edge.b) && given(from).into_iter().any(both) {
                    kin.extend([(from, edge.a, edge.b), (from, edge.b, edge.a)]);
                }
            }
        }
        self.kin.extend(kin);
    }

    /// Are these two, who both fit a third, known to be one?
    fn one_with(&self, third: usize, a: usize, b: usize) -> bool {
        self.outcome(a, b) == Some(Outcome::Same) || self.kin.contains(&(third, a, b))
    }

    fn edge(&self, a: usize, b: usize) -> Option<&Edge> {
        self.edges.get(*self.by_pair.get(&(a.min(b), a.max(b)))?)
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
    /// be one joins neither. Whoever is not proved never binds two who are.
    fn may_join(&self, a: usize, b: usize) -> bool {
        let counted = |of: usize| self.group(of).iter().copied().filter(|m| self.counts(*m, a, b)).collect::<Vec<_>>();
        let (x, y) = (counted(a), counted(b));
        let known = |group: &[usize]| group.iter().any(|m| self.is_proved(*m));
        if !(self.is_proved(a) && self.is_proved(b)) && known(&x) && known(&y) {
            return false;
        }
        let differ = |p: usize, q: usize| self.outcome(p, q) == Some(Outcome::Different);
        if x.iter().any(|p| y.iter().any(|q| differ(*p, *q))) {
            return false;
        }
        let torn = |from: usize, to: &[usize]| {
            let others = self.neighbours.get(from).map_or(&[][..], Vec::as_slice);
            let same = |n: &&usize| self.counts(**n, a, b) && self.outcome(from, **n) == Some(Outcome::Same);
            let one = |n: usize, t: usize| self.leader.get(n) == self.leader.get(t) || self.one_with(from, n, t);
            others.iter().filter(same).any(|n| to.iter().any(|t| n != t && !one(*n, *t)))
        };
        !torn(a, &y) && !torn(b, &x)
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
