use crypto::Jwk;

use crate::Did;

/// What a DID resolves to, as far as keys go.
#[derive(Debug, Clone, PartialEq)]
pub struct DidDocument {
    /// The DID that the document is about.
    pub id: Did,
    /// Its keys that can be used here; others are left out.
    pub verification_methods: Vec<VerificationMethod>,
    /// Full ids of the methods that may authenticate as the DID.
    pub authentication: Vec<String>,
    /// Full ids of the methods that may sign statements for the DID.
    pub assertion: Vec<String>,
}

/// One key of a DID.
#[derive(Debug, Clone, PartialEq)]
pub struct VerificationMethod {
    /// Full id: the DID, `#`, and a name.
    pub id: String,
    /// Who controls the key. A signature by it speaks for this DID, not for whoever names the key.
    pub controller: Did,
    /// The key.
    pub jwk: Jwk,
}

impl DidDocument {
    /// The method of this full id.
    pub fn method(&self, id: &str) -> Option<&VerificationMethod> {
        self.verification_methods.iter().find(|method| method.id == id)
    }
}
