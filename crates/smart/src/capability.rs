use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};
use thiserror::Error;
use types::ServerUrl;
use url::Url;

use crate::answer::{Answer, NotJson, text};
use crate::code::coded;

/// What a server says it can do, as far as a pull needs to know (FHIR R4, CapabilityStatement).
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Capability {
    /// `fhirVersion`.
    pub fhir_version: Option<String>,
    /// Name of the software or the implementation, for a person to recognize.
    pub name: Option<String>,
    /// SMART endpoints of the older kind, when there are any.
    pub oauth: Option<OauthUris>,
    /// What it says of each resource type; empty when it says nothing of any.
    pub resources: BTreeMap<String, Offered>,
    /// Search parameters of all types.
    pub search_everywhere: BTreeSet<String>,
    /// Operations, by name: `health-cards-issue`.
    pub operations: BTreeSet<String>,
}

/// What a server offers of one resource type.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub struct Offered {
    /// `read`, `search-type`, …; empty when it does not say.
    pub interactions: BTreeSet<String>,
    /// Search parameters.
    pub search: BTreeSet<String>,
    /// `_include` values.
    pub includes: BTreeSet<String>,
    /// `_revinclude` values.
    pub reverse_includes: BTreeSet<String>,
}

/// The `oauth-uris` extension, as written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct OauthUris {
    /// `authorize`.
    pub authorize: Option<String>,
    /// `token`.
    pub token: Option<String>,
    /// `revoke`.
    pub revoke: Option<String>,
    /// `register`.
    pub register: Option<String>,
    /// `manage`.
    pub manage: Option<String>,
    /// Codes of the `capabilities` extensions beside it.
    pub capabilities: Vec<String>,
}

/// Why there is no capability statement.
#[derive(Debug, Error, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CapabilityError {
    /// Another status than 200.
    #[error("the server did not give its capability statement")]
    Status(u16),
    /// A web page instead.
    #[error("the server answered with a web page")]
    Html,
    /// Neither.
    #[error("the capability statement is not a JSON object")]
    NotJson,
    /// Another resource.
    #[error("the answer is not a capability statement")]
    NotCapability,
}

coded!(CapabilityError {
    Self::Status(_) => "capability.status" Them,
    Self::Html => "capability.html" Them,
    Self::NotJson => "capability.notJson" Them,
    Self::NotCapability => "capability.notCapability" Them,
});

impl Capability {
    /// Where a base keeps it; asked for as FHIR JSON.
    pub fn address(base: &ServerUrl) -> Option<Url> {
        base.join("metadata").ok()
    }

    /// Reads what `/metadata` answered.
    ///
    /// # Errors
    /// [`CapabilityError`].
    pub fn read(answer: &Answer<'_>) -> Result<Self, CapabilityError> {
        if answer.status != 200 {
            return Err(CapabilityError::Status(answer.status));
        }
        let statement = answer.object().map_err(|why| match why {
            NotJson::Html => CapabilityError::Html,
            NotJson::Empty | NotJson::Other => CapabilityError::NotJson,
        })?;
        if text(&statement, "resourceType") != Some("CapabilityStatement") {
            return Err(CapabilityError::NotCapability);
        }
        let mut capability = Self {
            fhir_version: text(&statement, "fhirVersion").map(str::to_owned),
            name: name(&statement),
            ..Self::default()
        };
        let server = |rest: &&Map<String, Value>| text(rest, "mode").is_none_or(|mode| mode == "server");
        for rest in objects(statement.get("rest")).filter(server) {
            capability.add_rest(rest);
        }
        Ok(capability)
    }

    /// Reads the bytes of a statement that came with status 200.
    ///
    /// # Errors
    /// [`CapabilityError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, CapabilityError> {
        Self::read(&Answer::new(200, None, bytes))
    }

    /// Whether resources of a type can be searched for. A server that says nothing of any type may.
    pub fn searches(&self, resource_type: &str) -> bool {
        self.allows(resource_type, "search-type")
    }

    /// Whether single resources of a type can be read.
    pub fn reads(&self, resource_type: &str) -> bool {
        self.allows(resource_type, "read")
    }

    /// Whether a search parameter is said to be supported for a type.
    pub fn has_search(&self, resource_type: &str, parameter: &str) -> bool {
        self.search_everywhere.contains(parameter)
            || self.resources.get(resource_type).is_some_and(|offered| offered.search.contains(parameter))
    }

    /// Whether the server issues health cards (`$health-cards-issue`).
    pub fn issues_health_cards(&self) -> bool {
        self.operations.contains("health-cards-issue")
    }

    fn allows(&self, resource_type: &str, interaction: &str) -> bool {
        match self.resources.get(resource_type) {
            Some(offered) => offered.interactions.is_empty() || offered.interactions.contains(interaction),
            None => self.resources.is_empty(),
        }
    }

    fn add_rest(&mut self, rest: &Map<String, Value>) {
        if let Some(security) = rest.get("security").and_then(Value::as_object) {
            self.oauth = self.oauth.take().or_else(|| oauth_uris(security));
        }
        self.search_everywhere.extend(named(rest.get("searchParam")));
        self.operations.extend(operations(rest));
        for resource in objects(rest.get("resource")) {
            let Some(resource_type) = text(resource, "type") else { continue };
            self.operations.extend(operations(resource));
            let offered = self.resources.entry(resource_type.to_owned()).or_default();
            offered.interactions.extend(objects(resource.get("interaction")).filter_map(|it| owned(it, "code")));
            offered.search.extend(named(resource.get("searchParam")));
            offered.includes.extend(strings(resource.get("searchInclude")));
            offered.reverse_includes.extend(strings(resource.get("searchRevInclude")));
        }
    }
}

fn name(statement: &Map<String, Value>) -> Option<String> {
    let inner = |member: &str, name: &str| {
        statement.get(member).and_then(Value::as_object).and_then(|object| owned(object, name))
    };
    inner("implementation", "description").or_else(|| inner("software", "name")).or_else(|| owned(statement, "title"))
}

fn operations(holder: &Map<String, Value>) -> impl Iterator<Item = String> + '_ {
    objects(holder.get("operation")).filter_map(|operation| {
        let name = text(operation, "name").map(|name| name.trim_start_matches('$'));
        let definition = text(operation, "definition").and_then(|address| address.rsplit('/').next());
        name.or(definition).map(str::to_owned)
    })
}

const OAUTH_URIS: &str = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris";
const CAPABILITIES: &str = "http://fhir-registry.smarthealthit.org/StructureDefinition/capabilities";

fn oauth_uris(security: &Map<String, Value>) -> Option<OauthUris> {
    let extensions = || objects(security.get("extension"));
    let uris = extensions().find(|it| text(it, "url") == Some(OAUTH_URIS))?;
    let mut found = OauthUris::default();
    for part in objects(uris.get("extension")) {
        let value = owned(part, "valueUri").or_else(|| owned(part, "valueUrl"));
        match text(part, "url") {
            Some("authorize") => found.authorize = value,
            Some("token") => found.token = value,
            Some("revoke") => found.revoke = value,
            Some("register") => found.register = value,
            Some("manage") => found.manage = value,
            _ => {}
        }
    }
    let coded = extensions().filter(|it| text(it, "url") == Some(CAPABILITIES));
    found.capabilities = coded.filter_map(|it| owned(it, "valueCode")).collect();
    Some(found)
}

fn objects(value: Option<&Value>) -> impl Iterator<Item = &Map<String, Value>> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

fn strings(value: Option<&Value>) -> impl Iterator<Item = String> + '_ {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned)
}

fn named(value: Option<&Value>) -> impl Iterator<Item = String> + '_ {
    objects(value).filter_map(|it| owned(it, "name"))
}

fn owned(object: &Map<String, Value>, name: &str) -> Option<String> {
    text(object, name).map(str::to_owned)
}

#[cfg(test)]
mod tests;
