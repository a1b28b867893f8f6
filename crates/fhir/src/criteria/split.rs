//! Escapes of search values (FHIR R4, "Escaping Search Parameters"): `\,` `\|` `\$` `\\`.

use super::error::CriterionError;

/// The parts between separators that are not escaped; escapes stay.
pub(super) fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut from, mut escaped) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == separator {
            parts.extend(text.get(from..at));
            from = at + c.len_utf8();
        }
    }
    parts.extend(text.get(from..));
    parts
}

/// The text without its escapes.
pub(super) fn unescape(text: &str) -> Result<Box<str>, CriterionError> {
    let mut plain = String::with_capacity(text.len());
    let mut letters = text.chars();
    while let Some(c) = letters.next() {
        plain.push(match c {
            '\\' => letters.next().filter(|c| matches!(c, ',' | '|' | '$' | '\\')).ok_or(CriterionError::BadEscape)?,
            c => c,
        });
    }
    Ok(plain.into())
}

/// The text with escapes.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, ',' | '|' | '$' | '\\') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
