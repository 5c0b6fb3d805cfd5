//! Which items stand in today's digest: each has its lot by news.md's table, then the caps are applied.
//!
//! Caps need all items, the table only one: so the lots are drawn first, the items put in the page's order, and only then
//! is it decided which questions are asked and what has no room. Input order never matters.
use super::words::When;
use super::{Cause, Context, Judged, Quiet, Say, Told, What, told};
use crate::etiquette::{RequestWord, ThanksWord};
use jiff::Timestamp;
use std::cmp::Reverse;

/// Most items under "First look".
const FIRST_LOOK: usize = 20;
/// Most "I had read this wrongly" lines a digest.
const READ_WRONGLY: usize = 5;
/// Most questions a digest.
const QUESTIONS: usize = 3;
/// The second asking comes this many local days after the first.
const ASK_AGAIN: i64 = 7;

/// One item with its lot.
#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    pub(super) item: &'a Judged,
    pub(super) told: Told,
    pub(super) shown: bool,
    pub(super) asked: bool,
}

/// Lines that had no room.
#[derive(Debug, Clone, Copy)]
pub(super) struct Over {
    pub(super) first_look: usize,
    pub(super) read_wrongly: usize,
}

/// All items with their lots, in the page's order.
pub(super) fn choose<'a>(items: &'a [Judged], ctx: &Context, when: &When) -> (Vec<Row<'a>>, Over) {
    let lot = |item: &'a Judged| {
        let told = told(item, ctx);
        let shown = matches!(told, Told::News { .. } | Told::FirstLook);
        Row { item, told, shown, asked: false }
    };
    let mut rows: Vec<Row<'a>> = items.iter().map(lot).collect();
    rows.sort_by_cached_key(|row| order(row.item));
    ask(&mut rows, when);
    let over = Over {
        first_look: cap(&mut rows, |told| *told == Told::FirstLook, FIRST_LOOK),
        read_wrongly: cap(&mut rows, |told| matches!(told, Told::News { cause: Cause::Reader, .. }), READ_WRONGLY),
    };
    (rows, over)
}

/// The page's order: good news first, newest first within a kind; the code decides ties, so that input order never does.
fn order(item: &Judged) -> (u8, Reverse<Timestamp>, String) {
    let place = match &item.what {
        What::Thanks(v) => match v.word {
            ThanksWord::Proper => 0,
            ThanksWord::Late => 1,
            ThanksWord::Brief => 2,
            ThanksWord::Elsewhere => 3,
            ThanksWord::Awaited => 4,
            ThanksWord::NoneSeen => 5,
        },
        What::Request { verdict, .. } => match verdict.word {
            RequestWord::Welcome => 10,
            RequestWord::Early => 11,
            RequestWord::Waiting => 12,
            RequestWord::Unsure => 13,
            RequestWord::Premature => 14,
            RequestWord::Harmless => 15,
            RequestWord::Forged => 16,
        },
    };
    (place, Reverse(item.event_at), item.code.0.clone())
}

/// Which questions stand in this digest: day 0 and day 7, at most three, oldest meeting first. A first question that
/// finds no room waits unsaid for tomorrow.
fn ask(rows: &mut [Row<'_>], when: &When) {
    let mut due: Vec<(Timestamp, String, usize)> = rows
        .iter()
        .enumerate()
        .filter(|(_, row)| row.item.what.asks() && !row.item.what.closed() && may_ask(row, when))
        .map(|(at, row)| (oldest_meeting(row.item), row.item.code.0.clone(), at))
        .collect();
    due.sort();
    for (place, (_, _, at)) in due.into_iter().enumerate() {
        let Some(row) = rows.get_mut(at) else { continue };
        row.asked = place < QUESTIONS;
        if !row.asked && row.shown {
            row.shown = false;
            row.told = Told::Nothing(Quiet::NoRoom);
        }
    }
}

fn may_ask(row: &Row<'_>, when: &When) -> bool {
    let same = row.told == Told::Nothing(Quiet::Same);
    match &row.item.said {
        Some(said) if same => match (said.asked, said.asked_at) {
            (0, _) => said.shown,
            (1, Some(at)) => when.days_off(at) <= -ASK_AGAIN,
            (_, _) => false,
        },
        Some(_) | None => row.shown,
    }
}

pub(super) fn oldest_meeting(item: &Judged) -> Timestamp {
    let What::Request { verdict, at, .. } = &item.what else { return item.event_at };
    let choices = verdict.question.iter().flat_map(|q| &q.choices);
    choices.filter_map(|c| c.meeting.as_ref()).map(|m| m.ends).min().unwrap_or(*at)
}

/// Shows only the first `most` of a kind; the others are noted silently and counted.
fn cap(rows: &mut [Row<'_>], of_kind: impl Fn(&Told) -> bool, most: usize) -> usize {
    let over = rows.iter_mut().filter(|row| row.shown && !row.asked && of_kind(&row.told)).skip(most);
    over.map(|row| row.shown = false).count()
}

/// The row to store for an item; none where what was said still stands.
pub(super) fn say(row: &Row<'_>) -> Option<Say> {
    let cause = match &row.told {
        Told::News { cause, .. } | Told::Noted { cause, .. } => *cause,
        Told::FirstLook if row.shown => Cause::Fact,
        Told::FirstLook | Told::Older => Cause::Backlog,
        Told::Counted => Cause::Fact,
        Told::Telling(_) => Cause::Telling,
        Told::Policy => Cause::Policy,
        Told::Nothing(_) if row.asked => row.item.said.as_ref().map_or(Cause::Fact, |said| said.cause),
        Told::Nothing(_) => return None,
    };
    // A silent change of clause leaves the word that was shown standing.
    let still = |said: &super::Said| said.shown && said.face.word() == row.item.what.face().word();
    let shown = row.shown
        || row.asked
        || matches!(row.told, Told::Telling(_))
        || (matches!(row.told, Told::Noted { .. }) && row.item.said.as_ref().is_some_and(still));
    let subject = row.item.what.subject().to_owned();
    Some(Say { subject, face: row.item.what.face(), cause, shown, asked: row.asked })
}
