//! The one place that reads the time.
use jiff::Timestamp;

/// The wall clock. Everything below the hall takes `now` as a parameter.
#[must_use]
pub fn now() -> Timestamp {
    Timestamp::now()
}
