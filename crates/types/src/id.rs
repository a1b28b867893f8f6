use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a text is not an id.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
pub enum IdError {
    /// The text does not start with the prefix of this kind of id.
    #[error("the id does not start with `{0}`")]
    Prefix(&'static str),
    /// What follows the prefix is not 32 lower-case hexadecimal digits.
    #[error("the id is not 32 hexadecimal digits")]
    Digits,
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $prefix:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Builds the id from 16 random bytes.
            pub fn from_random(bytes: [u8; 16]) -> Self {
                let mut text = String::from($prefix);
                for byte in bytes {
                    text.push_str(&format!("{byte:02x}"));
                }
                Self(text)
            }

            /// The id as text, prefix included.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                let digits = text.strip_prefix($prefix).ok_or(IdError::Prefix($prefix))?;
                if digits.len() != 32 || !digits.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
                    return Err(IdError::Digits);
                }
                Ok(Self(text.to_owned()))
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// One person whose record the vault holds.
    PersonId,
    "per_"
);
id!(
    /// One health system a person is connected to.
    ConnectionId,
    "con_"
);
id!(
    /// One stored resource: (person, source, type, id there).
    ItemId,
    "itm_"
);
id!(
    /// One held credential.
    CardId,
    "crd_"
);
id!(
    /// One DID of the holder.
    DidId,
    "did_"
);
id!(
    /// One run of a pull.
    PullId,
    "pul_"
);
id!(
    /// One grant, from asked to ended.
    GrantId,
    "grt_"
);
id!(
    /// One request of a third party, from asked to decided.
    RequestId,
    "req_"
);
id!(
    /// One registered client: an app, a service, a resource server.
    ClientId,
    "cli_"
);
id!(
    /// One person or organization the owner knows.
    ContactId,
    "cnt_"
);
id!(
    /// One resource that a resource server put under the owner's authorization server.
    ResourceId,
    "rsc_"
);
id!(
    /// One app password of the owner's own tools.
    AppPasswordId,
    "apw_"
);
id!(
    /// One pair of keys, by which two wallets know one another.
    PairId,
    "par_"
);
id!(
    /// One mandate that another wallet gave to this one.
    MandateId,
    "mnd_"
);
id!(
    /// One resource that somebody offered for a record.
    OfferId,
    "ofr_"
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_and_a_foreign_one_does_not() {
        let id = PersonId::from_random([7; 16]);
        assert_eq!(id.as_str().parse::<PersonId>(), Ok(id.clone()));
        assert_eq!(id.as_str().parse::<CardId>(), Err(IdError::Prefix("crd_")));
        assert_eq!("per_07".parse::<PersonId>(), Err(IdError::Digits));
        assert_eq!(format!("per_{}", "Z".repeat(32)).parse::<PersonId>(), Err(IdError::Digits));
    }
}
