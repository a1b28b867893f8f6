use crate::packed::pack;

/// A resource as received, squeezed as it is kept, with a digest of its bytes. It is made where the resource is read: many
/// can read at once, and one stores.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    kept: Vec<u8>,
    hash: [u8; 16],
}

impl Body {
    /// As it is kept.
    pub(super) fn kept(&self) -> &[u8] {
        &self.kept
    }

    /// Half of a SHA-256 is plenty to tell two versions of one resource apart.
    pub(super) fn hash(&self) -> &[u8; 16] {
        &self.hash
    }
}

impl From<&[u8]> for Body {
    fn from(bytes: &[u8]) -> Self {
        let mut hash = [0; 16];
        hash.iter_mut().zip(crypto::sha256(bytes)).for_each(|(to, from)| *to = from);
        Self { kept: pack(bytes), hash }
    }
}

impl Default for Body {
    fn default() -> Self {
        [].as_slice().into()
    }
}
