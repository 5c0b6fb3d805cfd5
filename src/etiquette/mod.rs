//! What is due: `judge(&Policy, &Timeline, &Coverage, now) -> Verdicts`, pure and total.
//!
//! One file under `rules/` a clause, each with its table of cases; this module only knows their order.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod candidacy;
mod case;
mod face;
mod grounds;
mod judge;
mod moment;
mod policy;
mod rules;
mod slips;
mod story;
mod thanks;
mod verdict;
mod would_change;

#[cfg(test)]
mod notation;
#[cfg(test)]
mod properties;

pub use judge::{judge, judge_stray};
pub use policy::{InterviewCounts, Knows, Policy, ThanksPolicy};
pub use verdict::{
    Choice, Clause, KnownBy, MeetingRef, Question, Remark, RequestVerdict, RequestWord, ThanksVerdict, ThanksWord,
    Verdicts,
};
pub use would_change::{WouldChange, what_would_change};
