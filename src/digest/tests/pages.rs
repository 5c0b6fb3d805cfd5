//! What people read, as snapshots: the good morning, and the morning of everybody who means ill.
use super::*;

/// `THANKD_PAGES=dir cargo test digest` leaves the pages there, to be looked at in a browser.
fn leave(name: &str, page: &str) {
    if let Some(dir) = option_env!("THANKD_PAGES") {
        tempfile::NamedTempFile::new_in(dir)
            .and_then(|file| {
                std::io::Write::write_all(&mut file.as_file(), page.as_bytes())?;
                file.persist(format!("{dir}/{name}")).map_err(|e| e.error)
            })
            .unwrap();
    }
}

#[track_caller]
fn pages(name: &str, digest: &Digest) -> (String, String) {
    let (text, html) = (text(digest).unwrap(), html(digest).unwrap());
    leave(&format!("{name}.html"), &html);
    safe(name, &text, &html);
    (text, html)
}

/// What holds for every page, whatever strangers wrote into it.
#[track_caller]
fn safe(name: &str, text: &str, html: &str) {
    assert!(html.len() < 100_000, "{name}: {} octets of HTML", html.len());
    assert!(text.lines().count() <= 200, "{name}: {} lines of text", text.lines().count());
    let widest = text.lines().map(super::super::width::width).max().unwrap_or(0);
    assert!(widest <= 78, "{name}: a line of {widest} columns");
    for page in [text, html] {
        assert!(!page.chars().any(|c| c != '\n' && c != '\u{FE0E}' && crate::person::invisible(c)), "{name}: controls");
        assert!(!page.contains("://") && !page.to_lowercase().contains("www."), "{name}: something to click");
    }
    nested(name, html);
}

/// Every element is closed in order; `<` starts nothing but the template's own tags.
#[track_caller]
fn nested(name: &str, html: &str) {
    const OWN: [&str; 21] = [
        "html",
        "head",
        "title",
        "style",
        "body",
        "table",
        "tr",
        "td",
        "p",
        "h1",
        "h2",
        "h3",
        "div",
        "bdi",
        "span",
        "blockquote",
        "ol",
        "li",
        "code",
        "tbody",
        "em",
    ];
    let mut open: Vec<&str> = vec![];
    for tag in html.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()) {
        let word = tag.split_whitespace().next().unwrap_or_default();
        for fetching in ["src=", "href=", "url(", "@import", "background=", "action=", " on"] {
            assert!(!tag.contains(fetching), "{name}: <{tag}>");
        }
        match (word.strip_prefix('/'), word) {
            (Some(closed), _) => assert_eq!(open.pop(), Some(closed), "{name}"),
            (None, "!doctype" | "meta" | "br") => {}
            (None, own) => {
                assert!(OWN.contains(&own), "{name}: <{own}>");
                open.push(own);
            }
        }
    }
    assert_eq!(open, [""; 0], "{name}");
}

#[test]
fn a_good_morning() {
    let (text, html) = pages("morning", &desk().compose(&morning()).digest);
    insta::assert_snapshot!("good_morning.txt", text);
    insta::assert_snapshot!("good_morning.html", html);
}

#[test]
fn the_same_morning_as_json() {
    let mut items = morning();
    items[3].because = vec!["request to connect on LinkedIn, arrived Thu 13:00".into()];
    let json = serde_json::to_string_pretty(&desk().compose(&items).digest).unwrap();
    insta::assert_snapshot!("good_morning.json", json);
}

#[test]
fn a_busy_morning_with_trouble() {
    let mut desk = desk();
    desk.health.accounts[0].trouble = Some("the server refuses the password".into());
    desk.health.accounts[0].last_sync = Some(nov("15 21:10"));
    desk.health.calendars[1].trouble = Some("a login page came instead of a calendar".into());
    desk.unreadable = vec![(NetworkId("linkedin".into()), 1)];
    desk.counts = Counts { harmless: 3, forged: 1, unnamed: 2, exempt: 0, unmet: 1 };
    desk.policy_changed_at = Some(nov("16 16:10"));
    desk.settings.note = Some("Notes on paper lie in the red folder.".into());
    desk.tellings = vec![TellingView {
        id: crate::timeline::TellingId(7),
        at: nov("16 20:00"),
        verb: crate::timeline::Verb::Met,
        about: "k1d Ola Beispiel".into(),
        argument: Some("coffee, 9 Nov".into()),
        item: Some(ItemCode("k1d".into())),
        undone: false,
    }];
    let mut items = morning();
    let mut settled = request("k2d", person("Ola Beispiel", ""), RequestWord::Welcome, Clause::Told, nov("9 09:00"))
        .said("premature/stranger", 5);
    settled.telling = Some((crate::timeline::TellingId(7), nov("16 20:00")));
    let mut flipped = request("k2f", person("Pia Beispiel", ""), RequestWord::Welcome, Clause::Known, nov("9 09:00"))
        .said("premature/too_brief", 5);
    flipped.recorded_at = nov("9 09:00");
    items.extend([
        settled,
        flipped,
        request("k2h", person("Quinn Old", ""), RequestWord::Premature, Clause::Stranger, at("2026-10-01T08:00:00Z")),
        request("k4h", person("Rosa Talk", ""), RequestWord::Premature, Clause::BeforeMeeting, nov("16 09:00"))
            .asked_with(|v| {
                v.meeting = Some(meeting(Kind::Interview, "Interview: Design", nov("19 15:00")));
            }),
        request("k4j", person("Sam Screen", ""), RequestWord::Premature, Clause::TooBrief, nov("16 09:00")).asked_with(
            |v| {
                v.meeting = Some(meeting(Kind::Call, "Intro", nov("13 15:00")));
                v.remarks = vec![Remark::Talked(SignedDuration::from_mins(20)), Remark::Unverified];
            },
        ),
        request("k4k", person("Tom Apply", ""), RequestWord::Premature, Clause::Applicant, nov("16 09:00"))
            .asked_with(|v| v.remarks = vec![Remark::AppliedFor(Some("Backend engineer".into())), Remark::AskedAgain]),
        request("k4m", person("Uma Early", ""), RequestWord::Early, Clause::Thanked, nov("16 12:00")).asked_with(|v| {
            v.meeting = Some(meeting(Kind::Interview, "Interview", nov("13 12:00")));
            v.remarks = vec![Remark::NoteLate];
        }),
        thanks(
            "k3k",
            person("Val Elsewhere", ""),
            ThanksWord::Elsewhere,
            meeting(Kind::Interview, "Design", nov("13 12:00")),
            Some(nov("16 09:00")),
        ),
    ]);
    let (text, html) = pages("busy", &desk.compose(&items).digest);
    insta::assert_snapshot!("busy.txt", text);
    assert!(html.contains("a login page came instead"));
}

/// Names as ill will writes them.
fn hostile() -> Vec<Judged> {
    let names = [
        "<img src=x onerror=alert(1)>",
        "</td><a href=\"https://evil.test/accept\">Accept</a>",
        "{{ page.own }}{% for x in y %}",
        "\u{202E}nnamsuH ylimE\u{2066}",
        "ليلى حداد",
        "Аnnа Schmidt",
        "王小明",
        "https://evil.test/login www.evil.test",
        "Robin\r\nBcc: all@example.org\r\n.\r\n",
        "a\u{0301}\u{0301}\u{0301}\u{0301}",
        "Click here: thankd tell k4a known",
    ];
    let long = "Wolfeschlegelstein".repeat(600);
    let mut items = vec![];
    for (n, name) in names.into_iter().chain([long.as_str()]).enumerate() {
        let met = || meeting(Kind::Interview, name, nov("16 14:00"));
        let note =
            thanks(&format!("k3{n}"), person(name, "x@evil.test"), ThanksWord::Proper, met(), Some(nov("16 19:10")));
        items.push(note.thanked_with(|v| {
            v.quote = Some(name.to_owned());
            v.remarks = vec![Remark::WhicheverPerson(name.to_owned()), Remark::AlsoOn(name.to_owned())];
        }));
        let mut asks =
            request(&format!("k4{n}"), person(name, ""), RequestWord::Premature, Clause::Stranger, nov("16 09:00"));
        if let What::Request { headline, network, .. } = &mut asks.what {
            *headline = Some(name.to_owned());
            *network = NetworkId(name.to_owned());
        }
        items.push(asks);
    }
    items
}

#[test]
fn ill_will_stays_text() {
    let mut desk = desk();
    desk.health.accounts[0].trouble = Some("* NO <b>[ALERT]</b> see https://evil.test\u{202E}".into());
    let (text, html) = pages("hostile", &desk.compose(&hostile()).digest);
    assert!(text.contains("the name mixes alphabets"), "{text}");
    assert!(!text.contains("evil.test/accept\">Accept</a>\n") && html.contains("&lt;img src=x"), "{html}");
    insta::assert_snapshot!("hostile.txt", text);
    insta::assert_snapshot!("hostile.html", html);
}

#[test]
fn a_flood_is_still_a_page() {
    let mut items = vec![];
    for n in 0..100 {
        let met = meeting(Kind::Interview, "Backend, round 2", nov("16 14:00"));
        let who = person(&format!("Person {n} of the Flood"), "someone@example.org");
        items.push(
            thanks(&format!("n{n}"), who.clone(), ThanksWord::Proper, met.clone(), Some(nov("16 19:10"))).thanked_with(
                |v| {
                    v.quote = Some("thank you so much for the long and open talk about how the team works ".repeat(3));
                },
            ),
        );
        items.push(request(&format!("s{n}"), who.clone(), RequestWord::Premature, Clause::Stranger, nov("16 09:00")));
        items.push(
            request(&format!("e{n}"), who, RequestWord::Premature, Clause::NoNoteSeen, nov("16 16:00"))
                .asked_with(|v| v.meeting = Some(met)),
        );
    }
    let composed = desk().compose(&items);
    let (text, _) = pages("flood", &composed.digest);
    assert_eq!(composed.digest.notes.len() + composed.digest.requests.len(), 300, "the JSON has them all");
    assert!(text.contains("100 people thanked you") && text.contains("more: thankd digest --since 1d"), "{text}");
}

#[test]
fn others_see_names_and_verdicts_only() {
    let mut items = morning();
    items[0].because = vec!["a fact".into()];
    let digest = desk().compose(&items).digest.for_others();
    let (text, html) = pages("others", &digest);
    for page in [&text, &html] {
        assert!(page.contains("Priya Nair") && page.contains("proper"));
        assert!(
            !page.contains("monolith")
                && !page.contains("@example")
                && !page.contains("k3f")
                && !page.contains("thankd tell"),
            "{page}"
        );
        assert!(!page.contains("thankd explain") && !page.contains("thankd digest"), "{page}");
    }
    let json = serde_json::to_string(&digest).unwrap();
    assert!(
        !json.contains("monolith")
            && !json.contains("priya.nair@")
            && !json.contains("k3f")
            && !json.contains("k4f")
            && !json.contains("a fact")
    );
    insta::assert_snapshot!("others.txt", text);
}

#[test]
fn a_quiet_week_is_a_line() {
    let (text, _) = pages("quiet", &desk().compose(&[]).digest);
    insta::assert_snapshot!("quiet.txt", text);
}

#[test]
fn a_full_listing_shows_harmless_and_forged_ones_too() {
    let mut items = morning();
    items.push(request("h2a", person("Fay Follow", ""), RequestWord::Harmless, Clause::Open, nov("10 09:00")));
    items.push(request("f2a", person("Not Really", ""), RequestWord::Forged, Clause::Forged, nov("10 09:00")));
    items.push(request(
        "o2a",
        person("Old One", ""),
        RequestWord::Premature,
        Clause::Stranger,
        at("2026-01-10T09:00:00Z"),
    ));
    let desk = Desk { listing: Listing::All { since: None }, first_run: true, ..desk() };
    let composed = desk.compose(&items);
    assert_eq!(composed.digest.notes.len() + composed.digest.requests.len(), items.len());
    let news = |code: &str| composed.digest.requests.iter().find(|r| r.item == code).map(|r| r.news);
    assert_eq!(
        [news("k4a"), news("h2a"), news("f2a"), news("o2a")],
        [Some(true), Some(false), Some(false), Some(false)]
    );
    assert_eq!((composed.digest.counts.harmless, composed.digest.counts.forged), (1, 1));
    let (text, _) = pages("all", &composed.digest);
    assert!(text.contains("NOTHING TO ANSWER") && text.contains("Fay Follow"), "{text}");
}

/// A name can be signed by anybody: what stands under a note is where it came from.
#[test]
fn a_note_shows_its_own_sender() {
    let met = meeting(Kind::Interview, "Interview", nov("16 14:00"));
    let mut note =
        thanks("k1a", person("Felix Aumann", "felix@aumann.test"), ThanksWord::Proper, met, Some(nov("16 19:00")));
    note.from = Address::new("attacker@evil.test");
    let digest = desk().compose(&[note.clone()]).digest;
    let page = text(&digest).unwrap();
    assert!(page.contains("from attacker@evil.test") && !page.contains("felix@aumann.test"), "{page}");
    assert_eq!(digest.notes[0].person.addresses, ["attacker@evil.test", "felix@aumann.test"]);
    // thanks on the network came from no address of theirs
    note.from = None;
    assert!(!text(&desk().compose(&[note]).digest).unwrap().contains("from "));
}
