//! The two FHIR servers (R4, JSON, read only). Fenwick Valley answers from its own store and asks the authorization
//! server about every token; Larkspur reads signed tokens by itself and fetches from an older system.

mod bridge;
mod bundle;
mod capability;
mod door;
mod locator;
mod mischief;
mod operation;
mod page;
mod read;
mod search;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{Response, StatusCode};
use axum::routing::{get, post};
use serde_json::json;

pub(crate) use locator::listed_elsewhere;
pub(crate) use page::Pages;

use crate::authority::smart_configuration;
use crate::people::System;
use crate::reply;
use crate::world::World;

/// One FHIR server.
#[derive(Debug, Clone)]
pub(crate) struct Server {
    world: Arc<World>,
    system: System,
}

impl Server {
    fn base(&self) -> &str {
        self.world.addresses.fhir(self.system)
    }

    fn strikes(&self, fault: &str) -> Option<crate::faults::Strike> {
        self.world.faults.strikes(fault, Some(self.system))
    }
}

pub(crate) fn router(world: Arc<World>, system: System) -> Router {
    let server = Server { world, system };
    let data = Router::new()
        .route("/", get(search::next))
        .route("/{kind}", get(search::by_get))
        .route("/{kind}/_search", post(search::by_post))
        .route("/{kind}/{id}", get(read::read))
        .route("/DocumentReference/$docref", get(search::docref).post(search::docref))
        .route("/Patient/{id}/$health-cards-issue", post(operation::issue_cards))
        .fallback(|| async { reply::outcome(StatusCode::NOT_FOUND, "not-found", "there is nothing at this address") })
        .layer(axum::middleware::from_fn_with_state(server.clone(), mischief::around));
    Router::new()
        .nest("/fhir", data)
        .route("/fhir/metadata", get(capability::statement))
        .route("/fhir/.well-known/smart-configuration", get(configuration))
        .route("/.well-known/jwks.json", get(card_keys))
        .route("/.well-known/crl/{file}", get(card_withdrawals))
        .with_state(server)
}

async fn configuration(State(server): State<Server>) -> Response<Body> {
    smart_configuration(&server.world, server.system)
}

async fn card_keys(State(server): State<Server>) -> Response<Body> {
    if server.strikes("no-card-keys").is_some() {
        return reply::json(StatusCode::SERVICE_UNAVAILABLE, &json!({}));
    }
    let keys = server.world.issuer.keys();
    reply::with(reply::json(StatusCode::OK, &keys), axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
}

async fn card_withdrawals(State(server): State<Server>, Path(file): Path<String>) -> Response<Body> {
    match server.world.issuer.withdrawals(file.strip_suffix(".json").unwrap_or("")) {
        Some(list) => {
            reply::with(reply::json(StatusCode::OK, &list), axum::http::header::ACCESS_CONTROL_ALLOW_ORIGIN, "*")
        }
        None => reply::json(StatusCode::NOT_FOUND, &json!({})),
    }
}
