//! The commands. Each is one file; this one holds what they share: arguments, exit codes, where output goes.

mod answer;
mod check;
mod completions;
mod demo;
mod digest;
mod error;
mod explain;
mod json;
mod meetings;
mod read;
mod run;
mod shown;
mod sources;
mod status;
mod tell;
mod test;
mod undo;
mod who;

pub use error::CliError;

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::io::Write as _;
use std::path::PathBuf;
use std::process::ExitCode;

/// Tells thank-you notes from link requests, by your own etiquette.
#[derive(Debug, Parser)]
#[command(name = "thankd", version, max_term_width = 100, arg_required_else_help = true)]
pub struct Cli {
    #[command(flatten)]
    pub places: Places,
    #[command(subcommand)]
    pub command: Command,
}

/// Where config and state are.
#[derive(Debug, Clone, Args)]
pub struct Places {
    /// The config [default: $THANKD_CONFIG, ~/.config/thankd/thankd.toml, /etc/thankd/thankd.toml]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The folder of the store [default: $STATE_DIRECTORY, ~/.local/state/thankd]
    #[arg(long, global = true, value_name = "DIR")]
    pub state: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Shows a digest made from a sample mailbox and calendar; needs no network and no config
    Demo(demo::Demo),
    /// Checks the config: file, line, column, what is expected
    Check(check::Check),
    /// Prints the documented config with every default
    Config,
    /// The daemon; with --once one round, for cron
    Run(run::Run),
    /// Today's digest as it would be sent; from files alone with --mail
    Digest(digest::Digest),
    /// What each mail is taken for, and why
    Read(read::Read),
    /// The calendar as it is understood
    Meetings(meetings::Meetings),
    /// Are two names or addresses the same person?
    Who(who::Who),
    /// The chain behind one verdict
    Explain(explain::Explain),
    /// Your word on an item or a person
    Tell(tell::Tell),
    /// Takes back your last word, or the one with this number
    Undo(undo::Undo),
    /// The daemon's accounts, last rounds, next digest
    Status(status::Status),
    /// Measures recognition on mails, names and calendars of your own with pinned answers
    Test(test::Test),
    /// Shell completions
    Completions(completions::Completions),
    /// The man page
    Man,
}

/// Everything from arguments to exit code.
#[must_use]
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let _ = e.print();
            return ExitCode::from(u8::try_from(e.exit_code()).unwrap_or(2));
        }
    };
    ended(std::panic::catch_unwind(|| dispatch(cli)))
}

/// What became of a command, said and numbered.
fn ended(done: std::thread::Result<Result<ExitCode, CliError>>) -> ExitCode {
    match done {
        Ok(Ok(code)) => code,
        // `thankd read … | head` is no error of anybody's.
        Ok(Err(CliError::Closed)) => ExitCode::SUCCESS,
        Ok(Err(e)) => {
            eprintln!("thankd: {}", shown::lines(&e.to_string()));
            ExitCode::from(e.code())
        }
        Err(_) => {
            eprintln!("thankd: this is a bug of thankd's own; please report it with the lines above");
            ExitCode::from(70)
        }
    }
}

fn dispatch(cli: Cli) -> Result<ExitCode, CliError> {
    match cli.command {
        Command::Completions(c) => c.run(),
        Command::Man => completions::man(),
        Command::Config => say(crate::config::REFERENCE),
        Command::Check(c) => c.run(&cli.places),
        Command::Read(c) => c.run(&cli.places),
        Command::Who(c) => c.run(),
        Command::Test(c) => c.run(),
        Command::Run(c) => block_on(c.run(cli.places)),
        Command::Demo(c) => block_on(c.run()),
        Command::Digest(c) => block_on(c.run(cli.places)),
        Command::Meetings(c) => block_on(c.run(cli.places)),
        Command::Explain(c) => block_on(c.run(cli.places)),
        Command::Tell(c) => block_on(c.run(cli.places)),
        Command::Undo(c) => block_on(c.run(cli.places)),
        Command::Status(c) => block_on(c.run(cli.places)),
    }
}

/// Two workers carry hundreds of accounts: blocking sessions have threads of their own.
fn block_on<F: Future<Output = Result<ExitCode, CliError>>>(future: F) -> Result<ExitCode, CliError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(64)
        .thread_stack_size(2 << 20)
        .enable_all()
        .build()
        .map_err(|e| CliError::Failed(format!("the runtime could not be started: {e}")))?;
    let done = runtime.block_on(future);
    runtime.shutdown_timeout(std::time::Duration::from_secs(2));
    done
}

/// Prints text for people, without what a stranger's words could do to the terminal.
fn tell_people(text: &str) -> Result<ExitCode, CliError> {
    say(&shown::lines(text))
}

/// Prints and ends well.
fn say(text: &str) -> Result<ExitCode, CliError> {
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    if !text.ends_with('\n') {
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No argument brings out a bug, so that its number is told here; the others are in `tests/cli.rs`.
    #[test]
    fn a_panic_is_our_bug() {
        let code = ended(std::panic::catch_unwind(|| Err(CliError::Failed(String::from_utf8(vec![0xff]).unwrap()))));
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::from(70)));
        let code = ended(Ok(Err(CliError::Failed("no".into()))));
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::FAILURE));
    }
}
