//! Whatever comes and goes while a folder is read, however small the pieces, and wherever the reader dies before it has
//! recorded: every mail that stays is read, and none is recorded twice.
#[expect(dead_code, unused_imports, reason = "each test uses its part of the shared servers")]
mod support;

use jiff::Timestamp;
use proptest::prelude::*;
use secrecy::SecretString;
use std::collections::BTreeMap;
use std::time::Duration;
use support::dovecot::PASSWORD;
use support::{Dovecot, mail};
use thankd::mailbox::{Cursor, FolderChoice, Imap, ImapSettings, Limits, Mailbox, Memory, Role, Uid};
use thankd::net::{CredentialSource, Server, Tls};
use tokio_util::sync::CancellationToken;

#[derive(Debug, Clone, Copy)]
enum Step {
    Deliver,
    /// Deletes the mail that was delivered as this one, if it is still there.
    Delete(usize),
    /// Looks, in pieces of so many headers; `true`: and dies before recording.
    Look(usize, bool),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => Just(Step::Deliver),
        1 => (0_usize..40).prop_map(Step::Delete),
        3 => (1_usize..6, prop::bool::weighted(0.3)).prop_map(|(n, dies)| Step::Look(n, dies)),
    ]
}

/// What was recorded: how often each subject.
#[derive(Default)]
struct Reader {
    cursor: Option<Cursor>,
    recorded: BTreeMap<String, u32>,
}

impl Reader {
    /// One piece; the cursor is kept only with what was recorded. True while there is more.
    async fn look(&mut self, mailbox: &mut Mailbox, headers: usize, dies: bool) -> bool {
        let folder = mailbox.folders().await.unwrap().into_iter().find(|f| f.role == Role::Inbox).unwrap();
        let limits = Limits { headers, ..Limits::default() };
        let batch = mailbox.sync(&folder, self.cursor, Timestamp::UNIX_EPOCH, limits).await.unwrap();
        if dies {
            return true;
        }
        for h in &batch.headers {
            let text = String::from_utf8_lossy(&h.header).into_owned();
            let subject = text.lines().find_map(|l| l.strip_prefix("Subject: ")).unwrap_or_default().trim().to_owned();
            *self.recorded.entry(subject).or_default() += 1;
        }
        self.cursor = Some(batch.cursor);
        batch.more
    }

    async fn finish(mut self, mailbox: &mut Mailbox, staying: &[String]) {
        while self.look(mailbox, 3, false).await {}
        for subject in staying {
            assert_eq!(self.recorded.get(subject), Some(&1), "{subject} of {:?}", self.recorded);
        }
        assert!(self.recorded.values().all(|n| *n == 1), "{:?}", self.recorded);
    }
}

fn numbered(n: usize) -> Vec<u8> {
    mail("a@b.test", &format!("number {n}"), &format!("{n}@b.test"), "x")
}

proptest! {
    #[test]
    fn in_memory(steps in prop::collection::vec(step(), 1..60)) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut mailbox = Mailbox::Memory(Memory::new());
            let (mut reader, mut uids): (Reader, Vec<Option<Uid>>) = (Reader::default(), Vec::new());
            for step in steps {
                let Mailbox::Memory(memory) = &mut mailbox else { unreachable!("it is in memory") };
                match step {
                    Step::Deliver => uids.push(memory.deliver("INBOX", &numbered(uids.len()), Timestamp::UNIX_EPOCH)),
                    Step::Delete(n) => if let Some(uid) = uids.get_mut(n).and_then(Option::take) { memory.expunge("INBOX", uid) },
                    Step::Look(headers, dies) => { reader.look(&mut mailbox, headers, dies).await; }
                }
            }
            let staying: Vec<String> = uids.iter().enumerate().filter(|(_, u)| u.is_some()).map(|(n, _)| format!("number {n}")).collect();
            reader.finish(&mut mailbox, &staying).await;
        });
    }
}

/// A few such histories on a real server, where UIDs have gaps and the line is kept or lost.
#[tokio::test]
async fn on_dovecot() {
    let dovecot = Dovecot::start();
    let mut seed = 11_u64;
    let mut below = |n: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((seed >> 33) % n).unwrap()
    };
    for user in ["u1", "u2", "u3"] {
        let settings = ImapSettings {
            account: "work".into(),
            server: Server {
                host: "localhost".into(),
                port: dovecot.tls_port,
                tls: Tls::Implicit,
                tls_ca: Some(dovecot.ca.clone()),
            },
            user: user.into(),
            credential: CredentialSource::password(SecretString::from(PASSWORD.to_owned())),
            folders: FolderChoice::default(),
            command_timeout: Duration::from_secs(20),
        };
        let door = || Mailbox::Imap(Box::new(Imap::new(settings.clone(), CancellationToken::new())));
        let (mut mailbox, mut reader, mut staying) = (door(), Reader::default(), Vec::<String>::new());
        for n in 0..60 {
            match below(7) {
                0..3 => {
                    dovecot.deliver(user, "INBOX", &numbered(n));
                    staying.push(format!("number {n}"));
                }
                3 if !staying.is_empty() => {
                    let gone = staying.swap_remove(below(staying.len() as u64));
                    dovecot.doveadm(&["expunge", "-u", user, "mailbox", "INBOX", "header", "Subject", &gone]);
                }
                4 => mailbox = door(),
                _ => {
                    reader.look(&mut mailbox, 1 + below(5), below(3) == 0).await;
                }
            }
        }
        reader.finish(&mut mailbox, &staying).await;
        mailbox.close().await;
    }
}
