//! Times compared the way people mean them.
//!
//! Networks mail late and meetings end early, so a gap below half an hour proves no order; and nobody owes a note on a
//! Sunday, so the time for one is counted in hours of working days, in the owner's zone, daylight saving included.
use super::Policy;
use jiff::{SignedDuration, Timestamp, civil::Date, civil::Weekday};

/// Below this a gap is never called before or after (etiquette.md, Time).
pub(super) const BLUR: SignedDuration = SignedDuration::from_mins(30);

/// More days off in a row than any list of holidays means; beyond it the hours simply elapse.
const LONGEST_BREAK_DAYS: u32 = 400;

/// `t + d`, at the ends of time if it leads beyond them.
pub(super) fn plus(t: Timestamp, d: SignedDuration) -> Timestamp {
    t.checked_add(d).unwrap_or(if d.is_negative() { Timestamp::MIN } else { Timestamp::MAX })
}

/// `t - d`, likewise.
pub(super) fn minus(t: Timestamp, d: SignedDuration) -> Timestamp {
    t.checked_sub(d).unwrap_or(if d.is_negative() { Timestamp::MAX } else { Timestamp::MIN })
}

/// Is `a` so much earlier than `b` that it may be said?
pub(super) fn clearly_before(a: Timestamp, b: Timestamp) -> bool {
    plus(a, BLUR) <= b
}

/// Until when a note for a meeting that ended then is in time.
pub(super) fn deadline(policy: &Policy, ended: Timestamp) -> Timestamp {
    let within = policy.thanks.within;
    if !policy.thanks.skip_weekends {
        return plus(ended, within);
    }
    working_hours(policy, ended, within).unwrap_or_else(|| plus(ended, within))
}

/// Day by day, as a day may have 23 or 25 hours.
fn working_hours(policy: &Policy, from: Timestamp, within: SignedDuration) -> Option<Timestamp> {
    let mut at = from;
    let mut day = policy.zone.to_datetime(from).date();
    let mut left = within;
    for _ in 0..LONGEST_BREAK_DAYS {
        let tomorrow = day.tomorrow().ok()?;
        let midnight = policy.zone.to_timestamp(tomorrow.at(0, 0, 0, 0)).ok()?;
        if !day_off(policy, day) {
            let room = at.duration_until(midnight);
            if left <= room {
                return at.checked_add(left).ok();
            }
            left = left.checked_sub(room)?;
        }
        (at, day) = (midnight, tomorrow);
    }
    None
}

fn day_off(policy: &Policy, day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) || policy.thanks.holidays.contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::etiquette::notation::{moment, policy};

    #[track_caller]
    fn case(why: &str, within_hours: i64, ended: &str, expected: &str) {
        let mut policy = policy();
        policy.thanks.within = SignedDuration::from_hours(within_hours);
        policy.thanks.holidays = vec![jiff::civil::date(2026, 11, 26)];
        assert_eq!(deadline(&policy, moment(ended)), moment(expected), "{why}");
    }

    #[test]
    fn hours_of_working_days_only() {
        case("two plain days", 48, "mon 14:00", "wed 14:00");
        case("over a weekend", 48, "thu 15:00", "mon+1 15:00");
        case("Friday evening runs out on Tuesday", 48, "fri 18:00", "tue+1 18:00");
        case("a meeting on Saturday starts the clock on Monday", 48, "sat 11:00", "wed+1 0:00");
        case("Sunday night likewise", 24, "sun 23:30", "tue+1 0:00");
        case("a listed holiday on a Thursday", 48, "2026-11-25 10:00", "2026-11-30 10:00");
        case("ends on the stroke of the weekend", 24, "thu 24:00", "sat 0:00");
        case(
            "clocks go back on Sunday night: elapsed hours, not the clock's face",
            24,
            "2026-10-24 12:00",
            "2026-10-27 0:00",
        );
        case("clocks go forward on a Sunday", 48, "2026-03-27 12:00", "2026-03-31 12:00");
    }

    #[test]
    fn a_day_of_25_hours_counts_25_hours() {
        let mut policy = policy();
        policy.thanks.skip_weekends = false;
        assert_eq!(deadline(&policy, moment("2026-10-24 12:00")), moment("2026-10-26 11:00"));
    }

    #[test]
    fn the_ends_of_time_are_no_panic() {
        let policy = policy();
        for t in [Timestamp::MIN, Timestamp::MAX] {
            let _ = deadline(&policy, t);
        }
    }

    #[test]
    fn endless_holidays_let_the_hours_elapse() {
        let mut policy = policy();
        let first = jiff::civil::date(2026, 1, 1);
        policy.thanks.holidays = first.series(jiff::Span::new().days(1)).take(2000).collect();
        assert_eq!(deadline(&policy, moment("mon 14:00")), moment("wed 14:00"));
    }
}
