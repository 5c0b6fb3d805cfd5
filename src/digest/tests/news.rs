//! news.md's table, case by case; then its caps, its questions, and the property that order does not matter.
use super::*;

fn ctx() -> Context {
    Context { now: at(NOW), first_run: false, policy_changed_at: None, show_missing: false }
}
/// A request whose present face is this, asked and recorded so many days ago.
fn is(face: &str, days: i64) -> Judged {
    let (word, clause) = face.split_once('/').unwrap();
    let (word, clause) = (unword(word), unword(clause));
    let then = at(NOW) - hours(24 * days);
    let mut item = request("k3f", person("Ana Muster", ""), word, clause, then);
    item.face_then = None;
    item
}
fn unword<T: serde::de::DeserializeOwned>(s: &str) -> T {
    serde_json::from_value(serde_json::Value::String(s.to_owned())).unwrap()
}
/// Thanks with this face; the newest event so many days ago.
fn thanked(word: &str, days: i64) -> Judged {
    let then = at(NOW) - hours(24 * days);
    let mut item = thanks(
        "k3h",
        person("Ana Muster", "ana@muster.test"),
        unword(word),
        meeting(Kind::Interview, "", then - hours(5)),
        Some(then),
    );
    item.event_at = then;
    item.recorded_at = then;
    item
}
fn news(cause: Cause, was: Option<&str>) -> Told {
    Told::News { cause, was: was.map(|w| Face(w.to_owned())) }
}
fn fact(was: Option<&str>) -> Told {
    news(Cause::Fact, was)
}
fn noted(cause: Cause, why: Quiet) -> Told {
    Told::Noted { cause, why }
}

#[track_caller]
fn case(item: Judged, expected: Told) {
    assert_eq!(told(&item, &ctx()), expected);
}
impl Judged {
    /// Nothing new came in since it was said; judged then it gives the said face.
    fn only_the_clock(mut self) -> Self {
        let said = self.said.as_ref().unwrap();
        self.recorded_at = said.at;
        self.event_at = said.at;
        self.face_then = Some(said.face.clone());
        self
    }
    /// Nothing new came in, and yet it is judged otherwise.
    fn nothing_new(mut self) -> Self {
        let said = self.said.as_ref().unwrap();
        self.recorded_at = said.at;
        self.event_at = said.at;
        self.face_then = None;
        self
    }
    fn told_ago(mut self, hours_ago: i64) -> Self {
        self.telling = Some((crate::timeline::TellingId(7), at(NOW) - hours(hours_ago)));
        self
    }
    fn unshown(mut self) -> Self {
        self.said.as_mut().unwrap().shown = false;
        self
    }
}

#[test]
fn nothing_said_yet() {
    case(is("premature/stranger", 0), fact(None));
    case(is("premature/stranger", 14), fact(None));
    case(is("premature/stranger", 15), Told::Older);
    case(is("welcome/known", 40), Told::Older);
    case(thanked("proper", 1), fact(None));
    case(thanked("brief", 1), fact(None));
    case(thanked("elsewhere", 1), fact(None));
    case(thanked("proper", 20), Told::Older);
    // an old request with a new reminder: the newest event counts
    let mut reminded = is("premature/stranger", 30);
    reminded.event_at = at(NOW) - hours(3);
    case(reminded, fact(None));
}

#[test]
fn a_face_that_returned_is_no_news() {
    case(is("premature/stranger", 0).said("premature/stranger", 3), Told::Nothing(Quiet::Same));
    case(is("premature/stranger", 0).said("premature/stranger", 3).told_ago(1), Told::Nothing(Quiet::Same));
}

#[test]
fn a_fact_in_the_persons_favour() {
    case(is("welcome/known", 0).said("early/thanked", 3), fact(Some("early/thanked")));
    case(is("early/thanked", 0).said("waiting/note_may_come", 3), fact(Some("waiting/note_may_come")));
    case(is("early/thanked", 0).said("premature/no_note_seen", 45), fact(Some("premature/no_note_seen")));
    case(is("waiting/note_may_come", 0).said("premature/before_meeting", 3), fact(Some("premature/before_meeting")));
    case(is("unsure/which_person", 0).said("premature/stranger", 3), fact(Some("premature/stranger")));
    case(thanked("proper", 0).said("brief", 3), fact(Some("brief")));
    case(thanked("late", 0).said("none_seen", 20), fact(Some("none_seen")));
    case(is("welcome/known", 0).said("premature/stranger", 46), noted(Cause::Fact, Quiet::LongAgo));
    // never shown: news all the same, but without what it was
    case(is("welcome/known", 0).said("premature/stranger", 30).unshown(), fact(None));
}

#[test]
fn a_fact_against_the_person() {
    case(is("premature/no_note_seen", 0).said("welcome/known", 7), fact(Some("welcome/known")));
    case(is("premature/stranger", 0).said("waiting/note_may_come", 2), fact(Some("waiting/note_may_come")));
    case(is("premature/stranger", 0).said("welcome/known", 8), noted(Cause::Fact, Quiet::LongAgo));
    case(thanked("brief", 0).said("proper", 3), fact(Some("proper")));
    // what was never shown needs no correction
    case(is("premature/stranger", 0).said("welcome/known", 2).unshown(), noted(Cause::Fact, Quiet::LongAgo));
}

#[test]
fn a_fact_that_neither_helps_nor_harms() {
    case(is("premature/applicant", 0).said("premature/stranger", 3), noted(Cause::Fact, Quiet::Neither));
    case(is("welcome/told", 0).said("welcome/known", 3), noted(Cause::Fact, Quiet::Neither));
}

#[test]
fn time_alone() {
    case(
        is("premature/no_note_seen", 5).said("waiting/note_may_come", 4).only_the_clock(),
        news(Cause::Time, Some("waiting/note_may_come")),
    );
    // whatever else came in: the deadline did it
    let mut reminded = is("premature/no_note_seen", 5).said("waiting/note_may_come", 4).only_the_clock().told_ago(1);
    reminded.recorded_at = at(NOW);
    case(reminded, news(Cause::Time, Some("waiting/note_may_come")));
    case(
        is("premature/stranger", 5).said("premature/applicant", 4).only_the_clock(),
        noted(Cause::Time, Quiet::TimeOnly),
    );
    case(is("premature/stranger", 5).said("welcome/known", 4).only_the_clock(), noted(Cause::Time, Quiet::TimeOnly));
    let missing = || thanked("none_seen", 5).said("awaited", 4).unshown().only_the_clock();
    case(missing(), noted(Cause::Time, Quiet::Missing));
    assert_eq!(told(&missing(), &Context { show_missing: true, ..ctx() }), news(Cause::Time, None));
}

#[test]
fn a_planned_meeting_that_was_held_is_a_fact() {
    // Coffee stood in the calendar before the request was first told; it took place yesterday. Judged then, with all we
    // know, it was still ahead: only the clock moved, and yet it is what everybody waits for.
    let mut held = is("welcome/known", 10).said("premature/stranger", 3).only_the_clock();
    held.event_at = at(NOW) - hours(20);
    case(held, fact(Some("premature/stranger")));
}

#[test]
fn the_owners_word() {
    case(
        is("welcome/told", 5).said("premature/stranger", 3).nothing_new().told_ago(1),
        Told::Telling(crate::timeline::TellingId(7)),
    );
    // said before the last digest: no line twice
    case(
        is("premature/applicant", 5).said("premature/stranger", 3).nothing_new().told_ago(24 * 4),
        noted(Cause::Fact, Quiet::Neither),
    );
    // a telling closed it
    let ignored = is("premature/stranger", 5).asked_with(|v| v.closed = Some(at(NOW)));
    case(ignored.clone(), Told::Nothing(Quiet::Closed));
    let closed = ignored.asked_with(|v| v.clause = Clause::Told).said("premature/stranger", 3).told_ago(1);
    case(closed, Told::Telling(crate::timeline::TellingId(7)));
}

#[test]
fn a_newer_reader() {
    let read = |face: &str, said: &str, days| {
        let mut item = is(face, 5).said(said, days).nothing_new();
        item.reader_changed = true;
        item
    };
    case(read("welcome/known", "premature/stranger", 45), news(Cause::Reader, Some("premature/stranger")));
    case(read("welcome/known", "premature/stranger", 46), noted(Cause::Reader, Quiet::Reader));
    case(read("premature/stranger", "welcome/known", 2), noted(Cause::Reader, Quiet::Reader));
}

#[test]
fn another_policy() {
    let item = is("welcome/known", 5).said("premature/stranger", 3).nothing_new();
    let changed = |hours_ago| Context { policy_changed_at: Some(at(NOW) - hours(hours_ago)), ..ctx() };
    assert_eq!(told(&item, &changed(2)), Told::Policy);
    // a fact comes before the policy, and so does a newer reader
    let mut with_fact = item.clone();
    with_fact.recorded_at = at(NOW);
    assert_eq!(told(&with_fact, &changed(2)), fact(Some("premature/stranger")));
    let mut read = item.clone();
    read.reader_changed = true;
    assert_eq!(told(&read, &changed(2)), news(Cause::Reader, Some("premature/stranger")));
    // changed before the last digest: not the cause
    assert_eq!(told(&item, &changed(24 * 9)), fact(Some("premature/stranger")));
}

#[test]
fn never_an_item() {
    case(is("unsure/not_read", 0), Told::Nothing(Quiet::NotRead));
    case(is("unsure/not_read", 0).said("waiting/note_may_come", 2), Told::Nothing(Quiet::NotRead));
    case(is("harmless/open", 0), Told::Counted);
    case(is("forged/forged", 0), Told::Counted);
    case(is("welcome/exempt", 0), Told::Counted);
    case(is("harmless/open", 20), noted(Cause::Fact, Quiet::Backlog));
    case(thanked("awaited", 1), noted(Cause::Fact, Quiet::Missing));
    case(thanked("none_seen", 4), noted(Cause::Fact, Quiet::Missing));
    // what was only a number yesterday is news when it becomes a line
    case(is("premature/stranger", 1).said("forged/forged", 1).unshown(), fact(None));
    case(thanked("brief", 0).said("awaited", 2).unshown(), fact(None));
}

#[test]
fn too_young_to_be_told() {
    let young = is("premature/stranger", 0).asked_with(|v| v.news_from = at(NOW) + hours(2));
    case(young, Told::Nothing(Quiet::TooYoung));
}

#[test]
fn a_first_run_and_a_new_accounts_backlog() {
    let first = Context { first_run: true, ..ctx() };
    assert_eq!(told(&is("premature/stranger", 13), &first), Told::FirstLook);
    assert_eq!(told(&is("premature/stranger", 15), &first), noted(Cause::Backlog, Quiet::Backlog));
    let mut added = is("premature/stranger", 13);
    added.backlog = true;
    case(added, Told::FirstLook);
}

#[test]
fn a_first_look_shows_twenty_notes_first_and_counts_the_rest() {
    let mut items: Vec<Judged> = (0..30)
        .map(|n| {
            request(
                &format!("m{n}"),
                person(&format!("Person {n}"), ""),
                RequestWord::Premature,
                Clause::Stranger,
                at(NOW) - hours(n),
            )
        })
        .collect();
    items.push(thanked("proper", 13));
    let composed = Desk { first_run: true, ..desk() }.compose(&items);
    assert_eq!((composed.digest.notes.len(), composed.digest.requests.len()), (1, 19));
    assert_eq!(composed.says.len(), 31);
    assert_eq!(composed.says.iter().filter(|s| s.shown).count(), 20);
    assert!(composed.says.iter().all(|s| s.shown == (s.cause == Cause::Fact)));
    let text = text(&composed.digest).unwrap();
    assert!(text.contains("11 more from the last 14 days"), "{text}");
}

#[test]
fn older_ones_are_counted_once() {
    let composed = desk().compose(&[is("premature/stranger", 20), thanked("proper", 1)]);
    assert!(text(&composed.digest).unwrap().contains("1 older one: thankd digest --since"));
    assert_eq!(composed.digest.requests, []);
    assert_eq!(composed.says.iter().filter(|s| !s.shown).map(|s| s.cause).collect::<Vec<_>>(), [Cause::Backlog]);
}

/// A request with a question between two people, the older meeting so many days ago.
fn puzzle(code: &str, met_days_ago: i64) -> Judged {
    let choice = |n: i64, word, clause| Choice {
        person: Some(crate::person::PersonId(n)),
        name: Name::new("Jo Sample"),
        kind: None,
        meeting: Some(meeting(Kind::Meal, "", at(NOW) - hours(24 * (met_days_ago + n)))),
        word,
        clause,
    };
    let choices =
        vec![choice(0, RequestWord::Welcome, Clause::Known), choice(1, RequestWord::Waiting, Clause::NoteMayCome)];
    request(code, person("J. Sample", ""), RequestWord::Unsure, Clause::WhichPerson, at(NOW) - hours(20))
        .asked_with(|v| v.question = Some(Question { choices }))
}
fn asked(composed: &Composed) -> Vec<&str> {
    composed.digest.questions.iter().map(|q| q.item.as_str()).collect()
}

#[test]
fn three_questions_a_digest_oldest_meeting_first_the_others_wait_unsaid() {
    let items = [puzzle("a2a", 3), puzzle("b2b", 9), puzzle("c2c", 1), puzzle("d2d", 5)];
    let composed = desk().compose(&items);
    assert_eq!(asked(&composed), ["b2b", "d2d", "a2a"]);
    let said: Vec<&str> = composed.says.iter().map(|s| s.subject.as_str()).collect();
    assert_eq!(said.len(), 3, "the fourth stays unsaid: {said:?}");
    assert!(composed.says.iter().all(|s| s.asked && s.shown));
    // tomorrow it is asked
    assert_eq!(asked(&desk().compose(&items[2..3])), ["c2c"]);
}

#[test]
fn a_question_says_that_its_sender_is_not_verified_where_others_are() {
    let unproved = |mut item: Judged| {
        if let What::Request { authenticity, .. } = &mut item.what {
            *authenticity = Authenticity::Unverified;
        }
        item
    };
    let says = |items: &[Judged]| desk().compose(items).digest.questions[0].text.contains("(sender not verified)");
    assert!(says(&[unproved(puzzle("a2a", 9)), puzzle("b2b", 3)]));
    assert!(!says(&[puzzle("a2a", 9), unproved(puzzle("b2b", 3))]));
    assert!(!says(&[unproved(puzzle("a2a", 9)), unproved(puzzle("b2b", 3))]), "where nobody is, it says nothing");
}

#[test]
fn a_question_is_asked_once_more_on_day_seven() {
    let again = |days: i64, asked: u32| {
        let mut item = puzzle("a2a", 3);
        let face = item.what.face().0;
        item = item.said(&face, days);
        let said = item.said.as_mut().unwrap();
        said.asked = asked;
        said.asked_at = Some(said.at);
        desk().compose(&[item]).digest.questions.len()
    };
    assert_eq!([again(1, 1), again(6, 1), again(7, 1), again(9, 1), again(9, 2)], [0, 0, 1, 1, 0]);
}

#[test]
fn five_wrong_readings_and_a_count() {
    let items: Vec<Judged> = (0..8)
        .map(|n| {
            let mut item = request(
                &format!("r{n}"),
                person("Ana Muster", ""),
                RequestWord::Early,
                Clause::Thanked,
                nov("14 09:00"),
            )
            .said("premature/stranger", 2)
            .nothing_new();
            item.reader_changed = true;
            item
        })
        .collect();
    let composed = desk().compose(&items);
    let text = text(&composed.digest).unwrap();
    assert_eq!(composed.digest.requests.len(), 5);
    assert_eq!(composed.says.len(), 8);
    assert!(text.contains("3 more that I had read wrongly") && text.contains("read this wrongly"), "{text}");
}

#[test]
fn what_was_told_settles_other_items() {
    let mut desk = desk();
    desk.tellings = vec![TellingView {
        id: crate::timeline::TellingId(7),
        at: at(NOW) - hours(2),
        verb: crate::timeline::Verb::Met,
        about: "k1d Ana Muster".into(),
        argument: Some("coffee, 9 Nov".into()),
        item: Some(ItemCode("k1d".into())),
        undone: false,
    }];
    let turned = |code: &str| {
        request(code, person("Ana Muster", ""), RequestWord::Welcome, Clause::Told, nov("12 09:00"))
            .said("premature/stranger", 3)
            .nothing_new()
            .told_ago(2)
    };
    let composed = desk.compose(&[turned("k1d"), turned("k2c")]);
    assert_eq!(composed.digest.told[0].settles, ["k2c"]);
    assert_eq!(composed.digest.requests, []);
    assert_eq!(composed.says.iter().map(|s| s.cause).collect::<Vec<_>>(), [Cause::Telling, Cause::Telling]);
    assert!(text(&composed.digest).unwrap().contains("k1d Ana Muster (coffee, 9 Nov): met; that settled k2c"));
}

#[test]
fn quiet_is_no_news_no_question_and_no_trouble() {
    assert!(desk().compose(&[]).quiet);
    assert!(desk().compose(&[is("harmless/open", 0)]).quiet);
    assert!(!desk().compose(&[is("premature/stranger", 0)]).quiet);
    assert!(!desk().compose(&[puzzle("a2a", 3)]).quiet);
    let mut failing = desk();
    failing.health.calendars[0].trouble = Some("login page instead of a calendar".into());
    assert!(!failing.compose(&[]).quiet);
    let blind = Desk { unreadable: vec![(NetworkId("linkedin".into()), 1)], ..desk() };
    assert!(!blind.compose(&[]).quiet);
}

#[test]
fn what_could_not_be_read_is_counted_in_the_foot() {
    let unread = Desk { unreadable: vec![(NetworkId(crate::digest::NO_NETWORK.into()), 2)], ..desk() };
    let text = crate::digest::text(&unread.compose(&[]).digest).unwrap();
    assert!(text.replace('\n', " ").contains("2 mails could not be read, damaged or too large"), "{text}");
}

mod order {
    use super::*;
    use proptest::prelude::*;

    /// A small world: what happened to each of six people, as facts that may be learnt in any order and at any time
    /// since the last digest.
    #[derive(Debug, Clone, Copy, PartialEq)]
    enum Fact {
        Asked(usize),
        Thanked(usize),
        Coffee(usize),
    }

    fn judge(who: usize, known: &[(Fact, Timestamp)], said: bool) -> Vec<Judged> {
        let learnt = |fact| known.iter().find(|(f, _)| *f == fact).map(|(_, t)| *t);
        let hour = i64::try_from(who).unwrap();
        let code = format!("q{who}");
        let someone = person(&format!("Person {who}"), "");
        let mut items = vec![];
        if let Some(t) = learnt(Fact::Asked(who)) {
            let (word, clause) = match (learnt(Fact::Thanked(who)), learnt(Fact::Coffee(who))) {
                (_, Some(_)) => (RequestWord::Welcome, Clause::Known),
                (Some(_), None) => (RequestWord::Early, Clause::Thanked),
                (None, None) => (RequestWord::Premature, Clause::Stranger),
            };
            let mut item = request(&code, someone.clone(), word, clause, nov("16 09:00") + hours(hour));
            item.recorded_at = t;
            items.push(if said { item.said("premature/stranger", 1) } else { item });
        }
        if let Some(t) = learnt(Fact::Thanked(who)) {
            let met = meeting(Kind::Interview, "Chat", nov("15 09:00"));
            let mut item =
                thanks(&format!("t{who}"), someone, ThanksWord::Proper, met, Some(nov("15 12:00") + hours(hour)));
            item.recorded_at = t;
            items.push(item);
        }
        items
    }

    fn facts() -> Vec<Fact> {
        (0..6).flat_map(|n| [Fact::Asked(n), Fact::Thanked(n), Fact::Coffee(n)]).collect()
    }

    proptest! {
        #[test]
        fn any_order_and_batching_gives_the_same_digest(
            chosen in proptest::sample::subsequence(facts(), 0..=18),
            said in proptest::bits::u8::ANY,
            times in proptest::collection::vec(0_i64..20, 18),
            seed in any::<proptest::sample::Index>(),
            shuffled in Just((0..12).collect::<Vec<usize>>()).prop_shuffle(),
        ) {
            let learn = |late: &dyn Fn(usize) -> i64| -> Vec<Judged> {
                let known: Vec<(Fact, Timestamp)> = chosen
                    .iter()
                    .enumerate()
                    .map(|(n, fact)| (*fact, nov("16 08:00") + hours(late(n))))
                    .collect();
                (0..6).flat_map(|who| judge(who, &known, said & (1 << who) != 0)).collect()
            };
            let at_once = learn(&|_| 0);
            let mut in_batches = learn(&|n| times[(n + seed.index(18)) % 18]);
            in_batches.sort_by_key(|item| {
                let n: usize = item.code.0[1..].parse().unwrap();
                shuffled[(n + if item.code.0.starts_with('t') { 6 } else { 0 }) % 12]
            });
            let (one, other) = (desk().compose(&at_once), desk().compose(&in_batches));
            prop_assert_eq!(&one, &other);
            prop_assert_eq!(text(&one.digest).unwrap(), text(&other.digest).unwrap());
        }
    }
}

#[test]
fn a_reminder_and_a_held_meeting_happen_later_than_the_request() {
    let mut item = request("k4a", person("Ana Muster", ""), RequestWord::Waiting, Clause::NoteMayCome, nov("2 09:00"));
    assert_eq!(item.what.happened_at(at(NOW)), nov("2 09:00"));
    if let What::Request { last_at, .. } = &mut item.what {
        *last_at = nov("9 09:00");
    }
    assert_eq!(item.what.happened_at(at(NOW)), nov("9 09:00"));
    let held = |ends| item.clone().asked_with(|v| v.meeting = Some(meeting(Kind::Interview, "", ends)));
    assert_eq!(held(nov("16 14:00")).what.happened_at(at(NOW)), nov("16 14:00"));
    assert_eq!(held(nov("18 14:00")).what.happened_at(at(NOW)), nov("9 09:00"), "still ahead");
}
