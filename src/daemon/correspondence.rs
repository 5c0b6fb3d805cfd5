//! Who asked and is not known yet may be known by letters: the mailbox is asked, one person at a time, only about them.
use super::judging::World;
use super::reading::ReadError;
use super::rounds::{Doors, own_servers};
use crate::config::{MailAccount, MailPlace, Settings};
use crate::digest::What;
use crate::etiquette::RequestWord;
use crate::letter::Catalogue;
use crate::mailbox::{About, Folder, Mailbox, Role, read_path};
use crate::meeting::Kind;
use crate::message::{self, Message, TrustAnchor};
use crate::person::{Address, Domain, MentionId, Name, Owner};
use crate::store::{Store, StoreError};
use crate::timeline::{Correspondent, Correspondents, Direction, Event, FactId, Timeline, exchanges};
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

/// People asked about in one round; the others have their turn in the next.
const AT_ONCE: usize = 20;
/// The same question is not asked again for so long.
const AGAIN: SignedDuration = SignedDuration::from_hours(24);

/// One question to a mailbox.
struct Question {
    who: MentionId,
    whom: Correspondent,
    /// Letters from the candidacy on belong to the hiring.
    until: Option<Timestamp>,
}

type Letters = Vec<(Timestamp, Direction)>;

/// Asks one account's mailbox about everybody whose verdict may hang on it. Returns how many were asked about.
pub(super) async fn ask(
    store: &Store,
    settings: &Settings,
    doors: &Doors,
    (account, source): (&MailAccount, i64),
    mailbox: &mut Mailbox,
) -> Result<usize, ReadError> {
    let now = doors.clock.now();
    let mut questions = questions(store, settings, source, now).await?;
    questions.truncate(AT_ONCE);
    if questions.is_empty() {
        return Ok(0);
    }
    let since = now.checked_sub(settings.policy.remember_meetings).unwrap_or(Timestamp::UNIX_EPOCH);
    let folders = letters_lie_in(mailbox.folders().await?);
    let servers = own_servers(account);
    // A copied file is as old as the copy.
    let internal = |date| if matches!(account.place, MailPlace::Imap { .. }) { date } else { None };
    for q in &questions {
        let mut letters = Letters::new();
        let mut whom = Correspondents::new(std::slice::from_ref(&q.whom));
        for folder in &folders {
            for h in mailbox.about(folder, &about(&q.whom), since).await? {
                let m = message::read_headers(&h.header, &account.trust);
                let went = whom.went(&m, folder.role == Role::Sent, (&settings.owner, &doors.catalogue));
                let at = internal(h.internal_date);
                letters.extend(went.into_iter().filter_map(|(_, direction)| letter(direction, &m, at, &servers)));
            }
        }
        answer(store, source, q, letters, now).await?;
    }
    tracing::debug!(account = account.name, people = questions.len(), "asked for correspondence");
    Ok(questions.len())
}

/// Files are read through once for everybody; their folders are one mailbox, whose Sent may lie in a file of its own.
pub(super) async fn ask_files(
    store: &Store,
    settings: &Settings,
    doors: &Doors,
    source: i64,
    paths: Vec<(PathBuf, TrustAnchor)>,
) -> Result<(), StoreError> {
    let (now, catalogue) = (doors.clock.now(), Arc::clone(&doors.catalogue));
    let questions = questions(store, settings, source, now).await?;
    if questions.is_empty() {
        return Ok(());
    }
    let (owner, whom): (Owner, Vec<Correspondent>) =
        (settings.owner.clone(), questions.iter().map(|q| q.whom.clone()).collect());
    let read = tokio::task::spawn_blocking(move || read_through(&paths, (&owner, &catalogue), &whom))
        .await
        .unwrap_or_default();
    for (at, q) in questions.iter().enumerate() {
        answer(store, source, q, read.get(&at).cloned().unwrap_or_default(), now).await?;
    }
    Ok(())
}

fn read_through(
    paths: &[(PathBuf, TrustAnchor)],
    known: (&Owner, &Catalogue),
    whom: &[Correspondent],
) -> HashMap<usize, Letters> {
    let mut seen = std::collections::HashSet::new();
    let mut found: HashMap<usize, Letters> = HashMap::new();
    let mut whom = Correspondents::new(whom);
    // What cannot be read was told when the letters were read.
    let mails = paths.iter().filter_map(|(path, trust)| Some((read_path(path).ok()?, trust)));
    for (mail, trust) in mails.flat_map(|(mails, trust)| mails.filter_map(Result::ok).map(move |mail| (mail, trust))) {
        let m = message::read_headers(&mail.bytes, trust);
        if m.message_id().is_some_and(|id| !seen.insert(id.0.clone())) {
            continue;
        }
        for (who, direction) in whom.went(&m, false, known) {
            found.entry(who).or_default().extend(letter(direction, &m, None, &[]));
        }
    }
    found
}

fn letter(
    direction: Direction,
    m: &Message<'_>,
    internal: Option<Timestamp>,
    servers: &[Domain],
) -> Option<(Timestamp, Direction)> {
    let at = match direction {
        // The owner's own clock; the server's date of a copy in Sent may be that of an import.
        Direction::Out => m.date().or(internal)?,
        Direction::In => m.arrival(internal, servers).0,
    };
    Some((at, direction))
}

async fn answer(store: &Store, source: i64, q: &Question, letters: Letters, now: Timestamp) -> Result<(), StoreError> {
    let past = letters.into_iter().filter(|(at, _)| *at <= now).collect();
    store.corresponded(source, q.who, &exchanges(past, q.until), now).await
}

/// All Mail holds everything; else the folders in which people keep letters.
fn letters_lie_in(folders: Vec<Folder>) -> Vec<Folder> {
    let all = folders.iter().any(|f| f.role == Role::All);
    let kept = |f: &Folder| match f.role {
        Role::All => true,
        Role::Inbox | Role::Archive | Role::Sent | Role::Other => !all,
        Role::Trash | Role::Junk => false,
    };
    folders.into_iter().filter(kept).collect()
}

fn about(whom: &Correspondent) -> About {
    About {
        names: whom.names.iter().map(|n| n.as_str().to_owned()).collect(),
        addresses: whom.addresses.iter().map(|a| a.as_str().to_owned()).collect(),
    }
}

async fn questions(
    store: &Store,
    settings: &Settings,
    source: i64,
    now: Timestamp,
) -> Result<Vec<Question>, StoreError> {
    if settings.policy.knows.correspondence.is_none() {
        return Ok(Vec::new());
    }
    let calendars: Vec<String> = settings.calendars.iter().map(|c| c.name.clone()).collect();
    let accounts: Vec<String> = settings.mail.iter().map(|m| m.name.clone()).collect();
    let world = World::at(store.facts(&calendars, &accounts).await?, settings, now);
    let asked = store.asked(source).await?;
    let due = |who: &MentionId| asked.get(who).is_none_or(|at| now.duration_since(*at) >= AGAIN);
    let mut by_person: BTreeMap<usize, Question> = BTreeMap::new();
    for j in &world.judgements {
        let What::Request { verdict, .. } = &j.what else { continue };
        let open = matches!(
            verdict.word,
            RequestWord::Premature | RequestWord::Waiting | RequestWord::Early | RequestWord::Unsure
        );
        let Some((index, timeline)) = j.timeline.and_then(|i| Some((i, world.built.timelines.get(i)?))) else {
            continue;
        };
        let Some(who) = mention(&world, &j.because).filter(due) else { continue };
        if open && verdict.closed.is_none() {
            by_person.entry(index).or_insert_with(|| question(who, timeline));
        }
    }
    Ok(by_person.into_values().collect())
}

/// The mention of the request itself: it stays when persons are sorted anew.
fn mention(world: &World, because: &[FactId]) -> Option<MentionId> {
    because.iter().find_map(|id| match id {
        FactId::Letter(id) => world.facts.letters.iter().find(|l| l.id == *id)?.mention,
        FactId::Meeting(_) | FactId::Telling(_) | FactId::Acquaintance(_) => None,
    })
}

fn question(who: MentionId, timeline: &Timeline) -> Question {
    let hiring = timeline.events.iter().filter_map(|e| match e {
        Event::Applied { at, .. } => Some(*at),
        Event::Met(m) if matches!(m.kind, Kind::Interview | Kind::PhoneScreen) => Some(m.starts),
        Event::Met(_) | Event::Wrote(_) | Event::Asked(_) | Event::Known(_) | Event::Told(_) => None,
    });
    let until = hiring.min();
    let asked = timeline.events.iter().filter_map(|e| if let Event::Asked(r) = e { r.name.clone() } else { None });
    let mut names: Vec<Name> = timeline.name.clone().into_iter().chain(asked).collect();
    names.dedup();
    let addresses: Vec<Address> = timeline.addresses.clone();
    Question { who, whom: Correspondent { names, addresses }, until }
}
