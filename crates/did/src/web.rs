//! `did:web`: where the document is, and what it says. Fetching is the caller's.

use crypto::Jwk;
use serde_json::Value;
use thiserror::Error;
use url::{Host, Url};

use crate::resolve::{resolve_offline, usable};
use crate::{Did, DidDocument, VerificationMethod};

/// Why a `did:web` has no address.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum UrlError {
    /// Another method.
    #[error("the did is not a did:web")]
    Method,
    /// No host name with an optional port and path.
    #[error("the did names no web address")]
    Address,
}

/// Why bytes are not the document of a DID.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentError {
    /// Larger than accepted.
    #[error("the did document is larger than accepted")]
    TooLarge,
    /// Not JSON of that shape.
    #[error("the bytes are not a did document")]
    Malformed,
    /// The document is about another DID.
    #[error("the document is about another did")]
    OtherDid,
    /// No key in it can be used here.
    #[error("the did document has no usable key")]
    NoKeys,
}

/// Bytes of a document.
const MAX_BYTES: usize = 256 * 1024;

/// Keys of a document.
const MAX_METHODS: usize = 100;

/// The address of the document of a `did:web` (did:web method, section 3.2): `https`, or `http` for `localhost`.
///
/// # Errors
/// [`UrlError`]. IP addresses are not host names, and dots do not climb.
pub fn url(did: &Did) -> Result<Url, UrlError> {
    if did.method() != "web" {
        return Err(UrlError::Method);
    }
    let mut parts = did.method_specific_id().split(':');
    let authority = parts.next().unwrap_or_default();
    let (host, port) = match authority.split_once("%3A").or_else(|| authority.split_once("%3a")) {
        Some((host, port)) => (host, Some(port.parse::<u16>().map_err(|_| UrlError::Address)?)),
        None => (authority, None),
    };
    let path: Vec<&str> = parts.collect();
    let plain = |part: &&str| {
        !part.is_empty()
            && !part.chars().all(|character| character == '.')
            && !part.to_ascii_lowercase().contains("%2")
            && !part.to_ascii_lowercase().contains("%5c")
    };
    if host.is_empty() || host.contains('%') || !path.iter().all(plain) {
        return Err(UrlError::Address);
    }
    let scheme = if host == "localhost" { "http" } else { "https" };
    let folder = if path.is_empty() { ".well-known".to_owned() } else { path.join("/") };
    let mut url = Url::parse(&format!("{scheme}://{host}/{folder}/did.json")).map_err(|_| UrlError::Address)?;
    if !matches!(url.host(), Some(Host::Domain(_))) {
        return Err(UrlError::Address);
    }
    url.set_port(port).map_err(|()| UrlError::Address)?;
    Ok(url)
}

/// Reads the document of a DID.
///
/// # Errors
/// [`DocumentError`]. Keys of unknown kinds are left out; a document about another DID is refused.
pub fn document(did: &Did, bytes: &[u8]) -> Result<DidDocument, DocumentError> {
    if bytes.len() > MAX_BYTES {
        return Err(DocumentError::TooLarge);
    }
    let document: Value = serde_json::from_slice(bytes).map_err(|_| DocumentError::Malformed)?;
    let id = document.get("id").and_then(Value::as_str).ok_or(DocumentError::Malformed)?;
    if id != did.as_str() {
        return Err(DocumentError::OtherDid);
    }
    let mut methods: Vec<VerificationMethod> = Vec::new();
    let relations = ["authentication", "assertionMethod"];
    let embedded = relations.iter().flat_map(|name| list(&document, name)).filter(|one| one.is_object());
    for value in list(&document, "verificationMethod").chain(embedded).take(MAX_METHODS) {
        if let Some(found) = method(did, value)
            && !methods.iter().any(|held| held.id == found.id)
        {
            methods.push(found);
        }
    }
    if methods.is_empty() {
        return Err(DocumentError::NoKeys);
    }
    let related = |name: &str| {
        let ids = list(&document, name).filter_map(|one| one.as_str().or_else(|| one.get("id")?.as_str()));
        ids.map(|id| full(did, id)).filter(|id| methods.iter().any(|method| method.id == *id)).collect()
    };
    let (authentication, assertion) = (related("authentication"), related("assertionMethod"));
    Ok(DidDocument { id: did.clone(), verification_methods: methods, authentication, assertion })
}

fn method(did: &Did, value: &Value) -> Option<VerificationMethod> {
    let id = full(did, value.get("id")?.as_str()?);
    let controller = value.get("controller")?.as_str()?.parse().ok()?;
    let jwk = match (value.get("publicKeyJwk"), value.get("publicKeyMultibase").and_then(Value::as_str)) {
        (Some(jwk), None) => Jwk::parse(jwk).ok()?,
        // A multibase key is written as `did:key` writes it.
        (None, Some(text)) => {
            let key: Did = format!("did:key:{text}").parse().ok()?;
            resolve_offline(&key).ok()?.verification_methods.pop()?.jwk
        }
        _ => return None,
    };
    usable(&jwk).then_some(VerificationMethod { id, controller, jwk })
}

/// A relative id belongs to the document's DID.
fn full(did: &Did, id: &str) -> String {
    if id.starts_with('#') { format!("{did}{id}") } else { id.to_owned() }
}

fn list<'a>(value: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    value.get(name).and_then(Value::as_array).into_iter().flatten()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn did(text: &str) -> Did {
        text.parse().unwrap()
    }

    #[test]
    fn addresses_follow_the_method() {
        for (text, address) in [
            ("did:web:example.org", "https://example.org/.well-known/did.json"),
            ("did:web:example.org:people:ana", "https://example.org/people/ana/did.json"),
            ("did:web:example.org%3A8443:ana", "https://example.org:8443/ana/did.json"),
            ("did:web:localhost%3A8080", "http://localhost:8080/.well-known/did.json"),
        ] {
            assert_eq!(url(&did(text)).unwrap().as_str(), address);
        }
    }

    #[test]
    fn addresses_that_lead_elsewhere_are_refused() {
        for text in [
            "did:web:127.0.0.1",
            "did:web:10.0.0.1",
            "did:web:2130706433",
            "did:web:0x7f.1",
            "did:web:example.org:..:secret",
            "did:web:example.org:%2e%2e:secret",
            "did:web:example.org:a%2Fb",
            "did:web:example.org::a",
            "did:web:example.org%3A99999",
            "did:web:example.org%3A",
            "did:web:user%40example.org",
        ] {
            assert_eq!(url(&did(text)), Err(UrlError::Address), "{text}");
        }
        assert_eq!(url(&did("did:key:z6Mk")), Err(UrlError::Method));
    }

    fn key() -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"})
    }

    #[test]
    fn a_document_gives_its_usable_keys_in_every_form() {
        let did = did("did:web:example.org");
        let bytes = json!({
            "id": "did:web:example.org",
            "verificationMethod": [
                {"id": "#one", "type": "JsonWebKey2020", "controller": "did:web:example.org", "publicKeyJwk": key()},
                {"id": "did:web:example.org#two", "type": "Multikey", "controller": "did:web:other.example",
                 "publicKeyMultibase": "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"},
                {"id": "#odd", "type": "New", "controller": "did:web:example.org", "publicKeyHex": "00"},
                {"id": "#private", "type": "JsonWebKey2020", "controller": "did:web:example.org",
                 "publicKeyJwk": {"kty": "OKP", "crv": "Ed25519", "x": "AA", "d": "AA"}},
                7
            ],
            "authentication": ["#one", "#odd", {"id": "#three", "type": "JsonWebKey2020", "controller": "did:web:example.org", "publicKeyJwk": key()}],
            "assertionMethod": ["did:web:example.org#two"]
        });
        let document = document(&did, bytes.to_string().as_bytes()).unwrap();
        let ids: Vec<&str> = document.verification_methods.iter().map(|method| method.id.as_str()).collect();
        assert_eq!(ids, ["did:web:example.org#one", "did:web:example.org#two", "did:web:example.org#three"]);
        assert_eq!(document.authentication, ["did:web:example.org#one", "did:web:example.org#three"]);
        assert_eq!(document.assertion, ["did:web:example.org#two"]);
        assert_eq!(document.method("did:web:example.org#two").unwrap().controller.as_str(), "did:web:other.example");
    }

    #[test]
    fn what_is_not_the_document_of_this_did_is_refused() {
        let did = did("did:web:example.org");
        let read = |text: &str| document(&did, text.as_bytes()).map(|_| ()).unwrap_err();
        assert_eq!(read(""), DocumentError::Malformed);
        assert_eq!(read("[]"), DocumentError::Malformed);
        assert_eq!(read("<html>"), DocumentError::Malformed);
        assert_eq!(read(r#"{"id":"did:web:other.example"}"#), DocumentError::OtherDid);
        assert_eq!(read(r#"{"id":"did:web:example.org"}"#), DocumentError::NoKeys);
        assert_eq!(read(&" ".repeat(300_000)), DocumentError::TooLarge);
        assert_eq!(read(&"[".repeat(200_000)), DocumentError::Malformed);
    }
}
