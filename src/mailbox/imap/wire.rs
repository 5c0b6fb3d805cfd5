//! The socket below everything: blocking for whoever reads, and never blocked for longer than it should be.
//!
//! The `imap` crate reads in a thread and knows neither deadlines nor being called off. So the socket is non-blocking and
//! each wait is one poll(2) over {socket, eventfd} up to an *absolute* deadline: a server that sends a byte every ten
//! seconds does not win time, and writing to the eventfd ends the wait at once, from any task, without a signal, a
//! slice of polling, or a socket shut down under somebody's hands.
use crate::mailbox::Fault;
use rustix::event::{EventfdFlags, PollFd, PollFlags, Timespec, eventfd, poll};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::os::fd::OwnedFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The handle by which another task governs a socket that some thread is reading.
#[derive(Debug)]
pub(super) struct Control {
    wake: OwnedFd,
    stopped: AtomicBool,
    deadline: Mutex<Instant>,
}

impl Control {
    pub(super) fn new(first: Duration) -> io::Result<Arc<Self>> {
        let wake = eventfd(0, EventfdFlags::CLOEXEC | EventfdFlags::NONBLOCK)?;
        let deadline = Mutex::new(Instant::now() + first);
        Ok(Arc::new(Control { wake, stopped: AtomicBool::new(false), deadline }))
    }

    /// Ends every wait of this socket, now and later.
    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Only a full counter makes this fail, and then it is readable already.
        let _ = rustix::io::write(&self.wake, &1u64.to_ne_bytes());
    }

    pub(super) fn stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Everything up to the next call must be done within `time`.
    pub(super) fn allow(&self, time: Duration) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now() + time;
    }

    fn left(&self) -> Duration {
        let deadline = *self.deadline.lock().unwrap_or_else(PoisonError::into_inner);
        deadline.saturating_duration_since(Instant::now())
    }
}

#[derive(Debug)]
pub(super) struct Socket {
    tcp: TcpStream,
    control: Arc<Control>,
}

impl Socket {
    /// `tcp` must be non-blocking, as tokio's sockets are.
    pub(super) fn new(tcp: TcpStream, control: Arc<Control>) -> Self {
        Socket { tcp, control }
    }

    /// Until the socket is ready, the deadline, or a stop. Never `Interrupted`: the standard library retries that for ever.
    fn wait(&self, what: PollFlags) -> io::Result<()> {
        loop {
            let left = self.control.left();
            if self.control.stopped() {
                return Err(io::Error::other("stopped"));
            }
            if left.is_zero() {
                return Err(ErrorKind::TimedOut.into());
            }
            let left =
                Timespec { tv_sec: left.as_secs().try_into().unwrap_or(3600), tv_nsec: left.subsec_nanos().into() };
            let mut fds = [PollFd::new(&self.tcp, what), PollFd::new(&self.control.wake, PollFlags::IN)];
            match poll(&mut fds, Some(&left)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) if fds.first().is_some_and(|fd| !fd.revents().is_empty()) => return Ok(()),
                Ok(_) => {}
                Err(e) => return Err(e.into()),
            }
        }
    }
}

// Each reads or writes first and waits only when it must: the deadline and a stop are then looked at in the wait, and a
// server that never lets us wait is bounded by the guard's caps on bytes.
impl Read for Socket {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        loop {
            match (&self.tcp).read(into) {
                Err(e) if e.kind() == ErrorKind::WouldBlock => self.wait(PollFlags::IN)?,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match (&self.tcp).write(bytes) {
                Err(e) if e.kind() == ErrorKind::WouldBlock => self.wait(PollFlags::OUT)?,
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                done => return done,
            }
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The line to the server.
#[derive(Debug)]
pub(super) enum Wire {
    Clear(Socket),
    Tls(Box<StreamOwned<ClientConnection, Socket>>),
}

impl Wire {
    /// Shakes hands at once, so that a certificate that does not fit is known before anything is said.
    pub(super) fn tls(mut socket: Socket, host: &str, config: Arc<ClientConfig>) -> Result<Self, Fault> {
        let name = ServerName::try_from(host.to_owned()).map_err(|e| Fault::Tls(e.to_string()))?;
        let mut tls = ClientConnection::new(config, name).map_err(|e| Fault::Tls(e.to_string()))?;
        while tls.is_handshaking() {
            tls.complete_io(&mut socket).map_err(|e| handshake(&e, &socket.control))?;
        }
        Ok(Wire::Tls(Box::new(StreamOwned::new(tls, socket))))
    }
}

fn handshake(e: &io::Error, control: &Control) -> Fault {
    match e.kind() {
        _ if control.stopped() => Fault::Stopped,
        ErrorKind::TimedOut => Fault::Timeout { command: "the TLS handshake".into(), after: Duration::from_secs(30) },
        ErrorKind::UnexpectedEof | ErrorKind::ConnectionReset => {
            Fault::Tls("the server hung up; it may not speak TLS on this port".into())
        }
        _ => Fault::Tls(e.to_string()),
    }
}

impl Read for Wire {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self {
            Wire::Clear(socket) => socket.read(into),
            Wire::Tls(tls) => tls.read(into),
        }
    }
}

impl Write for Wire {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Wire::Clear(socket) => socket.write(bytes),
            Wire::Tls(tls) => tls.write(bytes),
        }
    }
    fn flush(&mut self) -> io::Result<()> {
        match self {
            Wire::Clear(socket) => socket.flush(),
            Wire::Tls(tls) => tls.flush(),
        }
    }
}
