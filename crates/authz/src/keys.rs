use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crypto::{Algorithm, Jwks, Jws, SigningKey, VerifyingKey};

/// How many tokens are remembered as signed here. Each is asked for some minutes long, mostly again and again.
const REMEMBERED: usize = 4_096;

/// What the server signs with. Private halves never leave [`SigningKey`].
#[derive(Debug)]
pub struct Keys {
    /// P-256, for `id_token`s and where a client knows no EdDSA.
    es256: Own,
    /// Ed25519, for access tokens and receipts.
    eddsa: Own,
    /// Digests of texts that bear a good signature of these keys. Whether a signature is good never changes; whether
    /// the token still opens something is asked each time.
    signed: Mutex<HashSet<[u8; 32]>>,
}

#[derive(Debug)]
struct Own {
    key: SigningKey,
    kid: String,
    verifying: VerifyingKey,
}

impl Keys {
    /// # Errors
    /// [`crypto::JwkError`] never for keys made by [`SigningKey`].
    pub fn new(es256: SigningKey, eddsa: SigningKey) -> Result<Self, crypto::JwkError> {
        Ok(Self { es256: Own::new(es256)?, eddsa: Own::new(eddsa)?, signed: Mutex::default() })
    }

    /// The key for an algorithm, with the `kid` it is published under (RFC 7638 thumbprint).
    pub fn of(&self, algorithm: Algorithm) -> Option<(&SigningKey, &str)> {
        self.own(algorithm).map(|own| (&own.key, own.kid.as_str()))
    }

    fn own(&self, algorithm: Algorithm) -> Option<&Own> {
        [&self.es256, &self.eddsa].into_iter().find(|own| own.key.algorithm() == algorithm)
    }

    /// Whether one of these keys signed the text, which `read` was read from. The key is the one for the algorithm of
    /// the header, which must name it; nothing else in the text chooses it.
    pub(crate) fn have_signed(&self, text: &str, read: &Jws) -> bool {
        let Some(own) = self.own(read.header().alg).filter(|own| read.header().kid.as_ref() == Some(&own.kid)) else {
            return false;
        };
        let digest = crypto::sha256(text.as_bytes());
        let mut signed = self.signed.lock().unwrap_or_else(PoisonError::into_inner);
        if signed.contains(&digest) {
            return true;
        }
        if read.verify(&own.verifying).is_err() {
            return false;
        }
        if signed.len() >= REMEMBERED {
            signed.clear();
        }
        signed.insert(digest)
    }

    /// The public halves, as published at `jwks_uri`.
    pub fn published(&self) -> serde_json::Value {
        let public = [&self.es256, &self.eddsa].map(|own| {
            let (jwk, algorithm) = (own.key.public_jwk(), own.key.algorithm());
            jwk.with_kid(&own.kid).with_member("use", "sig".into()).with_member("alg", algorithm.as_str().into())
        });
        serde_json::json!({ "keys": public.map(serde_json::Value::from) })
    }

    /// The same as a set to verify with.
    ///
    /// # Errors
    /// [`crypto::JwksError`] never for keys of our own.
    pub fn to_verify(&self) -> Result<Jwks, crypto::JwksError> {
        Jwks::parse(self.published().to_string().as_bytes())
    }
}

impl Own {
    fn new(key: SigningKey) -> Result<Self, crypto::JwkError> {
        let public = key.public_jwk();
        Ok(Self { kid: public.thumbprint(), verifying: public.verifying_key(key.algorithm())?, key })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys() -> Keys {
        Keys::new(SigningKey::generate_p256().unwrap().1, SigningKey::generate_ed25519().unwrap().1).unwrap()
    }

    fn text(by: &Keys, kid: &str, payload: &str) -> String {
        let (key, _) = by.of(Algorithm::EdDsa).unwrap();
        let header = serde_json::json!({"alg": "EdDSA", "kid": kid});
        key.jws_compact(&header, payload.as_bytes()).unwrap()
    }

    fn have_signed(keys: &Keys, text: &str) -> bool {
        keys.have_signed(text, &Jws::parse(text, 8_192).unwrap())
    }

    #[test]
    fn a_text_is_known_again_and_one_that_differs_is_not() {
        let (own, foreign) = (keys(), keys());
        let kid = own.of(Algorithm::EdDsa).unwrap().1.to_owned();
        let good = text(&own, &kid, "{}");
        for _ in 0..3 {
            assert!(have_signed(&own, &good));
            assert!(!have_signed(&own, &text(&foreign, &kid, "{}")), "another key under our name");
            assert!(!have_signed(&own, &text(&own, "other", "{}")), "our key under another name");
            assert!(!have_signed(&foreign, &good));
            let (head, signature) = good.rsplit_once('.').unwrap();
            let (header, _) = head.split_once('.').unwrap();
            assert!(!have_signed(&own, &format!("{header}.e30K.{signature}")), "another payload");
        }
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let own = keys();
        let kid = own.of(Algorithm::EdDsa).unwrap().1.to_owned();
        {
            let mut signed = own.signed.lock().unwrap();
            signed.extend((0..REMEMBERED).map(|n| crypto::sha256(&n.to_be_bytes())));
        }
        assert!(have_signed(&own, &text(&own, &kid, "{}")));
        assert_eq!(own.signed.lock().unwrap().len(), 1);
    }
}
