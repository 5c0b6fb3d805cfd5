//! "Sorry for the invitation": somebody took a request back before anybody answered it.
//!
//! The words must name both the regret and the request in one sentence; "sorry for the late reply" is no apology here.
use super::Apology;
use super::sentences::sentences;
use crate::person::Mailbox;
use crate::words::{NoteBook, NoteCue};

/// An apology for a request in somebody's own words.
pub(super) fn apology(from: &Mailbox, own: &str, book: &NoteBook) -> Option<Apology> {
    let found = sentences(own).into_iter().find_map(|sentence| {
        let hit = book.phrases.find(&sentence.plain).into_iter().find(|hit| hit.cue == NoteCue::Sorry)?;
        sentence.plain.get(hit.start..hit.end).map(|words| words.trim().to_owned())
    })?;
    Some(Apology { from: from.clone(), why: vec![format!("apologises for a request: \u{201c}{found}\u{201d}")] })
}
