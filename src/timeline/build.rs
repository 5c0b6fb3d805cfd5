//! Facts and persons become timelines.
//!
//! Every fact hangs on a mention, and every mention lies in one person: so this is sorting, but for three things that
//! are made here. Letters about one invitation become one request (`requests.rs`), copies of one event become one
//! meeting (`meetings.rs`), and where two persons may be one, each gets the timeline they would share.
use super::meetings::{heed, join, met};
use super::perhaps::perhaps;
use super::requests::{Asking, Grouped, group};
use super::{
    Acquaintance, AcquaintanceKind, Acquainted, Direction, Event, FactId, Facts, LetterFact, LetterId, MessageFact,
    MessageRow, Met, Request, Stray, Strays, Telling, Timeline, Written, Wrote,
};
use crate::letter::{Letter, NetworkId, WhyNot};
use crate::meeting::{Kind, Meeting, Participant, TookPlace};
use crate::message::Authenticity;
use crate::person::{Grouping, Mention, MentionId, Owner, Person};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap};

/// What building needs beside the facts. The two functions are the meeting room's, with the owner's rules and words in
/// them: a timeline knows when they met, not how a title is read.
#[derive(Clone, Copy)]
pub struct Rules<'a> {
    pub owner: &'a Owner,
    /// Networks whose requests are harmless (`Policy::open`).
    pub open: &'a [NetworkId],
    /// `Policy::closes_after`.
    pub closes_after: SignedDuration,
    /// `meeting::kind`
    pub kind: &'a dyn Fn(&Meeting) -> Kind,
    /// `meeting::took_place`
    pub took_place: &'a dyn Fn(&Meeting, Option<&Participant>, Timestamp) -> TookPlace,
}

/// All timelines of a round, and what stands on none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Built {
    /// One a person with at least one event, in the order of [`Grouping::persons`].
    pub timelines: Vec<Timeline>,
    pub strays: Strays,
}

/// Puts every fact on the timeline of the person it is about. Facts later than `now` are left out, so that a past
/// morning can be told again.
#[must_use]
pub fn build(facts: &Facts, grouping: &Grouping, rules: &Rules, now: Timestamp) -> Built {
    let mut desk = Desk::new(facts, grouping, rules, now);
    desk.letters(facts);
    desk.requests();
    desk.tellings(facts);
    desk.meetings(facts);
    desk.acquaintances(facts);
    desk.colleagues(facts);
    desk.finish(grouping)
}

struct Desk<'a> {
    rules: &'a Rules<'a>,
    now: Timestamp,
    person_of: HashMap<MentionId, usize>,
    mentions: HashMap<MentionId, &'a Mention>,
    messages: HashMap<MessageRow, &'a MessageFact>,
    /// By index of the person.
    events: Vec<Vec<Event>>,
    askings: Vec<Asking<'a>>,
    strays: Strays,
}

impl<'a> Desk<'a> {
    fn new(facts: &'a Facts, grouping: &Grouping, rules: &'a Rules<'a>, now: Timestamp) -> Self {
        let persons = grouping.persons.iter().enumerate();
        Desk {
            rules,
            now,
            person_of: persons.flat_map(|(i, p)| p.mentions.iter().map(move |m| (*m, i))).collect(),
            mentions: facts.mentions.iter().map(|m| (m.id, m)).collect(),
            messages: facts.messages.iter().map(|m| (m.id, m)).collect(),
            events: vec![Vec::new(); grouping.persons.len()],
            askings: Vec::new(),
            strays: Strays::default(),
        }
    }

    fn person(&self, mention: Option<MentionId>) -> Option<usize> {
        self.person_of.get(&mention?).copied()
    }

    fn put(&mut self, person: Option<usize>, event: Event) {
        if let Some(events) = person.and_then(|p| self.events.get_mut(p)) {
            events.push(event);
        }
    }

    fn letters(&mut self, facts: &'a Facts) {
        for fact in &facts.letters {
            let Some(message) = self.messages.get(&fact.message).copied() else { continue };
            if message.direction == Direction::In && message.arrived_at <= self.now {
                self.letter(fact, message);
            }
        }
    }

    fn letter(&mut self, fact: &'a LetterFact, message: &'a MessageFact) {
        let person = self.person(fact.mention);
        let authenticity = self.authenticity(fact, message);
        let wrote = |what: Written, quote: Option<String>| {
            Event::Wrote(Wrote {
                letter: fact.id,
                at: message.arrived_at,
                by: message.arrived_by,
                authenticity,
                what,
                in_junk: message.in_junk,
                quote,
            })
        };
        let event = match &fact.letter {
            Letter::Invitation(invitation) => return self.invitation(Asking { fact, message, invitation, person }),
            Letter::Other { why, network, .. } => return self.other(*why, network.as_ref(), message),
            // A forged mail is nobody's.
            _ if message.authenticity == Authenticity::Forged => return,
            Letter::Note(note) => wrote(Written::Note(note.clone()), note.quote.clone()),
            Letter::NetworkMessage(m) => {
                wrote(Written::NetworkMessage { network: m.network.clone(), thanks: m.thanks }, None)
            }
            Letter::Apology(_) => wrote(Written::Apology, None),
            Letter::Application(a) => {
                Event::Applied { letter: fact.id, at: message.arrived_at, role: a.role.clone(), authenticity }
            }
            // Nobody becomes known by a mail that anybody could have written.
            Letter::Accepted(_) if message.authenticity != Authenticity::Verified => return,
            Letter::Accepted(a) => Event::Known(connected(fact.id, message.arrived_at, a.network.clone())),
        };
        self.put(person, event);
    }

    /// How far it is proved whose letter this is. A verified mail proves its sender, and the network it comes from; whose
    /// letter was passed on in it, and whom a program nobody knows tells of, may be invented.
    fn authenticity(&self, fact: &LetterFact, message: &MessageFact) -> Authenticity {
        let network = match &fact.letter {
            Letter::Application(a) => a.network.is_some(),
            Letter::NetworkMessage(_) | Letter::Invitation(_) | Letter::Accepted(_) => true,
            Letter::Note(_) | Letter::Apology(_) | Letter::Other { .. } => false,
        };
        let proved = network || fact.mention.and_then(|m| self.mentions.get(&m)).is_none_or(|m| m.trusted);
        if proved { message.authenticity } else { message.authenticity.min(Authenticity::Unverified) }
    }

    fn invitation(&mut self, asking: Asking<'a>) {
        let invitation = asking.invitation;
        let stray = Stray {
            network: Some(invitation.network.clone()),
            at: asking.message.arrived_at,
            recorded_at: asking.message.recorded_at,
            count: invitation.count.unwrap_or(1).max(1),
        };
        let follow = super::requests::one_way(invitation.kind);
        match (asking.message.authenticity, asking.person) {
            (Authenticity::Forged, _) => self.askings.push(Asking { person: None, ..asking }),
            (_, None) if follow => self.strays.harmless.push(stray),
            (_, None) => self.strays.nameless.push(stray),
            // A request in Junk is never read (sources.md).
            (_, Some(_)) if asking.message.in_junk => {}
            (_, Some(_)) => self.askings.push(asking),
        }
    }

    fn other(&mut self, why: WhyNot, network: Option<&NetworkId>, message: &MessageFact) {
        let stray =
            Stray { network: network.cloned(), at: message.arrived_at, recorded_at: message.recorded_at, count: 1 };
        match why {
            WhyNot::Forged => self.strays.forged_mails.push(stray),
            WhyNot::Unreadable => self.strays.unreadable.push(stray),
            WhyNot::Ordinary
            | WhyNot::Outgoing
            | WhyNot::Ours
            | WhyNot::Newsletter
            | WhyNot::Automatic
            | WhyNot::CalendarMail
            | WhyNot::NetworkNews
            | WhyNot::PeopleYouMayKnow
            | WhyNot::NotATie
            | WhyNot::OtherThanks
            | WhyNot::Employer
            | WhyNot::StatusQuery
            | WhyNot::Errand
            | WhyNot::Decline
            | WhyNot::TooLarge => {}
        }
    }

    fn requests(&mut self) {
        let askings = std::mem::take(&mut self.askings);
        let (forged, real): (Vec<_>, Vec<_>) =
            askings.into_iter().partition(|a| a.message.authenticity == Authenticity::Forged);
        let grouped = |askings| group(askings, self.rules.open, self.rules.closes_after, &self.rules.owner.zone);
        let (forged, real) = (grouped(forged), grouped(real));
        // Forged ones have keys of their own: none may take the number of a real request.
        let set_apart = |g: Grouped| Request { key: format!("forged/{}", g.request.key), ..g.request };
        self.strays.forged.extend(forged.into_iter().map(set_apart));
        for Grouped { person, request } in real {
            self.put(person, Event::Asked(request));
        }
    }

    fn tellings(&mut self, facts: &Facts) {
        let now = self.now;
        for telling in facts.tellings.iter().filter(|t| !t.undone && t.at <= now) {
            self.put(self.person(telling.about), Event::Told(telling.clone()));
        }
    }

    fn meetings(&mut self, facts: &Facts) {
        let mut by_person: BTreeMap<usize, Vec<(Met, Vec<MentionId>)>> = BTreeMap::new();
        for event in join(&facts.meetings) {
            for (person, met, mentions) in met(&event, &self.person_of, self.rules, self.now) {
                by_person.entry(person).or_default().push((met, mentions));
            }
        }
        for (person, mut met) in by_person {
            let Some(events) = self.events.get_mut(person) else { continue };
            let tellings: Vec<&Telling> = events
                .iter()
                .filter_map(|e| match e {
                    Event::Told(t) => Some(t),
                    Event::Met(_) | Event::Wrote(_) | Event::Asked(_) | Event::Applied { .. } | Event::Known(_) => None,
                })
                .collect();
            heed(&tellings, &mut met, self.rules);
            events.extend(met.into_iter().map(|(m, _)| Event::Met(m)));
        }
    }

    fn acquaintances(&mut self, facts: &Facts) {
        // A line without exchanges says only that the mailbox was asked.
        let told = |a: &&Acquaintance| a.kind != AcquaintanceKind::Correspondence || a.exchanges > 0;
        for a in facts.acquaintances.iter().filter(told) {
            let profile = self.mentions.get(&a.mention).and_then(|m| m.profile.as_ref());
            let network = profile.and_then(|p| p.as_str().split_once(':')).map(|(n, _)| NetworkId(n.to_owned()));
            // An export that does not say since when proves it only from the day it was made.
            let first_at = match a.kind {
                AcquaintanceKind::Connection => Some(a.first_at.unwrap_or(a.as_of)),
                AcquaintanceKind::Correspondence | AcquaintanceKind::AddressBook | AcquaintanceKind::Colleague => {
                    a.first_at
                }
            };
            let known = Acquainted {
                fact: Some(FactId::Acquaintance(a.id)),
                kind: a.kind,
                network,
                exchanges: a.exchanges,
                first_at,
                last_at: a.last_at,
            };
            self.put(self.person(Some(a.mention)), Event::Known(known));
        }
    }

    /// Who has an address in the owner's organisation. Only where the address is proved: in a calendar or a verified mail;
    /// and never by `jobs@`, under which a group passes on mail of anybody.
    fn colleagues(&mut self, facts: &Facts) {
        let colleague = |a: &crate::person::Address| self.rules.owner.is_colleague(a) && !a.is_shared();
        let own = |m: &&Mention| m.trusted && m.address.as_ref().is_some_and(colleague);
        let mut colleagues: Vec<usize> =
            facts.mentions.iter().filter(own).filter_map(|m| self.person(Some(m.id))).collect();
        colleagues.sort_unstable();
        colleagues.dedup();
        for person in colleagues {
            let known = Acquainted {
                fact: None,
                kind: AcquaintanceKind::Colleague,
                network: None,
                exchanges: 0,
                first_at: None,
                last_at: None,
            };
            self.put(Some(person), Event::Known(known));
        }
    }

    fn finish(mut self, grouping: &Grouping) -> Built {
        for events in &mut self.events {
            events.sort_by_cached_key(order);
        }
        let mut perhaps = perhaps(grouping, &self.events);
        let mut timelines = Vec::new();
        for (i, person) in grouping.persons.iter().enumerate() {
            let Some(events) = self.events.get(i).filter(|e| !e.is_empty()) else { continue };
            let perhaps = perhaps.get_mut(i).map(std::mem::take).unwrap_or_default();
            timelines.push(Timeline { perhaps, ..of(person, events.clone()) });
        }
        Built { timelines, strays: self.strays }
    }
}

fn connected(letter: LetterId, at: Timestamp, network: NetworkId) -> Acquainted {
    Acquainted {
        fact: Some(FactId::Letter(letter)),
        kind: AcquaintanceKind::Connection,
        network: Some(network),
        exchanges: 0,
        first_at: Some(at),
        last_at: Some(at),
    }
}

pub(super) fn of(person: &Person, events: Vec<Event>) -> Timeline {
    Timeline {
        person: person.id,
        name: person.name.clone(),
        addresses: person.addresses.clone(),
        events,
        perhaps: vec![],
    }
}

/// Time, then sort, then row: the same facts always stand in the same order.
pub(super) fn order(event: &Event) -> (Timestamp, u8, i64, String) {
    match event {
        Event::Known(k) => (k.first_at.unwrap_or(Timestamp::MIN), 0, 0, format!("{:?}", k.fact)),
        Event::Applied { letter, at, .. } => (*at, 1, letter.0, String::new()),
        Event::Met(m) => (m.ends, 2, m.id.0, String::new()),
        Event::Wrote(w) => (w.at, 3, w.letter.0, String::new()),
        Event::Asked(r) => (r.at, 4, 0, r.key.clone()),
        Event::Told(t) => (t.at, 5, t.id.0, String::new()),
    }
}
