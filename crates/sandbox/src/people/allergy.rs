use serde_json::json;

use super::chart::Chart;
use super::element::{Code, SNOMED, code, concept, term};
use super::moment::{Moment, add_days};
use super::person::Person;
use super::place::FAMILY_DOCTOR;

struct Allergy {
    key: &'static str,
    to: Code,
    category: &'static str,
    reaction: Code,
    severity: &'static str,
    criticality: &'static str,
}

const HIVES: Code = code("247472004", "Hives");
const ANAPHYLAXIS: Code = code("39579001", "Anaphylaxis");
const RASH: Code = code("271807003", "Skin rash");

const ALLERGIES: &[Allergy] = &[
    Allergy {
        key: "penicillin",
        to: code("764146007", "Penicillin"),
        category: "medication",
        reaction: HIVES,
        severity: "moderate",
        criticality: "high",
    },
    Allergy {
        key: "sulfa",
        to: code("387406002", "Sulfonamide"),
        category: "medication",
        reaction: RASH,
        severity: "mild",
        criticality: "low",
    },
    Allergy {
        key: "peanut",
        to: code("762952008", "Peanut"),
        category: "food",
        reaction: ANAPHYLAXIS,
        severity: "severe",
        criticality: "high",
    },
    Allergy {
        key: "latex",
        to: code("111088007", "Latex"),
        category: "environment",
        reaction: RASH,
        severity: "mild",
        criticality: "low",
    },
    Allergy {
        key: "bee",
        to: code("288328004", "Bee venom"),
        category: "environment",
        reaction: ANAPHYLAXIS,
        severity: "severe",
        criticality: "high",
    },
];

/// Writes the person's allergies, or the statement that none is known.
pub(crate) fn write(chart: &mut Chart, person: &Person) {
    let noted = Moment::at(chart.since.max(add_days(person.birth, 400)), 10, 5);
    let mut any = false;
    for allergy in ALLERGIES.iter().filter(|allergy| person.allergies.contains(&allergy.key)) {
        any = true;
        let body = json!({
            "clinicalStatus": term("allergyintolerance-clinical", "active"),
            "verificationStatus": term("allergyintolerance-verification", "confirmed"),
            "type": "allergy",
            "category": [allergy.category],
            "criticality": allergy.criticality,
            "code": concept(SNOMED, allergy.to),
            "patient": chart.subject(),
            "recordedDate": noted.to_string(),
            "recorder": chart.system.clinician(FAMILY_DOCTOR).reference(),
            "reaction": [{"manifestation": [concept(SNOMED, allergy.reaction)], "severity": allergy.severity}],
        });
        chart.add("AllergyIntolerance", Some("allergyintolerance"), noted, body);
    }
    if !any && noted.date < chart.today {
        let body = json!({
            "clinicalStatus": term("allergyintolerance-clinical", "active"),
            "verificationStatus": term("allergyintolerance-verification", "confirmed"),
            "code": concept(SNOMED, code("716186003", "No known allergy")),
            "patient": chart.subject(),
            "recordedDate": noted.to_string(),
        });
        chart.add("AllergyIntolerance", Some("allergyintolerance"), noted, body);
    }
}
