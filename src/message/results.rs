//! Authentication-Results (RFC 8601), tokenized as its grammar says.
//!
//! An attacker writes comments, quoted strings and folds that make a careless search find `dmarc=pass` where none is.
//! So the value is cut into tokens first; words inside comments and quotes are never results.

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Quoted(String),
    Semicolon,
    Equals,
    Slash,
}

/// `method=result` with its properties, all lower case but values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MethodResult {
    pub method: String,
    pub result: String,
    /// (`header.from`, `example.org`)
    pub properties: Vec<(String, String)>,
}

impl MethodResult {
    pub fn property(&self, name: &str) -> Option<&str> {
        self.properties.iter().find(|(n, _)| n == name).map(|(_, v)| v.as_str())
    }
}

/// One header: who says so, and what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Results {
    /// Lower case; empty where the server writes none (Exchange Online).
    pub authserv_id: String,
    pub methods: Vec<MethodResult>,
}

/// Most tokens read of one value.
const TOKENS: usize = 4_000;

/// `None`: no comment or quoted string ends, or the grammar is broken where it matters.
fn tokens(value: &str) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        if matches!(c, '(' | '"' | ';' | '=' | '/') || c.is_whitespace() {
            flush(&mut word, &mut out);
        }
        match c {
            '(' => comment(&mut chars)?,
            '"' => out.push(Token::Quoted(quoted(&mut chars)?)),
            ';' => out.push(Token::Semicolon),
            '=' => out.push(Token::Equals),
            '/' => out.push(Token::Slash),
            ')' => return None,
            c if c.is_whitespace() => {}
            c => word.push(c),
        }
        if out.len() > TOKENS {
            return None;
        }
    }
    flush(&mut word, &mut out);
    Some(out)
}

fn flush(word: &mut String, out: &mut Vec<Token>) {
    if !word.is_empty() {
        out.push(Token::Word(std::mem::take(word)));
    }
}

fn comment(chars: &mut std::str::Chars<'_>) -> Option<()> {
    let mut depth = 1_usize;
    while depth > 0 {
        match chars.next()? {
            '\\' => drop(chars.next()?),
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
    }
    Some(())
}

fn quoted(chars: &mut std::str::Chars<'_>) -> Option<String> {
    let mut out = String::new();
    loop {
        match chars.next()? {
            '\\' => out.push(chars.next()?),
            '"' => return Some(out),
            c => out.push(c),
        }
    }
}

/// Reads one value. `None` for what is no Authentication-Results: then nothing in it is believed.
pub(super) fn parse(value: &str) -> Option<Results> {
    let tokens = tokens(value)?;
    let mut statements = tokens.split(|t| *t == Token::Semicolon);
    let head = statements.next()?;
    let (authserv_id, first) = match head {
        // Exchange Online writes no id: the first statement is a result already.
        [Token::Word(_), Token::Equals, ..] | [Token::Word(_), Token::Slash, _, Token::Equals, ..] => ("", Some(head)),
        [Token::Word(id) | Token::Quoted(id)] => (id.as_str(), None),
        [Token::Word(id) | Token::Quoted(id), Token::Word(version)] if version == "1" => (id.as_str(), None),
        _ => return None,
    };
    let methods = first.into_iter().chain(statements).filter_map(method).collect();
    Some(Results { authserv_id: authserv_id.trim_end_matches('.').to_lowercase(), methods })
}

/// `dkim/1 = pass reason="…" header.d=example.org`; `none` and broken statements are nothing.
fn method(tokens: &[Token]) -> Option<MethodResult> {
    let (name, rest) = match tokens {
        [Token::Word(name), Token::Equals, rest @ ..] => (name, rest),
        [Token::Word(name), Token::Slash, Token::Word(_), Token::Equals, rest @ ..] => (name, rest),
        _ => return None,
    };
    let [Token::Word(result), rest @ ..] = rest else {
        return None;
    };
    Some(MethodResult { method: name.to_lowercase(), result: result.to_lowercase(), properties: properties(rest) })
}

/// `ptype.property = value …`. A value may hold `/`, `=` and quoted parts: it ends where the next `name =` begins.
fn properties(tokens: &[Token]) -> Vec<(String, String)> {
    let mut out: Vec<(String, String)> = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let name = match (token, tokens.get(at + 1)) {
            (Token::Word(name), Some(Token::Equals))
                if name.contains('.') || name.eq_ignore_ascii_case("reason") || name.eq_ignore_ascii_case("action") =>
            {
                Some(name)
            }
            _ => None,
        };
        match (name, out.last_mut()) {
            (Some(name), _) => {
                out.push((name.to_lowercase(), String::new()));
                at += 1;
            }
            (None, Some((_, value))) => value.push_str(match token {
                Token::Word(w) | Token::Quoted(w) => w,
                Token::Equals => "=",
                Token::Slash => "/",
                Token::Semicolon => ";",
            }),
            (None, None) => {}
        }
        at += 1;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(value: &str, id: &str, results: &str) {
        let read = parse(value).map(|r| {
            let all: Vec<String> = r
                .methods
                .iter()
                .map(|m| {
                    let props: Vec<_> = m.properties.iter().map(|(n, v)| format!("{n}={v}")).collect();
                    format!("{}:{}[{}]", m.method, m.result, props.join(","))
                })
                .collect();
            (r.authserv_id, all.join(" "))
        });
        assert_eq!(read, Some((id.to_owned(), results.to_owned())), "{value}");
    }

    #[test]
    fn forms() {
        case("mx.example.org; none", "mx.example.org", "");
        case(
            "mx.example.org 1; spf=pass smtp.mailfrom=example.net",
            "mx.example.org",
            "spf:pass[smtp.mailfrom=example.net]",
        );
        case(
            "mx.example.org;\r\n\tdkim=pass (2048-bit) header.i=@a.test header.s=x;\r\n dmarc=pass (p=REJECT dmarc=fail) header.from=a.test",
            "mx.example.org",
            "dkim:pass[header.i=@a.test,header.s=x] dmarc:pass[header.from=a.test]",
        );
        case(
            "foo.example.net (foobar) 1 (baz); dkim (Because I like it) / 1 (One yay) = (wait for it) fail policy (A dot can go here) .expired=x",
            "foo.example.net",
            "dkim:fail[.expired=x]",
        );
        case(
            "mx.example.org; dkim=pass reason=\"good; dmarc=pass\" header.d=a.test",
            "mx.example.org",
            "dkim:pass[reason=good; dmarc=pass,header.d=a.test]",
        );
        case(
            "spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=a.test; dmarc=pass action=none header.from=a.test",
            "",
            "spf:pass[smtp.mailfrom=a.test] dmarc:pass[action=none,header.from=a.test]",
        );
        case(
            "\"mx.example.org\"; dkim=pass header.b=ab/cd=; dkim=fail header.d=b.test",
            "mx.example.org",
            "dkim:pass[header.b=ab/cd=] dkim:fail[header.d=b.test]",
        );
        case("mx.example.org; (dmarc=pass) x; dmarc", "mx.example.org", "");
    }

    #[test]
    fn broken_is_nothing() {
        for value in [
            "",
            "mx.example.org (never ends; dmarc=pass",
            "mx.example.org; a=\"never ends",
            "a b c; dmarc=pass header.from=a.test",
            "x); dmarc=pass",
            "mx.example.org 2; dmarc=pass",
        ] {
            assert_eq!(parse(value), None, "{value}");
        }
    }
}
