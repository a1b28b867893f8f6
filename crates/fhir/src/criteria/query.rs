use super::error::CriterionError;
use super::{Criterion, MAX_PARAMETERS};
use crate::parameters::Setting;

/// Reads every parameter of a query such as `category=laboratory&date=ge2020`: the constraint of a SMART scope.
///
/// # Errors
/// The first [`CriterionError`]: nothing is passed over.
pub fn parse_query(resource_type: &str, query: &str, setting: &Setting) -> Result<Vec<Criterion>, CriterionError> {
    let pairs = query_pairs(query)?;
    pairs.iter().map(|(key, value)| Criterion::parse(resource_type, key, value, setting)).collect()
}

/// Names and values of a query, decoded as `application/x-www-form-urlencoded`. A part without `=` has an empty value;
/// empty parts are passed over.
///
/// # Errors
/// [`CriterionError::BadEncoding`] for what is no percent encoding of UTF-8; [`CriterionError::TooManyParameters`].
pub fn query_pairs(query: &str) -> Result<Vec<(String, String)>, CriterionError> {
    let mut pairs = Vec::new();
    for part in query.split('&').filter(|part| !part.is_empty()) {
        if pairs.len() == MAX_PARAMETERS {
            return Err(CriterionError::TooManyParameters);
        }
        let (key, value) = part.split_once('=').unwrap_or((part, ""));
        pairs.push((decoded(key)?, decoded(value)?));
    }
    Ok(pairs)
}

fn decoded(text: &str) -> Result<String, CriterionError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|b| char::from(b).to_digit(16));
                let (high, low) = (digit(), digit());
                let both = high.zip(low).and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
                both.ok_or(CriterionError::BadEncoding)?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).map_err(|_| CriterionError::BadEncoding)
}
