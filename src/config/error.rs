//! What is wrong with a config: file, line, column, what was expected, and what may have been meant.
use super::place::{Place, find};
use std::path::{Path, PathBuf};
use thiserror::Error;

#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("{}: {why}\n  hint: {}", .path.display(), start(.path))]
    Unreadable { path: PathBuf, why: String },
    #[error(
        "{}: others may write to it (mode {mode:03o}), and it names programs to run\n  hint: chmod go-w {}", .path.display(), .path.display()
    )]
    Open { path: PathBuf, mode: u32 },
    #[error(
        "no config was found; looked for {looked}\n  hint: `mkdir -p ~/.config/thankd && thankd config > ~/.config/thankd/thankd.toml` writes the documented one; `thankd demo` needs none"
    )]
    Missing { looked: String },
    #[error("{0}")]
    Wrong(Wrong),
    /// One of the owner's own network files; the text names file, line and column.
    #[error("{0}")]
    Network(String),
    #[error("{}", list(.path, .faults))]
    Faults { path: PathBuf, faults: Vec<Fault> },
}

/// A fault that no single line can show: two keys that do not go together, a file that others may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `mail "work".password_file`
    pub at: String,
    pub what: String,
    pub hint: String,
    /// Found by [`ConfigError::placed`]; `None` where the text has no such section.
    pub place: Option<Place>,
}

/// What to do about a config that cannot be read. Whatever lies there already is not to be written over.
fn start(path: &Path) -> String {
    match path.exists() {
        _ if std::env::var_os("THANKD_CONFIG").is_some_and(|named| named == path.as_os_str()) => {
            "$THANKD_CONFIG names it: set it to your config, or unset it".to_owned()
        }
        true => "it must be a text file in UTF-8 that you may read; --config names another".to_owned(),
        false => format!("`thankd config > {}` writes the documented one; --config names another", path.display()),
    }
}

fn list(path: &Path, faults: &[Fault]) -> String {
    let line = |f: &Fault| {
        let place = f.place.map_or(String::new(), |p| format!("{}:{}:", p.line, p.column));
        // "owner.name is missing", but "outbox.append: "home" is no [[mail]]".
        let verb = ["is ", "has ", "needs ", "names ", "would "].iter().any(|v| f.what.starts_with(v));
        let colon = if verb { "" } else { ":" };
        format!("{}:{place} {}{colon} {}\n  hint: {}", path.display(), f.at, f.what, f.hint)
    };
    let lines = faults.iter().map(line).collect::<Vec<_>>().join("\n");
    match faults.len() {
        1 => lines,
        n => format!("{n} things to mend\n{lines}"),
    }
}

impl ConfigError {
    /// Each fault of the check with its line, found again in the text.
    #[must_use]
    pub fn placed(mut self, text: &str) -> Self {
        if let ConfigError::Faults { faults, .. } = &mut self {
            faults.iter_mut().for_each(|f| f.place = find(text, &f.at));
        }
        self
    }
}

/// A fault at a place in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    pub path: PathBuf,
    pub line: usize,
    pub column: usize,
    pub text: String,
    pub width: usize,
    pub what: String,
    pub hint: Option<String>,
}

impl std::fmt::Display for Wrong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let number = self.line.to_string();
        let gap = " ".repeat(number.len());
        writeln!(f, "{}:{}:{}: {}", self.path.display(), self.line, self.column, self.what)?;
        writeln!(f, "{gap} |")?;
        writeln!(f, "{number} | {}", self.text)?;
        write!(f, "{gap} | {}{}", " ".repeat(self.column.saturating_sub(1)), "^".repeat(self.width.max(1)))?;
        match &self.hint {
            Some(hint) => write!(f, "\n  hint: {hint}"),
            None => Ok(()),
        }
    }
}

impl Wrong {
    /// From toml's error: its span becomes line and column, its list of expected keys a "did you mean".
    #[must_use]
    pub fn new(path: &std::path::Path, text: &str, error: &toml::de::Error) -> Wrong {
        let span = error.span().unwrap_or(0..0);
        let Place { line, column } = Place::of(text, span.start);
        let shown = text.lines().nth(line - 1).unwrap_or("").to_owned();
        let width = text.get(span).map_or(1, |s| s.lines().next().unwrap_or("").chars().count());
        let what = plain(error.message());
        let says_how = what.contains("write it like") || what.contains("did you mean");
        let shown_by = || (!says_how).then(|| "`thankd config` shows every setting with its default".to_owned());
        let hint = doubled(&what, &shown).or_else(|| did_you_mean(error.message())).or_else(shown_by);
        Wrong { path: path.to_owned(), line, column, text: shown, width, what, hint }
    }
}

/// `[mail]` where there may be several.
fn doubled(what: &str, shown: &str) -> Option<String> {
    let section = ["mail", "calendar"].into_iter().find(|s| shown.trim_start().starts_with(&format!("[{s}]")))?;
    what.contains("expected a list").then(|| format!("write [[{section}]]: there may be several, each with its name"))
}

/// The parser's words in the owner's: `invalid type: string "many", expected u32` is a programmer's sentence.
fn plain(message: &str) -> String {
    let Some((found, expected)) = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
        .and_then(|m| m.split_once(", expected "))
    else {
        return message.replacen("unknown field", "unknown key", 1).replacen("unknown variant", "unknown value", 1);
    };
    let expected = match expected {
        "a boolean" => "true or false",
        "a string" | "path string" => "text in quotes",
        "a sequence" => "a list in brackets, like [\"…\"]",
        "u16" | "u32" => "a whole number without quotes",
        e if e.starts_with("struct ") || e == "a map" => "a table with keys of its own",
        other => other,
    };
    let found = found.replacen("string ", "the text ", 1).replacen("integer ", "the number ", 1);
    let found = found.replacen("floating point ", "the number ", 1).replacen("boolean ", "", 1);
    let found = found.replace('`', "").replacen("sequence", "a list", 1).replacen("map", "a table", 1);
    format!("expected {expected}, found {found}")
}

/// toml says: unknown field `pol`, expected one of `name`, `poll`, …
fn did_you_mean(message: &str) -> Option<String> {
    let mut quoted = message.split('`').skip(1).step_by(2);
    if !message.starts_with("unknown ") {
        return None;
    }
    let wrong = quoted.next()?;
    let (best, distance) =
        quoted.map(|c| (c, strsim::damerau_levenshtein(wrong, c))).min_by_key(|(c, d)| (*d, c.len()))?;
    (distance <= 3 && distance < best.chars().count()).then(|| format!("did you mean `{best}`?"))
}
