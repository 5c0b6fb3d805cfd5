//! Are these two the same person? Likeness weighs what speaks for it and what against, and can say why.
//!
//! The answer has three outcomes, and "ask" is the honest one whenever the name alone would have to decide between
//! people who share it: a wrong person in a verdict is worse than a question.
use super::reading::read;
use super::scale::{Weighed, weigh};
use super::trace::{TWO_EMPLOYERS, Trace, beside, is_role};
use super::{Address, Evidence, Likeness, Mention, Outcome};
use std::rc::Rc;

/// What the caller knows beyond the two mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Context {
    pub rivals: Rivals,
    /// The thank-you mail names the meeting, its role or its day.
    pub names_the_meeting: bool,
}

/// How many persons of the window have a name that could be meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rivals {
    #[default]
    Unknown,
    OnlyOne,
    Several,
}

/// How alike two mentions are, with every piece of evidence in words.
#[must_use]
pub fn likeness(a: &Mention, b: &Mention, ctx: &Context) -> Likeness {
    likeness_of_traces(&Trace::of(a), &Trace::of(b), ctx)
}

/// How alike two names are, by the names alone.
#[must_use]
pub fn likeness_of_names(a: &str, b: &str) -> Likeness {
    let w = weigh(&read(a), &read(b));
    Likeness { outcome: w.outcome(0.0, 0.0), weight: w.weight, evidence: w.evidence }
}

/// `thankd who A B`: each side is `Name`, `Name <address>` or an address.
#[must_use]
pub fn who(a: &str, b: &str) -> Likeness {
    if !a.contains('@') && !b.contains('@') {
        return likeness_of_names(a, b);
    }
    let (a, b) = (side(a), side(b));
    likeness_of_traces(&trace(&a), &trace(&b), &Context::default())
}

fn trace((name, address): &(String, Option<Address>)) -> Trace<'_> {
    let reading = Some(read(name)).filter(|r| !r.words.is_empty()).map(Rc::new);
    let mut trace = Trace { readings: reading.into_iter().collect(), ..Trace::default() };
    address.iter().for_each(|a| trace.reach(a));
    trace
}

fn side(s: &str) -> (String, Option<Address>) {
    match s.rsplit_once('<') {
        Some((name, rest)) => (name.to_owned(), Address::new(rest)),
        None => match Address::new(s) {
            Some(address) => (String::new(), Some(address)),
            None => (s.to_owned(), None),
        },
    }
}

/// A name of this weight is borne by so few that two addresses make no namesake likely: both parts rare (docs/identity.md).
const RARE_NAME: f32 = 7.0;

/// How alike two sides are, each one mention or many.
pub(crate) fn likeness_of_traces(a: &Trace<'_>, b: &Trace<'_>, ctx: &Context) -> Likeness {
    if let Some(term) = decided(a, b).filter(|_| may_be_one(a, b)) {
        return Likeness {
            outcome: Outcome::Same,
            weight: 12.0,
            evidence: vec![Evidence { term: term.to_owned(), weight: 12.0 }],
        };
    }
    let mut w = names(a, b);
    // That `Jane` is so little is no word against: what stands beside it may make it worth a question.
    let compatible = (w.weight > 0.0 || w.short) && !w.contradicts;
    let mut around =
        if compatible || a.readings.is_empty() || b.readings.is_empty() { beside(a, b) } else { Vec::new() };
    if compatible && ctx.rivals == Rivals::OnlyOne {
        around.push(Evidence { term: "the only one so named around that time".to_owned(), weight: 1.5 });
    }
    if compatible && ctx.names_the_meeting {
        around.push(Evidence { term: "the letter names the meeting".to_owned(), weight: 2.0 });
    }
    if ctx.rivals == Rivals::Several {
        w.capped = true;
        w.evidence.push(Evidence { term: "several people so named".to_owned(), weight: 0.0 });
    }
    let context: f32 = around.iter().map(|e| e.weight).sum();
    // People apply from an address of their own; only where namesakes are likely do two firms mean two people.
    let namesakes = w.weight < RARE_NAME;
    w.capped |= around.iter().any(|e| e.weight <= -4.0 || (namesakes && e.term == TWO_EMPLOYERS));
    let telling = around.iter().map(|e| e.weight).filter(|weight| weight.abs() >= 1.0).sum();
    let outcome = w.outcome(context, telling);
    w.evidence.extend(around);
    Likeness { outcome, weight: w.weight + context, evidence: w.evidence }
}

/// Whoever forges a mail writes any address into it: of two names that are two people's it makes nobody one, if
/// neither was ever proved.
fn may_be_one(a: &Trace<'_>, b: &Trace<'_>) -> bool {
    !(a.unproved && b.unproved) || names(a, b).outcome(0.0, 0.0) != Outcome::Different
}

/// An address or a profile both have decides, unless many share it.
fn decided(a: &Trace<'_>, b: &Trace<'_>) -> Option<&'static str> {
    let address = a.addresses.iter().any(|x| b.addresses.contains(x) && !is_role(x));
    let profile = a.profiles.iter().any(|x| b.profiles.contains(x));
    match (address, profile) {
        (true, _) => Some("the same address"),
        (false, true) => Some("the same profile"),
        (false, false) => None,
    }
}

/// The best agreement between any two of their names; a contradiction between any two stands.
fn names(a: &Trace<'_>, b: &Trace<'_>) -> Weighed {
    let mut best: Option<Weighed> = None;
    let mut contradicts = false;
    for x in &a.readings {
        for y in &b.readings {
            let w = weigh(x, y);
            contradicts |= w.contradicts;
            if best.as_ref().is_none_or(|b| w.weight > b.weight) {
                best = Some(w);
            }
        }
    }
    let mut w = best.unwrap_or_else(Weighed::nameless);
    w.contradicts |= contradicts;
    w
}

#[cfg(test)]
mod tests {
    use super::super::{MentionId, Name, ProfileKey, Seen};
    use super::*;
    use jiff::Timestamp;
    use proptest::prelude::*;

    #[track_caller]
    fn case(a: &str, b: &str, expected: Outcome) {
        let (ab, ba) = (who(a, b), who(b, a));
        assert_eq!(ab.outcome, expected, "{a} ~ {b}: {:?}", ab.evidence);
        assert_eq!(ba.outcome, expected, "{b} ~ {a}: {:?}", ba.evidence);
    }

    #[test]
    fn forms_of_one_name_are_the_same() {
        use Outcome::Same;
        case("Tilda Quist", "Quist, Tilda", Same);
        case("Dr. Tilda Quist, PhD", "TILDA QUIST", Same);
        case("Tilda Quist (she/her) #OpenToWork", "Tilda Quist via LinkedIn", Same);
        case("Tilda M. Quist", "Tilda Quist", Same);
        case("Jörgen Strömqvist", "Joergen Stromqvist", Same);
        case("Bob Quistgaard", "Robert Quistgaard", Same);
        case("Robert \"Bob\" Quistgaard", "Bob Quistgaard", Same);
        case("Xiu (Rose) Quon", "Rose Quon", Same);
        case("Maarten van der Quast", "van der Quast, Maarten", Same);
        case("Ana Delatorre", "Ana De La Torre", Same);
        case("Mai Vu", "Vu Thi Mai", Same);
        case("Sergey Bulatnikov", "Sergei Bulatnikov", Same);
        case("Дмитрий Булатников", "Dmitry Bulatnikov", Same);
        case("Hana Qadirzade", "Hana Kadirzade", Same);
        case("tilda.quist", "Tilda Quist", Same);
        case("Tilda_Quist", "Quist, Tilda", Same);
        case("JB Quistgaard", "Jean-Baptiste Quistgaard", Same);
        case("Bart Quistgaard", "Bartholomew Quistgaard", Same);
        case("Ruud v.d. Quist", "Ruud van den Quist", Same);
        case("中村由紀", "中村 由紀", Same);
        case("八木翼", "八木 翼", Same);
        case("佐藤さくら", "佐藤 さくら", Same);
        case("Lena Brandtner (geb. Ohlsen)", "Lena Ohlsen", Same);
        case("Tilda Quist <t@example.org>", "somebody <T@EXAMPLE.org>", Same);
    }

    #[test]
    fn what_may_be_two_people_is_asked() {
        use Outcome::Ask;
        case("John Smith", "John Smith", Ask);
        case("Anna Nguyen", "Anna Nguyen", Ask);
        case("Tilda Q.", "Tilda Quist", Ask);
        case("T. Quist", "Tilda Quist", Ask);
        case("Tilda", "Tilda Quist", Ask);
        case("Quist", "Tilda Quist", Ask);
        case("JB Martin", "Jean-Baptiste Martin", Ask);
        case("Kees 't Hooft", "'t Hooft", Ask);
        case("Anna de la Roche", "de la Roche", Ask);
        case("高木", "高木 美咲", Ask);
        case("Helen Quist", "Elena Quist", Ask);
        case("Tilda Quist", "Tilda Quist-Borg", Ask);
        case("Lou and Jan Quist", "Jan Quist", Ask);
        case("田中花子", "Tanaka Hanako", Ask);
        case("田中花子", "Suzuki Hanako", Ask);
        case("王伟", "王伟", Ask);
        case("Tilda Quist", "tilda.quist@example.org", Ask);
        case("Karen Wallin", "Karen Wallen", Ask);
        case("Karen Wallin <karen@acme.test>", "Karen Wallin <karen@globex.test>", Ask);
    }

    #[test]
    fn a_name_written_twice_compares_either_way() {
        for (a, b) in [("O'Neil Smith", "O'Neil Smith Smith"), ("Ma Smith", "Ma Ma Smith")] {
            assert_eq!(who(a, b).outcome, who(b, a).outcome, "{a} · {b}");
        }
    }

    #[test]
    fn a_rare_name_goes_with_two_addresses() {
        case("Tilda Quist <tilda@acme.test>", "Tilda Quist <tilda@globex.test>", Outcome::Same);
        case("Tilda Quist <tilda@acme.test>", "Tilda Quist <tq77@globex.test>", Outcome::Same);
    }

    #[test]
    fn a_name_within_another_is_never_different() {
        // "Phd" is read as letters after a name, and may be one.
        case("Phd Quist", "Quist Tilda Phd", Outcome::Ask);
    }

    #[test]
    fn siblings_and_generations_are_different() {
        use Outcome::Different;
        case("Tilda Hansen", "Bruno Hansen", Different);
        case("Tilda Quist Jr.", "Tilda Quist III", Different);
        case("Tilda M. Quist", "Tilda R. Quist", Different);
        case("Anna Schulz", "Anna Becker", Different);
    }

    #[test]
    fn letters_that_pose_as_others_are_named() {
        let says = |a: &str| who(a, "Tilda Quist").evidence.iter().any(|e| e.term.starts_with("look-alike"));
        assert!(says("Tild\u{430} Quist") && says("T1lda Quist"));
        assert!(!says("Tilda Quist") && !says("Тильда Квист"));
    }

    fn mention(seen: Seen, name: &str, address: Option<&str>, day: i64) -> Mention {
        Mention {
            id: MentionId(day),
            seen,
            name: Name::new(name),
            address: address.and_then(Address::new),
            profile: None,
            headline: None,
            organisation: None,
            at: Timestamp::from_second(1_700_000_000 + day * 86_400).unwrap_or_default(),
            trusted: true,
        }
    }

    #[test]
    fn a_common_name_needs_more_than_itself() {
        let met = mention(Seen::Attendee, "John Smith", Some("john@acme.test"), 0);
        let asked = mention(Seen::Asked, "John Smith", None, 1);
        let with = |rivals| likeness(&met, &asked, &Context { rivals, names_the_meeting: false }).outcome;
        assert_eq!(with(Rivals::Unknown), Outcome::Ask);
        assert_eq!(with(Rivals::OnlyOne), Outcome::Same);
        assert_eq!(with(Rivals::Several), Outcome::Ask);
        let at_acme = Mention { headline: Some("Engineer at Acme GmbH".into()), ..asked.clone() };
        assert_eq!(likeness(&met, &at_acme, &Context::default()).outcome, Outcome::Same);
    }

    #[test]
    fn two_chosen_profiles_are_not_joined() {
        let profile = |path| Mention {
            profile: ProfileKey::new("linkedin", path),
            ..mention(Seen::Asked, "Tilda Quist", None, 0)
        };
        let l = likeness(&profile("in/tilda-quist"), &profile("in/tilda-quist-2"), &Context::default());
        assert_ne!(l.outcome, Outcome::Same);
    }

    proptest! {
        #[test]
        fn no_text_panics_and_order_does_not_matter(a in "\\PC{0,60}", b in "\\PC{0,60}") {
            let (x, y) = (who(&a, &b), who(&b, &a));
            prop_assert_eq!(x.outcome, y.outcome);
            prop_assert!((x.weight - y.weight).abs() < 0.01);
        }

        #[test]
        fn names_of_listed_words_compare_either_way(
            a in "(Anna|Bob|Li|Jo|Quist|de|van|Smith|O'Neil|Ma|J\\.|Jr|Dr|Ana-Lu|Ali|al-)( (Anna|Robert|Lee|Quist|de|van|Smith|K|Ma|III|\\(Bo\\)|,)){0,4}",
            b in "(Anna|Bob|Li|Jo|Quist|de|van|Smith|O'Neil|Ma|J\\.|Jr|Dr|Ana-Lu|Ali|al-)( (Anna|Robert|Lee|Quist|de|van|Smith|K|Ma|III|\\(Bo\\)|,)){0,4}",
        ) {
            prop_assert_eq!(who(&a, &b).outcome, who(&b, &a).outcome);
        }
    }
}
