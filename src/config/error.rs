//! What is wrong with a config: file, line, column, what was expected, and what may have been meant.
use std::path::PathBuf;
use thiserror::Error;

#[derive(Debug, Error)]
pub enum ConfigError {
    #[error("{}: {why}\n  hint: name another with --config, or start from the documented one: thankd config > {}", .path.display(), .path.display())]
    Unreadable { path: PathBuf, why: String },
    #[error(
        "no config was found; looked for {looked}\n  hint: `thankd config > ~/.config/thankd/thankd.toml` writes the documented one; `thankd demo` needs none"
    )]
    Missing { looked: String },
    #[error("{0}")]
    Wrong(Wrong),
    /// One of the owner's own network files; the text names file, line and column.
    #[error("{0}")]
    Network(String),
    #[error("{}: {} thing{} to mend:\n{}", .path.display(), .faults.len(), if .faults.len() == 1 { "" } else { "s" }, list(.faults))]
    Faults { path: PathBuf, faults: Vec<Fault> },
}

/// A fault that no single line can show: two keys that do not go together, a file that others may read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// `mail "work".password_file`
    pub at: String,
    pub what: String,
    pub hint: String,
}

fn list(faults: &[Fault]) -> String {
    let line = |f: &Fault| format!("  {}: {}\n    hint: {}", f.at, f.what, f.hint);
    faults.iter().map(line).collect::<Vec<_>>().join("\n")
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
        let before = text.get(..span.start).unwrap_or("");
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        let shown = text.lines().nth(line - 1).unwrap_or("").to_owned();
        let width = text.get(span).map_or(1, |s| s.lines().next().unwrap_or("").chars().count());
        let what = error.message().to_owned();
        let hint = did_you_mean(&what);
        Wrong { path: path.to_owned(), line, column, text: shown, width, what, hint }
    }
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
