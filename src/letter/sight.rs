//! One mail in the eyes of one network: what its forms ask about, worked out once and only when asked.
use super::catalogue::Network;
use super::form::Form;
use super::named::is_nobody;
use crate::message::{Body, Link, Message, percent_decoded, query_value, url_parts, without_banners};
use crate::person::{Domain, Mailbox, Name};
use crate::words::pattern::{Filled, Hole, Line, Pattern, best, folded};
use std::cell::OnceCell;

/// Lines of a body looked at: a request stands at the top, and a flood must stay cheap.
const LINES: usize = 400;

pub(crate) struct Sight<'m, 'x> {
    pub message: &'m Message<'x>,
    pub network: &'m Network,
    /// The mailbox that speaks: From, or the original From of a mail a list has rewritten.
    pub from: Mailbox,
    /// The From address is not the network's: conditions on the sender do not count.
    pub alien: bool,
    /// The subject may be one of the network's.
    pub titled: bool,
    subject: OnceCell<Line>,
    display: OnceCell<Line>,
    lines: OnceCell<Vec<Line>>,
    folded: OnceCell<String>,
    templates: OnceCell<Vec<String>>,
}

/// A form that holds, and which of its conditions say so.
pub(crate) struct Hit<'m> {
    pub form: &'m Form,
    pub filled: Filled,
    pub why: Vec<String>,
    /// A mark of the network's programs (template, header, link) or its sender and subject say so, not the text alone.
    pub strong: bool,
}

impl<'m, 'x> Sight<'m, 'x> {
    pub(crate) fn new(message: &'m Message<'x>, network: &'m Network, from: Mailbox, alien: bool) -> Self {
        Sight {
            message,
            network,
            from,
            alien,
            titled: true,
            subject: OnceCell::new(),
            display: OnceCell::new(),
            lines: OnceCell::new(),
            folded: OnceCell::new(),
            templates: OnceCell::new(),
        }
    }

    pub(crate) fn body(&self) -> &'m Body {
        self.message.body()
    }

    /// The body's lines up to where the network's own matters begin, without gateways' warnings and empty lines.
    pub(crate) fn lines(&self) -> &[Line] {
        self.lines.get_or_init(|| {
            let cut = &self.network.text.cut_at;
            let text = without_banners(&self.body().text);
            let all = text.lines().map(Line::new).filter(|l| !l.is_empty()).take(LINES);
            all.take_while(|l| !cut.iter().any(|p| p.matches(l).is_some())).collect()
        })
    }

    fn folded(&self) -> &str {
        self.folded.get_or_init(|| folded(&self.body().text))
    }

    /// Links that lead to the network.
    pub(crate) fn links(&self) -> impl Iterator<Item = &'m Link> + '_ {
        self.message.links().iter().filter(|l| self.is_own(l))
    }
    pub(crate) fn is_own(&self, link: &Link) -> bool {
        self.network.any_sender || host(&link.url).is_some_and(|h| self.network.links_to(&h))
    }

    /// Names of the mail's template, from its headers and from the parameters of its links.
    pub(crate) fn templates(&self) -> &[String] {
        self.templates.get_or_init(|| {
            let headers = self.network.template_headers.iter().filter_map(|h| self.message.header(h));
            let params = &self.network.template_params;
            let links = self.links().take(60).flat_map(|l| params.iter().filter_map(|p| param(&l.url, p)));
            let mut names: Vec<String> = headers.map(|h| template_name(h).to_owned()).collect();
            names.extend(links.map(|v| template_name(&v).to_owned()));
            names.retain(|n| !n.is_empty());
            names.dedup();
            names
        })
    }

    /// The first form whose conditions all hold.
    pub(crate) fn first_form(&self) -> Option<Hit<'m>> {
        self.network.forms.iter().find_map(|form| self.holds(form))
    }

    fn holds(&self, form: &'m Form) -> Option<Hit<'m>> {
        let mut hit = Hit { form, filled: Filled::default(), why: Vec::new(), strong: false };
        let name = self.network.name();
        let address = self.from.address.as_ref().map_or("", |a| a.as_str());
        if self.alien && form.is_about_sender_only() || !self.titled && !form.subject.is_empty() {
            return None;
        }
        if !form.from.is_empty() && !self.alien {
            form.from.iter().any(|g| g.matches(address)).then_some(())?;
            hit.why.push(format!("the address is one {name} sends such mail from"));
        }
        for (field, glob) in &form.header {
            self.message.headers(field).any(|v| glob.matches(v.trim())).then_some(())?;
            hit.why.push(format!("its header {field} says so"));
            hit.strong = true;
        }
        if !form.display.is_empty() {
            let display = self.display.get_or_init(|| Line::new(self.from.name.as_ref().map_or("", Name::as_str)));
            let filled = self.first(&form.display, std::slice::from_ref(display))?;
            // "A member of LinkedIn" has the form of "Jane via LinkedIn", and may ask all the same.
            let nobody = filled.get(Hole::Name).is_some_and(|n| is_nobody(self, n));
            (form.kind.is_request() || !nobody).then_some(())?;
            hit.filled.add(filled);
            hit.why.push("the sender's display name has the form".to_owned());
        }
        if !form.subject.is_empty() {
            let subject = self.subject.get_or_init(|| Line::new(self.message.subject()));
            hit.filled.add(self.first(&form.subject, std::slice::from_ref(subject))?);
            hit.why.push("the subject has the form".to_owned());
            hit.strong |= !self.alien && !self.network.any_sender;
        }
        self.deep(form, hit)
    }

    /// The conditions for which the body must be worked out.
    fn deep(&self, form: &'m Form, mut hit: Hit<'m>) -> Option<Hit<'m>> {
        if !form.template.is_empty() {
            let found = self.templates().iter().find(|t| form.template.iter().any(|g| g.matches(t)))?;
            hit.why.push(format!("its template is {found}"));
            hit.strong = true;
        }
        if !form.link.is_empty() {
            let leads = |l: &&Link| form.link.iter().any(|m| tail(&l.url).contains(m.as_str()));
            self.links().find(leads)?;
            hit.why.push(format!("a link has the form of {}'s", self.network.name()));
            hit.strong = true;
        }
        if !form.body.is_empty() {
            let near: Vec<&Pattern> = form.body.iter().filter(|p| p.may_be_in(self.folded())).collect();
            let found = self.lines().iter().find_map(|l| near.iter().find_map(|p| self.sound(p.matches(l)?)))?;
            hit.filled.add(found);
            hit.why.push("the text has the form".to_owned());
        }
        Some(hit)
    }

    fn first(&self, patterns: &[Pattern], lines: &[Line]) -> Option<Filled> {
        lines.iter().find_map(|l| self.sound(best(patterns, l)?))
    }

    /// A network's own name is nobody's.
    fn sound(&self, filled: Filled) -> Option<Filled> {
        let own = |hole| filled.get(hole).is_some_and(|n| self.is_brand(n));
        (!own(Hole::Name) && !own(Hole::First)).then_some(filled)
    }

    /// Is this the name of the network itself, or of one of its teams?
    pub(crate) fn is_brand(&self, name: &str) -> bool {
        let name = folded(name);
        let name = name.trim();
        let brands = self.network.brands.iter().map(String::as_str);
        brands.chain([folded(self.network.name()).as_str()]).any(|b| {
            name == b
                || name
                    .strip_prefix(b)
                    .is_some_and(|rest| rest.starts_with(' ') && rest.split_whitespace().count() <= 2)
        })
    }

    /// Is this the name the mail is addressed to?
    pub(crate) fn is_me(&self, name: &str) -> bool {
        let name = Line::new(name);
        self.message.to().iter().filter_map(|m| m.name.as_ref()).any(|n| Line::new(n.as_str()).text() == name.text())
    }

    /// What the body tells of the person, whatever the form.
    pub(crate) fn told(&self) -> Filled {
        let mut filled = Filled::default();
        let near: Vec<&Pattern> = self.network.text.tells.iter().filter(|p| p.may_be_in(self.folded())).collect();
        for line in self.lines() {
            near.iter().filter_map(|p| self.sound(p.matches(line)?)).for_each(|f| filled.add(f));
        }
        filled
    }

    /// Buttons that say yes, wherever they lead.
    pub(crate) fn accept_links(&self) -> impl Iterator<Item = &'m Link> + '_ {
        self.message.links().iter().filter(|l| {
            let text = Line::new(&l.text);
            !text.is_empty() && self.network.accept.iter().any(|p| p.matches(&text).is_some())
        })
    }
}

/// `eml-email_m2m_invite_single_01-hero-0-accept` and `urn:li:page:email_email_m2m_invite_single_01;x` both name one template.
fn template_name(value: &str) -> &str {
    let value = value.trim();
    let value = value.strip_prefix("urn:li:page:email_").or_else(|| value.strip_prefix("eml-")).unwrap_or(value);
    value.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).next().unwrap_or_default()
}

/// The host of a web address.
pub(crate) fn host(url: &str) -> Option<Domain> {
    Domain::new(&url_parts(url)?.0)
}

/// What stands behind the host, without the query.
pub(crate) fn path(url: &str) -> Option<String> {
    let (_, path, _) = url_parts(url)?;
    Some(percent_decoded(path.strip_prefix("/comm").unwrap_or(path)))
}

/// A query parameter's value, percent-decoded.
pub(crate) fn param(url: &str, name: &str) -> Option<String> {
    query_value(url_parts(url)?.2, name)
}

/// Path and query as they are, in lower case: where forms look for their marks.
fn tail(url: &str) -> String {
    url_parts(url).map(|(_, path, query)| format!("{path}?{query}").to_lowercase()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_a_link_leads() {
        for (url, expected) in [
            ("https://www.linkedin.com/in/x", Some("www.linkedin.com")),
            ("https://linkedin.com@evil.test/in/x", Some("evil.test")),
            ("HTTP://LinkedIn.com:443?x", Some("linkedin.com")),
            ("https://evil.test\\@linkedin.com/", Some("evil.test")),
            ("mailto:a@linkedin.com", None),
            ("/in/x", None),
        ] {
            assert_eq!(host(url).as_ref().map(Domain::as_str), expected, "{url}");
        }
    }

    #[test]
    fn parameters_and_templates() {
        let url = "https://x.test/a?trk=eml-email_m2m_invite_single_01-hero-0-accept%7Ecta&id=%C3%A4%zz#f";
        assert_eq!(param(url, "TRK").as_deref(), Some("eml-email_m2m_invite_single_01-hero-0-accept~cta"));
        assert_eq!(param(url, "id").as_deref(), Some("ä%zz"));
        assert_eq!(template_name("eml-email_m2m_invite_single_01-hero-0-accept~cta"), "email_m2m_invite_single_01");
        assert_eq!(template_name("urn:li:page:email_email_pymk_02;abc"), "email_pymk_02");
    }
}
