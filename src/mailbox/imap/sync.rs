//! What is new in a folder, for as few bytes as it can be known.
//!
//! UIDs only grow, so news is everything from the cursor on; but a server may leave gaps, leave out messages it has, give
//! some nobody asked for, or let UIDNEXT run ahead of what it shows. So UIDNEXT may only ever *spare* a question, never
//! answer one: which messages there are says a SEARCH under its tagged OK, and each of them must come, be asked for again
//! alone, or be named as gone or unreadable, before the cursor passes it.
use super::answer::FetchItem;
use super::guard::Caps;
use super::outgoing::quote;
use super::session::{Selected, Session};
use crate::mailbox::{
    ABOUT, About, Batch, Bodies, Cursor, Fault, Fetched, Folder, HEADER_CAP, HeaderFetched, Limits, MESSAGE_CAP, Uid,
};
use jiff::{Timestamp, ToSpan, tz::TimeZone};
use std::collections::{BTreeMap, HashMap};
use std::time::Duration;

/// 100 headers at their cap are 25 MiB: within the guard's 32.
const AT_ONCE: usize = 100;
/// A batch also ends when its headers weigh this much.
const HEADER_BYTES: usize = 8 << 20;

/// What is remembered between rounds to ask less. Losing it costs a question, never a message.
#[derive(Debug, Default)]
pub(super) struct Memo {
    /// Per folder: with these numbers, nothing was new at that cursor.
    quiet: HashMap<Vec<u8>, (Selected, u64)>,
    /// Per folder: the rest of the look-back, ascending.
    backlog: HashMap<Vec<u8>, Backlog>,
}

#[derive(Debug)]
struct Backlog {
    uidvalidity: u64,
    since: Timestamp,
    below: u64,
    uids: Vec<u32>,
}

/// One look into a folder.
pub(super) struct Look<'a> {
    pub folder: &'a Folder,
    pub cursor: Option<Cursor>,
    pub since: Timestamp,
    pub limits: Limits,
}

pub(super) fn sync(session: &mut Session, memo: &mut Memo, look: &Look<'_>) -> Result<Batch, Fault> {
    let selected = session.examine(look.folder)?;
    let kept = look.cursor.filter(|c| c.uidvalidity == selected.uidvalidity);
    let start = match kept {
        Some(cursor) => cursor,
        None => first_cursor(session, &selected)?,
    };
    let mut batch = Batch {
        cursor: start,
        renumbered: look.cursor.is_some() && kept.is_none(),
        headers: Vec::new(),
        gone: Vec::new(),
        unreadable: Vec::new(),
        more: false,
        exists: selected.exists,
        notices: Vec::new(),
    };
    let news = news(session, memo, &selected, start.next_uid)?;
    if news.is_empty() {
        look_back(session, memo, look, &selected, &mut batch)?;
    } else {
        read_news(session, look, &news, &mut batch)?;
    }
    batch.notices = session.notices();
    Ok(batch)
}

/// Begins above the highest message there is *shown*; UIDNEXT may be further.
fn first_cursor(session: &mut Session, selected: &Selected) -> Result<Cursor, Fault> {
    let highest = if selected.exists == 0 {
        0
    } else {
        let items = session.fetch("*", "(UID)", Caps::PLAIN, Duration::ZERO)?;
        items.read.iter().map(|i| u64::from(i.uid)).max().unwrap_or(0)
    };
    let next_uid = highest + 1;
    Ok(Cursor { uidvalidity: selected.uidvalidity, next_uid, backfilled_to: Some(next_uid).filter(|n| *n > 1) })
}

fn news(session: &mut Session, memo: &mut Memo, selected: &Selected, next: u64) -> Result<Vec<u32>, Fault> {
    let was_quiet = memo.quiet.get(&selected.path).is_some_and(|q| *q == (selected.clone(), next));
    if was_quiet || selected.uid_next == Some(next) || selected.exists == 0 {
        return Ok(Vec::new());
    }
    let found = session.search(&format!("UID {next}:*"))?;
    // `n:*` always names the last message, even below n.
    let news: Vec<u32> = found.into_iter().filter(|&uid| u64::from(uid) >= next).collect();
    if news.is_empty() {
        memo.quiet.insert(selected.path.clone(), (selected.clone(), next));
    }
    Ok(news)
}

/// Oldest first: the cursor follows.
fn read_news(session: &mut Session, look: &Look<'_>, news: &[u32], batch: &mut Batch) -> Result<(), Fault> {
    let room = news.get(..look.limits.headers.clamp(1, news.len().max(1))).unwrap_or(news);
    let mut passed = 0;
    for uids in room.chunks(AT_ONCE) {
        read_headers(session, uids, batch)?;
        passed += uids.len();
        if weight(batch) > HEADER_BYTES {
            break;
        }
    }
    if let Some(last) = room.get(..passed).and_then(<[u32]>::last) {
        batch.cursor.next_uid = u64::from(*last) + 1;
    }
    batch.more = passed < news.len() || batch.cursor.backfilled_to.is_some();
    Ok(())
}

/// Newest first: what matters today is known first, and each piece can be the last.
fn look_back(
    session: &mut Session,
    memo: &mut Memo,
    look: &Look<'_>,
    selected: &Selected,
    batch: &mut Batch,
) -> Result<(), Fault> {
    let Some(below) = batch.cursor.backfilled_to else { return Ok(()) };
    let key = selected.path.clone();
    let known = memo
        .backlog
        .remove(&key)
        .filter(|b| (b.uidvalidity, b.since, b.below) == (selected.uidvalidity, look.since, below));
    let mut backlog = match known {
        Some(backlog) => backlog,
        None => ask_backlog(session, selected, look.since, below)?,
    };
    let keep = backlog.uids.len().saturating_sub(look.limits.headers.max(1));
    let piece: Vec<u32> = backlog.uids.iter().rev().take(backlog.uids.len() - keep).copied().collect();
    let mut passed = 0;
    for uids in piece.chunks(AT_ONCE) {
        read_headers(session, uids, batch)?;
        passed += uids.len();
        if weight(batch) > HEADER_BYTES {
            break;
        }
    }
    backlog.uids.truncate(backlog.uids.len() - passed);
    batch.cursor.backfilled_to = None;
    if let (false, Some(lowest)) = (backlog.uids.is_empty(), passed.checked_sub(1).and_then(|i| piece.get(i))) {
        backlog.below = u64::from(*lowest);
        batch.cursor.backfilled_to = Some(backlog.below);
        batch.more = true;
        memo.backlog.insert(key, backlog);
    }
    Ok(())
}

fn ask_backlog(session: &mut Session, selected: &Selected, since: Timestamp, below: u64) -> Result<Backlog, Fault> {
    let uids = if below <= 1 || selected.exists == 0 {
        Vec::new()
    } else {
        session.search(&format!("UID 1:{} SINCE {}", below - 1, search_date(since)))?
    };
    let uids = uids.into_iter().filter(|&uid| u64::from(uid) < below).collect();
    Ok(Backlog { uidvalidity: selected.uidvalidity, since, below, uids })
}

/// SINCE compares days in the server's own zone: a day earlier is always enough.
fn search_date(since: Timestamp) -> String {
    let day = TimeZone::UTC.to_datetime(since).date();
    let day = day.checked_sub(1.day()).unwrap_or(day);
    jiff::fmt::strtime::format("%-d-%b-%Y", day).unwrap_or_else(|_| "1-Jan-1970".to_owned())
}

/// Headers of mail that names somebody as sender or receiver, the newest last.
pub(super) fn about(
    session: &mut Session,
    folder: &Folder,
    about: &About,
    since: Timestamp,
) -> Result<Vec<HeaderFetched>, Fault> {
    let Some(names) = either(about) else { return Ok(Vec::new()) };
    let selected = session.examine(folder)?;
    if selected.exists == 0 {
        return Ok(Vec::new());
    }
    let charset = if names.is_ascii() { "" } else { "CHARSET UTF-8 " };
    let uids = match session.search(&format!("{charset}SINCE {} {names}", search_date(since))) {
        // A server without that charset cannot be asked (RFC 3501 §6.4.4, BADCHARSET): nothing is known then.
        Err(Fault::Refused { .. }) if !charset.is_empty() => Vec::new(),
        uids => uids?,
    };
    let newest = uids.get(uids.len().saturating_sub(ABOUT)..).unwrap_or_default();
    let mut batch = empty(selected.uidvalidity);
    for uids in newest.chunks(AT_ONCE) {
        read_headers(session, uids, &mut batch)?;
    }
    Ok(batch.headers)
}

fn empty(uidvalidity: u64) -> Batch {
    Batch {
        cursor: Cursor { uidvalidity, next_uid: 1, backfilled_to: None },
        renumbered: false,
        headers: Vec::new(),
        gone: Vec::new(),
        unreadable: Vec::new(),
        more: false,
        exists: 0,
        notices: Vec::new(),
    }
}

/// `OR OR FROM "a" TO "a" CC "a"` …: RFC 3501's OR takes two keys.
fn either(about: &About) -> Option<String> {
    let words = about.addresses.iter().chain(&about.names).filter_map(|w| quote(w));
    let keys = words.flat_map(|w| ["FROM", "TO", "CC"].map(|field| format!("{field} {w}")));
    keys.reduce(|all, key| format!("OR {all} {key}"))
}

fn weight(batch: &Batch) -> usize {
    batch.headers.iter().map(|h| h.header.len()).sum()
}

fn read_headers(session: &mut Session, uids: &[u32], batch: &mut Batch) -> Result<(), Fault> {
    let items = format!("(UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER]<0.{HEADER_CAP}>)");
    let answers = ask_twice(session, uids, &items, Caps::HEADERS, Duration::ZERO)?;
    not_barren(answers.found.len(), answers.unreadable.len())?;
    batch.gone.extend(answers.gone);
    batch.unreadable.extend(answers.unreadable);
    batch.headers.extend(answers.found.into_iter().map(|(i, header)| HeaderFetched {
        uid: Uid(i.uid.into()),
        internal_date: i.internal_date,
        size: i.size,
        header,
    }));
    Ok(())
}

#[derive(Default)]
struct Answers {
    found: Vec<(FetchItem, Vec<u8>)>,
    gone: Vec<Uid>,
    unreadable: Vec<Uid>,
}

/// One mail that is not given is a broken mail; if none of several is, the server is sick, and the cursor must wait.
fn not_barren(found: usize, unreadable: usize) -> Result<(), Fault> {
    if found == 0 && unreadable > 1 { Err(Fault::Barren(unreadable)) } else { Ok(()) }
}

/// Asks for all at once, and for those that did not come once more, each alone: a message is gone only if the server, asked
/// for nothing else, says nothing, and no longer lists it; else it is unreadable. In the order of `uids`.
fn ask_twice(session: &mut Session, uids: &[u32], items: &str, caps: Caps, time: Duration) -> Result<Answers, Fault> {
    let mut got = BTreeMap::new();
    take(session.fetch(&as_set(uids), items, caps, time)?.read, &mut got);
    let mut out = Answers::default();
    for &uid in uids {
        let mut odd = false;
        if !got.contains_key(&uid) {
            let again = session.fetch(&uid.to_string(), items, caps, time)?;
            odd = again.odd || !again.read.is_empty();
            take(again.read, &mut got);
        }
        match got.remove(&uid) {
            Some(found) => out.found.push(found),
            None if odd => out.unreadable.push(Uid(uid.into())),
            None => out.gone.push(Uid(uid.into())),
        }
    }
    still_listed(session, &mut out)?;
    Ok(out)
}

/// What is listed and never given is not gone: it is lost, and counted.
fn still_listed(session: &mut Session, out: &mut Answers) -> Result<(), Fault> {
    let missing: Vec<u32> = out.gone.iter().filter_map(|u| u32::try_from(u.0).ok()).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let listed = session.search(&format!("UID {}", as_set(&missing)))?;
    let there = |u: &Uid| listed.iter().any(|&l| u64::from(l) == u.0);
    let (lost, gone) = std::mem::take(&mut out.gone).into_iter().partition(there);
    out.gone = gone;
    out.unreadable.extend::<Vec<Uid>>(lost);
    Ok(())
}

fn take(items: Vec<FetchItem>, got: &mut BTreeMap<u32, (FetchItem, Vec<u8>)>) {
    for mut item in items {
        if let Some(body) = item.body.take() {
            got.insert(item.uid, (item, body));
        }
    }
}

/// `3:5,9`; the numbers may come in either order.
fn as_set(uids: &[u32]) -> String {
    let mut sorted = uids.to_vec();
    sorted.sort_unstable();
    sorted.dedup();
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for uid in sorted {
        match runs.last_mut() {
            Some((_, end)) if *end + 1 == uid => *end = uid,
            _ => runs.push((uid, uid)),
        }
    }
    let runs = runs.iter().map(|(a, b)| if a == b { a.to_string() } else { format!("{a}:{b}") });
    runs.collect::<Vec<_>>().join(",")
}

/// Whole messages, in pieces whose announced sizes fit.
pub(super) fn bodies(
    session: &mut Session,
    folder: &Folder,
    uidvalidity: u64,
    uids: &[Uid],
    limits: Limits,
) -> Result<Bodies, Fault> {
    let selected = session.examine(folder)?;
    if selected.uidvalidity != uidvalidity {
        return Err(Fault::Renumbered);
    }
    let mut out = Bodies::default();
    let numbers: Vec<u32> = uids.iter().filter_map(|u| u32::try_from(u.0).ok()).collect();
    if numbers.is_empty() {
        return Ok(out);
    }
    let mut sizes = BTreeMap::new();
    for part in numbers.chunks(1000) {
        let items = session.fetch(&as_set(part), "(UID RFC822.SIZE)", Caps::PLAIN, Duration::ZERO)?;
        sizes.extend(items.read.iter().map(|i| (i.uid, i.size.min(MESSAGE_CAP))));
    }
    let pieces = pieces(&numbers, &sizes);
    let mut spent = 0;
    for (piece, size) in pieces {
        if spent > 0 && spent + size > limits.body_bytes {
            out.left.extend(piece.iter().map(|&u| Uid(u.into())));
            continue;
        }
        spent += size;
        read_bodies(session, &piece, size, &mut out)?;
    }
    not_barren(out.fetched.len(), out.unreadable.len())?;
    Ok(out)
}

/// At most 50 messages or 4 MiB at once; a larger message alone.
fn pieces(uids: &[u32], sizes: &BTreeMap<u32, u64>) -> Vec<(Vec<u32>, u64)> {
    let mut out: Vec<(Vec<u32>, u64)> = Vec::new();
    for &uid in uids {
        // One whose size was not told is most likely gone; asked for alone it can bother no other.
        let known = sizes.get(&uid).copied();
        let size = known.unwrap_or(0);
        match out.last_mut() {
            Some((piece, sum)) if known.is_some() && piece.len() < 50 && *sum > 0 && *sum + size <= 4 << 20 => {
                piece.push(uid);
                *sum += size;
            }
            _ => out.push((vec![uid], size)),
        }
    }
    out
}

fn read_bodies(session: &mut Session, uids: &[u32], size: u64, out: &mut Bodies) -> Result<(), Fault> {
    // 120 s for 8 MiB; a slow line may take as long for each further 8.
    let time = Duration::from_secs(120 * (1 + size / (8 << 20)));
    let items = format!("(UID INTERNALDATE RFC822.SIZE BODY.PEEK[]<0.{MESSAGE_CAP}>)");
    let answers = ask_twice(session, uids, &items, Caps::BODIES, time)?;
    out.gone.extend(answers.gone);
    out.unreadable.extend(answers.unreadable);
    out.fetched.extend(answers.found.into_iter().map(|(i, bytes)| Fetched {
        uid: Uid(i.uid.into()),
        internal_date: i.internal_date,
        size: i.size.max(bytes.len() as u64),
        bytes,
    }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_short() {
        assert_eq!(as_set(&[5, 3, 4, 9, 4]), "3:5,9");
        assert_eq!(as_set(&[7]), "7");
        assert_eq!(as_set(&[u32::MAX, u32::MAX - 1]), "4294967294:4294967295");
    }

    #[test]
    fn the_day_before_is_searched_from() {
        let day = |t: &str| search_date(t.parse().unwrap());
        assert_eq!(day("2026-03-01T00:30:00Z"), "28-Feb-2026");
        assert_eq!(day("2026-11-25T23:00:00Z"), "24-Nov-2026");
    }

    #[test]
    fn somebody_is_asked_for_in_one_question() {
        let about = |names: &[&str], addresses: &[&str]| About {
            names: names.iter().map(|s| (*s).to_owned()).collect(),
            addresses: addresses.iter().map(|s| (*s).to_owned()).collect(),
        };
        assert_eq!(
            either(&about(&["A \"B\""], &[])).as_deref(),
            Some(r#"OR OR FROM "A \"B\"" TO "A \"B\"" CC "A \"B\"""#)
        );
        assert_eq!(either(&about(&["A\r\nB"], &[])), None);
        assert_eq!(either(&about(&[], &["a@x.test", "b@x.test"])).map(|q| q.matches("OR ").count()), Some(5));
    }

    #[test]
    fn bodies_come_in_bearable_pieces() {
        let sizes = [(1, 3 << 20), (2, 2 << 20), (3, 1), (4, 25 << 20), (6, 1)].into();
        let got: Vec<Vec<u32>> = pieces(&[1, 2, 3, 4, 5, 6], &sizes).into_iter().map(|p| p.0).collect();
        assert_eq!(got, [vec![1], vec![2, 3], vec![4], vec![5], vec![6]]);
    }
}
