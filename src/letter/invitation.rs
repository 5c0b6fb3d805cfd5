//! What a network's mail means.
//!
//! The same address of a network sends requests, acceptances, reminders and advertising, in forty languages and with
//! subjects changed by the week. So the order of trust is: the mark the network's programs set (template, header, the
//! form of a link), then who sends it under which display name and subject, and the text last. A mail that one look at
//! its header shows to be no network's is never worked out further.
use super::catalogue::{Catalogue, Network};
use super::forgery::Pretender;
use super::form::Means;
use super::sight::{Hit, Sight, host};
use super::{
    Accepted, Application, Confidence, Invitation, InvitationKind, Inviter, Letter, NetworkMessage, Reading, WhyNot,
    card, dates, forgery, inside, note, people,
};
use crate::message::{Authenticity, Message};
use crate::person::{Domain, Mailbox};
use crate::words::pattern::{Filled, Hole, Line};

/// Why a network is asked about a mail at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    /// The From address is the network's.
    Sender,
    /// A list or gateway wrote its own From over the network's.
    Rewritten,
    /// Any domain may send this network's mail; only its forms can tell, those with a subject if it is one of theirs.
    AnySender { titled: bool },
    /// It only says so.
    Name,
}

/// The network's letters, or nothing if it is no network's mail.
pub(super) fn recognise(message: &Message<'_>, reading: &Reading<'_>) -> Option<Vec<Letter>> {
    claims(message, reading.catalogue).into_iter().find_map(|(network, claim)| look(message, reading, (network, claim)))
}

fn claims<'c>(message: &Message<'_>, catalogue: &'c Catalogue) -> Vec<(&'c Network, Claim)> {
    let domain = |m: &Mailbox| m.address.as_ref().map(crate::person::Address::domain);
    if let Some(network) = message.from().iter().filter_map(domain).find_map(|d| catalogue.of_domain(&d)) {
        return if is_machine(message, network) { vec![(network, Claim::Sender)] } else { Vec::new() };
    }
    let mut found: Vec<(&Network, Claim)> = Vec::new();
    let original = original_from(message).and_then(|m| domain(&m)).and_then(|d| catalogue.of_domain(&d));
    found.extend(original.map(|n| (n, Claim::Rewritten)));
    let Some(pretender) = Pretender::of(message, catalogue) else { return found };
    let titled = catalogue.may_be_titled(&Line::new(message.subject()));
    for network in catalogue.networks() {
        if network.any_sender {
            found.push((network, Claim::AnySender { titled }));
        } else if !network.jobs && pretender.claims_brand(network, message) {
            found.push((network, Claim::Name));
        }
    }
    found
}

/// People at LinkedIn write from linkedin.com, too: only what its programs send is the network's.
fn is_machine(message: &Message<'_>, network: &Network) -> bool {
    let marks = message.marks();
    let address = message.from().first().and_then(|m| m.address.as_ref());
    let local: String = address.map(|a| a.local().replace(['-', '_', '.'], "")).unwrap_or_default();
    let robot = ["noreply", "notif", "donotreply", "mailer", "invitation"].iter().any(|r| local.contains(r));
    let known = address.is_some_and(|a| network.senders.iter().chain(&network.asks).any(|g| g.matches(a.as_str())));
    let header = network.headers.iter().chain(&network.template_headers).any(|h| message.header(h).is_some());
    known || header || robot || marks.list || marks.bulk || marks.auto
}

fn original_from(message: &Message<'_>) -> Option<Mailbox> {
    let raw = ["X-Original-From", "X-Original-Sender", "Original-From"].into_iter().find_map(|h| message.header(h))?;
    let (name, address) = raw.rsplit_once('<').map_or(("", raw), |(n, a)| (n, a));
    let address = crate::person::Address::new(address.trim().trim_end_matches('>'))?;
    Some(Mailbox { name: crate::person::Name::new(name.trim().trim_matches('"')), address: Some(address) })
}

fn look(message: &Message<'_>, reading: &Reading<'_>, (network, claim): (&Network, Claim)) -> Option<Vec<Letter>> {
    let own = message.from().first().cloned().unwrap_or_default();
    let from = match claim {
        Claim::Rewritten => original_from(message).unwrap_or(own),
        Claim::Sender | Claim::AnySender { .. } | Claim::Name => own,
    };
    let mut sight = Sight::new(message, network, from, claim == Claim::Name);
    sight.titled = claim != Claim::AnySender { titled: false };
    if claim == Claim::Name && is_passed_on(message.subject()) {
        return None;
    }
    let hit = sight.first_form().filter(|h| h.strong || !matches!(claim, Claim::AnySender { .. }));
    if hit.is_none()
        && claim == Claim::Sender
        && let Some(application) = super::application::notice(message, reading, Some(network))
    {
        return Some(vec![application]);
    }
    match (hit, claim) {
        (Some(hit), Claim::Name) if !hit.form.kind.is_request() && hit.form.kind != Means::Accepted => None,
        (Some(hit), _) => Some(read(&sight, reading, (hit, is_proved(&sight)))),
        (None, Claim::Sender) => Some(unknown(&sight, reading, is_proved(&sight))),
        (None, Claim::Name) => bait(&sight, reading),
        (None, Claim::Rewritten | Claim::AnySender { .. }) => None,
    }
}

/// "Fwd: …": somebody shows the mail to the owner.
fn is_passed_on(subject: &str) -> bool {
    const PREFIXES: &[&str] = &[
        "re", "fw", "fwd", "aw", "wg", "tr", "rv", "sv", "vs", "i", "r", "antw", "enc", "res", "doorst", "pd", "odp",
        "转发", "回复",
    ];
    let lower = subject.trim().to_lowercase();
    lower.split_once([':', '：']).is_some_and(|(p, _)| PREFIXES.contains(&p.trim()))
}

/// Proved to be from the network: verified, and by one of its domains (any domain: the one its links lead to).
fn is_proved(sight: &Sight<'_, '_>) -> bool {
    if sight.message.authenticity().0 != Authenticity::Verified {
        return false;
    }
    let Some(domain) = sight.message.verified_domain() else { return false };
    let related = |h: &Domain| h.within(domain.as_str()) || domain.within(h.as_str());
    sight.network.owns(domain)
        || (sight.network.any_sender && sight.links().filter_map(|l| host(&l.url)).any(|h| related(&h)))
}

fn read(sight: &Sight<'_, '_>, reading: &Reading<'_>, (hit, proved): (Hit<'_>, bool)) -> Vec<Letter> {
    match hit.form.kind.is_request().then(|| forgery::evidence(sight, proved)).flatten() {
        Some(evidence) => forged(sight, evidence, means(sight, reading, (hit, proved))),
        None => means(sight, reading, (hit, proved)),
    }
}

/// The accusation first, then what the mail pretends to be: the digest counts and lists it, and believes none of it.
fn forged(sight: &Sight<'_, '_>, evidence: String, pretended: Vec<Letter>) -> Vec<Letter> {
    let network = Some(sight.network.id().clone());
    let accusation = Letter::Other { why: WhyNot::Forged, network, evidence: vec![evidence] };
    std::iter::once(accusation).chain(pretended).collect()
}

fn means(sight: &Sight<'_, '_>, reading: &Reading<'_>, (hit, proved): (Hit<'_>, bool)) -> Vec<Letter> {
    let network = sight.network.id().clone();
    let mut why = hit.why.clone();
    why.push(match proved {
        true => format!("its sender is proved to be {}", sight.network.name()),
        false => "its sender is not proved".to_owned(),
    });
    let sure = if proved && hit.strong { Confidence::Certain } else { Confidence::Likely };
    let other = |reason| vec![Letter::Other { why: reason, network: Some(network.clone()), evidence: why.clone() }];
    match hit.form.kind {
        Means::Connect => vec![request(sight, reading, &hit.filled, (InvitationKind::Connect, sure, why))],
        Means::Reminder => vec![request(sight, reading, &hit.filled, (InvitationKind::Reminder, sure, why))],
        Means::FollowRequest => vec![request(sight, reading, &hit.filled, (InvitationKind::FollowRequest, sure, why))],
        Means::Batch => several(sight, reading, &hit.filled, (InvitationKind::Batch, sure, why)),
        Means::Follow => several(sight, reading, &hit.filled, (InvitationKind::Follow, sure, why)),
        Means::Accepted => accepted(sight, &hit.filled, &why),
        Means::Message => {
            let from = card::writer(sight, &hit.filled);
            vec![Letter::NetworkMessage(NetworkMessage {
                network,
                from,
                thanks: note::thanks_in_text(&sight.body().text, reading.words),
                why,
            })]
        }
        Means::Application => {
            let person = card::inviter(sight, &hit.filled);
            let role = hit.filled.get(Hole::Role).and_then(card::clean_headline);
            vec![Letter::Application(Application { person, role, network: Some(network), why })]
        }
        Means::Receipt => other(if sight.network.jobs { WhyNot::Automatic } else { WhyNot::NetworkNews }),
        Means::News => other(WhyNot::NetworkNews),
        Means::PeopleYouMayKnow => other(WhyNot::PeopleYouMayKnow),
        Means::Newsletter => other(WhyNot::Newsletter),
        Means::NotATie => other(WhyNot::NotATie),
    }
}

type Asked = (InvitationKind, Confidence, Vec<String>);

fn request(sight: &Sight<'_, '_>, reading: &Reading<'_>, filled: &Filled, (kind, confidence, why): Asked) -> Letter {
    let inviter = card::inviter(sight, filled);
    let personal_note = inside::personal_note(sight, &inviter, reading);
    let told = sight.told();
    let stated = filled.get(Hole::Date).or_else(|| told.get(Hole::Date));
    Letter::Invitation(Invitation {
        network: sight.network.id().clone(),
        kind,
        thanks_inside: personal_note.as_deref().is_some_and(|n| note::thanks_in_text(n, reading.words)),
        personal_note,
        count: None,
        invitation_id: card::invitation_id(sight),
        asked_at: stated
            .and_then(|d| dates::stated(d, sight.message.date()))
            .filter(|_| kind == InvitationKind::Reminder),
        confidence,
        inviter: Some(inviter).filter(|i| *i != Inviter::default()),
        why,
    })
}

/// One letter for each person named, or one that says how many wait.
fn several(
    sight: &Sight<'_, '_>,
    reading: &Reading<'_>,
    filled: &Filled,
    (kind, confidence, why): Asked,
) -> Vec<Letter> {
    let count = filled.get(Hole::Number).and_then(|n| n.parse::<u32>().ok());
    let named = [Hole::Name, Hole::First].into_iter().find_map(|h| filled.get(h)).or_else(|| filled.get(Hole::Handle));
    if kind == InvitationKind::Follow && named.is_some() && filled.get(Hole::Other).is_none() {
        return vec![request(sight, reading, filled, (kind, confidence, why))];
    }
    let mut people = people::people(sight);
    for hole in [Hole::Other, Hole::Name] {
        let more = filled.get(hole).and_then(|n| card::name(sight, n));
        let Some(name) = more else { continue };
        let shown = people.iter().position(|p| p.name.as_ref() == Some(&name)).map(|i| people.remove(i));
        people.insert(0, shown.unwrap_or(Inviter { name: Some(name), ..Inviter::default() }));
    }
    let letter = |inviter: Option<Inviter>, count| {
        Letter::Invitation(Invitation {
            network: sight.network.id().clone(),
            kind,
            inviter,
            count,
            personal_note: None,
            thanks_inside: false,
            invitation_id: None,
            asked_at: None,
            confidence,
            why: why.clone(),
        })
    };
    match people.is_empty() {
        true => vec![letter(people::only_profile(sight).filter(|_| count.is_none()), count)],
        false => people.into_iter().map(|p| letter(Some(p), None)).collect(),
    }
}

fn accepted(sight: &Sight<'_, '_>, filled: &Filled, why: &[String]) -> Vec<Letter> {
    let letter = |person| Letter::Accepted(Accepted { network: sight.network.id().clone(), person, why: why.to_vec() });
    let one = card::inviter(sight, filled);
    let many =
        if filled.get(Hole::Number).is_some() || one.name.is_none() { people::people(sight) } else { Vec::new() };
    match many.is_empty() {
        true => vec![letter(one)],
        false => many.into_iter().map(letter).collect(),
    }
}

/// From the network, in no form the catalogue knows: requests must not be lost, news may.
fn unknown(sight: &Sight<'_, '_>, reading: &Reading<'_>, proved: bool) -> Vec<Letter> {
    let address = sight.from.address.as_ref().map_or("", |a| a.as_str());
    let asks = sight.network.asks.iter().any(|g| g.matches(address));
    let button = !asks && !sight.network.jobs && sight.accept_links().next().is_some();
    let name = sight.network.name();
    let (why, evidence) = match (asks || button, sight.network.jobs) {
        (true, _) => match forgery::evidence(sight, proved) {
            Some(evidence) => return forged(sight, evidence, vec![pretended(sight, reading)]),
            None => (WhyNot::Unreadable, format!("from {name}, where requests come from, but in no form known")),
        },
        (false, true) => (WhyNot::Automatic, format!("automatic mail of {name}")),
        (false, false) => (WhyNot::NetworkNews, format!("{name}'s mail, but no request")),
    };
    vec![Letter::Other { why, network: Some(sight.network.id().clone()), evidence: vec![evidence] }]
}

/// No form, a foreign sender, the network's name, and a button that asks: bait.
fn bait(sight: &Sight<'_, '_>, reading: &Reading<'_>) -> Option<Vec<Letter>> {
    let subject = Line::new(sight.message.subject());
    let speaks = sight
        .network
        .text
        .network_words
        .iter()
        .chain(&sight.network.brands)
        .any(|w| subject.text().contains(w.as_str()));
    let asks = (speaks || forgery::poses(sight)) && sight.accept_links().next().is_some();
    let evidence = asks.then(|| forgery::evidence(sight, false)).flatten()?;
    Some(forged(sight, evidence, vec![pretended(sight, reading)]))
}

/// A request in no form of the network's own: only who it says it is from.
fn pretended(sight: &Sight<'_, '_>, reading: &Reading<'_>) -> Letter {
    request(sight, reading, &Filled::default(), (InvitationKind::Connect, Confidence::Likely, Vec::new()))
}
