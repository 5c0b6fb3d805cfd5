//! A mailbox in memory: the double for every test above this door, with the same rules for cursors as the real ones.
use super::{Batch, Bodies, Cursor, Fault, Fetched, Folder, HeaderFetched, Limits, MailboxError, Place, Role, Uid};
use super::{HEADER_CAP, headers};
use jiff::Timestamp;

#[derive(Debug, Clone)]
struct Stored {
    uid: u64,
    at: Timestamp,
    bytes: Vec<u8>,
}

#[derive(Debug, Clone)]
struct Held {
    folder: Folder,
    uidvalidity: u64,
    next: u64,
    mails: Vec<Stored>,
}

/// Folders of messages, in memory.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    folders: Vec<Held>,
}

impl Memory {
    /// An empty mailbox with an inbox.
    #[must_use]
    pub fn new() -> Self {
        let mut m = Memory::default();
        m.add_folder("INBOX", Role::Inbox);
        m
    }

    pub fn add_folder(&mut self, name: &str, role: Role) {
        let folder = Folder { name: name.to_owned(), path: name.as_bytes().to_vec(), role };
        self.folders.push(Held { folder, uidvalidity: 1, next: 1, mails: Vec::new() });
    }

    /// Puts a message into the folder of that name, as if received at `at`; its UID, or `None` without such a folder.
    pub fn deliver(&mut self, folder: &str, bytes: &[u8], at: Timestamp) -> Option<Uid> {
        let held = self.folders.iter_mut().find(|h| h.folder.name == folder)?;
        let uid = held.next;
        held.next += 1;
        held.mails.push(Stored { uid, at, bytes: bytes.to_vec() });
        Some(Uid(uid))
    }

    /// Takes a message away, as the owner's phone may.
    pub fn expunge(&mut self, folder: &str, uid: Uid) {
        self.folders.iter_mut().filter(|h| h.folder.name == folder).for_each(|h| h.mails.retain(|m| m.uid != uid.0));
    }

    /// Numbers the folder's messages anew.
    pub fn renumber(&mut self, folder: &str) {
        for held in self.folders.iter_mut().filter(|h| h.folder.name == folder) {
            held.uidvalidity += 1;
            (1..).zip(&mut held.mails).for_each(|(n, m)| m.uid = n);
            held.next = held.mails.len() as u64 + 1;
        }
    }

    /// All messages of the folder.
    #[must_use]
    pub fn messages(&self, folder: &str) -> Vec<Vec<u8>> {
        let held = self.folders.iter().filter(|h| h.folder.name == folder);
        held.flat_map(|h| h.mails.iter().map(|m| m.bytes.clone())).collect()
    }

    pub(super) fn folders(&self) -> Vec<Folder> {
        self.folders.iter().map(|h| h.folder.clone()).collect()
    }

    fn held(&self, folder: &Folder) -> Result<&Held, MailboxError> {
        let place = Place { account: "memory".into(), server: "memory".into(), folder: Some(folder.name.clone()) };
        let gone = || Fault::NoFolder("there is none of that name".into()).at(&place);
        self.folders.iter().find(|h| h.folder.path == folder.path).ok_or_else(gone)
    }

    pub(super) fn sync(
        &self,
        folder: &Folder,
        cursor: Option<Cursor>,
        since: Timestamp,
        limits: Limits,
    ) -> Result<Batch, MailboxError> {
        let held = self.held(folder)?;
        let kept = cursor.filter(|c| c.uidvalidity == held.uidvalidity);
        let start = kept.unwrap_or(Cursor {
            uidvalidity: held.uidvalidity,
            next_uid: held.next,
            backfilled_to: Some(held.next),
        });
        let news = held.mails.iter().filter(|m| m.uid >= start.next_uid);
        let below = start.backfilled_to.unwrap_or(0);
        let old = held.mails.iter().rev().filter(|m| m.uid < below && m.at >= since);
        let wanted: Vec<&Stored> = news.chain(old).take(limits.headers.max(1) + 1).collect();
        let taken = wanted.get(..limits.headers.max(1)).unwrap_or(&wanted);
        let more = taken.len() < wanted.len();
        let newest = taken.iter().filter(|m| m.uid >= start.next_uid).map(|m| m.uid + 1).max();
        let oldest = taken.iter().filter(|m| m.uid < below).map(|m| m.uid).min();
        Ok(Batch {
            cursor: Cursor {
                uidvalidity: held.uidvalidity,
                next_uid: newest.unwrap_or(start.next_uid),
                backfilled_to: more.then_some(oldest.or(start.backfilled_to)).flatten(),
            },
            renumbered: cursor.is_some() && kept.is_none(),
            headers: taken.iter().map(|m| m.header()).collect(),
            gone: Vec::new(),
            unreadable: Vec::new(),
            more,
            exists: held.mails.len() as u64,
            notices: Vec::new(),
        })
    }

    pub(super) fn bodies(&self, folder: &Folder, uidvalidity: u64, uids: &[Uid]) -> Result<Bodies, MailboxError> {
        let held = self.held(folder)?;
        if held.uidvalidity != uidvalidity {
            return Err(Fault::Renumbered.at(&Place::default()));
        }
        let mut out = Bodies::default();
        for &uid in uids {
            match held.mails.iter().find(|m| m.uid == uid.0) {
                Some(m) => out.fetched.push(m.whole()),
                None => out.gone.push(uid),
            }
        }
        Ok(out)
    }

    pub(super) fn append_to_inbox(&mut self, bytes: &[u8]) -> Result<(), MailboxError> {
        if !headers::is_ours(bytes) {
            return Err(Fault::NotOurs.at(&Place::default()));
        }
        // A double has no clock: the digest is taken as received with the newest mail.
        let at = self.folders.iter().flat_map(|h| &h.mails).map(|m| m.at).max().unwrap_or(Timestamp::UNIX_EPOCH);
        let inbox = self.folders.iter().find(|h| h.folder.role == Role::Inbox).map(|h| h.folder.name.clone());
        let placed = inbox.and_then(|name| self.deliver(&name, bytes, at));
        placed.map(|_| ()).ok_or_else(|| Fault::NoFolder("there is no inbox".into()).at(&Place::default()))
    }
}

impl Stored {
    fn header(&self) -> HeaderFetched {
        let end = self.bytes.windows(4).position(|w| w == b"\r\n\r\n").map(|p| p + 4);
        let end = end.or_else(|| self.bytes.windows(2).position(|w| w == b"\n\n").map(|p| p + 2));
        let end = end.unwrap_or(self.bytes.len()).min(HEADER_CAP as usize);
        HeaderFetched {
            uid: Uid(self.uid),
            internal_date: Some(self.at),
            size: self.bytes.len() as u64,
            header: self.bytes.get(..end).unwrap_or_default().to_vec(),
        }
    }
    fn whole(&self) -> Fetched {
        Fetched {
            uid: Uid(self.uid),
            internal_date: Some(self.at),
            size: self.bytes.len() as u64,
            bytes: self.bytes.clone(),
        }
    }
}
