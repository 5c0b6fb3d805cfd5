//! Clause 2: The owner's word wins, and of several the last one.
use crate::etiquette::case::{Case, Finding};
use crate::etiquette::{Clause, KnownBy, RequestWord};
use crate::meeting::Kind;
use crate::timeline::{FactId, Telling, Verb, told_kind};

pub(super) fn applies<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let (telling, known_by) = case.story.told.iter().rev().find_map(|t| Some((t, decides(t)?)))?;
    // An ignored request is no item any more: closed (judge.rs), a count in the foot.
    let word = if known_by.is_some() { RequestWord::Welcome } else { RequestWord::Harmless };
    Some(Finding { known_by, ..Finding::new(word, Clause::Told) }.because(FactId::Telling(telling.id)))
}

/// `Some(None)`: ignore. `None`: this telling decides nothing about requests.
pub(in crate::etiquette) fn decides(telling: &Telling) -> Option<Option<KnownBy>> {
    match telling.verb {
        // "met, for an interview" says what a meeting was, not that they know each other.
        Verb::Met => match telling.argument.as_deref().and_then(told_kind) {
            Some(Kind::Interview | Kind::PhoneScreen | Kind::Talk) => None,
            _ => Some(Some(KnownBy::Told)),
        },
        Verb::Known => Some(Some(KnownBy::Told)),
        Verb::Hired => Some(Some(KnownBy::Hired)),
        Verb::Ignore => Some(None),
        Verb::Noted | Verb::SameAs | Verb::NotSame | Verb::DidNotMeet => None,
    }
}

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::case;

    #[test]
    fn the_owners_word_wins() {
        case("met", "mon 10:00 asked; tue 9:00 told met", "tue 10:00", "welcome told told, closed tue 9:00");
        case("known", "mon 10:00 asked; tue 9:00 told known", "tue 10:00", "welcome told told");
        case("hired", "mon 9:00 interview; mon 11:00 asked; tue 9:00 told hired", "tue 10:00", "welcome told hired");
        case(
            "ignore: a count only",
            "mon 10:00 asked; tue 9:00 told ignore",
            "tue 10:00",
            "harmless told, closed tue 9:00",
        );
        case(
            "said before the request came: welcome, and news",
            "fri-1 9:00 told known; mon 10:00 asked",
            "tue 9:00",
            "welcome told told, still open",
        );
        case(
            "ignored before it came: closed from the start",
            "fri-1 9:00 told ignore; mon 10:00 asked",
            "tue 9:00",
            "harmless told, closed mon 10:00",
        );
        case(
            "the last word of several",
            "mon 10:00 asked; tue 9:00 told ignore; tue 10:00 told met",
            "tue 11:00",
            "welcome told told",
        );
        case(
            "the last word, the other way",
            "mon 10:00 asked; tue 9:00 told met; tue 10:00 told ignore",
            "tue 11:00",
            "harmless told",
        );
        case(
            "undone is unsaid",
            "mon 10:00 asked; tue 9:00 told met undone",
            "tue 10:00",
            "premature stranger, still open",
        );
        case(
            "noted touches thanks only",
            "mon 10:00 asked; tue 9:00 told noted",
            "tue 10:00",
            "premature stranger, still open",
        );
        case("met, for coffee", "mon 10:00 asked; tue 9:00 told met coffee 3 Nov", "tue 10:00", "welcome told told");
        case(
            "met, for an interview, is no acquaintance",
            "mon 10:00 asked; tue 9:00 told met interview",
            "tue 10:00",
            "premature stranger",
        );
        case(
            "it wins over a note that may come",
            "mon 9:00 interview; mon 11:00 asked; mon 12:00 told known",
            "mon 13:00",
            "welcome told told",
        );
        case(
            "of whoever it turns out to be",
            "mon 10:00 asked || John: sun-1 9:00 told known",
            "tue 9:00",
            "unsure which_person, asks John=welcome/told none=premature/stranger",
        );
    }
}
