//! The part of a scope behind `?`: search parameters with values (SMART App Launch 2.2, "Finer-grained resource
//! constraints using search parameters").

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
}

/// Reads a constraint into its parameters, still encoded.
pub(crate) fn check(query: &str) -> Result<(), ConstraintError> {
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

    #[test]
    fn a_constraint_is_parameters_with_values() {
        for good in [
            "category=laboratory",
            "category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory&code=http://loinc.org|4548-4",
            "code:in=http://example.org/ValueSet/a%20b",
            "_has:Provenance:target:agent=x",
            "patient.birthdate=1990",
            "date=ge2025-01-01",
        ] {
            assert_eq!(check(good), Ok(()), "{good}");
        }
        for bad in ["", "category", "=x", "category=", "a=1&&b=2", "Code=1", "a=%zz", "a=%4", "a=b c", "a=\"", "a:=1"] {
            assert_eq!(check(bad), Err(ConstraintError::Form), "{bad}");
        }
        for shape in ["_count=1", "_include=Observation:subject", "_include:iterate=x", "_sort=date", "a=1&_total=none"]
        {
            assert_eq!(check(shape), Err(ConstraintError::Shape), "{shape}");
        }
    }

    #[test]
    fn a_huge_constraint_is_refused() {
        assert_eq!(check(&format!("a={}", "x".repeat(MAX_BYTES))), Err(ConstraintError::TooLarge));
        assert_eq!(check(&vec!["a=1"; 51].join("&")), Err(ConstraintError::TooLarge));
    }
}
