//! The cues of a whole letter, counted: who speaks in it, and what speaks against its thanks.
use super::WhyNot;
use super::claim::Standing;
use super::prices::sums;
use super::weigh::Marked;
use crate::words::NoteCue;
use std::collections::BTreeSet;

/// Distinct cues of each kind in a whole letter.
pub(super) struct Tally {
    seen: BTreeSet<(NoteCue, String)>,
}

impl Tally {
    /// Only of these languages: "demo" or "offer" may mean something else in a letter of another.
    pub(super) fn of(body: &[Marked<'_>], languages: [u16; 2]) -> Self {
        let seen = body.iter().flat_map(|marked| {
            let spoken = marked.hits.iter().filter(move |hit| languages.contains(&hit.language));
            spoken.map(|hit| (hit.cue, marked.words(hit.start, hit.end).to_owned()))
        });
        let mut seen: BTreeSet<(NoteCue, String)> = seen.collect();
        let sums: BTreeSet<&str> = body.iter().flat_map(|marked| sums(marked.sentence.raw)).collect();
        // One sum may be what a coffee cost, and an applicant may speak of sums, too.
        if sums.len() > 1 && !seen.iter().any(|(cue, _)| *cue == NoteCue::Candidate) {
            seen.extend(sums.into_iter().map(|sum| (NoteCue::Order, sum.to_owned())));
        }
        Self { seen }
    }

    /// An office counts at the foot only: "Dear Hiring Team" is whom a candidate writes to.
    pub(super) fn sign(&mut self, foot: &[Marked<'_>]) {
        self.seen.retain(|(cue, _)| *cue != NoteCue::Desk);
        let desks = foot.iter().flat_map(|m| m.of(NoteCue::Desk).map(|hit| m.words(hit.start, hit.end).to_owned()));
        self.seen.extend(desks.map(|words| (NoteCue::Desk, words)));
    }

    pub(super) fn count(&self, cue: NoteCue) -> usize {
        self.seen.iter().filter(|(kind, _)| *kind == cue).count()
    }

    /// Points that speak against the claim, by reason. Plain thanks for a talk at the head of a letter outweigh the
    /// business that follows them; what only hints at a meeting does not.
    pub(super) fn against(&self, best: &Standing<'_>) -> Vec<(WhyNot, i32)> {
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
    pub(super) fn is_business(&self) -> bool {
        let business = self.count(NoteCue::Errand) + self.count(NoteCue::Order);
        business > 1 && self.count(NoteCue::Candidate) + self.count(NoteCue::Recalled) < business
    }

    /// Nobody speaks in it who sells, hires, arranges or asks for news.
    pub(super) fn is_free(&self) -> bool {
        let none = [
            NoteCue::Desk,
            NoteCue::Order,
            NoteCue::Another,
            NoteCue::Offer,
            NoteCue::Arranging,
            NoteCue::Status,
            NoteCue::Decline,
            NoteCue::Errand,
            NoteCue::Employer,
        ];
        none.iter().all(|cue| self.count(*cue) == 0)
    }

    /// Somebody speaks who hopes for a place, or tells again what was said.
    pub(super) fn has_voice(&self) -> bool {
        self.count(NoteCue::Candidate) + self.count(NoteCue::Recalled) > 0
    }

    fn cost(&self, cue: NoteCue, each: i32, most: i32) -> i32 {
        i32::try_from(self.count(cue)).unwrap_or(i32::MAX).saturating_mul(each).min(most)
    }

    /// The phrases behind a veto.
    pub(super) fn phrases(&self, veto: WhyNot) -> String {
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
    pub(super) fn loudest(&self) -> Option<WhyNot> {
        let kinds = [
            (WhyNot::Decline, NoteCue::Decline),
            (WhyNot::Automatic, NoteCue::Order),
            (WhyNot::Employer, NoteCue::Employer),
            (WhyNot::StatusQuery, NoteCue::Status),
        ];
        kinds.into_iter().find(|(_, cue)| self.count(*cue) > 0).map(|(why, _)| why)
    }
}

/// Who signs: the signature, or the last lines of a letter that has none.
pub(super) fn foot<'a>(own: &'a str, signature: &'a str) -> &'a str {
    if !signature.trim().is_empty() {
        return signature;
    }
    let own = own.trim_end();
    let third = own.rmatch_indices('\n').nth(2).map_or(0, |(at, _)| at);
    own.get(third..).unwrap_or(own)
}

/// What a seller or an office writes after a meeting stays that, however well it is known that there was one. A single
/// word an employer might use ("onboarding") is none of theirs beside what was said when they met.
pub(super) fn on_an_errand(against: &[(WhyNot, i32)], tally: &Tally) -> bool {
    let business = [NoteCue::Errand, NoteCue::Order, NoteCue::Desk, NoteCue::Employer, NoteCue::Another];
    let [errand, order, desk, employer, another] = business.map(|cue| tally.count(cue));
    if tally.count(NoteCue::Recalled) > 0 && errand + order + desk == 0 && employer + another == 1 {
        return false;
    }
    let business = |why: &WhyNot| matches!(why, WhyNot::Errand | WhyNot::Employer | WhyNot::Automatic);
    let heavy = against.iter().any(|(why, cost)| business(why) && *cost >= 16);
    tally.count(NoteCue::Candidate) == 0 && (heavy || tally.count(NoteCue::Errand) >= 3)
}

pub(super) fn reason(veto: WhyNot) -> &'static str {
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
