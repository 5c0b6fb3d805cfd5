//! One message in one file, read under caps: a file may be anything, of any size.
use super::{HEADER_CAP, MESSAGE_CAP};
use jiff::Timestamp;
use std::fs::{File, Metadata};
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// At most `cap` bytes, the real size, and when it was last written.
pub(super) fn read(path: &Path, cap: u64) -> io::Result<(Vec<u8>, u64, Option<Timestamp>)> {
    let file = open(path)?;
    let meta = file.metadata()?;
    let mut bytes = Vec::new();
    file.take(cap).read_to_end(&mut bytes)?;
    without_envelope(&mut bytes);
    Ok((bytes, meta.len(), modified(&meta)))
}

pub(super) fn message(path: &Path) -> io::Result<(Vec<u8>, u64, Option<Timestamp>)> {
    read(path, MESSAGE_CAP)
}

/// The header block with the empty line that ends it.
pub(super) fn header(path: &Path) -> io::Result<(Vec<u8>, u64, Option<Timestamp>)> {
    let file = open(path)?;
    let meta = file.metadata()?;
    let mut input = BufReader::new(file.take(HEADER_CAP));
    let mut bytes = Vec::new();
    loop {
        let before = bytes.len();
        input.read_until(b'\n', &mut bytes)?;
        if matches!(bytes.get(before..), Some(b"" | b"\n" | b"\r\n")) {
            break;
        }
    }
    without_envelope(&mut bytes);
    Ok((bytes, meta.len(), modified(&meta)))
}

/// Opening a pipe would block for ever.
fn open(path: &Path) -> io::Result<File> {
    let regular = std::fs::metadata(path)?.is_file();
    if regular { File::open(path) } else { Err(io::Error::other("it is no regular file")) }
}

/// Some programs save a mail with mbox's first line before it.
fn without_envelope(bytes: &mut Vec<u8>) {
    if bytes.starts_with(b"From ") {
        let end = memchr::memchr(b'\n', bytes).map_or(bytes.len(), |i| i + 1);
        bytes.drain(..end);
    }
}

pub(super) fn modified(meta: &Metadata) -> Option<Timestamp> {
    Timestamp::try_from(meta.modified().ok()?).ok()
}
