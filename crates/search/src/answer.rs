//! From a request to its answer.

use jiff::Timestamp;
use serde_json::Value;

use crate::controls::Shape;
use crate::engine::Engine;
use crate::error::{Refusal, RequestError};
use crate::form;
use crate::matching::Budget;
use crate::message::{Method, Request, Response};
use crate::route::Route;
use crate::search::{self, Field};

/// What is the same for all entries of a batch.
pub(crate) struct Call<'a> {
    now: Timestamp,
    pub(crate) may: &'a dyn Fn(&Request) -> bool,
    budget: &'a Budget,
}

/// What it costs, for each resource of the view, to walk through all.
const ALL: u64 = 100;

impl Engine {
    /// Answers a request. `now` is what "approximately" is measured from.
    pub fn answer(&self, request: &Request, now: Timestamp) -> Response {
        self.answer_where(request, now, |_| true)
    }

    /// Answers a request as far as `may` allows it, which is asked of the request itself or, of a batch, of each entry:
    /// what it refuses is answered with 403 and no word about resources. In a transaction one refusal refuses all.
    pub fn answer_where(&self, request: &Request, now: Timestamp, may: impl Fn(&Request) -> bool) -> Response {
        let call = Call { now, may: &may, budget: &Budget::default() };
        self.finished(request, &call)
    }

    /// One request, or one entry of a batch.
    pub(crate) fn finished(&self, request: &Request, call: &Call<'_>) -> Response {
        let mut response = self.routed(request, call).unwrap_or_else(Response::from);
        if wants_pretty(request) {
            pretty(&mut response);
        }
        if request.method == Method::Head {
            response.body.clear();
            response.resources.clear();
        }
        response
    }

    fn routed(&self, request: &Request, call: &Call<'_>) -> Result<Response, Refusal> {
        let route = Route::of(request)?;
        if route == Route::Batch {
            return self.batch(request, call);
        }
        if !(call.may)(request) {
            return Err(RequestError::Forbidden.into());
        }
        match &route {
            Route::Capabilities => Shape::read(request, form::pairs(&request.query)?).map(|_| self.capabilities()),
            Route::Read { kind, id } => self.read(request, kind, id, &shape(request)?),
            Route::ReadVersion { kind, id, version } => self.read_version(kind, id, version, &shape(request)?),
            Route::Search { kind, patient } => {
                let field = Field { kind: kind.as_deref(), patient: patient.as_deref() };
                self.answer_search(request, field, call.now, call.budget)
            }
            Route::History { kind, id } => {
                call.budget.spend(self.store.count(), ALL)?;
                self.history(request, kind.as_deref(), id.as_deref())
            }
            Route::Everything { patient } => {
                call.budget.spend(self.store.count(), ALL)?;
                self.everything(request, patient.as_deref())
            }
            Route::Batch => Err(RequestError::UnknownOperation.into()),
        }
    }
}

fn shape(request: &Request) -> Result<Shape, Refusal> {
    Ok(Shape::read(request, search::asked(request)?)?.0)
}

fn wants_pretty(request: &Request) -> bool {
    request.query.contains("_pretty=true")
        && form::pairs(&request.query)
            .is_ok_and(|pairs| pairs.iter().any(|(name, value)| name == "_pretty" && value == "true"))
}

fn pretty(response: &mut Response) {
    if let Ok(value) = serde_json::from_slice::<Value>(&response.body) {
        response.body = format!("{value:#}").into_bytes();
    }
}
