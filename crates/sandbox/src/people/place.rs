use serde_json::{Value, json};

use super::element::{hl7, named_reference, reference};
use super::resource::Resource;

/// Which of the two health systems holds a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum System {
    /// Fenwick Valley Health: hospital and clinics, the newer record.
    Valley,
    /// Larkspur Community Clinic: the older record, urgent care, counselling, vaccines.
    Larkspur,
}

/// Someone who treats: id, name, specialty (NUCC) and its words.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clinician {
    pub(crate) id: &'static str,
    pub(crate) given: &'static str,
    pub(crate) family: &'static str,
    specialty: (&'static str, &'static str),
    npi: &'static str,
}

pub(crate) const FAMILY_DOCTOR: usize = 0;
pub(crate) const HOSPITAL_DOCTOR: usize = 1;
pub(crate) const MIND_DOCTOR: usize = 2;

const VALLEY: [Clinician; 3] = [
    Clinician {
        id: "prac-101",
        given: "Ottilie",
        family: "Raskin",
        specialty: ("207Q00000X", "Family Medicine"),
        npi: "1999999984",
    },
    Clinician {
        id: "prac-102",
        given: "Joaquín",
        family: "Sorrel",
        specialty: ("207R00000X", "Internal Medicine"),
        npi: "1999999976",
    },
    Clinician {
        id: "prac-103",
        given: "Thaddeus",
        family: "Imani",
        specialty: ("2084P0800X", "Psychiatry"),
        npi: "1999999968",
    },
];

const LARKSPUR: [Clinician; 3] = [
    Clinician {
        id: "prac-201",
        given: "Beata",
        family: "Lindholm",
        specialty: ("208D00000X", "General Practice"),
        npi: "1999999950",
    },
    Clinician {
        id: "prac-202",
        given: "Amadou",
        family: "Ferris",
        specialty: ("207P00000X", "Emergency Medicine"),
        npi: "1999999943",
    },
    Clinician {
        id: "prac-203",
        given: "Rosalba",
        family: "Keene",
        specialty: ("103TC0700X", "Clinical Psychology"),
        npi: "1999999935",
    },
];

impl System {
    /// Both, in the order they are always listed.
    pub const ALL: [System; 2] = [System::Valley, System::Larkspur];

    /// The name on its signs.
    pub fn name(self) -> &'static str {
        match self {
            System::Valley => "Fenwick Valley Health",
            System::Larkspur => "Larkspur Community Clinic",
        }
    }

    /// Short name for addresses and ids.
    pub fn key(self) -> &'static str {
        match self {
            System::Valley => "valley",
            System::Larkspur => "larkspur",
        }
    }

    pub(crate) fn organization(self) -> &'static str {
        match self {
            System::Valley => "org-1",
            System::Larkspur => "org-2",
        }
    }

    pub(crate) fn location(self, hospital: bool) -> &'static str {
        match (self, hospital) {
            (System::Valley, true) => "loc-11",
            (System::Valley, false) => "loc-12",
            (System::Larkspur, _) => "loc-21",
        }
    }

    pub(crate) fn mrn_system(self) -> &'static str {
        match self {
            System::Valley => "https://fenwickvalley.example/ids/mrn",
            System::Larkspur => "https://larkspur.example/ids/chart",
        }
    }

    pub(crate) fn clinician(self, which: usize) -> Clinician {
        let [first, second, third] = if self == System::Valley { VALLEY } else { LARKSPUR };
        match which {
            HOSPITAL_DOCTOR => second,
            MIND_DOCTOR => third,
            _ => first,
        }
    }

    pub(crate) fn organization_reference(self) -> Value {
        named_reference("Organization", self.organization(), self.name())
    }

    /// What belongs to no one patient: organization, places, clinicians and their roles.
    pub(crate) fn resources(self) -> Vec<Resource> {
        let mut all = vec![self.organization_resource()];
        for hospital in [false, true] {
            if hospital && self == System::Larkspur {
                continue;
            }
            all.push(self.location_resource(hospital));
        }
        for which in [FAMILY_DOCTOR, HOSPITAL_DOCTOR, MIND_DOCTOR] {
            let clinician = self.clinician(which);
            all.push(clinician.resource());
            all.push(clinician.role(self));
        }
        all
    }

    fn organization_resource(self) -> Resource {
        let (npi, city) = if self == System::Valley { ("1777777776", "Fenwick") } else { ("1777777768", "Larkspur") };
        Resource::shared(
            "Organization",
            self.organization(),
            json!({
                "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": npi}],
                "active": true,
                "type": [{"coding": [{"system": hl7("organization-type"), "code": "prov", "display": "Healthcare Provider"}]}],
                "name": self.name(),
                "telecom": [{"system": "phone", "value": "+1 928 555 0199"}],
                "address": [{"line": ["1 Fenwick Road"], "city": city, "state": "AZ", "postalCode": "86301", "country": "US"}],
            }),
        )
    }

    fn location_resource(self, hospital: bool) -> Resource {
        let place = if hospital { "Hospital" } else { "Clinic" };
        Resource::shared(
            "Location",
            self.location(hospital),
            json!({
                "status": "active",
                "name": format!("{} {place}", self.name()),
                "type": [{"coding": [{"system": hl7("v3-RoleCode"), "code": if hospital { "HOSP" } else { "OF" }}]}],
                "address": {"line": ["1 Fenwick Road"], "city": "Fenwick", "state": "AZ", "postalCode": "86301", "country": "US"},
                "managingOrganization": reference("Organization", self.organization()),
            }),
        )
    }
}

impl Clinician {
    pub(crate) fn name(&self) -> String {
        format!("Dr {} {}", self.given, self.family)
    }

    pub(crate) fn reference(&self) -> Value {
        named_reference("Practitioner", self.id, &self.name())
    }

    fn resource(&self) -> Resource {
        Resource::shared(
            "Practitioner",
            self.id,
            json!({
                "identifier": [{"system": "http://hl7.org/fhir/sid/us-npi", "value": self.npi}],
                "active": true,
                "name": [{"use": "official", "family": self.family, "given": [self.given], "prefix": ["Dr"]}],
            }),
        )
    }

    fn role(&self, system: System) -> Resource {
        let (specialty, words) = self.specialty;
        Resource::shared(
            "PractitionerRole",
            &self.id.replace("prac", "role"),
            json!({
                "active": true,
                "practitioner": self.reference(),
                "organization": system.organization_reference(),
                "specialty": [{"coding": [{"system": "http://nucc.org/provider-taxonomy", "code": specialty, "display": words}]}],
                "location": [reference("Location", system.location(false))],
                "telecom": [{"system": "phone", "value": "+1 928 555 0198"}],
            }),
        )
    }
}
