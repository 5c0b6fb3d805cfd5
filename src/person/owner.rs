//! The owner: whose mail, calendar and etiquette this is.
use super::{Address, Domain, Name};
use jiff::tz::TimeZone;

/// The owner's names, addresses and organisation: taken out of titles, footers and salutations first.
#[derive(Debug, Clone)]
pub struct Owner {
    pub names: Vec<Name>,
    pub addresses: Vec<Address>,
    /// Domains of the owner's organisation: who writes from there is a colleague. Never a freemail domain.
    pub organisation: Vec<Domain>,
    pub zone: TimeZone,
}

impl Owner {
    #[must_use]
    pub fn has_address(&self, address: &Address) -> bool {
        self.addresses.contains(address)
    }
    #[must_use]
    pub fn is_colleague(&self, address: &Address) -> bool {
        let domain = address.domain();
        self.organisation.iter().any(|d| domain.within(d.as_str()))
    }
}
