//! The owner's own command that prints a password or a token: a program like any other, so it may hang, print without
//! end, or leave children behind. It gets a process group of its own, and whatever ends the waiting ends the group.
use super::CredentialError;
use rustix::process::{Pid, Signal, kill_process_group};
use secrecy::SecretString;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

/// A command that asks a human or a slow network still answers within this.
const TIME: Duration = Duration::from_secs(60);
/// A token of a large provider is some 4 KB.
const MOST: u64 = 64 << 10;

/// Ends a whole process group, unless its command has ended by itself.
struct Group(Option<Pid>);

impl Drop for Group {
    fn drop(&mut self) {
        if let Some(pid) = self.0 {
            // It fails only if nobody is left to be ended.
            let _ = kill_process_group(pid, Signal::KILL);
        }
    }
}

/// The first line the command prints.
///
/// # Errors
/// It cannot be run, fails, prints nothing or more than 64 KB, or takes longer than a minute.
pub async fn secret_of(argv: &[String]) -> Result<SecretString, CredentialError> {
    secret_within(argv, TIME).await
}

async fn secret_within(argv: &[String], time: Duration) -> Result<SecretString, CredentialError> {
    let (program, arguments) = argv.split_first().ok_or_else(|| CredentialError("the command is empty".into()))?;
    let bad = |why: String| CredentialError(format!("`{program}` {why}"));
    let done = tokio::time::timeout(time, output(program, arguments)).await;
    let (status, bytes) = done
        .map_err(|_| {
            bad(format!("gave no answer within {} s and was ended; run it by hand to see why", time.as_secs()))
        })?
        .map_err(|e| bad(format!("could not be run ({e})")))?;
    let Some(status) = status else {
        return Err(bad(format!(
            "printed more than {} KB and was ended; its first line must be the secret, and little else may follow",
            MOST >> 10
        )));
    };
    if !status.success() {
        return Err(bad(format!("failed ({status}); run it by hand to see why")));
    }
    let text = String::from_utf8(bytes).map_err(|_| bad("printed no UTF-8".to_owned()))?;
    first_line(&text).ok_or_else(|| bad("printed nothing".to_owned()))
}

/// No status: it printed too much.
async fn output(program: &str, arguments: &[String]) -> std::io::Result<(Option<ExitStatus>, Vec<u8>)> {
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.process_group(0).kill_on_drop(true).spawn()?;
    let mut group = Group(child.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)));
    let mut bytes = Vec::new();
    if let Some(stdout) = child.stdout.take() {
        stdout.take(MOST + 1).read_to_end(&mut bytes).await?;
    }
    if bytes.len() as u64 > MOST {
        return Ok((None, Vec::new()));
    }
    let status = child.wait().await?;
    // Its number may be another's from now on.
    group.0 = None;
    Ok((Some(status), bytes))
}

/// A secret file's or a command's first line; `None` if that is empty.
#[must_use]
pub fn first_line(text: &str) -> Option<SecretString> {
    let line = text.lines().next().unwrap_or("").trim_end_matches('\r');
    (!line.is_empty()).then(|| SecretString::from(line.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use std::time::Instant;

    #[track_caller]
    fn case(script: &str, want: Result<&str, &str>) {
        let argv = ["sh", "-c", script].map(str::to_owned);
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let got = runtime.block_on(secret_within(&argv, Duration::from_secs(2)));
        match (got, want) {
            (Ok(got), Ok(want)) => assert_eq!(got.expose_secret(), want, "{script}"),
            (Err(e), Err(want)) => assert!(e.0.contains(want), "{script}: {e}"),
            (got, want) => panic!("{script}: {:?} {want:?}", got.map(|_| "a secret")),
        }
    }

    #[test]
    fn a_command_prints_one_line_soon_or_is_ended() {
        case("echo tok; echo more", Ok("tok"));
        case("printf 'tok\\r\\n'", Ok("tok"));
        case("yes", Err("more than 64 KB"));
        case("sleep 600", Err("no answer within 2 s"));
        case("true", Err("printed nothing"));
        case("exit 3", Err("failed"));
        case("printf '\\377'", Err("UTF-8"));
    }

    #[test]
    fn its_children_end_with_it() {
        let dir = tempfile::tempdir().unwrap();
        let note = dir.path().join("pid");
        case(&format!("sleep 600 & echo $! >{}; wait", note.display()), Err("no answer"));
        let pid = std::fs::read_to_string(note).unwrap();
        let gone = || {
            let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
            stat.is_err() || stat.is_ok_and(|s| s.contains(") Z "))
        };
        let began = Instant::now();
        while !gone() {
            assert!(began.elapsed() < Duration::from_secs(5), "the child lives on");
            std::thread::yield_now();
        }
    }
}
