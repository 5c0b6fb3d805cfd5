//! What waits: a request whose verdict rests on a source nobody could read is no news, and must not be lost from sight.
use super::view::Health;
use super::{Judged, What, words};
use crate::etiquette::Clause;
use std::collections::BTreeMap;

/// Requests that nothing can be said of until a source is read: without this line they would seem never to have come.
pub(super) fn waiting<'a>(items: impl Iterator<Item = &'a Judged>, h: &Health) -> Vec<String> {
    let mut waiting: BTreeMap<String, usize> = BTreeMap::new();
    for item in items {
        let What::Request { verdict: v, .. } = &item.what else { continue };
        if let (Clause::NotRead, None, Some(unread)) = (v.clause, v.closed, &v.unread) {
            *waiting.entry(words::clean(&unread.source, 60)).or_default() += 1;
        }
    }
    let line = |(source, n): (String, usize)| {
        let wait = words::plural(n, "request waits", "requests wait");
        if h.calendars.iter().any(|c| words::clean(&c.name, 60) == source) {
            format!("{wait} until the calendar \"{source}\" can be read")
        } else if h.calendars.is_empty() && source == "calendar" {
            format!("{wait}: no calendar is named, so nobody can be said to be known or not")
        } else if source == "mail" {
            format!("{wait} until mail can be read")
        } else {
            format!("{wait} until the mail of \"{source}\" is read up to now")
        }
    };
    waiting.into_iter().map(line).collect()
}
