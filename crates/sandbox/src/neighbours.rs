//! The neighbours: four small programs of others, who ask the wallet's owner for something.
//!
//! A daughter's app (SMART standalone launch), a study (backend services), a hospital that lets the owner's own
//! authorization server decide (UMA federation, introspection), and a gateway that trusts what that server signed. They
//! know of a wallet what its documents say, keep nothing when they end, and show in a page what they were given and
//! what they were refused.

mod daughter;
mod federated;
mod known;
mod study;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::http::{Response, StatusCode};
use axum::routing::{get, post};
use crypto::b64u;
use url::form_urlencoded;

use crate::page::{escape, page};
use crate::reply;
use crate::world::World;

use known::{Known, Trouble};

/// What the four share.
#[derive(Debug)]
pub(crate) struct Neighbours {
    world: Arc<World>,
    /// Where these programs listen.
    own: String,
    /// As whom a program is registered at a wallet: by program and FHIR address.
    registered: Mutex<HashMap<(Program, String), Known>>,
    launches: Mutex<HashMap<String, daughter::Launch>>,
    joined: Mutex<HashMap<Program, federated::Joined>>,
}

/// One of the four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Program {
    Daughter,
    Study,
    Hospital,
    Gateway,
}

pub(crate) fn router(world: Arc<World>, own: String) -> Router {
    let neighbours = Arc::new(Neighbours {
        world,
        own,
        registered: Mutex::default(),
        launches: Mutex::default(),
        joined: Mutex::default(),
    });
    Router::new()
        .route("/", get(welcome))
        .route("/daughter", get(daughter::form).post(daughter::ask))
        .route("/daughter/back", get(daughter::back))
        .route("/study", get(study::form).post(study::ask))
        .route("/hospital", get(federated::hospital).post(federated::join_hospital))
        .route("/gateway", get(federated::gateway).post(federated::join_gateway))
        .route("/hospital/fhir/{kind}", get(federated::hospital_search))
        .route("/gateway/fhir/{kind}", get(federated::gateway_search))
        .route("/hospital/fhir", post(federated::closed))
        .route("/gateway/fhir", post(federated::closed))
        .with_state(neighbours)
}

async fn welcome() -> Response<Body> {
    let rows = [
        ("daughter", "Kindred, a daughter's app", "asks for what a caregiver needs, through the browser"),
        ("study", "The Heron study", "asks for results without names, from server to server"),
        ("hospital", "St Brigid's", "keeps results here; your own authorization server says who may read them"),
        ("gateway", "A gateway", "the same, but trusts what your authorization server has signed"),
    ];
    let rows: String =
        rows.iter().map(|(path, name, what)| format!("<li><a href=\"/{path}\">{name}</a>: {what}.</li>")).collect();
    reply::html(StatusCode::OK, page("Neighbours", &format!("<h1>Neighbours</h1><ul>{rows}</ul>")))
}

impl Neighbours {
    fn registered(&self) -> MutexGuard<'_, HashMap<(Program, String), Known>> {
        self.registered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn launches(&self) -> MutexGuard<'_, HashMap<String, daughter::Launch>> {
        self.launches.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn joined(&self) -> MutexGuard<'_, HashMap<Program, federated::Joined>> {
        self.joined.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A form that asks for the wallet's address, and whatever else stands in `more`.
fn ask_form(title: &str, words: &str, action: &str, more: &str, button: &str) -> String {
    page(
        title,
        &format!(
            "<h1>{title}</h1><p>{words}</p><form method=\"post\" action=\"{action}\">\
             <label for=\"wallet\">FHIR address of the wallet</label>\
             <input type=\"text\" id=\"wallet\" name=\"wallet\" required value=\"http://127.0.0.1:8731/fhir\">{more}\
             <button type=\"submit\" id=\"ask\">{button}</button></form>"
        ),
    )
}

/// A page that tells what went wrong.
fn told(trouble: &Trouble) -> Response<Body> {
    let words =
        format!("<h1>That did not work</h1><p class=\"wrong\" role=\"alert\">{}</p>", escape(&trouble.to_string()));
    reply::html(StatusCode::BAD_GATEWAY, page("That did not work", &words))
}

/// A value of a form.
fn value(form: &[u8], name: &str) -> Option<String> {
    let found = form_urlencoded::parse(form).find(|(own, _)| own == name);
    found.map(|(_, value)| value.into_owned()).filter(|value| !value.is_empty())
}

/// 256 random bits as text.
fn secret() -> Result<String, Trouble> {
    crypto::random::<32>().map(|bytes| b64u::encode(&bytes)).map_err(|_| Trouble::NoRandomness)
}
