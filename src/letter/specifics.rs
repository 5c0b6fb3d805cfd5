//! What does a note name that not every note could have said?
//!
//! "I enjoyed speaking with you about the position and look forward to next steps" fits any meeting: role, team,
//! company and next steps are named by their kind, not by their name. So a detail counts only when something remains
//! after all general words are taken away: a topic with content of its own, a role with its trade, a name, a plan.
use super::Specific;
use super::sentences::{Sentence, sentences};
use crate::words::{Hit, NoteBook, NoteCue, fold, is_joined};
use std::collections::BTreeSet;

/// Content words that make a topic; letters that do in scripts without spaces.
const TOPIC_WORDS: usize = 2;
const TOPIC_LETTERS: usize = 7;

/// A letter with so many words of its own says something, whatever leads them in; letters in scripts without spaces.
const OWN_CONTENT: usize = 6;
const OWN_LETTERS: usize = 16;

/// The details named in somebody's own words. `known` are names of the owner's organisation, `writer` those the letter
/// is signed with, if any.
pub(super) fn specifics(own: &str, known: &[String], writer: &[&str], book: &NoteBook) -> Vec<Specific> {
    let mut found = BTreeSet::new();
    let body = body(own);
    let own_content: usize = body.iter().map(|sentence| content(&sentence.plain, book)).sum();
    let own_letters: usize = body.iter().map(|sentence| joined_content(&sentence.plain, book)).sum();
    if own_content >= OWN_CONTENT || own_letters >= OWN_LETTERS {
        found.insert(Specific::Topic);
    }
    for sentence in body {
        let hits = book.phrases.find(&sentence.plain);
        let has = |cue| hits.iter().any(|hit: &Hit<NoteCue>| hit.cue == cue);
        let slots = slots(sentence.raw);
        if has(NoteCue::Role) {
            found.insert(Specific::Role);
        }
        if has(NoteCue::Plan) {
            found.insert(Specific::Plan);
        }
        if has_topic(&sentence, &hits, book) || slots > 0 {
            found.insert(Specific::Topic);
        }
        if known.iter().any(|name| sentence.plain.contains(name.as_str())) || after_at(sentence.raw, book) {
            found.insert(Specific::Company);
        }
        // The writer's own name, in a heading or a first sentence, tells nothing of the meeting.
        let others = signed(own).into_iter().chain(writer.iter().copied());
        let others = others.fold(sentence.raw.to_owned(), |raw, name| raw.replace(name, " "));
        if names_somebody(&others, book) {
            found.insert(Specific::Name);
        }
    }
    found.into_iter().collect()
}

/// The first sentence that only this writer could have written after this meeting: it names a topic, and is no thanks.
pub(super) fn telling<'a>(own: &'a str, book: &NoteBook) -> Option<&'a str> {
    let tells = |sentence: &Sentence<'_>| {
        let hits = book.phrases.find(&sentence.plain);
        has_topic(sentence, &hits, book) && !hits.iter().any(|hit| hit.cue == NoteCue::Thanks)
    };
    body(own).into_iter().find(tells).map(|sentence| sentence.raw)
}

/// The name a letter is signed with: its last line, if that is short.
fn signed(own: &str) -> Option<&str> {
    let last = own.trim_end().lines().next_back()?.trim();
    (1..=4).contains(&last.split_whitespace().count()).then_some(last).filter(|l| l.chars().any(char::is_alphabetic))
}

/// The sentences between salutation and valediction.
fn body(own: &str) -> Vec<Sentence<'_>> {
    let mut all = sentences(without_salutation(own));
    let short = |sentence: &Sentence<'_>| sentence.plain.split_whitespace().count() <= 4;
    while all.len() > 1 && all.last().is_some_and(|s| short(s) && !s.plain.chars().any(is_joined)) {
        all.pop();
    }
    if all.len() > 1 && all.first().is_some_and(|s| short(s) || s.raw.trim_end().ends_with([',', ':'])) {
        all.remove(0);
    }
    all
}

/// "Dear Mr Roe," stands above any letter, on a line of its own or before the first sentence: whom it names is no detail.
fn without_salutation(own: &str) -> &str {
    let own = own.trim_start();
    let line = own.split_once('\n').map_or(own, |(line, _)| line);
    let marks = [',', ':', '!', '，', '：', '、'];
    let Some((greeting, rest)) = line.split_once(marks) else { return own };
    let most = if rest.trim().is_empty() { 8 } else { 4 };
    let joined = greeting.chars().filter(|c| is_joined(*c)).count();
    let greets = greeting.split_whitespace().count() <= most && greeting.chars().count() <= 60 && joined <= 8;
    if greets { own.get(greeting.len()..).map_or(own, |rest| rest.trim_start_matches(marks)) } else { own }
}

/// A topic cue with words of its own behind it.
fn has_topic(sentence: &Sentence<'_>, hits: &[Hit<NoteCue>], book: &NoteBook) -> bool {
    let first =
        hits.iter().filter(|hit| matches!(hit.cue, NoteCue::Topic | NoteCue::Recalled)).map(|hit| hit.end).min();
    let Some(rest) = first.and_then(|end| sentence.plain.get(end.saturating_sub(1)..)) else { return false };
    content(rest, book) >= TOPIC_WORDS || joined_content(rest, book) >= TOPIC_LETTERS
}

/// Words that few letters of this sort share.
fn content(plain: &str, book: &NoteBook) -> usize {
    plain.split_whitespace().filter(|word| is_content(word, book)).count()
}

fn is_content(word: &str, book: &NoteBook) -> bool {
    let letters = word.chars().count();
    letters > 3 && !word.chars().any(is_joined) && !book.generic.contains(word)
}

/// Letters of joined scripts that are left when general words are taken out.
fn joined_content(rest: &str, book: &NoteBook) -> usize {
    let mut left: String = rest.chars().filter(|c| is_joined(*c)).take(200).collect();
    if left.is_empty() {
        return 0;
    }
    for word in book.generic.iter().filter(|word| word.chars().all(is_joined)) {
        if left.contains(word.as_str()) {
            left = left.replace(word.as_str(), "");
        }
    }
    // Kana alone is grammar; what is talked about is written in kanji or katakana.
    left.chars().filter(|c| !matches!(c, '\u{3040}'..='\u{309F}')).count()
}

/// Slots of a sample letter stand for what its writer is to name: `[topic]`, `{company}`, `____`, `〇〇`.
fn slots(raw: &str) -> usize {
    let bracketed = [('[', ']'), ('{', '}'), ('【', '】')].into_iter().any(|(open, close)| {
        raw.split_once(open)
            .and_then(|(_, rest)| rest.split_once(close))
            .is_some_and(|(name, _)| (2..80).contains(&name.len()))
    });
    usize::from(bracketed || raw.contains("___") || raw.contains("〇〇") || raw.contains("○○"))
}

/// "at Acme", "bei Acme": a capitalised word after a preposition of place.
fn after_at(raw: &str, book: &NoteBook) -> bool {
    let places = ["at", "bei", "chez", "presso", "bij", "hos", "en", "na", "ved", "w", "в"];
    pairs(raw).any(|(before, word)| places.contains(&before) && is_name(word, book))
}

/// A capitalised word in mid-sentence behind a title, or two in a row.
fn names_somebody(raw: &str, book: &NoteBook) -> bool {
    let titles = ["Mr", "Mrs", "Ms", "Dr", "Prof", "Professor", "Herr", "Herrn", "Frau", "Mme", "Madame", "Monsieur"];
    let titled = pairs(raw).any(|(before, word)| titles.contains(&before) && is_name(word, book));
    let double = pairs(raw).skip(1).any(|(before, word)| is_name(before, book) && is_name(word, book));
    titled || double
}

/// Neighbouring words, without the marks around them.
fn pairs(raw: &str) -> impl Iterator<Item = (&str, &str)> {
    let trim = |word: &'_ str| -> bool { !word.is_empty() };
    let words = raw.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    let next = raw.split_whitespace().skip(1).map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    words.zip(next).filter(move |(a, b)| trim(a) && trim(b))
}

fn is_name(word: &str, book: &NoteBook) -> bool {
    let capital = word.chars().next().is_some_and(char::is_uppercase);
    let plain = fold(word);
    capital
        && word.chars().count() > 1
        && !plain.split_whitespace().any(|part| book.generic.contains(part) || part == "i")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Words;

    #[track_caller]
    fn case(own: &str, expected: &[Specific]) {
        let found = specifics(own, &["ostrander".into()], &["Nuno Brandt"], Words::embedded().note());
        assert_eq!(found, expected, "{own}");
    }

    #[test]
    fn names_count_only_where_they_tell_of_the_meeting() {
        case("Dear Mr Roe,\nthank you for the interview yesterday.", &[]);
        case("Hi Petra Lindqvist, thank you for the interview yesterday.", &[]);
        case("Subject: Thanks - Nuno Brandt\n\nThank you for the interview yesterday.", &[]);
        case("Dear Mr Roe,\nthank you, and please greet Petra Lindqvist.", &[Specific::Name]);
        case("Yesterday, over soup, Petra Lindqvist won me over. Thank you.", &[Specific::Name]);
        case("Thank you for the time at Ostrander.", &[Specific::Company]);
    }

    #[test]
    fn words_of_its_own_make_a_letter_specific_whatever_leads_them_in() {
        let told = "It was refreshing to hear a depot run described in terms of people first and lorries second, and I \
                    came away wanting to know more about the Swindon plan.";
        case(told, &[Specific::Topic]);
        case("您介绍的云端调度系统以及团队在节能方面的探索让我印象深刻，对算法工程师更加有兴趣。", &[Specific::Topic]);
        case("Thank you for your time today. I enjoyed our conversation and hope to hear from you soon.", &[]);
        case("非常感谢您今天抽出时间对我进行面试。我非常希望能加入贵公司，期待您的回复。", &[]);
    }
}
