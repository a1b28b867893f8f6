//! A JWT that a DID signed: whoever has the key is there.

use consent::Proof;
use crypto::VerifyingKey;
use did::{Did, DidDocument};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;

use super::Signed;
use crate::{Claim, Step, Stop, jwt, proof_text};

/// How long it may hold; it is made for one use.
const LIFE: SignedDuration = SignedDuration::from_mins(10);

impl Step<'_> {
    /// Which DID signed it, for this server, just now and once.
    pub(super) fn did_signed(&mut self, token: &Signed) -> Result<Option<Claim>, Stop> {
        let named = |name| jwt::text(&token.claims, name);
        let Some(Ok(did)) = named("iss").or_else(|| named("holder")).map(str::parse::<Did>) else { return Ok(None) };
        let says_it_too = |said: Option<&Value>| said.is_none_or(|said| said.as_str() == Some(did.as_str()));
        let within = token.claims.get("vp").and_then(|presentation| presentation.get("holder"));
        let same = [within, token.claims.get("holder"), token.claims.get("sub")].into_iter().all(says_it_too);
        let ours = jwt::is_only_for(&token.claims, std::slice::from_ref(&self.setting.issuer));
        let once = token.text("jti").or_else(|| token.text("nonce")).map(str::to_owned);
        let (Some(until), Some(once), true) = (token.holds(self.now, LIFE, LIFE), once, same && ours) else {
            return Ok(None);
        };
        if !self.is_signed(token, &did, |document| &document.authentication)? {
            return Ok(None);
        }
        if !self.spend(&format!("presentation {did}"), &once, until) {
            return Ok(None);
        }
        Ok(Some(Claim { proof: proof_text(&Proof::Did(did.into())), name: token.name(), proven: self.now }))
    }

    /// Whether the DID signed it, with a key that its document names for this.
    pub(super) fn is_signed(
        &self,
        token: &Signed,
        did: &Did,
        named: impl Fn(&DidDocument) -> &[String],
    ) -> Result<bool, Stop> {
        let mut since = Timestamp::MIN;
        loop {
            let Some(document) = self.document_of(did, since)? else { return Ok(false) };
            match key_of(&document, named(&document), token) {
                Some(key) if token.jws.verify(&key).is_ok() => return Ok(true),
                _ if since == Timestamp::MIN && did.method() == "web" => since = self.lately(),
                _ => return Ok(false),
            }
        }
    }

    /// What the DID resolves to; `None` when it does not.
    fn document_of(&self, did: &Did, since: Timestamp) -> Result<Option<DidDocument>, Stop> {
        if did.method() != "web" {
            let Ok(document) = did::resolve_offline(did) else { return Ok(None) };
            return Ok(Some(document));
        }
        let Ok(url) = did::web::url(did) else { return Ok(None) };
        let Some(document) = self.brought(&url, since)? else { return Ok(None) };
        let Ok(document) = did::web::document(did, document.to_string().as_bytes()) else { return Ok(None) };
        Ok(Some(document))
    }
}

/// The key that signed, by its full id: one of those named for this, which the DID controls itself. Without a `kid` it
/// is the only such key.
fn key_of(document: &DidDocument, named: &[String], token: &Signed) -> Option<VerifyingKey> {
    let id = match (token.kid(), named) {
        (Some(kid), _) if kid.starts_with('#') => format!("{}{kid}", document.id),
        (Some(kid), _) => kid.to_owned(),
        (None, [only]) => only.clone(),
        (None, _) => return None,
    };
    let method = document.method(&id).filter(|method| method.controller == document.id)?;
    let Ok(key) = method.jwk.verifying_key(token.alg()) else { return None };
    named.contains(&id).then_some(key)
}
