//! The part of a scope behind `?`: search parameters with values (SMART App Launch 2.2, "Finer-grained resource
//! constraints using search parameters").

use fhir::criteria::{Criterion, CriterionError, parse_query};
use fhir::parameters::Setting;
use thiserror::Error;

/// Most bytes of one constraint.
const MAX_BYTES: usize = 4_096;

/// Most parameters of one constraint.
const MAX_PARAMETERS: usize = 50;

/// Parameters that shape an answer and select nothing: a constraint made of them would promise what it does not hold.
const SHAPES: [&str; 15] = [
    "_contained",
    "_containedType",
    "_count",
    "_elements",
    "_format",
    "_graph",
    "_include",
    "_maxresults",
    "_pretty",
    "_revinclude",
    "_score",
    "_sort",
    "_summary",
    "_total",
    "_type",
];

/// Why a text constrains nothing.
#[derive(Debug, Error, Clone, Copy, PartialEq, Eq)]
pub enum ConstraintError {
    /// Too long, or too many parameters.
    #[error("the constraint is too large")]
    TooLarge,
    /// Not `name=value` with `&` between.
    #[error("the constraint is not a list of parameters with values")]
    Form,
    /// A parameter that selects nothing, such as `_count`.
    #[error("the constraint has a parameter that selects nothing")]
    Shape,
    /// A parameter that the resource type does not have, or a value that it cannot have.
    #[error("the constraint does not fit the resource type")]
    Parameter(#[source] CriterionError),
    /// Chains, `_has`, `_text` and their like: what one resource alone does not tell.
    #[error("the constraint asks for more than one resource tells")]
    NotAlone,
}

/// The type that stands for every type: its parameters that begin with `_` are those that all types have.
const ANY_TYPE: &str = "Basic";

/// Whether a constraint can be held against each resource of a type, or of any type.
pub(crate) fn check(resource_type: Option<&str>, query: &str) -> Result<(), ConstraintError> {
    check_form(query)?;
    if resource_type.is_none() && !query.split('&').all(|pair| pair.starts_with('_')) {
        return Err(ConstraintError::Parameter(CriterionError::UnknownParameter));
    }
    let criteria = parse_query(resource_type.unwrap_or(ANY_TYPE), query, &Setting::utc());
    let criteria = criteria.map_err(ConstraintError::Parameter)?;
    if criteria.iter().all(Criterion::stands_alone) { Ok(()) } else { Err(ConstraintError::NotAlone) }
}

/// Parameters with values, still encoded.
fn check_form(query: &str) -> Result<(), ConstraintError> {
    if query.len() > MAX_BYTES || query.split('&').count() > MAX_PARAMETERS {
        return Err(ConstraintError::TooLarge);
    }
    query.split('&').try_for_each(|pair| {
        let (name, value) = pair.split_once('=').ok_or(ConstraintError::Form)?;
        if !is_name(name) || value.is_empty() || !is_encoded(value) {
            return Err(ConstraintError::Form);
        }
        let plain = name.split([':', '.']).next().unwrap_or(name);
        if SHAPES.contains(&plain) { Err(ConstraintError::Shape) } else { Ok(()) }
    })
}

/// `code`, `_id`, `code:in`, `subject:Patient.birthdate`, `_has:Observation:subject:code`.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase() || c == '_')
        && name
            .split([':', '.'])
            .all(|step| !step.is_empty() && step.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b)))
}

/// What may stand in a scope (RFC 6749 §3.3, `scope-token`), with each `%` before two hexadecimal digits.
fn is_encoded(value: &str) -> bool {
    let bytes = value.as_bytes();
    let token = bytes.iter().all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e));
    token
        && bytes
            .iter()
            .enumerate()
            .filter(|(_, b)| **b == b'%')
            .all(|(at, _)| bytes.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn observation(query: &str) -> Result<(), ConstraintError> {
        check(Some("Observation"), query)
    }

    #[test]
    fn a_constraint_is_parameters_with_values() {
        for good in [
            "category=laboratory",
            "category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory&code=http://loinc.org|4548-4",
            "date=ge2025-01-01",
            "_id=a,b",
            "code:not=http://loinc.org%7C4548-4",
        ] {
            assert_eq!(observation(good), Ok(()), "{good}");
        }
        for bad in ["", "category", "=x", "category=", "a=1&&b=2", "Code=1", "a=%zz", "a=%4", "a=b c", "a=\"", "a:=1"] {
            assert_eq!(observation(bad), Err(ConstraintError::Form), "{bad}");
        }
        for shape in ["_count=1", "_include=Observation:subject", "_include:iterate=x", "_sort=date", "a=1&_total=none"]
        {
            assert_eq!(observation(shape), Err(ConstraintError::Shape), "{shape}");
        }
    }

    #[test]
    fn a_constraint_fits_its_type() {
        for bad in ["category=a&colour=red", "date=yesterday", "code:above=x"] {
            assert!(matches!(observation(bad), Err(ConstraintError::Parameter(_))), "{bad}");
        }
        for more in ["subject:Patient.birthdate=1990", "_has:Provenance:target:agent=x", "_content=pain"] {
            assert_eq!(observation(more), Err(ConstraintError::NotAlone), "{more}");
        }
        assert_eq!(check(None, "_security=R"), Ok(()));
        assert!(matches!(check(None, "category=laboratory"), Err(ConstraintError::Parameter(_))));
    }

    #[test]
    fn a_huge_constraint_is_refused() {
        assert_eq!(observation(&format!("a={}", "x".repeat(MAX_BYTES))), Err(ConstraintError::TooLarge));
        assert_eq!(observation(&vec!["a=1"; 51].join("&")), Err(ConstraintError::TooLarge));
    }
}
