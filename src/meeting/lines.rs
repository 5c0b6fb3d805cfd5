//! Bytes of unknown origin into content lines and flat blocks (RFC 5545 §3.1, §3.6).
//!
//! Feeds come cut in half, in old charsets, folded in the middle of a letter, nested to exhaust a stack, or are no
//! feeds at all but a login page. So lines are unfolded as *bytes* and decoded one by one, blocks are kept on an
//! explicit stack with a limit, and what is broken costs one line or one block, never the rest.
use std::borrow::Cow;

/// Deepest nesting of BEGIN; real feeds have three (VCALENDAR, VEVENT, VALARM).
pub(super) const DEEPEST: usize = 16;
/// Most events read from one feed.
pub(super) const MOST_EVENTS: usize = 50_000;
/// Longest text kept of one value; a description needs no more, a bomb is no longer one.
pub(super) const LONGEST_VALUE: usize = 20_000;

/// A content line, not yet split. `number` is the line in the file, counted from 1.
#[derive(Debug, Clone)]
pub(super) struct Line<'a> {
    pub number: usize,
    pub text: Cow<'a, str>,
}

/// `NAME;PARAM=value:value`
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Property {
    pub number: usize,
    /// Upper case.
    pub name: String,
    /// Names upper case, values unquoted and without RFC 6868 escapes.
    pub params: Vec<(String, String)>,
    /// Still escaped.
    pub value: String,
}

impl Property {
    pub(super) fn param(&self, name: &str) -> Option<&str> {
        self.params.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
    /// The value as TEXT (RFC 5545 §3.3.11), cut to what is ever looked at.
    pub(super) fn text(&self) -> String {
        unescape(&self.value)
    }
}

/// One VEVENT, or one STANDARD/DAYLIGHT of a VTIMEZONE.
#[derive(Debug, Clone)]
pub(super) struct Block {
    /// Line of its BEGIN.
    pub number: usize,
    /// METHOD of the calendar around it (RFC 5546), upper case; empty if none.
    pub method: String,
    pub properties: Vec<Property>,
}

/// A VTIMEZONE: its TZID and its observances, kept as properties until somebody needs them.
#[derive(Debug, Clone, Default)]
pub(super) struct ZoneBlock {
    pub properties: Vec<Property>,
    pub observances: Vec<Block>,
}

/// Why a feed was not read, or not read wholly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeedTrouble {
    Empty,
    TooLarge {
        bytes: usize,
    },
    /// HTML where a calendar should be: a login page, most likely.
    WebPage,
    NotACalendar,
    /// More than 16 BEGIN within one another.
    TooDeep {
        line: usize,
    },
    /// The file ends inside a calendar; what was whole is read.
    CutOff {
        line: usize,
    },
    TooManyEvents {
        line: usize,
    },
}

impl FeedTrouble {
    /// Is what stands before the trouble read?
    #[must_use]
    pub fn rest_is_read(&self) -> bool {
        match self {
            Self::CutOff { .. } | Self::TooDeep { .. } | Self::TooManyEvents { .. } => true,
            Self::Empty | Self::TooLarge { .. } | Self::WebPage | Self::NotACalendar => false,
        }
    }
}

impl std::fmt::Display for FeedTrouble {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Empty => write!(f, "the calendar is empty (0 bytes), which a calendar without events is not"),
            Self::TooLarge { bytes } => write!(f, "{bytes} bytes; a calendar of more than 10 MiB is not read"),
            Self::WebPage => write!(f, "a web page instead of a calendar, perhaps a login page"),
            Self::NotACalendar => write!(f, "no calendar: BEGIN:VCALENDAR is missing"),
            Self::TooDeep { line } => write!(f, "nested deeper than {DEEPEST} levels at line {line}; not read further"),
            Self::CutOff { line } => write!(f, "cut off in the middle, at line {line}; what was whole is read"),
            Self::TooManyEvents { line } => {
                write!(f, "more than {MOST_EVENTS} events, line {line} and after are not read")
            }
        }
    }
}

/// All blocks of a feed.
#[derive(Debug, Clone, Default)]
pub(super) struct Blocks {
    pub events: Vec<Block>,
    pub zones: Vec<ZoneBlock>,
    /// An event that the file's end cut in two: (line of its BEGIN).
    pub cut_event: Option<usize>,
    pub trouble: Option<FeedTrouble>,
}

/// Splits a feed into blocks. Linear in its length.
pub(super) fn blocks(bytes: &[u8]) -> Blocks {
    let bytes = decode_utf16(bytes);
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    let head = bytes.iter().position(|b| !b.is_ascii_whitespace());
    let Some(head) = head.and_then(|at| bytes.get(at..)) else {
        return Blocks { trouble: Some(FeedTrouble::Empty), ..Blocks::default() };
    };
    if head.first() == Some(&b'<') {
        return Blocks { trouble: Some(FeedTrouble::WebPage), ..Blocks::default() };
    }
    let mut reader = Reader::default();
    for line in unfold(bytes) {
        reader.last_line = line.number;
        if let Some(property) = split(&line)
            && let Err(trouble) = reader.take(property)
        {
            reader.blocks.trouble = Some(trouble);
            return reader.blocks;
        }
    }
    reader.finish()
}

/// The open blocks, outermost first, and what has been closed so far.
#[derive(Default)]
struct Reader {
    blocks: Blocks,
    open: Vec<String>,
    event: Option<Block>,
    zone: Option<ZoneBlock>,
    observance: Option<Block>,
    method: String,
    seen_any: bool,
    last_line: usize,
}

impl Reader {
    fn take(&mut self, property: Property) -> Result<(), FeedTrouble> {
        match property.name.as_str() {
            "BEGIN" => self.begin(&property),
            "END" => {
                self.end(&property.value.trim().to_ascii_uppercase());
                Ok(())
            }
            _ => {
                self.keep(property);
                Ok(())
            }
        }
    }

    fn begin(&mut self, property: &Property) -> Result<(), FeedTrouble> {
        let kind = property.value.trim().to_ascii_uppercase();
        let number = property.number;
        // An event never holds an event: the END of the one before was forgotten, and its lines are all there.
        if matches!(kind.as_str(), "VEVENT" | "VTODO" | "VJOURNAL" | "VFREEBUSY") {
            self.close_down_to("VCALENDAR");
        }
        if self.open.len() >= DEEPEST {
            return Err(FeedTrouble::TooDeep { line: number });
        }
        if self.blocks.events.len() >= MOST_EVENTS {
            return Err(FeedTrouble::TooManyEvents { line: number });
        }
        match kind.as_str() {
            "VCALENDAR" => self.method.clear(),
            "VEVENT" => self.event = Some(Block { number, method: self.method.clone(), properties: Vec::new() }),
            "VTIMEZONE" => self.zone = Some(ZoneBlock::default()),
            "STANDARD" | "DAYLIGHT" if self.zone.is_some() => {
                self.observance = Some(Block { number, method: String::new(), properties: Vec::new() });
            }
            _ => {}
        }
        self.seen_any |= matches!(kind.as_str(), "VCALENDAR" | "VEVENT");
        self.open.push(kind);
        Ok(())
    }

    fn end(&mut self, kind: &str) {
        if let Some(at) = self.open.iter().rposition(|open| open == kind) {
            while self.open.len() > at {
                self.close_one();
            }
        }
    }

    fn close_down_to(&mut self, keep: &str) {
        while self.open.last().is_some_and(|open| open != keep) && self.open.iter().any(|o| is_entry(o)) {
            self.close_one();
        }
    }

    fn close_one(&mut self) {
        match self.open.pop().as_deref() {
            Some("VEVENT") => self.blocks.events.extend(self.event.take()),
            Some("VTIMEZONE") => self.blocks.zones.extend(self.zone.take()),
            Some("STANDARD" | "DAYLIGHT") => {
                if let (Some(zone), Some(observance)) = (self.zone.as_mut(), self.observance.take()) {
                    zone.observances.push(observance);
                }
            }
            _ => {}
        }
    }

    /// A line belongs to the innermost open block; alarms and unknown blocks keep theirs to themselves.
    fn keep(&mut self, property: Property) {
        match self.open.last().map(String::as_str) {
            Some("VEVENT") => keep_in(self.event.as_mut().map(|b| &mut b.properties), property),
            Some("VTIMEZONE") => keep_in(self.zone.as_mut().map(|z| &mut z.properties), property),
            Some("STANDARD" | "DAYLIGHT") => keep_in(self.observance.as_mut().map(|b| &mut b.properties), property),
            Some("VCALENDAR") if property.name == "METHOD" => {
                self.method = cut(property.value.trim(), 20).to_ascii_uppercase();
            }
            Some(_) | None => {}
        }
    }

    fn finish(mut self) -> Blocks {
        self.blocks.cut_event = self.event.as_ref().map(|event| event.number);
        self.blocks.trouble = if !self.seen_any {
            Some(FeedTrouble::NotACalendar)
        } else if !self.open.is_empty() {
            Some(FeedTrouble::CutOff { line: self.last_line })
        } else {
            None
        };
        self.blocks
    }
}

fn is_entry(kind: &str) -> bool {
    matches!(kind, "VEVENT" | "VTODO" | "VJOURNAL" | "VFREEBUSY")
}

/// Most lines of one block; a party of ten thousand guests is cut.
const MOST_LINES: usize = 10_000;

fn keep_in(properties: Option<&mut Vec<Property>>, property: Property) {
    if let Some(properties) = properties
        && properties.len() < MOST_LINES
    {
        properties.push(property);
    }
}

/// UTF-16 with a byte order mark, as some Windows programs export.
fn decode_utf16(bytes: &[u8]) -> Cow<'_, [u8]> {
    let units: fn([u8; 2]) -> u16 = match bytes.get(..2) {
        Some(b"\xFF\xFE") => u16::from_le_bytes,
        Some(b"\xFE\xFF") => u16::from_be_bytes,
        _ => return Cow::Borrowed(bytes),
    };
    let units = bytes.get(2..).unwrap_or_default().as_chunks::<2>().0.iter().map(|pair| units(*pair));
    let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    Cow::Owned(text.into_bytes())
}

/// Logical lines: CRLF, LF and bare CR end one, a leading blank continues the one before.
fn unfold(bytes: &[u8]) -> impl Iterator<Item = Line<'_>> {
    let mut physical = Physical { rest: bytes, number: 0 }.peekable();
    std::iter::from_fn(move || {
        let (number, first) = physical.next()?;
        let mut whole = Cow::Borrowed(first);
        while let Some((_, more)) = physical.next_if(|(_, line)| matches!(line.first(), Some(b' ' | b'\t'))) {
            whole.to_mut().extend_from_slice(more.get(1..).unwrap_or_default());
        }
        Some(Line { number, text: decode(whole) })
    })
}

struct Physical<'a> {
    rest: &'a [u8],
    number: usize,
}

impl<'a> Iterator for Physical<'a> {
    type Item = (usize, &'a [u8]);
    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        self.number += 1;
        let end = memchr::memchr2(b'\n', b'\r', self.rest).unwrap_or(self.rest.len());
        let (line, rest) = self.rest.split_at(end);
        self.rest = rest.strip_prefix(b"\r\n").or_else(|| rest.get(1..)).unwrap_or_default();
        Some((self.number, line))
    }
}

/// UTF-8; a line that is not is taken for Windows-1252, the charset of the programs that do not say theirs.
fn decode(bytes: Cow<'_, [u8]>) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(b) => std::str::from_utf8(b).map_or_else(|_| Cow::Owned(windows_1252(b)), Cow::Borrowed),
        Cow::Owned(b) => Cow::Owned(String::from_utf8(b).unwrap_or_else(|e| windows_1252(e.as_bytes()))),
    }
}

fn windows_1252(bytes: &[u8]) -> String {
    const HIGH: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    let high = |b: u8| HIGH.chars().nth(usize::from(b) - 0x80);
    let letter = |b: &u8| if (0x80..0xA0).contains(b) { high(*b).unwrap_or('?') } else { char::from(*b) };
    bytes.iter().map(letter).collect()
}

/// Splits a content line; `None` for what is none (blank lines, junk, the rest of a wrongly folded text).
fn split(line: &Line<'_>) -> Option<Property> {
    let text = line.text.as_ref();
    let name_end = text.find([':', ';'])?;
    let name = text.get(..name_end)?.trim();
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    let rest = text.get(name_end..)?;
    let (params, value) = params(rest);
    let value = cut(value, LONGEST_VALUE).to_owned();
    let mut property = Property { number: line.number, name: name.to_ascii_uppercase(), params, value };
    if property.param("ENCODING").is_some_and(|e| e.eq_ignore_ascii_case("QUOTED-PRINTABLE")) {
        property.value = quoted_printable(&property.value); // vCalendar 1.0
    }
    Some(property)
}

/// Most parameters of a line that are kept.
const MOST_PARAMS: usize = 50;

/// `;A=b;C="d:e":value` → parameters and value. A quote that never closes ends at the last colon-free chance: the line's end.
fn params(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut found = Vec::new();
    while let Some(after) = rest.strip_prefix(';') {
        let end = param_end(after);
        let (param, more) = after.split_at_checked(end).unwrap_or((after, ""));
        if let Some((name, value)) = param.split_once('=')
            && found.len() < MOST_PARAMS
        {
            found.push((name.trim().to_ascii_uppercase(), param_value(value)));
        }
        rest = more;
    }
    (found, rest.strip_prefix(':').unwrap_or(rest))
}

fn param_end(text: &str) -> usize {
    let mut quoted = false;
    let found = text.bytes().position(|b| {
        quoted ^= b == b'"';
        !quoted && matches!(b, b';' | b':')
    });
    // An unclosed quote would swallow the value: then quotes mean nothing.
    found.or_else(|| text.find([';', ':'])).unwrap_or(text.len())
}

fn param_value(raw: &str) -> String {
    let bare: String = cut(raw.trim(), LONGEST_VALUE).chars().filter(|c| *c != '"').collect();
    bare.replace("^n", "\n").replace("^'", "\"").replace("^^", "^")
}

/// The longest prefix of at most `bytes` bytes that ends between letters.
pub(super) fn cut(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

fn unescape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n' | 'N') => out.push('\n'),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

fn quoted_printable(value: &str) -> String {
    let bytes = value.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(b) = bytes.get(at) {
        let code = value.get(at + 1..at + 3).filter(|_| *b == b'=').and_then(|h| u8::from_str_radix(h, 16).ok());
        out.push(code.unwrap_or(*b));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).unwrap_or_else(|e| windows_1252(e.as_bytes()))
}

/// Splits a value at unescaped commas (RDATE, EXDATE, CATEGORIES).
pub(super) fn list(value: &str) -> impl Iterator<Item = &str> {
    let mut escaped = false;
    value
        .split(move |c: char| {
            let here = c == ',' && !escaped;
            escaped = c == '\\' && !escaped;
            here
        })
        .map(str::trim)
        .filter(|item| !item.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Blocks {
        blocks(text.as_bytes())
    }

    #[track_caller]
    fn case(name: &str, text: &str, events: usize, trouble: Option<FeedTrouble>) {
        let blocks = read(text);
        assert_eq!(blocks.events.len(), events, "{name}: events");
        assert_eq!(blocks.trouble, trouble, "{name}: trouble");
    }

    #[test]
    fn what_is_whole_is_read_and_what_is_not_is_said() {
        const ONE: &str = "BEGIN:VEVENT\r\nUID:1\r\nEND:VEVENT\r\n";
        case("nothing", "", 0, Some(FeedTrouble::Empty));
        case("blank", " \r\n\r\n", 0, Some(FeedTrouble::Empty));
        case("a login page", "\n<!DOCTYPE html><html>", 0, Some(FeedTrouble::WebPage));
        case("a letter", "Dear Sam,\nhello\n", 0, Some(FeedTrouble::NotACalendar));
        case("no events", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", 0, None);
        case("one", &format!("BEGIN:VCALENDAR\r\n{ONE}END:VCALENDAR\r\n"), 1, None);
        case("a byte order mark", &format!("\u{feff}BEGIN:VCALENDAR\r\n{ONE}END:VCALENDAR"), 1, None);
        case("bare LF", &format!("BEGIN:VCALENDAR\n{}END:VCALENDAR", ONE.replace('\r', "")), 1, None);
        case("bare CR", &format!("BEGIN:VCALENDAR\r{}END:VCALENDAR", ONE.replace('\n', "")), 1, None);
        case("an event alone", ONE, 1, None);
        case("cut between events", &format!("BEGIN:VCALENDAR\n{ONE}{ONE}"), 2, Some(FeedTrouble::CutOff { line: 7 }));
        case(
            "cut inside an event",
            &format!("BEGIN:VCALENDAR\n{ONE}BEGIN:VEVENT\nUID:2\n"),
            1,
            Some(FeedTrouble::CutOff { line: 6 }),
        );
        case("an END forgotten", &format!("BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:0\n{ONE}END:VCALENDAR"), 2, None);
        case("an END too many", &format!("BEGIN:VCALENDAR\nEND:VALARM\n{ONE}END:VCALENDAR"), 1, None);
        case("too deep", &"BEGIN:X\n".repeat(50_000), 0, Some(FeedTrouble::TooDeep { line: 17 }));
    }

    #[track_caller]
    fn line(text: &str, name: &str, params: &[(&str, &str)], value: &str) {
        let split = split(&Line { number: 1, text: Cow::Borrowed(text) }).expect(text);
        let params: Vec<_> = params.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        assert_eq!((split.name.as_str(), split.params.as_slice(), split.text().as_str()), (name, &params[..], value));
    }

    #[test]
    fn a_content_line_falls_into_name_parameters_and_text() {
        line("SUMMARY:Tea", "SUMMARY", &[], "Tea");
        line("summary:Tea\\, black\\nand milk\\\\", "SUMMARY", &[], "Tea, black\nand milk\\");
        line(
            "ATTENDEE;CN=\"Roe: Sam\";RSVP=TRUE:mailto:a@b.test",
            "ATTENDEE",
            &[("CN", "Roe: Sam"), ("RSVP", "TRUE")],
            "mailto:a@b.test",
        );
        line("X;CN=\"never closed:value", "X", &[("CN", "never closed")], "value");
        line("X;CN=a^'b^^:v", "X", &[("CN", "a\"b^")], "v");
        line("SUMMARY;ENCODING=QUOTED-PRINTABLE:K=C3=A4se", "SUMMARY", &[("ENCODING", "QUOTED-PRINTABLE")], "Käse");
    }

    #[test]
    fn letters_cut_by_folding_or_in_an_old_charset_are_whole_again() {
        let folded = blocks(b"BEGIN:VEVENT\r\nSUMMARY:K\xC3\r\n \xA4se\r\nEND:VEVENT\r\n");
        assert_eq!(folded.events[0].properties[0].text(), "Käse");
        let latin = blocks(b"BEGIN:VEVENT\nSUMMARY:K\xE4se \x96 5\x80\nEND:VEVENT\n");
        assert_eq!(latin.events[0].properties[0].text(), "Käse – 5€");
        let wide: Vec<u8> =
            "\u{feff}BEGIN:VEVENT\nSUMMARY:Käse\nEND:VEVENT\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(blocks(&wide).events[0].properties[0].text(), "Käse");
    }
}
