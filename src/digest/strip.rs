//! A meeting and its note on one line of days: when it ended, when the note came, how much time was left.
//!
//! Cells, not pixels: the same strip is text art in the plain part and table cells in HTML.
use super::words::When;
use crate::etiquette::ThanksVerdict;
use jiff::Timestamp;

/// Cells between the meeting and the end of its time.
const CELLS: i64 = 14;

/// `Mo ●────✉·········  interview 14:00, note 19:10`
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Strip {
    /// Day of the meeting's end: `Mon`.
    pub day: String,
    /// Cells from the meeting to the note.
    pub before: usize,
    /// Cells of time left after it.
    pub left: usize,
    /// `interview 14:00, note 19:10`
    pub caption: String,
}

impl Strip {
    /// Only for a note that came after its meeting's end.
    #[must_use]
    pub fn of(v: &ThanksVerdict, when: &When) -> Option<Self> {
        let meeting = v.meeting.as_ref()?;
        let ends = meeting.ends;
        let at = v.at.filter(|at| *at > ends)?;
        let last = v.until.map_or(at, |until| until.max(at));
        let whole = seconds(ends, last).max(1);
        let before = (seconds(ends, at).saturating_mul(CELLS) / whole).clamp(1, CELLS);
        let same_day = when.local(ends).date() == when.local(at).date();
        let note = if same_day { when.hour(at) } else { when.moment(at) };
        let kind = super::words::kind(meeting.kind).to_lowercase();
        Some(Strip {
            day: when.day(ends),
            before: usize::try_from(before).unwrap_or(1),
            left: usize::try_from(CELLS - before).unwrap_or(0),
            caption: format!("{kind} {}, note {note}", when.hour(ends)),
        })
    }
    #[must_use]
    pub fn text(&self) -> String {
        format!("{} ●{}✉{}  {}", self.day, "─".repeat(self.before), "·".repeat(self.left), self.caption)
    }
}

fn seconds(from: Timestamp, to: Timestamp) -> i64 {
    to.duration_since(from).as_secs()
}
