//! Did it happen, as far as a calendar can say.
//!
//! A no-show leaves no trace in a calendar, so the answer is about the plan: past, not called off, declined by neither.
//! Silence counts as yes, because half of all invitations are never answered; the reason says so, and the owner's word
//! (which the etiquette asks first) beats all of it.
use super::{Meeting, Participant, Response, TookPlace};
use jiff::Timestamp;

/// Did `meeting` take place, seen from `with` (or from nobody in particular)? The reason is for people.
#[must_use]
pub fn took_place(meeting: &Meeting, with: Option<&Participant>, now: Timestamp) -> (TookPlace, String) {
    let signals = &meeting.signals;
    let their = with.and_then(|person| person.response);
    let (answer, why) = if meeting.cancelled_at.is_some() {
        (TookPlace::Cancelled, "cancelled")
    } else if signals.owner_response == Some(Response::Declined) {
        (TookPlace::DeclinedByOwner, "you declined")
    } else if their == Some(Response::Declined) {
        (TookPlace::DeclinedByThem, "they declined")
    } else if signals.private {
        (TookPlace::NotAMeeting, "a private entry: counts by its time only")
    } else if meeting.participants.is_empty() && signals.all_day {
        (TookPlace::NotAMeeting, "all day, and nobody else is named")
    } else if meeting.participants.is_empty() && signals.free {
        (TookPlace::NotAMeeting, "shown as free, and nobody else is named")
    } else if meeting.ends > now {
        (TookPlace::NotYet, if meeting.starts > now { "still ahead" } else { "not yet over" })
    } else {
        past(meeting, their)
    };
    (answer, why.to_owned())
}

fn past(meeting: &Meeting, their: Option<Response>) -> (TookPlace, &'static str) {
    let signals = &meeting.signals;
    if signals.tentative || signals.hold {
        return (TookPlace::YesUnanswered, "its time is over; it stands as tentative, which counts");
    }
    match (signals.owner_response, their) {
        (Some(Response::Tentative), _) => {
            (TookPlace::YesUnanswered, "its time is over; you answered tentatively, which counts")
        }
        (_, Some(Response::Tentative)) => {
            (TookPlace::YesUnanswered, "its time is over; they answered tentatively, which counts")
        }
        (_, Some(Response::NeedsAction)) => {
            (TookPlace::YesUnanswered, "its time is over; they never answered, which counts")
        }
        (Some(Response::NeedsAction), _) => {
            (TookPlace::YesUnanswered, "its time is over; you never answered, which counts")
        }
        (_, Some(Response::Accepted)) => (TookPlace::Yes, "its time is over, it was not cancelled, and they accepted"),
        (_, Some(Response::Declined | Response::Delegated) | None) => {
            (TookPlace::Yes, "its time is over, it was not cancelled, and nobody declined")
        }
    }
}
