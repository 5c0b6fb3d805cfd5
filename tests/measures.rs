//! `thankd test` through the real binary: right figures on the tables of tests/measures, and what becomes of bad ones.
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn thankd(dir: &Path, more: &[&str]) -> Output {
    let done = Command::new(env!("CARGO_BIN_EXE_thankd")).arg("test").arg(dir).args(more).env("NO_COLOR", "1").output();
    done.expect("the binary runs")
}

fn said(o: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&o.stdout), String::from_utf8_lossy(&o.stderr))
}

fn pinned() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/measures")
}

/// A folder with one table.
fn folder(name: &str, text: &[u8]) -> tempfile::TempDir {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join(name), text).expect("a table");
    dir
}

#[test]
fn every_table_is_measured_and_every_row_is_right() {
    let o = thankd(&pinned(), &["--min", "1", "--format", "json"]);
    assert_eq!(o.status.code(), Some(0), "{}", said(&o));
    let text = String::from_utf8(o.stdout).expect("UTF-8");
    let tables: Vec<serde_json::Value> = text.lines().map(|l| serde_json::from_str(l).expect("JSON")).collect();
    assert_eq!(tables.len(), 7, "{text}");
    for table in &tables {
        assert!(table["rows"].as_u64().is_some_and(|n| n > 0), "{table}");
        assert_eq!(table["misses"], serde_json::json!([]), "{table}");
        assert!(table["figures"].as_object().is_some_and(|f| !f.is_empty()), "{table}");
    }
}

#[test]
fn a_miss_is_printed_with_its_evidence_and_fails_below_the_least() {
    let dir = folder("pairs.tsv", b"a\tb\tsame\ttier\nMila Ostrander\tJonna Ostrander\t1\tcore\n");
    let o = thankd(dir.path(), &[]);
    assert_eq!(o.status.code(), Some(0), "{}", said(&o));
    assert!(said(&o).contains("missed: Mila Ostrander · Jonna Ostrander: expected same, got ask"), "{}", said(&o));
    assert!(said(&o).contains("family name equal"), "{}", said(&o));
    let o = thankd(dir.path(), &["--min", "0.5"]);
    assert_eq!(o.status.code(), Some(1));
    assert!(said(&o).contains("pairs.tsv: core recall 0.0000 is below 0.5"), "{}", said(&o));
}

#[test]
fn what_cannot_be_measured_is_said_with_its_line() {
    let labels = folder("labels.tsv", b"file\tkind\ngone.eml\tinvitation\nx.eml\tparrot\n");
    let o = thankd(labels.path(), &[]);
    assert_eq!(o.status.code(), Some(1));
    assert!(said(&o).contains("labels.tsv:2: ") && said(&o).contains("gone.eml"), "{}", said(&o));
    assert!(said(&o).contains("labels.tsv:3: kind \"parrot\" is none of invitation"), "{}", said(&o));
    let column = folder("pairs.tsv", b"a\tb\nMila\tJonna\n");
    assert!(said(&thankd(column.path(), &[])).contains("pairs.tsv:1: no column same"));
    let empty = folder("pairs.tsv", b"a\tb\tsame\n");
    let o = thankd(empty.path(), &[]);
    assert_eq!(o.status.code(), Some(1));
    assert!(said(&o).contains("pairs.tsv: no rows"), "{}", said(&o));
}

#[test]
fn notes_may_lie_in_the_folder_named_like_their_table_and_a_wrong_grade_is_a_miss() {
    let dir = folder("pos.tsv", b"file\tkind\tquality\n1.txt\tinterview\tgood\n");
    std::fs::create_dir(dir.path().join("pos")).expect("a folder");
    std::fs::write(dir.path().join("pos/1.txt"), "Dear Mr Roe,\nthank you for the interview yesterday.\nMila")
        .expect("a note");
    let o = thankd(dir.path(), &[]);
    assert_eq!(o.status.code(), Some(0), "{}", said(&o));
    assert!(said(&o).contains("1.txt: stated good, came out brief (10 own words; nothing specific"), "{}", said(&o));
}

#[test]
fn usage() {
    let empty = tempfile::tempdir().expect("a folder");
    let o = thankd(empty.path(), &[]);
    assert_eq!(o.status.code(), Some(2));
    assert!(said(&o).contains("no table to measure here"), "{}", said(&o));
    assert_eq!(thankd(&empty.path().join("nowhere"), &[]).status.code(), Some(2));
    assert_eq!(thankd(&pinned(), &["--min", "95"]).status.code(), Some(2));
}

#[test]
fn odd_tables_are_data() {
    let huge = [
        b"\xef\xbb\xbfa\tb\tsame\r\nMila\0 Ostrander\tMila Ostrander\t1\r\n".to_vec(),
        vec![b'x'; 1 << 20],
        b"\ty\t0\r\n\xff\xfe\t\xff\t0\r\n\r\n".to_vec(),
    ]
    .concat();
    let o = thankd(folder("pairs.tsv", &huge).path(), &[]);
    assert_eq!(o.status.code(), Some(0), "{}", said(&o));
    assert!(said(&o).contains("pairs.tsv: 3 rows"), "{}", said(&o));
}
