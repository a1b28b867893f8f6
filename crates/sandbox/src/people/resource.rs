use serde_json::{Value, json};

use super::element::{members, put};

/// One FHIR resource as it will be served.
#[derive(Debug, Clone)]
pub struct Resource {
    /// Resource type.
    pub kind: &'static str,
    /// Logical id.
    pub id: String,
    /// The whole resource, id and meta included.
    pub json: Value,
}

const US_CORE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-";

impl Resource {
    /// Puts type, id and meta before the members given.
    pub(crate) fn new(kind: &'static str, id: &str, last_updated: &str, profile: Option<&str>, body: Value) -> Self {
        let mut meta = json!({"versionId": "1", "lastUpdated": last_updated});
        put(&mut meta, "profile", profile.map(|name| json!([format!("{US_CORE}{name}")])));
        let mut all = members(body);
        all.insert("resourceType".to_owned(), kind.into());
        all.insert("id".to_owned(), id.into());
        all.insert("meta".to_owned(), meta);
        Self { kind, id: id.to_owned(), json: Value::Object(all) }
    }

    /// A resource of no patient.
    pub(crate) fn shared(kind: &'static str, id: &str, body: Value) -> Self {
        let profile = kind.to_ascii_lowercase();
        Self::new(kind, id, "2019-04-01T08:00:00.000-07:00", Some(&profile), body)
    }
}
