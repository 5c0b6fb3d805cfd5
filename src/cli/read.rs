//! `thankd read`: what each mail is taken for, and why. Streams; one bad mail never stops the rest.
use super::{CliError, Format, Places, json, shown};
use crate::config;
use crate::letter::{self, Catalogue, Letter, Reading};
use crate::mailbox::{FileMail, read_path};
use crate::message::{self, Authenticity, LARGEST, TrustAnchor};
use crate::person::{Address, Name, Owner};
use crate::words::Words;
use clap::Args;
use jiff::tz::TimeZone;
use serde_json::json;
use std::io::{BufWriter, IsTerminal as _, Read as _, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Read {
    /// .eml, mbox, Maildir or folders of them; left out or "-": one mail from standard input
    pub files: Vec<PathBuf>,
    /// How it is printed; JSON is stable, for scripts
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Your address, when there is no config: mail from it is outgoing; again for each
    #[arg(long, value_name = "ADDR")]
    pub owner: Vec<String>,
    /// Your name; again for each spelling
    #[arg(long, value_name = "NAME")]
    pub owner_name: Vec<String>,
}

/// What a mail is taken for, and all that is needed to say so.
pub(super) struct Reader {
    pub(super) owner: Owner,
    catalogue: Catalogue,
    min_words: u32,
    anchor: TrustAnchor,
    format: Format,
}

impl Read {
    pub fn run(&self, places: &Places) -> Result<ExitCode, CliError> {
        if self.files.is_empty() && std::io::stdin().is_terminal() {
            return Err(CliError::Usage(
                "name a mail, an mbox or a Maildir: thankd read FILE; or - for standard input".into(),
            ));
        }
        let reader = self.reader(places)?;
        let mut out = BufWriter::new(std::io::stdout().lock());
        let mut troubles = 0;
        if self.files.is_empty() || self.files.iter().all(|f| f.as_os_str() == "-") {
            let mut bytes = Vec::new();
            std::io::stdin().lock().take(LARGEST as u64 + 1).read_to_end(&mut bytes)?;
            reader.one(&mut out, "-", 0, &bytes)?;
        }
        for path in self.files.iter().filter(|f| f.as_os_str() != "-") {
            match read_path(path) {
                Err(e) => {
                    eprintln!("thankd: {}", shown::line(&e.to_string()));
                    troubles += 1;
                }
                Ok(mails) => {
                    for mail in mails {
                        troubles += reader.file(&mut out, mail)?;
                    }
                }
            }
        }
        out.flush()?;
        Ok(if troubles == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    /// With a config its owner, networks and note length; without one the flags and the defaults.
    fn reader(&self, places: &Places) -> Result<Reader, CliError> {
        let configured = match (&places.config, self.owner.is_empty()) {
            (None, false) => None,
            (named, _) => match config::find(named.as_deref()) {
                Ok(path) => match config::load(&path) {
                    Ok(settings) => Some(settings),
                    Err(e) if named.is_some() => return Err(e.into()),
                    // Found, not named, and not finished yet: what a mail is can be said without it.
                    Err(e) => {
                        eprintln!("thankd: {e}\nthankd: read by the defaults");
                        None
                    }
                },
                Err(e) if named.is_some() => return Err(e.into()),
                Err(_) => None,
            },
        };
        let (owner, min_words, catalogue) = match configured {
            Some(s) => (s.owner.clone(), s.policy.thanks.min_words, config::catalogue(&s)?),
            None => return Ok(Reader { format: self.format, ..Reader::of(&self.owner, &self.owner_name) }),
        };
        Ok(Reader { owner, catalogue, min_words, anchor: TrustAnchor::Topmost, format: self.format })
    }
}

impl Reader {
    /// Without a config: the defaults, and an owner by flags.
    pub(super) fn of(addresses: &[String], names: &[String]) -> Reader {
        let owner = Owner {
            names: names.iter().filter_map(|n| Name::new(n)).collect(),
            addresses: addresses.iter().filter_map(|a| Address::new(a)).collect(),
            organisation: Vec::new(),
            zone: TimeZone::UTC,
        };
        let catalogue = Catalogue::embedded().clone();
        Reader { owner, catalogue, min_words: 25, anchor: TrustAnchor::Topmost, format: Format::Json }
    }

    fn file(
        &self,
        out: &mut impl Write,
        mail: Result<FileMail, crate::mailbox::MailboxError>,
    ) -> Result<u32, CliError> {
        match mail {
            Ok(mail) => {
                self.one(out, &mail.path.display().to_string(), mail.index, &mail.bytes)?;
                Ok(0)
            }
            Err(e) => {
                eprintln!("thankd: {}", shown::line(&e.to_string()));
                Ok(1)
            }
        }
    }

    fn one(&self, out: &mut impl Write, file: &str, index: usize, bytes: &[u8]) -> Result<(), CliError> {
        let line = catch_unwind(AssertUnwindSafe(|| self.line(file, index, bytes))).unwrap_or_else(|_| {
            json!({"file": file, "index": index, "authenticity": "unverified", "authenticity_why": "not read",
                   "letters": [{"letter": "other", "why": "unreadable", "evidence": ["a bug of thankd's own: please report it"]}]})
        });
        let line = shown::value(line);
        match self.format {
            Format::Json => serde_json::to_writer(&mut *out, &line).map_err(std::io::Error::from)?,
            Format::Text => out.write_all(shown::lines(&text(&line)).as_bytes())?,
        }
        out.write_all(b"\n")?;
        Ok(())
    }

    pub(super) fn line(&self, file: &str, index: usize, bytes: &[u8]) -> serde_json::Value {
        let m = message::read(bytes, &self.anchor);
        let reading = Reading { catalogue: &self.catalogue, words: Words::embedded(), owner: &self.owner };
        let mut letters = letter::recognise(&m, &reading);
        let (authenticity, why) = letter::authenticity(&m, &letters, &self.catalogue);
        if authenticity == Authenticity::Forged {
            // What a forged mail pretends to be is no letter of anybody's.
            letters.retain(|l| matches!(l, Letter::Other { .. }));
        }
        json!({
            "file": file,
            "index": index,
            "message_id": m.message_id().map(|id| id.0.as_str()),
            "date": m.date().map(|d| d.to_string()),
            "authenticity": authenticity,
            "authenticity_why": why,
            "letters": letters.iter().map(|l| json::letter(l, self.min_words)).collect::<Vec<_>>(),
        })
    }
}

/// The same object for people.
fn text(line: &serde_json::Value) -> String {
    let word = |v: &serde_json::Value| match v {
        serde_json::Value::String(s) => s.clone(),
        other => other.to_string(),
    };
    let index = line["index"].as_u64().filter(|n| *n > 0).map(|n| format!(" #{n}")).unwrap_or_default();
    let mut out = format!("{}{index}\n", shown::line(&word(&line["file"])));
    for letter in line["letters"].as_array().into_iter().flatten() {
        let who = [
            &letter["inviter"]["name"],
            &letter["from"]["name"],
            &letter["person"]["name"],
            &letter["from"]["address"],
        ]
        .into_iter()
        .find_map(|v| v.as_str());
        let kind = [&letter["network"], &letter["kind"], &letter["quality"], &letter["role"]]
            .into_iter()
            .filter_map(|v| v.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        out += &format!("  {}", word(&letter["letter"]));
        if !kind.is_empty() {
            out += &format!(" ({kind})");
        }
        if let Some(who) = who {
            out += &format!(" from {who}");
        }
        if let Some(why) = letter["why"].as_str() {
            out += &format!(": {}", why.replace('_', " "));
        }
        out += "\n";
        for why in letter["why"].as_array().into_iter().chain(letter["evidence"].as_array()).flatten() {
            out += &format!("    - {}\n", word(why));
        }
    }
    out + &format!("  sender {}: {}\n", word(&line["authenticity"]), word(&line["authenticity_why"]))
}
