//! Links without the wrappers of mail gateways.
//!
//! Between a network and the owner stand programs that rewrite every link. Each hides the real one in itself, so it is
//! taken out of the text alone: nothing is ever asked of a server, and what comes out is data, never opened.
use super::Link;

/// Wrappers inside wrappers: more than this is nobody's mail.
const NESTED: usize = 5;
/// Most links kept of one mail.
pub(super) const MOST: usize = 500;
/// Longest URL kept, in bytes; gateways make 2 KB, nobody makes more.
const LONGEST: usize = 8 * 1024;

/// The link behind all wrappers; the text itself when there is none.
#[must_use]
pub fn unwrap(url: &str) -> String {
    let mut url = url.trim().to_owned();
    for _ in 0..NESTED {
        match once(&url) {
            Some(inner) if inner != url => url = inner,
            Some(_) | None => break,
        }
    }
    url
}

/// Host (lower case, without user and port), path and query of an http(s) URL.
#[must_use]
pub fn parts(url: &str) -> Option<(String, &str, &str)> {
    let (scheme, rest) = url.trim().split_once("://")?;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at(end);
    let host = authority.rsplit_once('@').map_or(authority, |(_, h)| h);
    let host = host.split_once(':').map_or(host, |(h, _)| h).trim_end_matches('.').to_lowercase();
    let tail = tail.split_once('#').map_or(tail, |(t, _)| t);
    let (path, query) = tail.split_once('?').unwrap_or((tail, ""));
    (!host.is_empty()).then_some((host, path, query))
}

/// One value of a query, percent-decoded. Gateways separate by `&`, HTML left undecoded by `&amp;`.
#[must_use]
pub fn query_value(query: &str, key: &str) -> Option<String> {
    let pair = query.split(['&', ';']).find_map(|pair| {
        let (k, v) = pair.split_once('=')?;
        k.trim_start_matches("amp;").eq_ignore_ascii_case(key).then_some(v)
    })?;
    Some(percent_decoded(pair))
}

fn within(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// Takes one wrapper off.
fn once(url: &str) -> Option<String> {
    let (host, path, query) = parts(url)?;
    let target = |keys: &[&str]| keys.iter().find_map(|k| query_value(query, k)).filter(|u| is_http(u));
    if within(&host, "safelinks.protection.outlook.com") || within(&host, "safelinks.protection.office365.us") {
        return target(&["url"]);
    }
    if within(&host, "urldefense.com") || within(&host, "urldefense.proofpoint.com") || within(&host, "urldefense.us") {
        return urldefense(url, path, query);
    }
    if within(&host, "linkprotect.cudasvc.com") {
        return target(&["a"]);
    }
    if within(&host, "secure-web.cisco.com") {
        return cisco(path);
    }
    let google = host.strip_prefix("www.").unwrap_or(&host).starts_with("google.");
    if google && path == "/url" {
        return target(&["q", "url"]);
    }
    if within(&host, "linkedin.com") {
        return linkedin(url, path, query);
    }
    let mimecast = within(&host, "mimecastprotect.com") || within(&host, "mimecast.com");
    if mimecast || within(&host, "clicktime.symantec.com") || within(&host, "l.facebook.com") {
        return target(&["u", "domain_url", "url"]);
    }
    None
}

fn is_http(url: &str) -> bool {
    let head = |n: usize| url.get(..n).unwrap_or_default().to_ascii_lowercase();
    url.len() <= LONGEST && (head(7) == "http://" || head(8) == "https://")
}

/// LinkedIn wraps outward links in `/safety/go` and `/redir/…`; `/comm/` marks its mail's own links.
fn linkedin(url: &str, path: &str, query: &str) -> Option<String> {
    if path.starts_with("/safety/go") || path.starts_with("/redir") || path.starts_with("/comm/redir") {
        return ["url", "u"].iter().find_map(|k| query_value(query, k)).filter(|u| is_http(u));
    }
    path.starts_with("/comm/").then(|| url.replacen("/comm/", "/", 1))
}

/// Cisco appends the percent-encoded target as the last path segment.
fn cisco(path: &str) -> Option<String> {
    path.rsplit('/').map(percent_decoded).find(|u| is_http(u))
}

/// Proofpoint v1 (`/v1/url?u=` percent), v2 (`/v2/url?u=` with `-` for `%` and `_` for `/`), v3 (`/v3/__URL__;B64!!`).
fn urldefense(url: &str, path: &str, query: &str) -> Option<String> {
    if path.starts_with("/v2/") {
        let coded = query.split('&').find_map(|p| p.trim_start_matches("amp;").strip_prefix("u="))?;
        return Some(percent_decoded(&coded.replace('-', "%").replace('_', "/"))).filter(|u| is_http(u));
    }
    if path.starts_with("/v1/") {
        return query_value(query, "u").filter(|u| is_http(u));
    }
    let (_, rest) = url.split_once("/v3/__")?;
    let (inner, tail) = rest.rsplit_once("__;")?;
    Some(urldefense_v3(inner, tail)).filter(|u| is_http(u))
}

/// v3 replaced odd characters by `*` (one) and `**X` (a run, its length by X's place in the base64 alphabet); the base64
/// after `__;` holds them in order.
fn urldefense_v3(inner: &str, tail: &str) -> String {
    const RUNS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let coded = tail.split('!').next().unwrap_or_default().replace('-', "+").replace('_', "/");
    let odd = mail_parser::decoders::base64::base64_decode(coded.as_bytes()).unwrap_or_default();
    let odd = String::from_utf8_lossy(&odd).into_owned();
    let mut odd = odd.chars();
    let mut out = String::with_capacity(inner.len());
    let mut chars = inner.chars().peekable();
    while let Some(c) = chars.next() {
        if c != '*' {
            out.push(c);
            continue;
        }
        let run = if chars.next_if_eq(&'*').is_some() {
            chars.next().and_then(|x| RUNS.find(x)).map_or(1, |place| place + 2)
        } else {
            1
        };
        out.extend(odd.by_ref().take(run));
    }
    // some gateways also fold the double slash
    if out.contains("://") { out } else { out.replacen(":/", "://", 1) }
}

/// Percent-decoding that leaves what is no escape as it stands.
#[must_use]
pub fn percent_decoded(s: &str) -> String {
    let bytes = s.as_bytes();
    let hex = |i: usize| bytes.get(i).and_then(|b| char::from(*b).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(high * 16 + low);
                at += 3;
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// Adds a link if it leads anywhere: http(s) only, unwrapped, capped.
pub(super) fn push(links: &mut Vec<Link>, url: &str, text: &str) {
    let url = url.trim();
    if links.len() < MOST && is_http(url) {
        let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        links.push(Link { url: unwrap(url), text: text.chars().take(300).collect() });
    }
}

/// Bare URLs in plain text. The link's text is what stands before it on its line, else the line above ("Accept:").
pub(super) fn in_text(text: &str, links: &mut Vec<Link>) {
    let mut above = "";
    for line in text.lines() {
        let mut from = 0;
        while let Some(start) = next_url(line, from) {
            let rest = line.get(start..).unwrap_or_default();
            let end =
                rest.find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '\u{a0}')).unwrap_or(rest.len());
            let url = rest.get(..end).unwrap_or_default().trim_end_matches(['.', ',', ')', ']', '\'', ';', '!', '*']);
            let before = line.get(from..start).unwrap_or_default();
            let words =
                before.trim_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '(' | '[' | ':' | '-' | '|'));
            let text = if words.is_empty() && from == 0 { above.trim().trim_end_matches(':') } else { words };
            push(links, url, text);
            if links.len() >= MOST {
                return;
            }
            from = start + end.max(1);
        }
        if from == 0 && !line.trim().is_empty() {
            above = line;
        }
    }
}

fn next_url(line: &str, from: usize) -> Option<usize> {
    let rest = line.get(from..)?;
    let at = memchr::memmem::find_iter(rest.as_bytes(), b"://").find_map(|colon| {
        let head = rest.get(..colon)?;
        ["https", "http", "HTTPS", "HTTP"].iter().find(|s| head.ends_with(*s)).map(|s| colon - s.len())
    })?;
    Some(from + at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(wrapped: &str, plain: &str) {
        assert_eq!(unwrap(wrapped), plain);
    }

    #[test]
    fn wrappers() {
        case("https://example.org/a?b=c", "https://example.org/a?b=c");
        case(
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa%3Fb%3Dc&data=05%7C02&reserved=0",
            "https://example.org/a?b=c",
        );
        case(
            "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fx&amp;data=05",
            "https://example.org/x",
        );
        case(
            "https://urldefense.proofpoint.com/v2/url?u=https-3A__www.example.org_in_jane-2Ddoe&d=DwMFaQ&c=x",
            "https://www.example.org/in/jane-doe",
        );
        case("https://urldefense.proofpoint.com/v1/url?u=http://example.org/a%20b&k=x", "http://example.org/a b");
        case(
            "https://urldefense.com/v3/__https://example.org/a?b=*7Bc*7D__;JSU!!abc$",
            "https://example.org/a?b=%7Bc%7D",
        );
        case("https://urldefense.com/v3/__https://example.org/a__;!!abc$", "https://example.org/a");
        case("https://linkprotect.cudasvc.com/url?a=https%3a%2f%2fexample.org%2fa&c=E,1", "https://example.org/a");
        case("https://secure-web.cisco.com/1abcDEF/https%3A%2F%2Fexample.org%2Fa%3Fb", "https://example.org/a?b");
        case("https://www.google.com/url?q=https://example.org/a&sa=D", "https://example.org/a");
        case("https://www.linkedin.com/comm/in/jane-doe?trk=x", "https://www.linkedin.com/in/jane-doe?trk=x");
        case("https://www.linkedin.com/safety/go?url=https%3A%2F%2Fexample.org&trk=x", "https://example.org");
        case("https://www.linkedin.com/redir/redirect?url=https%3A%2F%2Fexample.org", "https://example.org");
        case(
            "https://x.safelinks.protection.outlook.com/?url=https%3A%2F%2Furldefense.com%2Fv3%2F__https%3A%2F%2Fexample.org%2Fa__%3B!!b",
            "https://example.org/a",
        );
        case(
            "https://x.safelinks.protection.outlook.com/?url=javascript%3Aalert",
            "https://x.safelinks.protection.outlook.com/?url=javascript%3Aalert",
        );
        case(
            "https://evil.test/safelinks.protection.outlook.com/?url=https://a.test",
            "https://evil.test/safelinks.protection.outlook.com/?url=https://a.test",
        );
    }

    #[test]
    fn hosts() {
        for (url, host) in [
            ("https://www.linkedin.com@evil.test/a", "evil.test"),
            ("HTTPS://Example.ORG:443/a", "example.org"),
            ("https://example.org?x=https://other.test/", "example.org"),
            ("https://evil.test\\.example.org/", "evil.test"),
        ] {
            assert_eq!(parts(url).map(|p| p.0).as_deref(), Some(host), "{url}");
        }
        assert_eq!(parts("mailto:jane@example.org"), None);
    }

    #[test]
    fn bare_urls_take_the_words_before_them() {
        let mut links = Vec::new();
        in_text(
            "Accept:https://a.test/1\nView profile\nhttps://a.test/2.\n(see <https://a.test/3>) and https://a.test/4",
            &mut links,
        );
        let seen: Vec<_> = links.iter().map(|l| (l.url.as_str(), l.text.as_str())).collect();
        assert_eq!(
            seen,
            [
                ("https://a.test/1", "Accept"),
                ("https://a.test/2", "View profile"),
                ("https://a.test/3", "see"),
                ("https://a.test/4", ">) and"),
            ]
        );
    }
}
