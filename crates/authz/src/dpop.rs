//! Proof of possession (RFC 9449).
//!
//! Every proof carries a nonce of ours, so that nobody makes proofs ahead; nonces follow from the clock and are not kept.

use crypto::{Algorithm, Jwk, Jws, b64u};
use jiff::{SignedDuration, Timestamp};
use url::Url;

use crate::{ErrorCode, OAuthError, Setting, Step, jwt};

/// The algorithms that proofs may be signed with.
pub(crate) const ALGORITHMS: [Algorithm; 4] = [Algorithm::Es256, Algorithm::EdDsa, Algorithm::Es384, Algorithm::Rs384];

/// Most bytes of a proof.
const MAX_PROOF: usize = 8 << 10;

/// Most bytes of a `jti`.
const MAX_JTI: usize = 256;

/// How far `iat` may lie from now.
const WINDOW: SignedDuration = SignedDuration::from_mins(5);

/// Seconds that a nonce is the current one; it is good for as long again.
const NONCE_SECONDS: i64 = 300;

/// A proof that holds: a key, in use by whoever sent this request. It has not been spent yet.
#[derive(Debug)]
pub struct DpopProof {
    jkt: String,
    jti: String,
}

impl DpopProof {
    /// RFC 7638 thumbprint of the key.
    pub fn jkt(&self) -> &str {
        &self.jkt
    }
}

impl Setting {
    /// The nonce to send along in `DPoP-Nonce` (RFC 9449 §8).
    pub fn dpop_nonce(&self, now: Timestamp) -> String {
        self.nonce_of(now.as_second().div_euclid(NONCE_SECONDS))
    }

    fn nonce_of(&self, window: i64) -> String {
        let message = [b"dpop nonce ".as_slice(), &window.to_be_bytes()].concat();
        b64u::encode(&crypto::hmac_sha256(self.secret.expose(), &message))
    }

    fn is_nonce(&self, nonce: &str, now: Timestamp) -> bool {
        let window = now.as_second().div_euclid(NONCE_SECONDS);
        let good = [window, window.saturating_sub(1)].map(|window| self.nonce_of(window));
        good.iter().any(|good| crypto::constant_time_eq(good.as_bytes(), nonce.as_bytes()))
    }
}

impl Step<'_> {
    /// Checks the proof that came with a request to an endpoint of ours (RFC 9449 §4.3): `method` and `url` are those
    /// of the request. [`Step::token`] spends it.
    ///
    /// # Errors
    /// `invalid_dpop_proof`; `use_dpop_nonce` when it has no nonce of ours, or an old one.
    pub fn dpop(&self, proof: &str, method: &str, url: &str) -> Result<DpopProof, OAuthError> {
        self.proof_for(proof, method, url, None)
    }

    /// Likewise for a request that brings along an access token (`ath`).
    pub(crate) fn proof_for(
        &self,
        proof: &str,
        method: &str,
        url: &str,
        token: Option<&str>,
    ) -> Result<DpopProof, OAuthError> {
        let jws = Jws::parse(proof, MAX_PROOF).map_err(|_| bad("the proof does not read"))?;
        let header = jws.header();
        if !jwt::is_typed(header.typ.as_deref(), "dpop+jwt") || !ALGORITHMS.contains(&header.alg) {
            return Err(bad("the proof is of another type, or signed with another algorithm"));
        }
        let key =
            header.jwk.as_ref().and_then(|jwk| Jwk::parse(jwk).ok()).ok_or_else(|| bad("the proof has no key"))?;
        let verifier = key.verifying_key(header.alg).map_err(|_| bad("the proof has no key"))?;
        jws.verify(&verifier).map_err(|_| bad("the proof is not signed by its key"))?;

        let claims = jwt::claims(jws.payload()).ok_or_else(|| bad("the proof has no claims"))?;
        if jwt::text(&claims, "htm") != Some(method) {
            return Err(bad("the proof is for another method"));
        }
        if !jwt::text(&claims, "htu").is_some_and(|said| is_address(said, url)) {
            return Err(bad("the proof is for another address"));
        }
        let made = jwt::instant(&claims, "iat").ok_or_else(|| bad("the proof does not say when it was made"))?;
        if made.duration_since(self.now).abs() > WINDOW {
            return Err(bad("the proof was not made just now"));
        }
        match (token, jwt::text(&claims, "ath")) {
            (None, _) => {}
            (Some(token), Some(ath)) if b64u::encode(&crypto::sha256(token.as_bytes())) == ath => {}
            _ => return Err(bad("the proof is for another token")),
        }
        if !jwt::text(&claims, "nonce").is_some_and(|nonce| self.setting.is_nonce(nonce, self.now)) {
            return Err(OAuthError::new(ErrorCode::UseDpopNonce, "the proof needs the nonce of this server"));
        }
        let jti = jwt::text(&claims, "jti").filter(|jti| (1..=MAX_JTI).contains(&jti.len()));
        let proof =
            DpopProof { jkt: key.thumbprint(), jti: jti.ok_or_else(|| bad("the proof has no jti"))?.to_owned() };
        if self.was_spent(&proof.jkt, &proof.of()) { Err(bad("the proof was used before")) } else { Ok(proof) }
    }

    /// Spends a proof: the same one opens nothing again.
    pub(crate) fn spend_proof(&mut self, proof: &DpopProof) -> Result<(), OAuthError> {
        let until = self.now.saturating_add(WINDOW.saturating_mul(3)).unwrap_or(self.now);
        if self.spend(&proof.jkt, &proof.of(), until) { Ok(()) } else { Err(bad("the proof was used before")) }
    }
}

impl DpopProof {
    fn of(&self) -> String {
        format!("dpop {}", self.jti)
    }
}

/// "ignoring any query and fragment parts", after syntax-based normalization.
fn is_address(said: &str, url: &str) -> bool {
    let bare = |text: &str| {
        let mut url = Url::parse(text).ok()?;
        url.set_query(None);
        url.set_fragment(None);
        Some(url)
    };
    let said = bare(said);
    said.is_some() && said == bare(url)
}

fn bad(why: &'static str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidDpopProof, why)
}

#[cfg(test)]
mod tests;
