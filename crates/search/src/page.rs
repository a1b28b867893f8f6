//! Positions of pages: what was asked, and behind which entry the next page begins.
//!
//! A position is a place in the order of the answer, not a count and not a kept list: what comes or goes before it moves
//! nothing, and the engine remembers nothing. It is sealed for the engine's key and the address it was asked at, so that
//! it opens nowhere else, cannot be made up, and shows nobody a value that was sorted by.

use crypto::b64u;
use serde::{Deserialize, Serialize};

use crate::error::RequestError;
use crate::form;
use crate::settings::Settings;

/// The name of the parameter that carries a position.
pub(crate) const NAME: &str = "_page";

/// A parameter that stands beside the position, as it stands in the question.
pub(crate) const TYPES: &str = "_type";

/// What the answer was sorted by, of the last entry of a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Mark {
    /// A date or a number, in an order of its own.
    Number(u64),
    Text(String),
    /// The resource does not state it.
    Missing,
}

/// A question and the place to go on from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// The parameters, decoded.
    #[serde(rename = "q")]
    pub(crate) question: Vec<(String, String)>,
    /// By the keys of the sort.
    #[serde(rename = "m", default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) marks: Vec<Mark>,
    #[serde(rename = "t")]
    pub(crate) kind: String,
    pub(crate) id: String,
    /// Of a history.
    #[serde(rename = "v", default, skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<u32>,
}

impl Position {
    /// The address of the next page.
    pub(crate) fn link(&self, settings: &Settings, path: &str) -> Option<String> {
        let plain = serde_json::to_vec(self).ok()?;
        let sealed = crypto::seal_alike(&settings.key, &context(settings, path), &plain).ok()?;
        let slash = if path.is_empty() { "" } else { "/" };
        let mut link = format!("{}{slash}{path}?{NAME}={}", settings.base, b64u::encode(&sealed));
        // Whoever judges rights reads from the address which types are asked for.
        for (name, value) in self.question.iter().filter(|(name, _)| name == TYPES) {
            link.push_str(&format!("&{name}="));
            form::encode(&mut link, value);
        }
        Some(link)
    }

    pub(crate) fn open(settings: &Settings, path: &str, token: &str) -> Result<Self, RequestError> {
        let sealed = b64u::decode(token).map_err(|_| RequestError::Page)?;
        let plain =
            crypto::open_alike(&settings.key, &context(settings, path), &sealed).map_err(|_| RequestError::Page)?;
        serde_json::from_slice(&plain).map_err(|_| RequestError::Page)
    }

    /// Whether these are the types of its question, or none is named.
    pub(crate) fn is_of_types<'a>(&self, named: impl Iterator<Item = &'a str>) -> bool {
        let named: Vec<&str> = named.collect();
        let own = self.question.iter().filter(|(name, _)| name == TYPES).map(|(_, value)| value.as_str());
        named.is_empty() || own.eq(named)
    }
}

fn context(settings: &Settings, path: &str) -> Vec<u8> {
    format!("satchel page 1\n{}\n{path}", settings.base).into_bytes()
}

#[cfg(test)]
mod tests {
    use types::Secret;

    use super::*;

    fn settings(key: u8) -> Settings {
        let zone = jiff::tz::TimeZone::UTC;
        Settings { base: "https://a.example/fhir".into(), patients: Vec::new(), zone, key: Secret::new([key; 32]) }
    }

    #[test]
    fn a_page_opens_only_where_it_was_made_and_shows_nothing() {
        let position = Position {
            question: vec![("_sort".into(), "birthdate".into())],
            marks: vec![Mark::Text("canary".into())],
            kind: "Patient".into(),
            id: "1".into(),
            version: None,
        };
        let link = position.link(&settings(1), "Patient").unwrap();
        let token = link.strip_prefix("https://a.example/fhir/Patient?_page=").unwrap();
        assert_eq!(Position::open(&settings(1), "Patient", token), Ok(position));
        assert!(!String::from_utf8_lossy(&b64u::decode(token).unwrap()).contains("canary"));
        assert_eq!(Position::open(&settings(2), "Patient", token), Err(RequestError::Page));
        assert_eq!(Position::open(&settings(1), "Observation", token), Err(RequestError::Page));
        let elsewhere = Settings { base: "https://b.example/fhir".into(), ..settings(1) };
        assert_eq!(Position::open(&elsewhere, "Patient", token), Err(RequestError::Page));
        for made_up in ["", "AAAA", "not base64!", &token[1..]] {
            assert_eq!(Position::open(&settings(1), "Patient", made_up), Err(RequestError::Page));
        }
    }
}
