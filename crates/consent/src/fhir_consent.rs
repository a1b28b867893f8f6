//! FHIR R4 `Consent`: a grant written as one, and foreign ones read.
//!
//! What a grant says beyond `Consent` stands whole in a `modifierExtension`, which no reader may overlook. A foreign
//! `Consent` is read into a [`Directive`]: permits and denials, where denials win, doubt denies, and what a grant could
//! not say is refused rather than loosened.

use thiserror::Error;

mod coded;
mod directive;
mod export;
mod read;

pub use directive::{Ask, Binding, Directive};
pub use export::Reader;

use crate::grant::GrantError;

/// `modifierExtension` with a whole grant, for its owner.
const WHOLE: &str = "urn:satchel:fhir:grant";
/// `modifierExtension` with what the other side may know of a grant.
const SHOWN: &str = "urn:satchel:fhir:record-access";

const ACT_CODE: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const ACT_REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const ACTION: &str = "http://terminology.hl7.org/CodeSystem/consentaction";
const PARTICIPATION: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const RESOURCE_TYPES: &str = "http://hl7.org/fhir/resource-types";
const SCOPE: &str = "http://terminology.hl7.org/CodeSystem/consentscope";
const PRIVACY: &str = "patient-privacy";

/// Most provisions of one `Consent`, and most values of one of its lists.
const MAX_PROVISIONS: usize = 1_000;

/// Why a `Consent` is refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConsentError {
    /// Not a `Consent`.
    #[error("this is not a consent")]
    NotAConsent,
    /// An element is missing, or not of its type.
    #[error("the consent has an element that cannot be read")]
    Form,
    /// Not in force.
    #[error("the consent is not active")]
    NotActive,
    /// About research, treatment or advance directives, not about privacy.
    #[error("the consent is not about privacy")]
    Scope,
    /// Neither opt-in nor opt-out.
    #[error("the base policy of the consent is not known")]
    Policy,
    /// A `modifierExtension` or another element that changes the meaning and is not known.
    #[error("the consent has an element that changes its meaning and is not known")]
    Modifier,
    /// A nested provision that does not say whether it permits or denies.
    #[error("a provision does not say whether it permits or denies")]
    TypeMissing,
    /// Provisions within provisions within provisions, or too many.
    #[error("the provisions of the consent are too many or too deep")]
    TooDeep,
    /// An actor in a role that a grant has no word for, such as an author.
    #[error("an actor of the consent has a role that a grant cannot say")]
    Role,
    /// An action beyond access.
    #[error("the consent permits an action that a grant cannot say")]
    Action,
    /// A class that is no resource type, or an unknown one.
    #[error("a class of the consent is not a resource type")]
    Class,
    /// A code without system.
    #[error("a code of the consent is not coded")]
    Code,
    /// Related data, dependents, data of an author.
    #[error("the consent selects data that a grant cannot select")]
    Data,
    /// A period that is not a range, or of parts of days.
    #[error("a period of the consent cannot be read")]
    Period,
    /// It ended before it was given: was the time of the data meant?
    #[error("the consent ended before it was given")]
    EndedBefore,
    /// Permits for unlike purposes or times, which one grant cannot hold.
    #[error("the permits of the consent do not fit into one grant")]
    Mixed,
    /// A custodian that is no source here.
    #[error("a custodian of the consent is not a source here")]
    Custodian,
    /// Nothing is permitted to this recipient.
    #[error("the consent permits nothing to this recipient")]
    NothingPermitted,
    /// The grant in it is not one.
    #[error("the grant in the consent cannot be read")]
    Grant(#[from] GrantError),
    /// What it says in FHIR is not what the grant in it says.
    #[error("the consent does not say what the grant in it says")]
    Mismatch,
}

#[cfg(test)]
mod tests;
