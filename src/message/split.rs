//! placeholder
/// Stands where HTML begins a quotation's container; no text holds it.
pub(super) const MARK: char = '\u{E000}';
