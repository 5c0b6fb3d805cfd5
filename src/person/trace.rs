//! What stands beside a name: addresses, companies, profiles, and when somebody was met and when they asked.
//!
//! Names alone cannot tell one John Smith from another. What surrounds them can: an address made of the name, the
//! company both speak of, a request on the day after a meeting with somebody so named.
use super::fold::fold;
use super::lexicon::{Kind, entry};
use super::reading::{Reading, read};
use super::tokens::{Slot, Word};
use super::{Address, Evidence, Mention, ProfileKey, Seen, is_freemail};
use jiff::Timestamp;
use std::rc::Rc;

/// How the terms end that say how soon after a meeting somebody wrote or asked ([`time`]).
pub(crate) const AFTER_MEETING: &str = "after the meeting";

/// How the terms begin of an address whose local part is the name.
pub(crate) const ADDRESS_MADE: &str = "address made of";

/// Everything known of one side of a comparison: a mention, or many that are one person already.
#[derive(Debug, Default)]
pub(crate) struct Trace<'a> {
    pub readings: Vec<Rc<Reading>>,
    pub addresses: Vec<&'a Address>,
    pub profiles: Vec<&'a ProfileKey>,
    /// Folded: those spoken of, and those whose domain mails.
    pub companies: Vec<String>,
    pub firms: Vec<String>,
    /// Letters of the addresses' local parts.
    pub locals: Vec<String>,
    /// Networks on which a profile's name is of the person's own choosing.
    pub networks: Vec<String>,
    /// Requests and letters.
    pub asked: Vec<Timestamp>,
    /// Ends of meetings.
    pub met: Vec<Timestamp>,
    /// Nothing of it was proved: anybody may have written its name and its address.
    pub unproved: bool,
}

impl<'a> Trace<'a> {
    pub(crate) fn of(m: &'a Mention) -> Self {
        let mut trace = Trace { unproved: true, ..Trace::default() };
        trace.add(m, m.name.as_ref().map(|n| Rc::new(read(n.as_str()))), true);
        trace
    }

    /// Takes one more mention in; one that does not teach says only when something happened.
    pub(crate) fn add(&mut self, m: &'a Mention, reading: Option<Rc<Reading>>, teaches: bool) {
        self.unproved &= !m.trusted;
        match m.seen {
            Seen::Asked | Seen::Wrote => self.asked.push(m.at),
            Seen::Attendee | Seen::Title | Seen::Description => self.met.push(m.at),
            Seen::Acquainted | Seen::Told => {}
        }
        if !teaches {
            return;
        }
        let known = |r: &Rc<Reading>| self.readings.iter().any(|k| Rc::ptr_eq(k, r) || same_words(k, r));
        if let Some(reading) = reading.filter(|r| !r.words.is_empty() && !known(r)) {
            self.readings.push(reading);
        }
        if let Some(address) = m.address.as_ref().filter(|a| !self.addresses.contains(a)) {
            self.reach(address);
        }
        if let Some(profile) = m.profile.as_ref().filter(|p| !self.profiles.contains(p)) {
            self.profiles.push(profile);
            self.networks.extend(chosen(profile));
        }
        for company in [m.organisation.clone(), m.headline.as_deref().and_then(company_of)].into_iter().flatten() {
            let folded = words_of(&company).concat();
            if !folded.is_empty() && !self.companies.contains(&folded) {
                self.companies.push(folded);
            }
        }
    }
}

impl<'a> Trace<'a> {
    /// Can be reached there.
    pub(crate) fn reach(&mut self, address: &'a Address) {
        self.addresses.push(address);
        self.firms.extend(firm(address));
        if !is_role(address) {
            let local = address.local().split('+').next().unwrap_or("");
            self.locals.push(fold(&local.chars().filter(|c| c.is_alphabetic()).collect::<String>()).plain);
        }
    }
}

fn same_words(a: &Reading, b: &Reading) -> bool {
    a.words.len() == b.words.len()
        && a.words.iter().zip(&b.words).all(|(x, y)| x.slot == y.slot && x.fold.plain == y.fold.plain)
}

/// `Backend engineer at Acme` → `Acme`.
fn company_of(headline: &str) -> Option<String> {
    const BEFORE: [&str; 8] = [" at ", " @ ", " bei ", " chez ", " en ", " presso ", " bij ", " hos "];
    let at = BEFORE.iter().find_map(|b| headline.find(b).map(|i| i + b.len()))?;
    let company = headline.get(at..)?.split(['|', '·', '•', ',', '(']).next()?.trim();
    (!company.is_empty()).then(|| company.to_owned())
}

/// Folded words without legal forms.
fn words_of(text: &str) -> Vec<String> {
    const LEGAL: [&str; 12] = ["gmbh", "ag", "inc", "llc", "ltd", "corp", "co", "plc", "sa", "bv", "ab", "se"];
    text.split(|c: char| !c.is_alphanumeric())
        .map(|w| fold(w).plain)
        .filter(|w| !w.is_empty() && !LEGAL.contains(&w.as_str()))
        .collect()
}

/// What the surroundings add, in words.
pub(crate) fn beside(a: &Trace<'_>, b: &Trace<'_>) -> Vec<Evidence> {
    let mut out = Vec::new();
    let mut add = |term: &str, weight: f32| out.push(Evidence { term: term.to_owned(), weight });
    let local = strongest(a, b).max(strongest(b, a));
    match local {
        Local::Full => add("address made of given and family name", 4.0),
        Local::InitialFamily => add("address made of initial and family name", 2.5),
        Local::Part => add("address holds part of the name", 0.5),
        Local::Nothing => {}
    }
    match companies(a, b) {
        Some(true) => add("same company", 3.0),
        Some(false) => add("another company", -0.5),
        None => {}
    }
    if two_employers(a, b) {
        add(TWO_EMPLOYERS, 0.0);
    }
    if profiles_conflict(a, b) {
        add("two profiles on one network", -4.0);
    }
    if let Some((term, weight)) = time(a, b).or_else(|| time(b, a)) {
        add(term, weight);
    }
    out
}

/// What an address's local part says about a name. Weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Local {
    Nothing,
    Part,
    InitialFamily,
    Full,
}

/// Only where the address has no full name beside it: that John Smith mails from john.smith@ tells no other John Smith.
fn strongest(names: &Trace<'_>, addresses: &Trace<'_>) -> Local {
    let full = |r: &Rc<Reading>| r.words.iter().filter(|w| w.slot != Slot::Title && !w.initial).count() >= 2;
    if addresses.readings.iter().any(full) {
        return Local::Nothing;
    }
    let each = names.readings.iter().flat_map(|r| addresses.locals.iter().map(move |l| local(r, l)));
    each.max().unwrap_or(Local::Nothing)
}

/// `info@`, `jobs@`: many people's address, nobody's name.
pub(crate) fn is_role(address: &Address) -> bool {
    const ROLES: [&str; 12] = [
        "debian",
        "root",
        "mail",
        "contact",
        "kontakt",
        "hello",
        "hi",
        "invitations",
        "messages",
        "webmaster",
        "postmaster",
        "notifications",
    ];
    let words: Vec<&str> = address.local().split(['.', '-', '_', '+']).filter(|w| !w.is_empty()).collect();
    words.iter().any(|w| ROLES.contains(w) || entry(w).is_some_and(|e| e.is(Kind::Firm)))
}

fn local(reading: &Reading, key: &str) -> Local {
    let spelt = |slot: fn(&Word) -> bool| reading.words.iter().filter(move |w| slot(w) && w.fold.plain.len() > 1);
    let given = |w: &Word| matches!(w.slot, Slot::Given | Slot::Nick | Slot::Middle);
    let family = |w: &Word| w.slot == Slot::Family;
    let mut best = Local::Nothing;
    for f in spelt(family).flat_map(keys) {
        for g in spelt(given).flat_map(keys) {
            best = best.max(made_of(key, g, f));
        }
    }
    best
}

fn made_of(key: &str, given: &str, family: &str) -> Local {
    let is = |a: &str, b: &str| key.strip_prefix(a) == Some(b);
    let ends = key.starts_with(given) && key.ends_with(family) && key.len() >= given.len() + family.len();
    let first = given.chars().next().map_or("", |c| given.get(..c.len_utf8()).unwrap_or(""));
    match () {
        () if ends || is(family, given) => Local::Full,
        () if family.len() >= 3 && (is(first, family) || is(family, first)) => Local::InitialFamily,
        () if key == family || key == given || family.len() >= 4 && key.contains(family) => Local::Part,
        () => Local::Nothing,
    }
}

fn keys(word: &Word) -> impl Iterator<Item = &str> {
    [Some(word.fold.plain.as_str()), word.fold.digraph.as_deref()].into_iter().flatten()
}

/// The term after which no sum says "same" unless the name is rare: one person seldom mails from two firms, namesakes do.
pub(crate) const TWO_EMPLOYERS: &str = "addresses at two firms";

fn two_employers(a: &Trace<'_>, b: &Trace<'_>) -> bool {
    !a.firms.is_empty() && !b.firms.is_empty() && !a.firms.iter().any(|p| b.firms.contains(p))
}

/// The firm's label in an address: `acme` of `jane@mail.acme.co.uk`; none of a freemail address.
fn firm(address: &Address) -> Option<String> {
    const SECOND_LEVEL: [&str; 8] = ["co", "com", "ac", "org", "net", "gov", "edu", "or"];
    let domain = address.domain();
    let mut labels = domain.as_str().rsplit('.').skip(1);
    let label = labels.next()?;
    let label = if SECOND_LEVEL.contains(&label) { labels.next().unwrap_or(label) } else { label };
    let label = fold(label).plain;
    (!is_freemail(&domain) && label.len() >= 2).then_some(label)
}

/// `Some(true)`: the same, by company or by domain; `Some(false)`: both known and unlike.
fn companies(a: &Trace<'_>, b: &Trace<'_>) -> Option<bool> {
    let of = |t: &'_ Trace<'_>| t.companies.is_empty() && t.firms.is_empty();
    if of(a) || of(b) {
        return None;
    }
    let starts = |p: &str, q: &str| p.len() >= 4 && q.starts_with(p);
    let alike = |p: &String, q: &String| p == q || starts(p, q) || starts(q, p);
    let theirs = || b.companies.iter().chain(&b.firms);
    Some(a.companies.iter().chain(&a.firms).any(|p| theirs().any(|q| alike(p, q))))
}

/// Two names of one network's own choosing (`in/jane-doe`).
fn profiles_conflict(a: &Trace<'_>, b: &Trace<'_>) -> bool {
    let shared = a.profiles.iter().any(|p| b.profiles.contains(p));
    !shared && a.networks.iter().any(|n| b.networks.contains(n))
}

/// The network and kind of a profile whose name was chosen; an opaque id differs from mail to mail and says nothing.
fn chosen(profile: &ProfileKey) -> Option<String> {
    let (network, path) = profile.as_str().split_once(':')?;
    let (kind, name) = path.rsplit_once('/').unwrap_or(("", path));
    let readable = !name.contains(['=', '?']) && !name.chars().any(char::is_uppercase);
    readable.then(|| format!("{network}:{kind}"))
}

const DAY: i64 = 86_400;

/// A request or letter of `asker` and a meeting of `met`: how long after?
fn time(asker: &Trace<'_>, met: &Trace<'_>) -> Option<(&'static str, f32)> {
    let gaps = asker.asked.iter().flat_map(|t| met.met.iter().map(move |m| t.as_second() - m.as_second()));
    let gaps = gaps.map(|gap| -> (&'static str, f32) {
        match gap {
            // Ends are rounded and clocks differ: half an hour before the end is not "before".
            g if g < -1_800 => ("asked before the meeting", 0.5),
            g if g <= 3 * DAY => ("within three days after the meeting", 2.0),
            g if g <= 14 * DAY => ("within two weeks after the meeting", 1.0),
            g if g <= 180 * DAY => ("weeks after the meeting", 0.0),
            _ => ("half a year after the meeting", -1.0),
        }
    });
    gaps.max_by(|a, b| a.1.total_cmp(&b.1))
}
