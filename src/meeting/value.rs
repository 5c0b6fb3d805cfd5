//! Dates, times and durations as RFC 5545 §3.3 writes them, and as programs write them instead.
use jiff::SignedDuration;
use jiff::civil::{Date, DateTime, Time};

/// A DATE or DATE-TIME, its zone not yet looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stamp {
    Date(Date),
    /// Local time: of its TZID, or floating.
    Local(DateTime),
    /// Form 2, with a `Z`.
    Utc(DateTime),
}

impl Stamp {
    pub(super) fn civil(self) -> DateTime {
        match self {
            Self::Date(date) => date.to_datetime(Time::midnight()),
            Self::Local(at) | Self::Utc(at) => at,
        }
    }
}

/// `20260131`, `20260131T090000Z`, also with the dashes and colons of ISO 8601. `None` for what is no date.
pub(super) fn stamp(text: &str) -> Option<Stamp> {
    let text = text.trim();
    let (date_text, time_text) = text.split_once(['T', 't', ' ']).unwrap_or((text, ""));
    let digits: String = date_text.chars().filter(|c| *c != '-').collect();
    let date = Date::new(number(&digits, 0..4)?, number(&digits, 4..6)?, number(&digits, 6..8)?).ok()?;
    if digits.len() != 8 {
        return None;
    }
    if time_text.is_empty() {
        return Some(Stamp::Date(date));
    }
    let (clock, utc) = match time_text.strip_suffix(['Z', 'z']) {
        Some(clock) => (clock, true),
        None => (time_text, false),
    };
    let at = date.to_datetime(time(clock)?);
    Some(if utc { Stamp::Utc(at) } else { Stamp::Local(at) })
}

fn time(text: &str) -> Option<Time> {
    let digits: String = text.split('.').next()?.chars().filter(|c| *c != ':').collect();
    if !matches!(digits.len(), 4 | 6) || !digits.is_ascii() {
        return None;
    }
    let second: i8 = if digits.len() == 6 { number(&digits, 4..6)? } else { 0 };
    // 60 is a leap second (RFC 5545 §3.3.12): nobody meets in one.
    Time::new(number(&digits, 0..2)?, number(&digits, 2..4)?, second.min(59), 0).ok()
}

fn number<T: std::str::FromStr>(digits: &str, range: std::ops::Range<usize>) -> Option<T> {
    let part = digits.get(range)?;
    part.bytes().all(|b| b.is_ascii_digit()).then(|| part.parse().ok())?
}

/// A nominal duration: days follow the calendar, seconds the clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Length {
    pub days: i64,
    pub seconds: i64,
}

impl Length {
    pub(super) fn roughly(self) -> SignedDuration {
        SignedDuration::from_secs(self.days * 86_400 + self.seconds)
    }
}

/// `P1W`, `P1DT2H`, `PT45M`, `-PT5M`. Longer than a century is no meeting.
pub(super) fn length(text: &str) -> Option<Length> {
    let text = text.trim().to_ascii_uppercase();
    let (negative, body) = match text.strip_prefix('-') {
        Some(body) => (true, body),
        None => (false, text.strip_prefix('+').unwrap_or(&text)),
    };
    let body = body.strip_prefix('P')?;
    let mut length = Length::default();
    let mut digits = String::new();
    let mut in_time = false;
    for c in body.chars() {
        match c {
            '0'..='9' if digits.len() < 9 => {
                digits.push(c);
                continue;
            }
            'T' if digits.is_empty() => {
                in_time = true;
                continue;
            }
            _ => {}
        }
        let n: i64 = std::mem::take(&mut digits).parse().ok()?;
        match (c, in_time) {
            ('W', false) => length.days += n * 7,
            ('D', _) => length.days += n,
            ('H', true) => length.seconds += n * 3600,
            ('M', true) => length.seconds += n * 60,
            ('S', true) => length.seconds += n,
            _ => return None,
        }
    }
    let too_long = length.days > 36_525 || length.seconds > 36_525 * 86_400;
    if negative {
        length = Length { days: -length.days, seconds: -length.seconds };
    }
    (digits.is_empty() && !too_long).then_some(length)
}

/// `+0100`, `-053015`: seconds east of UTC.
pub(super) fn utc_offset(text: &str) -> Option<i64> {
    let text: String = text.trim().chars().filter(|c| *c != ':').collect();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (-1, digits),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let part = |range| number::<i64>(digits, range);
    let seconds = part(0..2)? * 3600 + part(2..4)? * 60 + part(4..6).unwrap_or(0);
    (seconds < 86_400).then_some(sign * seconds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::{date, datetime};

    #[test]
    fn dates_as_they_are_written() {
        let at = |h, m, s| datetime(2026, 1, 31, h, m, s, 0);
        assert_eq!(stamp("20260131"), Some(Stamp::Date(date(2026, 1, 31))));
        assert_eq!(stamp("2026-01-31"), Some(Stamp::Date(date(2026, 1, 31))));
        assert_eq!(stamp("20260131T090000"), Some(Stamp::Local(at(9, 0, 0))));
        assert_eq!(stamp("20260131T090000Z"), Some(Stamp::Utc(at(9, 0, 0))));
        assert_eq!(stamp("2026-01-31T09:00:00.000Z"), Some(Stamp::Utc(at(9, 0, 0))));
        assert_eq!(stamp("20260131T0900"), Some(Stamp::Local(at(9, 0, 0))));
        assert_eq!(stamp("20260131T235960Z"), Some(Stamp::Utc(at(23, 59, 59))));
        for none in ["", "tomorrow", "20260230", "2026013", "20260131T25", "20260131T250000", "00000000", "20२60131"]
        {
            assert_eq!(stamp(none), None, "{none}");
        }
    }

    #[test]
    fn durations_and_offsets() {
        assert_eq!(length("PT45M"), Some(Length { days: 0, seconds: 2700 }));
        assert_eq!(length("P1DT2H"), Some(Length { days: 1, seconds: 7200 }));
        assert_eq!(length("P2W"), Some(Length { days: 14, seconds: 0 }));
        assert_eq!(length("-PT5M"), Some(Length { days: 0, seconds: -300 }));
        for none in ["", "P", "45M", "PT", "PT45", "P1M", "P99999999999D", "P999999999D"] {
            assert!(length(none).is_none_or(|l| l == Length::default()), "{none}");
        }
        assert_eq!(utc_offset("+0100"), Some(3600));
        assert_eq!(utc_offset("-05:30"), Some(-19_800));
        assert_eq!(utc_offset("Z"), None);
    }
}
