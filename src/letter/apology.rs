//! "Sorry for the invitation": somebody took a request back before anybody answered it.
//!
//! The words must name both the regret and the request in one phrase; "sorry for the late reply" is no apology here.
use super::Apology;
use crate::person::Mailbox;

/// An apology for a request in somebody's own words; `words` say so.
pub(super) fn apology(from: &Mailbox, words: &str) -> Apology {
    Apology { from: from.clone(), why: vec![format!("apologises for a request: \u{201c}{words}\u{201d}")] }
}
