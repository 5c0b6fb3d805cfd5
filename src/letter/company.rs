//! The company in a headline: written behind "at" in the language of its owner.

/// "Engineer at Acme | Speaker": Acme.
pub(super) fn company_of(headline: &str) -> Option<String> {
    const BEFORE: &[&str] =
        &[" at ", " @ ", " @", " bei ", " chez ", " presso ", " bij ", " hos ", " en ", " na ", " w "];
    let lower = headline.to_lowercase();
    let sure = |w: &&&str| !matches!(**w, " en " | " na " | " w ");
    let (at, word) = BEFORE.iter().filter(sure).filter_map(|w| lower.find(w).map(|i| (i, *w))).min()?;
    let rest = headline.get(at + word.len()..)?.trim();
    let end = rest.find(['|', '•', '·', ';', '(', '/']).unwrap_or(rest.len());
    let end = [" - ", " – ", " — ", " & ", ", "]
        .iter()
        .filter_map(|s| rest.find(s))
        .filter(|i| !suffix_follows(rest, *i))
        .min()
        .unwrap_or(end)
        .min(end);
    let company = rest.get(..end)?.trim().trim_end_matches([',', '.', '-']).trim();
    (!company.is_empty() && company.chars().count() <= 80).then(|| company.to_owned())
}

/// ", Inc" and " & Co" belong to the name before them.
fn suffix_follows(rest: &str, at: usize) -> bool {
    const SUFFIXES: &[&str] =
        &["inc", "llc", "ltd", "gmbh", "corp", "ag", "co", "sa", "srl", "bv", "plc", "sons", "company", "partners"];
    let next = rest.get(at..).unwrap_or_default().trim_start_matches([',', ' ', '&', '-', '–', '—']);
    let word: String = next.chars().take_while(|c| c.is_alphabetic()).collect::<String>().to_lowercase();
    SUFFIXES.contains(&word.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_in_headlines() {
        for (headline, expected) in [
            ("Engineer at Acme", Some("Acme")),
            ("Engineer at Acme | Speaker at Conf", Some("Acme")),
            ("Engineer @ Acme, Inc.", Some("Acme, Inc")),
            ("Engineer @Acme, mother of two", Some("Acme")),
            ("Entwicklerin bei Muster GmbH & Co. KG", Some("Muster GmbH & Co. KG")),
            ("Ingénieure chez Exemple – Paris", Some("Exemple")),
            ("Looking for work", None),
            ("Good at ", None),
        ] {
            assert_eq!(company_of(headline).as_deref(), expected, "{headline}");
        }
    }
}
