//! One entry in fixed-pitch rows, as the plain part prints it and as the page counts its room.
use super::page::Entry;
use super::width::{pad, width, wrap};

/// Columns of the plain text.
const COLUMNS: usize = 78;
const NAME: usize = 22;
const CODE: usize = 6;

/// One entry in fixed-pitch rows, further in under a group's heading: name, code and sentence in columns; a name too wide for its column has a row of its own.
pub(super) fn rows(e: &Entry, strip: Option<&str>, heading: bool) -> Vec<String> {
    let code = e.code.as_deref().map(|c| pad(c, CODE)).unwrap_or_default();
    let indent = if heading { 4 } else { 2 };
    let margin = " ".repeat(indent);
    let room = NAME + 2 - indent;
    let column = 2 + NAME + width(&code);
    let mut say = e.say.clone();
    say.extend(e.was.iter().map(|was| format!(" ({was})")));
    say.extend(e.remarks.iter().map(|r| format!("; {r}")));
    let mut body = wrap(&say, COLUMNS - column).into_iter();
    let mut rows = Vec::new();
    if width(&e.name) < room {
        rows.push(format!("{margin}{}{code}{}", pad(&e.name, room), body.next().unwrap_or_default()));
    } else {
        let named = wrap(&format!("{}  {code}", e.name), COLUMNS - indent);
        rows.extend(named.iter().map(|l| format!("{margin}{l}")));
    }
    rows.extend(body.map(|l| format!("{}{l}", " ".repeat(column))));
    let from = e.address.iter().map(|a| format!("from {a}"));
    let quote = e.quote.iter().map(|q| format!("“{q}”"));
    let under = from.chain(quote).flat_map(|s| wrap(&s, COLUMNS - indent - 2));
    rows.extend(under.chain(strip.map(str::to_owned)).map(|l| format!("{margin}  {l}")));
    rows
}
