use super::super::glossary::Glossary;
use super::super::title::Title;
use super::*;

fn owner() -> Owner {
    Owner {
        names: vec![Name::new("Nora Feldmann").unwrap()],
        addresses: Vec::new(),
        organisation: Vec::new(),
        zone: jiff::tz::TimeZone::UTC,
    }
}

#[track_caller]
fn case(title: &str, expected: &[&str]) {
    let title = Title::read(title, Glossary::embedded());
    let names = in_title(&title, &owner());
    let names: Vec<&str> = names.iter().map(Name::as_str).collect();
    assert_eq!(names, expected, "{}", title.shown);
}

#[track_caller]
fn label(value: &str, expected: Option<&str>) {
    let name = after_label(value, &owner(), Glossary::embedded());
    assert_eq!(name.as_ref().map(Name::as_str), expected, "{value}");
}

/// Names that hold a word which is something else: wherever a candidate stands, the whole name is read.
const HARD: &[&str] = &[
    "Aoife O'Brien",
    "Aoife O’Brien",
    "Gianni D'Angelo",
    "Bruna D'Amico",
    "Pietro Bassani",
    "Rui Antunes de Sá",
    "Ruud v.d. Berg",
    "Mina v. d. Tann",
    "Abdul-Rahim al-Basri",
    "Jean-Luc d'Alembert",
    "N'Golo Diaby",
    "Mei-Lin Chen",
    "Fatima Al-Sayed",
    "August Kellermann",
    "Julio Ortega",
    "Domingo Reyes",
    "Laura Winter",
    "Robert Freitag",
    "Hans Mai",
    "Lisa Friday",
    "Paul Montag",
    "Martin Sommer",
    "Julia März",
    "Sarah March",
    "Søren Mars",
    "April Jones",
    "Summer Hayes",
    "Julio Ramón Castellano",
    "Mai Linh Tran",
    "Anna Maria Sommer",
    "Åsa Lund",
    "Una Prescott",
    "Ben Ali",
    "Al Green",
    "Van Nguyen",
    "Nguyen Van Anh",
    "Le Thi",
    "Do Kim",
    "Kim Do",
    "Mi Tran",
    "An Pham",
    "Das Gupta",
    "Lo Hansson",
    "Per Hansson",
    "Dan Brown",
    "Su Chen",
    "Min Park",
    "Don Quick",
    "Doris Day",
    "Willemijn van der Berg",
    "Jan van den Berg",
    "Ana dos Santos",
    "Maria de la Cruz",
    "José de los Santos",
    "Robert \"Bobby\" Lindgren",
    "Robert (Bobby) Lindgren",
    "Robert 'Bobby' Lindgren",
    "Anna Steinbauer",
    "Franz Bauer",
    "Anna Kaufmann",
    "Jane S. Roe",
    "J. Doe",
];

#[test]
fn a_word_that_is_something_else_belongs_to_the_name_beside_it() {
    for name in HARD {
        case(&format!("Interview: {name}"), &[name]);
        case(&format!("Interview - {name}"), &[name]);
        case(&format!("Interview with {name}"), &[name]);
        case(&format!("Interview: {name} (SRE)"), &[name]);
        label(name, Some(name));
    }
    case("Interview: Friday Okafor", &["Friday Okafor"]);
    case("Coffee with June", &["June"]);
}

#[test]
fn a_date_is_no_name() {
    case("Interview Friday 10:00", &[]);
    case("Interview Friday", &[]);
    case("Interview next Friday", &[]);
    case("Interview Monday Morning", &[]);
    case("Interview 5. Mai", &[]);
    case("Interview: Summer Intern", &[]);
    case("Kickoff August 2026", &[]);
    case("Lunch Friday", &[]);
    case("Winter Party", &[]);
    case("Interview Jane Doe Friday", &["Jane Doe"]);
    case("Friday Interview Jane Doe", &["Jane Doe"]);
    case("Coffee with Jane Friday", &["Jane"]);
    case("Coffee with Jane Doe in August", &["Jane Doe"]);
    case("Lunch with Jane May 5", &["Jane"]);
    case("Kaffee mit Anna am Freitag", &["Anna"]);
    // A time beside a month makes no date of it.
    case("Interview Hans Mai 10:00", &["Hans Mai"]);
}

#[test]
fn the_family_may_stand_first_and_two_may_stand_alone() {
    case("Interview - Adeyemi, Cosmo", &["Cosmo Adeyemi"]);
    case("Interview: Adeyemi, Cosmo (SRE)", &["Cosmo Adeyemi"]);
    case("Vorstellungsgespräch Brandt, Ole", &["Ole Brandt"]);
    case("Doe, Jane / Roe, Sam", &["Jane Doe", "Sam Roe"]);
    case("Jane Doe x Sam Roe", &["Jane Doe", "Sam Roe"]);
    case("Jane Doe x Nora Feldmann", &["Jane Doe"]);
    case("Interview between Jane Doe and Nora Feldmann", &["Jane Doe"]);
    case("Interview Cosmo Adeyemi & Jane Doe", &["Cosmo Adeyemi", "Jane Doe"]);
    case("interview cosmo adeyemi", &["cosmo adeyemi"]);
    case("interview with cosmo adeyemi", &["cosmo adeyemi"]);
    case("interview room booking", &[]);
    case("Entretien d'Alice Dupont", &["Alice Dupont"]);
}

#[test]
fn a_trade_is_nobody() {
    case("Interview: Backend Engineer", &[]);
    case("Interview for Search Engineer", &[]);
    case("Interview for Jane Doe", &["Jane Doe"]);
    case("Interview - Katherine O'Rourke for Search Engineer", &["Katherine O'Rourke"]);
    case("Interview - Linnea Dahl for Sökutvecklare", &["Linnea Dahl"]);
    case("Interview - Willemijn van der Berg for Zoekmachine-ontwikkelaar", &["Willemijn van der Berg"]);
    case("Anställningsintervju: Sökutvecklare", &[]);
    case("Anställningsintervju: Åsa Sjöström (Sökutvecklare)", &["Åsa Sjöström"]);
    case("Vorstellungsgespräch: Maschinenbauer", &[]);
    case("VG Cosmo Adeyemi, 2. Runde", &["Cosmo Adeyemi"]);
    case("面试: 搜索工程师", &[]);
    case("面试: 陈志强 (搜索工程师)", &["陈志强"]);
    case("面试：李明 后端工程师", &["李明"]);
    case("面接 検索エンジニア", &[]);
    case("面接:渡辺 直樹(検索エンジニア)", &["渡辺 直樹"]);
    label("Senior Engineer", None);
    label("Jane Doe (Senior Engineer)", Some("Jane Doe"));
    label("Jane Doe - Backend", Some("Jane Doe"));
    label("Doe, Jane", Some("Jane Doe"));
}

#[test]
fn titles_of_courtesy_and_rounds() {
    case("Colloquio con Dott.ssa Bruna D’Amico", &["Bruna D’Amico"]);
    case("一次面接 佐々木健一様", &["佐々木健一"]);
    case("Drugi etap – Igor Bielak", &["Igor Bielak"]);
    case("Zweite Runde: Petra Lindqvist", &["Petra Lindqvist"]);
    case("Segunda fase - Petra Lindqvist", &["Petra Lindqvist"]);
    case("Entretien Mme de La Roche - responsable boutique", &["de La Roche"]);
    case("Pranzo con il dott. Bellomo", &["Bellomo"]);
    case("Spotkanie z p. Kowalską-Dudek", &["Kowalska-Dudek"]);
    case("Obiad z Waldemarem Zielińskim", &["Waldemar Zieliński"]);
    case("Sollicitatie 't Hooft (heftruckchauffeur)", &["'t Hooft"]);
    case("Entrevista de Trabajo", &[]);
}

#[test]
fn particles_and_adjectives_around_a_candidate() {
    case("Colloquio conoscitivo Elettra Van den Broeck", &["Elettra Van den Broeck"]);
    case("Entretien technique Jean Roux", &["Jean Roux"]);
    case("Entrevista Maria do Carmo dos Anjos - auxiliar administrativa", &["Maria do Carmo dos Anjos"]);
    case("面试 司马晓薇 UI设计师", &["司马晓薇"]);
    case("面试 陈志强 Java工程师", &["陈志强"]);
}
