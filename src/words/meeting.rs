//! Words that tell the kind of a meeting and whether it was called off.
use serde::Deserialize;

/// `[meeting]` of a language file.
///
/// A phrase matches whole words, whatever their case and accents; `*` at its beginning or end stands for the rest of a
/// word (`haastattelu*`), and a phrase in a script without spaces matches anywhere. Where one phrase lies inside a
/// longer one, only the longer counts: that is how `interview debrief` is no `interview` and `lunch and learn` no `lunch`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MeetingWords {
    /// A job interview, by these words alone.
    pub interview: Vec<String>,
    /// An interview by phone, a first screening.
    pub phone_screen: Vec<String>,
    /// An interview only if the title names a person: `entretien`, `panel`.
    pub maybe_interview: Vec<String>,
    pub coffee: Vec<String>,
    pub meal: Vec<String>,
    pub drink: Vec<String>,
    /// Ordinary business; also what holds the word for an interview and is none: `user interview`.
    pub meeting: Vec<String>,
    pub call: Vec<String>,
    pub talk: Vec<String>,
    /// Too open to say: `informational interview`, `chat`.
    pub unclear: Vec<String>,
    /// Among colleagues about somebody absent: `debrief`. Beats the word for an interview.
    pub internal: Vec<String>,
    /// Private life, deadlines, and other entries that are no meetings.
    pub personal: Vec<String>,
    /// Phrases of a description that only stand in an interview's.
    pub described: Vec<String>,
    /// What mail programs write before the title of a cancelled entry, without the colon.
    pub cancelled: Vec<String>,
    /// What they write before the title of one that was sent on or changed: `fwd`, `updated`.
    pub prefixes: Vec<String>,
    /// The same before a tentative one.
    pub hold: Vec<String>,
    /// Whole titles of entries that show only that the time is taken.
    pub busy: Vec<String>,
    /// Words before a person's name: `with`.
    pub with: Vec<String>,
    /// Words before what it is about, a role or a person: `for`. Behind a name, what follows is a role.
    pub purpose: Vec<String>,
    /// Words that join two names: `and`.
    pub and: Vec<String>,
    /// Words that no name holds: roles, teams, business, times of the day.
    pub no_name: Vec<String>,
    /// Months and seasons: no names by themselves, but August Strand and Laura Winter are people.
    pub months: Vec<String>,
    /// Days of the week, which are family names, too.
    pub weekdays: Vec<String>,
    /// Endings of trades that families bear as well (`*bauer`): a trade alone, a name behind another one. In scripts
    /// without spaces what is written together with one is a trade.
    pub trades: Vec<String>,
    /// Words of the other lists, of any language, that people bear as names: `una`, `an`, `june`.
    pub also_names: Vec<String>,
    /// Labels before the title that a booking was given: `event name`.
    pub booked: Vec<String>,
    /// Labels before the other person's name in the text of a booking: `invitee`.
    pub invitee: Vec<String>,
}
