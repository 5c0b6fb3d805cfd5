//! Does this text thank for a meeting that took place? Weighed from cues, in every language alike.
//!
//! "Thank you" stands in a quarter of all mail; what matters is what for. A sentence makes a *claim* when thanks (or
//! pleasure) stand near an object: a talk, an occasion, time that was given. Thanks whose nearest object is a reply,
//! an order or a review claim nothing, and neither do thanks in advance or a meeting still to come. The strongest claim
//! counts, others and the candidate's voice support it, and marks of an errand, an employer, an order or a status
//! question speak against it. Points are tenths of certainty, not probabilities; the reasons stand beside them.
use super::claim::{Claim, bare, claim, recalled, recollection, strongest, unnamed};
use super::sentences::{Sentence, sentences};
use super::tally::{Tally, foot, on_an_errand, reason};
use super::{Grounds, WhyNot};
use crate::words::{Hit, NoteBook, NoteCue};
use std::collections::BTreeMap;

/// From here on the words alone are enough.
pub(super) const BY_WORDS: i32 = 28;
/// From here on nobody's hopes need to be heard in them.
const SURE: i32 = 40;
/// From here on an ended meeting with the sender makes it a note.
pub(super) const BESIDE_MEETING: i32 = 20;
/// No sentence that somebody wrote holds more cues; weighing them costs their square.
const MOST_HITS: usize = 100;

/// The outcome of weighing one text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Weighed {
    pub(super) grounds: Result<Grounds, WhyNot>,
    pub(super) points: i32,
    /// Thanks outright somewhere.
    pub(super) thanks: bool,
    pub(super) asks_to_connect: bool,
    pub(super) withdraws: bool,
    /// Nothing but bare thanks beside a word of when, and no pleasure.
    pub(super) in_passing: bool,
    /// Sorry for an invitation, somewhere: the phrase.
    pub(super) sorry: Option<String>,
    pub(super) language: u16,
    /// The sentence with the strongest claim, as written.
    pub(super) telling: String,
    pub(super) why: Vec<String>,
}

impl Weighed {
    /// In an answer, a forward or a request, thanks for nothing named are for what came before.
    pub(super) fn unless_answer(mut self, answers: bool) -> Self {
        if answers && (self.in_passing || self.grounds == Ok(Grounds::Unnamed)) {
            self.grounds = Err(WhyNot::OtherThanks);
        }
        self
    }
}

/// One sentence with its cues.
pub(super) struct Marked<'a> {
    pub(super) sentence: Sentence<'a>,
    pub(super) hits: Vec<Hit<NoteCue>>,
}

impl Marked<'_> {
    pub(super) fn of(&self, cue: NoteCue) -> impl Iterator<Item = &Hit<NoteCue>> {
        self.hits.iter().filter(move |hit| hit.cue == cue)
    }

    pub(super) fn has(&self, cue: NoteCue) -> bool {
        self.of(cue).next().is_some()
    }

    pub(super) fn words(&self, start: usize, end: usize) -> &str {
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
        (a, b) => a.or(b),
    };
    let in_passing = best.is_none() && !body.iter().any(|m| m.has(NoteCue::Warm));
    let best = best.or_else(|| bare(&body));
    why.extend(recalled(&body).into_iter().take(3).map(|words| format!("\u{201c}{words}\u{201d}")));
    let thanks = body.iter().chain(&head).any(|m| m.has(NoteCue::Thanks));
    let sorry = body.iter().find_map(|m| m.of(NoteCue::Sorry).next().map(|hit| m.words(hit.start, hit.end).to_owned()));
    let open = unnamed(&body);
    let Some(best) = best else {
        let tally = Tally::of(&body, [dominant(&body); 2]);
        return Weighed { sorry, ..nothing(&tally, thanks, dominant(&body), open) };
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
    } else if open.is_some() && tally.is_free() {
        Ok(Grounds::Unnamed)
    } else {
        Err(against.iter().max_by_key(|(_, cost)| *cost).map_or(WhyNot::OtherThanks, |(veto, _)| *veto))
    };
    Weighed {
        grounds,
        points,
        thanks,
        asks_to_connect: tally.count(NoteCue::Connect) > 0,
        withdraws: tally.count(NoteCue::Decline) > 0,
        in_passing,
        sorry,
        language: best.claim.language,
        telling: best.raw.to_owned(),
        why,
    }
}

fn nothing(tally: &Tally, thanks: bool, language: u16, open: Option<&str>) -> Weighed {
    let veto = tally.loudest();
    let why_not = veto.unwrap_or(if thanks { WhyNot::OtherThanks } else { WhyNot::Ordinary });
    let open = open.filter(|_| tally.is_free());
    Weighed {
        grounds: open.map(|_| Grounds::Unnamed).ok_or(why_not),
        points: 0,
        thanks,
        asks_to_connect: false,
        withdraws: false,
        in_passing: false,
        sorry: None,
        language,
        telling: open.unwrap_or_default().to_owned(),
        why: vec!["thanks for no meeting".to_owned()],
    }
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
        case("Thanks for nothing: I waited forty minutes in your lobby yesterday.", Err(WhyNot::OtherThanks));
        case("For a talk like this I can not thank you: thank you for wasting an hour.", Err(WhyNot::OtherThanks));
        let plane = "We are at the airport, and I wanted to say thank you before we fly. Seeing the arm pick our own plums yesterday was worth the journey.";
        case(plane, Ok(Grounds::Unnamed));
        case(
            "The keys arrived yesterday, and they fit all of the doors, even the old one. Thank you for the keys.",
            Err(WhyNot::OtherThanks),
        );
        case(
            "The train leaves at nine today, so I shall not be there before noon, I fear. Many thanks, Jo",
            Err(WhyNot::OtherThanks),
        );
        case("Thank you for this morning's interview and the frank words on axles.", Ok(Grounds::Likely));
        case("Thank you for the interview feedback.", Err(WhyNot::OtherThanks));
    }

    #[test]
    fn one_sentence_of_signs_costs_no_square() {
        let signs = "謝".repeat(40_000);
        assert!(mark(&signs, Words::embedded().note()).iter().all(|m| m.hits.len() <= MOST_HITS));
    }
}
