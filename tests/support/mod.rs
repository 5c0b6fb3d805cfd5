//! Real servers for the tests: started on free loopback ports in a folder of their own, ended by their process id when
//! dropped. As root they run as `nobody`, else as whoever runs the tests.
pub mod certificates;
pub mod dovecot;
pub mod scripted;
pub mod smtp;

pub use certificates::Certificates;
pub use dovecot::Dovecot;
pub use scripted::Scripted;
pub use smtp::SmtpServer;

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Child, Command};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

/// A port nobody listens on, handed out once. It lies below those the system gives to outgoing connections: one of them
/// could be taken before the server listens on it.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    const FIRST: u16 = 10_000;
    const MANY: u16 = 20_000;
    // Another program's tests run beside these: each starts elsewhere.
    let start = u16::try_from(std::process::id() * 61 % u32::from(MANY)).unwrap();
    let next = || FIRST + (start + NEXT.fetch_add(1, Ordering::Relaxed)) % MANY;
    let free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    (0..MANY).map(|_| next()).find(free).expect("one of 20,000 ports is free")
}

/// Waits until `port` answers; panics with the child's end or after 20 s.
pub fn wait_for_port(port: u16, child: &mut Child, log: &Path) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        let ended = child.try_wait().unwrap();
        let log = || std::fs::read_to_string(log).unwrap_or_default();
        assert!(ended.is_none(), "server ended with {ended:?}: {}", log());
        assert!(Instant::now() < deadline, "server does not listen: {}", log());
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Ends a child that was started as the head of a process group of its own, with all of the group.
pub fn end_group(child: &Child) {
    // The shell's own `kill`: there may be no program of that name.
    let done = Command::new("sh").args(["-c", "kill -s TERM -- \"-$0\"", &child.id().to_string()]).status();
    assert!(done.unwrap().success());
}

/// Whom servers run as: user and group id.
pub fn run_as() -> (u32, u32) {
    let me = std::fs::metadata("/proc/self").unwrap();
    if me.uid() != 0 {
        return (me.uid(), me.gid());
    }
    let passwd = std::fs::read_to_string("/etc/passwd").unwrap();
    let nobody = passwd.lines().find(|l| l.starts_with("nobody:")).expect("user nobody");
    let field = |n: usize| nobody.split(':').nth(n).unwrap().parse().unwrap();
    (field(2), field(3))
}

/// The name of a user or group id in `/etc/passwd` or `/etc/group`.
pub fn name_of(id: u32, file: &str) -> String {
    let all = std::fs::read_to_string(file).unwrap();
    let line = all.lines().find(|l| l.split(':').nth(2) == Some(&id.to_string())).expect("an id with a name");
    line.split(':').next().unwrap().to_owned()
}

/// Hands a tree to the user servers run as.
pub fn hand_over(path: &Path) {
    let (uid, gid) = run_as();
    let is_root = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let mut pending = vec![path.to_owned()];
    while let Some(path) = pending.pop() {
        if is_root {
            std::os::unix::fs::chown(&path, Some(uid), Some(gid)).unwrap();
        }
        if path.is_dir() {
            std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
            pending.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        }
    }
}

/// An RFC 5322 message with CRLF lines.
pub fn mail(from: &str, subject: &str, id: &str, body: &str) -> Vec<u8> {
    let body = body.replace('\n', "\r\n");
    format!(
        "From: {from}\r\nTo: owner@example.org\r\nSubject: {subject}\r\nMessage-ID: <{id}>\r\n\
         Date: Wed, 25 Nov 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain\r\n\r\n{body}\r\n"
    )
    .into_bytes()
}

/// What thankd's own digest looks like from outside.
pub fn digest(id: &str, mark: &str) -> Vec<u8> {
    format!(
        "From: thankd <owner@example.org>\r\nTo: owner@example.org\r\nSubject: Digest\r\nMessage-ID: <{id}>\r\n\
         Auto-Submitted: auto-generated\r\nX-Thankd-Digest: {mark}\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/plain\r\n\r\nOne thank-you note.\r\n.leading dot\r\n"
    )
    .into_bytes()
}
