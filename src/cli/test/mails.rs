//! `labels.tsv`: mails with what they are.
use super::measure::Measure;
use super::table::{Row, Table};
use crate::cli::read::Reader;
use crate::person::{self, Name};
use serde_json::Value;
use std::collections::BTreeMap;

/// Words a label may use, and ours for it.
const KINDS: [(&str, &str); 24] = [
    ("invitation", "connect"),
    ("connect", "connect"),
    ("reminder", "reminder"),
    ("batch", "batch"),
    ("follow", "follow"),
    ("follow_request", "follow_request"),
    ("accepted", "accepted"),
    ("message", "network_message"),
    ("network_message", "network_message"),
    ("application", "application"),
    ("note", "note"),
    ("apology", "apology"),
    ("other", "other"),
    ("pymk", "other"),
    ("people_you_may_know", "other"),
    ("promo", "other"),
    ("newsletter", "other"),
    ("job", "other"),
    ("job_mail", "other"),
    ("receipt", "other"),
    ("phish", "other"),
    ("forged", "other"),
    ("spam", "other"),
    ("none", "other"),
];

pub(super) fn labels(tables: &[Table], reader: &Reader) -> Measure {
    let Some(table) = tables.first() else { return Measure::default() };
    let mut m = Measure::of(&table.path);
    if let Some(missing) = table.lacks(&["file", "kind"]) {
        m.trouble(missing);
        return m;
    }
    let mut found = Found::default();
    for row in table.rows() {
        let Some((_, expected)) = KINDS.iter().find(|(word, _)| *word == row.get("kind")) else {
            let known: Vec<&str> = KINDS.iter().map(|(w, _)| *w).collect();
            m.trouble(format!("{}: kind \"{}\" is none of {}", row.place(), row.get("kind"), known.join(", ")));
            continue;
        };
        match row.file() {
            Err(e) => m.trouble(e),
            Ok(bytes) => {
                let line = reader.line(row.get("file"), 0, &bytes);
                one(&mut m, &row, expected, &line, &mut found);
            }
        }
    }
    m.class("request", is_request);
    m.class("follow", |k| k == "follow" || k == "follow_request");
    m.figure("kind right", m.count(|e, g| e == g), m.count(|_, _| true));
    m.figure("name right", found.named, found.names);
    m.figure("personal note right", found.noted, found.notes);
    for (column, (right, stated)) in &found.columns {
        m.figure(&format!("{column} right"), *right, *stated);
    }
    m
}

fn is_request(kind: &str) -> bool {
    matches!(kind, "connect" | "reminder" | "batch")
}

/// Rows that state a name, a personal note or more, and how many of them came out so.
#[derive(Default)]
struct Found {
    names: u32,
    named: u32,
    notes: u32,
    noted: u32,
    /// By column: right, and stated.
    columns: BTreeMap<&'static str, (u32, u32)>,
}

fn one(m: &mut Measure, row: &Row, expected: &str, line: &Value, found: &mut Found) {
    let letters = line["letters"].as_array().map(Vec::as_slice).unwrap_or_default();
    // Of several letters the expected one, if it is there.
    let fitting = letters.iter().find(|l| kind(l) == expected).or_else(|| letters.first());
    let got = fitting.map_or("other", kind);
    m.row(expected, got);
    let mut wrong: Vec<String> = Vec::new();
    if got != expected {
        wrong.push(format!("expected {expected}, got {got}"));
    }
    let Some(letter) = fitting else { return };
    let who = [&letter["inviter"], &letter["from"], &letter["person"]].into_iter().find(|w| w.is_object());
    let note = row.get("has_personal_note");
    if !matches!(note, "" | "0" | "1") {
        m.trouble(format!("{}: has_personal_note \"{note}\" is neither 1 nor 0", row.place()));
    }
    let field = |name: &str| who.and_then(|w| w[name].as_str()).unwrap_or_default().to_owned();
    let network = letter["network"].as_str().unwrap_or_default();
    let compared = [
        ("network", row.get("network").replace("twitter", "x"), network.to_owned()),
        ("headline", row.get("headline").to_owned(), field("headline")),
        ("company", row.get("company").to_owned(), field("company")),
        ("profile", row.get("profile").to_owned(), field("profile")),
    ];
    let proved = line["authenticity"].as_str().unwrap_or_default().to_owned();
    // What is said of mail that is no letter says little; only letters are compared in detail.
    let in_detail = got == expected && got != "other";
    let compared = compared.into_iter().filter(|_| in_detail);
    let compared = compared.chain([("authenticity", row.get("authenticity").to_owned(), proved)]);
    for (column, stated, came) in compared.filter(|(_, stated, _)| !stated.is_empty()) {
        let right = stated == came;
        let count = found.columns.entry(column).or_default();
        *count = (count.0 + u32::from(right), count.1 + 1);
        wrong.extend((!right).then(|| format!("{column}: expected {stated}, got {came}")));
    }
    if in_detail {
        let name = row.get("inviter_name");
        if !name.is_empty() {
            found.names += 1;
            let right = field("name") == name || same_name(&field("name"), name);
            found.named += u32::from(right);
            wrong.extend((!right).then(|| format!("name: expected {name}, got {}", field("name"))));
        }
        let has = letter["personal_note"].is_string();
        let stated = note == "1" || note == "0";
        found.notes += u32::from(stated);
        found.noted += u32::from(stated && has == (note == "1"));
        if stated && has != (note == "1") {
            wrong.push(format!("personal note: {}", if has { "found one that is none" } else { "not found" }));
        }
    }
    if !wrong.is_empty() {
        m.miss(&format!("{}: {} ({})", row.get("file"), wrong.join("; "), super::notes::evidence(letter)));
    }
}

/// "Dr. Jane Doe, MBA 🚀" is Jane Doe: what is written beside a name is no part of it.
fn same_name(a: &str, b: &str) -> bool {
    let parts = |text: &str| Name::new(text).map(|n| person::parse(&n)).map(|p| (p.given, p.family));
    parts(a).is_some_and(|p| !(p.0.is_empty() && p.1.is_empty()) && Some(p) == parts(b))
}

fn kind(letter: &Value) -> &str {
    match letter["letter"].as_str().unwrap_or("other") {
        "invitation" => letter["kind"].as_str().unwrap_or("connect"),
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::same_name;

    #[test]
    fn decoration_is_no_part_of_a_name() {
        assert!(
            same_name("Dr. Tilda Quist, MBA 🚀", "Tilda Quist") && same_name("Tilda Quist (she/her)", "Tilda Quist")
        );
        assert!(!same_name("Tilda Quist", "Tilda Borg") && !same_name("", ""));
    }
}
