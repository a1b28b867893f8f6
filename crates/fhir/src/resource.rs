use thiserror::Error;

use crate::json::{Json, Seen, Tree};

/// Largest resource that is kept: 32 MiB, room for an inline scan; larger ones are refused one by one.
pub const MAX_RESOURCE_BYTES: usize = 32 * 1024 * 1024;

/// Why a piece of JSON is not a resource that can be kept.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResourceError {
    /// Not JSON, not an object, or nested deeper than 128 levels.
    #[error("the resource is not readable JSON")]
    NotJson,
    /// `resourceType` is missing or is not a type name.
    #[error("the resource does not say its type")]
    NoType,
    /// `id` is missing or is not a FHIR id (1 to 64 of `A–Z a–z 0–9 - .`).
    #[error("the resource has no usable id")]
    NoId,
    /// Larger than [`MAX_RESOURCE_BYTES`].
    #[error("the resource is too large")]
    TooLarge,
}

/// A resource as it was received: the text to the letter, and what it says.
#[derive(Debug, Clone)]
pub struct Resource<'a> {
    /// `resourceType`.
    pub resource_type: String,
    /// `id` at the source.
    pub id: String,
    /// `meta.versionId`.
    pub version_id: Option<String>,
    /// `meta.lastUpdated` as written.
    pub last_updated: Option<String>,
    /// The text as received.
    pub json: &'a str,
    /// What it says.
    pub tree: Tree<'a>,
}

impl<'a> Resource<'a> {
    /// Reads one resource from its text.
    ///
    /// # Errors
    /// [`ResourceError`].
    pub fn read(json: &'a str) -> Result<Self, ResourceError> {
        if json.len() > MAX_RESOURCE_BYTES {
            return Err(ResourceError::TooLarge);
        }
        let tree = Tree::read(json).map_err(|_| ResourceError::NotJson)?;
        if !matches!(tree.seen(), Seen::Object) {
            return Err(ResourceError::NotJson);
        }
        let text = |member: &str| tree.member(member).and_then(Json::text);
        let resource_type =
            text("resourceType").filter(|named| is_type(named)).ok_or(ResourceError::NoType)?.to_owned();
        let id = text("id").filter(|id| is_id(id)).ok_or(ResourceError::NoId)?.to_owned();
        let meta = |member: &str| tree.member("meta")?.member(member)?.text().map(str::to_owned);
        let (version_id, last_updated) = (meta("versionId"), meta("lastUpdated"));
        Ok(Self { resource_type, id, version_id, last_updated, json, tree })
    }
}

/// A FHIR type name: a capital, then letters.
fn is_type(text: &str) -> bool {
    text.len() <= 64
        && text.starts_with(|c: char| c.is_ascii_uppercase())
        && text.bytes().all(|b| b.is_ascii_alphabetic())
}

/// FHIR R4, "id": `[A-Za-z0-9\-\.]{1,64}`.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_digits() {
        let text = r#"{"resourceType":"Observation","id":"a","valueQuantity":{"value":6.20}}"#;
        let resource = Resource::read(text).unwrap();
        assert_eq!(resource.json, text);
        let quantity = resource.tree.member("valueQuantity").unwrap();
        assert!(matches!(quantity.member("value").unwrap().seen(), Seen::Number("6.20")));
    }

    #[test]
    fn what_is_no_resource_says_why() {
        let no = |text: &str| Resource::read(text).unwrap_err();
        assert_eq!(no("<html>"), ResourceError::NotJson);
        assert_eq!(no("[]"), ResourceError::NotJson);
        assert_eq!(no(r#"{"resourceType":"Patient","id":"a""#), ResourceError::NotJson);
        assert_eq!(no(r#"{"id":"a"}"#), ResourceError::NoType);
        assert_eq!(no(r#"{"resourceType":"Pat ient","id":"a"}"#), ResourceError::NoType);
        assert_eq!(no(r#"{"resourceType":["Patient"],"id":"a"}"#), ResourceError::NoType);
        assert_eq!(no(r#"{"resourceType":"Patient"}"#), ResourceError::NoId);
        assert_eq!(no(r#"{"resourceType":"Patient","id":7}"#), ResourceError::NoId);
        assert_eq!(no(r#"{"resourceType":"Patient","id":"../../etc"}"#), ResourceError::NoId);
    }

    #[test]
    fn what_meta_says_wrongly_is_not_said() {
        let read = |meta: &str| {
            let text = format!(r#"{{"resourceType":"Patient","id":"p","meta":{meta}}}"#);
            Resource::read(&text).map(|r| (r.version_id, r.last_updated)).unwrap()
        };
        assert_eq!(read(r#"{"versionId":"2","lastUpdated":"2026"}"#), (Some("2".into()), Some("2026".into())));
        assert_eq!(read(r#"{"versionId":2}"#), (None, None));
        assert_eq!(read("[]"), (None, None));
    }

    #[test]
    fn a_resource_nested_two_hundred_levels_deep_is_refused_without_harm() {
        let deep = format!(r#"{{"resourceType":"Basic","id":"a","extension":{}{}}}"#, "[".repeat(200), "]".repeat(200));
        assert_eq!(Resource::read(&deep).unwrap_err(), ResourceError::NotJson);
    }
}
