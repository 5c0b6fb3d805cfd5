//! Marks of scheduling tools and of meetings at a distance.
//!
//! An applicant tracking system puts a link into the interviewer's event and often no word of interview into its title.
//! The link's host and path are the strongest sign there is, so they are data: `config/tools.toml`.
use super::ics::Details;
use serde::Deserialize;

/// One tool: it is there if any of its links is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tool {
    name: String,
    /// Its events are interviews (an applicant tracking system), not just bookings.
    #[serde(default)]
    interviews: bool,
    /// `host` or `host/path`; `*` in the host stands for any subdomain, in the path for anything.
    links: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Tools {
    tool: Vec<Tool>,
    /// Hosts of video conferences.
    video: Vec<String>,
}

const EMBEDDED: &str = include_str!("../../config/tools.toml");

impl Tools {
    pub(super) fn embedded() -> &'static Tools {
        static TOOLS: std::sync::OnceLock<Tools> = std::sync::OnceLock::new();
        TOOLS.get_or_init(|| toml::from_str(EMBEDDED).unwrap_or_else(|e| panic!("config/tools.toml: {e}")))
    }

    /// Is this a domain of a tool, or of a video service: an address there is a machine's?
    pub(super) fn is_own(&self, domain: &crate::person::Domain) -> bool {
        let links = self.tool.iter().flat_map(|tool| &tool.links).chain(&self.video);
        links.map(|link| link.split('/').next().unwrap_or(link)).any(|host| {
            let host = host.trim_start_matches("*.").trim_start_matches("app.").trim_start_matches("hire.");
            host != "google.com" && domain.within(host)
        })
    }

    /// Is this tool's event an interview?
    pub(super) fn is_for_interviews(&self, name: &str) -> bool {
        self.tool.iter().any(|tool| tool.interviews && tool.name == name)
    }

    /// The tool that made this entry; one for interviews before one for bookings.
    pub(super) fn mark(&self, details: &Details, description: &str) -> Option<String> {
        let links = links(details, description);
        let is_there = |tool: &&Tool| tool.links.iter().any(|pattern| links.iter().any(|link| fits(link, pattern)));
        let found = |interviews: bool| self.tool.iter().filter(|tool| tool.interviews == interviews).find(is_there);
        found(true).or_else(|| found(false)).map(|tool| tool.name.clone())
    }

    pub(super) fn by_video(&self, details: &Details, description: &str) -> bool {
        let links = links(details, description);
        self.video.iter().any(|pattern| links.iter().any(|link| fits(link, pattern)))
            || details.location.as_deref().is_some_and(|place| {
                let place = place.to_lowercase();
                ["microsoft teams", "teams meeting", "zoom", "google meet", "webex", "skype"]
                    .iter()
                    .any(|w| place.contains(w))
            })
    }

    /// A telephone number where the place should be.
    pub(super) fn by_phone(&self, details: &Details) -> bool {
        let Some(place) = details.location.as_deref() else { return false };
        let digits = place.chars().filter(char::is_ascii_digit).count();
        let others = place.chars().filter(|c| c.is_alphabetic()).count();
        (7..=18).contains(&digits) && others <= 8 && !place.contains("://")
    }
}

/// Links of a description that are looked at.
const MOST_LINKS: usize = 100;

/// Every `host/path` of the entry, without scheme and query, lower case.
fn links(details: &Details, description: &str) -> Vec<String> {
    let place = details.location.as_deref().unwrap_or_default();
    let texts = [description, place].into_iter().chain(details.links.iter().map(String::as_str));
    let found = texts.flat_map(|text| text.split("://").skip(1));
    let end = |c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '<' | '>' | ')' | '?' | '#' | ']');
    found.take(MOST_LINKS).map(|link| link.split(end).next().unwrap_or_default().to_lowercase()).collect()
}

fn fits(link: &str, pattern: &str) -> bool {
    let (host, path) = link.split_once('/').unwrap_or((link, ""));
    let host = host.rsplit('@').next().unwrap_or(host).split(':').next().unwrap_or(host);
    let (wanted_host, wanted_path) = pattern.split_once('/').unwrap_or((pattern, ""));
    let host_fits = match wanted_host.strip_prefix("*.") {
        Some(domain) => host == domain || host.strip_suffix(domain).is_some_and(|sub| sub.ends_with('.')),
        None => host == wanted_host,
    };
    host_fits && path_fits(path, wanted_path)
}

/// The pieces between `*` stand in the path in this order; the first at its beginning.
fn path_fits(path: &str, pattern: &str) -> bool {
    let mut pieces = pattern.split('*');
    let Some(mut rest) = path.strip_prefix(pieces.next().unwrap_or_default()) else { return false };
    for piece in pieces {
        match rest.find(piece).and_then(|at| rest.get(at + piece.len()..)) {
            Some(after) => rest = after,
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(description: &str, tool: Option<&str>) {
        assert_eq!(Tools::embedded().mark(&Details::default(), description).as_deref(), tool, "{description}");
    }

    #[test]
    fn a_tool_is_known_by_its_links_and_by_nothing_that_looks_alike() {
        case("Kit: https://app.greenhouse.io/guides/77/people/12?application_id=3", Some("greenhouse"));
        case("https://app2.greenhouse.io/guides/77/people/12/interview", Some("greenhouse"));
        case("View resume: https://hire.lever.co/interviews/8d1f", Some("lever"));
        case("https://calendly.com/events/x", Some("calendly"));
        case("https://boards.greenhouse.io/acme", None);
        case("https://greenhouse.io.example.org/guides/1/people/2", None);
        case("https://example.org/hire.lever.co/interviews/8d1f", None);
        case("no link at all", None);
    }
}
