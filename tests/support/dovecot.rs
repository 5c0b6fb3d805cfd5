//! A Dovecot of its own: users `u1` to `u9` with password `pw`, Maildir storage, plain and TLS ports, XOAUTH2 with tokens
//! signed by a key of the test's, and a raw log of everything both sides said after login.
use super::{Certificates, end_group, free_port, hand_over, name_of, run_as, wait_for_port};
use ring::hmac;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;
use tempfile::TempDir;

pub const PASSWORD: &str = "pw";
/// Neither ASCII nor without quotes: only AUTHENTICATE PLAIN can say it.
pub const HARD_USER: &str = "u9";
pub const HARD_PASSWORD: &str = "pä\"ss\\wörd";

pub struct Dovecot {
    dir: TempDir,
    child: Option<Child>,
    pub port: u16,
    pub tls_port: u16,
    pub ca: PathBuf,
    delivered: AtomicU32,
}

impl Dovecot {
    pub fn start() -> Self {
        Self::start_with("")
    }

    /// `extra` goes to the end of the configuration.
    pub fn start_with(extra: &str) -> Self {
        let dir = tempfile::Builder::new().prefix("dovecot").tempdir().unwrap();
        let certificates = Certificates::make(dir.path());
        let (port, tls_port) = (free_port(), free_port());
        for sub in ["run", "mail", "rawlog", "keys/default/HS256"] {
            std::fs::create_dir_all(dir.path().join(sub)).unwrap();
        }
        for user in (1..=9).map(|n| format!("u{n}")) {
            std::fs::create_dir_all(dir.path().join("rawlog").join(user)).unwrap();
        }
        let mut passwd: String = (1..=8).map(|n| format!("u{n}:{{PLAIN}}{PASSWORD}::::::\n")).collect();
        passwd.push_str(&format!("{HARD_USER}:{{PLAIN}}{HARD_PASSWORD}::::::\n"));
        write(dir.path(), "passwd", &passwd);
        write(dir.path(), "keys/default/HS256/default", &base64(b"testkey", false));
        write(dir.path(), "oauth2.conf.ext", &oauth(dir.path()));
        write(dir.path(), "dovecot.conf", &(configuration(dir.path(), &certificates, port, tls_port) + extra));
        hand_over(dir.path());
        let mut dovecot =
            Dovecot { dir, child: None, port, tls_port, ca: certificates.ca, delivered: AtomicU32::new(0) };
        dovecot.resume();
        dovecot
    }

    pub fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// Ends it and everything it started: its children keep serving sessions that are open.
    pub fn stop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        end_group(&child);
        child.wait().unwrap();
    }

    /// Starts it again, on the same ports and mail.
    pub fn resume(&mut self) {
        let log = std::fs::File::create(self.dir.path().join("out")).unwrap();
        let mut command = self.command("/usr/sbin/dovecot");
        command.arg("-F").arg("-c").arg(self.dir.path().join("dovecot.conf"));
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).process_group(0);
        let mut child = command.spawn().expect("Dovecot is installed (dovecot-imapd)");
        wait_for_port(self.port, &mut child, &self.dir.path().join("dovecot.log"));
        self.child = Some(child);
    }

    fn command(&self, program: &str) -> Command {
        let (uid, gid) = run_as();
        let mut command = Command::new(program);
        // Supplementary groups are dropped with the user id.
        command.uid(uid).gid(gid).current_dir(self.dir.path());
        command
    }

    /// A user's folder on disk; `INBOX` or a name.
    pub fn maildir(&self, user: &str, mailbox: &str) -> PathBuf {
        let root = self.dir.path().join("mail").join(user).join("Maildir");
        if mailbox == "INBOX" { root } else { root.join(format!(".{}", mailbox.replace('/', "."))) }
    }

    /// Puts a message into a folder as a delivery agent does: written aside, then renamed.
    pub fn deliver(&self, user: &str, mailbox: &str, bytes: &[u8]) {
        self.deliver_at(user, mailbox, bytes, SystemTime::now());
    }

    /// The same, received at a time of choice (Dovecot takes INTERNALDATE from the file's time).
    pub fn deliver_at(&self, user: &str, mailbox: &str, bytes: &[u8], at: SystemTime) {
        let maildir = self.maildir(user, mailbox);
        if !maildir.join("tmp").is_dir() {
            for sub in ["cur", "new", "tmp"] {
                std::fs::create_dir_all(maildir.join(sub)).unwrap();
            }
            hand_over(&self.dir.path().join("mail").join(user));
        }
        let n = self.delivered.fetch_add(1, Ordering::SeqCst);
        let name = format!("{}.T{n:06}.test", 1_790_000_000 + n);
        let aside = maildir.join("tmp").join(&name);
        std::fs::write(&aside, bytes).unwrap();
        std::fs::File::options().write(true).open(&aside).unwrap().set_modified(at).unwrap();
        hand_over(&aside);
        std::fs::rename(aside, maildir.join("new").join(name)).unwrap();
    }

    /// Every message of a user's folder, in order of file names, with CRLF lines (Maildir keeps LF).
    pub fn messages(&self, user: &str, mailbox: &str) -> Vec<Vec<u8>> {
        let crlf = |bytes: Vec<u8>| {
            let lines = bytes.split(|&b| b == b'\n').map(|l| l.strip_suffix(b"\r").unwrap_or(l));
            lines.collect::<Vec<_>>().join(&b"\r\n"[..])
        };
        self.files(user, mailbox).into_iter().map(|p| crlf(std::fs::read(p).unwrap())).collect()
    }

    /// Their files, flags and all.
    pub fn files(&self, user: &str, mailbox: &str) -> Vec<PathBuf> {
        let maildir = self.maildir(user, mailbox);
        let list = |sub: &str| std::fs::read_dir(maildir.join(sub)).into_iter().flatten().map(|e| e.unwrap().path());
        let mut all: Vec<PathBuf> = list("cur").chain(list("new")).collect();
        all.sort_by(|a, b| a.file_name().cmp(&b.file_name()));
        all
    }

    /// Runs `doveadm` for this server: `["mailbox", "create", "-u", "u1", "Networks"]`.
    pub fn doveadm(&self, arguments: &[&str]) -> String {
        let conf = self.dir.path().join("dovecot.conf");
        let out = self.command("doveadm").arg("-c").arg(conf).args(arguments).output().unwrap();
        let text = String::from_utf8_lossy(&out.stdout).into_owned();
        assert!(out.status.success(), "doveadm {arguments:?}: {text}{}", String::from_utf8_lossy(&out.stderr));
        text
    }

    /// Everything the user's clients said after their login.
    pub fn said(&self, user: &str) -> String {
        let dir = self.dir.path().join("rawlog").join(user);
        let mut files: Vec<PathBuf> = std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().path()).collect();
        files.retain(|p| p.extension().is_some_and(|e| e == "in"));
        files.sort();
        files.iter().map(|p| String::from_utf8_lossy(&std::fs::read(p).unwrap()).into_owned()).collect()
    }

    /// Bytes in both directions after login, over all sessions of the user.
    pub fn traffic(&self, user: &str) -> u64 {
        let dir = self.dir.path().join("rawlog").join(user);
        std::fs::read_dir(dir).unwrap().map(|e| e.unwrap().metadata().unwrap().len()).sum()
    }

    /// A token for XOAUTH2 that this server believes, for `lifetime` from now; a negative one has expired.
    pub fn token(&self, user: &str, lifetime: i64) -> String {
        let now = i64::try_from(SystemTime::UNIX_EPOCH.elapsed().unwrap().as_secs()).unwrap();
        let head = base64(br#"{"alg":"HS256","typ":"JWT"}"#, true);
        let body = format!(r#"{{"sub":"{user}","iat":{},"exp":{}}}"#, now - 1000, now + lifetime);
        let signed = format!("{head}.{}", base64(body.as_bytes(), true));
        let key = hmac::Key::new(hmac::HMAC_SHA256, b"testkey");
        let signature = hmac::sign(&key, signed.as_bytes());
        format!("{signed}.{}", base64(signature.as_ref(), true))
    }
}

impl Drop for Dovecot {
    fn drop(&mut self) {
        self.stop();
    }
}

fn write(dir: &Path, name: &str, text: &str) {
    std::fs::write(dir.join(name), text).unwrap();
}

fn base64(bytes: &[u8], url: bool) -> String {
    let tail: &[u8; 2] = if url { b"-_" } else { b"+/" };
    let alphabet: Vec<u8> = (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(*tail).collect();
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let n = chunk.iter().fold(0u32, |n, &b| n << 8 | u32::from(b)) << (8 * (3 - chunk.len()));
        for i in 0..=chunk.len() {
            out.push(char::from(alphabet[(n >> (18 - 6 * i) & 63) as usize]));
        }
        if !url {
            out.push_str(&"=".repeat(3 - chunk.len()));
        }
    }
    out
}

fn oauth(dir: &Path) -> String {
    format!(
        "introspection_mode = local\nlocal_validation_key_dict = fs:posix:prefix={}/keys/\nusername_attribute = sub\n",
        dir.display()
    )
}

fn configuration(dir: &Path, c: &Certificates, port: u16, tls_port: u16) -> String {
    let (uid, gid) = run_as();
    let (user, group) = (name_of(uid, "/etc/passwd"), name_of(gid, "/etc/group"));
    let (d, cert, key) = (dir.display(), c.cert.display(), c.key.display());
    format!(
        "base_dir = {d}/run
state_dir = {d}/run
log_path = {d}/dovecot.log
rawlog_dir = {d}/rawlog/%u
protocols = imap
listen = 127.0.0.1
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
mail_uid = {uid}
mail_gid = {gid}
first_valid_uid = {uid}
first_valid_gid = {gid}
mail_home = {d}/mail/%u
mail_location = maildir:{d}/mail/%u/Maildir
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
auth_cache_size = 0
auth_failure_delay = 0
mail_max_userip_connections = 100
stats_writer_socket_path =
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {d}/oauth2.conf.ext
}}
passdb {{
  driver = passwd-file
  mechanisms = plain login
  args = scheme=PLAIN {d}/passwd
}}
userdb {{
  driver = static
  args = allow_all_users=yes uid={uid} gid={gid} home={d}/mail/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
    ssl = yes
  }}
}}
service anvil {{
  chroot =
}}
service stats {{
  chroot =
}}
namespace inbox {{
  inbox = yes
  mailbox Gesendet {{
    special_use = \\Sent
    auto = subscribe
  }}
  mailbox Papierkorb {{
    special_use = \\Trash
    auto = subscribe
  }}
  mailbox Spam {{
    special_use = \\Junk
    auto = subscribe
  }}
  mailbox Drafts {{
    special_use = \\Drafts
    auto = subscribe
  }}
}}
"
    )
}
