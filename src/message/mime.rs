//! Which parts a mail has: found by their boundaries, decoded only when looked at.
//!
//! Attachments make most of a mail's bytes and none of its meaning, and MIME nests as deep as a sender likes. So this
//! walks boundary lines only, without recursion, with caps on depth and number; no part is copied before it is asked for.
use super::fields::{Fields, line_at, unstructured, utf8, value};
use super::{Link, html};
use mail_parser::{ContentType, HeaderValue, decoders, parsers::MessageStream};
use memchr::memmem::Finder;
use std::borrow::Cow;
use std::cell::OnceCell;

/// Deeper multiparts are left unread (Dovecot stops at 100; real mail seldom passes 6).
const DEPTH: usize = 20;
/// More parts are left unread.
const PARTS: usize = 1_000;
/// Text judged, of all parts together (trust.md §0).
pub(super) const TEXT: usize = 512 * 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Plain,
    Html,
    Calendar,
    Message,
    Report,
    Other,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Identity,
    QuotedPrintable,
    Base64,
}

/// A leaf of the tree.
#[derive(Debug, Clone)]
pub(super) struct Part<'x> {
    pub kind: Kind,
    /// `type/subtype`, lower case.
    pub media: String,
    pub name: Option<String>,
    /// Said to be an attachment.
    pub attached: bool,
    /// The outermost multipart/alternative around it.
    pub alternative: Option<usize>,
    encoding: Encoding,
    charset: Option<String>,
    body: &'x [u8],
    text: OnceCell<Cow<'x, str>>,
    lines: OnceCell<(String, Vec<Link>)>,
}

impl<'x> Part<'x> {
    /// About how many bytes it holds decoded.
    pub fn size(&self) -> usize {
        match self.encoding {
            Encoding::Base64 => self.body.len() / 4 * 3,
            Encoding::QuotedPrintable | Encoding::Identity => self.body.len(),
        }
    }

    /// Decoded bytes, at most `cap` of the encoded ones.
    pub fn bytes(&self, cap: usize) -> Cow<'x, [u8]> {
        let body = self.body.get(..cap).unwrap_or(self.body);
        match self.encoding {
            Encoding::Identity => Cow::Borrowed(body),
            Encoding::QuotedPrintable => Cow::Owned(quoted_printable(body)),
            Encoding::Base64 => base64(body),
        }
    }

    /// Decoded text, at most [`TEXT`] bytes of it.
    pub fn text(&self) -> &str {
        self.text.get_or_init(|| {
            let cap = if self.encoding == Encoding::Identity { TEXT } else { TEXT * 3 / 2 };
            let text = charset(self.bytes(cap), self.charset.as_deref());
            if text.len() <= TEXT {
                text
            } else {
                Cow::Owned(text.get(..text.floor_char_boundary(TEXT)).unwrap_or_default().to_owned())
            }
        })
    }

    /// HTML as lines, and its links; `text` is as much of it as is read.
    pub fn html(&self, text: &str) -> &(String, Vec<Link>) {
        self.lines.get_or_init(|| html::lines(text))
    }

    /// May it be shown as text of the mail itself?
    pub fn inline_text(&self) -> bool {
        matches!(self.kind, Kind::Plain | Kind::Html) && !self.attached
    }
}

/// UTF-8 wins over a declared charset when it is valid and not plain ASCII: more mail lies about that than not.
fn charset<'x>(bytes: Cow<'x, [u8]>, declared: Option<&str>) -> Cow<'x, str> {
    let stateful = declared.is_some_and(|c| {
        let c = c.to_ascii_lowercase();
        c.starts_with("iso-2022") || c.starts_with("utf-7") || c.starts_with("utf-16") || c.starts_with("hz")
    });
    let bytes = match bytes {
        Cow::Borrowed(b) if !stateful => match std::str::from_utf8(b) {
            Ok(text) => return Cow::Borrowed(text),
            Err(_) => Cow::Borrowed(b),
        },
        Cow::Owned(b) if !stateful => match String::from_utf8(b) {
            Ok(text) => return Cow::Owned(text),
            Err(e) => Cow::Owned(e.into_bytes()),
        },
        other => other,
    };
    let decoder = declared.and_then(|c| decoders::charsets::map::charset_decoder(c.as_bytes()));
    match decoder {
        Some(decode) => Cow::Owned(decode(&bytes)),
        None if declared.is_some_and(|c| c.eq_ignore_ascii_case("utf-8")) => {
            Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
        }
        None => Cow::Owned(utf8(&bytes).into_owned()),
    }
}

/// Lenient RFC 2045 quoted-printable: what is no escape stays as it stands.
fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(body.len());
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'=', body.get(at..).unwrap_or_default()) {
        out.extend_from_slice(body.get(at..at + found).unwrap_or_default());
        at += found;
        let rest = body.get(at + 1..).unwrap_or_default();
        let hex = rest
            .first()
            .zip(rest.get(1))
            .and_then(|(a, b)| decoders::quoted_printable::quoted_printable_decode_char(*a, *b));
        let soft = rest.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\r'));
        at += match (hex, soft) {
            (Some(byte), _) => {
                out.push(byte);
                3
            }
            (None, Some(end)) if rest.get(end) == Some(&b'\n') => end + 2,
            (None, None) => rest.len() + 1,
            (None, Some(_)) => {
                out.push(b'=');
                1
            }
        };
    }
    out.extend_from_slice(body.get(at..).unwrap_or_default());
    out
}

/// Lenient base64: foreign characters (a list's footer, stray bytes) are left out rather than giving up.
fn base64(body: &[u8]) -> Cow<'_, [u8]> {
    if let Some(bytes) = decoders::base64::base64_decode(body) {
        return Cow::Owned(bytes);
    }
    let clean: Vec<u8> =
        body.iter().copied().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).collect();
    let whole = clean.get(..clean.len() / 4 * 4).unwrap_or_default();
    decoders::base64::base64_decode(whole).map_or(Cow::Borrowed(body), Cow::Owned)
}

struct Level {
    boundary: Vec<u8>,
    alternative: Option<usize>,
    digest: bool,
}

/// Walks the parts of one mail.
struct Walk<'x> {
    raw: &'x [u8],
    levels: Vec<Level>,
    groups: usize,
    open: Option<(Part<'x>, usize)>,
    parts: Vec<Part<'x>>,
}

/// The leaves of a mail in order; what lies beyond the caps is left out.
pub(super) fn parts<'x>(raw: &'x [u8], header: &Fields<'x>) -> Vec<Part<'x>> {
    let mut walk = Walk { raw, levels: Vec::new(), groups: 0, open: None, parts: Vec::new() };
    walk.entity(header, header.body_at);
    walk.run(header.body_at);
    walk.parts
}

impl<'x> Walk<'x> {
    /// Begins an entity whose header is read: a multipart opens a level, anything else a leaf.
    fn entity(&mut self, header: &Fields<'x>, body_at: usize) {
        let ctype = content_type(header, "Content-Type");
        let around = self.levels.last().and_then(|l| l.alternative);
        let multipart = ctype.as_ref().is_some_and(|c| c.c_type.eq_ignore_ascii_case("multipart"));
        let boundary = ctype.as_ref().and_then(|c| c.attribute("boundary")).filter(|b| !b.is_empty());
        if let (true, Some(boundary), Some(ctype)) = (multipart && self.levels.len() < DEPTH, boundary, &ctype) {
            let sub = ctype.c_subtype.as_deref().unwrap_or_default();
            let own_group = sub.eq_ignore_ascii_case("alternative") && around.is_none();
            self.groups += usize::from(own_group);
            let alternative = if own_group { Some(self.groups) } else { around };
            let boundary = boundary.as_bytes().trim_ascii_end().to_vec();
            self.levels.push(Level { boundary, alternative, digest: sub.eq_ignore_ascii_case("digest") });
            if sub.eq_ignore_ascii_case("report") {
                self.parts.push(leaf(header, None, Kind::Report, around));
            }
            return;
        }
        let kind = match (&ctype, self.levels.last().is_some_and(|l| l.digest)) {
            (None, true) => Kind::Message,
            (None, false) => Kind::Plain,
            (Some(c), _) => kind(c),
        };
        self.open = Some((leaf(header, ctype.as_ref(), kind, around), body_at));
    }

    fn close(&mut self, end: usize) {
        if let Some((mut part, start)) = self.open.take() {
            part.body = self.raw.get(start..end.max(start)).unwrap_or_default();
            self.parts.push(part);
        }
    }

    /// Which open level this line ends a part of, and whether it ends the level.
    fn boundary(&self, line: &[u8]) -> Option<(usize, bool)> {
        let rest = line.strip_prefix(b"--")?;
        self.levels.iter().enumerate().rev().find_map(|(i, level)| {
            match rest.strip_prefix(level.boundary.as_slice())?.trim_ascii_end() {
                b"" => Some((i, false)),
                b"--" => Some((i, true)),
                _ => None,
            }
        })
    }

    /// From boundary to boundary.
    fn run(&mut self, from: usize) {
        let finder = Finder::new(b"\n--");
        let mut at = from;
        while !self.levels.is_empty() {
            let line_start = if at == from && self.raw.get(at..at + 2) == Some(b"--") {
                at
            } else if let Some(found) = self.raw.get(at.saturating_sub(1)..).and_then(|rest| finder.find(rest)) {
                at.saturating_sub(1) + found + 1
            } else {
                break;
            };
            let (line, next) = line_at(self.raw, line_start);
            at = next.max(line_start + 1);
            let Some((level, last)) = self.boundary(line) else {
                continue;
            };
            self.close(before_line_end(self.raw, line_start));
            self.levels.truncate(level + usize::from(!last));
            if self.parts.len() >= PARTS {
                return;
            }
            if !last {
                at = self.begin(next);
            }
        }
        self.close(self.raw.len());
    }

    /// Reads a part's header; gives where to look for the next boundary.
    fn begin(&mut self, at: usize) -> usize {
        let rest = self.raw.get(at..).unwrap_or_default();
        if rest.starts_with(b"--") && self.boundary(line_at(rest, 0).0).is_some() {
            return at; // an empty part: its first line is the next boundary
        }
        let header = Fields::scan_until(rest, |line| self.boundary(line).is_some());
        let body_at = at + header.body_at;
        self.entity(&header, body_at);
        body_at
    }
}

/// The line break before a boundary belongs to the boundary.
fn before_line_end(raw: &[u8], line_start: usize) -> usize {
    let head = raw.get(..line_start).unwrap_or_default();
    let head = head.strip_suffix(b"\n").unwrap_or(head);
    head.strip_suffix(b"\r").unwrap_or(head).len()
}

fn content_type(header: &Fields<'_>, name: &str) -> Option<ContentType<'static>> {
    let text = value(header.raw_values(name).next()?);
    match MessageStream::new(text.as_bytes()).parse_content_type() {
        HeaderValue::ContentType(c) => Some(owned(c)),
        _ => None,
    }
}

fn owned(c: ContentType<'_>) -> ContentType<'static> {
    let attribute = |a: mail_parser::Attribute<'_>| mail_parser::Attribute {
        name: a.name.into_owned().into(),
        value: a.value.into_owned().into(),
    };
    ContentType {
        c_type: c.c_type.into_owned().into(),
        c_subtype: c.c_subtype.map(|s| s.into_owned().into()),
        attributes: c.attributes.map(|list| list.into_iter().map(attribute).collect()),
    }
}

fn kind(c: &ContentType<'_>) -> Kind {
    let sub = c.c_subtype.as_deref().unwrap_or_default();
    let is = |a: &str| sub.eq_ignore_ascii_case(a);
    match c.c_type.to_ascii_lowercase().as_str() {
        "text" if is("html") => Kind::Html,
        "text" if is("calendar") => Kind::Calendar,
        "application" if is("ics") => Kind::Calendar,
        "text" if is("plain") || sub.is_empty() => Kind::Plain,
        "multipart" => Kind::Plain, // without a boundary, or too deep: read as it stands
        "message" if is("rfc822") || is("global") => Kind::Message,
        "message" if is("delivery-status") || is("disposition-notification") => Kind::Report,
        _ => Kind::Other,
    }
}

fn leaf<'x>(header: &Fields<'x>, ctype: Option<&ContentType<'_>>, kind: Kind, alternative: Option<usize>) -> Part<'x> {
    let disposition = content_type(header, "Content-Disposition");
    let encoding = header.raw_values("Content-Transfer-Encoding").next().map(<[u8]>::trim_ascii);
    let encoding = match encoding {
        Some(e) if e.eq_ignore_ascii_case(b"base64") => Encoding::Base64,
        Some(e) if e.eq_ignore_ascii_case(b"quoted-printable") => Encoding::QuotedPrintable,
        Some(_) | None => Encoding::Identity,
    };
    let named = |c: &ContentType<'_>, key: &str| c.attribute(key).map(|n| unstructured(n.as_bytes()));
    let name = disposition
        .as_ref()
        .and_then(|d| named(d, "filename"))
        .or_else(|| ctype.and_then(|c| named(c, "name")))
        .filter(|n| !n.is_empty());
    let media = ctype.map_or_else(
        || "text/plain".to_owned(),
        |c| format!("{}/{}", c.c_type, c.c_subtype.as_deref().unwrap_or_default()).to_ascii_lowercase(),
    );
    let ics = kind == Kind::Other && name.as_deref().is_some_and(|n| n.to_ascii_lowercase().ends_with(".ics"));
    Part {
        kind: if ics { Kind::Calendar } else { kind },
        media,
        attached: disposition.as_ref().is_some_and(ContentType::is_attachment)
            || (name.is_some() && alternative.is_none()),
        name,
        alternative,
        encoding,
        charset: ctype.and_then(|c| c.attribute("charset")).map(str::to_owned),
        body: &[],
        text: OnceCell::new(),
        lines: OnceCell::new(),
    }
}
