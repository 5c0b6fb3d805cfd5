//! Addresses, domains and profile keys as types, so that none is taken for another.
use serde::{Deserialize, Serialize};

/// An RFC 5321 address, lower-cased, without angle brackets. Comparison is by the whole lower-cased text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Address(String);

/// A domain in lower case, without a trailing dot.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Domain(String);

/// A profile on a network: `linkedin:in/jane-doe`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProfileKey(String);

/// Local parts that name a desk, in order.
const SHARED: &[&str] = &[
    "accounts",
    "accueil",
    "admin",
    "administratie",
    "amministrazione",
    "atencion",
    "atendimento",
    "bewerbung",
    "bewerbungen",
    "billing",
    "biuro",
    "bokning",
    "booking",
    "bookings",
    "bounce",
    "buchhaltung",
    "calendar",
    "candidature",
    "candidatures",
    "career",
    "careers",
    "clienti",
    "comercial",
    "commercial",
    "comptabilite",
    "contact",
    "contacto",
    "curriculos",
    "customercare",
    "customerservice",
    "do-not-reply",
    "donotreply",
    "empleo",
    "emploi",
    "enquiries",
    "events",
    "facturacion",
    "facturation",
    "feedback",
    "finance",
    "frontdesk",
    "hello",
    "help",
    "helpdesk",
    "hostmaster",
    "hr",
    "info",
    "invite",
    "invites",
    "invoices",
    "jinji",
    "job",
    "jobb",
    "jobs",
    "kadry",
    "kariera",
    "karriere",
    "klantenservice",
    "kontakt",
    "kundenservice",
    "kundtjanst",
    "lavoroconnoi",
    "mail",
    "mailer",
    "mailer-daemon",
    "marketing",
    "news",
    "newsletter",
    "no-reply",
    "no_reply",
    "noreply",
    "notification",
    "notifications",
    "office",
    "orders",
    "personal",
    "post",
    "postmaster",
    "prenotazioni",
    "press",
    "privacy",
    "receipts",
    "receptie",
    "reception",
    "rechnung",
    "recruiter",
    "recruiting",
    "recruitment",
    "recrutamento",
    "recrutement",
    "registrations",
    "rekrutacja",
    "rekrytering",
    "reservas",
    "reservations",
    "rezeption",
    "rh",
    "rrhh",
    "saiyo",
    "sales",
    "scheduling",
    "secretariat",
    "security",
    "segreteria",
    "sekretariat",
    "seleccion",
    "selezione",
    "service",
    "sollicitatie",
    "soumu",
    "sprzedaz",
    "support",
    "talent",
    "team",
    "tickets",
    "unknownorganizer",
    "updates",
    "vagas",
    "ventas",
    "verkoop",
    "vertrieb",
    "verwaltung",
    "webmaster",
    "welcome",
    "werkenbij",
    "zentrale",
];

impl Address {
    /// Takes `Jane@Example.ORG`, `<jane@example.org>` or `mailto:jane@example.org`; `None` without exactly one usable `@`.
    #[must_use]
    pub fn new(raw: &str) -> Option<Self> {
        let s = raw.trim().trim_start_matches('<').trim_end_matches('>').trim();
        let s = s.get(..7).filter(|p| p.eq_ignore_ascii_case("mailto:")).map_or(s, |_| &s[7..]);
        let (local, domain) = s.rsplit_once('@')?;
        let fine = |c: char| !c.is_control() && !c.is_whitespace();
        if local.is_empty() || domain.is_empty() || s.len() > 320 || !s.chars().all(fine) || local.contains('@') {
            return None;
        }
        Some(Address(s.trim_end_matches('.').to_lowercase()))
    }
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
    #[must_use]
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(l, _)| l)
    }
    /// A mailbox that is a desk's and nobody's own (RFC 2142 names some): `info@`, `jobs@`, `noreply@`.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        let local = self.local();
        let desk = local.split(['+', '.', '-', '_']).next().unwrap_or(local);
        SHARED.binary_search(&local).is_ok() || SHARED.binary_search(&desk).is_ok() && !local.contains('.')
    }
    #[must_use]
    pub fn domain(&self) -> Domain {
        Domain(self.0.rsplit_once('@').map_or("", |(_, d)| d).to_owned())
    }
}

impl Domain {
    #[must_use]
    pub fn new(raw: &str) -> Option<Self> {
        let s = raw.trim().trim_end_matches('.').to_lowercase();
        (!s.is_empty() && s.chars().all(|c| !c.is_control() && !c.is_whitespace() && c != '@')).then_some(Domain(s))
    }
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Is this `other` or a subdomain of it?
    #[must_use]
    pub fn within(&self, other: &str) -> bool {
        self.0.strip_suffix(other).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }
}

impl ProfileKey {
    /// `network` is the catalogue's id, `path` the profile's path without host, query or `/comm/`.
    #[must_use]
    pub fn new(network: &str, path: &str) -> Option<Self> {
        let path = path.trim_matches('/');
        (!path.is_empty() && path.len() <= 200 && !path.chars().any(|c| c.is_control() || c.is_whitespace()))
            .then(|| ProfileKey(format!("{network}:{path}")))
    }
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
    /// Reads back what [`ProfileKey::as_str`] gave (the store's column).
    #[must_use]
    pub fn parse(s: &str) -> Option<Self> {
        let (network, path) = s.split_once(':')?;
        Self::new(network, path)
    }
}

// Personal data is masked wherever it is not asked for by name (house.md): logs and panics show a shape, never the value.
impl std::fmt::Debug for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Address(…)")
    }
}
impl std::fmt::Debug for ProfileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ProfileKey(…)")
    }
}

/// An RFC 5322 mailbox: a display name and an address, each as far as it could be read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Mailbox {
    pub name: Option<super::Name>,
    pub address: Option<Address>,
}

/// Domains where anybody can have an address: they say nothing about an employer.
#[must_use]
pub fn is_freemail(domain: &Domain) -> bool {
    FREEMAIL.contains(&domain.as_str())
}

const FREEMAIL: &[&str] = &[
    "126.com",
    "163.com",
    "aol.com",
    "bluewin.ch",
    "duck.com",
    "email.it",
    "fastmail.com",
    "fastmail.fm",
    "free.fr",
    "freenet.de",
    "gmail.com",
    "gmx.at",
    "gmx.ch",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "googlemail.com",
    "hey.com",
    "hotmail.co.uk",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "icloud.com",
    "interia.pl",
    "laposte.net",
    "libero.it",
    "live.com",
    "mac.com",
    "mail.com",
    "mail.ru",
    "mailbox.org",
    "me.com",
    "msn.com",
    "naver.com",
    "o2.pl",
    "orange.fr",
    "outlook.com",
    "outlook.de",
    "pm.me",
    "posteo.de",
    "proton.me",
    "protonmail.com",
    "qq.com",
    "seznam.cz",
    "sina.com",
    "t-online.de",
    "tutanota.com",
    "uol.com.br",
    "wanadoo.fr",
    "web.de",
    "wp.pl",
    "yahoo.co.jp",
    "yahoo.co.uk",
    "yahoo.com",
    "yahoo.de",
    "yahoo.fr",
    "yandex.ru",
    "zoho.com",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn desks_are_told_from_people() {
        assert!(SHARED.is_sorted());
        let shared = |a: &str| Address::new(a).is_some_and(|a| a.is_shared());
        for desk in
            ["info@acme.test", "jobs+42@acme.test", "no-reply@acme.test", "rrhh@acme.test", "team-berlin@acme.test"]
        {
            assert!(shared(desk), "{desk}");
        }
        for own in ["jane@acme.test", "personal.jane@acme.test", "j.post@acme.test", "salesman@acme.test"] {
            assert!(!shared(own), "{own}");
        }
    }
}
