//! One VEVENT's lines into one checked entry.
//!
//! What decides anything is typed here, once; what cannot be read is refused with the line and the reason, and costs
//! this entry alone. Times keep their zone and their civil time until the series is expanded: a weekly meeting at nine
//! is at nine on both sides of a change of clocks.
use super::Response;
use super::ics::{Details, Party, Refusal};
use super::lines::{Block, Property, cut, list};
use super::rule::Rule;
use super::value::{Length, Stamp, length, stamp};
use super::zone::{Place, Zones};
use crate::person::{Address, Name};
use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;

/// A start, an exception, a recurrence id: civil time and place.
#[derive(Debug, Clone)]
pub(super) struct When {
    pub civil: DateTime,
    pub all_day: bool,
    pub place: Place,
}

impl When {
    pub(super) fn instant(&self) -> Option<Timestamp> {
        self.place.zone.instant(self.civil)
    }
    /// The date, if only a date was written.
    pub(super) fn date(&self) -> Option<Date> {
        self.all_day.then(|| self.civil.date())
    }
}

/// How long it lasts: DTEND gives elapsed time, whole days and DURATION follow the calendar (RFC 5545 §3.8.5.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lasts {
    Elapsed(SignedDuration),
    Nominal(Length),
}

impl Lasts {
    pub(super) fn roughly(self) -> SignedDuration {
        match self {
            Self::Elapsed(time) => time,
            Self::Nominal(length) => length.roughly(),
        }
    }
}

#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub uid: String,
    pub starts: When,
    pub lasts: Lasts,
    pub rules: Vec<Rule>,
    /// EXRULE, from before RFC 5545.
    pub except_rules: Vec<Rule>,
    pub dates: Vec<(When, Option<Lasts>)>,
    pub except: Vec<When>,
    pub replaces: Option<When>,
    pub this_and_future: bool,
    pub sequence: i64,
    pub details: Arc<Details>,
}

/// Most dates of RDATE or EXDATE that are read; twenty years of working days.
const MOST_DATES: usize = 5_000;
/// Most attendees that are kept; all are counted.
const MOST_PARTIES: usize = 300;

/// Reads an event. Beside the entry there may be a refusal of a part of it (a rule that means nothing).
pub(super) fn read(
    block: &Block,
    zones: &mut Zones<'_>,
    fuel: &mut u64,
    refused: &mut Vec<Refusal>,
) -> Result<Entry, Refusal> {
    let mut lines = Lines { block, zones, fuel };
    let replaces = lines.when_of("RECURRENCE-ID").ok().flatten();
    let starts = match (lines.when_of("DTSTART")?, &replaces, block.method.as_str()) {
        (Some(starts), ..) => starts,
        // A cancellation need not repeat the time (RFC 5546 §3.2.5).
        (None, Some(replaces), "CANCEL") => replaces.clone(),
        (None, ..) => return Err(refusal(block.number, "no DTSTART")),
    };
    let lasts = lines.lasts(&starts, refused);
    let mut entry = Entry {
        uid: lines.uid(&starts),
        rules: lines.rules("RRULE", refused),
        except_rules: lines.rules("EXRULE", refused),
        dates: lines.dates("RDATE", &starts),
        except: lines.dates("EXDATE", &starts).into_iter().map(|(when, _)| when).collect(),
        this_and_future: lines.property("RECURRENCE-ID").and_then(|p| p.param("RANGE")) == Some("THISANDFUTURE"),
        sequence: lines.property("SEQUENCE").and_then(|p| p.value.trim().parse().ok()).unwrap_or(0),
        details: Arc::new(lines.details(starts.all_day)),
        starts,
        lasts,
        replaces,
    };
    if entry.starts.all_day {
        for rule in entry.rules.iter_mut().chain(&mut entry.except_rules) {
            // RFC 5545 §3.3.10: they MUST be ignored where DTSTART is a date.
            (rule.by_hour, rule.by_minute, rule.by_second) = (Vec::new(), Vec::new(), Vec::new());
        }
    }
    Ok(entry)
}

/// The event that a METHOD:CANCEL calls off as a whole; `None` if it is none, or calls off one occurrence.
pub(super) fn called_off(block: &Block) -> Option<(String, i64)> {
    let find = |name: &str| block.properties.iter().find(|p| p.name == name);
    if block.method != "CANCEL" || find("RECURRENCE-ID").is_some() {
        return None;
    }
    let sequence = find("SEQUENCE").and_then(|p| p.value.trim().parse().ok()).unwrap_or(0);
    Some((cut(find("UID")?.text().trim(), 500).to_owned(), sequence))
}

fn refusal(line: usize, why: &str) -> Refusal {
    Refusal { component: "VEVENT".to_owned(), line, why: why.to_owned() }
}

struct Lines<'a, 'z> {
    block: &'a Block,
    zones: &'a mut Zones<'z>,
    fuel: &'a mut u64,
}

impl Lines<'_, '_> {
    fn property(&self, name: &str) -> Option<&Property> {
        self.block.properties.iter().find(|p| p.name == name)
    }

    fn all(&self, name: &str) -> impl Iterator<Item = &Property> {
        self.block.properties.iter().filter(move |p| p.name == name)
    }

    fn text(&self, name: &str) -> Option<String> {
        self.property(name).map(|p| p.text().trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn word(&self, name: &str) -> String {
        self.property(name).map(|p| cut(p.value.trim(), 100).to_ascii_uppercase()).unwrap_or_default()
    }

    fn uid(&self, starts: &When) -> String {
        // Without a UID, what and when stand in for it, so that the same file read again gives the same meeting.
        let own = || format!("{}/{}", starts.civil, self.text("SUMMARY").unwrap_or_default());
        cut(&self.text("UID").unwrap_or_else(own), 500).to_owned()
    }

    fn when_of(&mut self, name: &str) -> Result<Option<When>, Refusal> {
        let block = self.block;
        let Some(property) = block.properties.iter().find(|p| p.name == name) else { return Ok(None) };
        let unreadable = || refusal(property.number, &format!("{name} is no date or time"));
        let stamp = stamp(&property.value).ok_or_else(unreadable)?;
        if !(1..=9999).contains(&stamp.civil().year()) {
            return Err(unreadable());
        }
        Ok(Some(self.when(stamp, property.param("TZID"))))
    }

    fn when(&mut self, stamp: Stamp, tzid: Option<&str>) -> When {
        let place = match (stamp, tzid) {
            (Stamp::Date(_), _) | (Stamp::Local(_), None) => self.zones.floating(),
            (Stamp::Utc(_), _) => Zones::utc(),
            (Stamp::Local(_), Some(tzid)) => self.zones.resolve(tzid, self.fuel),
        };
        When { civil: stamp.civil(), all_day: matches!(stamp, Stamp::Date(_)), place }
    }

    /// An end that cannot be read costs the end, not the event.
    fn lasts(&mut self, starts: &When, refused: &mut Vec<Refusal>) -> Lasts {
        match self.when_of("DTEND") {
            Ok(Some(ends)) => return between(starts, &ends),
            Ok(None) => {}
            Err(refusal) => refused.push(Refusal { why: format!("{}; read without it", refusal.why), ..refusal }),
        }
        let length = self.property("DURATION").and_then(|p| length(&p.value)).filter(|l| l.roughly().is_positive());
        let a_day = Length { days: 1, seconds: 0 };
        Lasts::Nominal(length.unwrap_or(if starts.all_day { a_day } else { Length::default() }))
    }

    fn rules(&self, name: &str, refused: &mut Vec<Refusal>) -> Vec<Rule> {
        let mut rules = Vec::new();
        for property in self.all(name).take(10) {
            match Rule::parse(&property.value) {
                Ok(rule) => rules.push(rule),
                Err(why) => refused.push(Refusal {
                    component: "RRULE".to_owned(),
                    line: property.number,
                    why: format!("{why}; read as if it did not recur"),
                }),
            }
        }
        rules
    }

    fn dates(&mut self, name: &str, starts: &When) -> Vec<(When, Option<Lasts>)> {
        let block = self.block;
        let mut dates = Vec::new();
        for property in block.properties.iter().filter(|p| p.name == name) {
            for item in list(&property.value).take(MOST_DATES.saturating_sub(dates.len())) {
                let (at, rest) = item.split_once('/').map_or((item, None), |(at, rest)| (at, Some(rest)));
                let Some(at) = stamp(at).filter(|at| (1..=9999).contains(&at.civil().year())) else { continue };
                // Some programs leave the TZID of RDATE and EXDATE out and mean DTSTART's.
                let mut when = self.when(at, property.param("TZID"));
                if matches!(at, Stamp::Local(_)) && property.param("TZID").is_none() {
                    when.place = starts.place.clone();
                }
                let lasts = rest.and_then(|rest| match stamp(rest) {
                    Some(end) => Some(between(&when, &self.when(end, property.param("TZID")))),
                    None => length(rest).map(Lasts::Nominal),
                });
                dates.push((when, lasts));
            }
        }
        dates
    }

    fn details(&self, all_day: bool) -> Details {
        let parties: Vec<&Property> = self.all("ATTENDEE").collect();
        let status = self.word("STATUS");
        let busy = self.word("X-MICROSOFT-CDO-BUSYSTATUS");
        let categories = self.all("CATEGORIES").flat_map(|p| list(&p.value)).take(50);
        Details {
            title: self.text("SUMMARY"),
            description: self.text("DESCRIPTION").or_else(|| self.text("X-ALT-DESC")),
            location: self.text("LOCATION"),
            links: self.links(),
            categories: categories.map(|c| cut(c, 100).replace('\\', "")).collect(),
            organizer: self.property("ORGANIZER").map(party),
            attendees: parties.iter().take(MOST_PARTIES).map(|p| party(p)).collect(),
            invited: parties.len(),
            all_day,
            private: matches!(self.word("CLASS").as_str(), "PRIVATE" | "CONFIDENTIAL"),
            free: self.word("TRANSP") == "TRANSPARENT" || busy == "FREE",
            tentative: status == "TENTATIVE" || busy == "TENTATIVE",
            cancelled: status == "CANCELLED" || status == "CANCELED" || self.block.method == "CANCEL",
            changed: self.changed(),
        }
    }

    fn links(&self) -> Vec<String> {
        let names = ["URL", "CONFERENCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL"];
        let found = names.iter().flat_map(|name| self.all(name)).take(10);
        found.map(|p| cut(p.value.trim(), 2000).to_owned()).collect()
    }

    fn changed(&self) -> Option<Timestamp> {
        let stamp_of = |name: &str| self.property(name).and_then(|p| stamp(&p.value));
        let at = stamp_of("LAST-MODIFIED").or_else(|| stamp_of("DTSTAMP"))?;
        Zones::utc().zone.instant(at.civil())
    }
}

/// DTSTART to DTEND. An end before the start is a program's slip: it lasts no time.
fn between(starts: &When, ends: &When) -> Lasts {
    if starts.all_day && ends.all_day {
        let days = ends.civil.date().duration_since(starts.civil.date()).as_hours() / 24;
        return Lasts::Nominal(Length { days: days.max(1), seconds: 0 });
    }
    let elapsed = ends.instant().zip(starts.instant()).map(|(end, start)| end.duration_since(start));
    Lasts::Elapsed(elapsed.unwrap_or_default().max(SignedDuration::ZERO))
}

fn party(property: &Property) -> Party {
    let address = Address::new(&property.value).or_else(|| property.param("EMAIL").and_then(Address::new));
    let name = property.param("CN").and_then(Name::new);
    // Programs that know no name repeat the address as CN.
    let is_address = name.as_ref().is_some_and(|n| n.as_str().contains('@') && Address::new(n.as_str()).is_some());
    let address = address.or_else(|| name.as_ref().filter(|_| is_address).and_then(|n| Address::new(n.as_str())));
    let kind = property.param("CUTYPE").unwrap_or_default().to_ascii_uppercase();
    let role = property.param("ROLE").unwrap_or_default().to_ascii_uppercase();
    let response = match property.param("PARTSTAT").map(str::to_ascii_uppercase).as_deref() {
        Some("ACCEPTED" | "COMPLETED" | "IN-PROCESS") => Some(Response::Accepted),
        Some("DECLINED") => Some(Response::Declined),
        Some("TENTATIVE") => Some(Response::Tentative),
        Some("DELEGATED") => Some(Response::Delegated),
        Some("NEEDS-ACTION") => Some(Response::NeedsAction),
        Some(_) | None => None,
    };
    Party {
        name: name.filter(|_| !is_address),
        address,
        response,
        person: !matches!(kind.as_str(), "ROOM" | "RESOURCE" | "GROUP") && role != "NON-PARTICIPANT",
    }
}
