//! What a sheet of style hides from the reader.
//!
//! Preheaders, tracking blocks and words meant for filters only stand in the mail but on no screen: they are nobody's own
//! words. Only what surely hides counts, as text lost is a note lost: rules under a condition (`@media (…)`) and rules
//! whose place is not told by class, id or element alone are left out.

/// Declarations whose value alone hides.
const HIDES: [(&str, &[&str]); 6] = [
    ("display", &["none"]),
    ("visibility", &["hidden", "collapse"]),
    ("mso-hide", &["all"]),
    ("color", &["transparent"]),
    ("clip", &["rect(0,0,0,0)", "rect(0000)", "rect(0px,0px,0px,0px)", "rect(1px,1px,1px,1px)"]),
    ("clip-path", &["inset(50%)", "inset(100%)", "circle(0)"]),
];

const WHITE: [&str; 4] = ["#fff", "#ffffff", "white", "rgb(255,255,255)"];

/// Pixels beyond the edge from which nothing shows.
const OFF: f32 = -90.0;

/// Rules beyond this are not looked at: each costs a look at each element.
const MOST: usize = 64;
/// Style beyond this is not read.
const LONGEST: usize = 256 * 1024;

/// The declarations of one `style` attribute or rule, lower case, without blanks.
pub(super) struct Declared(Vec<(String, String)>);

impl Declared {
    pub(super) fn new(style: &str) -> Self {
        let tight =
            |s: &str| -> String { s.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_lowercase()).collect() };
        let each = style.split(';').filter_map(|d| d.split_once(':'));
        Declared(each.map(|(k, v)| (tight(k), tight(v).trim_end_matches("!important").to_owned())).collect())
    }

    /// The last one holds.
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().rev().find(|(k, _)| k == key).map(|(_, v)| v.as_str())
    }

    fn pixels(&self, key: &str) -> Option<f32> {
        self.get(key).and_then(pixels)
    }

    /// Is this unseen, whatever is around it?
    pub(super) fn hides(&self) -> bool {
        let by_value = HIDES.iter().any(|(key, values)| self.get(key).is_some_and(|v| values.contains(&v)));
        let is_zero = |key: &str| self.pixels(key).is_some_and(|p| p <= 1.0);
        let cut_off = self.get("overflow").is_some_and(|v| v == "hidden");
        let boxed = ["height", "max-height", "width", "max-width"].into_iter().any(is_zero);
        let placed = self.get("position").is_some_and(|v| v == "absolute" || v == "fixed");
        let off = |key: &str| self.pixels(key).is_some_and(|p| p <= OFF);
        let aside = placed && ["left", "top", "right", "bottom"].into_iter().any(off);
        by_value
            || self.get("opacity").and_then(|v| v.parse().ok()).is_some_and(|v: f32| v <= 0.05)
            || is_zero("font-size")
            || cut_off && boxed
            || aside
            || off("text-indent")
            || ["margin-left", "margin-top"].into_iter().any(|key| self.pixels(key).is_some_and(|p| p <= -900.0))
            || self.get("color").is_some_and(|c| c.starts_with("rgba(") && c.ends_with(",0)"))
            || self.get("color").is_some_and(|c| self.background().is_some_and(|b| alike(c, b)))
    }

    pub(super) fn background(&self) -> Option<&str> {
        self.get("background-color").or_else(|| self.get("background"))
    }

    /// White letters: unseen where nothing was painted.
    pub(super) fn is_white(&self) -> bool {
        self.get("color").is_some_and(white) && self.background().is_none()
    }

    fn shows(&self) -> bool {
        self.get("display").is_some_and(|v| v != "none")
    }
}

pub(super) fn white(colour: &str) -> bool {
    WHITE.iter().any(|w| colour.eq_ignore_ascii_case(w))
}

fn alike(a: &str, b: &str) -> bool {
    a == b || white(a) && white(b)
}

/// A length, roughly: `0`, `1px`, `-9999em`; of percents only none at all.
fn pixels(value: &str) -> Option<f32> {
    let unit = value.find(|c: char| c.is_ascii_alphabetic() || c == '%').unwrap_or(value.len());
    let (number, unit) = value.split_at(unit);
    let number: f32 = number.parse().ok()?;
    match unit {
        "" | "px" | "pt" => Some(number),
        "em" | "rem" => Some(number * 16.0),
        _ => (number == 0.0).then_some(0.0),
    }
}

/// The rules of a mail that hide something.
#[derive(Default)]
pub(super) struct Sheet {
    rules: Vec<Rule>,
}

/// An element, its classes and ids as `.x` and `#x`; all must fit.
#[derive(PartialEq, Eq)]
struct Rule {
    element: String,
    marks: Vec<String>,
}

impl Sheet {
    /// From all `<style>` of a mail but those in comments, which only some programs read.
    pub(super) fn of(html: &str) -> Sheet {
        let mut sheet = Sheet::default();
        let mut at = 0;
        while let Some(lt) = memchr::memchr(b'<', html.as_bytes().get(at..).unwrap_or_default()) {
            at += lt;
            let rest = html.get(at..).unwrap_or_default();
            let named = |name: &str| rest.get(..name.len()).is_some_and(|n| n.eq_ignore_ascii_case(name));
            let end = if named("<!--") {
                memchr::memmem::find(rest.as_bytes(), b"-->")
            } else if named("<style") {
                let end = memchr::memmem::find(rest.as_bytes(), b"</").filter(|end| *end <= LONGEST);
                let css = rest.get(..end.unwrap_or(0)).and_then(|tag| tag.split_once('>'));
                css.iter().for_each(|(_, css)| sheet.read(css));
                end
            } else {
                Some(1)
            };
            // What never ends hides nothing, and is not looked for again.
            let Some(end) = end else { break };
            at += end.max(1);
        }
        sheet
    }

    fn read(&mut self, css: &str) {
        let mut rest = css.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '<' | '!' | '-'));
        while let Some((head, tail)) = rest.split_once('{') {
            let selectors = head.rsplit(['}', ';', '/']).next().unwrap_or(head).trim();
            if selectors.starts_with('@') {
                // `@media screen {` is every screen; under a condition nothing is sure.
                let always = !selectors.contains(['(', ',']) && !selectors.contains("print");
                rest = if always { tail } else { after_block(tail) };
                continue;
            }
            let (body, after) = tail.split_once('}').unwrap_or((tail, ""));
            let declared = Declared::new(body);
            for rule in selectors.split(',').filter_map(Rule::of) {
                self.rules.retain(|r| *r != rule || !declared.shows());
                if declared.hides() && self.rules.len() < MOST {
                    self.rules.push(rule);
                }
            }
            rest = after;
        }
    }

    /// Does a rule hide such an element? `style` is its own, and wins.
    pub(super) fn hides(&self, element: &str, class: &str, id: &str, style: &Declared) -> bool {
        let has = |mark: &String| match mark.strip_prefix('#') {
            Some(wanted) => id == wanted,
            None => class.split_ascii_whitespace().any(|c| mark.strip_prefix('.') == Some(c)),
        };
        let fits = |r: &Rule| (r.element.is_empty() || r.element == element) && r.marks.iter().all(has);
        !style.shows() && self.rules.iter().any(fits)
    }
}

impl Rule {
    /// `.x`, `div.x`, `body td #x`: elements before the last may stand around; classes there are a condition.
    fn of(selector: &str) -> Option<Rule> {
        let last = selector.split_whitespace().last()?;
        let around = selector.trim().strip_suffix(last)?;
        if around.contains(['.', '#', '[', ':', '+', '~', '>']) || last.contains(['[', ':', '+', '~', '>', '*', '@']) {
            return None;
        }
        let marks_at = last.find(['.', '#']).unwrap_or(last.len());
        let (element, mut marks) = last.split_at(marks_at);
        let element = element.to_ascii_lowercase();
        let mut rule = Rule { element, marks: Vec::new() };
        while !marks.is_empty() {
            let next = marks.get(1..).and_then(|m| m.find(['.', '#'])).map_or(marks.len(), |n| n + 1);
            let (mark, others) = marks.split_at(next);
            rule.marks.push(mark.to_owned());
            marks = others;
        }
        // A whole mail is never hidden.
        let all = rule.marks.is_empty() && matches!(rule.element.as_str(), "" | "body" | "html");
        (!all).then_some(rule)
    }
}

/// What follows the block's own `}`.
fn after_block(inside: &str) -> &str {
    let mut depth = 1_u32;
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return inside.get(at + 1..).unwrap_or_default();
        }
    }
    ""
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_that_hide() {
        for style in [
            "display:none",
            "DISPLAY : None !important",
            "visibility:hidden",
            "mso-hide:all",
            "opacity:0",
            "opacity: 0.0",
            "font-size:0",
            "font-size: 1px",
            "font-size:0.05em",
            "max-height:0;overflow:hidden",
            "overflow:hidden; height:1px; width:1px",
            "position:absolute;left:-9999px",
            "position:fixed; top:-500px",
            "text-indent:-999em",
            "color:transparent",
            "color:rgba(0,0,0,0)",
            "color:#fff;background:#ffffff",
            "color:#123456; background-color:#123456",
            "margin-left:-9999px",
            "clip: rect(0, 0, 0, 0)",
        ] {
            assert!(Declared::new(style).hides(), "{style}");
        }
        for style in [
            "",
            "display:block",
            "opacity:0.9",
            "font-size:12px",
            "font-size:1em",
            "font-size:100%",
            "line-height:0",
            "height:0",
            "overflow:hidden",
            "overflow:hidden;max-width:600px",
            "left:-9999px",
            "text-indent:-24px",
            "color:#fff",
            "color:#fff;background:#0a66c2",
            "margin-left:-5px",
            "position:absolute;left:0",
            "display:none;display:block",
        ] {
            assert!(!Declared::new(style).hides(), "{style}");
        }
    }

    #[test]
    fn rules_that_hide() {
        let hides = |css: &str| {
            let sheet = Sheet::of(&format!("<html><head><style type=\"text/css\">{css}</style></head>"));
            sheet.hides("div", "a pre", "top", &Declared::new(""))
        };
        for css in [
            ".pre{display:none}",
            "div.pre { opacity:0 }",
            ".x, .pre {font-size:0}",
            "#top{visibility:hidden}",
            "<!-- .pre{display:none} -->",
            "@media screen { .pre{display:none} }",
            "body .pre{display:none}",
            ".a.pre{display:none}",
            "div{display:none}",
            "@import url(x); .pre{display:none}",
            "/* x */ .pre{display:none}",
        ] {
            assert!(hides(css), "{css}");
        }
        for css in [
            ".post{display:none}",
            "span.pre{display:none}",
            "@media (max-width:600px){.pre{display:none}}",
            "@media print{.pre{display:none}}",
            ".pre:hover{display:none}",
            ".dark .pre{display:none}",
            ".pre{display:none} .pre{display:block}",
            ".pre{color:red}",
            "body{display:none}",
            ".a.b{display:none}",
        ] {
            assert!(!hides(css), "{css}");
        }
        let sheet = Sheet::of("<!--[if mso]><style>.pre{display:none}</style><![endif]-->");
        assert!(!sheet.hides("div", "pre", "", &Declared::new("")));
        let sheet = Sheet::of("<style>.pre{display:none}</style>");
        assert!(!sheet.hides("div", "pre", "", &Declared::new("display:block")));
    }
}
