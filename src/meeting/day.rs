//! Civil days as plain numbers.
//!
//! Recurrence rules are arithmetic on days: every third Friday, the last week of a year. Numbers make that cheap and
//! total where calendar types would answer with an error at every step. Day 0 is 1970-01-01, proleptic Gregorian;
//! weekday 0 is Monday.
use jiff::civil::{Date, DateTime};

/// Days since 1970-01-01.
pub(super) type Day = i64;

/// The day of a year, month, day; months and days beyond their range run over as expected of arithmetic.
pub(super) fn day(year: i64, month: i64, day_of_month: i64) -> Day {
    // Days from civil, H. Hinnant: March first, so that the leap day is the last of its year.
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day_of_month - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// (year, month, day of month)
pub(super) fn civil(day: Day) -> (i64, i64, i64) {
    let z = day + 719_468;
    let era = z.div_euclid(146_097);
    let doe = z.rem_euclid(146_097);
    let yoe = (doe - doe / 1460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    (yoe + era * 400 + i64::from(month <= 2), month, doy - (153 * mp + 2) / 5 + 1)
}

/// 0 = Monday … 6 = Sunday.
pub(super) fn weekday(day: Day) -> i64 {
    (day + 3).rem_euclid(7)
}

pub(super) fn of_date(date: Date) -> Day {
    day(date.year().into(), date.month().into(), date.day().into())
}

/// (day, second of day)
pub(super) fn of_datetime(at: DateTime) -> (Day, i64) {
    let second = i64::from(at.hour()) * 3600 + i64::from(at.minute()) * 60 + i64::from(at.second());
    (of_date(at.date()), second)
}

/// `None` outside of what jiff can hold.
pub(super) fn to_datetime(day: Day, second: i64) -> Option<DateTime> {
    let day = day + second.div_euclid(86_400);
    let second = second.rem_euclid(86_400);
    let (year, month, day) = civil(day);
    let small = |n: i64| i8::try_from(n).ok();
    let date = Date::new(i16::try_from(year).ok()?, small(month)?, small(day)?).ok()?;
    let time = jiff::civil::Time::new(small(second / 3600)?, small(second / 60 % 60)?, small(second % 60)?, 0).ok()?;
    Some(date.to_datetime(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree_with_jiff_over_four_centuries() {
        let mut date = Date::constant(1799, 12, 31);
        let mut number = of_date(date);
        for _ in 0..150_000 {
            date = date.tomorrow().unwrap();
            number += 1;
            assert_eq!(of_date(date), number);
            assert_eq!(civil(number), (date.year().into(), date.month().into(), date.day().into()));
            assert_eq!(weekday(number), i64::from(date.weekday().to_monday_zero_offset()));
        }
    }
}
