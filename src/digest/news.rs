//! What is news, and only once.
//!
//! The difficulty: days are missed, clocks jump, mail comes late, and facts arrive in any order. A window of time would
//! lose or double things. The device: compare two *states* (the face now and the face last said), then ask why they
//! differ. What flipped and flipped back between two digests has no difference and so is no news.
use super::{Cause, Face, Judged};
use crate::timeline::TellingId;
use jiff::{SignedDuration, Timestamp};

const DAY: i64 = 86_400;
/// Older than this when first seen: backfill, not news.
pub const FRESH: SignedDuration = SignedDuration::from_secs(14 * DAY);
/// A turn in the person's favour is told this long after the first word.
pub const FORGIVING: SignedDuration = SignedDuration::from_secs(45 * DAY);
/// A turn against the person only this long: later nobody needs it.
pub const AGAINST: SignedDuration = SignedDuration::from_secs(7 * DAY);

/// What the table needs beside the item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    pub now: Timestamp,
    /// No digest was ever sent: everything fresh stands under "First look".
    pub first_run: bool,
    pub policy_changed_at: Option<Timestamp>,
    /// `digest.show_missing`
    pub show_missing: bool,
}

/// Why nothing is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quiet {
    /// The face is the said one.
    Same,
    /// Judged, but too young to be told (`news_from`).
    TooYoung,
    /// A question that waits for tomorrow: three stand before it.
    NoRoom,
    /// The source was not read; the foot names it.
    NotRead,
    Closed,
    /// A change that neither helps nor harms.
    Neither,
    /// Against the person, and the first word is older than a week.
    LongAgo,
    /// Time passed, nothing else.
    TimeOnly,
    /// A missing note the owner did not ask to see, or a note still awaited.
    Missing,
    /// Older than fourteen days when an account was first read.
    Backlog,
    /// A newer reader sees it worse, or too late.
    Reader,
}

/// What becomes of one item today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// A line of its own. `was`: the face that was shown before.
    News { cause: Cause, was: Option<Face> },
    /// A line under "First look", as long as there is room.
    FirstLook,
    /// Noted silently and counted once.
    Older,
    /// A number in the foot.
    Counted,
    /// Goes with a line under "You told me".
    Telling(TellingId),
    /// Goes with the line "your etiquette changed".
    Policy,
    /// Noted, not shown: the store learns the new face.
    Noted { cause: Cause, why: Quiet },
    /// Nothing is shown and nothing recorded: what was said before still stands.
    Nothing(Quiet),
}

/// Which way a face turned, seen from the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    InFavour,
    Against,
    Neither,
}

/// news.md's table for one item. Caps (20, 5, 3 a digest) are `compose`'s: they need all items.
#[must_use]
pub fn told(item: &Judged, ctx: &Context) -> Told {
    let face = item.what.face();
    if let Some(quiet) = held_back(item, &face, ctx) {
        return quiet;
    }
    match item.said.as_ref().filter(|said| said.shown || !is_number(&said.face) || ran_out(&said.face, &face)) {
        None => first_word(item, &face, ctx),
        Some(said) => match cause(item, &said.face, &face, said.at, ctx) {
            Cause::Telling => telling(item),
            Cause::Fact | Cause::Backlog => by_fact(item, &face, ctx),
            Cause::Time => by_time(item, &face, ctx),
            Cause::Reader => by_reader(item, &face, ctx),
            Cause::Policy => Told::Policy,
        },
    }
}

/// Reasons that come before any comparison.
fn held_back(item: &Judged, face: &Face, ctx: &Context) -> Option<Told> {
    if face.clause() == Some("not_read") {
        return Some(Told::Nothing(Quiet::NotRead));
    }
    if item.said.as_ref().is_some_and(|said| said.face == *face) {
        return Some(Told::Nothing(Quiet::Same));
    }
    if item.what.closed() {
        let told_since = item.said.as_ref().is_some_and(|said| item.telling.is_some_and(|(_, at)| at > said.at));
        return Some(if told_since { telling(item) } else { Told::Nothing(Quiet::Closed) });
    }
    item.what.news_from().filter(|from| *from > ctx.now).map(|_| Told::Nothing(Quiet::TooYoung))
}

fn telling(item: &Judged) -> Told {
    item.telling.map_or(Told::Nothing(Quiet::Closed), |(id, _)| Told::Telling(id))
}

/// Faces that are never a line: numbers in the foot, and thanks that only have not come yet.
fn is_number(face: &Face) -> bool {
    matches!(face.word(), "harmless" | "forged" | "awaited") || face.clause() == Some("exempt")
}

fn is_counted(face: &Face) -> bool {
    matches!(face.word(), "harmless" | "forged") || face.clause() == Some("exempt")
}

/// Nothing was said yet (or only a number).
fn first_word(item: &Judged, face: &Face, ctx: &Context) -> Told {
    let fresh = ctx.now.duration_since(item.event_at) <= FRESH;
    let backlog = ctx.first_run || item.backlog;
    if is_counted(face) {
        let cause = if backlog { Cause::Backlog } else { Cause::Fact };
        return if fresh { Told::Counted } else { Told::Noted { cause, why: Quiet::Backlog } };
    }
    if face.word() == "awaited" || (face.word() == "none_seen" && !ctx.show_missing) {
        return Told::Noted { cause: Cause::Fact, why: Quiet::Missing };
    }
    match (fresh, backlog) {
        (true, true) => Told::FirstLook,
        (true, false) => Told::News { cause: Cause::Fact, was: None },
        (false, true) => Told::Noted { cause: Cause::Backlog, why: Quiet::Backlog },
        (false, false) => Told::Older,
    }
}

/// Why the face differs. "Order when several apply: telling, fact, time, reader, policy", with one thing first: a
/// deadline that ran out is the clock's doing whatever else came in, if today's facts at the said time give the said face.
fn cause(item: &Judged, said: &Face, face: &Face, at: Timestamp, ctx: &Context) -> Cause {
    let only_clock = item.face_then.as_ref() == Some(said);
    if only_clock && ran_out(said, face) {
        Cause::Time
    } else if item.telling.is_some_and(|(_, told_at)| told_at > at) {
        Cause::Telling
    } else if item.recorded_at > at || (item.event_at > at && item.event_at <= ctx.now) {
        // A meeting that was planned when we last spoke and has been held since is a fact, though it was recorded before.
        Cause::Fact
    } else if only_clock {
        Cause::Time
    } else if item.reader_changed {
        Cause::Reader
    } else if ctx.policy_changed_at.is_some_and(|changed| changed > at) {
        Cause::Policy
    } else {
        // Somebody else's new mention can regroup a person without touching this item's own facts.
        Cause::Fact
    }
}

/// A deadline passed: the two changes that time alone makes worth a word.
fn ran_out(said: &Face, face: &Face) -> bool {
    (said.word() == "waiting" && face.clause() == Some("no_note_seen"))
        || (said.word() == "awaited" && face.word() == "none_seen")
}

fn by_fact(item: &Judged, face: &Face, ctx: &Context) -> Told {
    let Some(said) = &item.said else { return first_word(item, face, ctx) };
    if is_counted(face) {
        return Told::Counted;
    }
    let age = ctx.now.duration_since(said.at);
    let was = said.shown.then(|| said.face.clone());
    let noted = |why| Told::Noted { cause: Cause::Fact, why };
    match turn(&said.face, face) {
        Turn::InFavour if age <= FORGIVING => Told::News { cause: Cause::Fact, was },
        // A face that was never shown needs no correction.
        Turn::Against if age <= AGAINST && said.shown => Told::News { cause: Cause::Fact, was },
        Turn::InFavour | Turn::Against => noted(Quiet::LongAgo),
        Turn::Neither if face.asks() && !said.face.asks() && age <= FORGIVING => Told::News { cause: Cause::Fact, was },
        Turn::Neither => noted(Quiet::Neither),
    }
}

fn by_time(item: &Judged, face: &Face, ctx: &Context) -> Told {
    let noted = |why| Told::Noted { cause: Cause::Time, why };
    let Some(said) = &item.said else { return noted(Quiet::TimeOnly) };
    let was = said.shown.then(|| said.face.clone());
    if !ran_out(&said.face, face) {
        return noted(Quiet::TimeOnly);
    }
    match face.word() {
        "none_seen" if !ctx.show_missing => noted(Quiet::Missing),
        "none_seen" => Told::News { cause: Cause::Time, was: None },
        _ if said.shown => Told::News { cause: Cause::Time, was },
        _ => noted(Quiet::TimeOnly),
    }
}

fn by_reader(item: &Judged, face: &Face, ctx: &Context) -> Told {
    let Some(said) = &item.said else { return first_word(item, face, ctx) };
    let recent = ctx.now.duration_since(said.at) <= FORGIVING;
    match turn(&said.face, face) {
        Turn::InFavour if recent && !is_counted(face) => {
            Told::News { cause: Cause::Reader, was: said.shown.then(|| said.face.clone()) }
        }
        Turn::InFavour | Turn::Against | Turn::Neither => Told::Noted { cause: Cause::Reader, why: Quiet::Reader },
    }
}

/// Faces in the person's order, worst first. `None`: stands outside the order.
fn rank(face: &Face) -> Option<(bool, u8)> {
    let request = |r| Some((true, r));
    let thanks = |r| Some((false, r));
    match face.word() {
        "forged" => request(0),
        "premature" => request(1),
        "waiting" | "unsure" => request(2),
        "early" => request(3),
        "welcome" => request(4),
        "none_seen" => thanks(0),
        "awaited" => thanks(1),
        "elsewhere" => thanks(2),
        "brief" => thanks(3),
        "late" => thanks(4),
        "proper" => thanks(5),
        _ => None,
    }
}

fn turn(said: &Face, face: &Face) -> Turn {
    match (rank(said), rank(face)) {
        (Some((a, x)), Some((b, y))) if a == b && y > x => Turn::InFavour,
        (Some((a, x)), Some((b, y))) if a == b && y < x => Turn::Against,
        (Some(_) | None, Some(_) | None) => Turn::Neither,
    }
}
