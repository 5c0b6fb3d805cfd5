//! Somebody applies for a job at the owner's.
//!
//! Job boards and applicant tracking systems tell the employer ("Ada Byron applied for Analyst") and the applicant
//! ("you applied for Analyst") in nearly the same words from the same address, and people write by hand in any form. So
//! what is written *to* an applicant is ruled out first; a program's notice is known by its sentence, a hand-written
//! application by two marks of three: its subject, its own words in the first person, the file it brings.
use super::catalogue::Network;
use super::{Application, Inviter, Letter, Reading, company};
use crate::message::Message;
use crate::person::{Mailbox, Name};
use crate::words::ApplicationWords;
use crate::words::pattern::{Filled, Hole, Line, folded};

/// An application written by hand, or a notice from a program nobody listed.
/// `held`: its texts hold words of applicants.
pub(super) fn recognise(message: &Message<'_>, reading: &Reading<'_>, held: bool) -> Option<Letter> {
    let marks = message.marks();
    if marks.report || marks.calendar {
        return None;
    }
    if marks.auto || marks.list || marks.bulk || is_robot(message) {
        return notice(message, reading, None);
    }
    by_hand(message, reading, held)
}

fn is_robot(message: &Message<'_>) -> bool {
    let local = message.from().first().and_then(|m| m.address.as_ref()).map(|a| a.local().replace(['-', '_', '.'], ""));
    local.is_some_and(|l| ["noreply", "notif", "donotreply", "mailer"].iter().any(|r| l.contains(r)))
}

fn each<'r>(reading: &Reading<'r>) -> impl Iterator<Item = &'r ApplicationWords> + use<'r> {
    reading.words.lexicons.iter().map(|l| &l.application)
}

/// A program tells that somebody applied. `network`: whose program, if known.
pub(super) fn notice(message: &Message<'_>, reading: &Reading<'_>, network: Option<&Network>) -> Option<Letter> {
    let subject = Line::new(message.subject());
    let matched = |line: &Line| reading.words.application().notices.best(line);
    let to_applicant = |text: &str| each(reading).any(|w| w.answers(&subject, text));
    if to_applicant("") {
        return None;
    }
    let filled = match (matched(&subject), network) {
        (Some(filled), _) => filled,
        (None, Some(_)) => message.body().text.lines().take(40).find_map(|l| matched(&Line::new(l)))?,
        (None, None) => return None,
    };
    let text = folded(&message.body().text);
    if to_applicant(&text) {
        return None;
    }
    let person = applicant(message, &filled)?;
    let who = network.map_or("a program", Network::name);
    let why = vec![format!("{who} tells that somebody applied")];
    Some(Letter::Application(Application {
        person,
        role: role(&filled),
        network: network.map(|n| n.id().clone()),
        why,
    }))
}

/// The person in the sentence, or on a line "Name: …" below it.
fn applicant(message: &Message<'_>, filled: &Filled) -> Option<Inviter> {
    let labelled = || {
        let mut pairs = message.body().text.lines().take(60).filter_map(|l| l.split_once([':', '：']));
        pairs.find(|(k, _)| LABELS.contains(&folded(k).trim())).and_then(|(_, v)| Name::new(v.trim()))
    };
    let from = || {
        let shown = message.from().first()?.name.as_ref()?.as_str();
        shown.split_once(" via ").and_then(|(n, _)| Name::new(n))
    };
    let name = filled.get(Hole::Name).and_then(Name::new).or_else(labelled).or_else(from)?;
    let local = message.from().first().and_then(|m| m.address.as_ref()).map(|a| a.domain());
    let theirs = message.reply_to().first().and_then(|m| m.address.clone());
    let address =
        theirs.filter(|a| Some(a.domain()) != local && !a.local().replace(['-', '_', '.'], "").contains("noreply"));
    let headline = filled.get(Hole::Headline).map(str::to_owned);
    let company = headline.as_deref().and_then(company::company_of);
    Some(Inviter { name: Some(name), headline, company, profile: None, address })
}

const LABELS: &[&str] = &[
    "name",
    "candidate",
    "candidate name",
    "applicant",
    "applicant name",
    "full name",
    "bewerber",
    "bewerberin",
    "kandidat",
    "candidat",
    "nom",
    "candidato",
    "nombre",
    "nome",
    "kandidaat",
    "naam",
    "kandydat",
    "imię i nazwisko",
    "sökande",
    "namn",
    "氏名",
    "応募者",
    "姓名",
    "应聘者",
];

fn role(filled: &Filled) -> Option<String> {
    let role = filled.get(Hole::Role)?.trim().trim_matches(['"', '\'', '„', '“', '”', '«', '»', '-', '–', ':', ' ']);
    let role: String = role.chars().filter(|c| !crate::person::invisible(*c)).take(160).collect();
    (!role.is_empty()).then_some(role)
}

fn by_hand(message: &Message<'_>, reading: &Reading<'_>, held: bool) -> Option<Letter> {
    let whole = message.subject();
    let (bare, passed_on) = without_prefix(whole);
    let subject = Line::new(bare);
    let titled = reading.words.application().subjects.best(&subject);
    if titled.is_none() && !(held && probed(message, reading)) {
        return None;
    }
    let body = message.body();
    let forwarded = body.forwarded.as_ref().filter(|f| !f.own.trim().is_empty());
    let own = joined(forwarded.map_or(body.own.as_str(), |f| f.own.as_str()));
    let says = reading.words.application().applies(&own);
    let brings =
        message.attachments().iter().filter_map(|a| a.name.clone()).any(|n| each(reading).any(|w| w.is_their_file(&n)));
    let job = each(reading).any(|w| w.about_a_job(&own));
    let answer = each(reading).any(|w| w.answers(&subject, &own));
    let enough = match (titled.is_some(), says, brings) {
        (true, true, _) | (true, _, true) | (_, true, true) => true,
        (true, false, false) => job && !passed_on,
        (false, true, false) => job,
        (false, false, _) => false,
    };
    if !enough || (answer && !(says && brings)) {
        return None;
    }
    let writer = forwarded.map(|f| &f.from).or_else(|| message.from().first())?;
    let from_owner = writer.address.as_ref().is_some_and(|a| reading.owner.has_address(a));
    let signed = if passed_on { writer.clone() } else { super::writer::writer(writer, message.body()) };
    (!from_owner).then(|| letter(&signed, titled.as_ref(), (says, brings)))
}

fn letter(writer: &Mailbox, titled: Option<&Filled>, (says, brings): (bool, bool)) -> Letter {
    let mut why = Vec::new();
    if titled.is_some() {
        why.push("its subject is an application's".to_owned());
    }
    if says {
        why.push("its own words apply for a job".to_owned());
    }
    if brings {
        why.push("a file like a CV is attached".to_owned());
    }
    let person = Inviter { name: writer.name.clone(), address: writer.address.clone(), ..Inviter::default() };
    Letter::Application(Application { person, role: titled.and_then(role), network: None, why })
}

/// Is its subject an application's?
pub(super) fn is_titled(message: &Message<'_>, reading: &Reading<'_>) -> bool {
    let subject = Line::new(without_prefix(message.subject()).0);
    reading.words.application().subjects.best(&subject).is_some()
}

/// The subject without "Re:", "Fwd:" …, and whether there was one.
fn without_prefix(subject: &str) -> (&str, bool) {
    let mut rest = subject.trim();
    let mut any = false;
    while let Some((prefix, more)) = rest.split_once([':', '：']) {
        let word = prefix.trim();
        let short =
            word.chars().count() <= 4 && word.chars().all(char::is_alphabetic) && !word.eq_ignore_ascii_case("job");
        if !short {
            break;
        }
        any = true;
        rest = more.trim();
    }
    (rest, any)
}

/// Folded, with one blank between words.
fn joined(text: &str) -> String {
    let folded = folded(text);
    let mut out = String::with_capacity(folded.len());
    for word in folded.split_ascii_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    if out.is_ascii() { out } else { out.replace("résumé", "resume") }
}

/// Does any language's phrase of an applicant occur at all?
fn probed(message: &Message<'_>, reading: &Reading<'_>) -> bool {
    let book = reading.words.application();
    let mut found = false;
    message.probe(&mut |text| {
        if !found {
            found = book.applies(&joined(text));
        }
    });
    found
}
