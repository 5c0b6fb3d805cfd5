//! Modified UTF-7 (RFC 3501 §5.1.3), in which IMAP writes folder names: `Entw&APw-rfe`. Only for people's eyes; a folder is
//! always asked for by the bytes the server gave.

/// The name as people read it; what is no modified UTF-7 stays as it is.
pub(super) fn decode(name: &[u8]) -> String {
    let plain = String::from_utf8_lossy(name).into_owned();
    if !name.is_ascii() { plain } else { decoded(&plain).unwrap_or(plain) }
}

fn decoded(name: &str) -> Option<String> {
    let mut out = String::new();
    let mut rest = name;
    while let Some((before, shifted)) = rest.split_once('&') {
        out.push_str(before);
        let (run, after) = shifted.split_once('-')?;
        if run.is_empty() {
            out.push('&');
        } else {
            out.push_str(&unit_run(run)?);
        }
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

fn unit_run(run: &str) -> Option<String> {
    let (mut bits, mut held, mut units) = (0u32, 0u32, Vec::new());
    for b in run.bytes() {
        bits = (bits << 6 | sextet(b)?) & 0x3f_ffff;
        held += 6;
        if held >= 16 {
            held -= 16;
            units.push(u16::try_from(bits >> held & 0xffff).ok()?);
        }
    }
    String::from_utf16(&units).ok()
}

fn sextet(b: u8) -> Option<u32> {
    Some(u32::from(match b {
        b'A'..=b'Z' => b - b'A',
        b'a'..=b'z' => b - b'a' + 26,
        b'0'..=b'9' => b - b'0' + 52,
        b'+' => 62,
        b',' => 63,
        _ => return None,
    }))
}

#[cfg(test)]
mod tests {
    #[track_caller]
    fn case(wire: &str, want: &str) {
        assert_eq!(super::decode(wire.as_bytes()), want);
    }

    #[test]
    fn folder_names_are_read() {
        case("INBOX", "INBOX");
        case("Entw&APw-rfe", "Entwürfe");
        case("~peter/mail/&U,BTFw-/&ZeVnLIqe-", "~peter/mail/台北/日本語");
        case("Fish &- Chips", "Fish & Chips");
        case("&2D3eAA-", "😀");
        case("&broken", "&broken");
        case("&!!-", "&!!-");
        case("Entwürfe", "Entwürfe");
    }
}
