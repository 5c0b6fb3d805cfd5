//! Words that the message room needs: banners, quote headers, disclaimers, signatures. All are compared in lower case.
use serde::Deserialize;

/// `[message]` of a language file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MessageWords {
    /// Words that stand where a name should and name no one: "someone", "new message".
    pub nobody: Vec<String>,
    /// Verbs of the line above a quote: "On … Jane **wrote**:".
    pub wrote: Vec<String>,
    /// Labels of the header block above a quote, without colon.
    pub from: Vec<String>,
    pub sent: Vec<String>,
    pub to: Vec<String>,
    pub cc: Vec<String>,
    pub subject: Vec<String>,
    /// What stands above a forwarded mail: "Forwarded message".
    pub forwarded: Vec<String>,
    /// What stands above a quoted mail: "Original Message".
    pub original: Vec<String>,
    /// Subject prefixes of forwards, without colon: `fwd`, `wg`, `tr`.
    pub forward_prefixes: Vec<String>,
    /// Bracketed tags which gateways put before a subject: `external`.
    pub tags: Vec<String>,
    /// Beginnings of the lines mobile programs add: "Sent from my".
    pub sent_with: Vec<String>,
    /// Whole lines before a name that are no content: "Best regards".
    pub closings: Vec<String>,
    /// The same, but they say thanks and so stay among the own words: "Thanks again".
    pub thanks: Vec<String>,
    /// Phrases of which one makes a paragraph a disclaimer.
    pub disclaimers: Vec<String>,
    /// Words that open a gateway's warning in capitals: "CAUTION:".
    pub alarms: Vec<String>,
    /// Phrases of which one makes a paragraph at the top a gateway's warning.
    pub banners: Vec<String>,
}
