//! The walls of the house. One package has no crate walls, so this test holds them: who may use whom, who may know which
//! crate, who may read the time. What a room may touch of the standard library is clippy's to say (clippy.toml).
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Pure: no clock, file, socket, environment, database, async.
    Quiet,
    /// Touches the world.
    Door,
    /// Wires rooms and doors.
    Hall,
}
use Kind::{Door, Hall, Quiet};

/// Every room with what it may use: `crate::` paths to anything else are faults. A new room is a new line.
const ROOMS: &[(&str, Kind, &[&str])] = &[
    ("words", Quiet, &[]),
    ("person", Quiet, &["words"]),
    ("message", Quiet, &["words", "person"]),
    ("letter", Quiet, &["words", "person", "message"]),
    ("meeting", Quiet, &["words", "person"]),
    ("timeline", Quiet, &["person", "message", "letter", "meeting"]),
    ("etiquette", Quiet, &["person", "message", "letter", "meeting", "timeline"]),
    ("digest", Quiet, &["person", "message", "letter", "meeting", "timeline", "etiquette"]),
    // Doors use quiet rooms' types, never each other; what they share is the line to a server and the clock.
    ("net", Door, &[]),
    // The clock: folders of files are watched by their times.
    ("mailbox", Door, &["net", "clock", "person", "message"]),
    ("calendar", Door, &["net", "clock", "person", "meeting"]),
    ("contacts", Door, &["net", "person"]),
    ("store", Door, &["person", "message", "letter", "meeting", "timeline", "etiquette", "digest"]),
    // The one door that opens another: a digest may go into the owner's own inbox, by the guarded mailbox.
    ("outbox", Door, &["net", "person", "mailbox"]),
    ("clock", Hall, &[]),
    ("chance", Hall, &[]),
    ("telemetry", Hall, &["config"]),
    ("config", Hall, &["words", "person", "message", "letter", "meeting", "etiquette", "net", "mailbox", "store"]),
    ("daemon", Hall, EVERY_ROOM),
    ("web", Hall, EVERY_ROOM),
    ("cli", Hall, &ALL),
];

/// What the daemon may use: all but the commands, which use it.
const EVERY_ROOM: &[&str] = ALL.split_at(ALL.len() - 2).0;
const ALL: [&str; 20] = [
    "words",
    "person",
    "message",
    "letter",
    "meeting",
    "timeline",
    "etiquette",
    "digest",
    "net",
    "mailbox",
    "calendar",
    "contacts",
    "store",
    "outbox",
    "clock",
    "chance",
    "telemetry",
    "config",
    "daemon",
    "web",
];

/// Crates that one part of the house alone may know, so that changing them stays in that part.
const CRATES: &[(&str, &[&str])] = &[
    // The digest's own test reads back what it wrote by other eyes than its writer's.
    ("mail_parser", &["message/", "digest/tests/"]),
    ("imap", &["mailbox/imap/"]),
    ("imap_proto", &["mailbox/imap/"]),
    ("calcard", &["meeting/", "calendar/"]),
    // digest/mail.rs builds the letter as text and needs lettre's message builder; sending is the outbox's.
    ("lettre", &["outbox/", "digest/mail.rs"]),
    ("sqlx", &["store/"]),
    // net says whom to trust; the two doors that speak on a line of their own make their TLS of that.
    ("rustls", &["net/", "mailbox/imap/", "outbox/"]),
    ("tokio_rustls", &["net/", "outbox/"]),
    ("rustix", &["mailbox/imap/", "net/", "daemon/instance.rs"]),
    ("sd_notify", &["daemon/systemd.rs"]),
    ("minijinja", &["digest/"]),
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    // letter compares names with the slugs of profile links, which networks write in ASCII.
    ("deunicode", &["person/", "letter/"]),
    ("tracing_subscriber", &["telemetry.rs"]),
];

/// Who may read the time. Verdicts, digests and cursors know only what `clock.rs` says.
const TIME: &[(&str, &[&str])] = &[
    ("Timestamp::now", &["clock.rs"]),
    ("ZonedDateTime::now", &["clock.rs"]),
    ("SystemTime::now", &["clock.rs"]),
    // Waiting is measured, not dated: how long a server may be silent, how long a task may show no sign of life.
    ("Instant::now", &["clock.rs", "mailbox/imap/", "net/", "daemon/pulse.rs", "daemon/keeper.rs"]),
];

const DENY: &str = "#![deny(clippy::disallowed_methods, clippy::disallowed_types)]";
const NO_NAMES: &[&str] = &["util", "utils", "common", "helper", "helpers", "misc"];

/// `path` is relative to src/, with `/`. Returns every fault of the file, one line each.
fn faults(path: &str, text: &str) -> Vec<String> {
    let code = code_of(text);
    let mut out = Vec::new();
    let room = room_of(path);
    let Some((_, kind, allowed)) = ROOMS.iter().find(|(name, ..)| *name == room) else {
        // main.rs and lib.rs belong to no room: the map, and one call.
        return if matches!(room, "main" | "lib") {
            out
        } else {
            vec![format!("{path}: room `{room}` is not in ROOMS")]
        };
    };
    for used in used_rooms(path, &code) {
        if used != room && !allowed.contains(&used.as_str()) {
            out.push(format!("{path}: {room} may not use {used}"));
        }
    }
    for (name, homes) in CRATES {
        if mentions_crate(&code, name) && !homes.iter().any(|home| path.starts_with(home)) {
            out.push(format!("{path}: only {} may know the crate {name}", homes.join(", ")));
        }
    }
    for (call, homes) in TIME {
        if code.contains(call) && !homes.iter().any(|home| path.starts_with(home)) {
            out.push(format!("{path}: {call}: only {} may read the time", homes.join(", ")));
        }
    }
    if *kind == Quiet && path == format!("{room}/mod.rs") && !text.lines().any(|l| l == DENY) {
        out.push(format!("{path}: a quiet room opens with {DENY}"));
    }
    if *kind == Quiet {
        for word in ["tokio", "async fn", "std::fs", "std::net", "std::process", "std::env"] {
            if mentions(&code, word) {
                out.push(format!("{path}: a quiet room does not know {word}"));
            }
        }
    }
    let stem = Path::new(path).file_stem().unwrap_or_default().to_string_lossy();
    if path.split('/').chain([stem.as_ref()]).any(|part| NO_NAMES.contains(&part)) {
        out.push(format!("{path}: a file is named after what it is for"));
    }
    out
}

fn room_of(path: &str) -> &str {
    path.split('/').next().unwrap_or(path).trim_end_matches(".rs")
}

/// The text without comments and the insides of strings, so that prose and data are no uses.
fn code_of(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = rest.split_once('\n').map_or("", |(_, after)| after);
            out.push('\n');
        } else if let Some(inside) = rest.strip_prefix("/*") {
            rest = inside.split_once("*/").map_or("", |(_, after)| after);
        } else if let Some(after) = raw_string(rest, out.chars().next_back()) {
            out += "\"\"";
            rest = after;
        } else if let Some(inside) = rest.strip_prefix('"') {
            out += "\"\"";
            rest = after_string(inside);
        } else if let Some(literal) = ["'\"'", "'\\\"'", "'\\''"].iter().find(|l| rest.starts_with(**l)) {
            rest = &rest[literal.len()..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

fn after_string(inside: &str) -> &str {
    let mut chars = inside.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => drop(chars.next()),
            '"' => return &inside[at + 1..],
            _ => {}
        }
    }
    ""
}

/// What follows `r#"…"#`, if `rest` starts with one.
fn raw_string(rest: &str, before: Option<char>) -> Option<&str> {
    let inside = rest.strip_prefix('r').filter(|_| !before.is_some_and(is_word))?;
    let hashes = inside.len() - inside.trim_start_matches('#').len();
    let inside = inside[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(inside.split_once(&end).map_or("", |(_, after)| after))
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Is `word` there, not as a part of a longer one?
fn mentions(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + word.len()..].chars().next();
        !before.is_some_and(is_word) && !after.is_some_and(is_word)
    })
}

/// `name::…` at the head of a path, or `use name;`. `self::imap::…` is ours, and so is `imap::…` beside `mod imap;`.
fn mentions_crate(code: &str, name: &str) -> bool {
    let declared = code.contains(&format!("mod {name};"));
    let heads = code.match_indices(&format!("{name}::")).any(|(at, _)| {
        let before = &code[..at];
        !before.ends_with("::") && !before.chars().next_back().is_some_and(is_word)
    });
    (heads && !declared) || code.contains(&format!("use {name};")) || code.contains(&format!("use {name} as "))
}

/// Rooms named after `crate::` or `thankd::`, `crate::{…}` groups and `super::` chains that leave the room.
fn used_rooms(path: &str, code: &str) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for root in ["crate::", "thankd::"] {
        for (at, _) in code.match_indices(root) {
            if !code[..at].chars().next_back().is_some_and(is_word) {
                heads(&code[at + root.len()..], &mut out);
            }
        }
    }
    let depth = path.trim_end_matches("/mod.rs").matches('/').count() + 1;
    for (at, _) in code.match_indices("super::") {
        let rest = &code[at..];
        let ups = (0..).take_while(|n| rest[n * 7..].starts_with("super::")).count();
        // Modules inside a file add steps that lead nowhere out; only chains as long as the path can leave the room.
        let inner = code[..at].matches("mod tests {").count();
        if ups >= depth + inner {
            heads(&rest[ups * 7..], &mut out);
        }
    }
    out
}

/// The first names of `a::b`, or of each branch of `{a::b, c::{d, e}}`.
fn heads(rest: &str, out: &mut BTreeSet<String>) {
    let name = |s: &str| s.trim_start().chars().take_while(|c| is_word(*c)).collect::<String>();
    let Some(group) = rest.strip_prefix('{') else {
        out.insert(name(rest));
        return;
    };
    let mut depth = 0;
    let mut start = true;
    for (at, c) in group.char_indices() {
        if start && is_word(c) && depth == 0 {
            out.insert(name(&group[at..]));
            start = false;
        }
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return,
            '}' => depth -= 1,
            ',' if depth == 0 => start = true,
            _ => {}
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut pending: Vec<PathBuf> = vec![src.clone()];
    let mut out = Vec::new();
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "rs") {
            let name = path.strip_prefix(&src).unwrap().to_str().unwrap().replace('\\', "/");
            out.push((name, std::fs::read_to_string(&path).unwrap()));
        }
    }
    assert!(out.len() > 100, "the house was not found: {} files", out.len());
    out
}

#[test]
fn every_wall_stands() {
    let mut all: Vec<String> = sources().iter().flat_map(|(path, text)| faults(path, text)).collect();
    all.sort();
    assert!(all.is_empty(), "{} faults:\n{}", all.len(), all.join("\n"));
}

/// A quiet room uses only what stands to its left, whatever the table says.
#[test]
fn the_table_has_no_way_back() {
    for (at, (room, kind, allowed)) in ROOMS.iter().enumerate().filter(|(_, (_, kind, _))| *kind == Quiet) {
        for other in *allowed {
            let left = ROOMS[..at].iter().any(|(name, k, _)| name == other && k == kind);
            assert!(left, "{room} may not be allowed {other}");
        }
    }
    for (room, kind, allowed) in ROOMS.iter().filter(|(_, kind, _)| *kind == Door) {
        let doors = ROOMS.iter().filter(|(name, k, _)| k == kind && *name != "net" && allowed.contains(name)).count();
        assert!(doors == 0 || *room == "outbox", "{room} opens another door");
    }
}

#[test]
fn quiet_rooms_are_the_ones_clippy_is_told_of() {
    let clippy = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("clippy.toml")).unwrap();
    let told = clippy.split_once("src/{").unwrap().1.split_once('}').unwrap().0;
    let told: BTreeSet<&str> = told.split(',').collect();
    let here: BTreeSet<&str> = ROOMS.iter().filter(|(_, kind, _)| *kind == Quiet).map(|(name, ..)| *name).collect();
    assert_eq!(told, here);
}

#[track_caller]
fn case(path: &str, text: &str, expected: &[&str]) {
    let found = faults(path, text);
    assert_eq!(found.len(), expected.len(), "{path}: {found:#?}");
    for part in expected {
        assert!(found.iter().any(|f| f.contains(part)), "{part} not in {found:#?}");
    }
}

/// The checker itself: a wall nobody can run into is none.
#[test]
fn a_broken_wall_is_seen() {
    case("person/book.rs", "use crate::letter::Letter;", &["person may not use letter"]);
    case("person/book.rs", "fn f() -> crate::store::Store {}", &["person may not use store"]);
    case("person/book.rs", "use crate::{words::{fold, x}, digest, person::Name};", &["person may not use digest"]);
    case("person/book.rs", "use super::super::daemon::run;", &["person may not use daemon"]);
    case("person/mod.rs", &format!("{DENY}\nuse super::daemon::run;"), &["person may not use daemon"]);
    case("etiquette/rules/told.rs", "use super::super::judge;", &[]);
    case("person/book.rs", "// crate::letter\n/* crate::store */ let a = \"crate::digest\"; r#\"thankd::cli\"#;", &[]);
    case("person/mod.rs", "//! A room without its lock.", &["opens with"]);
    case("person/mod.rs", &format!("//! A room.\n{DENY}\nmod name;"), &[]);
    case("attic/mod.rs", "", &["not in ROOMS"]);
    case("person/util.rs", "", &["named after"]);
    case("store/common/mod.rs", "", &["named after"]);
    case("letter/note.rs", "use mail_parser::Message;", &["crate mail_parser"]);
    case("letter/note.rs", "let m = mail_parser::MessageParser::new();", &["crate mail_parser"]);
    case("message/mime.rs", "use mail_parser::Message;", &[]);
    case("mailbox/maildir.rs", "use imap::Client;", &["crate imap"]);
    case("mailbox/mod.rs", "mod imap;\nuse imap::Door; use self::imap::Door;", &[]);
    case("daemon/rounds.rs", "let t = jiff::Timestamp::now();", &["may read the time"]);
    case("letter/note.rs", "async fn x() { std::fs::read(p) }", &["async fn", "std::fs"]);
    case("calendar/mod.rs", "use crate::mailbox::Mailbox;", &["calendar may not use mailbox"]);
    case("main.rs", "fn main() { thankd::cli::main() }", &[]);
}
