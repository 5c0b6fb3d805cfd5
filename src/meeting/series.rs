//! Entries into occurrences: one UID is one series, however many components speak of it.
//!
//! A series is a rule, its extra and excepted dates, and the components that replace one instance or all from one on.
//! They come in any order, in several versions, and an exception is written as an instant by one program and as a
//! date by the next. The newest occurrences are kept when there are too many, in the series and in the feed.
use super::day;
use super::entry::{Entry, Lasts, When};
use super::expand::{self, Bounds};
use super::ics::{Details, Feed, MOST_PER_FEED, MOST_PER_UID, Occurrence, Window};
use super::rule::Rule;
use super::value::Stamp;
use super::zone::{Zone, moment};
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

/// Steps of expansion for one UID.
const FUEL_PER_UID: u64 = 1_500_000;

/// Expands all entries into `feed`.
pub(super) fn unfold(entries: Vec<Entry>, window: &Window, fuel: &mut u64, feed: &mut Feed) {
    feed.span = span(&entries);
    let mut window = *window;
    let mut kept: Vec<Occurrence> = Vec::new();
    for group in groups(entries) {
        let series = Series::of(group);
        let before = (*fuel).min(FUEL_PER_UID);
        let mut own = before;
        let capped = series.occurrences(&window, &mut own, &mut kept);
        *fuel = fuel.saturating_sub(before - own);
        if capped {
            feed.capped.push(series.uid);
        }
        for zone in series.unknown_zones {
            if !feed.unknown_zones.contains(&zone) && feed.unknown_zones.len() < 50 {
                feed.unknown_zones.push(zone);
            }
        }
        if kept.len() > 2 * MOST_PER_FEED {
            feed.cut_to_newest = true;
            // What begins before the oldest one kept is not wanted from the rest either.
            window.from = keep_newest(&mut kept).unwrap_or(window.from).max(window.from);
        }
    }
    if kept.len() > MOST_PER_FEED {
        feed.cut_to_newest = true;
        keep_newest(&mut kept);
    }
    kept.sort_by(|a, b| (a.starts, &a.uid, a.recurrence).cmp(&(b.starts, &b.uid, b.recurrence)));
    feed.occurrences = kept;
}

fn keep_newest(kept: &mut Vec<Occurrence>) -> Option<Timestamp> {
    kept.sort_by_key(|o| std::cmp::Reverse(o.starts));
    kept.truncate(MOST_PER_FEED);
    kept.last().map(|oldest| oldest.starts)
}

fn span(entries: &[Entry]) -> Option<(Timestamp, Timestamp)> {
    let starts = |entry: &Entry| entry.starts.instant();
    let ends = |entry: &Entry| entry.starts.instant()?.checked_add(entry.lasts.roughly()).ok();
    Some((entries.iter().filter_map(starts).min()?, entries.iter().filter_map(ends).max()?))
}

/// By UID, in order of first appearance.
fn groups(entries: Vec<Entry>) -> Vec<Vec<Entry>> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut groups: Vec<Vec<Entry>> = Vec::new();
    for entry in entries {
        let next = groups.len();
        let at = *places.entry(entry.uid.clone()).or_insert(next);
        match groups.get_mut(at) {
            Some(group) => group.push(entry),
            None => groups.push(vec![entry]),
        }
    }
    groups
}

/// All that is said under one UID, the stale versions gone.
struct Series {
    uid: String,
    masters: Vec<Entry>,
    overrides: Vec<Entry>,
    unknown_zones: Vec<String>,
    replaced: Moments,
}

/// Instants and whole dates: what RECURRENCE-ID and EXDATE point at.
#[derive(Default)]
struct Moments {
    instants: HashSet<Timestamp>,
    dates: HashSet<Date>,
}

impl Moments {
    fn add(&mut self, when: &When) {
        self.instants.extend(when.instant());
        self.dates.extend(when.date());
    }
    /// `civil` is the local time of the series at `instant`.
    fn hold(&self, instant: Timestamp, civil: DateTime) -> bool {
        self.instants.contains(&instant) || (!self.dates.is_empty() && self.dates.contains(&civil.date()))
    }
}

impl Series {
    fn of(group: Vec<Entry>) -> Series {
        let uid = group.first().map(|entry| entry.uid.clone()).unwrap_or_default();
        let mut unknown_zones: Vec<String> =
            group.iter().filter_map(|entry| entry.starts.place.unknown.clone()).collect();
        unknown_zones.dedup();
        let (overrides, masters): (Vec<Entry>, Vec<Entry>) = group.into_iter().partition(|e| e.replaces.is_some());
        let overrides = newest_versions(overrides, |entry| entry.replaces.as_ref().and_then(When::instant));
        // Several plain entries under one UID are several meetings (programs that do not know better),
        // unless SEQUENCE says that one is the later version of the other.
        let latest = masters.iter().map(|entry| entry.sequence).max();
        let current = masters.into_iter().filter(|entry| Some(entry.sequence) == latest).collect();
        let masters = newest_versions(current, |entry| entry.starts.instant());
        let mut replaced = Moments::default();
        for entry in &overrides {
            entry.replaces.iter().for_each(|when| replaced.add(when));
        }
        Series { uid, masters, overrides, unknown_zones, replaced }
    }

    /// Adds the newest occurrences in the window to `kept`; true if there were more.
    fn occurrences(&self, window: &Window, fuel: &mut u64, kept: &mut Vec<Occurrence>) -> bool {
        let mut own: Vec<Occurrence> = Vec::new();
        let mut capped = false;
        for master in &self.masters {
            capped |= self.of_master(master, window, fuel, &mut own);
        }
        let alone = self.masters.is_empty();
        for entry in &self.overrides {
            let original = entry.replaces.as_ref().and_then(When::instant);
            own.extend(single(entry, original, !alone || entry.replaces.is_some(), window));
        }
        own.sort_by_key(|o| std::cmp::Reverse(o.starts));
        capped |= own.len() > MOST_PER_UID;
        own.truncate(MOST_PER_UID);
        kept.append(&mut own);
        capped
    }

    /// RANGE=THISANDFUTURE moves instances: what lies outside the window may be moved into it.
    fn widened(&self, window: &Window) -> Window {
        let moved = |e: &Entry| Some(e.replaces.as_ref()?.instant()?.duration_until(e.starts.instant()?).abs());
        let most = self.overrides.iter().filter(|e| e.this_and_future).filter_map(moved).max().unwrap_or_default();
        Window {
            from: window.from.checked_sub(most).unwrap_or(Timestamp::MIN),
            to: window.to.checked_add(most).unwrap_or(Timestamp::MAX),
        }
    }

    fn of_master(&self, master: &Entry, window: &Window, fuel: &mut u64, own: &mut Vec<Occurrence>) -> bool {
        if master.rules.is_empty() && master.dates.is_empty() {
            own.extend(single(master, None, false, window));
            return false;
        }
        let (instances, capped) = instances(master, &self.widened(window), &self.replaced, fuel);
        for (instant, (civil, lasts)) in instances.into_iter().rev() {
            let shift = self.overrides.iter().rev().find(|entry| entry.this_and_future && starts_from(entry, instant));
            let occurrence = match shift {
                Some(entry) => shifted(master, entry, instant, civil),
                None => occurrence(master, &master.details, instant, (instant, civil), lasts),
            };
            own.extend(occurrence.filter(|o| inside(o, window)));
        }
        capped
    }
}

fn starts_from(entry: &Entry, instant: Timestamp) -> bool {
    entry.replaces.as_ref().and_then(When::instant).is_some_and(|from| from <= instant)
}

/// Of entries that speak of the same thing only the highest SEQUENCE, then the freshest; in order of what they speak of.
fn newest_versions(entries: Vec<Entry>, key: impl Fn(&Entry) -> Option<Timestamp>) -> Vec<Entry> {
    let mut newest: BTreeMap<Option<Timestamp>, Entry> = BTreeMap::new();
    for entry in entries {
        let at = key(&entry);
        let age = |entry: &Entry| (entry.sequence, entry.details.changed);
        if newest.get(&at).is_none_or(|there| age(there) <= age(&entry)) {
            newest.insert(at, entry);
        }
    }
    newest.into_values().collect()
}

type Instances = BTreeMap<Timestamp, (DateTime, Lasts)>;

/// Instances of a recurring entry that may touch the window, without those that are excepted or replaced.
fn instances(master: &Entry, window: &Window, replaced: &Moments, fuel: &mut u64) -> (Instances, bool) {
    let mut except = Moments::default();
    master.except.iter().for_each(|when| except.add(when));
    let zone = &master.starts.place.zone;
    let mut capped = false;
    let mut all = Instances::new();
    let spare = except.instants.len() + replaced.instants.len();
    let bounds = Bounds {
        from: moment(zone.civil(window.from)) - master.lasts.roughly().as_secs() - 7200,
        to: moment(zone.civil(window.to)),
        most: MOST_PER_UID + 1 + spare,
    };
    for rule in &master.rules {
        let found = of_rule(rule, master, bounds, fuel);
        capped |= found.capped;
        all.extend(found.instances.iter().filter_map(|at| placed(*at, zone)).map(|(t, c)| (t, (c, master.lasts))));
    }
    for (when, lasts) in &master.dates {
        let civil = |t: Timestamp| if when.all_day { when.civil } else { zone.civil(t) };
        all.extend(when.instant().map(|t| (t, (civil(t), lasts.unwrap_or(master.lasts)))));
    }
    if master.rules.is_empty() {
        all.extend(master.starts.instant().map(|t| (t, (master.starts.civil, master.lasts))));
    }
    for rule in &master.except_rules {
        let found = of_rule(rule, master, bounds, fuel);
        except.instants.extend(found.instances.iter().filter_map(|at| placed(*at, zone)).map(|(t, _)| t));
    }
    all.retain(|instant, (civil, _)| !except.hold(*instant, *civil) && !replaced.hold(*instant, *civil));
    (all, capped)
}

fn of_rule(rule: &Rule, master: &Entry, bounds: Bounds, fuel: &mut u64) -> expand::Found {
    let zone = &master.starts.place.zone;
    let until = rule.until.map(|until| match until {
        Stamp::Date(date) => day::of_date(date) * 86_400 + 86_399,
        Stamp::Local(at) => moment(at),
        // A whole day ends with its date; what the clock says in Greenwich is a program's slip.
        Stamp::Utc(at) if master.starts.all_day => moment(at),
        Stamp::Utc(at) => jiff::tz::TimeZone::UTC.to_timestamp(at).map_or(moment(at), |t| moment(zone.civil(t))),
    });
    expand::expand(rule, moment(master.starts.civil), until, bounds, fuel)
}

fn placed(at: expand::Moment, zone: &Zone) -> Option<(Timestamp, DateTime)> {
    let civil = day::to_datetime(at.div_euclid(86_400), at.rem_euclid(86_400))?;
    Some((zone.instant(civil)?, civil))
}

/// An entry that stands for one occurrence.
fn single(entry: &Entry, original: Option<Timestamp>, recurring: bool, window: &Window) -> Option<Occurrence> {
    let starts = entry.starts.instant()?;
    let whole =
        occurrence(entry, &entry.details, original.unwrap_or(starts), (starts, entry.starts.civil), entry.lasts)?;
    Some(Occurrence { recurring, ..whole }).filter(|o| inside(o, window))
}

/// RANGE=THISANDFUTURE: the instance moves by as much as the one that was changed (RFC 5545 §3.8.4.4).
fn shifted(master: &Entry, entry: &Entry, instant: Timestamp, civil: DateTime) -> Option<Occurrence> {
    let replaces = entry.replaces.as_ref()?;
    let moved = moment(entry.starts.civil) - moment(entry.starts.place.zone.civil(replaces.instant()?));
    let civil = day::to_datetime(0, moment(civil).checked_add(moved)?)?;
    let starts = master.starts.place.zone.instant(civil)?;
    occurrence(master, &entry.details, instant, (starts, civil), entry.lasts)
}

fn occurrence(
    entry: &Entry,
    details: &Arc<Details>,
    original: Timestamp,
    (starts, civil): (Timestamp, DateTime),
    lasts: Lasts,
) -> Option<Occurrence> {
    let ends = match lasts {
        Lasts::Elapsed(time) => starts.checked_add(time).ok()?,
        Lasts::Nominal(length) => {
            let day = day::to_datetime(length.days, moment(civil))?;
            entry.starts.place.zone.instant(day)?.checked_add(SignedDuration::from_secs(length.seconds)).ok()?
        }
    };
    Some(Occurrence {
        uid: entry.uid.clone(),
        recurrence: original.as_second(),
        sequence: entry.sequence,
        starts,
        ends,
        zone: entry.starts.place.name.clone(),
        unknown_zone: entry.starts.place.unknown.clone(),
        recurring: true,
        details: Arc::clone(details),
    })
}

fn inside(occurrence: &Occurrence, window: &Window) -> bool {
    occurrence.starts < window.to && (occurrence.ends > window.from || occurrence.starts >= window.from)
}
