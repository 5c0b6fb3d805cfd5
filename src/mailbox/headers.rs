//! Just enough of RFC 5322 headers to know our own digest again: this door does not read mail, it only must recognise
//! what it may append and what it was sent to look for.
use super::Wanted;

/// A header's value, unfolded and trimmed; the first of that name.
pub(crate) fn value(block: &[u8], name: &str) -> Option<String> {
    let mut lines = block.split(|&b| b == b'\n').map(|l| l.strip_suffix(b"\r").unwrap_or(l));
    let is_named = |l: &[u8]| {
        let (head, rest) = l.split_at(name.len().min(l.len()));
        head.eq_ignore_ascii_case(name.as_bytes()) && rest.first() == Some(&b':')
    };
    let mut out = None;
    for line in lines.by_ref() {
        if line.is_empty() {
            return None;
        }
        if is_named(line) {
            out = line.get(name.len() + 1..).map(<[u8]>::to_vec);
            break;
        }
    }
    let mut out = out?;
    for line in lines.take_while(|l| matches!(l.first(), Some(b' ' | b'\t'))).take(20) {
        out.extend_from_slice(line);
    }
    Some(String::from_utf8_lossy(&out).trim().to_owned())
}

fn message_id(block: &[u8], name: &str) -> Option<String> {
    let v = value(block, name)?;
    let v = v.strip_prefix('<').unwrap_or(&v);
    Some(v.split('>').next().unwrap_or(v).to_owned())
}

/// Is this header block the wanted mail's? Then the Message-ID it has here (`None` inside if it lost that).
pub(crate) fn fits(block: &[u8], wanted: &Wanted) -> Option<Option<String>> {
    let here = message_id(block, "Message-ID");
    let before = message_id(block, "X-Microsoft-Original-Message-ID");
    let digest = value(block, "X-Thankd-Digest");
    let by_id = [&here, &before].into_iter().flatten().any(|id| *id == wanted.message_id);
    let by_digest = wanted.digest.is_some() && digest == wanted.digest;
    (by_id || by_digest).then_some(here)
}

/// Does this mail say of itself that it is a digest of ours?
pub(crate) fn is_ours(bytes: &[u8]) -> bool {
    let auto = value(bytes, "Auto-Submitted").is_some_and(|v| v.eq_ignore_ascii_case("auto-generated"));
    auto && value(bytes, "X-Thankd-Digest").is_some_and(|v| !v.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn case(block: &str, id: &str, digest: Option<&str>, want: Option<Option<&str>>) {
        let w = Wanted { message_id: id.to_owned(), digest: digest.map(str::to_owned) };
        let lf = block.replace("\r\n", "\n");
        for b in [block, lf.as_str()] {
            assert_eq!(fits(b.as_bytes(), &w), want.map(|o| o.map(str::to_owned)), "{b:?}");
        }
    }

    #[test]
    fn a_digest_is_known_again() {
        case("Message-ID: <a@b>\r\n\r\n", "a@b", None, Some(Some("a@b")));
        case("message-id:\r\n <a@b>\r\n\r\n", "a@b", None, Some(Some("a@b")));
        case("Message-ID: <new@x>\r\nX-Microsoft-Original-Message-ID: <a@b>\r\n\r\n", "a@b", None, Some(Some("new@x")));
        case("Message-ID: <new@x>\r\nX-Thankd-Digest: d1\r\n\r\n", "a@b", Some("d1"), Some(Some("new@x")));
        case("X-Thankd-Digest: d1\r\n\r\n", "a@b", Some("d1"), Some(None));
        case("Message-ID: <c@d>\r\n\r\nMessage-ID: <a@b>\r\n", "a@b", None, None);
        case("Message-ID: <c@d>\r\nX-Thankd-Digest: d2\r\n\r\n", "a@b", Some("d1"), None);
        case("", "a@b", None, None);
    }
}
