//! The readers of what other people's wallets sign, for the fuzz targets (`fuzz/targets`). Nothing that is shipped has
//! this module.

use crypto::SigningKey;
use jiff::Timestamp;
use serde_json::json;
use types::Secret;

use crate::mandates::credential;
use crate::pairs::card;

/// Reads a contact card, and gives the DID that it is of and its text. Reading the text again gives the same.
pub fn contact_card(bytes: &[u8], now: Timestamp) -> Option<(String, String)> {
    card::read(bytes, now).ok().map(|card| (card.did, card.text))
}

/// Reads a mandate, and gives the DID that issued it and its text.
pub fn mandate(bytes: &[u8], now: Timestamp) -> Option<(String, String)> {
    credential::read(bytes, now).ok().map(|mandate| (mandate.issuer, mandate.text))
}

/// What somebody with a key makes of these bytes: signed rightly, so that what the bytes say is read at all. The first is
/// a contact card, the second a mandate. With their DID.
pub fn signed(bytes: &[u8]) -> Option<[(String, String); 2]> {
    let key = SigningKey::ed25519(&Secret::new([7; 32]));
    let did = did::key_from_ed25519(&key.public_jwk()).ok()?.to_string();
    let fragment = did.rsplit(':').next().unwrap_or_default();
    let kid = format!("{did}#{fragment}");
    let text = |typ: &str| key.jws_compact(&json!({ "typ": typ, "kid": kid }), bytes).ok();
    Some([(text(card::TYPE)?, did.clone()), (text(credential::TYPE)?, did.clone())])
}
