//! The config as written. Every key is optional here: the embedded `config/thankd.toml` is the lowest layer and holds each
//! default once; the owner's file lies over it.
use super::values::{MaybeReach, Reach, TimeOfDay, Zone};
use crate::meeting::Kind;
use crate::net::Tls;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

/// A table whose keys may each be left out, and that can be laid over another one.
macro_rules! layer {
    ($(#[$doc:meta])* $name:ident { $($field:ident : $ty:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Default, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct $name { $(pub $field: Option<$ty>),* }
        impl $name {
            /// This table where it says something, `base` where it does not.
            #[must_use]
            pub fn over(self, base: Self) -> Self {
                $name { $($field: self.$field.or(base.$field)),* }
            }
        }
    };
}

/// A program and its arguments; no shell.
pub type Argv = Vec<String>;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InterviewCounts {
    IfHired,
    Always,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Empty {
    Weekly,
    Daily,
    Never,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    Error,
    Warn,
    Info,
    Debug,
    Trace,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correspondence {
    pub exchanges: u32,
    pub over: Reach,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Folders {
    pub only: Vec<String>,
    pub except: Vec<String>,
}

layer!(Owner { name: String, names: Vec<String>, addresses: Vec<String>, zone: Zone, organisation: Vec<String> });
layer!(
    /// One `[[mail]]`.
    Mail {
        name: String,
        host: String,
        port: u16,
        tls: Tls,
        tls_ca: PathBuf,
        user: String,
        password_file: PathBuf,
        password_cmd: Argv,
        password_credential: String,
        token_cmd: Argv,
        poll: Reach,
        look_back: Reach,
        trust: String,
        folders: Folders,
        path: PathBuf,
    }
);
layer!(Calendar { name: String, path: PathBuf });
layer!(Etiquette {
    talked: MaybeReach,
    social: bool,
    virtual_counts: bool,
    add_up: bool,
    large_group: u32,
    correspondence: Correspondence,
    contacts: bool,
    connections: bool,
    colleagues: bool,
    interview_counts: InterviewCounts,
    candidacy: Reach,
    settle: Reach,
    closes_after: Reach,
    remember_meetings: Reach,
    open: Vec<String>,
    exempt: Vec<String>,
});
layer!(Thanks { within: Reach, skip_weekends: bool, holidays: Vec<String>, expected_after: Vec<Kind> });
layer!(Note { min_words: u32 });
layer!(Meetings { words: BTreeMap<Kind, Vec<String>> });
layer!(Digest {
    at: TimeOfDay,
    until: TimeOfDay,
    empty: Empty,
    show_missing: bool,
    to: String,
    from: String,
    also_to: Vec<String>,
    also_to_may_see: bool,
});
layer!(Outbox { append: String, folder: PathBuf });
layer!(Smtp {
    host: String,
    port: u16,
    tls: Tls,
    tls_ca: PathBuf,
    user: String,
    password_file: PathBuf,
    password_cmd: Argv,
    password_credential: String,
    token_cmd: Argv,
});
layer!(Keep { letters: Reach, strangers: Reach });
layer!(Networks { files: Vec<PathBuf> });
layer!(Log { level: Level, format: Format });

/// The whole file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct File {
    pub owner: Owner,
    pub mail: Vec<Mail>,
    pub calendar: Vec<Calendar>,
    pub etiquette: Etiquette,
    pub thanks: Thanks,
    pub note: Note,
    pub meetings: Meetings,
    pub digest: Digest,
    pub outbox: Outbox,
    pub smtp: Option<Smtp>,
    pub keep: Keep,
    pub networks: Networks,
    pub log: Log,
}

impl File {
    #[must_use]
    pub fn over(self, base: File) -> File {
        File {
            owner: self.owner.over(base.owner),
            mail: if self.mail.is_empty() { base.mail } else { self.mail },
            calendar: if self.calendar.is_empty() { base.calendar } else { self.calendar },
            etiquette: self.etiquette.over(base.etiquette),
            thanks: self.thanks.over(base.thanks),
            note: self.note.over(base.note),
            meetings: self.meetings.over(base.meetings),
            digest: self.digest.over(base.digest),
            outbox: self.outbox.over(base.outbox),
            smtp: self.smtp.or(base.smtp),
            keep: self.keep.over(base.keep),
            networks: self.networks.over(base.networks),
            log: self.log.over(base.log),
        }
    }
}
