//! What one table measures: who was taken for what, the figures that follow, and the misses.
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Longest miss shown, in characters.
const LONGEST: usize = 300;

#[derive(Default)]
pub(super) struct Measure {
    table: String,
    rows: u32,
    confusion: BTreeMap<(String, String), u32>,
    figures: Vec<(String, f64)>,
    misses: Vec<String>,
    /// Counted, but no headline figure.
    asides: Vec<String>,
    /// Rows that could not be measured.
    pub troubles: Vec<String>,
}

impl Measure {
    pub(super) fn of(table: &Path) -> Measure {
        Measure { table: table.display().to_string(), ..Measure::default() }
    }

    /// Measured together with another table of the same folder.
    pub(super) fn beside(&mut self, other: &str) {
        self.table += &format!(", {other}");
    }

    /// One row: what it should be, and what it was taken for.
    pub(super) fn row(&mut self, expected: &str, got: &str) {
        self.rows += 1;
        *self.confusion.entry((expected.to_owned(), got.to_owned())).or_default() += 1;
    }

    pub(super) fn miss(&mut self, what: &str) {
        let clean: String = what.chars().map(|c| if crate::person::invisible(c) { ' ' } else { c }).collect();
        let cut: String = clean.chars().take(LONGEST).collect();
        self.misses.push(if cut.len() < clean.len() { format!("{cut}…") } else { cut });
    }

    pub(super) fn aside(&mut self, what: String) {
        self.asides.push(what);
    }

    pub(super) fn trouble(&mut self, what: String) {
        self.troubles.push(what);
    }

    /// A headline figure; nothing where there is nothing to divide by.
    pub(super) fn figure(&mut self, name: &str, right: u32, of: u32) {
        if of > 0 {
            self.figures.push((name.to_owned(), f64::from(right) / f64::from(of)));
        }
    }

    /// Rows whose expectation and answer fulfil this.
    pub(super) fn count(&self, fits: impl Fn(&str, &str) -> bool) -> u32 {
        self.confusion.iter().filter(|((e, g), _)| fits(e, g)).map(|(_, n)| n).sum()
    }

    /// Precision and recall of a class, told by the two sides of a row.
    pub(super) fn class(&mut self, name: &str, is: impl Fn(&str) -> bool) {
        let both = self.count(|e, g| is(e) && is(g));
        let (said, true_) = (self.count(|_, g| is(g)), self.count(|e, _| is(e)));
        self.figure(&format!("{name} precision"), both, said);
        self.figure(&format!("{name} recall"), both, true_);
    }

    /// Figures below the least, each as a line for stderr.
    pub(super) fn below(&self, min: f64) -> Vec<String> {
        let low = self.figures.iter().filter(|(_, f)| *f < min);
        low.map(|(name, f)| format!("{}: {name} {f:.4} is below {min}", self.table)).collect()
    }

    pub(super) fn json(&self) -> Value {
        json!({
            "table": self.table,
            "rows": self.rows,
            "figures": self.figures.iter().map(|(n, f)| (n.clone(), json!((f * 10_000.0).round() / 10_000.0))).collect::<serde_json::Map<_, _>>(),
            "confusion": self.confusion.iter().map(|((e, g), n)| json!({"expected": e, "got": g, "count": n})).collect::<Vec<_>>(),
            "misses": self.misses,
            "asides": self.asides,
            "troubles": self.troubles,
        })
    }

    pub(super) fn text(&self) -> String {
        let mut out = format!("{}: {} rows\n", self.table, self.rows);
        let wide = self.confusion.keys().map(|(e, _)| e.chars().count()).max().unwrap_or(0);
        for ((expected, got), n) in &self.confusion {
            let _ = writeln!(out, "  {expected:wide$} → {got:<14}  {n}");
        }
        for (name, figure) in &self.figures {
            let _ = writeln!(out, "  {name}: {figure:.4}");
        }
        for (what, lines) in [("", &self.asides), ("trouble: ", &self.troubles), ("missed: ", &self.misses)] {
            for line in lines {
                let _ = writeln!(out, "  {what}{line}");
            }
        }
        out
    }
}
