//! `not_read`: a clause that rests on absence says nothing where nobody looked. The device is `Case::if_looked`; only
//! its table of cases stands here.

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::{all_read, case_where, moment};

    #[test]
    fn where_nobody_looked_nothing_is_said() {
        let read_to = |t: &str| all_read(moment(t));
        let mut calendar = read_to("thu 9:00");
        calendar.calendars[0].to = Some(moment("sun-1 9:00"));
        let mut mail = read_to("thu 9:00");
        mail.folders[0].to = Some(moment("tue 9:00"));
        case_where(
            &calendar,
            "a stranger, by a calendar read before they asked",
            "mon 10:00 asked",
            "thu 9:00",
            "unsure not_read, unread work, no question",
        );
        case_where(
            &calendar,
            "a note that may come",
            "mon 7:00 interview; mon 10:00 asked",
            "tue 9:00",
            "unsure not_read",
        );
        case_where(
            &calendar,
            "an interview on Friday",
            "mon 10:00 asked; fri 9:00 interview",
            "thu 9:00",
            "unsure not_read",
        );
        case_where(
            &calendar,
            "what was seen still counts",
            "fri-1 9:00 coffee; mon 10:00 asked",
            "thu 9:00",
            "welcome known coffee",
        );
        case_where(
            &calendar,
            "thanks too",
            "mon-1 7:00 interview; tue-1 7:00 note; mon 10:00 asked",
            "thu 9:00",
            "early thanked",
        );
        case_where(
            &calendar,
            "and the owner's word",
            "mon 10:00 asked; tue 9:00 told met",
            "thu 9:00",
            "welcome told told",
        );
        case_where(
            &calendar,
            "either person unread: it resolves by itself",
            "mon 10:00 asked || John: fri-1 9:00 coffee",
            "thu 9:00",
            "unsure not_read, no question",
        );
        case_where(
            &mail,
            "no note, but the folder was not read up to the deadline",
            "mon 7:00 interview; mon 10:00 asked",
            "thu 9:00",
            "unsure not_read, unread me/INBOX",
        );
        case_where(
            &mail,
            "waiting needs no more than the request",
            "mon 15:00 interview; mon 17:00 asked",
            "tue 10:00",
            "waiting note_may_come",
        );
        case_where(&mail, "a stranger neither", "mon 10:00 asked", "thu 9:00", "premature stranger");
        case_where(
            &mail,
            "one who asked after the mail was last read",
            "wed 10:00 asked",
            "thu 9:00",
            "unsure not_read",
        );
        let nothing = crate::timeline::Coverage::default();
        case_where(&nothing, "no calendar at all", "mon 10:00 asked", "thu 9:00", "unsure not_read, unread calendar");
        let mut no_mail = read_to("thu 9:00");
        no_mail.folders.clear();
        case_where(&no_mail, "no mailbox at all", "mon 10:00 asked", "thu 9:00", "unsure not_read, unread mail");
        case_where(&nothing, "a follow is harmless anyway", "mon 10:00 follow", "thu 9:00", "harmless open");
    }
}
