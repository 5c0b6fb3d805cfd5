//! One digest: facts loaded, judged, put beside what was said, and composed. Preview and sending are the same function;
//! only the second writes.
use super::judging::World;
use crate::config::Settings;
use crate::digest::{
    self, AccountHealth, CalendarHealth, Composed, Counts, Health, ItemCode, Judged, Listing, TellingView, What,
};
use crate::etiquette::Choice;
use crate::letter::NetworkId;
use crate::meeting::Kind;
use crate::person::MentionId;
use crate::store::{self, Commit, Store, StoreError};
use crate::timeline::{Telling, Verb};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// A composed digest and the world it was made of.
#[derive(Debug)]
pub struct Preview {
    pub composed: Composed,
    pub world: World,
    pub codes: Vec<(String, ItemCode)>,
}

/// Composes what a digest at `now` says. `from`: since when counts and tellings are told; left out, since the last digest.
pub async fn preview(
    store: &Store,
    settings: &Settings,
    listing: Listing,
    from: Option<Timestamp>,
    commit: Commit,
    now: Timestamp,
) -> Result<Preview, StoreError> {
    let calendars: Vec<String> = settings.calendars.iter().map(|c| c.name.clone()).collect();
    let accounts: Vec<String> = settings.mail.iter().map(|m| m.name.clone()).collect();
    let facts = store.facts(&calendars, &accounts).await?;
    let world = World::at(facts, settings, now);
    let items = store.items(&world.wanted(), commit).await?;
    let last = store.digest_last().await?;
    let last_at = last.as_ref().map(|d| d.composed_at).filter(|at| *at <= now);
    let from = from.or(last_at);
    let judged = world.judged(&items, settings, last_at);
    let tallied = store.tallied(from.unwrap_or(Timestamp::UNIX_EPOCH), now).await?;
    let health = health(store, settings, tallied.get(store::READ).copied().unwrap_or(0), now).await?;
    let unreadable: Vec<(NetworkId, u32)> = tallied
        .iter()
        .filter_map(|(outcome, n)| {
            let network = outcome.strip_prefix("unreadable:")?;
            let network = if network.is_empty() { digest::NO_NETWORK } else { network };
            Some((NetworkId(network.to_owned()), u32::try_from(*n).unwrap_or(u32::MAX)))
        })
        .collect();
    let unnamed = tallied.iter().filter(|(o, _)| o.starts_with("unnamed:")).map(|(_, n)| *n).sum::<u64>();
    let unmet = world.thanked_for_none(from.unwrap_or(Timestamp::UNIX_EPOCH));
    let counts = Counts { unnamed: u32::try_from(unnamed).unwrap_or(u32::MAX), unmet, ..Counts::default() };
    let tellings = tellings(&world, from);
    let policy_changed_at = match store.meta("policy_changed_at").await? {
        Some(at) => at.parse().ok(),
        None => None,
    };
    let repaired = store.meta("repaired").await?.filter(|said| !said.is_empty());
    let owner = settings.owner.addresses.first().map_or("", |a| a.as_str());
    let composed = digest::compose(&digest::Input {
        owner,
        zone: &settings.owner.zone,
        now,
        from,
        items: &judged,
        tellings: &tellings,
        unreadable: &unreadable,
        counts,
        health: &health,
        first_run: last.is_none(),
        policy_changed_at,
        listing,
        settings: &digest::Settings {
            show_missing: settings.digest.show_missing,
            fleeting: settings.path.is_none(),
            note: repaired,
        },
    });
    if commit == Commit::Yes && listing == Listing::News {
        remember_questions(store, &judged, &composed, &settings.owner.zone).await?;
    }
    let codes = items.into_iter().map(|(subject, item)| (subject, item.code)).collect();
    Ok(Preview { composed, world, codes })
}

async fn health(store: &Store, settings: &Settings, messages_read: u64, now: Timestamp) -> Result<Health, StoreError> {
    let sources = store.sources().await?;
    let find = |door: &str, name: &str| sources.iter().find(|s| s.kind.door() == door && s.name == name);
    let stale = |at: Option<Timestamp>| at.is_none_or(|at| now.duration_since(at) > SignedDuration::from_hours(24));
    let accounts = settings.mail.iter().map(|m| {
        let row = find("mail", &m.name);
        AccountHealth {
            name: m.name.clone(),
            last_sync: row.and_then(|r| r.last_ok_at),
            trouble: row.and_then(|r| r.trouble.clone()).or_else(|| row.is_none().then(|| "not read yet".to_owned())),
        }
    });
    let calendars = settings.calendars.iter().map(|c| {
        let row = find("calendar", &c.name);
        let read = row.and_then(|r| r.last_ok_at);
        let trouble = row.and_then(|r| r.trouble.clone());
        // trust.md P15: a calendar older than a day is unknown, never "free".
        let trouble = trouble.or_else(|| stale(read).then(|| "not read for a day or more".to_owned()));
        CalendarHealth { name: c.name.clone(), last_read: read, trouble }
    });
    Ok(Health { messages_read, accounts: accounts.collect(), calendars: calendars.collect() })
}

/// One answer of a printed question, by what lasts: a mention, or what a meeting was. Neither: none of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    pub person: Option<i64>,
    pub kind: Option<Kind>,
    pub day: Option<String>,
}

impl Printed {
    #[must_use]
    pub fn of(choice: &Choice, zone: &TimeZone) -> Printed {
        let day = choice.meeting.as_ref().map(|m| zone.to_datetime(m.starts).date().to_string());
        Printed { person: choice.person.map(|p| p.0), kind: choice.kind, day: day.filter(|_| choice.kind.is_some()) }
    }
}

/// The answers under the numbers that the digest printed; the facts may have moved on since. `None`: never asked.
pub async fn printed(store: &Store, code: &ItemCode) -> Result<Option<Vec<Printed>>, StoreError> {
    Ok(store.meta(&format!("question/{}", code.0)).await?.and_then(|text| serde_json::from_str(&text).ok()))
}

async fn remember_questions(
    store: &Store,
    judged: &[Judged],
    composed: &Composed,
    zone: &TimeZone,
) -> Result<(), StoreError> {
    for asked in &composed.digest.questions {
        let item = judged.iter().find(|j| j.code.0 == asked.item).map(|j| &j.what);
        let Some(What::Request { verdict, .. }) = item else { continue };
        let Some(question) = &verdict.question else { continue };
        let answers: Vec<Printed> = question.choices.iter().map(|c| Printed::of(c, zone)).collect();
        let text = serde_json::to_string(&answers).unwrap_or_default();
        store.set_meta(&format!("question/{}", asked.item), &text).await?;
    }
    Ok(())
}

/// The owner's words since then, each once though it may stand in several rows; those taken back come last.
fn tellings(world: &World, from: Option<Timestamp>) -> Vec<TellingView> {
    let Some(from) = from else { return Vec::new() };
    let mut told: Vec<&Telling> = world.facts.tellings.iter().filter(|t| t.at > from && t.at <= world.now).collect();
    told.dedup_by(|b, a| one_act(a, b));
    told.sort_by_key(|t| t.undone);
    told.into_iter().map(|t| telling(world, t)).collect()
}

/// "This one, and none of the others" is one word (store/tellings.rs).
fn one_act(a: &Telling, b: &Telling) -> bool {
    let identity = |t: &Telling| matches!(t.verb, Verb::SameAs | Verb::NotSame);
    identity(a)
        && identity(b)
        && (a.at, a.about, &a.item, &a.argument, a.undone) == (b.at, b.about, &b.item, &b.argument, b.undone)
}

fn telling(world: &World, t: &Telling) -> TellingView {
    let about = [t.item.clone(), t.about.and_then(|id| named(world, id))];
    let with = t.other.and_then(|id| named(world, id));
    TellingView {
        id: t.id,
        at: t.at,
        verb: t.verb,
        about: about.into_iter().flatten().collect::<Vec<_>>().join(" "),
        argument: match t.verb {
            Verb::SameAs => with,
            // An answer's words say whom it left: "3 = none of these".
            Verb::NotSame => t.argument.clone().filter(|a| a.contains(" = ")).or(with),
            Verb::Met | Verb::Hired | Verb::Known | Verb::Noted | Verb::Ignore | Verb::DidNotMeet => t.argument.clone(),
        },
        item: t.item.clone().map(ItemCode),
        undone: t.undone,
    }
}

/// A mention's name, else its address.
fn named(world: &World, id: MentionId) -> Option<String> {
    let at = world.facts.mentions.binary_search_by_key(&id, |m| m.id).ok()?;
    let m = world.facts.mentions.get(at)?;
    let address = || m.address.as_ref().map(|a| a.as_str().to_owned());
    m.name.as_ref().map(|n| n.as_str().to_owned()).or_else(address)
}
