//! What the owner's few words after a verb mean: "coffee 12 Nov".
use crate::meeting::Kind;
use jiff::civil::Date;

/// The kind of meeting an argument begins with.
#[must_use]
pub fn told_kind(argument: &str) -> Option<Kind> {
    let word = argument.split(|c: char| !c.is_alphabetic()).find(|w| !w.is_empty())?.to_lowercase();
    match word.as_str() {
        "coffee" | "tea" => Some(Kind::Coffee),
        "meal" | "lunch" | "dinner" | "breakfast" | "brunch" => Some(Kind::Meal),
        "drink" | "drinks" | "beer" | "wine" => Some(Kind::Drink),
        "interview" => Some(Kind::Interview),
        "phone" | "screen" | "screening" => Some(Kind::PhoneScreen),
        "meeting" | "talked" => Some(Kind::Meeting),
        "call" => Some(Kind::Call),
        "talk" | "webinar" | "conference" => Some(Kind::Talk),
        _ => None,
    }
}

/// A day in an argument: `2026-11-12`, or `12 Nov` / `Nov 12` as the latest such day up to when it was said.
#[must_use]
pub fn told_day(argument: &str, said: Date) -> Option<Date> {
    if let Some(date) = argument.split_whitespace().find_map(|w| w.parse::<Date>().ok()) {
        return Some(date);
    }
    let words = || argument.split(|c: char| !c.is_alphanumeric());
    let day: i8 = words().find_map(|w| w.parse().ok())?;
    let month = words().find_map(month)?;
    let this_year = Date::new(said.year(), month, day).ok()?;
    if this_year <= said { Some(this_year) } else { Date::new(said.year().checked_sub(1)?, month, day).ok() }
}

fn month(word: &str) -> Option<i8> {
    let start: String = word.chars().take(3).flat_map(char::to_lowercase).collect();
    let months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let index = months.iter().position(|m| *m == start)?;
    i8::try_from(index + 1).ok()
}
