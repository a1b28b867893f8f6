use std::collections::HashMap;

use jiff::civil::{Date, date};

use super::analyte::{self, Panel};
use super::body::Body;
use super::chart::Chart;
use super::course::{Course, Episode};
use super::dice::Dice;
use super::illness::Topic;
use super::lab::{self, Order};
use super::moment::{Moment, add_days, age};
use super::note::{self, Document};
use super::person::Person;
use super::place::System;
use super::procedure::{self, Act};
use super::visit::{self, Reason, Visit};
use super::{allergy, billing, care, condition, patient, social, vaccine, vital};

/// Electronic records begin here in each system.
const PAPER_UNTIL: [(System, Date); 2] = [(System::Valley, date(2009, 3, 2)), (System::Larkspur, date(2001, 6, 4))];

/// Writes a whole life into the charts of both systems; `years` caps how far back the electronic record goes.
pub(crate) fn write(dice: &Dice, person: &Person, today: Date, years: Option<i64>) -> Vec<Chart> {
    let dice = dice.fork(&format!("life {}", person.index));
    let course = Course::draw(&dice, person, today);
    let moved = add_days(today, -dice.fork("moved").between(3300, 4700));
    let capped = years.map_or(date(1900, 1, 1), |years| add_days(today, -years * 365));
    let mut charts = Vec::new();
    for (system, since) in PAPER_UNTIL {
        let since = if system == System::Valley { since.max(moved) } else { since };
        let since = since.max(capped).max(person.birth);
        charts.push(Chart::new(&dice, system, since, today));
    }
    for chart in &mut charts {
        patient::write(chart, person);
        allergy::write(chart, person);
    }
    let visits = visit::plan(&dice, &course, moved);
    for chart in &mut charts {
        let mut writer = Writer {
            chart,
            body: Body::new(&dice, person, &course),
            dice: dice.fork("writer"),
            person,
            course: &course,
            by_day: HashMap::new(),
            conditions: HashMap::new(),
        };
        writer.history(&visits);
        writer.visits(&visits);
        writer.rest(&dice, moved);
    }
    charts
}

/// Fills one system's chart.
struct Writer<'a> {
    chart: &'a mut Chart,
    body: Body<'a>,
    dice: Dice,
    person: &'a Person,
    course: &'a Course,
    by_day: HashMap<Date, String>,
    /// Condition id by the episode's position.
    conditions: HashMap<usize, String>,
}

impl Writer<'_> {
    /// Problems this system knows of without a visit of its own: what stays, told by the person.
    fn history(&mut self, visits: &[Visit]) {
        for (at, episode) in self.course.episodes.iter().enumerate() {
            let own = visits.iter().find(|visit| visit.episode == Some(at));
            let seen_here =
                own.is_some_and(|visit| visit.system == self.chart.system && visit.at.date >= self.chart.since);
            let known = episode.is_chronic() && episode.illness.topic == Topic::Ordinary;
            let kept_from_paper = own.is_some_and(|visit| visit.system == self.chart.system) && episode.is_chronic();
            if !seen_here && (known || kept_from_paper) {
                let id = condition::write(self.chart, &mut self.dice, episode, None);
                care::write(self.chart, episode, &id);
                self.conditions.insert(at, id);
            }
        }
    }

    fn visits(&mut self, visits: &[Visit]) {
        let here = visits.iter().filter(|visit| visit.system == self.chart.system && visit.at.date >= self.chart.since);
        for visit in here.copied().collect::<Vec<_>>() {
            let episode = visit.episode.and_then(|at| self.course.episodes.get(at)).copied();
            let encounter = visit.write(self.chart, episode.as_ref());
            let condition = self.diagnosis(&visit, episode.as_ref(), &encounter);
            self.measure(&visit, &encounter);
            self.order_labs(&visit, episode.as_ref(), &encounter);
            self.ask(&visit, &encounter);
            self.document(&visit, episode.as_ref(), &encounter);
            if self.dice.chance(80) {
                billing::write(self.chart, &mut self.dice, &visit, &encounter, condition.as_deref());
            }
            if self.dice.chance(20) {
                care::provenance(self.chart, &[("Encounter", &encounter)], visit.end(), visit.clinician());
            }
            self.by_day.insert(visit.at.date, encounter);
        }
    }

    /// The condition a visit is about: written at the first visit, found again later.
    fn diagnosis(&mut self, visit: &Visit, episode: Option<&Episode>, encounter: &str) -> Option<String> {
        let (at, episode) = (visit.episode?, episode?);
        if let Some(known) = self.conditions.get(&at) {
            return Some(known.clone());
        }
        let id = condition::write(self.chart, &mut self.dice, episode, Some(encounter));
        care::write(self.chart, episode, &id);
        if let Some(code) = procedure::for_illness(episode.illness.key).filter(|_| visit.reason != Reason::Prenatal) {
            let act = Act { code, at: visit.at.plus(15), minutes: 40 };
            procedure::write(self.chart, act, Some(encounter), Some(&id));
        }
        if episode.illness.key == "brca" {
            social::gene(self.chart, visit.at);
        }
        care::provenance(self.chart, &[("Condition", &id), ("Encounter", encounter)], visit.end(), visit.clinician());
        self.conditions.insert(at, id.clone());
        Some(id)
    }

    fn measure(&mut self, visit: &Visit, encounter: &str) {
        let sick = matches!(visit.reason, Reason::Sick | Reason::Emergency | Reason::Stay);
        if visit.reason != Reason::Counseling {
            vital::write(self.chart, &mut self.body, visit.at.plus(5), encounter, sick);
        }
    }

    fn order_labs(&mut self, visit: &Visit, episode: Option<&Episode>, encounter: &str) {
        let on = visit.at.date;
        let grown = age(self.person.birth, on) >= 18;
        let with = |illness: &str| self.course.years_with(illness, on).is_some();
        let mut panels: Vec<Panel> = Vec::new();
        match visit.reason {
            Reason::CheckUp if grown => {
                panels.extend([analyte::METABOLIC, analyte::LIPIDS, analyte::BLOOD_COUNT]);
                panels.extend(self.dice.chance(30).then_some(analyte::VITAMIN_D));
                panels.extend((age(self.person.birth, on) > 40).then_some(analyte::A1C));
            }
            Reason::FollowUp => {
                panels.push(analyte::METABOLIC);
                panels.extend(with("diabetes").then_some(analyte::A1C));
                panels.extend((with("kidney") || with("diabetes")).then_some(analyte::KIDNEY));
                panels.extend(with("fibrillation").then_some(analyte::CLOTTING));
                panels.extend(with("hiv").then_some(analyte::HIV));
            }
            Reason::Emergency | Reason::Stay | Reason::Prenatal => panels.push(analyte::BLOOD_COUNT),
            Reason::Sick => panels.extend(self.dice.chance(20).then_some(analyte::INFLAMMATION)),
            _ => {}
        }
        if matches!(visit.reason, Reason::CheckUp | Reason::FollowUp | Reason::Sick) {
            panels.extend((with("hypothyroidism") && self.dice.chance(60)).then_some(analyte::THYROID));
            let iron = episode.is_some_and(|episode| episode.illness.key == "anemia") || with("anemia");
            panels.extend(iron.then_some(analyte::IRON));
        }
        for panel in panels {
            let order = Order { panel, drawn: visit.at.plus(20), encounter: Some(encounter) };
            let report = lab::write(self.chart, &mut self.body, self.course, order);
            if let Some(report) = report.filter(|_| self.dice.chance(40)) {
                care::provenance(self.chart, &[("DiagnosticReport", &report)], visit.at.plus(300), visit.clinician());
            }
        }
    }

    fn ask(&mut self, visit: &Visit, encounter: &str) {
        let (at, on) = (visit.at.plus(8), visit.at.date);
        let grown = age(self.person.birth, on) >= 15;
        match visit.reason {
            Reason::CheckUp | Reason::WellChild if grown => {
                social::smoking(self.chart, self.person, at, encounter);
                social::drinking(self.chart, &mut self.dice, self.course, at, encounter);
                social::mood(self.chart, &mut self.dice, self.course, at, encounter);
            }
            Reason::Prenatal => social::pregnancy(self.chart, at, encounter),
            Reason::Counseling if self.course.years_with("partner-abuse", on).is_some() => {
                social::safety(self.chart, &mut self.dice, at, encounter);
            }
            Reason::Counseling if self.dice.chance(30) => {
                social::mood(self.chart, &mut self.dice, self.course, at, encounter);
            }
            _ => {}
        }
    }

    fn document(&mut self, visit: &Visit, episode: Option<&Episode>, encounter: &str) {
        let about = episode.map_or("Routine visit", |episode| episode.illness.snomed.words);
        let (kind, chance) = match visit.reason {
            Reason::Stay => (note::DISCHARGE, 100),
            Reason::Counseling => (note::PSYCHOLOGY, 60),
            Reason::Emergency => (note::PROGRESS, 100),
            _ => (note::PROGRESS, 35),
        };
        if !self.dice.chance(chance) {
            return;
        }
        let title = format!("{}: {about}", kind.words);
        let lines = self.lines(visit, about);
        let mut forms = vec![note::text(&lines)];
        if matches!(visit.reason, Reason::Stay | Reason::Emergency) || self.dice.chance(30) {
            forms.insert(0, note::page(&title, &lines));
        }
        let (at, clinician) = (visit.end(), visit.clinician());
        note::write(self.chart, Document { kind, title, at, encounter: Some(encounter), clinician, forms });
        if visit.reason == Reason::Emergency {
            note::imaging(
                self.chart,
                &mut self.dice,
                "Plain picture of the joint",
                visit.at.plus(50),
                encounter,
                clinician,
            );
        }
    }

    fn lines(&self, visit: &Visit, about: &str) -> Vec<String> {
        let clinician = self.chart.system.clinician(visit.clinician());
        vec![
            format!("{} – {}", self.chart.system.name(), visit.kind().words),
            format!("Seen on {} by {}.", visit.at.date, clinician.name()),
            format!("{}, {} years old.", self.person.name(), age(self.person.birth, visit.at.date)),
            String::new(),
            format!("Reason: {about}."),
            "What was said, found and decided is set out below; the figures are in the record of this visit."
                .to_owned(),
            "Plan: go on as agreed, come back sooner if things get worse.".to_owned(),
        ]
    }

    /// What is not tied to a visit: vaccines, screening, what the person takes on their own.
    fn rest(&mut self, dice: &Dice, moved: Date) {
        for given in vaccine::given(dice, self.person.birth, self.course.today) {
            let home = if given.on < moved { System::Larkspur } else { System::Valley };
            if home == self.chart.system {
                let encounter = self.by_day.get(&given.on).cloned();
                vaccine::write(self.chart, &mut self.dice, given, encounter.as_deref());
            }
        }
        for (on, code) in procedure::by_age(self.course) {
            if self.chart.system == System::Valley {
                let act = Act { code, at: Moment::at(on, 9, 0), minutes: 45 };
                procedure::write(self.chart, act, None, None);
            }
        }
        if age(self.person.birth, self.course.today) > 55 && self.chart.system == System::Valley {
            condition::over_the_counter(self.chart, Moment::at(self.chart.since, 9, 10));
        }
    }
}
