//! The networks as data.

/// All known networks, ready for matching.
#[derive(Debug, Clone, Default)]
pub struct Catalogue {}
