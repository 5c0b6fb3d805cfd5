//! The page: sections, groups and entries in reading order, from which both templates are filled.
//!
//! Text and HTML must say the same and must both end: a flood of five hundred requests is still a page to read in a
//! minute. So the page is laid out once, in text rows, and stops when the rows are used up: "and 37 more".
use super::layout::rows;
use super::view::{Digest, Line, NoteView, RequestView};
use super::words::{self, When};
use crate::etiquette::{Clause, RequestWord, ThanksWord};
use serde::Serialize;

/// Rows of the plain text that entries may take; the rest of 200 is headings and foot.
const ROWS: usize = 150;
/// Strangers shown by name; the others are one line.
const STRANGERS: usize = 5;
/// Lines under "You told me".
const TOLD: usize = 10;
/// What the templates see (docs/digest.md).
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Page {
    pub(super) title: String,
    pub(super) day: String,
    pub(super) greeting: &'static str,
    pub(super) opening: String,
    pub(super) first_look: bool,
    pub(super) own: bool,
    pub(super) sections: Vec<Section>,
    pub(super) questions: Vec<Asked>,
    pub(super) told: Vec<String>,
    pub(super) asides: Vec<String>,
    pub(super) foot: Vec<String>,
    pub(super) note: Option<String>,
    pub(super) purpose: &'static str,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Section {
    /// `notes`, `accept`, `early`, `unsure`, `other`: a template's hook for colour.
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) groups: Vec<Group>,
    /// The commands that answer, said once.
    pub(super) hint: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Group {
    pub(super) heading: Option<String>,
    pub(super) entries: Vec<Entry>,
    pub(super) more: Option<String>,
    /// One line each: they are many, and there is little to say.
    pub(super) strangers: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Entry {
    pub(super) name: String,
    pub(super) address: Option<String>,
    pub(super) code: Option<String>,
    pub(super) say: String,
    pub(super) was: Option<String>,
    pub(super) remarks: Vec<String>,
    pub(super) quote: Option<String>,
    pub(super) strip: Option<StripView>,
    /// The same as laid out for plain text.
    pub(super) rows: Vec<String>,
}

/// Cells of the strip in percent, as table widths want them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct StripView {
    pub(super) day: String,
    pub(super) before: usize,
    pub(super) before_percent: usize,
    pub(super) left: usize,
    pub(super) caption: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Asked {
    pub(super) code: String,
    pub(super) text: String,
    pub(super) choices: Vec<AskedChoice>,
    pub(super) answer: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct AskedChoice {
    pub(super) n: usize,
    pub(super) means: String,
}

pub(super) const PURPOSE: &str = "About messages, not people; not meant for hiring decisions.";

/// A section's place: its id and title, and the order of its groups.
struct Place {
    id: &'static str,
    title: &'static str,
}

const PLACES: [Place; 5] = [
    Place { id: "notes", title: "Thank-you notes" },
    Place { id: "accept", title: "You may accept" },
    Place { id: "early", title: "Early requests" },
    Place { id: "unsure", title: "Not clear yet" },
    Place { id: "other", title: "Nothing to answer" },
];

/// An entry on its way to its group.
struct Placed {
    place: usize,
    group: u8,
    heading: Option<String>,
    stranger: bool,
    entry: Entry,
}

impl Page {
    pub(super) fn of(d: &Digest) -> Self {
        let data = &d.page;
        let when = When::new(data.now, &data.zone);
        let own = data.own;
        let notes = d.notes.iter().filter(|n| !n.line.asked).map(|n| place_note(n, own));
        let requests = d.requests.iter().filter(|r| !r.line.asked).map(|r| place_request(r, own));
        let mut placed: Vec<Placed> = notes.chain(requests).collect();
        placed.sort_by_key(|p| (p.place, p.group));
        Page {
            title: d.headline.clone(),
            day: when.local(data.now).strftime("%A, %-d %B %Y").to_string(),
            greeting: data.greeting,
            opening: data.opening.clone(),
            first_look: data.first_look,
            own,
            sections: sections(placed, own && data.kept, data.whole),
            questions: d.questions.iter().map(|q| asked(q, data.kept)).collect(),
            told: told(d),
            asides: data.asides.clone(),
            foot: data.foot.iter().take(20).map(|f| defang(f)).collect(),
            note: data.note.as_deref().map(defang),
            purpose: PURPOSE,
        }
    }
}

/// Mail programs make links of what looks like one: a stranger's "name" must not become a place to click.
fn defang(s: &str) -> String {
    if !s.contains("://") && !s.to_ascii_lowercase().contains("www.") {
        return s.to_owned();
    }
    s.replace("://", ": //").replace("www.", "www .").replace("WWW.", "WWW .")
}

fn entry(line: &Line, code: &str, own: bool) -> Entry {
    Entry {
        name: defang(&line.name),
        address: line.address.as_deref().map(defang),
        code: own.then(|| code.to_owned()),
        say: defang(&line.say),
        was: line.was.clone(),
        remarks: line.remarks.iter().map(|r| defang(r)).collect(),
        quote: None,
        strip: line.strip.as_ref().map(|s| StripView {
            day: s.day.clone(),
            before: s.before,
            before_percent: s.before * 100 / (s.before + s.left).max(1) * 4 / 5,
            left: s.left,
            caption: s.caption.clone(),
        }),
        rows: Vec::new(),
    }
}

fn place_note(n: &NoteView, own: bool) -> Placed {
    let mut entry = entry(&n.line, &n.item, own);
    entry.quote = n.quote.as_deref().filter(|_| own).map(defang);
    let (group, heading) = match n.verdict {
        ThanksWord::Proper | ThanksWord::Late | ThanksWord::Brief | ThanksWord::Elsewhere => (0, None),
        ThanksWord::Awaited => (1, Some("still time for one")),
        ThanksWord::NoneSeen => (2, Some("none seen")),
    };
    let strip = n.line.strip.as_ref().map(super::strip::Strip::text);
    entry.rows = rows(&entry, strip.as_deref(), heading.is_some());
    Placed { place: 0, group, heading: heading.map(str::to_owned), stranger: false, entry }
}

fn place_request(r: &RequestView, own: bool) -> Placed {
    let (place, group, heading) = match (r.verdict, r.clause) {
        (RequestWord::Welcome, _) => (1, 0, None),
        (RequestWord::Early, _) => (2, 0, Some("thanked, but an interview is not yet an acquaintance")),
        (RequestWord::Premature, Clause::NoNoteSeen) => (2, 1, Some("asked where a note would stand")),
        (RequestWord::Waiting, _) => (2, 2, Some("still time for a note")),
        (RequestWord::Premature, Clause::BeforeMeeting) => (2, 3, Some("asked before you meet")),
        (RequestWord::Premature, Clause::TooBrief | Clause::Audience) => (2, 4, Some("met, but only in passing")),
        (RequestWord::Premature, Clause::Applicant) => (2, 5, Some("applied, not met yet")),
        (RequestWord::Premature, Clause::Stranger) => (2, 6, None),
        (
            RequestWord::Premature,
            Clause::Forged
            | Clause::Open
            | Clause::Told
            | Clause::WhichPerson
            | Clause::Known
            | Clause::Exempt
            | Clause::Thanked
            | Clause::NoteMayCome
            | Clause::NotRead,
        ) => (2, 7, Some("others")),
        (RequestWord::Unsure, _) => (3, 0, None),
        (RequestWord::Harmless, _) => (4, 0, Some("follows and open networks")),
        (RequestWord::Forged, _) => (4, 1, Some("not what they claim to be")),
    };
    let stranger = r.clause == Clause::Stranger;
    let heading = heading.map(str::to_owned).or_else(|| r.line.heading.clone());
    let mut entry = entry(&r.line, &r.item, own);
    // The network wrote, not the person: an address known from a meeting would look like the sender's.
    entry.address = None;
    entry.rows = rows(&entry, None, heading.is_some());
    Placed { place, group, heading, stranger, entry }
}

fn sections(placed: Vec<Placed>, own: bool, whole: bool) -> Vec<Section> {
    let mut sections: Vec<Section> = Vec::new();
    let mut last: Option<(usize, u8)> = None;
    for p in placed {
        let Some(place) = PLACES.get(p.place) else { continue };
        if sections.last().is_none_or(|s| s.id != place.id) {
            sections.push(Section { id: place.id, title: place.title, groups: Vec::new(), hint: Vec::new() });
        }
        let Some(section) = sections.last_mut() else { continue };
        if last != Some((p.place, p.group)) {
            section.groups.push(Group { heading: p.heading, entries: Vec::new(), more: None, strangers: p.stranger });
            last = Some((p.place, p.group));
        }
        if let Some(group) = section.groups.last_mut() {
            group.entries.push(p.entry);
        }
    }
    let mut room = ROWS;
    for section in &mut sections {
        section.groups.iter_mut().for_each(|group| trim(group, &mut room, (own, whole)));
        section.hint = if own { hint(section) } else { Vec::new() };
    }
    sections
}

/// Keeps what there is room for, and says how much more there is.
fn trim(group: &mut Group, room: &mut usize, (own, whole): (bool, bool)) {
    // Who asked for the list gets it.
    let most = if group.strangers && !whole { STRANGERS } else { usize::MAX };
    let mut kept = 0;
    for entry in group.entries.iter().take(most) {
        let Some(rest) = room.checked_sub(entry.rows.len()) else { break };
        *room = rest;
        kept += 1;
    }
    let over = group.entries.len() - kept;
    group.entries.truncate(kept);
    if over > 0 {
        let who = if group.strangers {
            words::plural(over, "more stranger", "more strangers")
        } else {
            format!("{over} more")
        };
        let how = if own { ": thankd digest --since 1d" } else { "" };
        group.more = Some(format!("and {who}{how}"));
    }
}

/// What can be answered, once a section, by its first item.
fn hint(section: &Section) -> Vec<String> {
    let Some(first) = section.groups.iter().flat_map(|g| &g.entries).find_map(|e| e.code.clone()) else {
        return vec![];
    };
    match section.id {
        "notes" | "accept" => vec![format!("thankd explain {first}")],
        "early" | "unsure" => {
            vec![format!("thankd explain {first}"), format!("thankd tell {first} met | known | noted | ignore")]
        }
        // nothing to answer
        _ => vec![],
    }
}

fn asked(q: &super::view::QuestionView, kept: bool) -> Asked {
    let choice = |(n, c): (usize, &super::view::ChoiceView)| AskedChoice { n: n + 1, means: defang(&c.means) };
    Asked {
        code: q.item.clone(),
        text: defang(&q.text),
        choices: q.choices.iter().enumerate().map(choice).collect(),
        answer: kept.then(|| format!("thankd tell {} same 1", q.item)),
    }
}

fn told(d: &Digest) -> Vec<String> {
    let line = |t: &super::view::ToldView| {
        let settled =
            if t.settles.is_empty() { String::new() } else { format!("; that settled {}", t.settles.join(", ")) };
        let undo = if t.undone { " (undone since)".to_owned() } else { format!(" · undo: thankd undo {}", t.undo) };
        defang(&format!("{}: {}{settled}{undo}", t.about, t.say))
    };
    let mut said: Vec<String> = d.told.iter().take(TOLD).map(line).collect();
    if d.told.len() > TOLD {
        said.push(format!("and {} more", d.told.len() - TOLD));
    }
    said
}
