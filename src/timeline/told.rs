//! What the owner's few words after a verb mean: "coffee 12 Nov".
use crate::meeting::Kind;

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
