//! Invented people: whole lives of plausible records, the same for the same seed, with no clock read.
//!
//! Nothing here is about anyone. Codes (LOINC, SNOMED CT, RxNorm, CVX, ICD-10-CM, UCUM) are facts; the words beside
//! them are our own short names.

mod allergy;
mod analyte;
mod billing;
mod body;
mod care;
mod chart;
mod condition;
mod course;
mod dice;
mod drug;
mod element;
mod illness;
mod lab;
mod life;
mod moment;
mod monitor;
mod names;
mod note;
mod patient;
mod pdf;
mod person;
mod picture;
mod place;
mod procedure;
mod resource;
mod social;
mod vaccine;
mod visit;
mod vital;

use jiff::civil::Date;

use dice::Dice;

pub use person::{Kin, Person};
pub use place::System;
pub use resource::Resource;

/// What to invent.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The same seed gives the same people.
    pub seed: u64,
    /// The day up to which lives are told; nothing is dated on it or later.
    pub today: Date,
    /// How many people; the first five are a fixed cast unless `years` is given.
    pub people: u32,
    /// Ages, youngest and oldest; `None`: the cast, then any age.
    pub years: Option<(u16, u16)>,
    /// Exactly so many resources in the first person's record at Fenwick Valley.
    pub resources: Option<usize>,
}

/// One person with the record each health system holds.
#[derive(Debug)]
pub struct Life {
    /// Who.
    pub person: Person,
    /// Name to sign in with.
    pub login: String,
    /// One record for each of [`System::ALL`], in that order.
    pub records: Vec<Record>,
}

/// What one health system holds about one person.
#[derive(Debug)]
pub struct Record {
    /// Which system.
    pub system: System,
    /// Logical id of the Patient there.
    pub patient: String,
    /// All resources, the Patient first.
    pub resources: Vec<Resource>,
}

/// Invents the people of a plan.
pub fn invent(plan: &Plan) -> Vec<Life> {
    let dice = Dice::new(plan.seed);
    (0..plan.people).map(|index| one(&dice, plan, index)).collect()
}

/// Resources of a system that belong to no patient: organization, places, clinicians.
pub fn shared(system: System) -> Vec<Resource> {
    system.resources()
}

/// A letter as it stands in a sign-in name; nothing for what is not a letter.
pub(crate) fn plain_letter(letter: char) -> Option<char> {
    names::plain(letter)
}

fn one(dice: &Dice, plan: &Plan, index: u32) -> Life {
    let person = person::draw(dice, index, plan.years, plan.today);
    let mut charts = life::write(dice, &person, plan.today, None);
    if let Some(count) = plan.resources.filter(|_| index == 0) {
        // A small record is a short one, not a long one with holes.
        let mut years = 12;
        while years > 1 && charts.first().is_some_and(|chart| chart.resources.len() > count) {
            charts = life::write(dice, &person, plan.today, Some(years));
            years -= 2;
        }
        if let Some(chart) = charts.first_mut() {
            monitor::scale(chart, dice, count);
        }
    }
    let records = charts.into_iter().map(|chart| Record {
        system: chart.system,
        patient: chart.patient,
        resources: chart.resources,
    });
    Life { login: person::login(&person), records: records.collect(), person }
}

#[cfg(test)]
mod tests;
