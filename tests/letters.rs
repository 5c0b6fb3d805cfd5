//! Every mail of the corpus, read as it lies and with CRLF, against `expected.tsv` beside it.
//!
//! The people are invented, the forms are true. `UPDATE=1 cargo test --test letters` writes the tables anew: read the
//! difference before you commit it.
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use thankd::letter::{Catalogue, Inviter, Letter, Reading, authenticity, recognise};
use thankd::message::{Authenticity, TrustAnchor, read};
use thankd::person::{Address, Name, Owner};
use thankd::words::Words;

const HEAD: &str = "file\tsender\tletter\tnetwork\tkind\tname\theadline\tcompany\tprofile\trest";

fn owner() -> Owner {
    Owner {
        names: Name::new("Max Owner").into_iter().collect(),
        addresses: Address::new("max@owner.test").into_iter().collect(),
        organisation: Vec::new(),
        zone: jiff::tz::TimeZone::UTC,
    }
}

fn said<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_value(value).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
}

/// name, headline, company, profile
fn who(inviter: Option<&Inviter>) -> String {
    let text = |o: Option<&str>| o.unwrap_or("-").to_owned();
    let i = inviter.cloned().unwrap_or_default();
    let profile = i.profile.as_ref().map(|p| p.as_str());
    [text(i.name.as_ref().map(Name::as_str)), text(i.headline.as_deref()), text(i.company.as_deref()), text(profile)]
        .join("\t")
}

fn row(letter: &Letter) -> String {
    match letter {
        Letter::Invitation(i) => {
            let count = i.count.map(|c| format!("count={c}"));
            let note = i.personal_note.as_ref().map(|n| format!("note={n:?}"));
            let id = i.invitation_id.as_ref().map(|n| format!("id={n}"));
            let asked = i.asked_at.map(|t| format!("asked={t}"));
            let address =
                i.inviter.as_ref().and_then(|i| i.address.as_ref()).map(|a| format!("address={}", a.as_str()));
            let rest: Vec<String> =
                [Some(said(&i.confidence)), count, note, id, asked, address].into_iter().flatten().collect();
            format!("invitation\t{}\t{}\t{}\t{}", i.network.0, said(&i.kind), who(i.inviter.as_ref()), rest.join(" "))
        }
        Letter::Application(a) => {
            let network = a.network.as_ref().map_or("-", |n| &n.0);
            let address = a.person.address.as_ref().map_or("-", |a| a.as_str());
            let role = a.role.as_deref().unwrap_or("-");
            format!("application\t{network}\t-\t{}\trole={role} address={address}", who(Some(&a.person)))
        }
        Letter::NetworkMessage(m) => format!("message\t{}\t-\t{}\t-", m.network.0, who(Some(&m.from))),
        Letter::Accepted(a) => format!("accepted\t{}\t-\t{}\t-", a.network.0, who(Some(&a.person))),
        Letter::Other { why, network, .. } => {
            format!("other\t{}\t{}\t{}\t-", network.as_ref().map_or("-", |n| &n.0), said(why), who(None))
        }
        Letter::Note(_) => "note".to_owned(),
        Letter::Apology(_) => "apology".to_owned(),
    }
}

fn rows(file: &str, bytes: &[u8]) -> Vec<String> {
    let owner = owner();
    let reading = Reading { catalogue: Catalogue::embedded(), words: Words::embedded(), owner: &owner };
    let message = read(bytes, &TrustAnchor::Topmost);
    let letters = recognise(&message, &reading);
    let sender = said(&authenticity(&message, &letters, Catalogue::embedded()).0);
    letters.iter().map(|l| format!("{file}\t{sender}\t{}", row(l))).collect()
}

fn crlf(bytes: &[u8]) -> Vec<u8> {
    String::from_utf8_lossy(bytes).replace("\r\n", "\n").replace('\n', "\r\n").into_bytes()
}

fn corpus() -> BTreeMap<PathBuf, Vec<PathBuf>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/letters");
    let mut found: BTreeMap<PathBuf, Vec<PathBuf>> = BTreeMap::new();
    for dir in fs::read_dir(root).expect("tests/letters").map(|d| d.expect("an entry").path()).filter(|p| p.is_dir()) {
        let files = fs::read_dir(&dir).expect("a folder").map(|f| f.expect("an entry").path());
        let mut mails: Vec<PathBuf> = files.filter(|f| f.extension().is_some_and(|e| e == "eml")).collect();
        mails.sort();
        found.insert(dir, mails);
    }
    found
}

fn name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[test]
fn every_letter_is_read_as_expected() {
    let mut mails = 0;
    let mut wrong = Vec::new();
    for (dir, files) in corpus() {
        let mut table = vec![HEAD.to_owned()];
        for file in &files {
            let bytes = fs::read(file).expect("a mail");
            let read = rows(&name(file), &bytes);
            assert_eq!(read, rows(&name(file), &crlf(&bytes)), "{} reads otherwise with CRLF", file.display());
            mails += 1;
            table.extend(read);
        }
        let path = dir.join("expected.tsv");
        let now = table.join("\n") + "\n";
        if std::env::var_os("UPDATE").is_some() {
            fs::write(&path, &now).expect("expected.tsv is written");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        let lost = expected.lines().filter(|l| !table.iter().any(|t| t == l)).map(|l| format!("- {l}"));
        let new = table.iter().filter(|t| !expected.lines().any(|l| l == *t)).map(|l| format!("+ {l}"));
        wrong.extend(lost.chain(new));
    }
    assert!(mails >= 200, "the corpus has {mails} mails only");
    assert!(wrong.is_empty(), "read otherwise than expected:\n{}", wrong.join("\n"));
}

/// Whatever a forged mail is taken for: its sender is never proved to be the network, and nothing about it is certain.
#[test]
fn no_forged_letter_is_trusted() {
    let (_, files) = corpus().into_iter().find(|(d, _)| d.ends_with("forged")).expect("the forged ones");
    assert!(files.len() >= 30);
    let owner = owner();
    let reading = Reading { catalogue: Catalogue::embedded(), words: Words::embedded(), owner: &owner };
    for file in files {
        let bytes = fs::read(&file).expect("a mail");
        let message = read(&bytes, &TrustAnchor::Topmost);
        let letters = recognise(&message, &reading);
        assert!(!letters.iter().any(said_certain), "{} is certain", name(&file));
        let ties = letters
            .iter()
            .any(|l| matches!(l, Letter::Invitation(_) | Letter::Accepted(_) | Letter::NetworkMessage(_)));
        let (proved, _) = authenticity(&message, &letters, Catalogue::embedded());
        assert!(!ties || proved != Authenticity::Verified, "{} is verified", name(&file));
        let genuine = message.verified_domain().is_some_and(|d| Catalogue::embedded().of_domain(d).is_some());
        assert!(!genuine || message.authenticity().0 != Authenticity::Verified, "{} is verified", name(&file));
    }
}

fn said_certain(letter: &Letter) -> bool {
    matches!(letter, Letter::Invitation(i) if said(&i.confidence) == "certain")
}

/// Nothing of an advertisement, an acceptance or a trap becomes a request.
#[test]
fn what_is_no_request_is_none() {
    let marks = [
        "accepted",
        "pymk",
        "trap",
        "newsletter",
        "job",
        "login",
        "comment",
        "event",
        "page",
        "suggestion",
        "receipt",
        "rejection",
    ];
    let all: Vec<PathBuf> = corpus()
        .into_iter()
        .filter(|(d, _)| !d.ends_with("forged"))
        .flat_map(|(_, f)| f)
        .filter(|f| marks.iter().any(|m| name(f).contains(m)))
        .collect();
    assert!(all.len() >= 25);
    for file in all {
        let read = rows(&name(&file), &fs::read(&file).expect("a mail"));
        assert!(!read.iter().any(|r| r.contains("\tinvitation\t")), "{read:?}");
    }
}

/// A mail cut, doubled or overwritten anywhere is still read as something, and never as a certain request of a network
/// whose sender the damage has unproved.
#[test]
fn damaged_letters_are_read_as_something() {
    let owner = owner();
    let reading = Reading { catalogue: Catalogue::embedded(), words: Words::embedded(), owner: &owner };
    let mut seed = 7_u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap_or(0) % below.max(1)
    };
    for file in corpus().into_values().flatten() {
        let mut bytes = fs::read(&file).expect("a mail");
        for _ in 0..2 {
            let at = next(bytes.len());
            let end = (at + next(60)).min(bytes.len());
            let with: Vec<u8> = (0..next(8)).map(|_| u8::try_from(next(256)).unwrap_or(0)).collect();
            bytes.splice(at..end, with);
            let message = read(&bytes, &TrustAnchor::Topmost);
            let letters = recognise(&message, &reading);
            assert!(!letters.is_empty(), "{}", name(&file));
            let proved = message.authenticity().0 == Authenticity::Verified;
            assert!(proved || !letters.iter().any(said_certain), "{}", name(&file));
        }
    }
}
