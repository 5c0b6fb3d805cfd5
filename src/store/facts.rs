//! All facts of the owner, as one round sees them.
use super::{Store, StoreError, time, unword};
use crate::letter::{Inviter, Letter};
use crate::meeting::{Meeting, MeetingId, Participant, Signals};
use crate::message::{ArrivalBy, Authenticity};
use crate::person::{Address, Mailbox, Mention, MentionId, Name, ProfileKey, Seen};
use crate::timeline::{
    Acquaintance, AcquaintanceId, AcquaintanceKind, Direction, Facts, LetterFact, LetterId, MessageFact, MessageRow,
    Telling, TellingId, Verb,
};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};
use std::collections::HashMap;

impl Store {
    /// Loads everything; `calendars` and `accounts` are the configured names, for coverage.
    pub async fn facts(&self, calendars: &[String], accounts: &[String]) -> Result<Facts, StoreError> {
        let coverage = self.coverage(calendars, accounts).await?;
        let mut c = self.lock().await;
        let mentions = mentions(&mut c).await?;
        let by_id: HashMap<i64, &Mention> = mentions.iter().map(|m| (m.id.0, m)).collect();
        let letters = letters(&mut c, &by_id).await?;
        let meetings = meetings(&mut c, &by_id).await?;
        Ok(Facts {
            messages: messages(&mut c).await?,
            letters,
            meetings,
            acquaintances: acquaintances(&mut c).await?,
            tellings: tellings(&mut c).await?,
            mentions,
            coverage,
        })
    }
}

async fn mentions(c: &mut SqliteConnection) -> Result<Vec<Mention>, StoreError> {
    let rows = sqlx::query(
        "SELECT id, seen, name, address, profile, headline, organisation, seen_at, trusted FROM mention ORDER BY id",
    )
    .fetch_all(c)
    .await?;
    rows.iter()
        .map(|r| {
            Ok(Mention {
                id: MentionId(r.try_get(0)?),
                seen: unword(r.try_get(1)?).unwrap_or(Seen::Wrote),
                name: r.try_get::<Option<&str>, _>(2)?.and_then(Name::new),
                address: r.try_get::<Option<&str>, _>(3)?.and_then(Address::new),
                profile: r.try_get::<Option<&str>, _>(4)?.and_then(ProfileKey::parse),
                headline: r.try_get(5)?,
                organisation: r.try_get(6)?,
                at: time(r.try_get(7)?),
                trusted: r.try_get::<i64, _>(8)? != 0,
            })
        })
        .collect()
}

async fn messages(c: &mut SqliteConnection) -> Result<Vec<MessageFact>, StoreError> {
    let rows = sqlx::query(
        "SELECT m.id, m.arrived_at, m.arrived_by, m.direction, m.authenticity, m.why, m.reader, m.recorded_at, \
         coalesce((SELECT min(f.role = 'junk') FROM sighting s JOIN folder f ON f.id = s.folder_id WHERE s.message_id = m.id), 0) \
         FROM message m ORDER BY m.id",
    )
    .fetch_all(c)
    .await?;
    rows.iter()
        .map(|r| {
            Ok(MessageFact {
                id: MessageRow(r.try_get(0)?),
                arrived_at: time(r.try_get(1)?),
                arrived_by: unword(r.try_get(2)?).unwrap_or(ArrivalBy::Unknown),
                direction: unword(r.try_get(3)?).unwrap_or(Direction::In),
                authenticity: unword(r.try_get(4)?).unwrap_or(Authenticity::Unverified),
                authenticity_why: r.try_get(5)?,
                reader: u32::try_from(r.try_get::<i64, _>(6)?).unwrap_or(0),
                recorded_at: time(r.try_get(7)?),
                in_junk: r.try_get::<i64, _>(8)? != 0,
            })
        })
        .collect()
}

async fn letters(c: &mut SqliteConnection, mentions: &HashMap<i64, &Mention>) -> Result<Vec<LetterFact>, StoreError> {
    let rows =
        sqlx::query("SELECT id, message_id, mention_id, measures, quote FROM letter ORDER BY id").fetch_all(c).await?;
    let mut out = Vec::with_capacity(rows.len());
    for r in &rows {
        let mention: Option<i64> = r.try_get(2)?;
        let Ok(mut letter) = serde_json::from_str::<Letter>(r.try_get(3)?) else {
            // A row this version cannot read (a later one wrote it): the message is read again by its reader version.
            tracing::warn!(letter = r.try_get::<i64, _>(0)?, "a stored letter is not readable by this version");
            continue;
        };
        dress(&mut letter, mention.and_then(|id| mentions.get(&id).copied()), r.try_get(4)?);
        out.push(LetterFact {
            id: LetterId(r.try_get(0)?),
            message: MessageRow(r.try_get(1)?),
            mention: mention.map(MentionId),
            letter,
        });
    }
    Ok(out)
}

/// Puts the mention's name and the quote back into the letter.
fn dress(letter: &mut Letter, mention: Option<&Mention>, quote: Option<String>) {
    let Some(m) = mention else { return };
    let inviter = || Inviter {
        name: m.name.clone(),
        headline: m.headline.clone(),
        company: m.organisation.clone(),
        profile: m.profile.clone(),
        address: m.address.clone(),
    };
    let mailbox = || Mailbox { name: m.name.clone(), address: m.address.clone() };
    match letter {
        Letter::Invitation(i) => i.inviter = Some(inviter()),
        Letter::Note(n) => {
            n.from = mailbox();
            n.quote = quote;
        }
        Letter::Application(a) => a.person = inviter(),
        Letter::NetworkMessage(n) => n.from = inviter(),
        Letter::Accepted(a) => a.person = inviter(),
        Letter::Apology(a) => a.from = mailbox(),
        Letter::Other { .. } => {}
    }
}

async fn meetings(c: &mut SqliteConnection, mentions: &HashMap<i64, &Mention>) -> Result<Vec<Meeting>, StoreError> {
    let mut people: HashMap<i64, Vec<Participant>> = HashMap::new();
    let rows = sqlx::query(
        "SELECT meeting_id, mention_id, found_in, response FROM participant ORDER BY meeting_id, mention_id",
    )
    .fetch_all(&mut *c)
    .await?;
    for r in &rows {
        let id: i64 = r.try_get(1)?;
        let mention = mentions.get(&id);
        people.entry(r.try_get(0)?).or_default().push(Participant {
            mention: Some(MentionId(id)),
            name: mention.and_then(|m| m.name.clone()),
            address: mention.and_then(|m| m.address.clone()),
            found_in: unword(r.try_get(2)?).unwrap_or(crate::meeting::FoundIn::Description),
            response: r.try_get::<Option<&str>, _>(3)?.and_then(unword),
        });
    }
    let rows = sqlx::query(
        "SELECT m.id, s.name, m.uid, m.recurrence, m.sequence, m.starts_at, m.ends_at, m.zone, m.title, m.signals, m.cancelled_at, \
         m.changed_at FROM meeting m JOIN source s ON s.id = m.source_id ORDER BY m.id",
    )
    .fetch_all(c)
    .await?;
    rows.iter().map(|r| meeting(r, &mut people)).collect()
}

fn meeting(r: &SqliteRow, people: &mut HashMap<i64, Vec<Participant>>) -> Result<Meeting, StoreError> {
    let id: i64 = r.try_get(0)?;
    Ok(Meeting {
        id: MeetingId(id),
        source: r.try_get(1)?,
        uid: r.try_get(2)?,
        recurrence: r.try_get(3)?,
        sequence: r.try_get(4)?,
        starts: time(r.try_get(5)?),
        ends: time(r.try_get(6)?),
        zone: r.try_get(7)?,
        title: r.try_get(8)?,
        signals: serde_json::from_str::<Signals>(r.try_get(9)?).unwrap_or_default(),
        participants: people.remove(&id).unwrap_or_default(),
        cancelled_at: r.try_get::<Option<i64>, _>(10)?.map(time),
        changed_at: time(r.try_get(11)?),
    })
}

async fn acquaintances(c: &mut SqliteConnection) -> Result<Vec<Acquaintance>, StoreError> {
    let rows =
        sqlx::query("SELECT id, mention_id, kind, exchanges, first_at, last_at, as_of FROM acquaintance ORDER BY id")
            .fetch_all(c)
            .await?;
    rows.iter()
        .map(|r| {
            Ok(Acquaintance {
                id: AcquaintanceId(r.try_get(0)?),
                mention: MentionId(r.try_get(1)?),
                kind: unword(r.try_get(2)?).unwrap_or(AcquaintanceKind::Correspondence),
                exchanges: u32::try_from(r.try_get::<Option<i64>, _>(3)?.unwrap_or(0)).unwrap_or(0),
                first_at: r.try_get::<Option<i64>, _>(4)?.map(time),
                last_at: r.try_get::<Option<i64>, _>(5)?.map(time),
                as_of: time(r.try_get(6)?),
            })
        })
        .collect()
}

async fn tellings(c: &mut SqliteConnection) -> Result<Vec<Telling>, StoreError> {
    let rows = sqlx::query(
        "SELECT t.id, t.at, t.verb, t.about_mention, t.other_mention, i.code, t.argument, t.undone_at IS NOT NULL \
         FROM telling t LEFT JOIN item i ON i.id = t.about_item ORDER BY t.id",
    )
    .fetch_all(c)
    .await?;
    let mut out = Vec::with_capacity(rows.len());
    for r in &rows {
        let Some(verb) = unword::<Verb>(r.try_get(2)?) else { continue };
        out.push(Telling {
            id: TellingId(r.try_get(0)?),
            at: time(r.try_get(1)?),
            verb,
            about: r.try_get::<Option<i64>, _>(3)?.map(MentionId),
            other: r.try_get::<Option<i64>, _>(4)?.map(MentionId),
            item: r.try_get(5)?,
            argument: r.try_get(6)?,
            undone: r.try_get::<i64, _>(7)? != 0,
        });
    }
    Ok(out)
}
