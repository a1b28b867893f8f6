//! The Heron study: backend services (SMART App Launch 2.2), with a key of its own and nobody at a keyboard.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{Response, StatusCode};

use crate::page::{escape, page};
use crate::reply;

use super::daughter::section;
use super::known::{Trouble, text};
use super::{Neighbours, Program, ask_form, told, value};

/// What it asks for.
pub(super) const SCOPE: &str = "system/Observation.rs system/Condition.rs";

pub(super) async fn form() -> Response<Body> {
    let words = "The Heron study counts results of many people. It asks each owner once, and comes back later.";
    reply::html(StatusCode::OK, ask_form("The Heron study", words, "/study", "", "Ask, or look again"))
}

pub(super) async fn ask(State(own): State<Arc<Neighbours>>, body: Bytes) -> Response<Body> {
    match look(&own, &value(&body, "wallet").unwrap_or_default()).await {
        Ok(main) => reply::html(StatusCode::OK, page("The Heron study", &main)),
        Err(trouble) => told(&trouble),
    }
}

async fn look(own: &Neighbours, wallet: &str) -> Result<String, Trouble> {
    let known = own.known(Program::Study, wallet).await?;
    let tokens = own.own_token(&known, SCOPE).await?;
    if tokens.status != 200 {
        let said = escape(&tokens.refusal());
        return Ok(format!(
            "<h1>Not yet</h1><p id=\"waiting\">The wallet answered {said}. The owner decides; look again later.</p>"
        ));
    }
    let token = text(&tokens.body, "access_token")?;
    let mut main = "<h1>What the study was given</h1>".to_owned();
    for query in ["Observation?_count=5", "Condition?_count=5", "Patient?_count=5"] {
        let answer = own.read(&format!("{}/{query}", known.fhir), Some(token)).await?;
        main.push_str(&section(query, &answer));
    }
    Ok(main)
}
