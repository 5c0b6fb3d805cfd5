//! A correspondence as one line: how often word went to and fro, first and last.
//!
//! No list of correspondents is kept (privacy.md). When a verdict needs it, the mailbox is asked for the headers between
//! the owner and one person; what remains of them is this line.
use super::Direction;
use crate::letter::Catalogue;
use crate::message::{Authenticity, Message};
use crate::person::{Address, Mailbox, Name, Outcome, Owner, likeness_of_names, name_key};
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
    ) -> Vec<(usize, Went)> {
        let marks = mail.marks();
        let Some(from) = mail.from().first() else { return Vec::new() };
        // A network writes under the names of its members.
        let network = from.address.as_ref().is_some_and(|a| networks.of_domain(&a.domain()).is_some());
        if network || marks.list || marks.bulk || marks.auto || marks.report || marks.calendar {
            return Vec::new();
        }
        let own = |m: &Mailbox| m.address.as_ref().is_some_and(|a| owner.has_address(a));
        let receivers = || mail.to().iter().chain(mail.cc());
        let (theirs, went): (BTreeSet<usize>, Option<Went>) = if own(from) {
            let went = sent_by_owner(mail, sent);
            (went.iter().flat_map(|_| receivers()).flat_map(|r| self.whose(r)).collect(), went)
        } else {
            let examined = mail.header("Authentication-Results").is_some();
            let went = receivers().any(own).then_some(Went { direction: Direction::In, examined, sure: true });
            (went.iter().flat_map(|_| self.whose(from)).collect(), went)
        };
        went.into_iter().flat_map(|went| theirs.iter().map(move |who| (*who, went))).collect()
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

/// One mail between the owner and somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Went {
    pub direction: Direction,
    /// The receiving server wrote into it what it found out about its sender.
    pub examined: bool,
    /// `Out` only: it is proved that the owner sent it, or nothing speaks of its ever having come in.
    pub sure: bool,
}

/// Did the owner write what bears their address? Anybody can write that line. What the owner sent is proved, or was
/// handed in with a password (RFC 3848), or never came over the net at all: a copy. `None`: it came from elsewhere.
fn sent_by_owner(mail: &Message<'_>, filed: bool) -> Option<Went> {
    const HANDED_IN: [&str; 7] = ["esmtpa", "esmtpsa", "asmtp", "lmtpa", "lmtpsa", "utf8smtpa", "utf8smtpsa"];
    let examined = mail.header("Authentication-Results").is_some();
    let handed_in = |received: &str| {
        let mut words = received.split_whitespace().skip_while(|w| !w.eq_ignore_ascii_case("with")).skip(1);
        words.next().is_some_and(|with| HANDED_IN.contains(&with.trim_end_matches(';').to_lowercase().as_str()))
    };
    let proved = filed || mail.authenticity().0 == Authenticity::Verified;
    let sure = proved || !examined && mail.headers("Received").next().is_none_or(handed_in);
    (sure || !examined).then_some(Went { direction: Direction::Out, examined, sure })
}

/// The line of these mails, in any order; those at or after `until` (a candidacy's beginning) are left out. Where the
/// server examines what comes in, a mail of the owner's that it did not examine did not come in.
#[must_use]
pub fn exchanges(mut mails: Vec<(Timestamp, Went)>, until: Option<Timestamp>) -> Exchanges {
    let examines = mails.iter().any(|(_, went)| went.direction == Direction::In && went.examined);
    mails.retain(|(at, went)| until.is_none_or(|until| *at < until) && (went.sure || examines));
    mails.sort_by_key(|(at, _)| *at);
    let turns = mails.chunk_by(|a, b| a.1.direction == b.1.direction).count();
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

    /// `o` the owner wrote (`?` perhaps), `i` they did (`e` and the server looked at it); one letter a day. `until`: days from the first.
    #[track_caller]
    fn case(name: &str, mails: &str, until: Option<i64>, expected: (u32, i64, i64)) {
        let day = |n: i64| Timestamp::from_second(n * 86_400).unwrap();
        let written = mails.chars().zip(0..).filter(|(c, _)| *c != '.');
        let went = |c| match c {
            'o' | '?' => Went { direction: Direction::Out, examined: false, sure: c == 'o' },
            _ => Went { direction: Direction::In, examined: c == 'e', sure: true },
        };
        let mails = written.map(|(c, n)| (day(n), went(c))).collect();
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
        case("perhaps the owner's, and no server to say", "?i?i?i", None, (0, 1, 5));
        case("perhaps the owner's, beside examined mail", "?e?e?e", None, (3, 0, 5));
        case("what came with the application is left out", "oi.oi.oioioi", Some(6), (2, 0, 4));
    }

    #[track_caller]
    fn mail(name: &str, header: &str, expected: Option<Direction>) {
        filed(name, header, false, expected);
    }

    #[track_caller]
    fn filed(name: &str, header: &str, sent: bool, expected: Option<Direction>) {
        let went = went(header, sent).filter(|w| w.sure);
        assert_eq!(went.map(|w| w.direction), expected, "{name}");
    }

    fn went(header: &str, sent: bool) -> Option<Went> {
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
        found.first().map(|(_, went)| *went)
    }

    #[test]
    fn anybody_can_write_the_owners_address() {
        let to_her = "From: Max <max@owner.test>\nTo: wo@home.test";
        let came = format!("Received: from x.test by mx.owner.test with ESMTP id 1; x\n{to_her}");
        mail("a copy of what was sent", to_her, Some(Direction::Out));
        mail("came from outside", &came, None);
        assert_eq!(went(&came, false).map(|w| w.examined), Some(false), "or was sent, if others are examined");
        filed("came, and lies among what was sent", &came, true, Some(Direction::Out));
        let handed = format!("Received: from x.test by mx.owner.test with ESMTPSA id 1; x\n{to_her}");
        mail("handed in with a password", &handed, Some(Direction::Out));
        let below = format!("Received: from x.test by mx.owner.test with ESMTPS; x\n{handed}");
        mail("handed in elsewhere, as somebody says", &below, None);
        let failed = format!("Authentication-Results: mx.owner.test; dmarc=fail header.from=owner.test\n{to_her}");
        mail("the domain's policy failed", &failed, None);
        assert_eq!(went(&failed, false), None);
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
