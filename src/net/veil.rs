//! A server may say back what it was told: "unknown command: LOGIN me hunter2". Its words go into logs, the status and the
//! store, so the secret is taken out of them at the door, as it is and inside base64, before they go anywhere.
use super::Credential;
use memchr::memmem;
use secrecy::{ExposeSecret, SecretString};

/// Shorter secrets are parts of ordinary words: they are hidden only where they stand alone.
const SHORT: usize = 6;

/// Hides one login's secret. The default hides nothing.
#[derive(Default)]
pub struct Veil(Option<SecretString>);

impl std::fmt::Debug for Veil {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Veil(…)")
    }
}

impl Veil {
    #[must_use]
    pub fn of(credential: &Credential) -> Self {
        let (Credential::Password(secret) | Credential::Token(secret)) = credential;
        Veil(Some(secret.clone()).filter(|s| !s.expose_secret().is_empty()))
    }

    /// The text with `***` for the secret: plain, as a quoted string escapes it, or in a base64 word that holds it.
    #[must_use]
    pub fn over(&self, text: &str) -> String {
        let Some(secret) = self.0.as_ref().map(ExposeSecret::expose_secret) else { return text.to_owned() };
        let escaped = secret.replace('\\', "\\\\").replace('"', "\\\"");
        let plain = without(&without(text, &escaped), secret);
        let coded = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
        let mut out = String::with_capacity(plain.len());
        let mut rest = plain.as_str();
        while !rest.is_empty() {
            let end = rest.find(|c| !coded(c)).unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            let hidden = word.len() > 3 && memmem::find(&decoded(word), secret.as_bytes()).is_some();
            out += if hidden { "***" } else { word };
            let next = after.find(coded).unwrap_or(after.len());
            let (between, after) = after.split_at(next);
            out += between;
            rest = after;
        }
        out
    }
}

fn without(text: &str, secret: &str) -> String {
    if secret.chars().count() >= SHORT {
        return text.replace(secret, "***");
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(secret) {
        out += before;
        let alone = !out.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        out += if alone { "***" } else { secret };
        rest = after;
    }
    out + rest
}

/// Base64 as far as it goes; an unfinished group gives what it holds.
fn decoded(word: &str) -> Vec<u8> {
    let value = |b: u8| match b {
        b'A'..=b'Z' => Some(b - b'A'),
        b'a'..=b'z' => Some(b - b'a' + 26),
        b'0'..=b'9' => Some(b - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    };
    let mut out = Vec::new();
    let (mut bits, mut held) = (0u32, 0u32);
    for sextet in word.bytes().map_while(value) {
        bits = (bits << 6 | u32::from(sextet)) & 0xffff;
        held += 6;
        if held >= 8 {
            held -= 8;
            out.extend(u8::try_from(bits >> held & 0xff));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(secret: &str, text: &str, want: &str) {
        let veil = Veil::of(&Credential::Password(SecretString::from(secret.to_owned())));
        assert_eq!(veil.over(text), want);
    }

    #[test]
    fn what_was_said_back_is_hidden() {
        case("hunter2", "unknown command: LOGIN me hunter2", "unknown command: LOGIN me ***");
        case("a\"b\\cdef", r#"LOGIN "me" "a\"b\\cdef"!"#, r#"LOGIN "me" "***"!"#);
        // hunter2, \0me\0hunter2, and a token's line
        case("hunter2", "bad: aHVudGVyMg== (AUTH)", "bad: *** (AUTH)");
        case("hunter2", "AUTH PLAIN AG1lAGh1bnRlcjI=", "AUTH PLAIN ***");
        case("hunter2", "x dXNlcj1tZQFhdXRoPUJlYXJlciBodW50ZXIyAQE= y", "x *** y");
        case("pw", "wrong pw, pwned", "wrong ***, pwned");
        case("größe-x", "LOGIN größe-x", "LOGIN ***");
        case("hunter2", "Authentication failed.", "Authentication failed.");
        assert_eq!(Veil::default().over("as it is"), "as it is");
    }
}
