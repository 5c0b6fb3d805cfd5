//! What is known about words: which are given names, family names, titles, credentials, nicknames of what.
//!
//! A name is a handful of words, and a round compares very many names, so every word is looked up once, in one table,
//! for everything that is known of it. The lists are embedded and written by hand (`config/names`); a word on no list is
//! an ordinary case, not a fault.
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::LazyLock;

/// What a word can be besides a name. Several may hold: `Dean`, `Ma`, `Do`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Title,
    /// Part of a title only beside another title: `of`, `state`, `general`.
    TitleMore,
    Generation,
    Credential,
    Particle,
    Pronoun,
    Connector,
    /// A word of firms and functions: no person's name holds it.
    Firm,
}

/// Everything known of one folded word.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Entry {
    id: u16,
    /// Bearers of 100,000.
    pub given: u16,
    pub family: u16,
    /// Bearers of all the names this one is short for: everybody who may be called so.
    pub called: u16,
    /// Its bearers write it in Latin letters, one way.
    pub western: bool,
    /// Written here from another script, in several ways.
    pub romanised: bool,
    /// Some family name in Han is read so.
    pub reads_han: bool,
    kinds: u16,
}

impl Entry {
    pub(crate) fn is(&self, kind: Kind) -> bool {
        self.kinds & (1 << kind as u16) != 0
    }
    pub(crate) fn is_name(&self) -> bool {
        self.given > 0 || self.family > 0
    }
}

/// How two given names are linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// One is what people called the other sign with.
    Core,
    /// Occurs, but also between different people.
    Weak,
}

/// The multiply-and-rotate hash: words are short and not hostile (the table is ours and never grows).
#[derive(Default, Clone, Copy)]
pub(crate) struct WordHash(u64);

impl Hasher for WordHash {
    fn finish(&self) -> u64 {
        self.0
    }
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0u8; 8];
            word.iter_mut().zip(chunk).for_each(|(to, from)| *to = *from);
            self.write_u64(u64::from_le_bytes(word));
        }
    }
    fn write_u8(&mut self, n: u8) {
        self.write_u64(u64::from(n));
    }
    fn write_u16(&mut self, n: u16) {
        self.write_u64(u64::from(n));
    }
    fn write_u32(&mut self, n: u32) {
        self.write_u64(u64::from(n));
    }
    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

type Table<K, V> = HashMap<K, V, BuildHasherDefault<WordHash>>;

#[derive(Default)]
struct Lexicon {
    words: Table<&'static str, Entry>,
    links: Table<u32, Link>,
    /// By nickname: the formal names it stands for, as listed.
    formals: Table<u16, Vec<u16>>,
    /// By family name in Han: the names it may be read as.
    readings: Table<u16, Vec<u16>>,
}

static LEXICON: LazyLock<Lexicon> = LazyLock::new(read);

/// What is known of a folded word.
pub(crate) fn entry(word: &str) -> Option<&'static Entry> {
    LEXICON.words.get(word)
}

/// How two listed given names are linked, either way round.
pub(crate) fn link(a: &Entry, b: &Entry) -> Option<Link> {
    LEXICON.links.get(&pair(a.id, b.id)).copied()
}

/// Every name this one may stand for, itself included: what an index must look under to find `Robert` for `Bob`.
pub(crate) fn forms(e: &Entry) -> impl Iterator<Item = u16> {
    let formals = LEXICON.formals.get(&e.id).map_or(&[][..], Vec::as_slice);
    std::iter::once(e.id).chain(formals.iter().copied())
}

/// Is the one a short form of the other?
pub(crate) fn stands_for(short: &Entry, formal: &Entry) -> bool {
    LEXICON.formals.get(&short.id).is_some_and(|formals| formals.contains(&formal.id))
}

/// The ways a family name in Han may be read; none for any other word.
pub(crate) fn readings(e: &Entry) -> &'static [u16] {
    LEXICON.readings.get(&e.id).map_or(&[], Vec::as_slice)
}

/// May this family name in Han be read like that?
pub(crate) fn is_reading(han: &Entry, latin: &Entry) -> bool {
    readings(han).contains(&latin.id)
}

/// Bytes of the listed family name a run of Han begins with, the longest there is.
pub(crate) fn han_family(text: &str) -> Option<usize> {
    let ends = text.char_indices().skip(1).map(|(i, _)| i).chain([text.len()]).take(3);
    ends.filter(|end| text.get(..*end).and_then(entry).is_some_and(|e| !readings(e).is_empty())).last()
}

fn pair(a: u16, b: u16) -> u32 {
    u32::from(a.min(b)) << 16 | u32::from(a.max(b))
}

fn read() -> Lexicon {
    let mut lexicon = Lexicon::default();
    for (count, western, word) in names(include_str!("../../config/names/family.txt")) {
        let e = lexicon.word(word);
        e.family = e.family.max(count);
        e.origin(western);
    }
    for (count, western, word) in names(include_str!("../../config/names/given.txt")) {
        let e = lexicon.word(word);
        e.given = e.given.max(count);
        e.origin(western);
    }
    lexicon.read_han(include_str!("../../config/names/readings.txt"));
    for (kind, words) in lines(include_str!("../../config/names/words.txt")) {
        let Some(kind) = kind_of(kind) else { continue };
        for word in words.split_whitespace() {
            lexicon.word(word).kinds |= 1 << kind as u16;
        }
    }
    lexicon.link_all(include_str!("../../config/names/nicknames.txt"), Link::Core);
    lexicon.link_all(include_str!("../../config/names/weak.txt"), Link::Weak);
    lexicon.call();
    lexicon
}

fn lines(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once(':'))
}

/// `(bearers of 100,000, western?, name)` of every name on a list.
fn names(text: &'static str) -> impl Iterator<Item = (u16, bool, &'static str)> {
    lines(text).flat_map(|(head, words)| {
        let (count, origin) = head.split_once(' ').unwrap_or((head, ""));
        let (count, western) = (count.parse().unwrap_or(0), origin.trim() == "w");
        words.split_whitespace().map(move |w| (count, western, w))
    })
}

fn kind_of(word: &str) -> Option<Kind> {
    Some(match word {
        "title" => Kind::Title,
        "titlemore" => Kind::TitleMore,
        "generation" => Kind::Generation,
        "credential" => Kind::Credential,
        "particle" => Kind::Particle,
        "pronoun" => Kind::Pronoun,
        "connector" => Kind::Connector,
        "firmword" => Kind::Firm,
        _ => return None,
    })
}

impl Entry {
    fn origin(&mut self, western: bool) {
        self.western |= western;
        self.romanised |= !western;
    }
}

impl Lexicon {
    fn word(&mut self, word: &'static str) -> &mut Entry {
        let id = u16::try_from(self.words.len() + 1).unwrap_or(u16::MAX);
        self.words.entry(word).or_insert_with(|| Entry { id, ..Entry::default() })
    }

    /// A nickname is a given name too; that it also stands on no list of given names only says it is not common.
    fn nick(&mut self, word: &'static str) -> u16 {
        let e = self.word(word);
        e.given = e.given.max(2);
        e.id
    }

    fn link_all(&mut self, text: &'static str, link: Link) {
        for (formal, nicks) in lines(text) {
            let formal: Vec<u16> = formal.split_whitespace().map(|w| self.nick(w)).collect();
            let nicks: Vec<u16> = nicks.split_whitespace().map(|w| self.nick(w)).collect();
            for (i, a) in nicks.iter().enumerate() {
                formal.iter().for_each(|f| self.tie(*a, *f, link));
                nicks.iter().skip(i + 1).for_each(|b| self.tie(*a, *b, Link::Weak));
            }
        }
        for (first, others) in text.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('=')) {
            let forms: Vec<u16> =
                first.split_whitespace().chain(others.split_whitespace()).map(|w| self.nick(w)).collect();
            for (i, a) in forms.iter().enumerate() {
                forms.iter().skip(i + 1).for_each(|b| self.tie(*b, *a, Link::Core));
            }
        }
    }

    /// A name in Han is as common as the commonest name it is read as.
    fn read_han(&mut self, text: &'static str) {
        for (readings, names) in lines(text) {
            let mut ids = Vec::new();
            let mut family = 0;
            for reading in readings.split_whitespace() {
                let e = self.word(reading);
                e.reads_han = true;
                ids.push(e.id);
                family = family.max(e.family);
            }
            for name in names.split_whitespace() {
                let e = self.word(name);
                e.family = e.family.max(family);
                e.romanised = true;
                let id = e.id;
                self.readings.entry(id).or_default().extend(&ids);
            }
        }
    }

    /// `Al` is Alan, Albert, Alexander and Alfred: as many people as they are together.
    fn call(&mut self) {
        let given: Table<u16, u16> = self.words.values().map(|e| (e.id, e.given)).collect();
        for e in self.words.values_mut() {
            let formals = self.formals.get(&e.id).map_or(&[][..], Vec::as_slice);
            e.called = formals.iter().filter_map(|f| given.get(f)).fold(0, |sum, n| sum.saturating_add(*n));
        }
    }

    /// Core wins over weak, whichever line comes first.
    fn tie(&mut self, a: u16, b: u16, link: Link) {
        let at = self.links.entry(pair(a, b)).or_insert(link);
        *at = if link == Link::Core { link } else { *at };
        if link == Link::Core {
            let formals = self.formals.entry(a).or_default();
            if !formals.contains(&b) {
                formals.push(b);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(a: &str, b: &str, expected: Option<Link>) {
        let found = entry(a).zip(entry(b)).and_then(|(a, b)| link(a, b));
        assert_eq!(found, expected, "{a} ~ {b}");
    }

    #[test]
    fn nicknames_link_both_ways_and_only_their_own() {
        case("bob", "robert", Some(Link::Core));
        case("robert", "bob", Some(Link::Core));
        case("sasha", "aleksandr", Some(Link::Core));
        case("bob", "rob", Some(Link::Weak));
        case("ivan", "john", Some(Link::Weak));
        case("bob", "william", None);
    }

    #[test]
    fn family_names_in_han_are_found_and_read() {
        let of = |word: &str| entry(word).copied().unwrap_or_default();
        assert_eq!(han_family("佐藤健太"), Some("佐藤".len()));
        assert_eq!(han_family("長谷川博"), Some("長谷川".len()));
        assert_eq!(han_family("王伟"), Some("王".len()));
        assert_eq!(han_family("佐藤"), Some("佐藤".len()));
        assert_eq!(han_family("面接"), None);
        assert!(is_reading(&of("林"), &of("lin")) && is_reading(&of("林"), &of("hayashi")));
        assert!(!is_reading(&of("林"), &of("sato")) && !is_reading(&of("lin"), &of("hayashi")));
    }

    #[test]
    fn a_short_form_is_borne_by_all_it_is_short_for() {
        let of = |word: &str| entry(word).copied().unwrap_or_default();
        assert!(of("al").called > of("albert").given.max(of("alan").given).max(of("alexander").given));
        assert_eq!(of("tom").called, of("thomas").given);
    }

    #[test]
    fn every_listed_word_is_folded_already() {
        for word in LEXICON.words.keys() {
            let folded = super::super::fold::fold(word).plain;
            assert_eq!(folded.as_str(), *word);
        }
    }
}
