use super::*;
use proptest::prelude::*;

fn line(text: &str, literals: &[&[u8]]) -> Logical {
    Logical { text: text.as_bytes().to_vec(), literals: literals.iter().map(|l| l.to_vec()).collect() }
}

/// Sequence number, UID, INTERNALDATE, literal.
type Fetched<'a> = (u32, u64, Option<&'a str>, Option<&'a [u8]>);

#[track_caller]
fn case(text: &str, literals: &[&[u8]], want: Option<Option<Fetched<'_>>>) {
    let got = fetch(line(text, literals));
    let want = want.map(|w| {
        w.map(|(uid, size, at, body)| FetchItem {
            uid,
            size,
            internal_date: at.and_then(|a| a.parse().ok()),
            body: body.map(<[u8]>::to_vec),
        })
    });
    assert_eq!(got, want, "{text}");
}

#[test]
fn a_fetch_is_read() {
    case(
        "* 1 FETCH (UID 7 INTERNALDATE \"17-Jul-2026 02:44:25 -0700\" RFC822.SIZE 4286 BODY[HEADER]<0> {3}\r\n)\r\n",
        &[b"a:b"],
        Some(Some((7, 4286, Some("2026-07-17T09:44:25Z"), Some(b"a:b")))),
    );
    case(
        "* 1 FETCH (FLAGS (\\Seen (x)) MODSEQ (65) UID 7 INTERNALDATE \" 7-Jul-2026 02:44:25 +0000\" BODY[] NIL)\r\n",
        &[],
        Some(Some((7, 0, Some("2026-07-07T02:44:25Z"), None))),
    );
    case("* 1 FETCH (BODY[HEADER.FIELDS (FROM)] \"q\\\"q\" UID 9)\r\n", &[], Some(Some((9, 0, None, Some(b"q\"q")))));
    case("* 1 FETCH (UID 9 INTERNALDATE NIL)\r\n", &[], Some(Some((9, 0, None, None))));
    case("* 5 fetch (uid 9)\r\n", &[], Some(Some((9, 0, None, None))));
}

#[test]
fn what_cannot_be_read_costs_one_message() {
    case("* 1 FETCH (UID 7 X-ODD\r\n", &[], Some(None));
    case("* 1 FETCH (UID seven)\r\n", &[], Some(None));
    case("* 1 FETCH UID 7\r\n", &[], Some(None));
    case("* 1 FETCH (UID 7 BODY[] {5}\r\n", &[], Some(None));
    case("* 1 FETCH (UID 7 BODY[] \"open\r\n", &[], Some(None));
    case("* 1 FETCH (FLAGS (\\Seen))\r\n", &[], Some(None)); // no UID: not an answer to us
    case("* 1 EXISTS\r\n", &[], None);
    case("* SEARCH 1\r\n", &[], None);
}

#[test]
fn searches_lists_counts_and_capabilities() {
    assert_eq!(search(&line("* SEARCH 3 1 0 x 2\r\n", &[])), Some(vec![3, 1, 2]));
    assert_eq!(search(&line("* SEARCH\r\n", &[])), Some(vec![]));
    assert_eq!(search(&line("* 1 EXISTS\r\n", &[])), None);
    let l = list(&line("* LIST (\\HasNoChildren \\Sent) \"/\" {4}\r\n\r\n", &[b"Sent"]), "LIST");
    let want = Listed {
        attributes: vec!["\\hasnochildren".into(), "\\sent".into()],
        delimiter: Some(b'/'),
        name: b"Sent".to_vec(),
    };
    assert_eq!(l, Some(want));
    assert!(
        list(&line("* LIST () NIL INBOX\r\n", &[]), "LIST")
            .is_some_and(|l| l.delimiter.is_none() && l.name == b"INBOX")
    );
    assert_eq!(list(&line("* LIST ((\r\n", &[]), "LIST"), None);
    assert_eq!(count(&line("* 23 EXISTS\r\n", &[])), Some((23, "EXISTS".into())));
    assert_eq!(
        capabilities(&line("* CAPABILITY IMAP4rev1 Idle\r\n", &[])),
        Some(vec!["IMAP4REV1".into(), "IDLE".into()])
    );
}

#[test]
fn a_status_has_word_code_and_text() {
    #[track_caller]
    fn case(text: &str, word: Word, code: &str, argument: &str, said: &str) {
        let s = Status::parse(text.as_bytes()).unwrap();
        assert_eq!((s.word, s.code.as_str(), s.argument.as_str(), s.said().as_str()), (word, code, argument, said));
    }
    case("OK [UIDVALIDITY 17] fine\r\n", Word::Ok, "UIDVALIDITY", "17", "[UIDVALIDITY] fine");
    case("no Full\u{7}.\r\n", Word::No, "", "", "Full.");
    case("BYE\r\n", Word::Bye, "", "", "no reason given");
    case("OK [unclosed\r\n", Word::Ok, "", "", "[unclosed");
    assert_eq!(Status::parse(b"FINE x"), None);
}

proptest! {
    #[test]
    fn no_answer_makes_it_panic(text in proptest::collection::vec(any::<u8>(), 0..200), literals in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..9), 0..4)) {
        let mut all = b"* 1 FETCH (".to_vec();
        all.extend(&text);
        for text in [text, all] {
            let answer = Logical { text, literals: literals.clone() };
            let _ = (fetch(answer.clone()), search(&answer), list(&answer, "LIST"), count(&answer), capabilities(&answer));
            let _ = Status::parse(&answer.text);
        }
    }
}
