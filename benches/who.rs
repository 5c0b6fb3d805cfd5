//! "Are these two the same person?" must answer 200,000 pairs of names a second, and a round's grouping of 100,000
//! mentions of 10,000 people take no longer than a fifth of a second. `cargo bench --bench who`
use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use thankd::person::{Address, Mention, MentionId, Name, Owner, ProfileKey, Seen, group, who};

fn main() {
    divan::main();
}

const PAIRS: &[(&str, &str)] = &[
    ("Tilda Quist", "Quist, Tilda"),
    ("Bob Quistgaard", "Dr. Robert Quistgaard, PhD"),
    ("Tilda M. Quist", "Tilda Quist (she/her) #OpenToWork"),
    ("Jörgen Strömqvist", "Joergen Stromqvist"),
    ("Maarten van der Quast", "VAN DER QUAST Maarten"),
    ("Tilda Hansen", "Bruno Hansen"),
    ("John Smith", "John Smith"),
    ("Sergey Bulatnikov", "Дмитрий Булатников"),
];

#[divan::bench]
fn pairs_of_names(bencher: Bencher) {
    let count = |outcome| if matches!(outcome, thankd::person::Outcome::Same) { 1 } else { 0 };
    bencher
        .counter(ItemsCount::new(PAIRS.len()))
        .bench(|| PAIRS.iter().map(|(a, b)| count(who(black_box(a), black_box(b)).outcome)).sum::<u32>());
}

const GIVEN: [&str; 20] = [
    "Alma", "Bruno", "Carla", "Dario", "Edda", "Falk", "Greta", "Hugo", "Ilse", "Jonas", "Karin", "Lars", "Mona",
    "Nils", "Olga", "Pia", "Ralf", "Sara", "Timo", "Ulla",
];
const SYLLABLES: [&str; 16] =
    ["ber", "gan", "dol", "fer", "hal", "ker", "lom", "mar", "nor", "pal", "ras", "sel", "tor", "ven", "wil", "zan"];

/// Ten mentions each: met, asked, named in a title, wrote.
fn mentions(people: usize) -> Vec<Mention> {
    (0..people * 10).filter_map(|n| mention(n / 10, n % 10)).collect()
}

fn mention(p: usize, k: usize) -> Option<Mention> {
    let at = |i: usize| SYLLABLES.get(i % 16).copied().unwrap_or("");
    let family = format!("Q{}{}{}{}", at(p), at(p / 16), at(p / 256), at(p / 4096));
    let given = GIVEN.get(p % 20)?;
    let with_address = matches!(k % 4, 0 | 3);
    Some(Mention {
        id: MentionId(i64::try_from(p * 10 + k).ok()?),
        seen: *[Seen::Attendee, Seen::Asked, Seen::Title, Seen::Wrote].get(k % 4)?,
        name: Name::new(&format!("{given} {family}")),
        address: Address::new(&format!("{given}.{family}@firm{}.test", p % 97)).filter(|_| with_address),
        profile: ProfileKey::new("linkedin", &format!("in/{given}-{p}")).filter(|_| k % 4 == 1),
        headline: None,
        organisation: None,
        at: Timestamp::from_second(1_700_000_000).ok()?
            + SignedDuration::from_secs(i64::try_from(p * 977 + k * 3600).ok()?),
        trusted: true,
    })
}

#[divan::bench(args = [1_000, 10_000], sample_count = 10)]
fn grouping(bencher: Bencher, people: usize) {
    let owner = Owner {
        names: Name::new("Otto Owner").into_iter().collect(),
        addresses: Vec::new(),
        organisation: Vec::new(),
        zone: TimeZone::UTC,
    };
    let mentions = mentions(people);
    bencher.bench(|| group(black_box(&mentions), &[], &owner).persons.len());
}
