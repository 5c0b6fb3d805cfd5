//! What stands where a name should: a name with the network's own beside it, or nobody's.
//!
//! Networks sign for people ("Jane Doe via LinkedIn", "Jane (via Facebook)") and write *someone* where they hide one;
//! neither must reach the digest as a person.
use super::sight::Sight;
use crate::message::names_nobody;
use crate::words::pattern::folded;

/// Words between a name and the network's, in the languages networks write.
const BETWEEN: &[&str] = &[
    "via",
    "vía",
    "über",
    "ueber",
    "on",
    "from",
    "through",
    "at",
    "by",
    "auf",
    "aus",
    "bei",
    "von",
    "sur",
    "par",
    "de",
    "depuis",
    "en",
    "por",
    "a través de",
    "através de",
    "através do",
    "através da",
    "pelo",
    "pela",
    "no",
    "na",
    "do",
    "da",
    "su",
    "tramite",
    "attraverso",
    "dal",
    "op",
    "door",
    "przez",
    "z",
    "på",
    "från",
    "genom",
    "gennem",
    "gjennom",
    "fra",
    "din",
    "prin",
    "pe",
    "через",
    "из",
    "в",
    "preko",
    "přes",
    "prostřednictvím",
    "kautta",
    "através",
    "lewat",
    "μέσω",
    "ผ่าน",
    "عبر",
    "באמצעות",
    "a",
    "melalui",
    "qua",
    "通过",
    "通過",
    "透過",
    "来自",
    "來自",
];
/// The same, written behind the network's name.
const BEHIND: &[&str] = &[
    "'ta",
    "'da",
    "'te",
    "'de",
    "’ta",
    "’da",
    "’te",
    "’de",
    "aracılığıyla",
    "üzerinden",
    "経由",
    "から",
    "より",
    "를 통해",
    "을 통해",
    "通じて",
    "kautta",
    "-en keresztül",
];

/// The name without the network's: `Jane Doe via LinkedIn`, `Jane (über XING)`, `Jane on X`.
pub(super) fn without_brand<'n>(sight: &Sight<'_, '_>, raw: &'n str) -> &'n str {
    let brands: Vec<String> = brands(sight);
    let mut cut = raw.trim();
    if let Some((before, inside)) = cut.strip_suffix([')', ']', '）']).and_then(|c| c.rsplit_once(['(', '[', '（']))
        && (brands.iter().any(|b| folded(inside).trim() == b) || joint(inside, &brands).is_some_and(str::is_empty))
    {
        cut = before.trim_end();
    }
    joint(cut, &brands).unwrap_or(cut)
}

/// What stands before "via LinkedIn" at the end; empty if that is all.
fn joint<'n>(text: &'n str, brands: &[String]) -> Option<&'n str> {
    let bare = BEHIND.iter().find_map(|w| ends(text, w)).unwrap_or(text).trim_end();
    let before = brands
        .iter()
        .find_map(|b| ends(bare, b))
        .filter(|r| r.is_empty() || !r.ends_with(char::is_alphanumeric) || !bare.is_ascii())?;
    if bare.len() < text.trim_end().len() {
        return Some(before.trim_end());
    }
    let before = before.trim_end();
    BETWEEN
        .iter()
        .filter_map(|w| ends(before, w))
        .filter(|r| r.is_empty() || r.ends_with(char::is_whitespace))
        .min_by_key(|r| r.len())
        .map(str::trim_end)
}

/// What stands before an ending, whose case does not count.
fn ends<'n>(text: &'n str, ending: &str) -> Option<&'n str> {
    let from = text.char_indices().rev().nth(ending.chars().count().checked_sub(1)?)?.0;
    let (before, end) = text.split_at_checked(from)?;
    (end.to_lowercase() == ending).then_some(before)
}

fn brands(sight: &Sight<'_, '_>) -> Vec<String> {
    let mut all = sight.network.brands.clone();
    all.push(folded(sight.network.name()));
    all
}

/// "Someone", "Un membre LinkedIn", "Neue Nachricht": a word for whom the mail does not name.
pub(super) fn is_nobody(sight: &Sight<'_, '_>, raw: &str) -> bool {
    let mut lower = folded(raw);
    let brands = brands(sight);
    for brand in &brands {
        lower = lower.replace(&format!("{brand}-"), "").replace(&format!("-{brand}"), "");
    }
    let plain = |w: &&str| !brands.iter().any(|b| b == w.trim_matches(|c: char| !c.is_alphanumeric() && c != '+'));
    let rest: Vec<&str> = lower.split_whitespace().filter(plain).collect();
    names_nobody(rest.join(" ").trim_matches(|c: char| !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::letter::{Catalogue, NetworkId};
    use crate::message::{TrustAnchor, read};
    use crate::person::Mailbox;

    #[track_caller]
    fn case(network: &str, raw: &str, expected: Option<&str>) {
        let network = Catalogue::embedded().network(&NetworkId(network.to_owned())).expect("a known network");
        let message = read(b"Subject: x\n\n", &TrustAnchor::None);
        let sight = Sight::new(&message, network, Mailbox::default(), false);
        let found = crate::letter::card::name(&sight, raw);
        assert_eq!(found.as_ref().map(|n| n.as_str()), expected, "{raw}");
    }

    #[test]
    fn names_lose_the_network() {
        for (network, raw, name) in [
            ("linkedin", "Ava Stoneham via LinkedIn", "Ava Stoneham"),
            ("linkedin", "Jörg Müllner über LinkedIn", "Jörg Müllner"),
            ("linkedin", "Inés de la Peña a través de LinkedIn", "Inés de la Peña"),
            ("linkedin", "Deniz Kara LinkedIn aracılığıyla", "Deniz Kara"),
            ("linkedin", "海野 澪 LinkedIn経由", "海野 澪"),
            ("linkedin", "Ava Stoneham (LinkedIn)", "Ava Stoneham"),
            ("facebook", "Wanda Merkle (via Facebook)", "Wanda Merkle"),
            ("x", "Mara Glas (via Twitter)", "Mara Glas"),
            ("x", "Mara Glas on X", "Mara Glas"),
            ("xing", "Beate Klinger über XING", "Beate Klinger"),
            ("x", "Malcolm X", "Malcolm X"),
            ("linkedin", "Via Rossi", "Via Rossi"),
            ("linkedin", "Ava Stoneham (Ava Marsh)", "Ava Stoneham (Ava Marsh)"),
        ] {
            case(network, raw, Some(name));
        }
    }

    #[test]
    fn words_for_nobody_are_no_names() {
        for raw in [
            "Someone",
            "A LinkedIn member",
            "LinkedIn Member",
            "Jemand",
            "Ein LinkedIn-Mitglied",
            "Un membre LinkedIn",
            "Quelqu’un",
            "Un miembro de LinkedIn",
            "Alguém",
            "Neue Nachricht",
            "New message!",
            "Кто-то",
            "有人",
            "via LinkedIn",
        ] {
            case("linkedin", raw, None);
        }
        case("xing", "Neue Recruiting-Nachricht", None);
        case("xing", "Ein XING Mitglied", None);
        case("linkedin", "Guest Wong", Some("Guest Wong"));
    }
}
