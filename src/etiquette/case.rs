//! What a clause is given, and what it answers.
use super::story::{Occasion, Story};
use super::{Clause, KnownBy, Policy, Question, Remark, RequestWord};
use crate::timeline::{Alternative, Coverage, FactId, Met, Request, Unread};
use jiff::Timestamp;

/// One request before one clause.
#[derive(Clone, Copy)]
pub(super) struct Case<'a> {
    pub policy: &'a Policy,
    pub coverage: &'a Coverage,
    pub now: Timestamp,
    pub request: &'a Request,
    pub story: &'a Story<'a>,
}

/// A person this one may be, with their story (told twice where a meeting's kind is open).
pub(super) struct Other<'a> {
    pub alternative: &'a Alternative,
    pub stories: Vec<Story<'a>>,
}

/// A clause that holds.
#[derive(Debug, Clone)]
pub(super) struct Finding<'a> {
    pub word: RequestWord,
    pub clause: Clause,
    pub known_by: Option<KnownBy>,
    pub met: Option<&'a Met>,
    pub until: Option<Timestamp>,
    pub unread: Option<Unread>,
    pub question: Option<Question>,
    pub remarks: Vec<Remark>,
    pub because: Vec<FactId>,
}

impl<'a> Finding<'a> {
    pub(super) fn new(word: RequestWord, clause: Clause) -> Self {
        Finding {
            word,
            clause,
            known_by: None,
            met: None,
            until: None,
            unread: None,
            question: None,
            remarks: vec![],
            because: vec![],
        }
    }
    pub(super) fn met(mut self, met: &'a Met) -> Self {
        self.met = Some(met);
        self.because(FactId::Meeting(met.id))
    }
    pub(super) fn because(mut self, fact: FactId) -> Self {
        if !self.because.contains(&fact) {
            self.because.push(fact);
        }
        self
    }
    pub(super) fn until(mut self, until: Timestamp) -> Self {
        self.until = Some(until);
        self
    }
    pub(super) fn remark(mut self, remark: Remark) -> Self {
        self.remarks.push(remark);
        self
    }
}

impl<'a> Case<'a> {
    /// A finding that rests on absence stands only where we looked: every calendar since the request, every folder up to
    /// `mail`. Elsewhere nothing is known, and nothing is asked.
    pub(super) fn if_looked(&self, mail: Timestamp, finding: Finding<'a>) -> Finding<'a> {
        let calendars = self.coverage.calendars_read_since(self.request.at);
        match calendars.and_then(|()| self.coverage.mail_read_to(mail)) {
            Ok(()) => finding,
            Err(unread) => Finding { unread: Some(unread), ..Finding::new(RequestWord::Unsure, Clause::NotRead) },
        }
    }

    /// The interview this request is about: the latest that had ended, else the first that came after it.
    pub(super) fn interview(&self) -> Option<(usize, &'a Occasion<'a>)> {
        let asked = super::moment::plus(self.request.at, super::moment::BLUR);
        let before = self.story.interviews().rev().find(|(_, o)| o.met.ends <= asked);
        before.or_else(|| self.story.interviews().next())
    }

    /// The last interview that took place of the candidacy this one belongs to: its deadline is the one that holds.
    pub(super) fn last_interview_of(&self, interview: &'a Occasion<'a>) -> &'a Occasion<'a> {
        let candidacy = self.story.candidacy(interview.met.starts);
        let last = self.story.interviews().rev().find(|(_, o)| self.story.candidacy(o.met.starts) == candidacy);
        last.map_or(interview, |(_, o)| o)
    }
}
