use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use ssi_dids_core::DIDBuf;
use thiserror::Error;

/// A decentralized identifier (W3C DID Core, section 3.1), without path, query or fragment.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Did(String);

/// The text is not a DID.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("the text is not a did")]
pub struct DidError;

/// Characters of a DID. One with an RSA key inside has about 800.
const MAX_LEN: usize = 4096;

impl Did {
    /// The DID as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The method: `key`, `jwk`, `web`, …
    pub fn method(&self) -> &str {
        self.parts().0
    }

    /// What follows the method.
    pub fn method_specific_id(&self) -> &str {
        self.parts().1
    }

    fn parts(&self) -> (&str, &str) {
        self.0.strip_prefix("did:").and_then(|rest| rest.split_once(':')).unwrap_or_default()
    }
}

impl FromStr for Did {
    type Err = DidError;

    fn from_str(text: &str) -> Result<Self, DidError> {
        if text.len() > MAX_LEN {
            return Err(DidError);
        }
        DIDBuf::from_string(text.to_owned()).map(|did| Self(did.into_string())).map_err(|_| DidError)
    }
}

impl TryFrom<String> for Did {
    type Error = DidError;

    fn try_from(text: String) -> Result<Self, DidError> {
        text.parse()
    }
}

impl From<Did> for String {
    fn from(did: Did) -> String {
        did.0
    }
}

impl fmt::Display for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Did {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_did_has_a_method_and_an_id() {
        let did: Did = "did:web:example.org%3A8443:people:ana".parse().unwrap();
        assert_eq!((did.method(), did.method_specific_id()), ("web", "example.org%3A8443:people:ana"));
        assert_eq!(serde_json::to_value(&did).unwrap(), "did:web:example.org%3A8443:people:ana");
    }

    #[test]
    fn other_texts_are_not_dids() {
        for text in [
            "",
            "did",
            "did:",
            "did:key",
            "did:Key:z",
            "DID:key:z",
            "https://a",
            "did:key:z#1",
            "did:key:z/p",
            "did:key:z?q",
            "did:key:z z",
        ] {
            assert_eq!(text.parse::<Did>(), Err(DidError), "{text}");
        }
        assert_eq!(format!("did:key:{}", "z".repeat(5000)).parse::<Did>(), Err(DidError));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_resolver_fall(text in "did:(key|jwk|web):[a-zA-Z0-9._:%-]{0,80}") {
            if let Ok(did) = text.parse::<Did>() {
                let _ = crate::resolve_offline(&did);
                let _ = crate::web::url(&did);
            }
        }

        #[test]
        fn no_text_at_all_makes_the_reader_fall(text in "\\PC{0,60}") {
            let _ = text.parse::<Did>();
        }
    }
}
