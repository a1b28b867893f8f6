//! An `id_token` as a claim token (OpenID Connect Core 1.0 §3.1.3.7, as far as it holds for whoever did not ask for it).

use consent::Proof;
use crypto::{Jwks, NotSignedBy};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use url::Url;

use super::Signed;
use crate::{Claim, Client, Step, Stop, jwt, proof_text};

/// How old it may be: what it says of who is there has to be fresh (UMA 2.0 Grant §5.2).
const AGE: SignedDuration = SignedDuration::from_hours(1);
/// How long it may hold.
const LIFE: SignedDuration = SignedDuration::from_hours(24);

impl Step<'_> {
    /// Who an issuer that the owner trusts says is there. It must be for this server, or issued to this very client.
    pub(super) fn id_token(&mut self, client: &Client, token: &Signed) -> Result<Option<Claim>, Stop> {
        let trusted = token.text("iss").and_then(|iss| self.ledger.issuers.find(iss));
        let Some(issuer) = trusted.map(|issuer| issuer.issuer.clone()) else { return Ok(None) };
        let Some(subject) = token.text("sub").map(str::to_owned) else { return Ok(None) };
        let Some(until) = token.holds(self.now, AGE, LIFE) else { return Ok(None) };
        if !self.is_for_us(client, token) || issuer.contains(char::is_whitespace) {
            return Ok(None);
        }
        let mut since = Timestamp::MIN;
        loop {
            let Some(keys) = self.keys_of(&issuer, since)? else { return Ok(None) };
            match keys.verify(&token.jws) {
                Ok(()) => break,
                Err(NotSignedBy::NoKey) if since == Timestamp::MIN => since = self.lately(),
                Err(_) => return Ok(None),
            }
        }
        if !self.spend(&format!("id_token {issuer}"), token.once(), until) {
            return Ok(None);
        }
        let proof = proof_text(&Proof::IdToken { issuer, subject });
        Ok(Some(Claim { proof, name: token.name(), proven: self.now }))
    }

    /// `aud` names this server or the client that pushes it, and nobody else; what was issued to another client (`azp`)
    /// is not this one's to push.
    fn is_for_us(&self, client: &Client, token: &Signed) -> bool {
        if jwt::is_only_for(&token.claims, &[client.id.to_string()]) {
            return token.claims.get("azp").is_none_or(|party| party.as_str() == Some(client.id.as_str()));
        }
        jwt::is_only_for(&token.claims, std::slice::from_ref(&self.setting.issuer))
    }

    /// The keys that the issuer publishes (OpenID Connect Discovery 1.0 §4). `None` when they cannot be had.
    fn keys_of(&self, issuer: &str, since: Timestamp) -> Result<Option<Jwks>, Stop> {
        let at = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let Some(at) = secure(&at, issuer) else { return Ok(None) };
        let Some(configuration) = self.brought(&at, Timestamp::MIN)? else { return Ok(None) };
        // §4.3: the issuer of the document is the one that was asked.
        if configuration.get("issuer").and_then(Value::as_str) != Some(issuer) {
            return Ok(None);
        }
        let at = configuration.get("jwks_uri").and_then(Value::as_str).and_then(|at| secure(at, issuer));
        let Some(at) = at else { return Ok(None) };
        let Some(keys) = self.brought(&at, since)? else { return Ok(None) };
        let Ok(keys) = Jwks::parse(keys.to_string().as_bytes()) else { return Ok(None) };
        Ok(Some(keys))
    }
}

/// An address that is asked: `https`, or this machine for an issuer on this machine.
fn secure(address: &str, issuer: &str) -> Option<Url> {
    let (Ok(address), Ok(issuer)) = (Url::parse(address), Url::parse(issuer)) else { return None };
    let near = || address.scheme() == "http" && types::is_loopback(&address) && types::is_loopback(&issuer);
    (address.scheme() == "https" || near()).then_some(address)
}
