//! Subjects: what gateways put in front is cut, what people's mailers put there tells replies from forwards.
use super::vocabulary::vocabulary;

/// Blanks folded, gateway tags like `[EXTERNAL]` or `*** External ***` cut, also behind `Re:`.
pub(super) fn cleaned(subject: &str) -> String {
    let folded = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut kept = String::new();
    let mut rest = folded.as_str();
    // a few rounds: `Re: [EXT] Re: [EXTERNAL] Lunch`
    for _ in 0..8 {
        rest = untagged(rest);
        match rest.split_once(':') {
            Some((prefix, tail))
                if prefix.len() <= 4 && !prefix.is_empty() && prefix.chars().all(char::is_alphabetic) =>
            {
                kept.push_str(prefix);
                kept.push_str(": ");
                rest = tail.trim_start();
            }
            Some(_) | None => break,
        }
    }
    kept + rest
}

/// Without the tags a gateway put in front.
pub(super) fn untagged(subject: &str) -> &str {
    let mut rest = subject;
    while let Some(after) = tag(rest) {
        rest = after;
    }
    rest
}

fn tag(subject: &str) -> Option<&str> {
    for (open, close) in [("[", "]"), ("{", "}"), ("(", ")"), ("***", "***"), ("**", "**"), ("<", ">")] {
        let Some((inside, after)) = subject.strip_prefix(open).and_then(|s| s.split_once(close)) else {
            continue;
        };
        let inside = inside.trim().trim_matches(['*', '!', ':']).to_lowercase();
        if vocabulary().tag(inside.trim()) {
            return Some(after.trim_start_matches([' ', ':', '-']));
        }
    }
    let (head, after) = subject.split_once(':')?;
    (head.len() >= 6 && vocabulary().tag(&head.to_lowercase())).then(|| after.trim_start())
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn gateway_tags() {
        for (subject, expected) in [
            ("[EXTERNAL] Thank you", "Thank you"),
            ("Re: [EXT] Re: [External] Lunch", "Re: Re: Lunch"),
            ("*** EXTERNAL *** Hello", "Hello"),
            ("EXTERNAL: Hello", "Hello"),
            ("[EXTERN] AW: Kaffee", "AW: Kaffee"),
            ("[rust-users] Hello", "[rust-users] Hello"),
            ("Hello: all", "Hello: all"),
            ("  a \t b ", "a b"),
            ("[", "["),
        ] {
            assert_eq!(cleaned(subject), expected);
        }
    }
}
