//! HTML to lines of text, in one pass.
//!
//! Tree builders take minutes for a hundred thousand nested divs (measured: 50 s), and mail needs no tree: what matters
//! is where a block or cell ends, what is hidden, what is quoted, and where links lead. Tags are read once, left to
//! right; the stack remembers only what is hidden or quoted, and is capped.
use super::entities::decode_into;
use super::hiding::{Declared, Sheet, white};
use super::links;
use super::{Link, split::MARK};

/// What one open element changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Effect {
    Hidden,
    Quote,
    /// A quotation's container: what follows is quoted, but its first lines say by whom.
    Container,
    Nothing,
}

/// Open elements that matter; beyond this depth nobody's effect is remembered (text stays visible).
const DEPTH: usize = 64;
/// Longest run of text inside `<a>` kept as a link's text.
const ANCHOR: usize = 600;

/// An element whose effect lasts until its end tag; elements of the same name inside it are counted, not kept.
struct Open {
    name: String,
    effect: Effect,
    inside: usize,
}

struct Converter {
    out: String,
    /// A blank is owed before the next letter.
    blank: bool,
    /// Line breaks owed before the next letter: 1 ends a line, 2 a paragraph.
    breaks: u8,
    open: Vec<Open>,
    hidden: usize,
    quotes: usize,
    pre: usize,
    anchor: Option<(String, usize)>,
    links: Vec<Link>,
    sheet: Sheet,
    /// Something was painted in a colour so far: white letters may be seen.
    painted: bool,
    /// Ends looked for in vain (`-->`, `script` …): looking again for each beginning would be quadratic.
    missing: Vec<&'static str>,
}

/// Visible text (quoted lines begin with `> `, containers of quotations with [`MARK`]), and links as they stand, unwrapped.
pub(super) fn lines(html: &str) -> (String, Vec<Link>) {
    let mut c = Converter {
        out: String::with_capacity(html.len() / 4),
        blank: false,
        breaks: 0,
        open: Vec::new(),
        hidden: 0,
        quotes: 0,
        pre: 0,
        anchor: None,
        links: Vec::new(),
        sheet: Sheet::of(html),
        painted: html.contains("background-image") || html.contains("background=\""),
        missing: Vec::new(),
    };
    let mut at = 0;
    while at < html.len() {
        let rest = html.get(at..).unwrap_or_default();
        let lt = memchr::memchr(b'<', rest.as_bytes()).unwrap_or(rest.len());
        c.text(rest.get(..lt).unwrap_or_default());
        at += lt;
        let rest = html.get(at..).unwrap_or_default();
        if !rest.is_empty() {
            at += c.markup(rest);
        }
    }
    c.close_anchor();
    (c.out, c.links)
}

/// Elements whose content is no text.
const RAW: &[&str] = &["script", "style", "head", "title", "template", "noscript", "object", "svg", "select"];
/// Elements that never close.
const VOID: &[&str] = &["br", "img", "hr", "meta", "link", "input", "col", "area", "base", "wbr", "source", "embed"];

impl Converter {
    /// Reads one `<…>`; gives its length. What is no tag is text.
    fn markup(&mut self, rest: &str) -> usize {
        if let Some(comment) = rest.strip_prefix("<!--") {
            // an unended comment hides nothing: take the mark alone
            let end = self.look("-->", || memchr::memmem::find(comment.as_bytes(), b"-->"));
            return end.map_or(4, |end| end + 7);
        }
        let second = rest.as_bytes().get(1).copied().unwrap_or(b' ');
        if !second.is_ascii_alphabetic() && !matches!(second, b'/' | b'!' | b'?') {
            self.text("<");
            return 1;
        }
        let end = tag_end(rest);
        let tag = rest.get(1..end).unwrap_or_default();
        let closing = tag.starts_with('/');
        let inner = tag.trim_start_matches('/');
        let name_end = inner.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(inner.len());
        let name = inner.get(..name_end).unwrap_or_default().to_ascii_lowercase();
        let attributes = inner.get(name_end..).unwrap_or_default();
        if closing {
            self.closed(&name);
            return end + 1;
        }
        if let Some(raw) = RAW.iter().copied().find(|r| *r == name) {
            let content = rest.get(end + 1..).unwrap_or_default();
            return end + 1 + self.look(raw, || raw_content(content, raw)).unwrap_or(0);
        }
        self.opened(name, attributes);
        end + 1
    }

    /// Looks for an end unless it is known that none follows.
    fn look(&mut self, end: &'static str, find: impl FnOnce() -> Option<usize>) -> Option<usize> {
        if self.missing.contains(&end) {
            return None;
        }
        let found = find();
        if found.is_none() {
            self.missing.push(end);
        }
        found
    }

    fn opened(&mut self, name: String, attributes: &str) {
        self.separate(&name);
        match name.as_str() {
            "a" => {
                self.close_anchor();
                if let Some(url) = attribute(attributes, "href") {
                    let mut decoded = String::new();
                    decode_into(url, &mut decoded);
                    self.anchor = Some((decoded, self.out.len()));
                }
            }
            "pre" => self.pre += 1,
            "img" => {
                if let (Some(alt), true) = (attribute(attributes, "alt"), self.anchor.is_some()) {
                    self.text(alt);
                }
            }
            _ => {}
        }
        if VOID.contains(&name.as_str()) || attributes.ends_with('/') {
            return;
        }
        let effect = self.effect(&name, attributes);
        if effect == Effect::Nothing || self.open.len() >= DEPTH {
            if let Some(around) = self.open.iter_mut().rev().find(|o| o.name == name) {
                around.inside += 1;
            }
            return;
        }
        self.begin(effect);
        self.open.push(Open { name, effect, inside: 0 });
    }

    fn begin(&mut self, effect: Effect) {
        match effect {
            Effect::Hidden => self.hidden += 1,
            Effect::Quote => {
                self.breaks = self.breaks.max(1);
                self.flush_breaks();
                self.quotes += 1;
            }
            Effect::Container => self.mark(),
            Effect::Nothing => {}
        }
    }

    fn end(&mut self, effect: Effect) {
        match effect {
            Effect::Hidden => self.hidden = self.hidden.saturating_sub(1),
            Effect::Quote => {
                self.breaks = self.breaks.max(1);
                self.flush_breaks();
                self.quotes = self.quotes.saturating_sub(1);
            }
            Effect::Container | Effect::Nothing => {}
        }
    }

    fn closed(&mut self, name: &str) {
        self.separate(name);
        match name {
            "a" => self.close_anchor(),
            "pre" => self.pre = self.pre.saturating_sub(1),
            _ => {}
        }
        let Some(place) = self.open.iter().rposition(|o| o.name == name) else {
            return;
        };
        match self.open.get_mut(place) {
            Some(open) if open.inside > 0 => {
                open.inside -= 1;
                return;
            }
            Some(_) | None => {}
        }
        // what was opened inside and never closed ends here too
        for open in self.open.split_off(place).into_iter().rev() {
            self.end(open.effect);
        }
    }

    fn separate(&mut self, name: &str) {
        let breaks = match name {
            "p" | "table" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "hr" | "blockquote" | "pre" => 2,
            "br" => {
                self.breaks = (self.breaks + 1).min(2);
                return;
            }
            "div" | "tr" | "li" | "td" | "th" | "section" | "article" | "header" | "footer" | "dd" | "dt" | "body"
            | "center" | "caption" | "address" | "form" => 1,
            _ => return,
        };
        self.breaks = self.breaks.max(breaks);
    }

    /// Preheaders, tracking blocks and words for filters, which the reader never sees.
    fn hidden(&mut self, name: &str, attributes: &str, class: &str, id: &str) -> bool {
        let style = Declared::new(attribute(attributes, "style").unwrap_or_default());
        let ground = attribute(attributes, "bgcolor").or(style.background());
        self.painted |= ground.is_some_and(|g| !white(g) && g != "transparent" && g != "none");
        let letters = name == "font" && attribute(attributes, "color").is_some_and(white);
        attribute(attributes, "hidden").is_some()
            || style.hides()
            || (style.is_white() || letters) && !self.painted
            || self.sheet.hides(name, class, id, &style)
    }

    fn effect(&mut self, name: &str, attributes: &str) -> Effect {
        let class = attribute(attributes, "class").unwrap_or_default();
        let id = attribute(attributes, "id").unwrap_or_default();
        let has = |mark: &str| class.contains(mark) || id.contains(mark);
        if self.hidden(name, attributes, class, id) {
            return Effect::Hidden;
        }
        if name == "blockquote" {
            let cite = attribute(attributes, "type").is_some_and(|t| t.eq_ignore_ascii_case("cite"));
            let led = self.out.trim_end().ends_with([':', '：']);
            let quote = cite || led || has("gmail_quote") || has("protonmail_quote") || has("cite");
            return if quote { Effect::Quote } else { Effect::Nothing };
        }
        let container =
            has("yahoo_quoted") || has("OLK_SRC_BODY_SECTION") || has("divRplyFwdMsg") || has("gmail_quote");
        let container = container
            || has("moz-cite-prefix")
            || has("protonmail_quote")
            || has("zmail_extra")
            || has("ms-outlook-mobile-reference-message");
        if container { Effect::Container } else { Effect::Nothing }
    }

    fn mark(&mut self) {
        if self.hidden == 0 && self.quotes == 0 {
            self.breaks = self.breaks.max(1);
            self.flush_breaks();
            self.out.push(MARK);
            self.breaks = 1;
        }
    }

    fn flush_breaks(&mut self) {
        if self.breaks == 0 {
            return;
        }
        if !self.out.is_empty() {
            let paragraph = self.breaks > 1;
            self.end_line();
            if paragraph {
                self.begin_line();
                self.end_line();
            }
        }
        self.breaks = 0;
        self.blank = false;
    }

    fn end_line(&mut self) {
        let kept = self.out.trim_end_matches([' ', '\t']).len();
        self.out.truncate(kept);
        self.out.push('\n');
    }

    fn begin_line(&mut self) {
        for _ in 0..self.quotes.min(5) {
            self.out.push_str("> ");
        }
    }

    fn text(&mut self, raw: &str) {
        if self.hidden > 0 || raw.is_empty() {
            return;
        }
        let mut decoded = String::new();
        let text = if raw.contains('&') {
            decode_into(raw, &mut decoded);
            decoded.as_str()
        } else {
            raw
        };
        for c in text.chars() {
            self.push(c);
        }
    }

    fn push(&mut self, c: char) {
        let c = if c == MARK { ' ' } else { c };
        if c == '\n' && self.pre > 0 {
            self.breaks = (self.breaks + 1).min(2);
        } else if c.is_whitespace() {
            self.blank = true;
        } else if !matches!(c, '\u{200B}'..='\u{200F}' | '\u{34F}' | '\u{FEFF}' | '\u{AD}' | '\u{2060}') {
            self.flush_breaks();
            let fresh = self.out.is_empty() || self.out.ends_with('\n');
            if fresh {
                self.begin_line();
            } else if self.blank {
                self.out.push(' ');
            }
            self.blank = false;
            self.out.push(c);
        }
    }

    fn close_anchor(&mut self) {
        if let Some((url, from)) = self.anchor.take() {
            let text = self.out.get(from..).unwrap_or_default();
            let text = text.get(..text.floor_char_boundary(ANCHOR)).unwrap_or_default();
            links::push(&mut self.links, &url, text);
        }
    }
}

/// Offset of the `>` that ends a tag; quoted attribute values may hold one. A tag that never ends, ends at once.
fn tag_end(rest: &str) -> usize {
    let bytes = rest.as_bytes();
    let window = bytes.get(..bytes.len().min(16 * 1024)).unwrap_or_default();
    let mut quote = None;
    for (i, &b) in window.iter().enumerate().skip(1) {
        match (quote, b) {
            (None, b'>') => return i,
            (None, b'"' | b'\'') if window.get(i - 1) == Some(&b'=') => quote = Some(b),
            (Some(q), b) if q == b => quote = None,
            _ => {}
        }
    }
    // a quote that never closes: take the first `>` after all
    memchr::memchr(b'>', window).unwrap_or(rest.floor_char_boundary(window.len()).max(1).min(rest.len()) - 1)
}

/// Length of a raw element's content with its end tag; an unended one hides nothing.
fn raw_content(rest: &str, name: &str) -> Option<usize> {
    let bytes = rest.as_bytes();
    let ends = memchr::memmem::find_iter(bytes, b"</")
        .find(|at| bytes.get(at + 2..at + 2 + name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name.as_bytes())))?;
    Some(ends + memchr::memchr(b'>', bytes.get(ends..).unwrap_or_default()).map_or(2, |e| e + 1))
}

/// Value of one attribute, entities undecoded.
fn attribute<'a>(attributes: &'a str, key: &str) -> Option<&'a str> {
    let mut rest = attributes;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '/');
        let end = rest.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(rest.len());
        if end == 0 && !rest.starts_with('=') {
            return None;
        }
        let (name, tail) = rest.split_at(end);
        let tail = tail.trim_start();
        let (value, after) = match tail.strip_prefix('=') {
            Some(v) => attribute_value(v.trim_start()),
            None => ("", tail),
        };
        if name.eq_ignore_ascii_case(key) {
            return Some(value);
        }
        if after.is_empty() {
            return None;
        }
        rest = after;
    }
}

fn attribute_value(v: &str) -> (&str, &str) {
    for quote in ['"', '\''] {
        if let Some(inner) = v.strip_prefix(quote) {
            return inner.split_once(quote).unwrap_or((inner, ""));
        }
    }
    let end = v.find(char::is_whitespace).unwrap_or(v.len());
    v.split_at(end)
}
