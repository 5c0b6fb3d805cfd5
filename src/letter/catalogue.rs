//! The networks as data.
//!
//! Networks change their mails every few months, and each test of a subject is another language. What is known of them
//! is therefore written down, not programmed: one file a network in `config/networks/` (the schema is told in
//! `linkedin.toml` and `docs/networks.md`), each fact with where it comes from. An owner's own file of the same `id`
//! takes the place of ours. A *form* is one way a mail of the network can look; the first form of the file whose
//! conditions all hold says what the mail is, so a file is read from the surest mark to the weakest.
use super::NetworkId;
use super::form::{Form, ProfileForm, Text};
use crate::message::look_of;
use crate::person::Domain;
use crate::words::pattern::{Glob, Line, Pattern};
use crate::words::patterns::Patterns;
use aho_corasick::AhoCorasick;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::OnceLock;

/// All known networks, ready for matching.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {
    networks: Vec<Network>,
    /// Genuine domain → place in `networks`.
    by_domain: HashMap<String, usize>,
    /// Domains and names of all networks, as far as a foreign domain may hold them to deceive.
    names: Option<AhoCorasick>,
    /// Subjects of networks whose mail may come from anywhere.
    subjects: Patterns,
}

/// Is what the file says seen in real mail, or only likely?
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    Verified,
    Experimental,
}

/// One network, as written in its file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    id: NetworkId,
    name: String,
    pub(crate) status: Status,
    #[serde(default)]
    #[cfg_attr(not(test), expect(dead_code, reason = "for people who read the file; tests see that it is there"))]
    source: String,
    /// Domains whose mail and links are the network's; subdomains count.
    #[serde(default)]
    pub(crate) domains: Vec<String>,
    /// Further domains that only links may lead to.
    #[serde(default)]
    pub(crate) link_domains: Vec<String>,
    /// Words by which somebody claims to be the network, lower case.
    #[serde(default)]
    pub(crate) brands: Vec<String>,
    /// Requests are harmless here: one-way, or open to all by habit.
    #[serde(default)]
    open: bool,
    /// Its servers stand under any domain (Mastodon): recognised by header, text and link.
    #[serde(default)]
    pub(crate) any_sender: bool,
    /// An applicant tracking system or job board without ties: only applications are looked for.
    #[serde(default)]
    pub(crate) jobs: bool,
    /// Addresses that programs of the network write from.
    #[serde(default)]
    pub(crate) senders: Vec<Glob>,
    /// Those of them that send requests: an unknown form from there is *unreadable*, from elsewhere *news*.
    #[serde(default)]
    pub(crate) asks: Vec<Glob>,
    /// Header fields that only the network's programs set.
    #[serde(default)]
    pub(crate) headers: Vec<String>,
    /// Where the name of the mail's template is told.
    #[serde(default)]
    pub(crate) template_headers: Vec<String>,
    #[serde(default)]
    pub(crate) template_params: Vec<String>,
    /// Parts of links that concern the owner or the frame of the mail, never the person.
    #[serde(default)]
    pub(crate) aside: Vec<String>,
    /// Link forms of a person's profile.
    #[serde(default)]
    pub(crate) profile: Vec<ProfileForm>,
    /// Names of link parameters, or of the path segment before, that hold the invitation's id.
    #[serde(default)]
    pub(crate) invitation_id: Vec<String>,
    /// What stands on the button that says yes.
    #[serde(default)]
    pub(crate) accept: Vec<Pattern>,
    #[serde(default)]
    pub(crate) text: Text,
    #[serde(default, rename = "form")]
    pub(crate) forms: Vec<Form>,
    /// What its domains look like, in their order; worked out once.
    #[serde(skip)]
    looks: OnceLock<Vec<String>>,
    #[serde(skip)]
    brand_looks: OnceLock<Vec<String>>,
}

/// Why a file is no catalogue file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct CatalogueError {
    pub file: String,
    pub line: usize,
    pub column: usize,
    pub message: String,
}

macro_rules! embedded {
    ($($id:literal),* $(,)?) => { &[$(($id, include_str!(concat!("../../config/networks/", $id, ".toml")))),*] };
}

/// (id, text) of every embedded file, in the order they are tried.
pub const EMBEDDED: &[(&str, &str)] = embedded![
    "linkedin",
    "facebook",
    "x",
    "xing",
    "instagram",
    "threads",
    "bluesky",
    "googleplus",
    "researchgate",
    "academia",
    "github",
    "viadeo",
    "slack",
    "mastodon",
    "gnusocial",
    "diaspora",
    "friendica",
    "indeed",
    "stepstone",
    "greenhouse",
    "lever",
    "workable",
    "smartrecruiters",
    "personio",
    "ashby",
    "teamtailor",
    "recruitee",
    "jobboards",
];

impl Catalogue {
    /// The embedded networks. They are part of the build and tested, so a fault here is ours.
    #[must_use]
    pub fn embedded() -> &'static Catalogue {
        static CATALOGUE: std::sync::OnceLock<Catalogue> = std::sync::OnceLock::new();
        CATALOGUE.get_or_init(|| {
            let parse = |(id, text): &(&str, &str)| {
                Catalogue::parse(&format!("config/networks/{id}.toml"), text).unwrap_or_else(|e| panic!("{e}"))
            };
            Catalogue::of(EMBEDDED.iter().map(parse).collect())
        })
    }

    /// Reads one file's text; `file` is how an error names it.
    pub fn parse(file: &str, text: &str) -> Result<Network, CatalogueError> {
        let fault = |at: usize, message: String| {
            let before = text.get(..at).unwrap_or(text);
            let line = before.matches('\n').count() + 1;
            let column = before.rsplit('\n').next().map_or(0, |l| l.chars().count()) + 1;
            CatalogueError { file: file.to_owned(), line, column, message }
        };
        let network: Network =
            toml::from_str(text).map_err(|e| fault(e.span().map_or(0, |s| s.start), e.message().to_owned()))?;
        network.check().map_err(|message| fault(0, message))?;
        Ok(network)
    }

    /// The same catalogue with the owner's own files, given as (file name, text): a file of a known `id` takes its place.
    pub fn with_own<'f>(
        &self,
        files: impl IntoIterator<Item = (&'f str, &'f str)>,
    ) -> Result<Catalogue, CatalogueError> {
        let mut networks = self.networks.clone();
        for (file, text) in files {
            let own = Catalogue::parse(file, text)?;
            match networks.iter_mut().find(|n| n.id == own.id) {
                Some(known) => *known = own,
                None => networks.push(own),
            }
        }
        Ok(Catalogue::of(networks))
    }

    fn of(networks: Vec<Network>) -> Catalogue {
        let mut by_domain = HashMap::new();
        for (i, network) in networks.iter().enumerate() {
            for domain in &network.domains {
                by_domain.entry(domain.to_lowercase()).or_insert(i);
            }
        }
        let names = networks.iter().flat_map(|n| n.domains.iter().chain(n.brands.iter().filter(|b| is_telling(b))));
        let names = AhoCorasick::new(names).ok();
        let forms = networks.iter().filter(|n| n.any_sender).flat_map(|n| &n.forms);
        let subjects = Patterns::new(forms.flat_map(|form| &form.subject));
        Catalogue { by_domain, names, subjects, networks }
    }

    #[must_use]
    pub fn network(&self, id: &NetworkId) -> Option<&Network> {
        self.networks.iter().find(|n| n.id == *id)
    }
    pub fn networks(&self) -> impl Iterator<Item = &Network> {
        self.networks.iter()
    }
    /// The network whose genuine domain this is, or is below of.
    #[must_use]
    pub fn of_domain(&self, domain: &Domain) -> Option<&Network> {
        let mut rest = domain.as_str();
        loop {
            if let Some(i) = self.by_domain.get(rest) {
                return self.networks.get(*i);
            }
            rest = rest.split_once('.')?.1;
        }
    }
}

/// A network's name this long means the network wherever it stands.
pub(super) fn is_telling(brand: &str) -> bool {
    brand.len() > 5
}

impl Catalogue {
    /// Does a network's domain, or its telling name, stand anywhere in this text?
    pub(super) fn is_named_in(&self, text: &str) -> bool {
        self.names.as_ref().is_none_or(|names| names.is_match(text))
    }
    /// May a mail with this subject be of a network whose mail comes from anywhere?
    pub(super) fn may_be_titled(&self, subject: &Line) -> bool {
        self.subjects.may_match(subject)
    }
}

impl Network {
    #[must_use]
    pub fn id(&self) -> &NetworkId {
        &self.id
    }
    /// The name people know: `LinkedIn`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
    /// Are requests harmless here (etiquette.md, clause `open`)?
    #[must_use]
    pub fn open(&self) -> bool {
        self.open
    }
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }
    /// Number of forms, and of patterns in them.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        let patterns = |f: &Form| {
            f.display.len() + f.subject.len() + f.body.len() + f.template.len() + f.link.len() + f.header.len()
        };
        (self.forms.len(), self.forms.iter().map(patterns).sum())
    }
    /// Is this domain the network's own?
    #[must_use]
    pub fn owns(&self, domain: &Domain) -> bool {
        self.domains.iter().any(|d| domain.within(d))
    }
    pub(super) fn looks(&self) -> &[String] {
        self.looks.get_or_init(|| self.domains.iter().map(|d| look_of(d)).collect())
    }
    /// Its names, each with what it looks like.
    pub(super) fn shown_brands(&self) -> impl Iterator<Item = (&str, &str)> {
        let looks = self.brand_looks.get_or_init(|| self.brands.iter().map(|b| look_of(b)).collect());
        self.brands.iter().map(String::as_str).zip(looks.iter().map(String::as_str))
    }
    /// May a link of the network lead there?
    pub(crate) fn links_to(&self, host: &Domain) -> bool {
        self.owns(host) || self.link_domains.iter().any(|d| host.within(d))
    }

    fn check(&self) -> Result<(), String> {
        let id = &self.id.0;
        if id.is_empty() || !id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-') {
            return Err(format!("id {id:?}: small letters, digits and hyphens only"));
        }
        if self.domains.is_empty() && !self.any_sender {
            return Err("without domains nothing can be told genuine (or set any_sender = true)".to_owned());
        }
        if let Some(d) =
            self.domains.iter().chain(&self.link_domains).find(|d| !d.contains('.') || Domain::new(d).is_none())
        {
            return Err(format!("{d:?} is no domain"));
        }
        let bare = |f: &&Form| f.from.is_empty() && f.is_about_sender_only();
        if let Some(form) = self.forms.iter().find(bare) {
            return Err(format!("a form of kind {:?} has no condition", form.kind));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(text: &str, at: (usize, usize), says: &str) {
        let e = Catalogue::parse("own.toml", text).map(|n| n.name).expect_err("to be refused");
        assert_eq!((e.line, e.column), at, "{e}");
        assert!(e.to_string().starts_with("own.toml:") && e.message.contains(says), "{e}");
    }

    #[test]
    fn faults_are_told_with_their_place() {
        let head = "id = \"plume\"\nname = \"Plume\"\nstatus = \"experimental\"\ndomains = [\"plume.example.org\"]\n";
        refused(&format!("{head}colour = \"red\"\n"), (5, 1), "unknown field `colour`");
        refused(&format!("{head}[[form]]\nkind = \"befriend\"\n"), (6, 8), "befriend");
        refused(&format!("{head}[[form]]\nkind = \"connect\"\nsubject = [\"{{who}} came\"]\n"), (7, 11), "{who}");
        refused(&format!("{head}[[form]]\nkind = \"connect\"\n"), (1, 1), "no condition");
        refused(
            "id = \"Plume!\"\nname = \"P\"\nstatus = \"verified\"\ndomains = [\"p.test\"]\n",
            (1, 1),
            "small letters",
        );
        refused("id = \"p\"\nname = \"P\"\nstatus = \"verified\"\n", (1, 1), "domains");
        refused("id = \"p\"\nname = \"P\"\nstatus = \"verified\"\ndomains = [\"com\"]\n", (1, 1), "no domain");
    }

    #[test]
    fn own_files_take_the_place_of_ours_or_join() {
        let plume = "id = \"plume\"\nname = \"Plume\"\nstatus = \"experimental\"\ndomains = [\"plume.example.org\"]\n";
        let x = "id = \"x\"\nname = \"Ex\"\nstatus = \"verified\"\ndomains = [\"x.example.org\"]\n";
        let all = Catalogue::embedded().with_own([("plume.toml", plume), ("x.toml", x)]).expect("two good files");
        let of = |d: &str| all.of_domain(&Domain::new(d).expect("a domain")).map(|n| n.name().to_owned());
        assert_eq!(of("mail.plume.example.org").as_deref(), Some("Plume"));
        assert_eq!(of("x.example.org").as_deref(), Some("Ex"));
        assert_eq!(of("twitter.com"), None);
        assert_eq!(of("e.linkedin.com").as_deref(), Some("LinkedIn"));
        assert_eq!(of("notlinkedin.com"), None);
    }

    /// Every fact says where it comes from, ids are file names, and a domain belongs to one network.
    #[test]
    fn the_embedded_files_are_in_order() {
        let mut domains = std::collections::BTreeMap::new();
        for (id, _) in EMBEDDED {
            let network = Catalogue::embedded().network(&NetworkId((*id).to_owned())).expect(id);
            assert!(!network.source.is_empty(), "{id} tells no source");
            for domain in &network.domains {
                assert_eq!(domains.insert(domain.clone(), *id), None, "{domain} twice");
            }
        }
        let sizes: Vec<(usize, usize)> = Catalogue::embedded().networks().map(Network::size).collect();
        assert!(sizes.iter().map(|s| s.0).sum::<usize>() >= 120, "{sizes:?}");
    }
}
