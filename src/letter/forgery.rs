//! Who only pretends to be a network.
//!
//! Calling something forged is an accusation, and gateways break signatures of genuine mail every day. So it takes
//! *positive* evidence: a sender domain made to look like the network's, a yes-button that leads elsewhere although the
//! domain's own policy failed or all other links are the network's, or a foreign sender who claims the network's name
//! and leads nowhere near it. Everything else that is not proved is merely unverified.
use super::catalogue::Network;
use super::sight::{Sight, host};
use crate::message::Message;
use crate::person::Domain;

/// How a foreign domain resembles one of the network's.
pub(super) fn look_alike(network: &Network, domain: &Domain) -> bool {
    if network.owns(domain) {
        return false;
    }
    let labels: Vec<String> = domain.as_str().split('.').map(readable).collect();
    let embedded = network.domains.iter().any(|d| embeds(domain.as_str(), d));
    embedded || network.brands.iter().any(|b| labels.iter().any(|l| resembles(l, b)))
}

/// `linkedin.com.evil.test`: the genuine domain as labels inside another one.
fn embeds(domain: &str, genuine: &str) -> bool {
    let dashed = genuine.replace('.', "-");
    domain.starts_with(&format!("{genuine}.")) || domain.contains(&format!(".{genuine}.")) || (dashed.len() > 7 && domain.contains(&dashed))
}

fn resembles(label: &str, brand: &str) -> bool {
    let (bones, brand) = (skeleton(label), skeleton(brand));
    let parts = || bones.split(['-', '_']);
    match brand.chars().count() {
        0..=3 => false,
        4..=5 => parts().any(|p| p == brand),
        _ => bones.contains(&brand) || parts().any(|p| p.chars().count() >= 5 && strsim::osa_distance(p, &brand) == 1),
    }
}

/// Characters that are read alike become one: `1inkedln` and `linkedin` have the same bones.
fn skeleton(text: &str) -> String {
    let plain = deunicode::deunicode(text).to_lowercase().replace("rn", "m").replace("vv", "w");
    plain.chars().map(|c| match c {
        '0' => 'o',
        '1' | 'i' | '|' | '!' => 'l',
        '3' => 'e',
        '4' => 'a',
        '5' => 's',
        c => c,
    }).collect()
}

/// An internationalised label (`xn--…`) in its letters, RFC 3492.
fn readable(label: &str) -> String {
    label.strip_prefix("xn--").and_then(punycode).unwrap_or_else(|| label.to_owned())
}

fn punycode(text: &str) -> Option<String> {
    let (basic, coded) = text.rsplit_once('-').unwrap_or(("", text));
    let mut out: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (128u32, 0u32, 72u32);
    let mut digits = coded.bytes();
    while digits.len() > 0 {
        let (old, mut weight, mut k) = (i, 1u32, 36u32);
        loop {
            let digit = match digits.next()? {
                b @ b'a'..=b'z' => u32::from(b - b'a'),
                b @ b'0'..=b'9' => u32::from(b - b'0') + 26,
                _ => return None,
            };
            i = i.checked_add(digit.checked_mul(weight)?)?;
            let threshold = k.saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
            k += 36;
        }
        let len = u32::try_from(out.len()).ok()? + 1;
        bias = adapt(i - old, len, old == 0);
        n = n.checked_add(i / len)?;
        i %= len;
        out.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i += 1;
    }
    Some(out.into_iter().collect())
}

fn adapt(delta: u32, len: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / len;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

/// Where a mail claims to come from, as far as names go: its display name, or its sender's local part or domain.
pub(super) fn claims_brand(network: &Network, message: &Message<'_>) -> bool {
    let Some(from) = message.from().first() else { return false };
    let shown = from.name.as_ref().map(|n| crate::words::pattern::folded(n.as_str())).unwrap_or_default();
    let words = || shown.split(|c: char| !c.is_alphanumeric() && c != '+');
    let said = network.brands.iter().any(|b| words().any(|w| w == b || (b.len() > 5 && skeleton(w) == skeleton(b))));
    let domain = from.address.as_ref().map(crate::person::Address::domain);
    let local = from.address.as_ref().map_or("", |a| a.local());
    let local = network.brands.iter().any(|b| b.len() > 5 && skeleton(local).contains(&skeleton(b)));
    said || local || domain.is_some_and(|d| look_alike(network, &d))
}

/// The evidence, in words, if there is any. `sight.alien`: the From address is not the network's.
pub(super) fn evidence(sight: &Sight<'_>, proved: bool) -> Option<String> {
    let name = sight.network.name();
    if proved {
        return None;
    }
    let domain = sight.from.address.as_ref().map(crate::person::Address::domain);
    if sight.alien && domain.as_ref().is_some_and(|d| look_alike(sight.network, d)) {
        return Some(format!("its sender's domain is made to look like {name}'s, but is not"));
    }
    let mut accept = sight.accept_links().peekable();
    let asks = accept.peek().is_some();
    let off = asks && !accept.any(|l| sight.is_own(l));
    if off && sight.message.dmarc_fail() {
        return Some(format!("your mail server says it is not from {name}'s domain (DMARC failed), and its accept link leads elsewhere"));
    }
    if off && sight.links().next().is_some() && !sight.network.any_sender {
        return Some(format!("its accept link does not lead to {name}, though its other links do"));
    }
    let web = sight.body().links.iter().any(|l| host(&l.url).is_some());
    let nowhere = sight.alien && (off || sight.links().next().is_none());
    nowhere.then(|| match web {
        true => format!("it claims to be from {name}, but neither its sender nor its links are {name}'s"),
        false => format!("it claims to be from {name}, but its sender is not and no link leads there"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::{Catalogue, NetworkId};

    #[track_caller]
    fn case(network: &str, domain: &str, expected: bool) {
        let network = Catalogue::embedded().network(&NetworkId(network.to_owned())).expect("a known network");
        assert_eq!(look_alike(network, &Domain::new(domain).expect("a domain")), expected, "{domain}");
    }

    #[test]
    fn domains_that_look_alike() {
        for yes in [
            "linkedin-mail.com", "linkedin.com.evil.test", "1inkedin.com", "linkedln.com", "linked1n.test", "secure-linkedin.test",
            "linkdin.com", "llnkedin.com", "lnkedin.com", "linkedin.co", "mail.linkedin.support", "xn--lnkedin-2fg.com", "linkedin-com.test",
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

    #[test]
    fn internationalised_labels() {
        assert_eq!(punycode("bcher-kva").as_deref(), Some("bücher"));
        assert_eq!(punycode("mnchen-3ya").as_deref(), Some("münchen"));
        assert_eq!(punycode("99999999999"), None);
    }
}
