//! The config as checked: no option that has a default, no string that has a meaning.
use super::error::{ConfigError, Fault};
use super::file::{self, Empty, File, Format, Level};
use super::secrets::{Secret, too_open};
use crate::etiquette::{InterviewCounts, Knows, Policy, ThanksPolicy};
use crate::letter::NetworkId;
use crate::mailbox::FolderChoice;
use crate::meeting::Kind;
use crate::message::TrustAnchor;
use crate::net::{Server, Tls};
use crate::person::{Address, Domain, Name, Owner, is_freemail};
use crate::store::Keep;
use jiff::{SignedDuration, civil, tz::TimeZone};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// Where one account's mail is.
#[derive(Debug, Clone, PartialEq)]
pub enum MailPlace {
    Imap { server: Server, user: String, secret: Secret, folders: FolderChoice },
    Path(PathBuf),
}

#[derive(Debug, Clone, PartialEq)]
pub struct MailAccount {
    pub name: String,
    pub place: MailPlace,
    pub poll: SignedDuration,
    pub look_back: SignedDuration,
    pub trust: TrustAnchor,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarSource {
    pub name: String,
    pub path: PathBuf,
}

/// How the digest goes out.
#[derive(Debug, Clone, PartialEq)]
pub enum OutboxPlace {
    Smtp {
        server: Server,
        login: Option<(String, Secret)>,
    },
    /// Into the inbox of this account.
    Append(String),
    Folder(PathBuf),
    /// Nothing configured: digests are composed only for `thankd digest`.
    Nowhere,
}

#[derive(Debug, Clone, PartialEq)]
pub struct DigestSettings {
    pub at: civil::Time,
    pub until: civil::Time,
    pub empty: Empty,
    pub show_missing: bool,
    pub to: Address,
    pub from: Address,
    pub also_to: Vec<Address>,
}

#[derive(Debug, Clone)]
pub struct Settings {
    /// Where it was read from; `None`: standalone use.
    pub path: Option<PathBuf>,
    pub owner: Owner,
    pub mail: Vec<MailAccount>,
    pub calendars: Vec<CalendarSource>,
    pub policy: Policy,
    /// The owner's own words for kinds of meetings.
    pub own_words: Vec<(Kind, String)>,
    pub digest: DigestSettings,
    pub outbox: OutboxPlace,
    pub keep: Keep,
    pub network_files: Vec<PathBuf>,
    pub log: (Level, Format),
}

/// Gathers every fault instead of stopping at the first: a config is mended in one go.
struct Check {
    faults: Vec<Fault>,
}

impl Check {
    fn fault(&mut self, at: impl Into<String>, what: impl Into<String>, hint: impl Into<String>) {
        self.faults.push(Fault { at: at.into(), what: what.into(), hint: hint.into(), place: None });
    }

    /// A default that config/thankd.toml must hold; its absence is our bug, and `tests/shipped.rs` would see it.
    fn need<T>(&mut self, at: &str, value: Option<T>) -> Option<T> {
        if value.is_none() {
            self.fault(at, "is not set", "this default is missing in the shipped config: please report it");
        }
        value
    }
}

/// Checks a file that lies over the defaults. `machine_zone` is used where the owner names none.
pub fn check(file: File, path: Option<&Path>, machine_zone: &TimeZone) -> Result<Settings, ConfigError> {
    let mut c = Check { faults: Vec::new() };
    let settings = settle(&mut c, file, path, machine_zone);
    match settings {
        Some(settings) if c.faults.is_empty() => Ok(settings),
        _ => Err(ConfigError::Faults { path: path.unwrap_or(Path::new("config")).to_owned(), faults: c.faults }),
    }
}

fn settle(c: &mut Check, file: File, path: Option<&Path>, machine_zone: &TimeZone) -> Option<Settings> {
    let owner = owner(c, &file.owner, machine_zone);
    let mail: Vec<Option<MailAccount>> = file.mail.into_iter().enumerate().map(|(n, m)| account(c, m, n)).collect();
    let mail: Vec<MailAccount> = mail.into_iter().flatten().collect();
    unique(c, "mail", mail.iter().map(|m| m.name.as_str()));
    let calendars: Vec<CalendarSource> =
        file.calendar.into_iter().enumerate().filter_map(|(n, s)| calendar(c, s, n)).collect();
    unique(c, "calendar", calendars.iter().map(|m| m.name.as_str()));
    let policy = policy(c, &file.etiquette, &file.thanks, &file.note, &file.digest, owner.as_ref()?.zone.clone());
    let digest = digest(c, &file.digest, owner.as_ref());
    let outbox = outbox(c, file.outbox, file.smtp, &mail);
    let keep = Keep {
        letters: c.need("keep.letters", file.keep.letters)?.0,
        strangers: c.need("keep.strangers", file.keep.strangers)?.0,
        meetings: c.need("etiquette.remember_meetings", file.etiquette.remember_meetings)?.0,
        counts: SignedDuration::from_hours(60 * 24),
    };
    Some(Settings {
        path: path.map(Path::to_owned),
        owner: owner?,
        mail,
        calendars,
        policy: policy?,
        own_words: file
            .meetings
            .words
            .unwrap_or_default()
            .into_iter()
            .flat_map(|(kind, words)| words.into_iter().map(move |w| (kind, w)))
            .collect(),
        digest: digest?,
        outbox: outbox?,
        keep,
        network_files: file.networks.files.unwrap_or_default(),
        log: (c.need("log.level", file.log.level)?, c.need("log.format", file.log.format)?),
    })
}

fn owner(c: &mut Check, file: &file::Owner, machine_zone: &TimeZone) -> Option<Owner> {
    let given = file.addresses.clone().unwrap_or_default();
    let mut addresses = Vec::new();
    for a in &given {
        match Address::new(a) {
            Some(a) => addresses.push(a),
            None => {
                c.fault("owner.addresses", format!("\"{a}\" is no mail address"), "write it like \"sam@example.org\"")
            }
        }
    }
    if given.is_empty() {
        c.fault(
            "owner.addresses",
            "is missing",
            "list all your addresses, aliases too: thankd must know which mail is yours",
        );
    }
    let mut names: Vec<Name> = file.name.iter().filter_map(|n| Name::new(n)).collect();
    names.extend(file.names.iter().flatten().filter_map(|n| Name::new(n)));
    if names.is_empty() {
        c.fault(
            "owner.name",
            "is missing",
            "write your name as calendars show it, so that it is not taken for a candidate's",
        );
    }
    let organisation = organisation(c, file.organisation.as_deref(), &addresses);
    let zone = file.zone.as_ref().map_or_else(|| machine_zone.clone(), |z| z.0.clone());
    Some(Owner { names, addresses, organisation, zone })
}

fn organisation(c: &mut Check, given: Option<&[String]>, addresses: &[Address]) -> Vec<Domain> {
    let Some(given) = given else {
        let own: BTreeSet<Domain> = addresses.iter().map(Address::domain).filter(|d| !is_freemail(d)).collect();
        return own.into_iter().collect();
    };
    let mut out = Vec::new();
    for d in given {
        match Domain::new(d) {
            Some(d) if is_freemail(&d) => c.fault(
                "owner.organisation",
                format!("\"{}\" is a domain anybody can have an address in", d.as_str()),
                "leave it out: its users are not your colleagues",
            ),
            Some(d) => out.push(d),
            None => c.fault("owner.organisation", format!("\"{d}\" is no domain"), "write it like \"example.org\""),
        }
    }
    out
}

fn unique<'a>(c: &mut Check, what: &str, names: impl Iterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name) {
            c.fault(
                format!("{what} \"{name}\""),
                "has the name of another",
                "give each its own: the store keeps its place under that name",
            );
        }
    }
}

/// What `[[mail]]` and `[smtp]` share.
struct Login {
    password_file: Option<PathBuf>,
    password_cmd: Option<Vec<String>>,
    password_credential: Option<String>,
    token_cmd: Option<Vec<String>>,
}

fn secret(c: &mut Check, at: &str, login: Login) -> Option<Secret> {
    let mut given = Vec::new();
    if let Some(path) = login.password_file {
        if let Err(why) = too_open(&path) {
            let path = path.display();
            let hint = match why.contains("others") {
                true => format!("chmod 600 {path}"),
                false => format!("write the password into it, for you alone: (umask 077; cat > {path})"),
            };
            c.fault(format!("{at}.password_file"), why, hint);
        }
        given.push(Secret::PasswordFile(path));
    }
    if let Some(name) = login.password_credential {
        if name.is_empty() || name.contains('/') {
            c.fault(format!("{at}.password_credential"), "is a path", "write the credential's name only");
        }
        given.push(Secret::PasswordCredential(name));
    }
    given.extend(login.password_cmd.map(Secret::PasswordCmd));
    given.extend(login.token_cmd.map(Secret::TokenCmd));
    if given.len() > 1 {
        c.fault(
            at,
            "has more than one source of its password",
            "keep one of password_file, password_cmd, password_credential, token_cmd",
        );
    }
    given.into_iter().next()
}

fn server(
    c: &mut Check,
    at: &str,
    host: String,
    port: Option<u16>,
    tls: Option<Tls>,
    ca: Option<PathBuf>,
    ports: (u16, u16),
) -> Server {
    let tls = tls.unwrap_or_default();
    let port = port.unwrap_or(match tls {
        Tls::Implicit => ports.0,
        Tls::Starttls | Tls::None => ports.1,
    });
    let here = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
    if tls == Tls::None && !here {
        c.fault(
            format!("{at}.tls"),
            "\"none\" would send your password in clear",
            "use \"implicit\" (or \"starttls\")",
        );
    }
    if let Some(path) = ca.as_ref().filter(|p| !p.is_file()) {
        c.fault(
            format!("{at}.tls_ca"),
            format!("{} is no file", path.display()),
            "name a PEM file with the server's certificate",
        );
    }
    Server { host, port, tls, tls_ca: ca }
}

fn account(c: &mut Check, mail: file::Mail, number: usize) -> Option<MailAccount> {
    let Some(name) = mail.name.clone() else {
        c.fault(format!("mail number {}", number + 1), "has no name", "name = \"work\"");
        return None;
    };
    let at = format!("mail \"{name}\"");
    let place = match (mail.path.clone(), mail.host.clone()) {
        (Some(path), None) => MailPlace::Path(path),
        (None, Some(host)) => imap(c, &at, &mail, host)?,
        _ => {
            c.fault(at, "needs either `host` (IMAP) or `path` (files)", "see [[mail]] in the documented config");
            return None;
        }
    };
    let trust = match mail.trust.as_deref() {
        None if matches!(place, MailPlace::Path(_)) => TrustAnchor::Topmost,
        // Nobody is believed until the owner says who: a server that adds no header leaves the sender's own on top.
        None | Some("none") => TrustAnchor::None,
        Some("topmost") => TrustAnchor::Topmost,
        Some(id) => TrustAnchor::AuthservId(id.to_owned()),
    };
    let hours = |r: Option<super::values::Reach>, default| r.map_or(default, |r| r.0);
    let poll = hours(mail.poll, SignedDuration::from_mins(2));
    if poll < SignedDuration::from_secs(1) {
        c.fault(format!("{at}.poll"), "is too short", "write \"2m\"");
    }
    Some(MailAccount {
        name,
        place,
        poll,
        look_back: hours(mail.look_back, SignedDuration::from_hours(180 * 24)),
        trust,
    })
}

fn imap(c: &mut Check, at: &str, mail: &file::Mail, host: String) -> Option<MailPlace> {
    let server = server(c, at, host, mail.port, mail.tls, mail.tls_ca.clone(), (993, 143));
    let login = Login {
        password_file: mail.password_file.clone(),
        password_cmd: mail.password_cmd.clone(),
        password_credential: mail.password_credential.clone(),
        token_cmd: mail.token_cmd.clone(),
    };
    let before = c.faults.len();
    let secret = secret(c, at, login);
    if secret.is_none() && c.faults.len() == before {
        c.fault(at, "has no password", "set one of password_file, password_cmd, password_credential, token_cmd");
    }
    let Some(user) = mail.user.clone() else {
        c.fault(at, "has no user", "user = \"sam@example.org\"");
        return None;
    };
    let folders = mail.folders.clone().unwrap_or_default();
    let folders =
        FolderChoice { only: folders.only.into_iter().collect(), except: folders.except.into_iter().collect() };
    Some(MailPlace::Imap { server, user, secret: secret?, folders })
}

fn calendar(c: &mut Check, source: file::Calendar, number: usize) -> Option<CalendarSource> {
    let at =
        source.name.clone().map_or_else(|| format!("calendar number {}", number + 1), |n| format!("calendar \"{n}\""));
    match (source.name, source.path) {
        (Some(name), Some(path)) => Some(CalendarSource { name, path }),
        (None, _) => {
            c.fault(at, "has no name", "name = \"work\"");
            None
        }
        (_, None) => {
            c.fault(at, "has no path", "path = \"/home/sam/calendars/work\" (an .ics file, or a folder of them)");
            None
        }
    }
}

fn policy(
    c: &mut Check,
    e: &file::Etiquette,
    thanks: &file::Thanks,
    note: &file::Note,
    digest: &file::Digest,
    zone: TimeZone,
) -> Option<Policy> {
    let correspondence = c.need("etiquette.correspondence", e.correspondence)?;
    let knows = Knows {
        contacts: c.need("etiquette.contacts", e.contacts)?,
        connections: c.need("etiquette.connections", e.connections)?,
        colleagues: c.need("etiquette.colleagues", e.colleagues)?,
        social: c.need("etiquette.social", e.social)?,
        talked: c.need("etiquette.talked", e.talked)?.0,
        virtual_counts: c.need("etiquette.virtual_counts", e.virtual_counts)?,
        add_up: c.need("etiquette.add_up", e.add_up)?,
        correspondence: (correspondence.exchanges > 0).then_some((correspondence.exchanges, correspondence.over.0)),
        large_group: c.need("etiquette.large_group", e.large_group)?,
        interview_counts: match c.need("etiquette.interview_counts", e.interview_counts)? {
            file::InterviewCounts::IfHired => InterviewCounts::IfHired,
            file::InterviewCounts::Always => InterviewCounts::Always,
            file::InterviewCounts::Never => InterviewCounts::Never,
        },
        candidacy: c.need("etiquette.candidacy", e.candidacy)?.0,
    };
    let mut holidays = Vec::new();
    for day in thanks.holidays.iter().flatten() {
        match day.parse() {
            Ok(day) => holidays.push(day),
            Err(_) => c.fault("thanks.holidays", format!("\"{day}\" is no date"), "write it like \"2026-12-25\""),
        }
    }
    Some(Policy {
        zone,
        knows,
        thanks: ThanksPolicy {
            within: c.need("thanks.within", thanks.within)?.0,
            skip_weekends: c.need("thanks.skip_weekends", thanks.skip_weekends)?,
            holidays,
            expected_after: c.need("thanks.expected_after", thanks.expected_after.clone())?,
            min_words: c.need("note.min_words", note.min_words)?,
            show_missing: c.need("digest.show_missing", digest.show_missing)?,
        },
        open: c.need("etiquette.open", e.open.clone())?.into_iter().map(NetworkId).collect(),
        exempt: c.need("etiquette.exempt", e.exempt.clone())?,
        settle: c.need("etiquette.settle", e.settle)?.0,
        closes_after: c.need("etiquette.closes_after", e.closes_after)?.0,
        remember_meetings: c.need("etiquette.remember_meetings", e.remember_meetings)?.0,
    })
}

fn digest(c: &mut Check, d: &file::Digest, owner: Option<&Owner>) -> Option<DigestSettings> {
    let own = owner.map(|o| o.addresses.as_slice()).unwrap_or_default();
    let to = match &d.to {
        None => own.first().cloned(),
        Some(to) => {
            let to = Address::new(to).filter(|a| own.contains(a));
            if to.is_none() {
                c.fault(
                    "digest.to",
                    "is none of owner.addresses",
                    "a digest goes to its owner; others stand under digest.also_to",
                );
            }
            to
        }
    };
    let from = match &d.from {
        None => to.clone(),
        Some(from) => {
            let from = Address::new(from);
            if from.is_none() {
                c.fault("digest.from", "is no mail address", "write it like \"thankd@example.org\"");
            }
            from
        }
    };
    let mut also_to = Vec::new();
    for a in d.also_to.iter().flatten() {
        match Address::new(a) {
            Some(a) => also_to.push(a),
            None => {
                c.fault("digest.also_to", format!("\"{a}\" is no mail address"), "write it like \"ana@example.org\"")
            }
        }
    }
    if !also_to.is_empty() && !c.need("digest.also_to_may_see", d.also_to_may_see)? {
        c.fault(
            "digest.also_to",
            "would show other people's names and verdicts to them",
            "if they may see that, set also_to_may_see = true; they get no quotes and no codes",
        );
    }
    let at = c.need("digest.at", d.at)?.0;
    let until = c.need("digest.until", d.until)?.0;
    if until <= at {
        c.fault("digest.until", "is not later than digest.at", "leave some hours between them: until = \"20:00\"");
    }
    Some(DigestSettings {
        at,
        until,
        empty: c.need("digest.empty", d.empty)?,
        show_missing: c.need("digest.show_missing", d.show_missing)?,
        to: to?,
        from: from?,
        also_to,
    })
}

fn outbox(c: &mut Check, outbox: file::Outbox, smtp: Option<file::Smtp>, mail: &[MailAccount]) -> Option<OutboxPlace> {
    let given =
        usize::from(outbox.append.is_some()) + usize::from(outbox.folder.is_some()) + usize::from(smtp.is_some());
    if given > 1 {
        c.fault("outbox", "more than one way out is set", "keep one of [smtp], outbox.append, outbox.folder");
    }
    if let Some(smtp) = smtp {
        let Some(host) = smtp.host else {
            c.fault("smtp", "has no host", "host = \"smtp.example.org\"");
            return None;
        };
        let server = server(c, "smtp", host, smtp.port, smtp.tls, smtp.tls_ca, (465, 587));
        let login = Login {
            password_file: smtp.password_file,
            password_cmd: smtp.password_cmd,
            password_credential: smtp.password_credential,
            token_cmd: smtp.token_cmd,
        };
        let secret = secret(c, "smtp", login);
        return match (smtp.user, secret) {
            (Some(user), Some(secret)) => Some(OutboxPlace::Smtp { server, login: Some((user, secret)) }),
            (None, None) => Some(OutboxPlace::Smtp { server, login: None }),
            (Some(_), None) => {
                c.fault(
                    "smtp",
                    "has a user and no password",
                    "set one of password_file, password_cmd, password_credential, token_cmd",
                );
                None
            }
            (None, Some(_)) => {
                c.fault("smtp", "has a password and no user", "user = \"sam@example.org\"");
                None
            }
        };
    }
    if let Some(name) = outbox.append {
        if !mail.iter().any(|m| m.name == name && matches!(m.place, MailPlace::Imap { .. })) {
            c.fault(
                "outbox.append",
                format!("\"{name}\" is no [[mail]] with IMAP"),
                "name the account whose inbox gets the digest",
            );
        }
        return Some(OutboxPlace::Append(name));
    }
    Some(outbox.folder.map_or(OutboxPlace::Nowhere, OutboxPlace::Folder))
}
