//! What is known of the person: how old they are, and what must not be found in anything that leaves.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::Value;

use super::dates::Written;

/// What the record says of the person, from their `Patient` resources (and, for the search of canaries, from the
/// `RelatedPerson` resources).
#[derive(Clone, Default)]
pub struct Person {
    born: Born,
    died: Option<Date>,
    words: Vec<String>,
    digits: Vec<String>,
}

/// Never prints what it holds.
impl std::fmt::Debug for Person {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Person(..)")
    }
}

#[derive(Clone, Copy, Default)]
enum Born {
    /// Not stated, or not readable, in any resource.
    #[default]
    Unknown,
    /// On this day or later.
    On(Date),
}

/// Shorter words and numbers are found in too much that is no name: `Li`, `12`.
const WORD: usize = 4;
const DIGITS: usize = 6;

impl Person {
    /// From all resources that tell about the person.
    pub fn of<'a>(resources: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut person = Self::default();
        for resource in resources {
            if resource.get("resourceType").and_then(Value::as_str) == Some("Patient") {
                person.life(resource);
            }
            for name in ["name", "identifier", "telecom", "address", "contact", "birthDate", "deceasedDateTime", "id"] {
                if let Some(value) = resource.get(name) {
                    person.canaries(value, name);
                }
            }
        }
        for list in [&mut person.words, &mut person.digits] {
            list.sort();
            list.dedup();
        }
        person
    }

    /// The age in whole years, at death or today: where it is not exact, the greatest it may be. `None`: not known.
    pub(super) fn age(&self, today: Date) -> Option<i16> {
        let Born::On(born) = self.born else { return None };
        let at = self.died.map_or(today, |died| died.min(today));
        let mut years = at.year().saturating_sub(born.year());
        // A birthday of 29 February is reached on the 28th of other years.
        if born.checked_add(i32::from(years).years()).is_ok_and(|birthday| birthday > at) {
            years = years.saturating_sub(1);
        }
        Some(years)
    }

    fn life(&mut self, patient: &Value) {
        let text = |name: &str| patient.get(name).and_then(Value::as_str);
        if let Some(born) = text("birthDate").and_then(Written::read) {
            // Of several dates the one that makes the person older.
            self.born = match self.born {
                Born::On(other) => Born::On(other.min(born.first)),
                Born::Unknown => Born::On(born.first),
            };
        }
        if let Some(died) = text("deceasedDateTime").and_then(Written::read) {
            self.died = Some(self.died.map_or(died.last, |other| other.max(died.last)));
        }
    }

    fn canaries(&mut self, value: &Value, key: &str) {
        match value {
            Value::Object(map) => map.iter().for_each(|(key, value)| self.canaries(value, key)),
            Value::Array(list) => list.iter().for_each(|value| self.canaries(value, key)),
            // What FHIR or a list of codes wrote says nothing of the person.
            Value::String(_) if ["system", "use", "code", "type", "state", "country", "url"].contains(&key) => {}
            Value::String(text) => self.canary(text),
            _ => {}
        }
    }

    fn canary(&mut self, text: &str) {
        let words = text.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
        self.words.extend(words.filter(|word| word.chars().count() >= WORD && word.chars().any(char::is_alphabetic)));
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        // A telephone number is written with the number of its country, or without it.
        if let Some(national) = digits.strip_prefix('1').filter(|rest| rest.len() == 10) {
            self.digits.push(national.to_owned());
        }
        if digits.len() >= DIGITS {
            self.digits.push(digits);
        }
        if let Some(date) = Written::read(text).filter(|date| date.first == date.last) {
            let (year, month, day) = (date.first.year(), date.first.month(), date.first.day());
            self.digits.push(format!("{year:04}{month:02}{day:02}"));
            self.digits.push(format!("{month:02}{day:02}{year:04}"));
            self.digits.push(format!("{day:02}{month:02}{year:04}"));
        }
    }

    /// Whether a text that is to be kept names the person: a word of theirs, or a number of theirs among its digits.
    pub(super) fn is_in(&self, text: &str) -> bool {
        let lower = text.to_lowercase();
        let mut words = lower.split(|c: char| !c.is_alphanumeric());
        if words.any(|word| self.words.binary_search_by(|known| known.as_str().cmp(word)).is_ok()) {
            return true;
        }
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        digits.len() >= DIGITS && self.digits.iter().any(|known| digits.contains(known.as_str()))
    }
}
