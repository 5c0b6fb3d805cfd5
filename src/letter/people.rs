//! The people of a mail that shows several: a batch of requests, new connections.
//!
//! Such a mail has no sentence with a name in it, only cards, one under the other. What marks a card is the link to its
//! profile: beside it (HTML) or above it (plain text) stands the name.
use super::Inviter;
use super::card::{card_line, headline_at, is_button, is_noise, name, profile_of};
use super::company::company_of;
use super::sight::{Sight, path};
use crate::message::Link;
use crate::person::{Name, ProfileKey};
use crate::words::pattern::Line;

/// The people of a batch: one per profile link, with the line that names them and the one under it.
pub(super) fn people(sight: &Sight<'_, '_>) -> Vec<Inviter> {
    let mut found: Vec<Inviter> = Vec::new();
    for link in sight.links() {
        let Some(key) = profile_of(sight, link) else { continue };
        if found.iter().any(|i| i.profile.as_ref() == Some(&key)) {
            continue;
        }
        let named = !is_button(sight, link) && few(&link.text);
        let shown = named.then(|| name(sight, &link.text)).flatten();
        let Some((name, card)) =
            shown.and_then(|n| card_line(sight, &n).map(|c| (n, c))).or_else(|| above(sight, link))
        else {
            continue;
        };
        let headline = headline_at(sight, card);
        let company = headline.as_deref().and_then(company_of);
        if !found.iter().any(|i| i.name.as_ref() == Some(&name)) {
            found.push(Inviter { name: Some(name), headline, company, profile: Some(key), address: None });
        }
    }
    found
}

/// The one profile a mail links to, by its handle: all that is known when the sentence is in no language listed.
pub(super) fn only_profile(sight: &Sight<'_, '_>) -> Option<Inviter> {
    let mut keys: Vec<ProfileKey> = sight.links().filter_map(|l| profile_of(sight, l)).collect();
    keys.dedup();
    let [key] = keys.as_slice() else { return None };
    let handle = key.as_str().rsplit(['/', ':']).next()?.trim_start_matches('@');
    Some(Inviter { name: Name::new(handle), profile: Some(key.clone()), ..Inviter::default() })
}

/// In HTML a button shows no address: the third "View profile" among the links is the third among the lines.
fn button_line(sight: &Sight<'_, '_>, link: &Link) -> Option<usize> {
    let label = Line::new(&link.text);
    let same =
        sight.message.links().iter().take_while(|l| *l != link).filter(|l| Line::new(&l.text).text() == label.text());
    let place = same.count();
    let mut lines = sight.lines().iter().enumerate().filter(|(_, l)| !label.is_empty() && l.text() == label.text());
    lines.nth(place).map(|(i, _)| i)
}

/// In plain text the card stands above its link: the first line of the block that ends there.
fn above(sight: &Sight<'_, '_>, link: &Link) -> Option<(Name, usize)> {
    let slug = path(&link.url)?.trim_matches('/').rsplit('/').next()?.to_lowercase();
    let lines = sight.lines();
    let shown = |l: &Line| !slug.is_empty() && l.text().contains("://") && l.text().contains(&slug);
    let at = lines.iter().position(shown).or_else(|| button_line(sight, link))?;
    let label = Line::new(&link.text);
    let ends = |l: &Line| l.text().contains("://") || l.text() == label.text();
    let block = lines.get(..at)?.iter().enumerate().rev().take_while(|(_, l)| !ends(l));
    let block: Vec<(usize, &Line)> = block.filter(|(_, l)| !is_noise(sight, l)).collect();
    let fits = |l: &Line| deunicode::deunicode(l.text()).split(' ').all(|w| slug.contains(w.trim_matches('.')));
    let (i, line) = block.iter().find(|(_, l)| fits(l)).or(block.last()).copied()?;
    name(sight, &line.written_all()).filter(|_| few(line.text())).map(|n| (n, i))
}

/// No more words than a name has; more are a sentence.
fn few(text: &str) -> bool {
    text.split_whitespace().count() <= 6
}
