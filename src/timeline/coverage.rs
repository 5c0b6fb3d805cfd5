//! What was looked at, from when to when.
use jiff::Timestamp;

/// A calendar source.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceCoverage {
    pub name: String,
    /// Earliest time its entries are known from; `None`: never read.
    pub from: Option<Timestamp>,
    /// Last time it was read without trouble.
    pub to: Option<Timestamp>,
    pub trouble: Option<String>,
    pub trouble_since: Option<Timestamp>,
}

/// A folder of a mail account that sources.md says is read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FolderCoverage {
    pub account: String,
    pub folder: String,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    pub trouble: Option<String>,
    pub trouble_since: Option<Timestamp>,
}

/// Everything configured, read or not.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Coverage {
    pub calendars: Vec<SourceCoverage>,
    pub folders: Vec<FolderCoverage>,
}

/// Why absence proves nothing: this source was not read since then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    pub source: String,
    pub since: Option<Timestamp>,
}

impl Coverage {
    /// Has every calendar been read since `t` (the request)? No calendar at all: never. How far back they reach is said
    /// with every word about absence ([`Coverage::horizon`]): an entry older than the oldest will not come any more.
    pub fn calendars_read_since(&self, t: Timestamp) -> Result<(), Unread> {
        if self.calendars.is_empty() {
            return Err(Unread { source: "calendar".into(), since: None });
        }
        match self.calendars.iter().find(|c| c.to.is_none_or(|to| to < t)) {
            None => Ok(()),
            Some(c) => Err(Unread { source: c.name.clone(), since: c.to }),
        }
    }
    /// Has every folder been read up to `deadline`?
    pub fn mail_read_to(&self, deadline: Timestamp) -> Result<(), Unread> {
        if self.folders.is_empty() {
            return Err(Unread { source: "mail".into(), since: None });
        }
        match self.folders.iter().find(|f| f.to.is_none_or(|to| to < deadline)) {
            None => Ok(()),
            Some(f) => Err(Unread { source: format!("{}/{}", f.account, f.folder), since: f.to }),
        }
    }
    /// How far back all calendars reach: the horizon that words about absence carry.
    #[must_use]
    pub fn horizon(&self) -> Option<Timestamp> {
        self.calendars.iter().map(|c| c.from).collect::<Option<Vec<_>>>()?.into_iter().max()
    }
}
