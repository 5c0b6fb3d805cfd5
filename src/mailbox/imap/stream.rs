//! The stream the `imap` crate is given: it sees tagged lines and continuations, in the plainest form there is.
//!
//! The crate parses every answer with a parser that panics, overflows or falls out of step on odd ones. So untagged
//! answers never reach it: they are laid on the *desk*, where our own reader takes them, and the tagged line is rewritten
//! to `tag OK .`. What is left to the crate is tags, LOGIN, AUTHENTICATE, APPEND and LOGOUT, over a stream that cannot
//! surprise it.
use super::answer::{Status, Word};
use super::guard::{Caps, Guard, Logical, Unit};
use super::outgoing::Outgoing;
use super::wire::Wire;
use crate::net::Veil;
use std::io::{self, Read, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

const NOTICES: usize = 20;

/// What one command brought.
#[derive(Debug)]
pub(super) struct Desk {
    guard: Guard,
    outgoing: Outgoing,
    pub answers: Vec<Logical>,
    /// The tagged answer as the server wrote it.
    pub status: Option<Status>,
    /// For the owner, over the life of the session.
    pub notices: Vec<String>,
    pub bye: Option<Status>,
    /// Why the server is listened to no longer.
    pub refusal: Option<String>,
    /// Over everything the server says once it was told the secret.
    pub veil: Veil,
}

/// Shared by the stream inside the crate and the session around it; both live in one thread.
#[derive(Debug, Clone)]
pub(super) struct Shared(Arc<Mutex<Desk>>);

impl Shared {
    fn new() -> Self {
        Shared(Arc::new(Mutex::new(Desk {
            guard: Guard::new(),
            outgoing: Outgoing::new(),
            answers: Vec::new(),
            status: None,
            notices: Vec::new(),
            bye: None,
            refusal: None,
            veil: Veil::default(),
        })))
    }
    pub(super) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// Clears the desk for a new command.
    pub(super) fn begin(&mut self, caps: Caps) {
        self.guard.begin(caps);
        self.answers.clear();
        self.status = None;
    }

    /// Was a literal said to the last byte, so that the server may have acted on it?
    pub(super) fn literal_done(&self) -> bool {
        self.outgoing.literal_done()
    }

    fn refuse(&mut self, why: String) -> io::Error {
        let e = io::Error::other(why.clone());
        self.refusal = Some(why);
        e
    }

    fn untagged(&mut self, answer: Logical) {
        if let Some(status) = self.status_of(answer.text.get(2..).unwrap_or_default()) {
            let worth_telling = matches!(status.word, Word::No | Word::Bad) || status.code == "ALERT";
            if worth_telling {
                self.notice(status.said());
            }
            if status.word == Word::Bye {
                self.bye = Some(status);
            }
        }
        self.answers.push(answer);
    }

    /// What stands after `* ` or the tag, its words without the secret. Codes' arguments are numbers and names that are
    /// read, never told.
    fn status_of(&self, line: &[u8]) -> Option<Status> {
        let status = Status::parse(line)?;
        let said = String::from_utf8_lossy(line);
        let (word, rest) = said.trim().split_once(' ').unwrap_or_default();
        let veiled = self.veil.over(rest);
        if veiled == rest {
            return Some(status);
        }
        let told = Status::parse(format!("{word} {veiled}").as_bytes())?;
        Some(Status { argument: status.argument, ..told })
    }

    fn notice(&mut self, said: String) {
        if self.notices.len() < NOTICES && !self.notices.contains(&said) {
            self.notices.push(said);
        }
    }

    /// The tagged line as the crate shall see it.
    fn tagged(&mut self, line: &[u8]) -> Result<String, io::Error> {
        let text = String::from_utf8_lossy(line);
        let (tag, rest) = text.trim().split_once(' ').unwrap_or_default();
        let fine = (1..=32).contains(&tag.len()) && tag.bytes().all(|b| b.is_ascii_alphanumeric());
        let Some(status) = self.status_of(rest.as_bytes()).filter(|_| fine) else {
            return Err(self.refuse("a line is no IMAP answer".to_owned()));
        };
        let word = match status.word {
            Word::Ok => "OK",
            Word::No | Word::Bye | Word::Preauth => "NO",
            Word::Bad => "BAD",
        };
        if status.code == "ALERT" {
            self.notice(status.said());
        }
        self.status = Some(status);
        self.outgoing.answered();
        Ok(format!("{tag} {word} .\r\n"))
    }

    /// Sorts what came; the lines for the crate, and whether anything stood after a tagged answer.
    fn sort(&mut self, bytes: &[u8]) -> io::Result<(Vec<u8>, bool)> {
        let mut units = Vec::new();
        if let Err(refusal) = self.guard.feed(bytes, &mut units) {
            return Err(self.refuse(refusal.to_string()));
        }
        let (mut lines, mut done, mut after) = (Vec::new(), false, false);
        for unit in units {
            after |= done;
            match unit {
                Unit::Untagged(answer) => self.untagged(answer),
                Unit::Continue(line) => lines.extend(continuation(&line)),
                Unit::Tagged(line) => {
                    lines.extend(self.tagged(&line)?.into_bytes());
                    done = true;
                }
            }
        }
        Ok((lines, after || (done && !self.guard.at_rest())))
    }
}

/// `+ base64`, or `+ ` for anything else a server may write there ("+ go ahead").
fn continuation(line: &[u8]) -> Vec<u8> {
    let text = line.get(1..).unwrap_or_default().trim_ascii();
    let base64 = text.len() % 4 == 0 && text.iter().all(|b| b.is_ascii_alphanumeric() || b"+/=".contains(b));
    let text = if base64 { text } else { b"" };
    [b"+ ", text, b"\r\n"].concat()
}

/// The wire under guard. Debug shows nothing that was said.
pub(super) struct GuardedStream {
    wire: Wire,
    shared: Shared,
    ready: Vec<u8>,
    read: usize,
    number: u32,
}

impl std::fmt::Debug for GuardedStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("GuardedStream")
    }
}

impl GuardedStream {
    pub(super) fn new(wire: Wire) -> Self {
        GuardedStream { wire, shared: Shared::new(), ready: Vec::new(), read: 0, number: 0 }
    }
    pub(super) fn shared(&self) -> Shared {
        self.shared.clone()
    }
    pub(super) fn into_wire(self) -> Wire {
        self.wire
    }

    /// Reads once; false at the end of the stream. The second: did anything stand after a tagged answer?
    fn pump(&mut self) -> io::Result<(bool, bool)> {
        let mut piece = [0u8; 16 << 10];
        let n = self.wire.read(&mut piece)?;
        let (lines, after) = self.shared.desk().sort(piece.get(..n).unwrap_or_default())?;
        if self.read == self.ready.len() {
            self.ready.clear();
            self.read = 0;
        }
        self.ready.extend(lines);
        Ok((n > 0, after))
    }

    /// The server's first word.
    pub(super) fn greeting(&mut self) -> io::Result<Status> {
        loop {
            let first = self.shared.desk().answers.first().map(|a| a.text.clone());
            if let Some(text) = first {
                let status = Status::parse(text.get(2..).unwrap_or_default());
                return status.ok_or_else(|| io::Error::other("the server does not greet as IMAP does"));
            }
            if !self.ready.is_empty() {
                return Err(io::Error::other("the server does not greet as IMAP does"));
            }
            if !self.pump()?.0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }

    /// A command of our own, before the crate takes over: the tagged answer, and whether anything stood after it.
    pub(super) fn exchange(&mut self, command: &str) -> io::Result<(Status, bool)> {
        self.number += 1;
        self.shared.desk().begin(Caps::PLAIN);
        let line = format!("t{} {command}\r\n", self.number);
        self.write_all(line.as_bytes())?;
        self.flush()?;
        loop {
            let (open, after) = self.pump()?;
            let status = self.shared.desk().status.clone();
            if let Some(status) = status {
                self.ready.clear();
                self.read = 0;
                return Ok((status, after));
            }
            if !open {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

impl Read for GuardedStream {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        while self.read >= self.ready.len() {
            if !self.pump()?.0 {
                return Ok(0);
            }
        }
        let rest = self.ready.get(self.read..).unwrap_or_default();
        let n = rest.len().min(into.len());
        for (to, from) in into.iter_mut().zip(rest) {
            *to = *from;
        }
        self.read += n;
        Ok(n)
    }
}

impl Write for GuardedStream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.shared.desk().outgoing.check(bytes).map_err(|e| io::Error::new(io::ErrorKind::InvalidInput, e))?;
        // Checked once, so it must go out whole: a part would be checked again as something new.
        self.wire.write_all(bytes)?;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        self.wire.flush()
    }
}
