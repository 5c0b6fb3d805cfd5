//! Strangers' text made safe for a terminal.
//!
//! Names, titles and file names come from whoever wrote the mail or the calendar: an escape sequence in one would repaint
//! the owner's terminal, a line break would forge a line of ours, a bidi mark would turn one round. All that is printed
//! for people goes through here, and JSON's displayed fields as well; what identifies something stays as it is.
use crate::person::invisible;
use serde_json::Value;

/// One value that stands in a line: breaks become blanks, controls and bidi marks go.
pub(super) fn line(raw: &str) -> String {
    raw.chars().filter(|c| !invisible(*c)).map(|c| if c.is_whitespace() { ' ' } else { c }).collect()
}

/// Text of ours in lines: the last look before the terminal, for what was put in by hand-written sentences.
pub(super) fn lines(text: &str) -> String {
    let drawn = |c: &char| matches!(c, '\n' | '\t') || !c.is_control();
    text.chars().filter(|c| drawn(c) && !invisible(*c)).collect()
}

/// JSON keys that name something exactly; serde escapes their controls.
const EXACT: [&str; 3] = ["file", "message_id", "uid"];

/// Every displayed string of a JSON value as [`line`] has it.
pub(super) fn value(value: Value) -> Value {
    match value {
        Value::String(s) => Value::String(line(&s)),
        Value::Array(all) => Value::Array(all.into_iter().map(self::value).collect()),
        Value::Object(all) => {
            let each = all.into_iter().map(|(k, v)| {
                let v = if EXACT.contains(&k.as_str()) { v } else { self::value(v) };
                (k, v)
            });
            Value::Object(each.collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn nothing_a_stranger_wrote_moves_the_terminal() {
        for (raw, shown) in [
            ("Jane\u{1b}[2J Doe", "Jane[2J Doe"),
            ("Jane\u{9b}31m", "Jane31m"),
            ("\u{202e}eoD enaJ\u{2066}", "eoD enaJ"),
            ("one\r\ntwo\u{85}three\u{2028}four", "one  two three four"),
            ("a\0b\u{7f}", "ab"),
            ("Zoë 田中", "Zoë 田中"),
        ] {
            assert_eq!(line(raw), shown, "{raw:?}");
        }
        assert_eq!(lines("a\n\u{1b}]0;x\u{7}b\r\n\tc\u{85}\u{202e}d"), "a\n]0;xb\n\tcd");
        let dirty = json!({"file": "a\u{1b}.eml", "letters": [{"headline": "CEO\u{202e} at\u{1b}[1m X", "n": 1}]});
        assert_eq!(value(dirty), json!({"file": "a\u{1b}.eml", "letters": [{"headline": "CEO at[1m X", "n": 1}]}));
    }
}
