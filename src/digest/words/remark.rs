//! Remarks: what stands beside a verdict without changing it.
use super::{LONGEST_TITLE, clean, length, network, ordinal, plural};
use crate::etiquette::Remark;
use crate::letter::NetworkId;
use jiff::SignedDuration;

/// A remark in words; `None` where the sentence itself already says it.
#[must_use]
pub fn remark(r: &Remark) -> Option<String> {
    let said = match r {
        Remark::ThanksInside => "thanks inside the request".to_owned(),
        Remark::Apologised => "apologised for it since".to_owned(),
        Remark::Reminder(0) | Remark::AppliedFor(None) => return None,
        Remark::Delay(d) => return delay(*d),
        Remark::Talked(d) => format!("you talked for {}", length(*d)),
        Remark::Reminder(n) => format!("{} reminder", ordinal(*n)),
        Remark::AlsoOn(on) => format!("also asked on {}", network(&NetworkId(on.clone()))),
        Remark::AskedAgain => "asked again".to_owned(),
        Remark::AskedBeforeYouMet => "asked before you met; you have met since".to_owned(),
        Remark::AskedBeforeInterview => "asked before the interview".to_owned(),
        Remark::NoteLate => "the note came late".to_owned(),
        Remark::NoteBrief => "the note was brief".to_owned(),
        Remark::AppliedFor(Some(role)) => format!("applied for \"{}\"", clean(role, LONGEST_TITLE)),
        Remark::WhicheverPerson(name) => format!("whichever {} it is", clean(name, LONGEST_TITLE)),
        Remark::TakesPlaceUnanswered => "the invitation was never answered; taken as held".to_owned(),
        Remark::Unverified => "the sender could not be verified".to_owned(),
        Remark::Lookalikes => "its name holds letters of another alphabet that look like ours".to_owned(),
        Remark::InJunk => "it lies in your Junk folder".to_owned(),
        Remark::AlsoAsksToConnect => "also asks to connect".to_owned(),
        Remark::Withdraws => "also withdraws the application".to_owned(),
        Remark::Forwarded => "forwarded to you".to_owned(),
        Remark::ByItsOwnDate => "by the mail's own date".to_owned(),
        Remark::OnPaper => "on paper, as you told me".to_owned(),
        Remark::NoMeetingFound => "no such meeting in your calendars".to_owned(),
        Remark::PerhapsBy(name) => format!("perhaps by {}", clean(name, LONGEST_TITLE)),
        Remark::AlsoServes(others) => format!("also for {}", plural(others.len(), "other meeting", "other meetings")),
    };
    Some(said)
}

/// "asked 2 h after the meeting": a gap without its days, so without a zone.
fn delay(d: SignedDuration) -> Option<String> {
    let word = if d.is_negative() { "before" } else { "after" };
    match d.as_mins().abs() {
        0..30 => Some("asked around the end of the meeting".to_owned()),
        m @ 30..60 => Some(format!("asked {m} min {word} the meeting")),
        m @ 60..2880 => Some(format!("asked {} h {word} the meeting", (m + 30) / 60)),
        m => Some(format!("asked {} days {word} the meeting", (m + 720) / 1440)),
    }
}
