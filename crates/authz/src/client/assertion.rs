//! `private_key_jwt`: RFC 7523 §3, and SMART App Launch 2.2, "Client Authentication: Asymmetric".

use crypto::{Algorithm, Jwk, Jwks, Jws, b64u};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use url::Url;

use super::unknown;
use crate::{Client, ClientKeys, ErrorCode, Form, OAuthError, Setting, Step, Stop, jwt};

/// `client_assertion_type`.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// The algorithms that clients may sign with.
pub(crate) const ALGORITHMS: [Algorithm; 4] = [Algorithm::Rs384, Algorithm::Es384, Algorithm::Es256, Algorithm::EdDsa];

/// Most bytes of an assertion.
const MAX_ASSERTION: usize = 16 << 10;

/// Most bytes of a `jti`.
const MAX_JTI: usize = 256;

/// "no more than five minutes in the future".
const MAX_LIFE: SignedDuration = SignedDuration::from_mins(5);

/// How far the clock of the other side may be off.
const SKEW: SignedDuration = SignedDuration::from_secs(30);

/// How old published keys may be before they are fetched again for a key that is not among them.
const FRESH: SignedDuration = SignedDuration::from_mins(1);

impl Step<'_> {
    pub(super) fn by_assertion(&mut self, assertion: &str, form: &Form) -> Result<Client, Stop> {
        if form.find("client_assertion_type") != Some(JWT_BEARER) {
            return Err(wrong("the type of the client assertion is not known").into());
        }
        let jws = Jws::parse(assertion, MAX_ASSERTION).map_err(|_| wrong("the client assertion does not read"))?;
        if !(jws.header().typ.is_none()
            || jwt::is_typed(jws.header().typ.as_deref(), "JWT")
            || jwt::is_typed(jws.header().typ.as_deref(), "client-authentication+jwt"))
        {
            return Err(wrong("the client assertion is a text of another type").into());
        }
        let claims = jwt::claims(jws.payload()).ok_or_else(|| wrong("the client assertion has no claims"))?;
        let id = jwt::text(&claims, "iss").ok_or_else(unknown)?;
        if jwt::text(&claims, "sub") != Some(id) || form.find("client_id").is_some_and(|other| other != id) {
            return Err(unknown().into());
        }
        let client = self.ledger.clients.find(id).ok_or_else(unknown)?.clone();
        let key = self.key_of(&client, &jws)?;
        let verifier = key.verifying_key(jws.header().alg).map_err(|_| unknown())?;
        jws.verify(&verifier).map_err(|_| unknown())?;

        if !jwt::is_only_for(&claims, &self.setting.own_names()) {
            return Err(wrong("the client assertion is meant for another server").into());
        }
        let until =
            jwt::instant(&claims, "exp").ok_or_else(|| wrong("the client assertion does not say until when"))?;
        self.is_timely(until, jwt::instant(&claims, "nbf"), jwt::instant(&claims, "iat"))?;
        let jti = jwt::text(&claims, "jti").filter(|jti| (1..=MAX_JTI).contains(&jti.len()));
        let jti = jti.ok_or_else(|| wrong("the client assertion has no jti"))?;
        if !self.spend(client.id.as_str(), &format!("assertion {jti}"), later(until, SKEW)) {
            return Err(wrong("the client assertion was used before").into());
        }
        Ok(client)
    }

    fn is_timely(&self, until: Timestamp, from: Option<Timestamp>, made: Option<Timestamp>) -> Result<(), OAuthError> {
        if later(until, SKEW) <= self.now {
            return Err(wrong("the client assertion is too old"));
        }
        if until > later(self.now, MAX_LIFE.saturating_add(SKEW)) {
            return Err(wrong("the client assertion holds for more than five minutes"));
        }
        let ahead = later(self.now, SKEW);
        if from.is_some_and(|from| from > ahead) || made.is_some_and(|made| made > ahead) {
            return Err(wrong("the client assertion is not yet good"));
        }
        Ok(())
    }

    /// The one key of the client that the header means.
    fn key_of(&self, client: &Client, jws: &Jws) -> Result<Jwk, Stop> {
        match &client.keys {
            Some(ClientKeys::Inline(keys)) => {
                may_point_at(jws, None)?;
                Ok(pick(keys, jws).ok_or_else(unknown)?)
            }
            Some(ClientKeys::At(address)) => {
                may_point_at(jws, Some(address))?;
                let url = Url::parse(address).map_err(|_| unknown())?;
                let known = self.brought(&url, Timestamp::MIN)?.and_then(|keys| pick(keys, jws));
                match known {
                    Some(key) => Ok(key),
                    // The client may have changed its keys: asked again, at most once in a while.
                    None => {
                        let keys = self.brought(&url, later(self.now, -FRESH))?;
                        Ok(keys.and_then(|keys| pick(keys, jws)).ok_or_else(unknown)?)
                    }
                }
            }
            Some(ClientKeys::Secret(_)) | None => Err(unknown().into()),
        }
    }
}

impl Setting {
    /// What an assertion may be meant for: the issuer, or an endpoint that authenticates clients (RFC 9126 §2).
    fn own_names(&self) -> [String; 5] {
        let [token, par, introspect, revoke] = ["token", "par", "introspect", "revoke"].map(|path| self.endpoint(path));
        [self.issuer.clone(), token, par, introspect, revoke]
    }
}

/// "If no keys match, or more than one key matches, the verification fails."
fn pick(keys: &Value, jws: &Jws) -> Option<Jwk> {
    let header = jws.header();
    if !ALGORITHMS.contains(&header.alg) {
        return None;
    }
    let set = serde_json::from_value::<Jwks>(keys.clone()).ok()?;
    let named = |key: &Jwk| header.kid.as_deref().is_none_or(|kid| key.kid() == Some(kid));
    let mut fitting = set.keys.into_iter().filter(|key| named(key) && key.verifying_key(header.alg).is_ok());
    let key = fitting.next()?;
    fitting.next().is_none().then_some(key)
}

/// `jku` may only say what was registered.
fn may_point_at(jws: &Jws, registered: Option<&str>) -> Result<(), OAuthError> {
    let header = jws.signing_input().split('.').next().and_then(|header| b64u::decode(header).ok());
    let header = header.and_then(|header| jwt::claims(&header)).ok_or_else(unknown)?;
    match header.get("jku") {
        None => Ok(()),
        Some(address) if registered.is_some() && address.as_str() == registered => Ok(()),
        Some(_) => Err(wrong("the client assertion points to keys that were not registered")),
    }
}

fn later(instant: Timestamp, by: SignedDuration) -> Timestamp {
    instant.saturating_add(by).unwrap_or(instant)
}

fn wrong(why: &'static str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidClient, why)
}
