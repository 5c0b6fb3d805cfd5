//! Ten zones and their clock changes, sleep, wrong clocks, pauses, and the quiet line.
use super::*;
use crate::digest::due::{ClockTrouble, Due, Empty, Past, Schedule, Wait, due, quiet_line};
use jiff::civil::{Date, Time};

fn schedule(zone: &str, hour: &str) -> Schedule {
    Schedule {
        zone: TimeZone::get(zone).unwrap(),
        at: hour.parse::<Time>().unwrap(),
        until: "20:00".parse().unwrap(),
        empty: Empty::Weekly,
    }
}
fn past() -> Past {
    Past { last_day: None, last_sent: None, newest: None, built: at("2020-01-01T00:00:00Z"), paused_until: None }
}
fn day(s: &str) -> Date {
    s.parse().unwrap()
}

/// The first instant on that local day at which a digest is due, found minute by minute, and how many digests a daemon
/// that asks every minute sends from a day before to a day after.
#[track_caller]
fn on(zone: &str, hour: &str, the_day: &str, first: &str) {
    let schedule = schedule(zone, hour);
    let start = day(the_day).to_zoned_datetime(schedule.zone.clone()).unwrap().timestamp();
    let mut state = past();
    let mut sent = vec![];
    for minute in -1440..2 * 1440 {
        let now = start + SignedDuration::from_mins(minute);
        if let Due::Now { day, .. } = due(&schedule, &state, now) {
            sent.push((day, now));
            state.last_day = Some(day);
            state.newest = Some(now);
        }
    }
    let days: Vec<Date> = sent.iter().map(|(day, _)| *day).collect();
    let mut once = days.clone();
    once.dedup();
    assert_eq!(days, once, "{zone}: one digest a local day");
    let moment = sent.iter().find(|(d, _)| *d == day(the_day)).map(|(_, now)| *now);
    assert_eq!(moment, Some(at(first)), "{zone} {hour} on {the_day}");
}

#[test]
fn an_hour_that_is_skipped_and_one_that_comes_twice() {
    // spring: 02:30 does not exist, so the digest comes at the skip; autumn: 02:30 comes twice, the first one counts
    on("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29T03:00:00+02:00");
    on("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25T02:30:00+02:00");
    on("America/New_York", "02:30", "2026-03-08", "2026-03-08T03:00:00-04:00");
    on("America/New_York", "01:30", "2026-11-01", "2026-11-01T01:30:00-04:00");
    on("Europe/London", "01:30", "2026-03-29", "2026-03-29T02:00:00+01:00");
    on("Europe/London", "01:30", "2026-10-25", "2026-10-25T01:30:00+01:00");
    on("Australia/Sydney", "02:15", "2026-10-04", "2026-10-04T03:00:00+11:00");
    on("Australia/Sydney", "02:15", "2026-04-05", "2026-04-05T02:15:00+11:00");
    // half an hour only
    on("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-04T02:30:00+11:00");
    on("Australia/Lord_Howe", "01:45", "2026-04-05", "2026-04-05T01:45:00+11:00");
    // midnight itself is skipped
    on("Africa/Cairo", "00:00", "2026-04-24", "2026-04-24T01:00:00+03:00");
    on("America/Santiago", "00:00", "2026-09-06", "2026-09-06T01:00:00-03:00");
    on("America/Santiago", "23:30", "2026-04-04", "2026-04-04T23:30:00-03:00");
    // no change at all, odd offsets, and an ordinary morning on the day of one
    on("Asia/Kathmandu", "07:00", "2026-03-29", "2026-03-29T07:00:00+05:45");
    on("Asia/Tokyo", "07:00", "2026-11-01", "2026-11-01T07:00:00+09:00");
    on("America/St_Johns", "02:30", "2026-03-08", "2026-03-08T03:00:00-02:30");
    on("Europe/Berlin", "07:00", "2026-03-29", "2026-03-29T07:00:00+02:00");
    on("Europe/Berlin", "07:00", "2028-02-29", "2028-02-29T07:00:00+01:00");
}

#[test]
fn five_years_in_ten_zones_have_one_digest_a_day() {
    let zones = [
        "Europe/Berlin",
        "America/New_York",
        "Europe/London",
        "Australia/Sydney",
        "Australia/Lord_Howe",
        "Africa/Cairo",
        "America/Santiago",
        "Asia/Kathmandu",
        "Pacific/Apia",
        "America/St_Johns",
    ];
    for zone in zones {
        let schedule = schedule(zone, "02:30");
        let mut state = past();
        let mut now = at("2025-12-31T12:00:00Z");
        let mut days = vec![];
        while days.len() < 5 * 365 {
            match due(&schedule, &state, now) {
                Due::Now { day, .. } => {
                    days.push(day);
                    state.last_day = Some(day);
                }
                Due::Later { at, .. } => {
                    assert!(at > now, "{zone}: a look-again time lies ahead");
                    now = at;
                }
                Due::Clock(trouble) => panic!("{zone}: {trouble}"),
            }
        }
        assert!(days.windows(2).all(|d| d[0].tomorrow().unwrap() == d[1]), "{zone}: no day left out or doubled");
    }
}

#[test]
fn days_slept_through_are_merged_and_a_late_waking_is_too_late() {
    let berlin = schedule("Europe/Berlin", "07:00");
    let slept = Past { last_day: Some(day("2026-11-10")), ..past() };
    let until = nov("17 20:00");
    assert_eq!(due(&berlin, &slept, nov("17 11:12")), Due::Now { day: day("2026-11-17"), until });
    assert_eq!(due(&berlin, &slept, nov("17 20:00")), Due::Later { at: nov("18 07:00"), why: Wait::TooLate });
    assert_eq!(due(&berlin, &slept, nov("17 06:59")), Due::Later { at: nov("17 07:00"), why: Wait::NotYet });
    let done = Past { last_day: Some(day("2026-11-17")), ..past() };
    assert_eq!(due(&berlin, &done, nov("17 11:12")), Due::Later { at: nov("18 07:00"), why: Wait::Done });
}

#[test]
fn a_clock_that_cannot_be_right() {
    let berlin = schedule("Europe/Berlin", "07:00");
    let known = Past { newest: Some(nov("17 09:00")), ..past() };
    assert_eq!(due(&berlin, &known, at("1970-01-01T00:00:10Z")), Due::Clock(ClockTrouble::BeforeBuild));
    assert_eq!(due(&berlin, &known, nov("17 08:00")), Due::Clock(ClockTrouble::BeforeStore));
    assert_eq!(due(&berlin, &known, at("2036-11-17T08:00:00Z")), Due::Clock(ClockTrouble::FarAhead));
    // a few seconds of stepping are no reason
    assert!(matches!(due(&berlin, &known, nov("17 08:55")), Due::Now { .. }));
    // a day ahead and back: the store's day counts until the clock has caught up
    let ahead = Past { last_day: Some(day("2026-11-18")), ..past() };
    assert!(matches!(due(&berlin, &ahead, nov("17 08:00")), Due::Later { why: Wait::Done, .. }));
    assert_eq!(due(&berlin, &past(), Timestamp::MAX), Due::Clock(ClockTrouble::OutOfRange));
}

#[test]
fn moving_to_another_zone_sends_no_second_digest() {
    let sent = Past { last_day: Some(day("2026-11-17")), ..past() };
    let there = schedule("America/New_York", "07:00");
    // 08:00 in Berlin is 02:00 in New York on the same date; five hours later it is 07:00 there
    assert!(matches!(due(&there, &sent, nov("17 13:00")), Due::Later { why: Wait::Done, .. }));
    assert!(matches!(due(&there, &sent, nov("18 13:00")), Due::Now { .. }));
}

#[test]
fn paused() {
    let until = nov("20 07:00");
    let away = Past { paused_until: Some(until), ..past() };
    let berlin = schedule("Europe/Berlin", "07:00");
    assert_eq!(due(&berlin, &away, nov("17 08:00")), Due::Later { at: until, why: Wait::Paused });
    assert!(matches!(due(&berlin, &away, nov("20 07:00")), Due::Now { .. }));
}

#[track_caller]
fn quiet(empty: Empty, today: &str, sent: Option<&str>, line: bool) {
    let schedule = Schedule { empty, ..schedule("Europe/Berlin", "07:00") };
    let past = Past { last_sent: sent.map(nov), ..past() };
    assert_eq!(quiet_line(&schedule, &past, day(today)), line, "{empty:?} on {today}, sent {sent:?}");
}
#[test]
fn a_quiet_line_on_monday_if_nothing_was_sent_for_seven_days() {
    // 16 and 23 November 2026 are Mondays
    quiet(Empty::Weekly, "2026-11-16", Some("9 07:00"), true);
    quiet(Empty::Weekly, "2026-11-16", Some("10 07:00"), false);
    quiet(Empty::Weekly, "2026-11-17", Some("9 07:00"), false);
    quiet(Empty::Weekly, "2026-11-16", None, true);
    quiet(Empty::Daily, "2026-11-17", Some("16 07:00"), true);
    quiet(Empty::Never, "2026-11-16", None, false);
}
