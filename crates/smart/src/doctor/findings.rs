use super::{Capability, Configuration, ConfigurationError, Finding, Found, Outcome, Step, Whose};
use crate::Scopes;

/// What a standalone launch by a patient's own app leans on (SMART App Launch 2.2, "SMART on FHIR OAuth authorization
/// Endpoints and Capabilities").
const LEANED_ON: [&str; 4] = ["launch-standalone", "client-public", "context-standalone-patient", "permission-patient"];

/// Findings about a configuration that a launch can use.
pub(super) fn of_configuration(configuration: &Configuration) -> Vec<Finding> {
    vec![
        source(configuration),
        endpoint(Step::Authorize, configuration, &configuration.authorize),
        token_endpoint(configuration),
        pkce(configuration),
        capabilities(configuration),
        scopes(configuration),
        registration(configuration),
    ]
}

/// The finding for a configuration that no launch can use, at the step that is wrong.
pub(super) fn of_error(error: &ConfigurationError) -> Finding {
    let step = match error {
        ConfigurationError::NoAuthorize => Step::Authorize,
        ConfigurationError::NoToken => Step::Token,
        ConfigurationError::NoS256 => Step::Pkce,
        _ => Step::Configuration,
    };
    let evidence = match error {
        ConfigurationError::Status(status) => format!("status {status}"),
        other => other.to_string(),
    };
    Finding::new(step, Outcome::Bad, error.code(), error.whose(), evidence)
}

/// The version of FHIR: 4.0.1 is read here.
pub(super) fn of_version(capability: Option<&Capability>) -> Finding {
    let new = |outcome, code, evidence: &str| Finding::new(Step::FhirVersion, outcome, code, Whose::Them, evidence);
    match capability.and_then(|capability| capability.fhir_version.as_deref()) {
        None => new(Outcome::Note, "doctor.fhirVersionNotSaid", "no fhirVersion"),
        Some("4.0.1") => Finding::good(Step::FhirVersion, "4.0.1"),
        Some(close) if close.starts_with("4.") => new(Outcome::Note, "doctor.fhirVersionClose", close),
        Some(other) => new(Outcome::Bad, "doctor.fhirVersionWrong", other),
    }
}

fn source(configuration: &Configuration) -> Finding {
    match configuration.found {
        Found::WellKnown => Finding::good(Step::Configuration, ".well-known/smart-configuration"),
        Found::Metadata => Finding::new(
            Step::Configuration,
            Outcome::Note,
            "doctor.configurationOld",
            Whose::Them,
            "oauth-uris in metadata",
        ),
    }
}

fn endpoint(step: Step, configuration: &Configuration, endpoint: &url::Url) -> Finding {
    let host = endpoint.host_str().unwrap_or_default();
    // A sign-in at another host is common; a person should know its name before a password is typed.
    if host == configuration.base.host() {
        Finding::good(step, endpoint)
    } else {
        Finding::new(step, Outcome::Note, "doctor.endpointElsewhere", Whose::Them, host)
    }
}

fn token_endpoint(configuration: &Configuration) -> Finding {
    if configuration.to_confirm().is_some() {
        let evidence = configuration.token.host_str().unwrap_or_default();
        return Finding::new(Step::Token, Outcome::Note, "doctor.endpointsApart", Whose::Them, evidence);
    }
    endpoint(Step::Token, configuration, &configuration.token)
}

fn pkce(configuration: &Configuration) -> Finding {
    match &configuration.challenge_methods {
        Some(methods) if !methods.is_empty() => Finding::good(Step::Pkce, methods.join(" ")),
        _ => Finding::new(Step::Pkce, Outcome::Note, "doctor.pkceNotSaid", Whose::Them, "no methods listed"),
    }
}

fn capabilities(configuration: &Configuration) -> Finding {
    let note = |code, evidence: String| Finding::new(Step::Capability, Outcome::Note, code, Whose::Them, evidence);
    if configuration.capabilities.is_empty() {
        return note("doctor.capabilitiesNotSaid", "no capabilities listed".to_owned());
    }
    let missing: Vec<&str> = LEANED_ON.into_iter().filter(|name| !configuration.can(name)).collect();
    if missing.is_empty() {
        Finding::good(Step::Capability, LEANED_ON.join(" "))
    } else {
        note("doctor.capabilitiesMissing", missing.join(" "))
    }
}

fn scopes(configuration: &Configuration) -> Finding {
    let new = |outcome, code, evidence: &str| Finding::new(Step::Scopes, outcome, code, Whose::Them, evidence);
    if configuration.scopes.as_ref().is_none_or(Vec::is_empty) {
        return new(Outcome::Note, "doctor.scopesNotListed", "no scopes listed");
    }
    let asked = Scopes::for_launch(configuration);
    let text = asked.to_string();
    if !asked.iter().any(|scope| scope.clinical().is_some()) {
        return new(Outcome::Bad, "doctor.scopesNoRecord", &text);
    }
    if !asked.has("offline_access") {
        return new(Outcome::Note, "doctor.scopesNoReturn", &text);
    }
    Finding::good(Step::Scopes, text)
}

fn registration(configuration: &Configuration) -> Finding {
    match &configuration.registration {
        Some(endpoint) => Finding::good(Step::Registration, endpoint),
        None => Finding::new(
            Step::Registration,
            Outcome::Note,
            "doctor.registrationByHand",
            Whose::You,
            "no registration endpoint",
        ),
    }
}
