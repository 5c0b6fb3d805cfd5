//! The inviter's own words inside a request.
//!
//! Most requests carry the network's default text, in the inviter's language, not the owner's; it must never pass for a
//! personal note. So everything above the card that is a known sentence is taken away, and what is left must not look
//! like a default text nobody listed.
use super::card::{card, card_line, speaks};
use super::forgery::is_gateway;
use super::sentences::sentences;
use super::sight::{Sight, host};
use super::{Inviter, Reading};
use crate::message::unwrap_link;
use crate::person::{Name, invisible};
use crate::words::pattern::{Filled, Hole, Line, Pattern};

/// Longest note kept, in characters.
const LONGEST_NOTE: usize = 1_000;
/// A default text nobody listed is one short sentence.
const DEFAULT_WORDS: usize = 22;
/// Words that may stand in one gap of a default text or behind a button's; more is somebody's own addition.
const LOOSE: usize = 4;
/// A pattern of fewer own characters is a button's label.
const BUTTON: usize = 12;
/// With so many default texts in the words of a note, those of its language are known.
const WELL_LISTED: usize = 4;

/// The inviter's own words: what stands above the card and is no greeting, no default text, no button.
pub(super) fn personal_note(sight: &Sight<'_, '_>, inviter: &Inviter, reading: &Reading<'_>) -> Option<String> {
    let name = inviter.name.as_ref().filter(|_| !sight.network.text.network_words.is_empty())?;
    let above = sight.lines().get(..note_end(sight, name))?;
    let mut own = own_lines(sight, above, (inviter, name), reading);
    if own.is_empty() {
        own = own_lines(sight, spoken_below(sight, name, reading).as_slice(), (inviter, name), reading);
    }
    let note = without_defaults(sight, unquoted(&own.join("\n")));
    let said = note.split_whitespace().count() >= 2 || note.chars().count() >= 6;
    let default = || !reading.words.gate().may_hold_note(&note) && is_unlisted_default(sight, &note);
    (said && !default()).then(|| note.chars().filter(|c| *c == '\n' || !invisible(*c)).take(LONGEST_NOTE).collect())
}

/// A note that the network printed in quotation marks.
fn unquoted(note: &str) -> &str {
    let pairs = [('"', '"'), ('“', '”'), ('„', '“'), ('«', '»'), ('「', '」')];
    pairs.iter().find_map(|(a, b)| note.strip_prefix(*a)?.strip_suffix(*b)).map_or(note, str::trim)
}

/// The lines among these that the network did not write.
fn own_lines(
    sight: &Sight<'_, '_>,
    lines: &[Line],
    (inviter, name): (&Inviter, &Name),
    reading: &Reading<'_>,
) -> Vec<String> {
    let to = sight.message.to().iter().filter_map(|m| m.name.as_ref());
    let names = reading.owner.names.iter().chain(to).map(|n| folded(n.as_str()));
    let headline = inviter.headline.as_deref().map(folded);
    let known: Vec<String> = names.chain(headline).chain([folded(sight.message.subject())]).collect();
    let mut own: Vec<String> = Vec::new();
    for line in lines {
        let line = without_greeting(sight, line);
        let written = line.written_all();
        let frame = line.is_empty() || known.iter().any(|k| k == line.text()) || own.contains(&written);
        let frame = frame || is_about(&line, name, reading) || is_frame(sight, &line, name);
        if !frame && !is_link(&line, sight, own.is_empty()) {
            own.push(written);
        }
    }
    own
}

/// Some mails print the note under the card, among headline and place: there only what plainly speaks is taken.
fn spoken_below(sight: &Sight<'_, '_>, name: &Name, reading: &Reading<'_>) -> Vec<Line> {
    let Some(card) = card_line(sight, name) else { return Vec::new() };
    let button = |l: &&Line| is_link(l, sight, false) || is_button(sight, l);
    let says = |l: &&Line| {
        let written = l.written_all();
        let quoted = written.starts_with(['"', '“', '„', '«', '「']);
        speaks(sight, l)
            || quoted
            || (written.split_whitespace().count() >= 5 && reading.words.gate().may_hold_note(&written))
    };
    let under = sight.lines().iter().skip(card + 1).take_while(|l| !button(l));
    under.filter(says).cloned().collect()
}

/// The network's own lines name the inviter; a line that thanks, that introduces, or that the name signs, is the inviter's.
fn is_about(line: &Line, name: &Name, reading: &Reading<'_>) -> bool {
    let whole = folded(name.as_str());
    let first = whole.split(' ').next().unwrap_or_default();
    let about = line.text().contains(whole.as_str()) || line.text().split([' ', ',', '\'']).next() == Some(first);
    let written = line.written_all();
    about
        && !is_signed(&written, name)
        && !introduces(line.text(), first)
        && !reading.words.gate().may_hold_note(&written)
}

/// "I'm Jane", "Jane here": somebody says who they are.
fn introduces(text: &str, first: &str) -> bool {
    const BEFORE: &[&str] = &[
        "i'm",
        "i am",
        "name is",
        "this is",
        "ich bin",
        "name ist",
        "hier ist",
        "hier schreibt",
        "je suis",
        "m'appelle",
        "soy",
        "me llamo",
        "sou",
        "chamo",
        "nome é",
        "sono",
        "mi chiamo",
        "ik ben",
        "naam is",
        "jestem",
        "nazywam się",
        "jag är",
        "heter",
        "jeg er",
        "hedder",
        "olen",
        "ben",
        "меня зовут",
        "это",
        "我是",
        "我叫",
    ];
    const BEHIND: &[&str] = &["here", "hier", "ici", "aquí", "aqui", "här", "her", "tutaj", "です"];
    let said = |phrase: String| {
        text.match_indices(&phrase).any(|(at, _)| text.get(..at).is_some_and(|b| !b.ends_with(char::is_alphanumeric)))
    };
    BEFORE.iter().any(|w| said(format!("{w} {first}")) || (!w.is_ascii() && text.contains(&format!("{w}{first}"))))
        || BEHIND.iter().any(|w| said(format!("{first} {w}")))
}

/// A line the network wrote. Default texts are taken sentence by sentence: people add to them.
fn is_frame(sight: &Sight<'_, '_>, line: &Line, name: &Name) -> bool {
    let text = &sight.network.text;
    let whole = folded(name.as_str());
    // "I would like to add you to my network": told of nobody but by somebody.
    let told_of = |f: &Filled| {
        let who = f.get(Hole::Name).or_else(|| f.get(Hole::First)).map(folded);
        who.is_none_or(|w| w.split(' ').any(|part| part.chars().count() > 1 && whole.contains(part)))
    };
    let tells = || text.tells.iter().any(|p| p.matches(line).is_some_and(|f| told_of(&f)));
    // "Message{*}" is a button, and not whatever begins with that word.
    let short = |p: &Pattern| p.weight() < BUTTON;
    let noise = || text.noise.iter().any(|p| p.matches(line).is_some_and(|f| !short(p) || f.words_in_any() <= LOOSE));
    line.text().chars().all(|c| !c.is_alphanumeric()) || is_button(sight, line) || noise() || tells()
}

fn is_button(sight: &Sight<'_, '_>, line: &Line) -> bool {
    sight.network.accept.iter().any(|p| p.matches(line).is_some_and(|f| f.words_in_any() <= LOOSE))
}

/// A button with its address, or an address alone. A link that somebody mentions among words of theirs is theirs.
fn is_link(line: &Line, sight: &Sight<'_, '_>, first: bool) -> bool {
    let written = line.written_all();
    let Some(at) = written.find("http").filter(|_| line.text().contains("://")) else {
        return line.text().contains("://");
    };
    let (before, url) = written.split_at(at);
    let words = written.split_whitespace().filter(|w| !w.contains("://")).count();
    let label = words < 3 || before.trim_end().ends_with([':', '：', '(', '<', '[', '|']);
    let url = unwrap_link(url.split_whitespace().next().unwrap_or_default());
    let network = || host(&url).is_none_or(|h| sight.network.links_to(&h) || is_gateway(&h));
    (words < 3 && first) || (label && network())
}

/// What is left of a note without the network's own sentences.
fn without_defaults(sight: &Sight<'_, '_>, note: &str) -> String {
    let is_default = |text: &str| {
        let line = Line::new(text);
        sight.network.text.default_notes.iter().any(|p| p.matches(&line).is_some_and(|f| f.words_in_any() <= LOOSE))
    };
    if is_default(note) {
        return String::new();
    }
    let all = sentences(note);
    let own: Vec<&str> = all.iter().map(|s| s.raw).filter(|s| !is_default(s)).collect();
    if own.len() == all.len() { note.to_owned() } else { own.join("\n") }
}

/// "Thank you for Tuesday. Kind regards, Jane Doe": a sentence of their own, and the name at its foot. The network's own
/// lines name the inviter within one sentence.
fn is_signed(line: &str, name: &Name) -> bool {
    let own = line.trim().strip_suffix(name.as_str()).unwrap_or_default();
    own.rsplit_once(['.', '!', '?', '。'])
        .is_some_and(|(said, closing)| said.split_whitespace().count() > 2 && closing.split_whitespace().count() <= 4)
}

fn folded(text: &str) -> String {
    Line::new(text).text().to_owned()
}

/// Where the note can reach to: the signature `- Name`, the card, or the first button.
fn note_end(sight: &Sight<'_, '_>, name: &Name) -> usize {
    let lines = sight.lines();
    let signed = format!("- {}", Line::new(name.as_str()).text());
    let sign = lines.iter().position(|l| l.text() == signed);
    let first = card(sight, name);
    let card = first.filter(|i| *i > 0).or_else(|| card_after_first(sight, name)).or(first);
    let button = lines
        .iter()
        .position(|l| is_link(l, sight, false) || sight.network.accept.iter().any(|p| p.matches(l).is_some()));
    sign.or(card).or(button).unwrap_or(0)
}

/// A card that opens the mail says nothing; its repetition further down closes the note.
fn card_after_first(sight: &Sight<'_, '_>, name: &Name) -> Option<usize> {
    let wanted = Line::new(name.as_str());
    sight.lines().iter().enumerate().skip(1).find(|(_, l)| l.text() == wanted.text()).map(|(i, _)| i)
}

/// "Hi Max, we met at …": what stands behind the greeting. "Hei Max," alone is one in any language.
fn without_greeting(sight: &Sight<'_, '_>, line: &Line) -> Line {
    let greetings = &sight.network.text.greetings;
    let calls = line.opens() && line.text().split(' ').count() <= 4;
    match greetings.iter().filter_map(|p| p.matches(line)).find(|f| greets(sight, f)) {
        Some(filled) => {
            let (rest, whole) = (filled.rest().unwrap_or_default(), line.written_all());
            // The mark that ends the sentence is the note's.
            Line::new(whole.rfind(&rest).and_then(|at| whole.get(at..)).filter(|_| !rest.is_empty()).unwrap_or(&rest))
        }
        None if calls => Line::new(""),
        None => line.clone(),
    }
}

/// Does the greeting call somebody: the owner by name, or anybody by no more than two words? "Hi Max - thanks for …,
/// and …" greets with its first word only.
fn greets(sight: &Sight<'_, '_>, filled: &Filled) -> bool {
    let Some(called) = filled.get(Hole::Me).map(folded) else { return true };
    let to: Vec<String> =
        sight.message.to().iter().filter_map(|m| m.name.as_ref()).map(|n| folded(n.as_str())).collect();
    let owner = split_words(&called).any(|w| to.iter().any(|n| split_words(n).any(|part| part == w)));
    split_words(&called).count() <= if owner { 4 } else { 2 } && !called.contains(" - ")
}

/// One short sentence that speaks of the network: a default text in a language or year nobody listed. In a language
/// whose defaults are listed it says nothing but their words; in any other its words are unknown to us.
fn is_unlisted_default(sight: &Sight<'_, '_>, note: &str) -> bool {
    let line = Line::new(note);
    let words = note.split_whitespace().count();
    let sentences = note.split(['.', '!', '?', '。', '\n']).filter(|s| s.trim().chars().count() > 1).count();
    let stem = sight.network.text.network_words.iter().any(|s| line.text().contains(s.as_str()));
    if words > DEFAULT_WORDS || note.chars().count() > 200 || sentences > 1 || !stem {
        return false;
    }
    let said: Vec<&str> = split_words(line.text()).collect();
    let defaults = &sight.network.text.default_notes;
    let shares = |p: &&Pattern| said.iter().filter(|w| p.says(w)).count() >= 2;
    let listed = said.iter().filter(|w| defaults.iter().any(|p| p.says(w))).count();
    defaults.iter().filter(shares).count() < WELL_LISTED || listed * 5 >= said.len() * 4
}

fn split_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

#[cfg(test)]
mod tests {
    use super::is_signed;
    use crate::person::Name;

    #[test]
    fn who_says_who_they_are() {
        for (line, yes) in [
            ("i'm jane doe, we met in graz", true),
            ("jane here from the fair", true),
            ("hallo, ich bin jane", true),
            ("jane is waiting for your response", false),
            ("accept jane's invitation", false),
        ] {
            assert_eq!(super::introduces(line, "jane"), yes, "{line}");
        }
    }

    #[test]
    fn a_name_at_the_foot_of_a_sentence_is_a_signature() {
        let name = Name::new("Jane Doe").expect("a name");
        for (line, signed) in [
            ("Thank you for the interview on Tuesday. Kind regards, Jane Doe", true),
            ("It was good to meet you! Jane Doe", true),
            ("Accept the invitation from Jane Doe", false),
            ("Jane Doe is waiting for your response", false),
            ("Hello. You have an invitation to connect from Jane Doe", false),
        ] {
            assert_eq!(is_signed(line, &name), signed, "{line}");
        }
    }
}
