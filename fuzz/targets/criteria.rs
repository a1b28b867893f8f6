//! Searches: whatever is typed is read or refused, and what was read says itself again and means the same.
#![no_main]

use fhir::criteria::{Criterion, parse_query};
use fhir::parameters::Setting;
use libfuzzer_sys::fuzz_target;

const TYPES: [&str; 6] = ["Observation", "Patient", "Encounter", "DocumentReference", "MedicationRequest", "Bundle"];

fuzz_target!(|input: (u8, &str)| {
    let (which, query) = input;
    let kind = TYPES[usize::from(which) % TYPES.len()];
    let setting = Setting::utc();
    for criterion in parse_query(kind, query, &setting).unwrap_or_default() {
        let again = Criterion::parse(kind, &criterion.key(), &criterion.value(), &setting);
        assert_eq!(again.as_ref().ok(), Some(&criterion), "{} = {}", criterion.key(), criterion.value());
    }
});
