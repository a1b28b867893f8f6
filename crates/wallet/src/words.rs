//! The texts a person reads that the window and the command line share: errors, verdict reasons, labels.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde_json::Value;

use crate::views::ErrorView;

mod said;

pub(crate) use said::said;

/// A language the messages are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// Spanish.
    Spanish,
}

impl Language {
    /// The language of a locale such as `es_MX.UTF-8`; English where there is none of ours.
    pub fn of_locale(locale: &str) -> Self {
        if locale.to_lowercase().starts_with("es") { Self::Spanish } else { Self::English }
    }

    fn messages(self) -> &'static Value {
        static ENGLISH: OnceLock<Value> = OnceLock::new();
        static SPANISH: OnceLock<Value> = OnceLock::new();
        let read = |text: &str| serde_json::from_str(text).unwrap_or(Value::Null);
        match self {
            Self::English => ENGLISH.get_or_init(|| read(include_str!("../words/en.json"))),
            Self::Spanish => SPANISH.get_or_init(|| read(include_str!("../words/es.json"))),
        }
    }

    /// The text under `section.key`, or `section.key.part`; `None` when the files do not have it.
    pub fn text(self, path: &[&str]) -> Option<&'static str> {
        path.iter().try_fold(self.messages(), |at, step| at.get(*step))?.as_str()
    }

    /// The short name of a month, from 1 for January.
    pub fn month(self, month: u8) -> Option<&'static str> {
        const ENGLISH: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        const SPANISH: [&str; 12] =
            ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"];
        let names = match self {
            Self::English => ENGLISH,
            Self::Spanish => SPANISH,
        };
        names.get(usize::from(month).checked_sub(1)?).copied()
    }

    /// What happened and what helps, in words. A code without texts of its own gets those of its family.
    pub fn error(self, error: &ErrorView) -> ErrorText {
        let family = format!("{}.other", error.code.split('.').next().unwrap_or_default());
        let text = |part: &str| {
            let codes = [error.code.as_str(), family.as_str(), "other"];
            codes.iter().find_map(|code| self.text(&["errors", code, part])).unwrap_or_default()
        };
        let fill = |text: &str| fill(text, &error.details);
        ErrorText { what: fill(text("what")), help: fill(text("help")) }
    }
}

/// Puts details in their places: `{name}`, or `{name|words}`, whose words stand in when there is no such detail.
pub fn fill(text: &str, details: &BTreeMap<String, String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((place, behind)) = after.split_once('}') else { break };
        let (name, words) = place.split_once('|').unwrap_or((place, ""));
        filled.push_str(before);
        filled.push_str(details.get(name).map_or(words, String::as_str));
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

/// An error in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErrorText {
    /// What happened, whose side.
    pub what: String,
    /// What helps.
    pub help: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(value: &Value, path: &str, out: &mut Vec<String>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(k, v)| keys(v, &format!("{path}/{k}"), out)),
            _ => out.push(path.to_owned()),
        }
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let mut all = [Vec::new(), Vec::new()];
        keys(Language::English.messages(), "", &mut all[0]);
        keys(Language::Spanish.messages(), "", &mut all[1]);
        all.iter_mut().for_each(|keys| keys.sort());
        assert!(!all[0].is_empty());
        assert_eq!(all[0], all[1]);
    }

    #[test]
    fn every_error_code_has_its_texts() {
        let lists = [crate::CODES, fetch::CODES, smart::CODES, credentials::ReadError::CODES, smart::doctor::CODES];
        let missing: Vec<&str> = lists
            .iter()
            .flat_map(|list| list.iter())
            .copied()
            .filter(|code| {
                ["what", "help"].iter().any(|part| Language::English.text(&["errors", code, part]).is_none())
            })
            .collect();
        assert_eq!(missing, Vec::<&str>::new());
    }

    #[test]
    fn a_detail_that_is_missing_is_said_in_general_words() {
        let details = BTreeMap::from([("host".to_owned(), "a.example".to_owned())]);
        assert_eq!(fill("{host|It} and {name|the health system}.", &details), "a.example and the health system.");
        assert_eq!(fill("no {end", &details), "no {end");
    }

    #[test]
    fn every_fact_label_kind_and_action_has_its_word() {
        let facts = fhir::FactLabel::ALL.iter().map(|l| ("facts", l.as_str()));
        let kinds = fhir::Kind::ALL.iter().filter(|k| Language::English.text(&["kinds", k.as_str(), "many"]).is_none());
        assert_eq!(kinds.count(), 0);
        let actions = audit::Action::ALL.iter().map(|a| ("actions", a.as_str()));
        let missing: Vec<(&str, &str)> =
            facts.chain(actions).filter(|(section, key)| Language::English.text(&[section, key]).is_none()).collect();
        assert_eq!(missing, Vec::new());
    }
}
