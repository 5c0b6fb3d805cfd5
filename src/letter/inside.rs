//! The inviter's own words inside a request.
//!
//! Most requests carry the network's default text, in the inviter's language, not the owner's; it must never pass for a
//! personal note. So everything above the card that is a known sentence is taken away, and what is left must not look
//! like a default text nobody listed.
use super::Inviter;
use super::card::{card_line, is_noise};
use super::sight::Sight;
use crate::person::{Name, Owner};
use crate::words::pattern::Line;

/// Longest note kept, in characters.
const LONGEST_NOTE: usize = 1_000;
/// A default text nobody listed is one short sentence.
const DEFAULT_WORDS: usize = 22;

/// The inviter's own words: what stands above the card and is no greeting, no default text, no button.
pub(super) fn personal_note(sight: &Sight<'_, '_>, inviter: &Inviter, owner: &Owner) -> Option<String> {
    let name = inviter.name.as_ref().filter(|_| !sight.network.text.network_words.is_empty())?;
    let folded_name = Line::new(name.as_str()).text().to_owned();
    let first = folded_name.split(' ').next().unwrap_or_default().to_owned();
    let end = note_end(sight, name);
    let to = sight.message.to().iter().filter_map(|m| m.name.as_ref());
    let me: Vec<String> = owner.names.iter().chain(to).map(|n| folded(n.as_str())).collect();
    let mut own: Vec<String> = Vec::new();
    for line in sight.lines().get(..end)? {
        let line = without_greeting(sight, line);
        let about = line.text().contains(folded_name.as_str())
            || line.text().split([' ', ',', '\'']).next() == Some(first.as_str());
        let headline = inviter.headline.as_deref().is_some_and(|h| Line::new(h).text() == line.text());
        if !line.is_empty()
            && !me.iter().any(|n| n == line.text())
            && (!about || is_signed(&line.written_all(), name))
            && !headline
            && !is_noise(sight, &line)
            && line.text() != folded(sight.message.subject())
        {
            own.push(line.written_all());
        }
    }
    let note = own.join("\n");
    let said = note.split_whitespace().count() >= 2 || note.chars().count() >= 6;
    (said && !is_unlisted_default(sight, &note)).then(|| note.chars().take(LONGEST_NOTE).collect())
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
    let card = card_line(sight, name).filter(|i| *i > 0);
    let again = card.is_none().then(|| card_after_first(sight, name)).flatten();
    let button = lines
        .iter()
        .position(|l| l.text().contains("://") || sight.network.accept.iter().any(|p| p.matches(l).is_some()));
    sign.or(card).or(again).or(button).unwrap_or(0)
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
    match greetings.iter().find_map(|p| p.matches(line)) {
        Some(filled) => Line::new(&filled.rest().unwrap_or_default()),
        None if calls => Line::new(""),
        None => line.clone(),
    }
}

/// One short sentence that speaks of the network: a default text in a language or year nobody listed.
fn is_unlisted_default(sight: &Sight<'_, '_>, note: &str) -> bool {
    let folded = Line::new(note);
    let words = note.split_whitespace().count();
    let sentences = note.split(['.', '!', '?', '。', '\n']).filter(|s| s.trim().chars().count() > 1).count();
    let mut stems = sight.network.text.network_words.iter();
    words <= DEFAULT_WORDS
        && note.chars().count() <= 200
        && sentences <= 1
        && stems.any(|s| folded.text().contains(s.as_str()))
}

#[cfg(test)]
mod tests {
    use super::is_signed;
    use crate::person::Name;

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
