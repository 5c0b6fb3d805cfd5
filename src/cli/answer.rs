//! The answer to a question of the digest, by its number.
//!
//! Numbers are read hours after they were printed, and facts move on: so a number means what stood beside it in the
//! digest, and an answer says all that it means at once ("this one, and none of the others"), or the next look would
//! ask the rest of the question again under the same numbers.
use super::{CliError, json, tell};
use crate::config::Settings;
use crate::daemon::{self, Judgement, Preview, Printed};
use crate::digest::{ItemCode, Listing, What};
use crate::etiquette::Question;
use crate::person::MentionId;
use crate::store::{Commit, NewTelling, Store};
use crate::timeline::{Telling, TellingId, Verb};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// An answer that was chosen, among those that were not.
pub(super) struct Answer {
    code: ItemCode,
    number: usize,
    chosen: Printed,
    /// Those it is not.
    others: Vec<MentionId>,
    name: String,
}

impl Answer {
    /// What stands under `number` in the question that was last printed about `code`.
    pub(super) async fn of(
        store: &Store,
        preview: &Preview,
        code: &ItemCode,
        number: usize,
        zone: &TimeZone,
    ) -> Result<Answer, CliError> {
        let open = tell::judgement(preview, code).and_then(question);
        let open = open.map(|q| q.choices.iter().map(|c| Printed::of(c, zone)).collect::<Vec<_>>());
        let printed = daemon::printed(store, code).await?;
        let choices = match (printed, open, answered(preview, code)) {
            (_, None, Some(told)) => return Err(already(code, told)),
            (Some(printed), _, None) => printed,
            (_, Some(open), _) => open,
            (None, None, None) => {
                return Err(CliError::Usage(format!(
                    "there is no question about {0}; who it is can be said with: thankd tell {0} same-as NAME",
                    code.0
                )));
            }
        };
        let chosen = number.checked_sub(1).and_then(|at| choices.get(at)).cloned().ok_or_else(|| {
            CliError::Usage(format!("the question about {} has the answers 1 to {}", code.0, choices.len()))
        })?;
        let same = |a: i64, b: Option<i64>| b.is_some_and(|b| one_person(preview, MentionId(a), MentionId(b)));
        let others = choices.iter().filter_map(|c| c.person).filter(|p| !same(*p, chosen.person));
        let (others, name) = (others.map(MentionId).collect(), name(preview, &chosen));
        Ok(Answer { code: code.clone(), number, chosen, others, name })
    }

    fn tellings(&self, plain: &NewTelling) -> Vec<NewTelling> {
        if let Some(kind) = self.chosen.kind {
            let kind = json::word(&kind);
            let argument = self.chosen.day.as_ref().map_or_else(|| kind.clone(), |day| format!("{kind} {day}"));
            return vec![NewTelling { verb: Verb::Met, argument: Some(argument), ..plain.clone() }];
        }
        let same = self.chosen.person.map(|p| self.telling(plain, Verb::SameAs, MentionId(p)));
        same.into_iter().chain(self.others.iter().map(|p| self.telling(plain, Verb::NotSame, *p))).collect()
    }

    fn telling(&self, plain: &NewTelling, verb: Verb, other: MentionId) -> NewTelling {
        let argument = format!("{} = {}", self.number, self.name);
        NewTelling { verb, other: Some(other), argument: Some(argument), ..plain.clone() }
    }
}

/// Tells it, and settles the question for good: who was not asked about but would be now is none of them either.
pub(super) async fn tell(
    store: &Store,
    settings: &Settings,
    answer: &Answer,
    plain: &NewTelling,
    now: Timestamp,
) -> Result<Option<TellingId>, CliError> {
    let mut told = answer.tellings(plain);
    let number = store.tell_all(&told, now).await?;
    let after = daemon::preview(store, settings, Listing::All { since: None }, None, Commit::No, now).await?;
    let left = tell::judgement(&after, &answer.code).and_then(question);
    let left = left.iter().flat_map(|q| &q.choices).filter_map(|c| c.person).map(|p| MentionId(p.0));
    told = left.map(|p| answer.telling(plain, Verb::NotSame, p)).collect();
    store.tell_all(&told, now).await?;
    Ok(number)
}

fn question(judgement: &Judgement) -> Option<&Question> {
    match &judgement.what {
        What::Request { verdict, .. } => verdict.question.as_ref(),
        What::Thanks(_) => None,
    }
}

/// The standing answer to a question about this item.
fn answered<'p>(preview: &'p Preview, code: &ItemCode) -> Option<&'p Telling> {
    let answers = |t: &&Telling| {
        let numbered = t.argument.as_ref().is_some_and(|a| a.contains(" = "));
        let about = t.item.as_ref() == Some(&code.0);
        about && !t.undone && (t.verb == Verb::Met || numbered && matches!(t.verb, Verb::SameAs | Verb::NotSame))
    };
    let last = preview.world.facts.tellings.iter().rev().find(answers)?;
    // Its first row bears the number that undoes it.
    let act = |t: &&Telling| answers(t) && (t.at, &t.argument) == (last.at, &last.argument);
    preview.world.facts.tellings.iter().find(act)
}

fn already(code: &ItemCode, told: &Telling) -> CliError {
    let what = told.argument.as_deref().map(|a| format!(" ({a})")).unwrap_or_default();
    CliError::Failed(format!(
        "the question about {} is answered already{what}; take that back first with: thankd undo {}",
        code.0, told.id.0
    ))
}

fn one_person(preview: &Preview, a: MentionId, b: MentionId) -> bool {
    a == b || preview.world.grouping.persons.iter().any(|p| p.mentions.contains(&a) && p.mentions.contains(&b))
}

fn name(preview: &Preview, chosen: &Printed) -> String {
    let Some(person) = chosen.person else { return "none of these".to_owned() };
    let mention = preview.world.facts.mentions.iter().find(|m| m.id.0 == person);
    let name = mention.and_then(|m| m.name.as_ref().map(|n| n.as_str()).or(m.address.as_ref().map(|a| a.as_str())));
    name.unwrap_or("somebody").to_owned()
}
