//! `pairs.tsv`, `ask.tsv`, `parse.tsv`: names.
use super::measure::Measure;
use super::table::{Row, Table};
use crate::cli::read::Reader;
use crate::person::{self, Name, Outcome};

/// Pairs with `same` 1 or 0: only a pair that is called the same counts as found; asking is never wrong, only a cost.
pub(super) fn pairs(tables: &[Table], _: &Reader) -> Measure {
    let Some(table) = tables.first() else { return Measure::default() };
    let mut m = Measure::of(&table.path);
    if let Some(missing) = table.lacks(&["a", "b", "same"]) {
        m.trouble(missing);
        return m;
    }
    for row in table.rows() {
        let expected = match row.get("same") {
            "1" => "same",
            "0" => "not the same",
            other => {
                m.trouble(format!("{}: same is 1 or 0, not \"{other}\"", row.place()));
                continue;
            }
        };
        let tier = row.get("tier");
        let likeness = person::who(row.get("a"), row.get("b"));
        let got = word(likeness.outcome);
        m.row(format!("{expected} {tier}").trim_end(), got);
        // To ask about two who are not the same is no error.
        if (expected == "same") != (likeness.outcome == Outcome::Same) {
            m.miss(&missed(&row, expected, &likeness));
        }
    }
    for tier in ["core", ""] {
        let is = |e: &str| tier.is_empty() || e.ends_with(tier);
        let right = m.count(|e, g| is(e) && e.starts_with("same") && g == "same");
        let name = if tier.is_empty() { "all" } else { tier };
        m.figure(&format!("{name} precision"), right, m.count(|e, g| is(e) && g == "same"));
        m.figure(&format!("{name} recall"), right, m.count(|e, _| is(e) && e.starts_with("same")));
    }
    m
}

/// Pairs that the name alone must not call the same.
pub(super) fn ask(tables: &[Table], _: &Reader) -> Measure {
    let Some(table) = tables.first() else { return Measure::default() };
    let mut m = Measure::of(&table.path);
    if let Some(missing) = table.lacks(&["a", "b"]) {
        m.trouble(missing);
        return m;
    }
    for row in table.rows() {
        let likeness = person::who(row.get("a"), row.get("b"));
        m.row("ask", word(likeness.outcome));
        if likeness.outcome == Outcome::Same {
            m.miss(&missed(&row, "ask", &likeness));
        }
    }
    m.figure("not called the same", m.count(|_, g| g != "same"), m.count(|_, _| true));
    m
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Same => "same",
        Outcome::Ask => "ask",
        Outcome::Different => "different",
    }
}

fn missed(row: &Row, expected: &str, likeness: &person::Likeness) -> String {
    let terms: Vec<String> = likeness.evidence.iter().map(|e| format!("{} {:+.1}", e.term, e.weight)).collect();
    format!(
        "{} · {}: expected {expected}, got {} ({:+.1}: {})",
        row.get("a"),
        row.get("b"),
        word(likeness.outcome),
        likeness.weight,
        terms.join("; ")
    )
}

/// Display names in parts: given and family name both right.
pub(super) fn parse(tables: &[Table], _: &Reader) -> Measure {
    let Some(table) = tables.first() else { return Measure::default() };
    let mut m = Measure::of(&table.path);
    if let Some(missing) = table.lacks(&["raw", "given", "family"]) {
        m.trouble(missing);
        return m;
    }
    for row in table.rows() {
        let Some(parts) = Name::new(row.get("raw")).map(|n| person::parse(&n)) else {
            m.row("right", "no name");
            m.miss(&format!("{}: no name", row.get("raw")));
            continue;
        };
        let (given, family) = (parts.given.join(" "), parts.family.join(" "));
        let right = plain(&given) == plain(row.get("given")) && plain(&family) == plain(row.get("family"));
        m.row("right", if right { "right" } else { "wrong" });
        if !right {
            let (g, f) = (row.get("given"), row.get("family"));
            m.miss(&format!("{}: expected {g} | {f}, got {given} | {family}", row.get("raw")));
        }
    }
    m.figure("given and family right", m.count(|_, g| g == "right"), m.count(|_, _| true));
    m
}

/// Case, points and commas do not make another name.
fn plain(name: &str) -> String {
    name.to_lowercase()
        .chars()
        .filter(|c| !matches!(c, '.' | ','))
        .collect::<String>()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
