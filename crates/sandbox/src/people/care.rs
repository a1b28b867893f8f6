use serde_json::{Value, json};

use super::chart::Chart;
use super::course::Episode;
use super::element::{LOINC, SNOMED, code, concept, hl7, quantity, reference, term};
use super::moment::Moment;
use super::place::{FAMILY_DOCTOR, HOSPITAL_DOCTOR};

/// What is aimed at for an illness, and what the person does about it.
struct Aim {
    words: &'static str,
    /// LOINC code, words, target and unit of what is measured.
    target: Option<(&'static str, &'static str, &'static str, &'static str)>,
    activities: &'static [(&'static str, &'static str)],
}

fn aim(illness: &str) -> Option<Aim> {
    Some(match illness {
        "diabetes" => Aim {
            words: "Hemoglobin A1c at or below 7 %",
            target: Some(("4548-4", "Hemoglobin A1c", "7.0", "%")),
            activities: &[("160670007", "Diabetic diet"), ("229065009", "Exercise therapy")],
        },
        "hypertension" => Aim {
            words: "Upper blood pressure below 130 mmHg",
            target: Some(("8480-6", "Systolic blood pressure", "130", "mm[Hg]")),
            activities: &[("183063000", "Low salt diet education"), ("229065009", "Exercise therapy")],
        },
        "asthma" => Aim {
            words: "Sleep through the night without wheezing",
            target: None,
            activities: &[("371605008", "Deep breathing and coughing exercises")],
        },
        "depression" => Aim {
            words: "PHQ-9 score below 5",
            target: Some(("44261-6", "PHQ-9 total score", "5", "{score}")),
            activities: &[("75516001", "Psychotherapy"), ("229065009", "Exercise therapy")],
        },
        _ => return None,
    })
}

/// Writes Goal, CarePlan and CareTeam for an illness that is followed by plan; nothing for others.
pub(crate) fn write(chart: &mut Chart, episode: &Episode, condition: &str) {
    let Some(aim) = aim(episode.illness.key) else { return };
    let at = chart.recorded(Moment::at(episode.start, 10, 50));
    let goal = goal(chart, &aim, at, condition);
    let status = if episode.end.is_some() { "completed" } else { "active" };
    let team = json!({
        "status": if episode.end.is_some() { "inactive" } else { "active" },
        "name": format!("Care team: {}", episode.illness.snomed.words),
        "subject": chart.subject(),
        "period": {"start": at.to_string()},
        "participant": [
            member(chart, FAMILY_DOCTOR, "Primary care provider", "453231000124104"),
            member(chart, HOSPITAL_DOCTOR, "Physician", "309343006"),
        ],
        "managingOrganization": [chart.system.organization_reference()],
    });
    let team = chart.add("CareTeam", Some("careteam"), at, team);
    let activities: Vec<Value> = aim.activities.iter().map(|(code, words)| activity(code, words)).collect();
    let text = format!("{}: {}", episode.illness.snomed.words, aim.words);
    let plan = json!({
        "text": {"status": "additional", "div": format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{text}</div>")},
        "status": status,
        "intent": "plan",
        "category": [{"coding": [{
            "system": "http://hl7.org/fhir/us/core/CodeSystem/careplan-category", "code": "assess-plan",
        }]}],
        "title": episode.illness.snomed.words,
        "subject": chart.subject(),
        "period": {"start": at.to_string()},
        "careTeam": [reference("CareTeam", &team)],
        "addresses": [reference("Condition", condition)],
        "goal": [reference("Goal", &goal)],
        "activity": activities,
    });
    chart.add("CarePlan", Some("careplan"), at, plan);
}

fn goal(chart: &mut Chart, aim: &Aim, at: Moment, condition: &str) -> String {
    let mut goal = json!({
        "lifecycleStatus": "active",
        "achievementStatus": term("goal-achievement", "in-progress"),
        "description": {"text": aim.words},
        "subject": chart.subject(),
        "startDate": at.date.to_string(),
        "addresses": [reference("Condition", condition)],
    });
    if let (Some((loinc, words, digits, unit)), Some(map)) = (aim.target, goal.as_object_mut()) {
        let target = json!([{
            "measure": concept(LOINC, code(loinc, words)),
            "detailQuantity": quantity(digits, unit, unit),
            "dueDate": at.days_later(365).date.to_string(),
        }]);
        map.insert("target".to_owned(), target);
    }
    chart.add("Goal", Some("goal"), at, goal)
}

fn member(chart: &Chart, which: usize, words: &str, role: &str) -> Value {
    json!({
        "role": [{"coding": [{"system": SNOMED, "code": role, "display": words}], "text": words}],
        "member": chart.system.clinician(which).reference(),
    })
}

fn activity(code: &str, words: &str) -> Value {
    json!({"detail": {
        "code": {"coding": [{"system": SNOMED, "code": code, "display": words}], "text": words},
        "status": "in-progress",
        "description": words,
    }})
}

/// Who wrote what: one Provenance over the resources given.
pub(crate) fn provenance(chart: &mut Chart, targets: &[(&str, &str)], at: Moment, clinician: usize) {
    let body = json!({
        "target": targets.iter().map(|(kind, id)| reference(kind, id)).collect::<Vec<_>>(),
        "recorded": at.instant(5),
        "agent": [{
            "type": {"coding": [{"system": hl7("provenance-participant-type"), "code": "author", "display": "Author"}]},
            "who": chart.system.clinician(clinician).reference(),
            "onBehalfOf": chart.system.organization_reference(),
        }],
    });
    chart.add("Provenance", Some("provenance"), at, body);
}
