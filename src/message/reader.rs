//! One mail, read as far as it is asked about.
//!
//! Nine of ten mails are dismissed by a header or two. So [`read`] only finds the fields; addresses, subject, parts and
//! body are worked out on the first question and kept.
use super::fields::{Fields, ids, line_at};
use super::mime::{Kind, Part, parts};
use super::provenance::{self, Provenance};
use super::{ArrivalBy, Authenticity, Body, Link, Marks, MessageId, TrustAnchor, body, subject, time};
use crate::person::{Domain, Mailbox};
use jiff::Timestamp;
use std::borrow::Cow;
use std::cell::OnceCell;

/// Larger mails are judged by their header alone (trust.md §0).
pub const LARGEST: usize = 25 * 1024 * 1024;

/// A file attached or embedded, as its part's header describes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    pub name: Option<String>,
    /// `type/subtype`, lower case.
    pub media: String,
    /// Decoded size in bytes, about.
    pub size: usize,
}

/// A mail. Bodies are worked out only when asked for.
#[derive(Debug, Clone)]
pub struct Message<'x> {
    raw: &'x [u8],
    size: usize,
    too_large: bool,
    whole: bool,
    depth: u8,
    anchor: TrustAnchor,
    fields: Fields<'x>,
    id: OnceCell<Option<MessageId>>,
    from: OnceCell<Vec<Mailbox>>,
    sender: OnceCell<Vec<Mailbox>>,
    reply_to: OnceCell<Vec<Mailbox>>,
    to: OnceCell<Vec<Mailbox>>,
    cc: OnceCell<Vec<Mailbox>>,
    subject: OnceCell<String>,
    parts: OnceCell<Vec<Part<'x>>>,
    provenance: OnceCell<Provenance>,
    body: OnceCell<Body>,
    links: OnceCell<Vec<Link>>,
    marks: OnceCell<Marks>,
}

/// Reads a whole mail. Never fails: what cannot be read is absent.
#[must_use]
pub fn read<'x>(bytes: &'x [u8], anchor: &TrustAnchor) -> Message<'x> {
    build(bytes, anchor, bytes.len() <= LARGEST, 0)
}

/// Reads a header block alone (an IMAP `BODY.PEEK[HEADER]`): body, parts and probe are empty.
#[must_use]
pub fn read_headers<'x>(bytes: &'x [u8], anchor: &TrustAnchor) -> Message<'x> {
    build(bytes, anchor, false, 0)
}

/// A mail inside a mail, `depth` deep.
pub(super) fn nested<'x>(bytes: &'x [u8], anchor: &TrustAnchor, depth: u8) -> Message<'x> {
    build(bytes, anchor, bytes.len() <= LARGEST, depth)
}

fn build<'x>(bytes: &'x [u8], anchor: &TrustAnchor, whole: bool, depth: u8) -> Message<'x> {
    let raw = bytes.get(preamble(bytes)..).unwrap_or_default();
    let mut fields = Fields::scan(raw);
    if !fields.names().any(known) {
        fields = Fields::none(raw);
    }
    let too_large = bytes.len() > LARGEST || fields.cut;
    Message {
        raw,
        size: bytes.len(),
        too_large,
        whole: whole && !too_large,
        depth,
        anchor: anchor.clone(),
        fields,
        id: OnceCell::new(),
        from: OnceCell::new(),
        sender: OnceCell::new(),
        reply_to: OnceCell::new(),
        to: OnceCell::new(),
        cc: OnceCell::new(),
        subject: OnceCell::new(),
        parts: OnceCell::new(),
        provenance: OnceCell::new(),
        body: OnceCell::new(),
        links: OnceCell::new(),
        marks: OnceCell::new(),
    }
}

/// Bytes before the header: byte order mark, blank lines, an mbox "From " line.
fn preamble(bytes: &[u8]) -> usize {
    let mut at = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
    while at < bytes.len() {
        let (line, next) = line_at(bytes, at);
        let mbox = line.starts_with(b"From ") || line.starts_with(b">From ");
        if !mbox && !line.iter().all(u8::is_ascii_whitespace) {
            break;
        }
        at = next;
    }
    at
}

/// Fields that tell a mail's header from a text whose first line happens to hold a colon ("Hello Jane: …").
fn known(name: &[u8]) -> bool {
    const KNOWN: &[&str] = &[
        "subject",
        "from",
        "to",
        "date",
        "received",
        "message-id",
        "content-type",
        "mime-version",
        "return-path",
        "delivered-to",
        "reply-to",
        "sender",
        "cc",
        "bcc",
        "in-reply-to",
        "references",
        "authentication-results",
        "dkim-signature",
        "list-id",
        "precedence",
        "auto-submitted",
        "content-transfer-encoding",
        "status",
    ];
    KNOWN.iter().any(|k| name.eq_ignore_ascii_case(k.as_bytes()))
        || name.get(..2).is_some_and(|p| p.eq_ignore_ascii_case(b"x-"))
}

impl<'x> Message<'x> {
    #[must_use]
    pub fn message_id(&self) -> Option<&MessageId> {
        self.id
            .get_or_init(|| {
                time::message_ids(self.fields.raw_values("Message-ID").take(1).flat_map(ids).collect()).pop()
            })
            .as_ref()
    }
    #[must_use]
    pub fn in_reply_to(&self) -> Vec<MessageId> {
        time::message_ids(self.fields.raw_values("In-Reply-To").flat_map(ids).collect())
    }
    #[must_use]
    pub fn references(&self) -> Vec<MessageId> {
        time::message_ids(self.fields.raw_values("References").flat_map(ids).collect())
    }

    /// All mailboxes of all From fields. More than one field, or mailbox: [`Message::authenticity`] is never verified.
    #[must_use]
    pub fn from(&self) -> &[Mailbox] {
        self.from.get_or_init(|| self.fields.mailboxes("From"))
    }
    #[must_use]
    pub fn sender(&self) -> &[Mailbox] {
        self.sender.get_or_init(|| self.fields.mailboxes("Sender"))
    }
    #[must_use]
    pub fn reply_to(&self) -> &[Mailbox] {
        self.reply_to.get_or_init(|| self.fields.mailboxes("Reply-To"))
    }
    #[must_use]
    pub fn to(&self) -> &[Mailbox] {
        self.to.get_or_init(|| self.fields.mailboxes("To"))
    }
    #[must_use]
    pub fn cc(&self) -> &[Mailbox] {
        self.cc.get_or_init(|| self.fields.mailboxes("Cc"))
    }

    /// Decoded and cleaned; gateway tags like `[EXTERNAL]` are cut, `Re:` and `Fwd:` are kept.
    #[must_use]
    pub fn subject(&self) -> &str {
        self.subject.get_or_init(|| subject::cleaned(self.fields.text("Subject").unwrap_or_default()))
    }

    /// First value of a field, unfolded and decoded.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.fields.text(name)
    }
    /// All values of a field, in order, unfolded and decoded.
    pub fn headers<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> + 's {
        self.fields.texts(name)
    }

    /// The sender's own Date.
    #[must_use]
    pub fn date(&self) -> Option<Timestamp> {
        self.fields.raw_values("Date").next().and_then(time::date)
    }
    /// When it came, and by which clock. `own_servers`: names (or parent domains) of the owner's mail servers; empty
    /// when unknown, then the topmost Received is taken for theirs beside an `internal` date. With
    /// [`ArrivalBy::Unknown`] the time is the Unix epoch: put your own `now` there.
    #[must_use]
    pub fn arrival(&self, internal: Option<Timestamp>, own_servers: &[Domain]) -> (Timestamp, ArrivalBy) {
        time::arrival(&self.fields, internal, own_servers)
    }

    /// Marks of programs and lists.
    #[must_use]
    pub fn marks(&self) -> Marks {
        *self.marks.get_or_init(|| self.worked_out_marks())
    }
    fn worked_out_marks(&self) -> Marks {
        let has = |name: &str| self.fields.count(name) > 0;
        let says = |name: &str, words: &[&str]| self.fields.texts(name).any(|v| starts_with_any(v, words));
        Marks {
            list: ["List-Id", "List-Post", "List-Unsubscribe"].into_iter().any(has),
            bulk: says("Precedence", &["bulk", "list", "junk"]),
            auto: self.fields.texts("Auto-Submitted").any(|v| !starts_with_any(v, &["no"]))
                || self.fields.texts("X-Auto-Response-Suppress").any(|v| v.to_ascii_lowercase().contains("all"))
                || says("Precedence", &["auto_reply", "auto-reply"])
                || ["X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Autogenerated"].into_iter().any(has),
            report: self.fields.text("Return-Path").is_some_and(|v| v.trim() == "<>")
                || self.parts().iter().any(|p| p.kind == Kind::Report),
            calendar: self.parts().iter().any(|p| p.kind == Kind::Calendar),
        }
    }

    /// How far the From address is proved, and why, in one sentence. Never [`Authenticity::Forged`]: that needs to
    /// know what the mail claims to be, which is the letter room's to say.
    #[must_use]
    pub fn authenticity(&self) -> (Authenticity, String) {
        let p = self.provenance();
        (p.authenticity, p.why.clone())
    }
    /// The From domain, if it is verified.
    #[must_use]
    pub fn verified_domain(&self) -> Option<&Domain> {
        self.provenance().aligned.as_ref()
    }
    /// The trusted server says the From domain's policy failed: one half of the evidence for a forgery.
    #[must_use]
    pub fn dmarc_fail(&self) -> bool {
        self.provenance().dmarc_fail
    }
    fn provenance(&self) -> &Provenance {
        self.provenance.get_or_init(|| provenance::judge(&self.fields, self.from(), &self.anchor))
    }

    fn parts(&self) -> &[Part<'x>] {
        self.parts.get_or_init(|| if self.whole { parts(self.raw, &self.fields) } else { Vec::new() })
    }

    /// The body, split by whose words they are. Worked out on the first call.
    #[must_use]
    pub fn body(&self) -> &Body {
        self.body.get_or_init(|| {
            body::body(self.parts(), &body::About { subject: self.subject(), from: self.from(), depth: self.depth })
        })
    }

    /// Links of all text parts, in order, unwrapped offline; at most 500. Worked out on the first call.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        self.links.get_or_init(|| body::links(self.parts()))
    }

    /// The decoded texts the body is made of as they are, HTML with its tags: for gates that look for words before any
    /// conversion.
    pub fn probe(&self, look: &mut dyn FnMut(&str)) {
        body::texts(self.parts(), false).for_each(|(_, text)| look(text));
    }

    /// Parts that are files, in order.
    #[must_use]
    pub fn attachments(&self) -> Vec<Attachment> {
        let file = |p: &&Part<'x>| !p.inline_text() && p.kind != Kind::Report;
        self.parts()
            .iter()
            .filter(file)
            .map(|p| Attachment { name: p.name.clone(), media: p.media.clone(), size: p.size() })
            .collect()
    }

    /// Calendar parts (text/calendar, application/ics, `*.ics`), decoded.
    #[must_use]
    pub fn calendars(&self) -> Vec<Cow<'x, [u8]>> {
        self.parts().iter().filter(|p| p.kind == Kind::Calendar).map(|p| p.bytes(LARGEST)).collect()
    }

    /// Does a mail's header stand above its text? A bare text, a picture or a calendar has none.
    #[must_use]
    pub fn has_header(&self) -> bool {
        self.fields.names().next().is_some()
    }

    /// Over a cap of trust.md §0: only the header was read.
    #[must_use]
    pub fn too_large(&self) -> bool {
        self.too_large
    }
    /// Size in bytes as given to [`read`].
    #[must_use]
    pub fn size(&self) -> usize {
        self.size
    }
}

fn starts_with_any(value: &str, words: &[&str]) -> bool {
    let value = value.trim();
    words.iter().any(|w| value.get(..w.len()).is_some_and(|v| v.eq_ignore_ascii_case(w)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn both(mail: &str, check: impl Fn(&Message<'_>)) {
        let lf = mail.replace("\r\n", "\n");
        let crlf = lf.replace('\n', "\r\n");
        check(&read(lf.as_bytes(), &TrustAnchor::Topmost));
        check(&read(crlf.as_bytes(), &TrustAnchor::Topmost));
    }

    const PARTS: &str = "From jane@example.org Mon Nov  2 10:00:00 2026\nFrom: =?utf-8?q?J=C3=A4ne?= <Jane@Example.ORG>\n\
        To: a@example.test, \"B, C\" <b@example.test>\nSubject: Thank\n you\nMessage-ID: <1@example.org>\n\
        Date: Mon, 2 Nov 2026 10:00:00 +0100\nContent-Type: multipart/mixed; boundary=out\n\npreamble\n--out\n\
        Content-Type: multipart/alternative;\n boundary=\"in\"\n\n--in\nContent-Type: text/plain; charset=iso-8859-1\n\
        Content-Transfer-Encoding: quoted-printable\n\nGr=FC=DFe =\naus Wien\n--in\nContent-Type: text/html\n\n<p>Gr&uuml;&szlig;e</p>\n--in--\n\
        --out\nContent-Type: text/calendar; method=REQUEST\nContent-Transfer-Encoding: base64\n\nQkVHSU46VkNBTEVOREFS\n\
        --out\nContent-Type: application/pdf; name=\"cv.pdf\"\nContent-Transfer-Encoding: base64\n\nAAAA\n--out--\nepilogue\n";

    #[test]
    fn facts_of_a_mail() {
        both(PARTS, |m| {
            assert_eq!(m.subject(), "Thank you");
            assert_eq!(m.message_id().map(|i| i.0.as_str()), Some("1@example.org"));
            assert_eq!(m.from().first().and_then(|f| f.name.as_ref()).map(|n| n.as_str()), Some("Jäne"));
            assert_eq!(crate::message::addresses(m.to()).count(), 2);
            assert_eq!(m.date().map(|d| d.to_string()), Some("2026-11-02T09:00:00Z".into()));
            assert!(m.marks().calendar);
            assert_eq!(m.calendars().first().map(|c| c.to_vec()), Some(b"BEGIN:VCALENDAR".to_vec()));
            let names: Vec<_> = m.attachments().into_iter().map(|a| a.media).collect();
            assert_eq!(names, ["text/calendar", "application/pdf"]);
            let mut seen = String::new();
            m.probe(&mut |t| seen.push_str(t));
            assert_eq!(seen, "Grüße aus Wien<p>Gr&uuml;&szlig;e</p>");
        });
    }

    #[test]
    fn text_without_header() {
        for (text, subject, body) in [
            ("Hello Jane,\n\nthank you.\n", "", "Hello Jane,\n\nthank you."),
            ("Note: thank you: for all.\n\nJoe\n", "", "Note: thank you: for all.\n\nJoe"),
            ("Subject: Hi\n\nThanks.\n", "Hi", "Thanks."),
            ("Subject: Hi\nDear Jane\nThanks.\n", "Hi", "Dear Jane\nThanks."),
        ] {
            both(text, |m| {
                assert_eq!(m.subject(), subject);
                assert_eq!(m.body().text.trim().replace("\r\n", "\n"), body);
            });
        }
    }

    /// Trees as deep or wide as a sender likes, on a stack smaller than a worker's; nothing here may recurse by depth.
    #[test]
    fn hostile_mime_on_a_small_stack() {
        let nest = |n: usize| -> String {
            (0..n).map(|i| format!("Content-Type: multipart/mixed; boundary=b{i}\n\n--b{i}\n")).collect()
        };
        let cases = [
            format!("Subject: x\n{}", nest(20_000)),
            format!("Subject: x\n{}", "Content-Type: message/rfc822\n\n".repeat(50_000)),
            format!("Subject: x\nContent-Type: multipart/digest; boundary=b\n\n{}", "--b\n".repeat(200_000)),
            format!("Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\na\n".repeat(200_000)),
            format!("Subject: x\nFrom: {}\n\n", "a;".repeat(1_000_000)),
            format!("Subject: x\nTo: {}\n\n", "(".repeat(1_000_000)),
            format!("Subject: x\nReferences: {}\n\n", "<a@b>\n ".repeat(40_000)),
            format!("Subject: x\n{}\n\n", "Received: x\n".repeat(100_000)),
        ];
        let worker = std::thread::Builder::new().stack_size(256 * 1024);
        let run = move || cases.iter().for_each(|c| touch(c.as_bytes()));
        let ended = worker.spawn(run).map(std::thread::JoinHandle::join);
        assert!(matches!(ended, Ok(Ok(()))));
    }

    #[test]
    fn caps() {
        let long = format!("Subject: x\n{}\nthe body", "X-A: b\n".repeat(50_000));
        let m = read(long.as_bytes(), &TrustAnchor::None);
        assert!(m.too_large() && m.subject() == "x" && m.body().text.is_empty());
        let huge = [b"Subject: x\n\n".as_slice(), &vec![b'a'; LARGEST]].concat();
        let m = read(&huge, &TrustAnchor::None);
        assert!(m.too_large() && m.subject() == "x" && m.body().text.is_empty());
        let text = [b"Subject: x\n\n".as_slice(), &vec![b'a'; 2 * 1024 * 1024]].concat();
        let m = read(&text, &TrustAnchor::None);
        assert!(!m.too_large() && m.body().text.len() <= crate::message::mime::TEXT + 2);
        let m = read_headers(PARTS.as_bytes(), &TrustAnchor::None);
        assert!(!m.too_large() && m.subject() == "Thank you" && m.body().text.is_empty());
    }

    proptest! {
        #[test]
        fn never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            touch(&bytes);
        }

        #[test]
        fn never_panics_on_mutated(at in 0usize..1200, with in proptest::collection::vec(any::<u8>(), 0..6), cut in 0usize..40) {
            let mut mail = PARTS.as_bytes().to_vec();
            let at = at.min(mail.len());
            let end = (at + cut).min(mail.len());
            mail.splice(at..end, with);
            touch(&mail);
        }
    }

    fn touch(bytes: &[u8]) {
        let m = read(bytes, &TrustAnchor::Topmost);
        let _ = (m.from(), m.to(), m.cc(), m.sender(), m.reply_to(), m.subject(), m.message_id(), m.references());
        let _ = (m.date(), m.arrival(None, &[]), m.marks(), m.authenticity(), m.body(), m.attachments(), m.calendars());
        m.probe(&mut |_| ());
    }
}
