//! One logged-in connection: commands in, whole answers out. Nothing here knows why a folder is read.
//!
//! The order of opening is fixed: TLS, greeting, capabilities, login, capabilities again. On a clear line nothing but
//! STARTTLS is said, and whatever a man in the middle may have put behind the server's answer ends the connection.
use super::answer::{self, FetchItem, Listed, Status, Word};
use super::auth::{self, throttled};
use super::guard::{Caps, Logical};
use super::outgoing::quote;
use super::stream::{GuardedStream, Shared};
use super::wire::{Control, Socket, Wire};
use crate::mailbox::{Fault, Folder};
use crate::net::{Credential, Tls};
use rustls::ClientConfig;
use std::io::ErrorKind;
use std::net::TcpStream;
use std::sync::Arc;
use std::time::Duration;

/// What opening a session takes.
pub(super) struct Opening<'a> {
    pub tcp: TcpStream,
    pub control: Arc<Control>,
    pub host: &'a str,
    pub tls: Tls,
    pub config: Option<Arc<ClientConfig>>,
    pub user: &'a str,
    pub credential: &'a Credential,
    pub timeout: Duration,
}

/// A folder as EXAMINE described it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Selected {
    pub path: Vec<u8>,
    pub uidvalidity: u64,
    pub uid_next: Option<u64>,
    pub exists: u64,
    /// Something came or went since EXAMINE, so that its numbers no longer hold.
    pub stirred: bool,
}

#[derive(Debug)]
pub(super) struct Session {
    inner: auth::Inner,
    shared: Shared,
    control: Arc<Control>,
    capabilities: Vec<String>,
    timeout: Duration,
    pub selected: Option<Selected>,
}

impl Session {
    pub(super) fn open(o: Opening<'_>) -> Result<Self, Fault> {
        o.control.allow(o.timeout.min(Duration::from_secs(60)));
        let (stream, greeted) = secure_line(&o)?;
        let shared = stream.shared();
        let mut stream = stream;
        let known = Some(greeted).filter(|s| s.code == "CAPABILITY").map(|s| words(&s.argument));
        let capabilities = match known {
            Some(words) => words,
            None => ask_capabilities(&mut stream, &o.control)?,
        };
        let mut client = imap::Client::new(stream);
        client.greeting_read = true;
        shared.desk().begin(Caps::PLAIN);
        let inner = auth::log_in(client, &shared, &capabilities, o.user, o.credential)
            .map_err(|f| if o.control.stopped() { Fault::Stopped } else { f })?;
        let mut session =
            Session { inner, shared, control: o.control, capabilities: Vec::new(), timeout: o.timeout, selected: None };
        session.after_login()?;
        Ok(session)
    }

    /// What a server offers may change with TLS and with login; nothing of before is believed.
    fn after_login(&mut self) -> Result<(), Fault> {
        let told = self.shared.desk().status.clone().filter(|s| s.code == "CAPABILITY");
        self.capabilities = match told {
            Some(status) => words(&status.argument),
            None => self.run("CAPABILITY", Caps::PLAIN)?.iter().find_map(answer::capabilities).unwrap_or_default(),
        };
        if self.has("ID") {
            self.run(concat!("ID (\"name\" \"thankd\" \"version\" \"", env!("CARGO_PKG_VERSION"), "\")"), Caps::PLAIN)?;
        }
        Ok(())
    }

    pub(super) fn has(&self, capability: &str) -> bool {
        self.capabilities.iter().any(|c| c == capability)
    }

    /// What the server wanted to be known since the last call.
    pub(super) fn notices(&mut self) -> Vec<String> {
        std::mem::take(&mut self.shared.desk().notices)
    }

    /// Runs a command to its tagged OK; the untagged answers on the way.
    fn run(&mut self, command: &str, caps: Caps) -> Result<Vec<Logical>, Fault> {
        self.run_within(command, caps, self.timeout)
    }

    fn run_within(&mut self, command: &str, caps: Caps, time: Duration) -> Result<Vec<Logical>, Fault> {
        self.shared.desk().begin(caps);
        self.control.allow(time);
        let done = self.inner.run_command_and_read_response(command);
        let answers = std::mem::take(&mut self.shared.desk().answers);
        self.note_changes(&answers);
        match done {
            Ok(_) => Ok(answers),
            Err(e) => Err(self.fault(command, &e, time)),
        }
    }

    fn fault(&self, command: &str, e: &imap::Error, time: Duration) -> Fault {
        let verb =
            command.split(' ').take(if command.starts_with("UID ") { 2 } else { 1 }).collect::<Vec<_>>().join(" ");
        if self.control.stopped() {
            return Fault::Stopped;
        }
        let timed_out = matches!(e, imap::Error::Io(io) if io.kind() == ErrorKind::TimedOut);
        if timed_out {
            return Fault::Timeout { command: verb, after: time };
        }
        let refused = matches!(e, imap::Error::No(_) | imap::Error::Bad(_));
        let status = self.shared.desk().status.clone().filter(|_| refused);
        match status {
            Some(s) => throttled(&s).unwrap_or_else(|| Fault::Refused { command: verb, said: s.said() }),
            None => lost(&verb, e, &self.shared),
        }
    }

    /// New and removed messages are told at any time (RFC 3501 §7).
    fn note_changes(&mut self, answers: &[Logical]) {
        let Some(selected) = &mut self.selected else { return };
        for (n, word) in answers.iter().filter_map(answer::count) {
            match word.as_str() {
                "EXISTS" => {
                    selected.stirred |= selected.exists != n;
                    selected.exists = n;
                }
                "EXPUNGE" => selected.exists = selected.exists.saturating_sub(1),
                _ => {}
            }
        }
    }

    /// Opens the folder for reading only; costs a NOOP if it is open already.
    pub(super) fn examine(&mut self, folder: &Folder) -> Result<Selected, Fault> {
        let open = self.selected.as_ref().is_some_and(|s| s.path == folder.path && !s.stirred);
        if open {
            self.run("NOOP", Caps::PLAIN)?;
            if let Some(selected) = self.selected.clone().filter(|s| !s.stirred) {
                return Ok(selected);
            }
        }
        self.selected = None;
        let name = argument(&folder.path)?;
        let answers = self.run(&format!("EXAMINE {name}"), Caps::PLAIN).map_err(|f| match f {
            Fault::Refused { said, .. } => Fault::NoFolder(said),
            other => other,
        })?;
        let selected = described(&folder.path, &answers)?;
        self.selected = Some(selected.clone());
        Ok(selected)
    }

    /// The UIDs that fit, ascending.
    pub(super) fn search(&mut self, criteria: &str) -> Result<Vec<u32>, Fault> {
        let answers = self.run(&format!("UID SEARCH {criteria}"), Caps::SEARCH)?;
        let mut uids: Vec<u32> = answers.iter().filter_map(answer::search).flatten().collect();
        uids.sort_unstable();
        uids.dedup();
        Ok(uids)
    }

    /// The items that could be read, and whether some could not. A tagged NO is a partial answer (RFC 3501 §6.4.5: "can't
    /// fetch that data"), so what came before it counts.
    pub(super) fn fetch(&mut self, set: &str, items: &str, caps: Caps, time: Duration) -> Result<Items, Fault> {
        let command = format!("UID FETCH {set} {items}");
        self.shared.desk().begin(caps);
        self.control.allow(time.max(self.timeout));
        let done = self.inner.run_command_and_read_response(&command);
        let answers = std::mem::take(&mut self.shared.desk().answers);
        self.note_changes(&answers);
        let refused = match done {
            Ok(_) => false,
            Err(e) => match self.fault(&command, &e, time.max(self.timeout)) {
                Fault::Refused { .. } => true,
                other => return Err(other),
            },
        };
        let read: Vec<Option<FetchItem>> = answers.into_iter().filter_map(answer::fetch).collect();
        let odd = refused || read.iter().any(Option::is_none);
        Ok(Items { read: read.into_iter().flatten().collect(), odd })
    }

    /// `word` is LIST or LSUB.
    pub(super) fn list(&mut self, word: &str) -> Result<Vec<Listed>, Fault> {
        let answers = self.run(&format!("{word} \"\" \"*\""), Caps { line: 64 << 10, ..Caps::SEARCH })?;
        Ok(answers.iter().filter_map(|a| answer::list(a, word)).collect())
    }

    /// Puts a message into INBOX; the second says whether an error came after all of it was sent.
    pub(super) fn append(&mut self, bytes: &[u8]) -> Result<(), (Fault, bool)> {
        self.shared.desk().begin(Caps::PLAIN);
        self.control.allow(self.timeout);
        let done = self.inner.append("INBOX", bytes).finish();
        let (status, sent) = {
            let desk = self.shared.desk();
            (desk.status.clone(), desk.literal_done())
        };
        match (done, status) {
            (_, Some(s)) if s.word == Word::Ok => Ok(()),
            (_, Some(s)) => {
                let refused = Fault::Refused { command: "APPEND".into(), said: s.said() };
                Err((throttled(&s).unwrap_or(refused), false))
            }
            (Err(e), None) => Err((self.fault("APPEND", &e, self.timeout), sent)),
            (Ok(_), None) => Err((Fault::Lost("APPEND was not answered".into()), sent)),
        }
    }

    /// Says goodbye and does not wait long for the answer.
    pub(super) fn close(mut self) {
        self.control.allow(Duration::from_secs(3));
        self.shared.desk().begin(Caps::PLAIN);
        // The session ends either way.
        let _ = self.inner.logout();
    }

    pub(super) fn control(&self) -> Arc<Control> {
        self.control.clone()
    }
}

/// The answer to a FETCH.
#[derive(Debug, Default)]
pub(super) struct Items {
    pub read: Vec<FetchItem>,
    /// An answer could not be read, or the server refused part of it.
    pub odd: bool,
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_ascii_uppercase).collect()
}

/// A folder's name as an argument. Names come from LIST only; one that is no text cannot be asked for.
fn argument(path: &[u8]) -> Result<String, Fault> {
    let name = std::str::from_utf8(path).ok().and_then(quote);
    name.ok_or_else(|| Fault::NoFolder("its name cannot be written in a command".into()))
}

/// An error that is not the server's refusal: what ended the stream?
pub(super) fn lost(command: &str, e: &imap::Error, shared: &Shared) -> Fault {
    let (refusal, bye) = {
        let desk = shared.desk();
        (desk.refusal.clone(), desk.bye.clone())
    };
    match (refusal, bye) {
        (Some(why), _) => Fault::Hostile(why),
        (None, Some(s)) => throttled(&s).unwrap_or_else(|| Fault::Bye(s.said())),
        (None, None) => match e {
            imap::Error::ConnectionLost => Fault::Lost(format!("the server hung up during {command}")),
            imap::Error::Io(io) if io.kind() == ErrorKind::InvalidInput => Fault::Panicked(io.to_string()),
            imap::Error::Io(io) if io.kind() == ErrorKind::TimedOut => {
                Fault::Timeout { command: command.to_owned(), after: Duration::from_secs(60) }
            }
            imap::Error::Io(io) => Fault::Lost(format!("{io}, during {command}")),
            other => Fault::Hostile(format!("{} to {command} out of step", answer::cleaned(&kind_of(other)))),
        },
    }
}

/// The crate's errors can hold mail text; only their kind is told.
fn kind_of(e: &imap::Error) -> String {
    let text = format!("{e:?}");
    text.split(['(', ' ', '{']).next().unwrap_or("answer").to_owned()
}

fn described(path: &[u8], answers: &[Logical]) -> Result<Selected, Fault> {
    let mut s = Selected { path: path.to_vec(), ..Selected::default() };
    for status in answers.iter().filter_map(|a| Status::parse(a.text.get(2..).unwrap_or_default())) {
        match status.code.as_str() {
            "UIDVALIDITY" => s.uidvalidity = status.argument.trim().parse().unwrap_or(0),
            "UIDNEXT" => s.uid_next = status.argument.trim().parse().ok(),
            "UIDNOTSTICKY" => {
                return Err(Fault::NoFolder("the server does not keep its numbers (UIDNOTSTICKY)".into()));
            }
            _ => {}
        }
    }
    let exists = answers.iter().filter_map(answer::count).rfind(|(_, word)| word == "EXISTS");
    // A count that cannot be read is not nought: the folder would be taken for empty.
    let Some((exists, _)) = exists else {
        return Err(Fault::NoFolder("the server does not say how many messages there are (EXISTS)".into()));
    };
    s.exists = exists;
    if s.uidvalidity == 0 {
        return Err(Fault::NoFolder("the server gives no UIDVALIDITY".into()));
    }
    Ok(s)
}

fn secure_line(o: &Opening<'_>) -> Result<(GuardedStream, Status), Fault> {
    let tcp = o.tcp.try_clone().map_err(|e| Fault::Lost(e.to_string()))?;
    let socket = Socket::new(tcp, o.control.clone());
    let config = || o.config.clone().ok_or_else(|| Fault::Tls("no configuration".into()));
    let mut stream = match o.tls {
        Tls::Implicit => GuardedStream::new(Wire::tls(socket, o.host, config()?)?),
        Tls::Starttls | Tls::None => GuardedStream::new(Wire::Clear(socket)),
    };
    let greeting = stream.greeting().map_err(|e| before_login(&e, &stream, &o.control, "the greeting"))?;
    match (greeting.word, o.tls) {
        (Word::Bye | Word::No | Word::Bad, _) => {
            Err(throttled(&greeting).unwrap_or_else(|| Fault::Bye(greeting.said())))
        }
        // Whose mailbox would this be? Nobody logged in.
        (Word::Preauth, Tls::Starttls) => Err(Fault::Starttls("the server says PREAUTH on a clear line".into())),
        (Word::Preauth, Tls::Implicit | Tls::None) => {
            Err(Fault::Hostile("the server says somebody is logged in already (PREAUTH)".into()))
        }
        (Word::Ok, Tls::Starttls) => upgrade(stream, o, config()?),
        (Word::Ok, Tls::Implicit | Tls::None) => Ok((stream, greeting)),
    }
}

/// STARTTLS or nothing (RFC 3501 §6.2.1; "Why TLS is better without STARTTLS", USENIX Security 2021).
fn upgrade(
    mut stream: GuardedStream,
    o: &Opening<'_>,
    config: Arc<ClientConfig>,
) -> Result<(GuardedStream, Status), Fault> {
    let (status, more) = stream.exchange("STARTTLS").map_err(|e| before_login(&e, &stream, &o.control, "STARTTLS"))?;
    if status.word != Word::Ok {
        return Err(Fault::Starttls(format!("the server refused ({})", status.said())));
    }
    if more {
        return Err(Fault::Starttls("somebody put words behind the server's answer".into()));
    }
    let Wire::Clear(socket) = stream.into_wire() else {
        return Err(Fault::Tls("the line is encrypted already".into()));
    };
    let stream = GuardedStream::new(Wire::tls(socket, o.host, config)?);
    // Whatever capabilities were told in clear are forgotten with their stream.
    Ok((stream, Status { word: Word::Ok, code: String::new(), argument: String::new(), text: String::new() }))
}

fn ask_capabilities(stream: &mut GuardedStream, control: &Control) -> Result<Vec<String>, Fault> {
    let (status, _) = stream.exchange("CAPABILITY").map_err(|e| before_login(&e, stream, control, "CAPABILITY"))?;
    if status.word != Word::Ok {
        return Err(Fault::Refused { command: "CAPABILITY".into(), said: status.said() });
    }
    let shared = stream.shared();
    let desk = shared.desk();
    Ok(desk.answers.iter().find_map(answer::capabilities).unwrap_or_default())
}

fn before_login(e: &std::io::Error, stream: &GuardedStream, control: &Control, step: &str) -> Fault {
    let timed_out = e.kind() == ErrorKind::TimedOut;
    match timed_out {
        _ if control.stopped() => Fault::Stopped,
        true => Fault::Timeout { command: step.to_owned(), after: Duration::from_secs(60) },
        false if e.kind() == ErrorKind::UnexpectedEof => Fault::Lost(format!("the server hung up during {step}")),
        false => lost(step, &imap::Error::Io(std::io::Error::new(e.kind(), e.to_string())), &stream.shared()),
    }
}
