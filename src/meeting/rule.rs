//! RRULE as written (RFC 5545 §3.3.10), checked once so that the expansion can be arithmetic.
use super::value::{Stamp, stamp};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Freq {
    Yearly,
    Monthly,
    Weekly,
    Daily,
    Hourly,
    Minutely,
    Secondly,
}

/// `MO`, `2TU`, `-1FR`; `nth` 0 = every. Weekday 0 is Monday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct ByDay {
    pub nth: i64,
    pub weekday: i64,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rule {
    pub freq: Freq,
    pub interval: i64,
    pub count: Option<u64>,
    pub until: Option<Stamp>,
    pub by_second: Vec<i64>,
    pub by_minute: Vec<i64>,
    pub by_hour: Vec<i64>,
    pub by_day: Vec<ByDay>,
    pub by_month_day: Vec<i64>,
    pub by_year_day: Vec<i64>,
    pub by_week_no: Vec<i64>,
    pub by_month: Vec<i64>,
    pub by_set_pos: Vec<i64>,
    pub week_start: i64,
}

/// Greatest INTERVAL that is told from a greater one; nothing thankd reads lasts longer.
const GREATEST_INTERVAL: u64 = 1_000_000_000;

impl Rule {
    fn new(freq: Freq) -> Self {
        Rule {
            freq,
            interval: 1,
            count: None,
            until: None,
            by_second: Vec::new(),
            by_minute: Vec::new(),
            by_hour: Vec::new(),
            by_day: Vec::new(),
            by_month_day: Vec::new(),
            by_year_day: Vec::new(),
            by_week_no: Vec::new(),
            by_month: Vec::new(),
            by_set_pos: Vec::new(),
            week_start: 0,
        }
    }

    /// Reads a rule; the error says which part is wrong, in words for the owner.
    pub(super) fn parse(text: &str) -> Result<Rule, String> {
        let text = text.trim().to_ascii_uppercase();
        let parts: Vec<(&str, &str)> =
            text.split(';').filter_map(|part| part.trim().split_once('=')).map(|(n, v)| (n.trim(), v.trim())).collect();
        let freq = parts.iter().find(|(name, _)| *name == "FREQ").map(|(_, value)| *value);
        let mut rule = Rule::new(self::freq(freq.ok_or("RRULE without FREQ")?)?);
        for (name, value) in parts {
            rule.part(name, value)?;
        }
        Ok(rule)
    }

    fn part(&mut self, name: &str, value: &str) -> Result<(), String> {
        match name {
            "INTERVAL" => self.interval = interval(value)?,
            "COUNT" => self.count = Some(count(value)?),
            "UNTIL" => self.until = Some(stamp(value).ok_or_else(|| wrong(name))?),
            // A leap second is none of the 60 a clock shows.
            "BYSECOND" => self.by_second = numbers(name, value, 0, 60)?.into_iter().filter(|s| *s < 60).collect(),
            "BYMINUTE" => self.by_minute = numbers(name, value, 0, 59)?,
            "BYHOUR" => self.by_hour = numbers(name, value, 0, 23)?,
            "BYDAY" => self.by_day = days(value)?,
            "BYMONTHDAY" => self.by_month_day = signed(name, value, 31)?,
            "BYYEARDAY" => self.by_year_day = signed(name, value, 366)?,
            "BYWEEKNO" => self.by_week_no = signed(name, value, 53)?,
            "BYMONTH" => self.by_month = numbers(name, value, 1, 12)?,
            "BYSETPOS" => self.by_set_pos = signed(name, value, 100_000)?,
            "WKST" => self.week_start = weekday(value).ok_or_else(|| wrong(name))?,
            "RSCALE" if value != "GREGORIAN" => return Err("RRULE in another calendar than the Gregorian".into()),
            "SKIP" if value != "OMIT" => return Err("RRULE with SKIP".into()),
            _ => {} // FREQ is read; unknown parts are to be ignored
        }
        Ok(())
    }

    /// Nothing but FREQ and INTERVAL decides the days and times.
    pub(super) fn is_plain(&self) -> bool {
        let lists = [&self.by_second, &self.by_minute, &self.by_hour, &self.by_month_day, &self.by_year_day];
        let more = [&self.by_week_no, &self.by_month, &self.by_set_pos];
        self.by_day.is_empty() && lists.iter().chain(&more).all(|list| list.is_empty())
    }
}

fn wrong(name: &str) -> String {
    format!("RRULE with a wrong {name}")
}

fn freq(value: &str) -> Result<Freq, String> {
    match value {
        "YEARLY" => Ok(Freq::Yearly),
        "MONTHLY" => Ok(Freq::Monthly),
        "WEEKLY" => Ok(Freq::Weekly),
        "DAILY" => Ok(Freq::Daily),
        "HOURLY" => Ok(Freq::Hourly),
        "MINUTELY" => Ok(Freq::Minutely),
        "SECONDLY" => Ok(Freq::Secondly),
        _ => Err(wrong("FREQ")),
    }
}

/// INTERVAL=0 is written by some programs and means 1.
fn interval(value: &str) -> Result<i64, String> {
    let n = value.bytes().all(|b| b.is_ascii_digit()) && !value.is_empty();
    let n = n.then(|| value.parse::<u64>().unwrap_or(u64::MAX)).ok_or_else(|| wrong("INTERVAL"))?;
    i64::try_from(n.clamp(1, GREATEST_INTERVAL)).map_err(|_| wrong("INTERVAL"))
}

fn count(value: &str) -> Result<u64, String> {
    let digits = !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit());
    match digits.then(|| value.parse::<u64>().unwrap_or(u64::MAX)) {
        None | Some(0) => Err(wrong("COUNT")),
        Some(n) => Ok(n),
    }
}

/// Sorted, each once.
fn numbers(name: &str, value: &str, least: i64, most: i64) -> Result<Vec<i64>, String> {
    let number = |n: &str| n.trim().parse::<i64>().ok().filter(|n| (least..=most).contains(n));
    let items = value.split(',').filter(|item| !item.trim().is_empty());
    let mut list = items.map(number).collect::<Option<Vec<i64>>>().ok_or_else(|| wrong(name))?;
    list.sort_unstable();
    list.dedup();
    if list.is_empty() { Err(wrong(name)) } else { Ok(list) }
}

fn signed(name: &str, value: &str, most: i64) -> Result<Vec<i64>, String> {
    let list = numbers(name, value, -most, most)?;
    if list.contains(&0) { Err(wrong(name)) } else { Ok(list) }
}

fn weekday(value: &str) -> Option<i64> {
    let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    names.iter().position(|name| *name == value).and_then(|at| i64::try_from(at).ok())
}

/// `0MO` is written by some programs and counts for nothing.
fn days(value: &str) -> Result<Vec<ByDay>, String> {
    let mut list = Vec::new();
    for item in value.split(',').map(str::trim).filter(|item| !item.is_empty()) {
        let at = item.len().saturating_sub(2);
        let (nth, name) = item.split_at_checked(at).ok_or_else(|| wrong("BYDAY"))?;
        let weekday = weekday(name).ok_or_else(|| wrong("BYDAY"))?;
        match nth {
            "" => list.push(ByDay { nth: 0, weekday }),
            _ => match nth.parse::<i64>() {
                Ok(0) => {}
                Ok(nth) if nth.abs() <= 53 => list.push(ByDay { nth, weekday }),
                _ => return Err(wrong("BYDAY")),
            },
        }
    }
    list.sort_unstable();
    list.dedup();
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, why: &str) {
        assert_eq!(Rule::parse(text).unwrap_err(), why);
    }

    #[test]
    fn rules_are_read_as_loosely_as_programs_write_them() {
        let rule = Rule::parse("freq=weekly; interval=0;BYDAY=TU,mo,TU,0WE;X-MORE=1;").unwrap();
        assert_eq!((rule.freq, rule.interval), (Freq::Weekly, 1));
        assert_eq!(rule.by_day, [ByDay { nth: 0, weekday: 0 }, ByDay { nth: 0, weekday: 1 }]);
        assert_eq!(Rule::parse("FREQ=DAILY;COUNT=99999999999999999999").unwrap().count, Some(u64::MAX));
    }

    #[test]
    fn what_no_calendar_can_mean_is_refused_by_name() {
        refused("INTERVAL=1", "RRULE without FREQ");
        refused("FREQ=FORTNIGHTLY", "RRULE with a wrong FREQ");
        refused("FREQ=DAILY;COUNT=0", "RRULE with a wrong COUNT");
        refused("FREQ=DAILY;INTERVAL=-1", "RRULE with a wrong INTERVAL");
        refused("FREQ=DAILY;BYMONTH=13", "RRULE with a wrong BYMONTH");
        refused("FREQ=DAILY;BYMONTHDAY=0", "RRULE with a wrong BYMONTHDAY");
        refused("FREQ=DAILY;BYDAY=XX", "RRULE with a wrong BYDAY");
        refused("FREQ=DAILY;BYDAY=é", "RRULE with a wrong BYDAY");
        refused("FREQ=DAILY;UNTIL=soon", "RRULE with a wrong UNTIL");
        refused("FREQ=YEARLY;RSCALE=HEBREW", "RRULE in another calendar than the Gregorian");
    }
}
