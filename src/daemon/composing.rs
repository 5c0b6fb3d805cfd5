//! One digest: facts loaded, judged, put beside what was said, and composed. Preview and sending are the same function;
//! only the second writes.
use super::judging::World;
use crate::config::Settings;
use crate::digest::{self, AccountHealth, CalendarHealth, Composed, Counts, Health, ItemCode, Listing, TellingView};
use crate::letter::NetworkId;
use crate::store::{self, Commit, Store, StoreError};
use crate::timeline::Verb;
use jiff::{SignedDuration, Timestamp};

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
    let last_at = last.as_ref().map(|d| d.composed_at);
    let from = from.or(last_at);
    let judged = world.judged(&items, settings, last_at);
    let tallied = store.tallied(from.unwrap_or(Timestamp::UNIX_EPOCH), now).await?;
    let health = health(store, settings, tallied.get(store::READ).copied().unwrap_or(0), now).await?;
    let unreadable: Vec<(NetworkId, u32)> = tallied
        .iter()
        .filter_map(|(outcome, n)| {
            let network = outcome.strip_prefix("unreadable:")?;
            let network = if network.is_empty() { "mail" } else { network };
            Some((NetworkId(network.to_owned()), u32::try_from(*n).unwrap_or(u32::MAX)))
        })
        .collect();
    let unnamed = tallied.iter().filter(|(o, _)| o.starts_with("unnamed:")).map(|(_, n)| *n).sum::<u64>();
    let counts = Counts { unnamed: u32::try_from(unnamed).unwrap_or(u32::MAX), ..Counts::default() };
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
        settings: &digest::Settings { show_missing: settings.digest.show_missing, note: repaired },
    });
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

fn tellings(world: &World, from: Option<Timestamp>) -> Vec<TellingView> {
    let Some(from) = from else { return Vec::new() };
    world
        .facts
        .tellings
        .iter()
        .filter(|t| t.at > from && t.at <= world.now)
        .map(|t| {
            let name = t.about.and_then(|id| {
                let at = world.facts.mentions.binary_search_by_key(&id, |m| m.id).ok()?;
                let m = world.facts.mentions.get(at)?;
                m.name
                    .as_ref()
                    .map(|n| n.as_str().to_owned())
                    .or_else(|| m.address.as_ref().map(|a| a.as_str().to_owned()))
            });
            let about = [t.item.clone(), name].into_iter().flatten().collect::<Vec<_>>().join(" ");
            TellingView {
                id: t.id,
                at: t.at,
                verb: t.verb,
                about,
                argument: t.argument.clone().filter(|_| !matches!(t.verb, Verb::SameAs | Verb::NotSame)),
                item: t.item.clone().map(ItemCode),
                undone: t.undone,
            }
        })
        .collect()
}
