/// A resource as received, with a digest of its bytes. It is made where the resource is read: whoever stores many would
/// spend a tenth of the time on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    bytes: Vec<u8>,
    hash: [u8; 16],
}

impl Body {
    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Half of a SHA-256 is plenty to tell two versions of one resource apart.
    pub(super) fn hash(&self) -> &[u8; 16] {
        &self.hash
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        let mut hash = [0; 16];
        hash.iter_mut().zip(crypto::sha256(&bytes)).for_each(|(to, from)| *to = from);
        Self { bytes, hash }
    }
}

impl Default for Body {
    fn default() -> Self {
        Vec::new().into()
    }
}
