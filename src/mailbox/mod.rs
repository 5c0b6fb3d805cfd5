//! Messages in. A mailbox is somebody else's: it is changed by others while we read, it forgets its numbers, it lies
//! about sizes, and the server in front of it may be broken or hostile.
//!
//! The device: one door for all sources that only ever *reads*, hands out bytes with the place they came from, and moves
//! no cursor by itself. A [`Batch`] carries the cursor to be committed together with what was recorded; whoever crashes
//! before that commit reads the same mail once more, never one less. The single exception to reading is
//! [`Mailbox::append_to_inbox`]: thankd's own digest, into the inbox, where a server offers no way to send mail.

mod eml;
mod error;
mod files;
mod headers;
pub mod imap;
mod maildir;
mod mbox;
mod memory;
mod roles;

pub use error::{Fault, MailboxError, Place};
pub use files::{FileMail, FileSource, Kind, read_path};
pub use imap::{Imap, ImapSettings};
pub use memory::Memory;
pub use roles::Role;

use jiff::Timestamp;
use std::collections::BTreeSet;
use std::path::Path;

/// More than this of one message is never read (trust.md §0).
pub const MESSAGE_CAP: u64 = 25 << 20;
/// More than this of one message's header block is never read.
pub const HEADER_CAP: u64 = 256 << 10;

/// More mails of one person are not fetched: the newest say enough.
pub const ABOUT: usize = 300;

/// A message's number in its folder: IMAP's UID, an mbox's byte offset, a hash of a file's name. Never 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct Uid(pub u64);

/// How far a folder was read. The hall stores it in the transaction that records what was read, and hands it back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cursor {
    /// The numbering this cursor speaks of; when the source renumbers, nothing of the cursor holds.
    pub uidvalidity: u64,
    /// Everything below this is news no more.
    pub next_uid: u64,
    /// `Some(uid)`: the look-back is done from the newest mail down to this one, and goes on below it. `None`: it is done.
    pub backfilled_to: Option<u64>,
}

/// A folder to be read.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Folder {
    /// As people read it.
    pub name: String,
    /// As the source wrote it: IMAP's modified UTF-7 or UTF-8 bytes, a path for files. The key of its cursor.
    pub path: Vec<u8>,
    pub role: Role,
}

/// How much one [`Mailbox::sync`] may bring.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Headers in one batch.
    pub headers: usize,
    /// Bytes of bodies in one [`Mailbox::bodies`] answer; the rest of the list is asked for again by the caller.
    pub body_bytes: u64,
}

impl Default for Limits {
    /// 500 headers (about 2 MB) are fetched and recorded in well under a second, so a batch is also a breath.
    fn default() -> Self {
        Limits { headers: 500, body_bytes: 8 << 20 }
    }
}

/// A message's header block, before its body is known to matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeaderFetched {
    pub uid: Uid,
    /// When the source received it: INTERNALDATE, a file's time.
    pub internal_date: Option<Timestamp>,
    /// Of the whole message, as the source says.
    pub size: u64,
    /// Cut at [`HEADER_CAP`].
    pub header: Vec<u8>,
}

/// A message as the source has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    pub uid: Uid,
    pub internal_date: Option<Timestamp>,
    /// Of the whole message; more than `bytes.len()` if it was cut at [`MESSAGE_CAP`].
    pub size: u64,
    pub bytes: Vec<u8>,
}

/// What one look into a folder brought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// To be committed with these headers' records; until then it means nothing.
    pub cursor: Cursor,
    /// The source renumbered its messages: what the old cursor and old sightings said is void, and the look-back begins
    /// anew. Nothing is to be judged twice: mail is known by its Message-ID.
    pub renumbered: bool,
    /// Oldest first for news, newest first for the look-back.
    pub headers: Vec<HeaderFetched>,
    /// Listed, asked for twice, not given: deleted meanwhile.
    pub gone: Vec<Uid>,
    /// Given, but not readable as an answer: lost, and to be counted.
    pub unreadable: Vec<Uid>,
    /// There is more to be had at once.
    pub more: bool,
    /// Messages in the folder now.
    pub exists: u64,
    /// What the server wanted the owner to know (`[ALERT]`), and oddities.
    pub notices: Vec<String>,
}

/// The answer to [`Mailbox::bodies`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bodies {
    pub fetched: Vec<Fetched>,
    pub gone: Vec<Uid>,
    pub unreadable: Vec<Uid>,
    /// Not fetched for lack of room ([`Limits::body_bytes`]): ask again.
    pub left: Vec<Uid>,
}

/// A mail of our own, looked for after it was sent: the Message-ID, or its trace where a server replaced that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Without angle brackets.
    pub message_id: String,
    /// The value of X-Thankd-Digest.
    pub digest: Option<String>,
}

/// Whose mail is looked for: headers that name one of these, as sender or receiver.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct About {
    pub names: Vec<String>,
    pub addresses: Vec<String>,
}

/// Where it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub folder: Folder,
    pub uid: Uid,
    /// The Message-ID it has there, without angle brackets: replies will name this one.
    pub message_id: Option<String>,
    pub internal_date: Option<Timestamp>,
}

/// Which folders are read: none named in `only` means the rule of [`Role`].
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FolderChoice {
    pub only: BTreeSet<String>,
    pub except: BTreeSet<String>,
}

/// The door: every source of mail thankd reads. The files (Maildir, mbox, .eml) are one variant, told apart by [`Kind`].
#[derive(Debug)]
pub enum Mailbox {
    Imap(Box<Imap>),
    Files(FileSource),
    Memory(Memory),
}

impl Mailbox {
    /// A Maildir, an mbox, an .eml file or a folder of them, told apart by looking.
    pub fn open_path(path: &Path) -> Result<Self, MailboxError> {
        FileSource::open(path).map(Mailbox::Files)
    }

    /// The folders to be read, by role and the owner's choice.
    pub async fn folders(&mut self) -> Result<Vec<Folder>, MailboxError> {
        match self {
            Mailbox::Imap(imap) => imap.folders().await,
            Mailbox::Files(files) => files.clone().off_thread(|f| f.folders()).await,
            Mailbox::Memory(memory) => Ok(memory.folders()),
        }
    }

    /// What is new in `folder` since `cursor`, then a piece of the look-back to `since`. Call again while `more`.
    pub async fn sync(
        &mut self,
        folder: &Folder,
        cursor: Option<Cursor>,
        since: Timestamp,
        limits: Limits,
    ) -> Result<Batch, MailboxError> {
        match self {
            Mailbox::Imap(imap) => imap.sync(folder, cursor, since, limits).await,
            Mailbox::Files(files) => {
                let folder = folder.clone();
                files.clone().off_thread(move |f| f.sync(&folder, cursor, since, limits)).await
            }
            Mailbox::Memory(memory) => memory.sync(folder, cursor, since, limits),
        }
    }

    /// Whole messages. An error with [`Fault::Renumbered`] if `uidvalidity` is no longer the folder's.
    pub async fn bodies(
        &mut self,
        folder: &Folder,
        uidvalidity: u64,
        uids: &[Uid],
        limits: Limits,
    ) -> Result<Bodies, MailboxError> {
        match self {
            Mailbox::Imap(imap) => imap.bodies(folder, uidvalidity, uids, limits).await,
            Mailbox::Files(files) => {
                let (folder, uids) = (folder.clone(), uids.to_vec());
                files.clone().off_thread(move |f| f.bodies(&folder, &uids, limits)).await
            }
            Mailbox::Memory(memory) => memory.bodies(folder, uidvalidity, uids),
        }
    }

    /// Looks for a mail of our own among those received since `since`, in Inbox, All and Trash.
    pub async fn find_message(&mut self, wanted: &Wanted, since: Timestamp) -> Result<Option<Found>, MailboxError> {
        let folders = self.folders().await?;
        let fitting = |f: &&Folder| matches!(f.role, Role::Inbox | Role::All | Role::Trash);
        for folder in folders.iter().filter(fitting) {
            if let Some(found) = self.find_in(folder, wanted, since).await? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    async fn find_in(&mut self, folder: &Folder, w: &Wanted, since: Timestamp) -> Result<Option<Found>, MailboxError> {
        let mut cursor = None;
        loop {
            let batch = self.sync(folder, cursor, since, Limits::default()).await?;
            let hit = batch.headers.iter().find_map(|h| headers::fits(&h.header, w).map(|id| (h, id)));
            if let Some((h, message_id)) = hit {
                let (uid, internal_date) = (h.uid, h.internal_date);
                return Ok(Some(Found { folder: folder.clone(), uid, message_id, internal_date }));
            }
            if !batch.more {
                return Ok(None);
            }
            cursor = Some(batch.cursor);
        }
    }

    /// Headers of the newest [`ABOUT`] mails since `since` that may be from or to somebody. "May": servers compare parts of
    /// words, and files are not searched at all, so the caller looks again.
    pub async fn about(
        &mut self,
        folder: &Folder,
        about: &About,
        since: Timestamp,
    ) -> Result<Vec<HeaderFetched>, MailboxError> {
        if let Mailbox::Imap(imap) = self {
            return imap.about(folder, about, since).await;
        }
        let (mut found, mut cursor) = (Vec::new(), None);
        loop {
            let batch = self.sync(folder, cursor, since, Limits::default()).await?;
            found.extend(batch.headers);
            if !batch.more {
                return Ok(found);
            }
            cursor = Some(batch.cursor);
        }
    }

    /// Puts thankd's own digest into the inbox; anything that is not one is refused. Only IMAP and memory can.
    pub async fn append_to_inbox(&mut self, bytes: &[u8]) -> Result<(), MailboxError> {
        match self {
            Mailbox::Imap(imap) => imap.append_to_inbox(bytes).await,
            Mailbox::Files(files) => Err(files.read_only()),
            Mailbox::Memory(memory) => memory.append_to_inbox(bytes),
        }
    }

    /// Ends the session politely, if there is one.
    pub async fn close(&mut self) {
        match self {
            Mailbox::Imap(imap) => imap.close().await,
            Mailbox::Files(_) | Mailbox::Memory(_) => {}
        }
    }
}
