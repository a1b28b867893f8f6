use std::collections::BTreeSet;

use jiff::SignedDuration;
use types::Secret;

use crate::{Door, ErrorCode, Keys, OAuthError};

/// The server as it stands: where it is reached, what it signs with, how long things hold.
#[derive(Debug)]
pub struct Setting {
    /// `issuer`: the public base URL without a slash at the end, such as `http://127.0.0.1:8731`. Endpoints stand below.
    pub issuer: String,
    /// Signing keys.
    pub keys: Keys,
    /// From which secret pairwise and stateless values (DPoP nonces) are made.
    pub secret: Secret<[u8; 32]>,
    /// How long an access token holds at most. Minutes.
    pub access_life: SignedDuration,
    /// Which doors are open. An endpoint of a door that is not answers as if it did not exist, and no metadata names it.
    pub doors: BTreeSet<Door>,
}

impl Setting {
    /// The FHIR base URL of the wallet's own resource server.
    pub fn fhir(&self) -> String {
        format!("{}/fhir", self.issuer)
    }

    /// Whether the door is open.
    ///
    /// # Errors
    /// `not_found`.
    pub(crate) fn through(&self, door: Door) -> Result<(), OAuthError> {
        if self.doors.contains(&door) {
            Ok(())
        } else {
            Err(OAuthError::new(ErrorCode::NotFound, "there is nothing here"))
        }
    }

    /// An endpoint below the issuer.
    pub fn endpoint(&self, path: &str) -> String {
        format!("{}/{path}", self.issuer)
    }
}
