//! The sentences, in one place: the digest, `explain` and `read` say the same thing in the same words.
//!
//! Neutral about people, exact about what was seen: absence is always said with its horizon, and a note nobody saw
//! "may be on paper or elsewhere". The time beside a meeting is its *end*, and gaps count from there.
mod count;
mod fact;
mod remark;
mod time;

pub use count::{Tally, ordinal, plural};
pub use fact::{fact, verb};
pub use remark::remark;
pub use time::{When, length};

use super::Face;
use crate::etiquette::{Clause, KnownBy, MeetingRef, Remark, RequestVerdict, RequestWord, ThanksVerdict, ThanksWord};
use crate::letter::NetworkId;
use crate::meeting::Kind;
use crate::timeline::Unread;
use jiff::Timestamp;

/// Longest title or headline quoted in a sentence, in characters.
const LONGEST_TITLE: usize = 60;

/// Strangers' text made safe to stand in a sentence: no controls, no bidi or zero-width characters, blanks folded, cut
/// with an ellipsis. Escaping for HTML is the template's.
#[must_use]
pub fn clean(raw: &str, longest: usize) -> String {
    let seen: String = raw.chars().take(longest.saturating_mul(8)).filter(|c| !crate::person::invisible(*c)).collect();
    let folded = seen.split_whitespace().collect::<Vec<_>>().join(" ");
    if folded.chars().count() <= longest {
        return folded;
    }
    let cut: String = folded.chars().take(longest.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

/// `LinkedIn` for `linkedin`; ids the world writes in a way of its own.
#[must_use]
pub fn network(id: &NetworkId) -> String {
    const OWN_WAY: [(&str, &str); 8] = [
        ("linkedin", "LinkedIn"),
        ("xing", "XING"),
        ("x", "X"),
        ("googleplus", "Google+"),
        ("researchgate", "ResearchGate"),
        ("angellist", "AngelList"),
        ("viadeo", "Viadeo"),
        ("github", "GitHub"),
    ];
    if let Some((_, name)) = OWN_WAY.iter().find(|(known, _)| *known == id.0) {
        return (*name).to_owned();
    }
    let id = clean(&id.0, 40);
    let mut chars = id.chars();
    chars.next().map_or_else(String::new, |c| c.to_uppercase().chain(chars).collect())
}

#[must_use]
pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Coffee => "Coffee",
        Kind::Meal => "Meal",
        Kind::Drink => "Drink",
        Kind::Interview => "Interview",
        Kind::PhoneScreen => "Phone screen",
        Kind::Meeting | Kind::Unclear | Kind::Other => "Meeting",
        Kind::Call => "Call",
        Kind::Talk => "Talk",
    }
}

/// `an interview`
#[must_use]
pub fn a_kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Coffee => "a coffee",
        Kind::Meal => "a meal",
        Kind::Drink => "a drink",
        Kind::Interview => "an interview",
        Kind::PhoneScreen => "a phone screen",
        Kind::Meeting => "an ordinary meeting",
        Kind::Call => "an ordinary call",
        Kind::Talk => "a talk or large group",
        Kind::Unclear => "something unclear",
        Kind::Other => "something else",
    }
}

/// `"Catch-up"`, or `your meeting` without a title.
#[must_use]
pub fn meeting_title(m: &MeetingRef) -> String {
    let title = clean(m.title.as_deref().unwrap_or_default(), LONGEST_TITLE);
    if title.is_empty() { "your meeting".to_owned() } else { format!("\"{title}\"") }
}

/// `Interview "Backend, round 2"`: the kind is not said twice when the title opens with it; `"Coffee with Ana"`: a title
/// that goes on in words is quoted whole.
#[must_use]
pub fn meeting_name(m: &MeetingRef) -> String {
    let label = kind(m.kind);
    let title = clean(m.title.as_deref().unwrap_or_default(), LONGEST_TITLE);
    let opens_with_it = title.get(..label.len()).is_some_and(|head| head.eq_ignore_ascii_case(label));
    let rest = if opens_with_it { title.get(label.len()..).unwrap_or_default() } else { &title };
    let rest = match rest.chars().next() {
        // "Interviewing at scale" only begins alike
        Some(c) if opens_with_it && c.is_alphanumeric() => title.as_str(),
        Some(_) | None => {
            rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '-' | '–' | '—' | '|' | '"'))
        }
    };
    let goes_on = opens_with_it
        && title.get(label.len()..).is_some_and(|rest| {
            let mut next = rest.chars();
            next.next().is_some_and(char::is_whitespace) && next.next().is_some_and(char::is_alphabetic)
        });
    if goes_on {
        return format!("\"{title}\"");
    }
    if rest.is_empty() { label.to_owned() } else { format!("{label} \"{rest}\"") }
}

/// `Interview "Backend, round 2" (Mon 14:00)`, by its end.
#[must_use]
pub fn meeting(m: &MeetingRef, when: &When) -> String {
    format!("{} ({})", meeting_name(m), when.moment(m.ends))
}

/// What a request's verdict says, without network and person.
#[must_use]
pub fn request(v: &RequestVerdict, at: Timestamp, when: &When) -> String {
    let met = v.meeting.as_ref();
    match v.clause {
        Clause::Forged => "it is not what it claims to be".to_owned(),
        Clause::Open => "nothing to answer: following is open to everybody there".to_owned(),
        Clause::Told if v.word == RequestWord::Welcome => "you told me you know each other".to_owned(),
        Clause::Told => "you told me to leave it".to_owned(),
        Clause::WhichPerson => "it depends on which person this is".to_owned(),
        Clause::Known => known(v, when),
        Clause::Exempt => "what they do is on your list of exceptions".to_owned(),
        Clause::Thanked => thanked(met, when),
        Clause::NoteMayCome => format!("{}; {}", asked(met, at, when), may_come(v.until, when)),
        Clause::NoNoteSeen => format!("{}; {}", asked(met, at, when), not_seen(v.until, when)),
        Clause::BeforeMeeting => ahead(met, when),
        Clause::TooBrief => too_brief(v, when),
        Clause::Audience => met.map_or_else(
            || "you only sat in the same room".to_owned(),
            |m| format!("you only shared {}", meeting(m, when)),
        ),
        Clause::Applicant => applied(&v.remarks),
        Clause::Stranger => never_met(v.horizon, when),
        Clause::NotRead => {
            v.unread.as_ref().map_or_else(|| "not everything could be read".to_owned(), |u| unread(u, when))
        }
    }
}

fn asked(met: Option<&MeetingRef>, at: Timestamp, when: &When) -> String {
    met.map_or_else(
        || format!("asked {}", when.moment(at)),
        |m| format!("{} {}", when.gap(m.ends, at), meeting(m, when)),
    )
}

fn may_come(until: Option<Timestamp>, when: &When) -> String {
    let until = until.map(|t| format!(" until {}", when.moment(t))).unwrap_or_default();
    format!("a note may still come{until}")
}

fn not_seen(until: Option<Timestamp>, when: &When) -> String {
    let by = until.map(|t| format!(" by {}", when.moment(t))).unwrap_or_default();
    format!("no note seen{by} (it may be on paper or elsewhere)")
}

fn thanked(met: Option<&MeetingRef>, when: &When) -> String {
    let why = "an interview is not yet an acquaintance";
    met.map_or_else(|| format!("thanked you; {why}"), |m| format!("thanked you for {}; {why}", meeting(m, when)))
}

fn ahead(met: Option<&MeetingRef>, when: &When) -> String {
    met.map_or_else(
        || "asked before you meet".to_owned(),
        |m| format!("asked before {}, which is still ahead ({})", meeting_name(m), when.moment(m.starts)),
    )
}

fn too_brief(v: &RequestVerdict, when: &When) -> String {
    let talked = v.remarks.iter().find_map(|r| if let Remark::Talked(d) = r { Some(length(*d)) } else { None });
    let talked = talked.map_or_else(|| "you talked only briefly".to_owned(), |d| format!("you talked for {d} only"));
    v.meeting.as_ref().map_or_else(|| talked.clone(), |m| format!("{talked}: {}", meeting(m, when)))
}

fn applied(remarks: &[Remark]) -> String {
    let role = remarks.iter().find_map(|r| if let Remark::AppliedFor(Some(role)) = r { Some(role) } else { None });
    role.map_or_else(
        || "applied to you; you have not met yet".to_owned(),
        |role| format!("applied for \"{}\"; you have not met yet", clean(role, LONGEST_TITLE)),
    )
}

/// "never met, as far as your calendars since Nov 2024 show"
#[must_use]
pub fn never_met(horizon: Option<Timestamp>, when: &When) -> String {
    let since = horizon.map(|t| format!(" since {}", when.month(t))).unwrap_or_default();
    format!("never met, as far as your calendars{since} show")
}

fn known(v: &RequestVerdict, when: &When) -> String {
    let on = v.meeting.as_ref().map(|m| format!(" on {}", when.date(m.ends))).unwrap_or_default();
    let named =
        |what: &str| v.meeting.as_ref().map_or_else(|| what.to_owned(), |m| format!("{what}: {}", meeting(m, when)));
    match v.known_by {
        Some(KnownBy::Told) => "you told me you know each other".to_owned(),
        Some(KnownBy::Coffee) => format!("you had coffee{on}"),
        Some(KnownBy::Meal) => format!("you had a meal together{on}"),
        Some(KnownBy::Drink) => format!("you had a drink{on}"),
        Some(KnownBy::Talked) => named("you talked at length"),
        Some(KnownBy::Correspondence) => "you have been writing to each other".to_owned(),
        Some(KnownBy::Contact) => "in your address book".to_owned(),
        Some(KnownBy::Connection) => "already one of your connections".to_owned(),
        Some(KnownBy::Colleague) => "a colleague".to_owned(),
        Some(KnownBy::Hired) => "you hired them".to_owned(),
        Some(KnownBy::Interview) => named("you met"),
        None => "you know each other".to_owned(),
    }
}

/// "your calendar could not be read since Tue"
#[must_use]
pub fn unread(u: &Unread, when: &When) -> String {
    let source = clean(&u.source, 40);
    let what =
        if matches!(source.as_str(), "calendar" | "mail") { format!("your {source}") } else { format!("\"{source}\"") };
    match u.since {
        Some(t) => format!("{what} could not be read since {}", when.day(t)),
        None => format!("{what} has not been read yet"),
    }
}

/// `proper · 5 h after Interview "Backend, round 2" (Mon 14:00)`
#[must_use]
pub fn thanks(v: &ThanksVerdict, looked: bool, when: &When) -> String {
    let met = v.meeting.as_ref();
    // Absence is said only where somebody looked.
    let none = if looked { "no such meeting in your calendars" } else { "no calendar was read" };
    let after = match (met, v.at) {
        (Some(m), Some(at)) => format!("{} {}", when.gap(m.ends, at), meeting(m, when)),
        (Some(m), None) => format!("for {}", meeting(m, when)),
        (None, Some(at)) => format!("came {}; {none}", when.moment(at)),
        (None, None) => none.to_owned(),
    };
    let of = met.map(|m| format!("{}; ", meeting(m, when))).unwrap_or_default();
    match v.word {
        ThanksWord::Proper => format!("proper · {after}"),
        ThanksWord::Late => format!("late · {after}"),
        ThanksWord::Brief => format!("brief · {after}"),
        ThanksWord::Elsewhere => format!("on the network, not by letter · {after}"),
        ThanksWord::Awaited => format!("{of}{}", may_come(v.until, when)),
        ThanksWord::NoneSeen => format!("{of}{}", not_seen(v.until, when)),
    }
}

/// "was: early"
#[must_use]
pub fn was(face: &Face) -> String {
    let word = match (face.word(), face.clause()) {
        ("premature", Some("no_note_seen")) => "no note seen",
        ("premature", Some("stranger")) => "never met",
        ("premature", Some(_) | None) => "early",
        ("waiting", _) => "a note may still come",
        ("unsure", _) => "unsure",
        ("none_seen", _) => "no note seen",
        (word, _) => word,
    };
    format!("was: {word}")
}

/// A face in the digest's words, for what changes at once: "may be accepted", "a question for you".
#[must_use]
pub fn face(face: &Face) -> &str {
    match (face.word(), face.clause()) {
        ("welcome", _) => "may be accepted",
        ("early", _) => "thanked, still early",
        ("premature", Some("no_note_seen")) | ("none_seen", _) => "no note seen",
        ("premature", Some("stranger")) => "never met",
        ("premature", Some(_) | None) => "early",
        ("waiting" | "awaited", _) => "a note may still come",
        ("unsure", Some("not_read")) => "not clear until everything is read",
        ("unsure", _) => "a question for you",
        ("harmless", Some("told")) => "left, as you told me",
        ("harmless", _) => "nothing to answer",
        ("forged", _) => "not what it claims to be",
        ("proper", _) => "a proper note",
        ("late", _) => "a late note",
        ("brief", _) => "a brief note",
        ("elsewhere", _) => "thanks on the network",
        (word, _) => word,
    }
}

/// What a request's verdict means to the owner, in the choices of a question.
#[must_use]
pub fn meaning(word: RequestWord) -> &'static str {
    match word {
        RequestWord::Welcome => "may be accepted",
        RequestWord::Early => "thanked, still early",
        RequestWord::Waiting => "a note may still come",
        RequestWord::Premature => "early",
        RequestWord::Unsure => "still unsure",
        RequestWord::Forged => "not what it claims to be",
        RequestWord::Harmless => "nothing to answer",
    }
}

#[cfg(test)]
mod tests;
