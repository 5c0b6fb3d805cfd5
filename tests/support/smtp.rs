//! A real SMTP server (aiosmtpd) in a process of its own, with faults on request.
use super::{Certificates, free_port, hand_over, run_as, wait_for_port};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

pub const USER: &str = "u1";
pub const PASSWORD: &str = "pw";
pub const TOKEN: &str = "tok-u1";

pub struct SmtpServer {
    dir: TempDir,
    child: Child,
    /// STARTTLS, and nothing without it.
    pub port: u16,
    pub tls_port: u16,
    pub ca: PathBuf,
}

impl SmtpServer {
    pub fn start() -> Self {
        let dir = tempfile::Builder::new().prefix("smtp").tempdir().unwrap();
        let certificates = Certificates::make(dir.path());
        hand_over(dir.path());
        let (port, tls_port) = (free_port(), free_port());
        let log = std::fs::File::create(dir.path().join("log")).unwrap();
        let (uid, gid) = run_as();
        // Debian's Python, which has python3-aiosmtpd; the script is read from here as its folder may be closed to others.
        let mut command = Command::new("/usr/bin/python3");
        command.arg("-c").arg(include_str!("smtp.py")).arg(dir.path()).arg(port.to_string()).arg(tls_port.to_string());
        command.uid(uid).gid(gid).current_dir(dir.path());
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut child = command.spawn().expect("python3 with python3-aiosmtpd is installed");
        wait_for_port(port, &mut child, &dir.path().join("log"));
        wait_for_port(tls_port, &mut child, &dir.path().join("log"));
        SmtpServer { dir, child, port, tls_port, ca: certificates.ca }
    }

    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// The next mails come to these ends (smtp.py names them), one a mail; then all are accepted.
    pub fn decide(&self, fates: &[&str]) {
        std::fs::write(self.dir.path().join("fates"), fates.join("\n")).unwrap();
        hand_over(&self.dir.path().join("fates"));
    }

    /// Taken mails are delivered into this Maildir as well (`Dovecot::maildir`); it must exist.
    pub fn deliver_into(&self, maildir: &Path) {
        std::fs::write(self.dir.path().join("maildir"), maildir.to_str().unwrap()).unwrap();
    }

    /// What was taken, in order.
    pub fn mails(&self) -> Vec<Vec<u8>> {
        self.spooled("eml").into_iter().map(|p| std::fs::read(p).unwrap()).collect()
    }

    /// The envelopes of what was taken, as JSON.
    pub fn envelopes(&self) -> Vec<serde_json::Value> {
        let read = |p: PathBuf| serde_json::from_slice(&std::fs::read(p).unwrap()).unwrap();
        self.spooled("json").into_iter().map(read).collect()
    }

    fn spooled(&self, extension: &str) -> Vec<PathBuf> {
        let list = std::fs::read_dir(self.dir.path().join("spool")).into_iter().flatten();
        let mut all: Vec<PathBuf> = list.map(|e| e.unwrap().path()).collect();
        all.retain(|p| p.extension().is_some_and(|e| e == extension));
        all.sort_by_key(|p| p.file_stem().and_then(|s| s.to_str()?.parse::<u32>().ok()));
        all
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
