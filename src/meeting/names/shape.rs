//! Does a piece of text look like a person's name? A first look only: capitals, few words, no digits.
use super::super::glossary::{fold, without_spaces};
use crate::person::{Name, Owner};

/// Most words of a name, particles not counted.
const MOST_PARTS: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    None,
    /// One word that could be a name.
    Single,
    Full,
}

/// Words that no name holds must be gone from `run`.
pub(super) fn shape(run: &str, small_letters: bool) -> Shape {
    let run = bare(run);
    if run.chars().count() > 60 || run.chars().any(|c| c.is_numeric() || c == '@' || c == '/') {
        return Shape::None;
    }
    if run.chars().any(without_spaces) {
        return of_letters_without_spaces(run);
    }
    let mut parts: Vec<&str> = run.split_whitespace().map(|part| part.trim_matches(is_mark)).collect();
    // "Ben Ali", "Van Nguyen": with a capital at the beginning it is a name, not a particle.
    let first = usize::from(parts.first().is_some_and(|part| is_capital(part)));
    let mut at = 0;
    parts.retain(|part| {
        at += 1;
        at <= first || !is_particle(part)
    });
    let is_name = |part: &&str| {
        let first = part.trim_start_matches(is_elided).chars().next();
        first.is_some_and(|c| c.is_alphabetic() && (small_letters || !c.is_lowercase()))
            || is_elision(part)
            || part.split_once('-').is_some_and(|(article, name)| is_particle(article) && is_capital(name))
    };
    if parts.is_empty() || parts.len() > MOST_PARTS || !parts.iter().all(is_name) {
        return Shape::None;
    }
    let letters = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count();
    let caps = |part: &str| !part.chars().any(char::is_lowercase) && part.chars().any(char::is_uppercase);
    match parts.as_slice() {
        // HR, IBM, QA: letters that stand for words.
        [one] if letters(one) < 2 || (caps(one) && letters(one) <= 4) => Shape::None,
        [_] => Shape::Single,
        several if several.iter().any(|part| letters(part) >= 2) => Shape::Full,
        _ => Shape::None,
    }
}

/// Quotation marks and brackets around a nickname.
pub(super) fn is_mark(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‘' | '’' | '\'' | '(' | ')' | '«' | '»')
}

fn is_elided(c: char) -> bool {
    matches!(c, '\'' | '’')
}

/// `d'Alembert`: small letters before the apostrophe, a capital behind it.
pub(super) fn is_elision(word: &str) -> bool {
    word.split_once(is_elided).is_some_and(|(before, after)| before.chars().count() <= 4 && is_capital(after))
}

pub(super) fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// Chinese, Japanese and Korean names have two to four signs; with a title of courtesy they are sure.
fn of_letters_without_spaces(run: &str) -> Shape {
    let signs = run.chars().filter(|c| !c.is_whitespace()).count();
    let pure = run.chars().all(|c| c.is_whitespace() || without_spaces(c));
    if pure && (2..=5).contains(&signs) { Shape::Full } else { Shape::None }
}

const BEFORE: &str = "\
    mr mrs ms miss mx dr prof professor herr herrn frau hr fr mme mlle m sr \
    sra srta sig sigra dott dottssa dhr mevr mevrouw meneer pan pani \
    panem panią sayın г-н г-жа don doña sir ing dipl monsieur madame signor signora señor señora senhor senhora \
    avv arch geom rag dra profa fru drs";
const BEHIND: &str = "さん 様 さま 氏 くん 君 ちゃん 先生 님 씨 女士 小姐 同学 老师 さんと 様と";

/// `herr`, `dott.`; points stand inside titles, too ("Dott.ssa", "Dr.in"). "M Jones" may be an initial, "M. Jones" as well:
/// of one letter only the Polish "p." is a title.
pub(super) fn is_courtesy(word: &str) -> bool {
    let title = word.replace('.', "").to_lowercase();
    word == "p." || title.chars().count() > 1 && BEFORE.split(' ').any(|known| known == title)
}

/// Without titles of courtesy.
pub(super) fn bare(run: &str) -> &str {
    let mut run = run.trim();
    // "Entretien d'Alice Dupont"
    if let Some((_, name)) = run.split_once(is_elided).filter(|(before, name)| *before == "d" && is_capital(name)) {
        run = name;
    }
    for _ in 0..3 {
        let Some((first, rest)) = run.split_once(' ') else { break };
        // "Don Quick" may be either, and is whole then.
        let either = first.eq_ignore_ascii_case("don") && !rest.trim().contains(' ');
        if either || !is_courtesy(first) {
            break;
        }
        run = rest.trim();
    }
    BEHIND.split(' ').find_map(|courtesy| run.strip_suffix(courtesy)).unwrap_or(run).trim_end_matches("'s").trim()
}

/// Does a title of courtesy lead it or end it, as only persons have, or the particle of a family name?
pub(super) fn is_addressed(run: &str) -> bool {
    let led = run.split_once(' ').filter(|(_, rest)| rest.chars().any(char::is_uppercase)).map(|(first, _)| first);
    let particle = led.is_some_and(|first| matches!(first, "'t" | "’t" | "‘t" | "van" | "ter" | "ten"));
    particle || led.is_some_and(is_courtesy) || has_courtesy(run)
}

/// Does a word of courtesy stand at its end?
pub(super) fn has_courtesy(run: &str) -> bool {
    BEHIND.split(' ').any(|courtesy| run.ends_with(courtesy))
}

pub(super) fn is_particle(word: &str) -> bool {
    const PARTICLES: &[&str] = &[
        "de", "del", "della", "di", "da", "do", "dos", "das", "van", "von", "vom", "zu", "zur", "der", "den", "ter",
        "ten", "la", "le", "el", "al", "bin", "ibn", "ben", "bint", "af", "av", "du", "des", "lo", "los", "las", "mac",
        "st", "t",
    ];
    let word = word.to_lowercase();
    PARTICLES.contains(&word.as_str()) || ABBREVIATED.contains(&word.trim_end_matches('.')) && word.ends_with('.')
}

/// `v.d. Berg`: particles cut short, always with a point behind.
const ABBREVIATED: &[&str] = &["v", "v.d", "vd", "d", "v.der", "z"];

/// Particles that are articles, too, and then no part of a name.
pub(super) fn is_article(word: &str) -> bool {
    matches!(word, "der" | "den" | "das" | "zur" | "vom" | "los" | "las" | "des" | "do" | "du")
}

/// Every word of the run is one of the owner's names.
pub(super) fn is_owner(run: &str, owner: &Owner) -> bool {
    let words: Vec<String> =
        fold(bare(run)).split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_owned).collect();
    let own = |name: &Name| {
        let name = fold(name.as_str());
        let parts: Vec<&str> = name.split(|c: char| !c.is_alphanumeric()).collect();
        words.iter().all(|word| parts.contains(&word.as_str()))
    };
    !words.is_empty() && owner.names.iter().any(own)
}
