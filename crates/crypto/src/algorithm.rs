use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A signature algorithm that is accepted here (RFC 7518, section 3.1; RFC 8037).
///
/// The list is closed: `none`, the `HS*` family, RSA-PSS and everything else do not parse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// Ed25519.
    EdDsa,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
    /// RSA PKCS #1 v1.5 with SHA-256, 2048 bits or more.
    Rs256,
    /// RSA PKCS #1 v1.5 with SHA-384, 2048 bits or more.
    Rs384,
}

/// The algorithm is not one of those accepted.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("the signature algorithm is not allowed")]
pub struct AlgorithmError;

impl Algorithm {
    /// The name as JOSE writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::EdDsa => "EdDSA",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
        }
    }
}

impl FromStr for Algorithm {
    type Err = AlgorithmError;

    fn from_str(name: &str) -> Result<Self, AlgorithmError> {
        match name {
            "EdDSA" => Ok(Self::EdDsa),
            "ES256" => Ok(Self::Es256),
            "ES384" => Ok(Self::Es384),
            "RS256" => Ok(Self::Rs256),
            "RS384" => Ok(Self::Rs384),
            _ => Err(AlgorithmError),
        }
    }
}

impl fmt::Display for Algorithm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_listed_names_are_algorithms() {
        for name in ["EdDSA", "ES256", "ES384", "RS256", "RS384"] {
            assert_eq!(name.parse::<Algorithm>().unwrap().as_str(), name);
        }
        for name in ["none", "None", "HS256", "HS512", "PS256", "RS512", "ES512", "ES256K", "es256", "", "RS1"] {
            assert_eq!(name.parse::<Algorithm>(), Err(AlgorithmError), "{name}");
        }
    }
}
