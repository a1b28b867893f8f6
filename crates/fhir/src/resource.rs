use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;
use thiserror::Error;

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

/// A resource as it was received: the text to the letter, and the few members that name it.
#[derive(Debug, Clone)]
pub struct RawResource {
    /// `resourceType`.
    pub resource_type: String,
    /// `id` at the source.
    pub id: String,
    /// `meta.versionId`.
    pub version_id: Option<String>,
    /// `meta.lastUpdated` as written.
    pub last_updated: Option<String>,
    json: Box<RawValue>,
}

#[derive(Deserialize)]
struct Head<'a> {
    #[serde(rename = "resourceType", borrow)]
    resource_type: Option<std::borrow::Cow<'a, str>>,
    #[serde(borrow)]
    id: Option<std::borrow::Cow<'a, str>>,
    meta: Option<Meta>,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(rename = "versionId")]
    version_id: Option<String>,
    #[serde(rename = "lastUpdated")]
    last_updated: Option<String>,
}

impl RawResource {
    /// Reads one resource from its text.
    ///
    /// # Errors
    /// [`ResourceError`]; depth is judged when [`RawResource::value`] is called.
    pub fn parse(text: &str) -> Result<Self, ResourceError> {
        let json = RawValue::from_string(text.to_owned()).map_err(|_| ResourceError::NotJson)?;
        Self::from_raw(json)
    }

    pub(crate) fn from_raw(json: Box<RawValue>) -> Result<Self, ResourceError> {
        if json.get().len() > MAX_RESOURCE_BYTES {
            return Err(ResourceError::TooLarge);
        }
        let head: Head<'_> = serde_json::from_str(json.get()).map_err(|_| ResourceError::NotJson)?;
        let resource_type = head.resource_type.filter(|t| is_type(t)).ok_or(ResourceError::NoType)?.into_owned();
        let id = head.id.filter(|id| is_id(id)).ok_or(ResourceError::NoId)?.into_owned();
        let (version_id, last_updated) = head.meta.map_or((None, None), |m| (m.version_id, m.last_updated));
        Ok(Self { resource_type, id, version_id, last_updated, json })
    }

    /// The text as received.
    pub fn json(&self) -> &str {
        self.json.get()
    }

    /// The resource as a tree; numbers keep their digits.
    ///
    /// # Errors
    /// [`ResourceError::NotJson`] when it is nested deeper than 128 levels.
    pub fn value(&self) -> Result<Value, ResourceError> {
        serde_json::from_str(self.json.get()).map_err(|_| ResourceError::NotJson)
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
        let resource = RawResource::parse(text).unwrap();
        assert_eq!(resource.json(), text);
        assert_eq!(resource.value().unwrap()["valueQuantity"]["value"].to_string(), "6.20");
    }

    #[test]
    fn what_is_no_resource_says_why() {
        let no = |text: &str| RawResource::parse(text).unwrap_err();
        assert_eq!(no("<html>"), ResourceError::NotJson);
        assert_eq!(no("[]"), ResourceError::NotJson);
        assert_eq!(no(r#"{"id":"a"}"#), ResourceError::NoType);
        assert_eq!(no(r#"{"resourceType":"Pat ient","id":"a"}"#), ResourceError::NoType);
        assert_eq!(no(r#"{"resourceType":"Patient"}"#), ResourceError::NoId);
        assert_eq!(no(r#"{"resourceType":"Patient","id":"../../etc"}"#), ResourceError::NoId);
    }

    #[test]
    fn a_resource_nested_two_hundred_levels_deep_is_refused_without_harm() {
        let deep = format!(r#"{{"resourceType":"Basic","id":"a","extension":{}{}}}"#, "[".repeat(200), "]".repeat(200));
        let read = RawResource::parse(&deep).and_then(|r| r.value());
        assert_eq!(read.unwrap_err(), ResourceError::NotJson);
    }
}
