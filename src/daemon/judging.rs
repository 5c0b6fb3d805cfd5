//! From stored facts to judged items: everything between is derived, each time anew.
use crate::config::Settings;
use crate::digest::{Face, Item, ItemKind, Judged, PersonView, What, words};
use crate::etiquette::{self, Remark, RequestVerdict, ThanksVerdict};
use crate::letter::{Letter, READER_VERSION};
use crate::meeting;
use crate::message::Authenticity;
use crate::person::{self, Address, Mention, SameAs};
use crate::store::Wanted;
use crate::timeline::{self, Built, Event, FactId, Facts, Request, Timeline, Verb};
use jiff::Timestamp;
use std::collections::{HashMap, HashSet};

/// The facts with all that follows from them at one time.
#[derive(Debug)]
pub struct World {
    pub facts: Facts,
    pub grouping: person::Grouping,
    pub built: Built,
    pub judgements: Vec<Judgement>,
    /// When thanks came that mean no meeting which took place.
    unmet: Vec<Timestamp>,
    pub now: Timestamp,
}

/// One verdict, and whose.
#[derive(Debug, Clone)]
pub struct Judgement {
    pub person: PersonView,
    /// Index into `built.timelines`; `None` for a forged request, which is on nobody's.
    pub timeline: Option<usize>,
    pub what: What,
    pub because: Vec<FactId>,
}

impl World {
    #[must_use]
    pub fn at(facts: Facts, settings: &Settings, now: Timestamp) -> World {
        let grouping = person::group(&believed(&facts), &same_as(&facts), &settings.owner);
        let kinds =
            meeting::KindRules { large_group: settings.policy.knows.large_group, words: settings.own_words.clone() };
        let rules = timeline::Rules {
            owner: &settings.owner,
            open: &settings.policy.open,
            closes_after: settings.policy.closes_after,
            kind: &|m| meeting::kind(m, &kinds, None).0,
            took_place: &|m, p, now| meeting::took_place(m, p, now).0,
        };
        let built = timeline::build(&facts, &grouping, &rules, now);
        let mut world = World { facts, grouping, built, judgements: Vec::new(), unmet: Vec::new(), now };
        (world.judgements, world.unmet) = world.judge(settings, now);
        world
    }

    fn judge(&self, settings: &Settings, now: Timestamp) -> (Vec<Judgement>, Vec<Timestamp>) {
        let (mut out, mut unmet) = (Vec::new(), Vec::new());
        for (index, timeline) in self.built.timelines.iter().enumerate() {
            let person = PersonView { name: timeline.name.clone(), addresses: timeline.addresses.clone() };
            let verdicts = etiquette::judge(&settings.policy, timeline, &self.facts.coverage, now);
            let requests: HashMap<&str, &Request> = requests(timeline).map(|r| (r.key.as_str(), r)).collect();
            for v in verdicts.requests {
                if let Some(request) = requests.get(v.request.as_str()) {
                    out.push(request_judgement(person.clone(), Some(index), request, v));
                }
            }
            out.extend(verdicts.thanks.into_iter().map(|v| thanks_judgement(person.clone(), index, v)));
            unmet.extend(verdicts.unmet.into_iter().map(|(_, at)| at));
        }
        once(&mut out);
        for request in &self.built.strays.forged {
            let v = etiquette::judge_stray(&settings.policy, request, &self.facts.coverage, now);
            let person = PersonView { name: request.name.clone(), addresses: Vec::new() };
            out.push(request_judgement(person, None, request, v));
        }
        (out, unmet)
    }

    /// How many thanked for no meeting that took place, since then.
    #[must_use]
    pub fn thanked_for_none(&self, since: Timestamp) -> u32 {
        u32::try_from(self.unmet.iter().filter(|at| **at >= since).count()).unwrap_or(u32::MAX)
    }

    /// Letters of strangers' requests: kept for a shorter time (privacy.md).
    #[must_use]
    pub fn strangers(&self) -> Vec<i64> {
        let stranger = |j: &&Judgement| match &j.what {
            What::Request { verdict, .. } => verdict.clause == etiquette::Clause::Stranger,
            What::Thanks(_) => false,
        };
        let letters = self.judgements.iter().filter(stranger).flat_map(|j| &j.because);
        letters
            .filter_map(|id| match id {
                FactId::Letter(id) => Some(id.0),
                FactId::Meeting(_) | FactId::Telling(_) | FactId::Acquaintance(_) => None,
            })
            .collect()
    }

    /// What the store needs to give items to these judgements.
    #[must_use]
    pub fn wanted(&self) -> Vec<Wanted> {
        self.judgements
            .iter()
            .map(|j| {
                let at = j.what.happened_at(self.now);
                Wanted { subject: j.what.subject().to_owned(), kind: j.what.kind(), born_at: at, last_event_at: at }
            })
            .collect()
    }

    /// Judgements beside what was said of them.
    #[must_use]
    pub fn judged(
        &self,
        items: &HashMap<String, Item>,
        settings: &Settings,
        last_digest: Option<Timestamp>,
    ) -> Vec<Judged> {
        let when = words::When::new(self.now, &settings.owner.zone);
        self.judgements
            .iter()
            .filter_map(|j| {
                let item = items.get(j.what.subject())?;
                let timeline = j.timeline.and_then(|at| self.built.timelines.get(at));
                let said = item.said.clone();
                let face_then = said
                    .as_ref()
                    .filter(|s| s.face != j.what.face())
                    .and_then(|s| self.face_at(j, timeline?, settings, s.at));
                Some(Judged {
                    code: item.code.clone(),
                    person: j.person.clone(),
                    from: self.writer(j),
                    event_at: j.what.happened_at(self.now),
                    recorded_at: self.recorded_at(j, timeline),
                    telling: timeline.and_then(newest_telling),
                    face_then,
                    reader_changed: self.reader_changed(j, last_digest),
                    backlog: false,
                    because: j.because.iter().filter_map(|id| words::fact(*id, &self.facts, &when)).collect(),
                    what: j.what.clone(),
                    said,
                })
            })
            .collect()
    }

    /// Who sent the note, by its own From.
    fn writer(&self, j: &Judgement) -> Option<Address> {
        let note = |id: &FactId| match id {
            FactId::Letter(id) => self.facts.letters.iter().find(|l| l.id == *id).and_then(|l| match &l.letter {
                Letter::Note(note) => note.from.address.clone(),
                Letter::Invitation(_)
                | Letter::Application(_)
                | Letter::NetworkMessage(_)
                | Letter::Accepted(_)
                | Letter::Apology(_)
                | Letter::Other { .. } => None,
            }),
            FactId::Meeting(_) | FactId::Telling(_) | FactId::Acquaintance(_) => None,
        };
        match j.what.kind() {
            ItemKind::Thanks => j.because.iter().find_map(note),
            ItemKind::Request => None,
        }
    }

    /// The face that today's facts would have had at `then`.
    fn face_at(&self, j: &Judgement, timeline: &Timeline, settings: &Settings, then: Timestamp) -> Option<Face> {
        let verdicts = etiquette::judge(&settings.policy, timeline, &self.facts.coverage, then);
        let subject = j.what.subject();
        match j.what.kind() {
            ItemKind::Request => {
                let request = requests(timeline).find(|r| r.key == subject)?;
                let v = verdicts.requests.into_iter().find(|v| v.request == subject)?;
                Some(What::request(request, v).face())
            }
            ItemKind::Thanks => {
                verdicts.thanks.into_iter().find(|v| v.subject == subject).map(|v| What::thanks(v).face())
            }
        }
    }

    /// When the newest fact about this person was recorded: a face that differs and has none since is no `fact` change.
    fn recorded_at(&self, j: &Judgement, timeline: Option<&Timeline>) -> Timestamp {
        let from_events =
            timeline.into_iter().flat_map(|t| t.events.iter().chain(t.perhaps.iter().flat_map(|p| &p.timeline.events)));
        let events = from_events.filter_map(|e| self.event_recorded(e));
        let letters = j.because.iter().filter_map(|id| self.fact_recorded(*id));
        events.chain(letters).max().unwrap_or(Timestamp::UNIX_EPOCH)
    }

    fn event_recorded(&self, event: &Event) -> Option<Timestamp> {
        match event {
            Event::Met(m) => self.fact_recorded(FactId::Meeting(m.id)),
            Event::Wrote(w) => self.fact_recorded(FactId::Letter(w.letter)),
            Event::Asked(r) => r.letters.iter().filter_map(|l| self.fact_recorded(FactId::Letter(*l))).max(),
            Event::Applied { letter, .. } => self.fact_recorded(FactId::Letter(*letter)),
            Event::Known(a) => a.fact.and_then(|id| self.fact_recorded(id)),
            Event::Told(_) => None,
        }
    }

    fn fact_recorded(&self, id: FactId) -> Option<Timestamp> {
        match id {
            // Rows come in the order of their ids.
            FactId::Letter(id) => {
                let letter = self
                    .facts
                    .letters
                    .binary_search_by_key(&id, |l| l.id)
                    .ok()
                    .and_then(|at| self.facts.letters.get(at))?;
                let at = self.facts.messages.binary_search_by_key(&letter.message, |m| m.id).ok()?;
                self.facts.messages.get(at).map(|m| m.recorded_at)
            }
            FactId::Meeting(id) => {
                let at = self.facts.meetings.binary_search_by_key(&id, |m| m.id).ok()?;
                self.facts.meetings.get(at).map(|m| m.changed_at)
            }
            FactId::Telling(_) => None,
            FactId::Acquaintance(id) => self.facts.acquaintances.iter().find(|a| a.id == id).map(|a| a.as_of),
        }
    }

    fn reader_changed(&self, j: &Judgement, last_digest: Option<Timestamp>) -> bool {
        let Some(last) = last_digest else { return false };
        j.because.iter().any(|id| match id {
            FactId::Letter(id) => {
                let letter = self.facts.letters.iter().find(|l| l.id == *id);
                let message = letter.and_then(|l| self.facts.messages.iter().find(|m| m.id == l.message));
                // Read again since: recorded before the last digest, by a reader that was not the present one then.
                message.is_some_and(|m| m.reader < READER_VERSION && m.recorded_at <= last)
            }
            FactId::Meeting(_) | FactId::Telling(_) | FactId::Acquaintance(_) => false,
        })
    }
}

fn requests(timeline: &Timeline) -> impl Iterator<Item = &Request> {
    timeline.events.iter().filter_map(|e| match e {
        Event::Asked(r) => Some(r),
        Event::Met(_) | Event::Wrote(_) | Event::Applied { .. } | Event::Known(_) | Event::Told(_) => None,
    })
}

fn request_judgement(person: PersonView, timeline: Option<usize>, request: &Request, v: RequestVerdict) -> Judgement {
    let because = v.because.clone();
    Judgement { person, timeline, what: What::request(request, v), because }
}

fn thanks_judgement(person: PersonView, timeline: usize, v: ThanksVerdict) -> Judgement {
    let because = v.because.clone();
    Judgement { person, timeline: Some(timeline), what: What::thanks(v), because }
}

fn newest_telling(timeline: &Timeline) -> Option<(timeline::TellingId, Timestamp)> {
    let tellings = timeline.events.iter().filter_map(|e| match e {
        Event::Told(t) => Some((t.id, t.at)),
        Event::Met(_) | Event::Wrote(_) | Event::Asked(_) | Event::Applied { .. } | Event::Known(_) => None,
    });
    tellings.max_by_key(|(_, at)| *at)
}

/// Mentions but those of forged mail: it touches nobody, so it may not even lend a name.
fn believed(facts: &Facts) -> Vec<Mention> {
    let forged: HashSet<_> =
        facts.messages.iter().filter(|m| m.authenticity == Authenticity::Forged).map(|m| m.id).collect();
    let pretended: HashSet<_> =
        facts.letters.iter().filter(|l| forged.contains(&l.message)).filter_map(|l| l.mention).collect();
    facts.mentions.iter().filter(|m| !pretended.contains(&m.id)).cloned().collect()
}

/// A note that stands under a meeting, perhaps by its writer, is not told again as one without any.
fn once(judgements: &mut Vec<Judgement>) {
    let perhaps = |v: &ThanksVerdict| v.remarks.iter().any(|r| matches!(r, Remark::PerhapsBy(_)));
    let told: HashSet<FactId> = judgements
        .iter()
        .filter(|j| matches!(&j.what, What::Thanks(v) if perhaps(v)))
        .flat_map(|j| j.because.iter().copied())
        .filter(|id| matches!(id, FactId::Letter(_)))
        .collect();
    let again = |j: &Judgement| {
        let mut letters = j.because.iter().filter(|id| matches!(id, FactId::Letter(_))).peekable();
        letters.peek().is_some() && letters.all(|id| told.contains(id))
    };
    judgements.retain(|j| !matches!(&j.what, What::Thanks(v) if v.meeting.is_none()) || !again(j));
}

/// The owner's word on who is who.
fn same_as(facts: &Facts) -> Vec<SameAs> {
    facts
        .tellings
        .iter()
        .filter(|t| !t.undone)
        .filter_map(|t| {
            let same = match t.verb {
                Verb::SameAs => true,
                Verb::NotSame => false,
                Verb::Met | Verb::Hired | Verb::Known | Verb::Noted | Verb::Ignore | Verb::DidNotMeet => return None,
            };
            Some(SameAs { a: t.about?, b: t.other?, same })
        })
        .collect()
}
