//! A recurrence rule's instances inside a window, newest first.
//!
//! The difficulty: a rule of forty letters can mean a billion instances, or none in ten thousand years, and the newest
//! are wanted, not the first. So nothing is generated from DTSTART onwards. Periods (years, months, weeks, days) are
//! *numbered*, the one at the window's end is found by division, and they are walked backwards; inside a period the
//! instances are days × times, counted and picked by arithmetic. COUNT is first turned into an end. Every step costs
//! fuel, so the time is bounded whatever the rule says.
//!
//! A DTSTART that its own rule does not name is no instance: RFC 5545 §3.8.5.3 leaves that undefined, and dateutil
//! reads it so.
use super::day::{self, Day};
use super::rule::{ByDay, Freq, Rule};

/// Second of the civil calendar: day × 86 400 + second of the day.
pub(super) type Moment = i64;
const DAY: i64 = 86_400;

/// What was found, newest first.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Found {
    pub instances: Vec<Moment>,
    /// There were more, or the fuel ran out before the window's beginning.
    pub capped: bool,
}

/// Where to look: both ends belong to it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds {
    pub from: Moment,
    pub to: Moment,
    pub most: usize,
}

/// All instances of `rule` in `bounds`. `until` is the rule's UNTIL in the civil time of `start`.
pub(super) fn expand(rule: &Rule, start: Moment, until: Option<Moment>, bounds: Bounds, fuel: &mut u64) -> Found {
    let plan = Plan::new(rule, start);
    let hi = until.map_or(bounds.to, |until| until.min(bounds.to));
    let lo = bounds.from.max(start);
    let (hi, unsure) = match rule.count {
        None => (Some(hi), false),
        Some(count) => plan.end_by_count(count, hi, fuel),
    };
    let mut found = Found { instances: Vec::new(), capped: unsure };
    if let Some(hi) = hi
        && lo <= hi
    {
        plan.walk_back(lo, hi, bounds.most, &mut found, fuel);
    }
    found
}

/// A rule with all that is missing taken from DTSTART.
struct Plan<'a> {
    rule: &'a Rule,
    start: Moment,
    start_day: Day,
    by_day: Vec<ByDay>,
    by_month_day: Vec<i64>,
    by_month: Vec<i64>,
    /// Times of a day, in seconds, for DAILY and coarser.
    times: Vec<i64>,
    hours: Vec<i64>,
    minutes: Vec<i64>,
    seconds: Vec<i64>,
}

/// One period: its days that match, in order, and the days it cost to find them.
struct Period {
    first: Day,
    days: Vec<Day>,
}

impl<'a> Plan<'a> {
    fn new(rule: &'a Rule, start: Moment) -> Self {
        let (start_day, second) = (start.div_euclid(DAY), start.rem_euclid(DAY));
        let or_start = |list: &[i64], own: i64, all: i64, limit: bool| match (list.is_empty(), limit) {
            (false, _) => list.to_vec(),
            (true, false) => vec![own],
            (true, true) => (0..all).collect(),
        };
        let hours = or_start(&rule.by_hour, second / 3600, 24, rule.freq >= Freq::Hourly);
        let minutes = or_start(&rule.by_minute, second / 60 % 60, 60, rule.freq >= Freq::Minutely);
        let seconds = or_start(&rule.by_second, second % 60, 60, rule.freq >= Freq::Secondly);
        let times = if rule.freq >= Freq::Hourly { Vec::new() } else { product(&hours, &minutes, &seconds) };
        let mut plan = Plan {
            rule,
            start,
            start_day,
            by_day: rule.by_day.clone(),
            by_month_day: rule.by_month_day.clone(),
            by_month: rule.by_month.clone(),
            times,
            hours,
            minutes,
            seconds,
        };
        plan.take_days_from_start();
        plan
    }

    /// RFC 5545 §3.3.10: information missing from the rule is taken from DTSTART.
    fn take_days_from_start(&mut self) {
        let (_, month, day_of_month) = day::civil(self.start_day);
        let weekday = ByDay { nth: 0, weekday: day::weekday(self.start_day) };
        let no_days = self.by_day.is_empty() && self.by_month_day.is_empty() && self.rule.by_year_day.is_empty();
        let no_weeks = self.rule.by_week_no.is_empty();
        match self.rule.freq {
            Freq::Yearly if no_days && no_weeks => {
                if self.by_month.is_empty() {
                    self.by_month = vec![month];
                }
                self.by_month_day = vec![day_of_month];
            }
            Freq::Yearly if no_days => self.by_day = vec![weekday],
            Freq::Monthly if no_days && no_weeks => self.by_month_day = vec![day_of_month],
            Freq::Weekly if no_days && no_weeks => self.by_day = vec![weekday],
            Freq::Yearly | Freq::Monthly | Freq::Weekly => {}
            Freq::Daily | Freq::Hourly | Freq::Minutely | Freq::Secondly => {}
        }
    }

    // ---- periods ----

    /// Years are counted by their weeks where the rule speaks of weeks: 30 December may lie in week 1 of the next.
    fn by_weeks(&self) -> bool {
        self.rule.freq == Freq::Yearly && !self.rule.by_week_no.is_empty()
    }

    /// Number of the period that holds `at`, in units of the frequency, before INTERVAL.
    fn unit(&self, at: Day) -> i64 {
        let (year, month, _) = day::civil(at);
        match self.rule.freq {
            Freq::Yearly if self.by_weeks() => self.week(at).year,
            Freq::Yearly => year,
            Freq::Monthly => year * 12 + month - 1,
            Freq::Weekly => (at - self.rule.week_start + 3).div_euclid(7),
            Freq::Daily | Freq::Hourly | Freq::Minutely | Freq::Secondly => at,
        }
    }

    /// First day of a unit; the last is the day before the next one's first.
    fn first_day(&self, unit: i64) -> Day {
        match self.rule.freq {
            Freq::Yearly if self.by_weeks() => self.first_week(unit),
            Freq::Yearly => day::day(unit, 1, 1),
            Freq::Monthly => day::day(unit.div_euclid(12), unit.rem_euclid(12) + 1, 1),
            Freq::Weekly => unit * 7 + self.rule.week_start - 3,
            Freq::Daily | Freq::Hourly | Freq::Minutely | Freq::Secondly => unit,
        }
    }

    /// Sub-daily rules walk every day; their interval is kept inside the day.
    fn step(&self) -> i64 {
        if self.rule.freq >= Freq::Hourly { 1 } else { self.rule.interval }
    }

    /// The unit that index 0 stands for: DTSTART's. One that its own rule does not name belongs to no week-year.
    fn origin(&self) -> i64 {
        match day::civil(self.start_day) {
            (year, ..) if self.by_weeks() && !self.is_day(self.start_day) => year,
            _ => self.unit(self.start_day),
        }
    }

    fn period(&self, index: i64, fuel: &mut u64) -> Period {
        let unit = self.origin() + index * self.step();
        let (first, end) = (self.first_day(unit), self.first_day(unit + 1));
        let mut days = Vec::new();
        for (from, to) in self.spans(unit, first, end) {
            *fuel = fuel.saturating_sub(u64::try_from(to - from).unwrap_or(0));
            days.extend((from..to).filter(|at| self.is_day(*at)));
        }
        Period { first, days }
    }

    /// The days of a unit worth looking at: of a year only its named months, as most yearly rules name one.
    fn spans(&self, unit: i64, first: Day, end: Day) -> Vec<(Day, Day)> {
        if self.rule.freq != Freq::Yearly || self.by_weeks() || self.by_month.is_empty() {
            return vec![(first, end)];
        }
        self.by_month.iter().map(|month| (day::day(unit, *month, 1), day::day(unit, *month + 1, 1))).collect()
    }

    /// Index of the period that holds `at`, or of the last one before it; negative if before DTSTART.
    fn index_of(&self, at: Day) -> i64 {
        (self.unit(at) - self.origin()).div_euclid(self.step())
    }

    // ---- days ----

    fn is_day(&self, at: Day) -> bool {
        let (year, month, day_of_month) = day::civil(at);
        let next_month = day::day(year + month / 12, month % 12 + 1, 1);
        let days_in_month = next_month - at + day_of_month - 1;
        let year_day = at - day::day(year, 1, 1) + 1;
        let days_in_year = day::day(year + 1, 1, 1) - day::day(year, 1, 1);
        let named =
            |list: &[i64], n: i64, of: i64| list.is_empty() || list.contains(&n) || list.contains(&(n - of - 1));
        (self.by_month.is_empty() || self.by_month.contains(&month))
            && named(&self.by_month_day, day_of_month, days_in_month)
            && named(&self.rule.by_year_day, year_day, days_in_year)
            && self.is_week(at)
            && (self.by_day.is_empty() || self.is_weekday(at, (day_of_month, days_in_month), (year_day, days_in_year)))
    }

    fn is_week(&self, at: Day) -> bool {
        if self.rule.by_week_no.is_empty() {
            return true;
        }
        let week = self.week(at);
        self.rule.by_week_no.iter().any(|no| *no == week.number || *no == week.number - week.of - 1)
    }

    /// `in_month` and `in_year` are (number of the day, days in it).
    fn is_weekday(&self, at: Day, in_month: (i64, i64), in_year: (i64, i64)) -> bool {
        let weekday = day::weekday(at);
        let nth = |(n, of): (i64, i64), nth: i64| (n - 1) / 7 + 1 == nth || -((of - n) / 7 + 1) == nth;
        self.by_day.iter().filter(|by| by.weekday == weekday).any(|by| match self.rule.freq {
            _ if by.nth == 0 => true,
            // In a week each weekday is the first and the last of its kind.
            Freq::Yearly if self.by_weeks() => by.nth.abs() == 1,
            Freq::Yearly if self.by_month.is_empty() => nth(in_year, by.nth),
            Freq::Yearly | Freq::Monthly => nth(in_month, by.nth),
            Freq::Weekly | Freq::Daily | Freq::Hourly | Freq::Minutely | Freq::Secondly => true,
        })
    }

    /// First day of week 1: the week with at least four days in the year, which is the one that holds 4 January.
    fn first_week(&self, year: i64) -> Day {
        let fourth = day::day(year, 1, 4);
        fourth - (day::weekday(fourth) - self.rule.week_start).rem_euclid(7)
    }

    fn week(&self, at: Day) -> Week {
        let begins = at - (day::weekday(at) - self.rule.week_start).rem_euclid(7);
        let (year, ..) = day::civil(begins + 3);
        let first = self.first_week(year);
        Week { year, number: (begins - first) / 7 + 1, of: (self.first_week(year + 1) - first) / 7 }
    }

    // ---- instances of one period ----

    /// Instances of a period in order, those before DTSTART among them.
    fn instances(&self, period: &Period, fuel: &mut u64) -> Instances {
        if self.rule.freq >= Freq::Hourly {
            let at = period.days.first().copied();
            let seconds = at.map_or_else(Vec::new, |at| self.seconds_of(at, fuel));
            return Instances::Listed(seconds.iter().map(|s| period.first * DAY + s).collect());
        }
        let all = period.days.len() * self.times.len();
        if self.rule.by_set_pos.is_empty() {
            return Instances::Counted { all };
        }
        let picked = picks(&self.rule.by_set_pos, all);
        Instances::Listed(picked.into_iter().filter_map(|at| self.pick(period, at)).collect())
    }

    fn pick(&self, period: &Period, at: usize) -> Option<Moment> {
        let times = self.times.len().max(1);
        Some(period.days.get(at / times)? * DAY + self.times.get(at % times)?)
    }

    /// Seconds of one day on which a sub-daily rule strikes.
    fn seconds_of(&self, at: Day, fuel: &mut u64) -> Vec<i64> {
        let per_day = DAY / self.unit_seconds();
        let start_unit = self.start.div_euclid(self.unit_seconds());
        let strikes = |second: i64| {
            let unit = at * per_day + second / self.unit_seconds();
            unit >= start_unit && (unit - start_unit) % self.rule.interval == 0
        };
        let candidates = self.hours.len() * self.minutes.len() * self.seconds.len();
        *fuel = fuel.saturating_sub(candidates as u64);
        let all = product(&self.hours, &self.minutes, &self.seconds);
        let struck: Vec<i64> = all.into_iter().filter(|second| strikes(*second)).collect();
        if self.rule.by_set_pos.is_empty() {
            return struck;
        }
        struck
            .chunk_by(|a, b| a / self.unit_seconds() == b / self.unit_seconds())
            .flat_map(|unit| picks(&self.rule.by_set_pos, unit.len()).into_iter().filter_map(|at| unit.get(at)))
            .copied()
            .collect()
    }

    fn unit_seconds(&self) -> i64 {
        match self.rule.freq {
            Freq::Secondly => 1,
            Freq::Minutely => 60,
            Freq::Hourly => 3600,
            Freq::Daily | Freq::Weekly | Freq::Monthly | Freq::Yearly => DAY,
        }
    }

    // ---- the two walks ----

    fn walk_back(&self, lo: Moment, hi: Moment, most: usize, found: &mut Found, fuel: &mut u64) {
        let mut index = self.index_of(hi.div_euclid(DAY));
        while index >= 0 {
            if *fuel == 0 {
                found.capped = true;
                return;
            }
            let period = self.period(index, fuel);
            let instances = self.instances(&period, fuel);
            for at in (0..instances.len()).rev().filter_map(|at| self.at(&instances, &period, at)) {
                if at < lo {
                    return;
                }
                if at > hi {
                    continue;
                }
                if found.instances.len() >= most {
                    found.capped = true;
                    return;
                }
                found.instances.push(at);
                *fuel = fuel.saturating_sub(1);
            }
            if period.first * DAY < lo {
                return;
            }
            index -= 1;
        }
    }

    fn at(&self, instances: &Instances, period: &Period, at: usize) -> Option<Moment> {
        match instances {
            Instances::Counted { .. } => self.pick(period, at),
            Instances::Listed(list) => list.get(at).copied(),
        }
    }

    /// The moment of the `count`th instance, or `hi` if it lies later: (end, "the fuel ran out first").
    fn end_by_count(&self, count: u64, hi: Moment, fuel: &mut u64) -> (Option<Moment>, bool) {
        if self.rule.is_plain() && self.rule.freq >= Freq::Weekly {
            let unit = if self.rule.freq == Freq::Weekly { 7 * DAY } else { self.unit_seconds() };
            let steps = i64::try_from(count - 1).unwrap_or(i64::MAX);
            let last = steps.saturating_mul(unit).saturating_mul(self.rule.interval).saturating_add(self.start);
            return (Some(last.min(hi)), false);
        }
        let mut left = count;
        let last_index = self.index_of(hi.div_euclid(DAY));
        for index in 0..=last_index {
            if *fuel == 0 {
                return (Some(hi), true);
            }
            let period = self.period(index, fuel);
            if let Some(all) = self.count_quickly(&period).filter(|all| *all < left) {
                left -= all;
                continue;
            }
            let instances = self.instances(&period, fuel);
            let begun =
                (0..instances.len()).filter_map(|at| self.at(&instances, &period, at)).filter(|m| *m >= self.start);
            for at in begun {
                left -= 1;
                *fuel = fuel.saturating_sub(1);
                if left == 0 {
                    return (Some(at.min(hi)), false);
                }
            }
        }
        (Some(hi), false)
    }

    /// How many instances a period holds, where that needs no list: not in DTSTART's own, not with BYSETPOS.
    fn count_quickly(&self, period: &Period) -> Option<u64> {
        if period.days.is_empty() {
            return Some(0);
        }
        let sub_daily = self.rule.freq >= Freq::Hourly;
        let countable = !sub_daily || self.rule.interval == 1;
        if period.first <= self.start_day || !self.rule.by_set_pos.is_empty() || !countable {
            return None;
        }
        let a_day =
            if sub_daily { self.hours.len() * self.minutes.len() * self.seconds.len() } else { self.times.len() };
        u64::try_from(period.days.len() * a_day).ok()
    }
}

struct Week {
    year: i64,
    number: i64,
    of: i64,
}

enum Instances {
    /// Days × times: the n-th is found by division.
    Counted {
        all: usize,
    },
    Listed(Vec<Moment>),
}

impl Instances {
    fn len(&self) -> usize {
        match self {
            Self::Counted { all } => *all,
            Self::Listed(list) => list.len(),
        }
    }
}

/// Seconds of the day of every hour × minute × second, in order.
fn product(hours: &[i64], minutes: &[i64], seconds: &[i64]) -> Vec<i64> {
    let of_hour = |h: i64| minutes.iter().map(move |m| h * 3600 + m * 60);
    hours.iter().flat_map(|h| of_hour(*h)).flat_map(|hm| seconds.iter().map(move |s| hm + s)).collect()
}

/// BYSETPOS over a set of `all`: indices, in order, each once.
fn picks(positions: &[i64], all: usize) -> Vec<usize> {
    let size = i64::try_from(all).unwrap_or(i64::MAX);
    let index = |pos: i64| if pos > 0 { pos - 1 } else { size + pos };
    let mut picked: Vec<usize> = positions
        .iter()
        .map(|pos| index(*pos))
        .filter(|at| (0..size).contains(at))
        .filter_map(|at| usize::try_from(at).ok())
        .collect();
    picked.sort_unstable();
    picked.dedup();
    picked
}
