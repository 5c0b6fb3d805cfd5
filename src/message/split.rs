//! Whose words are whose.
//!
//! Every mail program marks what it quotes, each in its own way and tongue; many mark nothing and only write a line
//! above. So lines are read once from the top: quoted lines are left out one by one (people answer between them), and
//! a line above an unmarked quote, or a block of header labels, ends the sender's own part.
use super::fields::{mailboxes_of, unstructured};
use super::vocabulary::{Label, vocabulary};
use super::{Forwarded, time};
use crate::person::{Address, Mailbox, Name};
use std::borrow::Cow;

/// Stands where HTML begins a quotation's container; no text holds it.
pub(super) const MARK: char = '\u{E000}';

/// Longest joined line above a quote; names and addresses of some lists are long.
const ABOVE: usize = 500;
/// Lines looked at for one block of header labels.
const BLOCK: usize = 16;

/// The sender's lines, and what was cut.
#[derive(Debug, Default)]
pub(super) struct Split<'a> {
    pub own: Vec<Cow<'a, str>>,
    pub quotes: bool,
    pub forwarded: Option<Forwarded>,
}

struct Lines<'a> {
    lines: Vec<&'a str>,
    lower: Vec<String>,
}

impl<'a> Lines<'a> {
    fn new(text: &'a str) -> Self {
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        let lower = lines.iter().map(|l| bare(l).to_lowercase()).collect();
        Lines { lines, lower }
    }
    fn line(&self, at: usize) -> &'a str {
        self.lines.get(at).copied().unwrap_or_default()
    }
    fn lower(&self, at: usize) -> &str {
        self.lower.get(at).map_or("", String::as_str)
    }
    fn blank(&self, at: usize) -> bool {
        self.lower(at).is_empty()
    }
    fn next_full(&self, from: usize) -> Option<usize> {
        (from..self.lines.len()).find(|i| !self.blank(*i))
    }
    fn rest(&self, from: usize) -> String {
        self.lines.get(from..).unwrap_or_default().join("\n")
    }
}

/// Without emphasis marks and blanks at the ends: `*From:* Jane` as HTML-to-text programs write it.
fn bare(line: &str) -> &str {
    line.trim().trim_matches(['*', '_', MARK]).trim()
}

fn quoted(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with('>') && !line.starts_with(">From ") || line.starts_with("|>")
}

/// What begins at a line.
enum Found {
    /// A line above a quote; the quote begins at the index.
    Above(usize),
    /// Header labels; the content begins at `content`.
    Block {
        content: usize,
        block: Block,
    },
    /// "Forwarded message" or "Original Message": the header is expected after it.
    Banner {
        forward: bool,
    },
    Nothing,
}

/// Header labels found above a quote, with their values.
#[derive(Debug, Default)]
struct Block {
    from: String,
    sent: String,
    subject: String,
    labels: usize,
    has_from: bool,
    has_to: bool,
}

/// Splits a text; `forwards`: the subject says the mail is a forward.
pub(super) fn split(text: &str, forwards: bool, inner: bool) -> Split<'_> {
    let lines = Lines::new(text);
    let mut out = Split::default();
    let mut forward_said = forwards;
    let mut at = 0;
    while at < lines.lines.len() {
        let line = lines.line(at);
        if quoted(line) || (out.quotes && wrapped_quote(&lines, at)) {
            out.quotes = true;
            at += 1;
            continue;
        }
        match found(&lines, at) {
            Found::Nothing if line.trim().strip_prefix(MARK) == Some("") => at += 1,
            Found::Nothing => {
                out.own.push(if line.contains(MARK) { line.replace(MARK, "").into() } else { line.into() });
                at += 1;
            }
            Found::Above(quote) => {
                out.quotes = true;
                if !lines.next_full(quote).is_some_and(|q| quoted(lines.line(q))) {
                    break;
                }
                at = quote;
            }
            Found::Banner { forward } => {
                out.quotes = true;
                forward_said |= forward;
                let header = (at + 1..(at + 6).min(lines.lines.len())).find_map(|i| block(&lines, i));
                out.forwarded = taken(&lines, header, at + 1, forward_said && !inner);
                break;
            }
            Found::Block { content, block } => {
                out.quotes = true;
                drop_lotus_sender(&mut out.own, &block);
                out.forwarded = taken(&lines, Some((content, block)), content, forward_said && !inner);
                break;
            }
        }
    }
    out
}

fn found(lines: &Lines<'_>, at: usize) -> Found {
    if lines.blank(at) {
        return Found::Nothing;
    }
    if let Some(forward) = banner(lines, at) {
        return Found::Banner { forward };
    }
    if let Some((content, block)) = block(lines, at) {
        return Found::Block { content, block };
    }
    above(lines, at).map_or(Found::Nothing, Found::Above)
}

/// "-----Original Message-----", "---------- Forwarded message ---------", "Begin forwarded message:".
fn banner(lines: &Lines<'_>, at: usize) -> Option<bool> {
    let lower = lines.lower(at);
    if lower.len() > 160 {
        return None;
    }
    let dashed =
        lower.starts_with("--") || lower.starts_with("==") || lower.starts_with("__") || lower.starts_with("<<");
    let core = lower.trim_matches(|c: char| matches!(c, '-' | '=' | '_' | '<' | '>' | '|' | '—') || c.is_whitespace());
    let v = vocabulary();
    let alone = lower.ends_with(':') && core.chars().count() <= 45 && v.forwarded.begins(core);
    if dashed && v.forwarded.within(core) || alone {
        return Some(true);
    }
    // Notes: "-----Jane Doe wrote: -----"
    let notes = dashed && lower.ends_with("--") && v.wrote.within(core);
    (notes || dashed && v.original.within(core)).then_some(false)
}

/// A line above a quote, also wrapped over three: gives the line after it.
fn above(lines: &Lines<'_>, at: usize) -> Option<usize> {
    let mut joined = String::new();
    for end in at..at + 3 {
        if lines.blank(end) || quoted(lines.line(end)) {
            return None;
        }
        joined.push_str(lines.lower(end));
        if joined.len() > ABOVE {
            return None;
        }
        if is_above(&joined, lines, end + 1) {
            return Some(end + 1);
        }
        joined.push(' ');
    }
    None
}

fn is_above(joined: &str, lines: &Lines<'_>, next: usize) -> bool {
    let ends = joined.trim_end_matches([' ', '\u{a0}', '>', '*']);
    if !ends.ends_with([':', '：']) && !ends.ends_with("---") {
        // Korean and some Outlooks end without colon: only before a marked quote
        let marked = lines.next_full(next).is_some_and(|q| quoted(lines.line(q)));
        return marked && vocabulary().wrote.ends(ends) && dated(joined);
    }
    let quote_follows = lines.next_full(next).is_some_and(|q| quoted(lines.line(q)));
    let wrote = vocabulary().wrote.within(joined);
    match (wrote, quote_follows) {
        (true, true) => joined.chars().count() <= 300,
        (true, false) => dated(joined) && (joined.contains('@') || time_of_day(joined) || starts_like(joined)),
        (false, true) => dated(joined) && joined.contains('@'),
        (false, false) => false,
    }
}

/// A day and a year or month number stand in it.
fn dated(text: &str) -> bool {
    text.chars().filter(char::is_ascii_digit).count() >= 3
}

fn time_of_day(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(3).any(|w| matches!(w, [a, b':' | b'.' | b'h', c] if a.is_ascii_digit() && c.is_ascii_digit()))
}

/// Begins as such lines do: "On …", "Am …", "Le …", or with a date.
fn starts_like(joined: &str) -> bool {
    const HEADS: &[&str] = &[
        "on ", "am ", "le ", "el ", "em ", "il ", "op ", "den ", "dnia ", "w dniu ", "pada ", "no ", "a ", "på ",
        "vào ", "on: ", "in data ",
    ];
    HEADS.iter().any(|h| joined.starts_with(h)) || joined.starts_with(|c: char| c.is_ascii_digit())
}

/// Splits `Label: value`; in Lotus columns the label stands after a run of blanks.
fn label(line: &str) -> Option<(Label, &str)> {
    let direct = labelled(line);
    if direct.is_some() || !line.contains("  ") {
        return direct;
    }
    let mut rest = line.trim_start();
    while let Some((_, tail)) = rest.split_once("  ") {
        rest = tail.trim_start();
        match labelled(rest) {
            Some(found) => return Some(found),
            None if rest.is_empty() => return None,
            None => {}
        }
    }
    None
}

fn labelled(line: &str) -> Option<(Label, &str)> {
    let line = line.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '*' | '_' | '|' | MARK));
    let head = line.get(..line.floor_char_boundary(48)).unwrap_or_default();
    let (name, _) = head.split_once([':', '：'])?;
    let value = line.get(name.len()..)?.trim_start_matches([':', '：', '*', ' ', '\t', '\u{a0}', '_']);
    let name = name.trim().trim_matches(['*', '_']).trim().to_lowercase();
    vocabulary().label(&name).map(|l| (l, value.trim()))
}

/// A block of header labels beginning at `at`: where its content begins, and the values.
fn block(lines: &Lines<'_>, at: usize) -> Option<(usize, Block)> {
    if lines.blank(at) {
        return None;
    }
    let lotus = lotus_sender(lines, at);
    let start = match label(lines.line(at)) {
        Some(_) => at,
        None => lotus?,
    };
    let mut block = Block { from: String::new(), ..Block::default() };
    let mut content = start;
    let (mut blanks, mut loose) = (0, 0);
    for i in start..(start + BLOCK).min(lines.lines.len()) {
        if lines.blank(i) {
            blanks += 1;
            if blanks > 1 || block.labels >= 3 && lines.next_full(i).is_none_or(|n| label(lines.line(n)).is_none()) {
                break;
            }
            continue;
        }
        match label(lines.line(i)) {
            Some((kind, value)) => {
                block.take(kind, value);
                (content, loose, blanks) = (i + 1, 0, 0);
            }
            None if loose < 2 && blanks == 0 => loose += 1,
            None => break,
        }
    }
    let by_labels = block.has_from && block.labels >= 3;
    let by_lotus = lotus.is_some() && block.has_to && block.labels >= 2;
    if by_lotus && !block.has_from {
        block.from = lotus_name(lines.line(at));
    }
    (by_labels || by_lotus).then_some((content, block))
}

impl Block {
    fn take(&mut self, kind: Label, value: &str) {
        self.labels += 1;
        match kind {
            Label::From if !self.has_from => (self.from, self.has_from) = (value.to_owned(), true),
            Label::Sent if self.sent.is_empty() => self.sent = value.to_owned(),
            Label::Subject if self.subject.is_empty() => self.subject = value.to_owned(),
            Label::To => self.has_to = true,
            Label::From | Label::Sent | Label::Subject | Label::Cc => {}
        }
    }
}

/// Lotus Notes names the sender without a label ("Jane Doe/HQ/ACME" then "03/14/2000 10:01 AM", or both in one line),
/// and only then writes `To:`. Gives the line of the first label.
fn lotus_sender(lines: &Lines<'_>, at: usize) -> Option<usize> {
    let first = (at..at + 5).find(|i| label(lines.line(*i)).is_some())?;
    let (kind, _) = label(lines.line(first))?;
    let timed = (at..=first + 2).any(|i| time_of_day(lines.lower(i))) && (at..=first).any(|i| dated(lines.lower(i)));
    let short = (at..first).all(|i| lines.line(i).trim().chars().count() <= 100);
    let sentence = (at..first).any(|i| lines.line(i).trim_end().ends_with(['.', '!', '?', ',']));
    (matches!(kind, Label::To | Label::Cc) && timed && short && !sentence).then_some(first)
}

fn lotus_name(line: &str) -> String {
    let name = line.split(" on ").next().unwrap_or_default();
    let name = name.split("  ").find(|s| !s.trim().is_empty()).unwrap_or_default();
    name.split(['/', '@']).next().filter(|_| !name.contains('<')).unwrap_or(name).trim().trim_matches('"').to_owned()
}

/// In Lotus columns the sender's name stands above the labels and was taken for the own words.
fn drop_lotus_sender(own: &mut Vec<Cow<'_, str>>, block: &Block) {
    if block.has_from {
        return;
    }
    while own.last().is_some_and(|l| l.starts_with("          ") && !l.trim().is_empty()) {
        own.pop();
    }
}

/// The forwarded mail, if this is one: its header's values and its own words.
fn taken(lines: &Lines<'_>, header: Option<(usize, Block)>, after: usize, forward: bool) -> Option<Forwarded> {
    if !forward {
        return None;
    }
    let (content, block) = header.unwrap_or((after, Block::default()));
    let text = unquoted(&lines.rest(content));
    let inner = split(&text, false, true);
    let (own, _) = super::sign::own(inner.own, &[]);
    Some(Forwarded {
        from: mailbox(&block.from),
        subject: unstructured(block.subject.as_bytes()),
        date: time::loose(&block.sent),
        own,
    })
}

/// Some programs mark a forwarded text as a quote too.
fn unquoted(text: &str) -> String {
    let full: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
    let marked = full.iter().filter(|l| quoted(l)).count();
    if marked * 10 < full.len() * 8 {
        return text.to_owned();
    }
    text.lines().map(|l| l.trim_start().strip_prefix('>').map_or(l, str::trim_start)).collect::<Vec<_>>().join("\n")
}

/// `Jane Doe <jane@example.org>`, `Jane Doe [mailto:jane@example.org]`, `"Doe, Jane"`, a bare name.
fn mailbox(value: &str) -> Mailbox {
    let value = value.replace("[mailto:", "<").replace("(mailto:", "<");
    let value = value.split(['<']).next().map_or("", str::trim).to_owned()
        + &value
            .find('<')
            .and_then(|i| value.get(i..))
            .map_or_else(String::new, |a| format!(" {}", a.replace([']', ')'], ">")));
    let parsed = mailboxes_of(value.as_bytes()).into_iter().next();
    let bare = value.split('<').next().unwrap_or_default().trim().trim_matches(['"', '\'']);
    match parsed {
        Some(m) if m.address.is_some() => {
            let name = Name::new(bare).filter(|n| Address::new(n.as_str()).is_none()).or(m.name);
            Mailbox { name, address: m.address }
        }
        Some(_) | None => Mailbox { name: Name::new(bare), address: None },
    }
}

/// A quoted line too long for its writer's program broke in two: the short rest stands unmarked between marked ones.
fn wrapped_quote(lines: &Lines<'_>, at: usize) -> bool {
    let line = lines.line(at);
    let before = at.checked_sub(1).map_or("", |i| lines.line(i));
    !lines.blank(at)
        && quoted(before)
        && quoted(lines.line(at + 1))
        && before.chars().count() >= 60
        && line.chars().count() <= 25
        && line.starts_with(char::is_lowercase)
}
