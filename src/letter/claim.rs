//! What one sentence of a letter claims, and which claim is the strongest.
//!
//! A sentence makes a claim when thanks (or pleasure) stand near an object: a talk, an occasion, time that was given. What
//! nearer object is thanked for instead, and what is still to come, takes the claim away. A letter that names no meeting
//! claims one all the same by what it tells again.
use super::weigh::{BESIDE_MEETING, Marked};
use super::words_count::count_words;
use crate::words::{Hit, NoteCue, is_joined};
use std::collections::BTreeSet;

/// Thanks and their object stand within this many bytes (some eighteen words).
const REACH: usize = 110;
/// A preposition and an article fit into so many bytes.
const DIRECT: usize = 10;
/// Thanks stand at the head or the foot of a letter.
const HEAD: usize = 6;
const FOOT: usize = 6;
/// Words of a letter in which thanks without an object may be for a meeting.
const BARE: usize = 60;
/// "So very much indeed" fits between thanks and the word that leads on.
const LED: usize = 24;
/// A letter of fewer words is a word of thanks in passing.
const SOME: u32 = 12;
/// Thanks in the salutation or the two sentences after it open the letter.
const OPENING: usize = 3;

/// What a sentence says about a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) points: i32,
    pub(super) outright: bool,
    /// Its object is a talk told by its own words.
    pub(super) met: bool,
    /// Its object is an occasion: an interview, a lunch.
    pub(super) occasion: bool,
    /// It says when, in the past.
    pub(super) dated: bool,
    pub(super) language: u16,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// A claim and where it stands.
pub(super) struct Standing<'a> {
    pub(super) claim: Claim,
    pub(super) raw: &'a str,
    /// Among the first sentences of the letter: what it was written for, or its courtesy.
    pub(super) opens: bool,
}

/// The strongest claim, and the phrases behind all claims.
pub(super) fn strongest<'a>(head: &[Marked<'a>], body: &[Marked<'a>]) -> (Option<Standing<'a>>, Vec<String>) {
    let mut best: Option<Standing<'a>> = None;
    let mut why = Vec::new();
    let count = body.len();
    let placed = body.iter().enumerate().map(|(at, m)| (m, at < OPENING, at >= HEAD && at + FOOT < count));
    for (marked, opens, buried) in head.iter().map(|m| (m, false, false)).chain(placed) {
        let Some(mut claim) = claim(marked) else { continue };
        claim.points -= if buried { 8 } else { 0 };
        if why.len() < 4 {
            why.push(format!("\u{201c}{}\u{201d}", marked.words(claim.start, claim.end)));
        }
        if best.as_ref().is_none_or(|so_far| claim.points > so_far.claim.points) {
            best = Some(Standing { claim, raw: marked.sentence.raw, opens });
        }
    }
    (best, why)
}

/// What was said and done while they met, as the letter tells it again: each once.
pub(super) fn recalled(body: &[Marked<'_>]) -> BTreeSet<String> {
    let told = |m: &Marked<'_>| {
        let hits = m.of(NoteCue::Recalled).filter(|hit| !is_ahead(m, hit));
        hits.map(|hit| m.words(hit.start, hit.end).to_owned()).collect::<Vec<_>>()
    };
    body.iter().flat_map(told).collect()
}

/// A claim of the letter as a whole: it thanks, and what it tells again can only have been said when they met.
/// "You were patient with my stammer" names no interview, and thanks for one all the same.
pub(super) fn recollection<'a>(head: &[Marked<'a>], body: &[Marked<'a>]) -> Option<Standing<'a>> {
    let told = i32::try_from(recalled(body).len().min(3)).unwrap_or(3);
    let thanks = |m: &&Marked<'a>| m.has(NoteCue::Thanks) && !m.has(NoteCue::Advance);
    let outright = body.iter().chain(head).find(thanks);
    let carrier = outright.or_else(|| body.iter().find(|m| m.has(NoteCue::Warm)))?;
    let dated = body.iter().chain(head).any(|m| m.has(NoteCue::When));
    let by = carrier.hits.iter().find(|hit| matches!(hit.cue, NoteCue::Thanks | NoteCue::Warm))?;
    let claim = Claim {
        points: if outright.is_some() { 10 } else { 6 } + 6 * told + if dated { 8 } else { 0 },
        outright: outright.is_some(),
        met: told > 1,
        occasion: false,
        dated,
        language: by.language,
        start: by.start,
        end: by.end,
    };
    (told > 0).then_some(Standing { claim, raw: carrier.sentence.raw, opens: false })
}

/// Thanks with no object at all, beside a word of when or of pleasure: too little by itself, but a calendar may know
/// what they are for. In a long letter they may be for anything.
pub(super) fn bare<'a>(body: &[Marked<'a>]) -> Option<Standing<'a>> {
    let words: usize = body.iter().map(|m| m.sentence.plain.split_whitespace().count()).sum();
    let other = [NoteCue::Other, NoteCue::Advance, NoteCue::Ahead];
    let plain = |m: &&Marked<'a>| m.has(NoteCue::Thanks) && !other.iter().any(|cue| m.has(*cue));
    let carrier = body.iter().find(plain)?;
    let hinted = carrier.has(NoteCue::When) || body.iter().any(|m| m.has(NoteCue::Warm));
    let by = carrier.of(NoteCue::Thanks).next()?;
    let claim = Claim {
        points: BESIDE_MEETING,
        outright: true,
        met: false,
        occasion: false,
        dated: carrier.has(NoteCue::When),
        language: by.language,
        start: by.start,
        end: by.end,
    };
    (hinted && words <= BARE).then_some(Standing { claim, raw: carrier.sentence.raw, opens: false })
}

/// Outright thanks for nothing that is named: the sentence, as written. "Thanks, Jo" at the foot of a letter is how
/// letters end, and what is thanked for instead is named.
pub(super) fn unnamed<'a>(body: &[Marked<'a>]) -> Option<&'a str> {
    let words = |m: &Marked<'_>| count_words(&m.sentence.plain);
    let instead = [NoteCue::Other, NoteCue::Ahead];
    let of_meeting = [NoteCue::Occasion, NoteCue::Met, NoteCue::Day, NoteCue::Time];
    let met = |m: &Marked<'_>| of_meeting.iter().any(|cue| m.has(*cue));
    let open = |(at, m): &(usize, &Marked<'a>)| {
        let begins = || *at < OPENING && at + 2 < body.len() || words(m) > 4;
        let thanks = m.has(NoteCue::Thanks) && !m.has(NoteCue::Advance);
        thanks && begins() && (met(m) || !leads_on(m) && !instead.iter().any(|cue| m.has(*cue)))
    };
    let (_, carrier) = body.iter().enumerate().find(open)?;
    let signs = [NoteCue::Warm, NoteCue::Recalled, NoteCue::When];
    let hinted = body.iter().any(|m| met(m) || signs.iter().any(|cue| m.has(*cue)));
    (hinted && body.iter().map(words).sum::<u32>() >= SOME).then_some(carrier.sentence.raw)
}

/// Do its thanks lead on to what they are for? In languages that need no word for it, what follows is taken for that.
fn leads_on(marked: &Marked<'_>) -> bool {
    marked.of(NoteCue::Thanks).any(|by| {
        let near = |hit: &Hit<NoteCue>| hit.start + 1 >= by.end && hit.start.saturating_sub(by.end) <= LED;
        let rest = marked.words(by.end, marked.sentence.plain.len());
        marked.of(NoteCue::Object).any(near) || rest.chars().filter(|c| is_joined(*c)).count() > 4
    })
}

/// What one sentence claims.
pub(super) fn claim(marked: &Marked<'_>) -> Option<Claim> {
    if marked.has(NoteCue::Advance) && !marked.has(NoteCue::When) {
        return None;
    }
    let thanks: Vec<_> = marked.of(NoteCue::Thanks).filter(|hit| !covered(marked, hit, NoteCue::Advance)).collect();
    let warm: Vec<_> = marked.of(NoteCue::Warm).filter(|hit| !covered(marked, hit, NoteCue::Ahead)).collect();
    let outright = thanks.iter().filter_map(|by| object(marked, by, true)).max_by_key(|claim| claim.points);
    let implied = warm.iter().filter_map(|by| object(marked, by, false)).max_by_key(|claim| claim.points);
    match (outright, implied) {
        (Some(a), Some(b)) => Some(if b.points > a.points { Claim { outright: true, ..b } } else { a }),
        (a, b) => a.or(b),
    }
}

/// The claim that a thanks or warm cue makes with what stands near it.
fn object(marked: &Marked<'_>, by: &Hit<NoteCue>, outright: bool) -> Option<Claim> {
    let dated = marked.has(NoteCue::When);
    let near = |hit: &&Hit<NoteCue>| distance(by, hit) <= REACH;
    let held = |cue: NoteCue| {
        let past = marked.of(cue).filter(near).filter(|hit| !is_ahead(marked, hit) && !is_of_another(marked, hit));
        past.min_by_key(|hit| distance(by, hit))
    };
    let other = marked.of(NoteCue::Other).filter(near).map(|hit| distance(by, hit)).min();
    let first = |hit: &&Hit<NoteCue>| other.is_none_or(|o| distance(by, hit) < o);
    let (met, occasion, time) =
        (held(NoteCue::Met), held(NoteCue::Occasion).filter(first), held(NoteCue::Time).filter(first));
    let day = held(NoteCue::Day).filter(first);
    let (points, object) = match (met, occasion, time) {
        (Some(met), _, _) => (if outright { 30 } else { 23 }, met),
        (_, Some(occasion), Some(_)) => (if outright { 26 } else { 16 }, occasion),
        (_, Some(occasion), None) => (if outright { 21 } else { 14 }, occasion),
        (_, None, Some(time)) if dated => (if outright { 20 } else { 8 }, time),
        (_, None, Some(time)) => (if outright { 14 } else { 8 }, time),
        (_, None, None) => (if outright { 14 } else { 8 }, day?),
    };
    // "Thanks for the interview": nothing stands between that could be meant instead.
    let direct = outright && met.is_none() && distance(by, object) <= DIRECT;
    let late = other.is_some_and(|o| o < distance(by, object));
    Some(Claim {
        points: points + if dated { 8 } else { 0 } + if direct { 4 } else { 0 } - if late { 10 } else { 0 },
        outright,
        met: met.is_some(),
        occasion: occasion.is_some(),
        dated,
        language: object.language,
        start: by.start.min(object.start),
        end: by.end.max(object.end),
    })
}

/// Bytes between two hits; what stands before a thanks is a little farther than what follows.
fn distance(by: &Hit<NoteCue>, hit: &Hit<NoteCue>) -> usize {
    if hit.start >= by.start { hit.start.saturating_sub(by.end) } else { by.start.saturating_sub(hit.end) + 12 }
}

/// Does a hit of this kind cover (part of) the other?
fn covered(marked: &Marked<'_>, hit: &Hit<NoteCue>, by: NoteCue) -> bool {
    marked.of(by).any(|over| over.start < hit.end.saturating_sub(1) && hit.start + 1 < over.end)
}

/// "The interview feedback" is feedback; "the interview and your frank words" is an interview, and some words.
fn is_of_another(marked: &Marked<'_>, hit: &Hit<NoteCue>) -> bool {
    let over = |over: &Hit<NoteCue>| over.start < hit.end.saturating_sub(1) && hit.start + 1 < over.end;
    let rest = |over: &Hit<NoteCue>| marked.words(hit.end.min(over.end), over.end).split(' ').count();
    marked.of(NoteCue::Other).any(|other| over(other) && (hit.end >= other.end || rest(other) < 3))
}

/// Is this occasion one that is still to come: part of, or shortly after, words about the future?
fn is_ahead(marked: &Marked<'_>, hit: &Hit<NoteCue>) -> bool {
    covered(marked, hit, NoteCue::Ahead)
        || marked.of(NoteCue::Ahead).any(|ahead| ahead.end <= hit.start + 1 && hit.start.saturating_sub(ahead.end) < 40)
}
