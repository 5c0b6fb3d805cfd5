//! What may be said to a server.
//!
//! thankd is read-only towards the mailbox, and a promise that depends on nobody ever writing the wrong call is none. So
//! every byte to the server passes here, whoever wrote it: one command at a time, of a short list in which nothing can
//! delete, move, copy or mark a mail. APPEND is on it, to INBOX only.

/// A command that is not said.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("refused to say {0} to the server")]
pub(super) struct Forbidden(String);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Command,
    /// The lines of a SASL exchange, until the tagged answer.
    Sasl,
    /// So many bytes of a literal, then the rest of the command's line.
    Literal(u64),
    RestOfLine,
    /// The tagged answer.
    Answer,
}

#[derive(Debug)]
pub(super) struct Outgoing {
    expect: Expect,
    line: Vec<u8>,
    literal_done: bool,
}

const ALLOWED: [&str; 13] = [
    "CAPABILITY",
    "NOOP",
    "LOGOUT",
    "ID",
    "STARTTLS",
    "LOGIN",
    "AUTHENTICATE",
    "LIST",
    "LSUB",
    "STATUS",
    "EXAMINE",
    "IDLE",
    "UNSELECT",
];

impl Outgoing {
    pub(super) fn new() -> Self {
        Outgoing { expect: Expect::Command, line: Vec::new(), literal_done: false }
    }

    /// The tagged answer came: another command may be said.
    pub(super) fn answered(&mut self) {
        self.expect = Expect::Command;
    }

    /// Was a literal said to its last byte since the last command began?
    pub(super) fn literal_done(&self) -> bool {
        self.literal_done
    }

    /// Looks at bytes before they are sent. An error means that none of them may be.
    pub(super) fn check(&mut self, bytes: &[u8]) -> Result<(), Forbidden> {
        for &b in bytes {
            if let Expect::Literal(left) = self.expect {
                self.literal_done = left <= 1;
                self.expect = if left <= 1 { Expect::RestOfLine } else { Expect::Literal(left - 1) };
                continue;
            }
            self.line.push(b);
            if b == b'\n' {
                let line = std::mem::take(&mut self.line);
                self.expect = self.after(&line)?;
            }
        }
        Ok(())
    }

    fn after(&mut self, line: &[u8]) -> Result<Expect, Forbidden> {
        match self.expect {
            Expect::Command => {
                self.literal_done = false;
                judge(line)
            }
            Expect::Sasl => Ok(Expect::Sasl),
            Expect::Literal(_) | Expect::RestOfLine => Ok(after_line(line)),
            Expect::Answer => Err(Forbidden("two commands at once".to_owned())),
        }
    }
}

fn judge(line: &[u8]) -> Result<Expect, Forbidden> {
    let text = line.strip_suffix(b"\r\n").ok_or_else(|| Forbidden("a line without CRLF".to_owned()))?;
    let text = std::str::from_utf8(text).map_err(|_| Forbidden("a line that is not text".to_owned()))?;
    let mut words = text.splitn(3, ' ');
    let (_tag, verb, rest) = (words.next(), words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let verb = verb.to_ascii_uppercase();
    let upper = rest.to_ascii_uppercase();
    let fine = match verb.as_str() {
        "UID" => upper.starts_with("SEARCH ") || (upper.starts_with("FETCH ") && only_peeks(&upper)),
        "APPEND" => upper.starts_with("\"INBOX\" (") && !upper.contains("DELETED"),
        v => ALLOWED.contains(&v),
    };
    if !fine || text.contains(['\0', '\r']) {
        return Err(Forbidden(verb));
    }
    if verb == "AUTHENTICATE" {
        return Ok(Expect::Sasl);
    }
    Ok(after_line(line))
}

/// `BODY[` and the old `RFC822` would mark a mail as seen where the folder is not opened read-only.
fn only_peeks(upper: &str) -> bool {
    !upper.replace("BODY.PEEK[", "").contains("BODY[") && !upper.replace("RFC822.SIZE", "").contains("RFC822")
}

fn after_line(line: &[u8]) -> Expect {
    match literal_at_end(line) {
        None => Expect::Answer,
        Some(0) => Expect::RestOfLine,
        Some(n) => Expect::Literal(n),
    }
}

fn literal_at_end(line: &[u8]) -> Option<u64> {
    let line = line.strip_suffix(b"}\r\n")?;
    let open = memchr::memrchr(b'{', line)?;
    std::str::from_utf8(line.get(open + 1..)?).ok()?.trim_end_matches('+').parse().ok()
}

/// An argument as a quoted string (RFC 3501 §4.3); `None` if it holds what no quoted string can.
pub(super) fn quote(argument: &str) -> Option<String> {
    if argument.contains(['\r', '\n', '\0']) {
        return None;
    }
    Some(format!("\"{}\"", argument.replace('\\', "\\\\").replace('"', "\\\"")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn case(line: &str, allowed: bool) {
        assert_eq!(Outgoing::new().check(format!("{line}\r\n").as_bytes()).is_ok(), allowed, "{line}");
    }

    #[test]
    fn only_reading_is_said() {
        for line in [
            "a1 NOOP",
            "a1 EXAMINE \"INBOX\"",
            "a1 UID SEARCH UID 1:*",
            "a1 UID FETCH 1 (UID RFC822.SIZE BODY.PEEK[]<0.5>)",
        ] {
            case(line, true);
        }
        for line in
            ["a1 LOGIN \"me\" \"DELETE EXPUNGE\"", "a1 APPEND \"INBOX\" () {5}", "a1 LIST \"\" \"*\"", "a1 LOGOUT"]
        {
            case(line, true);
        }
        for line in [
            "a1 EXPUNGE",
            "a1 uid expunge 1",
            "a1 UID STORE 1 +FLAGS (\\Deleted)",
            "a1 STORE 1 FLAGS ()",
            "a1 DELETE x",
        ] {
            case(line, false);
        }
        for line in [
            "a1 CLOSE",
            "a1 COPY 1 x",
            "a1 UID COPY 1 x",
            "a1 UID MOVE 1 x",
            "a1 MOVE 1 x",
            "a1 SELECT INBOX",
            "a1 RENAME a b",
        ] {
            case(line, false);
        }
        for line in [
            "a1 UID FETCH 1 (BODY[])",
            "a1 UID FETCH 1 RFC822",
            "a1 APPEND \"Sent\" () {5}",
            "a1 APPEND \"INBOX\" (\\Deleted) {5}",
            "",
            "x",
        ] {
            case(line, false);
        }
    }

    #[test]
    fn one_command_at_a_time() {
        let mut out = Outgoing::new();
        assert!(out.check(b"a1 NOOP\r\na2 LOGOUT\r\n").is_err());
        let mut out = Outgoing::new();
        assert!(out.check(b"a1 UID SEARCH UID 1\r\n").is_ok());
        assert!(out.check(b"a2 NOOP\r\n").is_err(), "the answer to the first is still to come");
        let mut out = Outgoing::new();
        assert!(out.check(b"a1 NOOP\r\n").is_ok());
        out.answered();
        assert!(out.check(b"a2 NOOP\r\n").is_ok());
    }

    #[test]
    fn a_literal_is_no_command() {
        let mut out = Outgoing::new();
        assert!(out.check(b"a1 APPEND \"INBOX\" () {12}\r\n").is_ok());
        assert!(out.check(b"a2 EXPUNGE\r").is_ok());
        assert!(!out.literal_done());
        assert!(out.check(b"\n").is_ok());
        assert!(out.literal_done());
        assert!(out.check(b"\r\n").is_ok());
        assert!(out.check(b"a2 NOOP\r\n").is_err());
    }

    proptest! {
        #[test]
        fn no_argument_makes_a_second_command(argument in any::<String>()) {
            if let Some(quoted) = quote(&argument) {
                let mut out = Outgoing::new();
                let line = format!("a1 EXAMINE {quoted}\r\n");
                prop_assert!(out.check(line.as_bytes()).is_ok());
                prop_assert_eq!(line.matches('\n').count(), 1);
            }
        }
    }
}
