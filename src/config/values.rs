//! Values as people write them: "48h", "07:30", "Europe/Berlin". A wrong one is an error at its own place in the file.
use jiff::{SignedDuration, Span, civil, tz::TimeZone};
use serde::de::{self, Deserialize, Deserializer};

/// "45m", "48h", "180d", "2w", "24 months". A month is 30.4375 days: these are reaches, not dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach(pub SignedDuration);

/// A reach, or "off".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MaybeReach(pub Option<SignedDuration>);

/// "07:30"
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TimeOfDay(pub civil::Time);

/// An IANA zone name that exists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(pub TimeZone);

fn reach(text: &str) -> Result<SignedDuration, String> {
    let wrong = || format!("\"{text}\" is no duration; write it like \"45m\", \"48h\", \"180d\" or \"24 months\"");
    let span: Span = text.trim().parse().map_err(|_| wrong())?;
    let months = i64::from(span.get_years()) * 12 + i64::from(span.get_months());
    let days = i64::from(span.get_weeks()) * 7 + i64::from(span.get_days());
    let seconds = months * 2_629_800
        + days * 86_400
        + i64::from(span.get_hours()) * 3600
        + span.get_minutes() * 60
        + span.get_seconds();
    if seconds < 0 {
        return Err(format!("\"{text}\" lies in the past; a duration is never negative"));
    }
    Ok(SignedDuration::from_secs(seconds))
}

impl<'de> Deserialize<'de> for Reach {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        reach(&String::deserialize(d)?).map(Reach).map_err(de::Error::custom)
    }
}

impl<'de> Deserialize<'de> for MaybeReach {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        if text == "off" {
            return Ok(MaybeReach(None));
        }
        reach(&text).map(|r| MaybeReach(Some(r))).map_err(|e| de::Error::custom(format!("{e}, or \"off\"")))
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        let shaped = text.len() == 5 && text.as_bytes().get(2) == Some(&b':');
        let time = shaped.then(|| format!("{text}:00").parse().ok()).flatten();
        time.map(TimeOfDay)
            .ok_or_else(|| de::Error::custom(format!("\"{text}\" is no time of day; write it like \"07:30\"")))
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        TimeZone::get(&text).map(Zone).map_err(|_| de::Error::custom(no_zone(&text)))
    }
}

/// Zone names are long and easily mistyped; the nearest one is most likely meant.
fn no_zone(text: &str) -> String {
    let names = jiff::tz::db().available().map(|name| name.to_string());
    let nearest = names.map(|name| (strsim::damerau_levenshtein(text, &name), name)).min();
    let meant = nearest
        .filter(|(distance, _)| *distance <= 3)
        .map_or_else(|| "write it like \"Europe/Berlin\"".to_owned(), |(_, name)| format!("did you mean \"{name}\"?"));
    format!("\"{text}\" is no IANA zone name; {meant}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(text: &str, hours: Option<i64>) {
        assert_eq!(reach(text).ok().map(|d| d.as_secs()), hours.map(|h| h * 3600), "{text}");
    }

    #[test]
    fn durations_as_people_write_them() {
        case("48h", Some(48));
        case("48 hours", Some(48));
        case("2d", Some(48));
        case("1w", Some(168));
        case("60m", Some(1));
        case("24 months", Some(17532));
        case("soon", None);
        case("-2h", None);
        case("48", None);
    }
}
