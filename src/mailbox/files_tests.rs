use super::*;
use std::fs::{create_dir_all, write};

const SEPARATOR: &str = "From a@example.org Wed Nov 25 10:00:00 2026\n";

fn mail(n: u32) -> String {
    format!("Subject: {n}\nMessage-ID: <{n}@example.org>\n\nbody {n}\n")
}

fn maildir_at(path: &Path) {
    for part in ["cur", "new", "tmp"] {
        create_dir_all(path.join(part)).unwrap();
    }
}

fn subjects(path: &Path) -> Vec<String> {
    let named = |m: Result<FileMail, MailboxError>| {
        let m = m.unwrap();
        let text = String::from_utf8(m.bytes).unwrap();
        format!("{}#{} {}", m.path.file_name().unwrap().to_string_lossy(), m.index, text.lines().next().unwrap_or(""))
    };
    read_path(path).unwrap().map(named).collect()
}

#[test]
fn all_sorts_of_mail_in_one_folder_are_read_in_order() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    write(root.join("b.eml"), mail(2)).unwrap();
    write(root.join("a.mbox"), format!("{SEPARATOR}{}\n{SEPARATOR}{}", mail(10), mail(11))).unwrap();
    write(root.join("labels.tsv"), "x\ty\n").unwrap();
    write(root.join("README"), "This is no mail\n").unwrap();
    write(root.join("7"), mail(7)).unwrap();
    maildir_at(&root.join("box"));
    write(root.join("box/new/1790.x"), mail(20)).unwrap();
    write(root.join("box/cur/1780.x:2,S"), mail(21)).unwrap();
    write(root.join("box/tmp/1"), mail(99)).unwrap();
    maildir_at(&root.join("box/.Sent"));
    write(root.join("box/.Sent/cur/1.x:2,S"), mail(22)).unwrap();
    write(root.join("c.eml"), format!("{SEPARATOR}{}", mail(3))).unwrap();
    let want = [
        "7#0 Subject: 7",
        "a.mbox#0 Subject: 10",
        "a.mbox#1 Subject: 11",
        "b.eml#0 Subject: 2",
        "1780.x:2,S#0 Subject: 21",
        "1790.x#0 Subject: 20",
        "1.x:2,S#0 Subject: 22",
        "c.eml#0 Subject: 3",
    ];
    assert_eq!(subjects(root), want);
    assert_eq!(subjects(&root.join("c.eml")), ["c.eml#0 Subject: 3"]);
    assert!(read_path(&root.join("none")).is_err());
}

#[test]
fn a_message_beyond_the_cap_is_cut_and_its_size_told() {
    let dir = tempfile::tempdir().unwrap();
    let big = dir.path().join("big.eml");
    let file = File::create(&big).unwrap();
    file.set_len(MESSAGE_CAP + 5_000_000).unwrap();
    let got = read_path(&big).unwrap().next().unwrap().unwrap();
    assert_eq!((got.bytes.len() as u64, got.size), (MESSAGE_CAP, MESSAGE_CAP + 5_000_000));
}

fn since(days: i64) -> Timestamp {
    crate::clock::Clock::System.now() - jiff::SignedDuration::from_hours(24 * days)
}

/// Files settle after a second; tests do not wait but ask again until they did.
fn settled(source: &FileSource, folder: &Folder, cursor: Option<Cursor>, want: usize) -> Batch {
    for _ in 0..300 {
        let batch = source.sync(folder, cursor, since(180), Limits::default()).unwrap();
        if batch.headers.len() >= want {
            return batch;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    panic!("the files never settled");
}

#[test]
fn a_maildir_is_watched() {
    let dir = tempfile::tempdir().unwrap();
    maildir_at(dir.path());
    maildir_at(&dir.path().join(".Sent"));
    maildir_at(&dir.path().join(".Drafts"));
    write(dir.path().join("new/1.x"), mail(1)).unwrap();
    write(dir.path().join("new/2.x"), mail(2)).unwrap();
    let source = FileSource::open(dir.path()).unwrap();
    assert_eq!(source.kind(), Kind::Maildir);
    let folders = source.folders().unwrap();
    assert_eq!(folders.iter().map(|f| f.role).collect::<Vec<_>>(), [Role::Inbox, Role::Sent]);
    let inbox = &folders[0];
    let batch = settled(&source, inbox, None, 2);
    assert_eq!(batch.headers.len(), 2);
    assert!(batch.headers[0].header.ends_with(b"\n\n"));
    let quiet = source.sync(inbox, Some(batch.cursor), since(180), Limits::default()).unwrap();
    assert_eq!((quiet.headers.len(), quiet.more, quiet.exists), (0, false, 2));
    // Uncommitted: the old cursor brings the same again.
    assert_eq!(source.sync(inbox, None, since(180), Limits::default()).unwrap().headers, batch.headers);
    write(dir.path().join("new/3.x"), mail(3)).unwrap();
    let batch = settled(&source, inbox, Some(batch.cursor), 1);
    let uid = batch.headers[0].uid;
    std::fs::rename(dir.path().join("new/3.x"), dir.path().join("cur/3.x:2,S")).unwrap();
    let bodies = source.bodies(inbox, &[uid, Uid(5)], Limits::default()).unwrap();
    assert_eq!(bodies.fetched[0].bytes, mail(3).as_bytes());
    assert_eq!(bodies.gone, [Uid(5)]);
}

#[test]
fn an_mbox_is_watched() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("mail");
    write(&path, "").unwrap();
    let source = FileSource::open(&path).unwrap();
    let folder = &source.folders().unwrap()[0];
    let ask = |cursor| source.sync(folder, cursor, since(180), Limits { headers: 1, ..Limits::default() }).unwrap();
    let nothing = ask(None);
    assert_eq!(nothing.headers.len(), 0);
    write(&path, format!("{SEPARATOR}{}\n{SEPARATOR}{}\n", mail(1), mail(2))).unwrap();
    let first = ask(Some(nothing.cursor));
    let second = ask(Some(first.cursor));
    assert_eq!((first.more, second.more), (true, false));
    assert!(second.headers[0].header.starts_with(b"Subject: 2\n"));
    let third = ask(Some(second.cursor));
    assert_eq!((third.headers.len(), third.renumbered), (0, false));
    // Grown.
    write(&path, format!("{SEPARATOR}{}\n{SEPARATOR}{}\n{SEPARATOR}{}", mail(1), mail(2), mail(3))).unwrap();
    let fourth = ask(Some(third.cursor));
    let body = source.bodies(folder, &[fourth.headers[0].uid], Limits::default()).unwrap();
    assert_eq!(body.fetched[0].bytes, mail(3).as_bytes());
    // Rewritten: the first mail was taken out.
    write(&path, format!("{SEPARATOR}{}", mail(2))).unwrap();
    assert!(ask(Some(fourth.cursor)).renumbered);
    // Locked.
    write(dir.path().join("mail.lock"), "").unwrap();
    assert!(source.sync(folder, None, since(180), Limits::default()).is_err());
}

/// A folder that is closed: root is let in all the same, and then there is nothing to see.
fn closed(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o000)).unwrap();
    std::fs::read_dir(path).is_err() && File::open(path).is_err()
}

#[test]
fn one_closed_folder_does_not_close_the_others() {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path();
    maildir_at(&root.join("box"));
    maildir_at(&root.join("box/.Work"));
    create_dir_all(root.join("a")).unwrap();
    create_dir_all(root.join("b")).unwrap();
    for path in ["box/new/1.x", "box/.Work/cur/2.x", "a/3.eml", "b/4.eml", "b/5.eml"] {
        write(root.join(path), mail(1)).unwrap();
    }
    let source = FileSource::open(root).unwrap();
    let name = |f: &Folder| String::from_utf8_lossy(&f.path).into_owned().replace(&*root.to_string_lossy(), "");
    let names = |s: &FileSource| s.folders().unwrap().iter().map(name).collect::<Vec<_>>();
    assert_eq!(names(&source), ["/a", "/b", "/box", "/box/.Work"]);
    if !(closed(&root.join("a")) && closed(&root.join("box/.Work")) && closed(&root.join("b/5.eml"))) {
        return;
    }
    assert_eq!(names(&source), ["/a", "/b", "/box", "/box/.Work"], "closed ones are still named");
    let folders = source.folders().unwrap();
    for (folder, readable) in folders.iter().zip([false, true, true, false]) {
        let read = source.sync(folder, None, since(180), Limits::default());
        assert_eq!(read.is_ok(), readable, "{}", name(folder));
    }
    let look = |_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        let b = source.sync(&folders[1], None, since(180), Limits::default()).unwrap();
        (b.headers.len(), b.unreadable.len())
    };
    assert!((0..300).map(look).any(|seen| seen == (1, 1)), "the closed message is counted");
}

#[test]
fn a_mailbox_swapped_in_by_a_rename_is_read_as_new() {
    let dir = tempfile::tempdir().unwrap();
    let (path, other) = (dir.path().join("mail"), dir.path().join("other"));
    let text = |mails: &[u32]| mails.iter().map(|n| format!("{SEPARATOR}{}\n", mail(*n))).collect::<String>();
    // the same first line, as by exports of one minute; longer, shorter, and of the same length
    for (before, after) in [(&[1, 2][..], &[3, 4, 5][..]), (&[1, 2], &[3]), (&[1, 2], &[3, 4]), (&[1, 2], &[1, 2, 3])] {
        write(&path, text(before)).unwrap();
        let source = FileSource::open(&path).unwrap();
        let folder = &source.folders().unwrap()[0];
        let first = source.sync(folder, None, since(180), Limits::default()).unwrap();
        write(&other, text(after)).unwrap();
        std::fs::rename(&other, &path).unwrap();
        let second = source.sync(folder, Some(first.cursor), since(180), Limits::default()).unwrap();
        let third = source.sync(folder, Some(second.cursor), since(180), Limits::default()).unwrap();
        assert_eq!((second.headers.len(), second.renumbered), (after.len(), true), "{before:?} {after:?}");
        assert_eq!((third.headers.len(), third.renumbered), (0, false), "{before:?} {after:?}");
    }
}

#[test]
fn a_maildir_swapped_in_by_a_rename_is_read_as_new() {
    let dir = tempfile::tempdir().unwrap();
    let (path, other) = (dir.path().join("box"), dir.path().join("other"));
    maildir_at(&path);
    maildir_at(&other);
    // older than what is read first
    write(other.join("cur/1.x:2,S"), mail(1)).unwrap();
    std::thread::sleep(std::time::Duration::from_millis(10));
    write(path.join("new/2.x"), mail(2)).unwrap();
    let source = FileSource::open(&path).unwrap();
    let folder = &source.folders().unwrap()[0];
    let first = settled(&source, folder, None, 1);
    std::fs::rename(&path, dir.path().join("old")).unwrap();
    std::fs::rename(&other, &path).unwrap();
    let second = source.sync(folder, Some(first.cursor), since(180), Limits::default()).unwrap();
    assert!(second.renumbered && second.headers[0].header.starts_with(b"Subject: 1\n"));
    let third = source.sync(folder, Some(second.cursor), since(180), Limits::default()).unwrap();
    assert_eq!((third.headers.len(), third.renumbered), (0, false));
}
