//! The door through which calendars come in: a file, a folder of files (vdir), or memory.
//!
//! What matters is not only what was read, but what that reading is worth: absence is evidence only where we looked.
//! So every reading says from when to when it covers and what is the matter with it; one bad file in a folder is named
//! and the rest is read, and a calendar that cannot be read at all is an error with a remedy, never an empty calendar.

mod files;

use crate::meeting::{self, Feed, Glossary, Meeting, Window};
use crate::person::Owner;
use jiff::Timestamp;
use std::path::{Path, PathBuf};

/// One `[[calendar]]`.
#[derive(Debug, Clone)]
pub enum Calendar {
    /// One `.ics` file; a symbolic link is followed.
    IcsFile { path: PathBuf },
    /// A folder of `.ics` files, two levels deep (a vdir, or a folder of vdirs). Links inside are not followed.
    IcsDir { path: PathBuf },
    /// Named feeds, for tests and for feeds that came another way.
    Memory { feeds: Vec<(String, Vec<u8>)> },
}

/// Why a calendar was not read at all.
#[derive(Debug, thiserror::Error)]
pub enum CalendarError {
    #[error("{}: no such file or folder", path.display())]
    NotFound { path: PathBuf },
    #[error("{}: not allowed to read it", path.display())]
    NotAllowed { path: PathBuf },
    #[error("{}: no .ics file in this folder", path.display())]
    NoFiles { path: PathBuf },
    #[error("{}: {source}", path.display())]
    Io { path: PathBuf, source: std::io::Error },
}

impl CalendarError {
    /// What the owner can do about it.
    #[must_use]
    pub fn remedy(&self) -> &'static str {
        match self {
            Self::NotFound { .. } => "check the path; it is taken from the folder thankd was started in",
            Self::NotAllowed { .. } => "let the user who runs thankd read it (chmod, or the unit's ReadOnlyPaths)",
            Self::NoFiles { .. } => "name the folder that holds the .ics files, or one above it",
            Self::Io { .. } => "look at the disk or the network share it lies on",
        }
    }
}

/// The bytes of one file, or why there are none.
type Piece = (String, Result<Vec<u8>, String>);

/// One file of a calendar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileFeed {
    /// Path below the folder, or the file's name.
    pub name: String,
    pub feed: Feed,
}

/// What a calendar gave, and what that is worth.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    pub feeds: Vec<FileFeed>,
    /// Files that were looked at, read or not.
    pub files: usize,
    /// From its first event to the time of reading; `None`: nothing may be concluded from absence.
    /// A file cut in half covers what was read of it.
    pub covers: Option<(Timestamp, Timestamp)>,
    /// What is the matter, for the digest's health lines.
    pub trouble: Option<String>,
    /// Smaller things: capped rules, zones of which nothing is known.
    pub remarks: Vec<String>,
}

/// How a feed of cancellations says so (RFC 5546 §3.2.5).
const CANCEL: &[u8] = b"METHOD:CANCEL";

/// Refusals that are told one by one.
const MOST_TOLD: usize = 3;

impl Calendar {
    /// A file or a folder, whichever lies there.
    pub fn at(path: &Path) -> Result<Calendar, CalendarError> {
        let path = path.to_owned();
        match std::fs::metadata(&path) {
            Ok(there) if there.is_dir() => Ok(Self::IcsDir { path }),
            Ok(_) => Ok(Self::IcsFile { path }),
            Err(error) => Err(files::explain(path, error)),
        }
    }

    /// Reads everything in `window`. `now` is the time of reading.
    pub fn read(&self, window: &Window, owner: &Owner, now: Timestamp) -> Result<Reading, CalendarError> {
        Ok(Reading::of(self.pieces()?, window, owner, now))
    }

    fn pieces(&self) -> Result<Vec<Piece>, CalendarError> {
        match self {
            Self::IcsFile { path } => files::of_file(path),
            Self::IcsDir { path } => files::of_folder(path),
            Self::Memory { feeds } => Ok(feeds.iter().map(|(name, bytes)| (name.clone(), Ok(bytes.clone()))).collect()),
        }
    }

    /// Events that this calendar calls off as a whole, by UID and SEQUENCE; they may stand in another calendar.
    ///
    /// A file without the word is not looked into: one that holds an invitation's cancellation is small and rare.
    pub fn called_off(&self, window: &Window, owner: &Owner) -> Result<Vec<(String, i64)>, CalendarError> {
        let says = |bytes: &[u8]| bytes.windows(CANCEL.len()).any(|part| part.eq_ignore_ascii_case(CANCEL));
        let files = self.pieces()?.into_iter().filter_map(|(_, piece)| piece.ok()).filter(|bytes| says(bytes));
        Ok(files.flat_map(|bytes| meeting::read_ics(&bytes, window, &owner.zone).called_off).collect())
    }
}

impl Reading {
    fn of(pieces: Vec<Piece>, window: &Window, owner: &Owner, now: Timestamp) -> Reading {
        let mut reading = Reading { files: pieces.len(), covers: Some((now, now)), ..Reading::default() };
        let mut troubles = Vec::new();
        for (name, piece) in pieces {
            match piece {
                Ok(bytes) => reading.take(name, meeting::read_ics(&bytes, window, &owner.zone), &mut troubles),
                Err(why) => {
                    troubles.push(format!("{name}: {why}"));
                    reading.covers = None;
                }
            }
        }
        reading.trouble = (!troubles.is_empty()).then(|| told(&troubles));
        reading
    }

    fn take(&mut self, name: String, feed: Feed, troubles: &mut Vec<String>) {
        troubles.extend(feed.trouble.iter().map(|trouble| format!("{name}: {trouble}")));
        troubles.extend(feed.refused.iter().map(|refusal| format!("{name}: {refusal}")));
        if feed.cut_to_newest {
            self.remarks.push(format!("{name}: only the newest {} occurrences are read", meeting::MOST_PER_FEED));
        }
        if !feed.capped.is_empty() {
            let (series, most) = (feed.capped.len(), meeting::MOST_PER_UID);
            self.remarks.push(format!("{name}: {series} series recur too often; the newest {most} of each are read"));
        }
        for zone in &feed.unknown_zones {
            let zone: String = zone.chars().filter(|c| !c.is_control()).take(60).collect();
            self.remarks.push(format!("{name}: nothing is known of the time zone \"{zone}\"; read as your own"));
        }
        self.covers = self.covers.and_then(|covers| covered(covers, &feed));
        self.feeds.push(FileFeed { name, feed });
    }

    /// Events called off as a whole. They may stand in another calendar, so whoever merges several applies them again.
    #[must_use]
    pub fn called_off(&self) -> Vec<(String, i64)> {
        self.feeds.iter().flat_map(|file| file.feed.called_off.iter().cloned()).collect()
    }

    /// All occurrences understood and merged, in order of time.
    #[must_use]
    pub fn meetings(&self, source: &str, owner: &Owner, glossary: &Glossary, seen_at: Timestamp) -> Vec<Meeting> {
        let all = self.feeds.iter().flat_map(|file| &file.feed.occurrences);
        let mut meetings = meeting::merge(meeting::understand_all(all, owner, glossary, source, seen_at));
        meeting::call_off(&mut meetings, &self.called_off(), seen_at);
        meetings
    }
}

/// A feed's share in what the whole calendar covers.
fn covered((from, to): (Timestamp, Timestamp), feed: &Feed) -> Option<(Timestamp, Timestamp)> {
    let from = feed.span.map_or(from, |(first, _)| from.min(first));
    match &feed.trouble {
        None => Some((from, to)),
        Some(trouble) if trouble.rest_is_read() => {
            feed.span.map(|(first, last)| (from, to.min(last).max(first.min(to))))
        }
        Some(_) => None,
    }
}

fn told(troubles: &[String]) -> String {
    let first: Vec<&str> = troubles.iter().take(MOST_TOLD).map(String::as_str).collect();
    let more = troubles.len().saturating_sub(MOST_TOLD);
    if more == 0 { first.join("; ") } else { format!("{}; and {more} more", first.join("; ")) }
}

#[cfg(test)]
mod tests;
