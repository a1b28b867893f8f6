//! What a request touches, for whoever judges rights before the engine sees it. The engine itself knows no rights.

use serde_json::Value;

use crate::batch;
use crate::error::RequestError;
use crate::form;
use crate::message::Request;
use crate::route::Route;

/// What kind of access a request needs (SMART App Launch 2.2, "Scopes for requesting FHIR Resources": `r` is not `s`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Right {
    /// `r`: read, version read, history of one resource.
    Read,
    /// `s`: search, history of a type or of all.
    Search,
}

/// One right that a request needs.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Need {
    /// Which.
    pub right: Right,
    /// For resources of this type; `None` for all types.
    pub resource_type: Option<Box<str>>,
    /// For this one alone.
    pub id: Option<Box<str>>,
}

/// What a request needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Needs {
    /// All of these; none for what says nothing of resources (`metadata`). A transaction needs what any entry needs.
    All(Vec<Need>),
    /// A batch: each entry by itself.
    Each(Vec<Result<Vec<Need>, RequestError>>),
}

impl Request {
    /// What it needs, by its address, its query and (of a batch) its body. A page of several types names them beside its
    /// position; the engine refuses it when they are not those of its question.
    ///
    /// # Errors
    /// [`RequestError`], when the engine would refuse it for the same reason.
    pub fn needs(&self) -> Result<Needs, RequestError> {
        let need = |right: Right, kind: Option<&str>, id: Option<&str>| {
            Needs::All(vec![Need { right, resource_type: kind.map(Into::into), id: id.map(Into::into) }])
        };
        Ok(match Route::of(self).map_err(|refusal| refusal.error)? {
            Route::Capabilities => Needs::All(Vec::new()),
            Route::Read { kind, id } | Route::ReadVersion { kind, id, .. } => need(Right::Read, Some(&kind), Some(&id)),
            Route::History { kind, id: Some(id) } => need(Right::Read, kind.as_deref(), Some(&id)),
            Route::History { kind, id: None } => need(Right::Search, kind.as_deref(), None),
            Route::Search { kind: Some(kind), .. } => need(Right::Search, Some(&kind), None),
            Route::Search { kind: None, .. } => Needs::All(self.of_types(&[Right::Search])?),
            Route::Everything { .. } => Needs::All(self.of_types(&[Right::Read, Right::Search])?),
            Route::Batch => {
                let batch = batch::parse(self).map_err(|refusal| refusal.error)?;
                let each =
                    batch.entries.into_iter().map(|entry| match entry.map_err(|refusal| refusal.error)?.needs()? {
                        Needs::All(all) => Ok(all),
                        Needs::Each(_) => Err(RequestError::ReadOnly),
                    });
                if batch.atomic {
                    Needs::All(each.collect::<Result<Vec<_>, _>>()?.concat())
                } else {
                    Needs::Each(each.collect())
                }
            }
        })
    }

    /// The types that `_type` names, in the query, a form or a Parameters resource.
    fn of_types(&self, rights: &[Right]) -> Result<Vec<Need>, RequestError> {
        let mut pairs = form::pairs(&self.query).map_err(|refusal| refusal.error)?;
        if let Ok(text) = std::str::from_utf8(&self.body) {
            if let Ok(Value::Object(body)) = serde_json::from_str::<Value>(text) {
                let parameters = body.get("parameter").and_then(Value::as_array).into_iter().flatten();
                pairs.extend(parameters.filter_map(|one| {
                    let value = one.as_object()?.iter().find(|(name, _)| name.starts_with("value"))?.1;
                    Some((one.get("name")?.as_str()?.to_owned(), value.as_str()?.to_owned()))
                }));
            } else if let Ok(form) = form::pairs(text) {
                pairs.extend(form);
            }
        }
        let named = pairs.iter().filter(|(name, _)| name == "_type").flat_map(|(_, value)| value.split(','));
        let mut kinds: Vec<Option<Box<str>>> = named.map(|kind| Some(kind.into())).collect();
        if kinds.is_empty() {
            kinds.push(None);
        }
        let each = |kind: Option<Box<str>>| {
            rights.iter().map(move |right| Need { right: *right, resource_type: kind.clone(), id: None })
        };
        Ok(kinds.into_iter().flat_map(each).collect())
    }
}
