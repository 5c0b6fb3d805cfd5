//! mbox: many messages in one file, told apart by lines that look like no other (RFC 4155, and everything before it).
//!
//! The format is a family: mboxo and mboxrd quote a `From ` in a body with `>`, mboxcl counts instead, and exporters write
//! their own dates. So a separator is a line that begins with `From `, stands at the start or after an empty line, and
//! names a weekday, a month and a time; anything less is text. The file may be gigabytes, with a line of gigabytes in it:
//! it is streamed, and nothing larger than one capped message is ever held.
use super::MESSAGE_CAP;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

/// Longer lines are passed on in pieces.
const LINE: u64 = 64 << 10;

/// One message and where its separator stands in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Piece {
    pub offset: u64,
    /// At most the reader's cap.
    pub bytes: Vec<u8>,
    /// In the file, without the separator.
    pub size: u64,
}

#[derive(Debug)]
pub(super) struct Mbox<R> {
    input: BufReader<R>,
    /// Where the line in `line` begins.
    at: u64,
    line: Vec<u8>,
    cap: u64,
}

impl<R: Read + Seek> Mbox<R> {
    /// Begins at `offset`, which must be a separator's.
    pub(super) fn new(mut input: R, offset: u64) -> io::Result<Self> {
        input.seek(SeekFrom::Start(offset))?;
        let mut mbox =
            Mbox { input: BufReader::with_capacity(64 << 10, input), at: offset, line: Vec::new(), cap: MESSAGE_CAP };
        mbox.next_line()?;
        Ok(mbox)
    }

    /// Keeps only so much of each message.
    pub(super) fn capped(mut self, cap: u64) -> Self {
        self.cap = cap;
        self
    }

    /// Does a message begin here? At the end of the file that is true as well.
    pub(super) fn in_step(&self) -> bool {
        self.line.is_empty() || self.line.starts_with(b"From ")
    }

    /// Where the next message would begin.
    pub(super) fn position(&self) -> u64 {
        self.at
    }

    fn next_line(&mut self) -> io::Result<()> {
        self.at += self.line.len() as u64;
        self.line.clear();
        (&mut self.input).take(LINE).read_until(b'\n', &mut self.line)?;
        Ok(())
    }

    /// The next message; `None` at the end. A file cut off in the middle gives what there is.
    pub(super) fn next_message(&mut self) -> io::Result<Option<Piece>> {
        if self.line.is_empty() {
            return Ok(None);
        }
        let mut piece = Piece { offset: self.at, bytes: Vec::new(), size: 0 };
        if self.line.starts_with(b"From ") {
            self.next_line()?;
        }
        let (mut after_blank, mut line_start) = (true, true);
        while !self.line.is_empty() {
            if line_start && after_blank && is_separator(&self.line) {
                break;
            }
            after_blank = line_start && matches!(self.line.as_slice(), b"\n" | b"\r\n");
            let line = if line_start { unquoted(&self.line) } else { &self.line };
            piece.size += line.len() as u64;
            if piece.size <= self.cap {
                piece.bytes.extend_from_slice(line);
            }
            line_start = self.line.ends_with(b"\n");
            self.next_line()?;
        }
        drop_separating_line(&mut piece);
        Ok(Some(piece))
    }
}

/// The empty line before a separator belongs to it.
fn drop_separating_line(piece: &mut Piece) {
    let blank = [&b"\r\n\r\n"[..], b"\n\n"].into_iter().find(|end| piece.bytes.ends_with(end));
    if let Some(end) = blank.filter(|_| piece.bytes.len() as u64 == piece.size) {
        piece.bytes.truncate(piece.bytes.len() - end.len() / 2);
        piece.size = piece.bytes.len() as u64;
    }
}

/// mboxrd: one `>` less before any number of them and `From `. mboxo is read the same way; it cannot be told apart.
fn unquoted(line: &[u8]) -> &[u8] {
    let quotes = line.iter().take_while(|&&b| b == b'>').count();
    let quoted = quotes > 0 && line.get(quotes..).is_some_and(|l| l.starts_with(b"From "));
    line.get(usize::from(quoted)..).unwrap_or_default()
}

/// `From jane@example.org Wed Nov 25 10:00:00 2026`, in the dialects of Thunderbird (`From - …`) and of web exports.
pub(super) fn is_separator(line: &[u8]) -> bool {
    let Some(rest) = line.strip_prefix(b"From ").filter(|l| l.len() <= 1000) else { return false };
    let text = String::from_utf8_lossy(rest);
    let words: Vec<&str> = text.split_whitespace().collect();
    let any =
        |list: &[&str]| words.iter().any(|w| list.iter().any(|l| w.trim_end_matches(',').eq_ignore_ascii_case(l)));
    let time = |w: &&str| {
        let mut parts = w.split(':');
        let two =
            |p: Option<&str>| p.is_some_and(|p| matches!(p.len(), 1 | 2) && p.bytes().all(|b| b.is_ascii_digit()));
        two(parts.next()) && two(parts.next())
    };
    any(&["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
        && any(&["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"])
        && words.iter().any(time)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    const A: &str = "From a@example.org Wed Nov 25 10:00:00 2026\n";

    #[track_caller]
    fn case(file: &str, want: &[&str]) {
        for (file, crlf) in [(file.to_owned(), false), (file.replace('\n', "\r\n"), true)] {
            let mut mbox = Mbox::new(Cursor::new(file.as_bytes()), 0).unwrap();
            let mut got = Vec::new();
            while let Some(p) = mbox.next_message().unwrap() {
                got.push(String::from_utf8(p.bytes).unwrap());
            }
            let want: Vec<String> =
                want.iter().map(|w| if crlf { w.replace('\n', "\r\n") } else { (*w).to_owned() }).collect();
            assert_eq!(got, want);
        }
    }

    #[test]
    fn messages_are_told_apart() {
        case("", &[]);
        case(&format!("{A}S: 1\n\none\n\n{A}S: 2\n\ntwo\n"), &["S: 1\n\none\n", "S: 2\n\ntwo\n"]);
        case(&format!("{A}S: 1\n\n>From here\n>>From there\n> From\n"), &["S: 1\n\nFrom here\n>From there\n> From\n"]);
        // Text that only begins alike; a separator without an empty line before it.
        case(&format!("{A}S: 1\n\none\n\nFrom now on\n"), &["S: 1\n\none\n\nFrom now on\n"]);
        case(&format!("{A}S: 1\n\none\n{A}x\n"), &[&format!("S: 1\n\none\n{A}x\n")]);
        // Cut off, empty, and without a first separator.
        case(&format!("{A}S: 1\n\non"), &["S: 1\n\non"]);
        case(&format!("{A}\n{A}S: 2\n"), &["\n", "S: 2\n"]);
        case("S: 1\n\none\n", &["S: 1\n\none\n"]);
    }

    #[test]
    fn separators_of_many_programs() {
        for line in [
            "From - Fri Jun  9 23:17:54 2006",
            "From MAILER-DAEMON Fri Apr 10 11:22:33 2026",
            "From 1790000000000000000@xxx Mon Jan 05 09:00:00 +0000 2026",
            "From a@example.org Mon, 5 Jan 2026 9:00 +0100",
        ] {
            assert!(is_separator(line.as_bytes()), "{line}");
        }
        for line in ["From Monday on we meet at 10:00", "From now", "From: a@example.org", "From Jan on, 10:00"] {
            assert!(!is_separator(line.as_bytes()), "{line}");
        }
    }

    #[test]
    fn a_huge_message_is_counted_and_not_held() {
        let file = format!("{A}S: 1\n\n{}\n\n{A}S: 2\n", "x".repeat(1 << 20));
        let mut mbox = Mbox::new(Cursor::new(file.as_bytes()), 0).unwrap().capped(100_000);
        let first = mbox.next_message().unwrap().unwrap();
        assert!(first.bytes.len() <= 100_000 && first.size > 1 << 20);
        let second = mbox.next_message().unwrap().unwrap();
        assert_eq!(second.bytes, b"S: 2\n");
        assert!(file[second.offset as usize..].starts_with(A));
    }

    proptest! {
        #[test]
        fn nothing_is_lost_between_separators(bodies in proptest::collection::vec("[a-z >\n]{0,40}", 1..5)) {
            let mut file = String::new();
            for b in &bodies {
                let quoted: String = b.split_inclusive('\n').map(|l| if l.trim_start_matches('>').starts_with("From ") { format!(">{l}") } else { l.to_owned() }).collect();
                file.push_str(&format!("{A}S: x\n\n{quoted}\n\n"));
            }
            let mut mbox = Mbox::new(Cursor::new(file.as_bytes()), 0).unwrap();
            let mut n = 0;
            while let Some(p) = mbox.next_message().unwrap() {
                prop_assert_eq!(String::from_utf8(p.bytes).unwrap(), format!("S: x\n\n{}\n", bodies[n]));
                n += 1;
            }
            prop_assert_eq!(n, bodies.len());
        }
    }
}
