//! Times as the owner says them: weekdays near by, dates further off, gaps in hours only while they are hours.
//!
//! Comparisons are instants; words use the owner's zone and calendar days (etiquette.md, Time).
use jiff::{SignedDuration, Timestamp, ZonedDateTime, civil::Date, tz::TimeZone};

/// Where and when the reader is.
#[derive(Debug, Clone)]
pub struct When {
    pub now: Timestamp,
    pub zone: TimeZone,
}

/// Below this a gap to a meeting's end is never called before or after: networks mail late, meetings overrun.
const AROUND: i64 = 30 * 60;
const HOUR: i64 = 3_600;

impl When {
    #[must_use]
    pub fn new(now: Timestamp, zone: &TimeZone) -> Self {
        When { now, zone: zone.clone() }
    }
    #[must_use]
    pub fn local(&self, t: Timestamp) -> ZonedDateTime {
        t.to_zoned_datetime(self.zone.clone())
    }
    /// RFC 3339 with the zone's offset.
    #[must_use]
    pub fn stamp(&self, t: Timestamp) -> String {
        t.display_with_offset(self.zone.to_offset(t)).to_string()
    }
    /// Calendar days from today: negative in the past.
    #[must_use]
    pub fn days_off(&self, t: Timestamp) -> i64 {
        days_between(self.local(self.now).date(), self.local(t).date())
    }
    /// `today`, `Mon` within six days, `Fri 13 Nov`, `13 Nov 2024` in another year.
    #[must_use]
    pub fn day(&self, t: Timestamp) -> String {
        match self.days_off(t) {
            0 => "today".to_owned(),
            -6..=6 => self.local(t).strftime("%a").to_string(),
            _ => self.date(t),
        }
    }
    /// `Fri 13 Nov`, or `13 Nov 2024` in another year.
    #[must_use]
    pub fn date(&self, t: Timestamp) -> String {
        let there = self.local(t);
        let same_year = there.year() == self.local(self.now).year();
        there.strftime(if same_year { "%a %-d %b" } else { "%-d %b %Y" }).to_string()
    }
    /// `Mon 14:00`; `Fri 6 Nov 14:00`; the hour no longer matters in another year.
    #[must_use]
    pub fn moment(&self, t: Timestamp) -> String {
        let there = self.local(t);
        if there.year() != self.local(self.now).year() && self.days_off(t).abs() > 6 {
            return self.date(t);
        }
        format!("{} {}", self.day(t), there.strftime("%H:%M"))
    }
    /// `14:00`
    #[must_use]
    pub fn hour(&self, t: Timestamp) -> String {
        self.local(t).strftime("%H:%M").to_string()
    }
    /// `Nov 2024`
    #[must_use]
    pub fn month(&self, t: Timestamp) -> String {
        self.local(t).strftime("%b %Y").to_string()
    }
    #[must_use]
    pub fn greeting(&self) -> &'static str {
        match self.local(self.now).hour() {
            4..=11 => "Good morning.",
            12..=17 => "Good afternoon.",
            18..=21 => "Good evening.",
            // Whoever is up at night is not greeted.
            _ => "",
        }
    }
    /// How `at` lies to a meeting's `end`, ready to stand before the meeting: `2 h after`, `the next morning, after`.
    #[must_use]
    pub fn gap(&self, end: Timestamp, at: Timestamp) -> String {
        let gap = at.duration_since(end).as_secs();
        if gap.abs() < AROUND {
            return "around the end of".to_owned();
        }
        let days = days_between(self.local(end).date(), self.local(at).date());
        let word = if gap > 0 { "after" } else { "before" };
        match (gap.abs(), days) {
            (short, _) if short < HOUR => format!("{} min {word}", short / 60),
            (short, d) if d == 0 || short < 9 * HOUR => format!("{} h {word}", (short + HOUR / 2) / HOUR),
            (_, 1) if (4..12).contains(&self.local(at).hour()) => "the next morning, after".to_owned(),
            (_, 1) => "the next day, after".to_owned(),
            (_, -1) => "the day before".to_owned(),
            (_, d) => format!("{} days {word}", d.abs()),
        }
    }
}

fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

/// `20 min`, `1 h 15 min`
#[must_use]
pub fn length(d: SignedDuration) -> String {
    let minutes = d.as_mins().abs();
    match (minutes / 60, minutes % 60) {
        (0, m) => format!("{m} min"),
        (h, 0) => format!("{h} h"),
        (h, m) => format!("{h} h {m} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(s: &str) -> Timestamp {
        s.parse().unwrap()
    }
    /// Tuesday 17 November 2026, 07:00 in Berlin.
    fn tuesday() -> When {
        When::new(at("2026-11-17T07:00:00+01:00"), &TimeZone::get("Europe/Berlin").unwrap())
    }

    #[track_caller]
    fn gap(end: &str, asked: &str, said: &str) {
        assert_eq!(tuesday().gap(at(end), at(asked)), said);
    }
    #[test]
    fn gaps_are_said_as_people_say_them() {
        gap("2026-11-16T14:00:00+01:00", "2026-11-16T14:29:00+01:00", "around the end of");
        gap("2026-11-16T14:00:00+01:00", "2026-11-16T13:31:00+01:00", "around the end of");
        gap("2026-11-16T14:00:00+01:00", "2026-11-16T14:40:00+01:00", "40 min after");
        gap("2026-11-16T14:00:00+01:00", "2026-11-16T13:20:00+01:00", "40 min before");
        gap("2026-11-16T14:00:00+01:00", "2026-11-16T19:10:00+01:00", "5 h after");
        gap("2026-11-16T22:00:00+01:00", "2026-11-17T01:00:00+01:00", "3 h after");
        gap("2026-11-16T10:00:00+01:00", "2026-11-17T08:00:00+01:00", "the next morning, after");
        gap("2026-11-16T10:00:00+01:00", "2026-11-17T18:00:00+01:00", "the next day, after");
        gap("2026-11-16T10:00:00+01:00", "2026-11-15T18:00:00+01:00", "the day before");
        gap("2026-11-12T10:00:00+01:00", "2026-11-16T09:00:00+01:00", "4 days after");
        gap("2026-11-16T10:00:00+01:00", "2026-11-11T09:00:00+01:00", "5 days before");
    }
    #[test]
    fn a_gap_across_the_clock_change_counts_elapsed_hours_and_calendar_days() {
        // 25 October 2026, 03:00 CEST becomes 02:00 CET: seven hours by the wall, eight by the clock.
        gap("2026-10-24T23:00:00+02:00", "2026-10-25T06:00:00+01:00", "8 h after");
        gap("2026-10-24T12:00:00+02:00", "2026-10-25T11:00:00+01:00", "the next morning, after");
    }

    #[track_caller]
    fn moment(t: &str, said: &str) {
        assert_eq!(tuesday().moment(at(t)), said);
    }
    #[test]
    fn near_days_have_names_and_far_ones_dates() {
        moment("2026-11-16T14:00:00+01:00", "Mon 14:00");
        moment("2026-11-17T06:00:00+01:00", "today 06:00");
        moment("2026-11-11T14:00:00+01:00", "Wed 14:00");
        moment("2026-11-10T14:00:00+01:00", "Tue 10 Nov 14:00");
        moment("2026-11-19T14:00:00+01:00", "Thu 14:00");
        moment("2025-11-19T14:00:00+01:00", "19 Nov 2025");
        // 23:30 UTC on Sunday is Monday here
        moment("2026-11-15T23:30:00Z", "Mon 00:30");
    }
    #[test]
    fn stamps_carry_the_zones_offset() {
        assert_eq!(tuesday().stamp(at("2026-11-16T13:00:00Z")), "2026-11-16T14:00:00+01:00");
        assert_eq!(tuesday().stamp(at("2026-07-16T12:00:00Z")), "2026-07-16T14:00:00+02:00");
    }
    #[test]
    fn lengths() {
        assert_eq!(length(SignedDuration::from_mins(20)), "20 min");
        assert_eq!(length(SignedDuration::from_mins(75)), "1 h 15 min");
        assert_eq!(length(SignedDuration::from_mins(120)), "2 h");
    }
}
