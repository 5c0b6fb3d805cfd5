//! What the header alone decides, so that a mailbox door fetches bodies only of what can matter.
use super::{Reading, WhyNot, is_ours};
use crate::message::Message;

/// `Some`: the body cannot change the answer. Read from a message that has only its header.
#[must_use]
pub fn by_header(message: &Message<'_>, reading: &Reading<'_>) -> Option<WhyNot> {
    if is_ours(message) {
        return Some(WhyNot::Ours);
    }
    if message.from().iter().filter_map(|m| m.address.as_ref()).any(|a| reading.owner.has_address(a)) {
        return Some(WhyNot::Outgoing);
    }
    if message.marks().report {
        return Some(WhyNot::Automatic);
    }
    None
}
