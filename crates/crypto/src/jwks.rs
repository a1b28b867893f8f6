use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use crate::{Jwk, Jws};

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

/// Why no key of a set signed a text.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum NotSignedBy {
    /// No key fits what the header says; keys may have been changed since they were read.
    #[error("no published key fits")]
    NoKey,
    /// Keys fit, and none of them signed it.
    #[error("no published key signed the text")]
    Signature,
}

impl Jwks {
    /// Whether one of the keys signed a text: one of the name that the header says, if it says any, published for
    /// signing and for this algorithm, where it says for what (RFC 7517 §4.2, §4.4), and fit for it.
    ///
    /// # Errors
    /// [`NotSignedBy`].
    pub fn verify(&self, text: &Jws) -> Result<(), NotSignedBy> {
        let header = text.header();
        let fits = |key: &&Jwk| {
            let named = header.kid.as_deref().is_none_or(|kid| key.kid() == Some(kid));
            let says = |name: &str, value: &str| key.member(name).is_none_or(|member| member.as_str() == Some(value));
            named && says("use", "sig") && says("alg", header.alg.as_str())
        };
        let mut found = NotSignedBy::NoKey;
        for key in self.keys.iter().filter(fits).filter_map(|key| key.verifying_key(header.alg).ok()) {
            if text.verify(&key).is_ok() {
                return Ok(());
            }
            found = NotSignedBy::Signature;
        }
        Err(found)
    }

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
    fn a_text_is_signed_by_a_key_that_was_published_for_it() {
        let (_, key) = crate::SigningKey::generate_p256().unwrap();
        let (_, other) = crate::SigningKey::generate_p256().unwrap();
        let signed = |kid: Option<&str>| {
            let header = kid.map_or(serde_json::json!({}), |kid| serde_json::json!({ "kid": kid }));
            Jws::parse(&key.jws_compact(&header, b"{}").unwrap(), 1_000).unwrap()
        };
        let own = || key.public_jwk().with_kid("k");
        let by = |keys: Vec<Jwk>, kid: Option<&str>| Jwks { keys }.verify(&signed(kid));
        let strange = other.public_jwk().with_kid("k");
        for fine in [own(), own().with_member("use", "sig".into()), own().with_member("alg", "ES256".into())] {
            assert_eq!(by(vec![strange.clone(), fine.clone()], Some("k")), Ok(()));
            assert_eq!(by(vec![fine], None), Ok(()));
        }
        for (wrong, kid) in [
            (own(), "l"),
            (own().with_member("use", "enc".into()), "k"),
            (own().with_member("use", 7.into()), "k"),
            (own().with_member("alg", "ES384".into()), "k"),
        ] {
            assert_eq!(by(vec![wrong], Some(kid)), Err(NotSignedBy::NoKey));
        }
        assert_eq!(by(vec![strange], Some("k")), Err(NotSignedBy::Signature));
    }

    #[test]
    fn a_text_without_keys_is_not_a_set() {
        for text in ["", "[]", "{}", r#"{"keys":{}}"#, "<html>"] {
            assert_eq!(Jwks::parse(text.as_bytes()), Err(JwksError), "{text}");
        }
    }
}
