//! Numbers and plurals, the headline and the opening sentence.

/// What a digest counts on top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Tally {
    pub notes: usize,
    /// People who thanked (one may have written twice).
    pub thankers: usize,
    pub welcome: usize,
    /// Early, waiting and premature requests.
    pub early: usize,
    pub questions: usize,
}

/// `1 note`, `2 notes`
#[must_use]
pub fn plural(n: usize, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}

/// Small numbers as words, as a sentence wants them.
fn spelt(n: usize) -> String {
    const WORDS: [&str; 13] =
        ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];
    WORDS.get(n).map_or_else(|| n.to_string(), |w| (*w).to_owned())
}

/// `1st`, `2nd`, `11th`
#[must_use]
pub fn ordinal(n: u32) -> String {
    let end = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{end}")
}

impl Tally {
    /// "2 thank-you notes, 3 early requests": the Subject's words, without a name in them.
    #[must_use]
    pub fn headline(&self) -> String {
        let parts = [
            (self.notes, "thank-you note", "thank-you notes"),
            (self.welcome, "to accept", "to accept"),
            (self.early, "early request", "early requests"),
            (self.questions, "question", "questions"),
        ];
        let said: Vec<String> =
            parts.iter().filter(|(n, ..)| *n > 0).map(|(n, one, many)| plural(*n, one, many)).collect();
        if said.is_empty() { "nothing new".to_owned() } else { said.join(", ") }
    }
    /// "Two people thanked you, one request may now be accepted, three came early."
    #[must_use]
    pub fn opening(&self) -> String {
        let mut parts = Vec::new();
        if self.thankers > 0 {
            let who = if self.thankers == 1 { "person" } else { "people" };
            parts.push(format!("{} {who} thanked you", spelt(self.thankers)));
        }
        if self.welcome > 0 {
            parts.push(format!("{} may now be accepted", requests(self.welcome)));
        }
        if self.early > 0 {
            let what = if self.welcome > 0 { spelt(self.early) } else { requests(self.early) };
            parts.push(format!("{what} came early"));
        }
        if self.questions > 0 {
            let what = if self.questions == 1 { "question" } else { "questions" };
            parts.push(format!("{} {what} for you", spelt(self.questions)));
        }
        if parts.is_empty() { "Nothing new.".to_owned() } else { sentence(&parts.join(", ")) }
    }
}

fn requests(n: usize) -> String {
    format!("{} {}", spelt(n), if n == 1 { "request" } else { "requests" })
}

/// First letter upper, full stop at the end.
fn sentence(s: &str) -> String {
    let mut chars = s.chars();
    chars.next().map_or_else(String::new, |c| format!("{}{}.", c.to_uppercase(), chars.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(t: Tally, headline: &str, opening: &str) {
        assert_eq!((t.headline().as_str(), t.opening().as_str()), (headline, opening));
    }
    #[test]
    fn counts_are_said_right() {
        let none = Tally::default();
        case(none, "nothing new", "Nothing new.");
        case(
            Tally { notes: 2, thankers: 2, welcome: 1, early: 3, questions: 0 },
            "2 thank-you notes, 1 to accept, 3 early requests",
            "Two people thanked you, one request may now be accepted, three came early.",
        );
        case(Tally { notes: 2, thankers: 1, ..none }, "2 thank-you notes", "One person thanked you.");
        case(Tally { early: 1, ..none }, "1 early request", "One request came early.");
        case(
            Tally { early: 14, questions: 1, ..none },
            "14 early requests, 1 question",
            "14 requests came early, one question for you.",
        );
    }
    #[test]
    fn ordinals() {
        let said: Vec<String> = [1, 2, 3, 4, 11, 12, 13, 21, 22, 103, 111].into_iter().map(ordinal).collect();
        assert_eq!(said.join(" "), "1st 2nd 3rd 4th 11th 12th 13th 21st 22nd 103rd 111th");
    }
}
