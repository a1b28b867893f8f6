use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A text as string search compares it: without case, without accents and other marks, each run of white space one blank
/// (FHIR R4, "string": insensitive to case and to combining characters).
pub fn fold(text: &str) -> Cow<'_, str> {
    let plain = |b: u8| b == b' ' || (b.is_ascii_graphic() && !b.is_ascii_uppercase());
    let tidy = !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ");
    if tidy && text.bytes().all(plain) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    let mut blank = false;
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_whitespace() {
            blank = !folded.is_empty();
            continue;
        }
        if std::mem::take(&mut blank) {
            folded.push(' ');
        }
        if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else {
            // By way of the capitals, so that ß meets SS and both small sigmas meet.
            folded.extend(c.to_uppercase().flat_map(char::to_lowercase));
        }
    }
    Cow::Owned(folded)
}
