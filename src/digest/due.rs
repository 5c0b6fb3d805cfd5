//! When a digest is due: once a local day, whatever clocks do.
//!
//! `digest.at` is a wall-clock time, and wall clocks skip and repeat hours; machines sleep, boot in 1970, and come back
//! days later. So the question asked each round is not "has a timer fired?" but "is there a digest for today's local
//! date, and has today's moment passed?" A missed day is never made up for: the next digest holds its news anyway.
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{SignedDuration, Timestamp};

/// `digest.empty`: what to send when there is nothing to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Empty {
    /// One line on Monday, if nothing was sent for seven days.
    Weekly,
    Daily,
    Never,
}

/// The owner's wishes.
#[derive(Debug, Clone, PartialEq)]
pub struct Schedule {
    pub zone: TimeZone,
    /// `digest.at`
    pub at: Time,
    /// `digest.until`: later than this today's digest is abandoned and its news goes to tomorrow's.
    pub until: Time,
    pub empty: Empty,
}

/// What the store knows of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// Local day of the newest daily digest row, abandoned ones included.
    pub last_day: Option<Date>,
    /// When a digest or quiet line was last sent.
    pub last_sent: Option<Timestamp>,
    /// The last time that was believed.
    pub newest: Option<Timestamp>,
    /// When this program was built.
    pub built: Timestamp,
    pub paused_until: Option<Timestamp>,
}

/// The answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Compose the digest of this local day; deliver it before `until`.
    Now { day: Date, until: Timestamp },
    /// Not yet, or not any more today; look again then.
    Later { at: Timestamp, why: Wait },
    /// The clock cannot be right.
    Clock(ClockTrouble),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Wait {
    /// Today's moment has not come.
    NotYet,
    /// Today has its digest already.
    Done,
    /// It is later than `until`.
    TooLate,
    Paused,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum ClockTrouble {
    #[error("the clock says a time before this program was built")]
    BeforeBuild,
    #[error("the clock says a time before the last good one; if it is right, it is believed after a day")]
    BeforeStore,
    #[error("the clock leapt far ahead of the last good time; if it is right, it is believed after a day")]
    FarAhead,
    #[error("the clock says a time outside the calendar")]
    OutOfRange,
}

impl ClockTrouble {
    /// What is wrong with `now`, if the time was `good` before.
    #[must_use]
    pub fn since(good: Timestamp, now: Timestamp) -> Option<ClockTrouble> {
        let ahead = now.duration_since(good);
        if ahead > FAR_AHEAD {
            return Some(ClockTrouble::FarAhead);
        }
        (ahead < -SLACK).then_some(ClockTrouble::BeforeStore)
    }
}

/// Clocks are stepped back by a few seconds all the time.
pub(crate) const SLACK: SignedDuration = SignedDuration::from_mins(10);

/// Who was away longer waits a day for the next digest; a clock that errs, errs by years.
pub(crate) const FAR_AHEAD: SignedDuration = SignedDuration::from_hours(60 * 24);

/// Is a digest due at `now`?
#[must_use]
pub fn due(schedule: &Schedule, past: &Past, now: Timestamp) -> Due {
    if now < past.built {
        return Due::Clock(ClockTrouble::BeforeBuild);
    }
    if let Some(trouble) = past.newest.and_then(|newest| ClockTrouble::since(newest, now)) {
        return Due::Clock(trouble);
    }
    let today = now.to_zoned_datetime(schedule.zone.clone()).date();
    let (Some(opens), Some(closes), Some(next)) =
        (schedule.opens(today), schedule.closes(today), today.tomorrow().ok().and_then(|day| schedule.opens(day)))
    else {
        return Due::Clock(ClockTrouble::OutOfRange);
    };
    if let Some(until) = past.paused_until.filter(|until| *until > now) {
        return Due::Later { at: until, why: Wait::Paused };
    }
    if past.last_day.is_some_and(|day| day >= today) {
        return Due::Later { at: next, why: Wait::Done };
    }
    if now < opens {
        return Due::Later { at: opens, why: Wait::NotYet };
    }
    if now >= closes {
        return Due::Later { at: next, why: Wait::TooLate };
    }
    Due::Now { day: today, until: closes }
}

/// Nothing to say: is a quiet line wanted all the same?
#[must_use]
pub fn quiet_line(schedule: &Schedule, past: &Past, day: Date) -> bool {
    match schedule.empty {
        Empty::Daily => true,
        Empty::Never => false,
        Empty::Weekly => {
            let week = past.last_sent.is_none_or(|sent| {
                let sent = sent.to_zoned_datetime(schedule.zone.clone()).date();
                day.duration_since(sent).as_hours() / 24 >= 7
            });
            day.weekday() == Weekday::Monday && week
        }
    }
}

impl Schedule {
    /// The moment of `at` on that day.
    #[must_use]
    pub fn opens(&self, day: Date) -> Option<Timestamp> {
        moment(&self.zone, day, self.at)
    }
    /// The moment of `until` on that day; the day's end, when `until` is not after `at`.
    #[must_use]
    pub fn closes(&self, day: Date) -> Option<Timestamp> {
        if self.until > self.at {
            moment(&self.zone, day, self.until)
        } else {
            moment(&self.zone, day.tomorrow().ok()?, Time::midnight())
        }
    }
}

/// The instant a wall clock shows this for the first time; if it never does (the hour is skipped in spring), the
/// instant of the skip: 02:30 becomes 03:00.
fn moment(zone: &TimeZone, day: Date, time: Time) -> Option<Timestamp> {
    let wall = zone.to_ambiguous_timestamp(day.to_datetime(time));
    match wall.offset() {
        AmbiguousOffset::Unambiguous { .. } | AmbiguousOffset::Fold { .. } => wall.earlier().ok(),
        AmbiguousOffset::Gap { .. } => {
            // read with the offset before the skip it lies just after it
            let beyond = wall.later().ok()?;
            zone.preceding(beyond.saturating_add(SignedDuration::from_secs(1)).ok()?)
                .next()
                .map(|skip| skip.timestamp())
        }
    }
}
