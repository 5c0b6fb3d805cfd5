//! `thankd explain`: mail → person → meetings → clause → what would change it, in the digest's own sentences.
use super::{CliError, Places, say, sources};
use crate::clock::Clock;
use crate::config::Settings;
use crate::daemon::{self, Judgement, Preview, World};
use crate::digest::{Listing, What, words};
use crate::etiquette;
use crate::person::PersonId;
use crate::store::Commit;
use clap::Args;
use std::fmt::Write as _;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Explain {
    /// An item's code (k3f), a name, or an address
    #[arg(value_name = "ITEM|PERSON")]
    pub what: String,
    /// As if it were this time: RFC 3339, a date, or a span back ("30d")
    #[arg(long, value_name = "T")]
    pub now: Option<String>,
}

impl Explain {
    pub async fn run(self, places: Places) -> Result<ExitCode, CliError> {
        let settings = sources::settings(&places)?;
        let store = sources::store(&places).await?;
        let system = Clock::System.now();
        let now = match &self.now {
            Some(text) => sources::time("--now", text, &settings.owner.zone, system)?,
            None => system,
        };
        let preview = daemon::preview(&store, &settings, Listing::All { since: None }, None, Commit::No, now).await?;
        let found = find(&preview, &self.what)?;
        let mut out = String::new();
        for judgement in found {
            chain(&mut out, &preview, judgement, &settings);
        }
        say(&out)
    }
}

/// The judgements of an item code, or of everybody a name or address fits.
pub(super) fn find<'p>(preview: &'p Preview, what: &str) -> Result<Vec<&'p Judgement>, CliError> {
    let world = &preview.world;
    if let Some(subject) = preview.codes.iter().find(|(_, code)| code.0 == what).map(|(s, _)| s) {
        let hit: Vec<&Judgement> = world.judgements.iter().filter(|j| j.what.subject() == subject).collect();
        if !hit.is_empty() {
            return Ok(hit);
        }
    }
    let persons = persons(world, what);
    let hit: Vec<&Judgement> =
        world.judgements.iter().filter(|j| j.timeline.is_some_and(|at| persons.contains(&at))).collect();
    if !hit.is_empty() {
        return Ok(hit);
    }
    if persons.is_empty() {
        return Err(CliError::Failed(format!(
            "nothing is known under \"{what}\"; give an item's code from a digest, a name or an address"
        )));
    }
    Err(CliError::Failed(format!("\"{what}\" is known, but there is no request and no note to explain")))
}

/// Timelines whose person's name or address holds these words.
pub(super) fn persons(world: &World, what: &str) -> Vec<usize> {
    let wanted = what.to_lowercase();
    let fits = |t: &crate::timeline::Timeline| {
        t.name.as_ref().is_some_and(|n| n.as_str().to_lowercase().contains(&wanted))
            || t.addresses.iter().any(|a| a.as_str().contains(&wanted))
    };
    world.built.timelines.iter().enumerate().filter(|(_, t)| fits(t)).map(|(at, _)| at).collect()
}

fn chain(out: &mut String, preview: &Preview, judgement: &Judgement, settings: &Settings) {
    let world = &preview.world;
    let when = words::When::new(world.now, &settings.owner.zone);
    let code = preview.codes.iter().find(|(s, _)| s == judgement.what.subject()).map_or("", |(_, c)| c.0.as_str());
    let digest = &preview.composed.digest;
    let line = digest
        .requests
        .iter()
        .map(|r| (&r.item, &r.line, &r.remarks))
        .chain(digest.notes.iter().map(|n| (&n.item, &n.line, &n.remarks)))
        .find(|(item, ..)| *item == code);
    let name = judgement.person.name.as_ref().map_or("somebody", |n| n.as_str());
    let _ = writeln!(out, "{name}  {code}  {}", judgement.what.face().0);
    if let Some((_, line, remarks)) = line {
        let heading = line.heading.iter().map(|h| format!("{h}: "));
        let _ = writeln!(out, "  {}{}", heading.collect::<String>(), line.say);
        for remark in remarks {
            let _ = writeln!(out, "  {remark}");
        }
    }
    let _ = writeln!(out, "  rests on:");
    for fact in judgement.because.iter().filter_map(|id| words::fact(*id, &world.facts, &when)) {
        let _ = writeln!(out, "    - {fact}");
    }
    person(out, world, judgement);
    if let What::Request { verdict, .. } = &judgement.what {
        let changes: Vec<String> = etiquette::what_would_change(verdict).iter().map(ToString::to_string).collect();
        if !changes.is_empty() {
            let _ = writeln!(out, "  what would change it: {}", changes.join("; "));
        }
    }
    out.push('\n');
}

/// Who is taken for whom, and by what evidence.
fn person(out: &mut String, world: &World, judgement: &Judgement) {
    let Some(timeline) = judgement.timeline.and_then(|at| world.built.timelines.get(at)) else { return };
    let seen = |id: PersonId| world.grouping.persons.iter().find(|p| p.id == id);
    let Some(person) = seen(timeline.person) else { return };
    let names: Vec<String> = person
        .mentions
        .iter()
        .filter_map(|id| world.facts.mentions.iter().find(|m| m.id == *id))
        .map(|m| {
            let name = m.name.as_ref().map(|n| n.as_str());
            let address = m.address.as_ref().map(|a| format!("<{}>", a.as_str()));
            [name.map(str::to_owned), address].into_iter().flatten().collect::<Vec<_>>().join(" ")
        })
        .collect();
    let mut names: Vec<String> = names.into_iter().filter(|n| !n.is_empty()).collect();
    names.sort();
    names.dedup();
    let _ = writeln!(out, "  seen as: {}", names.join("; "));
    for other in &timeline.perhaps {
        let name = other.timeline.name.as_ref().map_or("somebody", |n| n.as_str());
        let terms: Vec<&str> = other.likeness.evidence.iter().map(|e| e.term.as_str()).collect();
        let _ = writeln!(out, "  may be {name} ({:+.1}): {}", other.likeness.weight, terms.join("; "));
    }
}
