//! What two names weigh together: how much they agree, and what forbids a conclusion.
//!
//! Weight alone is not enough. Two long names of siblings agree in more words than two short names of one person, so
//! next to the sum stand *caps*: findings after which no sum says "same". And two names can agree in every letter and
//! mean two people: how many bear the name decides whether it can stand alone.
use super::fold::Script;
use super::lexicon::readings;
use super::pairing::{Pair, Pairing, Tie, pair, pinyin};
use super::reading::{Reading, patronymic};
use super::short::may_be_short;
use super::tokens::{Slot, Word};
use super::{Evidence, Outcome};

/// The weight from which two mentions are the same, if no cap forbids it.
pub(crate) const SAME: f32 = 5.0;
/// The weight from which down they are different.
pub(crate) const DIFFERENT: f32 = -1.0;
/// What a common name needs besides itself.
const TELLING: f32 = 2.5;
/// People who might mail the owner.
const POPULATION: f32 = 300_000.0;
/// A name that this many of them are expected to bear says nothing alone.
const CROWD: f32 = 30.0;
/// With a family name borne by this many of 100,000 (Smith, Nguyen), far fewer suffice.
const CROWDED_FAMILY: u16 = 750;
const CROWD_OF_FAMILY: f32 = 0.05;

/// The term of a name that is one word.
pub(crate) const ONE_PART: &str = "only one part of the name is given";

/// The term of a family name that few bear and both have.
pub(crate) const RARE_FAMILY: &str = "family name equal, rare";

/// The term of one of two family names that was left out, as [`leftovers`] puts it.
pub(crate) const SECOND_FAMILY: &str = "family name on one side only";

/// The term of given names that are short forms of one, and the like.
pub(crate) const LINKED: &str = "names that may be linked";

/// The term of given names that are two names.
pub(crate) const GIVEN_DIFFER: &str = "given names differ";

/// The term of a word in one script that a word in another may be.
pub(crate) const READ_SO: &str = "the characters may be read so";

/// Two names on the scale.
#[derive(Debug, Default)]
pub(crate) struct Weighed {
    pub weight: f32,
    pub evidence: Vec<Evidence>,
    /// Never "same", whatever else agrees.
    pub capped: bool,
    /// Never "same" by the name alone: too many bear it.
    pub common: bool,
    /// A suffix or a middle initial contradicts: different, whatever else agrees.
    pub contradicts: bool,
    /// In scripts that cannot be compared: never "different".
    pub unreadable: bool,
    /// Every word of one stands in the other, in whatever order: `Mai Vu`, `Vu Thi Mai`. Never "different".
    pub within: bool,
    /// One side is but one word, and the other has it: `Jane`, Jane Doe.
    pub short: bool,
    /// The given names differ and so no shared family name makes them one.
    pub differs: bool,
}

impl Weighed {
    fn add(&mut self, term: impl Into<String>, weight: f32) {
        self.weight += weight;
        self.evidence.push(Evidence { term: term.into(), weight });
    }

    /// One side has no name: nothing for and nothing against but what stands beside it.
    pub(crate) fn nameless() -> Self {
        let mut w = Weighed::default();
        w.add("no name to compare", 0.0);
        w
    }

    /// `context` is what stands beside the names; `telling` the part of it that tells namesakes apart.
    pub(crate) fn outcome(&self, context: f32, telling: f32) -> Outcome {
        let weight = self.weight + context;
        match () {
            () if self.contradicts => Outcome::Different,
            () if weight <= DIFFERENT && !self.unreadable && !self.within => Outcome::Different,
            () if weight < SAME || self.capped || (self.common && telling < TELLING) => Outcome::Ask,
            () => Outcome::Same,
        }
    }
}

/// Weighs two names.
pub(crate) fn weigh(a: &Reading, b: &Reading) -> Weighed {
    if a.words.is_empty() || b.words.is_empty() {
        return Weighed::nameless();
    }
    // Where several assignments are equally good, one is taken: the same one whoever stands first.
    let (a, b) = if (a.words.len(), &a.text) <= (b.words.len(), &b.text) { (a, b) } else { (b, a) };
    let mut w = Weighed { evidence: Vec::with_capacity(4), ..Weighed::default() };
    let pairing = pair(&a.words, &b.words);
    let heard = (!western(a) && !western(b)) || from_elsewhere(a) || from_elsewhere(b);
    w.unreadable = scripts(a, b);
    w.within = within(a, b);
    generations(a, b, &mut w);
    agreements(&pairing, heard, &mut w);
    let short = too_short(a, b, &pairing, &mut w);
    leftovers(&pairing, short, &mut w);
    deviations(a, b, &pairing, &mut w);
    if a.couple || b.couple {
        w.capped = true;
        w.add("two people share one of the names", 0.0);
    }
    if [a, b].iter().any(|r| r.words.iter().any(|w| w.fold.lookalike)) {
        w.add("look-alike letters of another script, or digits, were read as Latin letters", 0.0);
    }
    crowd(&pairing, &mut w);
    w
}

/// Two words or more of the shorter, and each of them in the longer.
fn within(short: &Reading, long: &Reading) -> bool {
    let full = |w: &&Word| !w.initial && !matches!(w.slot, Slot::Title | Slot::Generation | Slot::Credential);
    let mut words = short.words.iter().filter(full);
    let several = short.words.iter().filter(full).count() > 1;
    // In the longer one any word will do: a short name at the end may pass for letters after it.
    several && words.all(|w| long.words.iter().any(|other| other.fold.plain == w.fold.plain))
}

/// Does the bearer write this name in Latin letters, so that it has one spelling?
fn western(r: &Reading) -> bool {
    r.words.iter().any(|w| {
        w.entry
            .is_some_and(|e| e.western && !e.romanised && w.fold.plain.len() > 2 && (e.given >= 20 || e.family >= 100))
    })
}

/// A patronymic, or another script: romanised, whatever else stands beside it.
fn from_elsewhere(r: &Reading) -> bool {
    r.words.iter().any(|w| w.fold.script != Script::Latin || patronymic(&w.fold.plain))
}

/// Han, and scripts for which there is no table, against another script: a difference proves nothing.
fn scripts(a: &Reading, b: &Reading) -> bool {
    let script = |r: &Reading| r.words.iter().map(|w| w.fold.script).find(|s| *s != Script::Latin).unwrap_or_default();
    script(a) != script(b)
}

fn generations(a: &Reading, b: &Reading, w: &mut Weighed) {
    let of = |r: &Reading| -> Vec<String> {
        let canonical = |p: &str| match p {
            "junior" | "jnr" | "filho" => "jr".to_owned(),
            "senior" | "snr" => "sr".to_owned(),
            other => other.to_owned(),
        };
        r.words.iter().filter(|w| w.slot == Slot::Generation).map(|w| canonical(&w.fold.plain)).collect()
    };
    let (x, y) = (of(a), of(b));
    if !x.is_empty() && !y.is_empty() && !x.iter().any(|g| y.contains(g)) {
        w.contradicts = true;
        w.add("different generations (Jr, III)", -6.0);
    }
}

fn frequency(count: u16) -> f32 {
    if count == 0 { 2e-6 } else { f32::from(count) / 100_000.0 }
}

/// The weight of an equal word: 2.5 for Smith, 4.2 for a name on no list.
fn rarity(word: &Word) -> f32 {
    1.6 + 0.45 * -frequency(word.given().max(word.family())).max(2e-6).log10()
}

fn place(word: &Word) -> &'static str {
    match word.slot {
        Slot::Family | Slot::Particle => "family name",
        Slot::Given => "given name",
        Slot::Middle => "middle name",
        Slot::Nick => "nickname",
        Slot::Former => "former name",
        Slot::Title | Slot::Generation | Slot::Credential => "name",
    }
}

/// A name of one word does not say what it is; the other side does.
fn placed<'a>(pair: &Pair<'a>) -> &'a Word {
    if pair.b.slot == Slot::Family { pair.b } else { pair.a }
}

fn equal(word: &Word, rare: bool) -> &'static str {
    match (place(word), rare) {
        ("family name", true) => RARE_FAMILY,
        ("family name", false) => "family name equal",
        ("given name", true) => "given name equal, rare",
        ("given name", false) => "given name equal",
        (_, true) => "middle name equal, rare",
        (_, false) => "middle name equal",
    }
}

fn agreements(p: &Pairing<'_>, heard: bool, w: &mut Weighed) {
    let strong = p.pairs.iter().filter(|p| matches!(p.tie, Tie::Equal | Tie::Joined | Tie::Alias | Tie::Nick)).count();
    let loose = p.pairs.iter().filter(|p| matches!(p.tie, Tie::Sound | Tie::Skeleton | Tie::Slip)).count();
    let full = p.pairs.iter().filter(|p| !matches!(p.tie, Tie::Initial | Tie::Initials)).count();
    let given_agrees = |p: &&Pair<'_>| p.a.slot != Slot::Middle && p.b.slot != Slot::Middle;
    for pair in &p.pairs {
        let rare = rarity(pair.a).max(rarity(pair.b));
        match pair.tie {
            Tie::Equal => w.add(equal(placed(pair), rare > 3.6), rare),
            Tie::Joined => w.add("written apart and together", rare),
            Tie::Alias => w.add("by the name in brackets", 2.6),
            Tie::Nick => w.add("nickname or another form of the name", 2.6),
            Tie::Sound => w.add("sounds the same", rare - 0.4),
            Tie::Skeleton => w.add("same consonants", rare - 1.2),
            Tie::Slip => w.add("one letter differs", rare - 1.2),
            Tie::Read => w.add(READ_SO, rare - 0.4),
            Tie::Weak => w.add(LINKED, 0.4),
            Tie::Letters => w.add("the first letters of the given names", 1.2),
            Tie::Initials => w.add("the same initial", 0.6),
            Tie::Initial => w.add("initial agrees", 0.6),
        }
        let needed = pair.tie == Tie::Initial && (full < 2 || given_agrees(&pair));
        w.capped |= matches!(pair.tie, Tie::Weak | Tie::Read) || needed || (pair.tie == Tie::Initials && full < 2);
    }
    w.capped |= loose > 0 && !may_be_heard(p, heard, strong, loose);
}

/// May words that only sound alike, or differ by a slip, settle it? Only in names from other scripts, and not many.
fn may_be_heard(p: &Pairing<'_>, heard: bool, strong: usize, loose: usize) -> bool {
    let by_sound = p
        .pairs
        .iter()
        .all(|p| !matches!(p.tie, Tie::Slip | Tie::Skeleton) || p.a.fold.plain.len().min(p.b.fold.plain.len()) >= 5);
    if !heard {
        return strong >= 3 && loose == 1;
    }
    strong + loose >= 2 && (strong >= 1 || loose <= 3) && (by_sound || strong >= 2)
}

fn leftovers(p: &Pairing<'_>, short: bool, w: &mut Weighed) {
    let strong = p.pairs.iter().filter(|p| p.tie < Tie::Weak).count();
    let both = p.left_a.len().min(p.left_b.len());
    let initials = |left: &[&Word]| left.iter().any(|w| w.initial);
    let middle = |left: &[&Word]| left.iter().all(|w| w.slot == Slot::Middle);
    if both > 0 && strong >= 2 && middle(&p.left_a) && middle(&p.left_b) && (initials(&p.left_a) || initials(&p.left_b))
    {
        w.contradicts = true;
        w.add("middle initials differ", -4.5);
        return;
    }
    for (a, b) in p.left_a.iter().zip(&p.left_b) {
        if let Some((term, weight)) = unread(a, b, p) {
            w.capped = true;
            w.add(term, weight);
            continue;
        }
        let at = if a.slot == Slot::Given || b.slot == Slot::Given { Slot::Given } else { a.slot };
        w.capped = true;
        w.differs |= at == Slot::Given;
        let named = if at == Slot::Given {
            "given names"
        } else if at == Slot::Family {
            "family names"
        } else {
            "middle names"
        };
        // Names that begin alike are short and long forms of one often enough not to be sure of the contrary.
        let begins = a.fold.plain.get(..3).is_some_and(|start| b.fold.plain.starts_with(start));
        let alike = at == Slot::Given && (begins || may_be_short(&a.fold.plain, &b.fold.plain));
        w.add(format!("{named} differ"), if alike { -3.2 } else { -4.5 });
    }
    let extra = p.left_a.iter().skip(both).chain(p.left_b.iter().skip(both));
    for word in extra {
        match (strong >= 2, word.initial || patronymic(&word.fold.plain)) {
            (true, true) => w.add(format!("{} on one side only", place(word)), -0.1),
            (true, false) => w.add(format!("{} on one side only", place(word)), -0.25),
            (false, _) if short => w.capped = true,
            (false, _) => {
                w.capped = true;
                w.add(format!("{} on one side only", place(word)), -1.6);
            }
        }
        // Of two family names one is often dropped; who bears only the other is often a relative.
        w.capped |= word.slot == Slot::Family && !word.initial && strong < 3;
    }
}

/// Two words of which one is in Han and on no list of readings: they may be one name. Beside a family name read the
/// Chinese way a given name that is not is more likely another.
fn unread(a: &Word, b: &Word, p: &Pairing<'_>) -> Option<(&'static str, f32)> {
    let is_han = |w: &Word| w.fold.script == Script::Han;
    let han = if is_han(a) { a } else { b };
    let listed = han.entry.is_some_and(|e| !readings(e).is_empty());
    if is_han(a) == is_han(b) || listed {
        return None;
    }
    let chinese = |pair: &&Pair<'_>| pinyin(pair.a) == pair.b.fold.plain || pinyin(pair.b) == pair.a.fold.plain;
    let read = p.pairs.iter().filter(|pair| pair.tie == Tie::Read).any(|pair| chinese(&pair));
    Some(if read {
        ("the characters are read otherwise", -2.0)
    } else {
        ("characters that can be read in many ways", 0.0)
    })
}

/// One part left out is usual; three, or one and the article besides, are another name as often as not.
fn deviations(a: &Reading, b: &Reading, p: &Pairing<'_>, w: &mut Weighed) {
    let left = p.left_a.iter().chain(&p.left_b).filter(|w| !w.initial).count();
    let article = |r: &Reading| r.words.iter().any(|w| w.slot == Slot::Particle && w.fold.plain == "al");
    if left >= 3 || (left >= 1 && article(a) != article(b)) {
        w.capped = true;
        w.add("much of the name is on one side only", 0.0);
    }
}

/// `Jane`, `Doe`: what is left out cannot contradict, and what is there cannot prove.
fn too_short(a: &Reading, b: &Reading, p: &Pairing<'_>, w: &mut Weighed) -> bool {
    let words =
        |r: &Reading| r.words.iter().filter(|w| matches!(w.slot, Slot::Given | Slot::Middle | Slot::Family)).count();
    let joined = p.pairs.iter().any(|p| p.tie == Tie::Joined);
    let short = words(a).min(words(b)) < 2 && !joined;
    if short {
        w.capped = true;
        w.add(ONE_PART, -3.0);
    }
    w.short = short && !p.pairs.is_empty();
    w.short
}

/// How many people bear what agrees?
fn crowd(p: &Pairing<'_>, w: &mut Weighed) {
    let mut share = 1.0;
    let mut family = 0;
    for pair in &p.pairs {
        let common = |f: fn(&Word) -> u16| f(pair.a).max(f(pair.b));
        let is_family = pair.a.slot == Slot::Family || pair.b.slot == Slot::Family;
        share *= match pair.tie {
            Tie::Initial | Tie::Initials => 0.1,
            Tie::Letters => 0.01,
            _ if is_family => frequency(common(Word::family)),
            // Whoever signs with a short form may be any of those it is short for.
            Tie::Nick => frequency(common(Word::called)),
            _ => frequency(common(Word::given)),
        };
        family = family.max(if is_family { common(Word::family) } else { 0 });
    }
    let bearers = share * POPULATION;
    let limit = if family >= CROWDED_FAMILY { CROWD_OF_FAMILY } else { CROWD };
    if bearers > limit && w.weight > DIFFERENT {
        w.common = true;
        w.add("many people bear this name", 0.0);
    }
}
