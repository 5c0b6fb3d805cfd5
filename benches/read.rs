//! What reading costs beside mail-parser alone, on ordinary mails: `cargo bench --bench read`.
use jiff::tz::TimeZone;
use thankd::letter::{self, Catalogue, Reading};
use thankd::message::{self, TrustAnchor};
use thankd::person::{Address, Owner};
use thankd::words::Words;

fn main() {
    divan::main();
}

const SENTENCES: [&str; 16] = [
    "The plans for the coming spring are nearly done, and each of us should say what might still be missing. ",
    "Your parcel left our warehouse this morning and should be with you by Friday. ",
    "Could you send me the figures for the second quarter before noon? ",
    "I have put the new draft into the shared folder; the old one may be thrown away. ",
    "The train at seven is cancelled, so we shall be an hour late. ",
    "Wir haben die Rechnung geprüft und überweisen den Betrag bis Ende des Monats. ",
    "Please find the minutes below, with the three open points marked. ",
    "The children are well, and the garden is a jungle again. ",
    "Nous avons bien reçu votre commande et la préparons dès aujourd'hui. ",
    "Unless somebody objects, the release goes out on Monday with the two fixes. ",
    "The server was down for four minutes last night, and nobody seems to have noticed. ",
    "Prices are valid until the end of the year, plus postage. ",
    "Shall we move the review to Thursday, as half of the team is away on Wednesday? ",
    "The second chapter is much better now, but the last paragraph still says it twice. ",
    "El pedido está listo y se puede recoger a partir de las diez. ",
    "Remember to bring the keys, the old laptop and something to eat. ",
];

/// Ordinary mails of several sizes, made up: half of them multipart/alternative, some with an attachment.
fn mails() -> Vec<Vec<u8>> {
    (0..200_usize).map(mail).collect()
}

fn mail(n: usize) -> Vec<u8> {
    let sentences = (0..5 + n % 40).filter_map(|k| SENTENCES.get((n * 7 + k * 5) % SENTENCES.len()));
    // A quarter of all mail thanks for something.
    let thanks = if n % 4 == 1 { "Many thanks for sending the drawings so quickly. " } else { "" };
    let text = sentences.fold(thanks.to_owned(), |text, sentence| text + sentence);
    let html = format!("<div style=\"color:#333\"><p>{}</p></div>", text.replace(". ", ".</p><p class=\"x\">"));
    let received = "Received: from a.example.test (a.example.test [192.0.2.1])\r\n\tby mx.home.test with ESMTPS id 1\r\n\tfor <joe@home.test>; Mon, 2 Nov 2026 10:00:00 +0100\r\n".repeat(4);
    let head = format!(
        "Return-Path: <jane@example.org>\r\n{received}Authentication-Results: mx.home.test; dkim=pass header.d=example.org;\r\n\tdmarc=pass header.from=example.org\r\n\
         DKIM-Signature: v=1; a=rsa-sha256; d=example.org; s=x; h=from:to:subject;\r\n\tb={}\r\nFrom: Jane Doe <jane@example.org>\r\nTo: Joe Bloggs <joe@home.test>\r\n\
         Subject: Plans for spring {n}\r\nDate: Mon, 2 Nov 2026 10:00:00 +0100\r\nMessage-ID: <{n}@example.org>\r\nMIME-Version: 1.0\r\n",
        "QUJD".repeat(80)
    );
    let alternative = format!(
        "Content-Type: multipart/alternative; boundary=\"in\"\r\n\r\n--in\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n--in\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{}\r\n--in--\r\n",
        html.replace('=', "=3D").replace("</p>", "</p>=\r\n")
    );
    let mail = match n % 4 {
        0 | 1 => head + &alternative,
        2 => format!("{head}Content-Type: text/plain; charset=utf-8\r\n\r\n{text}\r\n"),
        _ => format!(
            "{head}Content-Type: multipart/mixed; boundary=\"out\"\r\n\r\n--out\r\n{alternative}\r\n--out\r\nContent-Type: application/pdf; name=\"plan.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--out--\r\n",
            "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5eg==\r\n".repeat(60)
        ),
    };
    mail.into_bytes()
}

/// The floor: the parser alone.
#[divan::bench]
fn mail_parser_alone(bencher: divan::Bencher<'_, '_>) {
    let mails = mails();
    let parser = mail_parser::MessageParser::default();
    bencher.bench(|| mails.iter().filter_map(|m| parser.parse(m.as_slice())).map(|m| m.parts.len()).sum::<usize>());
}

/// What most mail costs: its fields, authenticity, and its texts looked at by a gate.
#[divan::bench]
fn read_and_gate(bencher: divan::Bencher<'_, '_>) {
    let mails = mails();
    bencher.bench(|| {
        mails
            .iter()
            .map(|m| {
                let m = message::read(m, &TrustAnchor::Topmost);
                let mut found =
                    m.from().len() + m.subject().len() + usize::from(m.marks().list) + m.authenticity().1.len();
                m.probe(&mut |text| {
                    found += usize::from(memchr::memmem::find(text.as_bytes(), b"interview").is_some())
                });
                found
            })
            .sum::<usize>()
    });
}

/// What a mail costs that passes the gate: body, own words, links.
#[divan::bench]
fn read_whole(bencher: divan::Bencher<'_, '_>) {
    let mails = mails();
    bencher.bench(|| mails.iter().map(|m| message::read(m, &TrustAnchor::Topmost).body().own.len()).sum::<usize>());
}

#[divan::bench]
fn read_headers(bencher: divan::Bencher<'_, '_>) {
    let mails = mails();
    bencher
        .bench(|| mails.iter().map(|m| message::read_headers(m, &TrustAnchor::Topmost).subject().len()).sum::<usize>());
}

/// What the daemon does with each mail of an ordinary mailbox: read it, and say what it means.
#[divan::bench]
fn recognise(bencher: divan::Bencher<'_, '_>) {
    let mails = mails();
    let owner = Owner {
        names: Vec::new(),
        addresses: Address::new("joe@home.test").into_iter().collect(),
        organisation: Vec::new(),
        zone: TimeZone::UTC,
    };
    let reading = Reading { catalogue: Catalogue::embedded(), words: Words::embedded(), owner: &owner };
    let _warm = letter::recognise(&message::read(&mails[0], &TrustAnchor::Topmost), &reading);
    bencher.bench(|| {
        mails.iter().map(|m| letter::recognise(&message::read(m, &TrustAnchor::Topmost), &reading).len()).sum::<usize>()
    });
}
