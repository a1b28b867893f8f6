//! What the server says about itself. Only what runs stands here: a door that is closed is named nowhere.

use consent::{RECORD_ACCESS, SMART_ON_FHIR};
use crypto::Algorithm;
use serde_json::{Map, Value, json};

use crate::{Door, Setting, UMA_TICKET, client, dpop};

/// How clients may authenticate.
pub(crate) const METHODS: [&str; 4] = ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"];

impl Setting {
    /// `/fhir/.well-known/smart-configuration` (SMART App Launch 2.2, "Using .well-known").
    pub fn smart_configuration(&self) -> Value {
        let launch = self.doors.contains(&Door::Launch);
        let backend = self.doors.contains(&Door::Backend);
        let mut members = self.common();
        let mut capabilities = vec!["client-confidential-asymmetric", "permission-v1", "permission-v2"];
        if launch {
            capabilities.extend([
                "launch-standalone",
                "client-public",
                "client-confidential-symmetric",
                "sso-openid-connect",
                "context-standalone-patient",
                "permission-offline",
                "permission-patient",
                "permission-user",
            ]);
            members.extend(self.of_launch());
        }
        let grant_types = [(launch, "authorization_code"), (backend, "client_credentials")];
        put(&mut members, "grant_types_supported", json!(chosen(grant_types)));
        put(&mut members, "capabilities", json!(capabilities));
        // Required here whether or not there is a door that uses it.
        put(&mut members, "code_challenge_methods_supported", json!(["S256"]));
        Value::Object(members)
    }

    /// `/.well-known/oauth-authorization-server` (RFC 8414), and `/.well-known/openid-configuration` for the readers of
    /// `id_token`s.
    pub fn oauth_metadata(&self) -> Value {
        let mut members = self.common();
        put(&mut members, "grant_types_supported", json!(self.grant_types()));
        if self.doors.contains(&Door::Launch) {
            members.extend(self.of_launch());
            put(&mut members, "subject_types_supported", json!(["pairwise"]));
            put(&mut members, "id_token_signing_alg_values_supported", json!(["ES256"]));
            put(&mut members, "request_uri_parameter_supported", json!(false));
        } else {
            put(&mut members, "response_types_supported", json!([]));
        }
        Value::Object(members)
    }

    /// `/.well-known/uma2-configuration` (UMA 2.0 Grant §2, Federated Authorization §2); `None` when neither door is
    /// open.
    pub fn uma2_configuration(&self) -> Option<Value> {
        let (uma, federation) = (self.doors.contains(&Door::Uma), self.doors.contains(&Door::Federation));
        if !(uma || federation) {
            return None;
        }
        let Value::Object(mut members) = self.oauth_metadata() else { return None };
        if uma {
            put(&mut members, "claims_interaction_endpoint", json!(self.endpoint("claims")));
        }
        if federation {
            put(&mut members, "permission_endpoint", json!(self.endpoint("perm")));
            put(&mut members, "resource_registration_endpoint", json!(self.endpoint("rsrc")));
        }
        Some(Value::Object(members))
    }

    /// The grant types at the token endpoint.
    pub(crate) fn grant_types(&self) -> Vec<&'static str> {
        let open = |door| self.doors.contains(&door);
        chosen([
            (open(Door::Launch), "authorization_code"),
            (open(Door::Launch) || open(Door::Uma), "refresh_token"),
            (open(Door::Backend) || open(Door::Federation), "client_credentials"),
            (open(Door::Uma), UMA_TICKET),
        ])
    }

    fn common(&self) -> Map<String, Value> {
        let algorithms = names(&client::ALGORITHMS);
        let secret_or_key = METHODS.iter().filter(|method| **method != "none").collect::<Vec<_>>();
        let mut members = Map::new();
        for (name, value) in [
            ("issuer", json!(self.issuer)),
            ("token_endpoint", json!(self.endpoint("token"))),
            ("jwks_uri", json!(self.endpoint("jwks"))),
            ("registration_endpoint", json!(self.endpoint("register"))),
            ("revocation_endpoint", json!(self.endpoint("revoke"))),
            ("revocation_endpoint_auth_methods_supported", json!(METHODS)),
            ("revocation_endpoint_auth_signing_alg_values_supported", json!(algorithms)),
            ("token_endpoint_auth_methods_supported", json!(METHODS)),
            ("token_endpoint_auth_signing_alg_values_supported", json!(algorithms)),
            ("dpop_signing_alg_values_supported", json!(names(&dpop::ALGORITHMS))),
            ("authorization_details_types_supported", json!([SMART_ON_FHIR, RECORD_ACCESS])),
            ("scopes_supported", json!(self.scopes())),
        ] {
            put(&mut members, name, value);
        }
        if self.doors.contains(&Door::Federation) {
            put(&mut members, "introspection_endpoint", json!(self.endpoint("introspect")));
            put(&mut members, "introspection_endpoint_auth_methods_supported", json!(secret_or_key));
            put(&mut members, "introspection_endpoint_auth_signing_alg_values_supported", json!(algorithms));
        }
        members
    }

    fn of_launch(&self) -> Map<String, Value> {
        let mut members = Map::new();
        for (name, value) in [
            ("authorization_endpoint", json!(self.endpoint("authorize"))),
            ("pushed_authorization_request_endpoint", json!(self.endpoint("par"))),
            ("response_types_supported", json!(["code"])),
            ("response_modes_supported", json!(["query"])),
            ("code_challenge_methods_supported", json!(["S256"])),
            ("authorization_response_iss_parameter_supported", json!(true)),
        ] {
            put(&mut members, name, value);
        }
        members
    }

    /// Some of the scopes that may be asked for: "clients should not consider this an exhaustive list".
    fn scopes(&self) -> Vec<&'static str> {
        let mut scopes = Vec::new();
        if self.doors.contains(&Door::Launch) {
            scopes.extend(["openid", "fhirUser", "launch/patient", "offline_access", "online_access"]);
            scopes.extend(["patient/*.rs", "patient/*.read", "user/*.rs", "user/*.read"]);
        }
        if self.doors.contains(&Door::Backend) {
            scopes.extend(["system/*.rs", "system/*.read"]);
        }
        if self.doors.contains(&Door::Federation) {
            scopes.push(crate::token::PROTECTION);
        }
        scopes
    }
}

fn put(members: &mut Map<String, Value>, name: &str, value: Value) {
    members.insert(name.to_owned(), value);
}

fn chosen<const N: usize>(all: [(bool, &'static str); N]) -> Vec<&'static str> {
    all.into_iter().filter(|(is, _)| *is).map(|(_, name)| name).collect()
}

fn names(algorithms: &[Algorithm]) -> Vec<&'static str> {
    algorithms.iter().map(|algorithm| algorithm.as_str()).collect()
}

#[cfg(test)]
mod tests;
