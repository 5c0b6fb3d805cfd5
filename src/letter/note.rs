//! Thank-you notes: which mail is one, whose it is, and what it measures.
//!
//! A quarter of all mail says thanks. So a search for stems on the raw text comes first and lets most mail pass for a
//! few microseconds; only then is the body taken apart. A program's mail is no note whatever it says. A forwarded note
//! belongs to its writer, not to who passed it on; quoted thanks are somebody else's and never count.
use super::specifics::{specifics, telling};
use super::weigh::{BY_WORDS, Weighed, weigh};
use super::words_count::count_words;
use super::writer::writer;
use super::{Grounds, Letter, Note, Reading, WhyNot, apology};
use crate::message::{Body, Forwarded, Message};
use crate::person::{Address, Mailbox, Name, Owner, looks_like_a_person};
use crate::words::{NoteBook, Words, fold};

/// Characters of the sentence shown to the owner.
const QUOTE: usize = 200;

/// What the note room found: letters, or why there is none.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NoteReading {
    pub letters: Vec<Letter>,
    pub why_not: Option<WhyNot>,
    /// The phrases that spoke for and against, if there were thanks at all.
    pub evidence: Vec<String>,
}

impl Note {
    /// A note all the same, but too short or without anything of its own (etiquette.md).
    #[must_use]
    pub fn is_brief(&self, min_words: u32) -> bool {
        self.own_words < min_words || self.specifics.is_empty()
    }
}

/// Reads notes and apologies out of a mail that somebody else wrote, and no program.
#[must_use]
pub(super) fn recognise(message: &Message<'_>, reading: &Reading<'_>) -> NoteReading {
    let book = reading.words.note();
    // A comment in an answer to an invitation speaks of the meeting that is answered.
    if message.marks().calendar && message.calendars().iter().any(|c| is_answer_to_invitation(c)) {
        return none(WhyNot::CalendarMail);
    }
    let Some(sender) = message.from().first() else { return none(WhyNot::Ordinary) };
    let body = message.body();
    let mut found = from_body(&writer(sender, body), message.subject(), body, reading.owner, book);
    if is_an_office(sender) {
        found.letters.iter_mut().for_each(doubt);
    }
    found
}

/// Nobody's own mailbox, under nobody's name.
fn is_an_office(sender: &Mailbox) -> bool {
    let shared = sender.address.as_ref().is_some_and(Address::is_shared);
    shared && !sender.name.as_ref().is_some_and(|n| looks_like_a_person(n.as_str()))
}

/// Whoever applies thanks for the time that reading it takes: for a meeting only if there was one.
pub(super) fn beside_application(letter: &mut Letter) {
    if let Letter::Note(note) = letter {
        note.grounds = Grounds::NeedsMeeting;
        note.why.insert(0, "stands in an application".to_owned());
    }
}

/// What an office writes after a meeting is likely business: the calendar has to know the meeting.
fn doubt(letter: &mut Letter) {
    if let Letter::Note(note) = letter
        && note.grounds == Grounds::Words
        && !note.forwarded
    {
        note.grounds = Grounds::Likely;
        note.why.insert(0, "sent from a mailbox that is nobody's own".to_owned());
    }
}

fn none(why: WhyNot) -> NoteReading {
    NoteReading { why_not: Some(why), ..NoteReading::default() }
}

/// iTIP REPLY (RFC 5546 §1.4).
fn is_answer_to_invitation(calendar: &[u8]) -> bool {
    String::from_utf8_lossy(calendar).lines().any(|line| line.trim_end().eq_ignore_ascii_case("METHOD:REPLY"))
}

/// Notes and apologies in a body that was taken apart already.
fn from_body(sender: &Mailbox, subject: &str, body: &Body, owner: &Owner, book: &NoteBook) -> NoteReading {
    let answers = body.quotes || is_answer(subject);
    let subject = if answers { "" } else { subject };
    let foot = body.signature.as_deref().unwrap_or_default();
    let own = weigh(subject, (&body.own, foot), book).unless_answer(answers);
    let mut letters = Vec::new();
    letters.extend(own.sorry.as_deref().map(|words| Letter::Apology(apology::apology(sender, words))));
    letters.extend(note(sender, (&body.own, foot), &own, owner, book).map(Letter::Note));
    letters.extend(body.forwarded.as_ref().and_then(|inner| forwarded(inner, owner, book)).map(Letter::Note));
    let why_not = letters.is_empty().then(|| own.grounds.err().unwrap_or(WhyNot::Ordinary));
    let evidence = if letters.is_empty() && !own.telling.is_empty() { against(&own) } else { Vec::new() };
    NoteReading { letters, why_not, evidence }
}

/// A note that somebody passed on.
fn forwarded(inner: &Forwarded, owner: &Owner, book: &NoteBook) -> Option<Note> {
    let by_owner = inner.from.address.as_ref().is_some_and(|address| owner.has_address(address));
    let subject = if is_answer(&inner.subject) { "" } else { inner.subject.as_str() };
    let weighed = weigh(subject, (&inner.own, ""), book).unless_answer(true);
    let found = note(&inner.from, (&inner.own, ""), &weighed, owner, book)?;
    (!by_owner).then_some(Note { forwarded: true, ..found })
}

/// Measures a text that was found to be a note.
fn note(from: &Mailbox, (own, foot): (&str, &str), weighed: &Weighed, owner: &Owner, book: &NoteBook) -> Option<Note> {
    let grounds = weighed.grounds.ok()?;
    let foot = foot.lines().map(str::trim).filter(|l| l.len() > 2 && l.split_whitespace().count() <= 4).take(2);
    let writer: Vec<&str> = from.name.as_ref().map(Name::as_str).into_iter().chain(foot).collect();
    Some(Note {
        from: from.clone(),
        forwarded: false,
        own_words: count_words(own),
        specifics: specifics(own, &organisation(owner), &writer, book),
        thanks: weighed.thanks,
        asks_to_connect: weighed.asks_to_connect,
        withdraws: weighed.withdraws,
        grounds,
        language: book.language(weighed.language).to_owned(),
        quote: telling(own, book).and_then(quote).or_else(|| quote(&weighed.telling)),
        why: reasons(weighed, grounds),
    })
}

fn reasons(weighed: &Weighed, grounds: Grounds) -> Vec<String> {
    let verdict = match grounds {
        Grounds::Words => "thanks for a meeting by its words",
        Grounds::Likely => "thanks for a meeting by its words, if no calendar says otherwise",
        Grounds::NeedsMeeting => "may thank for a meeting; counts beside one that took place",
        Grounds::Unnamed => "thanks, and does not say what for; counts within two days after a meeting",
    };
    let points = format!("{verdict} ({} points; {BY_WORDS} are enough alone)", weighed.points);
    std::iter::once(points).chain(weighed.why.iter().cloned()).collect()
}

/// Why words that sound like thanks for a meeting are none.
fn against(weighed: &Weighed) -> Vec<String> {
    let points = format!("{} points of the {BY_WORDS} that are enough", weighed.points);
    weighed.why.iter().cloned().chain([points]).collect()
}

/// Plain names of the owner's organisation, as they would stand in a text: ` acme `.
fn organisation(owner: &Owner) -> Vec<String> {
    let labels = owner.organisation.iter().filter_map(|domain| domain.as_str().split('.').next());
    labels.filter(|label| label.len() > 2).map(fold).collect()
}

/// One sentence for the owner, cleaned and cut at a word.
fn quote(telling: &str) -> Option<String> {
    let clean = telling.split_whitespace().collect::<Vec<_>>().join(" ");
    let clean: String = clean.chars().filter(|c| !c.is_control()).collect();
    if clean.chars().count() <= QUOTE {
        return (!clean.is_empty()).then_some(clean);
    }
    let cut: String = clean.chars().take(QUOTE - 1).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(head, _)| head);
    Some(format!("{whole}\u{2026}"))
}

/// The subject of an answer or a forward was written by somebody else.
fn is_answer(subject: &str) -> bool {
    let prefixes = [
        "re", "aw", "sv", "vs", "antw", "odp", "ynt", "rif", "res", "fw", "fwd", "wg", "tr", "vb", "回复", "答复",
        "返信",
    ];
    let head = subject.split_once([':', '：']).map_or("", |(head, _)| head.trim());
    prefixes.contains(&head.to_lowercase().as_str())
}

/// Do a few words inside a request or a network's message thank for a meeting?
#[must_use]
pub fn thanks_in_text(text: &str, words: &Words) -> bool {
    let book = words.note();
    words.gate().may_hold_note(text) && weigh("", (text, ""), book).unless_answer(true).grounds.is_ok()
}

/// Measures a bare text as a note would be, for texts that stand in no mail.
#[must_use]
pub fn read_text(subject: &str, own: &str, owner: &Owner, words: &Words) -> NoteReading {
    let body = Body { own: own.to_owned(), ..Body::default() };
    from_body(&Mailbox::default(), subject, &body, owner, words.note())
}
