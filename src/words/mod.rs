//! Words per language are data, so that adding a language is adding a file.
//!
//! `config/words/<lang>.toml` holds one table per room that needs words; each room owns the shape of its table
//! (one file here) and nobody else reads it. All languages are tried on all mail: phrase lists do not need
//! language detection, and a note often mixes two.
#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

mod application;
mod fold;
mod gate;
mod meeting;
mod message;
mod note;
pub(crate) mod pattern;
pub(crate) mod patterns;
mod phrases;

pub use application::{ApplicationBook, ApplicationWords};
pub use fold::{fold, is_joined};
pub use gate::{Gate, Held};
pub use meeting::MeetingWords;
pub use message::MessageWords;
pub use note::{NoteBook, NoteCue, NoteWords};
pub use phrases::{Hit, Phrases};

use serde::Deserialize;

/// One language's words, as written in its file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lexicon {
    /// BCP 47 primary tag: `en`, `de`, …
    pub language: String,
    #[serde(default)]
    pub message: MessageWords,
    #[serde(default)]
    pub note: NoteWords,
    #[serde(default)]
    pub application: ApplicationWords,
    #[serde(default)]
    pub meeting: MeetingWords,
}

/// All embedded languages, English first.
#[derive(Debug, Clone)]
pub struct Words {
    pub lexicons: Vec<Lexicon>,
    note: std::sync::OnceLock<NoteBook>,
    application: std::sync::OnceLock<ApplicationBook>,
    gate: std::sync::OnceLock<Gate>,
}

macro_rules! embedded {
    ($($lang:literal),* $(,)?) => { &[$(($lang, include_str!(concat!("../../config/words/", $lang, ".toml")))),*] };
}

/// (language, text) of every embedded file.
pub const EMBEDDED: &[(&str, &str)] = embedded![
    "en", "de", "fr", "es", "pt", "it", "nl", "pl", "sv", "nb", "da", "fi", "tr", "ru", "ja", "zh", "ko", "mul"
];

impl Words {
    /// Parses one file's text. The error carries line and column.
    pub fn parse(text: &str) -> Result<Lexicon, toml::de::Error> {
        toml::from_str(text)
    }

    /// The embedded languages. They are part of the build and tested in `tests/shipped.rs`, so a fault here is ours.
    #[must_use]
    pub fn embedded() -> &'static Words {
        static WORDS: std::sync::OnceLock<Words> = std::sync::OnceLock::new();
        WORDS.get_or_init(|| {
            let parsed = EMBEDDED
                .iter()
                .map(|(lang, text)| Words::parse(text).unwrap_or_else(|e| panic!("config/words/{lang}.toml: {e}")));
            Words::new(parsed.collect())
        })
    }

    /// Words of these languages.
    #[must_use]
    pub fn new(lexicons: Vec<Lexicon>) -> Self {
        let (note, application, gate) = Default::default();
        Self { lexicons, note, application, gate }
    }

    /// The note tables of all languages, compiled on first use.
    #[must_use]
    pub fn note(&self) -> &NoteBook {
        self.note.get_or_init(|| NoteBook::new(&self.lexicons))
    }

    /// What must stand in a text for the two to be worth asking, compiled on first use.
    #[must_use]
    pub fn gate(&self) -> &Gate {
        self.gate.get_or_init(|| Gate::new(&self.lexicons))
    }

    /// The phrases of applicants, of all languages, compiled on first use.
    #[must_use]
    pub fn application(&self) -> &ApplicationBook {
        self.application.get_or_init(|| ApplicationBook::new(&self.lexicons))
    }
}
