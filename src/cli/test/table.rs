//! Tab-separated tables with a header line. Cells are plain: no quotes, no escapes; odd bytes are replaced.
use crate::cli::CliError;
use crate::message::LARGEST;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};

/// A row with more is no label of anybody's.
const LONGEST_CELL: usize = 10_000;

pub(super) struct Table {
    pub path: PathBuf,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// One row; its line as an editor counts.
pub(super) struct Row<'a> {
    pub line: usize,
    table: &'a Table,
    cells: &'a [String],
}

impl Table {
    pub(super) fn read(path: &Path) -> Result<Table, CliError> {
        let bytes = std::fs::read(path).map_err(|e| CliError::Failed(format!("{}: {e}", path.display())))?;
        let text = String::from_utf8_lossy(&bytes);
        let cells = |line: &str| -> Vec<String> {
            let short = |c: &str| c.get(..c.floor_char_boundary(LONGEST_CELL)).unwrap_or_default().replace('\0', "");
            line.trim_end_matches('\r').split('\t').map(short).collect()
        };
        let mut lines = text.trim_start_matches('\u{feff}').split('\n').map(cells);
        let head = lines.next().unwrap_or_default();
        Ok(Table { path: path.to_owned(), head, rows: lines.collect() })
    }

    /// Are these columns there? What is missing is told with the file.
    pub(super) fn lacks(&self, columns: &[&str]) -> Option<String> {
        let missing: Vec<&str> = columns.iter().copied().filter(|c| !self.head.iter().any(|h| h == c)).collect();
        let there = self.head.join(", ");
        (!missing.is_empty())
            .then(|| format!("{}:1: no column {}; there are: {there}", self.path.display(), missing.join(", ")))
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let full = |(_, cells): &(usize, &Vec<String>)| cells.iter().any(|c| !c.is_empty());
        self.rows.iter().enumerate().filter(full).map(|(i, cells)| Row { line: i + 2, table: self, cells })
    }
}

/// Up to as much as is read of a mail; a device or a pipe would never end.
fn regular(path: &Path) -> std::io::Result<Vec<u8>> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::other("it is no regular file"));
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path)?.take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

impl Row<'_> {
    /// The cell of this column; empty where there is none.
    pub(super) fn get(&self, column: &str) -> &str {
        let at = self.table.head.iter().position(|h| h == column);
        at.and_then(|at| self.cells.get(at)).map_or("", |c| c.trim())
    }

    pub(super) fn has(&self, column: &str) -> bool {
        self.table.head.iter().any(|h| h == column)
    }

    /// `labels.tsv:7`
    pub(super) fn place(&self) -> String {
        format!("{}:{}", self.table.path.display(), self.line)
    }

    /// A file named in the row: beside the table, or in the folder beside it that bears the table's name (`pos/`).
    pub(super) fn file(&self) -> Result<Vec<u8>, String> {
        let named = Path::new(self.get("file"));
        if !named.components().all(|part| matches!(part, Component::Normal(_))) {
            let shown = named.display();
            return Err(format!("{}: {shown}: name a file in the table's folder or below it", self.place()));
        }
        let beside = self.table.path.parent().unwrap_or(Path::new(".")).join(named);
        let within = self.table.path.with_extension("").join(named);
        let path = if beside.is_file() || !within.is_file() { beside } else { within };
        regular(&path).map_err(|e| format!("{}: {}: {e}", self.place(), path.display()))
    }
}
