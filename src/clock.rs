//! The one place that reads the time.
use jiff::Timestamp;

/// Everything below the hall takes `now` as a parameter; the hall takes it from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// The machine's wall clock.
    #[default]
    System,
    /// `--now`, the demo, tests.
    Fixed(Timestamp),
}

impl Clock {
    #[must_use]
    pub fn now(self) -> Timestamp {
        match self {
            Clock::System => Timestamp::now(),
            Clock::Fixed(t) => t,
        }
    }
}
