//! Which folders are read (sources.md): by SPECIAL-USE, else by name; what is not the owner's own mail is left alone.
use super::answer::Listed;
use super::session::Session;
use super::utf7;
use crate::mailbox::{Fault, Folder, FolderChoice, Role};
use std::collections::BTreeSet;

/// Asks the server for its folders and chooses.
pub(super) fn folders(session: &mut Session, choice: &FolderChoice) -> Result<Vec<Folder>, Fault> {
    let listed = session.list("LIST")?;
    let subscribed = session.list("LSUB")?.into_iter().map(|l| l.name).collect();
    Ok(choose(&listed, &subscribed, choice, session.has("X-GM-EXT-1")))
}

fn choose(listed: &[Listed], subscribed: &BTreeSet<Vec<u8>>, choice: &FolderChoice, gmail: bool) -> Vec<Folder> {
    let known: Vec<(Folder, bool)> = {
        let told: BTreeSet<Role> = listed.iter().filter_map(|l| by_special_use(&l.attributes)).collect();
        listed.iter().filter_map(|l| known(l, &told)).collect()
    };
    let all_mail = gmail && known.iter().any(|(f, _)| f.role == Role::All);
    let by_rule = |folder: &Folder, by_use: bool| match folder.role {
        // All Mail holds everything but trash and junk; reading labels besides would read each mail twice.
        _ if all_mail => matches!(folder.role, Role::All | Role::Trash | Role::Junk),
        Role::Inbox | Role::Archive | Role::Sent | Role::Trash | Role::Junk => true,
        // Other servers' "all" is a virtual folder of the same mails.
        Role::All => false,
        Role::Other => by_use || subscribed.contains(&folder.path),
    };
    let named = |set: &BTreeSet<String>, f: &Folder| set.iter().any(|n| same_name(n, &f.name));
    let mut chosen: Vec<Folder> = known
        .into_iter()
        .filter(|(f, by_use)| if choice.only.is_empty() { by_rule(f, *by_use) } else { named(&choice.only, f) })
        .filter(|(f, _)| !named(&choice.except, f))
        .map(|(f, _)| f)
        .collect();
    chosen.sort_by(|a, b| (a.role, &a.path).cmp(&(b.role, &b.path)));
    chosen.dedup_by(|a, b| a.path == b.path);
    chosen
}

/// INBOX is INBOX in any case (RFC 3501 §5.1); other names are what they are.
fn same_name(a: &str, b: &str) -> bool {
    a == b || (a.eq_ignore_ascii_case("INBOX") && b.eq_ignore_ascii_case("INBOX"))
}

/// A readable folder with its role; the second says whether SPECIAL-USE gave it. `told`: the roles the server gives.
fn known(l: &Listed, told: &BTreeSet<Role>) -> Option<(Folder, bool)> {
    let has = |a: &str| l.attributes.iter().any(|x| x == a);
    if has("\\noselect") || has("\\nonexistent") || has("\\drafts") || l.name.is_empty() || foreign(l) {
        return None;
    }
    let name = utf7::decode(&l.name);
    let inbox = name.eq_ignore_ascii_case("INBOX");
    let by_use = by_special_use(&l.attributes);
    let last = l.delimiter.and_then(|d| name.rsplit(char::from(d)).next()).unwrap_or(&name);
    let role = match by_use {
        _ if inbox => Role::Inbox,
        Some(role) => role,
        // A name counts only where no folder has that use by the server's word.
        None => {
            let role = Role::by_name(last)?;
            if told.contains(&role) || role == Role::Inbox { Role::Other } else { role }
        }
    };
    Some((Folder { name, path: l.name.clone(), role }, by_use.is_some()))
}

fn by_special_use(attributes: &[String]) -> Option<Role> {
    attributes.iter().find_map(|a| match a.as_str() {
        "\\all" => Some(Role::All),
        "\\archive" => Some(Role::Archive),
        "\\sent" => Some(Role::Sent),
        "\\trash" => Some(Role::Trash),
        "\\junk" => Some(Role::Junk),
        _ => None,
    })
}

/// Other users' and public namespaces, by the names servers give them (RFC 2342 has the exact answer; it costs a round
/// trip and is wrong on some servers).
fn foreign(l: &Listed) -> bool {
    let first = l.delimiter.and_then(|d| l.name.split(|&b| b == d).next()).unwrap_or(&l.name);
    let first = String::from_utf8_lossy(first).to_lowercase();
    first.starts_with(['#', '~'])
        || ["shared", "public", "user", "other users", "public folders", "shared folders"].contains(&first.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(line: &str) -> Listed {
        let (attributes, name) = line.split_once('|').unwrap();
        let attributes = attributes.split_whitespace().map(str::to_lowercase).collect();
        Listed { attributes, delimiter: Some(b'/'), name: name.as_bytes().to_vec() }
    }

    #[track_caller]
    fn case(lines: &[&str], subscribed: &[&str], choice: &FolderChoice, gmail: bool, want: &[(&str, Role)]) {
        let all: Vec<Listed> = lines.iter().map(|l| listed(l)).collect();
        let subscribed = subscribed.iter().map(|s| s.as_bytes().to_vec()).collect();
        let got = choose(&all, &subscribed, choice, gmail);
        let got: Vec<(&str, Role)> = got.iter().map(|f| (f.name.as_str(), f.role)).collect();
        assert_eq!(got, want);
    }

    #[test]
    fn folders_are_chosen_by_role() {
        let all = FolderChoice::default();
        let google = [
            "|INBOX",
            "\\Noselect|[Mail]",
            "\\All|[Mail]/All",
            "\\Trash|[Mail]/Bin",
            "\\Junk|[Mail]/Spam",
            "\\Sent|[Mail]/Sent",
            "|Label",
        ];
        case(
            &google,
            &["Label"],
            &all,
            true,
            &[("[Mail]/All", Role::All), ("[Mail]/Bin", Role::Trash), ("[Mail]/Spam", Role::Junk)],
        );
        let hidden = ["|INBOX", "\\Trash|[Mail]/Bin", "\\Sent|[Mail]/Sent", "|Label"];
        case(
            &hidden,
            &["Label"],
            &all,
            true,
            &[("INBOX", Role::Inbox), ("[Mail]/Sent", Role::Sent), ("[Mail]/Bin", Role::Trash), ("Label", Role::Other)],
        );
        let other = [
            "|inbox",
            "\\Sent|Gesendet",
            "\\Drafts|Entw&APw-rfe",
            "\\Trash|Papierkorb",
            "|Netze",
            "|Unsubscribed",
            "\\NonExistent|Gone",
            "|Shared/Team",
            "|Drafts",
            "\\All|virtual/All",
        ];
        let want =
            [("inbox", Role::Inbox), ("Gesendet", Role::Sent), ("Papierkorb", Role::Trash), ("Netze", Role::Other)];
        case(&other, &["Netze", "Gone", "Shared/Team", "Drafts"], &all, false, &want);
    }

    #[test]
    fn a_great_many_folders_cost_no_more_than_their_number() {
        let all: Vec<Listed> = (0..40_000).map(|n| listed(&format!("|Folder {n}"))).collect();
        let began = std::time::Instant::now();
        let names = all.iter().map(|l| l.name.clone()).collect();
        assert_eq!(choose(&all, &names, &FolderChoice::default(), false).len(), 40_000);
        assert!(began.elapsed() < std::time::Duration::from_secs(5), "{:?}", began.elapsed());
    }

    #[test]
    fn english_names_are_the_last_resort() {
        let all = FolderChoice::default();
        case(
            &["|INBOX", "|INBOX/Sent Items", "|Junk"],
            &[],
            &all,
            false,
            &[("INBOX", Role::Inbox), ("INBOX/Sent Items", Role::Sent), ("Junk", Role::Junk)],
        );
        // The server says which one is Sent; another of that name is the owner's own folder.
        case(
            &["|INBOX", "\\Sent|Gesendet", "|Sent"],
            &["Sent"],
            &all,
            false,
            &[("INBOX", Role::Inbox), ("Gesendet", Role::Sent), ("Sent", Role::Other)],
        );
    }

    #[test]
    fn the_owner_overrides() {
        let only = FolderChoice { only: ["Inbox".to_owned(), "Netze".to_owned()].into(), except: BTreeSet::new() };
        case(
            &["|INBOX", "|Netze", "\\Sent|Sent"],
            &[],
            &only,
            false,
            &[("INBOX", Role::Inbox), ("Netze", Role::Other)],
        );
        let except = FolderChoice { only: BTreeSet::new(), except: ["Sent".to_owned()].into() };
        case(&["|INBOX", "\\Sent|Sent"], &[], &except, false, &[("INBOX", Role::Inbox)]);
    }
}
