//! `thankd meetings`: the calendar as it is understood.
use super::sources::{self, Standalone};
use super::{CliError, Format, Places, json};
use crate::calendar::Calendar;
use crate::clock::Clock;
use crate::config::Settings;
use crate::daemon;
use crate::etiquette::Knows;
use crate::meeting::{self, Glossary, Kind, KindRules, Meeting, TookPlace, Window};
use clap::Args;
use jiff::Timestamp;
use std::io::{BufWriter, Write};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub struct Meetings {
    #[command(flatten)]
    pub files: Standalone,
    /// From then on: a time, a date, or a span back ("30d")
    #[arg(long, value_name = "T")]
    pub from: Option<String>,
    /// Up to then
    #[arg(long, value_name = "T")]
    pub to: Option<String>,
    /// Judge as of this time
    #[arg(long, value_name = "T")]
    pub now: Option<String>,
    /// How it is printed; JSON is stable, for scripts
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub format: Format,
}

impl Meetings {
    pub async fn run(self, places: Places) -> Result<ExitCode, CliError> {
        let settings = if self.files.given() { self.files.settings()? } else { sources::settings(&places)? };
        let zone = settings.owner.zone.clone();
        let clock = Clock::System.now();
        let at = |flag: &str, text: &Option<String>| {
            text.as_deref().map(|t| sources::time(flag, t, &zone, clock)).transpose()
        };
        let now = at("--now", &self.now)?.unwrap_or(clock);
        let whole = daemon::window(&settings, now);
        // The two dates are the window of expansion, whatever remember_meetings says.
        let window = Window {
            from: at("--from", &self.from)?.unwrap_or(whole.from),
            to: at("--to", &self.to)?.unwrap_or(whole.to),
        };
        if window.to <= window.from {
            return Err(CliError::Usage("--to is not later than --from".into()));
        }
        let (meetings, troubles) = read(&settings, &window, now);
        let mut out = BufWriter::new(std::io::stdout().lock());
        let rules = KindRules { large_group: settings.policy.knows.large_group, words: settings.own_words.clone() };
        for m in &meetings {
            let seen = seen(m, &rules, &settings.policy.knows, now);
            match self.format {
                Format::Json => writeln!(out, "{}", json::meeting(&seen, &zone))?,
                Format::Text => out.write_all(text(&seen, &settings).as_bytes())?,
            }
        }
        out.flush()?;
        for trouble in &troubles {
            eprintln!("thankd: {trouble}");
        }
        // A calendar that could not be read at all is a failure; one read in part was read.
        let failed = meetings.is_empty() && !troubles.is_empty();
        Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
    }
}

fn read(settings: &Settings, window: &Window, now: Timestamp) -> (Vec<Meeting>, Vec<String>) {
    let (mut all, mut troubles) = (Vec::new(), Vec::new());
    for source in &settings.calendars {
        let calendar = Calendar::at(&source.path).and_then(|c| c.read(window, &settings.owner, now));
        match calendar {
            Ok(reading) => {
                troubles.extend(reading.trouble.clone());
                troubles.extend(reading.remarks.iter().cloned());
                all.extend(reading.meetings(&source.name, &settings.owner, Glossary::embedded(), now));
            }
            Err(e) => troubles.push(format!("{e}: {}", e.remedy())),
        }
    }
    let mut all = if settings.calendars.len() > 1 { meeting::merge(all) } else { all };
    all.sort_by(|a, b| (a.starts, &a.uid).cmp(&(b.starts, &b.uid)));
    (all, troubles)
}

fn seen<'a>(m: &'a Meeting, rules: &KindRules, knows: &Knows, now: Timestamp) -> json::Seen<'a> {
    let kind = meeting::kind(m, rules, None);
    // As far as anybody: one who declined does not undo the others.
    let each: Vec<(TookPlace, String)> = m.participants.iter().map(|p| meeting::took_place(m, Some(p), now)).collect();
    let place = each.into_iter().find(|(t, _)| matches!(t, TookPlace::Yes | TookPlace::YesUnanswered)).unwrap_or_else(
        || match m.participants.as_slice() {
            [only] => meeting::took_place(m, Some(only), now),
            _ => meeting::took_place(m, None, now),
        },
    );
    let took = matches!(place.0, TookPlace::Yes | TookPlace::YesUnanswered);
    let counts =
        took && !m.participants.is_empty() && m.signals.people <= knows.large_group && counts(m, kind.0, knows);
    json::Seen { meeting: m, kind, took_place: (took, place.1), counts }
}

/// Does a meeting of this kind and length make somebody known, outside a candidacy?
fn counts(m: &Meeting, kind: Kind, knows: &Knows) -> bool {
    match kind {
        Kind::Coffee | Kind::Meal | Kind::Drink => knows.social,
        Kind::Meeting | Kind::Call => {
            let long = knows.talked.is_some_and(|least| m.ends.duration_since(m.starts) >= least);
            let far = kind == Kind::Call || m.signals.by_phone || m.signals.by_video;
            long && !m.signals.all_day && (knows.virtual_counts || !far)
        }
        Kind::Interview | Kind::PhoneScreen | Kind::Talk | Kind::Unclear | Kind::Other => false,
    }
}

fn text(seen: &json::Seen<'_>, settings: &Settings) -> String {
    let m = seen.meeting;
    let start = m.starts.to_zoned_datetime(settings.owner.zone.clone());
    let people: Vec<&str> = m
        .participants
        .iter()
        .filter_map(|p| p.name.as_ref().map(|n| n.as_str()).or_else(|| p.address.as_ref().map(|a| a.as_str())))
        .collect();
    let title = m.title.as_deref().unwrap_or("(no title)");
    let title: String = title.chars().filter(|c| !c.is_control()).take(80).collect();
    format!(
        "{}  {}\n    {:?}: {}\n    with {}\n    {}: {}{}\n",
        start.strftime("%a %d %b %Y %H:%M"),
        title,
        seen.kind.0,
        seen.kind.1,
        if people.is_empty() { "nobody from outside".to_owned() } else { people.join(", ") },
        if seen.took_place.0 { "took place" } else { "did not take place" },
        seen.took_place.1,
        if seen.counts { "; counts for the rule" } else { "" },
    )
}
