//! `pos.tsv` and `neg.tsv`: thank-you notes, and mails that say thanks and are none; by content alone.
use super::measure::Measure;
use super::table::Table;
use crate::cli::read::Reader;
use serde_json::Value;

pub(super) fn notes(tables: &[Table], reader: &Reader) -> Measure {
    let Some(table) = tables.first() else { return Measure::default() };
    let mut m = Measure::of(&table.path);
    tables.iter().skip(1).filter_map(|t| t.path.file_name()).for_each(|name| m.beside(&name.to_string_lossy()));
    let mut grades = [(0, 0); 2];
    for table in tables {
        if let Some(missing) = table.lacks(&["file"]) {
            m.trouble(missing);
            continue;
        }
        let expected = if table.path.file_name().is_some_and(|n| n == "pos.tsv") { "note" } else { "none" };
        for row in table.rows() {
            let stated = row.get("quality");
            if !matches!(stated, "" | "good" | "bad") {
                m.trouble(format!("{}: quality \"{stated}\" is neither good nor bad", row.place()));
            }
            let bytes = match row.file() {
                Ok(bytes) => bytes,
                Err(e) => {
                    m.trouble(e);
                    continue;
                }
            };
            let line = reader.line(row.get("file"), 0, &as_mail(&bytes));
            let letters = line["letters"].as_array().map(Vec::as_slice).unwrap_or_default();
            let note = letters.iter().find(|l| l["letter"] == "note");
            let got = if note.is_some() { "note" } else { "none" };
            m.row(expected, got);
            let quality = note.and_then(|n| n["quality"].as_str()).unwrap_or_default();
            for (grade, stated) in grades.iter_mut().zip(["bad", "good"]) {
                if expected == "note" && row.get("quality") == stated && !quality.is_empty() {
                    grade.1 += 1;
                    grade.0 += u32::from(quality == "brief");
                    if (stated == "bad") != (quality == "brief") {
                        m.miss(&format!(
                            "{}: stated {stated}, came out {quality} ({})",
                            row.get("file"),
                            measures(note)
                        ));
                    }
                }
            }
            if expected != got {
                let letter = note.or(letters.first());
                m.miss(&format!(
                    "{} ({}): expected {expected}, got {got} ({})",
                    row.get("file"),
                    row.get("kind"),
                    letter.map_or_else(String::new, evidence)
                ));
            }
        }
    }
    m.class("note", |k| k == "note");
    let [(bad, bads), (good, goods)] = grades;
    m.aside(format!("brief: {bad} of {bads} stated bad, {good} of {goods} stated good"));
    m
}

/// What a grade rests on.
fn measures(note: Option<&Value>) -> String {
    let Some(note) = note else { return String::new() };
    let named = note["criteria"]["specifics"].as_array().map_or(0, Vec::len);
    let list = note["criteria"]["specifics"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect::<Vec<_>>()
        .join(", ");
    format!(
        "{} own words; {}",
        note["criteria"]["own_words"],
        if named == 0 { "nothing specific".to_owned() } else { list }
    )
}

/// The letter's own words about itself.
pub(super) fn evidence(letter: &Value) -> String {
    let lines = letter["why"].as_array().or(letter["evidence"].as_array());
    let mut said: Vec<&str> = lines.into_iter().flatten().filter_map(Value::as_str).collect();
    said.extend(letter["why"].as_str());
    said.join("; ")
}

/// A bare text, perhaps with header lines above it, as a plain mail from somebody outside; a mail as it is.
fn as_mail(bytes: &[u8]) -> Vec<u8> {
    let lines = || bytes.get(..bytes.len().min(8192)).unwrap_or(bytes).split_inclusive(|b| *b == b'\n');
    let travelled: [&[u8]; 3] = [b"Received:", b"Return-Path:", b"Message-ID:"];
    let block = || lines().take_while(|l| !l.trim_ascii().is_empty());
    if block().any(|l| travelled.iter().any(|f| starts(l, f))) {
        return bytes.to_vec();
    }
    let header: usize = lines().enumerate().take_while(|(at, l)| is_field(l, *at > 0)).map(|(_, l)| l.len()).sum();
    let (fields, body) = bytes.split_at(header);
    let has = |name: &[u8]| fields.split(|b| *b == b'\n').any(|l| starts(l, name));
    let mut mail = Vec::new();
    let defaults: [(&[u8], &[u8]); 5] = [
        (b"From:", b" Somebody <somebody@outside.example>"),
        (b"To:", b" Owner <owner@owner.example>"),
        (b"Subject:", b""),
        (b"MIME-Version:", b" 1.0"),
        (b"Content-Type:", b" text/plain; charset=utf-8"),
    ];
    for (name, value) in defaults.into_iter().filter(|(name, _)| !has(name)) {
        mail.extend([name, value, b"\n"].concat());
    }
    let fields = fields.trim_ascii_end();
    mail.extend([fields, if fields.is_empty() { b"\n" } else { b"\n\n" }, body.trim_ascii_start()].concat());
    mail
}

fn starts(line: &[u8], name: &[u8]) -> bool {
    line.get(..name.len()).is_some_and(|s| s.eq_ignore_ascii_case(name))
}

/// A line of a header (RFC 5322 §2.2): a field everybody writes, or, below one, any in the spelling of a field.
fn is_field(line: &[u8], below: bool) -> bool {
    let name = line.split(|b| *b == b':').next().unwrap_or_default();
    let known: [&[u8]; 4] = [b"From", b"To", b"Subject", b"Date"];
    let spelt = below && name.contains(&b'-') && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'-');
    name.len() < line.len() && (spelt || known.iter().any(|k| name.eq_ignore_ascii_case(k)))
}

#[cfg(test)]
mod tests {
    use super::as_mail;

    #[track_caller]
    fn case(text: &str, ends: &str) {
        let mail = String::from_utf8(as_mail(text.as_bytes())).unwrap();
        assert!(mail.ends_with(ends), "{mail}");
        assert_eq!(mail.matches("Subject:").count(), 1);
    }

    #[test]
    fn texts_become_mails() {
        case("Subject: Hi\nDear Sam,\nthanks", "Subject: Hi\n\nDear Sam,\nthanks");
        case("Subject: Hi\r\n\r\nDear Sam", "Subject: Hi\n\nDear Sam");
        case("Dear Sam", "Subject:\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\nDear Sam");
        case("From: a@b.test\nSubject: x\n\nDear Sam", "From: a@b.test\nSubject: x\n\nDear Sam");
        case("Subject: Hi\nList-Id: <a.b.test>\n\nDear Sam", "\nSubject: Hi\nList-Id: <a.b.test>\n\nDear Sam");
        case("Thank-you: a word\n\nDear Sam", "\n\nThank-you: a word\n\nDear Sam");
        let whole = "Received: x\nSubject: Hi\n\nDear Sam";
        case(whole, whole);
    }
}
