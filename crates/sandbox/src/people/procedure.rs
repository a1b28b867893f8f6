use jiff::civil::Date;
use serde_json::json;

use super::chart::Chart;
use super::course::Course;
use super::element::{Code, SNOMED, code, concept, put, reference};
use super::moment::{Moment, add_days, add_months, age};
use super::person::Sex;
use super::place::HOSPITAL_DOCTOR;

/// Something done to or for a person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Act {
    pub(crate) code: Code,
    pub(crate) at: Moment,
    pub(crate) minutes: u16,
}

const COLONOSCOPY: Code = code("73761001", "Colonoscopy");
const MAMMOGRAPHY: Code = code("71651007", "Mammography");
const CATARACT: Code = code("54885007", "Extraction of cataract");

/// What an illness leads to, if anything is done about it.
pub(crate) fn for_illness(key: &str) -> Option<Code> {
    Some(match key {
        "appendicitis" => code("80146002", "Appendectomy"),
        "forearm" => code("274474001", "Bone immobilization"),
        "asthma" => code("127783003", "Spirometry"),
        "fibrillation" => code("29303009", "Electrocardiogram"),
        "pregnancy" => code("177184002", "Normal delivery procedure"),
        "depression" => code("75516001", "Psychotherapy"),
        "partner-abuse" => code("409063005", "Counseling"),
        "knee" => code("91251008", "Physical therapy procedure"),
        _ => return None,
    })
}

/// Screening and what comes with age.
pub(crate) fn by_age(course: &Course) -> Vec<(Date, Code)> {
    let at = |years: i64, days: i64| add_days(add_months(course.birth, years * 12), days);
    let mut due = vec![(at(50, 90), COLONOSCOPY), (at(60, 130), COLONOSCOPY), (at(73, 40), CATARACT)];
    if course.sex == Sex::Female {
        due.extend((0..13).map(|nth| (at(46 + nth * 2, 60 + nth * 17), MAMMOGRAPHY)));
    }
    due.retain(|(on, _)| *on < course.today && age(course.birth, *on) < 90);
    due.sort_by_key(|(on, code)| (*on, code.code));
    due
}

/// Writes one procedure.
pub(crate) fn write(chart: &mut Chart, act: Act, encounter: Option<&str>, reason: Option<&str>) {
    let mut body = json!({
        "status": "completed",
        "code": concept(SNOMED, act.code),
        "subject": chart.subject(),
        "performedPeriod": {"start": act.at.to_string(), "end": act.at.plus(act.minutes).to_string()},
        "performer": [{"actor": chart.system.clinician(HOSPITAL_DOCTOR).reference()}],
    });
    put(&mut body, "encounter", Chart::encounter(encounter));
    put(&mut body, "reasonReference", reason.map(|id| json!([reference("Condition", id)])));
    chart.add("Procedure", Some("procedure"), chart.recorded(act.at), body);
}
