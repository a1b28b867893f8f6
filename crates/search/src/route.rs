//! What a request asks for, by its method and path (FHIR R4, "RESTful API").

use crate::elements;
use crate::error::{Refusal, RequestError};
use crate::form::{self, Plus};
use crate::message::{Method, Request};

/// One interaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Route {
    /// `metadata`
    Capabilities,
    /// The base itself: a batch or a transaction.
    Batch,
    Read {
        kind: String,
        id: String,
    },
    ReadVersion {
        kind: String,
        id: String,
        version: String,
    },
    /// Of one resource, one type, or all.
    History {
        kind: Option<String>,
        id: Option<String>,
    },
    /// Of one type or all, or of the compartment of a patient.
    Search {
        kind: Option<String>,
        patient: Option<String>,
    },
    /// Of one patient, or of all in the view.
    Everything {
        patient: Option<String>,
    },
}

impl Route {
    pub(crate) fn of(request: &Request) -> Result<Self, Refusal> {
        if request.path.len() > 1_000 {
            return Err(RequestError::UnknownOperation.into());
        }
        let path = form::decode(request.path.trim_matches('/'), Plus::Itself)?;
        let parts: Vec<&str> = if path.is_empty() { Vec::new() } else { path.split('/').collect() };
        let post = request.method == Method::Post;
        let route = Self::by_path(&parts, post)?;
        let takes_post = match &route {
            Self::Batch | Self::Everything { .. } => true,
            Self::Search { .. } => parts.last() == Some(&"_search"),
            _ => false,
        };
        if post && !takes_post { Err(RequestError::Method.into()) } else { Ok(route) }
    }

    fn by_path(parts: &[&str], post: bool) -> Result<Self, RequestError> {
        match parts {
            [] if post => Ok(Self::Batch),
            [] => Ok(Self::Search { kind: None, patient: None }),
            ["metadata"] => Ok(Self::Capabilities),
            ["_search"] if post => Ok(Self::Search { kind: None, patient: None }),
            ["_history"] => Ok(Self::History { kind: None, id: None }),
            [first, ..] if first.starts_with(['$', '_']) => Err(RequestError::UnknownOperation),
            [kind, rest @ ..] if elements::is_type(kind) => Self::below(kind, rest, post),
            _ => Err(RequestError::UnknownType),
        }
    }

    fn below(kind: &str, rest: &[&str], post: bool) -> Result<Self, RequestError> {
        let kind = kind.to_owned();
        match rest {
            [] => Ok(Self::Search { kind: Some(kind), patient: None }),
            ["_search"] if post => Ok(Self::Search { kind: Some(kind), patient: None }),
            ["_search"] => Err(RequestError::Method),
            ["_history"] => Ok(Self::History { kind: Some(kind), id: None }),
            ["$everything"] if kind == "Patient" => Ok(Self::Everything { patient: None }),
            [id, ..] if !is_id(id) => Err(RequestError::UnknownOperation),
            [id] => Ok(Self::Read { kind, id: (*id).to_owned() }),
            [id, "_history"] => Ok(Self::History { kind: Some(kind), id: Some((*id).to_owned()) }),
            [id, "_history", version] => {
                Ok(Self::ReadVersion { kind, id: (*id).to_owned(), version: (*version).to_owned() })
            }
            [id, "$everything"] if kind == "Patient" => Ok(Self::Everything { patient: Some((*id).to_owned()) }),
            [id, "*"] if kind == "Patient" => Ok(Self::Search { kind: None, patient: Some((*id).to_owned()) }),
            [id, inside] | [id, inside, "_search"] if kind == "Patient" && elements::is_type(inside) => {
                Ok(Self::Search { kind: Some((*inside).to_owned()), patient: Some((*id).to_owned()) })
            }
            _ => Err(RequestError::UnknownOperation),
        }
    }
}

/// FHIR R4, id: letters, digits, `-` and `.`, at most 64.
pub(crate) fn is_id(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-.".contains(&byte))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn route(method: Method, path: &str) -> Result<Route, RequestError> {
        Route::of(&Request { method, ..Request::get(path) }).map_err(|refusal| refusal.error)
    }

    #[test]
    fn each_address_of_r4_leads_to_its_interaction() {
        let (kind, id) = (|| "Patient".to_owned(), || "1".to_owned());
        for (path, expected) in [
            ("metadata", Route::Capabilities),
            ("Patient/1", Route::Read { kind: kind(), id: id() }),
            ("Patient/1/_history/2", Route::ReadVersion { kind: kind(), id: id(), version: "2".into() }),
            ("Patient/1/_history", Route::History { kind: Some(kind()), id: Some(id()) }),
            ("Patient/_history", Route::History { kind: Some(kind()), id: None }),
            ("_history", Route::History { kind: None, id: None }),
            ("Patient", Route::Search { kind: Some(kind()), patient: None }),
            ("", Route::Search { kind: None, patient: None }),
            ("Patient/1/Condition", Route::Search { kind: Some("Condition".into()), patient: Some(id()) }),
            ("Patient/1/*", Route::Search { kind: None, patient: Some(id()) }),
            ("Patient/1/%24everything", Route::Everything { patient: Some(id()) }),
            ("Patient/$everything", Route::Everything { patient: None }),
        ] {
            assert_eq!(route(Method::Get, path), Ok(expected), "{path}");
        }
        assert_eq!(route(Method::Post, ""), Ok(Route::Batch));
        assert_eq!(route(Method::Post, "Patient/_search"), Ok(Route::Search { kind: Some(kind()), patient: None }));
    }

    #[test]
    fn what_is_no_address_is_refused_by_name() {
        for (method, path, expected) in [
            (Method::Get, "Person2", RequestError::UnknownType),
            (Method::Get, "patient/1", RequestError::UnknownType),
            (Method::Get, "Patient/a b", RequestError::UnknownOperation),
            (Method::Get, "$convert", RequestError::UnknownOperation),
            (Method::Get, "Patient/1/$purge", RequestError::UnknownOperation),
            (Method::Get, "Observation/1/$everything", RequestError::UnknownOperation),
            (Method::Get, "Patient/_search", RequestError::Method),
            (Method::Post, "Patient", RequestError::Method),
            (Method::Post, "Patient/1", RequestError::Method),
        ] {
            assert_eq!(route(method, path), Err(expected), "{path}");
        }
    }

    proptest! {
        #[test]
        fn no_path_makes_it_fall_over(path: String) {
            _ = route(Method::Get, &path);
        }
    }
}
