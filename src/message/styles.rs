//! How mail programs quote, forward and sign, one case a style; people and words are invented.
use super::{TrustAnchor, read};

/// Reads a text mail with LF and with CRLF; `own` is all that may remain.
#[track_caller]
fn case(style: &str, subject: &str, text: &str, own: &str) {
    let mail = format!(
        "From: Jane Doe <jane@example.org>\nSubject: {subject}\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    );
    for mail in [mail.clone(), mail.replace('\n', "\r\n")] {
        let m = read(mail.as_bytes(), &TrustAnchor::None);
        assert_eq!(m.body().own, own, "{style}");
    }
}

#[track_caller]
fn html(style: &str, html: &str, own: &str) {
    let mail = format!(
        "From: Jane Doe <jane@example.org>\nSubject: Re: x\nContent-Type: text/html; charset=utf-8\n\n{html}\n"
    );
    for mail in [mail.clone(), mail.replace('\n', "\r\n")] {
        let m = read(mail.as_bytes(), &TrustAnchor::None);
        assert_eq!(m.body().own, own, "{style}\n{}", m.body().text);
    }
}

/// A reply of one line above the tongue's attribution, its quote marked and unmarked.
#[track_caller]
fn above(tongue: &str, line: &str) {
    case(tongue, "Re: x", &format!("Own words here.\n\n{line}\n\n> old words\n> more"), "Own words here.");
    case(tongue, "Re: x", &format!("Own words here.\n\n{line}\nold words without mark\n"), "Own words here.");
}

#[test]
fn lines_above_quotes() {
    above("Gmail en", "On Mon, Nov 2, 2026 at 10:00 AM Joe Bloggs <joe@example.test> wrote:");
    above("Gmail en, wrapped", "On Mon, Nov 2, 2026 at 10:00 AM Joe Bloggs the Elder <\njoe@example.test> wrote:");
    above("Apple en", "On Nov 2, 2026, at 10:00, Joe Bloggs <joe@example.test> wrote:");
    above("Thunderbird en", "On 11/2/26 10:00 AM, Joe Bloggs wrote:");
    above("Apple de", "Am 02.11.2026 um 10:00 schrieb Joe Bloggs <joe@example.test>:");
    above("Gmail de", "Am Mo., 2. Nov. 2026 um 10:00 Uhr schrieb Joe Bloggs <joe@example.test>:");
    above("Gmail fr", "Le lun. 2 nov. 2026 à 10:00, Joe Bloggs <joe@example.test> a écrit :");
    above("Gmail es", "El lun, 2 nov 2026 a las 10:00, Joe Bloggs (<joe@example.test>) escribió:");
    above("Gmail pt", "Em seg., 2 de nov. de 2026 às 10:00, Joe Bloggs <joe@example.test> escreveu:");
    above("Gmail it", "Il giorno lun 2 nov 2026 alle ore 10:00 Joe Bloggs <joe@example.test> ha scritto:");
    above("Gmail nl", "Op ma 2 nov 2026 om 10:00 schreef Joe Bloggs <joe@example.test>:");
    above("Gmail pl", "pon., 2 lis 2026 o 10:00 Joe Bloggs <joe@example.test> napisał(a):");
    above("Gmail sv", "Den mån 2 nov. 2026 kl 10:00 skrev Joe Bloggs <joe@example.test>:");
    above("Gmail nb", "man. 2. nov. 2026 kl. 10:00 skrev Joe Bloggs <joe@example.test>:");
    above("Gmail da", "Den man. 2. nov. 2026 kl. 10.00 skrev Joe Bloggs <joe@example.test>:");
    above("Gmail fi", "ma 2. marrask. 2026 klo 10.00 Joe Bloggs (joe@example.test) kirjoitti:");
    above("Gmail tr", "Joe Bloggs <joe@example.test>, 2 Kas 2026 Pzt, 10:00 tarihinde şunu yazdı:");
    above("Gmail ru", "пн, 2 нояб. 2026 г. в 10:00, Joe Bloggs <joe@example.test> написал(а):");
    above("Gmail ja", "2026年11月2日(月) 10:00 Joe Bloggs <joe@example.test> のメール:");
    above("Gmail zh", "Joe Bloggs <joe@example.test> 于2026年11月2日周一 10:00写道：");
    above("Gmail ko", "2026년 11월 2일 (월) 오전 10:00, Joe Bloggs <joe@example.test>님이 작성:");
    above("Yahoo", "On Monday, November 2, 2026 at 10:00:00 AM GMT+1, Joe Bloggs <joe@example.test> wrote:");
}

#[test]
fn header_blocks() {
    for (style, block) in [
        (
            "Outlook en",
            "From: Joe Bloggs <joe@example.test>\nSent: Monday, November 2, 2026 10:00 AM\nTo: Jane Doe <jane@example.org>\nSubject: RE: x",
        ),
        (
            "Outlook en, old",
            "-----Original Message-----\nFrom: Joe Bloggs [mailto:joe@example.test]\nSent: Monday, November 2, 2026 10:00 AM\nTo: Jane Doe\nCc: Ann\nSubject: x",
        ),
        (
            "Outlook web",
            "________________________________\nFrom: Joe Bloggs <joe@example.test>\nSent: Monday, November 2, 2026 10:00\nTo: Jane Doe <jane@example.org>\nSubject: x",
        ),
        (
            "Outlook in bold",
            "*From:* Joe Bloggs <joe@example.test>\n*Sent:* Monday, November 2, 2026 10:00 AM\n*To:* Jane Doe\n*Subject:* x",
        ),
        (
            "Outlook de",
            "Von: Joe Bloggs <joe@example.test>\nGesendet: Montag, 2. November 2026 10:00\nAn: Jane Doe <jane@example.org>\nBetreff: AW: x",
        ),
        (
            "GMX",
            "Gesendet: Montag, 02. November 2026 um 10:00 Uhr\nVon: \"Joe Bloggs\" <joe@example.test>\nAn: jane@example.org\nBetreff: x",
        ),
        (
            "Outlook fr",
            "De : Joe Bloggs <joe@example.test>\nEnvoyé : lundi 2 novembre 2026 10:00\nÀ : Jane Doe <jane@example.org>\nObjet : RE: x",
        ),
        (
            "Outlook es",
            "De: Joe Bloggs <joe@example.test>\nEnviado el: lunes, 2 de noviembre de 2026 10:00\nPara: Jane Doe\nAsunto: RE: x",
        ),
        (
            "Outlook it",
            "Da: Joe Bloggs <joe@example.test>\nInviato: lunedì 2 novembre 2026 10:00\nA: Jane Doe\nOggetto: R: x",
        ),
        (
            "Outlook nl",
            "Van: Joe Bloggs <joe@example.test>\nVerzonden: maandag 2 november 2026 10:00\nAan: Jane Doe\nOnderwerp: RE: x",
        ),
        (
            "Outlook ru",
            "От: Joe Bloggs <joe@example.test>\nОтправлено: 2 ноября 2026 г. 10:00\nКому: Jane Doe\nТема: RE: x",
        ),
        (
            "Outlook zh",
            "发件人: Joe Bloggs <joe@example.test>\n发送时间: 2026年11月2日 10:00\n收件人: Jane Doe\n主题: x",
        ),
        ("Outlook ja", "差出人: Joe Bloggs <joe@example.test>\n送信日時: 2026年11月2日 10:00\n宛先: Jane Doe\n件名: x"),
        ("Lotus, two lines", "Joe Bloggs/HQ/ACME\n11/02/2026 10:00 AM\nTo: Jane Doe/HQ/ACME@ACME\ncc: \nSubject: x"),
        (
            "Lotus, one line",
            "\"Joe Bloggs\" <joe@example.test> on 11/02/2026 10:00:00 AM\nTo: Jane Doe/HQ/ACME@ACME\ncc:\nSubject: x",
        ),
        (
            "Lotus, columns",
            "                    Joe Bloggs\n                    11/02/2026          To:     Jane Doe/HQ/ACME@ACME\n                    10:00 AM            cc:\n                                        Subject:     x",
        ),
        (
            "Notes",
            "-----Joe Bloggs <joe@example.test> wrote: -----\nTo: Jane Doe\nFrom: Joe Bloggs\nDate: 11/02/2026 10:00AM\nSubject: x",
        ),
    ] {
        case(style, "Re: x", &format!("Own words here.\n\n{block}\n\nold words\n"), "Own words here.");
    }
}

#[test]
fn answers_between_and_below() {
    let line = "On Mon, Nov 2, 2026 at 10:00 AM Joe Bloggs <joe@example.test> wrote:";
    case("below", "Re: x", &format!("{line}\n> old\n> words\n\nOwn words here."), "Own words here.");
    case("between", "Re: x", &format!("{line}\n> one?\nYes.\n> two?\nNo."), "Yes.\nNo.");
    case("above and below", "Re: x", &format!("First.\n\n{line}\n>> older\n> old\n\nLast."), "First.\n\nLast.");
    case("no quote", "x", "Jane wrote: the book.\nIt is good.", "Jane wrote: the book.\nIt is good.");
    case(
        "labels in prose",
        "x",
        "To: be or not to be.\nFrom: here on, all is well.",
        "To: be or not to be.\nFrom: here on, all is well.",
    );
}

#[test]
fn signatures() {
    let own = "Thank you for the talk.";
    for (style, tail) in [
        ("dashes", "-- \nJane Doe\nExample Ltd"),
        ("dashes, blank lost", "--\nJane Doe"),
        ("closing", "Best regards,\nJane"),
        (
            "closing and address",
            "Kind regards,\n\nJane Doe\nHead of Things | Example Ltd\n+1 555 0100\nhttps://example.org",
        ),
        ("German", "Mit freundlichen Grüßen\nJane Doe"),
        ("French", "Bien cordialement,\n\nJane Doe"),
        ("iPhone", "Sent from my iPhone"),
        ("iPhone de", "Von meinem iPhone gesendet"),
        ("Outlook app", "Get Outlook for iOS<https://aka.ms/o0ukef>"),
        ("name alone", "Jane"),
        ("name and dash", "- Jane Doe"),
        (
            "disclaimer",
            "This e-mail is confidential and intended solely for the addressee.\nIf you have received it in error, delete it.",
        ),
        (
            "closing and disclaimer",
            "Cheers,\nJane\n\n________________________________\nThis message may contain confidential information.",
        ),
        ("one line", "Best, Jane"),
    ] {
        case(style, "x", &format!("{own}\n\n{tail}"), own);
    }
    case(
        "thanks are content",
        "x",
        "It was good to talk.\n\nThanks again,\nJane",
        "It was good to talk.\n\nThanks again,",
    );
    case(
        "postscript",
        "x",
        "Hello.\n\nBest,\nJane\n\nP.S. And thanks for lunch.",
        "Hello.\n\nP.S. And thanks for lunch.",
    );
    case(
        "closing word in prose",
        "x",
        "Best\nwishes are what I bring, and more of them than fit in here at all.",
        "Best\nwishes are what I bring, and more of them than fit in here at all.",
    );
    let mail = "From: jane@example.org\nSubject: x\n\nHello.\n\nBest regards,\nJane Doe\nExample Ltd\n";
    let m = read(mail.as_bytes(), &TrustAnchor::None);
    assert_eq!(m.body().signature.as_deref(), Some("Jane Doe\nExample Ltd"));
}

#[test]
fn banners() {
    for banner in [
        "CAUTION: This email originated from outside of the organization. Do not click links or\nopen attachments unless you recognize the sender.",
        "[EXTERNAL EMAIL]",
        "You don't often get email from jane@example.org. Learn why this is important",
        "ACHTUNG: Diese E-Mail stammt von außerhalb der Firma.",
        "*** VORSICHT: Fremder Absender ***",
        "【注意】社外からのメール",
        "ZjQcmQRYFpfptBannerStart\n\nThis Message Is From an External Sender\n\nThis message came from outside your organization.\n\nReport Suspicious\n\nZjQcmQRYFpfptBannerEnd",
        "Some people who received this message don't often get email from jane@example.org. Learn why this is important",
    ] {
        case("banner", "x", &format!("{banner}\n\nDear Joe,\nthank you."), "Dear Joe,\nthank you.");
    }
}

#[test]
fn html_quotes() {
    let own = "Own words.";
    html(
        "Gmail",
        "<div dir=ltr>Own words.</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Mon, Nov 2, 2026 at 10:00 AM Joe &lt;<a href=\"mailto:joe@example.test\">joe@example.test</a>&gt; wrote:<br></div><blockquote class=\"gmail_quote\"><div>old</div></blockquote></div>",
        own,
    );
    html(
        "Apple",
        "<div>Own words.</div><div><br><blockquote type=\"cite\"><div>On Nov 2, 2026, at 10:00, Joe wrote:</div><div>old</div></blockquote></div>",
        own,
    );
    html("Apple, below", "<blockquote type=\"cite\"><div>old</div></blockquote><div>Own words.</div>", own);
    html(
        "Thunderbird",
        "<div class=\"moz-cite-prefix\">On 11/2/26 10:00, Joe wrote:<br></div><blockquote type=\"cite\"><p>old</p></blockquote><p>Own words.</p>",
        own,
    );
    html(
        "Outlook",
        "<div class=WordSection1><p>Own words.</p><div style='border-top:solid'><p><b>From:</b> Joe &lt;joe@example.test&gt;<br><b>Sent:</b> Monday, November 2, 2026 10:00<br><b>To:</b> Jane<br><b>Subject:</b> x</p></div><p>old</p></div>",
        own,
    );
    html(
        "Outlook web",
        "<div>Own words.</div><hr><div id=\"divRplyFwdMsg\" dir=\"ltr\"><b>Von:</b> Joe<br><b>Gesendet:</b> Montag<br><b>An:</b> Jane<br><b>Betreff:</b> x</div><div>old</div>",
        own,
    );
    html(
        "Yahoo",
        "<div>Own words.</div><div class=\"yahoo_quoted\"><div>On Monday, November 2, 2026 at 10:00:00 AM, Joe &lt;joe@example.test&gt; wrote:</div><div>old</div></div>",
        own,
    );
}

#[track_caller]
fn forward(style: &str, subject: &str, text: &str) {
    let mail = format!("From: Ann Other <ann@example.test>\nSubject: {subject}\n\n{text}\n");
    for mail in [mail.clone(), mail.replace('\n', "\r\n")] {
        let m = read(mail.as_bytes(), &TrustAnchor::None);
        let inner = m.body().forwarded.clone().unwrap_or_default();
        assert_eq!(m.body().own, "See below.", "{style}");
        assert_eq!(inner.own, "Dear Ann,\nthank you for the talk.", "{style}");
        assert_eq!(inner.from.name.as_ref().map(|n| n.as_str()), Some("Jane Doe"), "{style}");
        assert_eq!(inner.from.address.as_ref().map(|a| a.as_str()), Some("jane@example.org"), "{style}");
        assert_eq!(inner.subject, "Thanks", "{style}");
        assert_eq!(
            inner.date.map(|d| d.to_string().chars().take(10).collect::<String>()),
            Some("2026-11-02".into()),
            "{style}"
        );
    }
}

#[test]
fn forwards() {
    let words = "Dear Ann,\nthank you for the talk.\n\nBest regards,\nJane";
    for (style, subject, header) in [
        (
            "Gmail",
            "Fwd: Thanks",
            "---------- Forwarded message ---------\nFrom: Jane Doe <jane@example.org>\nDate: Mon, Nov 2, 2026 at 10:00 AM\nSubject: Thanks\nTo: Ann Other <ann@example.test>\n",
        ),
        (
            "Apple",
            "Fwd: Thanks",
            "Begin forwarded message:\n\nFrom: Jane Doe <jane@example.org>\nSubject: Thanks\nDate: 2 November 2026 at 10:00:00 CET\nTo: Ann Other <ann@example.test>\n",
        ),
        (
            "Outlook",
            "FW: Thanks",
            "From: Jane Doe <jane@example.org>\nSent: Monday, November 2, 2026 10:00 AM\nTo: Ann Other\nSubject: Thanks",
        ),
        (
            "Outlook de",
            "WG: Thanks",
            "Von: Jane Doe <jane@example.org>\nGesendet: Montag, 2. November 2026 10:00\nAn: Ann Other\nBetreff: Thanks",
        ),
        (
            "Outlook fr",
            "TR : Thanks",
            "De : Jane Doe <jane@example.org>\nEnvoyé : lundi 2 novembre 2026 10:00\nÀ : Ann Other\nObjet : Thanks",
        ),
        (
            "Outlook es",
            "RV: Thanks",
            "De: Jane Doe <jane@example.org>\nEnviado: lunes, 2 de noviembre de 2026 10:00\nPara: Ann Other\nAsunto: Thanks",
        ),
        (
            "Thunderbird",
            "Fwd: Thanks",
            "-------- Forwarded Message --------\nSubject: \tThanks\nDate: \tMon, 2 Nov 2026 10:00:00 +0100\nFrom: \tJane Doe <jane@example.org>\nTo: \tAnn Other <ann@example.test>\n",
        ),
        (
            "Gmail de",
            "Fwd: Thanks",
            "---------- Forwarded message ---------\nVon: Jane Doe <jane@example.org>\nDate: Mo., 2. Nov. 2026 um 10:00 Uhr\nSubject: Thanks\nTo: Ann Other <ann@example.test>\n",
        ),
    ] {
        forward(style, subject, &format!("See below.\n\n{header}\n\n{words}"));
    }
}

#[test]
fn forwarded_as_attachment() {
    let mail = "From: ann@example.test\nSubject: Fwd: Thanks\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee below.\n--b\nContent-Type: message/rfc822\n\n\
        From: Jane Doe <jane@example.org>\nSubject: Thanks\nDate: Mon, 2 Nov 2026 10:00:00 +0100\n\nDear Ann,\nthank you.\n--b--\n";
    let m = read(mail.as_bytes(), &TrustAnchor::None);
    let inner = m.body().forwarded.clone().unwrap_or_default();
    assert_eq!(
        (m.body().own.as_str(), inner.subject.as_str(), inner.own.as_str()),
        ("See below.", "Thanks", "Dear Ann,\nthank you.")
    );
}

#[test]
fn html_becomes_lines() {
    let m = |html: &str| {
        read(format!("Subject: x\nContent-Type: text/html; charset=utf-8\n\n{html}").as_bytes(), &TrustAnchor::None)
            .body()
            .clone()
    };
    let links = |html: &str| {
        let mail = format!("Subject: x\nContent-Type: text/html; charset=utf-8\n\n{html}");
        read(mail.as_bytes(), &TrustAnchor::None).links().to_vec()
    };
    assert_eq!(m("<table><tr><td>Meet</td><td>Tuesday</td></tr></table>").text.trim(), "Meet\nTuesday");
    assert_eq!(m("<style>a{}</style><p>One<br>two &lt;3</p><script>x</script><div style='display: none'>hidden <div>too</div></div><p>three").text.trim(), "One\ntwo <3\n\nthree");
    assert_eq!(m("a < b and <b>c</b>d<!-- no --> e").text.trim(), "a < b and cd e");
    let links = links(
        "<a href='https://www.linkedin.com/comm/in/jane?a=1&amp;b=2'><b>Jane</b>  Doe</a> <a href=\"mailto:x@y.test\">no</a>",
    );
    let links: Vec<_> = links.iter().map(|l| (l.url.as_str(), l.text.as_str())).collect();
    assert_eq!(links, [("https://www.linkedin.com/in/jane?a=1&b=2", "Jane Doe")]);
}

#[test]
fn words_that_nobody_sees_are_no_own_words() {
    for (why, hidden) in [
        ("class", "<div class=pre>unseen</div>"),
        ("hidden", "<div hidden=\"\">unseen <b>too</b></div>"),
        ("tiny", "<span style='font-size:1px'>unseen</span>"),
        ("boxed", "<div style='max-height:0;overflow:hidden'>unseen</div>"),
        ("off", "<div style='position:absolute;left:-5000px'>unseen</div>"),
        ("white", "<span style='color:#ffffff'>unseen</span>"),
        ("white font", "<font color=white>unseen</font>"),
        ("as the ground", "<p style='color:#eee;background:#eee'>unseen</p>"),
    ] {
        html(
            why,
            &format!("<html><head><style>.pre{{opacity:0}}</style></head><p>Own words.</p>{hidden}"),
            "Own words.",
        );
    }
    html("white on blue", "<td bgcolor='#0a66c2'><span style='color:#fff'>Own words.</span></td>", "Own words.");
    html("black", "<p style='color:#000;background:#fff'>Own words.</p>", "Own words.");
}

#[test]
fn plain_text_without_content_gives_way_to_html() {
    let mail = |plain: &str| {
        format!(
            "Subject: x\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\n{plain}\n--b\nContent-Type: text/html\n\n<p>Jane Doe accepted your invitation. See what she has been doing since you last met in person.</p>\n--b--\n"
        )
    };
    let text = |plain: &str| read(mail(plain).as_bytes(), &TrustAnchor::None).body().text.trim().to_owned();
    assert!(text(" \n").starts_with("Jane Doe"));
    assert!(text("No HTML?").starts_with("Jane Doe"));
    assert_eq!(text("Jane Doe accepted your invitation."), "Jane Doe accepted your invitation.");
}

/// Inputs that have made other readers quadratic: ten times the size may cost ten times, not a hundred times.
#[test]
fn large_odd_bodies_are_read() {
    for (name, html) in [
        ("divs", "<div>".repeat(100_000)),
        ("cells", "<table><tr><td>a</td></tr></table>".repeat(15_000)),
        ("quotes", "<blockquote type=cite>".repeat(20_000)),
        ("open tags", "<a href='x".repeat(50_000)),
        ("open comments", "<!-- ".repeat(100_000)),
        ("open scripts", "<script>".repeat(60_000)),
        ("angles", "<".repeat(500_000)),
        ("attributes", format!("<p {}>", "a=b ".repeat(100_000))),
        ("entities", "&amp".repeat(120_000)),
        ("hidden", "<div style='display:none'><div>".repeat(16_000)),
    ] {
        let mail = format!("Subject: x\nContent-Type: text/html\n\n{html}end");
        assert!(read(mail.as_bytes(), &TrustAnchor::None).body().text.len() <= 600_000, "{name}");
    }
    for (name, text) in [
        ("labels", "From: a\n".repeat(60_000)),
        ("closings", "Best regards,\n".repeat(35_000)),
        ("banners", "external email\n\n".repeat(30_000)),
        ("colons", "a:".repeat(250_000)),
        ("blanks", "\n \n".repeat(150_000)),
        ("disclaimers", "is confidential and\n".repeat(25_000)),
        ("columns", "a  ".repeat(170_000)),
        ("wrote", "on 2026 10:00 wrote\n".repeat(25_000)),
        ("urls", "http://".repeat(70_000)),
    ] {
        let mail = format!("Subject: x\n\n{text}");
        assert!(read(mail.as_bytes(), &TrustAnchor::None).body().own.len() <= 600_000, "{name}");
    }
}
