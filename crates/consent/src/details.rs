//! `authorization_details` (RFC 9396): what a client asks for and was given beyond scopes.
//!
//! Two types are known. `smart_on_fhir` says where a token may be used, with scopes and context (SMART App Launch 2.2,
//! "Authorization Details for Multiple Servers"); `satchel-record-access/1` is ours and says what scopes cannot. Every
//! other type and every unknown member is refused.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;
use types::ServerUrl;

use crate::grant::{GrantError, SelectorError};
use crate::{Grant, Permit, Scopes, ScopesError, What};

mod record_access;
mod smart_on_fhir;

pub use record_access::{RECORD_ACCESS, RecordAccess};
pub use smart_on_fhir::{FHIR_VERSION, FhirContext, SMART_ON_FHIR, SmartOnFhir};

/// Most bytes of `authorization_details`.
pub const MAX_DETAILS_BYTES: usize = 256 << 10;

/// Most objects in `authorization_details`.
pub const MAX_DETAILS: usize = 100;

/// The value of `authorization_details`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Details(pub Vec<Detail>);

/// One object of `authorization_details`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Detail {
    /// Where a token may be used.
    SmartOnFhir(SmartOnFhir),
    /// What of a record, and how.
    RecordAccess(RecordAccess),
}

/// Why `authorization_details` are refused. The client is told [`DetailsError::CODE`] and no more.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum DetailsError {
    /// More than [`MAX_DETAILS_BYTES`], or [`MAX_DETAILS`].
    #[error("the authorization details are too large")]
    TooLarge,
    /// Not a JSON array of objects with a `type`.
    #[error("the authorization details are not a list of objects with a type")]
    Form(#[source] serde_json::Error),
    /// A `type` that is not known.
    #[error("the authorization details have an unknown type")]
    Type,
    /// A member is unknown, missing, twice there, or of another type.
    #[error("the authorization details have an unknown, missing or wrong member")]
    Member(#[source] serde_json::Error),
    /// A member that is there and says nothing that can be meant.
    #[error("the authorization details have a member without meaning")]
    Meaning,
    /// Not the address of a FHIR server.
    #[error("the authorization details name no server")]
    Location,
    /// No version of FHIR that is spoken here.
    #[error("the authorization details name another version of FHIR")]
    Version,
    /// The scopes in it.
    #[error("the scopes of the authorization details are not known")]
    Scopes(#[from] ScopesError),
    /// A part of a record that cannot be permitted so.
    #[error("the authorization details permit what cannot be permitted")]
    Permit(#[from] GrantError),
    /// A part of a record that cannot be selected so.
    #[error("the authorization details select what cannot be selected")]
    Selector(#[from] SelectorError),
}

impl DetailsError {
    /// The error code of OAuth (RFC 9396 §5).
    pub const CODE: &'static str = "invalid_authorization_details";
}

#[derive(Deserialize)]
struct Typed {
    #[serde(rename = "type")]
    kind: String,
}

impl Details {
    /// Reads the JSON of the parameter.
    ///
    /// # Errors
    /// [`DetailsError`] for everything that is not fully understood.
    pub fn parse(json: &[u8]) -> Result<Self, DetailsError> {
        if json.len() > MAX_DETAILS_BYTES {
            return Err(DetailsError::TooLarge);
        }
        // Each object stays text until its type is known, so that a member that stands twice is still seen.
        let objects: Vec<&serde_json::value::RawValue> = serde_json::from_slice(json).map_err(DetailsError::Form)?;
        if objects.len() > MAX_DETAILS {
            return Err(DetailsError::TooLarge);
        }
        let details: Result<_, _> = objects.into_iter().map(|object| Detail::parse(object.get())).collect();
        details.map(Self)
    }

    /// What an answer to a client, or a token, says of a grant at one server: where it may be used with which scopes,
    /// and, where scopes do not say all of it, what is permitted. Nothing of what is excluded, and never more than the
    /// permits: a scope stands here only when it says exactly what a permit does. `patient` is the id of the patient in
    /// context there.
    pub fn shown(grant: &Grant, location: &ServerUrl, patient: Option<&str>) -> Self {
        let mut details = vec![Detail::SmartOnFhir(SmartOnFhir {
            locations: vec![location.clone()],
            fhir_versions: vec![FHIR_VERSION.into()],
            scope: Some(Scopes::sayable(&grant.what.permits)),
            patient: patient.map(Into::into),
            encounter: None,
            fhir_context: None,
        })];
        let access = RecordAccess { locations: vec![location.clone()], ..RecordAccess::shown(grant) };
        let by_scopes = access.what.permits.iter().all(|permit| permit.scopes().is_some())
            && access.deidentified.is_none()
            && access.purposes.is_empty();
        if !by_scopes && !access.what.permits.is_empty() {
            details.push(Detail::RecordAccess(access));
        }
        Self(details)
    }

    /// The same as JSON.
    pub fn to_value(&self) -> Value {
        Value::Array(self.0.iter().map(Detail::to_value).collect())
    }

    /// What is asked for, where `scopes` stand beside it: a `smart_on_fhir` without scopes means those.
    pub fn permits(&self, scopes: &Scopes) -> Vec<Permit> {
        let of = |detail: &Detail| match detail {
            Detail::SmartOnFhir(smart) => smart.scope.as_ref().unwrap_or(scopes).permits(),
            Detail::RecordAccess(access) => access.what.permits.clone(),
        };
        self.0.iter().flat_map(of).collect()
    }

    /// What is asked for, with what the client itself wants left out.
    pub fn what(&self, scopes: &Scopes) -> What {
        let excluded = |detail: &Detail| match detail {
            Detail::SmartOnFhir(_) => Vec::new(),
            Detail::RecordAccess(access) => access.what.exclusions.clone(),
        };
        What { permits: self.permits(scopes), exclusions: self.0.iter().flat_map(excluded).collect() }
    }
}

impl Detail {
    fn parse(object: &str) -> Result<Self, DetailsError> {
        let typed: Typed = serde_json::from_str(object).map_err(DetailsError::Form)?;
        match typed.kind.as_str() {
            SMART_ON_FHIR => SmartOnFhir::parse(object).map(Self::SmartOnFhir),
            RECORD_ACCESS => RecordAccess::parse(object).map(Self::RecordAccess),
            _ => Err(DetailsError::Type),
        }
    }

    fn to_value(&self) -> Value {
        match self {
            Self::SmartOnFhir(smart) => smart.to_value(),
            Self::RecordAccess(access) => access.to_value(),
        }
    }
}

impl Serialize for Details {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.to_value().serialize(to)
    }
}

#[cfg(test)]
mod tests;
