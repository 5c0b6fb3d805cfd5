//! A server that says what it is told to: for everything a real one does not do on request. One thread a connection.
use std::io::{BufRead, BufReader, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What is done when a line comes in that holds the rule's word. In texts `TAG` stands for the line's first word.
#[derive(Clone)]
pub enum Do {
    Say(String),
    /// Says it, then hangs up.
    SayAndLeave(String),
    /// The same piece, again and again, until the other side has enough.
    Flood(String, Vec<u8>),
    /// Byte by byte, with a pause before each.
    Drip(String, Duration),
    Nothing,
}

pub fn say(text: &str) -> Do {
    Do::Say(text.to_owned())
}

pub struct Scripted {
    pub port: u16,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// The first rule whose word a line holds is done; a line without a rule is answered `TAG OK done`.
    pub fn start(greeting: &str, rules: Vec<(&'static str, Do)>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard: Arc<Mutex<Vec<String>>> = Arc::default();
        let (greeting, log) = (greeting.to_owned(), heard.clone());
        // Ends with the test's process: a listener without a client costs nothing.
        std::thread::spawn(move || {
            for tcp in listener.incoming().flatten() {
                let (greeting, rules, log) = (greeting.clone(), rules.clone(), log.clone());
                std::thread::spawn(move || serve(tcp, &greeting, &rules, &log));
            }
        });
        Scripted { port, heard }
    }

    /// Every line that was said to it, over all connections.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }
}

/// The other side may leave at any time; that ends the connection and nothing else.
fn serve(mut tcp: TcpStream, greeting: &str, rules: &[(&'static str, Do)], log: &Mutex<Vec<String>>) -> Option<()> {
    tcp.write_all(greeting.as_bytes()).ok()?;
    let mut lines = BufReader::new(tcp.try_clone().ok()?);
    loop {
        let mut line = Vec::new();
        if lines.read_until(b'\n', &mut line).ok()? == 0 {
            return None;
        }
        let line = String::from_utf8_lossy(&line).trim_end().to_owned();
        log.lock().unwrap().push(line.clone());
        let tag = line.split(' ').next().unwrap_or_default();
        let rule = rules.iter().find(|(word, _)| line.contains(word));
        let done = rule.map_or_else(|| say("TAG OK done\r\n"), |(_, d)| d.clone());
        act(&mut tcp, tag, &done)?;
    }
}

fn act(tcp: &mut TcpStream, tag: &str, done: &Do) -> Option<()> {
    let tagged = |text: &str| text.replace("TAG", tag).into_bytes();
    match done {
        Do::Say(text) => tcp.write_all(&tagged(text)).ok(),
        Do::SayAndLeave(text) => {
            tcp.write_all(&tagged(text)).ok()?;
            tcp.shutdown(Shutdown::Both).ok()?;
            None
        }
        Do::Flood(first, piece) => {
            tcp.write_all(&tagged(first)).ok()?;
            loop {
                tcp.write_all(piece).ok()?;
            }
        }
        Do::Drip(text, pause) => {
            for byte in tagged(text) {
                std::thread::sleep(*pause);
                tcp.write_all(&[byte]).ok()?;
            }
            Some(())
        }
        Do::Nothing => Some(()),
    }
}
