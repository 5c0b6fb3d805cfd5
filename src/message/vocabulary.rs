//! The message room's words of all languages together, compiled once: all are tried on all mail.
use crate::words::Words;
use aho_corasick::AhoCorasick;
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

/// Phrases looked for anywhere in a lower-case line; none if they could not be compiled.
pub(super) struct Phrases(Option<AhoCorasick>);

impl Phrases {
    fn new(words: &[String]) -> Self {
        Phrases(AhoCorasick::new(words).ok())
    }
    pub fn within(&self, lower: &str) -> bool {
        self.0.as_ref().is_some_and(|a| a.is_match(lower))
    }
    /// Where the last one ends.
    pub fn last_end(&self, lower: &str) -> Option<usize> {
        self.0.as_ref()?.find_iter(lower).last().map(|m| m.end())
    }
    pub fn begins(&self, lower: &str) -> bool {
        self.0.as_ref().is_some_and(|a| a.find_overlapping_iter_start(lower))
    }
}

/// Does any match start at 0? Only the head is looked at: it is as long as the longest phrase needs.
trait Beginning {
    fn find_overlapping_iter_start(&self, lower: &str) -> bool;
}

impl Beginning for AhoCorasick {
    fn find_overlapping_iter_start(&self, lower: &str) -> bool {
        let head = lower.get(..lower.floor_char_boundary(120)).unwrap_or_default();
        self.find_overlapping_iter(head).any(|m| m.start() == 0)
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
