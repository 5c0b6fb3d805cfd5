//! One mail through the quiet rooms, guarded: whatever a mail does to the reader, it is that one mail's outcome.
use crate::letter::{self, Catalogue, Letter, WhyNot};
use crate::message::{self, ArrivalBy, Message, TrustAnchor};
use crate::person::{Address, Domain, Name, Outcome, Owner};
use crate::store::{FolderRole, Reading, message_key};
use crate::timeline::Direction;
use crate::words::Words;
use jiff::Timestamp;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// What reading needs besides the mail.
#[derive(Debug, Clone)]
pub struct Lens {
    pub owner: Arc<Owner>,
    pub catalogue: Arc<Catalogue>,
    pub anchor: TrustAnchor,
    pub own_servers: Vec<Domain>,
    pub store_key: [u8; 32],
    /// When this look began: the arrival of a mail that tells no time at all.
    pub now: Timestamp,
    /// People met in the last 14 days: the only ones whose mail is looked for in Junk.
    pub met: Arc<Vec<(Option<Name>, Option<Address>)>>,
}

/// What became of one mail.
#[derive(Debug, Clone)]
pub struct Taken {
    /// For the tally: `note`, `request`, `other:newsletter`, `unreadable:linkedin` …
    pub outcomes: Vec<String>,
    /// To be recorded; `None`: it is only counted.
    pub reading: Option<Reading>,
}

impl Taken {
    fn only(outcome: &str) -> Taken {
        Taken { outcomes: vec![outcome.to_owned()], reading: None }
    }
}

impl Lens {
    fn reading(&self) -> letter::Reading<'_> {
        letter::Reading { catalogue: &self.catalogue, words: Words::embedded(), owner: &self.owner }
    }

    /// From the header alone: is the body needed at all? `Some`: no, and this is the outcome.
    #[must_use]
    pub fn by_header(&self, header: &[u8], role: FolderRole) -> Option<Taken> {
        let judged = catch_unwind(AssertUnwindSafe(|| {
            let m = message::read_headers(header, &self.anchor);
            if role == FolderRole::Junk && !self.fits_somebody_met(&m) {
                return Some(Taken::only("other:junk"));
            }
            letter::by_header(&m, &self.reading()).map(|why| Taken::only(&format!("other:{}", word(&why))))
        }));
        judged.unwrap_or(None)
    }

    /// The whole mail. `internal` is the mailbox's date.
    #[must_use]
    pub fn take(&self, bytes: &[u8], internal: Option<Timestamp>, role: FolderRole, uid: Option<i64>) -> Taken {
        let taken = catch_unwind(AssertUnwindSafe(|| self.look(bytes, internal, role, uid)));
        taken.unwrap_or_else(|_| {
            tracing::error!(bytes = bytes.len(), "our own bug: reading a mail failed; it is counted as unreadable");
            Taken::only("unreadable:")
        })
    }

    fn look(&self, bytes: &[u8], internal: Option<Timestamp>, role: FolderRole, uid: Option<i64>) -> Taken {
        let m = message::read(bytes, &self.anchor);
        if role == FolderRole::Junk && !self.fits_somebody_met(&m) {
            return Taken::only("other:junk");
        }
        let mut letters = letter::recognise(&m, &self.reading());
        if role == FolderRole::Junk {
            // sources.md: Junk is read for notes only; a request there is never read.
            letters.retain(|l| matches!(l, Letter::Note(_) | Letter::Apology(_)));
        }
        let (arrived_at, arrived_by) = match m.arrival(internal, &self.own_servers) {
            // A mail without any date came when it was looked at.
            (_, ArrivalBy::Unknown) => (self.now, ArrivalBy::Unknown),
            known => known,
        };
        let (authenticity, why) = letter::authenticity(&m, &letters, &self.catalogue);
        let outcomes = if letters.is_empty() { vec!["other:junk".to_owned()] } else { outcomes(&letters) };
        letters.retain(|l| !matches!(l, Letter::Other { .. }));
        let reading = (!letters.is_empty()).then(|| Reading {
            key: message_key(&self.store_key, &identity(&m)),
            message_id: m.message_id().map(|id| id.0.clone()),
            arrived_at,
            arrived_by,
            date_header: m.date(),
            direction: Direction::In,
            authenticity,
            why,
            sender: m.from().first().and_then(|from| from.address.clone()),
            letters,
            uid,
        });
        Taken { outcomes, reading }
    }

    fn fits_somebody_met(&self, m: &Message<'_>) -> bool {
        m.from().iter().any(|from| {
            self.met.iter().any(|(name, address)| {
                let same_address = from.address.is_some() && from.address == *address;
                let names = from.name.as_ref().zip(name.as_ref());
                same_address || names.is_some_and(|(a, b)| alike(a, b))
            })
        })
    }
}

fn alike(a: &Name, b: &Name) -> bool {
    crate::person::likeness_of_names(a.as_str(), b.as_str()).outcome != Outcome::Different
}

/// What makes two copies of one mail the same (sources.md, "One mail once").
fn identity(m: &Message<'_>) -> String {
    if let Some(id) = m.message_id() {
        return format!("id {}", id.0);
    }
    let from = m.from().first().and_then(|f| f.address.as_ref()).map_or("", Address::as_str);
    let date = m.date().map(Timestamp::as_second).unwrap_or_default();
    format!("mail {date} {from} {} {}", m.subject(), m.size())
}

fn outcomes(letters: &[Letter]) -> Vec<String> {
    if letter::is_forged(letters).is_some() {
        return vec!["forged".to_owned()];
    }
    letters.iter().flat_map(|l| std::iter::repeat_n(outcome(l), people(l))).collect()
}

/// A nameless batch stands for as many requests as it says; a number out of a mail is believed only so far.
fn people(letter: &Letter) -> usize {
    match letter {
        Letter::Invitation(i) if i.inviter.is_none() => i.count.unwrap_or(1).clamp(1, 99) as usize,
        Letter::Invitation(_)
        | Letter::Note(_)
        | Letter::Application(_)
        | Letter::NetworkMessage(_)
        | Letter::Accepted(_)
        | Letter::Apology(_)
        | Letter::Other { .. } => 1,
    }
}

fn outcome(letter: &Letter) -> String {
    match letter {
        Letter::Invitation(i) if i.inviter.is_none() => format!("unnamed:{}", i.network.0),
        Letter::Invitation(_) => "request".to_owned(),
        Letter::Note(_) => "note".to_owned(),
        Letter::Application(_) => "application".to_owned(),
        Letter::NetworkMessage(_) => "network_message".to_owned(),
        Letter::Accepted(_) => "accepted".to_owned(),
        Letter::Apology(_) => "apology".to_owned(),
        Letter::Other { why: WhyNot::Unreadable, network, .. } => {
            format!("unreadable:{}", network.as_ref().map_or("", |n| n.0.as_str()))
        }
        // Only its header was read: what else it says nobody knows.
        Letter::Other { why: WhyNot::TooLarge, .. } => "unreadable:".to_owned(),
        Letter::Other { why, .. } => format!("other:{}", word(why)),
    }
}

fn word(why: &WhyNot) -> String {
    serde_json::to_value(why).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}
