use jiff::civil::Date;
use serde_json::json;

use super::chart::{Chart, identifier};
use super::course::{Course, Episode};
use super::dice::Dice;
use super::element::{Code, SNOMED, code, concept, hl7, put, reference};
use super::illness::Topic;
use super::moment::{Moment, add_days, add_months, age};
use super::place::{FAMILY_DOCTOR, HOSPITAL_DOCTOR, MIND_DOCTOR, System};

/// Why someone comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    WellChild,
    CheckUp,
    /// Follow-up of what stays.
    FollowUp,
    Sick,
    Emergency,
    Stay,
    Prenatal,
    Counseling,
}

/// One visit, before it is written down.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Visit {
    pub(crate) at: Moment,
    pub(crate) reason: Reason,
    pub(crate) system: System,
    /// Which episode it is about, by position in the course.
    pub(crate) episode: Option<usize>,
}

/// All visits of a life, oldest first: until `moved` the family doctor is at Larkspur, afterwards in the valley.
pub(crate) fn plan(dice: &Dice, course: &Course, moved: Date) -> Vec<Visit> {
    let mut dice = dice.fork("visits");
    let mut visits = Vec::new();
    let home = |on: Date| if on < moved { System::Larkspur } else { System::Valley };
    for months in [1, 2, 4, 6, 9, 12, 15, 18, 24, 30].into_iter().chain((3..18).map(|years| years * 12)) {
        let on = add_days(add_months(course.birth, months), 3);
        visits.push(visit(&mut dice, on, Reason::WellChild, home(on), None));
    }
    let mut on = add_days(add_months(course.birth, 18 * 12), dice.between(100, 700));
    while on < course.today {
        visits.push(visit(&mut dice, on, Reason::CheckUp, home(on), None));
        let gap = if age(course.birth, on) < 40 { 640 } else { 370 };
        on = add_days(on, gap + dice.between(-30, 90));
    }
    follow_ups(&mut dice, course, &mut visits, home);
    for (at, episode) in course.episodes.iter().enumerate() {
        about(&mut dice, course, (at, episode), &mut visits, home);
    }
    visits.retain(|visit| visit.at.date < add_days(course.today, -1) && visit.at.date > course.birth);
    visits.sort_by_key(|visit| visit.at);
    visits
}

fn visit(dice: &mut Dice, on: Date, reason: Reason, system: System, episode: Option<usize>) -> Visit {
    let hour = u16::try_from(dice.between(8, 16)).unwrap_or(9);
    let minute = u16::try_from(dice.between(0, 3) * 15).unwrap_or(0);
    Visit { at: Moment::at(on, hour, minute), reason, system, episode }
}

fn follow_ups(dice: &mut Dice, course: &Course, visits: &mut Vec<Visit>, home: impl Fn(Date) -> System) {
    const CLOSE: [&str; 5] = ["diabetes", "kidney", "fibrillation", "hiv", "hypertension"];
    let watched = course.episodes.iter().filter(|e| e.is_chronic() && CLOSE.contains(&e.illness.key));
    let Some(mut on) = watched.map(|episode| add_days(episode.start, 40)).min() else { return };
    while on < course.today {
        visits.push(visit(dice, on, Reason::FollowUp, home(on), None));
        on = add_days(on, dice.between(80, 190));
    }
}

fn about(
    dice: &mut Dice,
    course: &Course,
    (at, episode): (usize, &Episode),
    visits: &mut Vec<Visit>,
    home: impl Fn(Date) -> System,
) {
    let system = home(episode.start);
    let minor = if dice.chance(45) { System::Larkspur } else { system };
    let (reason, system) = match episode.illness.key {
        "appendicitis" => (Reason::Stay, System::Valley),
        _ if episode.illness.hospital => (Reason::Emergency, System::Valley),
        _ if episode.is_chronic() => (Reason::CheckUp, system),
        _ => (Reason::Sick, minor),
    };
    visits.push(visit(dice, episode.start, reason, system, Some(at)));
    if episode.illness.key == "pregnancy" {
        for week in [8, 12, 16, 20, 24, 28, 32, 35, 37, 39] {
            visits.push(visit(dice, add_days(episode.start, week * 7), Reason::Prenatal, System::Valley, Some(at)));
        }
        if let Some(end) = episode.end {
            visits.push(visit(dice, end, Reason::Stay, System::Valley, Some(at)));
        }
    }
    if matches!(episode.illness.topic, Topic::MentalHealth | Topic::SubstanceUse | Topic::Violence) {
        let last = episode.end.unwrap_or(course.today).min(add_days(episode.start, 540));
        let mut on = add_days(episode.start, 21);
        while on < last {
            visits.push(visit(dice, on, Reason::Counseling, System::Larkspur, Some(at)));
            on = add_days(on, dice.between(21, 49));
        }
    }
}

impl Visit {
    pub(crate) fn minutes(&self) -> u16 {
        match self.reason {
            Reason::Stay => 400,
            Reason::Emergency => 190,
            Reason::Counseling => 50,
            _ => 25,
        }
    }

    pub(crate) fn end(&self) -> Moment {
        if self.reason == Reason::Stay { self.at.days_later(2) } else { self.at.plus(self.minutes()) }
    }

    pub(crate) fn clinician(&self) -> usize {
        match self.reason {
            Reason::Stay | Reason::Emergency => HOSPITAL_DOCTOR,
            Reason::Counseling => MIND_DOCTOR,
            _ => FAMILY_DOCTOR,
        }
    }

    pub(crate) fn kind(&self) -> Code {
        match self.reason {
            Reason::WellChild => code("410620009", "Well child visit"),
            Reason::CheckUp => code("162673000", "General examination"),
            Reason::FollowUp => code("390906007", "Follow-up encounter"),
            Reason::Sick => code("185345009", "Encounter for symptom"),
            Reason::Emergency => code("50849002", "Emergency room admission"),
            Reason::Stay => code("32485007", "Hospital admission"),
            Reason::Prenatal => code("424619006", "Prenatal visit"),
            Reason::Counseling => code("313182004", "Consultation for counseling"),
        }
    }

    fn class(&self) -> (&'static str, &'static str) {
        match self.reason {
            Reason::Emergency => ("EMER", "emergency"),
            Reason::Stay => ("IMP", "inpatient encounter"),
            _ => ("AMB", "ambulatory"),
        }
    }

    /// Writes the Encounter and returns its id.
    pub(crate) fn write(&self, chart: &mut Chart, episode: Option<&Episode>) -> String {
        let (class, words) = self.class();
        let number = chart.new_id();
        let clinician = chart.system.clinician(self.clinician());
        let hospital = matches!(self.reason, Reason::Emergency | Reason::Stay);
        let mut body = json!({
            "identifier": identifier(chart.system, "visit", &number),
            "status": "finished",
            "class": {"system": hl7("v3-ActCode"), "code": class, "display": words},
            "type": [concept(SNOMED, self.kind())],
            "subject": chart.subject(),
            "participant": [{
                "type": [{"coding": [{"system": hl7("v3-ParticipationType"), "code": "PPRF", "display": "primary performer"}]}],
                "individual": clinician.reference(),
            }],
            "period": {"start": self.at.to_string(), "end": self.end().to_string()},
            "location": [{"location": reference("Location", chart.system.location(hospital))}],
            "serviceProvider": chart.system.organization_reference(),
        });
        let about =
            episode.filter(|_| self.reason != Reason::CheckUp).map(|e| json!([concept(SNOMED, e.illness.snomed)]));
        put(&mut body, "reasonCode", about);
        if self.reason == Reason::Stay {
            let home = json!({"dischargeDisposition": {"coding": [{"system": hl7("discharge-disposition"), "code": "home", "display": "Home"}]}});
            put(&mut body, "hospitalization", Some(home));
        }
        chart.add("Encounter", Some("encounter"), self.end(), body)
    }
}
