//! `thankd who A B`: are they the same person, and by what evidence?
use super::{CliError, Format, shown};
use crate::person::{self, Likeness, Outcome};
use clap::Args;
use serde_json::json;
use std::io::{BufRead as _, BufWriter, IsTerminal as _, Read as _, Write};
use std::process::ExitCode;

const LONGEST_LINE: u64 = 64 * 1024;

#[derive(Debug, Args)]
pub struct Who {
    /// A name, an address, or "Name <address>"; both left out: tab-separated pairs from standard input
    pub a: Option<String>,
    /// The other one
    pub b: Option<String>,
    /// How it is printed; JSON is stable, for scripts
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

impl Who {
    pub fn run(&self) -> Result<ExitCode, CliError> {
        let mut out = BufWriter::new(std::io::stdout().lock());
        match (&self.a, &self.b) {
            (Some(a), Some(b)) if a.trim().is_empty() || b.trim().is_empty() => {
                return Err(CliError::Usage("a name is empty; nobody can be told by it".into()));
            }
            (Some(a), Some(b)) => self.pair(&mut out, a, b)?,
            (None, None) if std::io::stdin().is_terminal() => {
                return Err(CliError::Usage(
                    "two names are needed: thankd who \"Liz Meyer\" \"Elizabeth Meyer\"; or lines with a tab between on standard input".into(),
                ));
            }
            (None, None) => {
                let mut input = std::io::stdin().lock();
                let mut line = Vec::new();
                let mut number = 0u64;
                while input.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? > 0 {
                    number += 1;
                    if line.len() as u64 == LONGEST_LINE {
                        return Err(CliError::Usage(format!("standard input, line {number}: too long for two names")));
                    }
                    let text = String::from_utf8_lossy(&line);
                    let mut cells = text.trim_end_matches(['\r', '\n']).split('\t');
                    if let (Some(a), Some(b)) = (cells.next(), cells.next()) {
                        self.pair(&mut out, a, b)?;
                    } else {
                        out.flush()?;
                        return Err(CliError::Usage(format!(
                            "standard input, line {number}: no tab in it; each line is two names with a tab between"
                        )));
                    }
                    line.clear();
                }
            }
            _ => {
                return Err(CliError::Usage(
                    "two names are needed: thankd who \"Liz Meyer\" \"Elizabeth Meyer\"".into(),
                ));
            }
        }
        out.flush()?;
        Ok(ExitCode::SUCCESS)
    }

    fn pair(&self, out: &mut impl Write, a: &str, b: &str) -> Result<(), CliError> {
        let likeness = person::who(a, b);
        match self.format {
            Format::Json => {
                let line = json!({"a": a, "b": b, "likeness": likeness.outcome, "weight": round(likeness.weight),
                    "evidence": likeness.evidence.iter().map(|e| json!({"term": e.term, "weight": round(e.weight)})).collect::<Vec<_>>()});
                writeln!(out, "{}", shown::value(line))?;
            }
            Format::Text => write!(out, "{}", text(a, b, &likeness))?,
        }
        Ok(())
    }
}

fn round(weight: f32) -> f64 {
    (f64::from(weight) * 100.0).round() / 100.0
}

fn text(a: &str, b: &str, likeness: &Likeness) -> String {
    let verdict = match likeness.outcome {
        Outcome::Same => "the same person",
        Outcome::Ask => "cannot be told without asking",
        Outcome::Different => "different persons",
    };
    let mut out = format!("{} · {}: {verdict} ({:+.1})\n", shown::line(a), shown::line(b), likeness.weight);
    for e in &likeness.evidence {
        out += &format!("  {:+5.1}  {}\n", e.weight, shown::line(&e.term));
    }
    out
}
