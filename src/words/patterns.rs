//! Many sentences with holes, of which a line is one at most.
//!
//! Each pattern has words of its own, and most lines hold none of them: one search for the longest words of all patterns
//! says which are worth trying.
use super::pattern::{Filled, Line, Pattern, best};
use aho_corasick::AhoCorasick;

#[derive(Debug, Clone, Default)]
pub(crate) struct Patterns {
    patterns: Vec<Pattern>,
    /// `None`: could not be built, all are tried.
    anchors: Option<AhoCorasick>,
}

impl Patterns {
    pub(crate) fn new<'a>(patterns: impl IntoIterator<Item = &'a Pattern>) -> Self {
        let patterns: Vec<Pattern> = patterns.into_iter().cloned().collect();
        let anchors = AhoCorasick::new(patterns.iter().map(Pattern::anchor)).ok();
        Self { patterns, anchors }
    }

    /// Could one of them match this line?
    pub(crate) fn may_match(&self, line: &Line) -> bool {
        self.anchors.as_ref().is_none_or(|anchors| anchors.is_match(line.text()))
    }

    /// The match that says most, of equal ones the first.
    pub(crate) fn best(&self, line: &Line) -> Option<Filled> {
        let Some(anchors) = &self.anchors else { return best(&self.patterns, line) };
        let mut near: Vec<usize> = anchors.find_overlapping_iter(line.text()).map(|m| m.pattern().as_usize()).collect();
        near.sort_unstable();
        near.dedup();
        best(near.into_iter().filter_map(|at| self.patterns.get(at)), line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;
    use proptest::prelude::*;

    /// As if each had been tried by itself.
    #[track_caller]
    fn same(all: &[Pattern], line: &str) {
        let line = Line::new(line);
        let patterns = Patterns::new(all);
        assert_eq!(patterns.best(&line), best(all, &line), "{line:?}");
        assert!(patterns.may_match(&line) || best(all, &line).is_none(), "{line:?}");
    }

    #[test]
    fn finds_what_trying_each_would_find() {
        let subjects: Vec<Pattern> =
            Words::embedded().lexicons.iter().flat_map(|l| l.application.subjects.iter().cloned()).collect();
        for line in ["Application for Analyst", "Bewerbung als Analystin", "application", "Lunch on Friday?", ""] {
            same(&subjects, line);
        }
        let any = [Pattern::new("{name}").expect("a pattern"), Pattern::new("{name} came").expect("a pattern")];
        for line in ["Ada", "Ada came", "came", ""] {
            same(&any, line);
        }
    }

    proptest! {
        #[test]
        fn and_on_any_line(line in "(Ada|Bo|came|late|and| |,|é){0,8}") {
            let all = ["{name} came", "{name} came late", "{*}came{*}", "{name} and {other} came"];
            let all: Vec<Pattern> = all.iter().map(|p| Pattern::new(p).expect("a pattern")).collect();
            same(&all, &line);
        }
    }
}
