//! One timeline, read once for all its requests: which meetings were what, when somebody was a candidate, what makes
//! them known and since when, and which thanks mean which meeting.
//!
//! The same meeting can be an interview or ordinary business; where the calendar leaves that open the story is told
//! twice ([`Reading`]) and the clauses never need to know.
use super::candidacy::{Span, Step, sweep};
use super::grounds::{Ground, grounds};
use super::slips::{Slip, is_ahead, slips};
use super::{KnownBy, Policy};
use crate::meeting::{FoundIn, Kind, TookPlace};
use crate::message::Authenticity;
use crate::timeline::{AcquaintanceKind, Acquainted, Event, LetterId, Met, Request, Telling, Timeline, Verb, Wrote};
use jiff::Timestamp;

/// How a meeting of unclear kind with somebody who is no candidate is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    Business,
    Interview,
}

/// What a meeting is to the rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Interview,
    Social(KnownBy),
    Business,
    Audience,
}

/// A meeting with its part in the story.
#[derive(Debug, Clone)]
pub(super) struct Occasion<'a> {
    pub met: &'a Met,
    pub part: Part,
    /// Its kind was left open by the calendar and by the candidacy.
    pub unclear: bool,
    over: bool,
}

impl Occasion<'_> {
    /// Nobody called it off, and it is over. Over is told by the `now` of the judging, not by that of the building: a
    /// verdict of last Tuesday must not know Wednesday's meeting.
    pub(super) fn held(&self) -> bool {
        self.on() && self.over
    }
    pub(super) fn ahead(&self) -> bool {
        self.on() && !self.over
    }
    pub(super) fn on(&self) -> bool {
        matches!(self.met.took_place, TookPlace::Yes | TookPlace::YesUnanswered | TookPlace::NotYet)
    }
    pub(super) fn held_as(&self, part: Part) -> bool {
        self.held() && self.part == part
    }
}

/// A job application.
#[derive(Debug, Clone, Copy)]
pub(super) struct Applied<'a> {
    pub letter: LetterId,
    pub at: Timestamp,
    pub role: Option<&'a str>,
    authenticity: Authenticity,
}

/// The events by sort, as they stand on the timeline.
#[derive(Debug, Default)]
struct Sorted<'a> {
    met: Vec<&'a Met>,
    wrote: Vec<&'a Wrote>,
    asked: Vec<&'a Request>,
    applied: Vec<Applied<'a>>,
    known: Vec<&'a Acquainted>,
    told: Vec<&'a Telling>,
}

/// A timeline under one reading.
#[derive(Debug, Default)]
pub(super) struct Story<'a> {
    /// In order of their ends.
    pub occasions: Vec<Occasion<'a>>,
    pub spans: Vec<Span>,
    pub grounds: Vec<Ground<'a>>,
    /// In order of time.
    pub slips: Vec<Slip<'a>>,
    pub wrote: Vec<&'a Wrote>,
    pub asked: Vec<&'a Request>,
    pub applied: Vec<Applied<'a>>,
    pub known: Vec<&'a Acquainted>,
    pub told: Vec<&'a Telling>,
    pub colleague: bool,
    /// The other reading may come out differently.
    pub two_ways: bool,
}

impl<'a> Story<'a> {
    /// The story, and the other one if an unclear meeting leaves two.
    pub(super) fn tell(policy: &Policy, timeline: &'a Timeline, now: Timestamp) -> Vec<Story<'a>> {
        let business = Self::read(policy, timeline, now, Reading::Business);
        if business.two_ways {
            vec![business, Self::read(policy, timeline, now, Reading::Interview)]
        } else {
            vec![business]
        }
    }

    fn read(policy: &Policy, timeline: &'a Timeline, now: Timestamp, reading: Reading) -> Story<'a> {
        let sorted = sort(timeline);
        let colleague = sorted.known.iter().any(|k| k.kind == AcquaintanceKind::Colleague);
        let mut occasions: Vec<Occasion> =
            sorted.met.iter().filter_map(|met| occasion(policy, met, colleague, reading)).collect();
        occasions.iter_mut().for_each(|o| o.over = o.met.ends <= now);
        occasions.sort_by_key(|o| (o.met.ends, o.met.starts, o.met.id));
        let (spans, interviews) = sweep(steps(&sorted, &occasions), policy.knows.candidacy);
        for index in interviews {
            if let Some(o) = occasions.get_mut(index) {
                (o.part, o.unclear) = (Part::Interview, false);
            }
        }
        let two_ways = occasions.iter().any(|o| o.unclear && (o.held() || o.ahead()));
        let slips = slips(&sorted.wrote, &sorted.asked, &sorted.told, &occasions, colleague);
        let grounds = grounds(policy, &occasions, &spans, &sorted.known);
        let Sorted { wrote, asked, applied, known, told, .. } = sorted;
        Story { occasions, spans, grounds, slips, wrote, asked, applied, known, told, colleague, two_ways }
    }

    /// Thanks that came before their meeting.
    pub(super) fn ahead(&self) -> impl Iterator<Item = &'a Wrote> {
        self.wrote.iter().copied().filter(|w| !self.colleague && is_ahead(w, &self.occasions))
    }

    /// The candidacy that `t` lies in.
    pub(super) fn candidacy(&self, t: Timestamp) -> Option<Span> {
        within(&self.spans, t)
    }

    /// Is a note expected after this (`thanks.expected_after`)? Of a colleague none is.
    pub(super) fn due(&self, policy: &Policy, o: &Occasion) -> bool {
        let expected = |kind: &Kind| match kind {
            Kind::Interview | Kind::PhoneScreen => o.part == Part::Interview,
            other => *other == o.met.kind && o.part != Part::Audience,
        };
        !self.colleague && !o.unclear && policy.thanks.expected_after.iter().any(expected)
    }

    /// Interviews that took place, in order of their ends, with their index among the occasions.
    pub(super) fn interviews(&self) -> impl DoubleEndedIterator<Item = (usize, &Occasion<'a>)> {
        self.occasions.iter().enumerate().filter(|(_, o)| o.held_as(Part::Interview))
    }
}

/// The span that `t` lies in; spans are in order and do not overlap.
pub(super) fn within(spans: &[Span], t: Timestamp) -> Option<Span> {
    let after = spans.partition_point(|s| s.from <= t);
    spans.get(..after)?.last().copied().filter(|s| s.holds(t))
}

fn sort(timeline: &Timeline) -> Sorted<'_> {
    let mut sorted = Sorted::default();
    for event in &timeline.events {
        match event {
            Event::Met(met) => sorted.met.push(met),
            Event::Wrote(wrote) if wrote.authenticity != Authenticity::Forged => sorted.wrote.push(wrote),
            Event::Asked(request) if request.authenticity != Authenticity::Forged => sorted.asked.push(request),
            Event::Applied { letter, at, role, authenticity } if *authenticity != Authenticity::Forged => {
                let (letter, at, authenticity) = (*letter, *at, *authenticity);
                sorted.applied.push(Applied { letter, at, role: role.as_deref(), authenticity });
            }
            Event::Known(known) => sorted.known.push(known),
            Event::Told(telling) if !telling.undone => sorted.told.push(telling),
            Event::Wrote(_) | Event::Asked(_) | Event::Applied { .. } | Event::Told(_) => {}
        }
    }
    // Who builds timelines may order equal times as it likes: from here on the order is ours.
    sorted.wrote.sort_by_key(|w| (w.at, w.letter));
    sorted.asked.sort_by(|a, b| (a.at, &a.key).cmp(&(b.at, &b.key)));
    sorted.applied.sort_by_key(|a| (a.at, a.letter));
    sorted.told.sort_by_key(|t| (t.at, t.id));
    sorted
}

/// `None`: not an occasion with this person at all.
fn occasion<'a>(policy: &Policy, met: &'a Met, colleague: bool, reading: Reading) -> Option<Occasion<'a>> {
    if met.took_place == TookPlace::NotAMeeting {
        return None;
    }
    let invited = matches!(met.found_in, FoundIn::Attendee | FoundIn::Organizer);
    let crowd = met.people > policy.knows.large_group;
    let mut unclear = false;
    let part = match met.kind {
        Kind::Other => return None,
        // A colleague invited to an interview sits on its other side: it is nothing between the two of them.
        Kind::Interview | Kind::PhoneScreen if colleague && invited => return None,
        // Talk within the house is no meeting in the etiquette's sense, and thanks after it are no note.
        Kind::Meeting | Kind::Call | Kind::Unclear if colleague => return None,
        Kind::Interview | Kind::PhoneScreen => Part::Interview,
        Kind::Talk => Part::Audience,
        Kind::Coffee | Kind::Meal | Kind::Drink | Kind::Meeting | Kind::Call | Kind::Unclear if crowd => Part::Audience,
        Kind::Coffee => Part::Social(KnownBy::Coffee),
        Kind::Meal => Part::Social(KnownBy::Meal),
        Kind::Drink => Part::Social(KnownBy::Drink),
        Kind::Meeting | Kind::Call => Part::Business,
        Kind::Unclear => {
            unclear = reading == Reading::Business;
            if unclear { Part::Business } else { Part::Interview }
        }
    };
    Some(Occasion { met, part, unclear, over: false })
}

/// What opens, prolongs or ends candidacies. An unverified application opens none: it would change other verdicts.
fn steps(sorted: &Sorted, occasions: &[Occasion]) -> Vec<(Timestamp, Step)> {
    let verified = sorted.applied.iter().filter(|a| a.authenticity == Authenticity::Verified);
    let applied = verified.map(|a| (a.at, Step::Opens { until: a.at }));
    let hired = sorted.told.iter().filter(|t| t.verb == Verb::Hired).map(|t| (t.at, Step::Hired));
    let met = occasions.iter().enumerate().filter_map(|(index, o)| {
        let until = o.met.ends.max(o.met.starts);
        match o.part {
            // It counts from when it was arranged, as far as that is known.
            Part::Interview => Some((o.met.starts.min(o.met.learnt_at), Step::Opens { until })),
            _ if o.unclear => Some((o.met.starts, Step::Unclear { until, index })),
            Part::Social(_) | Part::Business | Part::Audience => None,
        }
    });
    applied.chain(hired).chain(met).collect()
}
