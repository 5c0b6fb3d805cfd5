//! Domains: which belong together, and which only look as if they did.
use crate::person::Domain;
use unicode_normalization::UnicodeNormalization;

/// Two-label public suffixes under which strangers register side by side. The whole public suffix list is 250 KB and
/// changes weekly; alignment needs only the common ones: a missing entry at worst joins two registrants of one suffix.
const SECOND_LEVEL: &[&str] = &[
    "ac", "co", "com", "edu", "gen", "go", "gob", "gouv", "gov", "gv", "info", "ltd", "me", "mil", "ne", "net", "nom",
    "or", "org", "plc", "sch",
];
const SHARED: &[&str] = &[
    "appspot.com",
    "azurewebsites.net",
    "blogspot.com",
    "cloudfront.net",
    "eu.org",
    "github.io",
    "gitlab.io",
    "herokuapp.com",
    "netlify.app",
    "onmicrosoft.com",
    "pages.dev",
    "sharepoint.com",
    "uk.com",
    "us.com",
    "de.com",
    "vercel.app",
    "web.app",
    "workers.dev",
];

/// The domain somebody registered: `mail.example.co.uk` → `example.co.uk`. `None` for a public suffix itself.
#[must_use]
pub fn registered(domain: &str) -> Option<String> {
    let domain = domain.trim().trim_end_matches('.').to_lowercase();
    let labels: Vec<&str> = domain.split('.').collect();
    if labels.iter().any(|l| l.is_empty()) || labels.len() < 2 {
        return None;
    }
    let last_two = labels.get(labels.len() - 2..)?.join(".");
    let (second, top) = last_two.split_once('.')?;
    let suffix =
        if SHARED.contains(&last_two.as_str()) || (top.len() == 2 && SECOND_LEVEL.contains(&second)) { 2 } else { 1 };
    (labels.len() > suffix).then(|| labels.get(labels.len() - suffix - 1..).unwrap_or_default().join("."))
}

/// Relaxed alignment (RFC 7489 §3.1): the same registered domain.
pub(super) fn aligned(a: &str, b: &str) -> bool {
    matches!((registered(a), registered(b)), (Some(a), Some(b)) if a == b)
}

/// A domain as it looks at a glance, to be held against many that may be imitated.
#[derive(Debug)]
pub struct Glance {
    /// The domain, and the same with its hyphens as points.
    whole: [String; 2],
    labels: Vec<Look>,
}

/// One label of a domain, or one word, as it looks at a glance.
#[derive(Debug)]
pub struct Look {
    /// Between hyphens: as written, and its look.
    words: Vec<(String, String)>,
    /// The look of all of it, without hyphens.
    joined: String,
}

impl Glance {
    #[must_use]
    pub fn of(domain: &Domain) -> Glance {
        let domain = domain.as_str();
        Glance {
            whole: [domain.to_owned(), domain.replace('-', ".")],
            labels: domain.split('.').map(Look::of).collect(),
        }
    }

    /// The domain, and the same with its hyphens as points.
    pub fn spellings(&self) -> impl Iterator<Item = &str> {
        self.whole.iter().map(String::as_str)
    }

    /// Is `genuine` written out in it, as a part of another's domain (`linkedin.com.evil.test`, `linkedin-com.test`)?
    #[must_use]
    pub fn holds(&self, genuine: &str) -> bool {
        let followed = |text: &String| {
            text.match_indices(genuine).any(|(at, _)| text.as_bytes().get(at + genuine.len()) == Some(&b'.'))
        };
        named(genuine).is_some() && self.whole.iter().any(followed)
    }

    /// Does a label of it resemble the name of `genuine`, whose look is `wanted` ([`look_of`]): homoglyphs, inserted
    /// hyphens and words (`linkedin-mail.test`), punycode? That it is not within it the caller has seen.
    #[must_use]
    pub fn resembles(&self, genuine: &str, wanted: &str) -> bool {
        named(genuine).is_some_and(|name| self.labels.iter().any(|label| label.imitates(name, wanted)))
    }
}

/// The name in a domain, if it is long enough to be imitated.
fn named(genuine: &str) -> Option<&str> {
    genuine.split('.').next().filter(|name| name.len() >= 4)
}

impl Look {
    #[must_use]
    pub fn of(label: &str) -> Look {
        let unicode = label.strip_prefix("xn--").and_then(punycode);
        let label = unicode.as_deref().unwrap_or(label);
        Look {
            words: label.split('-').map(|w| (w.to_owned(), skeleton(w))).collect(),
            joined: skeleton(label).replace('-', ""),
        }
    }

    /// Does it look like `name`, whose look is `wanted` ([`look_of`])?
    #[must_use]
    pub fn imitates(&self, name: &str, wanted: &str) -> bool {
        let word = self.words.iter().any(|(written, look)| written == name || look == wanted);
        let close = wanted.len() >= 6 && self.joined.len().abs_diff(wanted.len()) <= 4;
        // One change leaves the first three letters or the last three as they were.
        let ends = |f: fn(&[u8]) -> Option<&[u8]>| f(self.joined.as_bytes()) == f(wanted.as_bytes());
        let near = close && (ends(|b| b.get(..3)) || ends(|b| b.get(b.len().saturating_sub(3)..)));
        word || self.joined == wanted || near && strsim::osa_distance(&self.joined, wanted) == 1
    }
}

/// What the name of a genuine domain looks like at a glance.
#[must_use]
pub fn look_of(genuine: &str) -> String {
    skeleton(genuine.split('.').next().unwrap_or_default())
}

/// Does one word look like `name` at a glance, without being it?
#[must_use]
pub fn word_imitates(word: &str, name: &str) -> bool {
    word != name && Look::of(&word.to_lowercase()).imitates(name, &skeleton(name))
}

/// What a label looks like at a glance: confusables folded to one form.
fn skeleton(label: &str) -> String {
    if label.is_ascii() {
        let folded: String = label.chars().map(|c| confusable(c.to_ascii_lowercase())).collect();
        return read_together(folded);
    }
    let folded: String = label
        .nfkd()
        .filter(|c| !unicode_normalization::char::is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(confusable)
        .collect();
    read_together(folded)
}

/// Two letters side by side that look like one.
fn read_together(folded: String) -> String {
    let pairs = [("rn", "m"), ("vv", "w"), ("cl", "d")];
    pairs.iter().fold(folded, |text, (two, one)| if text.contains(two) { text.replace(two, one) } else { text })
}

fn confusable(c: char) -> char {
    match c {
        '1' | 'i' | 'l' | '|' | 'ı' | 'і' | 'ӏ' | 'ι' | 'ⅼ' | '!' => 'l',
        '0' | 'о' | 'ο' | 'ө' => 'o',
        'а' | 'α' | '4' | '@' => 'a',
        'е' | 'ҽ' | '3' | 'є' => 'e',
        'ѕ' | '5' | '$' => 's',
        'с' | 'ϲ' => 'c',
        'р' | 'ρ' => 'p',
        'х' | 'χ' => 'x',
        'у' | 'γ' => 'y',
        'ԁ' => 'd',
        'к' | 'κ' => 'k',
        'п' | 'ո' => 'n',
        'ԍ' | 'ɡ' => 'g',
        'в' | '8' => 'b',
        'т' | '7' => 't',
        'м' => 'm',
        'һ' => 'h',
        other => other,
    }
}

/// RFC 3492, decoding only.
fn punycode(coded: &str) -> Option<String> {
    let (basic, extended) = coded.rsplit_once('-').unwrap_or(("", coded));
    let mut out: Vec<char> = basic.chars().collect();
    let (mut n, mut i, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = extended.chars();
    while !digits.as_str().is_empty() && out.len() < 64 {
        let start = i;
        let (mut weight, mut k) = (1_u32, 36_u32);
        loop {
            let digit = match digits.next()?.to_ascii_lowercase() {
                c @ 'a'..='z' => u32::from(c) - u32::from('a'),
                c @ '0'..='9' => u32::from(c) - u32::from('0') + 26,
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
        let length = u32::try_from(out.len() + 1).ok()?;
        bias = adapt(i - start, length, start == 0);
        n = n.checked_add(i / length)?;
        i %= length;
        out.insert(usize::try_from(i).ok()?, char::from_u32(n)?);
        i += 1;
    }
    Some(out.into_iter().collect())
}

fn adapt(delta: u32, length: u32, first: bool) -> u32 {
    let mut delta = if first { delta / 700 } else { delta / 2 };
    delta += delta / length;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn registered_domains() {
        for (domain, expected) in [
            ("mail.example.org", Some("example.org")),
            ("example.co.uk", Some("example.co.uk")),
            ("a.b.example.co.uk", Some("example.co.uk")),
            ("co.uk", None),
            ("org", None),
            ("", None),
            ("jane.github.io", Some("jane.github.io")),
            ("a..b", None),
            ("x.example.com.br", Some("example.com.br")),
        ] {
            assert_eq!(registered(domain).as_deref(), expected, "{domain}");
        }
        assert!(aligned("mailb.linkedin.com", "LinkedIn.com"));
        assert!(!aligned("a.co.uk", "b.co.uk"));
    }

    #[test]
    fn imitations() {
        let genuine = ["linkedin.com", "facebookmail.com", "xing.com", "x.com"];
        let imitates = |d: &str| {
            let domain = Domain::new(d).expect("a domain");
            let glance = Glance::of(&domain);
            genuine.iter().any(|g| !domain.within(g) && (glance.holds(g) || glance.resembles(g, &look_of(g))))
        };
        for bad in [
            "linkedin.com.evil.test",
            "linkedln.com",
            "1inkedin.com",
            "linked-in.com",
            "linkedin-mail.test",
            "linkedin.test",
            "linkedin.co",
            "mail.linkedin-com.test",
            "lınkedin.com",
            "xn--lnkedin-rfb.com",
            "linkdin.com",
            "faceb00kmail.com",
            "xlng.com",
        ] {
            assert!(imitates(bad), "{bad}");
        }
        for fine in [
            "linkedin.com",
            "e.linkedin.com",
            "mailb.linkedin.com",
            "example.org",
            "link.example",
            "mixing.test",
            "boxing.test",
            "kedin.test",
            "linden.test",
        ] {
            assert!(!imitates(fine), "{fine}");
        }
    }

    #[test]
    fn punycode_decodes() {
        assert_eq!(punycode("mnchen-3ya").as_deref(), Some("münchen"));
        assert_eq!(punycode("99999999999"), None);
    }
}
