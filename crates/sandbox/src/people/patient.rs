use serde_json::{Value, json};

use super::chart::{Chart, identifier};
use super::element::{hl7, put, reference};
use super::moment::Moment;
use super::person::{Person, Sex};
use super::place::FAMILY_DOCTOR;

const US_CORE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/";

/// Writes the Patient and one RelatedPerson for each relative among the generated people.
pub(crate) fn write(chart: &mut Chart, person: &Person) {
    let at = Moment::at(chart.since.max(person.birth), 8, 15);
    let number = 40_000 + u64::from(person.index) * 37;
    let (gender, birth_sex) = if person.sex == Sex::Female { ("female", "F") } else { ("male", "M") };
    let mut patient = json!({
        "extension": [race(person), ethnicity(person), {"url": format!("{US_CORE}us-core-birthsex"), "valueCode": birth_sex}],
        "identifier": [{
            "use": "usual",
            "type": {"coding": [{"system": hl7("v2-0203"), "code": "MR", "display": "Medical record number"}]},
            "system": chart.system.mrn_system(),
            "value": mrn(person),
        }],
        "active": true,
        "name": [{"use": "official", "family": person.family, "given": person.given}],
        "telecom": [
            {"system": "phone", "value": person.phone, "use": "mobile"},
            {"system": "email", "value": person.email},
        ],
        "gender": gender,
        "birthDate": person.birth.to_string(),
        "address": [{
            "use": "home", "line": [person.street], "city": "Fenwick", "state": "AZ", "postalCode": "86301", "country": "US",
        }],
        "communication": [{
            "language": {"coding": [{"system": "urn:ietf:bcp:47", "code": person.language.0, "display": person.language.1}]},
            "preferred": true,
        }],
        "generalPractitioner": [chart.system.clinician(FAMILY_DOCTOR).reference()],
        "managingOrganization": chart.system.organization_reference(),
    });
    if number % 2 == 0 {
        let state = json!({"coding": [{"system": hl7("v3-MaritalStatus"), "code": "M", "display": "Married"}]});
        put(&mut patient, "maritalStatus", (chart.today.year() - person.birth.year() > 30).then_some(state));
    }
    let id = chart.patient.clone();
    chart.add_as("Patient", &id, Some("patient"), at, patient);
    for kin in &person.kin {
        let (given, family) = kin.name.split_once(' ').unwrap_or((&kin.name, ""));
        let related = json!({
            "active": true,
            "patient": reference("Patient", &id),
            "relationship": [{
                "coding": [{"system": hl7("v3-RoleCode"), "code": kin.role, "display": kin.words}],
                "text": kin.words,
            }],
            "name": [{"family": family, "given": [given]}],
            "telecom": [{"system": "phone", "value": "+1 928 555 0142"}],
        });
        chart.add("RelatedPerson", Some("relatedperson"), at, related);
    }
    coverage(chart, person, at);
}

fn coverage(chart: &mut Chart, person: &Person, at: Moment) {
    let medicare = chart.today.year() - person.birth.year() >= 66;
    let (code, words) = if medicare { ("MCPOL", "Managed care policy") } else { ("EHCPOL", "Extended healthcare") };
    let payor = if medicare { "Saguaro Senior Plan" } else { "Copper Basin Health Plan" };
    let coverage = json!({
        "identifier": identifier(chart.system, "member", &format!("CB{:07}", 1_000_000 + person.index * 91)),
        "status": "active",
        "type": {"coding": [{"system": hl7("v3-ActCode"), "code": code, "display": words}]},
        "subscriberId": format!("CB{:07}", 1_000_000 + person.index * 91),
        "beneficiary": chart.subject(),
        "relationship": {"coding": [{"system": hl7("subscriber-relationship"), "code": "self"}]},
        "period": {"start": chart.since.max(person.birth).to_string()},
        "payor": [{"display": payor}],
    });
    chart.add("Coverage", Some("coverage"), at, coverage);
}

/// The record number: the same person has another one in each system, as their systems differ.
pub(crate) fn mrn(person: &Person) -> String {
    format!("{:04}-{:04}", 41 + person.index, 7700 + u64::from(person.index) * 13)
}

fn race(person: &Person) -> Value {
    let (code, words) = person.race;
    category("us-core-race", code, words)
}

fn ethnicity(person: &Person) -> Value {
    if person.hispanic {
        category("us-core-ethnicity", "2135-2", "Hispanic or Latino")
    } else {
        category("us-core-ethnicity", "2186-5", "Not Hispanic or Latino")
    }
}

fn category(name: &str, code: &str, words: &str) -> Value {
    json!({
        "url": format!("{US_CORE}{name}"),
        "extension": [
            {"url": "ombCategory", "valueCoding": {"system": "urn:oid:2.16.840.1.113883.6.238", "code": code, "display": words}},
            {"url": "text", "valueString": words},
        ],
    })
}
