//! base64url as JOSE writes it: no padding, no whitespace, no stray bits (RFC 7515, section 2).

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use thiserror::Error;

/// Why a text is not base64.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[error("the text is not strict base64")]
pub struct Base64Error;

/// Writes bytes as base64url without padding.
pub fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Reads base64url. Strict: one way of writing per byte string.
///
/// # Errors
/// [`Base64Error`] for padding, whitespace, other characters or bits left over at the end.
pub fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>, Base64Error> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| Base64Error)
}

/// Reads padded standard base64, as `x5c` carries certificates (RFC 7517, section 4.7).
pub(crate) fn decode_standard(text: &str) -> Result<Vec<u8>, Base64Error> {
    STANDARD.decode(text).map_err(|_| Base64Error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn only_the_one_strict_writing_is_read() {
        assert_eq!(decode("Zm9v").unwrap(), b"foo");
        assert_eq!(decode("").unwrap(), b"");
        // "Zh" and "Zm9" leave bits over.
        for loose in ["Zm8=", "Zm9v ", " Zm9v", "Zm\n9v", "Zm+v", "Zm/v", "Zg=", "Z", "Zm9v.", "Zh", "Zm9"] {
            assert_eq!(decode(loose), Err(Base64Error), "{loose:?}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_read_writes_back_the_same(text in "[A-Za-z0-9_=+/ -]{0,40}") {
            if let Ok(bytes) = decode(&text) {
                prop_assert_eq!(encode(&bytes), text);
            }
        }
    }
}
