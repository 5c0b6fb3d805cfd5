//! Mails as files: written whole under another name first, so that whoever looks into the folder never sees half a mail.
use super::{OutboxError, SendOutcome};
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Directory { root: root.to_owned() }
    }

    /// The file is named after the Message-ID: sending the same mail twice leaves one file.
    pub(super) async fn send(&self, bytes: &[u8], message_id: &str) -> SendOutcome {
        let name: String =
            message_id.chars().map(|c| if c.is_ascii_alphanumeric() || "@-_".contains(c) { c } else { '.' }).collect();
        let path = self.root.join(format!("{}.eml", name.trim_matches('.')));
        match self.write(&path, bytes).await {
            Ok(()) => SendOutcome::Accepted(path.display().to_string()),
            Err(why) => SendOutcome::NotSent(OutboxError::File { path: path.display().to_string(), why }),
        }
    }

    async fn write(&self, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
        tokio::fs::create_dir_all(&self.root).await?;
        let half = path.with_extension("tmp");
        let mut file = tokio::fs::File::create(&half).await?;
        file.write_all(bytes).await?;
        file.sync_all().await?;
        tokio::fs::rename(&half, path).await
    }
}
