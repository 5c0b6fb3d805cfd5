//! Files as a mailbox, live or once.
//!
//! People keep mail in Maildirs, in mbox exports of gigabytes, in folders full of saved messages, and in all of them mixed.
//! What lies at a path is told by looking, not by asking. Given once ([`read_path`]) everything is read in a fixed order,
//! one message in memory at a time; watched ([`FileSource`]) each Maildir, mbox and folder of messages is a folder with a
//! cursor like any other.
use super::mbox::{self, Mbox};
use super::{Batch, Bodies, Cursor, Fault, Fetched, Folder, HEADER_CAP, HeaderFetched, Limits, MESSAGE_CAP};
use super::{MailboxError, Place, Role, Uid, eml, maildir};
use jiff::Timestamp;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// What lies at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Maildir,
    Mbox,
    /// One message.
    Message,
    /// A folder of any of these.
    Directory,
}

/// One message out of files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileMail {
    pub path: PathBuf,
    /// Which one in that file, from 0.
    pub index: usize,
    /// At most [`MESSAGE_CAP`].
    pub bytes: Vec<u8>,
    /// In the file.
    pub size: u64,
    /// When the file was last written; of an mbox this says nothing about one message.
    pub modified: Option<Timestamp>,
}

fn place(path: &Path) -> Place {
    Place { account: "files".into(), server: path.display().to_string(), folder: None }
}

fn unreadable(path: &Path, e: &io::Error) -> MailboxError {
    Fault::File(format!("it cannot be read: {e}")).at(&place(path))
}

/// An `.eml` is one message even if it begins like an mbox; anything else that begins like one is one.
fn kind_of(path: &Path) -> io::Result<Kind> {
    if std::fs::metadata(path)?.is_dir() {
        return Ok(if maildir::is_maildir(path) { Kind::Maildir } else { Kind::Directory });
    }
    let first = first_line(path)?;
    let is_mbox = first.starts_with(b"From ") && !has_extension(path, &["eml"]);
    // An mbox nobody wrote into yet is an mbox.
    let empty_mbox = first.is_empty() && !has_extension(path, &["eml", "txt"]);
    Ok(if is_mbox || empty_mbox { Kind::Mbox } else { Kind::Message })
}

fn has_extension(path: &Path, list: &[&str]) -> bool {
    path.extension().and_then(|e| e.to_str()).is_some_and(|e| list.iter().any(|l| e.eq_ignore_ascii_case(l)))
}

/// What holds one message by its name alone.
fn is_message_name(path: &Path) -> bool {
    has_extension(path, &["eml", "txt"])
}

fn first_line(path: &Path) -> io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::other("it is no regular file"));
    }
    let mut line = Vec::new();
    BufReader::new(File::open(path)?.take(1000)).read_until(b'\n', &mut line)?;
    Ok(line)
}

/// In a folder of all sorts, what is mail? By extension, or, without one, by a first line like a header's or an mbox's.
fn is_mail_file(path: &Path) -> bool {
    if maildir::is_hidden(path) || !path.is_file() {
        return false;
    }
    if path.extension().is_some() {
        return has_extension(path, &["eml", "txt", "mbox", "mbx"]);
    }
    first_line(path).is_ok_and(|line| {
        let name = line.iter().take_while(|b| b.is_ascii_graphic() && **b != b':').count();
        mbox::is_separator(&line) || (name > 0 && line.get(name) == Some(&b':'))
    })
}

/// Every message at `path`, one at a time, in a fixed order. Files that cannot be read are errors between the others.
pub fn read_path(path: &Path) -> Result<Box<dyn Iterator<Item = Result<FileMail, MailboxError>> + Send>, MailboxError> {
    kind_of(path).map_err(|e| unreadable(path, &e))?;
    Ok(Box::new(Walk { pending: vec![(path.to_owned(), 0)], open: None }))
}

/// Folders are not followed deeper than this, nor through links: they may lead in circles.
const DEPTH: usize = 32;

struct Walk {
    /// The next one last, with its depth.
    pending: Vec<(PathBuf, usize)>,
    open: Option<(PathBuf, usize, Mbox<File>)>,
}

impl Walk {
    fn enter(&mut self, path: &Path, depth: usize) -> io::Result<Option<FileMail>> {
        match kind_of(path)? {
            Kind::Message => {
                let (bytes, size, modified) = eml::message(path)?;
                return Ok(Some(FileMail { path: path.to_owned(), index: 0, bytes, size, modified }));
            }
            Kind::Mbox => self.open = Some((path.to_owned(), 0, Mbox::new(File::open(path)?, 0)?)),
            Kind::Maildir => {
                let subfolders = maildir::subfolders(path)?.into_iter().map(|(_, p)| p);
                let inside = maildir::files(path)?.into_iter().chain(subfolders).collect();
                self.push(inside, depth);
            }
            Kind::Directory => self.push(inside(path)?, depth),
        }
        Ok(None)
    }

    fn push(&mut self, paths: Vec<PathBuf>, depth: usize) {
        if depth < DEPTH {
            self.pending.extend(paths.into_iter().rev().map(|p| (p, depth + 1)));
        }
    }

    fn next_in_mbox(&mut self) -> Option<Result<FileMail, MailboxError>> {
        let (path, index, reader) = self.open.as_mut()?;
        let modified = None;
        match reader.next_message() {
            Ok(Some(p)) => {
                *index += 1;
                let (path, index) = (path.clone(), *index - 1);
                Some(Ok(FileMail { path, index, bytes: p.bytes, size: p.size, modified }))
            }
            Ok(None) => {
                self.open = None;
                None
            }
            Err(e) => {
                let error = unreadable(path, &e);
                self.open = None;
                Some(Err(error))
            }
        }
    }
}

impl Iterator for Walk {
    type Item = Result<FileMail, MailboxError>;
    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(found) = self.next_in_mbox() {
                return Some(found);
            }
            let (path, depth) = self.pending.pop()?;
            match self.enter(&path, depth) {
                Ok(Some(mail)) => return Some(Ok(mail)),
                Ok(None) => {}
                Err(e) => return Some(Err(unreadable(&path, &e))),
            }
        }
    }
}

/// Mail files and folders of a plain folder, in order of name.
fn inside(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_folder = |p: &PathBuf| p.is_dir() && !p.is_symlink() && !maildir::is_hidden(p);
    Ok(maildir::names(folder)?.into_iter().filter(|p| is_folder(p) || is_mail_file(p)).collect())
}

/// Mail in files, watched: the path and what lies there.
#[derive(Debug, Clone)]
pub struct FileSource {
    root: PathBuf,
    kind: Kind,
}

impl FileSource {
    pub fn open(path: &Path) -> Result<Self, MailboxError> {
        let kind = kind_of(path).map_err(|e| unreadable(path, &e))?;
        Ok(FileSource { root: path.to_owned(), kind })
    }
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }
    pub(super) fn read_only(&self) -> MailboxError {
        Fault::ReadOnly.at(&place(&self.root))
    }

    pub(super) async fn off_thread<T: Send + 'static>(
        self,
        job: impl FnOnce(&FileSource) -> Result<T, MailboxError> + Send + 'static,
    ) -> Result<T, MailboxError> {
        let place = place(&self.root);
        let done = tokio::task::spawn_blocking(move || job(&self)).await;
        done.unwrap_or_else(|e| Err(Fault::Panicked(e.to_string()).at(&place)))
    }

    /// Each Maildir with its subfolders, each mbox, and each folder that holds messages itself. What cannot be looked
    /// into is a folder too: reading it tells the trouble, and the others are read.
    pub(super) fn folders(&self) -> Result<Vec<Folder>, MailboxError> {
        let mut out = Vec::new();
        let mut pending = vec![(self.root.clone(), 0)];
        while let Some((path, depth)) = pending.pop() {
            match self.folders_at(&path) {
                Ok(found) => out.extend(found),
                Err(e) if depth == 0 => return Err(unreadable(&path, &e)),
                Err(_) => {
                    out.extend(self.folder(&path, None));
                    continue;
                }
            }
            if kind_of(&path).is_ok_and(|k| k == Kind::Directory) && depth < DEPTH {
                let below = inside(&path).map_err(|e| unreadable(&path, &e))?;
                let own = |p: &PathBuf| kind_of(p).map_or(!is_message_name(p), |k| k != Kind::Message);
                pending.extend(below.into_iter().filter(own).rev().map(|p| (p, depth + 1)));
            }
        }
        Ok(out)
    }

    fn folders_at(&self, path: &Path) -> io::Result<Vec<Folder>> {
        let mut out = Vec::new();
        match kind_of(path)? {
            Kind::Maildir => {
                out.extend(self.folder(path, None));
                let subfolders = maildir::subfolders(path)?;
                out.extend(subfolders.iter().filter_map(|(name, p)| self.folder(p, Some(name))));
            }
            Kind::Directory if messages(path)?.is_empty() => {}
            Kind::Mbox | Kind::Message | Kind::Directory => out.extend(self.folder(path, None)),
        }
        Ok(out)
    }

    /// The root is the inbox unless its name says otherwise; drafts are `None`.
    fn folder(&self, path: &Path, name: Option<&str>) -> Option<Folder> {
        let stem = path.file_stem().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let name = name.map_or(stem, str::to_owned);
        let last = name.rsplit(['.', '/']).next().unwrap_or(&name);
        let role = match Role::by_name(last)? {
            Role::Other if path == self.root => Role::Inbox,
            role => role,
        };
        Some(Folder { name, path: path.as_os_str().as_bytes().to_vec(), role })
    }

    pub(super) fn sync(
        &self,
        folder: &Folder,
        cursor: Option<Cursor>,
        since: Timestamp,
        limits: Limits,
    ) -> Result<Batch, MailboxError> {
        let path = path_of(folder);
        let done = match kind_of(&path) {
            Ok(Kind::Mbox) => sync_mbox(&path, cursor, limits),
            Ok(Kind::Maildir | Kind::Message | Kind::Directory) => sync_files(&path, cursor, since, limits),
            Err(e) => Err(e),
        };
        done.map_err(|e| unreadable(&path, &e))
    }

    pub(super) fn bodies(&self, folder: &Folder, uids: &[Uid], limits: Limits) -> Result<Bodies, MailboxError> {
        let path = path_of(folder);
        let bad = |e: io::Error| unreadable(&path, &e);
        let kind = kind_of(&path).map_err(bad)?;
        let entries = if kind == Kind::Mbox { Vec::new() } else { entries(&path).map_err(bad)? };
        let mut out = Bodies::default();
        let mut spent = 0;
        for &uid in uids {
            if spent >= limits.body_bytes {
                out.left.push(uid);
                continue;
            }
            let read = match kind {
                Kind::Mbox => message_at(&path, uid),
                Kind::Maildir | Kind::Message | Kind::Directory => message_of(&entries, uid),
            };
            match read {
                Ok(Some(mail)) => {
                    spent += mail.bytes.len() as u64;
                    out.fetched.push(mail);
                }
                Ok(None) => out.gone.push(uid),
                Err(_) => out.unreadable.push(uid),
            }
        }
        Ok(out)
    }
}

fn path_of(folder: &Folder) -> PathBuf {
    PathBuf::from(std::ffi::OsString::from_vec(folder.path.clone()))
}

/// The message files that lie in a plain folder itself.
fn messages(folder: &Path) -> io::Result<Vec<PathBuf>> {
    // A message that cannot be opened is one all the same: it is counted as unreadable.
    let is_message = |p: &PathBuf| is_mail_file(p) && kind_of(p).map_or(is_message_name(p), |k| k == Kind::Message);
    Ok(maildir::names(folder)?.into_iter().filter(is_message).collect())
}

fn entries(path: &Path) -> io::Result<Vec<maildir::Entry>> {
    let files = match kind_of(path)? {
        Kind::Maildir => maildir::files(path)?,
        Kind::Directory => messages(path)?,
        Kind::Message | Kind::Mbox => vec![path.to_owned()],
    };
    Ok(files.into_iter().filter_map(maildir::entry).collect())
}

const SECOND: u64 = 1_000_000;

/// Which file or folder lies at the path: another one may be moved there, with files older than the cursor. Not the
/// inode alone, as a new file often gets the number of one just deleted.
fn identity(path: &Path, first: &[u8]) -> io::Result<u64> {
    let meta = std::fs::metadata(path)?;
    let born = meta.created().ok().and_then(|t| t.duration_since(std::time::UNIX_EPOCH).ok()).unwrap_or_default();
    let parts = [&meta.ino().to_le_bytes()[..], &born.as_nanos().to_le_bytes(), first].concat();
    Ok(maildir::fnv(&parts) >> 1 | 1)
}

fn sync_files(path: &Path, cursor: Option<Cursor>, since: Timestamp, limits: Limits) -> io::Result<Batch> {
    let uidvalidity = if path.is_dir() { identity(path, b"")? } else { 1 };
    let renumbered = cursor.is_some_and(|c| c.uidvalidity != uidvalidity);
    let cursor = cursor.filter(|_| !renumbered);
    let next = cursor.map_or(0, |c| c.next_uid);
    let now = u64::try_from(crate::clock::Clock::System.now().as_microsecond()).unwrap_or(0);
    let all = entries(path)?;
    let exists = all.len() as u64;
    let settled = |e: &maildir::Entry| e.changed >= next && e.changed + SECOND <= now;
    let mut fresh: Vec<_> = all.into_iter().filter(settled).collect();
    fresh.sort_by(|a, b| (a.changed, &a.path).cmp(&(b.changed, &b.path)));
    // Files of one stamp stay together: the cursor cannot stand between them.
    let room = limits.headers.max(1).min(fresh.len());
    let last = room.checked_sub(1).and_then(|i| fresh.get(i)).map_or(next, |e| e.changed);
    let more = fresh.last().is_some_and(|e| e.changed > last);
    let mut batch = empty_batch(Cursor { uidvalidity, next_uid: next, backfilled_to: None }, exists);
    batch.renumbered = renumbered;
    if !fresh.is_empty() {
        batch.cursor.next_uid = last + 1;
    }
    batch.more = more;
    let young = |e: &maildir::Entry| e.modified.is_none_or(|m| m >= since);
    for e in fresh.into_iter().take_while(|e| e.changed <= last).filter(young) {
        match eml::header(&e.path) {
            Ok((header, size, internal_date)) => {
                batch.headers.push(HeaderFetched { uid: e.uid, internal_date, size, header });
            }
            Err(why) if why.kind() == io::ErrorKind::NotFound => batch.gone.push(e.uid),
            Err(_) => batch.unreadable.push(e.uid),
        }
    }
    Ok(batch)
}

fn empty_batch(cursor: Cursor, exists: u64) -> Batch {
    Batch {
        cursor,
        renumbered: false,
        headers: Vec::new(),
        gone: Vec::new(),
        unreadable: Vec::new(),
        more: false,
        exists,
        notices: Vec::new(),
    }
}

/// An mbox only grows at its end; if another was moved there, or it was rewritten, its first separator or the one at the cursor is another.
fn sync_mbox(path: &Path, cursor: Option<Cursor>, limits: Limits) -> io::Result<Batch> {
    let mut lock = path.as_os_str().to_owned();
    lock.push(".lock");
    if Path::new(&lock).exists() {
        return Err(io::Error::new(io::ErrorKind::WouldBlock, "another program has locked it"));
    }
    let uidvalidity = identity(path, &first_line(path)?)?;
    let open = |next: u64| Mbox::new(File::open(path)?, next.saturating_sub(1)).map(|m| m.capped(HEADER_CAP));
    let size = std::fs::metadata(path)?.len();
    let mut kept = cursor.filter(|c| c.uidvalidity == uidvalidity && c.next_uid <= size + 1);
    let mut reader = open(kept.map_or(1, |c| c.next_uid))?;
    if !reader.in_step() {
        kept = None;
        reader = open(1)?;
    }
    let mut batch = empty_batch(Cursor { uidvalidity, next_uid: 1, backfilled_to: None }, 0);
    batch.renumbered = cursor.is_some() && kept.is_none();
    while batch.headers.len() < limits.headers.max(1) {
        let Some(piece) = reader.next_message()? else { break };
        let header = header_of(piece.bytes);
        batch.headers.push(HeaderFetched { uid: Uid(piece.offset + 1), internal_date: None, size: piece.size, header });
    }
    batch.cursor.next_uid = reader.position() + 1;
    batch.more = reader.position() < size;
    batch.exists = batch.headers.len() as u64;
    Ok(batch)
}

fn header_of(mut bytes: Vec<u8>) -> Vec<u8> {
    let end = bytes.windows(2).position(|w| w == b"\n\n").map(|p| p + 2);
    let crlf = bytes.windows(4).position(|w| w == b"\r\n\r\n").map(|p| p + 4);
    let end = [end, crlf].into_iter().flatten().min().unwrap_or(bytes.len());
    bytes.truncate(end);
    bytes
}

fn message_at(path: &Path, uid: Uid) -> io::Result<Option<Fetched>> {
    let mut reader = Mbox::new(File::open(path)?, uid.0.saturating_sub(1))?;
    if !reader.in_step() {
        return Ok(None);
    }
    let found = reader.next_message()?;
    Ok(found.map(|p| Fetched { uid, internal_date: None, size: p.size, bytes: p.bytes }))
}

fn message_of(entries: &[maildir::Entry], uid: Uid) -> io::Result<Option<Fetched>> {
    let Some(entry) = entries.iter().find(|e| e.uid == uid) else { return Ok(None) };
    let (bytes, size, internal_date) = eml::read(&entry.path, MESSAGE_CAP)?;
    Ok(Some(Fetched { uid, internal_date, size, bytes }))
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
