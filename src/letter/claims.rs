//! Does this text thank for a meeting that took place? Weighed from cues, in every language alike.
//!
//! "Thank you" stands in a quarter of all mail; what matters is what for. A sentence makes a *claim* when thanks (or
//! pleasure) stand near an object: a talk, an occasion, time that was given. Thanks whose nearest object is a reply,
//! an order or a review claim nothing, and neither do thanks in advance or a meeting still to come. The strongest claim
//! counts, others and the candidate's voice support it, and marks of an errand, an employer, an order or a status
//! question speak against it. Points are tenths of certainty, not probabilities; the reasons stand beside them.
use super::sentences::{Sentence, sentences};
use super::{Grounds, WhyNot};
use crate::words::{Hit, NoteBook, NoteCue};
use std::collections::{BTreeMap, BTreeSet};

/// From here on the words alone are enough.
pub(super) const BY_WORDS: i32 = 28;
/// From here on nobody's hopes need to be heard in them.
const SURE: i32 = 40;
/// From here on an ended meeting with the sender makes it a note.
const BESIDE_MEETING: i32 = 20;
/// No sentence that somebody wrote holds more cues; weighing them costs their square.
const MOST_HITS: usize = 100;
/// Thanks and their object stand within this many bytes (some eighteen words).
const REACH: usize = 110;
/// A preposition and an article fit into so many bytes.
const DIRECT: usize = 10;
/// Thanks stand at the head or the foot of a letter.
const HEAD: usize = 6;
const FOOT: usize = 6;
/// Words of a letter in which thanks without an object may be for a meeting.
const BARE: usize = 60;
/// Thanks in the salutation or the two sentences after it open the letter.
const OPENING: usize = 3;

/// What a sentence says about a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Claim {
    points: i32,
    outright: bool,
    /// Its object is a talk told by its own words.
    met: bool,
    /// Its object is an occasion: an interview, a lunch.
    occasion: bool,
    /// It says when, in the past.
    dated: bool,
    language: u16,
    start: usize,
    end: usize,
}

/// The outcome of weighing one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Weighed {
    pub(super) grounds: Result<Grounds, WhyNot>,
    pub(super) points: i32,
    /// Thanks outright somewhere.
    pub(super) thanks: bool,
    pub(super) asks_to_connect: bool,
    pub(super) withdraws: bool,
    pub(super) language: u16,
    /// The sentence with the strongest claim, as written.
    pub(super) telling: String,
    pub(super) why: Vec<String>,
}

/// One sentence with its cues.
struct Marked<'a> {
    sentence: Sentence<'a>,
    hits: Vec<Hit<NoteCue>>,
}

impl Marked<'_> {
    fn of(&self, cue: NoteCue) -> impl Iterator<Item = &Hit<NoteCue>> {
        self.hits.iter().filter(move |hit| hit.cue == cue)
    }

    fn has(&self, cue: NoteCue) -> bool {
        self.of(cue).next().is_some()
    }

    fn words(&self, start: usize, end: usize) -> &str {
        self.sentence.plain.get(start..end).unwrap_or("").trim()
    }
}

/// Weighs a letter's own words, its subject and its signature.
pub(super) fn weigh(subject: &str, (own, signature): (&str, &str), book: &NoteBook) -> Weighed {
    let head = mark(subject, book);
    let body = mark(own, book);
    let (best, mut why) = strongest(&head, &body);
    let told_again = recollection(&head, &body);
    let best = match (best, told_again) {
        (Some(a), Some(b)) => Some(if b.claim.points > a.claim.points { b } else { a }),
        (a, b) => a.or(b).or_else(|| bare(&body)),
    };
    why.extend(recalled(&body).into_iter().take(3).map(|words| format!("\u{201c}{words}\u{201d}")));
    let thanks = body.iter().chain(&head).any(|m| m.has(NoteCue::Thanks));
    let Some(best) = best else {
        return nothing(&Tally::of(&body, [dominant(&body); 2]), thanks, dominant(&body));
    };
    let mut tally = Tally::of(&body, [best.claim.language, dominant(&body)]);
    tally.sign(&mark(foot(own, signature), book));
    let against = tally.against(&best);
    let points = best.claim.points + support(&head, &body, &best.claim, &tally)
        - against.iter().map(|(_, cost)| cost).sum::<i32>();
    why.extend(against.iter().map(|(veto, _)| format!("less for {}: {}", reason(*veto), tally.phrases(*veto))));
    let grounds = if tally.is_business() {
        Err(WhyNot::Errand)
    } else if points >= BY_WORDS && (thanks || (best.claim.met && tally.count(NoteCue::Candidate) > 0)) {
        Ok(if tally.has_voice() || points >= SURE { Grounds::Words } else { Grounds::Likely })
    } else if points >= BESIDE_MEETING && !on_an_errand(&against, &tally) {
        Ok(Grounds::NeedsMeeting)
    } else {
        Err(against.iter().max_by_key(|(_, cost)| *cost).map_or(WhyNot::OtherThanks, |(veto, _)| *veto))
    };
    Weighed {
        grounds,
        points,
        thanks,
        asks_to_connect: tally.count(NoteCue::Connect) > 0,
        withdraws: tally.count(NoteCue::Decline) > 0,
        language: best.claim.language,
        telling: best.raw.to_owned(),
        why,
    }
}

/// What a seller or an office writes after a meeting stays that, however well it is known that there was one.
fn on_an_errand(against: &[(WhyNot, i32)], tally: &Tally) -> bool {
    let business = |why: &WhyNot| matches!(why, WhyNot::Errand | WhyNot::Employer | WhyNot::Automatic);
    let heavy = against.iter().any(|(why, cost)| business(why) && *cost >= 16);
    tally.count(NoteCue::Candidate) == 0 && (heavy || tally.count(NoteCue::Errand) >= 3)
}

fn nothing(tally: &Tally, thanks: bool, language: u16) -> Weighed {
    let veto = tally.loudest();
    let why_not = veto.unwrap_or(if thanks { WhyNot::OtherThanks } else { WhyNot::Ordinary });
    Weighed {
        grounds: Err(why_not),
        points: 0,
        thanks,
        asks_to_connect: false,
        withdraws: false,
        language,
        telling: String::new(),
        why: vec!["thanks for no meeting".to_owned()],
    }
}

/// Who signs: the signature, or the last lines of a letter that has none.
fn foot<'a>(own: &'a str, signature: &'a str) -> &'a str {
    if !signature.trim().is_empty() {
        return signature;
    }
    let own = own.trim_end();
    let third = own.rmatch_indices('\n').nth(2).map_or(0, |(at, _)| at);
    own.get(third..).unwrap_or(own)
}

fn mark<'a>(text: &'a str, book: &NoteBook) -> Vec<Marked<'a>> {
    sentences(text)
        .into_iter()
        .map(|sentence| {
            let mut hits = book.phrases.find(&sentence.plain);
            hits.truncate(MOST_HITS);
            Marked { sentence, hits }
        })
        .collect()
}

/// The language most cues of a letter belong to.
fn dominant(body: &[Marked<'_>]) -> u16 {
    let mut counts: BTreeMap<u16, usize> = BTreeMap::new();
    for hit in body.iter().flat_map(|marked| &marked.hits) {
        *counts.entry(hit.language).or_default() += hit.end - hit.start;
    }
    counts
        .into_iter()
        .max_by_key(|(language, length)| (*length, u16::MAX - language))
        .map_or(0, |(language, _)| language)
}

/// A claim and where it stands.
struct Standing<'a> {
    claim: Claim,
    raw: &'a str,
    /// Among the first sentences of the letter: what it was written for, or its courtesy.
    opens: bool,
}

/// The strongest claim, and the phrases behind all claims.
fn strongest<'a>(head: &[Marked<'a>], body: &[Marked<'a>]) -> (Option<Standing<'a>>, Vec<String>) {
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
fn recalled(body: &[Marked<'_>]) -> BTreeSet<String> {
    let told = |m: &Marked<'_>| {
        let hits = m.of(NoteCue::Recalled).filter(|hit| !is_ahead(m, hit));
        hits.map(|hit| m.words(hit.start, hit.end).to_owned()).collect::<Vec<_>>()
    };
    body.iter().flat_map(told).collect()
}

/// A claim of the letter as a whole: it thanks, and what it tells again can only have been said when they met.
/// "You were patient with my stammer" names no interview, and thanks for one all the same.
fn recollection<'a>(head: &[Marked<'a>], body: &[Marked<'a>]) -> Option<Standing<'a>> {
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
fn bare<'a>(body: &[Marked<'a>]) -> Option<Standing<'a>> {
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

/// What one sentence claims.
fn claim(marked: &Marked<'_>) -> Option<Claim> {
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

/// What speaks for the strongest claim beside itself.
fn support(head: &[Marked<'_>], body: &[Marked<'_>], best: &Claim, tally: &Tally) -> i32 {
    let claims = body.iter().filter_map(claim).filter(|claim| claim.points >= 14).count();
    let more = if claims > 1 { 4 } else { 0 };
    let subject = head.iter().any(|m| m.has(NoteCue::Thanks) && !m.has(NoteCue::Other));
    let occasion = head.iter().any(|m| m.has(NoteCue::Occasion) || m.has(NoteCue::Met));
    let thanks = !best.outright && body.iter().any(|m| m.has(NoteCue::Thanks));
    let told_again = i32::try_from(tally.count(NoteCue::Recalled).min(2)).unwrap_or(2) * 3;
    // "Thank you for your time" ends every application: without a day or an occasion the voice proves little.
    let most = if best.met || best.dated || best.occasion { 4 } else { 2 };
    let voice = i32::try_from(tally.count(NoteCue::Candidate).min(most)).unwrap_or(0) * 3;
    more + voice + told_again + i32::from(subject) * 4 + i32::from(occasion) * 3 + i32::from(thanks) * 4
}

/// Distinct cues of each kind in a whole letter.
struct Tally {
    seen: BTreeSet<(NoteCue, String)>,
}

impl Tally {
    /// Only of these languages: "demo" or "offer" may mean something else in a letter of another.
    fn of(body: &[Marked<'_>], languages: [u16; 2]) -> Self {
        let seen = body.iter().flat_map(|marked| {
            let spoken = marked.hits.iter().filter(move |hit| languages.contains(&hit.language));
            spoken.map(|hit| (hit.cue, marked.words(hit.start, hit.end).to_owned()))
        });
        Self { seen: seen.collect() }
    }

    /// An office counts at the foot only: "Dear Hiring Team" is whom a candidate writes to.
    fn sign(&mut self, foot: &[Marked<'_>]) {
        self.seen.retain(|(cue, _)| *cue != NoteCue::Desk);
        let desks = foot.iter().flat_map(|m| m.of(NoteCue::Desk).map(|hit| m.words(hit.start, hit.end).to_owned()));
        self.seen.extend(desks.map(|words| (NoteCue::Desk, words)));
    }

    fn count(&self, cue: NoteCue) -> usize {
        self.seen.iter().filter(|(kind, _)| *kind == cue).count()
    }

    /// Points that speak against the claim, by reason. Plain thanks for a talk at the head of a letter outweigh the
    /// business that follows them; what only hints at a meeting does not.
    fn against(&self, best: &Standing<'_>) -> Vec<(WhyNot, i32)> {
        let voice = self.count(NoteCue::Candidate);
        let plain = best.claim.outright && best.claim.met;
        let opens = plain && best.opens;
        let dated = best.claim.dated;
        let costs = [
            (
                WhyNot::Errand,
                self.cost(NoteCue::Errand, if voice > 1 { 4 } else { 8 }, if opens && voice > 0 { 12 } else { 24 }),
            ),
            (WhyNot::Errand, self.cost(NoteCue::Another, 20, 40)),
            (WhyNot::Employer, self.cost(NoteCue::Desk, 14, 14)),
            (WhyNot::Employer, self.cost(NoteCue::Employer, if voice > 2 && opens { 10 } else { 16 }, 32)),
            (WhyNot::StatusQuery, self.cost(NoteCue::Status, if dated { 4 } else { 9 }, if opens { 12 } else { 18 })),
            (WhyNot::Decline, self.cost(NoteCue::Offer, 20, 30)),
            (WhyNot::Decline, if plain { 0 } else { self.cost(NoteCue::Decline, 14, 28) }),
            (WhyNot::Automatic, self.cost(NoteCue::Order, 12, 30)),
            (WhyNot::OtherThanks, if plain { 0 } else { self.cost(NoteCue::Advance, 8, 8) }),
            (WhyNot::OtherThanks, self.cost(NoteCue::Arranging, 10, 24)),
            (WhyNot::OtherThanks, if dated { 0 } else { self.cost(NoteCue::Ahead, 4, if plain { 8 } else { 12 }) }),
        ];
        costs.into_iter().filter(|(_, cost)| *cost > 0).collect()
    }

    /// Two marks of business or more, and fewer of a person who hopes for a place or tells again what was said: a
    /// seller's or an office's letter, whatever it opens with.
    fn is_business(&self) -> bool {
        let business = self.count(NoteCue::Errand) + self.count(NoteCue::Order);
        business > 1 && self.count(NoteCue::Candidate) + self.count(NoteCue::Recalled) < business
    }

    /// Somebody speaks who hopes for a place, or tells again what was said.
    fn has_voice(&self) -> bool {
        self.count(NoteCue::Candidate) + self.count(NoteCue::Recalled) > 0
    }

    fn cost(&self, cue: NoteCue, each: i32, most: i32) -> i32 {
        i32::try_from(self.count(cue)).unwrap_or(i32::MAX).saturating_mul(each).min(most)
    }

    /// The phrases behind a veto.
    fn phrases(&self, veto: WhyNot) -> String {
        let of = |cue: NoteCue| match cue {
            NoteCue::Errand | NoteCue::Another => veto == WhyNot::Errand,
            NoteCue::Employer | NoteCue::Desk => veto == WhyNot::Employer,
            NoteCue::Status => veto == WhyNot::StatusQuery,
            NoteCue::Offer | NoteCue::Decline => veto == WhyNot::Decline,
            NoteCue::Order => veto == WhyNot::Automatic,
            NoteCue::Advance | NoteCue::Ahead | NoteCue::Arranging => veto == WhyNot::OtherThanks,
            _ => false,
        };
        let found = self.seen.iter().filter(|(cue, _)| of(*cue)).take(3);
        found.map(|(_, words)| format!("\u{201c}{words}\u{201d}")).collect::<Vec<_>>().join(", ")
    }

    /// The plainest reason why a letter without a claim is none.
    fn loudest(&self) -> Option<WhyNot> {
        let kinds = [
            (WhyNot::Decline, NoteCue::Decline),
            (WhyNot::Automatic, NoteCue::Order),
            (WhyNot::Employer, NoteCue::Employer),
            (WhyNot::StatusQuery, NoteCue::Status),
        ];
        kinds.into_iter().find(|(_, cue)| self.count(*cue) > 0).map(|(why, _)| why)
    }
}

fn reason(veto: WhyNot) -> &'static str {
    match veto {
        WhyNot::Errand => "an errand",
        WhyNot::Employer => "an employer's words",
        WhyNot::StatusQuery => "asking for news",
        WhyNot::Decline => "an offer of employment",
        WhyNot::Automatic => "words of orders and accounts",
        WhyNot::OtherThanks => "thanks in advance, or a meeting still to come",
        WhyNot::Ordinary
        | WhyNot::Outgoing
        | WhyNot::Ours
        | WhyNot::Newsletter
        | WhyNot::CalendarMail
        | WhyNot::NetworkNews
        | WhyNot::PeopleYouMayKnow
        | WhyNot::NotATie
        | WhyNot::Forged
        | WhyNot::Unreadable
        | WhyNot::TooLarge => "other marks",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;

    #[track_caller]
    fn case(own: &str, grounds: Result<Grounds, WhyNot>) {
        let weighed = weigh("", (own, ""), Words::embedded().note());
        assert_eq!(weighed.grounds, grounds, "{own}: {} {:?}", weighed.points, weighed.why);
    }

    #[test]
    fn what_is_told_again_is_a_claim_and_bare_thanks_need_a_meeting() {
        let told = "Thank you, Mr Roe. Yesterday you listened to my whole story, and you showed me the kiln.";
        case(told, Ok(Grounds::Words));
        case("Thank you for today.", Ok(Grounds::NeedsMeeting));
        case("Vielen Dank für gestern.", Ok(Grounds::NeedsMeeting));
        case("Thanks so much, loved it!", Ok(Grounds::NeedsMeeting));
        case("Thanks in advance for today.", Err(WhyNot::OtherThanks));
        case("Thank you.", Err(WhyNot::OtherThanks));
        case("Thank you for this morning's interview and the frank words on axles.", Ok(Grounds::Likely));
        case("Thank you for the interview feedback.", Err(WhyNot::OtherThanks));
    }

    #[test]
    fn one_sentence_of_signs_costs_no_square() {
        let signs = "謝".repeat(40_000);
        assert!(mark(&signs, Words::embedded().note()).iter().all(|m| m.hits.len() <= MOST_HITS));
    }
}
