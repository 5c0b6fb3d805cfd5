//! When somebody was a candidate.
//!
//! What belongs to a hiring makes nobody known, and a meeting that could be anything is an interview if it is with a
//! candidate. Both ask the same thing, and the second changes its answer (such a meeting prolongs the candidacy), so
//! it is worked out in one sweep through time.
use super::moment::plus;
use jiff::{SignedDuration, Timestamp};

/// From the first application or interview until hired, or until `knows.candidacy` after the last of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub from: Timestamp,
    pub until: Timestamp,
}

impl Span {
    pub(super) fn holds(&self, t: Timestamp) -> bool {
        self.from <= t && t <= self.until
    }
}

/// Something that opens, prolongs or ends a candidacy. Ordered as a tie at one instant is read: a hire ends what was
/// before it, and only then may something new begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    Hired,
    /// An application; an interview or phone screen, arranged or held.
    Opens {
        until: Timestamp,
    },
    /// A meeting of unclear kind: the index tells whose.
    Unclear {
        until: Timestamp,
        index: usize,
    },
}

/// The spans in order of time, and the indices of unclear meetings that lie within one.
pub(super) fn sweep(mut steps: Vec<(Timestamp, Step)>, lasts: SignedDuration) -> (Vec<Span>, Vec<usize>) {
    steps.sort_unstable();
    let mut spans: Vec<Span> = Vec::new();
    let mut interviews = Vec::new();
    for (at, step) in steps {
        let current = spans.last_mut().filter(|s| s.holds(at));
        match (step, current) {
            (Step::Hired, Some(span)) => span.until = at,
            (Step::Opens { until }, Some(span)) => span.until = span.until.max(plus(until, lasts)),
            (Step::Opens { until }, None) => spans.push(Span { from: at, until: plus(until, lasts) }),
            (Step::Unclear { until, index }, Some(span)) => {
                span.until = span.until.max(plus(until, lasts));
                interviews.push(index);
            }
            (Step::Hired | Step::Unclear { .. }, None) => {}
        }
    }
    (spans, interviews)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(n: i64) -> Timestamp {
        plus(Timestamp::UNIX_EPOCH, SignedDuration::from_hours(24 * n))
    }

    /// Steps as (day, step), spans as days.
    #[track_caller]
    fn case(name: &str, steps: &[(i64, &str)], spans: &[(i64, i64)], interviews: &[usize]) {
        let steps = steps.iter().enumerate().map(|(index, (at, what))| {
            let step = match *what {
                "hired" => Step::Hired,
                "applied" | "interview" => Step::Opens { until: day(*at) },
                "unclear" => Step::Unclear { until: day(*at), index },
                other => panic!("{other}?"),
            };
            (day(*at), step)
        });
        let got = sweep(steps.collect(), SignedDuration::from_hours(24 * 180));
        let expected = spans.iter().map(|(from, until)| Span { from: day(*from), until: day(*until) });
        assert_eq!(got, (expected.collect(), interviews.to_vec()), "{name}");
    }

    #[test]
    fn spans() {
        case("nothing", &[], &[], &[]);
        case("an application lasts 180 days", &[(0, "applied")], &[(0, 180)], &[]);
        case("an interview prolongs it", &[(0, "applied"), (100, "interview")], &[(0, 280)], &[]);
        case("one after its end is a new one", &[(0, "applied"), (200, "interview")], &[(0, 180), (200, 380)], &[]);
        case("a hire ends it", &[(0, "interview"), (30, "hired")], &[(0, 30)], &[]);
        case(
            "a second one after a hire",
            &[(0, "interview"), (30, "hired"), (60, "applied")],
            &[(0, 30), (60, 240)],
            &[],
        );
        case("unclear with a candidate prolongs", &[(0, "applied"), (90, "unclear")], &[(0, 270)], &[1]);
        case("unclear with anyone else stays open", &[(0, "unclear"), (10, "applied")], &[(10, 190)], &[]);
        case("a chain of unclear ones", &[(0, "applied"), (170, "unclear"), (340, "unclear")], &[(0, 520)], &[1, 2]);
        case("in any order", &[(100, "interview"), (0, "applied")], &[(0, 280)], &[]);
        case("a hire of nobody's candidate", &[(5, "hired")], &[], &[]);
    }
}
