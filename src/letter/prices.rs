//! Sums of money: whoever names two or more is doing business.

const SIGNS: [char; 9] = ['£', '$', '€', '¥', '￥', '₽', '₩', '₹', '元'];
const WORDS: [&str; 14] =
    ["eur", "euro", "euros", "usd", "gbp", "chf", "kr", "sek", "nok", "dkk", "zl", "zł", "pln", "円"];

/// The sums in a text, as written.
pub(super) fn sums(text: &str) -> impl Iterator<Item = &str> {
    // Most sentences hold no number at all.
    let words = text.bytes().any(|b| b.is_ascii_digit()).then(|| text.split_whitespace());
    let mut before = "";
    words.into_iter().flatten().filter_map(move |word| {
        let bare = word.trim_matches(|c: char| c.is_ascii_punctuation() && c != '$');
        let last = std::mem::replace(&mut before, bare);
        if bare.bytes().any(|b| b.is_ascii_digit()) {
            return is_sum(bare).then_some(bare);
        }
        (last.starts_with(|c: char| c.is_ascii_digit()) && is_unit(bare)).then_some(last)
    })
}

/// `EUR`, `kr`, `€` behind a number.
fn is_unit(word: &str) -> bool {
    let sign = !word.is_empty() && word.chars().all(|c| SIGNS.contains(&c));
    sign || WORDS.iter().any(|unit| word.eq_ignore_ascii_case(unit))
}

/// `£4,850`, `980€`, `5000元`: a sign beside a digit.
fn is_sum(word: &str) -> bool {
    let chars: Vec<char> = word.chars().collect();
    chars.windows(2).any(|pair| match pair {
        [a, b] => SIGNS.contains(a) && b.is_ascii_digit() || a.is_ascii_digit() && (SIGNS.contains(b) || *b == '円'),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::sums;

    #[test]
    fn sums_of_money() {
        for (text, expected) in [
            ("strip and retile £4,850\nscaffold £780", vec!["£4,850", "£780"]),
            ("1.250 EUR netto, 300 € Versand", vec!["1.250", "300"]),
            ("450 kr för två", vec!["450"]),
            ("単価は5000円です", vec!["単価は5000円です"]),
            ("at 14:30 in room 3.14, on the 2nd", vec![]),
            ("twenty euros", vec![]),
            ("US$ or £?", vec![]),
        ] {
            assert_eq!(sums(text).collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
