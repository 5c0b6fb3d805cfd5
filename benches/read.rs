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

/// Two hundred ordinary mails, made up, as large as mail is (median 8 KB, mean 15 KB): four of ten from programs that say
/// so, the others from people, a third of those answers; some with a file. A quarter of either kind thanks for something.
fn mails() -> Vec<Vec<u8>> {
    (0..200_usize).map(mail).collect()
}

/// Those of them that a person wrote and that thank for something: the dearest there are.
fn thanking() -> Vec<Vec<u8>> {
    (0..200_usize).filter(|n| n % 10 >= 4 && thanks(*n)).map(mail).collect()
}

fn thanks(n: usize) -> bool {
    (n / 10 + n) % 4 == 1
}

fn mail(n: usize) -> Vec<u8> {
    let program = n % 10 < 4;
    let count = if program { 8 + n * 13 % 90 } else { 3 + n * 7 % 25 };
    let sentences = (0..count).filter_map(|k| SENTENCES.get((n * 7 + k * 5) % SENTENCES.len()));
    let opening = if thanks(n) { "Many thanks for sending the drawings so quickly. " } else { "" };
    let text = sentences.fold(opening.to_owned(), |text, sentence| text + sentence);
    let plain = wrapped(&text) + if !program && n.is_multiple_of(3) { QUOTED } else { "" };
    let body = match (program, n % 10) {
        (true, 0) => alternative(&plain, &rich(&text, 24)),
        (true, _) => html(&rich(&text, 24)),
        (false, 4 | 5) => format!("Content-Type: text/plain; charset=utf-8\r\n\r\n{plain}\r\n"),
        (false, 6) => with_file(&alternative(&plain, &rich(&text, 1)), 250 + n * 6),
        (false, _) => alternative(&plain, &rich(&text, 1)),
    };
    (head(n, program) + &body).into_bytes()
}

/// Header fields as mail collects them on its way through three servers.
fn head(n: usize, program: bool) -> String {
    let signature = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2\r\n\t".repeat(5);
    let received = "Received: from a.example.test (a.example.test [192.0.2.1])\r\n\tby mx.home.test (Postfix) with ESMTPS id 4RcX3y1Z\r\n\tfor <joe@home.test>; Mon, 2 Nov 2026 10:00:00 +0100 (CET)\r\n".repeat(4);
    let list =
        if program { "List-Unsubscribe: <https://example.org/out?u=1>\r\nList-Id: <news.example.org>\r\n" } else { "" };
    format!(
        "Return-Path: <jane@example.org>\r\n{received}Authentication-Results: mx.home.test; dkim=pass header.d=example.org;\r\n\tspf=pass smtp.mailfrom=example.org; dmarc=pass header.from=example.org\r\n\
         ARC-Seal: i=1; a=rsa-sha256; t=1793610000; cv=none; d=home.test; s=arc;\r\n\tb={signature}\r\n\
         ARC-Message-Signature: i=1; a=rsa-sha256; c=relaxed/relaxed; d=home.test; s=arc;\r\n\th=from:to:subject:date; bh=QUJDREVGR0g=;\r\n\tb={signature}\r\n\
         DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=x; h=from:to:subject;\r\n\tb={signature}\r\n\
         X-Spam-Status: No, score=-2.1 required=5.0 tests=BAYES_00,DKIM_SIGNED,\r\n\tDKIM_VALID,HTML_MESSAGE,SPF_PASS autolearn=ham\r\n{list}\
         From: Jane Doe <jane@example.org>\r\nTo: Joe Bloggs <joe@home.test>\r\nSubject: Plans for spring {n}\r\n\
         Date: Mon, 2 Nov 2026 10:00:00 +0100\r\nMessage-ID: <{n}@example.org>\r\nMIME-Version: 1.0\r\n"
    )
}

const QUOTED: &str = "\r\nOn Sun, 1 Nov 2026 at 18:20, Joe Bloggs <joe@home.test> wrote:\r\n> Could we meet in spring, and where?\r\n> The plans are not done yet.\r\n>\r\n> Joe\r\n";

fn wrapped(text: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for word in text.split_whitespace() {
        let gap = if width == 0 {
            ""
        } else if width + word.len() > 72 {
            "\r\n"
        } else {
            " "
        };
        width = if gap == " " { width + 1 + word.len() } else { word.len() };
        out.push_str(gap);
        out.push_str(word);
    }
    out + "\r\n\r\nBest regards\r\nJane Doe\r\n"
}

/// Paragraphs; `style` times the same declaration, as newsletters repeat theirs.
fn rich(text: &str, style: usize) -> String {
    let style = "margin:0;padding:0;".repeat(style.min(3)) + &"line-height:1.4;".repeat(style / 4);
    let inner = text.replace(". ", &format!(".</p>\r\n<p style=\"{style}\">"));
    format!("<html><body><div style=\"color:#333\"><p>{inner}</p></div></body></html>")
}

fn html(html: &str) -> String {
    let quoted = html.replace('=', "=3D").replace("</p>", "</p>=\r\n");
    format!("Content-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{quoted}\r\n")
}

fn alternative(plain: &str, rich: &str) -> String {
    format!(
        "Content-Type: multipart/alternative; boundary=\"in\"\r\n\r\n--in\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n{plain}\r\n--in\r\n{}\r\n--in--\r\n",
        html(rich)
    )
}

fn with_file(body: &str, lines: usize) -> String {
    format!(
        "Content-Type: multipart/mixed; boundary=\"out\"\r\n\r\n--out\r\n{body}\r\n--out\r\nContent-Type: application/pdf; name=\"plan.pdf\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--out--\r\n",
        "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5eg==\r\n".repeat(lines)
    )
}

/// The floor: the parser alone.
#[divan::bench]
fn mail_parser_alone(bencher: divan::Bencher<'_, '_>) {
    let mails = mails();
    let parser = mail_parser::MessageParser::default();
    let all = divan::counter::ItemsCount::new(mails.len());
    bencher
        .counter(all)
        .bench(|| mails.iter().filter_map(|m| parser.parse(m.as_slice())).map(|m| m.parts.len()).sum::<usize>());
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

/// What the daemon does with each mail of an ordinary mailbox: read it, and say what it means. Aim: no more than
/// `mail_parser_alone` ÷ 0.6.
#[divan::bench]
fn recognise(bencher: divan::Bencher<'_, '_>) {
    means(bencher, &mails());
}

/// The same for a person's mail that thanks, which no gate can stop.
#[divan::bench]
fn recognise_thanks(bencher: divan::Bencher<'_, '_>) {
    means(bencher, &thanking());
}

fn means(bencher: divan::Bencher<'_, '_>, mails: &[Vec<u8>]) {
    let owner = Owner {
        names: Vec::new(),
        addresses: Address::new("joe@home.test").into_iter().collect(),
        organisation: Vec::new(),
        zone: TimeZone::UTC,
    };
    let reading = Reading { catalogue: Catalogue::embedded(), words: Words::embedded(), owner: &owner };
    let letters = |m: &Vec<u8>| letter::recognise(&message::read(m, &TrustAnchor::Topmost), &reading).len();
    let _warm: usize = mails.iter().map(letters).sum();
    bencher.counter(divan::counter::ItemsCount::new(mails.len())).bench(|| mails.iter().map(letters).sum::<usize>());
}
