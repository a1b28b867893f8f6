use crypto::b64u;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use crate::world::World;

use super::ledger::Grant;

/// An identity token (OpenID Connect Core 1.0, section 2) with `fhirUser`, signed with ES256; or what a fault makes of it.
pub(super) fn issue(world: &World, grant: &Grant, now: Timestamp) -> Option<String> {
    let strikes = |name: &str| world.faults.strikes(name, Some(grant.system)).is_some();
    let issued = if strikes("id-token-expired") { now - SignedDuration::from_hours(2) } else { now };
    let nonce = if strikes("id-token-nonce") { Some("another-nonce".to_owned()) } else { grant.nonce.clone() };
    let audience = if strikes("id-token-audience") { "another-client" } else { &grant.client };
    let issuer = if strikes("id-token-issuer") { "https://elsewhere.example" } else { &world.addresses.authority };
    let mut claims = json!({
        "iss": issuer,
        "sub": grant.username,
        "aud": audience,
        "iat": issued.as_second(),
        "exp": issued.as_second() + 3600,
        "fhirUser": grant.fhir_user,
    });
    if let (Some(nonce), Some(claims)) = (nonce, claims.as_object_mut()) {
        claims.insert("nonce".to_owned(), nonce.into());
    }
    if strikes("id-token-none") {
        let header = b64u::encode(br#"{"alg":"none"}"#);
        return Some(format!("{header}.{}.", b64u::encode(claims.to_string().as_bytes())));
    }
    let header = json!({"typ": "JWT", "kid": world.authority.public().kid()});
    let token = world.authority.key.jws_compact(&header, claims.to_string().as_bytes()).ok()?;
    if strikes("id-token-signature") {
        let (signed, signature) = token.rsplit_once('.')?;
        let mut bytes = b64u::decode(signature).ok()?;
        *bytes.first_mut()? ^= 1;
        return Some(format!("{signed}.{}", b64u::encode(&bytes)));
    }
    Some(token)
}
