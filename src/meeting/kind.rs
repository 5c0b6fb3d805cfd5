//! What kind of meeting it was, and by what it is known.
//!
//! The order is the etiquette's: the owner's word, a tag, a scheduling tool's mark, words, shape. A guess would call a
//! candidate an acquaintance or the reverse, so what nothing tells is `unclear` and judged both ways.
use super::glossary::{Class, Folded, Glossary};
use super::tools::Tools;
use super::{FoundIn, Kind, Meeting};

/// What the config adds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KindRules {
    /// More people than this are an audience (12).
    pub large_group: u32,
    /// Words of the owner's own for titles, with the kind they tell.
    pub words: Vec<(Kind, String)>,
}

impl Default for KindRules {
    fn default() -> Self {
        KindRules { large_group: 12, words: Vec::new() }
    }
}

/// The kind of a meeting and the reason in words. `telling` is the owner's word, which always wins.
#[must_use]
pub fn kind(meeting: &Meeting, rules: &KindRules, telling: Option<Kind>) -> (Kind, String) {
    if let Some(kind) = telling {
        return (kind, "you said so".to_owned());
    }
    by_tag(meeting)
        .or_else(|| by_entry(meeting))
        .or_else(|| by_own_words(meeting, rules))
        .or_else(|| by_tool(meeting))
        .or_else(|| by_interview_words(meeting))
        .or_else(|| by_size(meeting, rules))
        .or_else(|| by_words(meeting))
        .unwrap_or_else(|| by_shape(meeting))
}

type Told = (Kind, String);

fn tell(kind: Kind, why: impl Into<String>) -> Option<Told> {
    Some((kind, why.into()))
}

fn by_tag(meeting: &Meeting) -> Option<Told> {
    meeting.signals.categories.iter().find_map(|tag| {
        let kind = match tag.as_str() {
            "coffee" => Kind::Coffee,
            "meal" | "lunch" | "dinner" | "breakfast" => Kind::Meal,
            "drink" | "drinks" | "beer" | "beers" => Kind::Drink,
            "interview" | "interviews" => Kind::Interview,
            "phone screen" | "phone_screen" | "phone-screen" | "phonescreen" => Kind::PhoneScreen,
            "talk" => Kind::Talk,
            "call" => Kind::Call,
            "holiday" | "holidays" | "birthday" | "birthdays" | "vacation" | "personal" => Kind::Other,
            _ => return None,
        };
        tell(kind, format!("its category or tag says {tag}"))
    })
}

fn by_entry(meeting: &Meeting) -> Option<Told> {
    let signals = &meeting.signals;
    if signals.private {
        return tell(Kind::Other, "a private entry: only its time is looked at");
    }
    if has(meeting, "internal:title") {
        return tell(Kind::Other, "the title tells of talk about somebody, not with them");
    }
    let alone = meeting.participants.is_empty();
    if signals.all_day && alone {
        return tell(Kind::Other, "all day, and nobody else is named");
    }
    if signals.all_day && has(meeting, "personal:title") && !by_address(meeting) {
        return tell(Kind::Other, "all day, of private life: a birthday, a holiday, a deadline");
    }
    if signals.hold && alone && signals.words.is_empty() {
        return tell(Kind::Other, "a hold that names nobody");
    }
    None
}

fn by_own_words(meeting: &Meeting, rules: &KindRules) -> Option<Told> {
    let title = Folded::new(meeting.title.as_deref().unwrap_or_default());
    rules.words.iter().find_map(|(kind, word)| {
        let mut own = Glossary::default();
        own.add(Class::Meeting, word);
        (!own.hits(&title).is_empty()).then(|| (*kind, format!("the title says \"{word}\", a word of yours")))
    })
}

fn by_tool(meeting: &Meeting) -> Option<Told> {
    let tool = meeting.signals.tool.as_deref().filter(|tool| Tools::embedded().is_for_interviews(tool))?;
    let kind = if has(meeting, "phone_screen:title") { Kind::PhoneScreen } else { Kind::Interview };
    tell(kind, format!("a link of {tool}, which schedules interviews"))
}

/// An interview beats everything beside it: coffee, lunch, the talk it is held at.
fn by_interview_words(meeting: &Meeting) -> Option<Told> {
    let job = |word: &&String| told(word).is_some_and(|(class, _)| matches!(class, "interview" | "phone_screen"));
    match meeting.signals.words.iter().find(job).map(|word| (word.starts_with("phone"), quote(word))) {
        Some((true, why)) => return tell(Kind::PhoneScreen, why),
        Some((false, why)) => return tell(Kind::Interview, why),
        None => {}
    }
    let ordinary = ["meeting", "talk", "personal", "call"];
    let open = !ordinary.iter().any(|word| says(meeting, word));
    if says(meeting, "maybe_interview") && open && names_somebody(meeting) {
        return tell(Kind::Interview, "the title has a word for an interview, and names a person");
    }
    let social = ["coffee", "meal", "drink"].iter().any(|word| says(meeting, word));
    if has(meeting, "phone_screen:description") && open && !social {
        return tell(Kind::PhoneScreen, "the description says phone screen");
    }
    if has(meeting, "described:description") && open {
        return tell(Kind::Interview, "the description is an interviewer's");
    }
    None
}

fn by_size(meeting: &Meeting, rules: &KindRules) -> Option<Told> {
    let people = meeting.signals.people;
    (people > rules.large_group).then(|| (Kind::Talk, format!("{people} people are invited")))
}

fn by_words(meeting: &Meeting) -> Option<Told> {
    let signals = &meeting.signals;
    let social = [("coffee", Kind::Coffee), ("meal", Kind::Meal), ("drink", Kind::Drink)];
    let kind_of = |word: &str| social.iter().find(|(name, _)| told(word).is_some_and(|(class, _)| class == *name));
    let social = signals.words.iter().find_map(|word| kind_of(word).map(|(_, kind)| (word, kind)));
    let named = names_somebody(meeting);
    if says(meeting, "talk") && !(social.is_some() && named) {
        return tell(Kind::Talk, quote("talk:title"));
    }
    if let Some((word, kind)) = social {
        return tell(*kind, quote(word));
    }
    if has(meeting, "personal:title") && !named {
        return tell(Kind::Other, "the title tells of private life or a deadline");
    }
    if says(meeting, "unclear") {
        return tell(Kind::Unclear, "the title could mean more than one thing");
    }
    let distant = signals.by_phone || signals.by_video;
    if says(meeting, "call") {
        return tell(Kind::Call, quote("call:title"));
    }
    if says(meeting, "meeting") {
        return if distant {
            tell(Kind::Call, "ordinary business, at a distance")
        } else {
            tell(Kind::Meeting, quote("meeting:title"))
        };
    }
    None
}

fn by_shape(meeting: &Meeting) -> Told {
    let signals = &meeting.signals;
    let alone = !names_somebody(meeting);
    let distant = signals.by_phone || signals.by_video;
    let told = if says(meeting, "maybe_interview") {
        (Kind::Unclear, "the title has a word that may mean an interview")
    } else if alone {
        (Kind::Other, "nobody from outside is named")
    } else if signals.food_place && signals.people <= 3 {
        (Kind::Unclear, "at a café or restaurant, but no word says what for")
    } else if signals.recurring && signals.outside > 0 {
        if distant {
            (Kind::Call, "it recurs, at a distance")
        } else {
            (Kind::Meeting, "it recurs, with somebody from outside")
        }
    } else {
        (Kind::Unclear, "nothing says what it was")
    };
    (told.0, told.1.to_owned())
}

/// A kind word that stands where a title does: the class and the place.
fn told(word: &str) -> Option<(&str, &str)> {
    word.split_once(':').filter(|(_, place)| matches!(*place, "title" | "booking" | "opening"))
}

fn says(meeting: &Meeting, class: &str) -> bool {
    meeting.signals.words.iter().any(|word| told(word).is_some_and(|(said, _)| said == class))
}

fn quote(word: &str) -> String {
    let (class, place) = word.split_once(':').unwrap_or((word, "title"));
    let class = class.replace('_', " ");
    match place {
        "booking" => format!("the booking says {class}"),
        "opening" => format!("the description begins with {class}"),
        _ => format!("the title says {class}"),
    }
}

fn has(meeting: &Meeting, word: &str) -> bool {
    meeting.signals.words.iter().any(|w| w == word)
}

/// Was somebody else invited, not only named?
fn by_address(meeting: &Meeting) -> bool {
    meeting.participants.iter().any(|p| p.address.is_some())
}

fn names_somebody(meeting: &Meeting) -> bool {
    meeting
        .participants
        .iter()
        .any(|p| matches!(p.found_in, FoundIn::Title | FoundIn::Description) || p.address.is_some())
}
