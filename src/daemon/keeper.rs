//! For years: one task an account, one for the calendars, one that keeps the time. A failing account waits alone.
//!
//! Monotonic timers stand still while a laptop sleeps, so nothing here waits longer than a minute; what is due is decided
//! by the wall clock at each tick, and a tick that comes late means the machine was asleep.
use super::instance::Instance;
use super::pulse::{Pulse, Pulses};
use super::reading::ReadError;
use super::rounds::{self, Doors, RoundError};
use super::{deliver, systemd};
use crate::chance::Chance;
use crate::clock::Clock;
use crate::config::{self, MailAccount, Settings};
use crate::letter::Catalogue;
use crate::mailbox::Mailbox;
use crate::net::Outcome;
use crate::store::Store;
use jiff::{SignedDuration, Timestamp};
use std::collections::{BTreeMap, HashSet};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const TICK: Duration = Duration::from_secs(60);
/// A tick this much later than planned: the machine slept.
const WOKE_UP: SignedDuration = SignedDuration::from_mins(3);
/// trust.md §3, Back-off: full jitter.
const BACKOFF_BASE: Duration = Duration::from_secs(5);
const BACKOFF_CAP: Duration = Duration::from_secs(15 * 60);
/// A refused login is tried again this often: an account must not be locked out.
const REFUSED: Duration = Duration::from_secs(3600);
/// One account's round may take this long before the watchdog is told that nothing moves; a first look is many commands.
const ROUND: Duration = Duration::from_secs(30 * 60);
/// One SMTP conversation alone may take twelve minutes (RFC 5321 §4.5.3.2), and there may be an alert beside a digest.
const TICK_TAKES: Duration = Duration::from_secs(40 * 60);
/// Calendars are read so often when nothing happens.
const CALENDARS: SignedDuration = SignedDuration::from_mins(5);
/// A digest that is due waits so long for the first look into every account.
const WAIT_FOR_MAIL: SignedDuration = SignedDuration::from_mins(10);
/// Shorter than TimeoutStopSec=30s.
const STOP_WITHIN: Duration = Duration::from_secs(20);

/// What all tasks share.
struct Hall {
    store: Store,
    doors: Doors,
    settings: watch::Sender<Arc<Settings>>,
    pulses: Pulses,
    /// Something was recorded or woke up: the keeper looks at once.
    wake: Notify,
    unread: Unread,
}

/// Accounts that were not looked at since the start, or since the machine woke up. A digest composed before they were
/// would call a full morning quiet.
#[derive(Default)]
struct Unread(Mutex<(HashSet<String>, Option<Timestamp>)>);

impl Unread {
    fn all(&self, settings: &Settings, now: Timestamp) {
        let names = settings.mail.iter().map(|m| m.name.clone()).collect();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = (names, Some(now));
    }

    /// True if this was the last.
    fn done(&self, account: &str) -> bool {
        let mut unread = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        unread.0.remove(account) && unread.0.is_empty()
    }

    /// Is there still somebody worth waiting for? One that answers to nothing holds the digest up only so long.
    fn wait(&self, now: Timestamp) -> bool {
        let unread = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        !unread.0.is_empty() && unread.1.is_some_and(|since| now.duration_since(since) < WAIT_FOR_MAIL)
    }
}

impl Hall {
    fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.borrow())
    }
}

struct Account {
    settings: MailAccount,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

/// Runs until SIGTERM or SIGINT. Errors only where nothing can be kept going: the store, a second instance.
pub async fn run(settings: Settings, catalogue: Catalogue, state: &Path) -> Result<(), RoundError> {
    let _instance = Instance::lock(state)?;
    let chance = Chance::System;
    let store = Store::open(state, chance.key()).await?;
    let stop = CancellationToken::new();
    let mut terminate = signal(SignalKind::terminate()).map_err(signals)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(signals)?;
    let mut hangup = signal(SignalKind::hangup()).map_err(signals)?;
    let doors = Doors { catalogue: Arc::new(catalogue), clock: Clock::System, chance, stop: stop.clone() };
    rounds::note_policy(&store, &settings, doors.clock.now()).await?;
    let hall = Arc::new(Hall {
        store,
        doors,
        settings: watch::Sender::new(Arc::new(settings)),
        pulses: Pulses::default(),
        wake: Notify::new(),
        unread: Unread::default(),
    });
    hall.unread.all(&hall.settings(), hall.doors.clock.now());
    let mut accounts = BTreeMap::new();
    start_accounts(&hall, &mut accounts);
    let keeper = tokio::spawn(keep(Arc::clone(&hall)));
    systemd::ready(&format!("watching {} account(s)", accounts.len()));
    tracing::info!(accounts = accounts.len(), state = %state.display(), "thankd is up");
    let mut watchdog = tokio::time::interval(systemd::watchdog_interval().unwrap_or(TICK));
    loop {
        tokio::select! {
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
            _ = hangup.recv() => reload(&hall, &mut accounts).await,
            _ = watchdog.tick() => match revive(&hall, &mut accounts) {
                // Without it no digest is ever due: the service manager starts all anew.
                _ if keeper.is_finished() => return Err(RoundError::Keeper),
                None => systemd::watchdog(),
                Some(task) => tracing::error!(task, "makes no progress; the watchdog is not fed"),
            },
        }
    }
    systemd::stopping();
    tracing::info!("stopping: units of work finish or roll back");
    stop.cancel();
    let tasks = accounts.into_values().map(|a| a.task).chain([keeper]);
    let all = async {
        for task in tasks {
            let _ = task.await;
        }
    };
    if tokio::time::timeout(STOP_WITHIN, all).await.is_err() {
        tracing::warn!("a task did not end in time; what it had not committed is rolled back");
    }
    if let Ok(hall) = Arc::try_unwrap(hall).map_err(drop) {
        hall.store.close().await?;
    }
    Ok(())
}

/// An account whose task ended was ended by a bug of ours: it is started anew. Returns a task that makes no progress.
fn revive(hall: &Arc<Hall>, accounts: &mut BTreeMap<String, Account>) -> Option<String> {
    let ended: Vec<String> = accounts.iter().filter(|(_, a)| a.task.is_finished()).map(|(n, _)| n.clone()).collect();
    for name in &ended {
        tracing::error!(
            account = name,
            "the account's task ended by a bug of ours; it is started anew, please report it"
        );
        accounts.remove(name);
    }
    if !ended.is_empty() {
        start_accounts(hall, accounts);
    }
    hall.pulses.stuck()
}

fn signals(e: std::io::Error) -> RoundError {
    RoundError::Digest(format!("the signal handlers could not be set up: {e}"))
}

fn start_accounts(hall: &Arc<Hall>, accounts: &mut BTreeMap<String, Account>) {
    let spread = hall.settings().mail.len() > 4;
    for settings in &hall.settings().mail {
        if accounts.contains_key(&settings.name) {
            continue;
        }
        let stop = hall.doors.stop.child_token();
        let task = tokio::spawn(watch_account(Arc::clone(hall), settings.clone(), stop.clone(), spread));
        accounts.insert(settings.name.clone(), Account { settings: settings.clone(), stop, task });
    }
}

/// What went wrong in a row. A network that fails is no reason to believe a password wrong.
#[derive(Default)]
struct Tries {
    failed: u32,
    refused: u32,
}

/// One account for as long as it is configured.
async fn watch_account(hall: Arc<Hall>, account: MailAccount, stop: CancellationToken, spread: bool) {
    let pulse = hall.pulses.task(&account.name);
    let mut mailbox: Option<Mailbox> = None;
    let mut tries = Tries::default();
    // A reload that drops this account interrupts its commands, and nobody else's.
    let doors = Doors { stop: stop.clone(), ..hall.doors.clone() };
    if spread {
        // Start-up is spread so that one provider does not see all accounts in the same second.
        pause(BACKOFF_BASE.mul_f64(hall.doors.chance.fraction()), &stop).await;
    }
    while !stop.is_cancelled() {
        let wait = one_round(&hall, &doors, &account, &pulse, (&mut mailbox, &mut tries)).await;
        pause(wait, &stop).await;
    }
    if let Some(mut open) = mailbox {
        let _ = tokio::time::timeout(Duration::from_secs(2), open.close()).await;
    }
}

/// Reads the account once; returns how long to wait.
async fn one_round(
    hall: &Hall,
    doors: &Doors,
    account: &MailAccount,
    pulse: &Pulse,
    (mailbox, tries): (&mut Option<Mailbox>, &mut Tries),
) -> Duration {
    pulse.until(ROUND);
    let read = rounds::read_one(&hall.store, &hall.settings(), doors, account, mailbox).await;
    pulse.rest();
    if hall.unread.done(&account.name) {
        hall.wake.notify_one();
    }
    let poll = Duration::try_from(account.poll).unwrap_or(TICK);
    match read {
        Ok(new) => {
            *tries = Tries::default();
            if new > 0 {
                tracing::info!(account = account.name, new, "recorded");
                log_judgement(hall).await;
                hall.wake.notify_one();
            }
            poll
        }
        Err(ReadError::Stopped) => Duration::ZERO,
        Err(ReadError::Store(e)) => {
            tracing::error!(account = account.name, error = %e, "nothing was recorded; the same mail is read again");
            TICK
        }
        Err(ReadError::Mailbox(e)) => {
            let outcome = e.outcome();
            let count = if matches!(outcome, Outcome::AskOwner(_)) { &mut tries.refused } else { &mut tries.failed };
            *count = count.saturating_add(1);
            let count = *count;
            wait_after(&hall.doors.chance, account, &outcome, &e.to_string(), count, poll)
        }
    }
}

fn wait_after(
    chance: &Chance,
    account: &MailAccount,
    outcome: &Outcome,
    error: &str,
    failures: u32,
    poll: Duration,
) -> Duration {
    let ceiling = BACKOFF_BASE.saturating_mul(1 << failures.min(10)).min(BACKOFF_CAP);
    let jitter = ceiling.mul_f64(chance.fraction());
    match outcome {
        Outcome::RetryLater(after) => {
            tracing::warn!(account = account.name, error, failures, "will be tried again");
            jitter.max(*after).max(Duration::from_secs(1))
        }
        Outcome::AskOwner(_) if failures < 3 => {
            tracing::warn!(account = account.name, error, failures, "refused");
            jitter.max(BACKOFF_BASE)
        }
        Outcome::AskOwner(_) => {
            tracing::error!(
                account = account.name,
                error,
                failures,
                "refused; tried once an hour until you have acted (SIGHUP tries at once)"
            );
            REFUSED
        }
        Outcome::SkipThis(_) => poll,
        Outcome::Bug(_) => {
            tracing::error!(account = account.name, error, "our own bug; the session is dropped");
            ceiling.max(poll)
        }
    }
}

async fn log_judgement(hall: &Hall) {
    match rounds::judge_now(&hall.store, &hall.settings(), hall.doors.clock).await {
        Ok(world) => tracing::info!(people = world.built.timelines.len(), items = world.judgements.len(), "judged"),
        Err(e) => tracing::error!(error = %e, "could not be judged"),
    }
}

async fn pause(wait: Duration, stop: &CancellationToken) {
    let _ = stop.run_until_cancelled(tokio::time::sleep(wait)).await;
}

/// When the calendars were read, and how old that may become.
struct Calendars {
    read_at: Option<Timestamp>,
    after: SignedDuration,
}

/// The keeper of time: calendars, digests, alerts, housekeeping.
async fn keep(hall: Arc<Hall>) {
    let pulse = hall.pulses.task("keeper");
    let mut planned = hall.doors.clock.now();
    let mut calendars = Calendars { read_at: None, after: CALENDARS };
    while !hall.doors.stop.is_cancelled() {
        let now = hall.doors.clock.now();
        if now.duration_since(planned) > WOKE_UP {
            tracing::info!("the machine was asleep; one round before what is due");
            hall.unread.all(&hall.settings(), now);
        }
        pulse.until(TICK_TAKES);
        let next = tick(&hall, &mut calendars, now).await;
        pulse.rest();
        let wait = next
            .map_or(TICK, |at| Duration::try_from(at.duration_since(hall.doors.clock.now())).unwrap_or(Duration::ZERO));
        let wait = wait.clamp(Duration::from_millis(200), TICK);
        planned = hall.doors.clock.now().checked_add(SignedDuration::try_from(wait).unwrap_or_default()).unwrap_or(now);
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            // A new letter is judged by calendars read after it came.
            () = hall.wake.notified() => calendars.after = SignedDuration::from_secs(1),
            () = hall.doors.stop.cancelled() => {}
        }
    }
}

/// What is due now; returns when something will be.
async fn tick(hall: &Hall, calendars: &mut Calendars, now: Timestamp) -> Option<Timestamp> {
    let settings = hall.settings();
    match rounds::clock_trouble(&hall.store, now).await {
        Ok(None) => {}
        Ok(Some(_)) => return None,
        Err(e) => tracing::error!(error = %e, "the clock could not be looked at"),
    }
    if calendars.read_at.is_none_or(|at| now.duration_since(at) >= calendars.after) {
        match rounds::read_calendars(&hall.store, &settings, hall.doors.clock).await {
            Ok(_) => *calendars = Calendars { read_at: Some(now), after: CALENDARS },
            Err(e) => tracing::error!(error = %e, "calendars could not be recorded"),
        }
    }
    let due = due_work(hall, &settings, now).await;
    match due {
        Ok(next) => next,
        Err(e) => {
            tracing::error!(error = %e, "what was due could not be done; tried again in a minute");
            systemd::status(&format!("trouble: {e}"));
            None
        }
    }
}

async fn due_work(hall: &Hall, settings: &Settings, now: Timestamp) -> Result<Option<Timestamp>, RoundError> {
    if !hall.unread.wait(now) {
        rounds::compose_if_due(&hall.store, settings, &hall.doors).await?;
    }
    rounds::alert_if_due(&hall.store, settings, &hall.doors).await?;
    let delivery = deliver::deliver(&hall.store, settings, &hall.doors, now).await?;
    rounds::housekeeping(&hall.store, settings, hall.doors.clock).await?;
    let due = match rounds::when_due(&hall.store, settings, now).await? {
        crate::digest::due::Due::Later { at, .. } => Some(at),
        crate::digest::due::Due::Now { .. } | crate::digest::due::Due::Clock(_) => None,
    };
    if let Some(at) = due {
        let at = at.to_zoned_datetime(settings.owner.zone.clone());
        systemd::status(&format!("{} account(s); next digest {}", settings.mail.len(), at.strftime("%a %d %b %H:%M")));
    }
    Ok([delivery, due].into_iter().flatten().min())
}

/// SIGHUP: the new config wholly, or the old one, loudly. Only accounts whose connection facts changed start anew.
async fn reload(hall: &Arc<Hall>, accounts: &mut BTreeMap<String, Account>) {
    systemd::reloading();
    let old = hall.settings();
    let Some(path) = old.path.clone() else { return };
    match config::load(&path).and_then(|s| config::catalogue(&s).map(|_| s)) {
        Err(e) => tracing::error!(error = %e, "the config has faults; the old one stays in force"),
        Ok(new) => {
            let now = hall.doors.clock.now();
            if let Err(e) = rounds::note_policy(&hall.store, &new, now).await {
                tracing::error!(error = %e, "the change of etiquette could not be noted");
            }
            hall.settings.send_replace(Arc::new(new));
            restart_changed(hall, accounts).await;
            hall.wake.notify_one();
            tracing::info!(accounts = accounts.len(), "config reloaded");
        }
    }
    systemd::ready(&format!("watching {} account(s)", accounts.len()));
}

async fn restart_changed(hall: &Arc<Hall>, accounts: &mut BTreeMap<String, Account>) {
    let wanted = hall.settings();
    let unchanged = |a: &Account| wanted.mail.contains(&a.settings) && !a.task.is_finished();
    let gone: Vec<String> = accounts.iter().filter(|(_, a)| !unchanged(a)).map(|(name, _)| name.clone()).collect();
    // An account in trouble is tried at once after a reload, changed or not: that is what the owner wants to see.
    let failing: Vec<String> = match hall.store.sources().await {
        Ok(sources) => {
            sources.into_iter().filter(|s| s.kind.door() == "mail" && s.trouble.is_some()).map(|s| s.name).collect()
        }
        Err(_) => Vec::new(),
    };
    for name in gone.into_iter().chain(failing) {
        if let Some(account) = accounts.remove(&name) {
            account.stop.cancel();
            let _ = tokio::time::timeout(STOP_WITHIN, account.task).await;
        }
    }
    start_accounts(hall, accounts);
}
