//! `application/x-www-form-urlencoded`: the query of a request, and the form of a POST.

use crate::error::{Refusal, RequestError};
use crate::limits;
use crate::page;

/// Names and values, decoded, in the order sent. Pairs without a value are left out (FHIR R4 search: a parameter
/// without a value is not stated).
pub(crate) fn pairs(query: &str) -> Result<Vec<(String, String)>, Refusal> {
    let page = query.strip_prefix(page::NAME).is_some_and(|rest| rest.starts_with('='));
    if query.len() > if page { limits::PAGE_QUERY_BYTES } else { limits::QUERY_BYTES } {
        return Err(RequestError::QueryLength.into());
    }
    let mut found = Vec::new();
    for part in query.split('&').filter(|part| !part.is_empty()) {
        if found.len() == limits::PARAMETERS {
            return Err(RequestError::Parameters.into());
        }
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let (name, value) = (decode(name, Plus::Space)?, decode(value, Plus::Space)?);
        if !value.is_empty() {
            found.push((name, value));
        }
    }
    Ok(found)
}

/// What a plus sign means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plus {
    /// In forms.
    Space,
    /// In paths.
    Itself,
}

pub(crate) fn decode(text: &str, plus: Plus) -> Result<String, Refusal> {
    if !text.contains(['%', '+']) {
        return Ok(text.to_owned());
    }
    let mut bytes = text.bytes();
    let mut out = Vec::with_capacity(text.len());
    while let Some(byte) = bytes.next() {
        out.push(match byte {
            b'+' if plus == Plus::Space => b' ',
            b'%' => {
                let high = bytes.next().and_then(hex).ok_or(RequestError::Encoding)?;
                let low = bytes.next().and_then(hex).ok_or(RequestError::Encoding)?;
                high << 4 | low
            }
            other => other,
        });
    }
    String::from_utf8(out).map_err(|_| RequestError::Encoding.into())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

/// Encodes all but what RFC 3986 leaves unreserved and what search values use a lot.
pub(crate) fn encode(out: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~:/,$*".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn pairs_keep_their_order_and_repeat() {
        let found =
            pairs("code=a%7Cb,c&&date=ge2019-01&date=le2019-02-01T10:00:00%2B02:00&name=Ad%C3%A1n+P&x=&y").unwrap();
        let expected =
            [("code", "a|b,c"), ("date", "ge2019-01"), ("date", "le2019-02-01T10:00:00+02:00"), ("name", "Adán P")];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }

    #[test]
    fn loose_encoding_and_floods_are_refused_by_name() {
        for text in ["a=%", "a=%4", "a=%zz", "a=%ff"] {
            assert_eq!(pairs(text), Err(RequestError::Encoding.into()), "{text}");
        }
        assert_eq!(pairs(&"a=b&".repeat(10_000)), Err(RequestError::Parameters.into()));
        assert_eq!(pairs(&format!("a={}", "b".repeat(100_000))), Err(RequestError::QueryLength.into()));
    }

    proptest! {
        #[test]
        fn what_is_encoded_decodes_to_itself(text: String) {
            let mut out = String::new();
            encode(&mut out, &text);
            prop_assert_eq!(decode(&out, Plus::Space).unwrap(), text);
        }

        #[test]
        fn no_query_makes_it_fall_over(text: String) {
            _ = pairs(&text);
        }
    }
}
