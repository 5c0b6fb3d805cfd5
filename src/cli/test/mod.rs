//! `thankd test DIR`: is what I pinned still read as I said?
//!
//! Recognition cannot be trusted because it sounds right; it is measured, on the owner's own mails, names and calendars,
//! through the very functions that `read`, `who` and `meetings` use. Tables lie beside what they label
//! (docs/measuring.md); each gives a confusion table, its figures, and every miss with its evidence.
mod mails;
mod measure;
mod meetings;
mod names;
mod notes;
mod table;

use super::read::Reader;
use super::{CliError, Format, say, shown, tell_people};
use clap::Args;
use measure::Measure;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use table::Table;

#[derive(Debug, Args)]
pub struct Test {
    /// A folder with labels.tsv, pos.tsv, neg.tsv, pairs.tsv, ask.tsv, parse.tsv, titles.tsv or rrule_expected.tsv
    pub dir: PathBuf,
    /// Fail (exit code 1) if a figure is below this: 0.95
    #[arg(long, value_name = "P")]
    pub min: Option<f64>,
    /// Your address, so that your own words are not taken for anybody else's; again for each
    #[arg(long, value_name = "ADDR")]
    pub owner: Vec<String>,
    /// Your name; again for each spelling
    #[arg(long, value_name = "NAME")]
    pub owner_name: Vec<String>,
    /// json: one object a table
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

/// The tables by file name, and who measures them.
type Measurer = fn(&[Table], &Reader) -> Measure;
const TABLES: [(&[&str], Measurer); 7] = [
    (&["labels.tsv"], mails::labels),
    (&["pos.tsv", "neg.tsv"], notes::notes),
    (&["pairs.tsv"], names::pairs),
    (&["ask.tsv"], names::ask),
    (&["parse.tsv"], names::parse),
    (&["titles.tsv"], meetings::titles),
    (&["rrule_expected.tsv"], meetings::rules),
];

impl Test {
    pub fn run(&self) -> Result<ExitCode, CliError> {
        if self.min.is_some_and(|min| !(0.0..=1.0).contains(&min)) {
            return Err(CliError::Usage("--min is a share between 0 and 1, like 0.95".into()));
        }
        let reader = Reader::of(&self.owner, &self.owner_name);
        let mut measures = Vec::new();
        for dir in folders(&self.dir)? {
            for (files, measure) in TABLES {
                let tables = files.iter().filter(|f| dir.join(f).is_file()).map(|f| Table::read(&dir.join(f)));
                let tables = tables.collect::<Result<Vec<_>, _>>()?;
                if !tables.is_empty() {
                    let mut measured = measure(&tables, &reader);
                    for table in tables.iter().filter(|t| t.rows().next().is_none()) {
                        measured.trouble(format!("{}: no rows: there is nothing to measure", table.path.display()));
                    }
                    measures.push(measured);
                }
            }
        }
        if measures.is_empty() {
            let known: Vec<&str> = TABLES.iter().flat_map(|(files, _)| files.iter().copied()).collect();
            return Err(CliError::Usage(format!(
                "{}: no table to measure here; one of these is expected: {}",
                self.dir.display(),
                known.join(", ")
            )));
        }
        for m in &measures {
            match self.format {
                Format::Json => say(&shown::value(m.json()).to_string())?,
                Format::Text => tell_people(&m.text())?,
            };
        }
        let low: Vec<String> =
            measures.iter().flat_map(|m| self.min.map_or_else(Vec::new, |min| m.below(min))).collect();
        for line in &low {
            eprintln!("thankd: {}", shown::lines(line));
        }
        let unmeasured = measures.iter().any(|m| !m.troubles.is_empty());
        Ok(if unmeasured || !low.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

/// The folder itself and those right below it, in order of their names.
fn folders(dir: &Path) -> Result<Vec<PathBuf>, CliError> {
    let wrong = |e: std::io::Error| CliError::Usage(format!("{}: {e}; name a folder", dir.display()));
    let mut below: Vec<PathBuf> = std::fs::read_dir(dir)
        .map_err(wrong)?
        .filter_map(Result::ok)
        .map(|e| e.path())
        .filter(|p| p.is_dir())
        .collect();
    below.sort();
    below.insert(0, dir.to_owned());
    Ok(below)
}
