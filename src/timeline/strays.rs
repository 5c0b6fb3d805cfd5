//! What came but stands on nobody's timeline: still told, as a count or a line.
use super::Request;
use crate::letter::NetworkId;
use jiff::Timestamp;

/// One mail that belongs to nobody's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stray {
    pub network: Option<NetworkId>,
    pub at: Timestamp,
    /// When thankd first recorded it.
    pub recorded_at: Timestamp,
    /// How many people it stands for.
    pub count: u32,
}

/// What came but stands on no timeline.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Strays {
    /// Forged requests: judged (`etiquette::judge_stray`) and counted, but they touch nobody's timeline.
    pub forged: Vec<Request>,
    /// Mails that are no request, but positively not from the network they look like.
    pub forged_mails: Vec<Stray>,
    /// "You have 3 new invitations", naming nobody.
    pub nameless: Vec<Stray>,
    /// From a network, in no form the catalogue knows.
    pub unreadable: Vec<Stray>,
    /// Follows by nobody in particular.
    pub harmless: Vec<Stray>,
}
