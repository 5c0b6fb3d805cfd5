//! Our own reader of untagged answers.
//!
//! The `imap` crate gives up the whole command, and its place in the stream, for one answer it cannot read. Here an
//! answer that cannot be read is `None` and costs one message. Everything is a loop over tokens; nothing recurses.
use super::guard::Logical;
use jiff::Timestamp;

/// One piece of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Token<'a> {
    Open,
    Close,
    /// An atom as it stands, sections and all: `BODY[HEADER.FIELDS (FROM)]<0>`.
    Atom(&'a [u8]),
    /// A quoted string or a literal.
    Text(Vec<u8>),
}

/// The tokens of one answer after its `* `.
struct Tokens<'a> {
    text: &'a [u8],
    literals: std::vec::IntoIter<Vec<u8>>,
}

impl<'a> Tokens<'a> {
    /// Literals are moved, not copied: one of them may be a whole mail.
    fn new(text: &'a [u8], literals: Vec<Vec<u8>>) -> Self {
        Tokens { text: text.strip_prefix(b"* ").unwrap_or(text), literals: literals.into_iter() }
    }

    fn of(answer: &'a Logical) -> Self {
        Tokens::new(&answer.text, answer.literals.clone())
    }

    fn take(&mut self, n: usize) -> &'a [u8] {
        let (head, rest) = self.text.split_at(n.min(self.text.len()));
        self.text = rest;
        head
    }

    fn quoted(&mut self) -> Option<Token<'a>> {
        let mut out = Vec::new();
        let mut escaped = false;
        for (i, &b) in self.text.iter().enumerate().skip(1) {
            match b {
                _ if escaped => {
                    out.push(b);
                    escaped = false;
                }
                b'\\' => escaped = true,
                b'"' => {
                    self.take(i + 1);
                    return Some(Token::Text(out));
                }
                _ => out.push(b),
            }
        }
        None
    }

    fn literal(&mut self) -> Option<Token<'a>> {
        let line = memchr::memchr(b'\n', self.text)?;
        self.take(line + 1);
        self.literals.next().map(Token::Text)
    }

    fn atom(&mut self) -> Token<'a> {
        let mut in_section = false;
        let end = self.text.iter().position(|&b| {
            match b {
                b'[' => in_section = true,
                b']' => in_section = false,
                _ => {}
            }
            !in_section && matches!(b, b' ' | b'(' | b')' | b'"' | b'\r' | b'\n')
        });
        Token::Atom(self.take(end.unwrap_or(self.text.len())))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;
    /// `None` at the end, and at an unfinished string.
    fn next(&mut self) -> Option<Token<'a>> {
        let blank = self.text.iter().take_while(|b| matches!(b, b' ' | b'\r' | b'\n')).count();
        self.take(blank);
        match self.text {
            [] => None,
            [b'(', ..] => {
                self.take(1);
                Some(Token::Open)
            }
            [b')', ..] => {
                self.take(1);
                Some(Token::Close)
            }
            [b'"', ..] => self.quoted(),
            [b'{', ..] | [b'~', b'{', ..] => self.literal(),
            _ => Some(self.atom()),
        }
    }
}

fn number<T: std::str::FromStr>(token: &Token<'_>) -> Option<T> {
    match token {
        Token::Atom(a) => std::str::from_utf8(a).ok()?.parse().ok(),
        Token::Open | Token::Close | Token::Text(_) => None,
    }
}

fn is_atom(token: Option<&Token<'_>>, word: &str) -> bool {
    matches!(token, Some(Token::Atom(a)) if a.eq_ignore_ascii_case(word.as_bytes()))
}

/// The data items thankd asks for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct FetchItem {
    pub uid: u32,
    pub size: u64,
    pub internal_date: Option<Timestamp>,
    /// Whatever section was asked for.
    pub body: Option<Vec<u8>>,
}

/// `* n FETCH (…)`: `None` if it is another answer; `Some(None)` if it is one that cannot be read.
pub(super) fn fetch(answer: Logical) -> Option<Option<FetchItem>> {
    let mut tokens = Tokens::new(&answer.text, answer.literals);
    let seq = tokens.next()?;
    number::<u32>(&seq)?;
    if !is_atom(tokens.next().as_ref(), "FETCH") {
        return None;
    }
    Some(fetch_items(&mut tokens))
}

fn fetch_items(tokens: &mut Tokens<'_>) -> Option<FetchItem> {
    if tokens.next()? != Token::Open {
        return None;
    }
    let mut item = FetchItem::default();
    loop {
        let name = match tokens.next()? {
            Token::Close => break,
            Token::Atom(name) => name.to_ascii_uppercase(),
            Token::Open | Token::Text(_) => return None,
        };
        let value = tokens.next()?;
        match name.as_slice() {
            b"UID" => item.uid = number(&value)?,
            b"RFC822.SIZE" => item.size = number(&value)?,
            // A date that cannot be read is a date that is not known; the message is there all the same.
            b"INTERNALDATE" => item.internal_date = date(&value),
            n if n.starts_with(b"BODY[") => item.body = bytes(value)?,
            _ => skip(value, tokens)?,
        }
    }
    // UID 0 is none (RFC 3501 §2.3.1.1): an unasked-for flag change comes without one.
    (item.uid != 0).then_some(item)
}

/// NIL is no bytes at all.
fn bytes(value: Token<'_>) -> Option<Option<Vec<u8>>> {
    match value {
        Token::Text(t) => Some(Some(t)),
        Token::Atom(a) if a.eq_ignore_ascii_case(b"NIL") => Some(None),
        Token::Atom(_) | Token::Open | Token::Close => None,
    }
}

/// Passes over the rest of a value thankd did not ask for.
fn skip(first: Token<'_>, tokens: &mut Tokens<'_>) -> Option<()> {
    let mut depth = u32::from(first == Token::Open);
    if first == Token::Close {
        return None;
    }
    while depth > 0 {
        match tokens.next()? {
            Token::Open => depth += 1,
            Token::Close => depth -= 1,
            Token::Atom(_) | Token::Text(_) => {}
        }
    }
    Some(())
}

/// `17-Jul-2026 02:44:25 -0700`, the day perhaps with a leading blank.
fn date(value: &Token<'_>) -> Option<Timestamp> {
    let Token::Text(text) = value else { return None };
    let text = std::str::from_utf8(text).ok()?.trim();
    jiff::fmt::strtime::parse("%d-%b-%Y %H:%M:%S %z", text).ok()?.to_timestamp().ok()
}

/// `* SEARCH n n n`; `None` if it is another answer. What is no number is passed over.
pub(super) fn search(answer: &Logical) -> Option<Vec<u32>> {
    let mut tokens = Tokens::of(answer);
    if !is_atom(tokens.next().as_ref(), "SEARCH") {
        return None;
    }
    Some(tokens.filter_map(|t| number(&t)).filter(|&n: &u32| n != 0).collect())
}

/// A line of LIST or LSUB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// Lower case, with the backslash.
    pub attributes: Vec<String>,
    pub delimiter: Option<u8>,
    pub name: Vec<u8>,
}

/// `* LIST (\HasNoChildren \Sent) "/" Sent`; `word` is LIST or LSUB.
pub(super) fn list(answer: &Logical, word: &str) -> Option<Listed> {
    let mut tokens = Tokens::of(answer);
    if !is_atom(tokens.next().as_ref(), word) || tokens.next()? != Token::Open {
        return None;
    }
    let mut attributes = Vec::new();
    loop {
        match tokens.next()? {
            Token::Close => break,
            Token::Atom(a) => attributes.push(String::from_utf8_lossy(a).to_lowercase()),
            Token::Open | Token::Text(_) => return None,
        }
    }
    let delimiter = match tokens.next()? {
        Token::Text(t) => t.first().copied(),
        Token::Atom(a) if a.eq_ignore_ascii_case(b"NIL") => None,
        Token::Atom(_) | Token::Open | Token::Close => return None,
    };
    let name = match tokens.next()? {
        Token::Text(t) => t,
        Token::Atom(a) => a.to_vec(),
        Token::Open | Token::Close => return None,
    };
    Some(Listed { attributes, delimiter, name })
}

/// `* 23 EXISTS` and its like: the number and the upper-case word.
pub(super) fn count(answer: &Logical) -> Option<(u64, String)> {
    let mut tokens = Tokens::of(answer);
    let n = number(&tokens.next()?)?;
    match tokens.next()? {
        Token::Atom(word) => Some((n, String::from_utf8_lossy(word).to_uppercase())),
        Token::Open | Token::Close | Token::Text(_) => None,
    }
}

/// `* CAPABILITY …` in upper case.
pub(super) fn capabilities(answer: &Logical) -> Option<Vec<String>> {
    let mut tokens = Tokens::of(answer);
    is_atom(tokens.next().as_ref(), "CAPABILITY").then(|| tokens.filter_map(word_of).collect())
}

fn word_of(token: Token<'_>) -> Option<String> {
    match token {
        Token::Atom(a) => Some(String::from_utf8_lossy(a).to_uppercase()),
        Token::Open | Token::Close | Token::Text(_) => None,
    }
}

/// The four words of RFC 3501 §7.1 besides BYE's own meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    Ok,
    No,
    Bad,
    Bye,
    Preauth,
}

/// `OK [CODE argument] text`, tagged or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Status {
    pub word: Word,
    /// Upper case; empty if there is none.
    pub code: String,
    pub argument: String,
    /// Cleaned and cut: it goes into texts people read.
    pub text: String,
}

impl Status {
    /// Reads what stands after `* ` or after the tag.
    pub(super) fn parse(line: &[u8]) -> Option<Self> {
        let line = String::from_utf8_lossy(line);
        let line = line.trim();
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let word = match word.to_ascii_uppercase().as_str() {
            "OK" => Word::Ok,
            "NO" => Word::No,
            "BAD" => Word::Bad,
            "BYE" => Word::Bye,
            "PREAUTH" => Word::Preauth,
            _ => return None,
        };
        let bracket = rest.trim_start().strip_prefix('[').and_then(|r| r.split_once(']'));
        let (inside, text) = bracket.unwrap_or(("", rest));
        let (code, argument) = inside.split_once(' ').unwrap_or((inside, ""));
        Some(Status { word, code: code.to_ascii_uppercase(), argument: argument.to_owned(), text: cleaned(text) })
    }

    /// As one would quote it.
    pub(super) fn said(&self) -> String {
        match (self.code.as_str(), self.text.as_str()) {
            ("", "") => "no reason given".to_owned(),
            ("", text) => text.to_owned(),
            (code, text) => cleaned(&format!("[{code}] {text}")),
        }
    }
}

/// A server's words, fit for a line of text: no control characters, 200 characters at most.
pub(super) fn cleaned(text: &str) -> String {
    text.trim().chars().filter(|c| !c.is_control()).take(200).collect()
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
