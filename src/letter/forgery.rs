//! Who only pretends to be a network.
//!
//! Calling something forged is an accusation, and gateways break signatures of genuine mail every day. So it takes
//! *positive* evidence (trust.md): a sender domain made to look like the network's, or a yes-button that leads elsewhere
//! although the domain's own policy failed. Everything else that is not proved is merely unverified: judged, shown so
//! marked, and believed in nothing.
use super::catalogue::{Catalogue, Network, is_telling};
use super::sight::{Sight, host};
use crate::message::{Glance, Link, Look, Message, word_imitates};
use crate::person::Domain;
use std::cell::OnceCell;

/// How a foreign domain resembles one of the network's: at a glance, or by holding its name whole.
pub(super) fn look_alike(network: &Network, domain: &Domain) -> bool {
    let glance = Glance::of(domain);
    !network.owns(domain) && (holds(network, domain, &glance) || resembles(network, &glance))
}

fn resembles(network: &Network, glance: &Glance) -> bool {
    network.domains.iter().zip(network.looks()).any(|(d, look)| glance.resembles(d, look))
}

/// The network's domain within a foreign one, or its name.
fn holds(network: &Network, domain: &Domain, glance: &Glance) -> bool {
    let named = |b: &String| is_telling(b) && domain.as_str().contains(b.as_str());
    let embedded = |d: &String| {
        let behind = |at: usize| domain.as_str().as_bytes().get(at + d.len()) == Some(&b'.');
        let begins = |at: usize| at == 0 || domain.as_str().as_bytes().get(at - 1) == Some(&b'.');
        domain.as_str().match_indices(d.as_str()).any(|(at, _)| begins(at) && behind(at))
    };
    let mut domains = network.domains.iter();
    domains.any(|d| embedded(d) || glance.holds(d)) || network.brands.iter().any(named)
}

fn called(shown: &str) -> impl Iterator<Item = &str> {
    shown.split(|c: char| !c.is_alphanumeric() && c != '+').filter(|w| !w.is_empty())
}

/// Who sends a mail, looked at once for all networks: any of them may be claimed.
pub(super) struct Pretender {
    shown: String,
    words: Vec<Word>,
    local: String,
    domain: Option<(Domain, Glance)>,
    /// A network's domain or name stands in the address.
    names_one: bool,
}

/// A word of the name shown, and what it looks like if anybody asks.
struct Word {
    written: String,
    look: OnceCell<Look>,
}

impl Pretender {
    pub(super) fn of(message: &Message<'_>, catalogue: &Catalogue) -> Option<Pretender> {
        let from = message.from().first()?;
        let shown = from.name.as_ref().map(|n| crate::words::pattern::folded(n.as_str())).unwrap_or_default();
        let local = from.address.as_ref().map(|a| a.local().to_owned()).unwrap_or_default();
        let domain = from.address.as_ref().map(crate::person::Address::domain);
        let domain = domain.map(|d| (d.clone(), Glance::of(&d)));
        let words = called(&shown).map(|w| Word { written: w.to_owned(), look: OnceCell::new() }).collect();
        let names_one = catalogue.is_named_in(&local)
            || domain.as_ref().is_some_and(|(_, glance)| glance.spellings().any(|text| catalogue.is_named_in(text)));
        Some(Pretender { shown, words, local, domain, names_one })
    }

    /// Does a mail from elsewhere claim to be the network's: by its display name, its sender's local part or domain, or by
    /// headers that only the network sets? People who merely mention it ("Jane, LinkedIn coach") do not.
    pub(super) fn claims_brand(&self, network: &Network, message: &Message<'_>) -> bool {
        let said = || network.shown_brands().any(|b| self.is_called(b));
        let local = || network.brands.iter().any(|b| is_telling(b) && self.local.contains(b.as_str()));
        let header = || network.headers.iter().any(|h| message.header(h).is_some());
        let alike = || self.domain.as_ref().is_some_and(|(domain, glance)| self.imitates(network, domain, glance));
        self.names_one && local() || said() || alike() || header()
    }

    fn imitates(&self, network: &Network, domain: &Domain, glance: &Glance) -> bool {
        let alike = self.names_one && holds(network, domain, glance) || resembles(network, glance);
        alike && !network.owns(domain)
    }

    /// "LinkedIn", "LinkedIn Invitations", "Jane via LinkedIn", "Linkedln", "invitations@linkedin.com".
    fn is_called(&self, (brand, wanted): (&str, &str)) -> bool {
        let like = |word: &Word| {
            let close = is_telling(brand) && word.written.len().abs_diff(brand.len()) <= 2;
            let look = || word.look.get_or_init(|| Look::of(&word.written));
            word.written == brand || (close && look().imitates(brand, wanted))
        };
        let words = self.words.as_slice();
        let first = words.len() <= 3 && words.first().is_some_and(like);
        let via = matches!(words, [.., via, last] if via.written == "via" && like(last));
        first || via || (self.shown.contains('@') && words.iter().any(like))
    }
}

/// Does the sender's name pretend to be nothing but the network?
pub(super) fn poses(sight: &Sight<'_, '_>) -> bool {
    let shown = sight.from.name.as_ref().map(|n| crate::words::pattern::folded(n.as_str())).unwrap_or_default();
    let alike = |b: &String| is_telling(b) && word_imitates(shown.trim(), b);
    let domain = sight.from.address.as_ref().map(crate::person::Address::domain);
    sight.is_brand(&shown)
        || sight.network.brands.iter().any(alike)
        || domain.is_some_and(|d| look_alike(sight.network, &d))
}

/// Gateways whose links hide their target from us: such a link tells neither for nor against a mail.
const OPAQUE: &[&str] = &[
    "mimecast.com",
    "mimecastprotect.com",
    "avanan.click",
    "checkpoint.com",
    "emailprotection.link",
    "esvalabs.com",
    "fireeye.com",
    "fortimailcloud.com",
    "hornetsecurity.com",
    "inky.com",
    "edgepilot.com",
    "perception-point.io",
    "protection.outlook.com",
    "cudasvc.com",
    "cisco.com",
    "sophos.com",
    "spamtitan.com",
    "symantec.com",
    "trellix.com",
    "trendmicro.com",
    "urldefense.com",
    "urldefense.us",
    "proofpoint.com",
    "vadesecure.com",
];

fn is_opaque(link: &Link) -> bool {
    host(&link.url).is_none_or(|h| is_gateway(&h))
}

/// A gateway's own host, behind which a link's target is hidden.
pub(super) fn is_gateway(host: &Domain) -> bool {
    OPAQUE.iter().any(|g| host.within(g))
}

/// The evidence, in words, if there is any. `sight.alien`: the From address is not the network's.
pub(super) fn evidence(sight: &Sight<'_, '_>, proved: bool) -> Option<String> {
    let name = sight.network.name();
    if proved {
        return None;
    }
    let domain = sight.from.address.as_ref().map(crate::person::Address::domain);
    if sight.alien && domain.as_ref().is_some_and(|d| look_alike(sight.network, d)) {
        return Some(format!("its sender's domain is made to look like {name}'s, but is not"));
    }
    let accept: Vec<&Link> = sight.accept_links().filter(|l| l.url.contains("://")).collect();
    let off = !accept.is_empty() && !accept.iter().any(|l| sight.is_own(l) || is_opaque(l));
    if off && sight.message.dmarc_fail() {
        return Some(format!(
            "your mail server says it is not from {name}'s domain (DMARC failed), and its accept link leads elsewhere"
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::NetworkId;

    #[track_caller]
    fn case(network: &str, domain: &str, expected: bool) {
        let network = Catalogue::embedded().network(&NetworkId(network.to_owned())).expect("a known network");
        assert_eq!(look_alike(network, &Domain::new(domain).expect("a domain")), expected, "{domain}");
    }

    #[test]
    fn domains_that_look_alike() {
        for yes in [
            "linkedin-mail.com",
            "linkedin.com.evil.test",
            "1inkedin.com",
            "linkedln.com",
            "linked1n.test",
            "secure-linkedin.test",
            "linkdin.com",
            "llnkedin.com",
            "lnkedin.com",
            "linkedin.co",
            "mail.linkedin.support",
            "linkedin-com.test",
        ] {
            case("linkedin", yes, true);
        }
        for no in ["linkedin.com", "e.linkedin.com", "linked.example.org", "example.org", "kedin.test", "inking.test"] {
            case("linkedin", no, false);
        }
        case("facebook", "faceb00k.com", true);
        case("facebook", "facebookmail.com", false);
        case("facebook", "facebookrnail.com", true);
        case("xing", "xing-mail.test", true);
        case("xing", "xing.com.login.test", true);
        case("xing", "boxing.test", false);
        case("x", "max.test", false);
        case("x", "x.com.verify.test", true);
    }
}
