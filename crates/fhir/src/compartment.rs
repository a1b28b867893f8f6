//! The Patient compartment of FHIR R4: which resources belong to a person, by which references.
//!
//! The table is written by `cargo xtask definitions` from the official `CompartmentDefinition`.
//!
//! ```
//! use fhir::compartment::in_patient_compartment;
//! use fhir::parameters::Setting;
//!
//! let allergy = serde_json::json!({"resourceType": "AllergyIntolerance", "patient": {"reference": "Patient/p1"}});
//! assert!(in_patient_compartment(&allergy, &["p1"], &Setting::utc()));
//! assert!(!in_patient_compartment(&allergy, &["p2"], &Setting::utc()));
//! ```

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;

use crate::parameters::{Address, Parameter, SearchValue, Setting, parameter};

/// The parameters by which a resource of this type belongs to a patient; empty for types that are in no patient's
/// compartment.
pub fn compartment_parameters(resource_type: &str) -> &'static [&'static Parameter] {
    table().get(resource_type).map_or(&[], Vec::as_slice)
}

/// Resource types that can be in a patient's compartment, by name; `Patient` is one.
pub fn compartment_types() -> impl Iterator<Item = &'static str> {
    table().keys().copied()
}

/// Whether the resource is one of these patients, or refers to one of them by a reference that counts. `patients` are
/// logical ids on the same server.
pub fn in_patient_compartment(resource: &Value, patients: &[impl AsRef<str>], setting: &Setting) -> bool {
    let one_of = |id: &str| patients.iter().any(|patient| patient.as_ref() == id);
    let text = |name: &str| resource.get(name).and_then(Value::as_str);
    let Some(resource_type) = text("resourceType") else { return false };
    if resource_type == "Patient" && text("id").is_some_and(one_of) {
        return true;
    }
    let mut found = false;
    for parameter in compartment_parameters(resource_type) {
        parameter.each(resource, setting, |value| {
            if let SearchValue::Reference(reference) = value
                && let Some(Address::Local { resource_type: "Patient", id, .. }) = reference.to
            {
                found |= one_of(id);
            }
        });
    }
    found
}

fn table() -> &'static BTreeMap<&'static str, Vec<&'static Parameter>> {
    static TABLE: OnceLock<BTreeMap<&'static str, Vec<&'static Parameter>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let lines = include_str!("compartment/patient.tsv").lines().filter(|line| !line.starts_with('#'));
        let row = |line: &'static str| {
            let (resource_type, codes) = line.split_once('\t')?;
            Some((resource_type, codes.split(',').filter_map(|code| parameter(resource_type, code)).collect()))
        };
        lines.filter_map(row).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_parameter_of_the_compartment_is_a_reference_that_may_lead_to_a_patient_or_to_its_kind() {
        let lines = include_str!("compartment/patient.tsv").lines().filter(|line| !line.starts_with('#'));
        for line in lines {
            let (resource_type, codes) = line.split_once('\t').unwrap();
            for code in codes.split(',') {
                let parameter = parameter(resource_type, code).unwrap_or_else(|| panic!("{resource_type}.{code}"));
                assert_eq!(parameter.kind(), crate::parameters::Kind::Reference, "{line}");
                assert!(parameter.may_target("Patient"), "{resource_type}.{code}");
            }
        }
        assert_eq!(compartment_types().count(), 67);
    }

    #[test]
    fn a_reference_by_another_element_does_not_count() {
        let setting = Setting::utc();
        let inside = |json: serde_json::Value| in_patient_compartment(&json, &["p"], &setting);
        let to = || serde_json::json!({"reference": "Patient/p"});
        assert!(inside(serde_json::json!({"resourceType": "Patient", "id": "p"})));
        assert!(!inside(serde_json::json!({"resourceType": "Practitioner", "id": "p"})));
        assert!(inside(serde_json::json!({"resourceType": "Observation", "performer": [to()]})));
        assert!(!inside(serde_json::json!({"resourceType": "Observation", "focus": [to()]})));
        assert!(!inside(serde_json::json!({"resourceType": "Observation", "subject": {"reference": "Group/p"}})));
        assert!(!inside(serde_json::json!({"subject": to()})));
    }
}
