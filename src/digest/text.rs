//! The plain part: first-class, complete, no wider than a terminal.
use super::page::Page;
use super::view::Digest;
use super::width::wrap;
use minijinja::{
    AutoEscape, Environment, Error, context,
    syntax::SyntaxConfig,
    value::{Serde, Value},
};

const TEXT: &str = include_str!("../../config/templates/digest.txt");

/// The digest as plain text.
///
/// # Errors
/// The template cannot be filled; the shipped one always can (tests render it with every kind of digest).
pub fn text(digest: &Digest) -> Result<String, Error> {
    let mut env = environment()?;
    env.add_template("digest.txt", TEXT)?;
    let filled = env.get_template("digest.txt")?.render(context! { page => Serde(Page::of(digest)) })?;
    Ok(tidy(&filled))
}

/// Filters and safety that every template gets: escaping by the template's name, controls stripped from every value.
pub(super) fn environment() -> Result<Environment<'static>, Error> {
    let mut env = Environment::new();
    env.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    env.set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
    env.set_formatter(|out, state, value| match value.as_str() {
        Some(s) if s.chars().any(unprintable) => {
            let seen: String = s.chars().filter(|c| !unprintable(*c)).collect();
            minijinja::escape_formatter(out, state, &Value::from(seen))
        }
        Some(_) | None => minijinja::escape_formatter(out, state, value),
    });
    env.add_filter("hang", hang);
    env.add_filter("pad", |s: String, columns: usize| super::width::pad(&s, columns));
    env.add_filter("upper", |s: String| s.to_uppercase());
    Ok(env)
}

/// A value never carries a control character into a page; line breaks are only ours, from [`hang`] and the template.
fn unprintable(c: char) -> bool {
    c != '\n' && crate::person::invisible(c)
}

/// Wrapped to 78 columns, further lines indented by `indent`.
fn hang(s: String, indent: usize) -> String {
    wrap(&s, 78_usize.saturating_sub(indent)).join(&format!("\n{}", " ".repeat(indent)))
}

/// No blanks at line ends, never two empty lines in a row, one line break at the end.
fn tidy(s: &str) -> String {
    let mut out = String::with_capacity(s.len());
    let mut empty = true;
    for line in s.lines().map(str::trim_end) {
        if !(line.is_empty() && empty) {
            out.push_str(line);
            out.push('\n');
        }
        empty = line.is_empty();
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}
