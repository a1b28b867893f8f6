//! The authorization server, as far as it is HTTP: documents, registration, tokens, federation.

mod basic;
mod federation;

use std::sync::Arc;

use authz::{ErrorCode, Form, OAuthError, Presented, Step, Stop};
use axum::response::Response;
use http::header::{HeaderName, LOCATION};
use http::{Method, StatusCode};
use serde_json::Value;
use types::nests_within;

use crate::endpoint::{Endpoint, Media};
use crate::house::{Asked, Ends, House, ok};
use crate::owner::Owner;
use crate::refusal::Refusal;
use crate::{fhir, reply};
use basic::Basic;

pub(crate) async fn answer<O: Owner>(house: &House<O>, asked: Asked) -> Result<Response, Ends> {
    if asked.endpoint.media() == Media::Json && !nests_within(&asked.body, house.limits.json_depth) {
        return Err(Refusal::Json.into());
    }
    match &asked.endpoint {
        Endpoint::ServerMetadata => published(house, |step| step.setting.oauth_metadata()).await,
        Endpoint::UmaMetadata => {
            let document = house.owner.step(|step| step.setting.uma2_configuration()).await.map_err(Refusal::from)?;
            Ok(ok(&document.ok_or(Refusal::NotFound)?))
        }
        Endpoint::SmartConfiguration => published(house, |step| step.setting.smart_configuration()).await,
        Endpoint::Jwks => published(house, |step| step.setting.keys.published()).await,
        Endpoint::Register => {
            let body = asked.body;
            let registered = house.step(move |step| step.register(&body)).await?;
            Ok(reply::json(StatusCode::CREATED, &registered))
        }
        Endpoint::Registration(_) => registration(house, asked).await,
        Endpoint::Push => {
            let pushed = as_client(house, &asked, |step, client, form| step.push(client, form)).await?;
            Ok(reply::json(StatusCode::CREATED, &pushed))
        }
        Endpoint::Token => token(house, asked).await,
        Endpoint::Introspect => {
            let form = form(&asked)?;
            let said = if basic::is_token(&asked.headers) {
                let presented = Arc::new(fhir::presented(&house.base, &asked));
                house.step(move |step| introspected_by_protector(step, &presented, &form)).await?
            } else {
                as_client(house, &asked, |step, client, form| Ok(step.introspect(client, form)?)).await?
            };
            Ok(ok(&said))
        }
        Endpoint::Revoke => {
            as_client(house, &asked, |step, client, form| Ok(step.revoke(client, form)?)).await?;
            Ok(reply::empty(StatusCode::OK))
        }
        Endpoint::Mandates => {
            let form = form(&asked)?;
            let news = house.step(move |step| step.mandates(&form)).await?;
            let signed = house.owner.vouch(news).await.map_err(Refusal::from)?;
            let nothing = || OAuthError::new(ErrorCode::InvalidToken, "the message proves nothing here");
            Ok(ok(&serde_json::json!({ "news": signed.ok_or_else(nothing).map_err(Ends::OAuth)? })))
        }
        _ => federation::answer(house, asked).await,
    }
}

/// For a resource server that shows its protection token (UMA 2.0 Federated Authorization §5).
fn introspected_by_protector(step: &mut Step<'_>, presented: &Presented, form: &Form) -> Result<Value, Stop> {
    let who = step.protector(presented)?;
    let unknown = || OAuthError::new(ErrorCode::InvalidToken, "the token is not good here");
    let client = step.ledger.clients.find(who.server().as_str()).cloned().ok_or_else(unknown)?;
    Ok(step.introspect(&client, form)?)
}

/// A document that says the same to everybody.
async fn published<O: Owner>(
    house: &House<O>,
    document: impl FnOnce(&mut Step<'_>) -> Value + Send + 'static,
) -> Result<Response, Ends> {
    Ok(ok(&house.owner.step(document).await.map_err(Refusal::from)?))
}

/// RFC 7592, with the registration access token.
async fn registration<O: Owner>(house: &House<O>, asked: Asked) -> Result<Response, Ends> {
    let Endpoint::Registration(id) = asked.endpoint.clone() else { return Err(Refusal::NotFound.into()) };
    let token = basic::bearer(&asked.headers)?;
    if asked.method == Method::DELETE {
        house.step(move |step| Ok(step.unregister(&id, &token)?)).await?;
        return Ok(reply::empty(StatusCode::NO_CONTENT));
    }
    Ok(ok(&house.step(move |step| Ok(step.client_of(&id, &token)?)).await?))
}

async fn token<O: Owner>(house: &House<O>, asked: Asked) -> Result<Response, Ends> {
    let (form, basic) = (form(&asked)?, Basic::of(&asked.headers)?);
    let proof = fhir::presented(&house.base, &asked);
    let (dpop, url) = (proof.dpop, proof.url);
    let dpop = Arc::new(dpop);
    let issued = house
        .step(move |step| {
            let proof = dpop.as_ref().as_ref().map(|proof| step.dpop(proof.expose(), "POST", &url)).transpose()?;
            step.token(&form, basic.as_ref().map(Basic::pair), proof)
        })
        .await;
    let (status, body) = match issued {
        Ok(issued) => (StatusCode::OK, issued.body()),
        Err(Ends::OAuth(error)) if error.code == ErrorCode::UseDpopNonce => {
            // RFC 9449 §8: the nonce that the next proof needs.
            let nonce = house.owner.step(|step| step.setting.dpop_nonce(step.now)).await.map_err(Refusal::from)?;
            let mut response = reply::oauth(&error);
            reply::put(&mut response, HeaderName::from_static("dpop-nonce"), &nonce);
            return Ok(response);
        }
        Err(ends) => return Err(ends),
    };
    Ok(reply::json(status, &body))
}

/// Does what only a client that has proven itself may.
async fn as_client<O: Owner, T: Send + 'static>(
    house: &House<O>,
    asked: &Asked,
    work: impl Fn(&mut Step<'_>, &authz::Client, &Form) -> Result<T, Stop> + Clone + Send + 'static,
) -> Result<T, Ends> {
    let (form, basic) = (form(asked)?, Basic::of(&asked.headers)?);
    house
        .step(move |step| {
            let client = step.authenticate(&form, basic.as_ref().map(Basic::pair))?;
            work(step, &client, &form)
        })
        .await
}

fn form(asked: &Asked) -> Result<Form, Ends> {
    let text = std::str::from_utf8(&asked.body).map_err(|_| Refusal::Broken)?;
    Ok(Form::parse(text)?)
}

/// 201 with the address of what was made.
fn created(body: &Value, at: &str) -> Response {
    let mut response = reply::json(StatusCode::CREATED, body);
    reply::put(&mut response, LOCATION, at);
    response
}
