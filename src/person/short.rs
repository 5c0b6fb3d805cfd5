//! Short forms that stand on no list: what a name may be shortened to by its shape.
//!
//! Parents and friends shorten any name: `Fitz` is the beginning of Fitzgerald, `Seun` the end of Oluwaseun, `Iggy` the
//! beginning of Ignatius with an ending. That proves nothing by itself; beside a rare family name and the right day it
//! takes away the doubt that two unlike given names raise.

/// Endings of pet names.
const PET: [&str; 6] = ["ie", "ey", "y", "i", "o", "s"];

/// Endings that make a woman's name of a man's: `Carlotta` is not what Carl is short for.
const WOMANS: [&str; 12] = ["ine", "ina", "ette", "etta", "otte", "otta", "ella", "elle", "iana", "ida", "ita", "ica"];

/// May the shorter of two folded given names be short for the longer, by its shape alone?
pub(crate) fn may_be_short(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if !short.is_ascii() || !long.is_ascii() || short.len() < 3 || is_womans(short, long) {
        return false;
    }
    let shorter = long.len() >= short.len() + 3;
    let end = short.len() >= 4 && long.ends_with(short);
    shorter && (end || long.starts_with(short)) || is_pet_name(short, long)
}

fn is_womans(stem: &str, name: &str) -> bool {
    name.strip_prefix(stem).is_some_and(|end| WOMANS.contains(&end))
}

fn is_pet_name(short: &str, long: &str) -> bool {
    let stem = PET.iter().find_map(|end| short.strip_suffix(end)).unwrap_or_default();
    let doubled = stem.as_bytes().last_chunk::<2>().is_some_and(|[a, b]| a == b);
    let stem = if doubled { stem.get(..stem.len() - 1).unwrap_or_default() } else { stem };
    // `Amy` is not Amanda: two letters say something only if the second was doubled.
    let enough = stem.len() >= 3 || doubled && stem.len() == 2;
    enough && !is_womans(stem, long) && long.starts_with(stem) && long.len() > stem.len() + 2
}

#[cfg(test)]
mod tests {
    use super::may_be_short;

    #[test]
    fn by_shape() {
        for (a, b, expected) in [
            ("fitz", "fitzgerald", true),
            ("oluwaseun", "seun", true),
            ("iggy", "ignatius", true),
            ("connie", "constance", true),
            ("tilly", "tildalina", true),
            ("theo", "theodoric", true),
            ("amy", "amanda", false),
            ("christina", "christine", false),
            ("paul", "paula", false),
            ("daniel", "danielle", false),
            ("jo", "josephine", false),
            ("tilda", "bruno", false),
            ("carl", "carlotta", false),
            ("hans", "hansine", false),
            ("marco", "marcella", false),
        ] {
            assert_eq!(may_be_short(a, b), expected, "{a} {b}");
            assert_eq!(may_be_short(b, a), expected, "{b} {a}");
        }
    }
}
