//! All mentions sorted into persons.
//!
//! Three kinds of reasons, in this order: the owner's word; an address or profile both have; likeness. The difficulty is
//! that "same" does not carry over: Jane Doe is like Jane A. Doe and like Jane B. Doe, who are two. So groups grow by
//! the surest pairs first, never across a pair that is known to be two people, and who fits two such groups joins
//! neither. A mention that is not trusted may join a person but never binds two: forged mail teaches nothing.
use super::book::Edge;
use super::parse::{fullness, shown};
use super::reading::{Reading, read};
use super::sets::{Known, Sets, bag, known};
use super::{Address, Grouping, Likeness, Mention, Name, Owner, Perhaps, Person, PersonId, SameAs, Seen};
use std::collections::{BTreeMap, HashSet};
use std::rc::Rc;

/// Sorts mentions into persons. Their order does not matter; the owner's own are left out.
#[must_use]
pub fn group(mentions: &[Mention], tellings: &[SameAs], owner: &Owner) -> Grouping {
    let own: HashSet<String> = owner.names.iter().map(|n| bag(&read(n.as_str()))).collect();
    let known = known(mentions);
    let mut sorted: Vec<&Mention> = mentions.iter().filter(|m| !is_owner(m, owner, &own, &known)).collect();
    sorted.sort_by_key(|m| m.id);
    sorted.dedup_by_key(|m| m.id);
    let mut sets = Sets::new(&sorted, tellings, known);
    sets.told(tellings);
    sets.by_key(&sorted);
    sets.by_meeting(&sorted);
    sets.by_name(&sorted);
    let perhaps = sets.by_likeness(&sorted);
    sets.grouping(&sorted, perhaps)
}

/// The owner's addresses anywhere; the owner's name where calendars name everybody, if no other address says otherwise.
fn is_owner(m: &Mention, owner: &Owner, own: &HashSet<String>, known: &Known<'_>) -> bool {
    let in_calendar = matches!(m.seen, Seen::Attendee | Seen::Title | Seen::Description) && m.address.is_none();
    m.address.as_ref().is_some_and(|a| owner.has_address(a))
        || in_calendar && m.name.as_ref().and_then(|n| known.get(n.as_str())).is_some_and(|r| own.contains(&r.bag))
}

impl Sets<'_> {
    fn grouping(&self, sorted: &[&Mention], open: Vec<Edge>) -> Grouping {
        let mut groups: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for i in 0..sorted.len() {
            groups.entry(self.root(i)).or_default().push(i);
        }
        let id = |i: usize| sorted.get(self.root(i)).map(|m| PersonId(m.id.0));
        let mut perhaps: BTreeMap<(PersonId, PersonId), Likeness> = BTreeMap::new();
        for edge in open {
            let (Some(a), Some(b)) = (id(edge.a), id(edge.b)) else { continue };
            let told = self
                .apart
                .iter()
                .any(|(x, y)| (id(*x), id(*y)) == (Some(a), Some(b)) || (id(*y), id(*x)) == (Some(a), Some(b)));
            let at = (a.min(b), a.max(b));
            let better = perhaps.get(&at).is_none_or(|l| edge.likeness.weight > l.weight);
            if a != b && !told && better {
                perhaps.insert(at, edge.likeness);
            }
        }
        let persons = groups.values().filter_map(|g| self.person(sorted, g)).collect();
        Grouping {
            persons,
            perhaps: perhaps.into_iter().map(|((a, b), likeness)| Perhaps { a, b, likeness }).collect(),
        }
    }

    fn person(&self, sorted: &[&Mention], members: &[usize]) -> Option<Person> {
        let mentions: Vec<&Mention> = members.iter().filter_map(|i| sorted.get(*i).copied()).collect();
        let id = PersonId(mentions.first()?.id.0);
        let proven = mentions.iter().any(|m| m.trusted);
        let mut addresses: Vec<Address> =
            mentions.iter().filter(|m| m.trusted || !proven).filter_map(|m| m.address.clone()).collect();
        addresses.sort();
        addresses.dedup();
        let speaks = |m: &&&Mention| m.trusted || !proven;
        let name = mentions.iter().filter(speaks).filter_map(|m| Some((self.reading(m)?, *m))).max_by(fuller);
        let name = name.and_then(|(reading, _)| Name::new(&shown(&reading)));
        Some(Person { id, name, addresses, mentions: mentions.iter().map(|m| m.id).collect() })
    }
}

/// The fuller name; of equally full ones the one from their own mail, then the one seen first.
fn fuller(a: &(Rc<Reading>, &Mention), b: &(Rc<Reading>, &Mention)) -> std::cmp::Ordering {
    if Rc::ptr_eq(&a.0, &b.0) {
        return std::cmp::Ordering::Less;
    }
    let rank =
        |(reading, m): &(Rc<Reading>, &Mention)| (fullness(reading), m.seen == Seen::Wrote, std::cmp::Reverse(m.id));
    rank(a).cmp(&rank(b))
}

#[cfg(test)]
mod tests {
    use super::super::{MentionId, ProfileKey};
    use super::*;
    use jiff::{Timestamp, tz::TimeZone};
    use proptest::prelude::*;

    const DAY: i64 = 86_400;

    fn owner() -> Owner {
        Owner {
            names: Name::new("Otto Owner").into_iter().collect(),
            addresses: Address::new("otto@home.test").into_iter().collect(),
            organisation: Vec::new(),
            zone: TimeZone::UTC,
        }
    }

    /// `id seen day name <address> profile`, untrusted with a leading `?`.
    fn mention(id: i64, seen: Seen, day: i64, name: &str, key: &str) -> Mention {
        let (key, trusted) = key.strip_prefix('?').map_or((key, true), |k| (k, false));
        Mention {
            id: MentionId(id),
            seen,
            name: Name::new(name),
            address: Address::new(key),
            profile: if key.contains('@') { None } else { ProfileKey::new("linkedin", key) },
            headline: None,
            organisation: None,
            at: Timestamp::from_second(1_700_000_000 + day * DAY).unwrap_or_default(),
            trusted,
        }
    }

    fn groups(mentions: &[Mention], tellings: &[SameAs]) -> Vec<Vec<i64>> {
        let found = group(mentions, tellings, &owner());
        found.persons.iter().map(|p| p.mentions.iter().map(|m| m.0).collect()).collect()
    }

    fn perhaps(mentions: &[Mention]) -> Vec<(i64, i64)> {
        group(mentions, &[], &owner()).perhaps.iter().map(|p| (p.a.0, p.b.0)).collect()
    }

    use Seen::{Asked, Attendee, Title, Wrote};

    #[test]
    fn the_request_after_the_interview_is_the_candidates() {
        let mentions = [
            mention(1, Title, 0, "Tilda Quist", ""),
            mention(2, Asked, 1, "Tilda Quist, PhD", "in/tilda-quist"),
            mention(3, Wrote, 1, "Tilda Quist", "tilda@mail.test"),
            mention(4, Asked, 1, "Bruno Quist", "in/bruno"),
        ];
        assert_eq!(groups(&mentions, &[]), [vec![1, 2, 3], vec![4]]);
    }

    #[test]
    fn the_owner_is_left_out() {
        let mentions = [
            mention(1, Attendee, 0, "Otto Owner", ""),
            mention(2, Attendee, 0, "O.", "otto@home.test"),
            mention(3, Title, 0, "Tilda Quist", ""),
        ];
        assert_eq!(groups(&mentions, &[]), [vec![3]]);
    }

    #[test]
    fn an_address_binds_two_names_and_a_telling_parts_them() {
        let mentions =
            [mention(1, Attendee, 0, "Tilda Quist", "t@acme.test"), mention(2, Wrote, 1, "Tilda Borg", "t@acme.test")];
        assert_eq!(groups(&mentions, &[]), [vec![1, 2]]);
        let apart = SameAs { a: MentionId(1), b: MentionId(2), same: false };
        assert_eq!(groups(&mentions, &[apart]), [vec![1], vec![2]]);
    }

    #[test]
    fn a_telling_joins_what_no_rule_would() {
        let mentions =
            [mention(1, Attendee, 0, "Tilda Quist", "t@acme.test"), mention(2, Asked, 1, "Bruno Borg", "in/bb")];
        let same = SameAs { a: MentionId(2), b: MentionId(1), same: true };
        assert_eq!(groups(&mentions, &[same]), [vec![1, 2]]);
    }

    #[test]
    fn who_fits_two_people_joins_neither() {
        let mentions = [
            mention(1, Attendee, 0, "Tilda A. Quist", "ta@acme.test"),
            mention(2, Attendee, 0, "Tilda B. Quist", "tb@globex.test"),
            mention(3, Asked, 1, "Tilda Quist", "in/tilda-quist"),
        ];
        assert_eq!(groups(&mentions, &[]), [vec![1], vec![2], vec![3]]);
        assert_eq!(perhaps(&mentions), [(1, 3), (2, 3)]);
    }

    #[test]
    fn namesakes_are_asked_about_and_the_only_one_is_not() {
        let asked = mention(3, Asked, 1, "John Smith", "in/js");
        let one = [mention(1, Attendee, 0, "John Smith", "js@acme.test"), asked.clone()];
        assert_eq!(groups(&one, &[]), [vec![1, 3]]);
        let two = [one[0].clone(), mention(2, Attendee, 0, "John Smith", "john@globex.test"), asked];
        assert_eq!(groups(&two, &[]), [vec![1], vec![2], vec![3]]);
        assert!(perhaps(&two).contains(&(1, 3)) && perhaps(&two).contains(&(2, 3)));
    }

    #[test]
    fn who_was_interviewed_thanks_and_asks_is_one() {
        let all = |wrote: &str, asked: &str| {
            [
                mention(1, Title, 0, "John Smith", ""),
                mention(2, Wrote, 1, wrote, "zq77@mail.test"),
                mention(3, Asked, 1, asked, "in/js"),
            ]
        };
        assert_eq!(groups(&all("John Smith", "John Smith"), &[]), [vec![1, 2, 3]]);
        assert_eq!(groups(&all("John Smith", "John B. Smith"), &[]).len(), 3, "another may be meant");
        let other =
            [&all("John Smith", "John Smith")[..], &[mention(4, Attendee, 2, "John Smith", "js@acme.test")]].concat();
        assert_eq!(groups(&other, &[]).len(), 4, "two were met: which of them?");
    }

    #[test]
    fn a_first_name_in_the_title_is_the_one_attendee_so_called() {
        let mentions = [
            mention(1, Attendee, 0, "Tilda Quist", "t@acme.test"),
            mention(2, Attendee, 0, "Bruno Borg", "b@acme.test"),
            mention(3, Title, 0, "Tilda", ""),
        ];
        assert_eq!(groups(&mentions, &[]), [vec![1, 3], vec![2]]);
    }

    #[test]
    fn two_short_names_of_one_are_theirs() {
        let met = mention(1, Title, 0, "Katie Quistgaard", "");
        let asked = mention(2, Asked, 1, "Kate Quistgaard", "in/kq");
        let wrote = mention(3, Wrote, 1, "Katherine Quistgaard", "kq@mail.test");
        assert_eq!(groups(&[met.clone(), asked.clone(), wrote], &[]), [vec![1, 2, 3]]);
        assert_eq!(groups(&[met, asked], &[]), [vec![1], vec![2]]);
        let shared = [
            mention(1, Title, 0, "Christina Quistgaard", ""),
            mention(2, Attendee, 3, "Christine Quistgaard", "cq@acme.test"),
            mention(3, Asked, 4, "Chris Quistgaard", "in/cq"),
        ];
        assert_eq!(groups(&shared, &[]), [vec![1], vec![2], vec![3]]);
    }

    #[test]
    fn a_first_name_alone_is_asked_about_soon_after_the_meeting() {
        let wrote =
            |day, name: &str| [mention(1, Title, 0, "Tilda Quist", ""), mention(2, Wrote, day, name, "zq77@mail.test")];
        assert_eq!(perhaps(&wrote(1, "Tilda")), [(1, 2)]);
        assert_eq!(perhaps(&wrote(1, "Anna")), []);
        let met = [mention(1, Title, 0, "Anna", ""), mention(2, Asked, 1, "Anna Quist", "in/aq")];
        assert_eq!(perhaps(&met), [(1, 2)]);
        let later = [mention(1, Title, 0, "Anna Quist", ""), mention(2, Wrote, 90, "Anna", "zq77@mail.test")];
        assert_eq!(perhaps(&later), []);
        let beside = [
            mention(1, Title, 0, "John Smith", ""),
            mention(2, Asked, 1, "John Smith", "in/js"),
            mention(3, Wrote, 1, "John", "zq77@mail.test"),
        ];
        assert_eq!(groups(&beside, &[]), [vec![1, 2], vec![3]]);
        assert_eq!(perhaps(&beside), [(1, 3)]);
    }

    #[test]
    fn booked_by_a_rare_family_name() {
        let wrote = |day, family: &str, name: &str| {
            [mention(1, Title, 0, family, ""), mention(2, Wrote, day, name, "zq77@mail.test")]
        };
        assert_eq!(groups(&wrote(1, "Quistgaard", "Tilda Quistgaard"), &[]), [vec![1, 2]]);
        assert_eq!(groups(&wrote(1, "de la Roche", "Anna de la Roche"), &[]), [vec![1, 2]]);
        assert_eq!(groups(&wrote(1, "Anna Quistgaard", "Anna Quistgaard Sole"), &[]), [vec![1, 2]]);
        // Too late, too common, or another of the name.
        assert_eq!(groups(&wrote(30, "Quistgaard", "Tilda Quistgaard"), &[]), [vec![1], vec![2]]);
        assert_eq!(groups(&wrote(1, "Smith", "Tilda Smith"), &[]), [vec![1], vec![2]]);
        let two = [
            mention(1, Title, 0, "Quistgaard", ""),
            mention(2, Wrote, 1, "Tilda Quistgaard", "zq77@mail.test"),
            mention(3, Asked, 1, "Bruno Quistgaard", "in/bq"),
        ];
        assert_eq!(groups(&two, &[]), [vec![1], vec![2], vec![3]]);
    }

    #[test]
    fn booked_under_the_long_name_and_signed_with_the_short_one() {
        let wrote = |day, family: &str, (booked, signed): (&str, &str)| {
            let named = |given: &str| format!("{given} {family}");
            [mention(1, Title, 0, &named(booked), ""), mention(2, Wrote, day, &named(signed), "zq77@mail.test")]
        };
        let (rare, names) = ("Quistgaard", ("Fitzgerald", "Fitz"));
        assert_eq!(groups(&wrote(1, rare, names), &[]), [vec![1, 2]]);
        assert_eq!(groups(&wrote(1, "Quistgaard-Borg", ("Ignatius", "Iggy")), &[]), [vec![1, 2]]);
        assert_eq!(groups(&wrote(1, rare, ("Oluwaseun", "Seun")), &[]), [vec![1, 2]]);
        let asked_too = [
            mention(1, Title, 0, "Fitzgerald Quistgaard", ""),
            mention(2, Wrote, 1, "Fitz Quistgaard", "zq77@mail.test"),
            mention(3, Asked, 2, "Fitzgerald Quistgaard", "in/fq"),
        ];
        assert_eq!(groups(&asked_too, &[]), [vec![1, 2, 3]]);
        // Too late, too common, or no short form of it.
        assert_eq!(groups(&wrote(30, rare, names), &[]), [vec![1], vec![2]]);
        assert_eq!(groups(&wrote(1, "Smith", names), &[]), [vec![1], vec![2]]);
        assert_eq!(groups(&wrote(1, rare, ("Fitzgerald", "Bruno")), &[]), [vec![1], vec![2]]);
        let address =
            [mention(1, Title, 0, "Xiomara Belzunce", ""), mention(2, Wrote, 1, "Xiomara", "x.belzunce@mail.test")];
        assert_eq!(groups(&address, &[]), [vec![1, 2]]);
        let script = [mention(1, Title, 0, "尉迟晓峰", ""), mention(2, Wrote, 1, "Xiaofeng Yuchi", "zq77@mail.test")];
        assert_eq!(groups(&script, &[]), [vec![1, 2]]);
    }

    #[test]
    fn forged_mail_teaches_nothing() {
        let mentions = [
            mention(1, Attendee, 0, "Tilda Quist", "t@acme.test"),
            mention(2, Asked, 1, "Bruno Borg", "in/bb"),
            mention(3, Wrote, 1, "Bruno Borg", "?t@acme.test"),
        ];
        let found = group(&mentions, &[], &owner());
        assert_eq!(groups(&mentions, &[]), [vec![1, 3], vec![2]]);
        assert_eq!(found.persons[0].name, Name::new("Tilda Quist"));
        assert!(found.perhaps.is_empty());
        let unproved =
            [mention(1, Asked, 0, "Bruno Borg", "?x@evil.test"), mention(2, Wrote, 1, "Tilda Quist", "?x@evil.test")];
        assert_eq!(groups(&unproved, &[]), [vec![1], vec![2]]);
    }

    /// Whatever anybody writes under any name: who was told apart or joined without it is so with it.
    #[test]
    fn unproved_mail_changes_nothing_between_others() {
        let met = mention(1, Title, 0, "Katie Quistgaard", "");
        let asked = mention(2, Asked, 1, "Kate Quistgaard", "in/kq");
        let posed = mention(3, Wrote, 1, "Katherine Quistgaard", "?x@evil.test");
        let both = [met, asked, posed];
        assert_eq!(groups(&both[..2], &[]), [vec![1], vec![2]]);
        assert_eq!(groups(&both, &[]), [vec![1, 3], vec![2]]);
        let family = |third| {
            [
                mention(1, Title, 0, "Quistgaard", ""),
                mention(2, Wrote, 1, "Tilda Quistgaard", "zq77@mail.test"),
                mention(3, Asked, 1, "Bruno Quistgaard", third),
            ]
        };
        assert_eq!(groups(&family("in/bq"), &[]), [vec![1], vec![2], vec![3]]);
        assert_eq!(groups(&family("?in/bq"), &[]), [vec![1, 2], vec![3]]);
        let smiths = |third| {
            [
                mention(1, Attendee, 0, "John Smith", "js@acme.test"),
                mention(2, Wrote, 1, "John Smith", third),
                mention(3, Asked, 1, "John Smith", "in/js"),
            ]
        };
        assert_eq!(groups(&smiths("john@globex.test"), &[]), [vec![1], vec![2], vec![3]]);
        assert_eq!(groups(&smiths("?john@globex.test"), &[]), [vec![1, 3], vec![2]]);
    }

    #[test]
    fn the_fullest_name_is_shown_and_never_a_former_one() {
        let mentions = [
            mention(1, Attendee, 0, "tilda", "t@acme.test"),
            mention(2, Asked, 1, "Tilda Quist (née Borg)", "?t@acme.test"),
            mention(3, Wrote, 1, "Quist, Tilda (geb. Borg)", "t@acme.test"),
        ];
        let found = group(&mentions, &[], &owner());
        assert_eq!(found.persons.first().and_then(|p| p.name.clone()), Name::new("Tilda Quist"));
    }

    fn any_mention() -> impl Strategy<Value = (usize, usize, usize, i64, bool)> {
        (0..8usize, 0..6usize, 0..4usize, 0..30i64, any::<bool>())
    }

    fn built(id: usize, (name, key, seen, day, trusted): (usize, usize, usize, i64, bool)) -> Mention {
        const NAMES: [&str; 8] = [
            "Tilda Quist",
            "Tilda A. Quist",
            "Tilda B. Quist",
            "Bruno Quist",
            "John Smith",
            "Quist, Tilda",
            "Tilda Q.",
            "",
        ];
        const KEYS: [&str; 6] = ["", "", "t@acme.test", "q@mail.test", "in/tq", "in/bq"];
        let at = i64::try_from(id).unwrap_or_default() + 1;
        let key = KEYS.get(key).copied().unwrap_or("");
        let key = if trusted { key.to_owned() } else { format!("?{key}") };
        let seen = [Asked, Attendee, Title, Wrote][seen];
        mention(at, seen, day, NAMES.get(name).copied().unwrap_or(""), &key)
    }

    proptest! {
        #[test]
        fn the_order_of_mentions_does_not_matter(
            rows in proptest::collection::vec(any_mention(), 1..14),
            turn in 0..14usize,
            told in proptest::collection::vec((1..14i64, 1..14i64, any::<bool>()), 0..3),
        ) {
            let mentions: Vec<Mention> = rows.into_iter().enumerate().map(|(i, r)| built(i, r)).collect();
            let mut turned = mentions.clone();
            turned.rotate_left(turn % mentions.len());
            turned.reverse();
            let told: Vec<SameAs> =
                told.into_iter().filter(|(a, b, _)| a != b).map(|(a, b, same)| SameAs { a: MentionId(a), b: MentionId(b), same }).collect();
            prop_assert_eq!(group(&mentions, &told, &owner()), group(&turned, &told, &owner()));
        }

        #[test]
        fn unproved_mail_never_moves_others(rows in proptest::collection::vec(any_mention(), 2..14)) {
            let calendars = |m: &Mention| matches!(m.seen, Attendee | Title);
            let proved = |(i, r)| Some(built(i, r)).map(|m: Mention| Mention { trusted: m.trusted || calendars(&m), ..m });
            let mentions: Vec<Mention> = rows.into_iter().enumerate().filter_map(proved).collect();
            let known: Vec<Mention> = mentions.iter().filter(|m| m.trusted).cloned().collect();
            let is_known = |id: &i64| known.iter().any(|m| m.id == MentionId(*id));
            let of_known = |all: Vec<Vec<i64>>| -> Vec<Vec<i64>> {
                let mut kept: Vec<Vec<i64>> = all.into_iter().map(|g| g.into_iter().filter(is_known).collect()).collect();
                kept.retain(|g: &Vec<i64>| !g.is_empty());
                kept.sort();
                kept
            };
            prop_assert_eq!(of_known(groups(&mentions, &[])), of_known(groups(&known, &[])));
        }

        #[test]
        fn a_telling_wins(rows in proptest::collection::vec(any_mention(), 2..14), same in any::<bool>()) {
            let mentions: Vec<Mention> = rows.into_iter().enumerate().map(|(i, r)| built(i, r)).collect();
            let told = [SameAs { a: MentionId(1), b: MentionId(2), same }];
            let together = groups(&mentions, &told).iter().any(|g| g.contains(&1) && g.contains(&2));
            prop_assert_eq!(together, same);
        }
    }
}
