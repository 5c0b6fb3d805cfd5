//! One digest from all items: what is news, what is asked, what is only counted; and the rows to write with it.
//!
//! Pure and deterministic: the items' order does not matter, so any order and batching of the same facts gives the same
//! digest (news.md). Caps are kept here because they need all items: 20 in a first look, 5 "I had read this wrongly",
//! 3 questions.
use super::choose::{Over, Row, choose, oldest_meeting, say};
use super::lines;
use super::view::{Counts, Digest, Health, NoteView, PageData, RequestView, TellingView, ToldView, UnreadableView};
use super::words::{self, Tally, When};
use super::{Context, Judged, Say, Told, What};
use crate::etiquette::{RequestWord, ThanksWord};
use crate::letter::NetworkId;
use crate::message::Authenticity;
use crate::timeline::Verb;
use jiff::{Timestamp, tz::TimeZone};

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// The daily digest: news only.
    News,
    /// What happened since then, told or noted silently.
    Since(Timestamp),
    /// Every item with its verdict; `news` tells which a digest would show. What happened before `since` is no news.
    All { since: Option<Timestamp> },
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// `digest.show_missing`
    pub show_missing: bool,
    /// Made from files alone: nothing is kept that a later command could name.
    pub fleeting: bool,
    /// `digest.note`: the owner's own line at the foot.
    pub note: Option<String>,
}

/// Everything a digest is made of.
#[derive(Debug, Clone)]
pub struct Input<'a> {
    /// The owner's name or address, as the JSON shows it.
    pub owner: &'a str,
    pub zone: &'a TimeZone,
    pub now: Timestamp,
    /// When the last digest was composed; standalone: `--since`.
    pub from: Option<Timestamp>,
    pub items: &'a [Judged],
    /// Since the last digest, in any order.
    pub tellings: &'a [TellingView],
    /// Network mail in a form the catalogue does not know, since the last digest.
    pub unreadable: &'a [(NetworkId, u32)],
    /// What is on no item: nameless batches, strays. Items counted only are added to it.
    pub counts: Counts,
    pub health: &'a Health,
    pub first_run: bool,
    pub policy_changed_at: Option<Timestamp>,
    pub listing: Listing,
    pub settings: &'a Settings,
}

/// A digest, and the rows that go with it in one transaction, if and only if a digest row is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Composed {
    pub digest: Digest,
    pub says: Vec<Say>,
    /// No news, no question, no trouble: no mail, unless `digest.empty` wants a line.
    pub quiet: bool,
}

#[must_use]
pub fn compose(input: &Input<'_>) -> Composed {
    let ctx = Context {
        now: input.now,
        first_run: input.first_run,
        policy_changed_at: input.policy_changed_at,
        show_missing: input.settings.show_missing,
    };
    let when = When::new(input.now, input.zone);
    let (mut rows, over) = choose(input.items, &ctx, &when);
    if let Listing::All { since: Some(since) } = input.listing {
        rows.iter_mut().filter(|row| row.item.event_at < since).for_each(|row| row.shown = false);
    }
    let digest = draw(input, &rows, &when, over);
    let quiet = is_quiet(input, &rows);
    Composed { digest, says: rows.iter().filter_map(say).collect(), quiet }
}

fn questions(rows: &[Row<'_>], when: &When) -> Vec<super::view::QuestionView> {
    let mut asked: Vec<&Judged> = rows.iter().filter(|row| row.asked).map(|row| row.item).collect();
    asked.sort_by_cached_key(|item| (oldest_meeting(item), item.code.0.clone()));
    // Where nobody could be verified, the foot says so.
    let proved = |row: &Row<'_>| matches!(&row.item.what, What::Request { authenticity: Authenticity::Verified, .. });
    let some_proved = rows.iter().any(proved);
    asked.into_iter().filter_map(|item| lines::question(item, some_proved, when)).collect()
}

fn is_quiet(input: &Input<'_>, rows: &[Row<'_>]) -> bool {
    let trouble = input.health.accounts.iter().any(|a| a.trouble.is_some())
        || input.health.calendars.iter().any(|c| c.trouble.is_some());
    // A network whose mail can no longer be read hides requests: silence would look like peace.
    let blind = input.unreadable.iter().any(|(_, n)| *n > 0);
    !(trouble || blind || rows.iter().any(|row| row.shown || row.asked))
}

fn draw(input: &Input<'_>, rows: &[Row<'_>], when: &When, over: Over) -> Digest {
    let listed = |row: &&Row<'_>| is_listed(input.listing, row);
    let counts = counts(input, rows);
    let tally = tally(input.listing, rows);
    let unreadable: Vec<UnreadableView> = input
        .unreadable
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(network, count)| UnreadableView { network: network.0.clone(), count: *count })
        .collect();
    let health = lines::health(input.health, when);
    let looked = input.health.calendars.iter().any(|c| c.last_read.is_some());
    let waiting = super::waiting::waiting(rows.iter().map(|row| row.item), input.health);
    let mut notes: Vec<NoteView> =
        rows.iter().filter(listed).filter_map(|row| lines::note(row, looked, when)).collect();
    let mut requests: Vec<RequestView> =
        rows.iter().filter(listed).filter_map(|row| lines::request(row, when)).collect();
    let common = lines::said_once(&mut notes, &mut requests);
    let page = PageData {
        now: input.now,
        zone: input.zone.clone(),
        greeting: when.greeting(),
        opening: opening(input, tally, when),
        first_look: input.first_run,
        asides: common.into_iter().map(str::to_owned).chain(asides(input, rows, when, over)).collect(),
        foot: waiting.into_iter().chain(lines::foot(&counts, &unreadable, input.health, follows(rows), when)).collect(),
        own: true,
        kept: !input.settings.fleeting,
        whole: input.listing != Listing::News,
        note: input.settings.note.as_deref().map(|n| words::clean(n, 200)),
    };
    Digest {
        owner: words::clean(input.owner, 80),
        zone: zone_name(input),
        from: input.from.map(|t| when.stamp(t)),
        to: when.stamp(input.now),
        headline: tally.headline(),
        notes,
        requests,
        questions: questions(rows, when),
        told: tellings(input, rows, when),
        unreadable,
        counts,
        health,
        page,
    }
}

fn is_listed(listing: Listing, row: &Row<'_>) -> bool {
    match listing {
        Listing::News => row.shown,
        Listing::Since(t) => row.shown || row.item.event_at >= t,
        Listing::All { .. } => true,
    }
}

/// `Europe/Berlin`; a zone without a name is its offset.
fn zone_name(input: &Input<'_>) -> String {
    let offset = || input.zone.to_offset(input.now).to_string();
    input.zone.iana_name().map_or_else(offset, str::to_owned)
}

/// A quiet line says how long it has been quiet.
fn opening(input: &Input<'_>, tally: Tally, when: &When) -> String {
    match input.from {
        Some(from) if tally == Tally::default() => format!("Nothing new since {}.", when.moment(from)),
        Some(_) | None => tally.opening(),
    }
}

fn tally(listing: Listing, rows: &[Row<'_>]) -> Tally {
    let told = |row: &&Row<'_>| match listing {
        Listing::News | Listing::All { .. } => row.shown && !row.asked,
        Listing::Since(_) => is_listed(listing, row) && !row.asked,
    };
    let mut tally = Tally { questions: rows.iter().filter(|row| row.asked).count(), ..Tally::default() };
    let mut thankers: Vec<String> = Vec::new();
    for row in rows.iter().filter(told) {
        match &row.item.what {
            What::Thanks(v) => match v.word {
                ThanksWord::Proper | ThanksWord::Late | ThanksWord::Brief | ThanksWord::Elsewhere => {
                    tally.notes += 1;
                    thankers.push(lines::name(&row.item.person));
                }
                ThanksWord::Awaited | ThanksWord::NoneSeen => {}
            },
            What::Request { verdict, .. } => match verdict.word {
                RequestWord::Welcome => tally.welcome += 1,
                RequestWord::Early | RequestWord::Waiting | RequestWord::Premature => tally.early += 1,
                RequestWord::Unsure | RequestWord::Forged | RequestWord::Harmless => {}
            },
        }
    }
    thankers.sort();
    thankers.dedup();
    tally.thankers = thankers.len();
    tally
}

/// Is the item one of today's numbers? In a full listing every one of its kind is.
fn counted(input: &Input<'_>, row: &Row<'_>) -> bool {
    match input.listing {
        Listing::News => row.told == Told::Counted,
        Listing::Since(t) => row.item.event_at >= t,
        Listing::All { .. } => true,
    }
}

fn counts(input: &Input<'_>, rows: &[Row<'_>]) -> Counts {
    let mut counts = input.counts;
    for row in rows.iter().filter(|row| counted(input, row)) {
        let What::Request { verdict, .. } = &row.item.what else { continue };
        match (verdict.word, verdict.clause) {
            (_, crate::etiquette::Clause::Exempt) => counts.exempt += 1,
            (RequestWord::Harmless, _) => counts.harmless += 1,
            (RequestWord::Forged, _) => counts.forged += 1,
            (
                RequestWord::Welcome
                | RequestWord::Early
                | RequestWord::Waiting
                | RequestWord::Premature
                | RequestWord::Unsure,
                _,
            ) => {}
        }
    }
    counts
}

/// Are all harmless items follows? Then they are called so.
fn follows(rows: &[Row<'_>]) -> bool {
    rows.iter().all(|row| match &row.item.what {
        What::Request { follow, verdict, .. } => *follow || verdict.word != RequestWord::Harmless,
        What::Thanks(_) => true,
    })
}

fn tellings(input: &Input<'_>, rows: &[Row<'_>], when: &When) -> Vec<ToldView> {
    let mut tellings: Vec<&TellingView> = input.tellings.iter().collect();
    // What stands first, what was taken back last.
    tellings.sort_by_key(|t| (t.undone, t.at, t.id));
    let view = |t: &&TellingView| ToldView {
        at: when.stamp(t.at),
        say: words::verb(t.verb),
        about: match &t.argument {
            Some(other) if matches!(t.verb, Verb::SameAs | Verb::NotSame) && !other.contains(" = ") => {
                format!("{} and {}", words::clean(&t.about, 120), words::clean(other, 60))
            }
            Some(argument) => format!("{} ({})", words::clean(&t.about, 120), words::clean(argument, 60)),
            None => words::clean(&t.about, 120),
        },
        settles: rows
            .iter()
            .filter(|row| row.told == Told::Telling(t.id) && t.item.as_ref() != Some(&row.item.code))
            .map(|row| row.item.code.0.clone())
            .collect(),
        undo: t.id.0,
        undone: t.undone,
    };
    tellings.iter().map(view).collect()
}

fn asides(input: &Input<'_>, rows: &[Row<'_>], when: &When, over: Over) -> Vec<String> {
    let mut said = Vec::new();
    let older = rows.iter().filter(|row| row.told == Told::Older).count();
    if over.first_look > 0 {
        said.push(format!("{} more from the last 14 days: thankd digest --since 14d", over.first_look));
    }
    if older > 0 {
        said.push(format!("{}: thankd digest --since 90d", words::plural(older, "older one", "older ones")));
    }
    if over.read_wrongly > 0 {
        said.push(format!("{} more that I had read wrongly: thankd digest --since 1d", over.read_wrongly));
    }
    let differ = rows.iter().filter(|row| row.told == Told::Policy).count();
    if let (Some(changed), true) = (input.policy_changed_at, differ > 0) {
        let verdicts = words::plural(differ, "earlier verdict differs", "earlier verdicts differ");
        said.push(format!("Your etiquette changed {}: {verdicts}: thankd digest --since 90d", when.moment(changed)));
    }
    said
}
