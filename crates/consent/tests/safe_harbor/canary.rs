//! A canary in every string, uri, id, code, extension value and primitive extension; and rules broken on purpose, to see
//! that a canary which comes out is seen.

use consent::{Dates, Deidentified};
use serde_json::{Map, Value};

use crate::grown::{self, Dice};
use crate::{born, by, kept_types, left};

/// What is there that must not be, if anything is.
pub(crate) fn seen(left: &Deidentified, dates: Dates) -> Option<String> {
    let text = left.json.to_string().to_lowercase();
    if text.contains("canary") || text.contains("rosie") || dates == Dates::Year && text.contains("2019-05") {
        return Some(text);
    }
    let report = format!("{:?}", left.taken).to_lowercase();
    report.contains("canary").then_some(report)
}

/// A rule that does not do its work.
#[derive(Clone, Copy, Debug)]
enum Broken {
    /// Displays, texts and units stay.
    Text,
    /// The resource keeps its id.
    Id,
    /// Elements keep theirs.
    ElementId,
    /// Codes stay, of whatever system.
    Code,
    /// Extensions stay, whoever defined them.
    Extension,
    /// So do those of primitive values.
    PrimitiveExtension,
    /// References stay as they were.
    Reference,
    /// Days stay where only years may.
    Day,
}

const ALL: [Broken; 8] = [
    Broken::Text,
    Broken::Id,
    Broken::ElementId,
    Broken::Code,
    Broken::Extension,
    Broken::PrimitiveExtension,
    Broken::Reference,
    Broken::Day,
];

impl Broken {
    /// Puts back the first thing that the rule took out. Says whether there was any.
    fn puts_back(self, source: &Map<String, Value>, left: &mut Map<String, Value>, depth: u8) -> bool {
        for (name, was) in source {
            if self.is_about(name, was, depth) && left.get(name) != Some(was) {
                left.insert(name.clone(), was.clone());
                return true;
            }
        }
        left.iter_mut().any(|(name, is)| source.get(name).is_some_and(|was| self.puts_back_in(was, is, depth + 1)))
    }

    fn puts_back_in(self, source: &Value, left: &mut Value, depth: u8) -> bool {
        match (source, left) {
            (Value::Object(source), Value::Object(left)) => self.puts_back(source, left, depth),
            (Value::Array(source), Value::Array(left)) => {
                source.iter().zip(left).any(|(was, is)| self.puts_back_in(was, is, depth))
            }
            _ => false,
        }
    }

    fn is_about(self, name: &str, was: &Value, depth: u8) -> bool {
        let told = was.to_string().to_lowercase();
        let tells = told.contains("canary");
        match self {
            Self::Text => tells && was.is_string() && matches!(name, "display" | "text" | "unit"),
            Self::Id => tells && depth == 0 && name == "id",
            Self::ElementId => tells && depth > 0 && name == "id",
            Self::Code => tells && was.is_string() && name == "code",
            Self::Extension => tells && name == "extension",
            Self::PrimitiveExtension => tells && name.starts_with('_'),
            Self::Reference => tells && was.is_string() && name == "reference",
            Self::Day => was.is_string() && told.contains("2019-05"),
        }
    }
}

#[test]
fn each_rule_that_is_broken_on_purpose_is_seen_by_its_canary() {
    let by = by(born("1970-02-03"), Dates::Year);
    let mut planted = [0; ALL.len()];
    for seed in 0..600 {
        let types = kept_types();
        let source = grown::resource(types[seed % types.len()], &mut Dice(seed as u64), 90);
        let Ok(sound) = left(&by, &source) else { continue };
        assert_eq!(seen(&sound, Dates::Year), None);
        for (broken, count) in ALL.into_iter().zip(&mut planted) {
            let mut leaky = sound.clone();
            if broken.puts_back(source.as_object().unwrap(), leaky.json.as_object_mut().unwrap(), 0) {
                *count += 1;
                assert!(seen(&leaky, Dates::Year).is_some(), "{broken:?} is not seen: {}", leaky.json);
            }
        }
    }
    assert!(planted.iter().all(|count| *count > 20), "{planted:?} of {ALL:?}");
}
