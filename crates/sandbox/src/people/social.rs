use serde_json::{Value, json};

use super::chart::Chart;
use super::course::Course;
use super::dice::Dice;
use super::element::{Code, LOINC, SNOMED, code, concept, put, reference, term};
use super::moment::Moment;
use super::person::{Person, Smoker};

const PHQ9: Code = code("44249-1", "PHQ-9 questionnaire");
const PHQ9_TOTAL: Code = code("44261-6", "PHQ-9 total score");
const PHQ9_ITEMS: [Code; 9] = [
    code("44250-9", "Little interest"),
    code("44255-8", "Feeling down"),
    code("44259-0", "Trouble sleeping"),
    code("44254-1", "Feeling tired"),
    code("44251-7", "Appetite"),
    code("44258-2", "Feeling bad about oneself"),
    code("44252-5", "Trouble concentrating"),
    code("44253-3", "Moving or speaking slowly"),
    code("44260-8", "Thoughts of being better off dead"),
];

/// Smoking status, asked at check-ups.
pub(crate) fn smoking(chart: &mut Chart, person: &Person, at: Moment, encounter: &str) {
    let answer = match person.smoker {
        Smoker::Never => code("266919005", "Never smoked"),
        Smoker::Former => code("8517006", "Former smoker"),
        Smoker::Daily => code("449868002", "Smokes tobacco daily"),
    };
    let mut body = frame(chart, "social-history", code("72166-2", "Tobacco smoking status"), at, Some(encounter));
    put(&mut body, "valueCodeableConcept", Some(concept(SNOMED, answer)));
    chart.add("Observation", Some("smokingstatus"), at, body);
}

/// The nine answers, their sum, and the panel that holds them together.
pub(crate) fn mood(chart: &mut Chart, dice: &mut Dice, course: &Course, at: Moment, encounter: &str) {
    let ill = course.years_with("depression", at.date);
    let most = ill.map_or(1, |since| if since < 0.4 { 3 } else { 2 });
    let mut sum = 0;
    let mut items = Vec::new();
    for item in PHQ9_ITEMS {
        let rare = item.code == "44260-8" || item.code == "44253-3";
        let points = if rare { 0 } else { dice.between(i64::from(ill.is_some()), most).min(most) };
        let points = if ill.is_none() && dice.chance(70) { 0 } else { points };
        sum += points;
        items.push(score(chart, item, points, at, encounter, "{score}"));
    }
    items.push(score(chart, PHQ9_TOTAL, sum, at, encounter, "{score}"));
    let mut panel = frame(chart, "survey", PHQ9, at, Some(encounter));
    put(&mut panel, "hasMember", Some(items.iter().map(|id| reference("Observation", id)).collect()));
    chart.add("Observation", Some("observation-screening-assessment"), at, panel);
}

/// Drinking, in three questions (0 to 12).
pub(crate) fn drinking(chart: &mut Chart, dice: &mut Dice, course: &Course, at: Moment, encounter: &str) {
    let points = if course.years_with("alcohol", at.date).is_some() { dice.between(7, 11) } else { dice.between(0, 3) };
    score(chart, code("75626-2", "AUDIT-C total score"), points, at, encounter, "{score}");
}

/// Fear and harm at home, in four questions (0 to 4).
pub(crate) fn safety(chart: &mut Chart, dice: &mut Dice, at: Moment, encounter: &str) {
    let points = dice.between(2, 4);
    score(chart, code("76499-3", "HARK total score"), points, at, encounter, "{score}");
}

/// A gene test: gene studied and what was found.
pub(crate) fn gene(chart: &mut Chart, at: Moment) {
    let mut body = frame(chart, "laboratory", code("69548-6", "Genetic variant assessment"), at, None);
    put(
        &mut body,
        "valueCodeableConcept",
        Some(json!({"coding": [{"system": LOINC, "code": "LA9633-4", "display": "Present"}], "text": "Present"})),
    );
    put(
        &mut body,
        "component",
        Some(json!([{
            "code": concept(LOINC, code("48018-6", "Gene studied")),
            "valueCodeableConcept": {"coding": [{"system": "http://www.genenames.org/geneId", "code": "HGNC:1100", "display": "BRCA1"}], "text": "BRCA1"},
        }])),
    );
    chart.add("Observation", Some("observation-clinical-result"), at, body);
    let family = json!({
        "status": "completed",
        "patient": chart.subject(),
        "date": at.date.to_string(),
        "relationship": {"coding": [{"system": super::element::hl7("v3-RoleCode"), "code": "MTH", "display": "mother"}], "text": "mother"},
        "condition": [{"code": concept(SNOMED, code("254837009", "Malignant neoplasm of breast")), "onsetAge": {"value": super::element::decimal("44"), "unit": "years", "system": super::element::UCUM, "code": "a"}}],
    });
    chart.add("FamilyMemberHistory", None, at, family);
}

/// Pregnancy as an observation, asked at prenatal visits.
pub(crate) fn pregnancy(chart: &mut Chart, at: Moment, encounter: &str) {
    let mut body = frame(chart, "social-history", code("82810-3", "Pregnancy status"), at, Some(encounter));
    put(&mut body, "valueCodeableConcept", Some(concept(SNOMED, code("77386006", "Pregnant"))));
    chart.add("Observation", Some("observation-pregnancystatus"), at, body);
}

fn score(chart: &mut Chart, what: Code, points: i64, at: Moment, encounter: &str, unit: &'static str) -> String {
    let mut body = frame(chart, "survey", what, at, Some(encounter));
    let value = super::element::quantity(&points.to_string(), "score", unit);
    put(&mut body, "valueQuantity", Some(value));
    chart.add("Observation", Some("observation-screening-assessment"), at, body)
}

fn frame(chart: &Chart, category: &str, what: Code, at: Moment, encounter: Option<&str>) -> Value {
    let mut body = json!({
        "status": "final",
        "category": [term("observation-category", category)],
        "code": concept(LOINC, what),
        "subject": chart.subject(),
        "effectiveDateTime": at.to_string(),
        "performer": [chart.system.clinician(super::place::FAMILY_DOCTOR).reference()],
    });
    put(&mut body, "encounter", Chart::encounter(encounter));
    body
}
