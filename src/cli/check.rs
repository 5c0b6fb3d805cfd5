//! `thankd check`: the config only.
use super::{CliError, Places, say};
use crate::clock::Clock;
use crate::config::{self, MailPlace, OutboxPlace, Settings};
use crate::digest::words::When;
use crate::net::{Server, Tls};
use clap::Args;
use jiff::Span;
use std::fmt::Write as _;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Check {}

impl Check {
    pub fn run(&self, places: &Places) -> Result<ExitCode, CliError> {
        let path = config::find(places.config.as_deref())?;
        let settings = config::load_and_look(&path)?;
        let catalogue = config::catalogue(&settings)?;
        let mut out = format!("{}: good\n", path.display());
        let _ = writeln!(out, "  mail: {}", names(settings.mail.iter().map(|m| m.name.as_str())));
        let _ = writeln!(out, "  calendars: {}", names(settings.calendars.iter().map(|c| c.name.as_str())));
        let _ = writeln!(out, "  networks known: {}", catalogue.networks().count());
        if settings.mail.is_empty() {
            out += "  note: without a [[mail]] nothing is read\n";
        }
        for network in settings.policy.open.iter().filter(|id| catalogue.network(id).is_none()) {
            let _ = writeln!(out, "  note: etiquette.open names \"{}\", which is no known network", network.0);
        }
        if settings.calendars.is_empty() {
            out += "  note: without a [[calendar]] nobody was ever met; requests that rest on that stay unsure\n";
        }
        if settings.outbox == config::OutboxPlace::Nowhere {
            out += "  note: neither [smtp] nor [outbox] is set; digests are shown by `thankd digest` only\n";
        }
        for account in &settings.mail {
            if account.trust == crate::message::TrustAnchor::None {
                let _ =
                    writeln!(out, "  note: mail \"{}\" has no `trust`; every sender stays unverified", account.name);
            }
        }
        if !settings.digest.also_to.is_empty() {
            out += "  note: digest.also_to lets its readers see names and verdicts about other people\n";
        }
        for (at, server) in servers(&settings) {
            out.extend(odd_port(server).map(|why| format!("  note: {at}: {why}\n")));
        }
        out += &next(&settings);
        out += "  servers were not tried: `thankd run --once` connects and reads\n";
        say(&out)
    }
}

fn servers(settings: &Settings) -> Vec<(String, &Server)> {
    let mail = settings.mail.iter().filter_map(|m| match &m.place {
        MailPlace::Imap { server, .. } => Some((format!("mail \"{}\"", m.name), server)),
        MailPlace::Path(_) => None,
    });
    let smtp = match &settings.outbox {
        OutboxPlace::Smtp { server, .. } => Some(("smtp".to_owned(), server)),
        OutboxPlace::Append(_) | OutboxPlace::Folder(_) | OutboxPlace::Nowhere => None,
    };
    mail.chain(smtp).collect()
}

/// A port that is seldom what it is said to be (RFC 8314).
fn odd_port(server: &Server) -> Option<String> {
    let usual = match (server.port, server.tls) {
        (143 | 587 | 25, Tls::Implicit) => "starttls",
        (993 | 465, Tls::Starttls | Tls::None) => "implicit",
        _ => return None,
    };
    Some(format!("at port {} servers usually want tls = \"{usual}\"", server.port))
}

/// When the next digest is due by the clock alone, and where it goes.
fn next(settings: &Settings) -> String {
    let now = Clock::System.now();
    let local = now.to_zoned_datetime(settings.owner.zone.clone());
    let days = i64::from(local.time() >= settings.digest.at);
    let day = local.date().checked_add(Span::new().days(days)).unwrap_or(local.date());
    let due = day.to_datetime(settings.digest.at).to_zoned_datetime(settings.owner.zone.clone());
    let due = due.map_or(now, |due| due.timestamp());
    let when = When::new(now, &settings.owner.zone).moment(due);
    let way = match &settings.outbox {
        OutboxPlace::Smtp { server, .. } => format!("to {} by {server}", settings.digest.to.as_str()),
        OutboxPlace::Append(account) => format!("into the inbox of \"{account}\""),
        OutboxPlace::Folder(path) => format!("into {}", path.display()),
        OutboxPlace::Nowhere => return String::new(),
    };
    format!("  next digest: {when}, {way}, if thankd runs\n")
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<&str> = names.collect();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}
