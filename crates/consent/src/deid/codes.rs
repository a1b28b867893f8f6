//! Codings: only from public systems, in the shape their codes have, with displays of our own (rule 3).

mod shapes;

use std::collections::HashMap;
use std::sync::LazyLock;

use serde_json::{Map, Value};

/// A code that may stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Public {
    /// Address of the system, as we write it.
    pub(super) system: &'static str,
    /// The code; for NDC its product part.
    pub(super) code: String,
    /// From our own tables.
    pub(super) display: Option<&'static str>,
    /// It is one of a closed list: nothing can hide in it.
    pub(super) listed: bool,
}

impl Public {
    /// The coding of a source as it may stay. `None`: a local system, or a code that is none of its system.
    pub(super) fn read(coding: &Value) -> Option<Self> {
        let text = |name: &str| coding.get(name).and_then(Value::as_str);
        Self::of(text("system")?, text("code")?)
    }

    /// Likewise for system and code.
    pub(super) fn of(system: &str, code: &str) -> Option<Self> {
        if let Some((name, codes)) = HL7.get_key_value(system) {
            let (code, display) = codes.get_key_value(code)?;
            return Some(Self { system: name, code: (*code).to_owned(), display: Some(*display), listed: true });
        }
        let (name, shape) = *SYSTEMS.get(system)?;
        let code = shapes::fitting(shape, code)?;
        let display = DISPLAYS.get(shape).and_then(|all| all.get(code.as_str())).copied();
        let listed = ["omb", "language", "modality", "us-core"].contains(&shape);
        Some(Self { system: name, code, display, listed })
    }

    /// As JSON.
    pub(super) fn json(self) -> Value {
        let mut coding = Map::new();
        coding.insert("system".to_owned(), Value::String(self.system.to_owned()));
        coding.insert("code".to_owned(), Value::String(self.code));
        if let Some(display) = self.display {
            coding.insert("display".to_owned(), Value::String(display.to_owned()));
        }
        Value::Object(coding)
    }
}

type Codes = HashMap<&'static str, &'static str>;

/// HL7's code systems: code and display.
static HL7: LazyLock<HashMap<&'static str, Codes>> = LazyLock::new(|| listed(include_str!("hl7.txt")));
/// Displays in our own words, by the shape of the code.
static DISPLAYS: LazyLock<HashMap<&'static str, Codes>> = LazyLock::new(|| listed(include_str!("displays.txt")));
/// Each name of a system with its address and the shape of its codes.
static SYSTEMS: LazyLock<HashMap<&'static str, (&'static str, &'static str)>> = LazyLock::new(|| {
    let mut systems = HashMap::new();
    for line in include_str!("systems.txt").lines().filter(|line| !line.starts_with('#')) {
        let mut words = line.split(' ');
        let (Some(address), Some(shape)) = (words.next(), words.next()) else { continue };
        systems.extend([address].into_iter().chain(words).map(|name| (name, (address, shape))));
    }
    systems
});

fn listed(text: &'static str) -> HashMap<&'static str, Codes> {
    let mut found: HashMap<&'static str, Codes> = HashMap::new();
    let mut of = "";
    for line in text.lines().skip_while(|line| line.starts_with('#')) {
        match (line.strip_prefix('='), line.split_once('\t')) {
            (_, Some((code, display))) => {
                found.entry(of).or_default().insert(code, display);
            }
            (Some(name), None) => of = name,
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests;
