//! `thankd explain`: mail → person → meetings → clause → what would change it, in the digest's own sentences.
use super::{CliError, Places, sources, tell, tell_people};
use crate::config::Settings;
use crate::daemon::{self, Judgement, Preview, World};
use crate::digest::{ItemCode, Listing, What, words};
use crate::etiquette;
use crate::person::{Mention, PersonId};
use crate::store::{Commit, Store};
use crate::timeline::Timeline;
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
        let now = sources::now(self.now.as_deref(), &settings)?;
        let preview = daemon::preview(&store, &settings, Listing::All { since: None }, None, Commit::No, now).await?;
        let found = find(&preview, &self.what);
        if found.is_empty() {
            return Err(nobody(&store, &self.what).await?);
        }
        let mut out = String::new();
        for judgement in found {
            chain(&mut out, &preview, judgement, &settings);
        }
        tell_people(&out)
    }
}

/// The judgements of an item code, or of everybody a name or address fits.
fn find<'p>(preview: &'p Preview, what: &str) -> Vec<&'p Judgement> {
    if let Some(judgement) = tell::code(preview, what).and_then(|code| tell::judgement(preview, code)) {
        return vec![judgement];
    }
    let persons = persons(&preview.world, what);
    preview.world.judgements.iter().filter(|j| j.timeline.is_some_and(|at| persons.contains(&at))).collect()
}

/// Why nothing is found under these words.
pub(super) async fn nobody(store: &Store, what: &str) -> Result<CliError, CliError> {
    let known = store.subject_of(&ItemCode(what.to_lowercase())).await?.is_some();
    Ok(CliError::Failed(if known {
        format!("{what} is closed: there is nothing more to judge or to say under this code; name the person instead")
    } else {
        format!("nobody and nothing is known under \"{what}\"; give an item's code from a digest, a name or an address")
    }))
}

/// Timelines of the persons so called or addressed, by any of their names; by a part of one only if none is whole.
pub(super) fn persons(world: &World, what: &str) -> Vec<usize> {
    let wanted = what.to_lowercase();
    let names = |t: &Timeline| {
        let own = t.name.iter().map(|n| n.as_str().to_lowercase());
        let person = world.grouping.persons.iter().find(|p| p.id == t.person);
        let mentions = person.into_iter().flat_map(|p| &p.mentions);
        let seen = mentions.filter_map(|id| world.facts.mentions.iter().find(|m| m.id == *id));
        let seen = seen.filter_map(|m| m.name.as_ref()).map(|n| n.as_str().to_lowercase());
        own.chain(seen).chain(t.addresses.iter().map(|a| a.as_str().to_lowercase())).collect::<Vec<_>>()
    };
    let find = |fits: &dyn Fn(&String) -> bool| -> Vec<usize> {
        let timelines = world.built.timelines.iter().enumerate();
        timelines.filter(|(_, t)| names(t).iter().any(fits)).map(|(at, _)| at).collect()
    };
    let whole = find(&|name| *name == wanted);
    if whole.is_empty() { find(&|name| name.contains(&wanted)) } else { whole }
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
    let _ = writeln!(out, "{name}  {code}  {}", words::face(&judgement.what.face()));
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
    let mut names: Vec<String> = person
        .mentions
        .iter()
        .filter_map(|id| world.facts.mentions.iter().find(|m| m.id == *id))
        .filter_map(seen_as)
        .collect();
    names.sort();
    names.dedup();
    let _ = writeln!(out, "  seen as: {}", names.join("; "));
    for other in &timeline.perhaps {
        let name = other.timeline.name.as_ref().map_or("somebody", |n| n.as_str());
        let terms: Vec<&str> = other.likeness.evidence.iter().map(|e| e.term.as_str()).collect();
        let _ = writeln!(out, "  may be {name} ({:+.1}): {}", other.likeness.weight, terms.join("; "));
    }
}

/// The name and the address somebody was seen under. Of what is not verified nothing is learned; shown like the rest it
/// would seem so.
fn seen_as(m: &Mention) -> Option<String> {
    let name = m.name.as_ref().map(|n| n.as_str().to_owned());
    let address = m.address.as_ref().map(|a| format!("<{}>", a.as_str()));
    let seen = [name, address].into_iter().flatten().collect::<Vec<_>>().join(" ");
    (!seen.is_empty()).then(|| if m.trusted { seen } else { seen + " (not verified)" })
}

#[cfg(test)]
mod tests {
    use super::seen_as;
    use crate::person::{Address, Mention, MentionId, Name, Seen};

    #[test]
    fn what_is_not_verified_is_marked() {
        let mention = |name: &str, trusted| Mention {
            id: MentionId(1),
            seen: Seen::Asked,
            name: Name::new(name),
            address: Address::new("tilda@quist.test").filter(|_| !name.is_empty()),
            profile: None,
            headline: None,
            organisation: None,
            at: jiff::Timestamp::UNIX_EPOCH,
            trusted,
        };
        assert_eq!(seen_as(&mention("Tilda Quist", true)).as_deref(), Some("Tilda Quist <tilda@quist.test>"));
        let unproved = seen_as(&mention("Tilda Quist", false));
        assert_eq!(unproved.as_deref(), Some("Tilda Quist <tilda@quist.test> (not verified)"));
        assert_eq!(seen_as(&mention("", false)), None);
    }
}
