//! The FHIR server, as far as it is HTTP: requests go to the owner, who answers from the view of what was presented.

mod challenge;
mod export;
mod statement;

use authz::Presented;
use axum::body::Body;
use axum::response::Response as HttpResponse;
use http::header::{AUTHORIZATION, HeaderValue};
use http::{HeaderMap, HeaderName, Method as HttpMethod, StatusCode};
use search::{Method, Request, RequestError, Response};
use types::{Secret, nests_within};

use crate::endpoint::Endpoint;
use crate::house::{Asked, Ends, House};
use crate::owner::{AnswerError, Offer, Owner};
use crate::refusal::Refusal;
use crate::reply;
pub(crate) use statement::Statement;

/// Headers that the engine reads.
const HEARD: [&str; 6] = ["accept", "content-type", "prefer", "if-none-match", "if-modified-since", "if-none-exist"];

pub(crate) async fn answer<O: Owner>(house: &House<O>, asked: Asked) -> Result<HttpResponse, Ends> {
    let path = match &asked.endpoint {
        Endpoint::Fhir(path) => path,
        Endpoint::Export(_) => return export::answer(house, &asked).await,
        _ => return statement::answer(house, &asked).await,
    };
    if is_json(&asked) && !nests_within(&asked.body, house.limits.json_depth) {
        return Err(Refusal::Json.into());
    }
    if let Some(of) = export::kick_off(path) {
        return export::begin(house, &asked, of).await;
    }
    let presented = presented(&house.base, &asked);
    let request = request(path, &asked)?;
    let (without, peer) = (presented.authorization.is_empty(), asked.peer);
    if is_create(&request) {
        let permissions = challenge::to_create(&request.path);
        let offered = offer(house, presented, &request, asked).await?;
        return match offered {
            Ok(()) => {
                let text = "kept for the owner of the record to look at";
                Ok(reply::outcome(StatusCode::ACCEPTED, "information", "informational", text))
            }
            Err(error) => challenge::refused(house, error, permissions, peer, without).await,
        };
    }
    let permissions = challenge::to_answer(&request);
    match house.owner.answer(presented, request).await {
        Ok(answer) if answer.status == 403 => challenge::forbidden(house, http(answer), permissions, peer).await,
        Ok(answer) => Ok(http(answer)),
        Err(error) => challenge::refused(house, error, permissions, peer, without).await,
    }
}

/// What the request brought along.
pub(crate) fn presented(base: &str, asked: &Asked) -> Presented {
    let secret = |value: &HeaderValue| value.to_str().ok().map(|text| Secret::new(text.to_owned()));
    Presented {
        // A header that is no text is kept as one that opens nothing: it is not left out.
        authorization: asked
            .headers
            .get_all(AUTHORIZATION)
            .iter()
            .map(|value| secret(value).unwrap_or_else(|| Secret::new(String::new())))
            .collect(),
        dpop: asked.headers.get("dpop").and_then(secret),
        method: asked.method.as_str().to_owned(),
        url: format!("{base}{}", asked.path),
    }
}

fn request(path: &str, asked: &Asked) -> Result<Request, Refusal> {
    let method = match asked.method {
        HttpMethod::GET => Method::Get,
        HttpMethod::HEAD => Method::Head,
        HttpMethod::POST => Method::Post,
        _ => return Err(Refusal::Method(asked.endpoint.methods())),
    };
    if method != Method::Post && !asked.body.is_empty() {
        return Err(Refusal::MediaType);
    }
    Ok(Request {
        method,
        path: path.to_owned(),
        query: asked.query.clone(),
        headers: heard(&asked.headers),
        body: asked.body.clone(),
    })
}

fn heard(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |name: &str| Some((name.to_owned(), headers.get(name)?.to_str().ok()?.to_owned()));
    HEARD.into_iter().filter_map(text).collect()
}

fn is_json(asked: &Asked) -> bool {
    asked.headers.get("content-type").and_then(|value| value.to_str().ok()).is_some_and(|media| media.contains("json"))
}

/// `POST Type`: the engine knows the type, and does not take this method there.
fn is_create(request: &Request) -> bool {
    let one = !request.path.is_empty() && !request.path.contains(['/', '$', '_', '%']);
    one && request.method == Method::Post && matches!(request.needs(), Err(RequestError::Method))
}

/// Puts what was sent into the owner's inbox.
async fn offer<O: Owner>(
    house: &House<O>,
    presented: Presented,
    request: &Request,
    asked: Asked,
) -> Result<Result<(), AnswerError>, Refusal> {
    if !is_json(&asked) || !asked.query.is_empty() || asked.headers.contains_key("if-none-exist") {
        return Err(Refusal::MediaType);
    }
    let resource: serde_json::Value = serde_json::from_slice(&asked.body).map_err(|_| Refusal::Json)?;
    if resource.get("resourceType").and_then(|kind| kind.as_str()) != Some(request.path.as_str()) {
        return Err(Refusal::Json);
    }
    let offer = Offer { resource_type: request.path.clone(), json: asked.body };
    Ok(house.owner.offered(presented, offer).await)
}

/// The engine's answer as it travels.
fn http(answer: Response) -> HttpResponse {
    let mut response = HttpResponse::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    for (name, value) in answer.headers {
        reply::put(&mut response, HeaderName::from_static(name), &value);
    }
    response
}
