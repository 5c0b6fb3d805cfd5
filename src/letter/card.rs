//! The person on the card of a request: name, headline, profile, and the words he or she added.
//!
//! A network's mail prints a card: a name, under it a headline, a place, how many contacts are shared, two buttons. The
//! name is mostly known before (sender, subject, sentence); so the card is found by it, and what stands under it is
//! the headline, and what stands above it and is nobody's default text is the personal note. Strangers recommended
//! further down are cut off before (`cut_at`).
use super::Inviter;
use super::sight::{Sight, param, path};
use crate::message::Link;
use crate::person::{Name, Owner, ProfileKey};
use crate::words::pattern::{Filled, Hole, Line};

/// Names are cut at this length ([`Name`]); a card may show more.
const LONGEST: usize = 80;
/// Longest headline and note kept, in characters.
const LONGEST_HEADLINE: usize = 250;
const LONGEST_NOTE: usize = 1_000;
/// A default text nobody listed is one short sentence.
const DEFAULT_WORDS: usize = 22;

/// A name fit to stand for somebody.
pub(super) fn name(sight: &Sight<'_, '_>, raw: &str) -> Option<Name> {
    let raw = raw.trim().trim_matches(['"', '\'', '“', '”']).trim();
    let address_like = raw.contains('@') && !raw.contains(' ') && raw.contains('.');
    let fits = !raw.is_empty() && !sight.is_brand(raw) && !raw.contains("://") && !address_like;
    fits.then(|| Name::new(raw)).flatten()
}

/// Everything the mail tells of the one person it is about.
pub(super) fn inviter(sight: &Sight<'_, '_>, filled: &Filled) -> Inviter {
    let told = sight.told();
    let get = |hole| filled.get(hole).or_else(|| told.get(hole));
    let mut found = Inviter { name: full_name(sight, filled, &told), ..Inviter::default() };
    let card = found.name.as_ref().and_then(|n| card_line(sight, n));
    found.headline = card.and_then(|i| headline_at(sight, i)).or_else(|| get(Hole::Headline).and_then(clean_headline));
    found.company = found
        .headline
        .as_deref()
        .and_then(company_of)
        .or_else(|| get(Hole::Company).map(str::to_owned))
        .filter(|c| c.chars().count() <= 120);
    found.profile = profile(sight, found.name.as_ref(), get(Hole::Handle));
    if found.name.is_none() {
        found.name = get(Hole::Handle).and_then(|h| Name::new(h.trim_start_matches('@')));
    }
    found.address = personal_reply_to(sight);
    found
}

/// The fullest name told: the display name, else that of a sentence; a first name alone gives way to the card's.
fn full_name(sight: &Sight<'_, '_>, filled: &Filled, told: &Filled) -> Option<Name> {
    let of = |f: &Filled, hole| f.get(hole).and_then(|n| name(sight, n));
    let said = of(filled, Hole::Name).or_else(|| of(told, Hole::Name));
    let long = display_name(sight).or_else(|| said.clone().filter(|n| n.as_str().contains(' ')));
    let short = || said.or_else(|| of(filled, Hole::First)).or_else(|| of(told, Hole::First));
    if long.is_none() && filled.get(Hole::Handle).is_some() {
        return short();
    }
    long.or_else(|| {
        let short = short();
        let card =
            people(sight).into_iter().filter_map(|p| p.name).find(|n| short.as_ref().is_none_or(|s| begins(n, s)));
        card.or(short).or_else(|| leading(sight))
    })
}

fn begins(long: &Name, short: &Name) -> bool {
    Line::new(long.as_str()).text().starts_with(Line::new(short.as_str()).text())
}

/// In a sentence of an unknown language the name mostly comes first: the capitalised words the body repeats.
fn leading(sight: &Sight<'_, '_>) -> Option<Name> {
    let words = sight.message.subject().split_whitespace();
    let run: Vec<&str> = words.take_while(|w| w.chars().next().is_some_and(char::is_uppercase)).take(4).collect();
    let first = run.first().filter(|_| run.len() >= 2)?;
    let repeated =
        sight.lines().iter().any(|l| l.text().split(|c: char| !c.is_alphanumeric()).any(|w| w == first.to_lowercase()));
    repeated.then(|| name(sight, &run.join(" "))).flatten()
}

/// The person in the sender's display name, for networks that put it there.
fn display_name(sight: &Sight<'_, '_>) -> Option<Name> {
    let shown = sight.from.name.as_ref()?.as_str();
    let cut = shown.find(" via ").or_else(|| shown.find(" (via ")).and_then(|i| shown.get(..i)).unwrap_or(shown);
    let generic = !sight.network.text.tells.is_empty() && !sight.alien;
    generic.then(|| name(sight, cut)).flatten()
}

fn card_line(sight: &Sight<'_, '_>, name: &Name) -> Option<usize> {
    let wanted = Line::new(name.as_str());
    let cut = name.as_str().chars().count() >= LONGEST;
    sight.lines().iter().position(|l| l.text() == wanted.text() || (cut && l.text().starts_with(wanted.text())))
}

fn headline_at(sight: &Sight<'_, '_>, card: usize) -> Option<String> {
    let line = sight.lines().get(card + 1)?;
    let repeated = sight.lines().get(card).is_some_and(|c| c == line);
    let line = if repeated { sight.lines().get(card + 2)? } else { line };
    (!is_noise(sight, line)).then(|| clean_headline(&line.written_all())).flatten()
}

fn clean_headline(raw: &str) -> Option<String> {
    let cut: String = raw.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(LONGEST_HEADLINE).collect();
    (!cut.is_empty()).then_some(cut)
}

/// Is the line neither headline nor note: a button, a link, a count of shared contacts, a default text?
fn is_noise(sight: &Sight<'_, '_>, line: &Line) -> bool {
    let text = &sight.network.text;
    let mut all = text.noise.iter().chain(&text.tells).chain(&text.default_notes).chain(&sight.network.accept);
    line.text().contains("://")
        || line.text().chars().all(|c| !c.is_alphanumeric())
        || all.any(|p| p.matches(line).is_some())
}

/// "Engineer at Acme | Speaker": Acme.
pub(super) fn company_of(headline: &str) -> Option<String> {
    const BEFORE: &[&str] =
        &[" at ", " @ ", " @", " bei ", " chez ", " presso ", " bij ", " hos ", " en ", " na ", " w "];
    let lower = headline.to_lowercase();
    let sure = |w: &&&str| !matches!(**w, " en " | " na " | " w ");
    let (at, word) = BEFORE.iter().filter(sure).filter_map(|w| lower.find(w).map(|i| (i, *w))).min()?;
    let rest = headline.get(at + word.len()..)?.trim();
    let end = rest.find(['|', '•', '·', ';', '(', '/']).unwrap_or(rest.len());
    let end = [" - ", " – ", " — ", " & ", ", "]
        .iter()
        .filter_map(|s| rest.find(s))
        .filter(|i| !suffix_follows(rest, *i))
        .min()
        .unwrap_or(end)
        .min(end);
    let company = rest.get(..end)?.trim().trim_end_matches([',', '.', '-']).trim();
    (!company.is_empty() && company.chars().count() <= 80).then(|| company.to_owned())
}

/// ", Inc" and " & Co" belong to the name before them.
fn suffix_follows(rest: &str, at: usize) -> bool {
    const SUFFIXES: &[&str] =
        &["inc", "llc", "ltd", "gmbh", "corp", "ag", "co", "sa", "srl", "bv", "plc", "sons", "company", "partners"];
    let next = rest.get(at..).unwrap_or_default().trim_start_matches([',', ' ', '&', '-', '–', '—']);
    let word: String = next.chars().take_while(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    SUFFIXES.contains(&word.as_str())
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

fn is_button(sight: &Sight<'_, '_>, link: &Link) -> bool {
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

/// The inviter's own words: what stands above the card and is no greeting, no default text, no button.
pub(super) fn personal_note(sight: &Sight<'_, '_>, inviter: &Inviter, owner: &Owner) -> Option<String> {
    let name = inviter.name.as_ref().filter(|_| !sight.network.text.network_words.is_empty())?;
    let folded_name = Line::new(name.as_str()).text().to_owned();
    let first = folded_name.split(' ').next().unwrap_or_default().to_owned();
    let end = note_end(sight, name);
    let to = sight.message.to().iter().filter_map(|m| m.name.as_ref());
    let _me: Vec<String> = owner.names.iter().chain(to).map(|n| folded(n.as_str())).collect();
    let mut own: Vec<String> = Vec::new();
    for line in sight.lines().get(..end)? {
        let line = without_greeting(sight, line);
        let about = line.text().contains(folded_name.as_str())
            || line.text().split([' ', ',', '\'']).next() == Some(first.as_str());
        let headline = inviter.headline.as_deref().is_some_and(|h| Line::new(h).text() == line.text());
        if !line.is_empty()
            && !about
            && !headline
            && !is_noise(sight, &line)
            && line.text() != folded(sight.message.subject())
        {
            own.push(line.written_all());
        }
    }
    let note = own.join("\n");
    let said = note.split_whitespace().count() >= 2 || note.chars().count() >= 6;
    (said && !is_unlisted_default(sight, &note)).then(|| note.chars().take(LONGEST_NOTE).collect())
}

fn folded(text: &str) -> String {
    Line::new(text).text().to_owned()
}

/// Where the note can reach to: the signature `- Name`, the card, or the first button.
fn note_end(sight: &Sight<'_, '_>, name: &Name) -> usize {
    let lines = sight.lines();
    let signed = format!("- {}", Line::new(name.as_str()).text());
    let sign = lines.iter().position(|l| l.text() == signed);
    let card = card_line(sight, name).filter(|i| *i > 0);
    let again = card.is_none().then(|| card_after_first(sight, name)).flatten();
    let button = lines
        .iter()
        .position(|l| l.text().contains("://") || sight.network.accept.iter().any(|p| p.matches(l).is_some()));
    sign.or(card).or(again).or(button).unwrap_or(0)
}

/// A card that opens the mail says nothing; its repetition further down closes the note.
fn card_after_first(sight: &Sight<'_, '_>, name: &Name) -> Option<usize> {
    let wanted = Line::new(name.as_str());
    sight.lines().iter().enumerate().skip(1).find(|(_, l)| l.text() == wanted.text()).map(|(i, _)| i)
}

/// "Hi Max, we met at …": what stands behind the greeting. "Hei Max," alone is one in any language.
fn without_greeting(sight: &Sight<'_, '_>, line: &Line) -> Line {
    let greetings = &sight.network.text.greetings;
    let calls = line.opens() && line.text().split(' ').count() <= 4;
    match greetings.iter().find_map(|p| p.matches(line)) {
        Some(filled) => Line::new(&filled.rest().unwrap_or_default()),
        None if calls => Line::new(""),
        None => line.clone(),
    }
}

/// One short sentence that speaks of the network: a default text in a language or year nobody listed.
fn is_unlisted_default(sight: &Sight<'_, '_>, note: &str) -> bool {
    let folded = Line::new(note);
    let words = note.split_whitespace().count();
    let sentences = note.split(['.', '!', '?', '。', '\n']).filter(|s| s.trim().chars().count() > 1).count();
    let mut stems = sight.network.text.network_words.iter();
    words <= DEFAULT_WORDS
        && note.chars().count() <= 200
        && sentences <= 1
        && stems.any(|s| folded.text().contains(s.as_str()))
}

/// The people of a batch: one per profile link, with the line that names them and the one under it.
pub(super) fn people(sight: &Sight<'_, '_>) -> Vec<Inviter> {
    let mut found: Vec<Inviter> = Vec::new();
    for link in sight.links() {
        let Some(key) = profile_of(sight, link) else { continue };
        if found.iter().any(|i| i.profile.as_ref() == Some(&key)) {
            continue;
        }
        let shown = (!is_button(sight, link)).then(|| name(sight, &link.text)).flatten();
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

/// In plain text the card stands above its link: the first line of the block that ends there.
fn above(sight: &Sight<'_, '_>, link: &Link) -> Option<(Name, usize)> {
    let slug = path(&link.url)?.trim_matches('/').rsplit('/').next()?.to_lowercase();
    let lines = sight.lines();
    let at = lines.iter().position(|l| !slug.is_empty() && l.text().contains("://") && l.text().contains(&slug))?;
    let block = lines.get(..at)?.iter().enumerate().rev().take_while(|(_, l)| !l.text().contains("://"));
    let block: Vec<(usize, &Line)> = block.filter(|(_, l)| !is_noise(sight, l)).collect();
    let fits = |l: &Line| deunicode::deunicode(l.text()).split(' ').all(|w| slug.contains(w.trim_matches('.')));
    let (i, line) = block.iter().find(|(_, l)| fits(l)).or(block.last()).copied()?;
    let few = line.text().split(' ').count() <= 6;
    name(sight, &line.written_all()).filter(|_| few).map(|n| (n, i))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_in_headlines() {
        for (headline, expected) in [
            ("Engineer at Acme", Some("Acme")),
            ("Engineer at Acme | Speaker at Conf", Some("Acme")),
            ("Engineer @ Acme, Inc.", Some("Acme, Inc")),
            ("Engineer @Acme, mother of two", Some("Acme")),
            ("Entwicklerin bei Muster GmbH & Co. KG", Some("Muster GmbH & Co. KG")),
            ("Ingénieure chez Exemple – Paris", Some("Exemple")),
            ("Looking for work", None),
            ("Good at ", None),
        ] {
            assert_eq!(company_of(headline).as_deref(), expected, "{headline}");
        }
    }
}
