//! A correspondence as one line: how often word went to and fro, first and last.
//!
//! No list of correspondents is kept (privacy.md). When a verdict needs it, the mailbox is asked for the headers between
//! the owner and one person; what remains of them is this line.
use super::Direction;
use crate::letter::Catalogue;
use crate::message::{Authenticity, Message};
use crate::person::{Address, Domain, Mailbox, Name, Outcome, Owner, is_freemail, likeness_of_names, name_key};
use jiff::Timestamp;
use std::collections::{BTreeSet, HashMap};

/// Whom the mailbox is asked about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Correspondent {
    pub names: Vec<Name>,
    pub addresses: Vec<Address>,
}

/// What remains of a correspondence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Exchanges {
    /// Times the direction changed and came back: the owner wrote and they answered, or the reverse.
    pub exchanges: u32,
    pub first_at: Option<Timestamp>,
    pub last_at: Option<Timestamp>,
}

/// Many people's correspondence at once: a mail costs as much as it names people, however many are asked about.
#[derive(Debug)]
pub struct Correspondents<'w> {
    whom: &'w [Correspondent],
    by_address: HashMap<&'w Address, Vec<usize>>,
    /// By each word of their names: who shares none is not the same by name alone.
    by_word: HashMap<String, Vec<usize>>,
    /// Whose a name is that was met before.
    known: HashMap<String, Vec<usize>>,
}

impl<'w> Correspondents<'w> {
    #[must_use]
    pub fn new(whom: &'w [Correspondent]) -> Self {
        let mut by_address: HashMap<&Address, Vec<usize>> = HashMap::new();
        let mut by_word: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, who) in whom.iter().enumerate() {
            who.addresses.iter().for_each(|address| by_address.entry(address).or_default().push(at));
            let words = who.names.iter().flat_map(words);
            words.for_each(|word| by_word.entry(word).or_default().push(at));
        }
        Self { whom, by_address, by_word, known: HashMap::new() }
    }

    /// Between the owner and whom this mail went, and which way; nobody: it is not theirs, or no hand wrote it. `sent`: it
    /// lies where the owner's program files what was sent.
    #[must_use]
    pub fn went(
        &mut self,
        mail: &Message<'_>,
        sent: bool,
        (owner, networks): (&Owner, &Catalogue),
    ) -> Vec<(usize, Direction)> {
        let marks = mail.marks();
        let Some(from) = mail.from().first() else { return Vec::new() };
        // A network writes under the names of its members.
        let network = from.address.as_ref().is_some_and(|a| networks.of_domain(&a.domain()).is_some());
        if network || marks.list || marks.bulk || marks.auto || marks.report || marks.calendar {
            return Vec::new();
        }
        let own = |m: &Mailbox| m.address.as_ref().is_some_and(|a| owner.has_address(a));
        let receivers = || mail.to().iter().chain(mail.cc());
        let (theirs, direction): (BTreeSet<usize>, Direction) = if own(from) {
            let sent = sent_by_owner(mail, sent);
            (receivers().filter(|_| sent).flat_map(|r| self.whose(r)).collect(), Direction::Out)
        } else {
            let to_owner = receivers().any(own);
            (to_owner.then(|| self.whose(from)).into_iter().flatten().collect(), Direction::In)
        };
        theirs.into_iter().map(|who| (who, direction)).collect()
    }

    /// Whose address it is, else whose name so surely that the name alone decides.
    fn whose(&mut self, m: &Mailbox) -> Vec<usize> {
        let mut found = m.address.as_ref().and_then(|a| self.by_address.get(a)).cloned().unwrap_or_default();
        let Some(name) = &m.name else { return found };
        if let Some(known) = self.known.get(name.as_str()) {
            found.extend(known);
            return found;
        }
        let near: BTreeSet<usize> = words(name).filter_map(|word| self.by_word.get(&word)).flatten().copied().collect();
        let same = |n: &Name| likeness_of_names(n.as_str(), name.as_str()).outcome == Outcome::Same;
        let named = |at: &usize| self.whom.get(*at).is_some_and(|who| who.names.iter().any(same));
        let theirs: Vec<usize> = near.into_iter().filter(named).collect();
        found.extend(&theirs);
        self.known.insert(name.as_str().to_owned(), theirs);
        found
    }
}

fn words(name: &Name) -> impl Iterator<Item = String> {
    name_key(name.as_str()).split(' ').map(str::to_owned).collect::<Vec<_>>().into_iter()
}

/// Did the owner write what bears their address? Anybody can write that line. What the owner sent lies among what was
/// sent, or is proved; or the server examined nothing, as it does where mail comes in, and the mail was handed in with a
/// password (RFC 3848), came from a server of the owner's own domain, or never over the net at all: a copy.
fn sent_by_owner(mail: &Message<'_>, filed: bool) -> bool {
    const HANDED_IN: [&str; 7] = ["esmtpa", "esmtpsa", "asmtp", "lmtpa", "lmtpsa", "utf8smtpa", "utf8smtpsa"];
    let handed_in = |received: &str| {
        let by = received.rsplit_once(" by ").map_or("", |(_, by)| by);
        let mut words = by.split_whitespace().skip_while(|w| !w.eq_ignore_ascii_case("with")).skip(1);
        words.next().is_some_and(|with| HANDED_IN.contains(&with.trim_end_matches(';').to_lowercase().as_str()))
    };
    let own = mail.from().first().and_then(|m| m.address.as_ref()).filter(|a| !is_freemail(&a.domain()));
    // `from HELO (name [address])`: the name in brackets is the receiving server's, not the sender's.
    let within = |received: &str| {
        let named = received.split_once('(').and_then(|(_, rest)| rest.split([' ', '[', ')']).next());
        let server = named.and_then(Domain::new);
        own.zip(server).is_some_and(|(own, server)| server.within(own.domain().as_str()))
    };
    let came = || mail.headers("Received").next();
    filed
        || mail.authenticity().0 == Authenticity::Verified
        || mail.header("Authentication-Results").is_none() && came().is_none_or(|r| handed_in(r) || within(r))
}

/// The line of these mails, in any order; those at or after `until` (a candidacy's beginning) are left out.
#[must_use]
pub fn exchanges(mut mails: Vec<(Timestamp, Direction)>, until: Option<Timestamp>) -> Exchanges {
    mails.retain(|(at, _)| until.is_none_or(|until| *at < until));
    mails.sort_by_key(|(at, _)| *at);
    let turns = mails.chunk_by(|a, b| a.1 == b.1).count();
    Exchanges {
        exchanges: u32::try_from(turns / 2).unwrap_or(u32::MAX),
        first_at: mails.first().map(|(at, _)| *at),
        last_at: mails.last().map(|(at, _)| *at),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{TrustAnchor, read_headers};
    use jiff::tz::TimeZone;

    /// `o` the owner wrote, `i` they did; one letter a day. `until`: days from the first.
    #[track_caller]
    fn case(name: &str, mails: &str, until: Option<i64>, expected: (u32, i64, i64)) {
        let day = |n: i64| Timestamp::from_second(n * 86_400).unwrap();
        let written = mails.chars().zip(0..).filter(|(c, _)| *c != '.');
        let mails = written.map(|(c, n)| (day(n), if c == 'o' { Direction::Out } else { Direction::In })).collect();
        let got = exchanges(mails, until.map(day));
        assert_eq!(
            (got.exchanges, got.first_at, got.last_at),
            (expected.0, Some(day(expected.1)), Some(day(expected.2))),
            "{name}"
        );
    }

    #[test]
    fn turns() {
        case("each answered", "oioioi", None, (3, 0, 5));
        case("they began", "ioioio", None, (3, 0, 5));
        case("the last one is not answered", "oioio", None, (2, 0, 4));
        case("two in a row are one", "ooiioi", None, (2, 0, 5));
        case("only one side", "iiiiii", None, (0, 0, 5));
        case("what came with the application is left out", "oi.oi.oioioi", Some(6), (2, 0, 4));
    }

    #[track_caller]
    fn mail(name: &str, header: &str, expected: Option<Direction>) {
        filed(name, header, false, expected);
    }

    #[track_caller]
    fn filed(name: &str, header: &str, sent: bool, expected: Option<Direction>) {
        let owner = Owner {
            names: Name::new("Max Owner").into_iter().collect(),
            addresses: Address::new("max@owner.test").into_iter().collect(),
            organisation: vec![],
            zone: TimeZone::UTC,
        };
        let person = Correspondent {
            names: Name::new("Wilhelmina Ostrander").into_iter().collect(),
            addresses: Address::new("wo@home.test").into_iter().collect(),
        };
        let bytes = format!("{header}\n\n");
        let m = read_headers(bytes.as_bytes(), &TrustAnchor::Topmost);
        let found = Correspondents::new(&[person]).went(&m, sent, (&owner, Catalogue::embedded()));
        assert_eq!(found.first().map(|(_, direction)| *direction), expected, "{name}");
    }

    #[test]
    fn anybody_can_write_the_owners_address() {
        let to_her = "From: Max <max@owner.test>\nTo: wo@home.test";
        let came = format!("Received: from x.test by mx.owner.test with ESMTP id 1; x\n{to_her}");
        mail("a copy of what was sent", to_her, Some(Direction::Out));
        mail("came from outside", &came, None);
        filed("came, and lies among what was sent", &came, true, Some(Direction::Out));
        let handed = format!("Received: from x.test by mx.owner.test with ESMTPSA id 1; x\n{to_her}");
        mail("handed in with a password", &handed, Some(Direction::Out));
        let tls = format!(
            "Received: from x.test (x.test [192.0.2.1]) (using TLSv1.3 with cipher X) by mx.owner.test (Postfix) with ESMTPSA id 1; x\n{to_her}"
        );
        mail("the same, enciphered", &tls, Some(Direction::Out));
        let within = format!(
            "Received: from out.owner.test (out.owner.test [192.0.2.1]) by mx.owner.test with ESMTPS id 1; x\n{to_her}"
        );
        mail("from a server of the same domain", &within, Some(Direction::Out));
        let says = format!(
            "Received: from out.owner.test (x.evil.test [192.0.2.1]) by mx.owner.test with ESMTPS id 1; x\n{to_her}"
        );
        mail("from one that says it is", &says, None);
        let below = format!("Received: from x.test by mx.owner.test with ESMTPS; x\n{handed}");
        mail("handed in elsewhere, as somebody says", &below, None);
        let failed = format!("Authentication-Results: mx.owner.test; dmarc=fail header.from=owner.test\n{to_her}");
        mail("the domain's policy failed", &failed, None);
        let proved = format!("Authentication-Results: mx.owner.test; dmarc=pass header.from=owner.test\n{came}");
        mail("proved", &proved, Some(Direction::Out));
    }

    #[test]
    fn whose_mail_it_is() {
        mail("hers", "From: W <wo@home.test>\nTo: max@owner.test", Some(Direction::In));
        mail("by name", "From: Wilhelmina Ostrander <w@work.test>\nTo: max@owner.test", Some(Direction::In));
        mail("to her", "From: Max <max@owner.test>\nTo: a@b.test, wo@home.test", Some(Direction::Out));
        mail(
            "copied",
            "From: Max <max@owner.test>\nTo: a@b.test\nCc: Wilhelmina Ostrander <x@y.test>",
            Some(Direction::Out),
        );
        mail("to others", "From: W <wo@home.test>\nTo: a@b.test", None);
        mail("somebody else's", "From: Willem Ostrander <x@y.test>\nTo: max@owner.test", None);
        mail("a network", "From: Wilhelmina Ostrander <invitations@linkedin.com>\nTo: max@owner.test", None);
        mail("a list", "From: W <wo@home.test>\nTo: max@owner.test\nList-Id: <x.test>", None);
        mail("away", "From: W <wo@home.test>\nTo: max@owner.test\nAuto-Submitted: auto-replied", None);
    }
}
