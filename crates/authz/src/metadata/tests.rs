use std::collections::BTreeSet;

use super::*;
use crate::testing::World;
use crate::{Asked, Reading};

/// Every set of open doors.
fn settings() -> Vec<Setting> {
    (0..16_u8)
        .map(|set| {
            let open = Door::ALL.into_iter().enumerate().filter(|(at, _)| set >> at & 1 == 1).map(|(_, door)| door);
            Setting { doors: open.collect(), ..World::new().setting }
        })
        .collect()
}

fn list(document: &Value, member: &str) -> BTreeSet<String> {
    let all = document[member].as_array().map(Vec::as_slice).unwrap_or_default();
    all.iter().map(|one| one.as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_closed_door_is_named_nowhere() {
    for setting in settings() {
        let oauth = setting.oauth_metadata();
        let smart = setting.smart_configuration();
        let uma = setting.uma2_configuration();
        let open = |door| setting.doors.contains(&door);
        for document in [&oauth, &smart] {
            assert_eq!(document.get("authorization_endpoint").is_some(), open(Door::Launch));
            assert_eq!(document.get("pushed_authorization_request_endpoint").is_some(), open(Door::Launch));
            assert_eq!(document.get("introspection_endpoint").is_some(), open(Door::Federation));
            assert_eq!(list(document, "grant_types_supported").contains("authorization_code"), open(Door::Launch));
        }
        assert_eq!(list(&oauth, "grant_types_supported").contains(UMA_TICKET), open(Door::Uma));
        assert_eq!(list(&smart, "grant_types_supported").contains("client_credentials"), open(Door::Backend));
        assert_eq!(list(&smart, "capabilities").contains("launch-standalone"), open(Door::Launch));
        assert_eq!(uma.is_some(), open(Door::Uma) || open(Door::Federation));
        let uma = uma.unwrap_or_default();
        assert_eq!(uma.get("claims_interaction_endpoint").is_some(), open(Door::Uma));
        assert_eq!(uma.get("permission_endpoint").is_some(), open(Door::Federation));
        assert_eq!(uma.get("resource_registration_endpoint").is_some(), open(Door::Federation));
        assert_eq!(
            list(&oauth, "grant_types_supported"),
            setting.grant_types().into_iter().map(str::to_owned).collect()
        );
    }
}

#[test]
fn every_scope_that_is_named_can_be_asked_for() {
    for setting in settings() {
        for scope in list(&setting.oauth_metadata(), "scopes_supported") {
            let asked = Asked { scope: scope.clone(), ..Asked::default() };
            let mut doors = setting.doors.iter();
            assert!(doors.any(|door| Reading::of(*door, &asked).is_ok()), "{scope}");
        }
    }
}

/// SMART App Launch 2.2, "Metadata": what is required there, and that every address is absolute.
#[test]
fn the_smart_configuration_has_what_the_guide_requires() {
    let setting = World::new().setting;
    let smart = setting.smart_configuration();
    for required in [
        "issuer",
        "jwks_uri",
        "authorization_endpoint",
        "token_endpoint",
        "grant_types_supported",
        "capabilities",
        "code_challenge_methods_supported",
        "registration_endpoint",
        "scopes_supported",
        "response_types_supported",
        "introspection_endpoint",
        "revocation_endpoint",
    ] {
        assert!(smart.get(required).is_some(), "{required}");
    }
    assert_eq!(smart["code_challenge_methods_supported"], json!(["S256"]));
    let algorithms = list(&smart, "token_endpoint_auth_signing_alg_values_supported");
    assert!(algorithms.contains("RS384") && algorithms.contains("ES384") && !algorithms.contains("none"));
    for document in [smart, setting.oauth_metadata(), setting.uma2_configuration().unwrap()] {
        for (name, value) in document.as_object().unwrap() {
            if name.ends_with("_endpoint") || name.ends_with("_uri") {
                assert!(value.as_str().unwrap().starts_with("https://wallet.example/"), "{name}");
            }
        }
    }
}

#[test]
fn the_published_keys_are_public() {
    let keys = World::new().setting.keys.published();
    for key in keys["keys"].as_array().unwrap() {
        assert!(key.get("d").is_none() && key["use"] == "sig" && key["kid"].is_string() && key["alg"].is_string());
    }
}
