//! Header fields found but not understood: most mail is asked for three of its forty fields, so each is decoded when
//! asked for, once. Caps stand here, before any parser (trust.md §0, row 10: address lists cost 120 times their size).
use crate::person::{Address, Mailbox, Name};
use mail_parser::{HeaderValue, parsers::MessageStream};
use memchr::memchr;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

/// Longest header block read.
pub(super) const BLOCK: usize = 256 * 1024;
/// Longest single field read; the rest of it is left out.
const FIELD: usize = 32 * 1024;
/// Most fields kept; Received loops end far below.
const FIELDS: usize = 4_000;
/// Most mailboxes kept of one kind of field.
const MAILBOXES: usize = 2_000;

#[derive(Debug, Clone)]
struct Field {
    name: Range<usize>,
    value: Range<usize>,
    text: OnceCell<Box<str>>,
}

/// The fields of one header block, in order.
#[derive(Debug, Clone, Default)]
pub(super) struct Fields<'x> {
    raw: &'x [u8],
    list: Vec<Field>,
    /// Where the body begins in the bytes given.
    pub body_at: usize,
    /// A cap was hit.
    pub cut: bool,
}

/// One line: its content without line end, and where the next begins.
pub(super) fn line_at(raw: &[u8], at: usize) -> (&[u8], usize) {
    let rest = raw.get(at..).unwrap_or_default();
    let (line, next) = match memchr(b'\n', rest) {
        Some(end) => (rest.get(..end).unwrap_or_default(), at + end + 1),
        None => (rest, raw.len()),
    };
    (line.strip_suffix(b"\r").unwrap_or(line), next)
}

/// Length of a field name before its colon, if the line begins like a field.
fn name_len(line: &[u8]) -> Option<usize> {
    let colon = memchr(b':', line.get(..line.len().min(100))?)?;
    let name = line.get(..colon)?.trim_ascii_end();
    (!name.is_empty() && name.iter().all(|b| (33..127).contains(b))).then_some(name.len())
}

fn blank(line: &[u8]) -> bool {
    line.iter().all(u8::is_ascii_whitespace)
}

impl<'x> Fields<'x> {
    /// Scans a header block. Junk lines between fields are passed over; junk followed by no field begins the body.
    pub fn scan(raw: &'x [u8]) -> Self {
        Self::scan_until(raw, |_| false)
    }

    /// The same, ending also at a line which `ends` (a boundary where a blank line was forgotten).
    pub fn scan_until(raw: &'x [u8], ends: impl Fn(&[u8]) -> bool) -> Self {
        let mut fields = Fields { raw, body_at: raw.len(), ..Fields::default() };
        let mut at = 0;
        while at < raw.len() {
            let (line, next) = line_at(raw, at);
            if blank(line) && !Self::continues(raw, line, next) {
                fields.body_at = next;
                break;
            }
            if line.starts_with(b"--") && ends(line) {
                fields.body_at = at;
                break;
            }
            if at >= BLOCK || fields.list.len() >= FIELDS {
                fields.cut = true;
                fields.body_at = raw.len();
                break;
            }
            match (name_len(line), line.first()) {
                (_, Some(b' ' | b'\t')) => fields.extend(next),
                (Some(len), _) => fields.push(at, len, next),
                (None, _) if name_len(line_at(raw, next).0).is_some() => {}
                (None, _) => {
                    fields.body_at = at;
                    break;
                }
            }
            at = next;
        }
        fields
    }

    /// No header at all: everything is body.
    pub fn none(raw: &'x [u8]) -> Self {
        Fields { raw, ..Fields::default() }
    }

    /// A line of blanks only (not an empty one) between two fields folds the first.
    fn continues(raw: &[u8], line: &[u8], next: usize) -> bool {
        !line.is_empty() && next < raw.len() && name_len(line_at(raw, next).0).is_some()
    }

    fn push(&mut self, at: usize, len: usize, next: usize) {
        let colon = self.raw.get(at..next).and_then(|line| memchr(b':', line)).unwrap_or(len);
        let value = at + colon + 1..next;
        self.list.push(Field { name: at..at + len, value, text: OnceCell::new() });
    }

    fn extend(&mut self, next: usize) {
        if let Some(field) = self.list.last_mut() {
            field.value.end = next;
        }
    }

    /// Names in order, as written.
    pub fn names(&self) -> impl Iterator<Item = &'x [u8]> + '_ {
        self.list.iter().map(|f| self.raw.get(f.name.clone()).unwrap_or_default())
    }

    fn named<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s Field> {
        self.list.iter().filter(move |f| self.is(f, name))
    }

    fn is(&self, field: &Field, name: &str) -> bool {
        self.raw.get(field.name.clone()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes()))
    }

    fn decoded<'s>(&self, field: &'s Field) -> &'s str {
        field.text.get_or_init(|| unstructured(self.bytes(field)).into_boxed_str())
    }

    fn bytes(&self, field: &Field) -> &'x [u8] {
        let end = field.value.end.min(field.value.start + FIELD);
        self.raw.get(field.value.start..end).unwrap_or_default()
    }

    pub fn count(&self, name: &str) -> usize {
        self.named(name).count()
    }

    /// Raw values, still folded and encoded.
    pub fn raw_values<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'x [u8]> + 's {
        self.named(name).map(|f| self.bytes(f))
    }

    /// Values unfolded and decoded (RFC 2047).
    pub fn texts<'s>(&'s self, name: &'s str) -> impl Iterator<Item = &'s str> + 's {
        self.named(name).map(|f| self.decoded(f))
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        let field = self.list.iter().find(|f| self.is(f, name))?;
        Some(self.decoded(field))
    }

    /// All mailboxes of all fields of this name; group names are dropped.
    pub fn mailboxes(&self, name: &str) -> Vec<Mailbox> {
        self.raw_values(name).flat_map(mailboxes_of).take(MAILBOXES).collect()
    }
}

/// A value as the field parsers of `mail-parser` want it: UTF-8, ended by a line break.
pub(super) fn value(bytes: &[u8]) -> Cow<'_, str> {
    match utf8(bytes) {
        text if text.ends_with('\n') => text,
        text => Cow::Owned(text.into_owned() + "\n"),
    }
}

/// Bytes that are no UTF-8 are taken as Windows-1252, the commonest sin of old mailers.
pub(super) fn utf8(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(windows_1252(bytes)),
    }
}

fn windows_1252(bytes: &[u8]) -> String {
    match mail_parser::decoders::charsets::map::charset_decoder(b"windows-1252") {
        Some(decode) => decode(bytes),
        None => String::from_utf8_lossy(bytes).into_owned(),
    }
}

/// RFC 2047 decoded, unfolded, blanks at the ends cut.
pub(super) fn unstructured(bytes: &[u8]) -> String {
    let text = value(bytes);
    let decoded = match MessageStream::new(text.as_bytes()).parse_unstructured() {
        HeaderValue::Text(text) => text.into_owned(),
        _ => String::new(),
    };
    let clean = |c: char| if c.is_control() { ' ' } else { c };
    decoded.trim().chars().map(clean).collect()
}

/// Mailboxes of one value.
pub(super) fn mailboxes_of(bytes: &[u8]) -> Vec<Mailbox> {
    let text = value(bytes);
    let HeaderValue::Address(list) = MessageStream::new(text.as_bytes()).parse_address() else {
        return Vec::new();
    };
    list.iter().take(MAILBOXES).filter_map(mailbox).collect()
}

/// Real mail has `"jane@example.org" <>`, bare names, and addresses where names should be.
fn mailbox(addr: &mail_parser::Addr<'_>) -> Option<Mailbox> {
    let address = addr.address.as_deref().and_then(Address::new);
    let name = addr.name.as_deref().map(|n| n.trim().trim_matches(['"', '\''])).and_then(Name::new);
    match (address, name, addr.address.as_deref()) {
        (None, None, Some(odd)) => Name::new(odd).map(|n| Mailbox { name: Some(n), address: None }),
        (None, None, None) => None,
        (address, name, _) => Some(Mailbox { name, address }),
    }
}

/// Message-IDs of a value, without angle brackets.
pub(super) fn ids(bytes: &[u8]) -> Vec<String> {
    let text = value(bytes);
    match MessageStream::new(text.as_bytes()).parse_id() {
        HeaderValue::Text(id) => vec![id.trim().to_owned()],
        HeaderValue::TextList(ids) => ids.iter().map(|id| id.trim().to_owned()).collect(),
        _ => Vec::new(),
    }
}
