//! What stands below and around one's words without being words: signatures, closings, names, disclaimers, banners.
use super::subject::untagged;
use super::vocabulary::vocabulary;
use crate::person::Mailbox;
use std::borrow::Cow;

/// Lines after a closing that may still be a signature; a longer tail is text.
const SIGNATURE: usize = 25;
/// Full lines from the top among which gateways put their warnings.
const TOP: usize = 12;

/// The own words and the signature, if there is one.
pub(super) fn own(mut lines: Vec<Cow<'_, str>>, from: &[Mailbox]) -> (String, Option<String>) {
    cut_banners(&mut lines);
    cut_disclaimers(&mut lines);
    trim(&mut lines);
    let (at, keep_first) = match signature(&lines) {
        Some((at, keep)) => (at, keep),
        None => (by_name(&lines, from).unwrap_or(lines.len()), false),
    };
    let tail = lines.split_off((at + usize::from(keep_first)).min(lines.len()));
    let (signed, post) = postscript(tail);
    lines.extend(post);
    trim(&mut lines);
    let signed: Vec<&str> =
        signed.iter().map(|l| l.trim()).skip_while(|l| l.is_empty() || separator(l) || plain_closing(l)).collect();
    let signed = signed.join("\n").trim().to_owned();
    (folded(&lines), (!signed.is_empty()).then_some(signed))
}

/// At most one blank line between paragraphs.
fn folded(lines: &[Cow<'_, str>]) -> String {
    let mut out = String::new();
    let mut gap = false;
    for line in lines {
        let blank = line.trim().is_empty();
        if !blank {
            out.push_str(if out.is_empty() {
                ""
            } else if gap {
                "\n\n"
            } else {
                "\n"
            });
            out.push_str(line.trim_end());
        }
        gap = blank;
    }
    out
}

fn trim(lines: &mut Vec<Cow<'_, str>>) {
    while lines.last().is_some_and(|l| l.trim().is_empty() || rule(l)) {
        lines.pop();
    }
    let first = lines.iter().position(|l| !l.trim().is_empty()).unwrap_or(0);
    lines.drain(..first);
}

/// A drawn line: `_____`, `-----`, `=====`.
fn rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 5 && line.chars().all(|c| matches!(c, '_' | '-' | '=' | '*' | '—'))
}

fn separator(line: &str) -> bool {
    matches!(line.trim_end(), "--" | "-- " | "—" | "---") || rule(line)
}

/// A text without the warnings gateways put above it, and without their tag before its first words.
pub(crate) fn without_banners(text: &str) -> String {
    let mut lines: Vec<Cow<'_, str>> = text.lines().map(Cow::Borrowed).collect();
    cut_banners(&mut lines);
    if let Some(first) = lines.iter_mut().find(|l| !l.trim().is_empty()) {
        *first = untagged(first.trim_start()).to_owned().into();
    }
    lines.join("\n")
}

/// Gateways' warnings: the paragraph around one of their phrases, if it stands at the top and is short.
fn cut_banners(lines: &mut Vec<Cow<'_, str>>) {
    for _ in 0..8 {
        let mut full = 0;
        let hit = lines.iter().position(|l| {
            full += usize::from(!l.trim().is_empty());
            full <= TOP && warns(l)
        });
        let beyond = lines.iter().take(hit.unwrap_or(0)).filter(|l| !l.trim().is_empty()).count() >= TOP;
        let Some(hit) = hit.filter(|_| !beyond) else {
            return;
        };
        let (start, end) = paragraph(lines, hit);
        let end = warning_end(lines, hit, end);
        let start = if hit - start <= 3 { start } else { hit };
        lines.drain(start..end);
    }
}

fn warns(line: &str) -> bool {
    vocabulary().banners.within(line) || shouts(line)
}

/// "CAUTION: …", "ACHTUNG! …", "【注意】…": an alarm in capitals, parted from what follows.
fn shouts(line: &str) -> bool {
    let line = line.trim_start_matches(|c: char| !c.is_alphanumeric());
    let Some(at) = line.find([':', '!', ']', '】', '：', '！', '*', '|']) else { return false };
    let (word, rest) = line.split_at(at);
    // A tag in brackets may stand right before the letter's first words.
    let tag = rest.starts_with([']', '】']) && rest.chars().any(char::is_alphanumeric);
    !tag && !word.chars().any(char::is_lowercase) && vocabulary().alarm(&word.trim().to_lowercase())
}

/// Where the warning ends within its paragraph. HTML sets it right above the letter, so it ends with its sentence; one
/// line more is its second sentence.
fn warning_end(lines: &[Cow<'_, str>], hit: usize, end: usize) -> usize {
    let phrase_last = |l: &str| vocabulary().banners.ends(l);
    let mark = |l: &str| l.ends_with(['.', '!', '?', ']', '。', '！', '*', '>']) || phrase_last(l);
    // Only a line as long as a mailer's wrap goes on below.
    let goes_on = |l: &Cow<'_, str>| (50..=100).contains(&l.trim().chars().count()) && !mark(l.trim());
    let line = |i: usize| lines.get(i);
    let mut at = hit + 1;
    while at < end && at - hit <= 5 {
        let open = line(at - 1).is_some_and(goes_on);
        if !open && !line(at).is_some_and(|l| warns(l)) {
            break;
        }
        at += 1;
    }
    if end - at == 1 && !line(at).is_some_and(|l| l.contains(',')) { end } else { at }
}

fn paragraph(lines: &[Cow<'_, str>], at: usize) -> (usize, usize) {
    let blank = |l: &Cow<'_, str>| l.trim().is_empty();
    let start = lines.iter().take(at).rposition(blank).map_or(0, |i| i + 1);
    let end = lines.iter().skip(at).position(blank).map_or(lines.len(), |i| at + i);
    (start, end)
}

/// A paragraph with a disclaimer's phrase goes; one that begins as a letter does is no disclaimer.
fn cut_disclaimers(lines: &mut Vec<Cow<'_, str>>) {
    let mut keep = vec![true; lines.len()];
    let mut at = 0;
    while at < lines.len() {
        let (start, end) = paragraph(lines, at);
        let text = match lines.get(start..end).unwrap_or_default() {
            [line] => Cow::Borrowed(line.as_ref()),
            lines => Cow::Owned(lines.join(" ")),
        };
        if start < end && vocabulary().disclaimers.within(&text) {
            disclaimed(lines, start, end, &mut keep);
        }
        at = end.max(at) + 1;
    }
    let mut kept = keep.into_iter();
    lines.retain(|_| kept.next().unwrap_or(true));
}

/// HTML often sets signature and disclaimer in one paragraph: cut from its first disclaiming line on.
fn disclaimed(lines: &[Cow<'_, str>], start: usize, end: usize, keep: &mut [bool]) {
    let first =
        (start..end).find(|i| lines.get(*i).is_some_and(|l| vocabulary().disclaimers.within(l))).unwrap_or(start);
    // a phrase broken over two lines is in none of them alone; a hard-wrapped paragraph begins above its phrase
    let wrapped = lines.get(start..first).unwrap_or_default().iter().all(|l| l.chars().count() >= 55);
    let from = if wrapped { start } else { first };
    keep.iter_mut().take(end).skip(from).for_each(|k| *k = false);
}

/// Where the signature begins, and whether its first line is content (thanks) all the same.
fn signature(lines: &[Cow<'_, str>]) -> Option<(usize, bool)> {
    let dashes = lines.iter().position(|l| matches!(l.trim_end(), "--" | "—") && !l.starts_with(' '));
    let mobile = lines.iter().position(|l| {
        l.len() <= 160 && vocabulary().sent_with.begins(l.trim().trim_start_matches(['<', '[', '*', '(']))
    });
    let closing = (0..lines.len()).filter(|i| tail_is_short(lines, *i)).find_map(|i| closes(lines, i));
    let earliest = [dashes, mobile].into_iter().flatten().min();
    match (closing, earliest) {
        (Some((c, keep)), Some(e)) if c < e => Some((c, keep)),
        (Some(found), None) => Some(found),
        (_, Some(e)) => Some((e, false)),
        (None, None) => None,
    }
}

fn tail_is_short(lines: &[Cow<'_, str>], at: usize) -> bool {
    let tail = lines.get(at + 1..).unwrap_or_default();
    tail.len() <= SIGNATURE * 2 && tail.iter().filter(|l| !l.trim().is_empty()).count() <= SIGNATURE
}

fn bare(line: &str) -> String {
    line.trim()
        .trim_end_matches([',', '.', '!', ';', ':', '-', '–', '，', '。', '！'])
        .trim_matches(['*', '_'])
        .trim()
        .to_lowercase()
}

/// A closing that is no content.
fn plain_closing(line: &str) -> bool {
    vocabulary().closing(&bare(line))
}

/// Is this line a closing, with nothing like prose after it?
fn closes(lines: &[Cow<'_, str>], at: usize) -> Option<(usize, bool)> {
    let line = lines.get(at)?;
    if line.chars().count() > 60 {
        return None;
    }
    let words = bare(line);
    let thanks = vocabulary().thanks(&words);
    // "Best regards, Jane" and "Thanks, Jane" in one line
    let one_line = words.split_once(',').is_some_and(|(c, name)| vocabulary().closing(c.trim()) && name_like(name));
    if !thanks && !vocabulary().closing(&words) && !one_line {
        return None;
    }
    let rest: Vec<&Cow<'_, str>> = lines.get(at + 1..)?.iter().filter(|l| !l.trim().is_empty()).collect();
    let prose = rest.iter().take_while(|l| !is_postscript(l)).filter(|l| prose(l)).count();
    let named = rest.first().is_none_or(|l| name_like(l) || l.chars().count() <= 40 || plain_closing(l));
    let first = line.trim().chars().next().is_some_and(|c| !c.is_lowercase()) || one_line;
    (prose == 0 && named && (first || rest.len() <= 3) && !(thanks && rest.is_empty())).then_some((at, thanks))
}

/// Sentences, as against lines of a signature.
fn prose(line: &str) -> bool {
    let line = line.trim();
    let words = line.split_whitespace().count();
    words > 14 || words >= 6 && line.ends_with(['.', '!', '?']) && !line.contains('|')
}

fn name_like(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    (1..=5).contains(&words.len()) && line.chars().count() <= 50 && !line.trim_end().ends_with(['?', '!', ':'])
}

fn is_postscript(line: &str) -> bool {
    let head: String =
        line.trim().chars().take(6).filter(|c| !matches!(c, '.' | ' ')).flat_map(char::to_lowercase).collect();
    ["ps:", "pps", "ps-", "ps "].iter().any(|p| head.starts_with(p))
        || (head.starts_with("ps") && line.trim().starts_with("P.S"))
}

/// What follows "P.S." is the sender's own again.
fn postscript(tail: Vec<Cow<'_, str>>) -> (Vec<Cow<'_, str>>, Vec<Cow<'_, str>>) {
    match tail.iter().position(|l| is_postscript(l)) {
        Some(at) => {
            let mut signed = tail;
            let mut post = signed.split_off(at);
            post.insert(0, Cow::default());
            (signed, post)
        }
        None => (tail, Vec::new()),
    }
}

/// No closing, but the last line is the sender's name or its first word.
fn by_name(lines: &[Cow<'_, str>], from: &[Mailbox]) -> Option<usize> {
    let name = from.first()?.name.as_ref()?.as_str().to_lowercase();
    let last = bare(lines.last()?).trim_start_matches(['-', '–', '—', ' ']).to_owned();
    let first = name.split_whitespace().next().unwrap_or_default();
    (!last.is_empty() && lines.len() > 1 && (last == name || last == first)).then(|| lines.len() - 1)
}
