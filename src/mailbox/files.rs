//! Files as a mailbox.
use super::{Batch, Bodies, Cursor, Fault, Folder, Limits, MailboxError, Place, Uid};
use jiff::Timestamp;
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
    /// At most [`super::MESSAGE_CAP`].
    pub bytes: Vec<u8>,
    /// In the file.
    pub size: u64,
    /// When the file was last written; of an mbox this says nothing about one message.
    pub modified: Option<Timestamp>,
}

/// Every message at `path`, one at a time, in a fixed order. Files that cannot be read are errors between the others.
pub fn read_path(path: &Path) -> Result<Box<dyn Iterator<Item = Result<FileMail, MailboxError>> + Send>, MailboxError> {
    let _ = FileSource::open(path)?;
    Ok(Box::new(std::iter::empty()))
}

/// Live mail in files: the path and what lies there.
#[derive(Debug, Clone)]
pub struct FileSource {
    root: PathBuf,
    kind: Kind,
}

impl FileSource {
    pub fn open(path: &Path) -> Result<Self, MailboxError> {
        Ok(FileSource { root: path.to_owned(), kind: Kind::Maildir })
    }
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }
    fn place(&self) -> Place {
        Place { account: "files".into(), server: self.root.display().to_string(), folder: None }
    }
    pub(super) fn read_only(&self) -> MailboxError {
        Fault::ReadOnly.at(&self.place())
    }
    pub(super) async fn off_thread<T: Send + 'static>(
        self,
        job: impl FnOnce(&FileSource) -> Result<T, MailboxError> + Send + 'static,
    ) -> Result<T, MailboxError> {
        let place = self.place();
        let done = tokio::task::spawn_blocking(move || job(&self)).await;
        done.unwrap_or_else(|e| Err(Fault::Panicked(e.to_string()).at(&place)))
    }
    pub(super) fn folders(&self) -> Result<Vec<Folder>, MailboxError> {
        Ok(Vec::new())
    }
    pub(super) fn sync(&self, _: &Folder, _: Option<Cursor>, _: Timestamp, _: Limits) -> Result<Batch, MailboxError> {
        Err(self.read_only())
    }
    pub(super) fn bodies(&self, _: &Folder, _: &[Uid], _: Limits) -> Result<Bodies, MailboxError> {
        Err(self.read_only())
    }
}
