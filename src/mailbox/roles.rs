//! What a folder is for. SPECIAL-USE (RFC 6154) says so; where a server does not, names people really have are the last
//! resort. The role decides whether a folder is read at all, and what may be concluded from lying in it.
use serde::{Deserialize, Serialize};

/// What a folder is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Inbox,
    All,
    Archive,
    Sent,
    Trash,
    Junk,
    /// The owner's own folders: rules file network mail away.
    Other,
}

impl Role {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Inbox => "inbox",
            Role::All => "all",
            Role::Archive => "archive",
            Role::Sent => "sent",
            Role::Trash => "trash",
            Role::Junk => "junk",
            Role::Other => "other",
        }
    }
    /// Reads back what [`Role::as_str`] gave.
    #[must_use]
    pub fn parse(s: &str) -> Option<Self> {
        [Role::Inbox, Role::All, Role::Archive, Role::Sent, Role::Trash, Role::Junk, Role::Other]
            .into_iter()
            .find(|r| r.as_str() == s)
    }

    /// By the folder's last name only, for sources without SPECIAL-USE. `None`: drafts, which are never read.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let name = name.to_lowercase();
        Some(match name.as_str() {
            "inbox" => Role::Inbox,
            "archive" | "archives" => Role::Archive,
            "sent" | "sent items" | "sent mail" | "sent messages" => Role::Sent,
            "trash" | "deleted items" | "deleted messages" | "bin" => Role::Trash,
            "junk" | "spam" | "junk e-mail" | "junk email" | "bulk mail" => Role::Junk,
            "drafts" | "draft" => return None,
            _ => Role::Other,
        })
    }
}
