//! The message room's words of all languages together, compiled once: all are tried on all mail.
use crate::words::Words;
use aho_corasick::{AhoCorasick, Anchored, Input, StartKind};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// What a label above a quote names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    From,
    Sent,
    To,
    Cc,
    Subject,
}

pub(super) struct Vocabulary {
    labels: HashMap<String, Label>,
    pub wrote: Phrases,
    pub forwarded: Phrases,
    pub original: Phrases,
    pub sent_with: Phrases,
    pub disclaimers: Phrases,
    pub banners: Phrases,
    closings: HashSet<String>,
    thanks: HashSet<String>,
    forward_prefixes: HashSet<String>,
    tags: HashSet<String>,
    nobody: HashSet<String>,
    alarms: HashSet<String>,
}

/// Phrases looked for anywhere in a text, in either case; none if they could not be compiled.
pub(super) struct Phrases(Option<AhoCorasick>);

impl Phrases {
    fn new(words: &[String]) -> Self {
        let plain = words.iter().map(|word| lower(word).into_owned());
        let builder = AhoCorasick::builder().ascii_case_insensitive(true).start_kind(StartKind::Both).clone();
        Phrases(builder.build(plain).ok())
    }
    pub fn within(&self, text: &str) -> bool {
        self.0.as_ref().is_some_and(|a| a.is_match(lower(text).as_ref()))
    }
    pub fn ends(&self, text: &str) -> bool {
        let text = lower(text);
        self.0.as_ref().is_some_and(|a| a.find_iter(text.as_ref()).last().is_some_and(|m| m.end() == text.len()))
    }
    pub fn begins(&self, text: &str) -> bool {
        let text = lower(text);
        self.0.as_ref().is_some_and(|a| a.is_match(Input::new(text.as_ref()).anchored(Anchored::Yes)))
    }
}

/// In lower case, apostrophes straight; the case of ASCII alone the search ignores by itself.
fn lower(text: &str) -> Cow<'_, str> {
    let folds = |c: char| !c.is_ascii() && (c == '’' || c.is_uppercase());
    if text.is_ascii() || !text.chars().any(folds) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.to_lowercase().replace('’', "'"))
    }
}

pub(super) fn vocabulary() -> &'static Vocabulary {
    static VOCABULARY: OnceLock<Vocabulary> = OnceLock::new();
    VOCABULARY.get_or_init(|| Vocabulary::new(Words::embedded()))
}

impl Vocabulary {
    fn new(words: &Words) -> Self {
        let all = |pick: fn(&crate::words::MessageWords) -> &Vec<String>| -> Vec<String> {
            words.lexicons.iter().flat_map(|l| pick(&l.message)).map(|w| w.to_lowercase()).collect()
        };
        let mut labels = HashMap::new();
        // Subject last: Danish `til` and the like never clash with it
        for (label, words) in [
            (Label::Cc, all(|w| &w.cc)),
            (Label::To, all(|w| &w.to)),
            (Label::Sent, all(|w| &w.sent)),
            (Label::From, all(|w| &w.from)),
            (Label::Subject, all(|w| &w.subject)),
        ] {
            labels.extend(words.into_iter().map(|w| (w, label)));
        }
        Vocabulary {
            labels,
            wrote: Phrases::new(&all(|w| &w.wrote)),
            forwarded: Phrases::new(&all(|w| &w.forwarded)),
            original: Phrases::new(&all(|w| &w.original)),
            sent_with: Phrases::new(&all(|w| &w.sent_with)),
            disclaimers: Phrases::new(&all(|w| &w.disclaimers)),
            banners: Phrases::new(&all(|w| &w.banners)),
            closings: all(|w| &w.closings).into_iter().collect(),
            thanks: all(|w| &w.thanks).into_iter().collect(),
            forward_prefixes: all(|w| &w.forward_prefixes).into_iter().collect(),
            tags: all(|w| &w.tags).into_iter().collect(),
            alarms: all(|w| &w.alarms).into_iter().collect(),
            nobody: all(|w| &w.nobody).into_iter().collect(),
        }
    }

    pub fn label(&self, lower: &str) -> Option<Label> {
        self.labels.get(lower).copied()
    }
    pub fn closing(&self, lower: &str) -> bool {
        self.closings.contains(lower)
    }
    pub fn thanks(&self, lower: &str) -> bool {
        self.thanks.contains(lower)
    }
    pub fn forwards(&self, subject: &str) -> bool {
        let head = subject.trim_start().split([':', '：']).next().unwrap_or_default();
        head.len() < subject.trim_start().len() && self.forward_prefixes.contains(&head.trim().to_lowercase())
    }
    pub fn alarm(&self, lower: &str) -> bool {
        self.alarms.contains(lower)
    }
    pub fn nobody(&self, lower: &str) -> bool {
        self.nobody.contains(lower)
    }
    pub fn tag(&self, lower: &str) -> bool {
        self.tags.contains(lower)
    }
}
