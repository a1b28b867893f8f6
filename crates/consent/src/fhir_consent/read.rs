//! Reading a foreign `Consent`.
//!
//! R4 says that a provision is "an exception to the base policy", and that the outermost one has no type. The published
//! examples use that in unlike ways, so each shape is read as they state it, and where two readings remain the one that
//! gives less:
//!
//! - opt-in with nested permits: those, under the conditions around them;
//! - opt-in with an outermost provision that names only a custodian: its data is denied;
//! - opt-in otherwise: what the outermost provision says is permitted;
//! - opt-out: permitted is what the outermost provision says, when it names a recipient and an action or when a denial
//!   stands in it; else nothing;
//! - a denial within that would leave nothing of the provision around it restates the base policy.

use jiff::Timestamp;
use serde_json::{Map, Value};

use super::coded::{code_in, coding, concept, day, instants, list, object, period, reference};
use super::directive::{Conditions, Directive};
use super::{ACT_CODE, ACT_REASON, ACTION, ConsentError, PARTICIPATION, PRIVACY, RESOURCE_TYPES, SCOPE};
use crate::grant::{is_resource, is_type};
use crate::{CodeFilter, DateRange};

/// Roles of whoever the data goes to.
const RECIPIENTS: [&str; 2] = ["PRCP", "IRCP"];
/// The role of whoever holds it.
const CUSTODIAN: &str = "CST";

/// What one provision says, before it is known whether it permits.
struct Provision<'a> {
    kind: Option<&'a str>,
    conditions: Conditions,
    /// Whether reading is among the actions; `None` when no action is said.
    access: Option<bool>,
    other_actions: bool,
    within: &'a [Value],
}

enum Base {
    OptIn,
    OptOut,
}

impl Directive {
    /// Reads a `Consent`.
    ///
    /// # Errors
    /// [`ConsentError`] for what is not understood, and for what a grant could not say.
    pub fn read(consent: &Value) -> Result<Self, ConsentError> {
        let of = object(consent).map_err(|_| ConsentError::NotAConsent)?;
        if of.get("resourceType").and_then(Value::as_str) != Some("Consent") {
            return Err(ConsentError::NotAConsent);
        }
        if of.get("status").and_then(Value::as_str) != Some("active") {
            return Err(ConsentError::NotActive);
        }
        if ["modifierExtension", "implicitRules", "policy"].iter().any(|member| of.contains_key(*member)) {
            return Err(ConsentError::Modifier);
        }
        if code_in(of.get("scope").ok_or(ConsentError::Form)?, SCOPE)? != Some(PRIVACY) {
            return Err(ConsentError::Scope);
        }
        let base = match code_in(of.get("policyRule").ok_or(ConsentError::Policy)?, ACT_CODE)? {
            Some("OPTIN") => Base::OptIn,
            Some("OPTOUT") => Base::OptOut,
            _ => return Err(ConsentError::Policy),
        };
        let patient = reference(of.get("patient").ok_or(ConsentError::Form)?)?.into();
        let root = provision(object(of.get("provision").ok_or(ConsentError::Form)?)?)?;
        let within: Vec<Provision<'_>> =
            root.within.iter().map(|inner| provision(object(inner)?)).collect::<Result<_, _>>()?;
        if within.iter().any(|inner| !inner.within.is_empty()) {
            return Err(ConsentError::TooDeep);
        }
        if within.iter().any(|inner| inner.kind.is_none()) {
            return Err(ConsentError::TypeMissing);
        }
        let given = of.get("dateTime").and_then(Value::as_str).map(instants).transpose()?;
        not_before(&root.conditions, given.map(|(first, _)| first))?;
        let (permits, denials) = rules(&base, &root, &within)?;
        Ok(Self { patient, permits, denials })
    }
}

/// A consent that was over before it was given has its period in the wrong place: it may mean the time of the data.
fn not_before(root: &Conditions, given: Option<Timestamp>) -> Result<(), ConsentError> {
    match (root.end, given) {
        (Some(end), Some(given)) if end <= given => Err(ConsentError::EndedBefore),
        _ => Ok(()),
    }
}

/// What is permitted, and what is denied.
fn rules(
    base: &Base,
    root: &Provision<'_>,
    within: &[Provision<'_>],
) -> Result<(Vec<Conditions>, Vec<Conditions>), ConsentError> {
    let (mut permits, mut denials) = (Vec::new(), Vec::new());
    let has_denial = within.iter().any(|inner| inner.kind == Some("deny"));
    let has_permit = within.iter().any(|inner| inner.kind == Some("permit"));
    let names_recipient_and_access = !root.conditions.recipients.is_empty() && root.access == Some(true);
    let permitted = match (root.kind, base) {
        (Some("deny"), _) => {
            denials.extend(root.denied());
            false
        }
        (Some("permit"), _) => true,
        (Some(_), _) => return Err(ConsentError::Form),
        // Custodian alone: what it holds is what the directive is about, and it is not given.
        (None, _) if root.conditions.names_only_custodians() && within.is_empty() => {
            denials.extend(root.denied());
            false
        }
        (None, Base::OptIn) => true,
        (None, Base::OptOut) => has_denial || names_recipient_and_access,
    };
    if permitted && !has_permit {
        permits.push(root.permitted()?);
    }
    for inner in within {
        let both = Provision { conditions: root.conditions.and(&inner.conditions)?, within: &[], ..*inner };
        match inner.kind {
            Some("permit") => permits.push(both.permitted()?),
            Some("deny") if permitted && inner.conditions.covers(&root.conditions) => {}
            Some("deny") => denials.extend(both.denied()),
            _ => return Err(ConsentError::Form),
        }
    }
    Ok((permits, denials))
}

impl Provision<'_> {
    /// What it permits to read; an action beyond that is more than a grant gives.
    fn permitted(&self) -> Result<Conditions, ConsentError> {
        match (self.access, self.other_actions) {
            (None | Some(true), false) => Ok(self.conditions.clone()),
            _ => Err(ConsentError::Action),
        }
    }

    /// What it denies to read; a denial of other actions takes nothing from a grant.
    fn denied(&self) -> Option<Conditions> {
        (self.access != Some(false)).then(|| self.conditions.clone())
    }
}

fn provision(of: &Map<String, Value>) -> Result<Provision<'_>, ConsentError> {
    if of.contains_key("modifierExtension") {
        return Err(ConsentError::Modifier);
    }
    let mut conditions = Conditions::default();
    for actor in list(of, "actor")? {
        let role = code_in(actor.get("role").ok_or(ConsentError::Form)?, PARTICIPATION)?.ok_or(ConsentError::Role)?;
        let who: Box<str> = reference(actor.get("reference").ok_or(ConsentError::Form)?)?.into();
        match role {
            CUSTODIAN => conditions.custodians.push(who),
            role if RECIPIENTS.contains(&role) => conditions.recipients.push(who),
            _ => return Err(ConsentError::Role),
        }
    }
    for purpose in list(of, "purpose")? {
        let (system, code) = coding(purpose)?;
        let known = (system == ACT_REASON).then(|| crate::grant::purpose(code.into()));
        conditions.purposes.push(known.ok_or(ConsentError::Code)??);
    }
    for class in list(of, "class")? {
        let (system, code) = coding(class)?;
        if system != RESOURCE_TYPES || !is_type(code) {
            return Err(ConsentError::Class);
        }
        conditions.types.push(code.into());
    }
    for code in list(of, "code")? {
        let filter = |(system, code): (&str, &str)| CodeFilter { system: system.into(), code: Some(code.into()) };
        conditions.codes.extend(concept(code)?.into_iter().map(filter));
    }
    for label in list(of, "securityLabel")? {
        conditions.labels.push(coding(label)?.1.into());
    }
    for data in list(of, "data")? {
        let path = reference(data.get("reference").ok_or(ConsentError::Form)?)?;
        if data.get("meaning").and_then(Value::as_str) != Some("instance") || !is_resource(path) {
            return Err(ConsentError::Data);
        }
        conditions.resources.push(path.into());
    }
    if let Some(data) = of.get("dataPeriod") {
        let (from, to) = period(data)?;
        let range = DateRange { from: from.map(day).transpose()?, to: to.map(day).transpose()? };
        conditions.dates = Some(range).filter(|range| range.is_range());
        conditions.dates.ok_or(ConsentError::Period)?;
    }
    if let Some(valid) = of.get("period") {
        let (start, end) = period(valid)?;
        conditions.start = start.map(instants).transpose()?.map(|(first, _)| first);
        conditions.end = end.map(instants).transpose()?.map(|(_, after)| after);
    }
    let (access, other_actions) = actions(of)?;
    let kind = match of.get("type") {
        None => None,
        Some(kind) => Some(kind.as_str().ok_or(ConsentError::Form)?),
    };
    Ok(Provision { kind, conditions, access, other_actions, within: list(of, "provision")? })
}

fn actions(of: &Map<String, Value>) -> Result<(Option<bool>, bool), ConsentError> {
    let (mut access, mut other) = (None, false);
    for action in list(of, "action")? {
        let is_access = code_in(action, ACTION)? == Some("access");
        access = Some(access.unwrap_or(false) || is_access);
        other |= !is_access;
    }
    Ok((access, other))
}
