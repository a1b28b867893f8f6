//! Text from elsewhere, made harmless for a terminal.

use std::borrow::Cow;
use std::fmt::Write;

/// Whether a character would act on a terminal, or turn the order of what is read, instead of being shown.
fn acts(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// One line: white space of any kind becomes a space, what acts on a terminal is written out as `\u{1b}`.
pub(crate) fn line(text: &str) -> Cow<'_, str> {
    if !text.chars().any(acts) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(escaped(text, |c| matches!(c, '\n' | '\r' | '\t'), ' '))
}

/// Lines: as [`line`], but line breaks stay.
pub(crate) fn lines(text: &str) -> Cow<'_, str> {
    if !text.chars().any(|c| c != '\n' && acts(c)) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for (index, one) in text.split('\n').enumerate() {
        if index > 0 {
            out.push('\n');
        }
        out.push_str(&line(one.strip_suffix('\r').unwrap_or(one)));
    }
    Cow::Owned(out)
}

/// JSON text: what `serde_json` leaves as it is and a terminal would obey becomes `\u009b`. Such characters stand only
/// within texts, where JSON allows the escape.
pub(crate) fn json(text: String) -> String {
    if !text.chars().any(|c| c != '\n' && acts(c)) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\n' && acts(c) {
            // Writing to a text does not fail.
            let _ = write!(out, "\\u{:04x}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

fn escaped(text: &str, is_space: impl Fn(char) -> bool, space: char) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if is_space(c) => out.push(space),
            c if acts(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_drive_the_terminal() {
        assert_eq!(line("Clinic\u{1b}[2J\u{9b}31m"), "Clinic\\u{1b}[2J\\u{9b}31m");
        assert_eq!(line("one\r\ntwo\tthree"), "one  two three");
        assert_eq!(line("a\u{202e}b"), "a\\u{202e}b");
        assert_eq!(lines("one\r\ntwo\u{7}\n"), "one\ntwo\\u{7}\n");
        assert_eq!(line("Peña, 漢字"), "Peña, 漢字");
    }

    #[test]
    fn json_stays_json_and_says_the_same() {
        let value = serde_json::json!({"name": "a\u{9b}b\u{7f}\u{202e}c\nd"});
        let text = json(serde_json::to_string_pretty(&value).unwrap());
        assert!(!text.contains(['\u{9b}', '\u{7f}', '\u{202e}']));
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
