//! The connection doctor: what is right and wrong about a server, and whose side it is on, from what was fetched.

use jiff::{SignedDuration, Timestamp};
use types::{ServerUrl, Whose};

use crate::answer::Answer;
use crate::{Capability, Configuration, ConfigurationError, Found};

mod causes;
mod findings;

pub use causes::{Cause, Stage, causes};

/// What was fetched. Each document may be missing for a reason the network gave.
#[derive(Debug, Clone, Copy)]
pub struct Looked<'a> {
    /// The FHIR base.
    pub base: &'a ServerUrl,
    /// What [`Configuration::address`] answered.
    pub configuration: Brought<'a>,
    /// What [`Capability::address`] answered.
    pub metadata: Brought<'a>,
    /// The server's clock, from the `Date` header.
    pub server_clock: Option<Timestamp>,
    /// Our clock.
    pub now: Timestamp,
}

/// What came of one request.
#[derive(Debug, Clone, Copy)]
pub enum Brought<'a> {
    /// An answer.
    Answer(Answer<'a>),
    /// None; with the code of the network's error and whose it is.
    Nothing {
        /// For example `fetch.dns`.
        code: &'static str,
        /// Whose error it is.
        whose: Whose,
        /// Where it failed.
        at: Layer,
    },
}

/// Where a request failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layer {
    /// Finding the server, connecting, waiting.
    Reach,
    /// Proving that it is the server.
    Tls,
}

/// Steps, in order. `as_str` is the key of the message files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The address.
    Address,
    /// The server answers.
    Reach,
    /// It proves who it is.
    Tls,
    /// It publishes a SMART configuration.
    Configuration,
    /// Where the browser goes.
    Authorize,
    /// Where codes are redeemed.
    Token,
    /// PKCE with S256.
    Pkce,
    /// Capabilities of SMART.
    Capability,
    /// Version of FHIR.
    FhirVersion,
    /// Scopes.
    Scopes,
    /// Both clocks.
    Clock,
    /// Registration.
    Registration,
}

impl Step {
    /// The key of the message files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Reach => "reach",
            Self::Tls => "tls",
            Self::Configuration => "configuration",
            Self::Authorize => "authorize",
            Self::Token => "token",
            Self::Pkce => "pkce",
            Self::Capability => "capability",
            Self::FhirVersion => "fhirVersion",
            Self::Scopes => "scopes",
            Self::Clock => "clock",
            Self::Registration => "registration",
        }
    }
}

/// How a step went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// As it should be.
    Good,
    /// Works, but not as the standard says, or is worth knowing.
    Note,
    /// Does not work.
    Bad,
    /// Not looked at, because an earlier step failed.
    Skipped,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The step.
    pub step: Step,
    /// How it went.
    pub outcome: Outcome,
    /// The code of the text: of [`CODES`], of an error of this crate, or of the network.
    pub code: &'static str,
    /// Whose side it is on.
    pub whose: Whose,
    /// What was seen, for experts; addresses of endpoints and names of capabilities, no secrets.
    pub evidence: String,
}

/// Codes of findings that are not errors elsewhere, and of causes.
pub const CODES: &[&str] = &[
    "doctor.good",
    "doctor.skipped",
    "doctor.reachedWithError",
    "doctor.configurationOld",
    "doctor.endpointElsewhere",
    "doctor.endpointsApart",
    "doctor.pkceNotSaid",
    "doctor.capabilitiesMissing",
    "doctor.capabilitiesNotSaid",
    "doctor.fhirVersionClose",
    "doctor.fhirVersionWrong",
    "doctor.fhirVersionNotSaid",
    "doctor.scopesNotListed",
    "doctor.scopesNoReturn",
    "doctor.scopesNoRecord",
    "doctor.clockNotSaid",
    "doctor.clockOff",
    "doctor.clockWrong",
    "doctor.registrationByHand",
    "doctor.causeClientUnknown",
    "doctor.causeClientNotApproved",
    "doctor.causeClientIsConfidential",
    "doctor.causeKeyNotRegistered",
    "doctor.causeRedirectNotRegistered",
    "doctor.causeAudienceNotTaken",
    "doctor.causeScopeNotRegistered",
    "doctor.causePkceNotTaken",
    "doctor.causePersonSaidNo",
    "doctor.causeNoPortalAccess",
    "doctor.causeSessionEnded",
    "doctor.causeCodeSpent",
    "doctor.causeClockWrong",
    "doctor.causeGrantNotAllowed",
    "doctor.causeLeaveEnded",
    "doctor.causeTokenReplaced",
    "doctor.causeServerDown",
];

/// Looks at everything, in order. After a step that makes the following ones impossible, those are skipped.
pub fn examine(looked: &Looked<'_>) -> Vec<Finding> {
    let mut findings = vec![Finding::good(Step::Address, looked.base.as_str())];
    findings.extend(reached(looked));
    if findings.iter().any(|finding| finding.outcome == Outcome::Bad) {
        return with_skipped(findings);
    }
    let capability = answer(looked.metadata).map(|answer| Capability::read(&answer));
    let capability = capability.and_then(Result::ok);
    let found = configuration(looked, capability.as_ref());
    match &found {
        Ok(configuration) => findings.extend(findings::of_configuration(configuration)),
        Err(error) => findings.push(findings::of_error(error)),
    }
    findings.push(findings::of_version(capability.as_ref()));
    findings.push(clock(looked));
    with_skipped(findings)
}

/// The configuration as a launch would find it.
fn configuration(looked: &Looked<'_>, capability: Option<&Capability>) -> Result<Configuration, ConfigurationError> {
    let first = match answer(looked.configuration) {
        Some(answer) => Configuration::read(&answer, looked.base),
        None => Err(ConfigurationError::NotFound),
    };
    match (first, capability) {
        (Err(error), Some(capability)) if error.may_be_in_metadata() => {
            // What the first way said is the better complaint, unless the second one works.
            Configuration::from_capability(capability, looked.base).map_err(|_| error)
        }
        (first, _) => first,
    }
}

/// A name for the server, when its capability statement says one.
pub fn server_name(metadata: Brought<'_>) -> Option<String> {
    Capability::read(&answer(metadata)?).ok()?.name
}

fn answer(brought: Brought<'_>) -> Option<Answer<'_>> {
    match brought {
        Brought::Answer(answer) => Some(answer),
        Brought::Nothing { .. } => None,
    }
}

fn reached(looked: &Looked<'_>) -> Vec<Finding> {
    let answered = [looked.configuration, looked.metadata].into_iter().find_map(answer);
    match (answered, looked.configuration) {
        (Some(answer), _) => {
            let reach = if answer.status >= 500 {
                Finding::new(Step::Reach, Outcome::Note, "doctor.reachedWithError", Whose::Them, answer.status)
            } else {
                Finding::good(Step::Reach, answer.status)
            };
            vec![reach, Finding::good(Step::Tls, looked.base.as_url().scheme())]
        }
        (None, Brought::Nothing { code, whose, at: Layer::Tls }) => vec![
            Finding::good(Step::Reach, looked.base.host()),
            Finding::new(Step::Tls, Outcome::Bad, code, whose, looked.base.host()),
        ],
        (None, Brought::Nothing { code, whose, at: Layer::Reach }) => {
            vec![Finding::new(Step::Reach, Outcome::Bad, code, whose, looked.base.host())]
        }
        (None, Brought::Answer(_)) => Vec::new(),
    }
}

fn clock(looked: &Looked<'_>) -> Finding {
    let Some(theirs) = looked.server_clock else {
        return Finding::new(Step::Clock, Outcome::Note, "doctor.clockNotSaid", Whose::Them, "no Date header");
    };
    let apart = looked.now.duration_since(theirs);
    let evidence = format!("{} s", apart.as_secs());
    let new = |outcome, code| Finding::new(Step::Clock, outcome, code, Whose::Unknown, &evidence);
    // Identity tokens and assertions live for minutes; a minute is what both sides forgive.
    match apart.abs() {
        small if small <= SignedDuration::from_secs(60) => Finding::good(Step::Clock, &evidence),
        some if some <= SignedDuration::from_mins(5) => new(Outcome::Note, "doctor.clockOff"),
        _ => new(Outcome::Bad, "doctor.clockWrong"),
    }
}

const STEPS: [Step; 12] = [
    Step::Address,
    Step::Reach,
    Step::Tls,
    Step::Configuration,
    Step::Authorize,
    Step::Token,
    Step::Pkce,
    Step::Capability,
    Step::FhirVersion,
    Step::Scopes,
    Step::Clock,
    Step::Registration,
];

/// One finding for each step at least, in order.
fn with_skipped(mut findings: Vec<Finding>) -> Vec<Finding> {
    for step in STEPS {
        if !findings.iter().any(|finding| finding.step == step) {
            findings.push(Finding::new(step, Outcome::Skipped, "doctor.skipped", Whose::Unknown, ""));
        }
    }
    findings.sort_by_key(|finding| finding.step);
    findings
}

impl Finding {
    fn new(step: Step, outcome: Outcome, code: &'static str, whose: Whose, evidence: impl ToString) -> Self {
        Self { step, outcome, code, whose, evidence: evidence.to_string() }
    }

    fn good(step: Step, evidence: impl ToString) -> Self {
        Self::new(step, Outcome::Good, "doctor.good", Whose::Them, evidence)
    }
}

#[cfg(test)]
mod tests;
