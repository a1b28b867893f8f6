//! The protection API for other resource servers (UMA 2.0 Federated Authorization §3 and §4).

use std::sync::Arc;

use authz::{OAuthError, Protector, Step};
use axum::response::Response;
use http::{Method, StatusCode};
use serde_json::json;

use super::created;
use crate::endpoint::Endpoint;
use crate::house::{Asked, Ends, House, ok};
use crate::owner::Owner;
use crate::refusal::Refusal;
use crate::{fhir, reply};

pub(super) async fn answer<O: Owner>(house: &House<O>, asked: Asked) -> Result<Response, Ends> {
    let (method, body) = (asked.method.clone(), asked.body.clone());
    match asked.endpoint.clone() {
        Endpoint::Permission => {
            let ticket = protected(house, &asked, move |step, who| step.ticket_there(who, &body)).await?;
            Ok(reply::json(StatusCode::CREATED, &json!({ "ticket": ticket.expose() })))
        }
        Endpoint::Resources if method == Method::GET => {
            Ok(ok(&protected(house, &asked, |step, who| Ok(step.resources(who))).await?))
        }
        Endpoint::Resources => {
            let (id, said) = protected(house, &asked, move |step, who| step.add_resource(who, &body)).await?;
            Ok(created(&said, &format!("{}/rsrc/{id}", house.base)))
        }
        Endpoint::Resource(id) if method == Method::GET => {
            Ok(ok(&protected(house, &asked, move |step, who| step.resource(who, &id)).await?))
        }
        Endpoint::Resource(id) if method == Method::PUT => {
            Ok(ok(&protected(house, &asked, move |step, who| step.replace_resource(who, &id, &body)).await?))
        }
        Endpoint::Resource(id) => {
            protected(house, &asked, move |step, who| step.remove_resource(who, &id)).await?;
            Ok(reply::empty(StatusCode::NO_CONTENT))
        }
        _ => Err(Refusal::NotFound.into()),
    }
}

/// Does what only a resource server with its protection token may.
async fn protected<O: Owner, T: Send + 'static>(
    house: &House<O>,
    asked: &Asked,
    work: impl Fn(&mut Step<'_>, &Protector) -> Result<T, OAuthError> + Clone + Send + 'static,
) -> Result<T, Ends> {
    let presented = Arc::new(fhir::presented(&house.base, asked));
    house
        .step(move |step| {
            let who = step.protector(&presented)?;
            Ok(work(step, &who)?)
        })
        .await
}
