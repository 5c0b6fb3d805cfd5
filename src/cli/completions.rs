//! `thankd completions SHELL` and `thankd man`, both made from the arguments themselves.
use super::{Cli, CliError, say};
use clap::{Args, CommandFactory as _};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Completions {
    /// The shell they are for
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
    // One page tells all: there is no thankd-demo(8) to refer to.
    let mut text = String::from_utf8_lossy(&out).replace("thankd\\-", "thankd ").replace("(8)\n", "\n");
    for sub in Cli::command().get_subcommands() {
        text += &text_of(&sub.clone().bin_name(format!("thankd {}", sub.get_name())))?;
    }
    text += ABOUT;
    text += ".SH SETTINGS\n.nf\n";
    for line in crate::config::REFERENCE.lines() {
        // A line that starts with a dot or quote would be a roff request.
        let guard = if line.starts_with(['.', '\'']) { "\\&" } else { "" };
        text += &format!("{guard}{}\n", line.replace('\\', "\\\\").replace('-', "\\-"));
    }
    text += ".fi\n";
    say(&text)
}

/// What no argument says: how it ends, what it obeys, where things lie.
const ABOUT: &str = r".SH EXIT STATUS
.TP
0
done
.TP
1
failed; for run \-\-once, some account or calendar is in trouble
.TP
2
usage: the arguments make no sense
.TP
70
a bug of thankd's own
.TP
78
the configuration is missing or wrong
.SH SIGNALS
.TP
SIGTERM, SIGINT
finish or roll back what is being done, and end with 0
.TP
SIGHUP
read the configuration anew; a wrong one is reported and the old one stays
.SH ENVIRONMENT
.TP
THANKD_CONFIG
the configuration, unless \-\-config names one
.TP
STATE_DIRECTORY
the folder of the store, unless \-\-state names one; systemd sets it
.TP
CREDENTIALS_DIRECTORY
where password_credential is looked for; systemd sets it
.TP
NO_COLOR
no colours in the log
.SH FILES
.TP
~/.config/thankd/thankd.toml, /etc/thankd/thankd.toml
the configuration; the first that exists
.TP
~/.local/state/thankd
the store
";

fn text_of(command: &clap::Command) -> std::io::Result<String> {
    let page = clap_mangen::Man::new(command.clone());
    let mut inner = Vec::new();
    page.render_synopsis_section(&mut inner)?;
    page.render_description_section(&mut inner)?;
    page.render_options_section(&mut inner)?;
    let title = command.get_bin_name().unwrap_or_default().to_uppercase();
    Ok(format!(".SH {title}\n{}", String::from_utf8_lossy(&inner).replace(".SH ", ".SS ")))
}
