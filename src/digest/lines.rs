//! From one judged item to its line: the JSON's fields and the page's sentence, side by side so that they cannot drift.
use super::choose::Row;
use super::judged::PersonView;
use super::strip::Strip;
use super::view::{
    AccountView, ChoiceView, Counts, Health, HealthView, Line, MeetingJson, NoteView, PersonJson, QuestionView,
    RequestView, UnreadableView,
};
use super::words::{self, When};
use super::{Cause, Judged, Told, What};
use crate::etiquette::{Choice, Clause, MeetingRef, Remark, RequestVerdict};
use crate::message::Authenticity;
use jiff::{SignedDuration, Timestamp};

/// Name, else address, else nobody in particular.
pub(super) fn name(person: &PersonView) -> String {
    let name = person.name.as_ref().map(|n| n.as_str().to_owned());
    name.or_else(|| person.addresses.first().map(|a| words::clean(a.as_str(), 80)))
        .unwrap_or_else(|| "Somebody".to_owned())
}

fn person(p: &PersonView) -> PersonJson {
    PersonJson {
        name: p.name.as_ref().map(|n| n.as_str().to_owned()),
        addresses: p.addresses.iter().map(|a| words::clean(a.as_str(), 320)).collect(),
    }
}

fn meeting(m: &MeetingRef, when: &When) -> MeetingJson {
    MeetingJson { title: m.title.as_deref().map(|t| words::clean(t, 200)), kind: m.kind, start: when.stamp(m.starts) }
}

/// The causes that are told: what came as backlog is a fact that happened before anybody looked.
fn cause(row: &Row<'_>) -> Cause {
    match kept_cause(row) {
        Cause::Backlog => Cause::Fact,
        other => other,
    }
}

fn kept_cause(row: &Row<'_>) -> Cause {
    match &row.told {
        Told::News { cause, .. } | Told::Noted { cause, .. } => *cause,
        Told::FirstLook | Told::Counted => Cause::Fact,
        Told::Older => Cause::Backlog,
        Told::Telling(_) => Cause::Telling,
        Told::Policy => Cause::Policy,
        Told::Nothing(_) => row.item.said.as_ref().map_or(Cause::Fact, |said| said.cause),
    }
}

fn was<'a>(row: &'a Row<'_>) -> Option<&'a super::Face> {
    match &row.told {
        Told::News { was, .. } => was.as_ref(),
        Told::FirstLook
        | Told::Counted
        | Told::Older
        | Told::Telling(_)
        | Told::Policy
        | Told::Noted { .. }
        | Told::Nothing(_) => None,
    }
}

/// Remarks that hold whatever the verdict: what the reader got wrong before, and names that look like others.
fn standing_remarks(row: &Row<'_>) -> Vec<String> {
    let mut said = Vec::new();
    if let Told::News { cause: Cause::Reader, .. } = row.told {
        said.push("I had read this wrongly".to_owned());
    }
    if row.item.person.name.as_ref().is_some_and(|n| mixes_alphabets(n.as_str())) {
        said.push("the name mixes alphabets".to_owned());
    }
    said
}

fn line(row: &Row<'_>, say: String, remarks: Vec<String>) -> Line {
    let person = &row.item.person;
    let address = row.item.from.as_ref().filter(|_| person.name.is_some());
    Line {
        name: name(person),
        address: address.map(|a| words::clean(a.as_str(), 100)),
        say,
        heading: None,
        was: was(row).map(words::was),
        remarks,
        strip: None,
        asked: row.asked,
    }
}

/// The person of a note: the address it came from stands first, whatever others are known.
fn writer(item: &Judged) -> PersonJson {
    let mut person = person(&item.person);
    if let Some(from) = item.from.as_ref().map(|a| words::clean(a.as_str(), 320)) {
        person.addresses.retain(|a| *a != from);
        person.addresses.insert(0, from);
    }
    person
}

/// `looked`: a calendar was read, so that "no such meeting" says something.
pub(super) fn note(row: &Row<'_>, looked: bool, when: &When) -> Option<NoteView> {
    let What::Thanks(v) = &row.item.what else { return None };
    let mut remarks = standing_remarks(row);
    let unsaid = v.remarks.iter().filter(|r| !matches!(r, Remark::NoMeetingFound) || v.meeting.is_some());
    remarks.extend(unsaid.filter_map(words::remark));
    let mut line = line(row, words::thanks(v, looked, when), remarks.clone());
    line.strip = Strip::of(v, when);
    Some(NoteView {
        item: row.item.code.0.clone(),
        news: row.shown,
        cause: cause(row),
        person: writer(row.item),
        meeting: v.meeting.as_ref().map(|m| meeting(m, when)),
        verdict: v.word,
        at: v.at.map(|t| when.stamp(t)),
        after: v.after.map(|d| duration(&d)),
        quote: v.quote.as_deref().map(|q| words::clean(q, 200)),
        remarks,
        because: row.item.because.clone(),
        line,
    })
}

pub(super) fn request(row: &Row<'_>, when: &When) -> Option<RequestView> {
    let What::Request { verdict: v, network, at, authenticity, headline, .. } = &row.item.what else { return None };
    let mut remarks = standing_remarks(row);
    remarks.extend(v.remarks.iter().filter_map(words::remark));
    if *authenticity == Authenticity::Unverified && !v.remarks.contains(&Remark::Unverified) {
        remarks.extend(words::remark(&Remark::Unverified));
    }
    // where the group's heading says why, the line says the rest
    let say = if v.clause == Clause::Stranger {
        stranger(*at, headline.as_deref(), when)
    } else if v.clause == Clause::Thanked {
        thanked(v, when)
    } else {
        words::request(v, *at, when)
    };
    let heading = (v.clause == Clause::Stranger).then(|| words::never_met(v.horizon, when));
    let beside = remarks.iter().filter(|r| !said_already(v, r)).cloned().collect();
    Some(RequestView {
        item: row.item.code.0.clone(),
        news: row.shown,
        cause: cause(row),
        person: person(&row.item.person),
        network: network.0.clone(),
        verdict: v.word,
        clause: v.clause,
        reason: v.known_by,
        meeting: v.meeting.as_ref().map(|m| meeting(m, when)),
        at: when.stamp(*at),
        after: delay(v, *at).map(|d| duration(&d)),
        authenticity: *authenticity,
        was: was(row).map(|face| face.word().to_owned()),
        remarks,
        because: row.item.because.clone(),
        line: Line { heading, ..line(row, format!("{} · {say}", words::network(network)), beside) },
    })
}

/// What would stand beside every line says nothing there: it is taken off and said once at the foot. The JSON keeps it.
pub(super) fn said_once(notes: &mut [NoteView], requests: &mut [RequestView]) -> Vec<&'static str> {
    let once = [
        (Remark::ByItsOwnDate, "Times are the mails' own dates: nothing here says when they arrived."),
        (Remark::Unverified, "No sender here could be verified: `trust` of the account names no server that does."),
    ];
    let mut said = Vec::new();
    for (remark, sentence) in once {
        let Some(words) = words::remark(&remark) else { continue };
        let mut lines: Vec<&mut Line> =
            notes.iter_mut().map(|n| &mut n.line).chain(requests.iter_mut().map(|r| &mut r.line)).collect();
        if lines.len() > 1 && lines.iter().all(|l| l.remarks.contains(&words)) {
            lines.iter_mut().for_each(|l| l.remarks.retain(|r| *r != words));
            said.push(sentence);
        }
    }
    said
}

fn thanked(v: &RequestVerdict, when: &When) -> String {
    v.meeting
        .as_ref()
        .map_or_else(|| "thanked you".to_owned(), |m| format!("thanked you for {}", words::meeting(m, when)))
}

fn stranger(at: Timestamp, headline: Option<&str>, when: &When) -> String {
    let asked = format!("asked {}", when.moment(at));
    headline
        .map(|h| words::clean(h, 60))
        .filter(|h| !h.is_empty())
        .map_or_else(|| asked.clone(), |h| format!("{h} · {asked}"))
}

/// Remarks the verdict's own sentence contains.
fn said_already(v: &RequestVerdict, said: &str) -> bool {
    let own = |r: &Remark| {
        (matches!(r, Remark::Delay(_))
            && (matches!(v.clause, Clause::NoteMayCome | Clause::NoNoteSeen)
                || v.remarks.contains(&Remark::AskedBeforeYouMet)))
            || (matches!(r, Remark::AppliedFor(_)) && v.clause == Clause::Applicant)
            || (matches!(r, Remark::Talked(_)) && v.clause == Clause::TooBrief)
    };
    v.remarks.iter().filter(|r| own(r)).any(|r| words::remark(r).as_deref() == Some(said))
}

/// Request minus meeting's end, where there is a meeting to count from.
fn delay(v: &RequestVerdict, at: Timestamp) -> Option<SignedDuration> {
    let stated = v.remarks.iter().find_map(|r| if let Remark::Delay(d) = r { Some(*d) } else { None });
    stated.or_else(|| v.meeting.as_ref().map(|m| at.duration_since(m.ends)))
}

/// ISO 8601: `PT20H`, `-PT40M`.
fn duration(d: &SignedDuration) -> String {
    d.to_string()
}

/// `some_proved`: other senders could be verified, so that it says something if this one could not.
pub(super) fn question(item: &Judged, some_proved: bool, when: &When) -> Option<QuestionView> {
    let What::Request { verdict, network, authenticity, .. } = &item.what else { return None };
    let question = verdict.question.as_ref()?;
    let choice = |(n, c): (usize, &Choice)| ChoiceView {
        say: format!("{} same {}", item.code.0, n + 1),
        means: format!("{}: {}", who(c, when), words::meaning(c.word)),
    };
    Some(QuestionView {
        item: item.code.0.clone(),
        text: format!(
            "{} asked on {}{}. {}",
            name(&item.person),
            words::network(network),
            if some_proved && *authenticity == Authenticity::Unverified { " (sender not verified)" } else { "" },
            which(&question.choices)
        ),
        choices: question.choices.iter().take(9).enumerate().map(choice).collect(),
    })
}

fn which(choices: &[Choice]) -> &'static str {
    if choices.iter().any(|c| c.kind.is_some()) { "What was your meeting?" } else { "Who is it?" }
}

fn who(c: &Choice, when: &When) -> String {
    let on = |m: &MeetingRef| when.date(m.ends);
    match (&c.name, c.kind, &c.meeting) {
        (_, Some(kind), Some(m)) => format!("{} on {} was {}", words::meeting_title(m), on(m), words::a_kind(kind)),
        (_, Some(kind), None) => format!("it was {}", words::a_kind(kind)),
        (Some(name), None, Some(m)) => format!("{}, {} on {}", name.as_str(), words::meeting_name(m), on(m)),
        (Some(name), None, None) => name.as_str().to_owned(),
        (None, None, _) => "none of these".to_owned(),
    }
}

pub(super) fn health(health: &Health, when: &When) -> HealthView {
    let accounts = health.accounts.iter().map(|a| (&a.name, a.last_sync, &a.trouble));
    let calendars = health.calendars.iter().filter(|c| c.trouble.is_some()).map(|c| (&c.name, c.last_read, &c.trouble));
    let oldest = health.calendars.iter().map(|c| c.last_read).collect::<Option<Vec<_>>>();
    HealthView {
        messages_read: health.messages_read,
        calendar_age: oldest.and_then(|t| t.into_iter().min()).map(|t| duration(&when.now.duration_since(t))),
        accounts: accounts
            .chain(calendars)
            .map(|(name, last, trouble)| AccountView {
                name: words::clean(name, 80),
                last_sync: last.map(|t| when.stamp(t)),
                trouble: trouble.as_deref().map(|t| words::clean(t, 200)),
            })
            .collect(),
    }
}

/// Stands for the network where a mail is of none.
pub const NO_NETWORK: &str = "mail";

pub(super) fn foot(
    counts: &Counts,
    unreadable: &[UnreadableView],
    h: &Health,
    follows: bool,
    when: &When,
) -> Vec<String> {
    let mut said = trouble(h, when);
    for u in unreadable {
        let mails = words::plural(usize::try_from(u.count).unwrap_or(usize::MAX), "mail", "mails");
        said.push(if u.network == NO_NETWORK {
            format!("{mails} could not be read, damaged or too large; nothing was concluded from it")
        } else {
            let network = words::network(&crate::letter::NetworkId(u.network.clone()));
            format!("{mails} from {network} in a form I do not know; nothing was concluded from it")
        });
    }
    let numbers = numbers(counts, follows);
    if !numbers.is_empty() {
        said.push(numbers.join(" · "));
    }
    said.push(read(h, when));
    said
}

fn numbers(counts: &Counts, follows: bool) -> Vec<String> {
    let harmless = if follows {
        ("follow (fine, and no thank-you note)", "follows (fine, and no thank-you notes)")
    } else {
        ("harmless tie (fine, and no thank-you note)", "harmless ties (fine, and no thank-you notes)")
    };
    let said = [
        (counts.harmless, harmless),
        (counts.exempt, ("request by your list of exceptions", "requests by your list of exceptions")),
        (
            counts.unmet,
            (
                "mail that thanked for no meeting in your calendars",
                "mails that thanked for no meeting in your calendars",
            ),
        ),
        (counts.unnamed, ("request in a mail that names nobody", "requests in mails that name nobody")),
        (
            counts.forged,
            ("request that was not what it claimed to be", "requests that were not what they claimed to be"),
        ),
    ];
    let some = said.into_iter().filter(|(n, _)| *n > 0);
    some.map(|(n, (one, many))| words::plural(usize::try_from(n).unwrap_or(usize::MAX), one, many)).collect()
}

fn trouble(h: &Health, when: &When) -> Vec<String> {
    let accounts = h.accounts.iter().map(|a| ("Account", &a.name, a.last_sync, &a.trouble));
    let calendars = h.calendars.iter().map(|c| ("Calendar", &c.name, c.last_read, &c.trouble));
    let said = accounts.chain(calendars).filter_map(|(what, name, last, trouble)| {
        let trouble = words::clean(trouble.as_deref()?, 200);
        let last = last.map_or_else(|| "not read yet".to_owned(), |t| format!("last read {}", when.moment(t)));
        Some(format!("{what} \"{}\": {trouble} ({last})", words::clean(name, 40)))
    });
    said.collect()
}

fn read(h: &Health, when: &When) -> String {
    let mails = words::plural(usize::try_from(h.messages_read).unwrap_or(usize::MAX), "mail", "mails");
    let accounts = words::plural(h.accounts.len(), "account", "accounts");
    let calendars =
        h.calendars.iter().map(|c| c.last_read).collect::<Option<Vec<_>>>().and_then(|t| t.into_iter().min());
    let calendars = match (h.calendars.len(), calendars) {
        (0, _) => "no calendar".to_owned(),
        (1, Some(t)) => format!("calendar read {}", when.moment(t)),
        (_, Some(t)) => format!("calendars read {}", when.moment(t)),
        (_, None) => "not every calendar read yet".to_owned(),
    };
    format!("{mails} read in {accounts} · {calendars}")
}

/// One word of the name holds Latin letters beside Cyrillic, Greek or Armenian ones: the usual way to look like another.
fn mixes_alphabets(name: &str) -> bool {
    let latin = |c: char| c.is_alphabetic() && matches!(c, '\u{41}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}');
    let alike = |c: char| matches!(c, '\u{370}'..='\u{58F}');
    name.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().any(latin) && word.chars().any(alike))
}
