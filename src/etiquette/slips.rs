//! Which thanks mean which meeting.
//!
//! A note rarely says what it thanks for. It is taken for the latest meeting that had ended when it came, and for the
//! others of the week before that one: people write once after three interviews.
use super::moment::{BLUR, minus, plus};
use super::story::{Occasion, Part};
use crate::letter::{Grounds, Note};
use crate::timeline::{Request, Telling, Verb, Written, Wrote};
use jiff::{SignedDuration, Timestamp};

/// A grey note counts only so long after a meeting.
const GREY: SignedDuration = SignedDuration::from_hours(14 * 24);
/// Thanks for nothing named count only so long.
const FRESH: SignedDuration = SignedDuration::from_hours(48);
/// One note serves meetings so far apart.
const SERVES: SignedDuration = SignedDuration::from_hours(7 * 24);
/// A meeting that begins so soon after a mail is what the mail is about.
const EVE: SignedDuration = SignedDuration::from_hours(48);
/// Beyond this a note means no meeting any more.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(180 * 24);

/// What the thanks were written on.
#[derive(Debug, Clone, Copy)]
pub(super) enum Paper<'a> {
    Note(&'a Wrote, &'a Note),
    /// The owner said so.
    Card(&'a Telling),
    /// A network's message.
    Message(&'a Wrote),
    /// The personal note inside a request.
    Inside(&'a Request),
}

/// Thanks, and the occasions (indices) they serve: the one they mean first, then the others, latest first.
#[derive(Debug, Clone)]
pub(super) struct Slip<'a> {
    pub at: Timestamp,
    pub paper: Paper<'a>,
    pub serves: Vec<usize>,
}

impl<'a> Slip<'a> {
    /// The kind of thanks that the etiquette asks for.
    pub(super) fn is_note(&self) -> bool {
        matches!(self.paper, Paper::Note(..) | Paper::Card(_))
    }
    pub(super) fn wrote(&self) -> Option<&'a Wrote> {
        match self.paper {
            Paper::Note(wrote, _) | Paper::Message(wrote) => Some(wrote),
            Paper::Inside(_) | Paper::Card(_) => None,
        }
    }
    pub(super) fn means(&self) -> Option<usize> {
        self.serves.first().copied()
    }
}

/// All thanks of a timeline, in order of time. Notes that only count beside a meeting are left out without one;
/// `needs_meeting` makes that so for all of them, and leaves out those that name nothing (colleagues thank for many things).
pub(super) fn slips<'a>(
    wrote: &[&'a Wrote],
    asked: &[&'a Request],
    told: &[&'a Telling],
    occasions: &[Occasion],
    needs_meeting: bool,
) -> Vec<Slip<'a>> {
    let written = wrote.iter().filter_map(|w| match &w.what {
        Written::Note(note) => {
            let grey = needs_meeting || note.grounds.needs_meeting();
            let reach = match (note.grounds, grey) {
                (Grounds::Unnamed, _) if needs_meeting => return None,
                (Grounds::Unnamed, _) => FRESH,
                (Grounds::NeedsMeeting, _) | (Grounds::Words | Grounds::Likely, true) => GREY,
                (Grounds::Words | Grounds::Likely, false) => FORGOTTEN,
            };
            let serves = serves(occasions, w.at, reach);
            let counts = if serves.is_empty() { !grey && !is_ahead(w, occasions) } else { true };
            counts.then_some(Slip { at: w.at, paper: Paper::Note(w, note), serves })
        }
        Written::NetworkMessage { thanks: true, .. } => {
            Some(Slip { at: w.at, paper: Paper::Message(w), serves: serves(occasions, w.at, FORGOTTEN) })
        }
        Written::NetworkMessage { thanks: false, .. } | Written::Apology => None,
    });
    let inside = asked.iter().filter(|r| r.thanks_inside).map(|r| Slip {
        at: r.at,
        paper: Paper::Inside(r),
        serves: serves(occasions, r.at, FORGOTTEN),
    });
    let cards = told.iter().filter(|t| t.verb == Verb::Noted).map(|t| Slip {
        at: t.at,
        paper: Paper::Card(t),
        serves: serves(occasions, t.at, FORGOTTEN),
    });
    let mut all: Vec<Slip> = written.chain(inside).chain(cards).collect();
    all.sort_by_key(|s| s.at);
    all
}

/// Thanks by words whose meeting lies just ahead, and none behind: they sound like a note and thank for the invitation.
pub(super) fn is_ahead(wrote: &Wrote, occasions: &[Occasion]) -> bool {
    let Written::Note(note) = &wrote.what else { return false };
    let soon = |o: &Occasion| o.on() && o.met.starts > wrote.at && o.met.starts <= plus(wrote.at, EVE);
    !note.grounds.needs_meeting() && occasions.iter().any(soon) && serves(occasions, wrote.at, FORGOTTEN).is_empty()
}

/// Occasions that thanks of that time can mean.
fn serves(occasions: &[Occasion], at: Timestamp, reach: SignedDuration) -> Vec<usize> {
    let ended = occasions.partition_point(|o| o.met.ends <= plus(at, BLUR));
    let mut served = Vec::new();
    let mut since = minus(at, reach);
    for (index, o) in occasions.iter().enumerate().take(ended).rev() {
        if o.met.ends < since {
            break;
        }
        let begun = o.met.starts <= at || o.met.ends <= at;
        if !o.held() || o.part == Part::Audience || !begun {
            continue;
        }
        if served.is_empty() {
            since = minus(o.met.ends, SERVES);
        }
        served.push(index);
    }
    served
}
