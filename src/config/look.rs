//! What the config names, looked for on this machine: `thankd check` says it, the daemon does not stop for it.
//!
//! A calendar on a disk that is not mounted today is a trouble of today, and the daemon goes on without it; but whoever
//! has just written a config wants to hear of it now. Servers are not asked: that takes a network and a password.
use super::error::{ConfigError, Fault};
use super::secrets::Secret;
use super::settings::{MailPlace, OutboxPlace, Settings};
use crate::net::{Server, client_config};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

/// Everything named in the config is there.
pub fn look(settings: &Settings, path: &Path, text: &str) -> Result<(), ConfigError> {
    let mut faults = Vec::new();
    for mail in &settings.mail {
        let at = format!("mail \"{}\"", mail.name);
        match &mail.place {
            MailPlace::Path(path) => there(&mut faults, format!("{at}.path"), path),
            MailPlace::Imap { server, secret, .. } => login(&mut faults, &at, server, Some(secret)),
        }
    }
    for calendar in &settings.calendars {
        there(&mut faults, format!("calendar \"{}\".path", calendar.name), &calendar.path);
    }
    match &settings.outbox {
        OutboxPlace::Smtp { server, login: user } => {
            login(&mut faults, "smtp", server, user.as_ref().map(|(_, secret)| secret));
        }
        OutboxPlace::Append(_) | OutboxPlace::Folder(_) | OutboxPlace::Nowhere => {}
    }
    if faults.is_empty() {
        return Ok(());
    }
    Err(ConfigError::Faults { path: path.to_owned(), faults }.placed(text))
}

fn fault(faults: &mut Vec<Fault>, at: String, what: String, hint: &str) {
    faults.push(Fault { at, what, hint: hint.to_owned(), place: None });
}

fn there(faults: &mut Vec<Fault>, at: String, path: &Path) {
    let hint = match (path.is_absolute(), path.starts_with("~")) {
        (_, true) => "only ~/ is taken for your home; write the whole path",
        (false, _) => "write the whole path: from where thankd is started may differ",
        (true, false) => "name a file or folder that is there; a typing error, or a disk that is not mounted?",
    };
    if !path.exists() {
        fault(faults, at, format!("is not there: {}", path.display()), hint);
    }
}

fn login(faults: &mut Vec<Fault>, at: &str, server: &Server, secret: Option<&Secret>) {
    if let Some(path) = &server.tls_ca
        && let Err(why) = client_config(Some(path))
    {
        let hint = "a PEM file begins with -----BEGIN CERTIFICATE-----";
        fault(faults, format!("{at}.tls_ca"), why.to_string(), hint);
    }
    match secret {
        Some(Secret::PasswordFile(path)) if std::fs::read_to_string(path).is_ok_and(|t| first_line_empty(&t)) => {
            let hint = "its first line must be the password, and nothing else";
            fault(faults, format!("{at}.password_file"), format!("is empty: {}", path.display()), hint);
        }
        Some(Secret::PasswordCmd(argv)) => runs(faults, format!("{at}.password_cmd"), argv),
        Some(Secret::TokenCmd(argv)) => runs(faults, format!("{at}.token_cmd"), argv),
        Some(Secret::PasswordFile(_) | Secret::PasswordCredential(_)) | None => {}
    }
}

fn first_line_empty(text: &str) -> bool {
    text.lines().next().is_none_or(|line| line.trim().is_empty())
}

fn runs(faults: &mut Vec<Fault>, at: String, argv: &[String]) {
    let hint = "a program and its arguments, as a list: [\"pass\", \"show\", \"mail/work\"]; no shell reads it";
    match argv.first() {
        None => fault(faults, at, "is empty".into(), hint),
        Some(program) if !programs(program).any(|p| executable(&p)) => {
            fault(faults, at, format!("names no program that is there: {program}"), hint);
        }
        Some(_) => {}
    }
}

/// Where a program of this name may be: as written, else in each folder of $PATH.
fn programs(name: &str) -> impl Iterator<Item = PathBuf> {
    let written = name.contains('/').then(|| PathBuf::from(name));
    let paths = if written.is_some() { None } else { std::env::var_os("PATH") };
    let found: Vec<PathBuf> = paths.iter().flat_map(std::env::split_paths).map(|dir| dir.join(name)).collect();
    written.into_iter().chain(found)
}

fn executable(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}
