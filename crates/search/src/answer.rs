//! From a request to its answer.

use jiff::Timestamp;
use serde_json::Value;

use crate::controls::Shape;
use crate::engine::Engine;
use crate::error::{Refusal, RequestError};
use crate::form;
use crate::message::{Method, Request, Response};
use crate::route::Route;
use crate::search::{self, Field};

impl Engine {
    /// Answers a request. `now` is what "approximately" is measured from.
    pub fn answer(&self, request: &Request, now: Timestamp) -> Response {
        self.answer_where(request, now, |_| true)
    }

    /// Answers a request as far as `may` allows it, which is asked of the request itself or, of a batch, of each entry:
    /// what it refuses is answered with 403 and no word about resources. In a transaction one refusal refuses all.
    pub fn answer_where(&self, request: &Request, now: Timestamp, may: impl Fn(&Request) -> bool) -> Response {
        let mut response = self.routed(request, now, &may).unwrap_or_else(Response::from);
        if wants_pretty(request) {
            pretty(&mut response);
        }
        if request.method == Method::Head {
            response.body.clear();
        }
        response
    }

    fn routed(&self, request: &Request, now: Timestamp, may: &dyn Fn(&Request) -> bool) -> Result<Response, Refusal> {
        let route = Route::of(request)?;
        if route == Route::Batch {
            return self.batch(request, now, may);
        }
        if !may(request) {
            return Err(RequestError::Forbidden.into());
        }
        match &route {
            Route::Capabilities => Shape::read(request, form::pairs(&request.query)?).map(|_| self.capabilities()),
            Route::Read { kind, id } => self.read(request, kind, id, &shape(request)?),
            Route::ReadVersion { kind, id, version } => self.read_version(kind, id, version, &shape(request)?),
            Route::Search { kind, patient } => {
                let field = Field { kind: kind.as_deref(), patient: patient.as_deref() };
                self.answer_search(request, field, now)
            }
            Route::History { kind, id } => self.history(request, kind.as_deref(), id.as_deref()),
            Route::Everything { patient } => self.everything(request, patient.as_deref()),
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
