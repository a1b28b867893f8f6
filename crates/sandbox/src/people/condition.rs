use serde_json::{Value, json};

use super::chart::Chart;
use super::course::Episode;
use super::dice::Dice;
use super::drug;
use super::element::{ICD10, RXNORM, SNOMED, code, coding, concept, decimal, hl7, put, reference, term};
use super::illness::Topic;
use super::moment::{Moment, add_days};
use super::place::{FAMILY_DOCTOR, MIND_DOCTOR};

/// Writes an illness and what was prescribed for it; returns the condition's id.
pub(crate) fn write(chart: &mut Chart, dice: &mut Dice, episode: &Episode, encounter: Option<&str>) -> String {
    let illness = episode.illness;
    let first = Moment::at(episode.start, 10, 20);
    let recorded = chart.recorded(first);
    let over = episode.end.is_some();
    let category = if episode.is_chronic() { "problem-list-item" } else { "encounter-diagnosis" };
    let mut condition = json!({
        "clinicalStatus": term("condition-clinical", if over { "resolved" } else { "active" }),
        "verificationStatus": term("condition-ver-status", "confirmed"),
        "category": [term("condition-category", category)],
        "code": {
            "coding": [
                coding(SNOMED, illness.snomed.code, illness.snomed.words),
                coding(ICD10, illness.icd10, illness.snomed.words),
            ],
            "text": illness.snomed.words,
        },
        "subject": chart.subject(),
        "onsetDateTime": episode.start.to_string(),
        "recordedDate": recorded.to_string(),
        "recorder": chart.system.clinician(FAMILY_DOCTOR).reference(),
    });
    put(&mut condition, "abatementDateTime", episode.end.map(|end| end.to_string().into()));
    put(&mut condition, "encounter", Chart::encounter(encounter));
    let profile =
        if episode.is_chronic() { "condition-problems-health-concerns" } else { "condition-encounter-diagnosis" };
    let id = chart.new_id();
    label(&mut condition, illness.topic);
    chart.add_as("Condition", &id, Some(profile), recorded, condition);
    prescribe(chart, dice, episode, &id, encounter);
    id
}

/// What the source itself marks as sensitive, as some systems do.
fn label(resource: &mut Value, topic: Topic) {
    let word = match topic {
        Topic::Ordinary | Topic::Genetic | Topic::Reproductive => return,
        Topic::MentalHealth => "psychiatry",
        Topic::SubstanceUse => "substance use",
        Topic::Hiv => "infectious disease",
        Topic::Violence => "social work",
    };
    put(resource, "note", Some(json!([{"text": format!("Followed together with {word}.")}])));
}

fn prescribe(chart: &mut Chart, dice: &mut Dice, episode: &Episode, condition: &str, encounter: Option<&str>) {
    let mut starts: Vec<_> = episode.illness.drugs.to_vec();
    starts.sort_by_key(|(_, years)| *years);
    for (at, (key, years)) in starts.iter().enumerate() {
        let begun = add_days(episode.start, years * 365);
        let Some(drug) = drug::find(key).filter(|_| begun < add_days(chart.today, -2)) else { continue };
        // A stronger tablet of the same drug replaces the weaker one.
        let stem = key.split('-').next().unwrap_or(key);
        let replaced = starts
            .iter()
            .skip(at + 1)
            .any(|(later, years)| later.starts_with(stem) && add_days(episode.start, years * 365) < chart.today);
        let status = if episode.end.is_some() {
            "completed"
        } else if replaced {
            "stopped"
        } else {
            "active"
        };
        let signed = chart.recorded(Moment::at(begun, 10, 40));
        let mind = matches!(episode.illness.topic, Topic::MentalHealth | Topic::SubstanceUse);
        let doctor = chart.system.clinician(if mind { MIND_DOCTOR } else { FAMILY_DOCTOR });
        let mut request = json!({
            "status": status,
            "intent": "order",
            "category": [term("medicationrequest-category", "community")],
            "subject": chart.subject(),
            "authoredOn": signed.to_string(),
            "requester": doctor.reference(),
            "reasonReference": [reference("Condition", condition)],
            "dosageInstruction": [dosage(drug)],
            "dispenseRequest": {"numberOfRepeatsAllowed": dice.between(0, 5)},
        });
        name_drug(chart, dice, &mut request, drug, signed);
        put(&mut request, "encounter", Chart::encounter(encounter.filter(|_| *years == 0)));
        let id = chart.add("MedicationRequest", Some("medicationrequest"), signed, request);
        if dice.chance(35) && status == "active" {
            let handed_over = chart.past(signed.days_later(1));
            dispense(chart, drug, &id, handed_over);
        }
    }
}

/// The three ways health systems name a drug: by code, by a contained Medication, by reference to one.
fn name_drug(chart: &mut Chart, dice: &mut Dice, request: &mut Value, drug: &drug::Drug, at: Moment) {
    match dice.between(0, 5) {
        0 => {
            put(
                request,
                "contained",
                Some(json!([{"resourceType": "Medication", "id": "med", "code": concept(RXNORM, drug.code)}])),
            );
            put(request, "medicationReference", Some(json!({"reference": "#med", "display": drug.code.words})));
        }
        1 => {
            let medication = json!({"code": concept(RXNORM, drug.code), "status": "active"});
            let id = chart.add("Medication", Some("medication"), at, medication);
            put(request, "medicationReference", Some(reference("Medication", &id)));
        }
        _ => put(request, "medicationCodeableConcept", Some(concept(RXNORM, drug.code))),
    }
}

fn dosage(drug: &drug::Drug) -> Value {
    let mut dosage = json!({
        "text": drug.label(),
        "route": concept(SNOMED, drug.route),
        "asNeededBoolean": drug.per_day == 0,
        "doseAndRate": [{"doseQuantity": {"value": decimal(drug.dose.0), "unit": drug.dose.1}}],
    });
    if drug.per_day > 0 {
        let repeat = json!({"repeat": {"frequency": drug.per_day, "period": decimal("1"), "periodUnit": "d"}});
        put(&mut dosage, "timing", Some(repeat));
    }
    dosage
}

fn dispense(chart: &mut Chart, drug: &drug::Drug, request: &str, at: Moment) {
    let body = json!({
        "status": "completed",
        "medicationCodeableConcept": concept(RXNORM, drug.code),
        "subject": chart.subject(),
        "authorizingPrescription": [reference("MedicationRequest", request)],
        "type": {"coding": [{"system": hl7("v3-ActCode"), "code": "FF", "display": "First Fill"}]},
        "quantity": {"value": decimal("90"), "unit": drug.dose.1},
        "daysSupply": {"value": decimal("30"), "unit": "days", "system": "http://unitsofmeasure.org", "code": "d"},
        "whenHandedOver": at.to_string(),
        "dosageInstruction": [{"text": drug.label()}],
    });
    chart.add("MedicationDispense", Some("medicationdispense"), at, body);
}

/// A product without an illness: aspirin, now and then, that the person takes by themself.
pub(crate) fn over_the_counter(chart: &mut Chart, at: Moment) {
    let Some(drug) = drug::find("aspirin-81") else { return };
    let body = json!({
        "status": "active",
        "medicationCodeableConcept": concept(RXNORM, drug.code),
        "subject": chart.subject(),
        "effectivePeriod": {"start": at.date.to_string()},
        "dateAsserted": at.to_string(),
        "informationSource": chart.subject(),
        "reasonCode": [concept(SNOMED, code("315016007", "At risk of coronary heart disease"))],
        "dosage": [{"text": drug.label()}],
    });
    chart.add("MedicationStatement", None, at, body);
}
