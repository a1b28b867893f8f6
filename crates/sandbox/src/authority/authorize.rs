use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Form, RawQuery, State};
use axum::http::{Response, StatusCode};
use jiff::SignedDuration;
use url::{Url, form_urlencoded};

use crate::people::System;
use crate::reply;
use crate::scope::Scopes;
use crate::world::{Choice, World};

use super::flow::{Flow, Request, Stage};
use super::ledger::{Code, Grant};
use super::pages::{self, Hidden};
use super::secret;

const CODE_SECONDS: i64 = 60;

fn field<'a>(fields: &'a [(String, String)], name: &str) -> Option<&'a str> {
    fields.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
}

pub(super) async fn begin(State(world): State<Arc<World>>, RawQuery(query): RawQuery) -> Response<Body> {
    let fields: Vec<(String, String)> =
        form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect();
    start(&world, &fields)
}

pub(super) async fn begin_by_post(
    State(world): State<Arc<World>>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response<Body> {
    start(&world, &fields)
}

/// Checks the request (RFC 6749, section 4.1.1) and shows the sign-in page. An unknown client or redirect address is told
/// to the person alone; everything else goes back to the client.
fn start(world: &World, fields: &[(String, String)]) -> Response<Body> {
    let stop = |words| reply::html(StatusCode::BAD_REQUEST, pages::stop(words));
    let client = field(fields, "client_id").and_then(|id| world.authority.clients().find(id));
    let Some(client) = client else { return stop("The program that sent you here is not known.") };
    let redirect = field(fields, "redirect_uri").filter(|redirect| client.allows(redirect));
    let Some(redirect) = redirect else { return stop("The address to return to is not registered for this program.") };
    let state = field(fields, "state");
    let back = |error, words| go_back(world, redirect, state, &[("error", error), ("error_description", words)]);
    if let Some((name, _)) = fields
        .iter()
        .enumerate()
        .find_map(|(at, pair)| fields.iter().skip(at + 1).any(|other| other.0 == pair.0).then_some(pair))
    {
        tracing::debug!(parameter = name, "a parameter came twice");
        return back("invalid_request", "a parameter came twice");
    }
    if field(fields, "response_type") != Some("code") {
        return back("unsupported_response_type", "response_type must be code");
    }
    let challenge = field(fields, "code_challenge").filter(|challenge| challenge.len() == 43);
    let (Some(challenge), Some("S256")) = (challenge, field(fields, "code_challenge_method")) else {
        return back("invalid_request", "PKCE with S256 is required");
    };
    let aud = field(fields, "aud").or_else(|| field(fields, "resource")).map(|aud| aud.trim_end_matches('/'));
    let system = System::ALL.into_iter().find(|system| Some(world.addresses.fhir(*system)) == aud);
    let Some(system) = system else { return back("invalid_request", "aud is not one of the FHIR servers here") };
    if state.is_none_or(|state| state.len() < 8) {
        return back("invalid_request", "state is required and must not be guessable");
    }
    let scopes = Scopes::parse(field(fields, "scope").unwrap_or(""));
    if scopes.data.is_empty() {
        return back("invalid_scope", "no scope that patients can grant");
    }
    let request = Request {
        client: client.id.clone(),
        client_name: client.name.clone(),
        redirect: redirect.to_owned(),
        state: state.map(str::to_owned),
        nonce: field(fields, "nonce").map(str::to_owned),
        challenge: challenge.to_owned(),
        scopes,
        system,
    };
    let (Ok(id), Ok(csrf)) = (secret(), secret()) else { return back("server_error", "no randomness") };
    let page = pages::sign_in(&request, &Hidden { flow: &id, csrf: &csrf }, None);
    world.authority.flows().begin(id, csrf, request, world.clock.now());
    reply::html(StatusCode::OK, page)
}

/// Back to the client: state and iss always go along (RFC 9207).
fn go_back(world: &World, redirect: &str, state: Option<&str>, more: &[(&str, &str)]) -> Response<Body> {
    let Ok(mut url) = Url::parse(redirect) else {
        return reply::html(StatusCode::BAD_REQUEST, pages::stop("The address to return to does not read."));
    };
    let strikes = |name| world.faults.strikes(name, None).is_some();
    {
        let mut query = url.query_pairs_mut();
        query.extend_pairs(more);
        if let Some(state) = state.filter(|_| !strikes("no-state")) {
            query.append_pair("state", if strikes("wrong-state") { "another-state" } else { state });
        }
        if !strikes("no-iss") {
            let iss = if strikes("wrong-iss") { "https://elsewhere.example" } else { &world.addresses.authority };
            query.append_pair("iss", iss);
        }
    }
    reply::redirect(url.as_str())
}

/// The flow a form belongs to, with its id.
fn taken(world: &World, fields: &[(String, String)]) -> Result<(String, Flow), Box<Response<Body>>> {
    let (id, csrf) = (field(fields, "flow").unwrap_or(""), field(fields, "csrf").unwrap_or(""));
    let flow = world.authority.flows().take(id, csrf, world.clock.now());
    let words = "This page is too old, or was not the last one. Start again in the program that sent you.";
    flow.map(|flow| (id.to_owned(), flow))
        .ok_or_else(|| Box::new(reply::html(StatusCode::BAD_REQUEST, pages::stop(words))))
}

/// Keeps the flow at a stage and shows the page made for it.
fn show(
    world: &World,
    id: String,
    mut flow: Flow,
    stage: Stage,
    page: impl Fn(&Request, &Hidden<'_>) -> String,
) -> Response<Body> {
    let Ok(csrf) = secret() else {
        return reply::html(StatusCode::INTERNAL_SERVER_ERROR, pages::stop("No randomness."));
    };
    flow.csrf.clone_from(&csrf);
    flow.stage = stage;
    let page = page(&flow.request, &Hidden { flow: &id, csrf: &csrf });
    world.authority.flows().put(id, flow);
    reply::html(StatusCode::OK, page)
}

pub(super) async fn sign_in(
    State(world): State<Arc<World>>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response<Body> {
    let (id, flow) = match taken(&world, &fields) {
        Ok(taken) => taken,
        Err(response) => return *response,
    };
    let username = field(&fields, "username").unwrap_or("").trim().to_lowercase();
    let password = field(&fields, "password").unwrap_or("");
    let login = world.logins.iter().position(|login| {
        login.username == username && crypto::constant_time_eq(login.password.as_bytes(), password.as_bytes())
    });
    let (Some(at), Stage::SigningIn) = (login, flow.stage) else {
        let wrong = "The user name or the password is not right.";
        return show(&world, id, flow, Stage::SigningIn, |request, hidden| {
            pages::sign_in(request, hidden, Some(wrong))
        });
    };
    let people = choices(&world, at, flow.request.system);
    match people.as_slice() {
        [] => {
            let wrong = "There is no record here that you may use.";
            show(&world, id, flow, Stage::SigningIn, |request, hidden| pages::sign_in(request, hidden, Some(wrong)))
        }
        // One's own record alone needs no choice.
        [(only, choice)] => {
            let stage = Stage::Approving(at, *only);
            show(&world, id, flow, stage, |request, hidden| pages::approve(request, hidden, choice))
        }
        _ => show(&world, id, flow, Stage::Choosing(at), |request, hidden| pages::choose(request, hidden, &people)),
    }
}

/// Whose records a login may use in a system, with their positions.
fn choices(world: &World, login: usize, system: System) -> Vec<(usize, &Choice)> {
    let people = world.logins.get(login).map_or(&[][..], |login| login.people.as_slice());
    people.iter().enumerate().filter(|(_, choice)| choice.patient(system).is_some()).collect()
}

pub(super) async fn choose(
    State(world): State<Arc<World>>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response<Body> {
    let (id, flow) = match taken(&world, &fields) {
        Ok(taken) => taken,
        Err(response) => return *response,
    };
    let Stage::Choosing(login) = flow.stage else {
        return reply::html(StatusCode::BAD_REQUEST, pages::stop("Sign in first."));
    };
    let people = choices(&world, login, flow.request.system);
    let wanted = field(&fields, "person").and_then(|text| text.parse::<usize>().ok());
    match people.iter().find(|(at, _)| Some(*at) == wanted) {
        Some((at, choice)) => show(&world, id, flow, Stage::Approving(login, *at), |request, hidden| {
            pages::approve(request, hidden, choice)
        }),
        None => {
            show(&world, id, flow, Stage::Choosing(login), |request, hidden| pages::choose(request, hidden, &people))
        }
    }
}

pub(super) async fn approve(
    State(world): State<Arc<World>>,
    Form(fields): Form<Vec<(String, String)>>,
) -> Response<Body> {
    let (_, flow) = match taken(&world, &fields) {
        Ok(taken) => taken,
        Err(response) => return *response,
    };
    let Stage::Approving(login, person) = flow.stage else {
        return reply::html(StatusCode::BAD_REQUEST, pages::stop("Sign in first."));
    };
    let Request { redirect, state, .. } = &flow.request;
    let denied = world.faults.strikes("denied", None).is_some();
    if field(&fields, "decision") != Some("allow") || denied {
        return go_back(&world, redirect, state.as_deref(), &[("error", "access_denied")]);
    }
    let mut scopes = flow.request.scopes.clone();
    if field(&fields, "narrow").is_some() {
        let kept: Vec<&str> =
            fields.iter().filter(|(name, _)| name == "scope").map(|(_, value)| value.as_str()).collect();
        scopes.data.retain(|scope| kept.contains(&scope.text()));
    }
    if world.faults.strikes("fewer-scopes", None).is_some() {
        scopes.data = Scopes::parse("patient/Patient.rs patient/Patient.read").data;
    }
    match issue_code(&world, &flow.request, scopes, (login, person)) {
        Some(code) => go_back(&world, redirect, state.as_deref(), &[("code", &code)]),
        None => go_back(&world, redirect, state.as_deref(), &[("error", "server_error")]),
    }
}

fn issue_code(world: &World, request: &Request, scopes: Scopes, (login, person): (usize, usize)) -> Option<String> {
    let login = world.logins.get(login)?;
    let patient = login.people.get(person)?.patient(request.system)?.to_owned();
    let own = login.people.iter().find(|choice| choice.relation == "self")?;
    let fhir_user = match own.patient(request.system) {
        Some(id) => format!("{}/Patient/{id}", world.addresses.fhir(request.system)),
        None => format!("{}/Person/{}", world.addresses.authority, login.username),
    };
    let code = secret().ok()?;
    let expires = world.clock.now().checked_add(SignedDuration::from_secs(CODE_SECONDS)).ok()?;
    let mut ledger = world.authority.ledger();
    let grant = ledger.open(Grant {
        client: request.client.clone(),
        username: login.username.clone(),
        fhir_user,
        system: request.system,
        patient,
        scopes,
        nonce: request.nonce.clone(),
        ended: false,
    });
    let (redirect, challenge) = (request.redirect.clone(), request.challenge.clone());
    ledger.put_code(&code, Code { grant, redirect, challenge, expires, used: false });
    Some(code)
}
