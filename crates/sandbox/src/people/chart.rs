use jiff::civil::Date;
use serde_json::{Value, json};

use super::dice::Dice;
use super::element::reference;
use super::moment::{Moment, add_days};
use super::place::System;
use super::resource::Resource;

/// What one health system writes down about one person; every resource gets its id and dates here.
#[derive(Debug)]
pub(crate) struct Chart {
    pub(crate) system: System,
    pub(crate) patient: String,
    /// Electronic records of this system begin here; what happened before was copied from paper that day.
    pub(crate) since: Date,
    pub(crate) today: Date,
    pub(crate) resources: Vec<Resource>,
    ids: Dice,
}

impl Chart {
    pub(crate) fn new(dice: &Dice, system: System, since: Date, today: Date) -> Self {
        let mut ids = dice.fork(system.key());
        let patient = format!("{:012x}", ids.next() >> 16);
        Self { system, patient, since, today, resources: Vec::new(), ids }
    }

    pub(crate) fn new_id(&mut self) -> String {
        format!("{:016x}", self.ids.next())
    }

    /// Adds a resource with a new id and returns that id.
    pub(crate) fn add(&mut self, kind: &'static str, profile: Option<&str>, recorded: Moment, body: Value) -> String {
        let id = self.new_id();
        self.add_as(kind, &id, profile, recorded, body);
        id
    }

    /// Adds a resource under an id given out before.
    pub(crate) fn add_as(
        &mut self,
        kind: &'static str,
        id: &str,
        profile: Option<&str>,
        recorded: Moment,
        body: Value,
    ) {
        let at = self.past(recorded);
        let salt = self.ids.next();
        self.resources.push(Resource::new(kind, id, &at.plus(17).instant(salt), profile, body));
    }

    /// When something of that day was entered here.
    pub(crate) fn recorded(&self, happened: Moment) -> Moment {
        if happened.date < self.since { Moment::at(self.since, 8, 30) } else { happened }
    }

    /// The moment itself, or yesterday evening for what would only come.
    pub(crate) fn past(&self, at: Moment) -> Moment {
        at.min(Moment::at(add_days(self.today, -1), 18, 0))
    }

    pub(crate) fn subject(&self) -> Value {
        reference("Patient", &self.patient)
    }

    /// The encounter member, or null where there was none.
    pub(crate) fn encounter(id: Option<&str>) -> Option<Value> {
        id.map(|id| reference("Encounter", id))
    }
}

/// An identifier this system gives.
pub(crate) fn identifier(system: System, what: &str, value: &str) -> Value {
    json!([{"system": format!("https://{}.example/ids/{what}", system.key()), "value": value}])
}
