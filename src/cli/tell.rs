//! `thankd tell` and `thankd undo`: the owner's word, and taking it back.
use super::{CliError, Places, explain, json, say, sources};
use crate::clock::Clock;
use crate::daemon::{self, Judgement, Preview};
use crate::digest::{ItemCode, Listing, What};
use crate::etiquette::Question;
use crate::meeting::Kind;
use crate::person::{MentionId, PersonId};
use crate::store::{Commit, NewTelling, Store};
use crate::timeline::{FactId, TellingId, Verb};
use clap::{Args, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
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
    /// More words: "coffee 12 Nov"; a number after `same`; a name or address after `same-as`, `not-same`
    pub words: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Undo {
    /// Its number, as the digest prints it [default: your last word]
    pub number: Option<i64>,
}

impl Tell {
    pub async fn run(self, places: Places) -> Result<ExitCode, CliError> {
        let settings = sources::settings(&places)?;
        let store = sources::store(&places).await?;
        let now = Clock::System.now();
        // Codes are made for good here: what the owner names must exist.
        let preview = daemon::preview(&store, &settings, Listing::All { since: None }, None, Commit::Yes, now).await?;
        let about = self.about(&preview)?;
        let item = preview.codes.iter().find(|(_, c)| c.0 == self.what).map(|(_, c)| c.clone());
        let argument = (!self.words.is_empty()).then(|| self.words.join(" "));
        let tellings = self.tellings(&preview, about, item, argument, &settings.owner.zone)?;
        let mut numbers = Vec::new();
        for telling in &tellings {
            numbers.push(store.tell(telling, now).await?);
        }
        let said = acknowledge(&store, &settings, &numbers, &preview, now).await?;
        store.close().await?;
        say(&said)
    }

    /// The mention the word is about: the item's own, or the person's first.
    fn about(&self, preview: &Preview) -> Result<MentionId, CliError> {
        if let Some(subject) = preview.codes.iter().find(|(_, c)| c.0 == self.what).map(|(s, _)| s) {
            let judgement = preview.world.judgements.iter().find(|j| j.what.subject() == subject);
            if let Some(mention) = judgement.and_then(|j| mention_of(preview, j)) {
                return Ok(mention);
            }
        }
        one_person(preview, &self.what)
    }

    fn tellings(
        &self,
        preview: &Preview,
        about: MentionId,
        item: Option<ItemCode>,
        argument: Option<String>,
        zone: &TimeZone,
    ) -> Result<Vec<NewTelling>, CliError> {
        let plain =
            |verb| NewTelling { verb, about: Some(about), other: None, item: item.clone(), argument: argument.clone() };
        let pair = |verb, other| NewTelling { other: Some(other), ..plain(verb) };
        let other = || {
            let name = argument
                .as_deref()
                .ok_or_else(|| CliError::Usage("same-as and not-same need a second name or address".into()))?;
            one_person(preview, name)
        };
        Ok(match self.said {
            Said::Met => vec![plain(Verb::Met)],
            Said::Hired => vec![plain(Verb::Hired)],
            Said::Known => vec![plain(Verb::Known)],
            Said::Noted => vec![plain(Verb::Noted)],
            Said::Ignore => vec![plain(Verb::Ignore)],
            Said::DidNotMeet => vec![plain(Verb::DidNotMeet)],
            // A number answers the question, as in `same 1`.
            Said::SameAs if self.words.first().is_some_and(|w| w.parse::<usize>().is_ok()) => {
                self.choice(preview, zone)?.into_iter().map(|answer| answer.telling(&plain)).collect()
            }
            Said::SameAs => vec![pair(Verb::SameAs, other()?)],
            Said::NotSame => vec![pair(Verb::NotSame, other()?)],
            Said::Same => {
                let chosen = self.choice(preview, zone)?;
                chosen.into_iter().map(|answer| answer.telling(&plain)).collect()
            }
        })
    }

    /// `k4f same 1`: the same as the first choice, or the first kind. "None of these" says not-same to each.
    fn choice(&self, preview: &Preview, zone: &TimeZone) -> Result<Vec<Answer>, CliError> {
        let question = question(preview, &self.what)
            .ok_or_else(|| CliError::Usage(format!("there is no question about {}; say same-as NAME", self.what)))?;
        let number: usize = self
            .words
            .first()
            .and_then(|n| n.parse().ok())
            .ok_or_else(|| CliError::Usage("say the number of your answer: same 1".into()))?;
        let chosen = number.checked_sub(1).and_then(|at| question.choices.get(at));
        let chosen = chosen.ok_or_else(|| CliError::Usage(format!("there are {} answers", question.choices.len())))?;
        let mention = |p: PersonId| MentionId(p.0);
        Ok(match (chosen.person, chosen.kind) {
            (Some(person), _) => vec![Answer::Person(Verb::SameAs, mention(person))],
            (None, Some(kind)) => {
                let day = chosen.meeting.as_ref().map(|m| zone.to_datetime(m.starts).date());
                vec![Answer::Kind(kind, day)]
            }
            (None, None) => {
                let persons = question.choices.iter().filter_map(|c| c.person);
                persons.map(|p| Answer::Person(Verb::NotSame, mention(p))).collect()
            }
        })
    }
}

/// What an answer's number stands for.
enum Answer {
    Person(Verb, MentionId),
    /// The meeting in question was this, on that day.
    Kind(Kind, Option<Date>),
}

impl Answer {
    fn telling(self, plain: &impl Fn(Verb) -> NewTelling) -> NewTelling {
        match self {
            Answer::Person(verb, other) => NewTelling { other: Some(other), argument: None, ..plain(verb) },
            Answer::Kind(kind, day) => {
                let kind = json::word(&kind);
                let argument = day.map_or_else(|| kind.clone(), |day| format!("{kind} {day}"));
                NewTelling { argument: Some(argument), ..plain(Verb::Met) }
            }
        }
    }
}

fn question<'p>(preview: &'p Preview, code: &str) -> Option<&'p Question> {
    let subject = &preview.codes.iter().find(|(_, c)| c.0 == code)?.0;
    preview.world.judgements.iter().find(|j| j.what.subject() == subject).and_then(|j| match &j.what {
        What::Request { verdict, .. } => verdict.question.as_ref(),
        What::Thanks(_) => None,
    })
}

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

fn one_person(preview: &Preview, what: &str) -> Result<MentionId, CliError> {
    let found = explain::persons(&preview.world, what);
    match found.as_slice() {
        [one] => preview
            .world
            .built
            .timelines
            .get(*one)
            .map(|t| MentionId(t.person.0))
            .ok_or_else(|| CliError::Failed("the person is gone".into())),
        [] => Err(CliError::Failed(format!(
            "nobody is known under \"{what}\"; give an item's code, a name or an address"
        ))),
        many => {
            let names: Vec<String> = many
                .iter()
                .filter_map(|at| preview.world.built.timelines.get(*at))
                .map(|t| {
                    let address = t.addresses.first().map(|a| format!(" <{}>", a.as_str())).unwrap_or_default();
                    format!("{}{address}", t.name.as_ref().map_or("(no name)", |n| n.as_str()))
                })
                .collect();
            Err(CliError::Failed(format!("\"{what}\" fits several: {}; say which", names.join(", "))))
        }
    }
}

/// What the word changed, at once: the verdicts before and after.
async fn acknowledge(
    store: &Store,
    settings: &crate::config::Settings,
    numbers: &[TellingId],
    before: &Preview,
    now: Timestamp,
) -> Result<String, CliError> {
    let after = daemon::preview(store, settings, Listing::All { since: None }, None, Commit::No, now).await?;
    let mut out = String::new();
    for j in &after.world.judgements {
        let was = before.world.judgements.iter().find(|b| b.what.subject() == j.what.subject()).map(|b| b.what.face());
        let is = j.what.face();
        if was.as_ref() != Some(&is) {
            let code = after.codes.iter().find(|(s, _)| s == j.what.subject()).map_or("", |(_, c)| c.0.as_str());
            let was = was.map_or_else(|| "nothing".to_owned(), |w| w.0);
            out += &format!("{code}: {was} → {}\n", is.0);
        }
    }
    if out.is_empty() {
        out += "Noted; no verdict changes by it.\n";
    }
    let numbers: Vec<String> = numbers.iter().map(|n| format!("thankd undo {}", n.0)).collect();
    Ok(out + &format!("Take it back with: {}\n", numbers.join("; ")))
}

impl Undo {
    pub async fn run(self, places: Places) -> Result<ExitCode, CliError> {
        let store = sources::store(&places).await?;
        let undone = store.undo(self.number.map(TellingId), Clock::System.now()).await?;
        store.close().await?;
        match undone {
            None => Err(CliError::Failed("there is nothing to take back".into())),
            Some((id, undone)) => {
                let about = undone.item.map(|i| format!(" ({i})")).unwrap_or_default();
                let argument = undone.argument.map(|a| format!(" {a}")).unwrap_or_default();
                say(&format!("Taken back: {} {}{argument}{about}", id.0, undone.verb))
            }
        }
    }
}
