use proptest::prelude::*;

use super::*;

fn base() -> ServerUrl {
    ServerUrl::parse("https://ehr.example.org/fhir").expect("an address")
}

fn error(status: u16, body: &str) -> &'static str {
    Configuration::read(&Answer::new(status, None, body.as_bytes()), &base()).expect_err(body).code()
}

/// SMART App Launch 2.2, "Retrieve .well-known/smart-configuration", requirement 29.
#[test]
fn the_configuration_lives_below_the_base() {
    let with_path = Configuration::address(&base()).expect("a url");
    assert_eq!(with_path.as_str(), "https://ehr.example.org/fhir/.well-known/smart-configuration");
}

#[test]
fn a_whole_configuration_is_read() {
    let document = r#"{
        "issuer": "https://ehr.example.org",
        "jwks_uri": "https://ehr.example.org/jwks.json",
        "authorization_endpoint": "https://login.example.com/authorize",
        "grant_types_supported": ["authorization_code"],
        "token_endpoint": "https://login.example.com/token",
        "token_endpoint_auth_methods_supported": ["private_key_jwt"],
        "registration_endpoint": "https://login.example.com/register",
        "revocation_endpoint": "http://login.example.com/revoke",
        "management_endpoint": "https://ehr.example.org/user/manage",
        "scopes_supported": ["openid", "patient/*.rs"],
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "authorization_response_iss_parameter_supported": true,
        "capabilities": ["launch-standalone", "permission-v2"]
    }"#;
    let configuration = Configuration::parse(document.as_bytes(), &base()).expect("a configuration");
    assert_eq!(configuration.found, Found::WellKnown);
    assert_eq!(configuration.issuer.as_deref(), Some("https://ehr.example.org"));
    assert_eq!(configuration.token.as_str(), "https://login.example.com/token");
    assert!(configuration.registration.is_some() && configuration.management.is_some());
    assert_eq!(configuration.revocation, None, "an optional endpoint that is not https is as good as none");
    assert!(configuration.answers_with_issuer && configuration.can("permission-v2"));
}

/// SMART App Launch 2.2, "Using .well-known", requirement 379.
#[test]
fn relative_endpoints_are_taken_below_the_base() {
    let document = br#"{"authorization_endpoint":"auth/authorize","token_endpoint":"/token"}"#;
    let configuration = Configuration::parse(document, &base()).expect("a configuration");
    assert_eq!(configuration.authorize.as_str(), "https://ehr.example.org/fhir/auth/authorize");
    assert_eq!(configuration.token.as_str(), "https://ehr.example.org/token");
}

#[test]
fn what_is_wrong_with_a_configuration_has_a_name() {
    let with = |member: &str| format!(r#"{{"authorization_endpoint":"https://a.example/a",{member}}}"#);
    assert_eq!(error(404, "not here"), "discovery.notFound");
    assert_eq!(error(410, ""), "discovery.notFound");
    assert_eq!(error(503, "{}"), "discovery.status");
    assert_eq!(error(200, "  <!DOCTYPE html><title>Portal</title>"), "discovery.html");
    assert_eq!(error(200, ""), "discovery.notJson");
    assert_eq!(error(200, "[1]"), "discovery.notJson");
    assert_eq!(error(200, r#"{"token_endpoint":"https://a.example/t"}"#), "discovery.noAuthorize");
    assert_eq!(error(200, &with(r#""token_endpoint":null"#)), "discovery.noToken");
    assert_eq!(error(200, &with(r#""token_endpoint":"http://a.example/t""#)), "discovery.insecure");
    assert_eq!(error(200, &with(r#""token_endpoint":"https://[""#)), "discovery.badAddress");
    assert_eq!(error(200, &with(r#""token_endpoint":"http://127.0.0.1:631/""#)), "discovery.intoThisComputer");
    assert_eq!(
        error(200, &with(r#""token_endpoint":"https://a.example/t","code_challenge_methods_supported":["plain"]"#)),
        "discovery.noS256"
    );
}

#[test]
fn only_what_is_not_there_is_looked_for_in_the_metadata() {
    for there in ["discovery.noToken", "discovery.insecure", "discovery.noS256"] {
        let wrong = [ConfigurationError::NoToken, ConfigurationError::Insecure, ConfigurationError::NoS256];
        assert!(wrong.iter().any(|error| error.code() == there && !error.may_be_in_metadata()), "{there}");
    }
    assert!(ConfigurationError::NotFound.may_be_in_metadata() && ConfigurationError::Html.may_be_in_metadata());
}

#[test]
fn the_older_way_gives_the_same_endpoints() {
    let statement = br#"{"resourceType":"CapabilityStatement","rest":[{"mode":"server","security":{"extension":[
        {"url":"http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris","extension":[
            {"url":"authorize","valueUri":"https://login.example.com/authorize"},
            {"url":"token","valueUri":"https://login.example.com/token"},
            {"url":"register","valueUri":"https://login.example.com/register"}]},
        {"url":"http://fhir-registry.smarthealthit.org/StructureDefinition/capabilities","valueCode":"launch-standalone"}
    ]}}]}"#;
    let capability = Capability::parse(statement).expect("a statement");
    let configuration = Configuration::from_capability(&capability, &base()).expect("a configuration");
    assert_eq!(configuration.found, Found::Metadata);
    assert_eq!(configuration.authorize.as_str(), "https://login.example.com/authorize");
    assert!(configuration.can("launch-standalone") && configuration.registration.is_some());

    let silent = Capability::parse(br#"{"resourceType":"CapabilityStatement"}"#).expect("a statement");
    assert_eq!(Configuration::from_capability(&silent, &base()), Err(ConfigurationError::NoSmart));
    let half = statement.to_vec();
    let half = String::from_utf8(half).expect("text").replace(r#""url":"token""#, r#""url":"other""#);
    let half = Capability::parse(half.as_bytes()).expect("a statement");
    assert_eq!(Configuration::from_capability(&half, &base()), Err(ConfigurationError::NoToken));
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_harm(body: Vec<u8>) {
        let _ = Configuration::parse(&body, &base());
    }

    #[test]
    fn any_members_are_read_without_harm(name in "(authorization|token|registration)_endpoint|scopes_supported|capabilities|issuer", text in ".*") {
        let mut document = serde_json::json!({"authorization_endpoint":"https://a.example/","token_endpoint":"https://a.example/"});
        document[name] = text.into();
        if let Ok(configuration) = Configuration::parse(document.to_string().as_bytes(), &base()) {
            prop_assert_eq!(configuration.token.scheme(), "https");
            prop_assert_eq!(configuration.authorize.scheme(), "https");
        }
    }
}
