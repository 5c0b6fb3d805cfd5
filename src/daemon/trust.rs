//! Is the machine's clock to be believed?
//!
//! A virtual machine with a bad battery says for a moment that it is ten years later: whoever believes it purges all that
//! is remembered, and writes down a digest for a day that is long in coming. So a leap far ahead of the last good time, or
//! back behind it, is believed only after it has stood for a day; until then nothing is composed, sent or purged, and
//! `status` says why. A clock that is set right again is believed at once, as it goes on from the last good time.
use crate::digest::due::ClockTrouble;
use crate::store::{Store, StoreError};
use jiff::{SignedDuration, Timestamp};

/// A leap that stands this long is no moment's fault.
const STANDS: SignedDuration = SignedDuration::from_hours(24);

/// How often the good time is written down.
const NOTED: SignedDuration = SignedDuration::from_mins(5);

/// The last time that was believed; of a store that never noted one, the newest in it.
pub(super) async fn good(store: &Store) -> Result<Option<Timestamp>, StoreError> {
    match store.meta("clock_good").await?.and_then(|t| t.parse().ok()) {
        Some(good) => Ok(Some(good)),
        None => store.newest().await,
    }
}

/// Asked before anything is done by the clock.
pub(super) async fn trouble(store: &Store, now: Timestamp) -> Result<Option<ClockTrouble>, StoreError> {
    let good = good(store).await?;
    let doubted = store.meta("clock_doubted").await?.and_then(|t| t.parse::<Timestamp>().ok());
    let Some(trouble) = good.and_then(|good| ClockTrouble::since(good, now)) else {
        if good.is_none_or(|good| now.duration_since(good).abs() >= NOTED) {
            store.set_meta("clock_good", &now.to_string()).await?;
        }
        if doubted.is_some() {
            store.set_meta("clock_doubted", "").await?;
        }
        return Ok(None);
    };
    match doubted.filter(|since| ClockTrouble::since(*since, now).is_none()) {
        Some(since) if now.duration_since(since) >= STANDS => {
            store.set_meta("clock_good", &now.to_string()).await?;
            return Ok(None);
        }
        Some(_) => {}
        None => store.set_meta("clock_doubted", &now.to_string()).await?,
    }
    Ok(Some(trouble))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Looks at the clock at these times, in order; `true` where it is believed.
    #[track_caller]
    fn case(looks: &[(&str, bool)]) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let store = Store::memory([7; 32]).await.unwrap();
            for (at, believed) in looks {
                let trouble = trouble(&store, at.parse().unwrap()).await.unwrap();
                assert_eq!(trouble.is_none(), *believed, "{at}: {trouble:?}");
            }
        });
    }

    #[test]
    fn a_leap_is_believed_when_it_has_stood_for_a_day() {
        // ten years ahead for a moment
        case(&[
            ("2026-11-17T08:00:00Z", true),
            ("2036-11-17T08:00:00Z", false),
            ("2036-11-17T09:00:00Z", false),
            ("2026-11-17T09:00:00Z", true),
        ]);
        // twice for a moment is not a day
        case(&[
            ("2026-11-17T08:00:00Z", true),
            ("2036-11-17T08:00:00Z", false),
            ("2026-11-17T09:00:00Z", true),
            ("2036-11-18T09:00:00Z", false),
        ]);
        // three months in a drawer
        case(&[
            ("2026-11-17T08:00:00Z", true),
            ("2027-02-17T08:00:00Z", false),
            ("2027-02-18T08:00:00Z", true),
            ("2027-02-18T08:01:00Z", true),
        ]);
        // a wrong clock was believed, and is set right
        case(&[
            ("2036-11-17T08:00:00Z", true),
            ("2026-11-17T08:00:00Z", false),
            ("2026-11-18T08:00:00Z", true),
            ("2026-11-19T08:00:00Z", true),
        ]);
        // asleep for a month; stepped back by a few seconds
        case(&[("2026-10-17T08:00:00Z", true), ("2026-11-17T08:00:00Z", true), ("2026-11-17T07:59:30Z", true)]);
    }
}
