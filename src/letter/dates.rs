//! The day a reminder says the request was first sent: written in the mail's language, without a time.
use jiff::Timestamp;
use jiff::civil::Date;

/// Beginnings of month names, the twelve of a language in order.
const MONTHS: &[[&str; 12]] = &[
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
    ["jän", "feb", "mär", "apr", "mai", "juni", "juli", "aug", "sept", "okt", "nov", "dez"],
    ["janv", "fév", "mars", "avr", "mai", "juin", "juil", "août", "sept", "octo", "nove", "déc"],
    ["enero", "febr", "marzo", "abr", "mayo", "junio", "julio", "ago", "sept", "octu", "novi", "dici"],
    ["gen", "febb", "marz", "apri", "mag", "giu", "lug", "ago", "sett", "ott", "nove", "dicem"],
    ["janei", "fever", "março", "abril", "maio", "junho", "julho", "agosto", "setem", "outub", "novem", "dezem"],
    [
        "januari",
        "februari",
        "maart",
        "april",
        "mei",
        "juni",
        "juli",
        "augustus",
        "september",
        "oktober",
        "november",
        "december",
    ],
];

/// "June 3, 2014", "3. Juni 2014", "2014-06-03", "6/3/14": the day at noon UTC. Without a year, the last such day before the mail.
pub(super) fn stated(text: &str, mailed: Option<Timestamp>) -> Option<Timestamp> {
    let lower = text.to_lowercase();
    let words: Vec<&str> = lower.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).take(12).collect();
    let numbers: Vec<i16> = lower.split(|c: char| !c.is_ascii_digit()).filter_map(|w| w.parse().ok()).take(4).collect();
    let month = words.iter().find_map(|w| month(w));
    let sent = mailed.map(|t| jiff::tz::TimeZone::UTC.to_datetime(t).date());
    let date = match (month, numbers.as_slice()) {
        (Some(m), [d, y, ..]) if *y > 31 => Date::new(full(*y), m, i8::try_from(*d).ok()?).ok(),
        (Some(m), [y, d, ..]) if *y > 31 => Date::new(full(*y), m, i8::try_from(*d).ok()?).ok(),
        (Some(m), [d, ..]) => before(m, i8::try_from(*d).ok()?, sent?),
        (None, [y, m, d, ..]) if *y > 31 => Date::new(full(*y), i8::try_from(*m).ok()?, i8::try_from(*d).ok()?).ok(),
        (None, [a, b, y, ..]) => unclear(*a, *b, full(*y)),
        (None | Some(_), _) => None,
    }?;
    let at = jiff::tz::TimeZone::UTC.to_timestamp(date.at(12, 0, 0, 0)).ok()?;
    mailed.is_none_or(|t| at <= t + jiff::SignedDuration::from_hours(36)).then_some(at)
}

fn full(year: i16) -> i16 {
    if (0..100).contains(&year) { year + 2000 } else { year }
}

fn before(month: i8, day: i8, sent: Date) -> Option<Date> {
    let this = Date::new(sent.year(), month, day).ok();
    this.filter(|d| *d <= sent).or_else(|| Date::new(sent.year() - 1, month, day).ok())
}

/// Day first or month first: only if one reading is possible.
fn unclear(a: i16, b: i16, year: i16) -> Option<Date> {
    let make = |m: i16, d: i16| Date::new(year, i8::try_from(m).ok()?, i8::try_from(d).ok()?).ok();
    match (make(a, b), make(b, a)) {
        (Some(x), Some(y)) if x == y => Some(x),
        (Some(_), Some(_)) | (None, None) => None,
        (one, other) => one.or(other),
    }
}

fn month(word: &str) -> Option<i8> {
    let letters = word.chars().all(char::is_alphabetic) && word.chars().count() >= 3;
    let find =
        |names: &[&str; 12]| names.iter().position(|n| word.starts_with(n)).and_then(|i| i8::try_from(i + 1).ok());
    MONTHS.iter().find_map(|names| find(names).filter(|_| letters))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, expected: Option<&str>) {
        let mailed: Timestamp = "2014-06-20T10:00:00Z".parse().expect("a time");
        assert_eq!(
            stated(text, Some(mailed)).map(|t| t.to_string()),
            expected.map(|d| format!("{d}T12:00:00Z")),
            "{text}"
        );
    }

    #[test]
    fn days_as_reminders_state_them() {
        case("June 3, 2014", Some("2014-06-03"));
        case("June 3", Some("2014-06-03"));
        case("Dec 24", Some("2013-12-24"));
        case("3. Juni 2014", Some("2014-06-03"));
        case("3 de junio de 2014", Some("2014-06-03"));
        case("le 3 juin 2014", Some("2014-06-03"));
        case("2014-06-03", Some("2014-06-03"));
        case("6/13/14", Some("2014-06-13"));
        case("6/3/14", None);
        case("2014年6月3日", Some("2014-06-03"));
        case("June 3, 2024", None);
        case("yesterday", None);
        case("June 99", None);
    }
}
