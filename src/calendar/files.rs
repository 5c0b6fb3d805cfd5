//! Files and folders of calendars.
use super::{CalendarError, Piece};
use crate::meeting::LARGEST;
use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Most files of one folder; a vdir holds one event a file.
const MOST_FILES: usize = 50_000;
/// Most bytes of one folder.
const MOST_BYTES: usize = 128 * 1024 * 1024;
/// A folder of vdirs: its collections, their items.
const DEEPEST: usize = 2;

pub(super) fn explain(path: PathBuf, source: std::io::Error) -> CalendarError {
    match source.kind() {
        ErrorKind::NotFound => CalendarError::NotFound { path },
        ErrorKind::PermissionDenied => CalendarError::NotAllowed { path },
        _ => CalendarError::Io { path, source },
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

pub(super) fn of_file(path: &Path) -> Result<Vec<Piece>, CalendarError> {
    let bytes = slurp(path).map_err(|error| explain(path.to_owned(), error))?;
    Ok(vec![(name_of(path), Ok(bytes))])
}

/// At most one byte more than is read, so that the reader can say that it is too much.
fn slurp(path: &Path) -> std::io::Result<Vec<u8>> {
    // A pipe would be waited for until somebody writes, a device read for ever.
    if !std::fs::metadata(path)?.is_file() {
        return Err(std::io::Error::new(ErrorKind::InvalidInput, "it is no regular file"));
    }
    let mut bytes = Vec::new();
    let most = u64::try_from(LARGEST).unwrap_or(u64::MAX).saturating_add(1);
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

pub(super) fn of_folder(path: &Path) -> Result<Vec<Piece>, CalendarError> {
    let mut pieces = Vec::new();
    let mut paths = Vec::new();
    list(path, DEEPEST, &mut paths, &mut pieces).map_err(|error| explain(path.to_owned(), error))?;
    if paths.is_empty() && pieces.is_empty() {
        return Err(CalendarError::NoFiles { path: path.to_owned() });
    }
    paths.sort();
    let mut left = MOST_BYTES;
    for (at, file) in paths.iter().enumerate() {
        let name = file.strip_prefix(path).unwrap_or(file).to_string_lossy().into_owned();
        if at >= MOST_FILES || left == 0 {
            pieces.push((name, Err("too many files in this folder; this one and after are not read".to_owned())));
            break;
        }
        let bytes = slurp(file).map_err(|error| error.to_string());
        left = left.saturating_sub(bytes.as_ref().map_or(0, Vec::len));
        pieces.push((name, bytes));
    }
    Ok(pieces)
}

/// Collects `.ics` files. Hidden files are a synchroniser's own, links could lead anywhere.
fn list(folder: &Path, deep: usize, paths: &mut Vec<PathBuf>, pieces: &mut Vec<Piece>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (path, kind) = (entry.path(), entry.file_type()?);
        if name_of(&path).starts_with('.') || paths.len() > MOST_FILES {
            continue;
        }
        let is_ics = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("ics"));
        if kind.is_file() && is_ics {
            paths.push(path);
        } else if kind.is_dir() && deep > 1 {
            let inside = list(&path, deep - 1, paths, pieces);
            pieces.extend(inside.err().map(|error| (name_of(&path), Err(error.to_string()))));
        }
    }
    Ok(())
}
