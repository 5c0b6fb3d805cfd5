//! The line to an SMTP server, with the TLS made here and not by the library.
//!
//! lettre's STARTTLS keeps what was buffered before the handshake, so that a man in the middle could put words behind
//! "220 go ahead" that would pass for the server's own; and when a connection breaks it does not say how far the mail had
//! come. So the socket is upgraded here, where bytes too many end it, and the stream handed to lettre notes the moment
//! the final dot is offered: before it, a mail is certainly not sent.
use super::OutboxError;
use crate::net::{self, Server, Tls};
use lettre::transport::smtp::client::AsyncTokioStream;
use lettre::transport::smtp::extension::ClientId;
use rustls::pki_types::ServerName;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::TcpStream;
use tokio_rustls::{TlsConnector, client::TlsStream};

/// RFC 5321 §4.5.3.1.5 allows 512 octets a reply line; servers write more, none writes this much.
const LONGEST_LINE: usize = 4 << 10;
/// A whole reply. What EHLO brings is below 2 KB everywhere.
const LONGEST_REPLY: usize = 16 << 10;
/// lettre parses the whole reply anew at each line.
const MOST_LINES: usize = 200;

/// Counts what the server says since we last said something: a line or a reply without an end must not fill the memory.
#[derive(Debug, Default)]
struct Meter {
    line: usize,
    lines: usize,
    reply: usize,
}

impl Meter {
    fn heard(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.reply += bytes.len();
        for piece in bytes.split_inclusive(|&b| b == b'\n') {
            self.line += piece.len();
            if self.line > LONGEST_LINE {
                return Err(io::Error::other(format!("a line of its answer is longer than {LONGEST_LINE} bytes")));
            }
            if piece.ends_with(b"\n") {
                self.line = 0;
                self.lines += 1;
            }
        }
        if self.reply > LONGEST_REPLY || self.lines > MOST_LINES {
            let most = format!("its answer is longer than {LONGEST_REPLY} bytes or {MOST_LINES} lines");
            return Err(io::Error::other(most));
        }
        Ok(())
    }
}

/// How far an attempt has come; outlives it, whatever becomes of it.
#[derive(Debug, Default)]
pub(super) struct Progress {
    dot: AtomicBool,
    step: Mutex<&'static str>,
}

impl Progress {
    /// Was the final dot offered to the socket? Then the server may have taken the mail.
    pub(super) fn past_the_dot(&self) -> bool {
        self.dot.load(Ordering::SeqCst)
    }
    pub(super) fn step(&self) -> &'static str {
        *self.step.lock().unwrap_or_else(PoisonError::into_inner)
    }
    pub(super) fn enter(&self, step: &'static str) {
        *self.step.lock().unwrap_or_else(PoisonError::into_inner) = step;
    }
}

#[derive(Debug)]
enum Inner {
    Clear(TcpStream),
    Tls(Box<TlsStream<TcpStream>>),
}

/// What lettre reads from and writes to.
#[derive(Debug)]
pub(super) struct Line {
    inner: Inner,
    /// Read before anything else: lettre wants a greeting, and after STARTTLS there is none.
    greeting: &'static [u8],
    progress: Arc<Progress>,
    meter: Meter,
}

impl Line {
    /// Connects and, unless the line is clear by choice, encrypts it.
    pub(super) async fn open(server: &Server, progress: Arc<Progress>) -> Result<Self, OutboxError> {
        let name = server.to_string();
        progress.enter("connect");
        let refused = |why| OutboxError::Connect { server: name.clone(), why };
        let tcp = net::connect(server).await.map_err(refused)?;
        let (inner, greeting) = match server.tls {
            Tls::None => (Inner::Clear(tcp), &b""[..]),
            Tls::Implicit => (encrypt(tcp, server).await?, &b""[..]),
            Tls::Starttls => {
                progress.enter("STARTTLS");
                let tcp = ask_for_tls(tcp, &name).await?;
                (encrypt(tcp, server).await?, &b"220 encrypted\r\n"[..])
            }
        };
        Ok(Line { inner, greeting, progress, meter: Meter::default() })
    }
}

async fn encrypt(tcp: TcpStream, server: &Server) -> Result<Inner, OutboxError> {
    let bad = |why: String| OutboxError::Tls { server: server.to_string(), why };
    let ca = server.tls_ca.clone();
    let config = tokio::task::spawn_blocking(move || net::client_config(ca.as_deref())).await;
    let config = config.map_err(|e| bad(e.to_string()))??;
    let host = ServerName::try_from(server.host.clone()).map_err(|e| bad(e.to_string()))?;
    let tls = TlsConnector::from(config).connect(host, tcp).await.map_err(|e| bad(e.to_string()))?;
    Ok(Inner::Tls(Box::new(tls)))
}

/// Greeting, EHLO, STARTTLS: nothing else is said in clear (RFC 3207).
async fn ask_for_tls(mut tcp: TcpStream, server: &str) -> Result<TcpStream, OutboxError> {
    let lost = |e: io::Error| OutboxError::Lost { server: server.to_owned(), step: "STARTTLS", why: e.to_string() };
    let bad = |why: String| OutboxError::Starttls { server: server.to_owned(), why };
    let greeting = reply(&mut tcp).await.map_err(lost)?;
    if !greeting.starts_with("220") {
        let said = super::error::cleaned(&greeting);
        return Err(OutboxError::Later { server: server.to_owned(), step: "greeting", said });
    }
    tcp.write_all(format!("EHLO {}\r\n", ClientId::default()).as_bytes()).await.map_err(lost)?;
    let offers = reply(&mut tcp).await.map_err(lost)?;
    if !offers.lines().any(|l| l.get(4..).is_some_and(|w| w.trim().eq_ignore_ascii_case("STARTTLS"))) {
        return Err(bad("the server does not offer it".to_owned()));
    }
    tcp.write_all(b"STARTTLS\r\n").await.map_err(lost)?;
    let go = reply(&mut tcp).await.map_err(lost)?;
    match go.split_once('\n') {
        Some((line, "")) if line.starts_with("220") => Ok(tcp),
        Some((line, "")) => Err(bad(format!("the server refused ({})", super::error::cleaned(line)))),
        _ => Err(bad("somebody put words behind the server's answer".to_owned())),
    }
}

/// Everything up to the last line of a reply, and whatever came behind it in the same packet.
async fn reply(tcp: &mut TcpStream) -> io::Result<String> {
    let (mut all, mut meter) = (Vec::new(), Meter::default());
    let mut piece = [0u8; 4096];
    loop {
        let n = tcp.read(&mut piece).await?;
        if n == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let piece = piece.get(..n).unwrap_or_default();
        meter.heard(piece)?;
        all.extend_from_slice(piece);
        let last = |line: &[u8]| line.ends_with(b"\n") && line.get(3) != Some(&b'-');
        if all.split_inclusive(|&b| b == b'\n').any(last) {
            return Ok(String::from_utf8_lossy(&all).into_owned());
        }
    }
}

impl AsyncTokioStream for Line {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        match &self.inner {
            Inner::Clear(tcp) => tcp.peer_addr(),
            Inner::Tls(tls) => tls.get_ref().0.peer_addr(),
        }
    }
}

impl AsyncRead for Line {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        if !self.greeting.is_empty() {
            let n = self.greeting.len().min(into.remaining());
            let (now, later) = self.greeting.split_at(n);
            into.put_slice(now);
            self.greeting = later;
            return Poll::Ready(Ok(()));
        }
        let before = into.filled().len();
        let read = match &mut self.inner {
            Inner::Clear(tcp) => Pin::new(tcp).poll_read(cx, into),
            Inner::Tls(tls) => Pin::new(tls).poll_read(cx, into),
        };
        match read {
            Poll::Ready(Ok(())) => Poll::Ready(self.meter.heard(into.filled().get(before..).unwrap_or_default())),
            other => other,
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        // lettre writes the end of a mail by itself; in a mail these five bytes cannot stand, as its dots are doubled.
        if bytes == b"\r\n.\r\n" {
            self.progress.dot.store(true, Ordering::SeqCst);
        }
        self.meter = Meter::default();
        match &mut self.inner {
            Inner::Clear(tcp) => Pin::new(tcp).poll_write(cx, bytes),
            Inner::Tls(tls) => Pin::new(tls).poll_write(cx, bytes),
        }
    }
    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.inner {
            Inner::Clear(tcp) => Pin::new(tcp).poll_flush(cx),
            Inner::Tls(tls) => Pin::new(tls).poll_flush(cx),
        }
    }
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut self.inner {
            Inner::Clear(tcp) => Pin::new(tcp).poll_shutdown(cx),
            Inner::Tls(tls) => Pin::new(tls).poll_shutdown(cx),
        }
    }
}
