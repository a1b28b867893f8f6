use std::fmt;

use url::form_urlencoded;

/// One SMART scope on data: `patient/Observation.rs?category=laboratory`, v1 or v2 (SMART App Launch 2.2, "Scopes for
/// requesting FHIR Resources").
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DataScope {
    /// As the client wrote it.
    text: String,
    kind: String,
    read: bool,
    search: bool,
    query: Vec<(String, String)>,
}

/// All scopes of a request or a grant.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Scopes {
    pub(crate) data: Vec<DataScope>,
    /// `openid`, `fhirUser`, `launch/patient`, `offline_access` and their like.
    pub(crate) others: Vec<String>,
}

const OTHERS: [&str; 6] = ["openid", "fhirUser", "profile", "launch/patient", "offline_access", "online_access"];

impl Scopes {
    /// Reads a scope text; what is not known or not granted to patients is left out, as RFC 6749, section 3.3 allows.
    pub(crate) fn parse(text: &str) -> Self {
        let mut scopes = Self::default();
        for word in text.split_ascii_whitespace() {
            if OTHERS.contains(&word) {
                scopes.others.push(word.to_owned());
            } else if let Some(scope) = DataScope::parse(word) {
                scopes.data.push(scope);
            }
        }
        scopes
    }

    pub(crate) fn has(&self, other: &str) -> bool {
        self.others.iter().any(|word| word == other)
    }

    /// Only those of `asked` that are in here too.
    pub(crate) fn narrowed(&self, asked: &Scopes) -> Scopes {
        let keep = |scope: &&DataScope| asked.data.iter().any(|other| other.text == scope.text);
        Scopes {
            data: self.data.iter().filter(keep).cloned().collect(),
            others: self.others.iter().filter(|word| asked.has(word)).cloned().collect(),
        }
    }

    /// Whether one resource of a kind may be read.
    pub(crate) fn reads(&self, kind: &str) -> bool {
        self.data.iter().any(|scope| scope.read && scope.covers(kind))
    }

    /// What limits a search of a kind: `None` when it may not be searched at all, else one list of conditions for each
    /// scope that allows it; an empty list among them means everything.
    pub(crate) fn searches(&self, kind: &str) -> Option<Vec<&[(String, String)]>> {
        let found: Vec<&[(String, String)]> = self
            .data
            .iter()
            .filter(|scope| scope.search && scope.covers(kind))
            .map(|scope| scope.query.as_slice())
            .collect();
        (!found.is_empty()).then_some(found)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let all = self.others.iter().map(String::as_str).chain(self.data.iter().map(|scope| scope.text.as_str()));
        f.write_str(&all.collect::<Vec<_>>().join(" "))
    }
}

impl DataScope {
    fn parse(word: &str) -> Option<Self> {
        let rest = word.strip_prefix("patient/")?;
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (kind, may) = path.split_once('.')?;
        let known = kind == "*" || kind.chars().all(|c| c.is_ascii_alphabetic());
        let (read, search) = match may {
            "read" | "*" => (true, true),
            "write" => (false, false),
            _ if !may.is_empty() && in_order(may) => (may.contains('r'), may.contains('s')),
            _ => return None,
        };
        let query = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        (known && (read || search)).then(|| Self { text: word.to_owned(), kind: kind.to_owned(), read, search, query })
    }

    fn covers(&self, kind: &str) -> bool {
        self.kind == "*" || self.kind == kind
    }

    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    /// For the page on which the person decides.
    pub(crate) fn words(&self) -> String {
        let what = if self.kind == "*" { "everything in the record".to_owned() } else { spaced(&self.kind) };
        let how = match (self.read, self.search) {
            (true, true) => "read and search",
            (true, false) => "read",
            _ => "search",
        };
        match self.query.as_slice() {
            [] => format!("{how}: {what}"),
            some => {
                let only: Vec<&str> = some.iter().map(|(_, value)| value.as_str()).collect();
                format!("{how}: {what}, only {}", only.join(", "))
            }
        }
    }
}

/// The letters of a v2 scope stand in the order `cruds`, each once.
fn in_order(may: &str) -> bool {
    let mut left = "cruds".chars();
    may.chars().all(|letter| left.any(|next| next == letter))
}

fn spaced(kind: &str) -> String {
    let mut words = String::new();
    for letter in kind.chars() {
        if letter.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(letter.to_ascii_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_are_read() {
        let scopes = Scopes::parse("launch/patient openid patient/*.read patient/Observation.rs?category=laboratory");
        assert!(scopes.reads("Condition"));
        assert_eq!(scopes.searches("Observation").unwrap().len(), 2);
        assert!(scopes.has("openid"));
    }

    #[test]
    fn what_is_not_for_patients_is_left_out() {
        let scopes =
            Scopes::parse("system/*.rs user/*.read patient/Patient.sr patient/Patient.c banana patient/Patient.s");
        assert_eq!(scopes.to_string(), "patient/Patient.s");
        assert!(!scopes.reads("Patient"));
    }
}
