//! What a text in `reference` points to.

use fhir::definitions::is_resource;

/// Where a reference leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Points<'a> {
    /// `Type/id`, perhaps of one version of it.
    Record {
        /// `Type/id`.
        key: &'a str,
        /// A version is named.
        version: bool,
    },
    /// `#id`; `#` alone is the resource around it.
    Contained(&'a str),
    /// Another server, a URN, a search, a text: nothing of the record.
    Elsewhere,
}

impl<'a> Points<'a> {
    /// Reads a reference as it is written (FHIR R4, "References", literal references).
    pub(super) fn of(text: &'a str) -> Self {
        if let Some(id) = text.strip_prefix('#') {
            return Self::Contained(id);
        }
        let (key, version) = match text.split_once("/_history/") {
            Some((key, version)) if is_id(version) => (key, true),
            Some(_) => return Self::Elsewhere,
            None => (text, false),
        };
        match key.split_once('/') {
            Some((of, id)) if is_resource(of) && is_id(id) => Self::Record { key, version },
            _ => Self::Elsewhere,
        }
    }
}

/// FHIR R4 `id`: up to 64 letters, digits, `-` and `.`.
fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_leads_into_the_record_into_the_resource_or_elsewhere() {
        assert_eq!(Points::of("Location/a.1"), Points::Record { key: "Location/a.1", version: false });
        assert_eq!(Points::of("Location/a/_history/3"), Points::Record { key: "Location/a", version: true });
        assert_eq!(Points::of("#m"), Points::Contained("m"));
        for text in [
            "",
            "Location",
            "Location/",
            "/a",
            "urn:uuid:1",
            "https://a.example/Location/a",
            "Location?x=y",
            "Place/a",
            "Location/a/b",
            "Location/a/_history/",
            "Location/a b",
            "Location/a#b",
            "Location/á",
        ] {
            assert_eq!(Points::of(text), Points::Elsewhere, "{text}");
        }
    }
}
