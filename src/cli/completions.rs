//! `thankd completions SHELL` and `thankd man`, both made from the arguments themselves.
use super::{Cli, CliError, say};
use clap::{Args, CommandFactory as _};
use std::io::Write as _;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Completions {
    pub shell: clap_complete::Shell,
}

impl Completions {
    pub fn run(&self) -> Result<ExitCode, CliError> {
        let mut out = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "thankd", &mut out);
        say(&String::from_utf8_lossy(&out))
    }
}

/// The commands from clap, the settings from the documented config: one source each.
pub fn man() -> Result<ExitCode, CliError> {
    let mut out = Vec::new();
    clap_mangen::Man::new(Cli::command()).section("8").render(&mut out)?;
    for sub in Cli::command().get_subcommands() {
        text_of(&sub.clone().bin_name(format!("thankd {}", sub.get_name())), &mut out)?;
    }
    let mut text = String::from_utf8_lossy(&out).into_owned();
    text += ".SH SETTINGS\n.nf\n";
    for line in crate::config::REFERENCE.lines() {
        // A line that starts with a dot or quote would be a roff request.
        let guard = if line.starts_with(['.', '\'']) { "\\&" } else { "" };
        text += &format!("{guard}{}\n", line.replace('\\', "\\\\").replace('-', "\\-"));
    }
    text += ".fi\n";
    say(&text)
}

fn text_of(command: &clap::Command, out: &mut Vec<u8>) -> std::io::Result<()> {
    let page = clap_mangen::Man::new(command.clone());
    writeln!(out, ".SH {}", command.get_bin_name().unwrap_or_default().to_uppercase())?;
    page.render_synopsis_section(out)?;
    page.render_description_section(out)?;
    page.render_options_section(out)
}
