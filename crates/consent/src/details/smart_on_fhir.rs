use serde::{Deserialize, Serialize};
use serde_json::Value;
use types::ServerUrl;

use super::DetailsError;
use crate::Scopes;
use crate::grant::{given, is_plain};

/// `type` of the guide's objects.
pub const SMART_ON_FHIR: &str = "smart_on_fhir";

/// The version of FHIR that is spoken here, as its code.
pub const FHIR_VERSION: &str = "4.0.1";

/// Most locations, versions and context entries, each.
const MAX_ENTRIES: usize = 100;

/// Where a token may be used, and under which scopes and context.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SmartOnFhir {
    /// FHIR base addresses.
    pub locations: Vec<ServerUrl>,
    /// Codes of FHIR versions that all locations speak.
    pub fhir_versions: Vec<Box<str>>,
    /// Scopes there; `None`: those beside the details.
    pub scope: Option<Scopes>,
    /// Patient in context.
    pub patient: Option<Box<str>>,
    /// Encounter in context.
    pub encounter: Option<Box<str>>,
    /// Other resources in context.
    pub fhir_context: Option<Vec<FhirContext>>,
}

/// A resource in context ("fhirContext").
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FhirContext {
    /// `Type/id` at the location.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub reference: Option<Box<str>>,
    /// Canonical address.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub canonical: Option<Box<str>>,
    /// A FHIR `Identifier`.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub identifier: Option<ContextIdentifier>,
    /// Resource type.
    #[serde(rename = "type", default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub resource_type: Option<Box<str>>,
    /// Role; `launch` when absent.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub role: Option<Box<str>>,
}

/// What names a resource by an identifier of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContextIdentifier {
    /// Whose identifier.
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub system: Option<Box<str>>,
    /// The identifier.
    pub value: Box<str>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wire {
    #[serde(rename = "type")]
    kind: String,
    locations: Vec<String>,
    fhir_versions: Vec<Box<str>>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    patient: Option<Box<str>>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    encounter: Option<Box<str>>,
    #[serde(default, deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    fhir_context: Option<Vec<FhirContext>>,
}

impl SmartOnFhir {
    pub(super) fn parse(object: &str) -> Result<Self, DetailsError> {
        let wire: Wire = serde_json::from_str(object).map_err(DetailsError::Member)?;
        let most = wire.fhir_context.as_ref().map_or(0, Vec::len).max(wire.locations.len());
        if most.max(wire.fhir_versions.len()) > MAX_ENTRIES {
            return Err(DetailsError::TooLarge);
        }
        let locations: Vec<ServerUrl> = wire
            .locations
            .iter()
            .map(|text| ServerUrl::parse(text).map_err(|_| DetailsError::Location))
            .collect::<Result<_, _>>()?;
        if locations.is_empty() {
            return Err(DetailsError::Location);
        }
        if !wire.fhir_versions.iter().all(|code| is_version(code))
            || !wire.fhir_versions.iter().any(|code| &**code == FHIR_VERSION)
        {
            return Err(DetailsError::Version);
        }
        let ids = wire.patient.iter().chain(&wire.encounter);
        let contexts = wire.fhir_context.iter().flatten();
        if !ids.into_iter().all(|id| is_id(id)) || !contexts.into_iter().all(FhirContext::is_meant) {
            return Err(DetailsError::Meaning);
        }
        Ok(Self {
            locations,
            fhir_versions: wire.fhir_versions,
            scope: wire.scope.as_deref().map(Scopes::parse).transpose()?,
            patient: wire.patient,
            encounter: wire.encounter,
            fhir_context: wire.fhir_context,
        })
    }

    pub(super) fn to_value(&self) -> Value {
        let wire = Wire {
            kind: SMART_ON_FHIR.to_owned(),
            locations: self.locations.iter().map(|base| base.as_str().to_owned()).collect(),
            fhir_versions: self.fhir_versions.clone(),
            scope: self.scope.as_ref().map(Scopes::to_string),
            patient: self.patient.clone(),
            encounter: self.encounter.clone(),
            fhir_context: self.fhir_context.clone(),
        };
        // Texts and lists of them: there is nothing that cannot be written.
        serde_json::to_value(wire).unwrap_or_default()
    }
}

impl FhirContext {
    /// It names something, and every text in it is one.
    fn is_meant(&self) -> bool {
        let Self { reference, canonical, identifier, resource_type, role } = self;
        let named = reference.is_some() || canonical.is_some() || identifier.is_some();
        let by_identifier = identifier.iter().flat_map(|it| it.system.iter().chain(std::iter::once(&it.value)));
        let mut texts = [reference, canonical, resource_type, role].into_iter().flatten().chain(by_identifier);
        named && texts.all(|text| is_plain(text))
    }
}

fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b))
}

/// `4.0.1`, `5.0.0-ballot`.
fn is_version(code: &str) -> bool {
    let (numbers, label) = code.split_once('-').map_or((code, None), |(numbers, label)| (numbers, Some(label)));
    code.len() <= 32
        && numbers.split('.').all(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
        && label.is_none_or(|label| !label.is_empty() && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.'))
}
