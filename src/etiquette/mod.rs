//! What is due: `judge(&Policy, &Timeline, &Coverage, now) -> Verdicts`, pure and total.
//!
//! One file under `rules/` a clause, each with its table of cases; this module only knows their order.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod policy;
mod verdict;

pub use policy::{InterviewCounts, Knows, Policy, ThanksPolicy};
pub use verdict::{
    Clause, KnownBy, MeetingRef, Question, Remark, RequestVerdict, RequestWord, ThanksVerdict, ThanksWord, Verdicts,
};
