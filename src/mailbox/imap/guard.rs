//! The byte stream filter between a server and every parser.
//!
//! A server can kill a client without ever logging it in: an endless literal or line eats the memory, ten thousand open
//! parentheses the stack (which no `catch_unwind` can save), and a plain `* NO` makes the `imap` crate panic (trust.md
//! §0). So no byte reaches a parser before it was cut into whole answers here, under caps. The guard knows nothing of
//! commands; it only tells tagged, continuation and untagged answers apart, in linear time and without recursion.
use memchr::memchr;

/// What one command's answer may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Caps {
    /// One answer without its literals.
    pub line: usize,
    /// One announced literal.
    pub literal: u64,
    /// Everything until the tagged answer.
    pub response: u64,
}

impl Caps {
    /// Anything but bodies, headers and searches.
    pub(super) const PLAIN: Caps = Caps { line: 64 << 10, literal: 64 << 10, response: 32 << 20 };
    /// A search answers in one line: 11 bytes a message, so this is some 700,000 messages.
    pub(super) const SEARCH: Caps = Caps { line: 8 << 20, ..Caps::PLAIN };
    pub(super) const HEADERS: Caps = Caps { literal: 1 << 20, ..Caps::PLAIN };
    pub(super) const BODIES: Caps = Caps { literal: 25 << 20, ..Caps::PLAIN };
}

/// Answers to one command that are kept: a mailbox of 50,000 folders, or a clean-up of as many mails, told one by one.
const ANSWERS: usize = 50_000;
/// What an answer costs besides its bytes: a flood of tiny ones must not weigh more than a few large ones.
const OVERHEAD: u64 = 128;
const DEPTH: u32 = 100;
const LITERALS: usize = 64;

/// Why a server is not listened to any longer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refusal {
    #[error("a line is longer than {0} bytes")]
    Line(usize),
    #[error("a literal is larger than {0} bytes")]
    Literal(u64),
    #[error("more than {LITERALS} literals in one answer")]
    Literals,
    #[error("the whole answer is larger than {0} bytes")]
    Response(u64),
    #[error("more than {ANSWERS} answers to one command")]
    Answers,
    #[error("parentheses are nested more than {DEPTH} deep")]
    Depth,
}

/// One untagged answer. Where the text says `{n}` and ends a line, the literal stands in `literals`, in order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Logical {
    pub text: Vec<u8>,
    pub literals: Vec<Vec<u8>>,
}

/// One whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unit {
    Untagged(Logical),
    /// `+ …`
    Continue(Vec<u8>),
    /// Everything else; it should begin with a tag.
    Tagged(Vec<u8>),
}

#[derive(Debug)]
pub(super) struct Guard {
    caps: Caps,
    line: Logical,
    /// Of `line.text`, how much was looked at.
    scanned: usize,
    literal_left: u64,
    depth: u32,
    spent: u64,
    answers: usize,
}

impl Guard {
    pub(super) fn new() -> Self {
        Guard {
            caps: Caps::PLAIN,
            line: Logical::default(),
            scanned: 0,
            literal_left: 0,
            depth: 0,
            spent: 0,
            answers: 0,
        }
    }

    /// A new command's answer begins.
    pub(super) fn begin(&mut self, caps: Caps) {
        self.caps = caps;
        self.spent = 0;
        self.answers = 0;
    }

    /// Is there no half answer waiting for its end?
    pub(super) fn at_rest(&self) -> bool {
        self.line.text.is_empty()
    }

    /// Takes what came, appends the answers that are whole now.
    pub(super) fn feed(&mut self, mut bytes: &[u8], out: &mut Vec<Unit>) -> Result<(), Refusal> {
        self.spend(bytes.len() as u64)?;
        while !bytes.is_empty() {
            let taken = if self.literal_left > 0 { self.feed_literal(bytes) } else { self.feed_line(bytes, out)? };
            bytes = bytes.get(taken..).unwrap_or_default();
        }
        Ok(())
    }

    fn spend(&mut self, cost: u64) -> Result<(), Refusal> {
        self.spent += cost;
        if self.spent > self.caps.response { Err(Refusal::Response(self.caps.response)) } else { Ok(()) }
    }

    fn feed_literal(&mut self, bytes: &[u8]) -> usize {
        let taken = bytes.len().min(usize::try_from(self.literal_left).unwrap_or(usize::MAX));
        if let (Some(literal), Some(piece)) = (self.line.literals.last_mut(), bytes.get(..taken)) {
            literal.extend_from_slice(piece);
        }
        self.literal_left -= taken as u64;
        taken
    }

    fn feed_line(&mut self, bytes: &[u8], out: &mut Vec<Unit>) -> Result<usize, Refusal> {
        let end = memchr(b'\n', bytes).map(|i| i + 1);
        let taken = end.unwrap_or(bytes.len());
        if self.line.text.len() + taken > self.caps.line {
            return Err(Refusal::Line(self.caps.line));
        }
        self.line.text.extend_from_slice(bytes.get(..taken).unwrap_or_default());
        if end.is_some() {
            self.end_of_line(out)?;
        }
        Ok(taken)
    }

    /// A line end came: is the answer whole, or does a literal follow?
    fn end_of_line(&mut self, out: &mut Vec<Unit>) -> Result<(), Refusal> {
        let fresh = self.line.text.get(self.scanned..).unwrap_or_default();
        let free = self.scanned == 0 && !has_structure(fresh);
        if !free {
            let quoted = scan(fresh, &mut self.depth)?;
            if let Some(size) = announced(fresh).filter(|_| !quoted) {
                return self.expect_literal(size);
            }
        }
        self.answers += 1;
        if self.answers > ANSWERS {
            return Err(Refusal::Answers);
        }
        self.spend(OVERHEAD)?;
        let line = std::mem::take(&mut self.line);
        self.scanned = 0;
        self.depth = 0;
        out.push(match line.text.as_slice() {
            [b'*', b' ', ..] => Unit::Untagged(line),
            [b'+', ..] => Unit::Continue(line.text),
            _ => Unit::Tagged(line.text),
        });
        Ok(())
    }

    fn expect_literal(&mut self, size: Option<u64>) -> Result<(), Refusal> {
        let Some(size) = size.filter(|&n| n <= self.caps.literal) else {
            return Err(Refusal::Literal(self.caps.literal));
        };
        if self.line.literals.len() >= LITERALS {
            return Err(Refusal::Literals);
        }
        self.spend(OVERHEAD)?;
        // Never reserve what was only announced.
        self.line.literals.push(Vec::new());
        self.literal_left = size;
        self.scanned = self.line.text.len();
        Ok(())
    }
}

/// Status answers, continuations and tagged lines end in free text (RFC 3501, `resp-text`): a quote, a parenthesis or
/// `{9}` in them means nothing.
fn has_structure(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"* ") else { return false };
    let word = rest.split(|b| b.is_ascii_whitespace()).next().unwrap_or_default();
    ![&b"OK"[..], b"NO", b"BAD", b"BYE", b"PREAUTH"].iter().any(|w| word.eq_ignore_ascii_case(w))
}

/// Counts parentheses outside quoted strings; true if the line ends inside one.
fn scan(line: &[u8], depth: &mut u32) -> Result<bool, Refusal> {
    let (mut quoted, mut escaped) = (false, false);
    for &b in line {
        match b {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'(' if !quoted => *depth += 1,
            b')' if !quoted => *depth = depth.saturating_sub(1),
            _ => {}
        }
        if *depth > DEPTH {
            return Err(Refusal::Depth);
        }
    }
    Ok(quoted)
}

/// `…{123}` at the line's end: `Some(Some(123))`, or `Some(None)` for a number beyond all numbers.
fn announced(line: &[u8]) -> Option<Option<u64>> {
    let line = line.strip_suffix(b"\n")?;
    let line = line.strip_suffix(b"\r").unwrap_or(line).strip_suffix(b"}")?;
    let open = memchr::memrchr(b'{', line)?;
    let digits = line.get(open + 1..)?;
    let digits = digits.strip_suffix(b"+").unwrap_or(digits);
    let all = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
    all.then(|| std::str::from_utf8(digits).ok().and_then(|d| d.parse().ok()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn feed(bytes: &[u8], piece: usize, caps: Caps) -> Result<Vec<Unit>, Refusal> {
        let mut guard = Guard::new();
        guard.begin(caps);
        let mut out = Vec::new();
        for part in bytes.chunks(piece) {
            guard.feed(part, &mut out)?;
        }
        Ok(out)
    }

    /// Whatever the pieces the bytes come in, the answers are the same.
    #[track_caller]
    fn case(bytes: &[u8], want: Result<Vec<Unit>, Refusal>) {
        for piece in [1, 2, 7, 4096] {
            assert_eq!(feed(bytes, piece, Caps::PLAIN), want, "in pieces of {piece}");
        }
    }
    fn untagged(text: &str, literals: &[&str]) -> Unit {
        let literals = literals.iter().map(|l| l.as_bytes().to_vec()).collect();
        Unit::Untagged(Logical { text: text.as_bytes().to_vec(), literals })
    }
    fn tagged(text: &str) -> Unit {
        Unit::Tagged(text.as_bytes().to_vec())
    }

    #[test]
    fn answers_are_told_apart() {
        case(b"* 3 EXISTS\r\na1 OK done\r\n", Ok(vec![untagged("* 3 EXISTS\r\n", &[]), tagged("a1 OK done\r\n")]));
        case(b"+ go\r\n", Ok(vec![Unit::Continue(b"+ go\r\n".to_vec())]));
        case(
            b"* 1 FETCH (BODY[] {3}\r\n(\"\n UID 7)\r\n",
            Ok(vec![untagged("* 1 FETCH (BODY[] {3}\r\n UID 7)\r\n", &["(\"\n"])]),
        );
        case(
            b"* 1 FETCH (A {0}\r\n B {1}\r\nx)\r\n",
            Ok(vec![untagged("* 1 FETCH (A {0}\r\n B {1}\r\n)\r\n", &["", "x"])]),
        );
        // Free text that looks like structure.
        case(
            b"* OK say \"hi {5}\r\na1 NO ((({9}\r\n",
            Ok(vec![untagged("* OK say \"hi {5}\r\n", &[]), tagged("a1 NO ((({9}\r\n")]),
        );
        case(b"* LIST () \"/\" \"a {5}\"\r\n", Ok(vec![untagged("* LIST () \"/\" \"a {5}\"\r\n", &[])]));
    }

    #[test]
    fn what_is_not_borne() {
        let parens = [b"* 1 FETCH (UID 1 BODYSTRUCTURE ".to_vec(), vec![b'('; 10_000], b"\r\n".to_vec()].concat();
        case(&parens, Err(Refusal::Depth));
        case(b"* 1 FETCH (BODY[] {4294967295}\r\n", Err(Refusal::Literal(64 << 10)));
        case(b"* 1 FETCH (BODY[] {99999999999999999999999}\r\n", Err(Refusal::Literal(64 << 10)));
        case(&vec![b'x'; 70_000], Err(Refusal::Line(64 << 10)));
        let many = [b"* 1 FETCH (".to_vec(), b"{1}\r\nx ".repeat(65), b")\r\n".to_vec()].concat();
        case(&many, Err(Refusal::Literals));
        let small = Caps { response: 100, ..Caps::PLAIN };
        assert_eq!(feed(&b"* OK\r\n".repeat(ANSWERS + 1), 4096, Caps::PLAIN), Err(Refusal::Answers));
        let one = Caps { response: 300, ..Caps::PLAIN };
        assert_eq!(feed(&b"* OK\r\n".repeat(3), 4096, one), Err(Refusal::Response(300)));
        assert_eq!(feed(&b"* 1 EXISTS\r\n".repeat(20), 7, small), Err(Refusal::Response(100)));
    }

    #[test]
    fn quotes_hide_parentheses_and_escapes_hide_quotes() {
        let line = format!("* LIST () \"/\" \"\\\"{}\"\r\n", "(".repeat(500));
        case(line.as_bytes(), Ok(vec![untagged(&line, &[])]));
    }

    proptest! {
        #[test]
        fn any_bytes_in_any_pieces_mean_the_same(bytes in proptest::collection::vec(any::<u8>(), 0..400), piece in 1usize..50) {
            prop_assert_eq!(feed(&bytes, piece, Caps::PLAIN), feed(&bytes, 4096, Caps::PLAIN));
        }
    }
}
