//! The owner's wishes, in two steps: as written (`file`), then checked (`settings`).
//!
//! Defaults exist once, in `config/thankd.toml`, which is embedded as the lowest layer and is also the documentation.

mod error;
mod file;
mod home;
mod look;
mod place;
mod secrets;
mod settings;
mod values;

pub use error::{ConfigError, Fault, Wrong};
pub use file::{Empty, Format, Level};
pub use place::Place;
pub use secrets::Secret;
pub use settings::{CalendarSource, DigestSettings, MailAccount, MailPlace, OutboxPlace, Settings, check};

use file::File;
use jiff::tz::TimeZone;
use std::io::Read as _;
use std::path::{Path, PathBuf};

/// The documented config with every default.
pub const REFERENCE: &str = include_str!("../../config/thankd.toml");

/// Parses text as written; the path is only for words.
fn parse(path: &Path, text: &str) -> Result<File, ConfigError> {
    toml::from_str(text).map_err(|e| ConfigError::Wrong(Wrong::new(path, text, &e)))
}

fn defaults() -> Result<File, ConfigError> {
    parse(Path::new("config/thankd.toml (embedded)"), REFERENCE)
}

/// Reads and checks a config file.
pub fn load(path: &Path) -> Result<Settings, ConfigError> {
    load_text(path, &read(path)?)
}

/// Reads and checks a config file, and looks for what it names on this machine.
pub fn load_and_look(path: &Path) -> Result<Settings, ConfigError> {
    let text = read(path)?;
    let settings = load_text(path, &text)?;
    look::look(&settings, path, &text)?;
    Ok(settings)
}

fn read(path: &Path) -> Result<String, ConfigError> {
    let unreadable = |why: String| ConfigError::Unreadable { path: path.to_owned(), why };
    owners_alone(path)?;
    text_of(path).map_err(|e| unreadable(format!("cannot be read ({e})")))
}

/// Whoever may write the config may have any program run by `password_cmd`.
fn owners_alone(path: &Path) -> Result<(), ConfigError> {
    use std::os::unix::fs::PermissionsExt as _;
    let Ok(meta) = std::fs::metadata(path) else { return Ok(()) };
    let mode = meta.permissions().mode() & 0o777;
    if meta.is_file() && mode & 0o022 != 0 {
        return Err(ConfigError::Open { path: path.to_owned(), mode });
    }
    Ok(())
}

/// No file of settings is longer than this; a device is.
const LONGEST: u64 = 1 << 20;

/// A file's text, a pipe's too (`--config <(…)`).
fn text_of(path: &Path) -> std::io::Result<String> {
    let mut text = String::new();
    let read = std::fs::File::open(path)?.take(LONGEST + 1).read_to_string(&mut text)? as u64;
    if read > LONGEST {
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, "it is longer than a megabyte"));
    }
    Ok(text)
}

/// Checks a config's text.
pub fn load_text(path: &Path, text: &str) -> Result<Settings, ConfigError> {
    let home = std::env::var_os("HOME").map(PathBuf::from);
    let file = parse(path, text)?.below(home.as_deref()).over(defaults()?);
    check(file, Some(path), &machine_zone()).map_err(|e| e.placed(text))
}

/// Settings without a config, for standalone use: defaults and what the command line says.
pub fn standalone(addresses: &[String], names: &[String], zone: Option<TimeZone>) -> Result<Settings, ConfigError> {
    let mut file = defaults()?;
    file.owner.addresses = Some(addresses.to_vec());
    // Without a name the owner's address stands in: it must only never be taken for somebody else's.
    let named = if names.is_empty() { addresses.to_vec() } else { names.to_vec() };
    file.owner.names = Some(named);
    check(file, None, &zone.unwrap_or_else(machine_zone))
}

/// Where a config is looked for, in order (interface.md).
#[must_use]
pub fn places() -> Vec<PathBuf> {
    let mut out: Vec<PathBuf> = std::env::var_os("THANKD_CONFIG").map(PathBuf::from).into_iter().collect();
    let home = std::env::var_os("XDG_CONFIG_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|h| PathBuf::from(h).join(".config")));
    out.extend(home.map(|h| h.join("thankd/thankd.toml")));
    out.push(PathBuf::from("/etc/thankd/thankd.toml"));
    out
}

/// The config to use: the one named, else the first that exists.
pub fn find(named: Option<&Path>) -> Result<PathBuf, ConfigError> {
    if let Some(path) = named {
        return Ok(path.to_owned());
    }
    let places = places();
    // $THANKD_CONFIG is a wish, not a guess: if it is set it is used, and its absence is an error.
    if let Some(path) = std::env::var_os("THANKD_CONFIG") {
        return Ok(PathBuf::from(path));
    }
    places.iter().find(|p| p.exists()).cloned().ok_or_else(|| ConfigError::Missing {
        looked: places.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", "),
    })
}

/// The state folder (interface.md).
#[must_use]
pub fn state_dir(named: Option<&Path>) -> PathBuf {
    if let Some(dir) = named {
        return dir.to_owned();
    }
    if let Some(dir) = std::env::var_os("STATE_DIRECTORY") {
        // systemd may list several, separated by colons; the first is ours.
        let dir = dir.to_string_lossy().split(':').next().unwrap_or_default().to_owned();
        return PathBuf::from(dir);
    }
    let home = std::env::var_os("XDG_STATE_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::var_os("HOME").map(|h| PathBuf::from(h).join(".local/state")));
    home.unwrap_or_else(|| PathBuf::from("/var/lib")).join("thankd")
}

fn machine_zone() -> TimeZone {
    TimeZone::try_system().unwrap_or(TimeZone::UTC)
}

/// The catalogue with the owner's own network files.
pub fn catalogue(settings: &Settings) -> Result<crate::letter::Catalogue, ConfigError> {
    let mut own = Vec::new();
    for path in &settings.network_files {
        let text = text_of(path)
            .map_err(|e| ConfigError::Network(format!("networks.files: {} cannot be read ({e})", path.display())))?;
        own.push((path.display().to_string(), text));
    }
    let files = own.iter().map(|(name, text)| (name.as_str(), text.as_str()));
    crate::letter::Catalogue::embedded().with_own(files).map_err(|e| ConfigError::Network(e.to_string()))
}
