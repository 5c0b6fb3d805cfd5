//! How far the visible sender is proved.
//!
//! Anybody can write any From, and any Authentication-Results too. One header is worth something: the topmost, if the
//! owner's own server always writes it (RFC 8601 §5, §7.1). Of its results only those tied to the visible From domain
//! count: DMARC, or DKIM aligned with it.
use super::domain::aligned;
use super::fields::{Fields, utf8};
use super::results::{MethodResult, Results, parse};
use super::{Authenticity, TrustAnchor};
use crate::person::{Domain, Mailbox};

/// What the trusted server found out about the sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Provenance {
    pub authenticity: Authenticity,
    pub why: String,
    /// The From domain, if proved.
    pub aligned: Option<Domain>,
    pub dmarc_fail: bool,
}

fn unverified(why: &str, dmarc_fail: bool) -> Provenance {
    Provenance { authenticity: Authenticity::Unverified, why: why.to_owned(), aligned: None, dmarc_fail }
}

pub(super) fn judge(fields: &Fields<'_>, from: &[Mailbox], anchor: &TrustAnchor) -> Provenance {
    let results = match trusted(fields, anchor) {
        Ok(results) => results,
        Err(why) => return unverified(why, false),
    };
    let [sender] = from else {
        return unverified(if from.is_empty() { "no From address" } else { "more than one From address" }, false);
    };
    if fields.count("From") != 1 {
        return unverified("more than one From field", false);
    }
    let Some(domain) = sender.address.as_ref().map(crate::person::Address::domain) else {
        return unverified("no From address", false);
    };
    match proof(&results, &domain) {
        Some(why) => {
            let aligned = Some(domain);
            Provenance { authenticity: Authenticity::Verified, why, aligned, dmarc_fail: false }
        }
        None if dmarc_fails(&results, &domain) => unverified("the server says dmarc=fail", true),
        None => unverified("no result of the server is tied to the From domain", false),
    }
}

/// The one header that may be believed.
fn trusted(fields: &Fields<'_>, anchor: &TrustAnchor) -> Result<Results, &'static str> {
    let mut values = fields.raw_values("Authentication-Results");
    let wanted = match anchor {
        TrustAnchor::None => return Err("no server's results are trusted for this account"),
        TrustAnchor::Topmost => None,
        TrustAnchor::AuthservId(id) => Some(id.trim().trim_end_matches('.').to_lowercase()),
    };
    let top = values.next().ok_or("no Authentication-Results")?;
    let top = parse(&utf8(top)).ok_or("Authentication-Results cannot be read")?;
    if wanted.is_some_and(|id| id != top.authserv_id) {
        return Err("the topmost Authentication-Results is another server's");
    }
    // A server strips its own name from what comes in; if it stands below once more, one of the two is forged. Servers
    // that write one header per method put them side by side at the top: those say the same id, so they are no proof either.
    let again = |value: &[u8]| {
        parse(&utf8(value)).is_some_and(|r| !r.authserv_id.is_empty() && r.authserv_id == top.authserv_id)
    };
    if values.any(again) {
        return Err("the same server's name stands on several Authentication-Results");
    }
    Ok(top)
}

fn proof(results: &Results, domain: &Domain) -> Option<String> {
    if dmarc_fails(results, domain) {
        return None;
    }
    let dmarc = |m: &&MethodResult| m.method == "dmarc" && m.result == "pass" && property_is(m, "header.from", domain);
    if results.methods.iter().any(|m| dmarc(&m)) {
        return Some(format!("dmarc=pass for {}", domain.as_str()));
    }
    let signed =
        results.methods.iter().filter(|m| m.method == "dkim" && m.result == "pass").find_map(|m| signer(m, domain))?;
    Some(format!("dkim=pass by {signed}, aligned with {}", domain.as_str()))
}

fn property_is(m: &MethodResult, name: &str, domain: &Domain) -> bool {
    m.property(name).map(host).and_then(Domain::new).is_some_and(|d| d == *domain)
}

/// The domain of `@facebookmail.com`, `x@example.org` or `example.org`.
fn host(value: &str) -> &str {
    value.rsplit_once('@').map_or(value, |(_, h)| h)
}

/// Both header.d and header.i, where given, must be aligned.
fn signer(m: &MethodResult, domain: &Domain) -> Option<String> {
    let named: Vec<&str> = ["header.d", "header.i"].iter().filter_map(|p| m.property(p)).map(host).collect();
    let all = !named.is_empty() && named.iter().all(|d| aligned(d, domain.as_str()));
    named.first().filter(|_| all).map(|d| d.to_lowercase())
}

fn dmarc_fails(results: &Results, domain: &Domain) -> bool {
    let about = |m: &MethodResult| m.property("header.from").is_none() || property_is(m, "header.from", domain);
    results.methods.iter().any(|m| m.method == "dmarc" && m.result == "fail" && about(m))
}

#[cfg(test)]
mod tests {
    use crate::message::{Authenticity, TrustAnchor, read};

    #[track_caller]
    fn case(name: &str, header: &str, anchor: &TrustAnchor, verified: bool) {
        for mail in [header.to_owned(), header.replace('\n', "\r\n")] {
            let m = read(mail.as_bytes(), anchor);
            let (state, why) = m.authenticity();
            assert_eq!(state == Authenticity::Verified, verified, "{name}: {why}");
            assert_eq!(m.verified_domain().is_some(), verified, "{name}");
            assert!(!why.is_empty());
        }
    }

    #[test]
    fn three_states() {
        let ours = TrustAnchor::AuthservId("mx.home.test".into());
        let top = TrustAnchor::Topmost;
        let from = "From: Jane <jane@example.org>\nSubject: x\n\n";
        let yes = |name: &str, ar: &str, anchor: &TrustAnchor| case(name, &format!("{ar}\n{from}"), anchor, true);
        let no = |name: &str, ar: &str, anchor: &TrustAnchor| case(name, &format!("{ar}\n{from}"), anchor, false);
        yes("dmarc", "Authentication-Results: mx.home.test; dmarc=pass header.from=example.org", &ours);
        yes("dkim aligned", "Authentication-Results: mx.home.test; dkim=pass header.d=example.org", &top);
        yes(
            "dkim old style",
            "Authentication-Results: mx.home.test; spf=pass smtp.mail=x@y.test; dkim=pass header.i=@example.org",
            &top,
        );
        yes(
            "dkim by the parent's subdomain",
            "Authentication-Results: mx.home.test; dkim=pass header.d=mail.example.org",
            &top,
        );
        yes(
            "one of two signatures",
            "Authentication-Results: mx.home.test; dkim=fail header.d=a.test; dkim=pass header.d=example.org",
            &top,
        );
        yes("folded", "Authentication-Results: mx.home.test;\n dmarc=pass\n (p=none)\n header.from=example.org", &ours);
        yes("id in other case", "authentication-results: MX.Home.Test; dmarc=pass header.from=Example.ORG", &ours);
        yes(
            "no id",
            "Authentication-Results: spf=pass smtp.mailfrom=example.org; dmarc=pass action=none header.from=example.org",
            &top,
        );
        yes(
            "others below",
            "Authentication-Results: mx.home.test; dmarc=pass header.from=example.org\nAuthentication-Results: relay.test; dmarc=fail",
            &ours,
        );

        no("none", "X-Nothing: x", &top);
        no(
            "nobody trusted",
            "Authentication-Results: mx.home.test; dmarc=pass header.from=example.org",
            &TrustAnchor::None,
        );
        no("another id", "Authentication-Results: evil.test; dmarc=pass header.from=example.org", &ours);
        no(
            "our id below",
            "Authentication-Results: evil.test; spf=pass\nAuthentication-Results: mx.home.test; dmarc=pass header.from=example.org",
            &ours,
        );
        no(
            "our id twice",
            "Authentication-Results: mx.home.test; dmarc=pass header.from=example.org\nAuthentication-Results: mx.home.test; dmarc=pass header.from=example.org",
            &ours,
        );
        no(
            "in a comment",
            "Authentication-Results: mx.home.test; spf=none (dmarc=pass header.from=example.org)",
            &ours,
        );
        no(
            "in a quoted string",
            "Authentication-Results: mx.home.test; spf=none reason=\"; dmarc=pass header.from=example.org\"",
            &ours,
        );
        no(
            "id in a comment",
            "Authentication-Results: evil.test (mx.home.test); dmarc=pass header.from=example.org",
            &ours,
        );
        no("id as prefix", "Authentication-Results: mx.home.test.evil.test; dmarc=pass header.from=example.org", &ours);
        no("another domain", "Authentication-Results: mx.home.test; dmarc=pass header.from=evil.test", &ours);
        no("dmarc without domain", "Authentication-Results: mx.home.test; dmarc=pass", &ours);
        no("dkim of another", "Authentication-Results: mx.home.test; dkim=pass header.d=evil.test", &ours);
        no(
            "dkim d and i differ",
            "Authentication-Results: mx.home.test; dkim=pass header.d=evil.test header.i=@example.org",
            &ours,
        );
        no("look-alike suffix", "Authentication-Results: mx.home.test; dkim=pass header.d=notexample.org", &ours);
        no("public suffix", "Authentication-Results: mx.home.test; dkim=pass header.d=org", &ours);
        no("spf alone", "Authentication-Results: mx.home.test; spf=pass smtp.mailfrom=example.org", &ours);
        no(
            "dkim pass but dmarc fail",
            "Authentication-Results: mx.home.test; dkim=pass header.d=example.org; dmarc=fail header.from=example.org",
            &ours,
        );
        no(
            "two From fields",
            "From: a@evil.test\nAuthentication-Results: mx.home.test; dmarc=pass header.from=example.org",
            &ours,
        );
        no("unending comment", "Authentication-Results: mx.home.test; (dmarc=pass header.from=example.org", &ours);
        let two = "Authentication-Results: mx.home.test; dmarc=pass header.from=example.org\nFrom: jane@example.org, eve@evil.test\n\n";
        case("two mailboxes", two, &ours, false);
    }

    #[test]
    fn failing_policy_is_told() {
        let mail =
            "Authentication-Results: mx.home.test; dmarc=fail header.from=example.org\nFrom: jane@example.org\n\n";
        assert!(read(mail.as_bytes(), &TrustAnchor::Topmost).dmarc_fail());
        assert!(!read(mail.as_bytes(), &TrustAnchor::None).dmarc_fail());
    }
}
