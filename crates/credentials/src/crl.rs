use std::collections::HashMap;

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

/// An issuer's list of withdrawn cards for one of its keys (SMART Health Cards, "Revocation").
#[derive(Debug, Clone)]
pub struct Crl {
    kid: String,
    count: u64,
    fetched: Timestamp,
    /// Withdrawn: always, or only cards issued before an instant.
    rids: HashMap<String, Option<Timestamp>>,
}

/// The bytes are not such a list.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CrlError {
    /// Not JSON with `kid`, `method`, `ctr` and `rids`.
    #[error("the list of withdrawn cards does not read")]
    Malformed,
    /// A method other than `rid`.
    #[error("the list of withdrawn cards uses another method")]
    Method,
}

#[derive(Deserialize)]
struct Raw {
    kid: String,
    method: String,
    ctr: Value,
    rids: Vec<String>,
}

impl Crl {
    /// Reads a list that was fetched at the given time.
    ///
    /// # Errors
    /// [`CrlError`]. An entry that does not read makes the list unusable: doubt must not let a withdrawn card pass.
    pub fn parse(bytes: &[u8], fetched: Timestamp) -> Result<Self, CrlError> {
        let raw: Raw = serde_json::from_slice(bytes).map_err(|_| CrlError::Malformed)?;
        if raw.method != "rid" {
            return Err(CrlError::Method);
        }
        let count = count(&raw.ctr).ok_or(CrlError::Malformed)?;
        let mut rids = HashMap::with_capacity(raw.rids.len());
        for entry in raw.rids {
            let (rid, before) = match entry.split_once('.') {
                Some((rid, seconds)) => (rid.to_owned(), Some(instant(seconds).ok_or(CrlError::Malformed)?)),
                None => (entry, None),
            };
            // The same card may stand there twice; the wider withdrawal holds.
            let wider = match (rids.get(&rid), before) {
                (Some(None), _) | (_, None) => None,
                (Some(Some(held)), Some(before)) => Some(before.max(*held)),
                (None, before) => before,
            };
            rids.insert(rid, wider);
        }
        Ok(Self { kid: raw.kid, count, fetched, rids })
    }

    /// The key whose cards the list is about.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// How often the issuer has changed the list.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// When the list was fetched.
    pub fn fetched(&self) -> Timestamp {
        self.fetched
    }

    /// Whether a card with this `rid`, issued then, is withdrawn. An entry with an instant is about cards issued
    /// before it.
    pub fn withdraws(&self, rid: &str, not_before: Timestamp) -> bool {
        self.rids.get(rid).is_some_and(|before| before.is_none_or(|before| not_before < before))
    }
}

/// A counter, which issuers write as a number or as a text.
pub(crate) fn count(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

fn instant(seconds: &str) -> Option<Timestamp> {
    let plain = !seconds.is_empty() && seconds.bytes().all(|byte| byte.is_ascii_digit());
    if plain { Timestamp::from_second(seconds.parse().ok()?).ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    #[test]
    fn an_entry_with_an_instant_withdraws_only_older_cards() {
        let text = br#"{"kid":"k","method":"rid","ctr":1,"rids":["always","until.1000","until.500"]}"#;
        let list = Crl::parse(text, at(0)).unwrap();
        assert!(list.withdraws("always", at(5000)));
        assert!(list.withdraws("until", at(999)));
        assert!(!list.withdraws("until", at(1000)));
        assert!(!list.withdraws("other", at(1)));
    }

    #[test]
    fn a_list_that_does_not_read_in_full_is_not_used() {
        for text in [
            "",
            "[]",
            r#"{"kid":"k","method":"rid","rids":[]}"#,
            r#"{"kid":"k","method":"rid","ctr":1,"rids":[7]}"#,
            r#"{"kid":"k","method":"rid","ctr":1,"rids":["a.b"]}"#,
            r#"{"kid":"k","method":"rid","ctr":1,"rids":["a."]}"#,
            r#"{"kid":"k","method":"rid","ctr":1,"rids":["a.1.2"]}"#,
        ] {
            assert_eq!(Crl::parse(text.as_bytes(), at(0)).err(), Some(CrlError::Malformed), "{text}");
        }
        let other = br#"{"kid":"k","method":"bits","ctr":1,"rids":[]}"#;
        assert_eq!(Crl::parse(other, at(0)).err(), Some(CrlError::Method));
    }
}
