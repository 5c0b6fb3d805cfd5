//! A display name cut into words, with what is no name taken off.
//!
//! People and programs write much beside a name into the field for it: `Jane Doe via LinkedIn`, `Jane Doe | Acme`,
//! `Jane (she/her) #OpenToWork`. What is bracketed or quoted is not thrown away: it is a nickname or a former name, and
//! another mention may use it.
use super::fold::{Folded, fold};
use super::lexicon::{Entry, Kind, entry};
use super::name::invisible;
use std::borrow::Cow;
use std::ops::Range;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// Where in the name a word stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    Title,
    Given,
    Middle,
    Particle,
    Family,
    Generation,
    Credential,
    Nick,
    Former,
}

/// One word of a name, or one half of a hyphened one.
#[derive(Debug, Clone)]
pub(crate) struct Word {
    /// Bytes of the cleaned text.
    pub at: Range<usize>,
    /// Comma-separated segment.
    pub segment: u8,
    pub slot: Slot,
    pub fold: Folded,
    pub entry: Option<&'static Entry>,
    /// Hyphened to the word before.
    pub glued: bool,
    /// One letter, or a dotted one.
    pub initial: bool,
    /// Stood before a connector (`and`, `&`).
    pub coupled: bool,
    /// All capitals, more than one letter.
    pub caps: bool,
    pub dotted: bool,
}

impl Word {
    pub(crate) fn is(&self, kind: Kind) -> bool {
        self.entry.is_some_and(|e| e.is(kind))
    }
    pub(crate) fn given(&self) -> u16 {
        self.entry.map_or(0, |e| e.given)
    }
    pub(crate) fn family(&self) -> u16 {
        self.entry.map_or(0, |e| e.family)
    }
    /// As [`Self::given`], or of all names this one may be short for, if they are more.
    pub(crate) fn called(&self) -> u16 {
        self.entry.map_or(0, |e| e.given.max(e.called))
    }
    /// Undecided yet: neither title nor suffix nor alternative.
    pub(crate) fn plain(&self) -> bool {
        matches!(self.slot, Slot::Given)
    }
}

/// More words than any name has: the rest is ignored, so that hostile names cost nothing.
const MOST_WORDS: usize = 16;

/// The text as it will be cut: compatibility forms folded, mis-decoded UTF-8 repaired, brackets and commas set apart.
pub(crate) fn clean(raw: &str) -> Cow<'_, str> {
    let text = raw.trim();
    let as_is = text.is_ascii() || is_nfkc_quick(text.chars()) == IsNormalized::Yes && !text.chars().any(invisible);
    let text = if as_is { Cow::Borrowed(text) } else { Cow::Owned(text.nfkc().filter(|c| !invisible(*c)).collect()) };
    let text = if text.is_ascii() { text } else { mojibake(&text).map_or(text, Cow::Owned) };
    let text = unquote(text);
    let apart = |c: char| matches!(c, '(' | ')' | '[' | ']' | '{' | '}' | '|' | ',' | '，' | '、' | ';' | '·' | '・');
    let plain = |b: u8| b < 0x80 && !matches!(b, b'(' | b')' | b'[' | b']' | b'{' | b'}' | b'|' | b',' | b';');
    if text.bytes().all(plain) || !text.contains(apart) {
        return text;
    }
    let mut spaced = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '(' | '[' | '{' => spaced.extend([' ', c]),
            ')' | ']' | '}' => spaced.extend([c, ' ']),
            ',' | '，' | '、' | ';' => spaced.push_str(", "),
            '·' | '・' => spaced.push(' '),
            '|' => spaced.push_str(" | "),
            other => spaced.push(other),
        }
    }
    Cow::Owned(spaced)
}

/// A name quoted as a whole: `'Jane Doe' via list`, `"Doe, Jane"`.
fn unquote(text: Cow<'_, str>) -> Cow<'_, str> {
    let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) else { return text };
    let mut parts = text.split(quote);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(""), Some(inner), Some(rest), None) if inner.contains(' ') => Cow::Owned(format!("{inner}{rest}")),
        _ => text,
    }
}

/// `JÃ¶rgen`: UTF-8 once read as Latin-1 or Windows-1252, read back.
fn mojibake(text: &str) -> Option<String> {
    if !text.chars().any(|c| matches!(c, 'Ã' | 'Â' | 'Ä' | 'Å')) {
        return None;
    }
    let bytes: Option<Vec<u8>> = text.chars().map(latin1).collect();
    String::from_utf8(bytes?).ok().filter(|s| s.chars().count() < text.chars().count())
}

fn latin1(c: char) -> Option<u8> {
    const UPPER: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    let at = UPPER.chars().position(|u| u == c).and_then(|i| u8::try_from(i + 0x80).ok());
    at.or_else(|| u8::try_from(u32::from(c)).ok())
}

/// What the walk over the text remembers.
#[derive(Default)]
struct Walk {
    words: Vec<Word>,
    segment: u8,
    open: Option<char>,
    /// Inside brackets or behind `née`: what the words are.
    aside: Option<Slot>,
    couple: bool,
}

/// Cuts a cleaned text. The flag says that two people share it (`Lou and Jan Roe`).
pub(crate) fn cut(text: &str) -> (Vec<Word>, bool) {
    let mut walk = Walk { words: Vec::with_capacity(5), ..Walk::default() };
    for piece in text.split_whitespace() {
        let start = (piece.as_ptr() as usize).saturating_sub(text.as_ptr() as usize);
        if walk.words.len() >= MOST_WORDS || (walk.open.is_none() && !walk.words.is_empty() && ends_name(piece)) {
            break;
        }
        walk.piece(piece, start, text);
    }
    let couple = walk.couple;
    (drop_asides(walk.words), couple)
}

/// What follows is about the person, or about who carried the mail, not the name.
fn ends_name(piece: &str) -> bool {
    match piece.len() {
        1 => matches!(piece, "|" | "-" | "@" | "/" | ":"),
        2 => piece.eq_ignore_ascii_case("at") || piece.eq_ignore_ascii_case("on"),
        3 => matches!(piece, "–" | "—" | "•") || ["via", "bei", "c/o"].iter().any(|w| piece.eq_ignore_ascii_case(w)),
        4 => piece.eq_ignore_ascii_case("from") || piece.eq_ignore_ascii_case("chez"),
        _ => false,
    }
}

impl Walk {
    fn piece(&mut self, piece: &str, start: usize, text: &str) {
        if piece.starts_with('#') || (self.open.is_none() && pronouns(piece)) {
            return;
        }
        let before = piece.len();
        let piece = self.opening(piece, text.get(start..).unwrap_or(""));
        let start = start + before - piece.len();
        let (body, closes) = self.closing(piece);
        let (body, comma) = match body.trim_end_matches(['.', ' ']).strip_suffix(',') {
            Some(b) => (b, true),
            None => (body, false),
        };
        self.word(body, start);
        if closes {
            self.open = None;
            self.aside = None;
        }
        if comma && self.open.is_none() {
            self.segment = self.segment.saturating_add(1);
            self.aside = None;
        }
    }

    /// Takes an opening bracket or quote off.
    fn opening<'a>(&mut self, piece: &'a str, rest: &str) -> &'a str {
        if self.open.is_some() {
            return piece;
        }
        let Some(first) = piece.chars().next().filter(|c| !c.is_alphanumeric()) else { return piece };
        let closer = match first {
            '(' => ')',
            '[' => ']',
            '{' => '}',
            '"' => '"',
            '“' | '„' => '”',
            '«' => '»',
            '\'' | '‘' => '\'',
            _ => return piece,
        };
        if !is_closed(rest.get(first.len_utf8()..).unwrap_or(""), closer) {
            return piece;
        }
        self.open = Some(closer);
        self.aside = Some(if first == '[' { Slot::Credential } else { Slot::Nick });
        piece.get(first.len_utf8()..).unwrap_or("").trim_start_matches('\'')
    }

    /// Takes the closing one off; an apostrophe that closes nothing was one.
    fn closing<'a>(&self, piece: &'a str) -> (&'a str, bool) {
        let Some(closer) = self.open else { return (piece, false) };
        let bare = piece.trim_end_matches([',', '.']);
        let closes = |c: char| c == closer || (closer == '”' && matches!(c, '“' | '"')) || (closer == '\'' && c == '’');
        if bare.ends_with(closes) { (bare.trim_end_matches(closes), true) } else { (piece, false) }
    }

    fn word(&mut self, body: &str, start: usize) {
        let lead = body.len() - body.trim_start_matches(|c: char| !c.is_alphanumeric()).len();
        let bare = body.trim_matches(|c: char| !c.is_alphanumeric() && !super::fold::is_mark(c));
        if bare.is_empty() {
            self.connector(body);
            return;
        }
        if self.marks_former(bare) {
            self.aside = Some(Slot::Former);
            return;
        }
        let dotted = body.ends_with('.') || bare.contains('.');
        let start = start + lead;
        if bare.contains(['-', '‐', '‑', '–']) {
            return self.halves(bare, start, dotted);
        }
        let mut word = self.fresh(bare, start..start + bare.len() + usize::from(body.ends_with('.')), dotted);
        // `'t Hooft`: a worn-down article, not an initial.
        word.initial &= !(lead > 0 && body.starts_with(['\'', '’', '‘']) && bare.chars().all(char::is_lowercase));
        if word.is(Kind::Connector) && self.aside.is_none() && !self.words.is_empty() && bare != "Et" {
            self.connector("&");
            return;
        }
        self.words.push(word);
    }

    fn halves(&mut self, bare: &str, start: usize, dotted: bool) {
        let mut from = start;
        let mut glued = false;
        for half in bare.split(['-', '‐', '‑', '–']) {
            if !half.is_empty() {
                let mut word = self.fresh(half, from..from + half.len(), dotted);
                word.glued = glued;
                self.words.push(word);
                glued = true;
            }
            from += half.len()
                + bare.get(from + half.len() - start..).and_then(|r| r.chars().next()).map_or(0, char::len_utf8);
        }
    }

    fn fresh(&self, bare: &str, at: Range<usize>, dotted: bool) -> Word {
        let fold = fold(bare);
        let entry = entry(&fold.plain);
        let letters = fold.plain.chars().count();
        Word {
            at,
            segment: self.segment,
            slot: self.aside.unwrap_or(Slot::Given),
            entry,
            glued: false,
            initial: letters == 1 && !bare.chars().any(super::fold::is_own_name_alone),
            coupled: false,
            caps: letters > 1 && !bare.chars().any(char::is_lowercase) && bare.chars().any(char::is_uppercase),
            dotted,
            fold,
        }
    }

    fn connector(&mut self, body: &str) {
        if matches!(body, "&" | "+")
            && self.aside.is_none()
            && let Some(word) = self.words.last_mut()
        {
            word.coupled = true;
            self.couple = true;
        }
    }

    fn marks_former(&self, bare: &str) -> bool {
        const MARKS: [&str; 9] = ["née", "nee", "né", "geb", "geborene", "geborener", "formerly", "fka", "born"];
        (self.aside.is_some() || !self.words.is_empty()) && MARKS.iter().any(|m| bare.eq_ignore_ascii_case(m))
    }
}

/// Is there a closing mark ahead? An apostrophe closes only between a letter and a blank: `'Abd al-Malik` opens nothing.
fn is_closed(rest: &str, closer: char) -> bool {
    if closer != '\'' {
        return rest.contains(closer) || (closer == '”' && rest.contains(['“', '"']));
    }
    let ends = |w: &str| w.trim_end_matches([',', '.']).ends_with(['\'', '’']);
    rest.split_whitespace().take(4).any(ends)
}

/// `she/her`, `(he/him)` as one piece.
fn pronouns(piece: &str) -> bool {
    piece.contains('/')
        && piece
            .trim_matches(|c: char| !c.is_alphabetic())
            .split('/')
            .all(|w| entry(&fold(w).plain).is_some_and(|e| e.is(Kind::Pronoun)))
}

/// Asides that are no names: pronouns, firms, `[LION]`. An aside is judged as a whole.
fn drop_asides(mut words: Vec<Word>) -> Vec<Word> {
    if words.iter().all(|w| w.plain()) {
        return words;
    }
    let dropped = |w: &Word| {
        w.slot == Slot::Credential
            || (w.slot == Slot::Nick && (w.is(Kind::Pronoun) && w.given() == 0 || w.is(Kind::Firm)))
    };
    let firm = words.iter().any(|w| w.slot == Slot::Nick && w.is(Kind::Firm));
    words.retain(|w| !(dropped(w) || firm && w.slot == Slot::Nick));
    words
}
