//! What a request touches, for whoever judges rights before the engine sees it. The engine itself knows no rights.

use crate::batch;
use crate::error::RequestError;
use crate::everything;
use crate::message::Request;
use crate::route::Route;
use crate::search;

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
            Route::Search { kind: None, .. } => {
                let asked = search::asked(self).map_err(|refusal| refusal.error)?;
                Needs::All(self.of_types(asked, &[Right::Search]))
            }
            Route::Everything { .. } => {
                let asked = everything::parameters(self).map_err(|refusal| refusal.error)?;
                Needs::All(self.of_types(asked, &[Right::Read, Right::Search]))
            }
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

    /// The types that `_type` names, as the engine reads it: where the two could read one request in two ways, it would
    /// be allowed as the one and answered as the other.
    fn of_types(&self, asked: Vec<(String, String)>, rights: &[Right]) -> Vec<Need> {
        let named = asked.iter().filter(|(name, _)| name == "_type").flat_map(|(_, value)| value.split(','));
        let mut kinds: Vec<Option<Box<str>>> = named.map(|kind| Some(kind.into())).collect();
        if kinds.is_empty() {
            kinds.push(None);
        }
        let each = |kind: Option<Box<str>>| {
            rights.iter().map(move |right| Need { right: *right, resource_type: kind.clone(), id: None })
        };
        kinds.into_iter().flat_map(each).collect()
    }
}
