//! What came of a scenario beside what was expected of it.
use crate::case::{Mail, Note, Scenario, either, mailbox, time};
use jiff::tz::TimeZone;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Right of all, of each thing that is counted.
pub type Counts = BTreeMap<&'static str, (u32, u32)>;

/// A miss: which mail of which scenario, the sort of miss, what was expected and what came out.
#[derive(Debug, Clone)]
pub struct Miss {
    pub at: String,
    pub what: &'static str,
    pub told: String,
}

/// Judges one scenario by its digest, adds to the counts, and says what was missed.
pub struct Judge<'a> {
    sc: &'a Scenario,
    zone: &'a TimeZone,
    digest: &'a Value,
    counts: &'a mut Counts,
    misses: Vec<Miss>,
}

fn list<'v>(digest: &'v Value, key: &str) -> Vec<&'v Value> {
    digest[key].as_array().into_iter().flatten().collect()
}

fn text<'v>(value: &'v Value, key: &str) -> &'v str {
    value[key].as_str().unwrap_or("")
}

/// Lower case, without marks and punctuation: the words.
fn words(name: &str) -> Vec<String> {
    let plain: String = name.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).collect();
    let plain = plain.replace('ø', "o").replace('ł', "l").replace('ß', "ss");
    plain.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

fn within(a: &BTreeSet<String>, b: &BTreeSet<String>) -> bool {
    a.is_subset(b) || b.is_subset(a)
}

/// Is the person that came out one of those expected? `address`: the mail's own, which binds where names are written
/// in two scripts.
fn same(expected: &[&str], address: &str, person: &Value) -> bool {
    if person.is_null() {
        return false;
    }
    let got = words(text(person, "name"));
    let got_set: BTreeSet<String> = got.iter().cloned().collect();
    let named = expected.iter().any(|name| {
        let want = words(name);
        let set: BTreeSet<String> = want.iter().cloned().collect();
        let part =
            (want.len() > 1 && set.is_subset(&got_set)) || (got.len() > 1 && want.len() > 1 && got_set.is_subset(&set));
        set == got_set || want.concat() == got.concat() || part
    });
    let bound = !address.is_empty()
        && list(person, "addresses").iter().any(|a| a.as_str().is_some_and(|a| a.eq_ignore_ascii_case(address)));
    let shares = got.is_empty() || expected.iter().any(|name| words(name).iter().any(|w| got_set.contains(w)));
    named || (bound && shares)
}

/// `part of a title`, `part@day`, or `none`.
fn meets(expected: &str, meeting: &Value) -> bool {
    if expected == "none" || meeting.is_null() {
        return expected == "none" && meeting.is_null();
    }
    let (title, day) = expected.split_once('@').unwrap_or((expected, ""));
    let shown = words(text(meeting, "title")).join(" ");
    shown.contains(&words(title).join(" ")) && text(meeting, "start").starts_with(day)
}

fn shown(note: &Value) -> String {
    let meeting = &note["meeting"];
    let day = text(meeting, "start").get(..10).unwrap_or("");
    let what = if meeting.is_null() { "none" } else { text(meeting, "title") };
    format!("{} of {} for {what} {day}", text(note, "verdict"), text(&note["person"], "name")).trim_end().to_owned()
}

fn asked(request: &Value) -> String {
    let reason = request["reason"].as_str().map(|r| format!("/{r}")).unwrap_or_default();
    let name = text(&request["person"], "name");
    format!("{} · {}{reason} of {name}", text(request, "verdict"), text(request, "clause"))
}

fn all(items: &[&Value], show: fn(&Value) -> String) -> String {
    if items.is_empty() { "nothing".to_owned() } else { items.iter().map(|v| show(v)).collect::<Vec<_>>().join("; ") }
}

impl<'a> Judge<'a> {
    pub fn new(sc: &'a Scenario, zone: &'a TimeZone, digest: &'a Value, counts: &'a mut Counts) -> Self {
        Self { sc, zone, digest, counts, misses: Vec::new() }
    }

    pub fn misses(mut self) -> Vec<Miss> {
        for (i, m) in self.sc.mail.iter().enumerate() {
            if m.sent_to.is_none() && !m.unjudged {
                match &m.note {
                    None => self.no_note(i, m),
                    Some(note) => self.note(i, m, note),
                }
            }
            match m.request.as_deref() {
                None => {}
                Some("none") => self.no_request(i, m),
                Some(expected) => self.request(i, m, expected),
            }
        }
        self.strays();
        self.misses
    }

    fn miss(&mut self, at: String, what: &'static str, expected: &str, got: &str) {
        self.misses.push(Miss { at, what, told: format!("expected {expected}; got {got}") });
    }

    fn count(&mut self, what: &'static str, right: bool) {
        let (good, of) = self.counts.entry(what).or_default();
        *good += u32::from(right);
        *of += 1;
    }

    fn id(&self, i: usize) -> String {
        format!("{}/{i}", self.sc.id)
    }

    /// Does the item come from this mail? Items bear no name of their mail; no two of a scenario come within 90 s.
    fn near(&self, item: &Value, m: &Mail) -> bool {
        let at: Option<jiff::Timestamp> = text(item, "at").parse().ok();
        at.is_some_and(|at| at.duration_since(time(&m.at, self.zone).timestamp()).abs().as_secs() < 90)
    }

    /// What counts as thanks of this person: not what only says that none came.
    fn notes(&self) -> Vec<&'a Value> {
        let mut notes = list(self.digest, "notes");
        notes.retain(|n| matches!(text(n, "verdict"), "proper" | "late" | "brief"));
        notes
    }

    fn notes_of(&self, m: &Mail) -> Vec<&'a Value> {
        self.notes().into_iter().filter(|n| self.near(n, m)).collect()
    }

    fn no_note(&mut self, i: usize, m: &Mail) {
        let got = self.notes_of(m);
        let Some(first) = got.first() else { return };
        self.count("notes precision", false);
        if let Some(from) = &m.from {
            let sender = mailbox(from).0;
            let sets = [sender, text(&first["person"], "name")].map(|n| words(n).into_iter().collect::<BTreeSet<_>>());
            self.count("persons", sender.is_empty() || within(&sets[0], &sets[1]));
        }
        self.miss(self.id(i), "none", "no note", &all(&got, shown));
    }

    fn note(&mut self, i: usize, m: &Mail, note: &Note) {
        let got = self.notes_of(m);
        let word = note.word.as_deref();
        let expected = format!("{} of {} for {}", word.unwrap_or("a note"), note.of, note.r#for);
        self.count("notes recall", !got.is_empty());
        if got.is_empty() {
            return self.miss(self.id(i), "lost", &expected, "nothing");
        }
        self.count("notes precision", true);
        let address = m.address.as_deref().or_else(|| m.from.as_deref().map(|f| mailbox(f).1)).unwrap_or("");
        let person = got.iter().all(|n| same(&either(&note.of), address, &n["person"]));
        let meeting = got.iter().all(|n| either(&note.r#for).iter().any(|e| meets(e, &n["meeting"])));
        let mut parts = vec![("persons", "person", person), ("meetings", "meeting", meeting)];
        if let Some(word) = word {
            parts.push(("thanks words", "word", got.iter().all(|n| either(word).contains(&text(n, "verdict")))));
        }
        for (counted, what, right) in parts {
            self.count(counted, right);
            if !right {
                self.miss(self.id(i), what, &expected, &all(&got, shown));
            }
        }
    }

    fn no_request(&mut self, i: usize, m: &Mail) {
        let mut got = list(self.digest, "requests");
        got.retain(|r| self.near(r, m));
        self.count("request verdicts", got.is_empty());
        if !got.is_empty() {
            self.miss(self.id(i), "request", "no request", &all(&got, asked));
        }
    }

    /// A person's requests are one item, at the time of the last: so by name, too.
    fn request(&mut self, i: usize, m: &Mail, expected: &str) {
        let name =
            m.name.as_deref().or_else(|| m.from.as_deref().map(|f| mailbox(f).0.trim_matches('"'))).unwrap_or("");
        let mut got = list(self.digest, "requests");
        got.retain(|r| self.near(r, m) || (!name.is_empty() && same(&[name], "", &r["person"])));
        let (verdict, clause) = expected.split_once(" · ").unwrap_or((expected, ""));
        let right = got.iter().any(|r| either(verdict).contains(&text(r, "verdict")));
        self.count("request verdicts", right);
        let expected = format!("{expected} of {name}");
        if !right {
            self.miss(self.id(i), "request", &expected, &all(&got, asked));
        }
        if clause.is_empty() {
            return;
        }
        let exact = |r: &&Value| {
            let full = format!("{}/{}", text(r, "clause"), text(r, "reason"));
            either(clause).iter().any(|c| *c == text(r, "clause") || *c == full)
        };
        let held = got.iter().any(exact);
        self.count("clauses", held);
        if right && !held {
            self.miss(self.id(i), "clause", &expected, &all(&got, asked));
        }
    }

    /// Notes that come from no mail of the scenario.
    fn strays(&mut self) {
        let stray = |n: &&Value| !self.sc.mail.iter().any(|m| self.near(n, m));
        let strays: Vec<&Value> = self.notes().into_iter().filter(stray).collect();
        if !strays.is_empty() {
            self.miss(self.sc.id.clone(), "stray", "no other note", &all(&strays, shown));
        }
    }
}
