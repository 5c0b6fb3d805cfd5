//! The person on the card of a request: name, headline, profile, and the words he or she added.
//!
//! A network's mail prints a card: a name, under it a headline, a place, how many contacts are shared, two buttons. The
//! name is mostly known before (sender, subject, sentence); so the card is found by it, and what stands under it
//! is the headline. Strangers recommended
//! further down are cut off before (`cut_at`).
use super::Inviter;
use super::company::company_of;
use super::named::{is_nobody, without_brand};
use super::people::people;
use super::sight::{Sight, param, path};
use crate::message::Link;
use crate::person::{Name, ProfileKey, invisible, looks_like_a_person};
use crate::words::pattern::{Filled, Hole, Line};

/// Names are cut at this length ([`Name`]); a card may show more.
const LONGEST: usize = 80;
/// Longest headline kept, in characters.
const LONGEST_HEADLINE: usize = 250;

/// A name fit to stand for somebody.
pub(super) fn name(sight: &Sight<'_, '_>, raw: &str) -> Option<Name> {
    let raw = without_brand(sight, raw.trim().trim_matches(['"', '\'', '“', '”']).trim());
    let address_like = raw.contains('@') && !raw.contains(' ') && raw.contains('.');
    let fits = !raw.is_empty() && !sight.is_brand(raw) && !raw.contains("://") && !address_like;
    (fits && !is_nobody(sight, raw) && !sight.is_me(raw)).then(|| Name::new(raw)).flatten()
}

/// Everything the mail tells of the one person it is about.
pub(super) fn inviter(sight: &Sight<'_, '_>, filled: &Filled) -> Inviter {
    let told = sight.told();
    let get = |hole| filled.get(hole).or_else(|| told.get(hole));
    let mut found = Inviter { name: full_name(sight, filled, &told), ..Inviter::default() };
    let card = found.name.as_ref().and_then(|n| card(sight, n));
    found.headline = card.and_then(|i| headline_at(sight, i)).or_else(|| get(Hole::Headline).and_then(clean_headline));
    found.company = found
        .headline
        .as_deref()
        .and_then(company_of)
        .or_else(|| get(Hole::Company).and_then(clean_headline))
        .filter(|c| c.chars().count() <= 120);
    found.profile = profile(sight, found.name.as_ref(), get(Hole::Handle));
    if found.name.is_none() {
        found.name = get(Hole::Handle).and_then(|h| Name::new(h.trim_start_matches('@')));
    }
    found.address = personal_reply_to(sight);
    found
}

/// Who wrote a message: under the name stands what was written, so only a company makes that line a headline.
pub(super) fn writer(sight: &Sight<'_, '_>, filled: &Filled) -> Inviter {
    let mut found = inviter(sight, filled);
    let under = found.name.as_ref().and_then(|n| card(sight, n)).and_then(|i| sight.lines().get(i + 2));
    let more = under.is_some_and(|l| !is_noise(sight, l));
    if found.company.is_none() || !more {
        (found.headline, found.company) = (None, None);
    }
    found
}

/// The fullest name told: the display name, else that of a sentence; a first name alone gives way to the card's.
fn full_name(sight: &Sight<'_, '_>, filled: &Filled, told: &Filled) -> Option<Name> {
    let of = |f: &Filled, hole| f.get(hole).and_then(|n| name(sight, n));
    let said = of(filled, Hole::Name).or_else(|| of(told, Hole::Name));
    let full = || said.clone().filter(|n| n.as_str().contains(' '));
    // A sender that is not the network's may show any name: what the request itself says comes first, its card too.
    // A server of anybody's shows its own name.
    let foreign = sight.alien || sight.network.any_sender;
    let long = if foreign { full() } else { display_name(sight).or_else(full) };
    let short = || said.or_else(|| of(filled, Hole::First)).or_else(|| of(told, Hole::First));
    if long.is_none() && filled.get(Hole::Handle).is_some() {
        return short();
    }
    long.or_else(|| {
        let short = short();
        let card =
            people(sight).into_iter().filter_map(|p| p.name).find(|n| short.as_ref().is_none_or(|s| begins(n, s)));
        let card = card.or_else(|| short.as_ref().and_then(|s| written_out(sight, s)));
        let shown = card.or_else(|| display_name(sight).filter(|_| sight.alien)).or(short);
        shown.or_else(|| leading(sight)).or_else(|| spelt_in_a_link(sight))
    })
}

/// A line of its own that holds the whole name of whom a sentence calls by the first.
fn written_out(sight: &Sight<'_, '_>, short: &Name) -> Option<Name> {
    let whole = |n: &Name| {
        let words = n.as_str().split_whitespace().count();
        (2..=4).contains(&words) && begins(n, short) && looks_like_a_person(n.as_str())
    };
    sight.lines().iter().filter_map(|l| name(sight, &l.written_all())).find(whole)
}

/// Nobody is named but on the card: the line that the address of a profile spells.
fn spelt_in_a_link(sight: &Sight<'_, '_>) -> Option<Name> {
    let plain = |text: &str| deunicode::deunicode(text).to_lowercase();
    let of = |l: &Link| by_parameter(sight, l).or_else(|| profile_of(sight, l)).map(|k| plain(k.as_str()));
    let slugs: Vec<String> = sight.links().filter_map(of).collect();
    let spells = |line: &String, slug: &String| {
        let words: Vec<String> = plain(line).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect();
        (2..=5).contains(&words.len()) && words.iter().all(|w| slug.contains(w.as_str()))
    };
    let lines = sight.lines().iter().map(Line::written_all).filter(|l| !l.contains("://"));
    lines.filter(|l| slugs.iter().any(|s| spells(l, s))).find_map(|l| name(sight, &l))
}

fn begins(long: &Name, short: &Name) -> bool {
    Line::new(long.as_str()).text().starts_with(Line::new(short.as_str()).text())
}

/// In a sentence of an unknown language: the name that also stands in a line of its own, or else, as the name mostly
/// comes first, the capitalised words the body repeats.
fn leading(sight: &Sight<'_, '_>) -> Option<Name> {
    let subject = Line::new(sight.message.subject());
    let inside = |l: &&Line| l.text().contains(' ') && l.text() != subject.text() && subject.text().contains(l.text());
    let alone = sight.lines().iter().filter(inside).map(Line::written_all).find(|l| looks_like_a_person(l));
    alone.and_then(|l| name(sight, &l)).or_else(|| capitalised(sight))
}

fn capitalised(sight: &Sight<'_, '_>) -> Option<Name> {
    let words = sight.message.subject().split_whitespace();
    let run: Vec<&str> = words.take_while(|w| w.chars().next().is_some_and(char::is_uppercase)).take(4).collect();
    let sentence = sight.message.subject().split_whitespace().count() > run.len();
    let first = run.first().filter(|_| run.len() >= 2 && sentence && looks_like_a_person(&run.join(" ")))?;
    let repeated =
        sight.lines().iter().any(|l| l.text().split(|c: char| !c.is_alphanumeric()).any(|w| w == first.to_lowercase()));
    repeated.then(|| name(sight, &run.join(" "))).flatten()
}

/// The person in the sender's display name, for networks that put it there.
fn display_name(sight: &Sight<'_, '_>) -> Option<Name> {
    let shown = sight.from.name.as_ref()?.as_str();
    let generic = !sight.network.text.tells.is_empty();
    // Only here may somebody bear the owner's own name: elsewhere in the mail it is the owner's.
    let namesake = || Name::new(without_brand(sight, shown)).filter(|n| sight.is_me(n.as_str()));
    generic.then(|| name(sight, shown).or_else(namesake)).flatten()
}

/// Where the card is: of several lines with the name above the first button the last that a headline follows. A name
/// further up introduces the note.
pub(super) fn card(sight: &Sight<'_, '_>, name: &Name) -> Option<usize> {
    let wanted = Line::new(name.as_str());
    let says_yes = |l: &Line| sight.network.accept.iter().any(|p| p.matches(l).is_some());
    let button = sight.lines().iter().position(|l| l.text().contains("://") || says_yes(l));
    let above = sight.lines().get(..button.unwrap_or_default()).unwrap_or_default().iter().enumerate();
    let mut named = above.rev().filter(|(_, l)| l.text() == wanted.text()).map(|(i, _)| i);
    named.find(|i| headline_at(sight, *i).is_some()).or_else(|| card_line(sight, name))
}

pub(super) fn card_line(sight: &Sight<'_, '_>, name: &Name) -> Option<usize> {
    let wanted = Line::new(name.as_str());
    let cut = name.as_str().chars().count() >= LONGEST;
    sight.lines().iter().position(|l| l.text() == wanted.text() || (cut && l.text().starts_with(wanted.text())))
}

pub(super) fn headline_at(sight: &Sight<'_, '_>, card: usize) -> Option<String> {
    let line = sight.lines().get(card + 1)?;
    let repeated = sight.lines().get(card).is_some_and(|c| c == line);
    let line = if repeated { sight.lines().get(card + 2)? } else { line };
    let whose = sight.lines().get(card).map_or("", Line::text);
    let other = is_noise(sight, line) || speaks(sight, line) || line.text().contains(whose) || is_card(sight, line);
    (!other).then(|| clean_headline(&line.written_all())).flatten()
}

/// Somebody speaks: a greeting, a question, a sentence with its mark at the end. Headlines are titles.
pub(super) fn speaks(sight: &Sight<'_, '_>, line: &Line) -> bool {
    let written = line.written_all();
    let words = written.split_whitespace().count();
    let greets = sight.network.text.greetings.iter().any(|p| p.matches(line).is_some());
    let ends = written.ends_with(['.', '!', '。', '！']) && words >= 8 && !written.contains(['|', '•', '·']);
    greets || (line.opens() && words <= 4) || (written.ends_with(['?', '？']) && words >= 4) || ends
}

/// The name on another card: two of them, one under the other, have no headline between them.
fn is_card(sight: &Sight<'_, '_>, line: &Line) -> bool {
    sight.links().any(|l| Line::new(&l.text).text() == line.text() && profile_of(sight, l).is_some())
}

pub(super) fn clean_headline(raw: &str) -> Option<String> {
    let seen: String = raw.chars().filter(|c| !invisible(*c)).collect();
    let cut: String = seen.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_HEADLINE).collect();
    (!cut.is_empty()).then_some(cut)
}

/// Is the line neither headline nor note: a button, a link, a count of shared contacts, a default text?
pub(super) fn is_noise(sight: &Sight<'_, '_>, line: &Line) -> bool {
    let text = &sight.network.text;
    let mut all = text.noise.iter().chain(&text.tells).chain(&text.default_notes).chain(&sight.network.accept);
    line.text().contains("://")
        || line.text().chars().all(|c| !c.is_alphanumeric())
        || all.any(|p| p.matches(line).is_some())
}

/// The profile a link leads to: the accept link's own parameter first, then a link that shows the name, then the first.
fn profile(sight: &Sight<'_, '_>, name: Option<&Name>, handle: Option<&str>) -> Option<ProfileKey> {
    let keys = || sight.links().filter_map(|l| profile_of(sight, l).map(|k| (l, k)));
    let wanted = name.map(|n| Line::new(n.as_str()));
    let names = |l: &Link| wanted.as_ref().is_some_and(|w| Line::new(&l.text).text() == w.text());
    let by_param = sight.accept_links().find_map(|l| by_parameter(sight, l));
    let shown = || by_handle(sight, handle).or_else(|| keys().find(|(l, _)| names(l)).map(|(_, k)| k));
    by_param.or_else(|| sight.links().find_map(|l| by_parameter(sight, l))).or_else(shown).or_else(|| near(sight, name))
}

/// The first profile link that can be the person's: not behind the cut, not the owner's own picture in the head.
fn near(sight: &Sight<'_, '_>, name: Option<&Name>) -> Option<ProfileKey> {
    let words: Vec<String> = name
        .map(|n| deunicode::deunicode(n.as_str()).to_lowercase())
        .unwrap_or_default()
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    let fits = |k: &ProfileKey| {
        words
            .iter()
            .any(|w| w.chars().count() > 2 && deunicode::deunicode(k.as_str()).to_lowercase().contains(w.as_str()))
    };
    let keys: Vec<ProfileKey> = sight.links().filter_map(|l| profile_of(sight, l)).collect();
    let labelled = || sight.links().filter(|l| is_button(sight, l)).find_map(|l| profile_of(sight, l));
    keys.iter()
        .find(|k| fits(k))
        .cloned()
        .or_else(labelled)
        .or_else(|| (keys.len() == 1).then(|| keys.first().cloned()).flatten())
}

pub(super) fn is_button(sight: &Sight<'_, '_>, link: &Link) -> bool {
    let text = Line::new(&link.text);
    !text.is_empty() && sight.network.text.noise.iter().chain(&sight.network.accept).any(|p| p.matches(&text).is_some())
}

fn by_handle(sight: &Sight<'_, '_>, handle: Option<&str>) -> Option<ProfileKey> {
    let handle = handle?.trim_start_matches('@').to_lowercase();
    let key = sight.network.profile.first().map(|p| p.key.as_str())?;
    ProfileKey::new(&sight.network.id().0, &format!("{key}{handle}"))
}

fn by_parameter(sight: &Sight<'_, '_>, link: &Link) -> Option<ProfileKey> {
    let forms = sight.network.profile.iter().filter(|f| f.path.is_none());
    let found = forms
        .filter_map(|f| param(&link.url, f.param.as_deref()?).map(|slug| (f, slug)))
        .find(|(_, slug)| !slug.is_empty());
    found.and_then(|(f, slug)| ProfileKey::new(&sight.network.id().0, &format!("{}{}", f.key, slug.to_lowercase())))
}

/// The profile this link leads to.
pub(super) fn profile_of(sight: &Sight<'_, '_>, link: &Link) -> Option<ProfileKey> {
    if sight.network.aside.iter().any(|a| link.url.contains(a.as_str())) {
        return None;
    }
    let plain = path(&link.url)?;
    sight.network.profile.iter().filter_map(|f| f.path.as_deref().map(|p| (f, p))).find_map(|(form, wanted)| {
        let rest = plain.strip_prefix(wanted)?;
        let slug = match &form.param {
            Some(p) => param(&link.url, p)?,
            None => rest.split('/').next()?.to_lowercase(),
        };
        let alone = form.param.is_some() || wanted.len() > 2 || rest.trim_end_matches('/').split('/').count() == 1;
        let page = form.except.contains(&slug);
        (alone && !page && !slug.is_empty())
            .then(|| ProfileKey::new(&sight.network.id().0, &format!("{}{slug}", form.key)))?
    })
}

/// Networks once set Reply-To to the inviter's own address.
fn personal_reply_to(sight: &Sight<'_, '_>) -> Option<crate::person::Address> {
    let address = sight.message.reply_to().first()?.address.clone()?;
    let local = address.local().replace(['-', '_', '.'], "");
    let machine =
        ["noreply", "donotreply", "notification", "bounce", "support", "info"].iter().any(|m| local.contains(m));
    let own = sight.network.owns(&address.domain())
        || sight.from.address.as_ref().is_some_and(|f| f.domain() == address.domain());
    (!machine && !own && !sight.alien && !sight.network.any_sender).then_some(address)
}

/// The id of the invitation, from a parameter or the path of a link.
pub(super) fn invitation_id(sight: &Sight<'_, '_>) -> Option<String> {
    let find = |link: &Link| {
        sight.network.invitation_id.iter().find_map(|name| {
            param(&link.url, name).or_else(|| {
                let path = path(&link.url)?;
                let (_, rest) = path.split_once(&format!("/{name}/"))?;
                rest.split('/').next().map(str::to_owned)
            })
        })
    };
    let fits = |id: &String| {
        !id.is_empty() && id.len() <= 80 && id.chars().all(|c| c.is_ascii_alphanumeric() || "-_:.".contains(c))
    };
    sight.links().find_map(find).filter(fits)
}
