//! `thankd tell`: the owner's word.
use super::answer::{self, Answer};
use super::{CliError, Places, explain, sources, tell_people};
use crate::daemon::{self, Judgement, Preview};
use crate::digest::{ItemCode, Listing, What, words};
use crate::person::MentionId;
use crate::store::{Commit, NewTelling, Store};
use crate::timeline::{FactId, Verb, told_day, told_kind};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use std::process::ExitCode;

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Said {
    /// You met, whatever the calendar holds
    Met,
    /// They were hired
    Hired,
    /// You know them
    Known,
    /// A note came on paper or elsewhere
    Noted,
    /// Nothing more about this item
    Ignore,
    /// The meeting in the calendar did not take place
    DidNotMeet,
    /// The answer to a question: its number
    Same,
    /// Is the same person as …
    SameAs,
    /// Is not the same person as …
    NotSame,
}

#[derive(Debug, Args)]
pub struct Tell {
    /// An item's code (k3f), a name, or an address
    #[arg(value_name = "ITEM|PERSON")]
    pub what: String,
    /// What you say of it
    #[arg(value_enum)]
    pub said: Said,
    /// More words: "coffee 12 Nov"; a number after `same`; a code, name or address after `same-as`, `not-same`
    pub words: Vec<String>,
    /// As if it were this time: RFC 3339, a date, or a span back ("30d")
    #[arg(long, value_name = "T")]
    pub now: Option<String>,
}

impl Tell {
    pub async fn run(self, places: Places) -> Result<ExitCode, CliError> {
        let settings = sources::settings(&places)?;
        let store = sources::store(&places).await?;
        let now = sources::now(self.now.as_deref(), &settings)?;
        // Codes are made for good here: what the owner names must exist.
        let preview = daemon::preview(&store, &settings, Listing::All { since: None }, None, Commit::Yes, now).await?;
        let plain = self.plain(&store, &preview).await?;
        let today = settings.owner.zone.to_datetime(now).date();
        let number = match self.answer(&plain)? {
            Some((code, number)) => {
                let answer = Answer::of(&store, &preview, code, number, &settings.owner.zone).await?;
                answer::tell(&store, &settings, &answer, &plain, now).await?
            }
            None => store.tell_all(&[self.telling(&store, &preview, plain, today).await?], now).await?,
        };
        let number = number.ok_or_else(|| CliError::Failed("there was nothing to say".into()))?;
        let mut said = changes(&store, &settings, &preview, now).await?;
        if said.is_empty() {
            said += "Noted; no verdict changes by it.\n";
        }
        if self.said == Said::Met && !self.words.is_empty() {
            said += &remark(&self.words.join(" "), today).unwrap_or_default();
        }
        store.close().await?;
        tell_people(&format!("{said}Take it back with: thankd undo {}\n", number.0))
    }

    /// The word without its verb's own needs: about whom, on which item, with which argument.
    async fn plain(&self, store: &Store, preview: &Preview) -> Result<NewTelling, CliError> {
        let code = code(preview, &self.what).cloned();
        let thanks =
            code.as_ref().and_then(|code| judgement(preview, code)).filter(|j| matches!(j.what, What::Thanks(_)));
        if let (Said::Ignore, Some(_)) = (self.said, thanks) {
            let shown = &self.what;
            return Err(CliError::Usage(format!(
                "{shown} is a note: only requests wait for a word, there is nothing to ignore"
            )));
        }
        let about = match code.as_ref().and_then(|code| mention_of(preview, judgement(preview, code)?)) {
            Some(mention) => mention,
            None => one_person(store, preview, &self.what).await?,
        };
        let argument = (!self.words.is_empty()).then(|| self.words.join(" "));
        Ok(NewTelling { verb: self.verb(), about: Some(about), other: None, item: code, argument })
    }

    fn verb(&self) -> Verb {
        match self.said {
            Said::Met => Verb::Met,
            Said::Hired => Verb::Hired,
            Said::Known => Verb::Known,
            Said::Noted => Verb::Noted,
            Said::Ignore => Verb::Ignore,
            Said::DidNotMeet => Verb::DidNotMeet,
            Said::Same | Said::SameAs => Verb::SameAs,
            Said::NotSame => Verb::NotSame,
        }
    }

    /// The number of an answer: after `same`, and after `same-as`, where it is meant as well.
    fn answer<'p>(&self, plain: &'p NewTelling) -> Result<Option<(&'p ItemCode, usize)>, CliError> {
        let number = self.words.first().and_then(|n| n.parse::<usize>().ok());
        let number = match (self.said, number) {
            (Said::Same | Said::SameAs, Some(number)) => number,
            (Said::Same, None) => {
                return Err(CliError::Usage(
                    "say the number of your answer (same 1), or who it is (same-as \"Joan Smith\")".into(),
                ));
            }
            _ => return Ok(None),
        };
        let code = plain.item.as_ref().ok_or_else(|| {
            CliError::Usage(format!("a number answers a question of the digest: name its code, not \"{}\"", self.what))
        })?;
        Ok(Some((code, number)))
    }

    async fn telling(
        &self,
        store: &Store,
        preview: &Preview,
        plain: NewTelling,
        today: Date,
    ) -> Result<NewTelling, CliError> {
        match self.said {
            Said::SameAs | Said::NotSame => {
                let name = plain.argument.as_deref().ok_or_else(|| {
                    CliError::Usage("same-as and not-same need a second one: a code, a name or an address".into())
                })?;
                let item = code(preview, name).and_then(|code| mention_of(preview, judgement(preview, code)?));
                let other = match item {
                    Some(mention) => mention,
                    None => one_person(store, preview, name).await?,
                };
                if Some(other) == plain.about {
                    return Err(CliError::Usage(format!("\"{}\" and \"{name}\" are one already", self.what)));
                }
                Ok(NewTelling { other: Some(other), ..plain })
            }
            Said::Met => match plain.argument.as_deref().and_then(|words| refused(words, today)) {
                Some(why) => Err(CliError::Usage(why)),
                None => Ok(plain),
            },
            Said::Hired | Said::Known | Said::Noted | Said::Ignore | Said::DidNotMeet | Said::Same => Ok(plain),
        }
    }
}

/// The code as typed, capitals or not.
pub(super) fn code<'p>(preview: &'p Preview, typed: &str) -> Option<&'p ItemCode> {
    preview.codes.iter().map(|(_, code)| code).find(|code| code.0.eq_ignore_ascii_case(typed))
}

pub(super) fn judgement<'p>(preview: &'p Preview, code: &ItemCode) -> Option<&'p Judgement> {
    let subject = preview.codes.iter().find(|(_, c)| c == code).map(|(s, _)| s)?;
    preview.world.judgements.iter().find(|j| j.what.subject() == subject)
}

/// Why these words cannot tell of a meeting that was.
fn refused(words: &str, today: Date) -> Option<String> {
    if let Some(day) = no_day(words) {
        return Some(format!("there is no {day}; write the day like \"12 Nov\""));
    }
    let ahead = told_day(words, today).filter(|day| *day > today)?;
    Some(format!("{ahead} is still to come; tell it when you have met"))
}

/// What is said of words that nothing could be read from.
fn remark(words: &str, today: Date) -> Option<String> {
    (told_kind(words).is_none() && told_day(words, today).is_none()).then(|| {
        format!("\"{words}\" names no kind of meeting (coffee, lunch, drink, interview, call, meeting) and no day; it is kept as a remark.\n")
    })
}

/// "31 Feb" in a few words, if it is no day of any year.
fn no_day(words: &str) -> Option<String> {
    const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let pieces: Vec<&str> = words.split([' ', ',', '.']).filter(|p| !p.is_empty()).collect();
    let wrong = |day: &str, month: &str| {
        let day: i8 = day.parse().ok()?;
        let at = MONTHS.iter().position(|m| month.to_lowercase().starts_with(m))?;
        let month = i8::try_from(at + 1).ok()?;
        Date::new(2024, month, day).is_err().then_some(())
    };
    let written = |p: &&str| p.len() == 10 && p.matches('-').count() == 2 && p.parse::<Date>().is_err();
    if let Some(date) = pieces.iter().find(|p| written(p)) {
        return Some((*date).to_owned());
    }
    let pairs = pieces.windows(2).filter_map(|w| Some((*w.first()?, *w.get(1)?)));
    pairs.filter(|(a, b)| wrong(a, b).or_else(|| wrong(b, a)).is_some()).map(|(a, b)| format!("{a} {b}")).next()
}

/// The mention the word is about: the item's own, or the person's first.
fn mention_of(preview: &Preview, judgement: &Judgement) -> Option<MentionId> {
    let letters = judgement.because.iter().filter_map(|id| match id {
        FactId::Letter(id) => preview.world.facts.letters.iter().find(|l| l.id == *id)?.mention,
        FactId::Meeting(_) | FactId::Telling(_) | FactId::Acquaintance(_) => None,
    });
    let person = judgement.timeline.and_then(|at| preview.world.built.timelines.get(at)).map(|t| MentionId(t.person.0));
    match &judgement.what {
        What::Request { .. } => letters.into_iter().next().or(person),
        What::Thanks(_) => person,
    }
}

async fn one_person(store: &Store, preview: &Preview, what: &str) -> Result<MentionId, CliError> {
    let timelines = &preview.world.built.timelines;
    match explain::persons(&preview.world, what).as_slice() {
        [one] => timelines
            .get(*one)
            .map(|t| MentionId(t.person.0))
            .ok_or_else(|| CliError::Failed("the person is gone".into())),
        [] => Err(explain::nobody(store, what).await?),
        many => {
            let name = |t: &crate::timeline::Timeline| {
                let address = t.addresses.first().map(|a| format!(" <{}>", a.as_str())).unwrap_or_default();
                format!("{}{address}", t.name.as_ref().map_or("(no name)", |n| n.as_str()))
            };
            let names: Vec<String> = many.iter().filter_map(|at| timelines.get(*at)).map(name).collect();
            Err(CliError::Failed(format!(
                "\"{what}\" fits several: {}; say which, by the whole name, an address or an item's code",
                names.join(", ")
            )))
        }
    }
}

/// What a word changed, at once: the verdicts before and now, a line each.
pub(super) async fn changes(
    store: &Store,
    settings: &crate::config::Settings,
    before: &Preview,
    now: Timestamp,
) -> Result<String, CliError> {
    let after = daemon::preview(store, settings, Listing::All { since: None }, None, Commit::No, now).await?;
    let code = |j: &Judgement| {
        let codes = before.codes.iter().chain(&after.codes);
        codes.into_iter().find(|(s, _)| s == j.what.subject()).map_or("", |(_, c)| c.0.as_str())
    };
    let same = |a: &Judgement, b: &Judgement| a.what.subject() == b.what.subject();
    let mut out = String::new();
    for j in &after.world.judgements {
        let was = before.world.judgements.iter().find(|b| same(b, j));
        let (was, is) = (was.map(|b| (b.what.face(), closed(b))), j.what.face());
        match was {
            None => out += &format!("{} is new: {}\n", code(j), words::face(&is)),
            Some((_, false)) if closed(j) => out += &format!("{} is closed: {}\n", code(j), words::face(&is)),
            Some((face, _)) if face != is => {
                out += &format!("{}: {} (was: {})\n", code(j), words::face(&is), words::face(&face));
            }
            Some(_) => {}
        }
    }
    for gone in before.world.judgements.iter().filter(|b| !after.world.judgements.iter().any(|j| same(b, j))) {
        out += &format!("{} is closed\n", code(gone));
    }
    Ok(out)
}

fn closed(judgement: &Judgement) -> bool {
    match &judgement.what {
        What::Request { verdict, .. } => verdict.closed.is_some(),
        What::Thanks(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{no_day, refused, remark};
    use jiff::civil::date;

    #[test]
    fn a_day_that_no_year_has() {
        for (words, wrong) in [
            ("dinner 31 Feb", Some("31 Feb")),
            ("coffee 12 Nov", None),
            ("lunch on February 30", Some("February 30")),
            ("interview 2026-02-30", Some("2026-02-30")),
            ("interview 2026-11-12", None),
            ("coffee with 40 others", None),
            ("29 Feb", None),
        ] {
            assert_eq!(no_day(words).as_deref(), wrong, "{words}");
        }
    }

    #[test]
    fn a_meeting_that_was_not_yet_and_words_that_say_nothing() {
        let today = date(2026, 11, 16);
        for (words, is_refused, is_remarked) in [
            ("coffee 12 Nov", false, false),
            ("coffee 12 Dec", false, false),
            ("coffee 2026-12-12", true, false),
            ("coffee", false, false),
            ("2026-11-16", false, false),
            ("bananas", false, true),
        ] {
            let found = (refused(words, today).is_some(), remark(words, today).is_some());
            assert_eq!(found, (is_refused, is_remarked), "{words}");
        }
    }
}
