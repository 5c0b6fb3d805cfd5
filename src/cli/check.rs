//! `thankd check`: the config only.
use super::{CliError, Places, say};
use crate::config;
use clap::Args;
use std::fmt::Write as _;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Check {}

impl Check {
    pub fn run(&self, places: &Places) -> Result<ExitCode, CliError> {
        let path = config::find(places.config.as_deref())?;
        let settings = config::load(&path)?;
        let catalogue = config::catalogue(&settings)?;
        let mut out = format!("{}: good\n", path.display());
        let _ = writeln!(out, "  mail: {}", names(settings.mail.iter().map(|m| m.name.as_str())));
        let _ = writeln!(out, "  calendars: {}", names(settings.calendars.iter().map(|c| c.name.as_str())));
        let _ = writeln!(out, "  networks known: {}", catalogue.networks().count());
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
        say(&out)
    }
}

fn names<'a>(names: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<&str> = names.collect();
    if all.is_empty() { "none".to_owned() } else { all.join(", ") }
}
