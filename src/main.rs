//! Parses arguments, calls one function, turns an error into an exit code.
use std::process::ExitCode;

fn main() -> ExitCode {
    thankd::cli::main()
}
