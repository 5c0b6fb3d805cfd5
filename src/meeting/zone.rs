//! TZID into a zone that knows its offsets.
//!
//! A TZID is a name nobody guards: IANA's, Windows', a city list, `/vendor.test/2007/Europe/Berlin`, "Customized Time
//! Zone". Names the world knows win, because the VTIMEZONE beside them is often a stump of one year; where the name
//! says nothing, the VTIMEZONE's own offsets count; where there is none, the time is taken as floating and *marked*,
//! never as UTC. This is the only file that knows calcard, whose table holds the other programs' names.
use super::day;
use super::expand::{self, Bounds, Moment};
use super::lines::{Block, Property, ZoneBlock, list};
use super::rule::Rule;
use super::value::{stamp, utc_offset};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use std::collections::HashMap;
use std::str::FromStr;
use std::sync::Arc;

/// Where a time is meant.
#[derive(Debug, Clone)]
pub(super) enum Zone {
    Known(TimeZone),
    /// Only a VTIMEZONE says what it is.
    Observed(Arc<Observed>),
}

/// A zone and what may be said of it.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub zone: Zone,
    /// IANA name, if it could be told.
    pub name: Option<String>,
    /// The TZID, if nothing at all is known of it: then `zone` is the owner's.
    pub unknown: Option<String>,
}

impl Zone {
    /// The instant of a civil time. Gaps and folds as RFC 5545 §3.3.5 wants them, which is jiff's "compatible".
    pub(super) fn instant(&self, at: DateTime) -> Option<Timestamp> {
        match self {
            Self::Known(zone) => zone.to_ambiguous_timestamp(at).compatible().ok(),
            Self::Observed(observed) => {
                let local = moment(at);
                Timestamp::from_second(local - observed.offset_of_local(local)).ok()
            }
        }
    }

    /// The civil time of an instant.
    pub(super) fn civil(&self, at: Timestamp) -> DateTime {
        match self {
            Self::Known(zone) => zone.to_datetime(at),
            Self::Observed(observed) => {
                let second = at.as_second().saturating_add(observed.offset_at(at.as_second()));
                day::to_datetime(second.div_euclid(86_400), second.rem_euclid(86_400)).unwrap_or_default()
            }
        }
    }
}

/// Seconds of the civil calendar.
pub(super) fn moment(at: DateTime) -> Moment {
    let (day, second) = day::of_datetime(at);
    day * 86_400 + second
}

/// A VTIMEZONE's changes of offset, in order.
#[derive(Debug, Default)]
pub(super) struct Observed {
    /// Offset before the first change.
    first: i64,
    changes: Vec<Change>,
}

#[derive(Debug, Clone, Copy)]
struct Change {
    /// In the local time that ends with it.
    local: Moment,
    from: i64,
    to: i64,
}

/// Changes of one observance that are looked at: twice a year since the Great War, and more.
const MOST_CHANGES: usize = 300;

impl Observed {
    fn read(block: &ZoneBlock, latest: Moment, fuel: &mut u64) -> Option<Observed> {
        let mut changes: Vec<Change> = Vec::new();
        for observance in block.observances.iter().take(50) {
            changes.extend(changes_of(observance, latest, fuel).unwrap_or_default());
        }
        changes.sort_by_key(|change| change.local - change.from);
        let first = changes.first()?.from;
        Some(Observed { first, changes })
    }

    fn offset_of_local(&self, local: Moment) -> i64 {
        // In a gap the offset before it counts, in a fold the first pass: both mean that a forward change is
        // reached only at its new local time, a backward one at its old.
        let reached = |change: &Change| change.local + (change.to - change.from).max(0) <= local;
        self.changes.iter().rev().find(|change| reached(change)).map_or(self.first, |change| change.to)
    }

    fn offset_at(&self, second: i64) -> i64 {
        let reached = |change: &Change| change.local - change.from <= second;
        self.changes.iter().rev().find(|change| reached(change)).map_or(self.first, |change| change.to)
    }
}

fn changes_of(observance: &Block, latest: Moment, fuel: &mut u64) -> Option<Vec<Change>> {
    let find = |name: &str| observance.properties.iter().find(|p| p.name == name);
    let from = utc_offset(&find("TZOFFSETFROM").or_else(|| find("TZOFFSETTO"))?.value)?;
    let to = utc_offset(&find("TZOFFSETTO")?.value)?;
    let start = moment(stamp(&find("DTSTART")?.value)?.civil());
    let mut onsets = vec![start];
    let rule = find("RRULE").and_then(|p| Rule::parse(&p.value).ok());
    if let Some(rule) = rule {
        // UNTIL of an observance is UTC (RFC 5545 §3.6.5).
        let until = rule.until.map(|until| moment(until.civil()) + from);
        let bounds = Bounds { from: start, to: latest, most: MOST_CHANGES };
        onsets.extend(expand::expand(&rule, start, until, bounds, fuel).instances);
    }
    let dates = observance.properties.iter().filter(|p| p.name == "RDATE").flat_map(|p| list(&p.value));
    onsets.extend(dates.take(MOST_CHANGES).filter_map(stamp).map(|at| moment(at.civil())));
    Some(onsets.into_iter().map(|local| Change { local, from, to }).collect())
}

/// The zones of one feed, each worked out when first asked for.
pub(super) struct Zones<'a> {
    blocks: &'a [ZoneBlock],
    floating: TimeZone,
    latest: Moment,
    known: HashMap<String, Place>,
}

/// Most different TZIDs of a feed; more are taken as unknown.
const MOST_ZONES: usize = 500;

impl<'a> Zones<'a> {
    /// `latest`: end of the window, beyond which no change of offset matters.
    pub(super) fn new(blocks: &'a [ZoneBlock], floating: &TimeZone, latest: Moment) -> Self {
        Zones { blocks, floating: floating.clone(), latest, known: HashMap::new() }
    }

    pub(super) fn floating(&self) -> Place {
        let name = self.floating.iana_name().map(str::to_owned);
        Place { zone: Zone::Known(self.floating.clone()), name, unknown: None }
    }

    pub(super) fn utc() -> Place {
        Place { zone: Zone::Known(TimeZone::UTC), name: Some("UTC".to_owned()), unknown: None }
    }

    pub(super) fn resolve(&mut self, tzid: &str, fuel: &mut u64) -> Place {
        if let Some(place) = self.known.get(tzid) {
            return place.clone();
        }
        let place = self.look_up(tzid, fuel);
        if self.known.len() < MOST_ZONES {
            self.known.insert(tzid.to_owned(), place.clone());
        }
        place
    }

    fn look_up(&self, tzid: &str, fuel: &mut u64) -> Place {
        if let Some(place) = by_name(tzid) {
            return place;
        }
        let is_it =
            |zone: &&ZoneBlock| property(&zone.properties, "TZID").is_some_and(|p| p.text().trim() == tzid.trim());
        let block = self.blocks.iter().find(is_it);
        let elsewhere = block.and_then(|zone| property(&zone.properties, "X-LIC-LOCATION"));
        if let Some(place) = elsewhere.and_then(|p| by_name(&p.text())) {
            return place;
        }
        match block.and_then(|zone| Observed::read(zone, self.latest, fuel)) {
            Some(observed) => Place { zone: Zone::Observed(Arc::new(observed)), name: None, unknown: None },
            None => Place { unknown: Some(tzid.to_owned()), ..self.floating() },
        }
    }
}

fn property<'p>(properties: &'p [Property], name: &str) -> Option<&'p Property> {
    properties.iter().find(|p| p.name == name)
}

/// A name the world knows: IANA's, the tail of a vendor's path, Windows', `UTC+2`.
fn by_name(tzid: &str) -> Option<Place> {
    let tzid = tzid.trim().trim_matches('"');
    if tzid.is_empty() || tzid.len() > 200 {
        return None;
    }
    let named = |name: &str| {
        let zone = TimeZone::get(name).ok()?;
        let name = zone.iana_name().map(str::to_owned);
        Some(Place { zone: Zone::Known(zone), name, unknown: None })
    };
    let tail = || {
        let cuts = tzid.match_indices('/').filter_map(|(at, _)| tzid.get(at + 1..));
        cuts.filter(|tail| tail.contains('/')).find_map(named)
    };
    let other = || calcard::common::timezone::Tz::from_str(tzid).ok()?.name().and_then(|name| named(&name));
    named(tzid).or_else(tail).or_else(other).or_else(|| by_offset(tzid)).or_else(|| by_cities(tzid))
}

/// "Amsterdam, Belgrade, Berlin": the first city that is the name of a zone.
fn by_cities(tzid: &str) -> Option<Place> {
    const CONTINENTS: [&str; 7] = ["Europe", "America", "Asia", "Australia", "Africa", "Pacific", "Atlantic"];
    let cities = tzid.contains(',').then(|| tzid.split(',').take(10)).into_iter().flatten();
    cities.map(|city| city.trim().replace(' ', "_")).find_map(|city| {
        let zone = CONTINENTS.iter().find_map(|continent| TimeZone::get(&format!("{continent}/{city}")).ok())?;
        let name = zone.iana_name().map(str::to_owned);
        Some(Place { zone: Zone::Known(zone), name, unknown: None })
    })
}

/// `UTC+2`, `GMT-03:00`, `UTC`
fn by_offset(tzid: &str) -> Option<Place> {
    let upper = tzid.to_ascii_uppercase();
    let rest = upper.strip_prefix("UTC").or_else(|| upper.strip_prefix("GMT"))?.trim();
    let (sign, digits) = match (rest.strip_prefix('+'), rest.strip_prefix('-')) {
        (Some(digits), _) => (1, digits),
        (_, Some(digits)) => (-1, digits),
        (None, None) => return None,
    };
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
    let seconds =
        hours.parse::<i32>().ok().filter(|h| *h <= 14)? * 3600 + minutes.parse::<i32>().ok().filter(|m| *m < 60)? * 60;
    let zone = TimeZone::fixed(jiff::tz::Offset::from_seconds(sign * seconds).ok()?);
    Some(Place { zone: Zone::Known(zone), name: None, unknown: None })
}

#[cfg(test)]
mod tests {
    use super::super::lines::blocks;
    use super::*;
    use jiff::civil::datetime;

    fn place(tzid: &str, feed: &str) -> Place {
        let blocks = blocks(feed.as_bytes());
        let floating = TimeZone::get("Asia/Tokyo").unwrap();
        let latest = moment(datetime(2030, 1, 1, 0, 0, 0, 0));
        Zones::new(&blocks.zones, &floating, latest).resolve(tzid, &mut 1_000_000)
    }

    #[track_caller]
    fn named(tzid: &str, iana: &str) {
        assert_eq!(place(tzid, "").name.as_deref(), Some(iana), "{tzid}");
    }

    #[test]
    fn names_the_world_knows() {
        named("Europe/Berlin", "Europe/Berlin");
        named("europe/berlin", "Europe/Berlin");
        named("/vendor.test/20070129_1/Europe/Berlin", "Europe/Berlin");
        named("/vendor.test/Tzfile/America/Argentina/Salta", "America/Argentina/Salta");
        named("W. Europe Standard Time", "Europe/Berlin");
        named("Pacific Standard Time", "America/Los_Angeles");
        named("\"Tokyo Standard Time\"", "Asia/Tokyo");
        named("Belgrade, Bratislava, Budapest", "Europe/Belgrade");
    }

    #[test]
    fn an_unknown_name_is_floating_and_marked_never_utc() {
        let nowhere = place("Middle/Earth", "");
        assert_eq!(nowhere.unknown.as_deref(), Some("Middle/Earth"));
        let noon = datetime(2026, 1, 1, 12, 0, 0, 0);
        assert_eq!(nowhere.zone.instant(noon).unwrap().to_string(), "2026-01-01T03:00:00Z");
    }

    const OWN: &str = "BEGIN:VCALENDAR\nBEGIN:VTIMEZONE\nTZID:Our House\n\
        BEGIN:STANDARD\nDTSTART:19701025T030000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\n\
        BEGIN:DAYLIGHT\nDTSTART:19700329T020000\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\n\
        END:VTIMEZONE\nEND:VCALENDAR\n";

    #[test]
    fn a_vtimezone_of_its_own_agrees_with_the_zone_it_describes_at_every_hour_of_a_year() {
        let own = place("Our House", OWN);
        assert_eq!((own.name, own.unknown), (None, None));
        let berlin = place("Europe/Berlin", "").zone;
        let mut at = datetime(2026, 1, 1, 0, 30, 0, 0);
        while at < datetime(2027, 1, 1, 0, 0, 0, 0) {
            let instant = own.zone.instant(at).unwrap();
            assert_eq!(instant, berlin.instant(at).unwrap(), "{at}");
            assert_eq!(own.zone.civil(instant), berlin.civil(instant), "{at}");
            at = at.saturating_add(jiff::SignedDuration::from_mins(30));
        }
    }

    #[test]
    fn offsets_in_the_name() {
        let noon = datetime(2026, 1, 1, 12, 0, 0, 0);
        let at = |tzid: &str| place(tzid, "").zone.instant(noon).unwrap().to_string();
        assert_eq!(at("UTC+11"), "2026-01-01T01:00:00Z");
        assert_eq!(at("GMT-03:30"), "2026-01-01T15:30:00Z");
    }
}
