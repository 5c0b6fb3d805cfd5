//! Words that are a name and something else.
//!
//! Lists know that August is a month, Una an article and Winter a season; people are called all three. What a word is
//! shows beside what it stands: a capitalised name word makes it a name, a number or an "on" makes it a date. So the
//! hits of such words are looked at with their neighbours, before the title is cut at them.
use super::super::glossary::{Class, Folded, Hit, without_spaces};
use super::shape::{has_courtesy, is_article, is_capital, is_elision, is_particle};
use std::ops::Range;

/// A word of the text, joined ones (`O'Brien`, `Mei-Lin`) whole.
#[derive(Debug)]
struct Word<'t> {
    text: &'t str,
    range: Range<usize>,
    /// Nothing but a blank (or an initial's point) before it.
    glued: bool,
    /// What the lists say of exactly this word.
    classes: Vec<Class>,
    /// Some phrase covers it, or a part of it.
    hit: bool,
}

impl Word<'_> {
    fn is(&self, class: Class) -> bool {
        self.classes.contains(&class)
    }

    fn is_number(&self) -> bool {
        self.text.starts_with(|c: char| c.is_numeric())
    }

    /// A capital, then small letters: `AI` and `UI` are no names where others are written so.
    fn is_written_as_name(&self) -> bool {
        is_capital(self.text) && (self.text.chars().any(char::is_lowercase) || self.text.chars().count() > 4)
    }

    /// A word that nothing is known of, written as names are.
    fn is_plain_name(&self) -> bool {
        !self.hit && (is_capital(self.text) || is_elision(self.text)) && !self.text.chars().any(char::is_numeric)
    }

    fn is_date(&self) -> bool {
        self.is(Class::Month) || self.is(Class::Weekday)
    }

    fn is_doubtful(&self) -> bool {
        let otherwise = |class: &Class| match class {
            Class::Month | Class::Weekday | Class::NoName | Class::With | Class::And | Class::AlsoName => true,
            Class::Interview | Class::PhoneScreen | Class::MaybeInterview | Class::Coffee | Class::Meal => false,
            Class::Drink | Class::Meeting | Class::Call | Class::Talk | Class::Unclear | Class::Internal => false,
            Class::Personal | Class::Described | Class::Cancelled | Class::Hold | Class::Busy => true,
            Class::Purpose | Class::Trade | Class::Invitee | Class::Booked | Class::Prefix => true,
        };
        self.is_written_as_name() && (self.is_date() || self.is(Class::AlsoName)) && self.classes.iter().all(otherwise)
    }
}

/// The hits that are no part of a name, which may be `expected` here; their ranges are of `text` itself.
pub(super) fn settle(text: &str, folded: &Folded, hits: &[Hit], expected: bool) -> Vec<Hit> {
    let hits: Vec<Hit> = hits.iter().map(|h| Hit { class: h.class, range: folded.origin(&h.range) }).collect();
    let mut hits = glued_trades(text, joined(text, hits));
    let hinted = expected || hits.iter().any(|hit| is_interview(hit.class));
    let line = Line { words: words(text, &hits), text, hinted };
    let names = line.words.iter().enumerate().filter(|(at, _)| line.is_name(*at)).map(|(_, word)| word.range.clone());
    let names: Vec<Range<usize>> = names.collect();
    hits.retain(|hit| !names.iter().any(|name| name.start <= hit.range.start && hit.range.end <= name.end));
    hits
}

/// Classes that say nothing of a word in a title.
fn is_label(class: Class) -> bool {
    matches!(class, Class::AlsoName | Class::Invitee | Class::Booked | Class::Prefix)
}

fn is_interview(class: Class) -> bool {
    matches!(class, Class::Interview | Class::PhoneScreen | Class::MaybeInterview)
}

fn is_joiner(c: char) -> bool {
    matches!(c, '-' | '\'' | '’' | '‐')
}

/// Ranges of the words in a text; a hyphen or an apostrophe between letters joins.
fn cut(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let part = c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c);
        let joins = is_joiner(c) && text.get(end..).is_some_and(|rest| rest.starts_with(char::is_alphabetic));
        // `v.d.` is one word: particles cut short.
        let short = |last: &Range<usize>| c == '.' && text.get(last.start..end).is_some_and(is_particle);
        match found.last_mut() {
            Some(last) if last.end == at && short(last) => last.end = end,
            Some(last) if last.end == at && (part || joins) => last.end = end,
            _ if part => found.push(at..end),
            Some(_) | None => {}
        }
    }
    found
}

fn words<'t>(text: &'t str, hits: &[Hit]) -> Vec<Word<'t>> {
    let mut words: Vec<Word<'t>> = Vec::new();
    for range in cut(text) {
        let (gap, initial) = words.last().map_or(("|", false), |before: &Word| {
            (text.get(before.range.end..range.start).unwrap_or("|"), before.text.chars().count() <= 4)
        });
        let touching = hits.iter().filter(|hit| hit.range.start < range.end && range.start < hit.range.end);
        words.push(Word {
            text: text.get(range.clone()).unwrap_or_default(),
            glued: gap == " " || (gap == ". " && initial),
            classes: touching.clone().filter(|hit| hit.range == range).map(|hit| hit.class).collect(),
            hit: touching.clone().any(|hit| !is_label(hit.class)),
            range,
        });
    }
    words
}

/// Hits of a part of a joined word: `O` of O'Brien and `Mei` of Mei-Lin go, a role covers its whole word.
fn joined(text: &str, mut hits: Vec<Hit>) -> Vec<Hit> {
    for word in cut(text) {
        let Some(whole) = text.get(word.clone()).filter(|whole| whole.contains(is_joiner)) else { continue };
        let inside = |hit: &Hit| word.start <= hit.range.start && hit.range.end <= word.end && hit.range != word;
        let parts: Vec<Hit> = hits.iter().filter(|hit| inside(hit)).cloned().collect();
        if is_joined_name(whole, word.start, &parts) {
            hits.retain(|hit| !inside(hit));
        } else if let Some(role) = parts.iter().find(|hit| matches!(hit.class, Class::NoName | Class::Trade)) {
            hits.push(Hit { class: role.class, range: word });
        }
    }
    hits
}

/// Every part a capital (or an elision before one), and one of them at least is nothing else.
fn is_joined_name(word: &str, start: usize, hits: &[Hit]) -> bool {
    let elided = word.contains(['\'', '’']);
    let mut at = start;
    let (mut free, mut doubtful) = (false, true);
    for part in word.split_inclusive(is_joiner) {
        let letters = part.trim_end_matches(is_joiner);
        let mut of_part = hits.iter().filter(|hit| hit.range.contains(&at));
        let known = of_part.clone().any(|hit| matches!(hit.class, Class::AlsoName | Class::Month | Class::Weekday));
        let short = elided && letters.chars().count() <= 4 && letters.len() < part.len();
        let nothing = of_part.next().is_none();
        free |= nothing && is_capital(letters);
        doubtful &= nothing || known || short || is_particle(letters);
        at += part.len();
    }
    // "D'Amico", "O'Day": a capital, an apostrophe and a capital are a name, whatever the second part means.
    let split = word.split_once(['\'', '’']).filter(|(before, _)| matches!(*before, "D" | "O"));
    if split.is_some_and(|(_, after)| is_capital(after)) {
        return true;
    }
    let capitals =
        word.split(is_joiner).filter(|part| !part.is_empty()).all(|part| is_capital(part) || is_particle(part));
    let capitals = capitals || is_elision(word);
    free && doubtful && capitals && !hits.is_empty()
}

/// In scripts without spaces what is written together with a trade is its field: 搜索工程师.
fn glued_trades(text: &str, mut hits: Vec<Hit>) -> Vec<Hit> {
    let others = hits.clone();
    for hit in hits.iter_mut().filter(|hit| hit.class == Class::Trade) {
        let free = |at: usize| !others.iter().any(|other| other.range.contains(&at) && other.class != Class::AlsoName);
        let before = text.get(..hit.range.start).unwrap_or_default();
        // UI设计师: letters and digits written together with it as well.
        let one = |c: char| without_spaces(c) || c.is_ascii_alphanumeric();
        let glued = before.char_indices().rev().take_while(|(at, c)| one(*c) && free(*at)).last();
        if let Some((start, _)) = glued.filter(|(start, _)| !has_courtesy(before.get(*start..).unwrap_or_default())) {
            hit.range.start = start;
        }
    }
    hits
}

struct Line<'t> {
    words: Vec<Word<'t>>,
    text: &'t str,
    /// An interview's title, or the value of a label: a name is likely.
    hinted: bool,
}

impl Line<'_> {
    fn is_name(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return false };
        if word.is(Class::Trade) {
            return self.is_name_behind_a_trade(at);
        }
        if is_particle(word.text) && !is_capital(word.text) {
            return !word.is(Class::With) && self.is_inner_particle(at);
        }
        word.is_doubtful() && !self.is_date(at) && self.is_beside_a_name(at)
    }

    /// `Anna Steinbauer`, `Bauer`: a family's name that ends like a trade.
    fn is_name_behind_a_trade(&self, at: usize) -> bool {
        let named = at > 0 && self.glued(at) && self.names(at - 1);
        named && self.words.get(at).is_some_and(|word| is_capital(word.text) && !word.text.chars().any(without_spaces))
    }

    /// `van` of Jan van Dijk; an article only behind another particle: `van der Berg`.
    fn is_inner_particle(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return false };
        let particle = |at: usize| self.words.get(at).is_some_and(|w| is_particle(w.text) && !is_capital(w.text));
        let mut first = at;
        while first > 0 && self.glued(first) && particle(first - 1) {
            first -= 1;
        }
        let mut next = at + 1;
        while particle(next) && self.glued(next) {
            next += 1;
        }
        let behind_a_name = first > 0 && self.glued(first) && self.names(first - 1);
        let before_a_name = self.glued(next) && self.names(next);
        // "Maria do Carmo": where a name is expected, this one is no article.
        let article = is_article(word.text) && !(self.hinted && word.text == "do");
        // "Van den Broeck": the first particle may have a capital.
        let led = at > 0 && self.words.get(at - 1).is_some_and(|before| is_particle(before.text));
        behind_a_name && before_a_name && (first < at || led || !article)
    }

    fn glued(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| word.glued)
    }

    /// A name word, as a neighbour sees it.
    fn names(&self, at: usize) -> bool {
        self.words.get(at).is_some_and(|word| {
            word.is_plain_name() || (word.is_doubtful() && word.is(Class::AlsoName) && !self.is_date(at))
        })
    }

    /// Name words in a row to the left, and to the right; particles between them are not counted.
    fn neighbours(&self, at: usize) -> (usize, usize) {
        let small = |at: usize| self.words.get(at).is_some_and(|w| is_particle(w.text) && !is_capital(w.text));
        let (mut left, mut place) = (0, at);
        while place > 0 && self.glued(place) && (self.names(place - 1) || small(place - 1)) {
            place -= 1;
            left += usize::from(!small(place));
        }
        let (mut right, mut place) = (0, at + 1);
        while self.glued(place) && (self.names(place) || small(place)) {
            right += usize::from(!small(place));
            place += 1;
        }
        (left, right)
    }

    /// `Friday 10:00`, `August 2026`, `5. Mai`, `next Friday`, `Friday Morning`; but `Hans Mai 10:00` has a time beside him.
    fn is_date(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at).filter(|word| word.is_date()) else { return false };
        let near = |number: usize, between: &str| {
            let found = self.words.get(number).filter(|n| n.is_number());
            found.is_some_and(|n| {
                between.chars().all(|c| matches!(c, ' ' | '.' | ',')) && (word.is(Class::Weekday) || !self.is_time(n))
            })
        };
        let gap = |a: usize, b: usize| {
            let (a, b) = (self.words.get(a).map_or(0, |w| w.range.end), self.words.get(b).map_or(0, |w| w.range.start));
            self.text.get(a..b).unwrap_or("|")
        };
        let counted = near(at + 1, gap(at, at + 1)) || (at > 0 && near(at - 1, gap(at - 1, at)));
        let before = at.checked_sub(1).and_then(|before| self.words.get(before)).filter(|_| self.glued(at));
        let led = before.is_some_and(|w| w.is(Class::NoName) && !is_particle(w.text) && !w.is_doubtful());
        let other = |w: &Word| w.is_date() && !w.is(Class::AlsoName);
        let followed = self
            .words
            .get(at + 1)
            .filter(|w| w.glued)
            .is_some_and(|w| other(w) || w.is(Class::NoName) && !w.is_doubtful() && self.alone(at));
        counted || led || followed || before.is_some_and(other)
    }

    /// No name word at its left.
    fn alone(&self, at: usize) -> bool {
        at == 0 || !self.glued(at) || !self.words.get(at - 1).is_some_and(Word::is_plain_name)
    }

    fn is_time(&self, number: &Word) -> bool {
        let before = self.text.get(..number.range.start).unwrap_or_default();
        let after = self.text.get(number.range.end..).unwrap_or_default().trim_start().to_lowercase();
        before.ends_with(':') || [":", "h", "uhr", "am", "pm"].iter().any(|mark| after.starts_with(mark))
    }

    fn is_beside_a_name(&self, at: usize) -> bool {
        let Some(word) = self.words.get(at) else { return false };
        let before = at.checked_sub(1).and_then(|before| self.words.get(before)).filter(|_| word.glued);
        let introduced = before.is_some_and(|w| w.is(Class::With) || w.is(Class::Purpose));
        let known = word.is(Class::AlsoName);
        match self.neighbours(at) {
            // "Coffee with June"
            (0, 0) => known && introduced && word.is_date(),
            (0, 1) if word.is(Class::With) => known,
            (0, _) if word.is(Class::With) => false,
            (0, _) if known => self.hinted || introduced || !is_article_anywhere(word.text),
            // "Interview: Friday Okafor", but not "Interview Friday Acme".
            (0, 1) => word.is_date() && (before.is_none() || introduced),
            (0, _) => false,
            // "Lisa Friday" was interviewed; "coffee with Jane Friday" is on a Friday.
            (1, 0) if word.is(Class::Weekday) && !known => self.hinted,
            (1, 0) => word.is_date() || (known && !self.is_before_a_role(at)),
            // "Rui Antunes de Sá"
            (2, 0) => word.is(Class::Month) || (known && before.is_some_and(|w| is_particle(w.text))),
            (1, 1) => known || word.is(Class::Month),
            (1, _) => known,
            _ => false,
        }
    }

    fn is_before_a_role(&self, at: usize) -> bool {
        self.words.get(at + 1).is_some_and(|next| next.glued && next.hit)
    }
}

/// Words before a thing as often as before a name.
fn is_article_anywhere(word: &str) -> bool {
    matches!(word.to_lowercase().as_str(), "le" | "la" | "das" | "el" | "lo" | "un" | "una" | "an" | "the" | "al")
}
