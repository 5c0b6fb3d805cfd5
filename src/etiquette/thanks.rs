//! Verdicts on thanks: one per person and interview; after other meetings only where thanks arrived.
use super::case::Other;
use super::judge::meeting_ref;
use super::moment::deadline;
use super::slips::{Paper, Slip};
use super::story::{Occasion, Story};
use super::{Policy, Remark, ThanksVerdict, ThanksWord};
use crate::letter::{Grounds, Note};
use crate::message::{ArrivalBy, Authenticity};
use crate::person::PersonId;
use crate::timeline::{Coverage, FactId, LetterId, Wrote};
use jiff::Timestamp;

/// Whose thanks, and what else a verdict needs.
#[derive(Clone, Copy)]
pub(super) struct Desk<'a> {
    pub policy: &'a Policy,
    pub coverage: &'a Coverage,
    pub now: Timestamp,
    pub person: PersonId,
    pub story: &'a Story<'a>,
    pub others: &'a [Other<'a>],
}

/// Grade of one sheet of thanks. The order of [`ThanksWord`] is not the order of merit; [`merit`] is.
pub(super) fn grade(policy: &Policy, story: &Story, slip: &Slip) -> ThanksWord {
    match slip.paper {
        Paper::Card(_) => ThanksWord::Proper,
        Paper::Message(_) | Paper::Inside(_) => ThanksWord::Elsewhere,
        Paper::Note(wrote, note) => {
            let meant = slip.means().and_then(|i| story.occasions.get(i));
            // When a forwarded note was written is not known; doubt works for the person.
            let late = meant.is_some_and(|o| !note.forwarded && wrote.at > deadline(policy, o.met.ends));
            match (late, substantial(policy, note)) {
                (true, _) => ThanksWord::Late,
                (false, true) => ThanksWord::Proper,
                (false, false) => ThanksWord::Brief,
            }
        }
    }
}

/// The best first. A few words in time are better manners than many too late.
pub(super) fn merit(word: ThanksWord) -> u8 {
    match word {
        ThanksWord::Proper => 0,
        ThanksWord::Brief => 1,
        ThanksWord::Late => 2,
        ThanksWord::Elsewhere => 3,
        ThanksWord::Awaited => 4,
        ThanksWord::NoneSeen => 5,
    }
}

fn substantial(policy: &Policy, note: &Note) -> bool {
    note.thanks && note.own_words >= policy.thanks.min_words && !note.specifics.is_empty()
}

/// All verdicts on thanks of one person.
pub(super) fn verdicts(desk: &Desk) -> Vec<ThanksVerdict> {
    let mut by_occasion: Vec<Vec<&Slip>> = vec![Vec::new(); desk.story.occasions.len()];
    let mut served: Vec<bool> = vec![false; desk.story.occasions.len()];
    let mut verdicts = Vec::new();
    for slip in &desk.story.slips {
        match slip.means().and_then(|i| by_occasion.get_mut(i)) {
            Some(slips) => slips.push(slip),
            None => verdicts.extend(alone(desk, slip)),
        }
        for other in slip.serves.iter().skip(1).filter(|_| slip.is_note()) {
            served.get_mut(*other).into_iter().for_each(|s| *s = true);
        }
    }
    for ((o, slips), served) in desk.story.occasions.iter().zip(&by_occasion).zip(served) {
        verdicts.extend(on_occasion(desk, o, slips, served));
    }
    verdicts
}

fn on_occasion(desk: &Desk, o: &Occasion, slips: &[&Slip], served: bool) -> Option<ThanksVerdict> {
    let due = o.held() && desk.story.due(desk.policy, o);
    let graded = slips.iter().map(|s| (grade(desk.policy, desk.story, s), *s));
    let best = graded.filter(|(w, _)| due || *w != ThanksWord::Elsewhere).min_by_key(|(w, s)| (merit(*w), s.at));
    match best {
        Some((word, slip)) if !(served && word == ThanksWord::Elsewhere) => Some(arrived(desk, o, word, slip)),
        _ if due && !served => Some(perhaps(desk, o).unwrap_or_else(|| missing(desk, o))),
        _ => None,
    }
}

fn bare(word: ThanksWord, subject: String) -> ThanksVerdict {
    ThanksVerdict {
        subject,
        word,
        meeting: None,
        at: None,
        after: None,
        until: None,
        quote: None,
        remarks: vec![],
        because: vec![],
    }
}

fn on(desk: &Desk, o: &Occasion, word: ThanksWord) -> ThanksVerdict {
    let mut v = bare(word, format!("meeting/{}/{}", o.met.id.0, desk.person.0));
    v.meeting = Some(meeting_ref(o.met));
    v.until = Some(deadline(desk.policy, o.met.ends));
    v.because.push(FactId::Meeting(o.met.id));
    v
}

/// No thanks so far. That none came may be said only of folders that were read; until then they are awaited.
fn missing(desk: &Desk, o: &Occasion) -> ThanksVerdict {
    let until = deadline(desk.policy, o.met.ends);
    let read = desk.coverage.calendars_read_since(o.met.ends).and_then(|()| desk.coverage.mail_read_to(until));
    let over = desk.now > until && read.is_ok();
    on(desk, o, if over { ThanksWord::NoneSeen } else { ThanksWord::Awaited })
}

/// A note for this meeting by somebody who may be this person. Whether it is theirs nobody knows: doubt works for them.
fn perhaps(desk: &Desk, o: &Occasion) -> Option<ThanksVerdict> {
    desk.others.iter().find_map(|other| {
        let story = other.stories.first()?;
        let slip = notes_for(story, o)
            .find(|s| !wrote(desk.story, s) && (is_plain(s) || !other.alternative.likeness.objects()))?;
        let mut v = on(desk, o, grade(desk.policy, story, slip));
        describe(&mut v, slip);
        v.after = Some(o.met.ends.duration_until(slip.at));
        let name = other.alternative.timeline.name.as_ref();
        v.remarks.push(Remark::PerhapsBy(name.map_or(String::new(), |n| n.as_str().to_owned())));
        Some(v)
    })
}

/// Thanks by their words alone. Whose name speaks against being the person lends no meeting to thanks for anything.
fn is_plain(slip: &Slip) -> bool {
    matches!(slip.paper, Paper::Note(_, note) if note.grounds == Grounds::Words)
}

/// Is this note, which means no meeting of its writer's, shown with a meeting of somebody who may be the writer?
fn shown_elsewhere(desk: &Desk, slip: &Slip) -> bool {
    desk.others.iter().filter_map(|other| other.stories.first()).any(|story| {
        let same = story.slips.iter().find(|s| letter(s).is_some() && letter(s) == letter(slip));
        let meant = same.and_then(Slip::means).and_then(|i| story.occasions.get(i));
        meant
            .is_some_and(|o| o.held() && story.due(desk.policy, o) && notes_for(story, o).all(|s| wrote(desk.story, s)))
    })
}

fn notes_for<'s, 'a>(story: &'s Story<'a>, o: &Occasion) -> impl Iterator<Item = &'s Slip<'a>> {
    let index = story.occasions.iter().position(|x| x.met.id == o.met.id);
    let meant = move |s: &&Slip| index.is_some() && s.means() == index;
    story.slips.iter().filter(|s| matches!(s.paper, Paper::Note(..))).filter(meant)
}

fn letter(slip: &Slip) -> Option<LetterId> {
    match slip.paper {
        Paper::Note(wrote, _) | Paper::Message(wrote) => Some(wrote.letter),
        Paper::Inside(_) | Paper::Card(_) => None,
    }
}

fn wrote(story: &Story, slip: &Slip) -> bool {
    story.wrote.iter().any(|w| Some(w.letter) == letter(slip))
}

fn arrived(desk: &Desk, o: &Occasion, word: ThanksWord, slip: &Slip) -> ThanksVerdict {
    let mut v = on(desk, o, word);
    describe(&mut v, slip);
    if !matches!(slip.paper, Paper::Card(_)) {
        v.after = Some(o.met.ends.duration_until(slip.at));
    }
    let occasions = slip.serves.iter().skip(1).filter_map(|i| desk.story.occasions.get(*i));
    let also: Vec<_> = occasions.map(|o| o.met.id).collect();
    if !also.is_empty() {
        v.remarks.push(Remark::AlsoServes(also));
    }
    if let Paper::Note(_, note) = slip.paper
        && word == ThanksWord::Late
        && !substantial(desk.policy, note)
    {
        v.remarks.push(Remark::NoteBrief);
    }
    if o.met.took_place == crate::meeting::TookPlace::YesUnanswered {
        v.remarks.push(Remark::TakesPlaceUnanswered);
    }
    v
}

/// A note whose meeting is in no calendar: shown, never a fact.
fn alone(desk: &Desk, slip: &Slip) -> Option<ThanksVerdict> {
    let Paper::Note(wrote, _) = slip.paper else { return None };
    if shown_elsewhere(desk, slip) || unlikely(desk.coverage, slip) {
        return None;
    }
    let mut v = bare(grade(desk.policy, desk.story, slip), format!("note/{}", wrote.letter.0));
    describe(&mut v, slip);
    v.remarks.push(Remark::NoMeetingFound);
    Some(v)
}

/// Thanks that are likely by their words, of somebody whom the calendars, which were read, do not know.
pub(super) fn unlikely(coverage: &Coverage, slip: &Slip) -> bool {
    match slip.paper {
        Paper::Note(wrote, note) => {
            let likely = note.grounds == Grounds::Likely && !note.forwarded && slip.serves.is_empty();
            likely && coverage.calendars_read_since(wrote.at).is_ok()
        }
        Paper::Card(_) | Paper::Message(_) | Paper::Inside(_) => false,
    }
}

fn describe(v: &mut ThanksVerdict, slip: &Slip) {
    v.at = Some(slip.at);
    match slip.paper {
        Paper::Note(wrote, note) => {
            sent(v, wrote);
            v.quote = wrote.quote.clone().or_else(|| note.quote.clone());
            let remarks = [
                (note.asks_to_connect, Remark::AlsoAsksToConnect),
                (note.withdraws, Remark::Withdraws),
                (note.forwarded, Remark::Forwarded),
            ];
            v.remarks.extend(remarks.into_iter().filter(|(holds, _)| *holds).map(|(_, r)| r));
        }
        Paper::Message(wrote) => sent(v, wrote),
        Paper::Inside(request) => {
            v.remarks.push(Remark::ThanksInside);
            v.because.extend(request.letters.first().copied().map(FactId::Letter));
        }
        Paper::Card(telling) => {
            v.remarks.push(Remark::OnPaper);
            v.because.push(FactId::Telling(telling.id));
        }
    }
}

fn sent(v: &mut ThanksVerdict, wrote: &Wrote) {
    v.because.push(FactId::Letter(wrote.letter));
    let remarks = [
        (wrote.authenticity != Authenticity::Verified, Remark::Unverified),
        (wrote.in_junk, Remark::InJunk),
        (wrote.by == ArrivalBy::Date, Remark::ByItsOwnDate),
    ];
    v.remarks.extend(remarks.into_iter().filter(|(holds, _)| *holds).map(|(_, r)| r));
}

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::{all_read, moment, policy, thanks, thanks_under, thanks_where};
    use crate::meeting::Kind;

    #[test]
    fn one_per_person_and_interview() {
        thanks("proper", "mon 14:00 interview; tue 9:00 note", "tue 10:00", "proper mon 14:00");
        thanks("within the hour", "mon 14:00 interview; mon 15:20 note", "tue 10:00", "proper mon 14:00");
        thanks(
            "before the entry's end: it ended early",
            "mon 14:00 interview; mon 14:45 note",
            "tue 10:00",
            "proper mon 14:00",
        );
        thanks(
            "before it began: no note of it",
            "mon 13:50 note; mon 14:00 interview 20m",
            "tue 10:00",
            "awaited mon 14:00; thanked for none",
        );
        thanks(
            "thanks for nothing named, soon after",
            "mon 14:00 coffee; tue 9:00 note unnamed",
            "tue 10:00",
            "proper mon 14:00",
        );
        thanks("thanks for nothing named, days after", "mon 14:00 coffee; thu 9:00 note unnamed", "fri 10:00", "");
        thanks("thanks for nothing named, and nobody was met", "tue 9:00 note unnamed", "fri 10:00", "");
        thanks("a colleague's for nothing named", "mon 9:00 colleague; mon 14:00 note unnamed", "fri 10:00", "");
        thanks("late", "mon 14:00 interview; thu 9:00 note", "fri 10:00", "late mon 14:00");
        thanks("a weekend is not counted", "fri 14:00 interview; tue+1 14:00 note", "fri+1 10:00", "proper fri 14:00");
        thanks("brief", "mon 14:00 interview; tue 9:00 note 24w", "tue 10:00", "brief mon 14:00");
        thanks(
            "enough words, nothing specific",
            "mon 14:00 interview; tue 9:00 note 60w vague",
            "tue 10:00",
            "brief mon 14:00",
        );
        thanks("late and brief", "mon 14:00 interview; fri 9:00 note 5w", "fri 10:00", "late mon 14:00, brief");
        thanks("awaited", "mon 14:00 interview", "tue 10:00", "awaited mon 14:00");
        thanks("none seen", "mon 14:00 interview", "wed 15:01", "none_seen mon 14:00");
        thanks("after a coffee its absence is nothing", "mon 14:00 coffee", "fri 10:00", "");
        thanks("a note after a coffee is shown", "mon 14:00 coffee; tue 9:00 note", "fri 10:00", "proper mon 14:00");
        thanks(
            "only in a network's message",
            "mon 14:00 interview; tue 9:00 message thanks",
            "fri 10:00",
            "elsewhere mon 14:00",
        );
        thanks(
            "only inside a request",
            "mon 14:00 interview; tue 9:00 asked thanks-inside",
            "fri 10:00",
            "elsewhere mon 14:00, thanks inside",
        );
        thanks(
            "a message without thanks is none",
            "mon 14:00 interview; tue 9:00 message",
            "fri 10:00",
            "none_seen mon 14:00",
        );
        thanks(
            "a card on paper",
            "mon 14:00 interview; wed 9:00 told noted",
            "fri 10:00",
            "proper mon 14:00, on paper",
        );
        thanks(
            "a real note beats a message",
            "mon 14:00 interview; mon 17:00 message thanks; tue 9:00 note",
            "fri 10:00",
            "proper mon 14:00",
        );
        thanks(
            "two notes, the best",
            "mon 14:00 interview; mon 17:00 note 5w; fri 9:00 note",
            "fri 10:00",
            "brief mon 14:00",
        );
        thanks("cancelled", "mon 14:00 interview cancelled", "fri 10:00", "");
        thanks(
            "a colleague on the panel owes none",
            "mon 9:00 colleague; mon 14:00 interview invited",
            "fri 10:00",
            "",
        );
        thanks(
            "a colleague's thanks without a meeting are none",
            "mon 9:00 colleague; mon 14:00 note",
            "fri 10:00",
            "",
        );
        thanks(
            "nor after talk within the house",
            "mon 9:00 colleague; mon 10:00 meeting; mon 14:00 note",
            "fri 10:00",
            "",
        );
        thanks(
            "after a meal they are",
            "mon 9:00 colleague; mon 12:00 meal; mon 14:00 note",
            "fri 10:00",
            "proper mon 12:00",
        );
    }

    #[test]
    fn which_meeting_it_means() {
        thanks(
            "the latest that had ended",
            "mon-3 14:00 interview; mon 14:00 interview; tue 9:00 note",
            "fri 10:00",
            "none_seen mon 14:00; proper mon 14:00",
        );
        thanks(
            "one note for an on-site day",
            "mon 9:00 interview; mon 14:00 interview; tue 9:00 note",
            "fri 10:00",
            "proper mon 14:00, serves 1 more",
        );
        thanks(
            "within seven days",
            "tue-1 9:00 screen 30m; mon 14:00 interview; tue 9:00 note",
            "fri 10:00",
            "proper mon 14:00, serves 1 more",
        );
        thanks(
            "each its own",
            "thu-1 14:00 interview; fri-1 9:00 note; mon 14:00 interview; tue 9:00 note",
            "fri 10:00",
            "proper thu 14:00; proper mon 14:00, serves 1 more",
        );
        thanks(
            "the next interview is not thanked by the last one's note",
            "thu-1 14:00 interview; fri-1 9:00 note; mon 14:00 interview",
            "tue 10:00",
            "proper thu 14:00; awaited mon 14:00",
        );
        thanks(
            "on the eve of one: thanks before it",
            "sun-1 18:20 note; mon 14:00 interview",
            "tue 10:00",
            "awaited mon 14:00; thanked for none",
        );
        thanks(
            "days before one: of something else",
            "thu-1 9:00 note; mon 14:00 interview",
            "tue 10:00",
            "proper, no meeting; awaited mon 14:00",
        );
        thanks("no meeting in the calendar: shown, no fact", "tue 9:00 note", "fri 10:00", "proper, no meeting");
        thanks(
            "nor if they may be a seller's: the calendar was read",
            "tue 9:00 note likely",
            "fri 10:00",
            "thanked for none",
        );
        thanks("likely ones need one", "mon 14:00 coffee; tue 9:00 note likely", "fri 10:00", "proper mon 14:00");
        thanks("grey words need one", "tue 9:00 note grey", "fri 10:00", "");
        thanks("a talk is no meeting", "mon 14:00 talk; tue 9:00 note grey", "fri 10:00", "");
        thanks(
            "half a year later it means nothing any more",
            "2026-03-02 9:00 coffee; mon 9:00 note",
            "fri 10:00",
            "proper, no meeting",
        );
        thanks("an unclear meeting owes none", "mon 14:00 unclear", "fri 10:00", "");
        thanks(
            "of a candidate it is an interview",
            "fri-1 9:00 applied; mon 14:00 unclear",
            "fri 10:00",
            "none_seen mon 14:00",
        );
    }

    #[test]
    fn by_somebody_who_may_be_them() {
        thanks(
            "shown with the interview",
            "mon 14:00 interview || J: tue 9:00 note",
            "fri 10:00",
            "proper mon 14:00, perhaps J",
        );
        thanks(
            "vague ones too, as long as the names do not speak against it",
            "mon 14:00 interview || J: tue 9:00 note grey",
            "fri 10:00",
            "proper mon 14:00, perhaps J",
        );
        thanks("late ones too", "mon 14:00 interview || J: fri 9:00 note", "fri 10:00", "late mon 14:00, perhaps J");
        thanks(
            "not where they wrote themselves",
            "mon 14:00 interview; mon 18:00 note || J: tue 9:00 note",
            "fri 10:00",
            "proper mon 14:00",
        );
        thanks("and not a second time by itself", "tue 9:00 note || J: mon 14:00 interview", "fri 10:00", "");
        thanks(
            "unless the other wrote already",
            "tue 9:00 note || J: mon 14:00 interview; mon 18:00 note",
            "fri 10:00",
            "proper, no meeting",
        );
        thanks("or has no meeting either", "tue 9:00 note || J: mon 14:00 applied", "fri 10:00", "proper, no meeting");
    }

    #[test]
    fn remarks() {
        thanks(
            "unverified",
            "mon 14:00 interview; tue 9:00 note unverified",
            "tue 10:00",
            "proper mon 14:00, unverified",
        );
        thanks("forged is none", "mon 14:00 interview; tue 9:00 note forged", "tue 10:00", "awaited mon 14:00");
        thanks("in Junk", "mon 14:00 interview; tue 9:00 note junk", "tue 10:00", "proper mon 14:00, junk");
        thanks(
            "asks to connect",
            "mon 14:00 interview; tue 9:00 note connects",
            "tue 10:00",
            "proper mon 14:00, asks to connect",
        );
        thanks("withdraws", "mon 14:00 interview; tue 9:00 note withdraws", "tue 10:00", "proper mon 14:00, withdraws");
        thanks(
            "by its own date",
            "mon 14:00 interview; tue 9:00 note own-date",
            "tue 10:00",
            "proper mon 14:00, own date",
        );
        thanks(
            "forwarded: when it was written is not known",
            "mon 14:00 interview; fri 9:00 note forwarded",
            "fri 10:00",
            "proper mon 14:00, forwarded",
        );
        thanks(
            "unanswered",
            "mon 14:00 interview unanswered; tue 9:00 note",
            "tue 10:00",
            "proper mon 14:00, unanswered",
        );
        thanks("thankless words", "mon 14:00 interview; tue 9:00 note grey thankless", "tue 10:00", "brief mon 14:00");
    }

    #[test]
    fn policies() {
        let mut p = policy();
        p.thanks.expected_after = vec![Kind::Interview, Kind::Meeting];
        thanks_under(&p, "expected after meetings too", "mon 14:00 meeting", "fri 10:00", "none_seen mon 14:00");
        p.thanks.expected_after = vec![];
        thanks_under(&p, "expected after nothing", "mon 14:00 interview", "fri 10:00", "");
        thanks_under(&p, "shown still", "mon 14:00 interview; tue 9:00 note", "fri 10:00", "proper mon 14:00");
        p.thanks.min_words = 10;
        thanks_under(&p, "ten words", "mon 14:00 interview; tue 9:00 note 10w", "fri 10:00", "proper mon 14:00");
        p.thanks.skip_weekends = false;
        thanks_under(&p, "weekends counted", "fri 14:00 interview; mon+1 14:00 note", "fri+1 10:00", "late fri 14:00");
    }

    #[test]
    fn none_is_said_only_where_we_looked() {
        let now = moment("fri 10:00");
        let mut coverage = all_read(now);
        coverage.folders[0].to = Some(moment("tue 9:00"));
        thanks_where(
            &policy(),
            &coverage,
            "the folder was not read up to the deadline",
            "mon 14:00 interview",
            now,
            "awaited mon 14:00",
        );
    }
}
