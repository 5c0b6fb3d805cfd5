//! The fixed sentences of a network with holes where the people stand.
//!
//! Networks write the same sentence around a different name in every mail, with curly or straight quotes, with or
//! without a full stop, in any case. A regular expression says that, but nobody reads forty of them aloud. So a
//! pattern is the sentence itself, `{name} wants to be friends on Facebook`, matched against the whole of one line
//! after both were *folded*: lower case, one kind of quote, dash and blank, no full stop at the end. Matching tries the
//! leftmost place of each literal first and gives up after a fixed number of steps, so no line can make it slow.
use serde::Deserialize;

/// Longest line looked at, in characters: no network's sentence is longer, and a hostile one stays cheap.
const LONGEST_LINE: usize = 600;
/// Steps until a match is given up.
const BUDGET: u32 = 4_000;

/// What stands in a hole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Hole {
    Name,
    /// A second person in the same sentence.
    Other,
    First,
    Me,
    Handle,
    Number,
    Headline,
    Company,
    Role,
    Date,
    /// Anything, also nothing.
    Any,
}

impl Hole {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "name" => Hole::Name,
            "other" => Hole::Other,
            "first" => Hole::First,
            "me" => Hole::Me,
            "handle" => Hole::Handle,
            "n" => Hole::Number,
            "headline" => Hole::Headline,
            "company" => Hole::Company,
            "role" => Hole::Role,
            "date" => Hole::Date,
            "*" => Hole::Any,
            _ => return None,
        })
    }

    /// Can these characters stand here?
    fn takes(self, folded: &[char]) -> bool {
        let blank_ends = folded.first() == Some(&' ') || folded.last() == Some(&' ');
        match self {
            Hole::Any => true,
            Hole::Number => folded.len() <= 6 && !folded.is_empty() && folded.iter().all(char::is_ascii_digit),
            Hole::Handle => {
                !folded.is_empty()
                    && folded.len() <= 120
                    && !folded.iter().any(|c| c.is_whitespace() || "()<>\"".contains(*c))
            }
            Hole::First | Hole::Me | Hole::Name | Hole::Other => {
                !folded.is_empty() && folded.len() <= 120 && !blank_ends
            }
            Hole::Headline | Hole::Company | Hole::Role | Hole::Date => {
                !folded.is_empty() && folded.len() <= 300 && !blank_ends
            }
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Piece {
    Literal(Vec<char>),
    Hole(Hole),
}

/// One sentence with holes.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(crate) struct Pattern {
    pieces: Vec<Piece>,
    /// The longest literal, for one cheap look before trying.
    anchor: String,
}

impl TryFrom<String> for Pattern {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        Pattern::new(&text)
    }
}

/// What stood in the holes, as it was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Filled(Vec<(Hole, String)>);

impl Filled {
    pub(crate) fn get(&self, hole: Hole) -> Option<&str> {
        self.0.iter().find(|(h, _)| *h == hole).map(|(_, s)| s.as_str())
    }
    /// What a `{*}` swallowed.
    pub(crate) fn rest(&self) -> Option<String> {
        self.0.iter().find(|(h, _)| *h == Hole::Any).map(|(_, s)| s.clone())
    }
    /// How many words the greediest `{*}` swallowed; two characters count as one where words are not parted.
    pub(crate) fn words_in_any(&self) -> usize {
        let parted = |w: &str| w.is_ascii() || w.chars().any(|c| c.is_lowercase() || c.is_uppercase());
        let size = |w: &str| if parted(w) { 1 } else { w.chars().count().div_ceil(2) };
        let any = self.0.iter().filter(|(h, _)| *h == Hole::Any);
        any.map(|(_, s)| s.split_whitespace().map(size).sum()).max().unwrap_or(0)
    }
    /// Takes over what is not known yet.
    pub(crate) fn add(&mut self, more: Filled) {
        for (hole, text) in more.0 {
            if self.get(hole).is_none() && hole != Hole::Any {
                self.0.push((hole, text));
            }
        }
    }
}

/// A line ready for matching: folded and as written, character by character.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Line {
    folded: Vec<char>,
    written: Vec<char>,
    text: String,
    whole: String,
    opens: bool,
}

impl Line {
    pub(crate) fn new(raw: &str) -> Self {
        let (mut folded, mut written) = (Vec::new(), Vec::new());
        for c in raw.chars().filter(|c| !hidden(*c)).take(LONGEST_LINE) {
            let f = fold(c);
            let doubled = f == ' ' && folded.last().is_none_or(|l| *l == ' ');
            if !doubled {
                folded.push(f);
                written.push(c);
            }
        }
        let keep = folded.iter().rposition(|c| !END.contains(*c)).map_or(0, |i| i + 1);
        let opens = folded.get(keep..).is_some_and(|end| end.iter().any(|c| ",:，".contains(*c)));
        let whole = written.iter().collect::<String>().trim().to_owned();
        folded.truncate(keep);
        written.truncate(keep);
        let text = folded.iter().collect();
        Line { folded, written, text, whole, opens }
    }
    /// The folded text.
    pub(crate) fn text(&self) -> &str {
        &self.text
    }
    pub(crate) fn is_empty(&self) -> bool {
        self.folded.is_empty()
    }
    /// A comma or colon ended it: something follows.
    pub(crate) fn opens(&self) -> bool {
        self.opens
    }
    /// The line as it was written.
    pub(crate) fn written_all(&self) -> String {
        self.whole.clone()
    }
    fn written(&self, from: usize, to: usize) -> String {
        self.written.get(from..to).map(|c| c.iter().collect()).unwrap_or_default()
    }
}

/// Folds a whole text the way lines and patterns are folded.
pub(crate) fn folded(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            'a'..='z' | '0'..='9' | ' ' => out.push(c),
            'A'..='Z' => out.push(c.to_ascii_lowercase()),
            c if hidden(c) => {}
            c => out.push(fold(c)),
        }
    }
    out
}

/// Marks at the end of a sentence that networks set or leave out.
const END: &str = " .!…。！,:;：，";

fn hidden(c: char) -> bool {
    matches!(c, '\u{00AD}' | '\u{034F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

fn fold(c: char) -> char {
    match c {
        '’' | '‘' | '‛' | '`' | '´' | 'ʼ' => '\'',
        '“' | '”' | '„' | '«' | '»' | '‟' => '"',
        '–' | '—' | '‑' | '‐' | '−' => '-',
        '：' => ':',
        '（' => '(',
        '）' => ')',
        '＠' => '@',
        c if c.is_whitespace() => ' ',
        c => c.to_lowercase().next().unwrap_or(c),
    }
}

impl Pattern {
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let (before, after) = rest.split_at(open);
            push_literal(&mut pieces, before);
            let close = after.find('}').ok_or("a hole is not closed")?;
            let name = after.get(1..close).unwrap_or_default();
            let hole =
                Hole::from_name(name).ok_or_else(|| format!("no hole is called {{{name}}}; there are {HOLES}"))?;
            if matches!(pieces.last(), Some(Piece::Hole(_))) {
                return Err("two holes side by side: nothing tells where the first ends".to_owned());
            }
            pieces.push(Piece::Hole(hole));
            rest = after.get(close + 1..).unwrap_or_default();
        }
        push_literal(&mut pieces, rest);
        if let Some(Piece::Literal(last)) = pieces.last_mut() {
            let keep = last.iter().rposition(|c| !END.contains(*c)).map_or(0, |i| i + 1);
            last.truncate(keep);
        }
        pieces.retain(|p| !matches!(p, Piece::Literal(l) if l.is_empty()));
        if !pieces.iter().any(|p| matches!(p, Piece::Literal(_))) && pieces != [Piece::Hole(Hole::Name)] {
            return Err("a pattern needs words of its own".to_owned());
        }
        Ok(Pattern { anchor: anchor(&pieces), pieces })
    }

    /// How much of a match is its own words: of two patterns that match, the one which says more is right.
    pub(crate) fn weight(&self) -> usize {
        let own = |p: &Piece| match p {
            Piece::Literal(l) => l.len(),
            Piece::Hole(_) => 0,
        };
        self.pieces.iter().map(own).sum()
    }

    /// Is this folded word one of its own?
    pub(crate) fn says(&self, word: &str) -> bool {
        let has = |l: &[char]| {
            let text: String = l.iter().collect();
            text.split(|c: char| !c.is_alphanumeric()).any(|w| w == word)
        };
        self.pieces.iter().any(|p| match p {
            Piece::Literal(l) => has(l),
            Piece::Hole(_) => false,
        })
    }

    /// Could it match somewhere in this folded text? One search, no holes.
    pub(crate) fn may_be_in(&self, folded: &str) -> bool {
        folded.contains(&self.anchor)
    }

    /// The longest of its words: no line without them matches.
    pub(crate) fn anchor(&self) -> &str {
        &self.anchor
    }

    /// Matches the whole line.
    pub(crate) fn matches(&self, line: &Line) -> Option<Filled> {
        if !line.text.contains(&self.anchor) {
            return None;
        }
        let mut filled = Filled::default();
        let mut budget = BUDGET;
        self.step(&self.pieces, line, 0, &mut filled, &mut budget).then_some(filled)
    }

    fn step(&self, pieces: &[Piece], line: &Line, at: usize, filled: &mut Filled, budget: &mut u32) -> bool {
        *budget = budget.saturating_sub(1);
        if *budget == 0 {
            return false;
        }
        let rest = line.folded.get(at..).unwrap_or_default();
        match pieces {
            [] => rest.is_empty(),
            [Piece::Literal(l), more @ ..] => {
                rest.starts_with(l) && self.step(more, line, at + l.len(), filled, budget)
            }
            [Piece::Hole(hole)] => hole.takes(rest) && fill(filled, *hole, line.written(at, line.folded.len())),
            [Piece::Hole(hole), more @ ..] => self.hole(*hole, more, (line, at), filled, budget),
        }
    }

    /// Tries the places of the literal behind a hole, leftmost first.
    fn hole(
        &self,
        hole: Hole,
        more: &[Piece],
        (line, at): (&Line, usize),
        filled: &mut Filled,
        budget: &mut u32,
    ) -> bool {
        let [Piece::Literal(next), after @ ..] = more else { return false };
        let rest = line.folded.get(at..).unwrap_or_default();
        for found in rest.windows(next.len().max(1)).enumerate().filter(|(_, w)| *w == next.as_slice()).map(|(i, _)| i)
        {
            if *budget == 0 {
                return false;
            }
            let inside = rest.get(..found).unwrap_or_default();
            if !hole.takes(inside) {
                continue;
            }
            let mut tried = filled.clone();
            fill(&mut tried, hole, line.written(at, at + found));
            if self.step(after, line, at + found + next.len(), &mut tried, budget) {
                *filled = tried;
                return true;
            }
        }
        false
    }
}

const HOLES: &str = "{name}, {other}, {first}, {me}, {handle}, {n}, {headline}, {company}, {role}, {date} and {*}";

fn fill(filled: &mut Filled, hole: Hole, text: String) -> bool {
    filled.0.push((hole, text.trim().to_owned()));
    true
}

fn push_literal(pieces: &mut Vec<Piece>, text: &str) {
    let mut chars: Vec<char> = Vec::new();
    for c in text.chars().filter(|c| !hidden(*c)).map(fold) {
        let doubled = c == ' ' && (chars.last() == Some(&' ') || (chars.is_empty() && pieces.is_empty()));
        if !doubled {
            chars.push(c);
        }
    }
    if !chars.is_empty() {
        pieces.push(Piece::Literal(chars));
    }
}

fn anchor(pieces: &[Piece]) -> String {
    let literals = pieces.iter().filter_map(|p| match p {
        Piece::Literal(l) => Some(l),
        Piece::Hole(_) => None,
    });
    literals.max_by_key(|l| l.len()).map(|l| l.iter().collect()).unwrap_or_default()
}

/// The match that says most.
pub(crate) fn best<'p>(patterns: impl IntoIterator<Item = &'p Pattern>, line: &Line) -> Option<Filled> {
    let found = patterns.into_iter().filter_map(|p| p.matches(line).map(|f| (p.weight(), f)));
    found.reduce(|a, b| if b.0 > a.0 { b } else { a }).map(|(_, f)| f)
}

/// `*` stands for anything, also nothing; case does not count.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "String")]
pub(crate) struct Glob(String);

impl From<String> for Glob {
    fn from(s: String) -> Self {
        Glob(s.to_lowercase())
    }
}

impl Glob {
    pub(crate) fn matches(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let mut parts = self.0.split('*');
        let first = parts.next().unwrap_or_default();
        let Some(mut rest) = text.strip_prefix(first) else { return false };
        let mut last = None;
        for part in parts {
            if let Some(middle) = last.replace(part) {
                let Some(at) = rest.find(middle) else { return false };
                rest = rest.get(at + middle.len()..).unwrap_or_default();
            }
        }
        last.map_or(rest.is_empty(), |l: &str| rest.ends_with(l))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(pattern: &str, line: &str, expected: Option<&[(Hole, &str)]>) {
        let filled = Pattern::new(pattern).expect("a pattern").matches(&Line::new(line));
        let expected = expected.map(|e| Filled(e.iter().map(|(h, s)| (*h, (*s).to_owned())).collect()));
        assert_eq!(filled, expected, "{pattern} on {line}");
    }

    #[test]
    fn sentences_with_holes() {
        case("{name} wants to be friends", "Ada Byron wants to be friends.", Some(&[(Hole::Name, "Ada Byron")]));
        case("{name} wants to be friends", "ADA wants  to be\u{a0}friends!", Some(&[(Hole::Name, "ADA")]));
        case("{name} wants to be friends", "wants to be friends", None);
        case("{name} wants to be friends", "Ada wants to be friends with you", None);
        case(
            "{name} wants to be friends{*}",
            "Ada wants to be friends with you",
            Some(&[(Hole::Name, "Ada"), (Hole::Any, "with you")]),
        );
        case("{name}'s invitation", "Ada’s invitation", Some(&[(Hole::Name, "Ada")]));
        case(
            "{name} (@{handle}) follows you",
            "Ada (x) B (@ada) follows you",
            Some(&[(Hole::Name, "Ada (x) B"), (Hole::Handle, "ada")]),
        );
        case(
            "{handle} さんにフォローされています",
            "ada@example.org さんにフォローされています",
            Some(&[(Hole::Handle, "ada@example.org")]),
        );
        case("{handle} follows you", "Ada B follows you", None);
        case("You have {n} new invitations", "You have 12 new invitations", Some(&[(Hole::Number, "12")]));
        case("You have {n} new invitations", "You have many new invitations", None);
        case("İstek: {name}", "İSTEK: Ada", Some(&[(Hole::Name, "Ada")]));
    }

    #[test]
    fn what_is_no_pattern() {
        for bad in ["{who} came", "{name}{other} came", "{name", "", "{*}"] {
            assert!(Pattern::new(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_hostile_line_stays_cheap() {
        let p = Pattern::new("{*} a {*} a {*} a {*} a {*} b").expect("a pattern");
        assert_eq!(p.matches(&Line::new(&" a ".repeat(100_000))), None);
    }

    #[test]
    fn globs() {
        for (glob, text, expected) in [
            ("invitations@linkedin.com", "Invitations@LinkedIn.com", true),
            ("invitations*@linkedin.com", "invitations-noreply@linkedin.com", true),
            ("*invite*reminder*", "email_m2m_invite_reminder_02", true),
            ("*invite*reminder*", "email_m2m_invite_single_01", false),
            ("follow", "follower", false),
            ("*a", "ba", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(Glob::from(glob.to_owned()).matches(text), expected, "{glob} on {text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_put_into_a_hole_comes_out(name in "[A-Za-z][A-Za-z' -]{0,30}[A-Za-z]") {
            let squeezed = name.split_whitespace().collect::<Vec<_>>().join(" ");
            let p = Pattern::new("{name} is now following you").expect("a pattern");
            let filled = p.matches(&Line::new(&format!("{squeezed} is now following you!")));
            proptest::prop_assert_eq!(filled.and_then(|f| f.get(Hole::Name).map(str::to_owned)), Some(squeezed));
        }
        #[test]
        fn no_line_panics(line in "\\PC*") {
            let _ = Pattern::new("{name} (@{handle}) {*}").expect("a pattern").matches(&Line::new(&line));
        }
    }
}
