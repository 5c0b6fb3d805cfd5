//! A scenario as it is written in tests/scenarios/*.toml.
use jiff::tz::TimeZone;
use jiff::{ZonedDateTime, civil};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The project's own scenarios, unless `SCENARIOS` names another folder.
pub fn folder() -> PathBuf {
    others().unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios"))
}

pub fn others() -> Option<PathBuf> {
    std::env::var_os("SCENARIOS").map(PathBuf::from)
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OwnerOf {
    pub name: String,
    pub addresses: Vec<String>,
    pub zone: String,
    pub calendar: Program,
}

/// Which program wrote the calendar: they differ in how they write times.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Program {
    Google,
    Outlook,
    Apple,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    scenario: Vec<Scenario>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scenario {
    pub id: String,
    pub owner: String,
    /// Local to the owner, as all times of a scenario which bear no offset.
    pub now: String,
    pub meetings: Vec<Event>,
    pub mail: Vec<Mail>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Event {
    pub at: String,
    pub minutes: i64,
    pub title: String,
    /// `Name <address>`, followed by PARTSTAT unless they accepted. The owner is added where anybody else stands.
    #[serde(default)]
    pub with: Vec<String>,
    pub organizer: Option<String>,
    /// The owner's own PARTSTAT.
    pub owner: Option<String>,
    pub description: Option<String>,
    pub place: Option<String>,
    pub status: Option<String>,
    pub class: Option<String>,
    pub categories: Option<String>,
    #[serde(default)]
    pub all_day: bool,
}

/// A mail: by its fields, by its network (networks/*.txt), or `raw`, where dress, charset or encoding is the point.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Mail {
    pub at: String,
    pub from: Option<String>,
    /// The owner wrote it.
    pub sent_to: Option<String>,
    pub to: Option<String>,
    pub cc: Option<String>,
    pub subject: String,
    pub headers: Vec<String>,
    pub text: String,
    /// What the receiving server says of the sender: pass, unless this says fail.
    pub dmarc: Option<String>,
    pub network: Option<String>,
    /// Who asks or writes, where the mail is no plain letter.
    pub name: Option<String>,
    pub address: Option<String>,
    pub headline: String,
    pub slug: Option<String>,
    pub raw: Option<String>,
    /// Left out: it must not be taken for a note.
    pub note: Option<Note>,
    /// Whether it is a note is nobody's business here.
    pub unjudged: bool,
    /// `verdict · clause`, or `none`: no request may come of it. `clause/reason` is more exact.
    pub request: Option<String>,
}

/// Who thanks, for which meeting (a part of its title, `@` the day it began; `none`: for none in the calendar), and
/// in which word. ` | ` parts what is equally right.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    pub of: String,
    pub r#for: String,
    pub word: Option<String>,
}

/// The parts of ` | `.
pub fn either(text: &str) -> Vec<&str> {
    text.split('|').map(str::trim).collect()
}

/// `Name <address>` or a bare address.
pub fn mailbox(text: &str) -> (&str, &str) {
    match text.split_once(" <") {
        Some((name, address)) => (name, address.split('>').next().unwrap()),
        None => ("", text),
    }
}

/// `2026-03-09 14:00` of the owner's zone; or with an offset of its own.
pub fn time(text: &str, zone: &TimeZone) -> ZonedDateTime {
    if let Ok(pieces) = jiff::fmt::temporal::Pieces::parse(text)
        && let Some(offset) = pieces.to_numeric_offset()
    {
        let local = pieces.date().to_datetime(pieces.time().unwrap());
        return local.to_zoned_datetime(TimeZone::fixed(offset)).unwrap();
    }
    let local: civil::DateTime = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
    local.to_zoned_datetime(zone.clone()).unwrap()
}

pub fn owners() -> BTreeMap<String, OwnerOf> {
    toml::from_str(&std::fs::read_to_string(folder().join("owners.toml")).unwrap()).unwrap()
}

/// All of them, in the order of the files' names.
pub fn scenarios() -> Vec<Scenario> {
    let entries = std::fs::read_dir(folder()).unwrap().map(|e| e.unwrap().path());
    let mut files: Vec<PathBuf> = entries.filter(|p| p.extension().is_some_and(|e| e == "toml")).collect();
    files.retain(|p| !p.ends_with("owners.toml"));
    files.sort();
    let read = |p: &PathBuf| {
        let text = std::fs::read_to_string(p).unwrap();
        toml::from_str::<File>(&text).unwrap_or_else(|e| panic!("{}: {e}", p.display())).scenario
    };
    files.iter().flat_map(read).collect()
}
