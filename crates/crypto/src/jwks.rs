use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::Jwk;

/// A published set of public keys (RFC 7517, section 5).
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Jwks {
    /// The keys that can be used here; others in the set are left out.
    #[serde(deserialize_with = "usable")]
    pub keys: Vec<Jwk>,
}

/// The text is not a set of keys at all.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("the text is not a JSON Web Key Set")]
pub struct JwksError;

impl Jwks {
    /// Reads a set. Keys of unknown kinds, malformed keys and keys with private parts are skipped, so that one odd
    /// key does not hide the others.
    ///
    /// # Errors
    /// [`JwksError`] when it is not an object with a list `keys`.
    pub fn parse(bytes: &[u8]) -> Result<Self, JwksError> {
        serde_json::from_slice(bytes).map_err(|_| JwksError)
    }

    /// The only key under this `kid`; `None` where there is none or more than one.
    pub fn by_kid(&self, kid: &str) -> Option<&Jwk> {
        let mut found = self.keys.iter().filter(|key| key.kid() == Some(kid));
        match (found.next(), found.next()) {
            (Some(key), None) => Some(key),
            _ => None,
        }
    }
}

fn usable<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<Jwk>, D::Error> {
    let values = Vec::<Value>::deserialize(deserializer)?;
    Ok(values.iter().filter_map(|value| Jwk::parse(value).ok()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ED: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"a"}"#;

    #[test]
    fn odd_keys_do_not_hide_the_good_one() {
        let text = format!(
            r#"{{"keys":[{{"kty":"oct","k":"AA"}},17,{{"kty":"EC","crv":"P-521","x":"AA","y":"AA"}},{ED}],"more":1}}"#
        );
        let set = Jwks::parse(text.as_bytes()).unwrap();
        assert_eq!(set.keys.len(), 1);
        assert!(set.by_kid("a").is_some());
        assert!(set.by_kid("b").is_none());
    }

    #[test]
    fn a_kid_that_stands_twice_names_no_key() {
        let set = Jwks::parse(format!(r#"{{"keys":[{ED},{ED}]}}"#).as_bytes()).unwrap();
        assert!(set.by_kid("a").is_none());
    }

    #[test]
    fn a_text_without_keys_is_not_a_set() {
        for text in ["", "[]", "{}", r#"{"keys":{}}"#, "<html>"] {
            assert_eq!(Jwks::parse(text.as_bytes()), Err(JwksError), "{text}");
        }
    }
}
