//! Who wrote a letter, where its header does not say: the name at the foot.
//!
//! Many mail from `zq77@mail.test` with no display name, with the address in its place, with a nickname or a first name
//! only, and sign with the name everybody knows them by. Whoever signs says no less who they are than whoever fills in a
//! display name, and proves no more; but a full name in the header is never overruled by a line at the foot.
use crate::message::Body;
use crate::person::{Mailbox, Name, is_full_name, looks_like_a_person};

/// Lines of a signature among which the name stands.
const NAMED: usize = 3;

/// The sender under the name they sign with, if the header knows less.
pub(super) fn writer(sender: &Mailbox, body: &Body) -> Mailbox {
    let shown = sender.name.as_ref().map(Name::as_str).unwrap_or_default();
    let called = if is_handle(shown) { "" } else { without_point(shown) };
    if (called.contains(' ') || is_full_name(called)) && !is_cut_short(called) {
        return sender.clone();
    }
    let foot = body.signature.iter().flat_map(|s| s.lines().take(NAMED)).chain(last(&body.own));
    let full = foot.filter_map(signed).find(|name| fits(called, name));
    let first = body.signature.as_ref().and_then(|s| s.lines().next()).filter(|_| called.is_empty());
    let name = full.or_else(|| first.and_then(|line| given(line, shown)));
    Mailbox { name: name.or_else(|| sender.name.clone()), address: sender.address.clone() }
}

/// The last two lines, unless the one before goes on in them: "Please give my regards to / Jane Doe" signs nothing.
fn last(own: &str) -> impl Iterator<Item = &str> {
    let goes_on = |line: &str| line.ends_with(char::is_alphanumeric) && line.split_whitespace().count() > 3;
    let lines = || own.lines().map(str::trim);
    let below = std::iter::once("").chain(lines()).zip(lines()).filter(|(_, line)| !line.is_empty());
    let below: Vec<(&str, &str)> = below.collect();
    below.into_iter().rev().take(2).filter(move |(above, _)| !goes_on(above)).map(|(_, line)| line)
}

/// `zq77`, `Sunny`, `quist@mail.test`: nobody's name, or not to be told from a nickname.
fn is_handle(shown: &str) -> bool {
    shown.contains('@') || !shown.contains(' ') && !looks_like_a_person(shown)
}

/// `Ebba H`, `Ebba H.`: the family name is but a letter; `E. Holm`, `E Holm`: the given name is.
fn is_cut_short(called: &str) -> bool {
    called.rsplit(' ').next().is_some_and(|last| last.chars().count() == 1) || initial_and_rest(called).is_some()
}

/// `E. Holm` → (`E`, `Holm`), if one family name is all that follows.
fn initial_and_rest(called: &str) -> Option<(&str, &str)> {
    let (first, rest) = called.split_once(' ')?;
    let letter = without_point(first);
    (letter.chars().count() == 1 && !rest.contains(' ')).then_some((letter, rest))
}

fn without_point(shown: &str) -> &str {
    shown.trim_end_matches('.')
}

/// What the header calls them must begin the name, or be its end.
fn fits(called: &str, name: &Name) -> bool {
    let (called, name) = (called.to_lowercase(), name.as_str().to_lowercase());
    let cut = initial_and_rest(&called).is_some_and(|(letter, rest)| {
        name.starts_with(letter) && name.strip_suffix(rest).is_some_and(|given| given.ends_with(' '))
    });
    cut || name.starts_with(&called) || name.ends_with(&called)
}

/// `Tilda`: below the closing, where nothing else is known, one word is what they go by. Beside a handle only a given
/// name that is on the lists.
fn given(line: &str, shown: &str) -> Option<Name> {
    let line = line.trim().trim_start_matches(['-', '–', '—', ' ']);
    let mut letters = line.chars();
    let capital = letters.next().is_some_and(char::is_uppercase);
    let word = capital && line.len() > 1 && letters.all(char::is_lowercase);
    Name::new(line).filter(|_| word && (shown.is_empty() || looks_like_a_person(line)))
}

/// The name in a line that holds nothing else. Ends like a sentence's are no name's.
fn signed(line: &str) -> Option<Name> {
    const HUMBLY: [&str; 7] = ["拝", "敬上", "謹上", "拜上", "上", "드림", "올림"];
    let line = line.trim().trim_start_matches(['-', '–', '—', '~', '*', '/', ' ']).trim_end_matches(['*', '_', ' ']);
    let name = HUMBLY.iter().find_map(|word| line.strip_suffix(word)).map_or(line, str::trim_end);
    let few = name.split_whitespace().count() <= 4;
    let sentence = name.ends_with(['.', ',', '!', '?', ':', '。', '！', '？', '，']);
    Name::new(name).filter(|_| few && !sentence && !name.contains([',', '，']) && is_full_name(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(shown: &str, signature: &str, expected: &str) {
        let sender = Mailbox { name: Name::new(shown), address: None };
        let body = Body { signature: Some(signature.to_owned()), ..Body::default() };
        let found = writer(&sender, &body).name;
        assert_eq!(found.as_ref().map_or("", Name::as_str), expected, "{shown:?} signed {signature:?}");
    }

    #[test]
    fn the_foot_names_whom_the_header_does_not() {
        case("", "Tilda Quist", "Tilda Quist");
        case("zq77", "Tilda Quist\nBackend engineer", "Tilda Quist");
        case("zq77@mail.test", "Tilda Quist", "Tilda Quist");
        case("Zibby", "Tilda Quist", "Tilda Quist");
        case("Anna", "Anna Quist", "Anna Quist");
        case("Anna Q.", "Anna Quist", "Anna Quist");
        case("Quist", "- Tilda Quist", "Tilda Quist");
        case("T. Quist", "Tilda Quist", "Tilda Quist");
        case("T Quist-Borg", "Tilda Quist-Borg\nBackend engineer", "Tilda Quist-Borg");
        case("", "Tilda\n+41 44 000 00 00", "Tilda");
        case("zq77", "Anna", "Anna");
        case("zq77", "佐藤健太", "佐藤健太");
        case("zq77", "佐藤 健太 拝", "佐藤 健太");
        case("", "김민수 드림", "김민수");
        case("佐藤", "佐藤健太", "佐藤健太");
    }

    #[test]
    fn a_name_a_sentence_ends_in_signs_nothing() {
        let writer = |own: &str| {
            let body = Body { own: own.to_owned(), ..Body::default() };
            writer(&Mailbox { name: Name::new("zq77"), address: None }, &body).name.map(|n| n.as_str().to_owned())
        };
        assert_eq!(writer("It was a good talk.\n\nTilda Quist").as_deref(), Some("Tilda Quist"));
        assert_eq!(writer("Until soon\nTilda Quist").as_deref(), Some("Tilda Quist"));
        assert_eq!(writer("It was good.\nPlease give my regards to\nTilda Quist").as_deref(), Some("zq77"));
    }

    #[test]
    fn what_the_header_says_stands() {
        case("Bruno Borg", "Tilda Quist", "Bruno Borg");
        case("bruno borg", "Tilda Quist", "bruno borg");
        case("佐藤健太", "中村由紀", "佐藤健太");
        case("Anna", "Bruno Borg", "Anna");
        case("Anna Q.", "Anna Borg", "Anna Q.");
        case("T. Quist", "Anna Quist", "T. Quist");
        case("T. Quist", "Tilda Borg", "T. Quist");
        case("zq77", "Tilda", "zq77");
        case("zq77", "Best regards", "zq77");
        case("zq77", "敬具", "zq77");
        case("zq77", "谢谢", "zq77");
        case("zq77", "안녕히 계세요", "zq77");
        case("zq77", "Thank you again for your time.", "zq77");
    }
}
