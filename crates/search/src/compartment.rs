//! What belongs to a patient (FHIR R4, "Compartment Patient").

use fhir::compartment::compartment_parameters;

use crate::bits::Bits;
use crate::engine::Engine;

impl Engine {
    /// The documents of all types in the compartments of these patients, and they themselves.
    pub(crate) fn compartments(&self, patients: &Bits) -> Bits {
        let mut found = patients.clone();
        for kind in self.store.shelves.keys() {
            for parameter in compartment_parameters(kind) {
                found.add(&self.referring(kind, parameter.code(), patients));
            }
        }
        found.keep(&self.store.live);
        found
    }

    /// The documents of a type in the compartment of a patient.
    pub(crate) fn compartment(&self, patient: &str, kind: &str) -> Bits {
        let itself = self.store.number("Patient", patient);
        let target: Bits = itself.into_iter().collect();
        let mut found = Bits::with_room(self.store.room());
        for parameter in compartment_parameters(kind) {
            found.add(&self.referring(kind, parameter.code(), &target));
        }
        if kind == "Patient" {
            found.add(&target);
        }
        found
    }
}
