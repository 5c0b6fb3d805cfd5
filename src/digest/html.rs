//! The HTML part: the same page, for eyes that prefer it.
//!
//! Mail programs are old browsers with holes: tables carry the layout, styles stand inline, and the small style sheet
//! only adds dark mode and narrow screens. Nothing is fetched, nothing links anywhere, and every value is escaped by
//! the template's name.
use super::page::Page;
use super::text::environment;
use super::view::Digest;
use minijinja::value::Serde;
use minijinja::{Error, context};
use serde::Serialize;

const HTML: &str = include_str!("../../config/templates/digest.html");

/// Headings' colours on white; the style sheet has those for the dark.
#[derive(Serialize)]
struct Colour {
    notes: &'static str,
    accept: &'static str,
    early: &'static str,
    unsure: &'static str,
    other: &'static str,
}

const COLOUR: Colour =
    Colour { notes: "#3f6b4f", accept: "#355d86", early: "#80602a", unsure: "#6d5a86", other: "#666c72" };

/// The digest as one self-contained HTML document.
///
/// # Errors
/// The template cannot be filled; the shipped one always can (tests render it with every kind of digest).
pub fn html(digest: &Digest) -> Result<String, Error> {
    let mut env = environment()?;
    env.add_template("digest.html", HTML)?;
    env.get_template("digest.html")?.render(context! { page => Serde(Page::of(digest)), colour => Serde(COLOUR) })
}
