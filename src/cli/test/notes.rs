//! `pos.tsv` and `neg.tsv`: thank-you notes, and mails that say thanks and are none; by content alone.
use super::measure::Measure;
use super::table::Table;
use crate::cli::read::Reader;
use serde_json::Value;

pub(super) fn notes(tables: &[Table], reader: &Reader) -> Measure {
    let Some(table) = tables.first() else { return Measure::default() };
    let mut m = Measure::of(&table.path);
    let mut grades = [(0, 0); 2];
    for table in tables {
        if let Some(missing) = table.lacks(&["file"]) {
            m.trouble(missing);
            continue;
        }
        let expected = if table.path.file_name().is_some_and(|n| n == "pos.tsv") { "note" } else { "none" };
        for row in table.rows() {
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

/// A bare text, perhaps with a Subject line, as a plain mail from somebody outside; a mail as it is.
fn as_mail(bytes: &[u8]) -> Vec<u8> {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or(bytes);
    let line = |l: &[u8], name: &[u8]| {
        l.len() > name.len() && l.get(..name.len()).is_some_and(|s| s.eq_ignore_ascii_case(name))
    };
    let block = || head.split(|b| *b == b'\n').take_while(|l| !l.trim_ascii().is_empty());
    let fields: [&[u8]; 4] = [b"From:", b"Received:", b"Return-Path:", b"Message-ID:"];
    if block().any(|l| fields.iter().any(|f| line(l, f))) {
        return bytes.to_vec();
    }
    let (subject, body) = match bytes.iter().position(|b| *b == b'\n') {
        Some(end) if line(bytes, b"Subject:") => bytes.split_at(end + 1),
        Some(_) | None => (&b"Subject: \n"[..], bytes),
    };
    let head: &[u8] = b"From: Somebody <somebody@outside.example>\nTo: Owner <owner@owner.example>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n";
    [head, subject.trim_ascii_end(), b"\n\n", body.trim_ascii_start()].concat()
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
        case("Dear Sam", "Subject:\n\nDear Sam");
        case("From: a@b.test\nSubject: x\n\nDear Sam", "From: a@b.test\nSubject: x\n\nDear Sam");
    }
}
